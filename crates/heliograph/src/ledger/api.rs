//! The log for the public, as C2SP tlog-tiles lays it out: `/log/checkpoint`, `/log/tile/…`, the
//! verifier key. Tiles hold salted commitments only, so they say nothing about what was done.

use super::latest_checkpoint;
use crate::app::App;
use crate::refusal::Refusal;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use merkle::{Hash, TilePath};
use storage::{Tx, params};

/// The latest signed checkpoint.
#[utoipa::path(get, path = "/log/checkpoint", tag = "log",
    responses((status = 200, description = "A C2SP checkpoint", content_type = "text/plain")))]
pub(crate) async fn checkpoint(State(app): State<App>) -> Result<Response, Refusal> {
    let latest = app.read(|tx| Ok::<_, Refusal>(super::shown_checkpoint(tx, 0)?)).await?;
    let (_, note) = latest.ok_or(Refusal::NotFound)?;
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-cache")], note).into_response())
}

/// The key that checkpoints and receipts are verified with.
#[utoipa::path(get, path = "/log/key", tag = "log",
    responses((status = 200, description = "A signed-note verifier key", content_type = "text/plain")))]
pub(crate) async fn key(State(app): State<App>) -> String {
    format!("{}\n", app.ledger.keys().verifier())
}

/// The entry that opened an epoch after a restore, with its proof: what the break is, and over which
/// checkpoint.
#[utoipa::path(get, path = "/log/epoch/{number}", tag = "log", params(("number" = String, Path)),
    responses((status = 200, description = "A C2SP tlog-proof of the epoch's first entry", content_type = "text/plain"),
              (status = 404, description = "The log has no such epoch; it began with epoch 1")))]
pub(crate) async fn epoch(
    State(app): State<App>,
    number: Result<Path<String>, PathRejection>,
) -> Result<Response, Refusal> {
    let Path(number) = number.map_err(|_| Refusal::NotFound)?;
    let number: i64 = number.parse().map_err(|_| Refusal::NotFound)?;
    let opening = app.read(move |tx| Ok::<_, Refusal>(super::epoch::opening(tx, number)?)).await?;
    let text = opening.ok_or(Refusal::NotFound)?;
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-cache")], text).into_response())
}

/// A tile of the tree, or a bundle of its entries.
#[utoipa::path(get, path = "/log/tile/{path}", tag = "log", params(("path" = String, Path)),
    responses((status = 200, description = "A tile", content_type = "application/octet-stream"),
              (status = 404, description = "No checkpoint covers this tile")))]
pub(crate) async fn tile(
    State(app): State<App>,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, Refusal> {
    // Whatever is not the one spelling of a tile's path names nothing.
    let Path(path) = path.map_err(|_| Refusal::NotFound)?;
    let path: TilePath = format!("tile/{path}").parse().map_err(|_| Refusal::NotFound)?;
    let bytes = app.read(move |tx| tile_bytes(tx, &path)).await?;
    let headers =
        [(CONTENT_TYPE, "application/octet-stream"), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, bytes).into_response())
}

/// The bytes of a tile; `NotFound` where no checkpoint covers it.
pub(crate) fn tile_bytes(tx: &mut Tx<'_>, path: &TilePath) -> Result<Vec<u8>, Refusal> {
    let size = latest_checkpoint(tx)?.map_or(0, |(size, _)| size);
    // Only what a signed checkpoint covers is shown: a tile must never run ahead of it.
    if !path.is_covered_by(size.cast_unsigned()) {
        return Err(Refusal::NotFound);
    }
    let (level, range) = path.span();
    let (from, to) = (range.start.cast_signed(), range.end.cast_signed());
    let rendered = if path.is_entries() {
        let sql = "SELECT commitment FROM events WHERE seq >= $1 AND seq < $2 ORDER BY seq";
        let rows = tx.query(sql, params![from, to])?;
        let commitments: Vec<[u8; 32]> = rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
        path.render_entries(&commitments)
    } else {
        let sql = "SELECT hash FROM tree_nodes
                   WHERE level = $1 AND position >= $2 AND position < $3 ORDER BY position";
        let rows = tx.query(sql, params![i64::from(level), from, to])?;
        let hashes: Vec<Hash> = rows.iter().map(|row| row.get(0).map(Hash)).collect::<Result<_, _>>()?;
        path.render_hashes(&hashes)
    };
    rendered.map_err(|error| super::Error::from(error).into())
}
