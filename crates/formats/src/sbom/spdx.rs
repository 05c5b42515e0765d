//! SPDX 2 in JSON, and what it comes to.

use super::{Component, Sbom};
use crate::lenient::nullable;
use crate::read::{ReadError, parse};
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document {
    #[serde(default, deserialize_with = "nullable")]
    pub(super) spdx_version: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) document_describes: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) packages: Vec<Package>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) relationships: Vec<Relationship>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Package {
    #[serde(rename = "SPDXID")]
    pub(super) id: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) name: String,
    pub(super) version_info: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) external_refs: Vec<Reference>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reference {
    #[serde(default, deserialize_with = "nullable")]
    pub(super) reference_type: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) reference_locator: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Relationship {
    #[serde(default, deserialize_with = "nullable")]
    pub(super) relationship_type: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) related_spdx_element: String,
}

pub(super) fn read(text: &str) -> Result<Sbom, ReadError> {
    Ok(read_document(parse(text)?))
}

/// What a document comes to, however it was written.
pub(super) fn read_document(document: Document) -> Sbom {
    let described = document.relationships.iter().filter(|one| one.relationship_type == "DESCRIBES");
    let mut described: Vec<&str> = described.map(|one| one.related_spdx_element.as_str()).collect();
    described.extend(document.document_describes.iter().map(String::as_str));
    described.sort_unstable();
    described.dedup();
    let mut sbom = Sbom { format: document.spdx_version, ..Sbom::default() };
    for (at, package) in document.packages.into_iter().enumerate() {
        let is_subject = package.id.as_deref().is_some_and(|id| described.contains(&id));
        let component = component(package, format!("/packages/{at}"));
        // Of several subjects each is a part of what the bill is about.
        if is_subject && described.len() == 1 {
            sbom.subject = Some(component);
        } else {
            sbom.components.push(component);
        }
    }
    sbom
}

fn component(package: Package, place: String) -> Component {
    let of_type = |kinds: &[&str]| {
        let wanted =
            |reference: &&Reference| kinds.iter().any(|kind| reference.reference_type.ends_with(kind));
        package
            .external_refs
            .iter()
            .filter(wanted)
            .map(|reference| reference.reference_locator.clone())
            .collect::<Vec<_>>()
    };
    let (purls, cpes) = (of_type(&["purl"]), of_type(&["cpe23Type", "cpe22Type"]));
    let version =
        package.version_info.filter(|version| !matches!(version.as_str(), "" | "NOASSERTION" | "NONE"));
    let purl = purls.into_iter().next();
    Component { place, name: package.name, version, purl, cpes, reference: None }
}
