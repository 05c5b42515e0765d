//! A case opened for one viewer: what this viewer may see, and nothing else.

use crate::access::{Permission, Policies, Viewer};
use crate::cases::rules::{Audience, Case, CaseEvent, Party, Statement};
use crate::cases::store;
use crate::cases::store::embargo_words;
use crate::deadlines::{self, Clock};
use crate::ledger::{self, Actor, Item, Writer};
use crate::people;
use crate::refusal::Refusal;
use crate::reports::{self, ReportText};
use crate::web::{Moment, Shown};
use cvd::embargo::EmbargoEvent;
use maud::{Markup, html};
use std::collections::{BTreeMap, HashMap};
use vocabulary::{CaseId, OrganisationId, ReportId};

/// What a page shows of a case.
pub(in crate::cases) struct View {
    pub(in crate::cases) id: CaseId,
    pub(in crate::cases) case: Case,
    pub(in crate::cases) me: Party,
    pub(in crate::cases) texts: BTreeMap<ReportId, ReportText>,
    pub(in crate::cases) statements: BTreeMap<OrganisationId, Statement>,
    pub(in crate::cases) clocks: Vec<Clock>,
    pub(in crate::cases) names: HashMap<String, String>,
    pub(in crate::cases) moments: Vec<Moment>,
}

/// As whom a viewer takes part; `NotFound` for strangers.
pub(in crate::cases) fn party(viewer: &Viewer) -> Result<Party, Refusal> {
    match viewer {
        Viewer::Anonymous => Err(Refusal::SignIn),
        Viewer::Reporter(report) => Ok(Party::Reporter(report.clone())),
        Viewer::Account(person) => Ok(person.organisation.clone().map_or(Party::Centre, Party::Vendor)),
    }
}

/// Opens a case for a viewer who may read it, and lists what was opened.
pub(in crate::cases) fn open(
    w: &mut Writer<'_, '_>,
    policies: &Policies,
    viewer: &Viewer,
    id: &CaseId,
    shown: &Shown,
) -> Result<(View, Vec<Item>), Refusal> {
    let case = store::find(w.tx(), id)?.state;
    let me = party(viewer)?;
    if !matches!(me, Party::Reporter(_)) {
        policies.check(viewer, Permission::ViewCase, &store::resource(id, &case))?;
    }
    let mut items = Vec::new();
    let texts = texts(w, &case, &me, &mut items)?;
    let statements = statements(w, &case, &me, &mut items)?;
    let organisations = people::organisations(w.tx())?;
    let mut names: HashMap<String, String> =
        organisations.into_iter().map(|found| (found.id.to_string(), found.name)).collect();
    names.insert("centre".into(), "The centre".into());
    let subjects: Vec<String> =
        std::iter::once(id.to_string()).chain(case.reports.iter().map(ToString::to_string)).collect();
    let mut clocks = deadlines::of(w.tx(), &subjects, shown.now)?;
    // What we owed on a report, the case owes now; what its manufacturer owes, it still owes.
    clocks.retain(|clock| clock.subject == id.as_str() || clock.debtor != "centre");
    clocks.retain(|clock| sees_clock(&me, clock));
    let moments = moments(w, id, &me, &names, shown, &mut items)?;
    Ok((View { id: id.clone(), case, me, texts, statements, clocks, names, moments }, items))
}

/// The centre sees every clock, a vendor its own, a reporter hers and those of the centre.
fn sees_clock(me: &Party, clock: &Clock) -> bool {
    match me {
        Party::Centre => true,
        Party::Vendor(id) => clock.debtor == id.as_str() || clock.regarding == id.as_str(),
        Party::Reporter(_) => {
            clock.regarding.is_empty() && (clock.debtor == "centre" || clock.debtor == "reporter")
        }
    }
}

/// What the reporters wrote. Their names stay with the centre, and with themselves.
fn texts(
    w: &mut Writer<'_, '_>,
    case: &Case,
    me: &Party,
    items: &mut Vec<Item>,
) -> Result<BTreeMap<ReportId, ReportText>, Refusal> {
    let mut texts = BTreeMap::new();
    for id in &case.reports {
        if matches!(me, Party::Reporter(own) if own != id) {
            continue;
        }
        let report = reports::received(w.tx(), id)?.state;
        let (mut text, opened) = reports::text_of(w, &report)?;
        if matches!(me, Party::Vendor(_)) {
            text.contact = None;
        }
        items.extend(opened);
        texts.insert(id.clone(), text);
    }
    Ok(texts)
}

