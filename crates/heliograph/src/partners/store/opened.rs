//! A partner opened for one viewer: what this viewer may see, and nothing else.

use super::commands::{Enquiry, marks_of};
use super::{find, resource};
use crate::access::{self, Permission, Policies, Viewer};
use crate::ledger::{Actor, Item, Recorded, Unsealed, Writer, events_of};
use crate::partners::rules::{Application, ContactPoint, Marks, Partner, PartnerEvent};
use crate::people;
use crate::refusal::Refusal;
use crate::vetting;
use crate::web::Happened;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use vocabulary::{AccountId, PartnerId};

/// In which capacity somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::partners) enum Side {
    Manager,
    Assessor,
    Partner,
}

impl Side {
    pub(in crate::partners) fn permission(self) -> Permission {
        match self {
            Self::Manager => Permission::ManageProgramme,
            Self::Assessor => Permission::AssessPartner,
            Self::Partner => Permission::RepresentPartner,
        }
    }
}

/// What a page shows of a partner.
pub(in crate::partners) struct Opened {
    pub(in crate::partners) id: PartnerId,
    pub(in crate::partners) version: i64,
    pub(in crate::partners) name: String,
    pub(in crate::partners) partner: Partner,
    pub(in crate::partners) enquiry: Option<Enquiry>,
    pub(in crate::partners) application: Option<Application>,
    pub(in crate::partners) contacts: Vec<ContactPoint>,
    pub(in crate::partners) terms: String,
    /// Both marks once both are in; for an assessor, before that, her own.
    pub(in crate::partners) marks: Vec<(AccountId, Marks)>,
    pub(in crate::partners) names: HashMap<String, String>,
    pub(in crate::partners) moments: Vec<Happened>,
}

fn unsealed<T: DeserializeOwned>(
    w: &mut Writer<'_, '_>,
    item: Option<&Item>,
    items: &mut Vec<Item>,
) -> Result<Option<T>, Refusal> {
    let Some(item) = item else { return Ok(None) };
    items.push(item.clone());
    match w.unseal(item)? {
        Unsealed::Bytes(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|_| Refusal::Internal("a sealed text of a partner is unreadable".into())),
        Unsealed::Erased => Ok(None),
    }
}

/// Opens a partner, and lists what was opened.
pub(in crate::partners) fn open(
    w: &mut Writer<'_, '_>,
    policies: &Policies,
    viewer: &Viewer,
    side: Side,
    id: &PartnerId,
) -> Result<(Opened, Vec<Item>), Refusal> {
    let loaded = find(w.tx(), id)?;
    let (version, partner) = (loaded.version, loaded.state);
    policies.check(viewer, side.permission(), &resource(id, &partner))?;
    let mut items = Vec::new();
    let enquiry = match side {
        Side::Manager => unsealed(w, partner.enquiry.as_ref(), &mut items)?,
        Side::Assessor | Side::Partner => None,
    };
    let mut application: Option<Application> = unsealed(w, partner.application.as_ref(), &mut items)?;
    // What came after the application stands behind what came with it.
    for name in &partner.added {
        items.push(name.clone());
        let name = w.unseal(name)?.text();
        application.iter_mut().for_each(|application| application.files.push(name.clone()));
    }
    let contacts = match side {
        Side::Manager | Side::Partner => {
            unsealed(w, partner.contacts.as_ref().map(|contacts| &contacts.contacts), &mut items)?
        }
        Side::Assessor => None,
    };
    let terms = match (&partner.contract, side) {
        (Some(contract), Side::Manager | Side::Partner) => {
            items.push(contract.terms.clone());
            w.unseal(&contract.terms)?.text()
        }
        _ => String::new(),
    };
    let marks = marks(w, &partner, viewer, side, &mut items)?;
    let name = match &partner.organisation {
        Some(organisation) => people::organisation(w.tx(), organisation)?.name,
        None => enquiry.as_ref().map(|enquiry: &Enquiry| enquiry.organisation.clone()).unwrap_or_default(),
    };
    let names = access::account_names(w.tx())?;
    let moments = match side {
        Side::Assessor => Vec::new(),
        Side::Manager | Side::Partner => history(w, viewer, id, side, &names, &mut items)?,
    };
    let contacts = contacts.unwrap_or_default();
    let id = id.clone();
    Ok((
        Opened { id, version, name, partner, enquiry, application, contacts, terms, marks, names, moments },
        items,
    ))
}

