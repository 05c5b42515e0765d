//! The Open Source Vulnerability format: <https://ossf.github.io/osv-schema/>.

mod ecosystem;
mod read;
mod write;

pub use ecosystem::is_ecosystem;
pub(crate) use ecosystem::purl_type;
pub(crate) use read::{read, read_list};
pub use write::{id, render};
