//! What happened in a case, as one participant may see it: one page of it or all, and what of that is new.

use super::case::VISIT;
use super::grade::triage_word;
use crate::access::{self, Viewer};
use crate::cases::rules::{Audience, Case, CaseEvent, Party};
use crate::cases::store;
use crate::ledger::{Actor, Item, Recorded, Writer};
use crate::refusal::Refusal;
use crate::web::{Happened, Shown};
use cvd::embargo::EmbargoEvent;
use jiff::Timestamp;
use std::collections::HashMap;
use vocabulary::{CaseId, OrganisationId, PAGE_SIZE, Page};

/// One page of what happened, or all of it.
pub(in crate::cases) struct History {
    /// Oldest first, as they happened.
    pub(in crate::cases) moments: Vec<Happened>,
    pub(in crate::cases) page: Page,
    /// How many moments this viewer may see in all.
    pub(in crate::cases) total: usize,
    /// When this viewer was last here; `None` on the first visit.
    pub(in crate::cases) last_visit: Option<Timestamp>,
    /// What others did since.
    pub(in crate::cases) fresh: usize,
}

/// Who reads, and how things are called before them.
pub(super) struct Reader<'a> {
    pub(super) viewer: &'a Viewer,
    pub(super) me: &'a Party,
    pub(super) names: &'a HashMap<String, String>,
    pub(super) shown: &'a Shown,
}

pub(super) fn open(
    w: &mut Writer<'_, '_>,
    id: &CaseId,
    case: &Case,
    reader: &Reader<'_>,
    page: Option<Page>,
    items: &mut Vec<Item>,
) -> Result<History, Refusal> {
    // Reporters who share a case cannot be told apart by the read log, so only a single one is.
    let is_known = !matches!(reader.me, Party::Reporter(_)) || case.reports.len() == 1;
    let last_visit = match is_known {
        true => access::last_visit(w.tx(), reader.viewer, id.as_str(), VISIT, reader.shown.now)?,
        false => None,
    };
    let actor = reader.viewer.actor()?;
    let is_new = |recorded: &Recorded| {
        recorded.actor != actor && last_visit.is_some_and(|last_visit| recorded.at > last_visit)
    };
    let seen = store::seen(w.tx(), id, case, reader.me)?;
    let (total, fresh) = (seen.len(), seen.iter().filter(|(recorded, _)| is_new(recorded)).count());
    let (before, count) =
        page.map_or((0, usize::MAX), |page| (page.offset().unsigned_abs() as usize, PAGE_SIZE as usize));
    let mut moments = Vec::new();
    for (recorded, event) in seen.iter().rev().skip(before).take(count) {
        moments.push(Happened { is_new: is_new(recorded), ..moment(w, recorded, event, reader, items)? });
    }
    moments.reverse();
    let page = page.unwrap_or(Page::FIRST);
    Ok(History { moments, page, total, last_visit, fresh })
}

/// One event in words; its sealed text is opened, and listed as opened.
fn moment(
    w: &mut Writer<'_, '_>,
    recorded: &Recorded,
    event: &CaseEvent,
    reader: &Reader<'_>,
    items: &mut Vec<Item>,
) -> Result<Happened, Refusal> {
    let sealed = match event {
        CaseEvent::MessageSent { text, .. } => Some(text),
        CaseEvent::StateObserved { evidence, .. } if *reader.me == Party::Centre => evidence.as_ref(),
        _ => None,
    };
    let opened = match sealed {
        Some(item) => {
            items.push(item.clone());
            w.unseal(item)?.text()
        }
        None => String::new(),
    };
    let by_rule = if recorded.actor == Actor::System { " By rule." } else { "" };
    let name = |party: &str| called(reader.me, party, reader.names);
    let gone = reader.shown.settings.key_backups_gone(recorded.at);
    let words = words(event, name, |at| reader.shown.date(at), gone).replacen("You was ", "You were ", 1);
    Ok(Happened {
        at: recorded.at,
        entry: recorded.seq,
        kind: recorded.kind.clone(),
        words: format!("{words}{by_rule}"),
        text: opened,
        is_new: false,
    })
}

/// How a participant is called before this one: a vendor sees "a vendor" where it sees another.
fn called(me: &Party, party: &str, names: &HashMap<String, String>) -> String {
    let own = String::from(me.clone());
    match (me, party) {
        (_, "centre") => "The centre".into(),
        (_, party) if party == own => "You".into(),
        (_, party) if party.contains("-R-") => "The reporter".into(),
        (Party::Centre, party) => names.get(party).cloned().unwrap_or_else(|| "A vendor".into()),
        _ => "A vendor".into(),
    }
}

