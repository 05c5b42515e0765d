//! What a CSAF document says of each product and vulnerability, as VEX has it.

use super::model::Vulnerability;
use super::read::{by_status, document, name_each, products_of};
use super::tree::Product;
use crate::read::{Kind, Place, ReadError, Reason};
use crate::vex::{self, Statement};
use std::collections::HashMap;

/// What a document that has passed the door says.
pub(crate) fn said(text: &str, kind: Kind) -> Result<Vec<Statement>, ReadError> {
    let mut csaf = document(text, kind)?;
    let products = products_of(csaf.product_tree)?;
    let tracking = csaf.document.tracking;
    name_each(&mut csaf.vulnerabilities, &tracking.id);
    let publisher = csaf.document.publisher.and_then(|publisher| publisher.name);
    let source = publisher.unwrap_or_else(|| tracking.id.clone());
    let said = csaf
        .vulnerabilities
        .iter()
        .filter_map(|vulnerability| Some((vulnerability, vulnerability.product_status.as_ref()?)));
    let (named, placed): (Vec<_>, Vec<_>) = said.partition(|(vulnerability, _)| has_name(vulnerability));
    if named.is_empty() && !placed.is_empty() {
        let place = Place { pointer: "/vulnerabilities".to_owned(), ..Place::default() };
        let why = "none of them has an id of its own, and its place in the document is no name elsewhere";
        return Err(ReadError::new(place, Reason::Shape(why.to_owned())));
    }
    vex::gathered(named.into_iter().flat_map(|(vulnerability, statuses)| {
        let (tracking, source, products) = (&tracking, &source, &products);
        let names = names(vulnerability, &tracking.id);
        by_status(statuses).map(move |(product_id, status)| Statement {
            document: tracking.id.clone(),
            source: source.clone(),
            at: tracking.current_release_date,
            vulnerabilities: names.clone(),
            products: vec![product(product_id, products)],
            status,
            why: why(vulnerability, product_id),
        })
    }))
}

/// Whether a vulnerability is called by more than its place: there may stand another one in the next revision of the
/// document, so what is said of a place holds in that document alone, where the catalogue has it from anyway.
fn has_name(vulnerability: &Vulnerability) -> bool {
    vulnerability.name.is_none() || vulnerability.cve.is_some() || !vulnerability.ids.is_empty()
}

/// Names of a vulnerability that are heard: each is copied to all its products.
const NAMES: usize = 8;

/// CSAF 2.0, 3.2.3.2 and 3.2.3.6: its CVE id or, as it need not have one, what others call it. The only one of a document
/// goes by the id of that, too.
fn names(vulnerability: &Vulnerability, document: &str) -> Vec<String> {
    let own = vulnerability.name.as_deref().or(vulnerability.cve.as_deref()).unwrap_or(document);
    let others = vulnerability.ids.iter().filter(|_| vulnerability.cve.is_none());
    let others = others.filter_map(|id| id.text.as_deref()).filter(|name| *name != own);
    std::iter::once(own).chain(others).take(NAMES).map(str::to_owned).collect()
}

fn product(id: &str, products: &HashMap<String, Product>) -> vex::Product {
    let Some(Product { row, version, range, links, is_narrower, is_family }) = products.get(id) else {
        return vex::Product::default();
    };
    let mut names: Vec<String> = row.purl.iter().chain(&row.cpes).chain(links).cloned().collect();
    let is_alone = range.is_none() && !is_narrower && !is_family && row.platforms.is_empty();
    if let Some(product) = row.product.as_ref().filter(|_| is_alone) {
        let called = format!("{product} {version}").trim_end().to_owned();
        // Another vendor's may have the same name: with a vendor it is called so by whoever names that one, too.
        match &row.vendor {
            None => names.push(called),
            Some(vendor) => names.extend([" ", "/"].map(|between| format!("{vendor}{between}{called}"))),
        }
    }
    vex::Product { names, ..vex::Product::default() }
}

fn why(vulnerability: &Vulnerability, product_id: &str) -> Option<String> {
    let is_of = |ids: &[String]| ids.is_empty() || ids.iter().any(|id| id == product_id);
    let flags = vulnerability.flags.iter().filter(|flag| is_of(&flag.product_ids)).map(|flag| &flag.label);
    let impacts = vulnerability
        .threats
        .iter()
        .filter(|threat| threat.category == "impact" && is_of(&threat.product_ids));
    let texts: Vec<&str> = flags.chain(impacts.map(|threat| &threat.details)).map(String::as_str).collect();
    vex::reasons(&texts)
}
