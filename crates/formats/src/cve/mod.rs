//! CVE JSON 5: <https://cveproject.github.io/cve-schema/>.

mod model;
mod read;

pub(crate) use read::read;
