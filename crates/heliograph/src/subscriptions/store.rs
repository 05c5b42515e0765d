//! Subscriptions, sealed; and looking at bills of materials again.

use super::look;
use super::rules::{About, Finding, Told, Wish};
use crate::access::Viewer;
use crate::app::App;
use crate::ledger::{Keys, Writer};
use crate::refusal::Refusal;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use storage::{Row, Tx, params};
use vocabulary::AccountId;

/// Subscriptions of one account.
pub(super) const PER_ACCOUNT_MAX: i64 = 50;

/// Bytes of one, packed and sealed.
const SEALED_MAX: usize = 4 << 20;

/// Bytes that one is unpacked to, at most: documents with what JSON's escapes add.
const UNPACKED_MAX: u64 = 64 << 20;

/// A bill is not looked at more often, however fast the catalogue changes.
const LOOK_AT_MOST_EVERY: SignedDuration = SignedDuration::from_mins(15);

/// A subscription of an account.
#[derive(Debug)]
pub(super) struct Subscription {
    pub(super) id: String,
    pub(super) made: Timestamp,
    pub(super) looked: Option<Timestamp>,
    pub(super) wish: Wish,
    pub(super) told: Told,
}

/// What was known of a bill of materials.
#[derive(Debug)]
pub(super) struct Look {
    /// Of the catalogue that was asked.
    pub(super) state: String,
    pub(super) at: Timestamp,
    pub(super) findings: BTreeMap<String, Finding>,
}

fn label(id: &str, what: &str) -> String {
    format!("subscription {id}: {what}")
}

fn seal(w: &Writer<'_, '_>, label: &str, thing: &impl Serialize) -> Result<Vec<u8>, Refusal> {
    let failed = |error: String| Refusal::Internal(format!("a subscription could not be sealed: {error}"));
    let text = serde_json::to_vec(thing).map_err(|error| failed(error.to_string()))?;
    let mut packer = GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(&text).map_err(|error| failed(error.to_string()))?;
    let packed = packer.finish().map_err(|error| failed(error.to_string()))?;
    if packed.len() > SEALED_MAX {
        let most = SEALED_MAX >> 20;
        return Err(Refusal::TooLarge(format!("A subscription: more than {most} MiB when packed.").into()));
    }
    w.keys().wrap(label, w.random(), &packed).ok_or_else(|| failed("cipher".to_owned()))
}

fn open<T: DeserializeOwned>(keys: &Keys, label: &str, sealed: &[u8]) -> Result<T, Refusal> {
    let failed = || Refusal::Internal("a subscription cannot be opened".to_owned());
    let packed = keys.unwrap(label, sealed).ok_or_else(failed)?;
    let mut text = Vec::new();
    GzDecoder::new(packed.as_slice()).take(UNPACKED_MAX).read_to_end(&mut text).map_err(|_| failed())?;
    serde_json::from_slice(&text).map_err(|_| failed())
}

/// Keeps a wish, and of a bill of materials what was known when it was made; gives its id.
pub(super) fn make(
    w: &mut Writer<'_, '_>,
    account: &AccountId,
    wish: &Wish,
    first: Option<Look>,
) -> Result<String, Refusal> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM subscriptions WHERE account = $1";
    let count: i64 = w.tx().query_one(sql, params![account.as_str()])?.get(0)?;
    if count >= PER_ACCOUNT_MAX {
        let reason = format!("You have {count} subscriptions, {PER_ACCOUNT_MAX} at most. End one first.");
        return Err(Refusal::conflict(reason));
    }
    let id = AccountId::from_random(w.random()).to_string();
    let sealed = seal(w, &label(&id, "wish"), wish)?;
    let is_bill = matches!(wish.about, About::Bill(_));
    let (looked, state, told) = match first {
        Some(Look { state, at, findings }) => {
            (Some(at), state, Some(seal(w, &label(&id, "told"), &Told::of(findings))?))
        }
        None => (None, String::new(), None),
    };
    let sql = "INSERT INTO subscriptions (id, account, is_bill, made, sealed, looked, state, told)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let made = w.now();
    w.tx().execute(sql, params![&id, account.as_str(), is_bill, made, sealed, looked, state, told])?;
    Ok(id)
}

