//! A CSAF document into the catalogue's view: one record for each document.
//!
//! Its CVE ids are aliases only if there is exactly one: an advisory about five flaws is not the
//! same vulnerability as each of them, and treating it so would merge the five into one.

use super::model::{Csaf, Cvss, Link, Note, Scores, Statuses, Thanks, Tree, Vulnerability};
use super::remedies::{flaw, remedies};
use super::tree::{Product, products};
use crate::limits::{DISTINCT, TREE_BYTES};
use crate::read::{Kind, Place, ReadError, Reason, parse};
use crate::record::{
    Affected, Credit, Exploited, Record, Reference, Severity, Source, Status, TimelineEntry, VersionEntry,
};
use crate::{cvss, weakness};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Reads a record from a document that has passed the door.
pub(crate) fn read(text: &str, kind: Kind) -> Result<Record, ReadError> {
    record(document(text, kind)?)
}

pub(super) fn document(text: &str, kind: Kind) -> Result<Csaf, ReadError> {
    let csaf: Csaf = parse(text)?;
    let version = &csaf.document.csaf_version;
    let expected = if kind == Kind::Csaf21 { "2.1" } else { "2.0" };
    if version != expected {
        let place = Place { pointer: "/document/csaf_version".to_owned(), ..Place::default() };
        return Err(ReadError::new(place, Reason::Shape(format!("CSAF {version:?}, not {expected:?}"))));
    }
    Ok(csaf)
}

pub(super) fn products_of(tree: Option<Tree>) -> Result<HashMap<String, Product>, ReadError> {
    let Some(tree) = tree else { return Ok(HashMap::new()) };
    products(tree).ok_or_else(|| {
        let place = Place { pointer: "/product_tree".to_owned(), ..Place::default() };
        ReadError::new(place, Reason::LargeTree { limit: TREE_BYTES })
    })
}

fn record(csaf: Csaf) -> Result<Record, ReadError> {
    let Csaf { document, mut product_tree, mut vulnerabilities } = csaf;
    let groups = product_tree.as_mut().map(|tree| std::mem::take(&mut tree.groups)).unwrap_or_default();
    let products = products_of(product_tree)?;
    let publisher = document.publisher.and_then(|publisher| publisher.name);
    let mut record = Record {
        id: document.tracking.id,
        source: Source::Csaf,
        label: label(&document.distribution),
        is_draft: document.tracking.is_draft,
        aliases: document.tracking.aliases,
        title: document.title,
        summary: note(&document.notes, &["summary"]),
        details: note(&document.notes, &["details", "description", "general"]),
        published: document.tracking.initial_release_date,
        modified: document.tracking.current_release_date,
        timeline: document
            .tracking
            .revision_history
            .into_iter()
            .map(|revision| TimelineEntry { at: revision.date, text: revision.summary })
            .collect(),
        ..Record::default()
    };
    add_links(&mut record.references, document.references);
    add_thanks(&mut record.credits, document.acknowledgments);
    add_cves(&mut record, &vulnerabilities);
    name_each(&mut vulnerabilities, &record.id);
    record.affected = affected(&vulnerabilities, &products);
    record.remedies = remedies(&mut vulnerabilities, &products, &groups, publisher.as_ref());
    record.flaws = vulnerabilities.iter().filter_map(flaw).collect();
    for vulnerability in &mut vulnerabilities {
        add_vulnerability(&mut record, vulnerability, publisher.as_ref());
    }
    Ok(record)
}

/// The label of TLP, whatever stands there: what is no word is no leave to publish. One without its object is a
/// label as well.
fn label(distribution: &Value) -> Option<String> {
    let tlp = distribution.get("tlp")?;
    match if tlp.is_object() { tlp.get("label")? } else { tlp } {
        Value::Null => None,
        Value::String(label) => Some(label.trim().to_owned()),
        other => Some(other.to_string()),
    }
}

