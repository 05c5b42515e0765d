//! The Common Security Advisory Framework: read 2.0 and 2.1, write 2.0.

mod model;
mod read;
mod tree;

pub(crate) use read::read;
