//! Where in the form a finding lies: what people call the place, and the field to go to.

use super::rows;
use formats::Advisory;

/// A place in the form.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::advisories) struct Place {
    /// As the form labels it.
    pub(in crate::advisories) label: String,
    /// The id of its field; what no field can change has none.
    pub(in crate::advisories) field: Option<String>,
}

/// The ids of rows, as the form and the links to them say them.
pub(super) fn row_id(number: usize) -> String {
    format!("row-{number}")
}

pub(super) fn link_id(number: usize) -> String {
    format!("link-{number}")
}

pub(super) fn thanks_id(number: usize) -> String {
    format!("thanks-{number}")
}

/// Fields of their own, by the first part of a JSON pointer.
const FIELDS: [(&str, &str, &str); 11] = [
    ("title", "Title", "title"),
    ("summary", "Summary", "summary"),
    ("description", "Description", "description"),
    ("impact", "Impact", "impact"),
    ("language", "Language", "language"),
    ("ssvc", "SSVC", "ssvc"),
    ("cves", "CVE ids", "cves"),
    ("aliases", "Other names", "aliases"),
    ("severities", "CVSS vectors", "vectors"),
    ("weaknesses", "Weaknesses", "weaknesses"),
    ("exploited", "Attacks", "exploited"),
];

/// Where the place of a finding, a JSON pointer into the draft, lies in the form.
pub(in crate::advisories) fn place(pointer: &str, draft: &Advisory) -> Place {
    let parts: Vec<&str> = pointer.trim_start_matches('/').split('/').collect();
    let number = |at: usize| parts.get(at).and_then(|part| part.parse::<usize>().ok());
    let first = parts.first().copied().unwrap_or_default();
    let to = |label: String, field: String| Place { label, field: Some(field) };
    match (first, number(1)) {
        ("exploited", _) if parts.get(1) == Some(&"first_seen") => {
            to("Attacks were first seen".into(), "exploited_since".into())
        }
        ("products", None) => to("Products".into(), "products".into()),
        ("products", Some(at)) => {
            let before = draft.products.get(..at).map_or(0, |before| rows::of(before).len());
            let row = before + number(3).unwrap_or(0) + 1;
            let name = draft.products.get(at).map_or("", |product| product.product.as_str());
            to(format!("Products, row {row}: {name}"), row_id(row))
        }
        ("references", None) => to("References".into(), "references".into()),
        ("references", Some(at)) => to(format!("References, link {}", at + 1), link_id(at + 1)),
        ("acknowledgements", Some(at)) => to(format!("Thanks {}", at + 1), thanks_id(at + 1)),
        ("publisher", _) => Place { label: "The centre, in its settings".into(), field: None },
        _ => match FIELDS.iter().find(|(name, ..)| *name == first) {
            Some((_, label, field)) => {
                let line = number(1).map(|at| format!(", number {}", at + 1)).unwrap_or_default();
                to(format!("{label}{line}"), (*field).to_owned())
            }
            None => Place { label: first.replace('_', " "), field: None },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisories::pages::form;
    use crate::advisories::tests::invented::advisory as draft;
    use formats::Advisory;

    fn shown(pointer: &str, draft: &Advisory) -> String {
        let place = place(pointer, draft);
        format!("{} #{}", place.label, place.field.unwrap_or_default())
    }

    #[test]
    fn a_finding_leads_to_its_field() {
        let draft = draft();
        let product = &draft.products[0].product;
        for (pointer, expected) in [
            ("/title", "Title #title".to_owned()),
            ("/weaknesses/1/id", "Weaknesses, number 2 #weaknesses".into()),
            ("/severities/0/vector", "CVSS vectors, number 1 #vectors".into()),
            ("/exploited/first_seen", "Attacks were first seen #exploited_since".into()),
            ("/products", "Products #products".into()),
            ("/products/0/versions/0", format!("Products, row 1: {product} #row-1")),
            ("/references/2/url", "References, link 3 #link-3".into()),
            ("/acknowledgements/0", "Thanks 1 #thanks-1".into()),
            ("/publisher/name", "The centre, in its settings #".into()),
            ("/initial_release", "initial release #".into()),
        ] {
            assert_eq!(shown(pointer, &draft), expected, "{pointer}");
        }
    }

    /// Every place that can be linked to is in the form, whatever the check says of a poor draft.
    #[test]
    fn every_finding_of_a_poor_draft_has_its_field_in_the_form() {
        let mut poor = draft();
        poor.title = String::new();
        poor.products[0].product = String::new();
        poor.weaknesses.push(formats::advisory::Weakness { id: "x".into(), name: String::new() });
        for link in &mut poor.references {
            link.url = "nowhere".into();
        }
        let page = form::draw("/case/HEL-2026-000001/advisory", 1, &poor, None, "UTC").into_string();
        let findings = poor.check();
        assert!(findings.len() > 3, "{findings:?}");
        for finding in findings {
            if let Some(field) = place(&finding.place, &poor).field {
                assert!(page.contains(&format!("id=\"{field}\"")), "{} leads to #{field}", finding.place);
            }
        }
    }
}
