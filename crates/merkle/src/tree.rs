//! Growing the tree and making proofs: RFC 6962 sections 2.1, 2.1.1 and 2.1.2.
//!
//! The store keeps the hash of every complete subtree under `(level, index)`: level 0 holds the
//! leaves, and node `(l, i)` spans the records from `i << l` up to `(i + 1) << l`. A node is complete
//! when it is written and never changes. All other hashes follow from these, so a question costs one
//! read: each function works out which nodes it needs and asks for them in one call.
//!
//! `tlog_tiles` can make proofs too, but it numbers nodes in one line, reads through a trait whose
//! error type cannot carry ours, and panics when a store answers short. So the prover is ours, and
//! the checker ([`crate::verify`]) is theirs: neither can be wrong without the other noticing.

use std::ops::Range;

use crate::hash::{empty_root, inner};
use crate::{Error, Hash};

/// The most records a log can have: what a database counts in a signed 64-bit integer.
pub const MAX_SIZE: u64 = i64::MAX as u64;

/// Where the hashes of complete subtrees are kept.
///
/// Every closure `FnMut(&[(u8, u64)]) -> Result<Vec<Hash>, E>` is one, if `E` can hold an [`Error`].
pub trait Nodes {
    /// What reading can fail with.
    type Error: From<Error>;

    /// The hashes at these `(level, index)` places, in the order asked, one for each.
    /// Called at most once for a question, and not at all when nothing is needed.
    fn nodes(&mut self, places: &[(u8, u64)]) -> Result<Vec<Hash>, Self::Error>;
}

impl<F, E> Nodes for F
where
    F: FnMut(&[(u8, u64)]) -> Result<Vec<Hash>, E>,
    E: From<Error>,
{
    type Error = E;

    fn nodes(&mut self, places: &[(u8, u64)]) -> Result<Vec<Hash>, E> {
        self(places)
    }
}

/// The right edge of a tree: the roots of its complete subtrees, largest first.
/// A batch of records is appended by loading it once and pushing each leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<(u8, Hash)>,
}

impl Frontier {
    /// The frontier of a tree without records.
    pub fn empty() -> Self {
        Frontier { size: 0, peaks: Vec::new() }
    }

    /// Reads the frontier of the tree of `size` records.
    pub fn load<N: Nodes + ?Sized>(size: u64, nodes: &mut N) -> Result<Self, N::Error> {
        within_limit(size)?;
        let places = subtrees(0..size);
        let hashes = read(&places, nodes)?;
        Ok(Frontier { size, peaks: places.iter().map(|(level, _)| *level).zip(hashes).collect() })
    }

    /// How many records the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf and returns the nodes to store: the leaf, then each subtree that it completes.
    pub fn push(&mut self, leaf: Hash) -> Result<Vec<(u8, u64, Hash)>, Error> {
        let index = self.size;
        within_limit(index.saturating_add(1))?;
        self.size = index + 1;
        let (mut level, mut hash) = (0_u8, leaf);
        let mut stored = vec![(level, index, hash)];
        while let Some((_, left)) = self.peaks.pop_if(|(height, _)| *height == level) {
            level += 1;
            hash = inner(&left, &hash);
            stored.push((level, index >> level, hash));
        }
        self.peaks.push((level, hash));
        Ok(stored)
    }

    /// The root of the tree as it stands.
    pub fn root(&self) -> Hash {
        let hashes: Vec<Hash> = self.peaks.iter().map(|(_, hash)| *hash).collect();
        join(&hashes).unwrap_or_else(empty_root)
    }
}

/// The nodes to store for the record with number `size`: its leaf and each subtree that it completes.
/// For several records at once use a [`Frontier`].
pub fn append<N: Nodes + ?Sized>(
    size: u64,
    leaf: Hash,
    nodes: &mut N,
) -> Result<Vec<(u8, u64, Hash)>, N::Error> {
    Ok(Frontier::load(size, nodes)?.push(leaf)?)
}

