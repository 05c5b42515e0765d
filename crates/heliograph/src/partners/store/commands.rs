//! Commands on partners: load, decide, seal, append.

use super::{compartment, counted, credits, due, find, next_number, of_organisation, resource, stream};
use crate::access::{self, Permission, Policies, Viewer};
use crate::app::App;
use crate::ledger::{Actor, Item, Loaded, Unsealed, Writer};
use crate::partners::rules::{
    self, Application, Counted, FILE_BYTES_MAX, FILES_MAX, Given, ManagerAct, Marks, Partner, PartnerAct,
    PartnerEvent, Reach,
};
use crate::refusal::Refusal;
use crate::web::Expected;
use crate::{people, reports};
use jiff::{Span, Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use vocabulary::{AccountId, OrganisationId, PartnerId, ReportId};

/// What somebody writes who asks about the programme. It is sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::partners) struct Enquiry {
    pub(in crate::partners) organisation: String,
    pub(in crate::partners) reach: String,
    pub(in crate::partners) words: String,
}

fn fresh(w: &mut Writer<'_, '_>, prefix: &str) -> Result<(PartnerId, Loaded<Partner>), Refusal> {
    let year = w.now().to_zoned_datetime(TimeZone::UTC).year();
    let number = next_number(w.tx(), year)?;
    let id = PartnerId::numbered(prefix, year, number);
    let partner = w.load(stream(&id))?;
    Ok((id, partner))
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec(value).map_err(|error| Refusal::Internal(error.to_string()))
}

/// Takes an enquiry in. Nobody needs an account to ask.
pub(in crate::partners) fn enquire(
    w: &mut Writer<'_, '_>,
    enquiry: &Enquiry,
    prefix: &str,
) -> Result<PartnerId, Refusal> {
    rules::words("organisation", &enquiry.organisation)?;
    rules::limited("organisation", &enquiry.organisation, 200)?;
    rules::words("reach", &enquiry.reach)?;
    rules::limited("reach", &enquiry.reach, 300)?;
    rules::words("words", &enquiry.words)?;
    let (id, mut partner) = fresh(w, prefix)?;
    let text = w.seal(&compartment(&id), &json(enquiry)?)?;
    w.append(&mut partner, &Actor::System, vec![PartnerEvent::Enquired { text }])?;
    Ok(id)
}

/// Asks an organisation whether it wants to be a partner, without an enquiry before.
pub(in crate::partners) fn approach(
    w: &mut Writer<'_, '_>,
    by: &AccountId,
    act: &ManagerAct,
    prefix: &str,
) -> Result<PartnerId, Refusal> {
    let (id, mut partner) = fresh(w, prefix)?;
    manage_loaded(w, by, &id, &mut partner, act)?;
    Ok(id)
}

/// Runs what a manager asks for.
pub(in crate::partners) async fn manage(
    app: &App,
    viewer: &Viewer,
    id: PartnerId,
    seen: Expected,
    act: ManagerAct,
) -> Result<(), Refusal> {
    act.check()?;
    let (viewer, policies, by) = (viewer.clone(), app.policies.clone(), viewer.person()?.id.clone());
    app.ledger
        .submit(move |w| {
            let mut partner = checked(w, &policies, &viewer, Permission::ManageProgramme, &id, &seen)?;
            manage_loaded(w, &by, &id, &mut partner, &act)
        })
        .await
}

/// Loads a partner for a viewer who has the permission there, and who saw all that happened.
fn checked(
    w: &mut Writer<'_, '_>,
    policies: &Arc<Policies>,
    viewer: &Viewer,
    permission: Permission,
    id: &PartnerId,
    seen: &Expected,
) -> Result<Loaded<Partner>, Refusal> {
    let partner = find(w.tx(), id)?;
    policies.check(viewer, permission, &resource(id, &partner.state))?;
    seen.check(&partner.version.to_string())?;
    Ok(partner)
}

fn manage_loaded(
    w: &mut Writer<'_, '_>,
    by: &AccountId,
    id: &PartnerId,
    partner: &mut Loaded<Partner>,
    act: &ManagerAct,
) -> Result<(), Refusal> {
    match act {
        ManagerAct::Invite { organisation, .. } => may_be_partner(w, id, organisation)?,
        ManagerAct::NameAssessors { assessors } => may_assess(w, assessors)?,
        _ => {}
    }
    let mut marks = Vec::new();
    if matches!(act, ManagerAct::Decide { .. }) {
        for item in partner.state.marks.values() {
            marks.push(marks_of(w, item)?);
        }
    }
    let (persons, now) = (access::persons(w.tx())?, w.now());
    let counted = match act {
        ManagerAct::Review {} => in_the_last_year(w, id, now)?,
        _ => Counted::default(),
    };
    let given = Given { by, persons: &persons, now, counted: &counted };
    let place = compartment(id);
    let event = rules::manage(&partner.state, act, &given, &marks, &mut |text| w.seal(&place, text))?;
    w.append(partner, &Actor::Account(by.clone()), vec![event])?;
    certify(w, by, partner, act)
}

