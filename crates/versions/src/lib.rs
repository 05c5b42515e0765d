//! Package URLs, version order by ecosystem, and the one matcher. Pure.
//!
//! Three questions are answered here and nowhere else:
//! what package does this name mean ([`Ecosystem`], [`Purl`]),
//! which of two versions is later ([`compare`], [`Version`]),
//! and is this version affected ([`affected`] for OSV data, [`Prepared`] for many questions about one
//! package, [`cve::decide`] for CVE records).
//!
//! Where an answer would be a guess, the answer is "unknown": text that an ecosystem does not
//! accept as a version is never a hit and never a clean bill.
//!
//! To add an ecosystem: one file with its parser and order, one arm in [`Order`], one row in
//! the table of `ecosystem.rs`. Each of those files names the authority of its rule.
#![warn(missing_docs)]

mod alpine;
mod alpm;
mod conan;
pub mod cpe;
mod cran;
pub mod cve;
mod datetime;
mod debian;
mod digits;
mod dotted;
mod ecosystem;
mod generic;
mod gentoo;
mod go;
mod hackage;
mod history;
mod julia;
mod matcher;
mod maven;
mod native;
mod npm;
mod nuget;
mod openssl;
mod packagist;
mod percent;
mod prepared;
mod pub_dev;
mod purl;
mod purl_types;
mod pypi;
mod rpm;
mod rubygems;
mod semver;
mod vers;
mod version;

pub use ecosystem::Ecosystem;
pub use history::{History, Past};
pub use matcher::{ABBREVIATED, Affected, Event, Range, RangeKind, Statement, Subject, Verdict, affected};
pub use prepared::Prepared;
pub use purl::{BadPurl, Purl, PurlParts};
pub use vers::{BadVers, Comparator, Constraint, Vers};
pub use version::{Order, Version, compare};

/// Longest version, name or bound that is looked at, in bytes. Anything longer is not understood,
/// so that hostile text costs nothing.
pub const MAX_LENGTH: usize = 1_000;
