//! From a document to what is stored of it. This is where an import spends its time, and it runs
//! on every processor: nothing here touches the file.

use super::pack::{self, Packed, Packer};
use super::parts::{self, Item};
use super::rules::{self, Package, Relation, Source, Words};
use super::store::{Error, Form};
use formats::advisory::Advisory;
use formats::record::{self, Affected, Record};
use formats::{Kind, ReadError};
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// A record, ready to be kept: only what is written of it, for thousands may wait for the one that writes. What
/// was read goes where it came up.
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) key: String,
    pub(super) source: Source,
    pub(super) form: Form,
    pub(super) title: String,
    pub(super) published: Option<Timestamp>,
    pub(super) modified: Option<Timestamp>,
    pub(super) withdrawn: Option<Timestamp>,
    /// 0 stands, 1 rejected, 2 withdrawn.
    pub(super) state: i64,
    pub(super) severity_tenths: Option<i64>,
    /// Of how many vulnerabilities it speaks, if it gives several scores.
    pub(super) flaws: Option<i64>,
    pub(super) is_exploited: bool,
    pub(super) hash: [u8; 32],
    /// The answer to a program, and the document.
    pub(super) body: Packed,
    pub(super) names: Vec<(String, Relation)>,
    pub(super) packages: Vec<Filed>,
    pub(super) words: Words,
    /// Why it no longer stands, if it says so.
    pub(super) reason: Option<String>,
}

/// A statement under the package that it is about.
pub(super) struct Filed {
    pub(super) package: Package,
    pub(super) place: i64,
    pub(super) statement: String,
}

/// Why a document, or a part of it, is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bad {
    /// Where in the document.
    pub(super) place: String,
    /// Why.
    pub(super) reason: String,
    /// It is no record at all, rather than a bad one.
    pub(super) is_something_else: bool,
}

impl Bad {
    pub(super) fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        let reason = rules::clip(&reason.into(), REASON_CHARS);
        Self { place: rules::clip(&place.into(), REASON_CHARS), reason, is_something_else: false }
    }
}

/// Letters of a reason or a place: a document could make them long.
const REASON_CHARS: usize = 300;

impl From<ReadError> for Bad {
    fn from(error: ReadError) -> Self {
        let is_something_else = matches!(error.reason, formats::Reason::NotARecord(_));
        Self { is_something_else, ..Self::new(error.place.to_string(), error.reason.to_string()) }
    }
}

/// The hash by which a document is known again.
pub(super) fn hash(document: &[u8]) -> [u8; 32] {
    Sha256::digest(document).into()
}

/// What a document comes to.
pub(super) enum Part {
    Record(Box<Entry>),
    /// A record that is kept already, by its hash.
    Known([u8; 32]),
    List(Box<List>),
}

/// A list that says something about the records of others.
pub(super) struct List {
    pub(super) hash: [u8; 32],
    pub(super) content: Content,
}

