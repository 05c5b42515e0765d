//! The centre's own advisory as a record of the catalogue.

use formats::advisory::{Advisory, LinkKind, Product, Remediation, Versions, Which};
use formats::record::{self, Affected, Record, Status, VersionEntry};

/// What the catalogue shows and matches of an advisory.
pub(crate) fn record_of_advisory(advisory: &Advisory) -> Record {
    let revision = |revision: &formats::advisory::Revision| record::TimelineEntry {
        at: Some(revision.date),
        text: revision.summary.clone(),
    };
    // Aliases are names of the very same flaw; an advisory about several flaws is none of them.
    let (one_cve, several_cves) = match advisory.cves.as_slice() {
        [_] => (advisory.cves.as_slice(), [].as_slice()),
        several => ([].as_slice(), several),
    };
    // OSV demands a prefix of ids that it does not know; who got the record there asks by that id.
    let in_osv = Some(formats::osv::id(advisory)).filter(|id| *id != advisory.id);
    Record {
        id: advisory.id.clone(),
        aliases: one_cve.iter().chain(&advisory.aliases).cloned().chain(in_osv).collect(),
        upstream: several_cves.to_vec(),
        title: Some(advisory.title.clone()),
        summary: Some(advisory.summary.clone()),
        details: Some(advisory.description.clone()),
        published: Some(advisory.initial_release),
        modified: Some(advisory.current_release),
        severities: advisory
            .severities
            .iter()
            .map(|vector| severity(&vector.vector, &advisory.publisher.name))
            .collect(),
        weaknesses: advisory.weaknesses.iter().map(|weakness| weakness.id.clone()).collect(),
        affected: advisory.products.iter().map(row).collect(),
        remedies: advisory
            .products
            .iter()
            .flat_map(|product| remedies(product, &advisory.publisher.name))
            .collect(),
        references: advisory.references.iter().map(link).collect(),
        credits: advisory.acknowledgements.iter().map(thanks).collect(),
        exploited: advisory.exploited.as_ref().map(|_| record::Exploited::default()),
        timeline: advisory.revisions.iter().map(revision).collect(),
        ..Record::default()
    }
}

fn severity(vector: &str, publisher: &str) -> record::Severity {
    let scored = formats::cvss::score(vector).ok();
    record::Severity {
        vector: vector.to_owned(),
        score: scored.as_ref().map(|scored| scored.score),
        version: scored.map_or_else(String::new, |scored| scored.version.label().to_owned()),
        source: Some(publisher.to_owned()),
        ..record::Severity::default()
    }
}

fn remedies(product: &Product, publisher: &str) -> Vec<record::Remedy> {
    let remedy = |given: &Remediation| record::Remedy {
        kind: serde_json::to_value(given.category)
            .ok()
            .and_then(|kind| kind.as_str().map(str::to_owned))
            .unwrap_or_default(),
        text: given.details.clone(),
        url: given.url.clone(),
        products: vec![product.product.clone()],
        products_count: 1,
        source: Some(publisher.to_owned()),
        ..record::Remedy::default()
    };
    product.remediations.iter().map(remedy).collect()
}

fn row(product: &Product) -> Affected {
    let package = product.package.as_ref();
    Affected {
        ecosystem: package.map(|package| package.ecosystem.clone()),
        package: package.map(|package| package.name.clone()),
        purl: package.and_then(|package| package.purl.clone()),
        vendor: Some(product.vendor.clone()),
        product: Some(product.product.clone()),
        version_entries: product
            .versions
            .iter()
            .filter(|versions| versions.which != Which::All)
            .map(entry)
            .collect(),
        default_status: Some(default_status(product)),
        ..Affected::default()
    }
}

/// "All" is what holds where nothing else is said; a vendor that names affected ranges says that
/// the rest is not.
fn default_status(product: &Product) -> Status {
    let all = product.versions.iter().find(|versions| versions.which == Which::All);
    let names_affected = product.versions.iter().any(|versions| versions.status == Status::Affected);
    match all {
        Some(versions) => versions.status,
        None if names_affected => Status::NotAffected,
        None => Status::Unknown,
    }
}

fn entry(versions: &Versions) -> VersionEntry {
    let from = |introduced: &Option<String>| introduced.clone().unwrap_or_else(|| "0".to_owned());
    let (version, less_than, less_than_or_equal) = match &versions.which {
        Which::All => ("*".to_owned(), None, None),
        Which::Exact(version) => (version.clone(), None, None),
        Which::Before { introduced, fixed } => (from(introduced), Some(fixed.clone()), None),
        Which::UpTo { introduced, last_affected } => (from(introduced), None, Some(last_affected.clone())),
        Which::From(version) => (version.clone(), Some("*".to_owned()), None),
    };
    VersionEntry {
        version,
        less_than,
        less_than_or_equal,
        status: versions.status,
        version_type: versions.version_type.clone(),
        changes: Vec::new(),
    }
}

fn link(link: &formats::advisory::Link) -> record::Reference {
    let kind = match link.kind {
        LinkKind::Canonical | LinkKind::Advisory => "advisory",
        LinkKind::Article => "article",
        LinkKind::Detection => "detection",
        LinkKind::Discussion => "discussion",
        LinkKind::Report => "report",
        LinkKind::Fix => "fix",
        LinkKind::Introduced => "introduced",
        LinkKind::Package => "package",
        LinkKind::Evidence => "evidence",
        LinkKind::Web => "web",
    };
    record::Reference { kind: vec![kind.to_owned()], url: link.url.clone(), name: link.summary.clone() }
}

fn thanks(acknowledgement: &formats::advisory::Acknowledgement) -> record::Credit {
    let names = [&acknowledgement.name, &acknowledgement.organisation].into_iter().flatten().cloned();
    let kind =
        serde_json::to_value(acknowledgement.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned));
    record::Credit { name: names.collect::<Vec<_>>().join(", "), kind }
}
