//! CycloneDX in JSON, and what it comes to.

use super::{Component, Sbom, holds_everywhere, link, unnamed};
use crate::lenient::{name, nullable, time};
use crate::read::{ReadError, parse};
use crate::record::Status;
use crate::vex::{self, Product, Statement};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bom {
    #[serde(default, deserialize_with = "nullable")]
    pub(super) spec_version: String,
    pub(super) serial_number: Option<String>,
    #[serde(default, deserialize_with = "number")]
    pub(super) version: Option<String>,
    pub(super) metadata: Option<Metadata>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) components: Vec<Part>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) vulnerabilities: Vec<Vulnerability>,
}

#[derive(Deserialize, Default)]
pub(super) struct Metadata {
    pub(super) component: Option<Part>,
    #[serde(default, deserialize_with = "time")]
    pub(super) timestamp: Option<Timestamp>,
    pub(super) supplier: Option<Named>,
    pub(super) manufacturer: Option<Named>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) authors: Vec<Named>,
}

/// A person or an organisation.
#[derive(Deserialize, Default)]
pub(super) struct Named {
    #[serde(default, deserialize_with = "name")]
    pub(super) name: Option<String>,
}

impl Metadata {
    fn author(&self) -> Option<String> {
        let all = self.supplier.iter().chain(&self.manufacturer).chain(&self.authors);
        all.filter_map(|one| one.name.clone()).next()
    }
}

#[derive(Deserialize, Default)]
pub(super) struct Part {
    #[serde(rename = "bom-ref")]
    pub(super) reference: Option<String>,
    pub(super) group: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) purl: Option<String>,
    pub(super) cpe: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) components: Vec<Part>,
}

#[derive(Deserialize, Default)]
pub(super) struct Vulnerability {
    pub(super) id: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) references: Vec<Alias>,
    pub(super) analysis: Option<Analysis>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) affects: Vec<Affects>,
    #[serde(default, deserialize_with = "time")]
    pub(super) updated: Option<Timestamp>,
}

/// The same vulnerability in another database.
#[derive(Deserialize, Default)]
pub(super) struct Alias {
    pub(super) id: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Analysis {
    #[serde(default, deserialize_with = "status")]
    pub(super) state: Status,
    pub(super) justification: Option<String>,
    pub(super) detail: Option<String>,
    /// Since 1.5, as is the other date.
    #[serde(default, deserialize_with = "time")]
    pub(super) first_issued: Option<Timestamp>,
    #[serde(default, deserialize_with = "time")]
    pub(super) last_updated: Option<Timestamp>,
}

/// A number that some write as a text.
fn number<'de, D: Deserializer<'de>>(json: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(json)? {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text),
        _ => None,
    })
}

fn status<'de, D: Deserializer<'de>>(json: D) -> Result<Status, D::Error> {
    crate::lenient::word(json, status_of)
}

pub(super) fn status_of(word: &str) -> Status {
    match word {
        "exploitable" => Status::Affected,
        "not_affected" | "false_positive" => Status::NotAffected,
        "resolved" | "resolved_with_pedigree" => Status::Fixed,
        "in_triage" => Status::UnderInvestigation,
        _ => Status::Unknown,
    }
}

#[derive(Deserialize, Default)]
pub(super) struct Affects {
    #[serde(rename = "ref")]
    pub(super) reference: Option<String>,
    #[serde(default, deserialize_with = "listed")]
    pub(super) versions: Vec<Versions>,
}

impl Affects {
    /// Whether it is a statement without any analysis: that a version is not affected.
    fn says(&self) -> bool {
        self.versions.iter().any(|versions| versions.word() == "unaffected")
    }
}

/// One version or a range of them, and no third; and whether they are affected.
#[derive(Default)]
pub(super) struct Versions {
    pub(super) version: Option<String>,
    pub(super) range: Option<String>,
    pub(super) status: Option<String>,
}

/// A list, or what should stand in one. What is no such thing is kept as a range that nobody can read: whatever is
/// said of some versions must not become true of all.
fn listed<'de, D: Deserializer<'de>>(json: D) -> Result<Vec<Versions>, D::Error> {
    Ok(match Value::deserialize(json)? {
        Value::Null => Vec::new(),
        Value::Array(all) => all.into_iter().map(Versions::of).collect(),
        one => vec![Versions::of(one)],
    })
}

impl Versions {
    fn of(json: Value) -> Self {
        let text = |field: &str| match json.get(field)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        };
        match json.is_object() {
            true => Self { version: text("version"), range: text("range"), status: text("status") },
            false => Self { range: Some(json.to_string()), ..Self::default() },
        }
    }

    fn word(&self) -> &str {
        self.status.as_deref().map(str::trim).unwrap_or("affected")
    }

    /// What is said of them, where `state` is what is said of the vulnerability: that a version is not affected is a
    /// statement of its own, and that it is affected is the default and none. But where the flaw is fixed and
    /// other versions of the part are told apart as not affected, it is not fixed in the affected ones.
    fn said(self, state: Option<Status>, is_apart: bool) -> vex::Versions {
        let status = match (self.word(), state) {
            ("affected", Some(Status::Fixed)) if is_apart => Some(Status::Affected),
            ("affected", state) => state,
            ("unaffected", Some(Status::Fixed)) => Some(Status::Fixed),
            ("unaffected", _) => Some(Status::NotAffected),
            (_, None | Some(Status::UnderInvestigation)) => state,
            _ => Some(Status::Unknown),
        };
        let (text, is_range) = match (self.version, self.range) {
            (Some(version), None) => (version, false),
            (None, range) => (range.unwrap_or_default(), true),
            (Some(version), Some(range)) => (format!("{version} and {range}"), true),
        };
        vex::Versions { text, is_range, status }
    }
}

