//! The first draft: what the case knows already, for a coordinator to correct.

use crate::cases::{Affectedness, ProductStatus, Statement};
use crate::reports::ReportText;
use formats::Advisory;
use formats::advisory::{
    Acknowledgement, CreditKind, Exploitation, Link, LinkKind, Product, Publisher, Remediation,
    RemediationCategory, Tlp, Vector, Versions, Which,
};
use formats::record::Status;
use jiff::Timestamp;

/// What the first draft is made of.
pub(crate) struct Material {
    pub(crate) id: String,
    pub(crate) publisher: Publisher,
    /// The address at which the advisory will stand.
    pub(crate) address: String,
    pub(crate) texts: Vec<ReportText>,
    /// Vendors by name, each with its statement.
    pub(crate) statements: Vec<(String, Statement)>,
    pub(crate) vectors: Vec<String>,
    pub(crate) ssvc: Option<String>,
    pub(crate) attacked: bool,
}

/// Makes the first draft. Nothing of it is saved before a coordinator has seen it.
pub(crate) fn first_draft(material: Material) -> Advisory {
    let first = material.texts.first().cloned().unwrap_or_default();
    let joined = |field: fn(&ReportText) -> &str| {
        let said: Vec<&str> = material.texts.iter().map(field).filter(|text| !text.is_empty()).collect();
        said.join("\n\n")
    };
    let description = joined(|text| &text.description);
    let impact = joined(|text| &text.impact);
    let mut products: Vec<Product> = material
        .statements
        .iter()
        .flat_map(|(vendor, statement)| products(vendor, statement, &first))
        .collect();
    if products.is_empty() {
        products.push(reported(&first));
    }
    let evidence = "Attacks that use this flaw have been seen.";
    Advisory {
        id: material.id,
        cves: Vec::new(),
        aliases: Vec::new(),
        title: format!("Vulnerability in {}", first.product),
        summary: first_paragraph(&description).to_owned(),
        description,
        impact: Some(impact).filter(|impact| !impact.is_empty()),
        products,
        severities: material.vectors.into_iter().map(|vector| Vector { vector }).collect(),
        ssvc: material.ssvc,
        weaknesses: Vec::new(),
        references: vec![Link { kind: LinkKind::Canonical, url: material.address, summary: None }],
        acknowledgements: material.texts.iter().filter_map(thanks).collect(),
        exploited: material
            .attacked
            .then(|| Exploitation { evidence: evidence.to_owned(), first_seen: None }),
        tlp: Tlp::Clear,
        revisions: Vec::new(),
        initial_release: Timestamp::UNIX_EPOCH,
        current_release: Timestamp::UNIX_EPOCH,
        publisher: material.publisher,
        language: "en".to_owned(),
    }
}

fn first_paragraph(text: &str) -> &str {
    text.split("\n\n").next().unwrap_or_default().trim()
}

/// Only who left a name and agreed is thanked: an anonymous reporter, or one who did not agree,
/// never appears.
fn thanks(text: &ReportText) -> Option<Acknowledgement> {
    let contact = text.contact.as_ref().filter(|contact| contact.credit)?;
    let name = Some(contact.name.trim().to_owned()).filter(|name| !name.is_empty())?;
    Some(Acknowledgement { name: Some(name), organisation: None, kind: CreditKind::Finder })
}

/// What a vendor states, one product for each name in it. Its words stand with its first product.
fn products(vendor: &str, statement: &Statement, report: &ReportText) -> Vec<Product> {
    let mut products: Vec<Product> = Vec::new();
    for row in &statement.products {
        let versions = versions(row);
        match products.iter_mut().find(|known| known.product == row.product) {
            Some(known) => known.versions.push(versions),
            None => products.push(product(vendor, &row.product, versions)),
        }
    }
    if products.is_empty() && !statement.text.is_empty() {
        let unsaid = Versions { which: Which::All, status: Status::Unknown, version_type: None };
        products.push(product(vendor, &report.product, unsaid));
    }
    for product in &mut products {
        product.remediations = remedy(&product.versions).into_iter().collect();
    }
    if let Some(first) = products.first_mut() {
        first.statement = Some(statement.text.clone()).filter(|text| !text.is_empty());
    }
    products
}

fn product(vendor: &str, name: &str, versions: Versions) -> Product {
    Product {
        vendor: vendor.to_owned(),
        product: name.to_owned(),
        package: None,
        versions: vec![versions],
        remediations: Vec::new(),
        statement: None,
    }
}

/// A span as the vendor wrote it: from the first version in it to the first after it.
pub(super) fn versions(row: &ProductStatus) -> Versions {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let which = match (some(&row.from), some(&row.before)) {
        (None, None) => Which::All,
        (Some(from), None) => Which::From(from),
        (introduced, Some(fixed)) => Which::Before { introduced, fixed },
    };
    let status = match row.status {
        Affectedness::Affected => Status::Affected,
        Affectedness::NotAffected => Status::NotAffected,
        Affectedness::Fixed => Status::Fixed,
        Affectedness::UnderInvestigation => Status::UnderInvestigation,
    };
    Versions { which, status, version_type: None }
}