/// The first note of one of these categories, in their order.
fn note(notes: &[Note], categories: &[&str]) -> Option<String> {
    let mut found = categories.iter().filter_map(|wanted| notes.iter().find(|note| note.category == *wanted));
    found.next().map(|note| note.text.clone())
}

fn add_cves(record: &mut Record, vulnerabilities: &[Vulnerability]) {
    let cves: Vec<String> = vulnerabilities.iter().filter_map(|flaw| flaw.cve.clone()).collect();
    if vulnerabilities.len() == 1 {
        record.aliases.extend(cves);
    } else {
        record.upstream.extend(cves);
    }
}

/// CSAF 2.0, 3.2.3.2: a vulnerability need not have a CVE id. Of several, what is said of that one must not be taken
/// for said of the others: it is called by another id, or by its place in the document, with that one's id, because
/// what has the same name counts as the same.
pub(super) fn name_each(vulnerabilities: &mut [Vulnerability], document: &str) {
    if vulnerabilities.len() < 2 {
        return;
    }
    forget_shared_ids(vulnerabilities, document);
    for (place, vulnerability) in vulnerabilities.iter_mut().enumerate() {
        let own = vulnerability.cve.clone();
        let other = || vulnerability.ids.iter().find_map(|id| id.text.clone());
        let made = || format!("{document}, vulnerability {}", place + 1);
        vulnerability.name = Some(own.or_else(other).unwrap_or_else(made));
    }
}

/// Some give the advisory's own id for each of its vulnerabilities (3.2.3.6 does not forbid it). It names none of them,
/// nor does the CVE id of another of them. Names are the same here if the catalogue takes them for the same.
fn forget_shared_ids(vulnerabilities: &mut [Vulnerability], document: &str) {
    let mut first: HashMap<String, usize> = HashMap::new();
    let key = |name: &str| name.trim().to_lowercase();
    let mut shared = HashSet::from([key(document)]);
    for (place, vulnerability) in vulnerabilities.iter().enumerate() {
        let ids = vulnerability.ids.iter().filter_map(|id| id.text.as_ref());
        for name in ids.chain(&vulnerability.cve).map(|name| key(name)) {
            if *first.entry(name.clone()).or_insert(place) != place {
                shared.insert(name);
            }
        }
    }
    for vulnerability in vulnerabilities {
        vulnerability.ids.retain(|id| id.text.as_ref().is_some_and(|text| !shared.contains(&key(text))));
    }
}

fn add_vulnerability(record: &mut Record, vulnerability: &mut Vulnerability, publisher: Option<&String>) {
    let name = vulnerability.name.as_ref();
    for cwe in vulnerability.cwe.iter().chain(&vulnerability.cwes) {
        weakness::collect(&mut record.weaknesses, &cwe.id);
    }
    for scores in std::mem::take(&mut vulnerability.scores) {
        add_scores(&mut record.severities, scores, name, publisher);
    }
    for metric in std::mem::take(&mut vulnerability.metrics) {
        let source = metric.source.as_ref().or(publisher);
        if let Some(content) = metric.content {
            add_scores(&mut record.severities, content, name, source);
        }
    }
    let exploited = vulnerability.exploitation_dates.iter().filter_map(|known| known.at).min();
    if let (Some(at), None) = (exploited, &record.exploited) {
        let day = jiff::tz::TimeZone::UTC.to_datetime(at).date();
        record.exploited = Some(Exploited { date_added: Some(day), ..Exploited::default() });
    }
    if record.summary.is_none() {
        record.summary = note(&vulnerability.notes, &["summary", "description"]);
    }
    if record.title.is_none() {
        record.title = vulnerability.title.take();
    }
    add_links(&mut record.references, std::mem::take(&mut vulnerability.references));
    add_thanks(&mut record.credits, std::mem::take(&mut vulnerability.acknowledgments));
}

