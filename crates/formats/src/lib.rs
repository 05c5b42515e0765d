//! Wire formats of vulnerability records: CVE, OSV, CSAF, NVD, KEV, CVSS. Pure.
//!
//! Reading is lenient and loses nothing: the caller keeps the document as it came, and
//! [`read()`] gives a [`Record`] of what the catalogue indexes. Writing is strict: each format has
//! one renderer, all of them from one [`Advisory`], and a renderer that cannot write a valid
//! document refuses and says why.

#![warn(missing_docs)]

pub mod advisory;
pub mod attack;
mod configurations;
pub mod csaf;
pub mod cve;
pub mod cvss;
mod detect;
mod door;
pub mod epss;
mod ghsa;
mod json;
mod kev;
mod lenient;
pub mod limits;
mod nvd;
mod openvex;
pub mod osv;
pub mod page;
mod place;
mod plain;
mod read;
pub mod record;
pub mod sbom;
pub mod trees;
pub mod vex;
mod weakness;
mod xml;
pub mod yaml;

pub use advisory::{Advisory, Finding};
pub use detect::detect;
pub use read::{Kind, Place, ReadError, Reason, read, read_yaml};
pub use record::Record;
pub use weakness::mark_of as weakness_mark;