/// Forgets a subscription of this account, and all that was kept of it.
pub(super) fn end(w: &mut Writer<'_, '_>, account: &AccountId, id: &str) -> Result<(), Refusal> {
    let sql = "DELETE FROM subscriptions WHERE id = $1 AND account = $2";
    match w.tx().execute(sql, params![id, account.as_str()])? {
        0 => Err(Refusal::NotFound),
        _ => Ok(()),
    }
}

const COLUMNS: &str = "SELECT id, made, looked, sealed, told FROM subscriptions";

fn read(keys: &Keys, row: &Row) -> Result<Subscription, Refusal> {
    let (id, sealed, told): (String, Vec<u8>, Option<Vec<u8>>) = (row.get(0)?, row.get(3)?, row.get(4)?);
    let wish = open(keys, &label(&id, "wish"), &sealed)?;
    let told = match told {
        Some(told) => open(keys, &label(&id, "told"), &told)?,
        None => Told::default(),
    };
    Ok(Subscription { made: row.get(1)?, looked: row.get(2)?, wish, told, id })
}

/// The subscriptions of whoever looks, the oldest first.
pub(super) fn own(tx: &mut Tx<'_>, keys: &Keys, viewer: &Viewer) -> Result<Vec<Subscription>, Refusal> {
    let account = &viewer.person()?.id;
    let sql = format!("{COLUMNS} WHERE account = $1 ORDER BY made, id");
    tx.query(&sql, params![account.as_str()])?.iter().map(|row| read(keys, row)).collect()
}

/// One of them.
pub(super) fn one(tx: &mut Tx<'_>, keys: &Keys, viewer: &Viewer, id: &str) -> Result<Subscription, Refusal> {
    let account = &viewer.person()?.id;
    let sql = format!("{COLUMNS} WHERE id = $1 AND account = $2");
    let row = tx.query_opt(&sql, params![id, account.as_str()])?.ok_or(Refusal::NotFound)?;
    read(keys, &row)
}

/// Looks again at one bill of materials that has waited longest, if the catalogue has changed since it was
/// looked at; says whether there was one. A node looks with its own catalogue; of two that look at once, one
/// is heard.
pub(crate) async fn look_again(app: &App) -> Result<bool, Refusal> {
    let (keys, now, wanted) = (app.ledger.keys().clone(), app.now(), app.catalogue.state()?);
    let waiting = app.read(move |tx| {
        let sql = format!(
            "{COLUMNS} WHERE is_bill = 1 AND state <> $1 AND (looked IS NULL OR looked <= $2)
             ORDER BY COALESCE(looked, 0), id LIMIT 1"
        );
        let row = tx.query_opt(&sql, params![wanted, now - LOOK_AT_MOST_EVERY])?;
        row.map(|row| read(&keys, &row)).transpose()
    });
    let Some(Subscription { id, looked, wish, mut told, .. }) = waiting.await? else { return Ok(false) };
    let About::Bill(documents) = wish.about else { return Ok(false) };
    let Look { state, at, findings } = look(app, &documents).await?;
    match looked {
        Some(_) => told.follow(findings, at),
        // Of one that a program made that did not look at once.
        None => told = Told::of(findings),
    }
    let keep = move |w: &mut Writer<'_, '_>| {
        let sealed = seal(w, &label(&id, "told"), &told)?;
        let sql = "UPDATE subscriptions SET told = $2, looked = $3, state = $4
                   WHERE id = $1 AND COALESCE(looked, 0) = $5";
        let before = looked.map_or(0, |at| at.as_microsecond());
        w.tx().execute(sql, params![&id, sealed, at, state, before])?;
        Ok::<_, Refusal>(())
    };
    app.ledger.submit(keep).await?;
    Ok(true)
}
