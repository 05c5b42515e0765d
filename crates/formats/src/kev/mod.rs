//! Catalogues of known exploited vulnerabilities, in the form that CISA publishes: one document
//! with an entry for each CVE id. We read them; what the centre knows itself goes out otherwise.

mod read;

pub(crate) use read::read;