/// Where a vendor says in which version the flaw ends, that version is what to install.
fn remedy(versions: &[Versions]) -> Option<Remediation> {
    let hit = versions.iter().find(|versions| versions.status == Status::Affected)?;
    let fixed = versions.iter().find_map(|versions| match (&versions.which, versions.status) {
        (Which::From(fixed) | Which::Exact(fixed), Status::Fixed) => Some(fixed),
        _ => None,
    });
    let (category, details) = match (fixed, &hit.which) {
        (Some(fixed), _) | (None, Which::Before { fixed, .. }) => {
            (RemediationCategory::VendorFix, format!("Update to {fixed} or later."))
        }
        _ => (RemediationCategory::NoneAvailable, "No fix is available yet.".to_owned()),
    };
    Some(Remediation { category, details, url: None })
}

/// Where no vendor spoke: what the reporter says, which nobody has confirmed.
fn reported(report: &ReportText) -> Product {
    let unsaid = Versions { which: Which::All, status: Status::UnderInvestigation, version_type: None };
    let vendor = if report.vendor.is_empty() { "unknown" } else { &report.vendor };
    product(vendor, &report.product, unsaid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::Contact;

    fn row(from: &str, before: &str, status: Affectedness) -> ProductStatus {
        ProductStatus { product: "Kettle".into(), from: from.into(), before: before.into(), status }
    }

    #[test]
    fn a_vendors_span_is_read_as_it_was_meant() {
        let before = |introduced: Option<&str>, fixed: &str| Which::Before {
            introduced: introduced.map(str::to_owned),
            fixed: fixed.into(),
        };
        for (from, to, which) in [
            ("", "", Which::All),
            ("1.0", "", Which::From("1.0".into())),
            ("", "2.0", before(None, "2.0")),
            ("1.0", "2.0", before(Some("1.0"), "2.0")),
        ] {
            assert_eq!(versions(&row(from, to, Affectedness::Affected)).which, which);
        }
        for (stated, status) in [
            (Affectedness::Affected, Status::Affected),
            (Affectedness::NotAffected, Status::NotAffected),
            (Affectedness::Fixed, Status::Fixed),
            (Affectedness::UnderInvestigation, Status::UnderInvestigation),
        ] {
            assert_eq!(versions(&row("", "", stated)).status, status);
        }
    }

    #[test]
    fn what_to_install_is_the_version_where_the_flaw_ends() {
        let affected = || versions(&row("1.0", "2.0", Affectedness::Affected));
        let fixed = versions(&row("2.0.1", "", Affectedness::Fixed));
        for (versions, words) in [
            (vec![affected()], "Update to 2.0 or later."),
            (vec![affected(), fixed.clone()], "Update to 2.0.1 or later."),
            (vec![versions(&row("1.0", "", Affectedness::Affected))], "No fix is available yet."),
        ] {
            assert_eq!(remedy(&versions).unwrap().details, words);
        }
        assert_eq!(remedy(&[fixed]), None);
    }

    fn drafted(texts: Vec<ReportText>, statements: Vec<(String, Statement)>) -> Advisory {
        let (name, namespace) = ("Centre".to_owned(), "https://cvd.example.org".to_owned());
        first_draft(Material {
            id: "HEL-2026-000001".into(),
            publisher: Publisher { name, namespace, contact: None, cve_organisation: None },
            address: "https://cvd.example.org/advisories/HEL-2026-000001".into(),
            texts,
            statements,
            vectors: vec!["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".into()],
            ssvc: None,
            attacked: true,
        })
    }

    /// ARCHITECTURE, never built 10.
    #[test]
    fn an_anonymous_or_unwilling_reporter_never_appears() {
        let contact = |credit: bool, name: &str| {
            Some(Contact { name: name.into(), address: "a@example.org".into(), credit })
        };
        let text = |contact| ReportText { product: "Kettle".into(), contact, ..ReportText::default() };
        let texts =
            [None, contact(false, "Ada"), contact(true, " "), contact(true, "Ben")].map(text).to_vec();
        let draft = drafted(texts, Vec::new());
        assert_eq!(draft.acknowledgements.len(), 1);
        assert_eq!(draft.acknowledgements[0].name.as_deref(), Some("Ben"));
        let written = String::from_utf8(draft.canonical_bytes()).unwrap();
        assert!(!written.contains("Ada") && !written.contains("a@example.org"), "{written}");
    }

    #[test]
    fn products_come_from_the_vendors_and_otherwise_from_the_report() {
        let rows = vec![row("1", "2", Affectedness::Affected), row("2", "", Affectedness::Fixed)];
        let said = Statement { products: rows, text: "Update.".into() };
        let text = ReportText { product: "Pot".into(), ..ReportText::default() };
        let draft = drafted(vec![text.clone()], vec![("Works".into(), said)]);
        assert_eq!(draft.products.len(), 1, "one name is one product");
        assert_eq!((draft.products[0].vendor.as_str(), draft.products[0].versions.len()), ("Works", 2));
        assert_eq!(draft.products[0].statement.as_deref(), Some("Update."));
        let draft = drafted(vec![text], Vec::new());
        assert_eq!(
            (draft.products[0].product.as_str(), draft.products[0].vendor.as_str()),
            ("Pot", "unknown")
        );
        assert_eq!(draft.products[0].versions[0].status, Status::UnderInvestigation);
        assert!(draft.exploited.is_some());
    }
}
