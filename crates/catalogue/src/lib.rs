//! The public catalogue: records of CVE, OSV, CSAF, NVD, GitHub, OpenVEX and KEV, and what this centre publishes, to be
//! searched, matched against versions, and read by people and programs.
//!
//! It is one SQLite file of its own, not part of the centre's record: it can be made again from its
//! sources at any time. What the centre publishes comes in from the journal like any other source.
//!
//! The file is in WAL mode, so any number of readers go on while somebody writes, in this process
//! or another. An import therefore runs beside a serving centre: both open the same file. Writers take
//! turns; an import is one transaction, and what it brought is served within a tenth of a second of its end.
//!
//! Records of different sources are never merged. They are shown side by side, joined by their ids
//! and aliases; a listing as known exploited marks every record of the same vulnerability.

#![warn(missing_docs)]

mod advised;
mod asking;
mod commits;
mod entry;
mod files;
mod flaws;
mod history;
mod hot;
mod import;
mod index;
mod likelihoods;
mod names;
mod pack;
mod parts;
mod prepared;
mod public;
mod rules;
mod sbom;
mod search;
mod store;
mod table;

pub use advised::Advised;
pub use asking::{Listing, TAKEN_MAX, Whole};
pub use files::{FEEDS, Wanted};
pub use flaws::Flaw;
pub use history::{Chapter, Story, WithDifferences};
pub use import::{
    Bad, Commit, Input, Progress, Report, Terms, bare, git, git_told, git_words, history, without_secrets,
};
pub use index::Facets;
pub use likelihoods::LIKELY;
pub use names::Vendor;
pub use rules::{
    Answer, Asked, Bounds, Dated, Described, Difference, Event, FIELDS, Field, LINES_MAX, Line, OfFlaws,
    Package, Place, Product, QUERY_CHARS, Query, Source, Stretch, Subject, TERMS_MAX, Test, Text, Told,
    Wrong, bounds, by_flaws, clip, criteria, criterion_id, from_seen, is_metric, key, name_key, nvd_time,
    of_cpe, osv_shape, products, remedy_word, source_of, stretches, tell, uuid_of, verdict,
};
pub use sbom::{
    Finding, Inventory, Known, NoInventory, PARTS_MAX, RECORDS_MAX, Said, Unasked, VEX_NAMES_MAX, csv,
    part_version, sarif, status_word,
};
pub use search::{Order, Search};
pub use store::{
    Answer as Document, Change, Error, Happened, Happening, Imported, Likelihood, Summary, Turn,
};
pub use table::row as csv_row;

use files::Files;
use formats::advisory::Advisory;
use formats::record::Record;
use hot::Hot;
use index::Index;
use jiff::Timestamp;
use rules::Stance;
use rusqlite::Connection;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::Pool;
use versions::Ecosystem;
use versions::cpe::{Attribute, Cpe, Value};
use vocabulary::Page;

/// The catalogue of a node. Clones share their connections.
#[derive(Clone)]
pub struct Catalogue(Arc<Inner>);

struct Inner {
    readers: Pool,
    /// By ids, which are short: their texts lie in the table itself, and of an answer only a pointer is copied.
    documents: Hot<SmolStr, Arc<Document>>,
    packages: prepared::Packages,
    /// Of those who ask for one package in different versions, by rows.
    bodies: Hot<i64, Arc<Vec<u8>>>,
    answers: Hot<Vec<u8>, Arc<Vec<u8>>>,
    writer: Mutex<Connection>,
    index: Index,
    likelihoods: likelihoods::Held,
    files: Files,
}

/// The one connection that writes; readers learn of it when it is given back.
struct Writing<'a> {
    db: MutexGuard<'a, Connection>,
    readers: &'a Pool,
}

impl Deref for Writing<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.db
    }
}

impl DerefMut for Writing<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.db
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.readers.wrote();
    }
}

