//! CycloneDX in JSON.

use super::{Component, Sbom};
use crate::lenient::{nullable, time};
use crate::read::{ReadError, parse};
use crate::record::Status;
use crate::vex::{Product, Statement};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bom {
    #[serde(default, deserialize_with = "nullable")]
    spec_version: String,
    serial_number: Option<String>,
    metadata: Option<Metadata>,
    #[serde(default, deserialize_with = "nullable")]
    components: Vec<Part>,
    #[serde(default, deserialize_with = "nullable")]
    vulnerabilities: Vec<Vulnerability>,
}

#[derive(Deserialize)]
struct Metadata {
    component: Option<Part>,
    #[serde(default, deserialize_with = "time")]
    timestamp: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Part {
    #[serde(rename = "bom-ref")]
    reference: Option<String>,
    group: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    name: String,
    version: Option<String>,
    purl: Option<String>,
    cpe: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    components: Vec<Part>,
}

#[derive(Deserialize)]
struct Vulnerability {
    id: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    references: Vec<Alias>,
    analysis: Option<Analysis>,
    #[serde(default, deserialize_with = "nullable")]
    affects: Vec<Affects>,
    #[serde(default, deserialize_with = "time")]
    updated: Option<Timestamp>,
}

/// The same vulnerability in another database.
#[derive(Deserialize)]
struct Alias {
    id: Option<String>,
}

#[derive(Deserialize)]
struct Analysis {
    #[serde(default, deserialize_with = "status")]
    state: Status,
    justification: Option<String>,
    detail: Option<String>,
}

fn status<'de, D: serde::Deserializer<'de>>(json: D) -> Result<Status, D::Error> {
    crate::lenient::word(json, |word| match word {
        "exploitable" => Status::Affected,
        "not_affected" | "false_positive" => Status::NotAffected,
        "resolved" | "resolved_with_pedigree" => Status::Fixed,
        "in_triage" => Status::UnderInvestigation,
        _ => Status::Unknown,
    })
}

#[derive(Deserialize)]
struct Affects {
    #[serde(rename = "ref")]
    reference: Option<String>,
}

pub(super) fn read(text: &str) -> Result<Sbom, ReadError> {
    let bom: Bom = parse(text)?;
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
    Ok(Sbom {
        format: format!("CycloneDX {}", bom.spec_version).trim_end().to_owned(),
        subject,
        components: all.components,
        statements,
    })
}

#[derive(Default)]
struct Parts {
    components: Vec<Component>,
    /// The names of what a reference leads to.
    names: HashMap<String, Vec<String>>,
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
        };
        if let Some(reference) = part.reference {
            let names = component.purl.iter().chain(&component.cpes).cloned().collect();
            self.names.insert(reference, names);
        }
        self.components.push(component.clone());
        component
    }

    /// What is said of parts that are there.
    fn statement(&self, said: Vulnerability, document: &str, at: Option<Timestamp>) -> Option<Statement> {
        let analysis = said.analysis?;
        let names = |affects: &Affects| self.names.get(affects.reference.as_ref()?).cloned();
        let products: Vec<Product> =
            said.affects.iter().filter_map(names).map(|names| Product { names, parts: Vec::new() }).collect();
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
