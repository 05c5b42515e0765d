//! Drafts of anonymous reporters: sealed on the server with a key that only her browser holds, so
//! that they survive a reload and nobody else, we included, can read them at rest.

use crate::access::Secret;
use crate::ledger::{Writer, open_with, seal_with};
use crate::refusal::Refusal;
use crate::web::Fields;
use jiff::{SignedDuration, Timestamp};
use storage::{Tx, params};

/// The cookie that holds the draft's secret.
pub(in crate::reports) const COOKIE: &str = "heliograph_draft";

/// How long a draft waits.
const LIFE: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Bytes of one draft.
const BYTES_MAX: usize = 512 * 1024;

const LABEL: &[u8] = b"heliograph/draft/v1";

/// Saves a draft over the one before.
pub(in crate::reports) fn save(
    w: &mut Writer<'_, '_>,
    secret: &Secret,
    fields: &Fields,
) -> Result<(), Refusal> {
    let text = serde_json::to_vec(fields.pairs()).map_err(|error| Refusal::Internal(error.to_string()))?;
    if text.len() > BYTES_MAX {
        return Err(Refusal::TooLarge("A draft takes at most 512 KiB.".into()));
    }
    let sealed = seal_with(&secret.key(), w.random(), LABEL, &text);
    let sealed = sealed.ok_or_else(|| Refusal::Internal("a draft could not be sealed".into()))?;
    let sql = "INSERT INTO drafts (id, sealed, expires) VALUES ($1, $2, $3)
               ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed, expires = excluded.expires";
    let expires = w.now() + LIFE;
    w.tx().execute(sql, params![secret.hash(), sealed, expires])?;
    Ok(())
}

/// Opens a draft, if there is one.
pub(in crate::reports) fn open(
    tx: &mut Tx<'_>,
    secret: &Secret,
    now: Timestamp,
) -> Result<Option<Fields>, Refusal> {
    let sql = "SELECT sealed FROM drafts WHERE id = $1 AND expires > $2";
    let Some(row) = tx.query_opt(sql, params![secret.hash(), now])? else { return Ok(None) };
    let text = open_with(&secret.key(), LABEL, &row.get::<Vec<u8>>(0)?);
    Ok(text.and_then(|text| serde_json::from_slice(&text).ok()).map(Fields::from_pairs))
}

/// Forgets a draft.
pub(in crate::reports) fn discard(w: &mut Writer<'_, '_>, secret: &Secret) -> Result<(), Refusal> {
    w.tx().execute("DELETE FROM drafts WHERE id = $1", params![secret.hash()])?;
    Ok(())
}
