//! Sessions and tokens: how a request finds its viewer.

use super::{Credential, by_id, by_login, factor, parsed};
use crate::access::secrets::{Secret, verify_password};
use crate::access::{Permission, Person, Viewer, rules};
use crate::ledger::Writer;
use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use storage::{Tx, params};
use vocabulary::{AccountId, ReportId};

/// How long a session lives without a new sign-in.
const SESSION: SignedDuration = SignedDuration::from_hours(12);

/// A session that was opened.
pub(in crate::access) struct SignedIn {
    pub(in crate::access) secret: Secret,
    /// Its person has to set up a second factor before anything else.
    pub(in crate::access) lacks_factor: bool,
}

/// Checks password and code and opens a session. Wrong login, wrong password and wrong code give one
/// and the same answer, and take the same time.
pub(in crate::access) fn sign_in(
    w: &mut Writer<'_, '_>,
    login: &str,
    password_right: bool,
    code: &str,
    everyone: bool,
) -> Result<SignedIn, Refusal> {
    let wrong = || Refusal::invalid("password", "Login, password or code is wrong.");
    let found = by_login(w.tx(), login)?.filter(|found| found.active && password_right).ok_or_else(wrong)?;
    let has_factor = found.totp_sealed.is_some();
    if has_factor && !factor::right(w, &found, code)? {
        return Err(wrong());
    }
    let secret = session(w, Some(&found.account), None, has_factor)?;
    Ok(SignedIn { secret, lacks_factor: !has_factor && rules::needs_factor(&found.roles, everyone) })
}

/// Checks a password outside the writer, because it is slow. An unknown login costs as much.
pub(in crate::access) fn password_right(found: Option<&Credential>, password: &str) -> bool {
    // A hash of nothing anybody knows, with our parameters.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AQEBAQEBAQEBAQEBAQEBAQ$\
                          q3JlYWxseW5vYm9keWtub3dzdGhpc29uZWF0YWxsISE";
    let hash = found.and_then(|found| found.password_hash.as_deref());
    verify_password(password, hash.unwrap_or(NOBODY)) && hash.is_some()
}

/// A session for whoever entered a report's claim code.
pub(crate) fn claim_session(w: &mut Writer<'_, '_>, report: &ReportId) -> Result<Secret, Refusal> {
    session(w, None, Some(report), false)
}

pub(super) fn session(
    w: &mut Writer<'_, '_>,
    account: Option<&AccountId>,
    report: Option<&ReportId>,
    second_factor: bool,
) -> Result<Secret, Refusal> {
    let secret = Secret::new(w.random());
    let expires = w.now() + SESSION;
    let sql = "INSERT INTO sessions (hash, account, report, expires, second_factor)
               VALUES ($1, $2, $3, $4, $5)";
    let (account, report) = (account.map(AccountId::as_str), report.map(ReportId::as_str));
    w.tx().execute(sql, params![secret.hash(), account, report, expires, second_factor])?;
    Ok(secret)
}

/// Ends a session.
pub(in crate::access) fn sign_out(w: &mut Writer<'_, '_>, secret: &Secret) -> Result<(), Refusal> {
    w.tx().execute("DELETE FROM sessions WHERE hash = $1", params![secret.hash()])?;
    Ok(())
}

/// Who holds this session, if it still lives. `everyone`: every account needs a second factor, not
/// only those of the centre's roles.
pub(in crate::access) fn session_viewer(
    tx: &mut Tx<'_>,
    secret: &Secret,
    now: Timestamp,
    everyone: bool,
) -> Result<Viewer, Refusal> {
    let sql = "SELECT account, report, second_factor FROM sessions WHERE hash = $1 AND expires > $2";
    let Some(row) = tx.query_opt(sql, params![secret.hash(), now])? else { return Ok(Viewer::Anonymous) };
    if let Some(report) = row.get::<Option<String>>(1)? {
        return Ok(Viewer::Reporter(parsed(report)?));
    }
    let Some(account) = row.get::<Option<String>>(0)? else { return Ok(Viewer::Anonymous) };
    let found = by_id(tx, &parsed(account)?)?;
    let lacks_factor = !row.get::<bool>(2)? && rules::needs_factor(&found.roles, everyone);
    Ok(viewer(found, lacks_factor, None))
}

/// Who holds this API token. It is worth what its person's account is worth: without the second
/// factor that the account needs, nothing.
pub(in crate::access) fn token_viewer(
    tx: &mut Tx<'_>,
    secret: &Secret,
    now: Timestamp,
    everyone: bool,
) -> Result<Viewer, Refusal> {
    let sql = "SELECT account, scopes FROM tokens WHERE hash = $1 AND expires > $2";
    let Some(row) = tx.query_opt(sql, params![secret.hash(), now])? else { return Err(Refusal::SignIn) };
    let scopes: String = row.get(1)?;
    let scopes = scopes.split(',').filter_map(|scope| scope.parse().ok()).collect();
    let found = by_id(tx, &parsed(row.get(0)?)?)?;
    let lacks_factor = found.totp_sealed.is_none() && rules::needs_factor(&found.roles, everyone);
    Ok(viewer(found, lacks_factor, Some(scopes)))
}

pub(super) fn viewer(found: Credential, lacks_factor: bool, scopes: Option<Vec<Permission>>) -> Viewer {
    if !found.active {
        return Viewer::Anonymous;
    }
    Viewer::Account(Person {
        id: found.account,
        login: found.login,
        name: found.name,
        roles: found.roles,
        organisation: found.organisation,
        lacks_factor,
        scopes,
    })
}
