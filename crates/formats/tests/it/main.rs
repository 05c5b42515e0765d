//! What `formats` promises, tried on real data, on invented advisories and on hostile input.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod hostile;
mod real_data;
mod test_data;
