//! What was recorded of a subject's clocks, in words: also what was corrected later.

use super::conflicts::title;
use crate::deadlines::rules::{self, ClockEvent, Contradiction, Debtor};
use crate::deadlines::store;
use crate::ledger::{self, Actor, Item, Writer};
use crate::refusal::Refusal;
use crate::web::{Moment, Shown};
use maud::{Markup, html};
use std::collections::HashMap;

type Names = HashMap<String, String>;

/// The moments of a subject, oldest first, and the sealed notes that were opened for them.
pub(super) fn history(
    w: &mut Writer<'_, '_>,
    subject: &str,
    names: &Names,
    people: &Names,
    shown: &Shown,
) -> Result<(Vec<Moment>, Vec<Item>), Refusal> {
    let (mut moments, mut items) = (Vec::new(), Vec::new());
    for recorded in ledger::events_of(w.tx(), &store::stream(subject))? {
        let event: ClockEvent = recorded.event()?;
        let note = match sealed(&event) {
            Some(item) => {
                items.push(item.clone());
                w.unseal(item)?.text()
            }
            None => String::new(),
        };
        let who = match &recorded.actor {
            Actor::Account(id) => people.get(id.as_str()).cloned().unwrap_or_default(),
            Actor::Reporter(_) => "The reporter".into(),
            Actor::System => "By rule".into(),
        };
        let words = words(&event, names, shown);
        let what: Markup = html! { (words) @if !note.is_empty() { p.text.sheet { (note) } } };
        moments.push(Moment { at: recorded.at, who, is_new: false, what });
    }
    Ok((moments, items))
}

fn sealed(event: &ClockEvent) -> Option<&Item> {
    match event {
        ClockEvent::FactStated { evidence, .. }
        | ClockEvent::DelayNotified { evidence, .. }
        | ClockEvent::SubmissionRecorded { evidence, .. } => Some(evidence),
        ClockEvent::Extended { reason, .. }
        | ClockEvent::Waived { reason, .. }
        | ClockEvent::ConflictDecided { reason, .. } => Some(reason),
        _ => None,
    }
}

fn plain(words: &str) -> String {
    words.replace('_', " ")
}

/// A duty by its title, where a profile in force knows it.
fn titled(profile: &str, duty: &str) -> String {
    let known = rules::profile(profile).and_then(|known| known.duty(duty));
    known.map_or_else(|| format!("{profile}/{duty}"), |duty| format!("\"{}\"", duty.title))
}

/// The same of a duty that is named with its profile.
fn titled_in_full(qualified: &str) -> String {
    qualified.split_once('/').map_or_else(|| qualified.to_owned(), |(profile, duty)| titled(profile, duty))
}

/// Two rules that contradict each other, by their titles.
fn clash(rules: &Contradiction) -> String {
    let (forbids, orders) = (title(&rules.forbids), title(&rules.orders));
    match rules.kept() {
        Some(what) => {
            format!("\"{forbids}\" forbids to keep the {} as long as \"{orders}\" orders", plain(what))
        }
        None => {
            let duty = titled(&rules.orders, &rules.duty);
            format!("\"{forbids}\" forbids what \"{orders}\" orders with {duty}")
        }
    }
}

fn words(event: &ClockEvent, names: &Names, shown: &Shown) -> String {
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| "a vendor".into());
    let of = |debtor: &Debtor| match debtor {
        Debtor::Centre => "the centre".to_owned(),
        Debtor::Reporter => "the manufacturer, who reported".to_owned(),
        Debtor::Organisation(id) => name(id.as_str()),
    };
    let about = |vendor: &Option<vocabulary::OrganisationId>| match vendor {
        Some(id) => format!(", about {}", name(id.as_str())),
        None => String::new(),
    };
    match event {
        ClockEvent::ScopeDeclared { debtor, actors, triggers, jurisdictions, .. } => format!(
            "declared of {}: roles {}; kind of case {}; law of {}.",
            of(debtor),
            listed(actors),
            listed(triggers),
            listed(jurisdictions)
        ),
        ClockEvent::FactRecorded { debtor, vendor, anchor, at, evidence } => format!(
            "recorded {} at {} for {}{}; shown by: {evidence}.",
            anchor.meaning(),
            shown.date(at.at),
            of(debtor),
            about(vendor)
        ),
        ClockEvent::FactStated { debtor, vendor, anchor, at, .. } => format!(
            "stated {} at {} for {}{}. What shows it:",
            anchor.meaning(),
            shown.date(at.at),
            of(debtor),
            about(vendor)
        ),
        ClockEvent::Happened { debtor, anchor } => {
            format!("recorded that {} has happened for {}; when, nobody said.", anchor.meaning(), of(debtor))
        }
        ClockEvent::VendorAdded { vendor } => format!("added {}.", name(vendor.as_str())),
        ClockEvent::VendorWaived { vendor, duty, ground } => {
            let what = titled_in_full(duty);
            format!("waived {what} for {}, on the ground: {}.", name(vendor.as_str()), plain(ground))
        }
        ClockEvent::Filed { debtor, duty, at, evidence } => {
            let (what, at) = (titled_in_full(duty), shown.date(at.at));
            format!("recorded {what} as done by {} at {at}: {evidence}.", of(debtor))
        }
        ClockEvent::SubjectNamed { name } => format!("named it \"{name}\"."),
        ClockEvent::DrillStarted {} => "started the drill.".into(),
        ClockEvent::DrillEnded {} => "ended the drill.".into(),
        ClockEvent::MergedInto { subject } => {
            format!("ended the clocks here: the case became part of {subject}.")
        }
        ClockEvent::TakenOver {} => "took over the care of these clocks.".into(),
        other => decided(other, of, about, shown),
    }
}

/// What people decided.
fn decided(
    event: &ClockEvent,
    of: impl Fn(&Debtor) -> String,
    about: impl Fn(&Option<vocabulary::OrganisationId>) -> String,
    shown: &Shown,
) -> String {
    match event {
        ClockEvent::Extended { debtor, profile, duty, until, ground, .. } => format!(
            "put off {} of {} until {}, on the ground: {}. Why:",
            titled(profile, duty),
            of(debtor),
            shown.date(until.at),
            plain(ground)
        ),
        ClockEvent::DelayNotified { profile, duty, at, .. } => {
            let (what, at) = (titled(profile, duty), shown.date(at.at));
            format!("recorded that the delay of {what} was told at {at}. What shows it:")
        }
        ClockEvent::Waived { debtor, vendor, profile, duty, ground, .. } => format!(
            "waived {} of {}{}, on the ground: {}. Why:",
            titled(profile, duty),
            of(debtor),
            about(vendor),
            plain(ground)
        ),
        ClockEvent::FellAway { debtor, profile, duty, ground } => {
            let what = titled(profile, duty);
            format!("ended {what} of {}, on the ground: {}.", of(debtor), plain(ground))
        }
        ClockEvent::SubmissionRecorded { debtor, profile, duty, at, received_here, .. } => format!(
            "recorded that {} submitted {} at {}{}. What shows it:",
            of(debtor),
            titled(profile, duty),
            shown.date(at.at),
            if received_here.is_some() { ", to this centre" } else { "" }
        ),
        ClockEvent::ConflictRaised { rules, .. } => format!("noticed that {}.", clash(rules)),
        ClockEvent::ConflictDecided { rules, decision, .. } => {
            format!("decided what to do where {}: {}. Why:", clash(rules), rules.words(*decision))
        }
        _ => String::new(),
    }
}

fn listed(words: &[String]) -> String {
    if words.is_empty() { "none".into() } else { plain(&words.join(", ")) }
}
