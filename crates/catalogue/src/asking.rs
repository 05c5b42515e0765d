//! Asking the catalogue: hits of a search, with what their documents say.

use super::index::{Found, Records, Wanted};
use super::likelihoods::Likelihoods;
use super::rules::{self, Bounds, Subject, Test};
use super::{Answer, Catalogue, Error, Flaw, Hits, Likelihood, Match, Order, Search, Source, Summary};
use super::{flaws, store};
use formats::advisory::{Advisory, CveOrganisation};
use formats::record::{Affected, Exploited, Record};
use jiff::Timestamp;
use rusqlite::Connection;
use std::cmp::Reverse;
use std::sync::Arc;
use vocabulary::Page;

/// Hits in a file that is taken along.
pub const TAKEN_MAX: usize = 10_000;

/// Words that are compared with all that the index knows.
const CORRECTED_MAX: usize = 8;

/// Records of one product that are asked about a version.
const PRODUCT_RECORDS_MAX: usize = 10_000;

/// A hit with all that its document says.
#[derive(Debug, Clone)]
pub struct Whole {
    /// As lists show it.
    pub summary: Summary,
    /// All that it says.
    pub record: Record,
    /// Its listing as known exploited, with the title there.
    pub listed: Option<(String, Exploited)>,
    /// How likely it is to be exploited, by its own id.
    pub likelihood: Option<Likelihood>,
    /// The document as it came, of a record that came from NVD and was not deleted there.
    from_nvd: Option<String>,
}

impl Whole {
    /// The record as one `cve` of NVD's interface: as it came from there, or in its shape.
    /// `seen` stands in for dates that the source does not give.
    pub fn nvd(&self, seen: Timestamp) -> serde_json::Value {
        let listed = self.listed.as_ref().map(|(title, exploited)| (title.as_str(), exploited));
        let own = self.from_nvd.as_deref().and_then(rules::nvd_own);
        own.unwrap_or_else(|| rules::nvd_shape(&self.record, listed, seen))
    }
}

impl Catalogue {
    /// A page of what is found.
    pub fn search(&self, search: &Search, page: Page, now: Timestamp) -> Result<Hits, Error> {
        let (offset, limit) = (page.offset().unsigned_abs() as usize, vocabulary::PAGE_SIZE as usize);
        self.hits(search, offset, limit, true, now)
    }

    /// Hits from one on, with what they have in common if that is wanted.
    pub fn hits(
        &self,
        search: &Search,
        offset: usize,
        limit: usize,
        with_facets: bool,
        now: Timestamp,
    ) -> Result<Hits, Error> {
        let found = self.found(search, offset, limit, with_facets, now)?;
        let mut hits = self.0.readers.read(|db| store::listed(db, &found.rows))?;
        // Who asks for it also wants to see it.
        if search.order == Order::Likeliest || search.query.has_likelihood() {
            let known = self.likelihoods()?;
            for hit in &mut hits {
                hit.epss = known.probability(hit.row.unsigned_abs()).map(rules::of_billionths);
            }
        }
        let more = offset + found.rows.len() < found.total && !found.rows.is_empty();
        Ok(Hits { hits, more, total: found.total, facets: found.facets })
    }

    /// How many rows of the first hits there are, and how many hits in all; for benches.
    pub fn rows(&self, search: &Search, limit: usize, now: Timestamp) -> Result<(usize, usize), Error> {
        let found = self.found(search, 0, limit, false, now)?;
        Ok((found.rows.len(), found.total))
    }

    fn found(
        &self,
        search: &Search,
        offset: usize,
        limit: usize,
        with_facets: bool,
        now: Timestamp,
    ) -> Result<Found, Error> {
        let mut query = search.query.clone();
        if query.is_everything() && matches!(search.order, Order::Fit | Order::Newest) {
            // What is dated in the future would stand on top for good; what has no date comes last.
            let later = Bounds { from: Some(now.as_microsecond() + 1), below: None };
            query = query.and(rules::Query::Not(Box::new(rules::Query::Test(Test::Published(later)))));
        }
        let wanted = Wanted { query: &query, order: search.order, offset, limit, with_facets };
        self.0.index.search(wanted, self)
    }

