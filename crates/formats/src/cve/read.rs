//! A CVE record into the catalogue's view: the assigner's container first, then what others add.

use super::comparators;
use super::gcve;
use super::model::{
    Container, Cvss, Document, Impact, Kev, Link, Metric, Named, Other, Product, Prose, Ssvc, Versions,
};
use crate::limits::DISTINCT;
use crate::read::{ReadError, Reason, parse};
use crate::record::{
    Affected, Change, Credit, Decision, Exploited, Record, Reference, Remedy, Source, State, TimelineEntry,
    Translation, VersionEntry,
};
use crate::{configurations, cvss, lenient, weakness};

/// Reads a record from a document that has passed the door.
pub(crate) fn read(text: &str) -> Result<Record, ReadError> {
    let document: Document<'_> = parse(text)?;
    let metadata = &document.cve_metadata;
    let given = metadata.cve_id.as_deref().filter(|id| !id.trim().is_empty());
    let Some(id) = given.or(metadata.vuln_id.as_deref()).or(metadata.cve_id.as_deref()) else {
        let nowhere = || ReadError::whole(Reason::Shape("no id".to_owned()));
        return Err(parse::<Named>(text).err().unwrap_or_else(nowhere));
    };
    let id = id.trim().to_uppercase();
    Ok(record(document, id))
}

fn record(document: Document<'_>, id: String) -> Record {
    let Document { cve_metadata: metadata, containers, x_gcve } = document;
    // The first container is the assigner's own.
    let own_name = containers.cna.provider_metadata.as_ref().and_then(|own| own.short_name.clone());
    let mut record = Record {
        id,
        source: Source::Cve,
        assigner: metadata.assigner_short_name.or(own_name).or(metadata.assigner_org_id),
        published: metadata.date_published,
        modified: metadata.date_updated,
        state: if metadata.rejected { State::Rejected } else { State::Published },
        withdrawn: metadata.date_rejected.filter(|_| metadata.rejected),
        ..Record::default()
    };
    add(&mut record, containers.cna);
    for container in containers.adp {
        // An added container is titled after who adds it ("CISA ADP Vulnrichment").
        add(&mut record, Container { title: None, ..container });
    }
    gcve::add(&mut record, x_gcve);
    record
}

/// Adds what one container says. Prose counts from the first container that has any.
fn add(record: &mut Record, container: Container<'_>) {
    let (source, updated) = match container.provider_metadata {
        Some(provider) => (provider.short_name, provider.date_updated),
        None => (None, None),
    };
    record.modified = record.modified.or(updated);
    record.title = record.title.take().or(container.title.filter(|title| !title.is_empty()));
    let because = prose(container.rejected_reasons);
    record.withdrawn_because = record.withdrawn_because.take().or_else(|| because.clone());
    record.translations.extend(translations(&container.descriptions));
    record.details = record.details.take().or(because).or_else(|| prose(container.descriptions));
    record.known_since = record.known_since.or(container.date_public);
    for impact in container.impacts {
        add_impact(&mut record.impacts, impact);
    }
    gcve::add(record, container.x_gcve);
    record.related.extend(container.replaced_by);
    lenient::tags(&mut record.tags, container.tags);
    record.affected.extend(container.affected.into_iter().map(|product| row(product, source.as_ref())));
    let applicability = container.cpe_applicability.map(|json| serde_json::from_str(json.get()));
    if let Some(Ok(given)) = applicability {
        record.configurations.extend(configurations::read(given));
    }
    for problem in container.problem_types.iter().flat_map(|kind| &kind.descriptions) {
        let text = problem.cwe_id.as_deref().unwrap_or(&problem.description);
        weakness::collect_marked(&mut record.weaknesses, &mut record.weakness_marks, text);
    }
    for link in container.references {
        add_link(&mut record.references, link);
    }
    for (kind, texts) in [("solution", container.solutions), ("workaround", container.workarounds)] {
        add_remedies(&mut record.remedies, kind, texts, source.as_ref());
    }
    for metric in container.metrics {
        add_metric(record, metric, source.as_ref());
    }
    record
        .credits
        .extend(container.credits.into_iter().map(|credit| Credit { name: credit.value, kind: credit.kind }));
    record.timeline.extend(
        container.timeline.into_iter().map(|event| TimelineEntry { at: event.time, text: event.value }),
    );
}

/// The first English text, or the first.
fn prose(texts: Vec<Prose>) -> Option<String> {
    let at = texts.iter().position(Prose::is_english).unwrap_or(0);
    texts.into_iter().nth(at).map(|text| text.value).filter(|text| !text.is_empty())
}