pub(super) enum Content {
    Scores(formats::epss::Scores),
    /// Its name, its entries, and the document, compressed.
    Attack(&'static str, formats::attack::List, Vec<u8>),
}

/// The name of a file without what it is packed with.
pub(super) fn unpacked_name(name: &str) -> &str {
    match [".gz", ".zst"].iter().find_map(|end| name.strip_suffix(end)) {
        Some(name) => unpacked_name(name),
        None => name,
    }
}

/// Reads a document whose hash is known. Lists of records hold many, each of which is kept, or not, by
/// itself; `is_known` says which need not be read again.
pub(super) fn prepare(
    name: &str,
    document: &[u8],
    document_hash: [u8; 32],
    now: Timestamp,
    packer: &Packer,
    is_known: &dyn Fn(&[u8; 32]) -> bool,
) -> Result<Vec<Result<Part, Bad>>, Bad> {
    let kind = formats::detect(document, unpacked_name(name))?;
    if kind == Kind::OsvYaml && !document.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"id:")) {
        return Err(Bad {
            is_something_else: true,
            ..Bad::new("document", "YAML, but no OSV record: it has no id")
        });
    }
    let is_list = matches!(kind, Kind::Kev | Kind::OsvList);
    let parts = match kind {
        Kind::Epss | Kind::Cwe | Kind::Capec => return list(kind, document, document_hash),
        Kind::Kev => parts::listings(document)?,
        Kind::Nvd | Kind::Ghsa | Kind::OsvList => parts::items(document)?,
        _ => Vec::new(),
    };
    // Each record is kept as it would be alone.
    let kind = if kind == Kind::OsvList { Kind::OsvJson } else { kind };
    if parts.is_empty() && !is_list {
        let (record, osv) = alone(kind, document, now)?;
        let body = packer.pack(Form::Read(kind), &osv, document);
        let entry = entry(Form::Read(kind), record, body, document_hash);
        return Ok(vec![entry.map(|entry| Part::Record(Box::new(entry)))]);
    }
    let part = |Item { place, document, own }: Item<'_>| {
        let hash = hash(own.as_bytes());
        if is_known(&hash) {
            return Ok(Part::Known(hash));
        }
        let in_list = |bad: Bad| Bad { place: format!("{place}: {}", bad.place), ..bad };
        let (record, osv) = alone(kind, document.as_bytes(), now).map_err(in_list)?;
        let body = packer.pack(Form::Read(kind), &osv, document.as_bytes());
        let entry = entry(Form::Read(kind), record, body, hash).map_err(in_list)?;
        Ok(Part::Record(Box::new(entry)))
    };
    Ok(parts.into_iter().map(part).collect())
}

fn list(kind: Kind, document: &[u8], hash: [u8; 32]) -> Result<Vec<Result<Part, Bad>>, Bad> {
    if kind == Kind::Epss {
        let mut scores = formats::epss::read(document)?;
        let bad: Vec<_> = scores.bad.drain(..).map(|bad| Err(Bad::from(bad))).collect();
        let list = List { hash, content: Content::Scores(scores) };
        return Ok(std::iter::once(Ok(Part::List(Box::new(list)))).chain(bad).collect());
    }
    let name = if kind == Kind::Cwe { "cwe" } else { "capec" };
    let content =
        Content::Attack(name, formats::attack::read(document)?, pack::pack(document).map_err(not_packed)?);
    Ok(vec![Ok(Part::List(Box::new(List { hash, content })))])
}

/// The record of a document that holds one, if it may come in, and the answer that programs get.
fn alone(kind: Kind, document: &[u8], now: Timestamp) -> Result<(Record, Cow<'_, [u8]>), Bad> {
    let (record, osv) = answered(kind, document, now)?;
    super::public::check(&record)?;
    Ok((record, osv))
}

/// The same, whether it may come in or not. The answer is the document itself where it is OSV JSON.
fn answered(kind: Kind, document: &[u8], now: Timestamp) -> Result<(Record, Cow<'_, [u8]>), Bad> {
    if kind == Kind::OsvYaml {
        let (record, json) = formats::read_yaml(document)?;
        return Ok((record, Cow::Owned(json.into_bytes())));
    }
    let mut records = formats::read(kind, document)?;
    let record = records.pop().ok_or_else(|| Bad::new("document", "no record in it"))?;
    let osv = match kind {
        Kind::OsvJson => Cow::Borrowed(document.strip_prefix("\u{feff}".as_bytes()).unwrap_or(document)),
        _ => Cow::Owned(rules::osv_shape(&record, kind.label(), now)),
    };
    Ok((record, osv))
}

/// What is made today of a document that is kept: the record, and the answer that programs get.
pub(super) fn again(form: Form, document: &[u8], seen: Timestamp) -> Result<(Record, Cow<'_, [u8]>), Bad> {
    let Form::Read(kind) = form else {
        let advisory =
            serde_json::from_slice(document).map_err(|error| Bad::new("document", error.to_string()))?;
        let (record, osv) = advised(&advisory, seen);
        return Ok((record, Cow::Owned(osv)));
    };
    answered(kind, document, seen)
}

/// An advisory of this centre as it is kept.
pub(super) fn of_advisory(advisory: &Advisory, now: Timestamp) -> Result<Entry, Bad> {
    let (record, osv) = advised(advisory, now);
    let document = advisory.canonical_bytes();
    entry(Form::Advisory, record, pack::pack_both(&osv, &document), hash(&document))
}