/// The root of the tree of the first `size` records.
pub fn root<N: Nodes + ?Sized>(size: u64, nodes: &mut N) -> Result<Hash, N::Error> {
    Ok(Frontier::load(size, nodes)?.root())
}

/// The proof that record `index` is in the tree of the first `size` records:
/// the hash beside the leaf first, the one below the root last.
pub fn inclusion<N: Nodes + ?Sized>(index: u64, size: u64, nodes: &mut N) -> Result<Vec<Hash>, N::Error> {
    within_limit(size)?;
    if index >= size {
        return Err(Error::NoSuchRecord { index, size }.into());
    }
    let mut beside = Vec::new();
    let mut span = 0..size;
    while span.end - span.start > 1 {
        let middle = split(&span);
        if index < middle {
            beside.push(middle..span.end);
            span.end = middle;
        } else {
            beside.push(span.start..middle);
            span.start = middle;
        }
    }
    beside.reverse();
    hashes_of(&beside, nodes)
}

/// The proof that the tree of the first `new` records continues the tree of the first `old`.
/// It is empty when the sizes are equal and when `old` is 0.
pub fn consistency<N: Nodes + ?Sized>(old: u64, new: u64, nodes: &mut N) -> Result<Vec<Hash>, N::Error> {
    within_limit(new)?;
    if old > new {
        return Err(Error::Shrunk { old, new }.into());
    }
    if old == 0 {
        return Ok(Vec::new());
    }
    let mut beside = Vec::new();
    let mut span = 0..new;
    while old != span.end {
        let middle = split(&span);
        if old <= middle {
            beside.push(middle..span.end);
            span.end = middle;
        } else {
            beside.push(span.start..middle);
            span.start = middle;
        }
    }
    // A subtree that begins at record 0 is the old tree itself, whose root the verifier has.
    if span.start != 0 {
        beside.push(span);
    }
    beside.reverse();
    hashes_of(&beside, nodes)
}

pub(crate) fn within_limit(size: u64) -> Result<(), Error> {
    if size > MAX_SIZE { Err(Error::TooLarge { size }) } else { Ok(()) }
}

/// Where RFC 6962 divides a span of two or more records: after the largest power of two below its length.
fn split(span: &Range<u64>) -> u64 {
    let length = span.end - span.start;
    span.start + (length.next_power_of_two() >> 1)
}

/// The complete subtrees that make up a span, left to right. The span begins where a subtree can.
fn subtrees(span: Range<u64>) -> Vec<(u8, u64)> {
    let mut places = Vec::new();
    let mut start = span.start;
    while let Some(level) = span.end.saturating_sub(start).checked_ilog2() {
        places.push((level as u8, start >> level));
        start += 1 << level;
    }
    places
}

fn hashes_of<N: Nodes + ?Sized>(spans: &[Range<u64>], nodes: &mut N) -> Result<Vec<Hash>, N::Error> {
    let parts: Vec<Vec<(u8, u64)>> = spans.iter().cloned().map(subtrees).collect();
    let mut hashes = read(&parts.concat(), nodes)?.into_iter();
    let join_next = |part: &Vec<_>| join(&hashes.by_ref().take(part.len()).collect::<Vec<_>>());
    Ok(parts.iter().filter_map(join_next).collect())
}

fn read<N: Nodes + ?Sized>(places: &[(u8, u64)], nodes: &mut N) -> Result<Vec<Hash>, N::Error> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let hashes = nodes.nodes(places)?;
    if hashes.len() != places.len() {
        return Err(Error::Store { want: places.len(), got: hashes.len() }.into());
    }
    Ok(hashes)
}

/// The hash of a span from those of its complete subtrees. The smaller ones on the right join first.
fn join(hashes: &[Hash]) -> Option<Hash> {
    hashes.iter().rev().copied().reduce(|right, left| inner(&left, &right))
}
