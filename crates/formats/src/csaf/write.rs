//! An advisory as a CSAF 2.0 security advisory (profile 4).
//!
//! What 2.0 has no field for stands in notes: a CVSS v4 vector, the SSVC decision, the vendors'
//! statements. TLP:AMBER+STRICT, which 2.0 does not know, is labelled RED, because AMBER would let
//! it go further than its authors allow.

use super::written::{
    Acknowledgment, Csaf, Cvss, Cwe, Distribution, Document, Engine, Generator, Id, Note, Publisher,
    Reference, Remediation, Revision, Score, Threat, Tlp as Label, Tracking, Vulnerability, Words,
};
use super::written_tree::{Numbered, is_same, numbered, statuses, tree};
use crate::advisory::check::errors;
use crate::advisory::{Advisory, CreditKind, Finding, Format, LinkKind, RemediationCategory, Tlp};
use crate::cvss::{self, Version};
use crate::record::Status;
use std::borrow::Cow;
use vocabulary::Severity;

/// Writes the document.
///
/// # Errors
/// What stands in the way, if anything does.
pub fn render(advisory: &Advisory) -> Result<String, Vec<Finding>> {
    let findings = errors(advisory, Format::Csaf);
    if !findings.is_empty() {
        return Err(findings);
    }
    let products = numbered(advisory);
    let document = Csaf {
        document: document(advisory),
        product_tree: tree(&products),
        vulnerabilities: vulnerabilities(advisory, &products),
    };
    Ok(crate::json::pretty(&document))
}

/// The name that the standard prescribes for the file of a document with this id (section 5.1).
#[must_use]
pub fn file_name(id: &str) -> String {
    let mut name = String::new();
    for letter in id.to_lowercase().chars() {
        if letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '+' | '-') {
            name.push(letter);
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    name + ".json"
}

fn document(advisory: &Advisory) -> Document<'_> {
    Document {
        acknowledgments: advisory
            .acknowledgements
            .iter()
            .map(|thanks| Acknowledgment {
                names: thanks.name.as_deref().map(|name| [name]),
                organization: thanks.organisation.as_deref(),
                summary: credit(thanks.kind),
            })
            .collect(),
        aggregate_severity: highest(advisory).map(|severity| Words { text: severity.label() }),
        category: "csaf_security_advisory",
        csaf_version: "2.0",
        distribution: distribution(advisory.tlp),
        lang: &advisory.language,
        notes: document_notes(advisory),
        publisher: Publisher {
            category: "coordinator",
            contact_details: advisory.publisher.contact.as_deref(),
            name: &advisory.publisher.name,
            namespace: &advisory.publisher.namespace,
        },
        references: advisory
            .references
            .iter()
            .map(|link| Reference {
                category: if link.kind == LinkKind::Canonical { "self" } else { "external" },
                summary: link.summary.as_deref().unwrap_or(reference(link.kind)),
                url: &link.url,
            })
            .collect(),
        title: &advisory.title,
        tracking: tracking(advisory),
    }
}

fn highest(advisory: &Advisory) -> Option<Severity> {
    advisory.severities.iter().filter_map(|one| Some(cvss::score(&one.vector).ok()?.severity)).max()
}

fn distribution(tlp: Tlp) -> Distribution {
    let label = match tlp {
        Tlp::Clear => "WHITE",
        Tlp::Green => "GREEN",
        Tlp::Amber => "AMBER",
        Tlp::AmberStrict | Tlp::Red => "RED",
    };
    Distribution { text: tlp.label(), tlp: Label { label, url: "https://www.first.org/tlp/" } }
}

fn note<'a>(category: &'static str, title: impl Into<String>, text: impl Into<Cow<'a, str>>) -> Note<'a> {
    Note { category, text: text.into(), title: title.into() }
}

fn document_notes(advisory: &Advisory) -> Vec<Note<'_>> {
    let mut notes = vec![
        note("summary", "Summary", &advisory.summary),
        note("description", "Description", &advisory.description),
    ];
    for product in &advisory.products {
        if let Some(statement) = &product.statement {
            let title = format!("Statement of {} on {}", product.vendor, product.product);
            notes.push(note("other", title, statement));
        }
    }
    notes
}

fn tracking(advisory: &Advisory) -> Tracking<'_> {
    Tracking {
        aliases: &advisory.aliases,
        current_release_date: advisory.current_release,
        generator: Generator { engine: Engine { name: "Heliograph" } },
        id: &advisory.id,
        initial_release_date: advisory.initial_release,
        revision_history: advisory
            .revisions
            .iter()
            .map(|revision| Revision {
                date: revision.date,
                number: revision.number.to_string(),
                summary: &revision.summary,
            })
            .collect(),
        status: "final",
        version: advisory.revisions.len().to_string(),
    }
}

/// One for each CVE id, or one without any.
fn vulnerabilities<'a>(advisory: &'a Advisory, products: &[Numbered<'a>]) -> Vec<Vulnerability<'a>> {
    if advisory.cves.is_empty() {
        return vec![vulnerability(advisory, products, None)];
    }
    advisory.cves.iter().map(|cve| vulnerability(advisory, products, Some(cve))).collect()
}

fn vulnerability<'a>(
    advisory: &'a Advisory,
    products: &[Numbered<'a>],
    cve: Option<&'a str>,
) -> Vulnerability<'a> {
    let status = statuses(products);
    let affected = status.known_affected.clone();
    Vulnerability {
        cve,
        cwe: advisory.weaknesses.first().map(|weakness| Cwe { id: &weakness.id, name: &weakness.name }),
        ids: vec![Id { system_name: &advisory.publisher.name, text: &advisory.id }],
        notes: vulnerability_notes(advisory),
        product_status: status,
        release_date: advisory.initial_release,
        remediations: remediations(advisory, products),
        scores: score(advisory, &affected).into_iter().collect(),
        threats: threats(advisory, &affected),
        title: &advisory.title,
    }
}

