//! An advisory as a CVE record.

use super::written::{
    Container, Containers, Credit, Cvss, Document, Gcve, Generator, Metadata, Metric, Moment, Origin, Other,
    Problem, ProblemType, Product, Prose, Provider, Reference, Related, Ssvc, Versions,
};
use crate::advisory::check::errors;
use crate::advisory::{self, Advisory, CreditKind, Finding, Format, LinkKind, RemediationCategory, Which};
use crate::advisory::{CveOrganisation, Weight};
use crate::cvss::{self, Version};
use crate::record::{Relationship, Status};

/// Writes the record of one of the advisory's CVE ids.
///
/// # Errors
/// What stands in the way, if anything does.
pub fn render(advisory: &Advisory, cve_id: &str) -> Result<String, Vec<Finding>> {
    let organisation = allow(advisory)?;
    if !advisory.cves.iter().any(|id| id == cve_id) {
        let reason = format!("does not have {cve_id}");
        let place = "/cves".to_owned();
        return Err(vec![Finding { format: Format::Cve, weight: Weight::Error, place, reason }]);
    }
    let ids = (Some(cve_id), None);
    Ok(crate::json::pretty(&document(advisory, ids, organisation, container(advisory, organisation))))
}

/// Writes the record as GCVE has it: a CVE record that also goes by the advisory's own id, with or without a
/// CVE id, and says how it stands to others. Its consumers take what no rule of CVE's would pass, so
/// there is nothing in the way; `organisation` stands in for one of the CVE programme.
#[must_use]
pub fn render_gcve(
    advisory: &Advisory,
    organisation: &CveOrganisation,
    relationships: &[Relationship],
) -> String {
    let organisation = advisory.publisher.cve_organisation.as_ref().unwrap_or(organisation);
    let extension = Gcve {
        vuln_id: &advisory.id,
        record_type: "advisory",
        relationships: relationships.iter().map(related).collect(),
    };
    let cna = Container { gcve: vec![extension], ..container(advisory, organisation) };
    // An advisory about several flaws is none of them.
    let cve_id = match advisory.cves.as_slice() {
        [one] => Some(one.as_str()),
        _ => None,
    };
    crate::json::pretty(&document(advisory, (cve_id, Some(&advisory.id)), organisation, cna))
}

fn related(one: &Relationship) -> Related<'_> {
    Related { dest_id: &one.id, verb: one.verb.replace("not_equal", "not equal") }
}

fn document<'a>(
    advisory: &Advisory,
    (cve_id, vuln_id): (Option<&'a str>, Option<&'a str>),
    organisation: &'a CveOrganisation,
    cna: Container<'a>,
) -> Document<'a> {
    Document {
        data_type: "CVE_RECORD",
        data_version: "5.1",
        cve_metadata: Metadata {
            cve_id,
            vuln_id,
            assigner_org_id: &organisation.id,
            assigner_short_name: &organisation.short_name,
            state: "PUBLISHED",
            date_published: advisory.initial_release,
            date_updated: advisory.current_release,
        },
        containers: Containers { cna },
    }
}

/// Writes the assigner's container alone, which is what CVE Services take.
///
/// # Errors
/// What stands in the way, if anything does.
pub fn render_cna_container(advisory: &Advisory) -> Result<String, Vec<Finding>> {
    Ok(crate::json::pretty(&container(advisory, allow(advisory)?)))
}

fn allow(advisory: &Advisory) -> Result<&CveOrganisation, Vec<Finding>> {
    let findings = errors(advisory, Format::Cve);
    match &advisory.publisher.cve_organisation {
        Some(organisation) if findings.is_empty() => Ok(organisation),
        _ => Err(findings),
    }
}

fn container<'a>(advisory: &'a Advisory, organisation: &'a CveOrganisation) -> Container<'a> {
    let lang = advisory.language.as_str();
    let remedies = |wanted: fn(RemediationCategory) -> bool| {
        let all = advisory.products.iter().flat_map(|product| &product.remediations);
        distinct(all.filter(|remedy| wanted(remedy.category)).map(|remedy| Prose {
            lang,
            value: match &remedy.url {
                Some(url) => format!("{} {url}", remedy.details),
                None => remedy.details.clone(),
            },
        }))
    };
    Container {
        provider_metadata: Provider {
            org_id: &organisation.id,
            short_name: &organisation.short_name,
            date_updated: advisory.current_release,
        },
        date_public: advisory.initial_release,
        title: &advisory.title,
        descriptions: descriptions(advisory),
        affected: advisory.products.iter().map(product).collect(),
        problem_types: advisory.weaknesses.iter().map(problem).collect(),
        references: references(advisory),
        metrics: metrics(advisory),
        solutions: remedies(|category| !is_workaround(category)),
        workarounds: remedies(is_workaround),
        exploits: advisory
            .exploited
            .iter()
            .map(|exploited| Prose { lang, value: exploited.evidence.clone() })
            .collect(),
        timeline: distinct(advisory.revisions.iter().map(|revision| Moment {
            time: revision.date,
            lang,
            value: &revision.summary,
        })),
        credits: distinct(advisory.acknowledgements.iter().filter_map(|thanks| {
            Some(Credit { lang, value: thanks.who()?, kind: credit_kind(thanks.kind) })
        })),
        source: Origin { advisory: &advisory.id },
        generator: Generator { engine: "Heliograph" },
        gcve: Vec::new(),
    }
}

/// The schema wants lists without repetitions.
fn distinct<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}

fn is_workaround(category: RemediationCategory) -> bool {
    matches!(category, RemediationCategory::Workaround | RemediationCategory::Mitigation)
}

