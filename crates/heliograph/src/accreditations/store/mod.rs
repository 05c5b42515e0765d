//! All SQL about accreditations.

mod commands;
mod opened;
mod own;
mod tables;

pub(crate) use commands::look_after;
pub(super) use commands::{Files, add_file, register, run};
pub(super) use opened::{Opened, file, open};
pub(crate) use own::choose_schemes;
pub(super) use tables::{OfWhom, take_in, take_out};

use super::rules::{self, Accreditation, Entitled, Held, Holder, Kept, Looked, Told};
use crate::access::{self, Permission, Policies, Resource, Viewer};
use crate::ledger::{Changed, Error, Loaded, load};
use crate::people;
use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use programme::{Schemes, Service};
use std::collections::{BTreeSet, HashMap};
use storage::{Tx, Value, params};
use vocabulary::{AccountId, AccreditationId, OrganisationId, Page};

fn stream(id: &AccreditationId) -> String {
    format!("accreditation/{id}")
}

/// Keeps `accreditations`: a row each, made anew from the state.
pub(super) fn settle(tx: &mut Tx<'_>, changed: &Changed) -> Result<(), Error> {
    let Some(id) = changed.stream.strip_prefix("accreditation/") else { return Ok(()) };
    let one = load::<Accreditation>(tx, changed.stream.clone())?.state;
    let (organisation, account) = match &one.holder {
        Some(Holder::Organisation(id)) => (Some(id.to_string()), None),
        Some(Holder::Account(id)) => (None, Some(id.to_string())),
        None => (None, None),
    };
    let told = match &one.told {
        Some(Kept::Public(told)) => told.clone(),
        _ => Told::default(),
    };
    tx.execute("DELETE FROM accreditations WHERE id = $1", params![id])?;
    let sql = "INSERT INTO accreditations (id, organisation, account, scheme, level, scopes, is_public, issuer, number,
                   valid_from, valid_until, registered, checked, checked_at, withdrawn, next_reminder)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    let row = params![
        id,
        organisation,
        account,
        &one.held.scheme,
        one.held.level.clone(),
        one.held.scopes.join(" "),
        one.is_public(),
        told.issuer,
        told.number,
        one.held.from,
        one.held.until,
        one.registered,
        one.held.checked.map(|(_, found)| found.name()),
        one.held.checked.map(|(at, _)| at),
        one.held.withdrawn,
        one.next_reminder(),
    ];
    tx.execute(sql, row)?;
    Ok(())
}

/// The schemes of this process.
pub(super) fn schemes() -> Result<&'static Schemes, Refusal> {
    rules::schemes().ok_or_else(|| Refusal::Internal("no schemes of accreditation were chosen".into()))
}

/// An accreditation; `NotFound` where there is none.
fn find(tx: &mut Tx<'_>, id: &AccreditationId) -> Result<Loaded<Accreditation>, Refusal> {
    let found: Loaded<Accreditation> = load(tx, stream(id))?;
    if found.exists() { Ok(found) } else { Err(Refusal::NotFound) }
}

/// The accounts of the person behind one of them.
fn accounts_of(tx: &mut Tx<'_>, account: &AccountId) -> Result<BTreeSet<AccountId>, Refusal> {
    let persons = access::persons(tx)?;
    let person = persons.get(account.as_str());
    let same = persons.iter().filter(|(_, other)| Some(*other) == person).map(|(id, _)| id.parse());
    let mut all: BTreeSet<AccountId> =
        same.collect::<Result<_, _>>().map_err(|_| Refusal::Internal("a stored id is unreadable".into()))?;
    all.insert(account.clone());
    Ok(all)
}

/// An accreditation of this holder, as the policies see it.
fn resource(tx: &mut Tx<'_>, id: &str, holder: &Holder) -> Result<Resource, Refusal> {
    let (organisation, accounts) = match holder {
        Holder::Organisation(organisation) => (organisation.to_string(), BTreeSet::new()),
        Holder::Account(account) => (String::new(), accounts_of(tx, account)?),
    };
    Ok(Resource::Accreditation { id: id.to_owned(), organisation, accounts })
}

/// Of whom a viewer keeps accreditations: of organisations, of people.
pub(super) fn keeps(policies: &Policies, viewer: &Viewer) -> (bool, bool) {
    let keeps = |organisation: &str| {
        let (id, organisation) = (String::new(), organisation.to_owned());
        let one = Resource::Accreditation { id, organisation, accounts: BTreeSet::new() };
        policies.allows(viewer, Permission::KeepAccreditations, &one)
    };
    (keeps("any"), keeps(""))
}