/// The page of an id: all that is known under it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The id as its source spells it.
    pub id: String,
    /// Records of this vulnerability, first who is heard first; at least one.
    pub records: Vec<Sourced>,
    /// Records that speak of it.
    pub related: Vec<Summary>,
    /// There are more that speak of it.
    pub more_related: bool,
    /// How likely it is to be exploited, by its CVE id.
    pub likelihood: Option<Likelihood>,
    /// The scores, in tenths of a point, of the vulnerabilities of documents that are about several.
    pub each: BTreeMap<String, Option<i64>>,
}

/// One source's record.
#[derive(Debug, Clone)]
pub struct Sourced {
    /// As lists show it.
    pub summary: Summary,
    /// All that it says.
    pub record: Record,
    /// When it first came into this catalogue.
    pub first_seen: Option<Timestamp>,
    /// Its changes since, oldest first.
    pub history: Vec<Change>,
}

/// A record that says something of a package.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Match {
    /// As lists show it.
    #[serde(flatten)]
    pub record: Summary,
    /// Whether the version is affected; never `NotAffected`. Without a version: affected at all.
    pub answer: Answer,
}

impl Match {
    /// None for a record that does not cover what was asked.
    fn of(record: Summary, answer: Answer) -> Option<Self> {
        (answer != Answer::NotAffected).then_some(Self { record, answer })
    }

    /// By id, and of the same id who is heard first.
    fn in_order(mut found: Vec<Self>) -> Vec<Self> {
        found.sort_by(|a, b| (&a.record.id, a.record.source).cmp(&(&b.record.id, b.record.source)));
        found
    }
}

/// Hits of a search.
#[derive(Debug, Clone)]
pub struct Hits {
    /// This page of them.
    pub hits: Vec<Summary>,
    /// There is a next page.
    pub more: bool,
    /// All hits.
    pub total: usize,
    /// What they have in common, if that was asked for.
    pub facets: Option<Facets>,
}

/// What the catalogue holds.
#[derive(Debug, Clone)]
pub struct Stock {
    /// How many of each source.
    pub records: Vec<(Source, i64)>,
    /// When an import was last finished.
    pub last_import: Option<Timestamp>,
}

