//! OpenVEX: which of its known vulnerabilities a product has.
//!
//! Authority: the OpenVEX specification 0.2.0; documents of 0.0.x, in which names are bare texts, are
//! read as well.

use crate::lenient::{name, nullable, time};
use crate::limits::{DISTINCT, NAME_BYTES, REMEDY_PRODUCTS};
use crate::read::{ReadError, parse};
use crate::record::{Affected, Record, Remedy, Source, Status, VersionEntry};
use crate::vex::{self, Statement};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "@id")]
    id: String,
    #[serde(default, deserialize_with = "name")]
    author: Option<String>,
    #[serde(default, deserialize_with = "time")]
    timestamp: Option<Timestamp>,
    #[serde(default, deserialize_with = "time")]
    last_updated: Option<Timestamp>,
    #[serde(default, deserialize_with = "nullable")]
    statements: Vec<Said>,
}

#[derive(Deserialize)]
struct Said {
    vulnerability: Named,
    #[serde(default, deserialize_with = "time")]
    timestamp: Option<Timestamp>,
    #[serde(default, deserialize_with = "nullable")]
    products: Vec<Product>,
    #[serde(default, deserialize_with = "status")]
    status: Status,
    justification: Option<String>,
    impact_statement: Option<String>,
    action_statement: Option<String>,
    status_notes: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Named {
    Bare(String),
    Full {
        name: Option<String>,
        #[serde(rename = "@id")]
        id: Option<String>,
        #[serde(default)]
        aliases: Vec<String>,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Product {
    Bare(String),
    Full {
        #[serde(rename = "@id")]
        id: Option<String>,
        #[serde(default)]
        identifiers: std::collections::BTreeMap<String, String>,
        #[serde(default)]
        subcomponents: Vec<Product>,
    },
}

fn status<'de, D: serde::Deserializer<'de>>(json: D) -> Result<Status, D::Error> {
    crate::lenient::word(json, |word| match word {
        "affected" => Status::Affected,
        "not_affected" => Status::NotAffected,
        "fixed" => Status::Fixed,
        "under_investigation" => Status::UnderInvestigation,
        _ => Status::Unknown,
    })
}

/// Reads a record from a document that has passed the door: it speaks of several vulnerabilities, none
/// of which it is.
pub(crate) fn read(text: &str) -> Result<Record, ReadError> {
    let document: Document = parse(text)?;
    let (id, published, modified) = (document.id.clone(), document.timestamp, document.last_updated);
    let author = document.author.clone();
    let by = author.as_deref().unwrap_or("an unnamed author");
    let mut record = Record {
        id,
        source: Source::Vex,
        title: Some(format!("Exploitability of known vulnerabilities, by {by}")),
        published,
        modified: modified.or(published),
        ..Record::default()
    };
    let mut prose = Vec::new();
    let mut remedies = Remedies { of: author, all: Vec::new(), places: HashMap::new() };
    for (statement, action) in statements(document) {
        let Some(name) = statement.vulnerabilities.first().cloned() else { continue };
        for name in &statement.vulnerabilities {
            if !record.upstream.contains(name) && record.upstream.len() < DISTINCT {
                record.upstream.push(name.clone());
            }
        }
        if let Some(why) = &statement.why {
            prose.push(format!("{name}: {why}"));
        }
        record
            .affected
            .extend(statement.products.iter().map(|product| row(product, statement.status, &name)));
        if let Some(action) = action {
            remedies.add(action, &name, &statement.products);
        }
    }
    record.details = Some(prose.join("\n")).filter(|text| !text.is_empty());
    record.remedies = remedies.all;
    Ok(record)
}

/// What to do, by statement (`action_statement`): what is said of several vulnerabilities in the same words
/// stands there once.
struct Remedies {
    of: Option<String>,
    all: Vec<Remedy>,
    /// By the words and the products.
    places: HashMap<(String, Vec<String>, usize), usize>,
}

impl Remedies {
    fn add(&mut self, text: String, vulnerability: &str, products: &[vex::Product]) {
        let names = products.iter().filter_map(|product| product.names.first());
        let names = names.filter(|name| name.len() <= NAME_BYTES).take(REMEDY_PRODUCTS);
        let names: Vec<String> = names.cloned().collect();
        let place = *self.places.entry((text, names, products.len())).or_insert_with_key(|said| {
            let (text, products, products_count) = said.clone();
            let source = self.of.clone();
            self.all.push(Remedy { text, products, products_count, source, ..Remedy::default() });
            self.all.len() - 1
        });
        if let Some(remedy) = self.all.get_mut(place)
            && remedy.vulnerabilities.last().is_none_or(|last| last != vulnerability)
        {
            remedy.vulnerabilities.push(vulnerability.to_owned());
        }
    }
}

fn row(product: &vex::Product, status: Status, vulnerability: &str) -> Affected {
    let name = product.names.iter().find(|name| name.starts_with("pkg:"));
    let version =
        name.and_then(|purl| purl.split(['?', '#']).next()?.rsplit_once('@')).map(|(_, version)| version);
    let entry = version.map(|version| VersionEntry {
        version: version.to_owned(),
        status,
        ..VersionEntry::default()
    });
    Affected {
        purl: name.cloned(),
        product: name.is_none().then(|| product.names.first().cloned()).flatten(),
        cpes: product.names.iter().filter(|name| name.starts_with("cpe:")).cloned().collect(),
        default_status: Some(if entry.is_some() { Status::Unknown } else { status }),
        version_entries: entry.into_iter().collect(),
        vulnerabilities: vec![vulnerability.to_owned()],
        ..Affected::default()
    }
}

/// What a document that has passed the door says.
pub(crate) fn said(text: &str) -> Result<Vec<Statement>, ReadError> {
    let with_action = |(statement, action): (Statement, Option<String>)| {
        let why: Vec<String> = statement.why.into_iter().chain(action).collect();
        Statement { why: vex::reasons(&why), ..statement }
    };
    vex::gathered(statements(parse(text)?).map(with_action))
}

/// Each statement, and what it says that one should do.
fn statements(document: Document) -> impl Iterator<Item = (Statement, Option<String>)> {
    let Document { id, author, timestamp, last_updated, statements } = document;
    let source = author.unwrap_or_else(|| id.clone());
    statements.into_iter().map(move |said| {
        let texts = [said.justification, said.impact_statement, said.status_notes];
        let why: Vec<String> = texts.into_iter().flatten().filter(|text| !text.is_empty()).collect();
        let mut vulnerabilities = match said.vulnerability {
            Named::Bare(name) => vec![name],
            Named::Full { name, id, aliases } => name.or(id).into_iter().chain(aliases).collect(),
        };
        // Each is copied to all products of the statement.
        vulnerabilities.retain(|name| name.len() <= NAME_BYTES);
        let statement = Statement {
            document: id.clone(),
            source: source.clone(),
            at: said.timestamp.or(last_updated).or(timestamp),
            vulnerabilities,
            products: said.products.into_iter().map(product).collect(),
            status: said.status,
            why: vex::reasons(&why),
        };
        let action = said.action_statement.map(|text| text.trim().to_owned());
        (statement, action.filter(|text| !text.is_empty()))
    })
}

fn product(product: Product) -> vex::Product {
    match product {
        Product::Bare(name) => vex::Product { names: vec![name], ..vex::Product::default() },
        Product::Full { id, identifiers, subcomponents } => {
            let mut names: Vec<String> = id.into_iter().collect();
            for (kind, name) in identifiers {
                if ["purl", "cpe22", "cpe23"].contains(&kind.as_str()) && !names.contains(&name) {
                    names.push(name);
                }
            }
            let parts = subcomponents.into_iter().map(self::product).collect();
            vex::Product { names, parts, ..vex::Product::default() }
        }
    }
}
