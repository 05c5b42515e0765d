//! All SQL about accounts, credentials, sessions, invitations and tokens.

use super::rules::{self, Account, AccountEvent, Role};
use super::secrets::{Secret, hash_password, totp_step, verify_password};
use super::{Permission, Person, Viewer};
use crate::ledger::{Actor, Error, Recorded, Writer};
use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use storage::{Tx, params};
use vocabulary::{AccountId, OrganisationId, PersonId, ReportId};

/// How long a session lives without a new sign-in.
const SESSION: SignedDuration = SignedDuration::from_hours(12);

/// How long an invitation waits.
const INVITATION: SignedDuration = SignedDuration::from_hours(24 * 7);

fn stream(id: &AccountId) -> String {
    format!("account/{id}")
}

/// Keeps the view `accounts`.
pub(super) fn apply(tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), Error> {
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
    }
    Ok(())
}

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
    let secret = invite(w, &id)?;
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
pub(super) fn set_person(
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

/// The person behind each account, by their ids.
pub(crate) fn persons(tx: &mut Tx<'_>) -> Result<std::collections::HashMap<String, String>, Refusal> {
    let rows = tx.query("SELECT id, person FROM accounts", params![])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// A fresh invitation for an account; it also serves whoever lost a password.
pub(crate) fn invite(w: &mut Writer<'_, '_>, id: &AccountId) -> Result<Secret, Refusal> {
    let secret = Secret::new(w.random());
    let expires = w.now() + INVITATION;
    w.tx().execute("DELETE FROM invitations WHERE account = $1", params![id.as_str()])?;
    let sql = "INSERT INTO invitations (hash, account, expires) VALUES ($1, $2, $3)";
    w.tx().execute(sql, params![secret.hash(), id.as_str(), expires])?;
    Ok(secret)
}

/// Uses an invitation: name and password are set, and it is used up.
pub(crate) fn sign_up(
    w: &mut Writer<'_, '_>,
    invitation: &Secret,
    name: &str,
    password: &str,
) -> Result<AccountId, Refusal> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Refusal::invalid("name", "Between 1 and 100 characters."));
    }
    rules::password(password)?;
    let sql = "SELECT account FROM invitations WHERE hash = $1 AND expires > $2";
    let now = w.now();
    let row = w.tx().query_opt(sql, params![invitation.hash(), now])?;
    let id: AccountId = parsed(row.ok_or(Refusal::NotFound)?.get(0)?)?;
    let hash = hash_password(password, w.random());
    let hash = hash.ok_or_else(|| Refusal::Internal("a password could not be hashed".into()))?;
    let sql = "UPDATE credentials SET name = $2, password_hash = $3 WHERE account = $1";
    w.tx().execute(sql, params![id.as_str(), name, hash])?;
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

/// What an account signs in with.
pub(crate) struct Credential {
    pub(crate) account: AccountId,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) roles: Vec<Role>,
    pub(crate) organisation: Option<OrganisationId>,
    pub(crate) person: PersonId,
    pub(crate) active: bool,
    pub(super) password_hash: Option<String>,
    pub(super) totp_sealed: Option<Vec<u8>>,
    pub(super) totp_last: i64,
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
pub(super) fn by_login(tx: &mut Tx<'_>, login: &str) -> Result<Option<Credential>, Refusal> {
    tx.query_opt(&format!("{CREDENTIAL} WHERE c.login = $1"), params![login])?
        .as_ref()
        .map(credential)
        .transpose()
}

