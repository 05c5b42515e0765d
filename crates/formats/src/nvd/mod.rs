//! NVD's API and feeds, version 2.0: pages of records, one record of a page, and a bare record, as
//! mirrors in git keep them.
//!
//! Authority: the schema `cve_api_json_2.0` at csrc.nist.gov and NVD's page on its vulnerability API.

mod model;
mod read;

pub(crate) use read::read;