fn advised(advisory: &Advisory, now: Timestamp) -> (Record, Vec<u8>) {
    let record = rules::record_of_advisory(advisory);
    // The renderer refuses what is no valid OSV record, such as an advisory without a package.
    // Programs then get what the catalogue knows, in OSV's shape as far as it goes.
    let osv = formats::osv::render(advisory).map(String::into_bytes);
    let osv = osv.unwrap_or_else(|_| rules::osv_shape(&record, "advisory", now));
    (record, osv)
}

fn entry(form: Form, record: Record, body: Result<Packed, Error>, hash: [u8; 32]) -> Result<Entry, Bad> {
    if let Some(reason) = rules::wrong_id(&record.id) {
        return Err(Bad::new(place_of_id(form), reason));
    }
    let names = rules::names(&record);
    let words = rules::words(&record, &names);
    Ok(Entry {
        id: record.id.trim().to_owned(),
        key: rules::key(&record.id),
        source: if form == Form::Advisory { Source::Centre } else { record.source.into() },
        form,
        title: words.title.clone(),
        published: record.published,
        modified: record.modified,
        withdrawn: record.withdrawn,
        state: match record.state {
            record::State::Published => 0,
            record::State::Rejected => 1,
            record::State::Withdrawn => 2,
        },
        severity_tenths: rules::severity_tenths(&record.severities),
        flaws: rules::flaws(&record, &names),
        is_exploited: record.exploited.is_some(),
        hash,
        body: body.map_err(not_packed)?,
        words,
        names,
        packages: filed(&record),
        reason: rules::reason_of(&record),
    })
}

/// Where the id stands in a document.
fn place_of_id(form: Form) -> &'static str {
    match form {
        Form::Advisory => "/id",
        Form::Read(kind) => match kind {
            Kind::Cve5 => "/cveMetadata/cveId",
            Kind::Csaf20 | Kind::Csaf21 => "/document/tracking/id",
            Kind::Kev => "/cveID",
            Kind::Nvd => "/cve/id",
            Kind::Ghsa => "/ghsa_id",
            Kind::OpenVex => "/@id",
            _ => "/id",
        },
    }
}

fn not_packed(error: Error) -> Bad {
    Bad::new("document", error.to_string())
}

/// Statements kept of one record: more would be a flood, and they stand in the document.
const FILED_MAX: usize = 20_000;

/// What a record is found by where somebody asks about a package, a product, a commit or a repository.
pub(super) fn filed(record: &Record) -> Vec<Filed> {
    let configurations = rules::configurations(record);
    let is_filed = |package: &Package| configurations.iter().any(|(known, _)| known == package);
    let rows = record.affected.iter().enumerate().flat_map(|(place, row)| {
        let mut packages = rules::packages(row);
        packages.extend(rules::named_products(row).into_iter().filter(|product| !is_filed(product)));
        let said = if packages.is_empty() { None } else { rules::statement::<&str>(row) };
        let statement = said.and_then(|said| written(&said));
        packages.into_iter().filter_map(move |package| {
            Some(Filed { package, place: place as i64, statement: statement.clone()? })
        })
    });
    let mut filed: Vec<Filed> = rows.take(FILED_MAX).collect();
    let behind = record.affected.len() as i64;
    let configured = configurations.iter().filter_map(|(package, said)| {
        Some(Filed { package: package.clone(), place: behind, statement: written(said)? })
    });
    filed.extend(configured.take(FILED_MAX));
    filed.extend(stated(record, rules::commits));
    filed.extend(stated(record, rules::repositories));
    filed
}

/// What the rows of a record say of what they name.
fn stated<'r, S: Serialize>(
    record: &'r Record,
    named: impl Fn(&'r Affected) -> Vec<(Package, rules::Statement<S>)>,
) -> impl Iterator<Item = Filed> {
    let said = record.affected.iter().enumerate().flat_map(move |(place, row)| {
        named(row).into_iter().filter_map(move |(package, said)| {
            Some(Filed { package, place: place as i64, statement: written(&said)? })
        })
    });
    said.take(FILED_MAX)
}

