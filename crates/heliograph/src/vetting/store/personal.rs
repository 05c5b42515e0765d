//! What a person says and asks about themselves; what is sealed of it, and when that is destroyed.

use super::{case_of, entry};
use crate::access::{self, Matter, Viewer};
use crate::ledger::{Actor, Item, Unsealed, Writer};
use crate::refusal::Refusal;
use crate::vetting::rules::{self, Entry, OwnAct, RegisterEvent};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use storage::Tx;
use vocabulary::{AccountId, CaseId, Page, PersonId};

/// The vault's compartment of a declaration of foreign interests: one for each, which ends with the
/// decision.
fn foreign_compartment(person: &PersonId, number: u32) -> String {
    format!("foreign-interest/{person}/{number}")
}

/// The vault's compartment of what else a person wrote about themselves.
fn compartment(person: &PersonId) -> String {
    format!("person/{person}")
}

/// The year of an instant, in UTC.
pub(in crate::vetting) fn year(now: Timestamp) -> i16 {
    now.to_zoned_datetime(TimeZone::UTC).year()
}

/// Carries out what a person, known by an account, says or asks.
pub(in crate::vetting) fn own_act(
    w: &mut Writer<'_, '_>,
    account: &AccountId,
    act: OwnAct,
) -> Result<(), Refusal> {
    let person = access::person_of(w.tx(), account)?.ok_or(Refusal::NotFound)?;
    let mut loaded = entry(w.tx(), &person)?;
    let now = w.now();
    let events = match act {
        OwnAct::DeclareYear { interest } => rules::declare_year(&loaded.state, year(now), interest)?,
        OwnAct::DeclareInterest { case } => {
            rules::declare_interest(&loaded.state, known_as(w, account, case)?)?
        }
        OwnAct::Recuse { case } => rules::recuse(&loaded.state, known_as(w, account, case)?)?,
        OwnAct::DeclareForeignInterest { words } => {
            rules::words(&words)?;
            rules::may_declare_foreign(&loaded.state)?;
            let place = foreign_compartment(&person, loaded.state.declared + 1);
            vec![RegisterEvent::ForeignInterestDeclared { text: w.seal(&place, words.as_bytes())? }]
        }
        OwnAct::AskCorrection { words } => {
            rules::words(&words)?;
            rules::may_correct(&loaded.state)?;
            let text = w.seal(&compartment(&person), words.as_bytes())?;
            vec![RegisterEvent::CorrectionAsked { text }]
        }
        OwnAct::Restrict {} => rules::restrict(&loaded.state, true)?,
        OwnAct::LiftRestriction {} => rules::restrict(&loaded.state, false)?,
        OwnAct::AskErasure {} => rules::ask_erasure(&loaded.state)?,
    };
    w.append(&mut loaded, &Actor::Account(account.clone()), events)?;
    Ok(())
}

/// The number under which a case goes on, for those who are let into it; for all others the number that
/// they said, whether or not there is such a case.
fn known_as(w: &mut Writer<'_, '_>, account: &AccountId, case: CaseId) -> Result<CaseId, Refusal> {
    let now = w.now();
    let matter: Matter = super::matter(w.tx(), case.as_str(), now)?;
    let is_shut =
        matter.kept_out.contains(account) || matter.is_classified && !matter.admitted.contains(account);
    let goes_on = if is_shut { None } else { case_of(w.tx(), case.as_str())? };
    Ok(goes_on.unwrap_or(case))
}

/// Destroys what a declaration of foreign interests said.
pub(super) fn destroy_foreign(
    w: &mut Writer<'_, '_>,
    person: &PersonId,
    entry: &Entry,
) -> Result<(), Refusal> {
    if let Some(foreign) = &entry.foreign {
        w.erase(&foreign_compartment(person, foreign.number))?;
    }
    Ok(())
}

/// Destroys all that is sealed about a person.
pub(super) fn destroy(w: &mut Writer<'_, '_>, person: &PersonId, entry: &Entry) -> Result<(), Refusal> {
    if entry.foreign_waits() {
        destroy_foreign(w, person, entry)?;
    }
    w.erase(&compartment(person))?;
    Ok(())
}

