//! The catalogue as those who fill it and ask it meet it. Documents here are invented.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails loudly")]

mod archives;
mod changes;
mod commits;
mod deleted;
mod epss;
mod fixtures;
mod git;
mod happenings;
mod imports;
mod made;
mod nvd;
mod other_formats;
mod published;
mod real_data;
mod repositories;
mod sbom;
mod search;
mod statements;
mod vex;
mod vex_narrow;

use catalogue::{Bad, Catalogue, Report};
use fixtures::Folder;
use std::path::Path;

/// A catalogue without a centre, for imports.
fn catalogue(folder: &Folder) -> Catalogue {
    Catalogue::open(&folder.0.join("catalogue.db")).unwrap()
}

/// Added, changed, unchanged, older, failed.
fn counts(report: &Report) -> [u64; 5] {
    let counts = &report.counts;
    [counts.added, counts.changed, counts.unchanged, counts.older, counts.failed]
}

fn named(bad: &Bad) -> String {
    let file = Path::new(&bad.file).file_name().unwrap().to_string_lossy();
    format!("{file}: {}: {}", bad.place, bad.reason)
}
