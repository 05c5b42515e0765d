//! Commands on accounts: made, begun, whose they are, disabled.

use super::{parsed, persons, stream};
use crate::access::Secret;
use crate::access::rules::{self, Account, AccountEvent, Role};
use crate::access::secrets::hash_password;
use crate::ledger::{Actor, Writer};
use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use storage::{Tx, params};
use vocabulary::{AccountId, OrganisationId, PersonId};

/// How long an invitation waits.
const INVITATION: SignedDuration = SignedDuration::from_hours(24 * 7);

/// An account to be made.
pub(crate) struct NewAccount {
    pub(crate) login: String,
    pub(crate) roles: Vec<Role>,
    pub(crate) organisation: Option<OrganisationId>,
    /// Who will use it; `None` for somebody who has no account yet.
    pub(crate) person: Option<PersonId>,
}

/// Makes an account, of somebody new, that waits for its person. Returns its id and the
/// invitation's secret.
pub(crate) fn create_account(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    login: &str,
    roles: Vec<Role>,
    organisation: Option<OrganisationId>,
) -> Result<(AccountId, Secret), Refusal> {
    add_account(w, actor, NewAccount { login: login.to_owned(), roles, organisation, person: None })
}

/// The same for somebody who may have accounts already.
pub(crate) fn add_account(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    new: NewAccount,
) -> Result<(AccountId, Secret), Refusal> {
    let login = rules::login(&new.login)?;
    let elsewhere = match &new.person {
        Some(person) => roles_of(w.tx(), person, None)?,
        None => Vec::new(),
    };
    let person = new.person.unwrap_or_else(|| PersonId::from_random(w.random()));
    let events = rules::create(new.roles, new.organisation, person, &elsewhere)?;
    let id = AccountId::from_random(w.random());
    let mut account = w.load::<Account>(stream(&id))?;
    w.append(&mut account, actor, events)?;
    let sql = "INSERT INTO credentials (account, login, name, totp_step) VALUES ($1, $2, $2, 0)";
    match w.tx().execute(sql, params![id.as_str(), &login]) {
        Err(storage::Error::Duplicate { .. }) => {
            return Err(Refusal::invalid("login", "This login is already taken."));
        }
        other => other?,
    };
    let secret = link(w, &id)?;
    Ok((id, secret))
}

/// The roles that a person has in all accounts but one.
fn roles_of(tx: &mut Tx<'_>, person: &PersonId, but: Option<&AccountId>) -> Result<Vec<Role>, Refusal> {
    let rows = tx.query("SELECT id, roles FROM accounts WHERE person = $1", params![person.as_str()])?;
    if rows.is_empty() {
        return Err(Refusal::invalid("person", "Nobody is known by this id."));
    }
    let mut all = Vec::new();
    for row in &rows {
        let (id, roles): (String, String) = (row.get(0)?, row.get(1)?);
        if but.is_none_or(|but| but.as_str() != id) {
            for role in roles.split(',') {
                all.push(role.parse()?);
            }
        }
    }
    Ok(all)
}

/// Says whose account this is: a person known from other accounts, or somebody of whom this is the
/// only one. Nobody says so of their own accounts, so that nobody makes two persons out of one.
pub(in crate::access) fn set_person(
    w: &mut Writer<'_, '_>,
    by: &AccountId,
    id: &AccountId,
    person: Option<PersonId>,
) -> Result<(), Refusal> {
    let mut account = w.load::<Account>(stream(id))?;
    if !account.exists() {
        return Err(Refusal::NotFound);
    }
    let persons = persons(w.tx())?;
    let of = |account: &AccountId| persons.get(account.as_str());
    let own = of(by);
    if own == of(id) || own.is_some_and(|own| person.as_ref().is_some_and(|new| new.as_str() == own)) {
        return Err(Refusal::forbidden("This is about an account of yours: another administrator says so."));
    }
    if person.is_none() && persons.values().filter(|person| Some(*person) == of(id)).count() == 1 {
        return Ok(());
    }
    let elsewhere = match &person {
        Some(person) => roles_of(w.tx(), person, Some(id))?,
        None => Vec::new(),
    };
    let person = person.unwrap_or_else(|| PersonId::from_random(w.random()));
    let events = rules::belongs_to(&account.state, &person, &elsewhere)?;
    w.append(&mut account, &Actor::Account(by.clone()), events)?;
    Ok(())
}

