//! CVE JSON 5: <https://cveproject.github.io/cve-schema/>.

mod comparators;
mod gcve;
mod model;
mod read;
mod write;
mod written;

pub(crate) use read::read;
pub use write::{render, render_cna_container, render_gcve};
