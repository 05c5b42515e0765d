//! Hashes of the tree: RFC 6962 section 2.1, with SHA-256.
//!
//! The tree does not hold the journal's records but a commitment to each: SHA-256 over a prefix of
//! our own, 32 random bytes, and the record's canonical bytes. The commitments are public; without
//! the salt nobody can find out by trying what a commitment stands for, and whoever is entitled to a
//! record is given its salt and bytes and can check them.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::Error;

/// Keeps a commitment from ever being mistaken for a hash made for another purpose.
const COMMITMENT_PREFIX: &[u8] = b"heliograph/entry/v1\n";
const LEAF_PREFIX: [u8; 1] = [0];
const INNER_PREFIX: [u8; 1] = [1];

/// A SHA-256 hash of a leaf, of a subtree, or of the whole tree. Printed in base64; `{:x}` gives hex.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

/// What the log records of an entry: a hash that hides it and binds it.
/// The salt must be 32 fresh random bytes for each entry.
pub fn commitment(salt: &[u8; 32], canonical: &[u8]) -> [u8; 32] {
    sha256(&[COMMITMENT_PREFIX, salt, canonical])
}

/// The leaf of the tree for a commitment.
pub fn leaf(commitment: &[u8; 32]) -> Hash {
    leaf_of(commitment)
}

/// The leaf of the tree for entry data of any length. Ours is always a commitment: see [`leaf`].
pub fn leaf_of(data: &[u8]) -> Hash {
    Hash(sha256(&[&LEAF_PREFIX, data]))
}

/// The root of a tree without leaves.
pub fn empty_root() -> Hash {
    Hash(sha256(&[]))
}

/// The hash of a subtree from the hashes of its halves.
pub fn inner(left: &Hash, right: &Hash) -> Hash {
    Hash(sha256(&[&INNER_PREFIX, &left.0, &right.0]))
}

fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().into()
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_STANDARD.encode(self.0))
    }
}

impl fmt::LowerHex for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Hash {
    type Err = Error;

    /// Reads standard base64 with padding, and only the one spelling that it is printed with.
    fn from_str(text: &str) -> Result<Self, Error> {
        let bytes = BASE64_STANDARD.decode(text).map_err(|_| Error::Hash)?;
        bytes.try_into().map(Hash).map_err(|_| Error::Hash)
    }
}
