//! SPDX 3 in JSON-LD.
//!
//! Authority: SPDX 3.0.1, the profiles Core, Software and Security, and its JSON serialisation: a list of
//! elements under `@graph`, each with its `type`, that name each other by `spdxId`.

use super::{Component, Sbom, unnamed};
use crate::lenient::{nullable, time};
use crate::read::{ReadError, parse};
use crate::record::Status;
use crate::vex::{self, Product, Statement};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::collections::{HashMap, HashSet};

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(rename = "@graph", borrow)]
    graph: Vec<&'a RawValue>,
}

/// Any element; what others have is not looked at.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Element {
    #[serde(rename = "type", default, deserialize_with = "nullable")]
    kind: String,
    spdx_id: Option<String>,
    name: Option<String>,
    spec_version: Option<String>,
    created: Option<String>,
    #[serde(default, deserialize_with = "one_or_many")]
    root_element: Vec<String>,
    #[serde(default, rename = "software_packageVersion")]
    version: Option<String>,
    #[serde(default, rename = "software_packageUrl")]
    purl: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    external_identifier: Vec<Identifier>,
    from: Option<String>,
    #[serde(default, deserialize_with = "one_or_many")]
    to: Vec<String>,
    #[serde(default, rename = "security_justificationType")]
    justification: Option<String>,
    #[serde(default, rename = "security_impactStatement")]
    impact: Option<String>,
    #[serde(default, rename = "security_statusNotes")]
    notes: Option<String>,
    #[serde(default, rename = "security_publishedTime", deserialize_with = "time")]
    published: Option<Timestamp>,
    #[serde(default, rename = "security_modifiedTime", deserialize_with = "time")]
    modified: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identifier {
    #[serde(default, deserialize_with = "nullable")]
    external_identifier_type: String,
    #[serde(default, deserialize_with = "nullable")]
    identifier: String,
}

/// A list of ids, or one that stands alone, as JSON-LD allows.
fn one_or_many<'de, D: Deserializer<'de>>(json: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Many(Vec<String>),
        One(String),
        None,
    }
    Ok(match Given::deserialize(json)? {
        Given::Many(ids) => ids,
        Given::One(id) => vec![id],
        Given::None => Vec::new(),
    })
}

/// Whether the context of a document is that of SPDX 3.
pub(super) fn is_context(context: &str) -> bool {
    context.starts_with("https://spdx.org/rdf/3.")
}

pub(super) fn read(text: &str) -> Result<Sbom, ReadError> {
    let document: Document<'_> = parse(text)?;
    let mut sbom = Sbom::default();
    let mut roots: Vec<String> = Vec::new();
    let mut packages: Vec<Component> = Vec::new();
    let (mut vulnerabilities, mut said) = (HashMap::new(), Vec::new());
    let mut at = None;
    for (number, raw) in document.graph.iter().enumerate() {
        // An element that is no object, or whose fields are of other types, says nothing of a package.
        let Ok(element) = serde_json::from_str::<Element>(raw.get()) else { continue };
        match element.kind.as_str() {
            "CreationInfo" if sbom.format.is_empty() => {
                sbom.format = format!("SPDX-{}", element.spec_version.unwrap_or_else(|| "3".to_owned()));
                at = element.created.and_then(|text| text.parse::<Timestamp>().ok());
            }
            "SpdxDocument" | "software_Sbom" | "Bom" => roots.extend(element.root_element),
            "software_Package" => packages.push(component(element, format!("/@graph/{number}"))),
            "security_Vulnerability" => {
                let of_list = element.external_identifier.into_iter().map(|one| one.identifier);
                let all: Vec<String> = element.name.into_iter().chain(of_list).collect();
                vulnerabilities.insert(element.spdx_id.unwrap_or_default(), all);
            }
            kind => said.extend(status_of(kind).map(|status| (status, element))),
        }
    }
    let references: HashSet<String> = packages.iter().filter_map(|part| part.reference.clone()).collect();
    let is_root = |part: &Component| part.reference.as_ref().is_some_and(|id| roots.contains(id));
    let is_one = packages.iter().filter(|part| is_root(part)).count() == 1;
    for component in packages {
        // Of several subjects each is a part of what the bill is about.
        if is_one && is_root(&component) {
            sbom.subject = Some(component);
        } else {
            sbom.components.push(component);
        }
    }
    sbom.speaks_at = (!said.is_empty()).then_some("/@graph");
    let own = unnamed(&sbom.components);
    let said = said.into_iter().map(|said| statement(said, &vulnerabilities, &references, at, own));
    sbom.statements = vex::gathered(said)?;
    if sbom.format.is_empty() {
        sbom.format = "SPDX-3".to_owned();
    }
    Ok(sbom)
}

fn component(element: Element, place: String) -> Component {
    let (mut purls, mut cpes) = (Vec::new(), Vec::new());
    for one in element.external_identifier {
        match one.external_identifier_type.as_str() {
            "packageUrl" | "purl" => purls.push(one.identifier),
            "cpe23" | "cpe22" => cpes.push(one.identifier),
            _ => {}
        }
    }
    let purl = element.purl.filter(|purl| !purl.is_empty()).or_else(|| purls.into_iter().next());
    let version = element.version.filter(|version| !matches!(version.as_str(), "" | "NOASSERTION" | "NONE"));
    let (name, reference) = (element.name.unwrap_or_default(), element.spdx_id);
    Component { place, name, version, purl, cpes, reference }
}

/// What a relationship of the profile Security says.
fn status_of(kind: &str) -> Option<Status> {
    Some(match kind {
        "security_VexAffectedVulnAssessmentRelationship" => Status::Affected,
        "security_VexNotAffectedVulnAssessmentRelationship" => Status::NotAffected,
        "security_VexFixedVulnAssessmentRelationship" => Status::Fixed,
        "security_VexUnderInvestigationVulnAssessmentRelationship" => Status::UnderInvestigation,
        _ => return None,
    })
}

fn statement(
    (status, element): (Status, Element),
    vulnerabilities: &HashMap<String, Vec<String>>,
    references: &HashSet<String>,
    at: Option<Timestamp>,
    (document, source): (&str, &str),
) -> Statement {
    let named = element.from.and_then(|id| vulnerabilities.get(&id));
    let known = element.to.into_iter().filter(|id| references.contains(id));
    let products = known.map(|id| Product { reference: Some(id), ..Product::default() }).collect();
    let why: Vec<String> =
        [element.justification, element.impact, element.notes].into_iter().flatten().collect();
    Statement {
        document: element.spdx_id.unwrap_or_else(|| document.to_owned()),
        source: source.to_owned(),
        at: element.modified.or(element.published).or(at),
        vulnerabilities: named.cloned().unwrap_or_default(),
        products,
        status,
        why: vex::reasons(&why),
    }
}