/// A fresh invitation for an account, for whoever lost a link or a password. Whoever makes it could
/// use it, so that it was made stands in the journal.
pub(crate) fn invite(w: &mut Writer<'_, '_>, actor: &Actor, id: &AccountId) -> Result<Secret, Refusal> {
    let mut account = w.load::<Account>(stream(id))?;
    if !account.exists() {
        return Err(Refusal::NotFound);
    }
    w.append(&mut account, actor, vec![AccountEvent::LinkMade {}])?;
    link(w, id)
}

fn link(w: &mut Writer<'_, '_>, id: &AccountId) -> Result<Secret, Refusal> {
    let secret = Secret::new(w.random());
    let expires = w.now() + INVITATION;
    w.tx().execute("DELETE FROM invitations WHERE account = $1", params![id.as_str()])?;
    let sql = "INSERT INTO invitations (hash, account, expires) VALUES ($1, $2, $3)";
    w.tx().execute(sql, params![secret.hash(), id.as_str(), expires])?;
    Ok(secret)
}

/// The hash of a password that somebody chose. It is slow on purpose, so the writer gets it ready-made.
pub(crate) struct NewPassword(String);

impl NewPassword {
    pub(crate) fn hashed(password: &str, salt: [u8; 16]) -> Result<Self, Refusal> {
        rules::password(password)?;
        let hash = hash_password(password, salt);
        hash.map(Self).ok_or_else(|| Refusal::Internal("a password could not be hashed".into()))
    }
}

/// The account that an invitation is for; `NotFound` where it is used up, too old, or none.
pub(in crate::access) fn invited(
    tx: &mut Tx<'_>,
    invitation: &Secret,
    now: Timestamp,
) -> Result<AccountId, Refusal> {
    let sql = "SELECT account FROM invitations WHERE hash = $1 AND expires > $2";
    let row = tx.query_opt(sql, params![invitation.hash(), now])?;
    parsed(row.ok_or(Refusal::NotFound)?.get(0)?)
}

/// Uses an invitation: name and password are set, and it is used up.
pub(crate) fn sign_up(
    w: &mut Writer<'_, '_>,
    invitation: &Secret,
    name: &str,
    password: &NewPassword,
) -> Result<AccountId, Refusal> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Refusal::invalid("name", "Between 1 and 100 characters."));
    }
    let now = w.now();
    let id = invited(w.tx(), invitation, now)?;
    let sql = "UPDATE credentials SET name = $2, password_hash = $3 WHERE account = $1";
    w.tx().execute(sql, params![id.as_str(), name, &password.0])?;
    // A new password ends what was opened with the old one.
    for table in ["invitations", "sessions"] {
        w.tx().execute(&format!("DELETE FROM {table} WHERE account = $1"), params![id.as_str()])?;
    }
    let mut account = w.load::<Account>(stream(&id))?;
    if !account.state.active {
        w.append(&mut account, &Actor::Account(id.clone()), vec![AccountEvent::SignedUp {}])?;
    }
    Ok(id)
}

/// Disables an account and ends its sessions and tokens.
pub(in crate::access) fn disable(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &AccountId,
) -> Result<(), Refusal> {
    let mut account = w.load::<Account>(stream(id))?;
    if !account.exists() {
        return Err(Refusal::NotFound);
    }
    if account.state.active {
        w.append(&mut account, actor, vec![AccountEvent::Disabled {}])?;
    }
    for table in ["sessions", "tokens", "invitations"] {
        w.tx().execute(&format!("DELETE FROM {table} WHERE account = $1"), params![id.as_str()])?;
    }
    Ok(())
}
