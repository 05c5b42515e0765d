//! Wire formats of vulnerability records: CVE, OSV, CSAF, KEV, CVSS. Pure.
//!
//! Reading is lenient and loses nothing: the caller keeps the document as it came, and
//! [`read`] gives a [`Record`] of what the catalogue indexes. Writing is strict: each format has
//! one renderer, all of them from one [`Advisory`], and a renderer that cannot write a valid
//! document refuses and says why.

#![warn(missing_docs)]

pub mod advisory;
mod read;
pub mod record;

pub use advisory::{Advisory, Finding};
pub use read::Kind;
pub use record::Record;