/// Nobody sees the other's marks before both are in: not the other assessor, and not the manager, who
/// may be one.
fn marks(
    w: &mut Writer<'_, '_>,
    partner: &Partner,
    viewer: &Viewer,
    side: Side,
    items: &mut Vec<Item>,
) -> Result<Vec<(AccountId, Marks)>, Refusal> {
    let me = viewer.person()?.id.clone();
    let mut all = Vec::new();
    for (who, item) in &partner.marks {
        let may = match side {
            Side::Partner => false,
            Side::Manager => partner.is_assessed(),
            Side::Assessor => partner.is_assessed() || *who == me,
        };
        if may {
            items.push(item.clone());
            all.push((who.clone(), marks_of(w, item)?));
        }
    }
    Ok(all)
}

fn history(
    w: &mut Writer<'_, '_>,
    viewer: &Viewer,
    id: &PartnerId,
    side: Side,
    names: &HashMap<String, String>,
    items: &mut Vec<Item>,
) -> Result<Vec<Happened>, Refusal> {
    let (mut all, actor, now) = (Vec::new(), viewer.actor()?, w.now());
    for recorded in events_of(w.tx(), &super::stream(id))? {
        let event: PartnerEvent = recorded.event()?;
        if let Some(report) = event.report()
            && !vetting::may_open(w.tx(), &actor, report.as_str(), now)?
        {
            continue;
        }
        let (words, item) = told(&event);
        let text = match item {
            Some(item) => {
                items.push(item.clone());
                w.unseal(item)?.text()
            }
            None => String::new(),
        };
        let words = format!("{}{words}", doer(&recorded, &event, side, names));
        let (at, entry, kind) = (recorded.at, recorded.seq, recorded.kind);
        all.push(Happened { at, entry, kind, words, text, is_new: false });
    }
    Ok(all)
}

/// Whose doing it was. Who assessed is the centre's to know: whoever judges must not be leaned on.
fn doer(recorded: &Recorded, event: &PartnerEvent, side: Side, names: &HashMap<String, String>) -> String {
    let Actor::Account(id) = &recorded.actor else { return String::new() };
    let is_hidden = side == Side::Partner && !event.is_of_partner();
    match (is_hidden, names.get(id.as_str())) {
        (true, _) => "The centre: ".into(),
        (false, Some(name)) => format!("{name}: "),
        (false, None) => String::new(),
    }
}

/// The words for what happened, and what was written with it.
fn told(event: &PartnerEvent) -> (String, Option<&Item>) {
    match event {
        PartnerEvent::Enquired { .. } => ("Somebody asked about the programme.".into(), None),
        PartnerEvent::Invited { programme, .. } => (format!("It may apply under {programme}."), None),
        PartnerEvent::Applied { level, files, .. } => {
            (format!("Applied for {level}, with {} pieces of evidence.", files.len()), None)
        }
        PartnerEvent::EvidenceAdded { .. } => ("Another piece of evidence came.".into(), None),
        PartnerEvent::Declared { what, has_any, text } => {
            let known = crate::partners::rules::Declared::ALL.iter().find(|(one, ..)| one == what);
            let words = known.map_or("", |(.., words)| *words);
            let there = if *has_any { "there is something" } else { "there is nothing" };
            (format!("Declared: {words}; {there}."), Some(text))
        }
        PartnerEvent::ContactsSet { count, .. } => (format!("Contacts: {count} with key and hours."), None),
        PartnerEvent::AssessorsNamed { .. } => ("Two assessors were named.".into(), None),
        PartnerEvent::Assessed { .. } => ("Marks came in.".into(), None),
        PartnerEvent::Decided { admitted: true, level, reasons, .. } => {
            (format!("Admitted at {}.", level.as_deref().unwrap_or("no level")), Some(reasons))
        }
        PartnerEvent::Decided { reasons, .. } => ("Not admitted.".into(), Some(reasons)),
        PartnerEvent::Appealed { reasons } => ("Appealed.".into(), Some(reasons)),
        PartnerEvent::AppealDecided { upheld: true, level, reasons } => {
            (format!("The appeal was upheld: {}.", level.as_deref().unwrap_or("no level")), Some(reasons))
        }
        PartnerEvent::AppealDecided { reasons, .. } => ("The appeal was rejected.".into(), Some(reasons)),
        PartnerEvent::ContractOffered { services, hours, .. } => {
            (format!("A contract was offered: {} services, {hours} hours a year.", services.len()), None)
        }
        PartnerEvent::ContractSigned {} => ("The contract was signed.".into(), None),
        PartnerEvent::Activated { .. } => ("A partner from now on.".into(), None),
        PartnerEvent::Warned { reasons, .. } => ("On probation.".into(), Some(reasons)),
        PartnerEvent::Suspended { reasons } => ("Suspended.".into(), Some(reasons)),
        PartnerEvent::Reinstated { reasons } => ("In good standing again.".into(), Some(reasons)),
        PartnerEvent::DeclarationDue { days: 0 } => {
            ("Reminded: conflicts of interest were to be declared again.".into(), None)
        }
        PartnerEvent::DeclarationDue { days } => {
            (format!("Reminded: conflicts of interest are to be declared again within {days} days."), None)
        }
        PartnerEvent::Reminded { days } => (format!("Reminded: its time runs out within {days} days."), None),
        PartnerEvent::FindClaimed { .. }
        | PartnerEvent::FindGraded { .. }
        | PartnerEvent::FindContested { .. }
        | PartnerEvent::AlertSent { .. }
        | PartnerEvent::AlertReviewed { .. }
        | PartnerEvent::FactStated { .. }
        | PartnerEvent::Reviewed { .. }
        | PartnerEvent::Certified { .. }
        | PartnerEvent::CertificateRevoked { .. }
        | PartnerEvent::ReportSigned { .. }
        | PartnerEvent::ContactChecked {}
        | PartnerEvent::CheckAnswered {}
        | PartnerEvent::SilenceNoted { .. } => earned(event),
        PartnerEvent::Ended { cause, reasons } => (format!("Ended: {}.", cause.words()), reasons.as_ref()),
    }
}