/// Issues a certificate where what was done calls for one. Its number is from chance: nobody finds one
/// by counting.
fn certify(
    w: &mut Writer<'_, '_>,
    by: &AccountId,
    partner: &mut Loaded<Partner>,
    act: &ManagerAct,
) -> Result<(), Refusal> {
    let serial = vocabulary::letters(&w.random::<10>());
    let certified = rules::certified(&partner.state, act, serial);
    w.append(partner, &Actor::Account(by.clone()), certified.into_iter().collect())?;
    Ok(())
}

/// A year before an instant: the window of the yearly review.
pub(in crate::partners) fn year_before(now: Timestamp) -> Timestamp {
    let year = now.to_zoned_datetime(TimeZone::UTC).checked_sub(Span::new().years(1));
    year.map_or(Timestamp::MIN, |year| year.timestamp())
}

fn in_the_last_year(w: &mut Writer<'_, '_>, id: &PartnerId, now: Timestamp) -> Result<Counted, Refusal> {
    let mut all = counted(w.tx(), year_before(now), now, Some(id))?;
    Ok(all.remove(id.as_str()).unwrap_or_default())
}

/// The yearly review of all partners, in one command: how many were reviewed.
pub(in crate::partners) fn review_all(w: &mut Writer<'_, '_>, by: &AccountId) -> Result<usize, Refusal> {
    let (now, persons) = (w.now(), access::persons(w.tx())?);
    let (all, none) = (counted(w.tx(), year_before(now), now, None)?, Counted::default());
    let ids = super::in_good_standing(w.tx())?;
    for id in &ids {
        let mut partner = find(w.tx(), id)?;
        let counted = all.get(id.as_str()).unwrap_or(&none);
        let given = Given { by, persons: &persons, now, counted };
        let event = rules::reviewed(&partner.state, &given)?;
        w.append(&mut partner, &Actor::Account(by.clone()), vec![event])?;
        certify(w, by, &mut partner, &ManagerAct::Review {})?;
    }
    Ok(ids.len())
}

/// Grades a find, as a coordinator who may read its report.
pub(in crate::partners) fn grade(
    w: &mut Writer<'_, '_>,
    by: &AccountId,
    report: &ReportId,
    grade: (bool, Reach),
    reasons: &str,
) -> Result<(), Refusal> {
    let id = credits::claimed_by(w.tx(), report)?.ok_or(Refusal::NotFound)?;
    let mut partner = find(w.tx(), &id)?;
    let (persons, now, place) = (access::persons(w.tx())?, w.now(), compartment(&id));
    let given = Given { by, persons: &persons, now, counted: &Counted::default() };
    let event =
        rules::grade(&partner.state, report, grade, &given, reasons, &mut |text| w.seal(&place, text))?;
    w.append(&mut partner, &Actor::Account(by.clone()), vec![event])?;
    Ok(())
}

/// ARCHITECTURE, never built 1: a partner receives requests, so its mandate is known to be defensive.
fn may_be_partner(
    w: &mut Writer<'_, '_>,
    id: &PartnerId,
    organisation: &OrganisationId,
) -> Result<(), Refusal> {
    let unknown = |_| Refusal::invalid("organisation", "There is no such organisation.");
    let found = people::organisation(w.tx(), organisation).map_err(unknown)?;
    if !found.mandate.may_receive() {
        return Err(Refusal::invalid(
            "organisation",
            "Only an organisation with a defensive mandate can be a partner. Its mandate is not established.",
        ));
    }
    match of_organisation(w.tx(), organisation)? {
        Some((other, true)) if other != *id => {
            Err(Refusal::conflict(format!("This organisation is {other} already.")))
        }
        _ => Ok(()),
    }
}

/// Assessors come from the centre.
fn may_assess(w: &mut Writer<'_, '_>, assessors: &[AccountId]) -> Result<(), Refusal> {
    let mut known = access::holders(w.tx(), access::Role::ProgrammeManager)?;
    known.extend(access::holders(w.tx(), access::Role::Coordinator)?);
    match assessors.iter().all(|account| known.contains(account)) {
        true => Ok(()),
        false => Err(Refusal::invalid(
            "assessors",
            "An assessor is a coordinator or programme manager with an account in use.",
        )),
    }
}

pub(super) fn marks_of(w: &mut Writer<'_, '_>, item: &Item) -> Result<Marks, Refusal> {
    match w.unseal(item)? {
        Unsealed::Bytes(bytes) => serde_json::from_slice(&bytes)
            .map_err(|_| Refusal::Internal("sealed marks are unreadable".into())),
        Unsealed::Erased => Err(Refusal::conflict("The marks were erased.")),
    }
}

