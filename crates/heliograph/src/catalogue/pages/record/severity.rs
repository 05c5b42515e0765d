//! How severe the sources say that it is: each on the same scale, with where they disagree.

use super::super::chart::{in_words, scale};
use super::remedies::some;
use super::standing;
use crate::web::{Shown, Tone, chip, instant, severity_chip};
use catalogue::Entry;
use formats::cvss;
use formats::record::{Record, Severity};
use maud::{Markup, html};

/// Scores shown at the side of a page; the records have them all.
const SCORES: usize = 6;

/// A score in tenths of a point, if it is one.
pub(super) fn tenths(severity: &Severity) -> Option<i64> {
    severity.score.filter(|score| (0.0..=10.0).contains(score)).map(|score| (score * 10.0).round() as i64)
}

/// Which vulnerabilities a score is for, where its document is about several.
pub(super) fn held_for(severity: &Severity) -> Markup {
    let names = &severity.vulnerabilities;
    html! { @if !names.is_empty() { ", for " (some(names, names.len())) } }
}

/// That a score and its vector do not fit, where they do not.
pub(super) fn against_itself(severity: &Severity) -> Markup {
    html! { @if let Some(words) = cvss::contradiction(severity) { div { (chip(Tone::Soon, "contradicts itself")) " " (words) "." } } }
}

/// The score at the head of the page: of the first source that has one.
pub(super) fn worst(entry: &Entry) -> Markup {
    let graded = standing(entry).find(|sourced| sourced.summary.severity_tenths.is_some());
    let first = entry.records.first().map(|sourced| &sourced.summary.id);
    html! {
        @match graded {
            Some(sourced) => span {
                (severity_chip(sourced.summary.severity_tenths))
                @if let Some(count) = sourced.summary.vulnerabilities { " " span.quiet { "highest of " (count) } }
                @if first != Some(&sourced.summary.id) { " " span.quiet { "says " (sourced.summary.id) } }
            },
            None => (severity_chip(None)),
        }
    }
}

/// The different scores of all sources that stand, the newest version of CVSS first.
fn scores<'a>(records: impl Iterator<Item = &'a Record>) -> Vec<(&'a Record, &'a Severity, i64)> {
    let mut scores: Vec<(&Record, &Severity, i64)> = Vec::new();
    let said = |one: &'a Severity| (&one.vector, &one.source, tenths(one), &one.vulnerabilities);
    for (record, severity) in
        records.flat_map(|record| record.severities.iter().map(move |one| (record, one)))
    {
        let is_new = !scores.iter().any(|(_, known, _)| said(known) == said(severity));
        if let Some(tenths) = tenths(severity).filter(|_| is_new) {
            scores.push((record, severity, tenths));
        }
    }
    scores.sort_by(|(_, one, _), (_, other, _)| other.version.cmp(&one.version));
    scores
}

/// The least and the most that is said of the same, where that is not the same band. Scores of several
/// vulnerabilities contradict each other in nothing.
fn spread(scores: &[(&Record, &Severity, i64)]) -> Option<(i64, i64)> {
    let band = |tenths: i64| vocabulary::Severity::of(tenths as f64 / 10.0);
    let around = |one: &Severity| {
        let same = scores.iter().filter(|(_, other, _)| other.vulnerabilities == one.vulnerabilities);
        let same = || same.clone().map(|(.., tenths)| *tenths);
        same().min().zip(same().max())
    };
    let all = scores.iter().filter_map(|(_, one, _)| around(one));
    all.filter(|(least, most)| band(*least) != band(*most)).max_by_key(|(least, most)| most - least)
}

/// The section at the side of the page.
pub(super) fn severities(shown: &Shown, entry: &Entry) -> Markup {
    let scores = scores(standing(entry).map(|sourced| &sourced.record));
    let spread = spread(&scores);
    html! {
        @if !scores.is_empty() || entry.likelihood.is_some() {
            section.sheet aria-labelledby="severity" {
                h2 id="severity" { "Severity" }
                @if let Some((least, most)) = spread {
                    p { (chip(Tone::Soon, "they disagree")) " from " (severity_chip(Some(least))) " to " (severity_chip(Some(most))) "." }
                }
                @for (record, severity, tenths) in scores.iter().take(SCORES) {
                    div.graded {
                        (severity_chip(Some(*tenths))) " "
                        span.quiet { "CVSS " (severity.version) ", says " (severity.source.as_deref().unwrap_or(&record.id)) (held_for(severity)) }
                        (against_itself(severity))
                        (scale(*tenths))
                        @let words = in_words(&severity.vector);
                        @if !words.is_empty() { div { (words) } }
                    }
                }
                @if scores.len() > SCORES { p.quiet { (scores.len() - SCORES) " more stand with their sources." } }
                @if let Some(likelihood) = &entry.likelihood {
                    p {
                        b { (format!("{:.2} %", likelihood.probability * 100.0)) } " likely to be exploited within 30 days, says EPSS"
                        @if let Some(at) = likelihood.at { ", " span.quiet { "as of " (instant(shown, at)) } } "."
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_score_counts_once_and_odd_ones_not_at_all() {
        let one = |score: f64, version: &str, source: &str| Severity {
            vector: format!("CVSS:{version}/{score}"),
            score: Some(score),
            version: version.into(),
            source: Some(source.into()),
            ..Severity::default()
        };
        let severities =
            vec![one(5.0, "3.1", "a"), one(9.1, "4.0", "a"), one(5.0, "3.1", "a"), one(50.0, "3.1", "b")];
        let record = Record { severities, ..Record::default() };
        let found = scores([&record, &record].into_iter());
        assert_eq!(found.iter().map(|(.., tenths)| *tenths).collect::<Vec<_>>(), [91, 50]);
    }
}