    /// The vulnerabilities that records state of a version of a product by the names of vendor and product, or
    /// leave open: the severest up to a number, and how many there are in all.
    pub fn affected(
        &self,
        vendor: &str,
        product: &str,
        version: &str,
        limit: usize,
    ) -> Result<(Vec<Flaw>, usize), Error> {
        let (vendor, product) = (rules::name_key(vendor), rules::name_key(product));
        let (of, named) = (vendor.clone(), product.clone());
        let subject =
            Subject::Product { vendor: of, product: named, version: Some(version.to_owned()), name: None };
        let says = |row: &Affected| rules::stance_on_product(row, &vendor, &product, version);
        let named = self.of_product(&subject)?;
        let mut flaws = self.0.readers.read(|db| {
            let mut flaws = Vec::new();
            for (summary, record) in named {
                let answer = rules::answer_for_product(&record, &vendor, &product, version);
                if let Some(found) = Match::of(summary, answer) {
                    flaws.extend(flaws::of_record(db, found, &record, (None, &says))?);
                }
            }
            Ok::<_, Error>(flaws)
        })?;
        let total = flaws.len();
        // They come the newest first, and of equally severe ones that stays so.
        flaws.sort_by_key(|flaw| Reverse(flaw.record.severity_tenths));
        flaws.truncate(limit);
        Ok((flaws, total))
    }

    /// What each record that names a product says of its version, but for those that deny it; without a
    /// version all of them affect it.
    fn answers(&self, subject: &Subject) -> Result<Vec<(Summary, Answer)>, Error> {
        let says = |record: &Record| match subject {
            Subject::Product { vendor, product, version: Some(version), .. } => {
                rules::answer_for_product(record, vendor, product, version)
            }
            _ => Answer::Affected,
        };
        let named = self.of_product(subject)?.into_iter();
        let said = named.map(|(summary, record)| (summary, says(&record)));
        Ok(said.filter(|(_, answer)| *answer != Answer::NotAffected).collect())
    }

    /// The records that name a product, in any version.
    fn of_product(&self, subject: &Subject) -> Result<Vec<(Summary, Record)>, Error> {
        let query = rules::Query::Test(Test::Affects(subject.clone().in_any_version()));
        let (limit, order) = (PRODUCT_RECORDS_MAX, Order::Newest);
        let wanted = Wanted { query: &query, order, offset: 0, limit, with_facets: false };
        let found = self.0.index.search(wanted, self)?;
        self.0.readers.read(|db| {
            let stored = store::stored(db, &found.rows)?;
            let read = |stored: store::Stored| {
                let record = stored.read()?;
                Ok((stored.summary, record))
            };
            stored.into_iter().map(read).collect()
        })
    }

    /// Hits with all that their documents say, and how many there are in all.
    pub fn whole(
        &self,
        search: &Search,
        offset: usize,
        limit: usize,
        now: Timestamp,
    ) -> Result<(Vec<Whole>, usize), Error> {
        let hits = self.hits(search, offset, limit, false, now)?;
        let rows: Vec<i64> = hits.hits.iter().map(|hit| hit.row).collect();
        let whole = self.0.readers.read(|db| {
            let stored = store::stored(db, &rows)?;
            stored.into_iter().map(|stored| whole(db, stored)).collect::<Result<Vec<_>, _>>()
        })?;
        Ok((whole, hits.total))
    }

    /// The documents of hits in JSON, each as it came; YAML in OSV's JSON, and what this centre published
    /// as a CVE record where it is one.
    pub fn json(
        &self,
        search: &Search,
        offset: usize,
        limit: usize,
        now: Timestamp,
    ) -> Result<(Vec<(Summary, String)>, usize), Error> {
        let hits = self.hits(search, offset, limit, false, now)?;
        let rows: Vec<i64> = hits.hits.iter().map(|hit| hit.row).collect();
        let all = self.0.readers.read(|db| {
            store::stored(db, &rows)?
                .into_iter()
                .map(|stored| json(db, stored))
                .collect::<Result<Vec<_>, _>>()
        })?;
        Ok((all, hits.total))
    }

