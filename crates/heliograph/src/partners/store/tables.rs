//! The registers of the programme as tables that come in: organisations to invite, contacts, requests. Each
//! line runs the command of its page. No level and no certificate comes in by a table: both are decided.

use super::commands::approach;
use super::requests::asking::{Order, order};
use super::{compartment, find};
use crate::access::Viewer;
use crate::app::App;
use crate::ledger::{Actor, Writer};
use crate::partners::rules::{
    self, ContactPoint, Counted, ManagerAct, OrderText, PartnerAct, Purpose, RequestKind,
};
use crate::people;
use crate::refusal::Refusal;
use crate::vetting;
use crate::web::{TableOutcome, TableRow, Undone, take_in};
use std::collections::HashMap;
use vocabulary::{AccountId, OrganisationId, PartnerId};

/// What a table of the programme holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::partners) enum Register {
    /// Organisations that are invited to apply.
    Partners,
    /// Whom to reach at which partner: a line each, all of a partner in place of those before.
    Contacts,
    /// What is asked of partners.
    Requests,
}

impl Register {
    pub(in crate::partners) fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Partners => &["organisation", "programme"],
            Self::Contacts => &["partner", "name", "role", "reach", "key", "hours", "out_of_hours"],
            Self::Requests => {
                &["partner", "asks", "purpose", "case", "clearance", "office", "legal_basis", "question"]
            }
        }
    }

    /// What a table holds, by its first line.
    pub(in crate::partners) fn by_head(text: &str) -> Self {
        let head: Vec<&str> = text.lines().next().unwrap_or_default().split(',').collect();
        let has = |column: &str| head.iter().any(|name| name.trim_matches(['"', ' ', '\u{feff}']) == column);
        match (has("question"), has("reach")) {
            (true, _) => Self::Requests,
            (false, true) => Self::Contacts,
            (false, false) => Self::Partners,
        }
    }
}

/// Looks a table over, and takes it in where that is wanted and nothing is wrong with any line.
pub(in crate::partners) async fn take_table_in(
    app: &App,
    viewer: &Viewer,
    text: String,
    apply: bool,
) -> Result<TableOutcome, Refusal> {
    let (by, prefix) = (viewer.person()?.id.clone(), app.settings.prefix.clone());
    let register = Register::by_head(&text);
    let done = app.ledger.submit(move |w| {
        let organisations = organisations(w)?;
        let mut contacts: HashMap<PartnerId, Vec<ContactPoint>> = HashMap::new();
        take_in(w, &text, register.columns(), apply, |w, row| match register {
            Register::Partners => invite(w, &by, row, &organisations, &prefix),
            Register::Contacts => {
                let (id, contact) = contact(row)?;
                let all = contacts.entry(id.clone()).or_default();
                all.push(contact);
                // Those so far: what is wrong with one is found at its own line.
                set_contacts(w, &by, &id, all.clone())
            }
            Register::Requests => {
                let asked = asked(row)?;
                order(w, &Actor::Account(by.clone()), &asked, &prefix).map(drop)
            }
        })
    });
    Undone::outcome(done.await)
}

/// Organisations by name and id.
fn organisations(w: &mut Writer<'_, '_>) -> Result<HashMap<String, OrganisationId>, Refusal> {
    let all = people::organisations(w.tx())?.into_iter();
    Ok(all.flat_map(|one| [(one.name, one.id.clone()), (one.id.to_string(), one.id)]).collect())
}

fn invite(
    w: &mut Writer<'_, '_>,
    by: &AccountId,
    row: &TableRow,
    organisations: &HashMap<String, OrganisationId>,
    prefix: &str,
) -> Result<(), Refusal> {
    let unknown = || Refusal::invalid("organisation", "No organisation of this name or id is known.");
    let organisation = organisations.get(row.cell("organisation")).ok_or_else(unknown)?.clone();
    let act = ManagerAct::Invite { organisation, programme: row.cell("programme").to_owned() };
    act.check()?;
    approach(w, by, &act, prefix).map(drop)
}

fn partner(row: &TableRow) -> Result<PartnerId, Refusal> {
    let wrong = |error: vocabulary::BadId| Refusal::invalid("partner", error.to_string());
    row.cell("partner").parse().map_err(wrong)
}

fn contact(row: &TableRow) -> Result<(PartnerId, ContactPoint), Refusal> {
    let cell = |column: &str| row.cell(column).to_owned();
    let out_of_hours = match row.cell("out_of_hours") {
        "yes" => true,
        "no" => false,
        _ => return Err(Refusal::invalid("out_of_hours", "yes or no")),
    };
    let (name, role, reach) = (cell("name"), cell("role"), cell("reach"));
    let (key, hours) = (cell("key"), cell("hours"));
    Ok((partner(row)?, ContactPoint { name, role, reach, key, hours, out_of_hours }))
}

/// Sets a partner's contacts for it. That the centre did is no sign of life of the partner.
fn set_contacts(
    w: &mut Writer<'_, '_>,
    by: &AccountId,
    id: &PartnerId,
    contacts: Vec<ContactPoint>,
) -> Result<(), Refusal> {
    let unknown = |_| Refusal::invalid("partner", "There is no such partner.");
    let mut partner = find(w.tx(), id).map_err(unknown)?;
    let (act, place) = (PartnerAct::Contacts { contacts }, compartment(id));
    let none = Counted::default();
    let event = rules::represent(&partner.state, &act, Vec::new(), None, None, &none, &mut |text| {
        w.seal(&place, text)
    })?;
    w.append(&mut partner, &Actor::Account(by.clone()), vec![event.by_the_centre()])?;
    Ok(())
}

fn asked(row: &TableRow) -> Result<Order, Refusal> {
    let unknown = |column: &'static str| Refusal::invalid(column, "This is no word of the list.");
    let asks = RequestKind::ALL.iter().find(|(_, word, _)| *word == row.cell("asks"));
    let purpose = Purpose::ALL.iter().find(|(_, word, _)| *word == row.cell("purpose"));
    let case = Some(row.cell("case")).filter(|case| !case.is_empty()).map(str::parse).transpose();
    let clearance = Some(row.cell("clearance")).filter(|level| !level.is_empty());
    let cell = |column: &str| row.cell(column).to_owned();
    Ok(Order {
        partner: partner(row)?,
        asks: asks.ok_or_else(|| unknown("asks"))?.0,
        purpose: purpose.ok_or_else(|| unknown("purpose"))?.0,
        case: case.map_err(|error: vocabulary::BadId| Refusal::invalid("case", error.to_string()))?,
        clearance: clearance
            .map(|level| vetting::api::asked_level(level).map_err(|_| unknown("clearance")))
            .transpose()?,
        text: OrderText {
            office: cell("office"),
            legal_basis: cell("legal_basis"),
            question: cell("question"),
        },
    })
}
