//! All SQL about accounts, credentials, sessions, invitations and tokens.

mod accounts;
mod factor;
mod limits;
mod sessions;
mod tokens;

pub(crate) use accounts::{NewAccount, NewPassword, add_account, create_account, invite, sign_up};
pub(in crate::access) use accounts::{disable, invited, set_person};
pub(crate) use factor::{confirm_factor, offer_factor, reset_factor};
pub(in crate::access) use factor::{offered_factor, recovery_codes_left};
pub(in crate::access) use limits::forget_attempts;
pub(crate) use limits::{Limit, count_attempt, sweep};
pub(crate) use sessions::claim_session;
pub(in crate::access) use sessions::{password_right, session_viewer, sign_in, sign_out, token_viewer};
pub(crate) use tokens::{NewToken, Token, all_tokens, make_token, revoke_token, viewer_of};
pub(in crate::access) use tokens::{scopes_of, tokens};

use super::rules::{AccountEvent, Role};
use crate::ledger::{Error, Recorded};
use crate::refusal::Refusal;
use storage::{Tx, params};
use vocabulary::{AccountId, OrganisationId, PersonId};

fn stream(id: &AccountId) -> String {
    format!("account/{id}")
}

/// Keeps the view `accounts`.
pub(in crate::access) fn apply(tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), Error> {
    let Some(id) = recorded.stream.strip_prefix("account/") else { return Ok(()) };
    match recorded.event()? {
        AccountEvent::Created { roles, organisation, person } => {
            let roles: Vec<&str> = roles.iter().map(|role| role.name()).collect();
            let person = person.map_or_else(|| id.to_owned(), String::from);
            let sql =
                "INSERT INTO accounts (id, roles, organisation, active, person) VALUES ($1, $2, $3, 0, $4)";
            tx.execute(sql, params![id, roles.join(","), organisation.map(String::from), person])?;
        }
        AccountEvent::PersonSet { person } => {
            tx.execute("UPDATE accounts SET person = $2 WHERE id = $1", params![id, person.as_str()])?;
        }
        AccountEvent::SignedUp {} => {
            tx.execute("UPDATE accounts SET active = 1 WHERE id = $1", params![id])?;
        }
        AccountEvent::Disabled {} => {
            tx.execute("UPDATE accounts SET active = 0 WHERE id = $1", params![id])?;
        }
        // How somebody signs in is no business of the view; the journal keeps that it changed.
        AccountEvent::LinkMade {}
        | AccountEvent::SecondFactorSet {}
        | AccountEvent::SecondFactorReset {}
        | AccountEvent::RecoveryCodeUsed {}
        | AccountEvent::TokenMade { .. }
        | AccountEvent::TokenRevoked { .. } => {}
    }
    Ok(())
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(text: String) -> Result<T, Refusal> {
    text.parse().map_err(|error: T::Err| Refusal::Internal(format!("a stored id is unreadable: {error}")))
}
/// What an account signs in with.
pub(crate) struct Credential {
    pub(crate) account: AccountId,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) roles: Vec<Role>,
    pub(crate) organisation: Option<OrganisationId>,
    pub(crate) person: PersonId,
    pub(crate) active: bool,
    pub(in crate::access) password_hash: Option<String>,
    pub(in crate::access) totp_sealed: Option<Vec<u8>>,
    /// The step of the last one-time code: none before it works.
    pub(crate) totp_last: i64,
}

const CREDENTIAL: &str = "SELECT c.account, c.login, c.name, a.roles, a.organisation, a.active,
    c.password_hash, c.totp_sealed, c.totp_step, a.person FROM credentials c JOIN accounts a ON a.id = c.account";

fn credential(row: &storage::Row) -> Result<Credential, Refusal> {
    let roles: String = row.get(3)?;
    let organisation: Option<String> = row.get(4)?;
    Ok(Credential {
        account: parsed(row.get(0)?)?,
        login: row.get(1)?,
        name: row.get(2)?,
        roles: roles.split(',').map(str::parse).collect::<Result<_, _>>()?,
        organisation: organisation.map(parsed).transpose()?,
        active: row.get(5)?,
        password_hash: row.get(6)?,
        totp_sealed: row.get(7)?,
        totp_last: row.get(8)?,
        person: parsed(row.get(9)?)?,
    })
}

/// All accounts, by login.
pub(crate) fn credentials(tx: &mut Tx<'_>) -> Result<Vec<Credential>, Refusal> {
    tx.query(&format!("{CREDENTIAL} ORDER BY c.login"), params![])?.iter().map(credential).collect()
}

/// The account of a login, if there is one.
pub(in crate::access) fn by_login(tx: &mut Tx<'_>, login: &str) -> Result<Option<Credential>, Refusal> {
    tx.query_opt(&format!("{CREDENTIAL} WHERE c.login = $1"), params![login])?
        .as_ref()
        .map(credential)
        .transpose()
}

pub(in crate::access) fn by_id(tx: &mut Tx<'_>, id: &AccountId) -> Result<Credential, Refusal> {
    let row = tx.query_opt(&format!("{CREDENTIAL} WHERE c.account = $1"), params![id.as_str()])?;
    credential(&row.ok_or(Refusal::NotFound)?)
}

/// The active accounts with a role, by id.
pub(crate) fn holders(tx: &mut Tx<'_>, role: Role) -> Result<Vec<AccountId>, Refusal> {
    let rows = tx.query("SELECT id, roles FROM accounts WHERE active = 1 ORDER BY id", params![])?;
    let mut found = Vec::new();
    for row in rows {
        if row.get::<String>(1)?.split(',').any(|name| name == role.name()) {
            found.push(parsed(row.get(0)?)?);
        }
    }
    Ok(found)
}

/// The names of accounts, for timelines.
pub(crate) fn account_names(tx: &mut Tx<'_>) -> Result<std::collections::HashMap<String, String>, Refusal> {
    let rows = tx.query("SELECT account, name FROM credentials", params![])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// The person behind each account, by their ids.
pub(crate) fn persons(tx: &mut Tx<'_>) -> Result<std::collections::HashMap<String, String>, Refusal> {
    let rows = tx.query("SELECT id, person FROM accounts", params![])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// The person behind an account; `None` where there is no such account.
pub(crate) fn person_of(tx: &mut Tx<'_>, account: &AccountId) -> Result<Option<PersonId>, Refusal> {
    let row = tx.query_opt("SELECT person FROM accounts WHERE id = $1", params![account.as_str()])?;
    row.map(|row| parsed(row.get(0)?)).transpose()
}

/// Whether somebody with an account is known by this id.
pub(crate) fn is_person(tx: &mut Tx<'_>, person: &PersonId) -> Result<bool, Refusal> {
    let sql = "SELECT 1 FROM accounts WHERE person = $1 LIMIT 1";
    Ok(tx.query_opt(sql, params![person.as_str()])?.is_some())
}

/// What each person is called, by the person's id: the names of all their accounts.
pub(crate) fn person_names(tx: &mut Tx<'_>) -> Result<std::collections::HashMap<String, String>, Refusal> {
    let sql = "SELECT a.person, c.name FROM accounts a JOIN credentials c ON c.account = a.id ORDER BY a.id";
    let mut names = std::collections::HashMap::<String, String>::new();
    for row in tx.query(sql, params![])? {
        let (person, name): (String, String) = (row.get(0)?, row.get(1)?);
        match names.get_mut(&person) {
            Some(known) if !known.split(", ").any(|one| one == name) => *known = format!("{known}, {name}"),
            Some(_) => {}
            None => drop(names.insert(person, name)),
        }
    }
    Ok(names)
}
