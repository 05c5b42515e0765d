//! Asking about a commit, with its repository at hand.

use super::rules::{Package, in_history};
use super::{Catalogue, Error, Match, store};
use std::collections::BTreeSet;
use versions::Past;

impl Catalogue {
    /// Records that cover a commit of a repository, and those that leave it open: of those that name any commit
    /// of it. Each commit is looked up, so this takes some seconds for a million of them.
    pub fn query_past(&self, past: &Past<'_>) -> Result<Vec<Match>, Error> {
        self.0.readers.read(|db| {
            // In their order, so those that begin alike follow one another.
            let mut packages: Vec<Package> =
                past.history().commits().filter_map(Package::of_commit).collect();
            packages.dedup();
            let mut rows = BTreeSet::new();
            for package in packages {
                rows.extend(store::package_rows(db, &package)?.into_iter().map(|row| row.record.row));
            }
            let mut found = Vec::new();
            for row in rows {
                for stored in store::stored(db, &[row])? {
                    let answer = in_history(&stored.read()?, past);
                    found.extend(answer.and_then(|answer| Match::of(stored.summary, answer)));
                }
            }
            Ok(Match::in_order(found))
        })
    }
}
