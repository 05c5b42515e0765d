//! What to do about one vulnerability, by advisories that speak of several.

use super::rules::{self, Source};
use super::store::{self, Error, Summary};
use super::{Catalogue, RELATED_MAX};
use formats::record::Remedy;

/// An advisory about several vulnerabilities, and what it says that one should do about one of them.
#[derive(Debug, Clone)]
pub struct Advised {
    /// The advisory, as lists show it.
    pub summary: Summary,
    /// At least one.
    pub remedies: Vec<Remedy>,
}

/// Advisories that are read for one page: some are megabytes.
const READ_MAX: usize = 20;

impl Catalogue {
    /// What advisories that stand say to do about an id that they speak of without being about it alone, the newest
    /// first. Only they say so of one among several.
    pub fn advised(&self, id: &str) -> Result<Vec<Advised>, Error> {
        if rules::wrong_id(id).is_some() {
            return Ok(Vec::new());
        }
        let key = rules::key(id);
        self.0.readers.read(|db| {
            let (about, _) = store::related(db, &key, RELATED_MAX)?;
            let advisories = about
                .iter()
                .filter(|one| matches!(one.source, Source::Csaf | Source::Centre) && !one.is_withdrawn);
            let rows: Vec<i64> = advisories.take(READ_MAX).map(|one| one.row).collect();
            let mut advised = Vec::new();
            for stored in store::stored(db, &rows)? {
                let remedies = rules::remedies_for(&stored.read()?, &key);
                if !remedies.is_empty() {
                    advised.push(Advised { summary: stored.summary, remedies });
                }
            }
            Ok(advised)
        })
    }
}