/// Takes the marks of an assessor.
pub(in crate::partners) async fn assess(
    app: &App,
    viewer: &Viewer,
    id: PartnerId,
    marks: Marks,
) -> Result<(), Refusal> {
    rules::words("words", &marks.words)?;
    let (viewer, policies, by) = (viewer.clone(), app.policies.clone(), viewer.person()?.id.clone());
    app.ledger
        .submit(move |w| {
            let any = Expected(None);
            let mut partner = checked(w, &policies, &viewer, Permission::AssessPartner, &id, &any)?;
            rules::assess(&partner.state, &by, &marks)?;
            let marks = w.seal(&compartment(&id), &json(&marks)?)?;
            w.append(&mut partner, &Actor::Account(by), vec![PartnerEvent::Assessed { marks }])?;
            Ok(())
        })
        .await
}

/// What came along with an application: names and bytes.
pub(in crate::partners) type Sent = Vec<(String, Vec<u8>)>;

/// Runs what a partner does for itself.
pub(in crate::partners) async fn represent(
    app: &App,
    viewer: &Viewer,
    seen: Expected,
    act: PartnerAct,
    files: Sent,
) -> Result<(), Refusal> {
    act.check()?;
    check_files(&files)?;
    let claimed = match &act {
        // Wrong codes are counted, as for everyone who types one.
        PartnerAct::ClaimFind { claim_code } => {
            let who = format!("account/{}", viewer.person()?.id);
            Some(reports::claimed(app, who, claim_code.clone()).await?.ok_or(Refusal::NotFound)?)
        }
        _ => None,
    };
    let (viewer, policies, actor) = (viewer.clone(), app.policies.clone(), viewer.actor()?);
    app.ledger
        .submit(move |w| {
            let organisation = viewer.organisation().ok_or(Refusal::NotFound)?;
            let (id, _) = of_organisation(w.tx(), organisation)?.ok_or(Refusal::NotFound)?;
            let mut partner = checked(w, &policies, &viewer, Permission::RepresentPartner, &id, &seen)?;
            let place = compartment(&id);
            let (mut items, mut application) = (Vec::new(), None);
            if let PartnerAct::Apply { facts, counts, words, .. } = &act {
                let names = files.iter().map(|(name, _)| name.clone()).collect();
                let (facts, counts, words) = (facts.clone(), counts.clone(), words.clone());
                let text = json(&Application { facts, counts, words, files: names })?;
                application = Some(w.seal(&place, &text)?);
                for (_, bytes) in &files {
                    items.push(w.seal(&place, bytes)?);
                }
            }
            if let Some(report) = &claimed
                && credits::claimed_by(w.tx(), report)?.is_some_and(|other| other != id)
            {
                return Err(Refusal::conflict("Another partner has claimed this report."));
            }
            let counted = match act {
                PartnerAct::SignReport { .. } => in_the_last_year(w, &id, w.now())?,
                _ => Counted::default(),
            };
            let event =
                rules::represent(&partner.state, &act, items, application, claimed, &counted, &mut |text| {
                    w.seal(&place, text)
                })?;
            w.append(&mut partner, &actor, vec![event])?;
            Ok(())
        })
        .await
}

/// Adds a piece of evidence to one's own application.
pub(in crate::partners) async fn add_evidence(
    app: &App,
    viewer: &Viewer,
    name: String,
    bytes: Vec<u8>,
) -> Result<(), Refusal> {
    rules::words("files", &name)?;
    let files = vec![(name, bytes)];
    check_files(&files)?;
    if files.iter().any(|(_, bytes)| bytes.is_empty()) {
        return Err(Refusal::invalid("files", "This file is empty."));
    }
    let (viewer, policies, actor) = (viewer.clone(), app.policies.clone(), viewer.actor()?);
    app.ledger
        .submit(move |w| {
            let organisation = viewer.organisation().ok_or(Refusal::NotFound)?;
            let (id, _) = of_organisation(w.tx(), organisation)?.ok_or(Refusal::NotFound)?;
            let any = Expected(None);
            let mut partner = checked(w, &policies, &viewer, Permission::RepresentPartner, &id, &any)?;
            rules::may_add_evidence(&partner.state)?;
            let place = compartment(&id);
            for (name, bytes) in &files {
                let (name, file) = (w.seal(&place, name.as_bytes())?, w.seal(&place, bytes)?);
                w.append(&mut partner, &actor, vec![PartnerEvent::EvidenceAdded { name, file }])?;
            }
            Ok(())
        })
        .await
}

fn check_files(files: &Sent) -> Result<(), Refusal> {
    if files.len() > FILES_MAX {
        return Err(Refusal::invalid("files", format!("At most {FILES_MAX} files, please.")));
    }
    if files.iter().any(|(_, bytes)| bytes.len() > FILE_BYTES_MAX) {
        return Err(Refusal::invalid("files", "At most 10 MiB in one file, please."));
    }
    files.iter().try_for_each(|(name, _)| rules::limited("files", name, 200))
}

/// What time does: reminders, and the end of what nobody renewed.
pub(crate) fn look_after(w: &mut Writer<'_, '_>) -> Result<(), Refusal> {
    let now = w.now();
    for id in due(w.tx(), now)? {
        let mut partner = find(w.tx(), &id)?;
        let events = rules::settle(&partner.state, now);
        w.append(&mut partner, &Actor::System, events)?;
    }
    Ok(())
}