fn vulnerability_notes(advisory: &Advisory) -> Vec<Note<'_>> {
    let mut notes = vec![note("description", "Description", &advisory.description)];
    for severity in &advisory.severities {
        if let Ok(score) = cvss::score(&severity.vector)
            && score.version == Version::V40
        {
            let text = format!("{:.1} ({}), {}", score.score, score.severity.label(), severity.vector);
            notes.push(note("other", "CVSS v4.0", text));
        }
    }
    if let Some(decision) = &advisory.ssvc {
        notes.push(note("other", "SSVC", decision));
    }
    for weakness in advisory.weaknesses.iter().skip(1) {
        notes.push(note("other", "Weakness", format!("{}: {}", weakness.id, weakness.name)));
    }
    notes
}

/// A remediation goes to the versions that have the flaw or may have it; where there are none,
/// there is nothing to remedy.
fn remediations<'a>(advisory: &'a Advisory, products: &[Numbered<'a>]) -> Vec<Remediation<'a>> {
    let mut remediations = Vec::new();
    for product in &advisory.products {
        let hit = product
            .versions
            .iter()
            .filter(|versions| !matches!(versions.status, Status::NotAffected | Status::Fixed));
        let mut ids: Vec<String> = Vec::new();
        for versions in hit {
            let known = products.iter().find(|known| is_same(known, product, versions));
            ids.extend(known.map(|known| known.id.clone()).filter(|id| !ids.contains(id)));
        }
        if ids.is_empty() {
            continue;
        }
        remediations.extend(product.remediations.iter().map(|remedy| Remediation {
            category: category(remedy.category),
            details: &remedy.details,
            product_ids: ids.clone(),
            url: remedy.url.as_deref(),
        }));
    }
    remediations
}

/// CSAF 2.0 takes one v3 score for a product: the newer one.
fn score<'a>(advisory: &'a Advisory, affected: &[String]) -> Option<Score<'a>> {
    let scored = advisory.severities.iter().filter_map(|one| Some((one, cvss::score(&one.vector).ok()?)));
    let (severity, score) = scored
        .filter(|(_, score)| matches!(score.version, Version::V30 | Version::V31))
        .max_by_key(|(_, score)| score.version)?;
    (!affected.is_empty()).then(|| Score {
        cvss_v3: Cvss {
            base_score: score.base,
            base_severity: Severity::of(score.base).label().to_uppercase(),
            vector_string: &severity.vector,
            version: score.version.label(),
        },
        products: affected.to_vec(),
    })
}

fn threats<'a>(advisory: &'a Advisory, affected: &[String]) -> Vec<Threat<'a>> {
    let threat = |category, date, details| Threat { category, date, details, product_ids: affected.to_vec() };
    let exploited = advisory
        .exploited
        .iter()
        .map(|exploited| threat("exploit_status", exploited.first_seen, exploited.evidence.as_str()));
    let impact = advisory.impact.iter().map(|impact| threat("impact", None, impact.as_str()));
    exploited.chain(impact).collect()
}

fn category(category: RemediationCategory) -> &'static str {
    match category {
        RemediationCategory::VendorFix => "vendor_fix",
        RemediationCategory::Mitigation => "mitigation",
        RemediationCategory::Workaround => "workaround",
        RemediationCategory::NoneAvailable => "none_available",
        RemediationCategory::NoFixPlanned => "no_fix_planned",
    }
}

fn reference(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Canonical => "This advisory",
        LinkKind::Advisory => "Advisory",
        LinkKind::Article => "Article",
        LinkKind::Detection => "Detection",
        LinkKind::Discussion => "Discussion",
        LinkKind::Report => "Report",
        LinkKind::Fix => "Fix",
        LinkKind::Introduced => "Where it came in",
        LinkKind::Package => "Package",
        LinkKind::Evidence => "Evidence",
        LinkKind::Web => "Further information",
    }
}

fn credit(kind: CreditKind) -> &'static str {
    match kind {
        CreditKind::Finder => "Finder",
        CreditKind::Reporter => "Reporter",
        CreditKind::Analyst => "Analyst",
        CreditKind::Coordinator => "Coordinator",
        CreditKind::RemediationDeveloper => "Remediation developer",
        CreditKind::RemediationReviewer => "Remediation reviewer",
        CreditKind::RemediationVerifier => "Remediation verifier",
        CreditKind::Tool => "Tool",
        CreditKind::Sponsor => "Sponsor",
        CreditKind::Other => "Contributor",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn file_names_are_those_of_the_standard() {
        assert_eq!(super::file_name("HEL-2026-000123"), "hel-2026-000123.json");
        assert_eq!(super::file_name("Example Company - 2019-YH3234"), "example_company_-_2019-yh3234.json");
        assert_eq!(super::file_name("2022_#01-A"), "2022_01-a.json");
    }
}