fn words(
    event: &CaseEvent,
    name: impl Fn(&str) -> String,
    date: impl Fn(Timestamp) -> String,
    keys_gone: Timestamp,
) -> String {
    let vendor = |id: &OrganisationId| name(id.as_str());
    let party = |party: &Party| name(&String::from(party.clone()));
    match event {
        CaseEvent::Opened { code_name, .. } => format!("The case was opened as \"{code_name}\"."),
        CaseEvent::ReportAdded { .. } => "Another report joined the case.".into(),
        CaseEvent::Graded { triage, .. } => match triage {
            Some(record) => format!("The case was graded; SSVC says {}.", triage_word(record)),
            None => "The case was graded.".into(),
        },
        CaseEvent::StateObserved { event, at, .. } => {
            format!("{}, as of {}.", capital(event.label()), date(at.at))
        }
        CaseEvent::VendorInvited { vendor: id } => format!("{} was invited.", vendor(id)),
        CaseEvent::VendorTold { vendor: id } => format!("{} received the report.", vendor(id)),
        CaseEvent::VendorMoved { vendor: id, step } => format!("{}: {}.", vendor(id), step.label()),
        CaseEvent::VendorFixed { vendor: id, event } => format!("{}: {}.", vendor(id), event.label()),
        CaseEvent::ParticipantLeft { who } => format!("{} left the case.", party(who)),
        CaseEvent::StatementMade { vendor: id, .. } => {
            format!("{} stated which versions are affected.", vendor(id))
        }
        CaseEvent::EmbargoChanged { change } => embargo_words(change, date, name),
        CaseEvent::MessageSent { from, to, .. } => match to {
            Audience::Everyone => format!("{} wrote to everyone:", party(from)),
            Audience::Centre => format!("{} wrote to the centre:", party(from)),
            Audience::Only(to) => format!("{} wrote to {}:", party(from), party(to)),
        },
        CaseEvent::Published { revision } => format!("Revision {revision} of the advisory was published."),
        CaseEvent::Merged { .. } => "Another case about the same flaw became part of this one.".into(),
        CaseEvent::MergedInto { .. } => "The case became part of another one.".into(),
        CaseEvent::Closed {} => "The case was closed.".into(),
        CaseEvent::Erased {} => format!(
            "The texts of the case were erased. The last backup of their key is gone by {}.",
            date(keys_gone)
        ),
    }
}

/// What happened to the embargo, in words for everybody.
fn embargo_words(
    change: &EmbargoEvent,
    date: impl Fn(Timestamp) -> String,
    name: impl Fn(&str) -> String,
) -> String {
    match change {
        EmbargoEvent::Joined { participant, .. } => format!("{} joined.", name(&participant.0)),
        EmbargoEvent::Invited { participant, .. } => {
            format!("{} was offered the embargo's terms.", name(&participant.0))
        }
        EmbargoEvent::Proposed { by, end, .. } => {
            format!("{} proposed an embargo to {}.", name(&by.0), date(*end))
        }
        EmbargoEvent::ProposalFell { of, why, .. } | EmbargoEvent::RevisionFell { of, why, .. } => {
            format!("The terms of {} fell: {}.", name(&of.0), why.label())
        }
        EmbargoEvent::Accepted { by, until, .. } => {
            format!("{} agreed to hold until {}.", name(&by.0), date(*until))
        }
        EmbargoEvent::Declined { by, .. } => format!("{} declined the terms.", name(&by.0)),
        EmbargoEvent::Activated { end, .. } => format!("The embargo is in force to {}.", date(*end)),
        EmbargoEvent::RevisionProposed { by, end, .. } => {
            format!("{} proposed a new end, {}.", name(&by.0), date(*end))
        }
        EmbargoEvent::RevisionDeclined { by, .. } => format!("{} declined the new end.", name(&by.0)),
        EmbargoEvent::RevisionTaken { end, .. } => format!("The embargo now ends {}.", date(*end)),
        EmbargoEvent::Left { participant, .. } => format!("{} left.", name(&participant.0)),
        EmbargoEvent::EndAdvised { cause, .. } => {
            format!("The embargo should end: {}. A person decides.", cause.label())
        }
        EmbargoEvent::Kept { by, reason, .. } => {
            format!("{} kept the embargo: {}.", name(&by.0), reason.label())
        }
        EmbargoEvent::Merged { end, .. } => {
            format!("With the other case's terms, the embargo ends {}.", date(*end))
        }
        EmbargoEvent::Ended { cause, .. } => format!("The embargo ended: {}.", cause.label()),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