/// What waits to be read by a security officer, and what was opened for it: a declaration of foreign
/// interests, and corrections.
pub(in crate::vetting) fn open_waiting(
    w: &mut Writer<'_, '_>,
    officer: &AccountId,
    person: &PersonId,
) -> Result<(Words, Vec<Item>), Refusal> {
    // Nobody reads here what they wrote themselves: they know it, and another one decides.
    if access::person_of(w.tx(), officer)?.as_ref() == Some(person) {
        return Err(Refusal::NotFound);
    }
    let entry = entry(w.tx(), person)?.state;
    let (mut words, mut items) = (Words::default(), Vec::new());
    if let Some(foreign) = entry.foreign.as_ref().filter(|foreign| foreign.outcome.is_none()) {
        words.foreign = Some((foreign.declared, text(w, &foreign.text)?));
        items.push(foreign.text.clone());
    }
    for (at, item) in &entry.corrections {
        words.corrections.push((*at, text(w, item)?));
        items.push(item.clone());
    }
    match items.is_empty() {
        true => Err(Refusal::NotFound),
        false => Ok((words, items)),
    }
}

/// What a person wrote that waits for a security officer.
#[derive(Debug, Clone, Default)]
pub(in crate::vetting) struct Words {
    pub(in crate::vetting) foreign: Option<(Timestamp, String)>,
    pub(in crate::vetting) corrections: Vec<(Timestamp, String)>,
}

fn text(w: &mut Writer<'_, '_>, item: &Item) -> Result<String, Refusal> {
    Ok(match w.unseal(item)? {
        Unsealed::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Unsealed::Erased => Unsealed::Erased.text(),
    })
}

/// The entry of the person behind an account, and who they are.
pub(in crate::vetting) fn own_entry(
    tx: &mut Tx<'_>,
    account: &AccountId,
) -> Result<(PersonId, Entry), Refusal> {
    let person = access::person_of(tx, account)?.ok_or(Refusal::NotFound)?;
    let entry = entry(tx, &person)?.state;
    Ok((person, entry))
}

/// All that is held about a person, for that person.
#[derive(Debug, Clone)]
pub(in crate::vetting) struct Own {
    pub(in crate::vetting) person: PersonId,
    pub(in crate::vetting) name: String,
    pub(in crate::vetting) accounts: Vec<(String, Vec<&'static str>)>,
    pub(in crate::vetting) entry: Entry,
    /// Who saw the entry, the latest first.
    pub(in crate::vetting) reads: Vec<access::Read>,
}

/// The subject under which reads of a person's entry stand.
pub(in crate::vetting) fn subject(person: &PersonId) -> String {
    format!("person/{person}")
}

/// All that is held about the person behind an account.
pub(in crate::vetting) fn own(tx: &mut Tx<'_>, account: &AccountId) -> Result<Own, Refusal> {
    let (person, entry) = own_entry(tx, account)?;
    let which = access::WhichReads { of: vec![subject(&person)], with_reporters: true, only: None };
    let mut reads = access::reads(tx, &which, Page::FIRST)?;
    Page::FIRST.cut(&mut reads);
    let mine = access::credentials(tx)?.into_iter().filter(|one| one.person == person);
    let accounts: Vec<(String, Vec<&'static str>)> =
        mine.map(|one| (one.login, one.roles.iter().map(|role| role.name()).collect())).collect();
    let name = access::person_names(tx)?.remove(person.as_str()).unwrap_or_default();
    Ok(Own { person, name, accounts, entry, reads })
}

/// A person's entry and name, for a security officer; that it is shown stands in the journal first.
pub(in crate::vetting) fn shown(
    w: &mut Writer<'_, '_>,
    viewer: &Viewer,
    person: &PersonId,
    purpose: &'static str,
) -> Result<(String, Entry), Refusal> {
    let name = access::person_names(w.tx())?.remove(person.as_str()).ok_or(Refusal::NotFound)?;
    let entry = entry(w.tx(), person)?.state;
    if entry.since.is_some() {
        let items = vec![format!("register/{person}")];
        access::note_read(w, viewer, &subject(person), purpose, items)?;
    }
    Ok((name, entry))
}

/// Whether the person behind an account still owes this year's declaration.
pub(crate) fn owes_declaration(
    tx: &mut Tx<'_>,
    account: &AccountId,
    now: Timestamp,
) -> Result<bool, Refusal> {
    Ok(rules::owes_declaration(&own_entry(tx, account)?.1, year(now)))
}
