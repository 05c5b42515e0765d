//! The second factor: offered, confirmed once before it counts, recovered from, reset.

use super::sessions::session;
use super::{Credential, by_id, stream};
use crate::access::Secret;
use crate::access::rules::{Account, AccountEvent};
use crate::access::secrets::{recovery_code, recovery_hash, totp_step};
use crate::ledger::{Actor, Writer};
use crate::refusal::Refusal;
use storage::{Tx, params};
use vocabulary::AccountId;

/// Label under which one-time secrets are sealed by the master key.
const SEALED_AS: &str = "one-time code secret";

/// Recovery codes that a person gets at a time.
const RECOVERY_CODES: usize = 10;

/// Whether this is a right code of an account with a second factor: of the moment, or a recovery
/// code. Either works once: whoever looked over the shoulder comes too late.
pub(super) fn right(w: &mut Writer<'_, '_>, found: &Credential, code: &str) -> Result<bool, Refusal> {
    if let Some(hash) = recovery_hash(code) {
        let sql = "DELETE FROM recovery_codes WHERE hash = $1 AND account = $2";
        let is_known = w.tx().execute(sql, params![hash, found.account.as_str()])? > 0;
        if is_known {
            record(
                w,
                &Actor::Account(found.account.clone()),
                &found.account,
                AccountEvent::RecoveryCodeUsed {},
            )?;
        }
        return Ok(is_known);
    }
    let Some(step) = found.totp_sealed.as_ref().and_then(|sealed| step(w, sealed, code)) else {
        return Ok(false);
    };
    if step <= found.totp_last {
        return Ok(false);
    }
    let sql = "UPDATE credentials SET totp_step = $2 WHERE account = $1";
    w.tx().execute(sql, params![found.account.as_str(), step])?;
    Ok(true)
}

fn step(w: &mut Writer<'_, '_>, sealed: &[u8], code: &str) -> Option<i64> {
    let secret = w.keys().unwrap(SEALED_AS, sealed)?;
    totp_step(&secret, code, w.now().as_second().unsigned_abs())
}

fn record(w: &mut Writer<'_, '_>, actor: &Actor, id: &AccountId, event: AccountEvent) -> Result<(), Refusal> {
    let mut account = w.load::<Account>(stream(id))?;
    if !account.exists() {
        return Err(Refusal::NotFound);
    }
    w.append(&mut account, actor, vec![event])?;
    Ok(())
}

/// Keeps a one-time secret, sealed, until it is confirmed with a code. What is in force stays in
/// force till then, and a code of it is asked for: a session left open is not enough.
pub(crate) fn offer_factor(
    w: &mut Writer<'_, '_>,
    id: &AccountId,
    secret: &[u8],
    code: &str,
) -> Result<(), Refusal> {
    let found = by_id(w.tx(), id)?;
    if found.totp_sealed.is_some() && !right(w, &found, code)? {
        return Err(Refusal::invalid("code", "This is no code of your present second factor."));
    }
    let nonce = w.random();
    let sealed = w.keys().wrap(SEALED_AS, nonce, secret);
    let sealed = sealed.ok_or_else(|| Refusal::Internal("a secret could not be sealed".into()))?;
    let sql = "UPDATE credentials SET totp_offered = $2 WHERE account = $1";
    w.tx().execute(sql, params![id.as_str(), sealed])?;
    Ok(())
}

/// The secret that waits for its first code, to show it again.
pub(in crate::access) fn offered_factor(w: &mut Writer<'_, '_>, id: &AccountId) -> Result<Vec<u8>, Refusal> {
    let sealed = offered(w.tx(), id)?;
    w.keys().unwrap(SEALED_AS, &sealed).ok_or_else(|| Refusal::Internal("a secret cannot be opened".into()))
}

fn offered(tx: &mut Tx<'_>, id: &AccountId) -> Result<Vec<u8>, Refusal> {
    let sql = "SELECT totp_offered FROM credentials WHERE account = $1";
    let sealed: Option<Vec<u8>> = tx.query_one(sql, params![id.as_str()])?.get(0)?;
    sealed.ok_or_else(|| Refusal::conflict("Nothing is being set up. Begin on your account's page."))
}

/// Puts an offered second factor in force, by its first code. Other sessions end; this one goes on as
/// a new one. Gives it, and the recovery codes.
pub(crate) fn confirm_factor(
    w: &mut Writer<'_, '_>,
    id: &AccountId,
    code: &str,
) -> Result<(Secret, Vec<String>), Refusal> {
    let sealed = offered(w.tx(), id)?;
    let wrong = "This is not the code of the moment. Is the clock of your device right? Try the next one.";
    let step = step(w, &sealed, code).ok_or_else(|| Refusal::invalid("code", wrong))?;
    let sql = "UPDATE credentials SET totp_sealed = totp_offered, totp_offered = NULL, totp_step = $2
               WHERE account = $1";
    w.tx().execute(sql, params![id.as_str(), step])?;
    for table in ["sessions", "recovery_codes"] {
        w.tx().execute(&format!("DELETE FROM {table} WHERE account = $1"), params![id.as_str()])?;
    }
    let mut codes = Vec::new();
    for _ in 0..RECOVERY_CODES {
        let code = recovery_code(&w.random());
        let sql = "INSERT INTO recovery_codes (hash, account) VALUES ($1, $2)";
        w.tx().execute(sql, params![recovery_hash(&code).unwrap_or_default(), id.as_str()])?;
        codes.push(code);
    }
    record(w, &Actor::Account(id.clone()), id, AccountEvent::SecondFactorSet {})?;
    Ok((session(w, Some(id), None, true)?, codes))
}

/// How many recovery codes an account has left.
pub(in crate::access) fn recovery_codes_left(tx: &mut Tx<'_>, id: &AccountId) -> Result<i64, Refusal> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM recovery_codes WHERE account = $1";
    Ok(tx.query_one(sql, params![id.as_str()])?.get(0)?)
}

/// Takes the second factor from somebody who lost it, for them to set up a new one after signing in
/// with the password. It stands in the journal. Nobody does it for an account of their own: that
/// would make one factor of two.
pub(crate) fn reset_factor(w: &mut Writer<'_, '_>, actor: &Actor, id: &AccountId) -> Result<(), Refusal> {
    if let Actor::Account(by) = actor {
        let persons = super::persons(w.tx())?;
        if persons.get(by.as_str()) == persons.get(id.as_str()) {
            return Err(Refusal::forbidden(
                "This is an account of yours. Set up a new second factor on its page, or ask another administrator.",
            ));
        }
    }
    record(w, actor, id, AccountEvent::SecondFactorReset {})?;
    let sql =
        "UPDATE credentials SET totp_sealed = NULL, totp_offered = NULL, totp_step = 0 WHERE account = $1";
    w.tx().execute(sql, params![id.as_str()])?;
    for table in ["sessions", "tokens", "recovery_codes"] {
        w.tx().execute(&format!("DELETE FROM {table} WHERE account = $1"), params![id.as_str()])?;
    }
    Ok(())
}
