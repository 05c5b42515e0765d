//! The Common Security Advisory Framework: read 2.0 and 2.1, write 2.0.

mod model;
mod range;
mod read;
mod remedies;
mod tree;
mod vex;
mod write;
mod written;
mod written_tree;

pub(crate) use read::read;
pub(crate) use vex::said;
pub use write::{file_name, render};
