//! What every site answers: is it alive, is it ready, how to report a flaw in it.

use crate::app::App;
use crate::refusal::Refusal;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;

/// `GET /healthz`: the process answers.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers too.
pub(crate) async fn readyz(State(app): State<App>) -> Result<&'static str, Refusal> {
    app.read(|tx| Ok(tx.query_one("SELECT 1", &[])?)).await?;
    Ok("ready\n")
}

/// `GET /.well-known/security.txt` (RFC 9116), with the key that verifies receipts as a comment:
/// a receipt is checked with a key from here, never with one that it brings along.
pub(crate) async fn security_txt(State(app): State<App>) -> Response {
    let expires = app.now() + SignedDuration::from_hours(24 * 180);
    let base = &app.settings.base_url;
    let text = format!(
        "# Receipts and checkpoints verify with: {}\n\
         Contact: {base}/report\n\
         Expires: {}\n\
         Canonical: {base}/.well-known/security.txt\n\
         Preferred-Languages: en\n",
        app.ledger.keys().verifier(),
        expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
    );
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