/// Vendors' statements: the centre sees all, a vendor its own.
fn statements(
    w: &mut Writer<'_, '_>,
    case: &Case,
    me: &Party,
    items: &mut Vec<Item>,
) -> Result<BTreeMap<OrganisationId, Statement>, Refusal> {
    let mut statements = BTreeMap::new();
    for (vendor, known) in &case.vendors {
        let mine = match me {
            Party::Centre => true,
            Party::Vendor(id) => id == vendor,
            Party::Reporter(_) => false,
        };
        if let Some(item) = known.statement.as_ref().filter(|_| mine) {
            if let ledger::Unsealed::Bytes(bytes) = w.unseal(item)? {
                statements.insert(vendor.clone(), serde_json::from_slice(&bytes).unwrap_or_default());
            }
            items.push(item.clone());
        }
    }
    Ok(statements)
}

fn moments(
    w: &mut Writer<'_, '_>,
    id: &CaseId,
    me: &Party,
    names: &HashMap<String, String>,
    shown: &Shown,
    items: &mut Vec<Item>,
) -> Result<Vec<Moment>, Refusal> {
    let mut moments = Vec::new();
    for recorded in ledger::events_of(w.tx(), &store::stream(id))? {
        let event: CaseEvent = recorded.event()?;
        if !sees(me, &event) {
            continue;
        }
        let sealed = match &event {
            CaseEvent::MessageSent { text, .. } => Some(text),
            CaseEvent::StateObserved { evidence, .. } if *me == Party::Centre => evidence.as_ref(),
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
        let words = words(&event, |party| called(me, party, names), |at| shown.date(at));
        let words = words.replacen("You was ", "You were ", 1);
        let what: Markup = html! { (words) (by_rule) @if !opened.is_empty() { p.text.sheet { (opened) } } };
        moments.push(Moment { at: recorded.at, who: String::new(), what });
    }
    Ok(moments)
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

/// Whether a participant sees an event. Another vendor's steps are that vendor's.
fn sees(me: &Party, event: &CaseEvent) -> bool {
    let own = |vendor: &OrganisationId| match me {
        Party::Centre => true,
        Party::Vendor(id) => id == vendor,
        Party::Reporter(_) => false,
    };
    match event {
        CaseEvent::VendorMoved { vendor, .. }
        | CaseEvent::VendorFixed { vendor, .. }
        | CaseEvent::StatementMade { vendor, .. } => own(vendor),
        CaseEvent::VendorInvited { vendor } | CaseEvent::VendorTold { vendor } => {
            own(vendor) || matches!(me, Party::Reporter(_))
        }
        CaseEvent::MessageSent { from, to, .. } => match to {
            Audience::Everyone => true,
            Audience::Centre => *me == Party::Centre || me == from,
            Audience::Only(party) => *me == Party::Centre || me == from || me == party,
        },
        CaseEvent::ParticipantLeft { who } => *me == Party::Centre || me == who,
        CaseEvent::ReportAdded { report } | CaseEvent::Opened { report, .. } => match me {
            Party::Reporter(own) => own == report,
            _ => true,
        },
        CaseEvent::Graded { .. } => !matches!(me, Party::Reporter(_)),
        // Being there is shown by what one does.
        CaseEvent::EmbargoChanged { change: EmbargoEvent::Joined { .. } } => false,
        _ => true,
    }
}

fn words(
    event: &CaseEvent,
    name: impl Fn(&str) -> String,
    date: impl Fn(jiff::Timestamp) -> String,
) -> String {
    let vendor = |id: &OrganisationId| name(id.as_str());
    let party = |party: &Party| name(&String::from(party.clone()));
    match event {
        CaseEvent::Opened { code_name, .. } => format!("The case was opened as \"{code_name}\"."),
        CaseEvent::ReportAdded { .. } => "Another report joined the case.".into(),
        CaseEvent::Graded { triage, .. } => match triage {
            Some(record) => format!("The case was graded; SSVC says {}.", record.outcome.value),
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
        CaseEvent::Closed {} => "The case was closed.".into(),
        CaseEvent::Erased {} => "The texts of the case were erased.".into(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