    /// What this centre published itself, in the order of a search that asks for nothing else, as GCVE has
    /// it: CVE records that go by their own ids.
    pub fn publications(
        &self,
        search: &Search,
        offset: usize,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<String>, Error> {
        let hits = self.hits(search, offset, limit, false, now)?;
        let rows: Vec<i64> = hits.hits.iter().map(|hit| hit.row).collect();
        let stored = self.0.readers.read(|db| store::stored(db, &rows))?;
        let published = stored.into_iter().filter(|stored| stored.summary.form == store::Form::Advisory);
        published.map(publication).collect()
    }

    /// The document of an id in JSON, from the source that is heard first.
    pub fn json_of(&self, id: &str) -> Result<Option<String>, Error> {
        if rules::wrong_id(id).is_some() {
            return Ok(None);
        }
        let key = rules::key(id);
        self.0.readers.read(|db| {
            // Whoever asks for a CVE id in this way reads CVE records, whoever else has a text of that id.
            let of_cve =
                if key.starts_with("cve-") { store::one_of_source(db, Source::Cve, &key)? } else { None };
            let stored = of_cve.map_or_else(|| store::by_key(db, &key), |stored| Ok(Some(stored)))?;
            stored.map(|stored| Ok(json(db, stored)?.1)).transpose()
        })
    }

    /// The lists of known exploited vulnerabilities, entry by entry, the latest first.
    pub fn listings(&self) -> Result<Vec<Listing>, Error> {
        let mut all = self.0.readers.read(|db| {
            let stored = store::of_source(db, Source::Kev)?;
            stored.into_iter().map(listing).collect::<Result<Vec<_>, _>>()
        })?;
        all.sort_by(|one, other| (&other.added, &one.id).cmp(&(&one.added, &other.id)));
        Ok(all)
    }

    /// The ids that are listed as known exploited, in no order.
    pub fn listed_ids(&self) -> Result<Vec<String>, Error> {
        self.0.readers.read(store::listed_ids)
    }

    /// The entry of an id in the lists of known exploited vulnerabilities, in any letter case.
    pub fn listing_of(&self, id: &str) -> Result<Option<Listing>, Error> {
        if rules::wrong_id(id).is_some() {
            return Ok(None);
        }
        self.0
            .readers
            .read(|db| store::one_of_source(db, Source::Kev, &rules::key(id))?.map(listing).transpose())
    }

    /// Changes whenever any record in the catalogue does.
    pub fn state(&self) -> Result<String, Error> {
        self.0.readers.read(|db| Ok(format!("{:x}-{:x}", store::identity(db)?, store::last_change(db)?)))
    }

    /// Changes whenever anything does, the scores of EPSS, the lists of CWE and CAPEC, and what a search finds
    /// among it: the index comes behind the records.
    pub fn edition(&self) -> Result<String, Error> {
        let imports = self.0.readers.read(store::imports_finished)?;
        Ok(format!("{}-{imports:x}-{:x}", self.state()?, self.0.index.state()))
    }

    /// How likely it is that a vulnerability is exploited, by its CVE id.
    pub fn likelihood(&self, id: &str) -> Result<Option<Likelihood>, Error> {
        match rules::wrong_id(id) {
            Some(_) => Ok(None),
            None => self.0.readers.read(|db| store::likelihood(db, id)),
        }
    }

    /// The text of a search with the words that were probably meant, for one that finds nothing.
    pub fn correction(&self, search: &Search) -> Result<Option<String>, Error> {
        let mut letters: Vec<char> = search.text.chars().collect();
        let mut is_other = false;
        for word in search.query.words().into_iter().take(CORRECTED_MAX).rev() {
            if word.field.is_none()
                && let Some(meant) = self.0.index.nearest_word(&word.text)?
            {
                let end = word.at + word.text.chars().count();
                letters.splice(word.at..end, meant.chars());
                is_other = true;
            }
        }
        Ok(is_other.then(|| letters.into_iter().collect()))
    }

    /// Lets the search index take over what it has not yet: what another process imported, or what
    /// was interrupted. Quick where there is nothing to do.
    pub fn catch_up(&self) -> Result<(), Error> {
        self.catch_up_and_tell(&mut |_, _| {})
    }

    /// The same, for whoever waits for it: `tell` hears how many records of how many are in an index that is made anew,
    /// because what lay there could not be read, was of an older program or of another file, or was gone.
    pub fn catch_up_and_tell(&self, tell: &mut dyn FnMut(u64, u64)) -> Result<(), Error> {
        self.0.readers.read(|db| self.0.index.catch_up(db, tell))
    }
}

impl Records for Catalogue {
    /// Of a package without a version, all of its records.
    fn affecting(&self, subject: &Subject) -> Result<Vec<i64>, Error> {
        let mut rows: Vec<i64> = match subject {
            Subject::Package { package, version } => {
                let found = self.query(package, version.as_deref())?;
                found.into_iter().map(|found| found.record.row).collect()
            }
            Subject::Named(asked) => {
                let named = self.of_product(subject)?.into_iter();
                named
                    .filter(|(_, record)| rules::concerns(record, asked))
                    .map(|(summary, _)| summary.row)
                    .collect()
            }
            Subject::Product { name, .. } => {
                let said = self.answers(subject)?;
                let mut rows: Vec<i64> = said.into_iter().map(|(summary, _)| summary.row).collect();
                // By its CPE name a product is also in configurations, with what it runs on.
                if let Some(name) = name {
                    let found = self.query_names(std::slice::from_ref(&**name))?;
                    rows.extend(found.into_iter().map(|found| found.record.row));
                }
                rows
            }
        };
        rows.sort_unstable();
        rows.dedup();
        Ok(rows)
    }

