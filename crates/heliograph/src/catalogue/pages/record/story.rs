//! What happened to it, across all sources, in one line of time.

use super::super::address;
use super::ROWS;
use crate::web::{Moment, Shown, timeline};
use catalogue::{Entry, Source, Sourced};
use jiff::Timestamp;
use maud::{Markup, html};

/// Moments before the rest is folded away.
const OPEN: usize = 6;

/// The section at the side of the page, newest first.
pub(super) fn story(shown: &Shown, entry: &Entry) -> Markup {
    let mut moments: Vec<Moment> = entry.records.iter().flat_map(told).collect();
    if let Some(at) = entry.records.iter().filter_map(|sourced| sourced.first_seen).min() {
        moments.push(moment(at, "", html! { "First came into this database." }));
    }
    moments.sort_by_key(|moment| moment.at);
    let (folded, open) = moments.split_at(moments.len().saturating_sub(OPEN));
    html! {
        section.sheet aria-labelledby="story" {
            h2 id="story" { "What happened" }
            (timeline(shown, open))
            @if !folded.is_empty() { details { summary { (folded.len()) " earlier" } (timeline(shown, folded)) } }
            p { a href={ (address(&entry.id)) "/history" } { "Every change, with what differs" } }
        }
    }
}

fn moment(at: Timestamp, who: &str, what: Markup) -> Moment {
    Moment { at, who: who.to_owned(), is_new: false, what }
}

/// What a source tells of its own story, and what changed since it came in here.
fn told(sourced: &Sourced) -> Vec<Moment> {
    let (record, summary) = (&sourced.record, &sourced.summary);
    let who = summary.source.label();
    let id = &summary.id;
    let mut moments = Vec::new();
    if let Some(at) = record.published {
        let verb = if summary.source == Source::Kev { "listed" } else { "published" };
        moments.push(moment(at, who, html! { (verb) " " (id) "." }));
    }
    if let Some(at) = record.modified.filter(|at| Some(*at) != record.published) {
        moments.push(moment(at, who, html! { "changed " (id) " last." }));
    }
    if let Some(at) = record.withdrawn {
        moments.push(moment(at, who, html! { "withdrew " (id) "." }));
    }
    let own = record.timeline.iter().take(ROWS);
    moments.extend(own.filter_map(|told| Some(moment(told.at?, who, html! { "tells: " (told.text) }))));
    moments.extend(
        sourced
            .history
            .iter()
            .map(|change| moment(change.at, "", html! { (id) " changed here: " (change.fields) })),
    );
    moments
}
