//! The transparency log's arithmetic: leaves, tiles, checkpoints, proofs, receipts.
//!
//! The journal of the centre is a Merkle tree, so that whoever holds a checkpoint can tell when a
//! record was altered, dropped or slipped in. This crate computes and checks; it does no I/O, reads
//! no clock and draws no random numbers. What it needs from a store it asks for through [`Nodes`].
//!
//! | module         | what                                      | specification                       |
//! |----------------|-------------------------------------------|-------------------------------------|
//! | [`hash`]       | commitments, leaves, inner nodes          | RFC 6962 section 2.1                |
//! | [`tree`]       | appending, roots, making proofs           | RFC 6962 sections 2.1.1, 2.1.2      |
//! | [`verify`]     | checking proofs                           | RFC 6962 sections 2.1.1, 2.1.2      |
//! | [`tile`]       | paths and bytes of tiles, entry bundles   | c2sp.org/tlog-tiles                 |
//! | [`key`]        | signing and verifier keys                 | c2sp.org/signed-note                |
//! | [`checkpoint`] | signed tree heads, witnesses              | c2sp.org/tlog-checkpoint, -cosignature |
//! | [`receipt`]    | one record's proof, checked without us    | c2sp.org/tlog-proof                 |
//!
//! Nothing that comes from outside may panic here: every text and every proof is refused with an
//! [`Error`] that names what is wrong and where.
#![warn(missing_docs)]

pub mod checkpoint;
pub mod error;
pub mod hash;
pub mod key;
mod note;
pub mod receipt;
pub mod tile;
pub mod tree;
pub mod verify;

pub use checkpoint::{Checkpoint, Cosignature, attach, cosignatures, open};
pub use error::Error;
pub use hash::{Hash, commitment, leaf};
pub use key::{SigningKey, VerifierKey};
pub use receipt::{Limits, Receipt, Verified};
pub use tile::TilePath;
pub use tree::{Frontier, MAX_SIZE, Nodes, append, consistency, inclusion, root};
pub use verify::{verify_consistency, verify_inclusion};
