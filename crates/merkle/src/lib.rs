//! The transparency log's arithmetic: leaves, tiles, checkpoints, proofs, receipts. Pure.
