//! Everything this crate can refuse, in words for the person who holds the proof or the key.
//!
//! Texts are refused with the number of the line, counted from 1 in the text that was given.
//! No message repeats key material.

/// Why a proof, a text or a question was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A proof was asked for, or offered, for a record that the tree does not have.
    #[error("there is no record {index} in a log of {size} records")]
    NoSuchRecord {
        /// The record's number, from 0.
        index: u64,
        /// How many records the tree has.
        size: u64,
    },
    /// The later tree is smaller than the earlier one.
    #[error("a log of {new} records cannot continue one of {old}")]
    Shrunk {
        /// Size of the earlier tree.
        old: u64,
        /// Size of the later tree.
        new: u64,
    },
    /// More records than a log can number; see [`crate::MAX_SIZE`].
    #[error("a log of {size} records is larger than any log can be")]
    TooLarge {
        /// The size that was named.
        size: u64,
    },
    /// The store gave fewer or more hashes than it was asked for.
    #[error("the store of tree nodes gave {got} hashes where {want} were asked for")]
    Store {
        /// How many were asked for.
        want: usize,
        /// How many came.
        got: usize,
    },
    /// The proof does not connect the record to the root.
    #[error("the proof does not show that record {index} is in the log of {size} records with this root")]
    NotIncluded {
        /// The record's number, from 0.
        index: u64,
        /// How many records the tree has.
        size: u64,
    },
    /// The proof does not connect the two roots: the log's history was changed, or the proof is of other trees.
    #[error("the proof does not show that the log of {new} records continues the log of {old} records")]
    NotConsistent {
        /// Size of the earlier tree.
        old: u64,
        /// Size of the later tree.
        new: u64,
    },
    /// A hash is not 32 bytes in standard base64.
    #[error("a hash is 32 bytes in base64, which is 44 characters")]
    Hash,
    /// A path that names no tile, or names one in other than its only spelling.
    #[error("not the path of a tile: {why}")]
    TilePath {
        /// What is wrong with it.
        why: &'static str,
    },
    /// The bytes or hashes for a tile do not have the size that its path gives it.
    #[error("the tile {path} holds {want} {unit}, not {got}")]
    Tile {
        /// The tile.
        path: String,
        /// How many it must hold.
        want: usize,
        /// How many there are.
        got: usize,
        /// Of what.
        unit: &'static str,
    },
    /// An entry in a bundle is not a commitment of 32 bytes.
    #[error("entry {number} of the bundle {path} is not a commitment of 32 bytes")]
    Entry {
        /// The bundle.
        path: String,
        /// Which entry of it, from 0.
        number: usize,
    },
    /// The text is not a key.
    #[error("not a usable key: {why}")]
    Key {
        /// What is wrong with it.
        why: &'static str,
    },
    /// A log's key where a witness's is wanted, or the other way round.
    #[error("the key {name} is {is}, and {want} is needed here")]
    WrongKind {
        /// The key's name.
        name: String,
        /// What it is.
        is: &'static str,
        /// What it should be.
        want: &'static str,
    },
    /// The checkpoint's text is malformed.
    #[error("the checkpoint is malformed at line {line}: {why}")]
    Checkpoint {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        why: &'static str,
    },
    /// The checkpoint is not signed by this key.
    #[error("the checkpoint carries no signature of the key {name} ({id:08x})")]
    NotSigned {
        /// The key's name.
        name: String,
        /// The key's number.
        id: u32,
    },
    /// A signature is there in the key's name, but it does not hold.
    #[error("the signature of {name} ({id:08x}) does not fit the checkpoint: it was altered, or forged")]
    BadSignature {
        /// The key's name.
        name: String,
        /// The key's number.
        id: u32,
    },
    /// The checkpoint is of another log than the key.
    #[error("the checkpoint is of the log {got}, and the key is of {want}")]
    WrongOrigin {
        /// The log that the key belongs to.
        want: String,
        /// The log that the checkpoint names.
        got: String,
    },
    /// A witness's time beyond what the format allows.
    #[error("{seconds} is no time that a witness can name")]
    Time {
        /// Seconds since 1970.
        seconds: u64,
    },
    /// The receipt's text is malformed.
    #[error("the receipt is malformed at line {line}: {why}")]
    Receipt {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        why: &'static str,
    },
    /// The receipt is larger than the reader allows.
    #[error("the receipt has {got} bytes, and at most {limit} are read")]
    ReceiptTooLarge {
        /// Its size.
        got: usize,
        /// The limit.
        limit: usize,
    },
    /// The receipt's proof is longer than the reader allows.
    #[error("the receipt's proof has {got} hashes, and at most {limit} are read")]
    ProofTooLong {
        /// How many there are.
        got: usize,
        /// The limit.
        limit: usize,
    },
}
