//! What holds from when until when, as bars over one line of time, drawn on the server; the same stands
//! in words beside it.

use crate::vetting::rules::Entry;
use crate::web::Shown;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

const WIDTH: f64 = 1000.0;
const LEFT: f64 = 230.0;
const ROW: usize = 34;

/// One bar.
struct Bar {
    words: String,
    from: Timestamp,
    until: Timestamp,
}

/// Draws clearances, briefing, confidentiality and the next review.
pub(super) fn picture(shown: &Shown, entry: &Entry) -> Markup {
    let bars = bars(shown, entry);
    if bars.is_empty() {
        return html! {};
    }
    let now = shown.now;
    let margin = SignedDuration::from_hours(24 * 30);
    let first = bars.iter().map(|bar| bar.from).min().unwrap_or(now).min(now) - margin;
    let last = bars.iter().map(|bar| bar.until).max().unwrap_or(now).max(now) + margin;
    let span = last.duration_since(first).as_secs_f64().max(1.0);
    let place = |at: Timestamp| LEFT + (WIDTH - LEFT - 20.0) * at.duration_since(first).as_secs_f64() / span;
    let height = ROW * bars.len() + 30;
    html! {
        svg.bars viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label="What holds from when until when" {
            @for (number, bar) in bars.iter().enumerate() {
                @let top = number * ROW + 10;
                @let (from, until) = (place(bar.from), place(bar.until));
                text x="0" y=(top + 14) { (bar.words) }
                rect class=(if bar.until <= now { "holds over" } else { "holds" }) x=(format!("{from:.1}")) y=(top)
                    width=(format!("{:.1}", (until - from).max(2.0))) height="18" rx="3" {
                    title { (bar.words) ": " (shown.date(bar.from)) " to " (shown.date(bar.until)) }
                }
            }
            @let today = format!("{:.1}", place(now));
            line class="now" x1=(today) x2=(today) y1="0" y2=(height - 20) {}
            text class="now" x=(today) y=(height - 4) text-anchor="middle" { "now" }
        }
    }
}

fn bars(shown: &Shown, entry: &Entry) -> Vec<Bar> {
    let mut bars: Vec<Bar> = entry
        .clearances
        .values()
        .map(|clearance| Bar {
            words: short(&super::level_words(&clearance.scheme, &clearance.level)),
            from: clearance.granted.at,
            until: clearance.until.at,
        })
        .collect();
    for (words, lasting) in [("Briefing", &entry.briefing), ("Confidentiality", &entry.nda)] {
        if let Some(lasting) = lasting
            && let Some(until) = &lasting.until
        {
            bars.push(Bar { words: words.into(), from: lasting.since, until: until.at });
        }
    }
    if let Some(review) = &entry.review {
        let from = entry.since.unwrap_or(shown.now).min(review.at);
        bars.push(Bar { words: "Next review".into(), from, until: review.at });
    }
    bars
}

/// What fits before a bar.
fn short(words: &str) -> String {
    match words.chars().count() > 30 {
        true => words.chars().take(29).chain(['…']).collect(),
        false => words.to_owned(),
    }
}