pub(super) fn by_id(tx: &mut Tx<'_>, id: &AccountId) -> Result<Credential, Refusal> {
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

/// Checks password and one-time code and opens a session. Wrong login, wrong password and wrong
/// code give one and the same answer, and take the same time.
pub(crate) fn sign_in(
    w: &mut Writer<'_, '_>,
    login: &str,
    password_right: bool,
    code: &str,
) -> Result<Secret, Refusal> {
    let wrong = || Refusal::invalid("password", "Login, password or code is wrong.");
    let found = by_login(w.tx(), login)?.filter(|found| found.active && password_right).ok_or_else(wrong)?;
    if let Some(sealed) = &found.totp_sealed {
        let secret = w.keys().unwrap(TOTP, sealed).ok_or_else(wrong)?;
        let unix = w.now().as_second().unsigned_abs();
        // A code works once: whoever looked over the shoulder comes too late.
        let step = totp_step(&secret, code, unix).filter(|step| *step > found.totp_last).ok_or_else(wrong)?;
        let sql = "UPDATE credentials SET totp_step = $2 WHERE account = $1";
        w.tx().execute(sql, params![found.account.as_str(), step])?;
    }
    session(w, Some(&found.account), None)
}

/// Label under which one-time secrets are sealed by the master key.
pub(super) const TOTP: &str = "one-time code secret";

/// Checks a password outside the writer, because it is slow. An unknown login costs as much.
pub(super) fn password_right(found: Option<&Credential>, password: &str) -> bool {
    // A hash of nothing anybody knows, with our parameters.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AQEBAQEBAQEBAQEBAQEBAQ$\
                          q3JlYWxseW5vYm9keWtub3dzdGhpc29uZWF0YWxsISE";
    let hash = found.and_then(|found| found.password_hash.as_deref());
    verify_password(password, hash.unwrap_or(NOBODY)) && hash.is_some()
}

/// A session for whoever entered a report's claim code.
pub(crate) fn claim_session(w: &mut Writer<'_, '_>, report: &ReportId) -> Result<Secret, Refusal> {
    session(w, None, Some(report))
}

fn session(
    w: &mut Writer<'_, '_>,
    account: Option<&AccountId>,
    report: Option<&ReportId>,
) -> Result<Secret, Refusal> {
    let secret = Secret::new(w.random());
    let expires = w.now() + SESSION;
    let sql = "INSERT INTO sessions (hash, account, report, expires) VALUES ($1, $2, $3, $4)";
    let row = params![secret.hash(), account.map(AccountId::as_str), report.map(ReportId::as_str), expires];
    w.tx().execute(sql, row)?;
    Ok(secret)
}

/// Ends a session.
pub(super) fn sign_out(w: &mut Writer<'_, '_>, secret: &Secret) -> Result<(), Refusal> {
    w.tx().execute("DELETE FROM sessions WHERE hash = $1", params![secret.hash()])?;
    Ok(())
}

/// Who holds this session, if it still lives.
pub(super) fn session_viewer(tx: &mut Tx<'_>, secret: &Secret, now: Timestamp) -> Result<Viewer, Refusal> {
    let sql = "SELECT account, report FROM sessions WHERE hash = $1 AND expires > $2";
    let Some(row) = tx.query_opt(sql, params![secret.hash(), now])? else { return Ok(Viewer::Anonymous) };
    if let Some(report) = row.get::<Option<String>>(1)? {
        return Ok(Viewer::Reporter(parsed(report)?));
    }
    let account: Option<String> = row.get(0)?;
    account.map_or(Ok(Viewer::Anonymous), |id| person(tx, id, None))
}

/// Who holds this API token.
pub(super) fn token_viewer(tx: &mut Tx<'_>, secret: &Secret, now: Timestamp) -> Result<Viewer, Refusal> {
    let sql = "SELECT account, scopes FROM tokens WHERE hash = $1 AND expires > $2";
    let Some(row) = tx.query_opt(sql, params![secret.hash(), now])? else { return Err(Refusal::SignIn) };
    let scopes: String = row.get(1)?;
    let scopes = scopes.split(',').filter_map(|scope| scope.parse().ok()).collect();
    person(tx, row.get(0)?, Some(scopes))
}

fn person(tx: &mut Tx<'_>, id: String, scopes: Option<Vec<Permission>>) -> Result<Viewer, Refusal> {
    let found = by_id(tx, &parsed(id)?)?;
    if !found.active {
        return Ok(Viewer::Anonymous);
    }
    Ok(Viewer::Account(Person {
        id: found.account,
        login: found.login,
        name: found.name,
        roles: found.roles,
        organisation: found.organisation,
        scopes,
    }))
}

/// Disables an account and ends its sessions and tokens.
pub(super) fn disable(w: &mut Writer<'_, '_>, actor: &Actor, id: &AccountId) -> Result<(), Refusal> {
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

/// Stores a one-time secret, sealed; from now on a code is asked for.
pub(super) fn set_totp(w: &mut Writer<'_, '_>, id: &AccountId, secret: &[u8]) -> Result<(), Refusal> {
    let nonce = w.random();
    let sealed = w.keys().wrap(TOTP, nonce, secret);
    let sealed = sealed.ok_or_else(|| Refusal::Internal("a secret could not be sealed".into()))?;
    let sql = "UPDATE credentials SET totp_sealed = $2, totp_step = 0 WHERE account = $1";
    w.tx().execute(sql, params![id.as_str(), sealed])?;
    Ok(())
}

/// Makes an API token; its secret is shown once.
pub(super) fn create_token(
    w: &mut Writer<'_, '_>,
    id: &AccountId,
    name: &str,
    scopes: &[Permission],
    days: u32,
) -> Result<Secret, Refusal> {
    let secret = Secret::new(w.random());
    let token: [u8; 10] = w.random();
    let token = AccountId::from_random(token).to_string();
    let expires = w.now() + SignedDuration::from_hours(24 * i64::from(days));
    let scopes: Vec<&str> = scopes.iter().map(|scope| scope.name()).collect();
    let sql = "INSERT INTO tokens (hash, id, account, name, scopes, expires) VALUES ($1, $2, $3, $4, $5, $6)";
    let row = params![secret.hash(), token, id.as_str(), name, scopes.join(","), expires];
    w.tx().execute(sql, row)?;
    Ok(secret)
}

/// The tokens of an account: id, name, scopes, expiry.
pub(super) fn tokens(
    tx: &mut Tx<'_>,
    id: &AccountId,
) -> Result<Vec<(String, String, String, Timestamp)>, Refusal> {
    let sql = "SELECT id, name, scopes, expires FROM tokens WHERE account = $1 ORDER BY expires";
    let rows = tx.query(sql, params![id.as_str()])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).collect()
}

pub(super) fn revoke_token(w: &mut Writer<'_, '_>, account: &AccountId, id: &str) -> Result<(), Refusal> {
    let sql = "DELETE FROM tokens WHERE account = $1 AND id = $2";
    let gone = w.tx().execute(sql, params![account.as_str(), id])?;
    if gone == 0 { Err(Refusal::NotFound) } else { Ok(()) }
}

/// Counts an attempt in a bucket and refuses beyond `limit` in `window`.
pub(crate) fn count_attempt(
    w: &mut Writer<'_, '_>,
    bucket: &str,
    limit: i64,
    window: SignedDuration,
) -> Result<(), Refusal> {
    let now = w.now();
    let row = w.tx().query_opt("SELECT count, since FROM attempts WHERE bucket = $1", params![bucket])?;
    let (count, since) = match row {
        Some(row) => (row.get::<i64>(0)?, row.get::<Timestamp>(1)?),
        None => (0, now),
    };
    let passed = now.duration_since(since);
    let (count, since) = if passed > window { (0, now) } else { (count, since) };
    if count >= limit {
        let wait = (window - passed).as_secs().clamp(1, 86_400);
        return Err(Refusal::TooMany(u32::try_from(wait).unwrap_or(60)));
    }
    let sql = "INSERT INTO attempts (bucket, count, since) VALUES ($1, $2, $3)
               ON CONFLICT (bucket) DO UPDATE SET count = excluded.count, since = excluded.since";
    w.tx().execute(sql, params![bucket, count + 1, since])?;
    Ok(())
}

/// Forgets what has expired.
pub(crate) fn sweep(w: &mut Writer<'_, '_>) -> Result<(), Refusal> {
    let now = w.now();
    for table in ["sessions", "tokens", "invitations", "drafts"] {
        w.tx().execute(&format!("DELETE FROM {table} WHERE expires <= $1"), params![now])?;
    }
    let day_ago = now - SignedDuration::from_hours(24);
    w.tx().execute("DELETE FROM attempts WHERE since < $1", params![day_ago])?;
    Ok(())
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(text: String) -> Result<T, Refusal> {
    text.parse().map_err(|error: T::Err| Refusal::Internal(format!("a stored id is unreadable: {error}")))
}
