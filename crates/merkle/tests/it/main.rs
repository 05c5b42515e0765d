//! The crate seen from outside, held against known vectors and against the crates of others.
#![cfg(test)]

mod checkpoints;
mod hostile;
mod interop;
mod receipts;
mod store;
mod tiles;
mod tree;