/// What stands beside an English text in other languages; where there is none, the first text is the text.
fn translations(texts: &[Prose]) -> Vec<Translation> {
    let skipped = usize::from(!texts.iter().any(Prose::is_english));
    let others = texts.iter().filter(|text| !text.is_english() && !text.value.is_empty()).skip(skipped);
    let read = |text: &Prose| Some(Translation { language: text.lang.clone()?, text: text.value.clone() });
    others.filter_map(read).take(DISTINCT).collect()
}

fn add_impact(all: &mut Vec<String>, impact: Impact) {
    let words = prose(impact.descriptions);
    let text = match (impact.capec_id, words) {
        (Some(id), Some(words)) if words.starts_with(&id) => words,
        (Some(id), Some(words)) => format!("{id} {words}"),
        (Some(text), None) | (None, Some(text)) => text,
        (None, None) => return,
    };
    if all.len() < DISTINCT && !all.contains(&text) {
        all.push(text);
    }
}

/// What to do: all that is said in English, or the first in another language, since the others translate it.
fn add_remedies(remedies: &mut Vec<Remedy>, kind: &str, mut texts: Vec<Prose>, source: Option<&String>) {
    match texts.iter().any(|text| text.is_english()) {
        true => texts.retain(|text| text.is_english()),
        false => texts.truncate(1),
    }
    for text in texts.iter().map(|text| text.value.trim()).filter(|text| !text.is_empty()) {
        let is_same = |known: &Remedy| known.kind == kind && known.text == text;
        if !remedies.iter().take(DISTINCT).any(is_same) {
            remedies.push(Remedy {
                kind: kind.to_owned(),
                text: text.to_owned(),
                source: source.cloned(),
                ..Remedy::default()
            });
        }
    }
}

fn row(product: Product, source: Option<&String>) -> Affected {
    let (version_entries, are_ranges): (Vec<_>, Vec<_>) = product.versions.into_iter().map(entry).unzip();
    let default_status = product
        .default_status
        .or_else(|| comparators::default_status(&version_entries, are_ranges.contains(&true), source));
    Affected {
        package: product.package_name,
        purl: product.package_url,
        collection_url: product.collection_url,
        vendor: product.vendor,
        product: product.product,
        cpes: product.cpes,
        platforms: product.platforms,
        version_entries,
        default_status,
        source: source.cloned(),
        ..Affected::default()
    }
}

/// An entry, and whether its range stood in the field of its version.
fn entry(versions: Versions) -> (VersionEntry, bool) {
    let entry = VersionEntry {
        version: versions.version,
        less_than: versions.less_than,
        less_than_or_equal: versions.less_than_or_equal,
        status: versions.status,
        version_type: versions.version_type,
        changes: versions
            .changes
            .into_iter()
            .map(|change| Change { at: change.at, status: change.status })
            .collect(),
    };
    match comparators::read(&entry) {
        Some(range) => (range, true),
        None => (entry, false),
    }
}

/// The programme's own container repeats the assigner's links with a tag of its own.
fn add_link(references: &mut Vec<Reference>, link: Link) {
    let mut known = references.iter_mut().take(DISTINCT);
    match known.find(|reference| reference.url == link.url) {
        None => references.push(Reference { kind: link.tags, url: link.url, name: link.name }),
        Some(reference) => {
            for tag in link.tags {
                if reference.kind.len() < DISTINCT && !reference.kind.contains(&tag) {
                    reference.kind.push(tag);
                }
            }
        }
    }
}

fn add_metric(record: &mut Record, metric: Metric<'_>, source: Option<&String>) {
    let scores: [(&'static str, Option<Cvss>); 4] =
        [("4.0", metric.v40), ("3.1", metric.v31), ("3.0", metric.v30), ("2.0", metric.v2)];
    for (version, score) in scores {
        if let Some(Cvss { vector_string, base_score }) = score {
            record.severities.push(cvss::severity(vector_string, version, base_score, source.cloned()));
        }
    }
    if let Some(other) = metric.other {
        add_other(record, &other, source);
    }
}

/// Content that does not look like what its type promises is no reason to refuse the record.
fn add_other(record: &mut Record, other: &Other<'_>, source: Option<&String>) {
    let Some(content) = other.content else { return };
    match other.kind.as_str() {
        "ssvc" => {
            if let Ok(ssvc) = serde_json::from_str::<Ssvc>(content.get()) {
                record.decisions.push(Decision {
                    role: ssvc.role,
                    version: ssvc.version,
                    at: ssvc.timestamp,
                    options: ssvc.options.into_iter().flatten().collect(),
                    source: source.cloned(),
                });
            }
        }
        "kev" => {
            if let Ok(kev) = serde_json::from_str::<Kev>(content.get()) {
                record.exploited = Some(Exploited {
                    date_added: kev.date_added,
                    reference: kev.reference,
                    ..Exploited::default()
                });
            }
        }
        _ => {}
    }
}
