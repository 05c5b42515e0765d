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

pub use link::is_bom_link;

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
    /// What it says itself of vulnerabilities of its parts; without products, where none of those that it names is here.
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

/// Whether a name means the same in every document: a package URL with a type and a name, or a CPE name with its
/// eleven attributes or, as a URI, what it is of. Whether their parts are right is found out where they are compared.
fn holds_everywhere(name: &str) -> bool {
    let after = |scheme: &str| {
        let (start, rest) = name.trim().split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    };
    let is_purl = |rest: &str| {
        let path = rest.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
        path.split_once('/').is_some_and(|(kind, path)| is_type(kind) && has_name(path.trim_matches('/')))
    };
    let is_formatted =
        |rest: &str| rest.replace("\\:", "").split(':').filter(|part| !part.is_empty()).count() == 11;
    let is_uri = |rest: &str| matches!(rest.split(':').next(), Some("a" | "o" | "h"));
    after("pkg:").is_some_and(is_purl)
        || after("cpe:2.3:").is_some_and(is_formatted)
        || after("cpe:/").is_some_and(is_uri)
}

/// The purl specification, "type": letters, digits, dots and hyphens, a letter first.
fn is_type(text: &str) -> bool {
    let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
    text.starts_with(|letter: char| letter.is_ascii_alphabetic()) && text.chars().all(is_allowed)
}

/// Whether there is a name before the version; the namespace of npm begins as that does.
fn has_name(path: &str) -> bool {
    path.strip_prefix('@').map_or(!path.is_empty(), |scope| scope.contains('/'))
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

impl Component {
    /// What others know it by: its package URL and CPE names or, without any, name and version.
    fn names_elsewhere(self) -> Vec<String> {
        let called = self.version.filter(|_| !self.name.is_empty()).map(|own| format!("{} {own}", self.name));
        let names: Vec<String> = self.purl.into_iter().chain(self.cpes).collect();
        let names = if names.is_empty() { called.into_iter().collect() } else { names };
        names.into_iter().filter(|name| name.len() <= NAME_BYTES).collect()
    }
}

/// What is said of a document's own product, by the names that it has elsewhere: of all versions, and of some. A
/// document may say so a million times of one.
fn elsewhere(own: Vec<Product>, names: &[String]) -> impl Iterator<Item = Product> {
    let all = own.iter().any(|product| product.versions.is_empty()).then(Vec::new);
    let some: Vec<_> = own.into_iter().flat_map(|product| product.versions).collect();
    // Versions beside CPE names cannot be compared; what is said of all must not stand alone then.
    let is_cpe = |name: &String| name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("cpe:"));
    let all = all.filter(|_| some.is_empty() || !names.iter().all(is_cpe));
    let said = all.into_iter().chain((!some.is_empty()).then_some(some)).filter(|_| !names.is_empty());
    said.map(|versions| Product { names: names.to_vec(), versions, ..Product::default() })
}

impl Sbom {
    /// What a document that lists no parts says of those of others, which is VEX.
    ///
    /// # Errors
    /// It is a bill, and given back; or no statement is about a part of another. Where some are, the others are left
    /// without products.
    pub fn into_vex(self) -> Result<Vec<Statement>, NoVex> {
        let Some(place) = self.speaks_at.filter(|_| self.components.is_empty()) else {
            return Err(NoVex::Bill(Box::new(self)));
        };
        let Self { subject, mut statements, .. } = self;
        let names = subject.map(Component::names_elsewhere).unwrap_or_default();
        for statement in &mut statements {
            // Its own references mean nothing elsewhere.
            let (own, mut others): (Vec<_>, Vec<_>) =
                std::mem::take(&mut statement.products).into_iter().partition(|one| one.reference.is_some());
            others.extend(elsewhere(own, &names));
            statement.products = others;
        }
        if statements.iter().all(|statement| statement.products.is_empty()) {
            let place = Place { pointer: place.to_owned(), ..Place::default() };
            let why = "no statement about a part that is named by a BOM-Link, a package URL or a CPE name, or about \
                       the product by its name and version";
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