    fn likelihoods(&self) -> Result<Arc<Likelihoods>, Error> {
        self.0.readers.read(|db| self.0.likelihoods.get(db))
    }
}

/// One entry of a list of known exploited vulnerabilities.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The CVE id.
    pub id: String,
    /// The day on which it was listed.
    pub added: String,
    /// When its list was released.
    pub released: Option<Timestamp>,
    /// As its list has it.
    pub entry: serde_json::Value,
}

fn listing(stored: store::Stored) -> Result<Listing, Error> {
    let unreadable =
        |error: serde_json::Error| Error::Stored(format!("the listing of {}: {error}", stored.summary.id));
    let mut list: serde_json::Value = serde_json::from_slice(&stored.document).map_err(unreadable)?;
    let entry = list["vulnerabilities"][0].take();
    let added = entry["dateAdded"].as_str().unwrap_or_default().to_owned();
    Ok(Listing { id: stored.summary.id, added, released: stored.summary.modified, entry })
}

fn publication(stored: store::Stored) -> Result<String, Error> {
    let unreadable =
        |error: serde_json::Error| Error::Stored(format!("the advisory {}: {error}", stored.summary.id));
    let advisory: Advisory = serde_json::from_slice(&stored.document).map_err(unreadable)?;
    let publisher = &advisory.publisher;
    let id = rules::uuid_of(&format!("publisher|{}", publisher.namespace)).to_lowercase();
    let organisation = CveOrganisation { id, short_name: publisher.name.clone() };
    Ok(formats::cve::render_gcve(&advisory, &organisation, &stored.read()?.all_relationships()))
}

fn json(db: &Connection, stored: store::Stored) -> Result<(Summary, String), Error> {
    let summary = stored.summary;
    let in_cve = |document: &[u8]| {
        let advisory: Advisory = serde_json::from_slice(document).ok()?;
        let cve = advisory.cves.first()?;
        formats::cve::render(&advisory, cve).ok()
    };
    let deleted = summary.reason.as_ref().filter(|_| summary.is_withdrawn);
    let bytes = match summary.form {
        store::Form::Read(formats::Kind::OsvYaml) => store::body(db, summary.row)?,
        store::Form::Advisory => match in_cve(&stored.document) {
            Some(text) => text.into_bytes(),
            None => store::body(db, summary.row)?,
        },
        // What its source deleted must not look as if it stood.
        store::Form::Read(kind) if deleted.is_some() && stands(kind, &stored.document) => {
            let text = String::from_utf8_lossy(&stored.document);
            let buried = match kind {
                formats::Kind::Cve5 => {
                    rules::buried_cve(&text, deleted.map_or("", String::as_str), summary.modified)
                }
                _ => None,
            };
            match buried {
                Some(text) => text.into_bytes(),
                None => store::body(db, summary.row)?,
            }
        }
        store::Form::Read(_) => stored.document,
    };
    let text = String::from_utf8(bytes);
    let text = text.map_err(|_| Error::Stored(format!("the document of {} is not UTF-8", summary.id)))?;
    let text = text.trim_start_matches('\u{feff}').to_owned();
    Ok((summary, text))
}

/// Whether a document itself says nothing of a withdrawal.
fn stands(kind: formats::Kind, document: &[u8]) -> bool {
    let read = formats::read(kind, document).ok().and_then(|mut records| records.pop());
    read.is_some_and(|record| record.state == formats::record::State::Published)
}

/// A stored record with what lists it as known exploited.
fn whole(db: &Connection, stored: store::Stored) -> Result<Whole, Error> {
    let listing = if stored.summary.is_exploited { store::listing(db, &stored.summary)? } else { None };
    let listed = match listing {
        Some(listing) => listing.read()?.exploited.map(|exploited| (listing.summary.title, exploited)),
        None => None,
    };
    let likelihood = store::likelihood(db, &stored.summary.id)?;
    let (record, summary) = (stored.read()?, stored.summary);
    let is_own = summary.source == Source::Nvd && record.state != formats::record::State::Withdrawn;
    let from_nvd = if is_own { String::from_utf8(stored.document).ok() } else { None };
    Ok(Whole { summary, record, listed, likelihood, from_nvd })
}
