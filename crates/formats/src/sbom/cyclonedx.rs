//! CycloneDX in JSON, and what it comes to.

use super::{Component, Sbom};
use crate::lenient::{nullable, time};
use crate::read::{ReadError, parse};
use crate::record::Status;
use crate::vex::{Product, Statement};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::HashSet;

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bom {
    #[serde(default, deserialize_with = "nullable")]
    pub(super) spec_version: String,
    pub(super) serial_number: Option<String>,
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
pub(super) struct Analysis {
    #[serde(default, deserialize_with = "status")]
    pub(super) state: Status,
    pub(super) justification: Option<String>,
    pub(super) detail: Option<String>,
}

fn status<'de, D: serde::Deserializer<'de>>(json: D) -> Result<Status, D::Error> {
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
}

pub(super) fn read(text: &str) -> Result<Sbom, ReadError> {
    Ok(read_bom(parse(text)?))
}

/// What a bill comes to, however it was written.
pub(super) fn read_bom(bom: Bom) -> Sbom {
    let mut all = Parts::default();
    let (subject, at) = match bom.metadata {
        Some(metadata) => (metadata.component, metadata.timestamp),
        None => (None, None),
    };
    let subject = subject.map(|part| all.add(part, "/metadata/component"));
    all.components.clear();
    for (at, part) in bom.components.into_iter().enumerate() {
        all.walk(part, &format!("/components/{at}"));
    }
    let document = bom.serial_number.unwrap_or_else(|| "the bill of materials itself".to_owned());
    let statements =
        bom.vulnerabilities.into_iter().filter_map(|said| all.statement(said, &document, at)).collect();
    Sbom {
        format: format!("CycloneDX {}", bom.spec_version).trim_end().to_owned(),
        subject,
        components: all.components,
        statements,
    }
}

#[derive(Default)]
struct Parts {
    components: Vec<Component>,
    /// Those that lead somewhere.
    references: HashSet<String>,
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

    /// What is said of parts that are there.
    fn statement(&self, said: Vulnerability, document: &str, at: Option<Timestamp>) -> Option<Statement> {
        let analysis = said.analysis?;
        let is_there = |reference: &String| self.references.contains(reference);
        let references = said.affects.into_iter().filter_map(|affects| affects.reference).filter(is_there);
        let products: Vec<Product> = references
            .map(|reference| Product { reference: Some(reference), ..Product::default() })
            .collect();
        if products.is_empty() {
            return None;
        }
        let why: Vec<String> = [analysis.justification, analysis.detail].into_iter().flatten().collect();
        let others = said.references.into_iter().filter_map(|alias| alias.id);
        Some(Statement {
            document: document.to_owned(),
            source: "the bill of materials".to_owned(),
            at: said.updated.or(at),
            vulnerabilities: said.id.into_iter().chain(others).collect(),
            products,
            status: analysis.state,
            why: (!why.is_empty()).then(|| why.join(": ")),
        })
    }
}
