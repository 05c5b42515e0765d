//! Checking proofs: RFC 6962 sections 2.1.1 and 2.1.2, by `tlog_tiles`.
//!
//! Its checker is a port of the one that guards Go's module downloads. It does not judge the empty
//! tree, and it says only "invalid"; both are added here.

use tlog_tiles::tlog;

use crate::hash::empty_root;
use crate::tree::within_limit;
use crate::{Error, Hash};

/// Does `proof` show that the tree of `size` records with this `root` has `leaf` at `index`?
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    root: &Hash,
    proof: &[Hash],
) -> Result<(), Error> {
    within_limit(size)?;
    if index >= size {
        return Err(Error::NoSuchRecord { index, size });
    }
    tlog::check_record(&theirs(proof), size, tlog::Hash(root.0), index, tlog::Hash(leaf.0))
        .map_err(|_| Error::NotIncluded { index, size })
}

/// Does `proof` show that the tree of `new` records with `new_root` begins with the tree of `old`
/// records with `old_root`?
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), Error> {
    within_limit(new)?;
    if old > new {
        return Err(Error::Shrunk { old, new });
    }
    let refusal = Error::NotConsistent { old, new };
    if old == 0 {
        // Every tree continues the empty one, so there is nothing to prove beyond its root.
        let new_fits = new > 0 || *new_root == empty_root();
        return if *old_root == empty_root() && new_fits && proof.is_empty() { Ok(()) } else { Err(refusal) };
    }
    tlog::check_tree(&theirs(proof), new, tlog::Hash(new_root.0), old, tlog::Hash(old_root.0))
        .map_err(|_| refusal)
}

fn theirs(proof: &[Hash]) -> Vec<tlog::Hash> {
    proof.iter().map(|hash| tlog::Hash(hash.0)).collect()
}
