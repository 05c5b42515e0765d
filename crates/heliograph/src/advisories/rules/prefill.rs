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
