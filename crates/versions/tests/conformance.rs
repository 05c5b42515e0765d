//! The official suites and real records, read from the folder named by `HELIOGRAPH_TEST_DATA`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod suites {
    mod cpe;
    mod data;
    mod purl;
    mod records;
    mod versions;
}
