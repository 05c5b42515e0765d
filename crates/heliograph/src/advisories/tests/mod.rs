//! Publication, from the first draft to what the public reads.

pub(super) mod invented;
