//! What a CSAF document says of its vulnerabilities in prose: what to do, and what each of them is.

use super::model::{Group, Remediation, Vulnerability};
use super::tree::Product;
use crate::limits::{NAME_BYTES, REMEDY_PRODUCTS};
use crate::record::{Flaw, Remedy};
use std::collections::HashMap;

/// The remedies of all vulnerabilities (CSAF 2.0 and 2.1, 3.2.3.12 and 3.2.4.14): what is said of several in
/// the same words stands there once.
pub(super) fn remedies(
    vulnerabilities: &mut [Vulnerability],
    products: &HashMap<String, Product>,
    groups: &[Group],
    publisher: Option<&String>,
) -> Vec<Remedy> {
    let groups: HashMap<&str, &[String]> =
        groups.iter().map(|group| (group.id.as_str(), group.product_ids.as_slice())).collect();
    let mut all: Vec<Remedy> = Vec::new();
    let mut places: HashMap<Said, usize> = HashMap::new();
    for vulnerability in vulnerabilities {
        for remediation in std::mem::take(&mut vulnerability.remediations) {
            let remedy = remedy(remediation, products, &groups, publisher);
            if remedy.text.is_empty() && remedy.url.is_none() {
                continue;
            }
            let place = *places.entry(said(&remedy)).or_insert_with(|| {
                all.push(remedy);
                all.len() - 1
            });
            if let (Some(remedy), Some(name)) = (all.get_mut(place), &vulnerability.name)
                && remedy.vulnerabilities.last() != Some(name)
            {
                remedy.vulnerabilities.push(name.clone());
            }
        }
    }
    all
}

/// What is equal where the same is said again.
type Said = (String, String, Option<String>, Vec<String>, usize);

fn said(remedy: &Remedy) -> Said {
    let Remedy { kind, text, url, products, products_count, .. } = remedy;
    (kind.clone(), text.clone(), url.clone(), products.clone(), *products_count)
}

fn remedy(
    remediation: Remediation,
    products: &HashMap<String, Product>,
    groups: &HashMap<&str, &[String]>,
    publisher: Option<&String>,
) -> Remedy {
    let grouped = || remediation.group_ids.iter().filter_map(|id| groups.get(id.as_str()));
    let mut names: Vec<String> = Vec::new();
    // Versions of one product stand side by side, so a few ids are enough to find a few names.
    let ids = remediation.product_ids.iter().chain(grouped().flat_map(|ids| ids.iter()));
    for name in ids.take(REMEDY_PRODUCTS * 4).filter_map(|id| products.get(id)?.row.product.as_ref()) {
        if names.len() < REMEDY_PRODUCTS && name.len() <= NAME_BYTES && !names.contains(name) {
            names.push(name.clone());
        }
    }
    let products_count = remediation.product_ids.len() + grouped().map(|ids| ids.len()).sum::<usize>();
    Remedy {
        kind: remediation.category,
        text: remediation.details.trim().to_owned(),
        url: remediation.url.filter(|url| !url.trim().is_empty()),
        at: remediation.date,
        products: names,
        products_count,
        source: publisher.cloned(),
        vulnerabilities: Vec::new(),
    }
}

/// Notes that say what a vulnerability is (CSAF, 3.1.8.1): the others are about law, or answer questions.
const TELLING: [&str; 5] = ["description", "summary", "general", "details", "other"];

/// Title and notes of a vulnerability, if it has any.
pub(super) fn flaw(vulnerability: &Vulnerability) -> Option<Flaw> {
    let notes = vulnerability.notes.iter().filter(|note| TELLING.contains(&note.category.as_str()));
    let texts = notes.map(|note| note.text.trim().to_owned()).filter(|text| !text.is_empty());
    let flaw = Flaw {
        id: vulnerability.name.clone().or_else(|| vulnerability.cve.clone()),
        title: vulnerability.title.clone().filter(|title| !title.trim().is_empty()),
        texts: texts.collect(),
    };
    (flaw.title.is_some() || !flaw.texts.is_empty()).then_some(flaw)
}
