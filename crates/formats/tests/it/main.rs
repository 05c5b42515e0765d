//! What `formats` promises, tried on real data, on invented advisories and on hostile input.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod documents;
mod findings;
mod generated;
mod hostile;
mod invented;
mod reading;
mod real_data;
mod rendered;
mod test_data;
mod valid;