pub(super) fn read(text: &str) -> Result<Sbom, ReadError> {
    read_bom(parse(text)?)
}

/// What a bill comes to, however it was written.
pub(super) fn read_bom(bom: Bom) -> Result<Sbom, ReadError> {
    let mut all = Parts::default();
    let metadata = bom.metadata.unwrap_or_default();
    let (author, subject, at) = (metadata.author(), metadata.component, metadata.timestamp);
    let subject = subject.map(|part| all.add(part, "/metadata/component"));
    all.components.clear();
    for (at, part) in bom.components.into_iter().enumerate() {
        all.walk(part, &format!("/components/{at}"));
    }
    all.link = bom.serial_number.as_ref().and_then(|number| link::start(number, bom.version.as_deref()));
    let (document, source) = unnamed(&all.components);
    let document = bom.serial_number.unwrap_or_else(|| document.to_owned());
    let author = author.filter(|_| all.components.is_empty());
    let source = author.unwrap_or_else(|| source.to_owned());
    let speaks_at = (!bom.vulnerabilities.is_empty()).then_some("/vulnerabilities");
    let said = bom.vulnerabilities.into_iter();
    let statements = vex::gathered(said.filter_map(|said| all.statement(said, (&document, &source), at)))?;
    Ok(Sbom {
        format: format!("CycloneDX {}", bom.spec_version).trim_end().to_owned(),
        subject,
        components: all.components,
        statements,
        link: all.link,
        speaks_at,
    })
}

/// Versions of one part in one place, wherever they were listed: what is said of one of them bears on the others.
fn together(all: Vec<Affects>) -> Vec<Affects> {
    let (mut joined, mut places) = (Vec::<Affects>::new(), HashMap::new());
    for affects in all {
        let place =
            *places.entry((affects.reference.clone(), affects.versions.is_empty())).or_insert(joined.len());
        match joined.get_mut(place) {
            Some(known) => known.versions.extend(affects.versions),
            None => joined.push(affects),
        }
    }
    joined
}

#[derive(Default)]
struct Parts {
    components: Vec<Component>,
    /// Those that lead somewhere.
    references: HashSet<String>,
    /// What links to them from outside begin with.
    link: Option<String>,
}

impl Parts {
    /// The door has limited the depth, so this may recurse.
    fn walk(&mut self, mut part: Part, place: &str) {
        let inner = std::mem::take(&mut part.components);
        self.add(part, place);
        for (at, part) in inner.into_iter().enumerate() {
            self.walk(part, &format!("{place}/components/{at}"));
        }
    }

    fn add(&mut self, part: Part, place: &str) -> Component {
        let name = match part.group.filter(|group| !group.is_empty()) {
            Some(group) => format!("{group}/{}", part.name),
            None => part.name,
        };
        let component = Component {
            place: place.to_owned(),
            name,
            version: part.version.filter(|version| !version.is_empty()),
            purl: part.purl.filter(|purl| !purl.is_empty()),
            cpes: part.cpe.into_iter().filter(|cpe| !cpe.is_empty()).collect(),
            reference: part.reference.filter(|reference| !reference.is_empty()),
        };
        self.references.extend(component.reference.clone());
        self.components.push(component.clone());
        component
    }

    /// What is said of parts; of none, if none of those that it names is there.
    fn statement(
        &self,
        said: Vulnerability,
        (document, source): (&str, &str),
        at: Option<Timestamp>,
    ) -> Option<Statement> {
        let state = said.analysis.as_ref().map(|analysis| analysis.state);
        let said_of = together(said.affects).into_iter().filter(|affects| state.is_some() || affects.says());
        let said_of: Vec<_> = said_of.collect();
        // What is listed without a word on it is no statement.
        if said_of.is_empty() && state.is_none() {
            return None;
        }
        let products: Vec<_> =
            said_of.into_iter().filter_map(|affects| self.product(affects, state)).collect();
        let analysis = said.analysis.unwrap_or_default();
        let why: Vec<String> = [analysis.justification, analysis.detail].into_iter().flatten().collect();
        let others = said.references.into_iter().filter_map(|alias| alias.id);
        Some(Statement {
            document: document.to_owned(),
            source: source.to_owned(),
            at: analysis.last_updated.or(analysis.first_issued).or(said.updated).or(at),
            vulnerabilities: said.id.into_iter().chain(others).collect(),
            status: analysis.state,
            // What is heard of nothing is counted, and needs no reason.
            why: vex::reasons(&why).filter(|_| !products.is_empty()),
            products,
        })
    }

    /// A part, if it is there or may be one of another bill.
    fn product(&self, affects: Affects, state: Option<Status>) -> Option<Product> {
        let is_there = |reference: &str| self.references.contains(reference);
        let linked = |link: &String| link::reference(self.link.as_ref()?, link, is_there);
        let (is_apart, name) = (affects.says(), affects.reference?);
        let reference = if is_there(&name) { Some(name.clone()) } else { linked(&name) };
        // A link may lead to a part of another bill. Who lists no parts speaks of those of others by package, too.
        let is_name =
            |name: &String| link::is_bom_link(name) || (self.components.is_empty() && holds_everywhere(name));
        let names = if reference.is_none() { vec![name] } else { Vec::new() };
        if !names.iter().all(is_name) {
            return None;
        }
        let versions = affects.versions.into_iter().map(|versions| versions.said(state, is_apart));
        Some(Product { names, reference, versions: versions.collect(), ..Product::default() })
    }
}