impl Catalogue {
    /// Opens the file, and makes it where there is none.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        Self::open_and_tell(path, &mut |_, _| {})
    }

    /// The same, for whoever waits for it: `tell` hears how many records of how many are made anew, if an older program
    /// left the file.
    pub fn open_and_tell(path: &Path, tell: &mut dyn FnMut(u64, u64)) -> anyhow::Result<Self> {
        let writer = store::open_writer(path, tell)
            .map_err(|error| anyhow::anyhow!("cannot open {}: {error}", path.display()))?;
        let index = Index::open(path, &writer)?;
        Ok(Self(Arc::new(Inner {
            readers: Pool::new(path),
            documents: Hot::default(),
            packages: prepared::Packages::default(),
            bodies: Hot::default(),
            answers: Hot::default(),
            writer: Mutex::new(writer),
            index,
            likelihoods: likelihoods::Held::default(),
            files: Files::new(path),
        })))
    }

    fn writer(&self) -> Writing<'_> {
        let db = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        Writing { db, readers: &self.0.readers }
    }

    /// What programs get for an id, in any letter case.
    /// Takes microseconds and does not wait for writers, so it may be called where one may not block.
    pub fn document(&self, id: &str) -> Result<Option<Arc<Document>>, Error> {
        if id.len() > rules::ID_BYTES {
            return Ok(None);
        }
        let (key, generation) = (rules::key(id), self.0.readers.generation()?);
        if let Some(known) = self.0.documents.get(key.as_str(), generation) {
            return Ok(Some(known));
        }
        let before = self.0.documents.of_before(key.as_str());
        let found = self.0.readers.read(|db| {
            // While others write, most of what is held stays as it is.
            if let Some(before) = before
                && store::tag_of(db, &key)?.as_ref() == Some(&before.tag)
            {
                return Ok(Some(before));
            }
            let found = match (store::answer(db, &key)?, key.strip_prefix("x_")) {
                // OSV demands this prefix of ids that it does not know, so ours may be asked for with it.
                (None, Some(own)) => store::answer(db, own)?,
                (found, _) => found,
            };
            Ok(found.map(Arc::new))
        })?;
        if let Some(found) = &found {
            self.0.documents.keep(key.into(), found, found.body.len(), generation);
        }
        Ok(found)
    }

    /// What was answered to a question, if nobody has written since. Does not wait, as [`Self::document`].
    pub fn answered(&self, question: &[u8]) -> Result<Option<Arc<Vec<u8>>>, Error> {
        Ok(self.0.answers.get(question, self.0.readers.generation()?))
    }

    /// Makes the answer to a question, and holds it for whoever asks the same before somebody writes.
    /// It must follow from the question and the catalogue alone.
    pub fn answer<E: From<Error>>(
        &self,
        question: &[u8],
        make: impl FnOnce() -> Result<Vec<u8>, E>,
    ) -> Result<Arc<Vec<u8>>, E> {
        let generation = self.0.readers.generation()?;
        let answer = Arc::new(make()?);
        self.0.answers.keep(question.to_vec(), &answer, question.len() + answer.len(), generation);
        Ok(answer)
    }

    /// The ids of the records that name this id as another of theirs.
    pub fn known_as(&self, id: &str) -> Result<Vec<String>, Error> {
        let found = self.0.readers.read(|db| store::named(db, &rules::key(id)))?;
        Ok(found.into_iter().map(|stored| stored.summary.id).collect())
    }

    /// Everything that is known under an id, in any letter case.
    pub fn record(&self, id: &str) -> Result<Option<Entry>, Error> {
        let key = rules::key(id);
        if rules::wrong_id(id).is_some() {
            return Ok(None);
        }
        self.0.readers.read(|db| {
            let mut records = Vec::new();
            for stored in store::named(db, &key)? {
                let record = stored.read()?;
                let row = stored.summary.row;
                let (first_seen, history) = (store::first_import(db, row)?, store::history(db, row)?);
                records.push(Sourced { summary: stored.summary, record, first_seen, history });
            }
            let Some(id) = canonical(&key, &records) else { return Ok(None) };
            let (related, more_related) = store::related(db, &key, RELATED_MAX)?;
            let cves = records.iter().flat_map(|sourced| sourced.record.cve_ids());
            // An entry about several vulnerabilities has no likelihood of its own.
            let likelihood =
                match cves.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()[..] {
                    [cve] => store::likelihood(db, cve)?,
                    _ => store::likelihood(db, &id)?,
                };
            let mut each = BTreeMap::new();
            for Sourced { record, .. } in &records {
                let names: Vec<&str> = rules::several(record).take(EACH_MAX).collect();
                for (name, (score, _)) in flaws::graded(db, record, &names)? {
                    let known = each.entry(name.to_owned()).or_insert(score);
                    *known = score.max(*known);
                }
            }
            Ok(Some(Entry { id, records, related, more_related, likelihood, each }))
        })
    }

    /// Records that speak of an id without being the same, newest first, and whether there are more.
    pub fn about(&self, id: &str) -> Result<(Vec<Summary>, bool), Error> {
        match rules::wrong_id(id) {
            Some(_) => Ok((Vec::new(), false)),
            None => self.0.readers.read(|db| store::related(db, &rules::key(id), RELATED_MAX)),
        }
    }

    /// The id of the record that has this id or, where none has it, of the only one that names it as
    /// another of its own; for whoever typed nothing but an id.
    pub fn canonical_id(&self, id: &str) -> Result<Option<String>, Error> {
        if rules::wrong_id(id).is_some() || id.trim().contains(char::is_whitespace) {
            return Ok(None);
        }
        let key = rules::key(id);
        let own = self.0.readers.read(|db| store::summary_by_key(db, &key))?;
        Ok(match (own, self.known_as(id)?.as_slice()) {
            (Some(own), _) => Some(own.id),
            (None, [only]) => Some(only.clone()),
            (None, _) => None,
        })
    }

    /// Records that cover a version of a package, and those that leave it open. Without a version:
    /// all records of the package.
    pub fn query(&self, package: &Package, version: Option<&str>) -> Result<Vec<Match>, Error> {
        let ask = |version| self.0.packages.query(&self.0.readers, package, version);
        let mut found = ask(version)?;
        // Of a repository a tag is asked about in many spellings; one that somebody lists is meant as it is.
        let tag = version.filter(|_| rules::has_tags(&package.ecosystem));
        let key = tag.and_then(|tag| rules::tag_key(tag, &package.key));
        if let Some(key) = key.filter(|_| found.iter().all(|found| found.answer != Answer::Affected)) {
            let mut listed = ask(Some(&key))?;
            listed.retain(|found| found.answer == Answer::Affected);
            found.retain(|found| listed.iter().all(|listed| listed.record.row != found.record.row));
            listed.append(&mut found);
            return Ok(listed);
        }
        Ok(found)
    }

    /// Records that cover products which are installed together, or one alone, by their CPE names; and
    /// those that leave it open. A name without a version: all records of the product.
    pub fn query_names(&self, installed: &[Cpe]) -> Result<Vec<Match>, Error> {
        self.0.readers.read(|db| {
            let mut records: BTreeMap<i64, (Summary, Stance)> = BTreeMap::new();
            for product in installed {
                let Some(package) = Package::of_cpe(product) else { continue };
                for row in store::package_rows(db, &package)? {
                    let statement = serde_json::from_str::<rules::Statement<String>>(&row.statement)
                        .map_err(|error| Error::Stored(format!("a statement about versions: {error}")))?;
                    let stance = match product.get(Attribute::Version) {
                        Value::Any => Stance::Affected,
                        _ => statement.stance_of(installed, product),
                    };
                    let known = records.entry(row.record.row).or_insert((row.record, stance));
                    known.1 = known.1.min(stance);
                }
            }
            let covers = |(record, stance): (Summary, Stance)| Match::of(record, stance.answer());
            Ok(Match::in_order(records.into_values().filter_map(covers).collect()))
        })
    }

    /// A weakness or an attack pattern by its id (`CWE-79`, `CAPEC-63`), in any letter case.
    pub fn attack_entry(&self, id: &str) -> Result<Option<formats::attack::Entry>, Error> {
        if id.len() > rules::ID_BYTES {
            return Ok(None);
        }
        self.0.readers.read(|db| store::attack_entry(db, id))
    }

    /// All attack patterns of CAPEC.
    pub fn attack_patterns(&self) -> Result<Vec<formats::attack::Entry>, Error> {
        self.0.readers.read(store::attack_patterns)
    }

    /// The OSV JSON of matches, in their order.
    pub fn documents(&self, matches: &[Match]) -> Result<Vec<Arc<Vec<u8>>>, Error> {
        let generation = self.0.readers.generation()?;
        self.0.readers.read(|db| {
            let body = |found: &Match| {
                let row = found.record.row;
                if let Some(known) = self.0.bodies.get(&row, generation) {
                    return Ok(known);
                }
                let body = Arc::new(store::body(db, row)?);
                self.0.bodies.keep(row, &body, body.len(), generation);
                Ok(body)
            };
            matches.iter().map(body).collect()
        })
    }

    /// Whether there is such an ecosystem, as OSV defines them or as any record names it.
    pub fn knows_ecosystem(&self, ecosystem: &Ecosystem) -> Result<bool, Error> {
        if formats::osv::is_ecosystem(ecosystem.name()) || formats::osv::is_ecosystem(&ecosystem.to_string())
        {
            return Ok(true);
        }
        self.0.readers.read(|db| store::has_ecosystem(db, ecosystem))
    }

    /// Whether any record names a package of an ecosystem, in lower case.
    pub fn has_packages_of(&self, ecosystem: &str) -> Result<bool, Error> {
        match Ecosystem::parse(ecosystem) {
            Some(ecosystem) => self.0.readers.read(|db| store::has_ecosystem(db, &ecosystem)),
            None => Ok(false),
        }
    }

    /// What the catalogue holds, and since when.
    pub fn stock(&self) -> Result<Stock, Error> {
        self.0
            .readers
            .read(|db| Ok(Stock { records: store::counts(db)?, last_import: store::latest_import(db)? }))
    }

    /// Takes over what the centre published as entry `seq` of its journal, and says whether it did: not while
    /// somebody imports, behind which it comes in. Doing it again does nothing.
    pub fn publish(&self, advisory: &Advisory, seq: i64, now: Timestamp) -> anyhow::Result<bool> {
        let entry = entry::of_advisory(advisory, now)
            .map_err(|bad| anyhow::anyhow!("the advisory cannot be kept: {}: {}", bad.place, bad.reason))?;
        let mut db = self.writer();
        let tx = match store::begin_if_free(&mut db) {
            Err(error) if error.is_busy() => return Ok(false),
            begun => begun?,
        };
        store::put(&tx, &entry, 0, now)?;
        store::set_published_seq(&tx, seq)?;
        tx.commit()?;
        drop(db);
        self.catch_up()?;
        Ok(true)
    }

    /// Up to which entry of the journal the centre's publications have been taken over: a node
    /// continues behind it.
    pub fn published_seq(&self) -> Result<i64, Error> {
        self.0.readers.read(store::published_seq)
    }

    /// Imports documents from files, folders and archives. `what` names the import in the history;
    /// `now` says when it begins and `clock` when it ends.
    pub fn import(
        &self,
        inputs: &[Input],
        what: &str,
        clock: &dyn Fn() -> Timestamp,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Report, Error> {
        self.import_on(inputs, (what, &Terms::default()), clock, progress)
    }

    /// The same, on terms of one's own.
    pub fn import_on(
        &self,
        inputs: &[Input],
        (what, terms): (&str, &Terms),
        clock: &dyn Fn() -> Timestamp,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Report, Error> {
        // Otherwise one that was lost would be made in the middle of the import, and nobody would hear of it.
        self.catch_up()?;
        import::run(&mut self.writer(), &self.0.index, inputs, (what, terms), clock, progress)
    }

    /// Imports, the latest first, from one on.
    pub fn imports(&self, page: Page) -> Result<Vec<Imported>, Error> {
        self.0.readers.read(|db| store::imports(db, page))
    }

    /// One import, by its number.
    pub fn import_of(&self, id: i64) -> Result<Option<Imported>, Error> {
        self.0.readers.read(|db| store::import(db, id))
    }

    /// The last turn of a source that is imported by itself.
    pub fn turn(&self, source: &str) -> Result<Turn, Error> {
        self.0.readers.read(|db| store::turn(db, source))
    }

    /// Writes down a source's turn.
    pub fn set_turn(&self, source: &str, turn: &Turn) -> Result<(), Error> {
        let mut db = self.writer();
        let tx = store::begin(&mut db)?;
        store::set_turn(&tx, source, turn)?;
        Ok(tx.commit()?)
    }
}

/// Vulnerabilities of one document that are graded for its page.
const EACH_MAX: usize = 500;

/// Records shown that speak of an id.
const RELATED_MAX: usize = 50;

/// The id as the record that has it spells it, or else as the record that names it.
fn canonical(key: &str, records: &[Sourced]) -> Option<String> {
    let own = records.iter().map(|sourced| sourced.record.id.as_str());
    let named = records.iter().flat_map(|sourced| sourced.record.other_names());
    own.chain(named).find(|id| rules::key(id) == key).map(|id| id.trim().to_owned())
}