/// `name` is the vulnerability that the scores hold for, where the document speaks of several.
fn add_scores(
    severities: &mut Vec<Severity>,
    scores: Scores,
    name: Option<&String>,
    source: Option<&String>,
) {
    for (version, score) in [("4.0", scores.cvss_v4), ("3.1", scores.cvss_v3), ("2.0", scores.cvss_v2)] {
        let Some(Cvss { vector_string, base_score, version: stated }) = score else { continue };
        let version = stated.unwrap_or_else(|| version.to_owned());
        let mut severity = cvss::severity(vector_string, version, base_score, source.cloned());
        severity.vulnerabilities.extend(name.cloned());
        let is_same = |known: &&mut Severity| {
            (&known.vector, &known.version, known.score, &known.source)
                == (&severity.vector, &severity.version, severity.score, &severity.source)
                && known.vulnerabilities.is_empty() == severity.vulnerabilities.is_empty()
        };
        match severities.iter_mut().take(DISTINCT).find(is_same) {
            Some(known) if known.vulnerabilities.last() == name => {}
            Some(known) => known.vulnerabilities.extend(severity.vulnerabilities),
            None => severities.push(severity),
        }
    }
}

fn add_links(references: &mut Vec<Reference>, links: Vec<Link>) {
    for link in links {
        if !references.iter().take(DISTINCT).any(|known| known.url == link.url) {
            references.push(Reference {
                kind: link.category.into_iter().collect(),
                url: link.url,
                name: link.summary,
            });
        }
    }
}

fn add_thanks(credits: &mut Vec<Credit>, thanks: Vec<Thanks>) {
    for thank in thanks {
        let names = thank.names.into_iter();
        let name = match (names.collect::<Vec<_>>().join(", "), thank.organization) {
            (names, Some(organisation)) if names.is_empty() => organisation,
            (names, Some(organisation)) => format!("{names} ({organisation})"),
            (names, None) => names,
        };
        if !name.is_empty() {
            credits.push(Credit { name, kind: None });
        }
    }
}

/// A row for each product and status, with the vulnerabilities that it holds for.
fn affected(vulnerabilities: &[Vulnerability], products: &HashMap<String, Product>) -> Vec<Affected> {
    let mut rows: Vec<Affected> = Vec::new();
    let mut at: HashMap<(&str, Status), usize> = HashMap::new();
    for vulnerability in vulnerabilities {
        let Some(statuses) = &vulnerability.product_status else { continue };
        for (product_id, status) in by_status(statuses) {
            let index = *at.entry((product_id, status)).or_insert_with(|| {
                rows.push(row(products.get(product_id), status));
                rows.len() - 1
            });
            if let (Some(row), Some(name)) = (rows.get_mut(index), &vulnerability.name)
                && row.vulnerabilities.last() != Some(name)
            {
                row.vulnerabilities.push(name.clone());
            }
        }
    }
    rows
}

pub(super) fn by_status(statuses: &Statuses) -> impl Iterator<Item = (&str, Status)> {
    [
        (&statuses.known_affected, Status::Affected),
        (&statuses.first_affected, Status::Affected),
        (&statuses.last_affected, Status::Affected),
        (&statuses.fixed, Status::Fixed),
        (&statuses.first_fixed, Status::Fixed),
        (&statuses.known_not_affected, Status::NotAffected),
        (&statuses.under_investigation, Status::UnderInvestigation),
        (&statuses.unknown, Status::Unknown),
    ]
    .into_iter()
    .flat_map(|(ids, status)| ids.iter().map(move |id| (id.as_str(), status)))
}

/// A product that the tree does not define still counts, as a row without names.
fn row(product: Option<&Product>, status: Status) -> Affected {
    let Some(product) = product else {
        return Affected { default_status: Some(status), ..Affected::default() };
    };
    let mut row = product.row.clone();
    if product.version.is_empty() {
        row.default_status = Some(status);
    } else {
        row.version_entries.push(VersionEntry {
            version: product.version.clone(),
            status,
            version_type: product.range.map(str::to_owned),
            ..VersionEntry::default()
        });
    }
    row
}
