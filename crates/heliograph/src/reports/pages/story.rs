//! One report, opened: what was written, and what happened since.

use crate::ledger::{self, Item, Writer};
use crate::refusal::Refusal;
use crate::reports::ReportText;
use crate::reports::rules::{Report, ReportEvent, Side};
use crate::reports::store::{self, sealed};
use crate::web::{Happened, Tone, chip};
use maud::{Markup, html};
use vocabulary::ReportId;

/// Everything that is shown of one report.
pub(in crate::reports) struct Story {
    pub(in crate::reports) id: ReportId,
    pub(in crate::reports) report: Report,
    /// How often anything happened to it.
    pub(in crate::reports) version: i64,
    pub(in crate::reports) text: ReportText,
    pub(in crate::reports) moments: Vec<Happened>,
}

/// Loads a report and opens its texts; the caller records what was opened.
pub(in crate::reports) fn story(
    w: &mut Writer<'_, '_>,
    id: &ReportId,
) -> Result<(Story, Vec<Item>), Refusal> {
    let loaded = store::received(w.tx(), id)?;
    let (report, version) = (loaded.state, loaded.version);
    let (text, mut items) = sealed::text_of(w, &report)?;
    let mut moments = Vec::new();
    for recorded in ledger::events_of(w.tx(), &store::stream(id))? {
        let (words, sealed) = words(&recorded.event()?);
        let opened = match sealed {
            Some(item) => {
                items.push(item.clone());
                sealed::open_item(w, &item)?.text()
            }
            None => String::new(),
        };
        let (at, entry, kind) = (recorded.at, recorded.seq, recorded.kind);
        moments.push(Happened { at, entry, kind, words, text: opened, is_new: false });
    }
    Ok((Story { id: id.clone(), report, version, text, moments }, items))
}

/// An event in words, and the sealed text that belongs to it.
fn words(event: &ReportEvent) -> (String, Option<Item>) {
    match event {
        ReportEvent::Received { via, .. } => (format!("The report was received ({via})."), None),
        ReportEvent::MessageAdded { from: Side::Reporter, text } => {
            ("The reporter wrote:".into(), Some(text.clone()))
        }
        ReportEvent::MessageAdded { from: Side::Centre, text } => {
            ("The centre wrote:".into(), Some(text.clone()))
        }
        ReportEvent::Accepted { case } => (format!("Accepted into case {case}."), None),
        ReportEvent::Moved { case } => (format!("Its case became part of {case}."), None),
        ReportEvent::Declined { reason } => ("Declined. The reason:".into(), Some(reason.clone())),
        ReportEvent::DuplicateMarked { of } => (format!("Marked as a duplicate of {of}."), None),
        ReportEvent::Published { case } => (format!("The advisory {case} was published."), None),
        ReportEvent::ExploitDeleted {} => ("Proof of concept and files were deleted, by rule.".into(), None),
        ReportEvent::Erased {} => ("The texts were erased.".into(), None),
    }
}

pub(super) fn state_chip(report: &Report) -> Markup {
    let tone = match report.word() {
        "accepted" => Tone::Calm,
        "received" => Tone::Soon,
        _ => Tone::Idle,
    };
    html! {
        (chip(tone, report.word())) " "
        @if report.exploited { (chip(Tone::Soon, "exploited")) " " }
        @if report.public { (chip(Tone::Soon, "public already")) " " }
    }
}

/// What the reporter wrote.
pub(crate) fn text_markup(text: &ReportText) -> Markup {
    let parts = [
        ("Product", &text.product),
        ("Vendor", &text.vendor),
        ("Versions", &text.versions),
        ("What is wrong", &text.description),
        ("Impact", &text.impact),
        ("How it was found", &text.how_found),
        ("Exploited: how it is known", &text.exploited_evidence),
        ("Public: where", &text.public_where),
    ];
    html! {
        dl.facts {
            @for (label, value) in parts.iter().filter(|(_, value)| !value.is_empty()) {
                dt { (label) } dd.text { (value) }
            }
            @if !text.files.is_empty() { dt { "Files" } dd { (text.files.join(", ")) } }
        }
    }
}