/// An accreditation as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) id: AccreditationId,
    pub(super) holder: Holder,
    /// Of the organisation or the person.
    pub(super) name: String,
    /// Empty where it is sealed.
    pub(super) told: Told,
    pub(super) held: Held,
}

/// Which accreditations a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Which {
    /// Of organisations that agree to it, once they were looked up: the public register.
    Public,
    /// One's own, and those of the organisation for which one speaks.
    Own { organisation: Option<OrganisationId>, account: AccountId },
    /// What an officer keeps.
    Kept { organisations: bool, people: bool, show: Show },
}

/// What an officer looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
    /// What is to be looked up.
    Waiting,
    /// What ends within ninety days.
    Ending,
    All,
}

/// Days ahead of an end that a list shows.
const ENDING_DAYS: i64 = 90;

/// The condition, its further values from $5 on, and the order. $3 and $4 bound the end.
fn condition(tx: &mut Tx<'_>, which: &Which) -> Result<(String, Vec<Value>, &'static str), Refusal> {
    Ok(match which {
        Which::Public => (PUBLIC.to_owned(), Vec::new(), BY_NAME),
        Which::Own { organisation, account } => {
            let accounts = accounts_of(tx, account)?;
            let places: Vec<String> = (6..6 + accounts.len()).map(|number| format!("${number}")).collect();
            let mut values = vec![Value::from(organisation.as_ref().map_or("", OrganisationId::as_str))];
            values.extend(accounts.iter().map(|id| Value::from(id.as_str())));
            let condition = format!("(a.organisation = $5 OR a.account IN ({}))", places.join(", "));
            (condition, values, "a.valid_until, a.id")
        }
        Which::Kept { organisations, people, show } => {
            let whose = match (organisations, people) {
                (true, true) => "1 = 1",
                (true, false) => "a.organisation IS NOT NULL",
                (false, true) => "a.account IS NOT NULL",
                (false, false) => "1 = 0",
            };
            let what = match show {
                Show::Waiting => "a.withdrawn IS NULL AND (a.checked IS NULL OR a.checked = 'not_found')",
                Show::Ending => "a.withdrawn IS NULL AND a.checked = 'holds'",
                Show::All => "1 = 1",
            };
            (format!("{whose} AND {what}"), Vec::new(), "a.valid_until, a.id")
        }
    })
}

/// What the public register shows, and in which order.
const PUBLIC: &str = "a.is_public = 1 AND a.checked IS NOT NULL";
const BY_NAME: &str = "o.name, a.id";

/// The whole public register. Somebody has looked up each line of it, so there are never very many.
pub(super) fn public_register(tx: &mut Tx<'_>) -> Result<Vec<Row>, Refusal> {
    let rows = tx.query(&format!("SELECT {COLUMNS} WHERE {PUBLIC} ORDER BY {BY_NAME}"), params![])?;
    rows.iter().map(row).collect()
}

/// One page of accreditations: the public register by name, all others by what ends first.
pub(super) fn list(tx: &mut Tx<'_>, which: &Which, now: Timestamp, page: Page) -> Result<Vec<Row>, Refusal> {
    let (after, until) = match which {
        Which::Kept { show: Show::Waiting, .. } => (now, Timestamp::MAX),
        Which::Kept { show: Show::Ending, .. } => (now, now + SignedDuration::from_hours(24 * ENDING_DAYS)),
        _ => (Timestamp::MIN, Timestamp::MAX),
    };
    let (condition, further, order) = condition(tx, which)?;
    let sql = format!(
        "SELECT {COLUMNS} WHERE a.valid_until > $3 AND a.valid_until <= $4 AND {condition}
         ORDER BY {order} LIMIT $1 OFFSET $2"
    );
    let mut values: Vec<Value> = params![page.limit(), page.offset(), after, until].to_vec();
    values.extend(further);
    let rows = tx.query(&sql, &values)?;
    let mut rows: Vec<Row> = rows.iter().map(row).collect::<Result<_, _>>()?;
    if rows.iter().any(|row| matches!(row.holder, Holder::Account(_))) {
        name(&mut rows, &access::account_names(tx)?);
    }
    Ok(rows)
}

fn name(rows: &mut [Row], names: &HashMap<String, String>) {
    for row in rows {
        if let Holder::Account(id) = &row.holder {
            row.name = names.get(id.as_str()).cloned().unwrap_or_else(|| id.to_string());
        }
    }
}

