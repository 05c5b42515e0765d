//! NVD's records into the catalogue's view.

use super::model::{Cve, Item, Metric, Outer, Prose};
use crate::limits::DISTINCT;
use crate::read::{ReadError, parse};
use crate::record::{Exploited, Record, Reference, Source, State, Translation};
use crate::{configurations, cvss, lenient, weakness};

/// Reads the records of a document that has passed the door.
pub(crate) fn read(text: &str) -> Result<Vec<Record>, ReadError> {
    let items = match parse(text)? {
        Outer { vulnerabilities: Some(items), .. } => items,
        Outer { cve: Some(cve), .. } => vec![Item { cve }],
        Outer { vulnerabilities: None, cve: None } => vec![Item { cve: parse(text)? }],
    };
    Ok(items.into_iter().map(|item| record(item.cve)).collect())
}

/// The descriptions but for the one that is taken.
fn translations(texts: &[Prose], taken: usize) -> Vec<Translation> {
    let others = texts.iter().enumerate().filter(|(at, text)| *at != taken && !text.value.is_empty());
    let read =
        |(_, text): (usize, &Prose)| Translation { language: text.lang.clone(), text: text.value.clone() };
    others.map(read).take(DISTINCT).collect()
}

fn record(cve: Cve) -> Record {
    let (mut weaknesses, mut weakness_marks) = (Vec::new(), Vec::new());
    for text in cve.weaknesses.iter().flat_map(|weakness| &weakness.description) {
        weakness::collect_marked(&mut weaknesses, &mut weakness_marks, &text.value);
    }
    let at = cve.descriptions.iter().position(|text| text.lang.starts_with("en")).unwrap_or(0);
    let translations = translations(&cve.descriptions, at);
    let details = cve.descriptions.into_iter().nth(at).map(|text| text.value).filter(|text| !text.is_empty());
    let mut tags = Vec::new();
    cve.cve_tags.into_iter().for_each(|said| lenient::tags(&mut tags, said.tags));
    let metrics = [
        ("4.0", cve.metrics.v40),
        ("3.1", cve.metrics.v31),
        ("3.0", cve.metrics.v30),
        ("2.0", cve.metrics.v2),
    ];
    let score = |version: &str, Metric { source, cvss_data }: Metric| {
        cvss::severity(cvss_data.vector_string, version.to_owned(), cvss_data.base_score, source)
    };
    let configurations = configurations::read(cve.configurations);
    Record {
        id: cve.id.trim().to_uppercase(),
        source: Source::Nvd,
        assigner: cve.source_identifier,
        // NVD gives no titles of its own.
        title: cve.cisa_vulnerability_name,
        // NVD has the reason where others have the description.
        withdrawn_because: details.clone().filter(|_| cve.rejected),
        details,
        translations,
        published: cve.published,
        modified: cve.last_modified,
        state: if cve.rejected { State::Rejected } else { State::Published },
        withdrawn: cve.last_modified.filter(|_| cve.rejected),
        tags,
        severities: metrics
            .into_iter()
            .flat_map(|(version, metrics)| metrics.into_iter().map(move |metric| score(version, metric)))
            .collect(),
        weaknesses,
        weakness_marks,
        affected: configurations::rows(&configurations, Some("NVD")),
        configurations,
        references: cve
            .references
            .into_iter()
            .map(|link| Reference {
                kind: link.tags.into_iter().map(|tag| tag.to_lowercase()).collect(),
                url: link.url,
                name: None,
            })
            .collect(),
        exploited: cve.cisa_exploit_add.map(|added| Exploited {
            date_added: Some(added),
            due_date: cve.cisa_action_due,
            required_action: cve.cisa_required_action,
            ..Exploited::default()
        }),
        ..Record::default()
    }
}