/// The same, for what counts and what it comes to.
fn earned(event: &PartnerEvent) -> (String, Option<&Item>) {
    match event {
        PartnerEvent::FindClaimed { report } => (format!("Claimed {report} as its own find."), None),
        PartnerEvent::FindGraded { report, novel, reach, reasons } => {
            let novel = if *novel { "novel" } else { "known before" };
            (format!("{report} was graded: {novel}, {}.", reach.name().replace('_', " ")), Some(reasons))
        }
        PartnerEvent::FindContested { report, reasons } => {
            (format!("Contested the grade of {report}."), Some(reasons))
        }
        PartnerEvent::AlertSent { number, text } => (format!("Alert {number} was sent."), Some(text)),
        PartnerEvent::AlertReviewed { number, timely, confirmed, severity, feedback } => {
            let timely = if *timely { "in time" } else { "late" };
            let confirmed = if *confirmed { "confirmed" } else { "not confirmed" };
            (format!("Alert {number}: {timely}, {confirmed}, {}.", severity.name()), Some(feedback))
        }
        PartnerEvent::FactStated { fact, value, evidence } => {
            (format!("Stated: {} is {value}.", fact.replace('_', " ")), Some(evidence))
        }
        PartnerEvent::Reviewed { reached, outcome, .. } => {
            let reached = reached.as_deref().unwrap_or("no level");
            (format!("Reviewed: {reached} is met; {}.", outcome.words()), None)
        }
        PartnerEvent::Certified { serial, level, .. } => {
            (format!("Certificate {serial} was issued for {level}."), None)
        }
        PartnerEvent::CertificateRevoked { reasons } => {
            ("The certificate was revoked.".into(), Some(reasons))
        }
        _ => (String::new(), None),
    }
}

/// Contacts of the partners in the programme, each with its partner, and what was opened for that.
pub(in crate::partners) fn contacts(w: &mut Writer<'_, '_>) -> Result<(Contacts, Vec<Item>), Refusal> {
    let (mut all, mut items) = (Vec::new(), Vec::new());
    for row in super::register(w.tx())? {
        let partner = find(w.tx(), &row.id)?.state;
        let item = partner.contacts.as_ref().map(|contacts| &contacts.contacts);
        let found: Option<Vec<ContactPoint>> = unsealed(w, item, &mut items)?;
        all.extend(found.unwrap_or_default().into_iter().map(|one| (row.id.clone(), one)));
    }
    Ok((all, items))
}

/// Contacts, each with its partner.
pub(in crate::partners) type Contacts = Vec<(PartnerId, ContactPoint)>;

/// One piece of evidence, by its place, for whoever may open the partner.
pub(in crate::partners) fn file(
    w: &mut Writer<'_, '_>,
    policies: &Policies,
    viewer: &Viewer,
    side: Side,
    id: &PartnerId,
    place: usize,
) -> Result<(Vec<u8>, Vec<Item>), Refusal> {
    let partner = find(w.tx(), id)?.state;
    policies.check(viewer, side.permission(), &resource(id, &partner))?;
    let item = partner.files.get(place).cloned().ok_or(Refusal::NotFound)?;
    match w.unseal(&item)? {
        Unsealed::Bytes(bytes) => Ok((bytes, vec![item])),
        Unsealed::Erased => Err(Refusal::NotFound),
    }
}