const COLUMNS: &str =
    "a.id, a.organisation, a.account, COALESCE(o.name, ''), a.scheme, a.level, a.scopes, a.issuer,
    a.number, a.valid_from, a.valid_until, a.checked, a.checked_at, a.withdrawn
    FROM accreditations a LEFT JOIN organisations o ON o.id = a.organisation";

fn row(row: &storage::Row) -> Result<Row, Refusal> {
    let unreadable = || Refusal::Internal("a stored accreditation is unreadable".into());
    let (organisation, account): (Option<String>, Option<String>) = (row.get(1)?, row.get(2)?);
    let holder = match (organisation, account) {
        (Some(id), None) => Holder::Organisation(id.parse().map_err(|_| unreadable())?),
        (None, Some(id)) => Holder::Account(id.parse().map_err(|_| unreadable())?),
        _ => return Err(unreadable()),
    };
    Ok(Row {
        id: row.get::<String>(0)?.parse().map_err(|_| unreadable())?,
        holder,
        name: row.get(3)?,
        told: Told { issuer: row.get(7)?, number: row.get(8)? },
        held: held(row)?,
    })
}

fn held(row: &storage::Row) -> Result<Held, Refusal> {
    let scopes: String = row.get(6)?;
    let (found, at): (Option<String>, Option<Timestamp>) = (row.get(11)?, row.get(12)?);
    let found = found.and_then(|found| Looked::ALL.iter().find(|(_, name, _)| *name == found));
    Ok(Held {
        scheme: row.get(4)?,
        level: row.get(5)?,
        scopes: scopes.split_whitespace().map(str::to_owned).collect(),
        from: row.get(9)?,
        until: row.get(10)?,
        checked: at.zip(found.map(|(found, ..)| *found)),
        withdrawn: row.get(13)?,
    })
}

/// One that the public register shows.
pub(super) fn public(tx: &mut Tx<'_>, id: &AccreditationId) -> Result<Row, Refusal> {
    let sql = format!("SELECT {COLUMNS} WHERE a.id = $1 AND {PUBLIC}");
    row(&tx.query_opt(&sql, params![id.as_str()])?.ok_or(Refusal::NotFound)?)
}

/// All accreditations of an organisation, by what ends first.
pub(super) fn of_organisation(tx: &mut Tx<'_>, organisation: &OrganisationId) -> Result<Vec<Row>, Refusal> {
    let sql = format!("SELECT {COLUMNS} WHERE a.organisation = $1 ORDER BY a.valid_until, a.id");
    tx.query(&sql, params![organisation.as_str()])?.iter().map(row).collect()
}

/// The end of an accreditation that holds or is to come.
pub(crate) struct End {
    pub(crate) id: AccreditationId,
    /// Of its scheme.
    pub(crate) title: String,
    pub(crate) until: Timestamp,
}

/// The ends of an organisation's accreditations that nobody has withdrawn, the next first.
pub(crate) fn ends(tx: &mut Tx<'_>, organisation: &OrganisationId) -> Result<Vec<End>, Refusal> {
    let schemes = schemes()?;
    let title = |id: &str| schemes.find(id).map_or_else(|| id.to_owned(), |(scheme, _)| scheme.title.clone());
    let held = of_organisation(tx, organisation)?.into_iter().filter(|row| row.held.withdrawn.is_none());
    Ok(held.map(|row| End { id: row.id, title: title(&row.held.scheme), until: row.held.until }).collect())
}

/// What accreditations permit an organisation at an instant, for a service.
pub(crate) fn entitled(
    tx: &mut Tx<'_>,
    organisation: &OrganisationId,
    service: Service,
    now: Timestamp,
) -> Result<Entitled, Refusal> {
    let held: Vec<Held> = of_organisation(tx, organisation)?.into_iter().map(|row| row.held).collect();
    Ok(rules::entitled(schemes()?, &held, service, now))
}

/// ARCHITECTURE, never built 1: who is accredited here can be given work, so its mandate is defensive.
fn may_hold(tx: &mut Tx<'_>, holder: &Holder) -> Result<(), Refusal> {
    match holder {
        Holder::Organisation(id) => {
            let unknown = |_| Refusal::invalid("organisation", "There is no such organisation.");
            match people::organisation(tx, id).map_err(unknown)?.mandate.may_receive() {
                true => Ok(()),
                false => Err(Refusal::invalid(
                    "organisation",
                    "Only an organisation with a defensive mandate stands in this register.",
                )),
            }
        }
        Holder::Account(id) => match access::account_names(tx)?.contains_key(id.as_str()) {
            true => Ok(()),
            false => Err(Refusal::invalid("account", "There is no such account.")),
        },
    }
}
