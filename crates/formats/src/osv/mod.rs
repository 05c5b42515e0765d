//! The Open Source Vulnerability format: <https://ossf.github.io/osv-schema/>.

mod read;

pub(crate) use read::read;