/// Writing plain structs into memory has no way to fail.
fn written(said: &rules::Statement<impl Serialize>) -> Option<String> {
    serde_json::to_string(said).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(text: &str) -> Vec<Result<Part, Bad>> {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        db.execute_batch(include_str!("store/bodies.sql")).unwrap();
        let packer = Packer::new(&db).unwrap();
        prepare("x.json", text.as_bytes(), hash(text.as_bytes()), Timestamp::UNIX_EPOCH, &packer, &|_| false)
            .unwrap()
    }

    fn record(part: Result<Part, Bad>) -> Entry {
        match part {
            Ok(Part::Record(entry)) => *entry,
            _ => panic!("no record"),
        }
    }

    #[test]
    fn an_osv_document_is_its_own_answer() {
        let text = r#"{"id": "GHSA-1", "modified": "2024-01-01T00:00:00Z", "affected": [{"package":
            {"ecosystem": "npm", "name": "x"}, "versions": ["1.0.0"]}]}"#;
        let entry = record(prepared(text).remove(0));
        let kept =
            pack::unpacked(&rusqlite::Connection::open_in_memory().unwrap(), &entry.body.bytes).unwrap();
        assert_eq!((kept.as_slice(), entry.body.answer), (text.as_bytes(), text.len() as u32));
        assert_eq!(entry.packages[0].package.key, "x");
        assert_eq!(entry.words.names, ["x"]);
    }

    #[test]
    fn one_bad_listing_does_not_lose_the_others() {
        let text = r#"{"catalogVersion": "1", "dateReleased": "2024-01-01T00:00:00Z", "vulnerabilities": [
            {"cveID": "CVE-2024-1", "vulnerabilityName": "A"}, {"no": 1}, {"cveID": " "}]}"#;
        let mut parts = prepared(text);
        let entry = record(parts.remove(0));
        assert_eq!((entry.id.as_str(), entry.source, entry.is_exploited), ("CVE-2024-1", Source::Kev, true));
        let places: Vec<_> = parts.iter().map(|part| part.as_ref().err().unwrap().place.clone()).collect();
        assert!(places[0].starts_with("/vulnerabilities/1: "), "{places:?}");
        assert!(places[1].starts_with("/vulnerabilities/2: "), "{places:?}");
    }

    #[test]
    fn records_of_a_list_are_kept_as_documents_of_their_own() {
        let item = r#"{"cve": {"id":"CVE-1900-1", "descriptions":[]} }"#;
        let page = format!(r#"{{"resultsPerPage":2,"vulnerabilities":[{item},{{"cve":{{}}}}]}}"#);
        let mut parts = prepared(&page);
        assert_eq!(parts[1].as_ref().err().unwrap().place, "/vulnerabilities/1: /cve (line 1 column 9)");
        let from_page = record(parts.remove(0));
        assert_eq!((from_page.hash, from_page.source), (hash(item.as_bytes()), Source::Nvd));
        assert_eq!(record(prepared(item).remove(0)).hash, from_page.hash, "alone it is the same document");
        let list = r#"[{"ghsa_id":"GHSA-1","vulnerabilities":[]}, {"ghsa_id":"GHSA-2"}]"#;
        let ids: Vec<String> = prepared(list).into_iter().map(|part| record(part).id).collect();
        assert_eq!(ids, ["GHSA-1", "GHSA-2"]);
        assert_eq!(record(prepared(r#"{"ghsa_id":"GHSA-1","vulnerabilities":[]}"#).remove(0)).id, "GHSA-1");
    }

    #[test]
    fn a_listing_is_known_again_when_only_the_lists_date_changes() {
        let list = |date: &str| {
            format!(
                r#"{{"catalogVersion":"1","dateReleased":"{date}T00:00:00Z","vulnerabilities":[{{"cveID":"CVE-2024-1"}}]}}"#
            )
        };
        let hash_of = |text: &str| record(prepared(text).remove(0)).hash;
        assert_eq!(hash_of(&list("2024-01-01")), hash_of(&list("2024-02-02")));
    }
}