/// The description first; what an attacker gains is a text of its own, or the whole might be too
/// long.
fn descriptions(advisory: &Advisory) -> Vec<Prose<'_>> {
    let texts = std::iter::once(&advisory.description).chain(&advisory.impact);
    distinct(texts.map(|text| Prose { lang: &advisory.language, value: text.clone() }))
}

fn product(product: &advisory::Product) -> Product<'_> {
    let collection = product.package.as_ref().and_then(|package| collection_url(&package.ecosystem));
    Product {
        vendor: &product.vendor,
        product: &product.product,
        collection_url: collection,
        package_name: collection.and(product.package.as_ref()).map(|package| package.name.as_str()),
        default_status: "unknown",
        versions: distinct(product.versions.iter().map(versions)),
    }
}

fn versions(versions: &advisory::Versions) -> Versions<'_> {
    let kind = versions.version_type.as_deref();
    let mut written = Versions {
        version: "0",
        status: match versions.status {
            Status::Affected => "affected",
            Status::NotAffected | Status::Fixed => "unaffected",
            Status::UnderInvestigation | Status::Unknown => "unknown",
        },
        less_than: None,
        less_than_or_equal: None,
        version_type: Some(kind.unwrap_or("custom")),
    };
    match &versions.which {
        Which::All => written.less_than = Some("*"),
        Which::Exact(version) => {
            written.version = version;
            written.version_type = kind;
        }
        Which::From(version) => {
            written.version = version;
            written.less_than = Some("*");
        }
        Which::Before { introduced, fixed } => {
            written.version = introduced.as_deref().unwrap_or("0");
            written.less_than = Some(fixed);
        }
        Which::UpTo { introduced, last_affected } => {
            written.version = introduced.as_deref().unwrap_or("0");
            written.less_than_or_equal = Some(last_affected);
        }
    }
    written
}

/// Where the packages of an ecosystem lie, as CVE records commonly write it.
fn collection_url(ecosystem: &str) -> Option<&'static str> {
    Some(match ecosystem {
        "crates.io" => "https://crates.io/crates",
        "Go" => "https://pkg.go.dev",
        "Hex" => "https://hex.pm/packages",
        "Maven" => "https://repo.maven.apache.org/maven2",
        "npm" => "https://registry.npmjs.org",
        "NuGet" => "https://www.nuget.org/packages",
        "Packagist" => "https://packagist.org",
        "Pub" => "https://pub.dev",
        "PyPI" => "https://pypi.org",
        "RubyGems" => "https://rubygems.org",
        _ => return None,
    })
}

fn problem(weakness: &advisory::Weakness) -> ProblemType<'_> {
    ProblemType {
        descriptions: [Problem {
            lang: "en",
            description: &weakness.name,
            cwe_id: &weakness.id,
            kind: "CWE",
        }],
    }
}

/// One entry for each address, with the tags of all links to it.
fn references(advisory: &Advisory) -> Vec<Reference<'_>> {
    let mut references: Vec<Reference<'_>> = Vec::new();
    for link in &advisory.references {
        let tag = tag(link.kind);
        match references.iter_mut().find(|known| known.url == link.url) {
            Some(known) if tag.is_some_and(|tag| known.tags.contains(&tag)) => {}
            Some(known) => known.tags.extend(tag),
            None => references.push(Reference {
                url: &link.url,
                name: link.summary.as_deref(),
                tags: tag.into_iter().collect(),
            }),
        }
    }
    references
}

/// The tag that CVE has for this kind of link, if it has one.
fn tag(kind: LinkKind) -> Option<&'static str> {
    Some(match kind {
        LinkKind::Canonical | LinkKind::Advisory => "third-party-advisory",
        LinkKind::Article => "technical-description",
        LinkKind::Report => "issue-tracking",
        LinkKind::Fix => "patch",
        LinkKind::Package => "product",
        LinkKind::Evidence => "exploit",
        LinkKind::Detection | LinkKind::Discussion | LinkKind::Introduced => "related",
        LinkKind::Web => return None,
    })
}

fn metrics(advisory: &Advisory) -> Vec<Metric<'_>> {
    let scored = advisory.severities.iter().filter_map(|severity| {
        let score = cvss::score(&severity.vector).ok()?;
        let cvss = Some(Cvss {
            version: score.version.label(),
            vector_string: &severity.vector,
            base_score: score.base,
            base_severity: vocabulary::Severity::of(score.base).label().to_uppercase(),
        });
        let format = Some("CVSS");
        Some(match score.version {
            Version::V40 => Metric { format, v40: cvss, ..Metric::default() },
            Version::V31 => Metric { format, v31: cvss, ..Metric::default() },
            Version::V30 => Metric { format, v30: cvss, ..Metric::default() },
            Version::V20 => return None,
        })
    });
    let decided = advisory.ssvc.iter().map(|decision| Metric {
        other: Some(Other { kind: "ssvc", content: Ssvc { decision } }),
        ..Metric::default()
    });
    scored.chain(decided).collect()
}

fn credit_kind(kind: CreditKind) -> &'static str {
    match kind {
        CreditKind::Finder => "finder",
        CreditKind::Reporter => "reporter",
        CreditKind::Analyst => "analyst",
        CreditKind::Coordinator => "coordinator",
        CreditKind::RemediationDeveloper => "remediation developer",
        CreditKind::RemediationReviewer => "remediation reviewer",
        CreditKind::RemediationVerifier => "remediation verifier",
        CreditKind::Tool => "tool",
        CreditKind::Sponsor => "sponsor",
        CreditKind::Other => "other",
    }
}
