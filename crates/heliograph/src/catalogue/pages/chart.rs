//! Pictures drawn on the server, each with a text beside it that says the same.

use super::results::thousands;
use crate::web::severity_chip;
use formats::record::{Record, Severity};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// The bands in [`catalogue::Facets`], in words.
pub(super) const BANDS: [&str; 6] = ["none", "low", "medium", "high", "critical", "not graded"];

/// Years that are drawn; earlier ones stand in the table.
const YEARS: usize = 20;
const HEIGHT: u64 = 160;
const STEP: u64 = 40;

/// Records by year of publication, the severe ones in the strongest colour; and the same as a table.
pub(super) fn by_year(years: &BTreeMap<i64, [u64; 6]>) -> Markup {
    let total = |bands: &[u64; 6]| bands.iter().sum::<u64>();
    let Some(most) = years.values().map(total).max().filter(|most| *most > 0) else { return html! {} };
    let shown: Vec<(&i64, &[u64; 6])> = years.iter().rev().take(YEARS).collect();
    let width = STEP * shown.len() as u64;
    html! {
        figure.chart {
            svg viewBox={ "0 -16 " (width.max(STEP * 4)) " " (HEIGHT + 36) } role="img" aria-label="Records by year of publication; the table below says the same" {
                @for (place, (year, bands)) in shown.iter().rev().enumerate() {
                    @let x = STEP * place as u64;
                    (bar(x, bands, most))
                    text x=(x + STEP / 2) y=(HEIGHT + 14) text-anchor="middle" { (year) }
                    text.count x=(x + STEP / 2) y=(above(total(bands), most)) text-anchor="middle" { (short(total(bands))) }
                }
                line.track x1="0" x2=(width) y1=(HEIGHT) y2=(HEIGHT) {}
            }
            figcaption { "Records by year of publication. The stronger the colour, the more severe." }
            details {
                summary { "As a table" }
                table {
                    thead { tr { th { "Year" } th.num { "All" } @for band in BANDS { th.num { (band) } } } }
                    tbody {
                        @for (year, bands) in years.iter().rev() {
                            tr {
                                td { (year) }
                                td.num data-label="All" { (thousands(total(bands))) }
                                @for (name, count) in BANDS.iter().zip(*bands) { td.num data-label=(name) { (thousands(count)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Where the number above a bar stands.
fn above(count: u64, most: u64) -> i64 {
    HEIGHT.cast_signed() - (HEIGHT * count / most).cast_signed() - 4
}

/// One bar, from the severest at its foot to what is not graded.
fn bar(x: u64, bands: &[u64; 6], most: u64) -> Markup {
    let mut foot = 0;
    let parts: Vec<(usize, u64, u64)> = [4, 3, 2, 1, 0, 5]
        .into_iter()
        .map(|band| {
            let from = HEIGHT * foot / most;
            foot += bands[band];
            (band, from, HEIGHT * foot / most)
        })
        .collect();
    html! {
        @for (band, from, to) in parts {
            @if to > from { rect class={ "band-" (band) } x=(x + 5) y=(HEIGHT - to) width=(STEP - 10) height=(to - from) {} }
        }
    }
}

/// A number that fits above a bar.
fn short(number: u64) -> String {
    match number {
        0..10_000 => number.to_string(),
        _ => format!("{}k", number / 1_000),
    }
}

/// A score on its scale from 0 to 10, with where the bands begin.
pub(super) fn scale(tenths: i64) -> Markup {
    html! {
        svg.scale viewBox="0 0 204 14" role="img" aria-label={ "Score " (format!("{:.1}", tenths as f64 / 10.0)) " of 10" } {
            @for (band, from, to) in [(1, 0, 80), (2, 80, 140), (3, 140, 180), (4, 180, 200)] {
                rect class={ "band-" (band) } x=(2 + from) y="5" width=(to - from - 1) height="4" {}
            }
            circle.mark cx=(2 + tenths.clamp(0, 100) * 2) cy="7" r="5" {}
        }
    }
}

/// Metrics of CVSS that people ask for first, in words.
const SAID: [(&str, &str, &str); 14] = [
    ("AV", "N", "over the network"),
    ("AV", "A", "from the same network"),
    ("AV", "L", "on the machine"),
    ("AV", "P", "by touching it"),
    ("AC", "L", "easy to do"),
    ("AC", "H", "hard to do"),
    ("PR", "N", "without an account"),
    ("PR", "L", "with any account"),
    ("PR", "H", "with an administrator's account"),
    ("UI", "N", "nobody has to help"),
    ("UI", "R", "somebody has to help"),
    ("UI", "P", "somebody has to be there"),
    ("UI", "A", "somebody has to help"),
    ("Au", "N", "without an account"),
];

/// What the vector says, in words.
pub(super) fn in_words(vector: &str) -> String {
    let said = vector.split('/').filter_map(|part| {
        let (name, value) = part.split_once(':')?;
        SAID.iter().find(|(metric, letter, _)| *metric == name && *letter == value).map(|(.., words)| *words)
    });
    said.collect::<Vec<_>>().join(", ")
}

/// How severe the sources say that it is, each on the same scale.
pub(super) fn severities<'a>(records: impl Iterator<Item = &'a Record>) -> Markup {
    let mut scores: Vec<&Severity> = Vec::new();
    for severity in records.flat_map(|record| &record.severities) {
        let is_new =
            !scores.iter().any(|known| known.vector == severity.vector && known.source == severity.source);
        if severity.score.is_some() && is_new && scores.len() < SCORES {
            scores.push(severity);
        }
    }
    scores.sort_by(|one, other| other.version.cmp(&one.version));
    html! {
        @if !scores.is_empty() {
            section.sheet aria-labelledby="severity" {
                h2 id="severity" { "Severity" }
                @for severity in scores {
                    @let tenths = severity.score.map(|score| (score * 10.0).round() as i64);
                    p.graded {
                        b { (severity_chip(tenths)) } " " span.quiet { "CVSS " (severity.version) @if let Some(who) = &severity.source { ", says " (who) } }
                        @if let Some(tenths) = tenths { (scale(tenths)) }
                        @let words = in_words(&severity.vector);
                        @if !words.is_empty() { span { (words) } }
                    }
                }
            }
        }
    }
}

/// Scores shown at the side of a page; the records have them all.
const SCORES: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_is_read_out() {
        assert_eq!(
            in_words("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H"),
            "over the network, easy to do, without an account, somebody has to help"
        );
        assert_eq!(in_words("high"), "");
    }

    #[test]
    fn a_chart_says_in_words_what_it_draws_and_nothing_draws_nothing() {
        let years = BTreeMap::from([(2024, [0, 1, 0, 2, 3, 4]), (2025, [0; 6])]);
        let drawn = by_year(&years).into_string();
        assert!(drawn.contains("<td class=\"num\" data-label=\"critical\">3</td>"), "{drawn}");
        assert_eq!(drawn.matches("<rect").count(), 4, "{drawn}");
        assert_eq!(by_year(&BTreeMap::new()).into_string(), "");
    }
}
