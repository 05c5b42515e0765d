//! Products, their versions and remediations.

use super::texts::{CVE_TEXT, url};
use super::{Findings, Format};
use crate::advisory::{Advisory, Package, Product, Versions, Which, grammar};
use crate::osv;
use crate::record::Status;
use std::collections::HashMap;

pub(super) fn check(advisory: &Advisory, found: &mut Findings) {
    let products = &advisory.products;
    if products.is_empty() {
        found.error(Format::Csaf, "/products", "names no product");
        found.error(Format::Cve, "/products", "names no product");
    } else if !products.iter().flat_map(|product| &product.versions).any(may_be_hit) {
        found.error(Format::Cve, "/products", "names no version that is or may be affected");
    }
    if products.iter().all(|product| product.package.is_none()) {
        found.warning(Format::Osv, "/products", "names no package, so that the record matches nothing");
    }
    for (at, one) in products.iter().enumerate() {
        product(one, &format!("/products/{at}"), found);
    }
    contradictions(products, found);
}

/// CVE asks for at least one version that is affected or unknown.
fn may_be_hit(versions: &Versions) -> bool {
    !matches!(versions.status, Status::NotAffected | Status::Fixed)
}

fn product(product: &Product, place: &str, found: &mut Findings) {
    found.line(format!("{place}/vendor"), &product.vendor, 512);
    found.line(format!("{place}/product"), &product.product, 2048);
    found.optional(format!("{place}/statement"), product.statement.as_deref(), CVE_TEXT);
    if let Some(package) = &product.package {
        package_name(package, &format!("{place}/package"), found);
    }
    if product.versions.is_empty() {
        found.error(Format::All, format!("{place}/versions"), "names no version");
    }
    for (at, one) in product.versions.iter().enumerate() {
        versions(one, &format!("{place}/versions/{at}"), found);
        if one.version_type.as_deref() == Some("git") && product.package.is_some() {
            found.warning(
                Format::Osv,
                format!("{place}/versions/{at}"),
                "is by commits and left out of the record",
            );
        }
    }
    let is_hit = product.versions.iter().any(|versions| versions.status == Status::Affected);
    if is_hit && product.remediations.is_empty() {
        found.warning(Format::Csaf, format!("{place}/remediations"), "says nothing about what to do");
    }
    for (at, remedy) in product.remediations.iter().enumerate() {
        let place = format!("{place}/remediations/{at}");
        let link = remedy.url.as_ref().map_or(0, |url| url.len() + 1);
        found.text(format!("{place}/details"), &remedy.details, CVE_TEXT.saturating_sub(link));
        if let Some(link) = &remedy.url {
            url(link, format!("{place}/url"), found);
        }
    }
}

fn package_name(package: &Package, place: &str, found: &mut Findings) {
    if !osv::is_ecosystem(&package.ecosystem) {
        found.error(Format::Osv, format!("{place}/ecosystem"), "is not an ecosystem of OSV");
    }
    found.line(format!("{place}/ecosystem"), &package.ecosystem, 2048);
    found.line(format!("{place}/name"), &package.name, 2048);
    if let Some(purl) = &package.purl
        && !grammar::is_purl(purl)
    {
        found.error(Format::All, format!("{place}/purl"), "is not a package URL without a version");
    }
}

fn versions(versions: &Versions, place: &str, found: &mut Findings) {
    if let Some(kind) = &versions.version_type {
        found.line(format!("{place}/version_type"), kind, 128);
    }
    let place = format!("{place}/which");
    let mut bounds: Vec<&String> = Vec::new();
    match &versions.which {
        Which::All => {}
        Which::Exact(version) => {
            if let Some(word) = range_word(version) {
                let reason = format!("has {word:?} in it, so it is a range and not one version");
                found.error(Format::All, place.clone(), reason);
            }
            bounds.push(version);
        }
        Which::From(version) => bounds.push(version),
        Which::Before { introduced, fixed: end } | Which::UpTo { introduced, last_affected: end } => {
            bounds.extend(introduced);
            bounds.push(end);
        }
    }
    for bound in bounds {
        found.line(place.clone(), bound, 1024);
    }
    if let Which::Before { introduced: Some(introduced), fixed } = &versions.which
        && introduced == fixed
    {
        found.error(Format::All, place, "is fixed where it is introduced");
    }
}

/// What CSAF test 6.1.31 takes for a sign that one version is none.
fn range_word(version: &str) -> Option<&'static str> {
    const WORDS: [&str; 7] = ["after", "all", "before", "earlier", "later", "prior", "versions"];
    let version = version.to_lowercase();
    let sign = ["<", ">"].into_iter().find(|sign| version.contains(sign));
    let said =
        |word: &&str| version.split([' ', '<', '>', '=']).flat_map(str::split_whitespace).any(|w| w == *word);
    sign.or_else(|| WORDS.into_iter().find(said))
}

/// The same versions of the same product cannot have two statuses.
fn contradictions(products: &[Product], found: &mut Findings) {
    let mut statuses = HashMap::new();
    for (at, product) in products.iter().enumerate() {
        for (nth, versions) in product.versions.iter().enumerate() {
            let package = product.package.as_ref().map(|package| (&package.ecosystem, &package.name));
            let key = (&product.vendor, &product.product, package, &versions.which);
            if *statuses.entry(key).or_insert(versions.status) != versions.status {
                let place = format!("/products/{at}/versions/{nth}");
                found.error(Format::All, place, "contradicts the status given before");
            }
        }
    }
}
