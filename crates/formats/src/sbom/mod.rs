//! Bills of materials: what a product is made of.
//!
//! Authority: CycloneDX 1.2 to 1.7 in JSON and XML (`components`, nested ones too, and `vulnerabilities`
//! with their `analysis`), SPDX 2.2 and 2.3 in JSON and as tags and values (`packages` with
//! `externalRefs`), SPDX 3.0 in JSON-LD (`software_Package`, and VEX of its profile Security).

mod cyclonedx;
mod cyclonedx_xml;
mod link;
mod spdx;
mod spdx3;
mod spdx_lines;
#[cfg(test)]
mod tests;

pub(crate) use link::is_bom_link;

use crate::door;
use crate::limits::NAME_BYTES;
use crate::read::{Place, ReadError, Reason, parse};
use crate::vex::{Product, Statement};
use serde::Deserialize;

/// A bill of materials, as far as questions about its parts need it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sbom {
    /// `CycloneDX 1.6`, `SPDX-2.3`, `SPDX-3.0.1`.
    pub format: String,
    /// What it is a bill of, if it says so.
    pub subject: Option<Component>,
    /// The parts, in the document's order, parts of parts included.
    pub components: Vec<Component>,
    /// What it says itself of vulnerabilities of its parts.
    pub statements: Vec<Statement>,
    /// What links to its parts from outside begin with.
    link: Option<String>,
    /// Where it speaks of vulnerabilities, if it does; what it says may be about nothing that can be told.
    speaks_at: Option<&'static str>,
}

/// Why a document is not VEX on the parts of others.
#[derive(Debug)]
pub enum NoVex {
    /// It is a bill of materials.
    Bill(Box<Sbom>),
    /// Nothing that it says is about a part that others could know.
    NamesNoPart(ReadError),
}

/// A document that has no id, and its author that has no name. Who lists no parts speaks of those of others.
fn unnamed(parts: &[Component]) -> (&'static str, &'static str) {
    match parts.is_empty() {
        true => ("a VEX document without an id", "a VEX document"),
        false => ("the bill of materials itself", "the bill of materials"),
    }
}

/// Whether a name means the same in every document: a package URL or a CPE name.
fn holds_everywhere(name: &str) -> bool {
    name.starts_with("pkg:") || name.starts_with("cpe:")
}

/// A part.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Component {
    /// JSON pointer to it; where it is no JSON, to the same in JSON.
    pub place: String,
    /// Its name, with its group if it has one.
    pub name: String,
    /// Its version, where given apart from its names.
    pub version: Option<String>,
    /// Its package URL.
    pub purl: Option<String>,
    /// Its CPE names.
    pub cpes: Vec<String>,
    /// What the bill calls it within itself: `bom-ref` of CycloneDX, `spdxId` of SPDX 3.
    #[serde(skip)]
    pub reference: Option<String>,
}

impl Sbom {
    /// What a document that lists no parts says of those of others, which is VEX.
    ///
    /// # Errors
    /// It is a bill, and given back; or no statement is left that is about a part of another.
    pub fn into_vex(self) -> Result<Vec<Statement>, NoVex> {
        let Some(place) = self.speaks_at.filter(|_| self.components.is_empty()) else {
            return Err(NoVex::Bill(Box::new(self)));
        };
        let Self { subject, mut statements, .. } = self;
        let names = subject.into_iter().flat_map(|own| own.purl.into_iter().chain(own.cpes));
        let names: Vec<String> = names.filter(|name| name.len() <= NAME_BYTES).collect();
        for statement in &mut statements {
            // Its own references mean nothing elsewhere. What it says of other versions is of no use there.
            let (own, others): (Vec<_>, Vec<_>) =
                std::mem::take(&mut statement.products).into_iter().partition(|one| one.reference.is_some());
            // Versions are held against that of one part, to which only a link leads.
            let is_link = |name: &String| link::is_bom_link(name);
            let others = others.into_iter();
            let heard = others.filter(|one| one.versions.is_empty() || one.names.iter().any(is_link));
            statement.products = heard.collect();
            if !names.is_empty() && own.iter().any(|product| product.versions.is_empty()) {
                statement.products.push(Product { names: names.clone(), ..Product::default() });
            }
        }
        statements.retain(|statement| !statement.products.is_empty());
        if statements.is_empty() {
            let place = Place { pointer: place.to_owned(), ..Place::default() };
            let why = "no statement about a part that is named by a BOM-Link, or by a package URL or a CPE name \
                       and without a list of versions";
            return Err(NoVex::NamesNoPart(ReadError::new(place, Reason::Shape(why.to_owned()))));
        }
        Ok(statements)
    }

    /// What a part is called within this bill, by a link from outside (BOM-Link); `is_there` knows those names.
    pub fn linked(&self, link: &str, is_there: impl Fn(&str) -> bool) -> Option<String> {
        link::reference(self.link.as_ref()?, link, is_there)
    }
}

/// Reads a bill of materials.
///
/// # Errors
/// If it is none, or breaks one of the limits in [`crate::limits`]; with the place.
pub fn read(bytes: &[u8]) -> Result<Sbom, ReadError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Head {
        bom_format: Option<String>,
        spdx_version: Option<String>,
        #[serde(rename = "@context")]
        context: Option<serde_json::Value>,
    }
    let text = door::decode(bytes)?;
    if text.trim_start().starts_with('<') && cyclonedx_xml::is_beginning(text) {
        return cyclonedx_xml::read(text);
    }
    if spdx_lines::is_beginning(text) {
        return spdx_lines::read(text);
    }
    let other = || {
        let reason = "neither CycloneDX (JSON, XML) nor SPDX (JSON, tags and values, JSON-LD)".to_owned();
        ReadError::whole(Reason::NotARecord(reason))
    };
    if !text.trim_start().starts_with(['{', '[']) {
        return Err(other());
    }
    let text = door::admit(bytes)?;
    let head: Head = parse(text)?;
    let context = head.context.as_ref().and_then(serde_json::Value::as_str);
    match (head.bom_format.as_deref(), head.spdx_version.as_deref()) {
        (Some("CycloneDX"), _) => cyclonedx::read(text),
        (_, Some(version)) if version.starts_with("SPDX-2.") => spdx::read(text),
        _ if context.is_some_and(spdx3::is_context) => spdx3::read(text),
        _ => Err(other()),
    }
}
