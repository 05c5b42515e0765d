//! SPDX 2 in JSON.

use super::{Component, Sbom};
use crate::lenient::nullable;
use crate::read::{ReadError, parse};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(default, deserialize_with = "nullable")]
    spdx_version: String,
    #[serde(default, deserialize_with = "nullable")]
    document_describes: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    packages: Vec<Package>,
    #[serde(default, deserialize_with = "nullable")]
    relationships: Vec<Relationship>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    #[serde(rename = "SPDXID")]
    id: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    name: String,
    version_info: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    external_refs: Vec<Reference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    #[serde(default, deserialize_with = "nullable")]
    reference_type: String,
    #[serde(default, deserialize_with = "nullable")]
    reference_locator: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Relationship {
    #[serde(default, deserialize_with = "nullable")]
    relationship_type: String,
    #[serde(default, deserialize_with = "nullable")]
    related_spdx_element: String,
}

pub(super) fn read(text: &str) -> Result<Sbom, ReadError> {
    let document: Document = parse(text)?;
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
    Ok(sbom)
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
    Component { place, name: package.name, version, purl: purls.into_iter().next(), cpes }
}
