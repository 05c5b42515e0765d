//! Pictures drawn on the server, each with a text beside it that says the same.

use super::results::thousands;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// The bands in [`catalogue::Facets`], in words.
pub(super) const BANDS: [&str; 6] = ["none", "low", "medium", "high", "critical", "not graded"];

/// Years that are drawn on a wide page, and beside something or on a telephone; earlier ones stand in
/// the table.
const YEARS: usize = 20;
const YEARS_SMALL: usize = 7;
const HEIGHT: u64 = 160;
/// From one year to the next, in a column and across a whole page.
const STEP: u64 = 40;
const STEP_WHOLE: u64 = 54;

/// Years with their records by band.
type Years = BTreeMap<i64, [u64; 6]>;

fn total(bands: &[u64; 6]) -> u64 {
    bands.iter().sum()
}

/// Records by year of publication, the severe ones in the strongest colour; and the same as a table.
pub(super) fn by_year(years: &Years) -> Markup {
    figure(years, &[(YEARS, STEP), (YEARS_SMALL, STEP)])
}

/// The same, across a whole page.
pub(super) fn by_year_whole(years: &Years) -> Markup {
    figure(years, &[(YEARS, STEP_WHOLE), (YEARS_SMALL, STEP)])
}

/// The same, to stand beside something.
pub(super) fn by_year_beside(years: &Years) -> Markup {
    figure(years, &[(YEARS_SMALL, STEP)])
}

fn figure(years: &Years, widths: &[(usize, u64)]) -> Markup {
    if years.values().all(|bands| total(bands) == 0) {
        return html! {};
    }
    // One picture serves where there are few years.
    let widths = &widths[..if years.len() <= YEARS_SMALL { 1 } else { widths.len() }];
    html! {
        figure.chart {
            @for (at, (count, step)) in widths.iter().enumerate() {
                @let class = match (widths.len(), at) { (1, _) => None, (_, 0) => Some("wide"), _ => Some("small") };
                (picture(years, *count, *step, class))
            }
            figcaption.key {
                "Records by year of publication: "
                @for band in [4, 3, 2, 1, 5] { span { i class={ "band-" (band) } {} (BANDS[band]) } " " }
            }
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

fn picture(years: &Years, count: usize, step: u64, class: Option<&str>) -> Markup {
    let shown: Vec<(&i64, &[u64; 6])> = years.iter().rev().take(count).collect();
    let most = shown.iter().map(|(_, bands)| total(bands)).max().unwrap_or(0).max(1);
    let width = step * shown.len() as u64;
    html! {
        svg class=[class] viewBox={ "0 -16 " (width) " " (HEIGHT + 36) } width=(width) height=(HEIGHT + 36) role="img"
            aria-label="Records by year of publication; the table below says the same" {
            @for (place, (year, bands)) in shown.iter().rev().enumerate() {
                @let x = step * place as u64;
                (bar(x, step, bands, most))
                text x=(x + step / 2) y=(HEIGHT + 14) text-anchor="middle" { (year) }
                text.count x=(x + step / 2) y=(above(total(bands), most)) text-anchor="middle" { (short(total(bands))) }
            }
            line.track x1="0" x2=(width) y1=(HEIGHT) y2=(HEIGHT) {}
        }
    }
}

/// Where the number above a bar stands.
fn above(count: u64, most: u64) -> i64 {
    HEIGHT.cast_signed() - (HEIGHT * count / most).cast_signed() - 4
}

/// One bar, from the severest at its foot to what is not graded.
fn bar(x: u64, step: u64, bands: &[u64; 6], most: u64) -> Markup {
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
            @if to > from { rect class={ "band-" (band) } x=(x + 5) y=(HEIGHT - to) width=(step - 10) height=(to - from) {} }
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
        svg.scale viewBox="-6 0 216 14" width="216" height="14" role="img" aria-label={ "Score " (format!("{:.1}", tenths as f64 / 10.0)) " of 10" } {
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
        assert_eq!((drawn.matches("<svg").count(), drawn.matches("<rect").count()), (1, 4), "{drawn}");
        let many: Years = (2000..2026).map(|year| (year, [1; 6])).collect();
        let texts = |drawn: Markup| drawn.into_string().matches("text-anchor").count() / 2;
        assert_eq!((texts(by_year(&many)), texts(by_year_beside(&many))), (YEARS + YEARS_SMALL, YEARS_SMALL));
        assert_eq!(by_year(&BTreeMap::new()).into_string(), "");
    }
}
