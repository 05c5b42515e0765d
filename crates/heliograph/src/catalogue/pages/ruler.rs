//! Affected versions as a ruler: where they begin and where they end, in the order of versions.

use catalogue::{Stretch, stretches};
use formats::record::Record;
use maud::{Markup, html};

/// Products that get a ruler; the lists below have all.
const RULERS: usize = 6;
/// Stretches on one ruler: more cannot be read.
const STRETCHES: usize = 8;
const WIDTH: usize = 640;
const EDGE: usize = 24;

/// Rulers of the products of a record whose affected versions have an order.
pub(super) fn rulers(record: &Record) -> Markup {
    let all: Vec<(String, Vec<Stretch>)> = stretches(record);
    let fit = all.iter().filter(|(_, stretches)| (1..=STRETCHES).contains(&stretches.len())).take(RULERS);
    html! { @for (label, stretches) in fit { (ruler(label, stretches)) } }
}

fn ruler(label: &str, stretches: &[Stretch]) -> Markup {
    let mut marks: Vec<&str> = Vec::new();
    for mark in
        stretches.iter().flat_map(|stretch| [stretch.from.as_deref(), stretch.to.as_deref()]).flatten()
    {
        if marks.last() != Some(&mark) {
            marks.push(mark);
        }
    }
    let step = (WIDTH - 2 * EDGE) / (marks.len() + 1);
    let place =
        |mark: &str| marks.iter().position(|known| *known == mark).map_or(EDGE, |at| EDGE + step * (at + 1));
    let span = |stretch: &Stretch| {
        let from = stretch.from.as_deref().map_or(EDGE, place);
        (from, stretch.to.as_deref().map_or(WIDTH - EDGE, place))
    };
    let words: Vec<String> = stretches.iter().map(Stretch::in_words).collect();
    html! {
        figure.ruler {
            figcaption { b { (label) } ": affected " (words.join("; ")) }
            svg.line viewBox={ "0 0 " (WIDTH) " 46" } role="img" aria-label={ (label) ": affected " (words.join("; ")) } {
                line.track x1=(EDGE) x2=(WIDTH - EDGE) y1="16" y2="16" stroke-width="6" {}
                @for stretch in stretches {
                    @let (from, to) = span(stretch);
                    line.hit x1=(from) x2=(to) y1="16" y2="16" stroke-width="10" {}
                }
                @for stretch in stretches {
                    @if let Some(to) = &stretch.to {
                        circle class=(if stretch.with_end { "hit-end" } else { "free-end" }) cx=(place(to)) cy="16" r="6" {}
                    }
                }
                @for (at, mark) in marks.iter().enumerate() {
                    text x=(EDGE + step * (at + 1)) y="40" text-anchor="middle" { (catalogue::clip(mark, 14)) }
                }
            }
        }
    }
}
