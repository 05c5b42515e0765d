//! API tokens: what a program sends to act for a person, within scopes.

use super::sessions::viewer;
use super::{by_login, parsed, stream};
use crate::access::rules::{Account, AccountEvent};
use crate::access::{Permission, Policies, Resource, Secret, Viewer};
use crate::ledger::{Actor, Writer};
use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use storage::{Row, Tx, params};
use vocabulary::AccountId;

/// Days that a token can be good for.
const DAYS: std::ops::RangeInclusive<u32> = 1..=365;

/// A token to be made.
#[derive(Debug, Clone)]
pub(crate) struct NewToken {
    /// What it is for, in words of its owner.
    pub(crate) name: String,
    /// Names of permissions.
    pub(crate) scopes: Vec<String>,
    pub(crate) days: u32,
}

/// A token as lists show it; its secret is known to its holder alone.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Token {
    pub(crate) id: String,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires: Timestamp,
}

/// What somebody can do, and so can let a program do.
pub(in crate::access) fn scopes_of(policies: &Policies, viewer: &Viewer) -> Vec<Permission> {
    let own = |scope: &Permission| {
        let for_programs = !matches!(scope, Permission::Public | Permission::SecondFactor);
        for_programs && policies.allows(viewer, *scope, &Resource::Centre)
    };
    Permission::ALL.iter().copied().filter(own).collect()
}

/// The person of a login, as a viewer: for whoever runs the centre's commands.
pub(crate) fn viewer_of(tx: &mut Tx<'_>, login: &str) -> Result<Viewer, Refusal> {
    let found = by_login(tx, &login.to_lowercase())?;
    let found = found.ok_or_else(|| Refusal::conflict("There is no account with this login."))?;
    match viewer(found, false, None) {
        Viewer::Anonymous => Err(Refusal::conflict("This account is not begun, or disabled.")),
        viewer => Ok(viewer),
    }
}

/// Makes a token for an account; gives its id and its secret, which is shown once. Where somebody else
/// than its owner makes it, that stands in the journal: whoever makes it could use it.
pub(crate) fn make_token(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    policies: &Policies,
    owner: &Viewer,
    new: &NewToken,
) -> Result<(String, Secret), Refusal> {
    let person = owner.person()?;
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Refusal::invalid("name", "Between 1 and 100 characters."));
    }
    if !DAYS.contains(&new.days) {
        return Err(Refusal::invalid("days", format!("Between {} and {} days.", DAYS.start(), DAYS.end())));
    }
    let scopes: Result<Vec<Permission>, String> = new.scopes.iter().map(|scope| scope.parse()).collect();
    let scopes = scopes.map_err(|reason| Refusal::invalid("scope", reason))?;
    if scopes.is_empty() {
        return Err(Refusal::invalid("scope", "Choose at least one scope."));
    }
    let own = scopes_of(policies, owner);
    if let Some(scope) = scopes.iter().find(|scope| !own.contains(scope)) {
        let reason = format!("Its person cannot do \"{scope}\", so no program can for them.");
        return Err(Refusal::invalid("scope", reason));
    }
    let secret = Secret::new(w.random());
    let token = AccountId::from_random(w.random()).to_string();
    let expires = w.now() + SignedDuration::from_hours(24 * i64::from(new.days));
    let scopes: Vec<String> = scopes.iter().map(|scope| scope.name().to_owned()).collect();
    let sql = "INSERT INTO tokens (hash, id, account, name, scopes, expires) VALUES ($1, $2, $3, $4, $5, $6)";
    let row = params![secret.hash(), &token, person.id.as_str(), name, scopes.join(","), expires];
    w.tx().execute(sql, row)?;
    record(w, actor, &person.id, AccountEvent::TokenMade { token: token.clone(), scopes })?;
    Ok((token, secret))
}

fn record(w: &mut Writer<'_, '_>, actor: &Actor, id: &AccountId, event: AccountEvent) -> Result<(), Refusal> {
    if *actor != Actor::Account(id.clone()) {
        let mut account = w.load::<Account>(stream(id))?;
        w.append(&mut account, actor, vec![event])?;
    }
    Ok(())
}

const TOKEN: &str = "SELECT t.id, c.login, t.name, t.scopes, t.expires FROM tokens t
    JOIN credentials c ON c.account = t.account";

fn token(row: &Row) -> Result<Token, Refusal> {
    let scopes: String = row.get(3)?;
    Ok(Token {
        id: row.get(0)?,
        login: row.get(1)?,
        name: row.get(2)?,
        scopes: scopes.split(',').map(str::to_owned).collect(),
        expires: row.get(4)?,
    })
}

/// The tokens of an account, by expiry.
pub(in crate::access) fn tokens(tx: &mut Tx<'_>, id: &AccountId) -> Result<Vec<Token>, Refusal> {
    let sql = format!("{TOKEN} WHERE t.account = $1 ORDER BY t.expires, t.id");
    tx.query(&sql, params![id.as_str()])?.iter().map(token).collect()
}

/// The tokens of everybody, by login and expiry.
pub(crate) fn all_tokens(tx: &mut Tx<'_>) -> Result<Vec<Token>, Refusal> {
    let sql = format!("{TOKEN} ORDER BY c.login, t.expires, t.id");
    tx.query(&sql, params![])?.iter().map(token).collect()
}

/// Revokes a token, by its id: one's own, or for the centre anybody's.
pub(crate) fn revoke_token(w: &mut Writer<'_, '_>, actor: &Actor, id: &str) -> Result<(), Refusal> {
    let row = w.tx().query_opt("SELECT account FROM tokens WHERE id = $1", params![id])?;
    let owner: AccountId = parsed(row.ok_or(Refusal::NotFound)?.get(0)?)?;
    if matches!(actor, Actor::Account(me) if *me != owner) {
        return Err(Refusal::NotFound);
    }
    w.tx().execute("DELETE FROM tokens WHERE id = $1", params![id])?;
    record(w, actor, &owner, AccountEvent::TokenRevoked { token: id.to_owned() })
}
