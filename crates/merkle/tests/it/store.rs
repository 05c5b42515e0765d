//! A store in memory that checks its own contract: nodes are written once, and asked for only when there.

use std::sync::LazyLock;

use merkle::{Error, Frontier, Hash, Nodes, SigningKey, VerifierKey, commitment, leaf};

/// Nodes by level and index.
#[derive(Default)]
pub(crate) struct Store {
    levels: Vec<Vec<Hash>>,
    pub(crate) reads: usize,
}

impl Store {
    pub(crate) fn of(leaves: impl IntoIterator<Item = Hash>) -> Self {
        let mut store = Store::default();
        let mut frontier = Frontier::empty();
        for leaf in leaves {
            store.keep(frontier.push(leaf).unwrap());
        }
        store
    }

    pub(crate) fn keep(&mut self, nodes: Vec<(u8, u64, Hash)>) {
        for (level, index, hash) in nodes {
            if self.levels.len() == usize::from(level) {
                self.levels.push(Vec::new());
            }
            let row = &mut self.levels[usize::from(level)];
            assert_eq!(row.len() as u64, index, "nodes of level {level} are written once and in order");
            row.push(hash);
        }
    }

    pub(crate) fn at(&self, level: u8, index: u64) -> Hash {
        self.levels[usize::from(level)][index as usize]
    }

    pub(crate) fn leaf(&self, index: u64) -> Hash {
        self.at(0, index)
    }
}

impl Nodes for &Store {
    type Error = Error;

    fn nodes(&mut self, places: &[(u8, u64)]) -> Result<Vec<Hash>, Error> {
        Ok(places.iter().map(|(level, index)| self.at(*level, *index)).collect())
    }
}

impl Nodes for Store {
    type Error = Error;

    fn nodes(&mut self, places: &[(u8, u64)]) -> Result<Vec<Hash>, Error> {
        self.reads += 1;
        (&*self).nodes(places)
    }
}

pub(crate) const LARGE: u64 = 100_000;

/// Serves every size up to [`LARGE`], since nodes do not change as the tree grows.
pub(crate) static LARGE_STORE: LazyLock<Store> =
    LazyLock::new(|| Store::of((0..LARGE).map(|number| leaf(&entry(number)))));

pub(crate) fn entry(number: u64) -> [u8; 32] {
    commitment(&[number as u8; 32], &number.to_be_bytes())
}

pub(crate) fn flip(hash: &Hash, bit: usize) -> Hash {
    let mut flipped = *hash;
    flipped.0[bit / 8 % 32] ^= 1 << (bit % 8);
    flipped
}

pub(crate) const ORIGIN: &str = "log.example/heliograph";

pub(crate) fn log() -> SigningKey {
    SigningKey::from_seed(ORIGIN, [7; 32]).unwrap()
}

pub(crate) fn witness() -> SigningKey {
    SigningKey::from_seed("witness.example/w1", [9; 32]).unwrap()
}

pub(crate) fn log_key() -> VerifierKey {
    log().verifier()
}
