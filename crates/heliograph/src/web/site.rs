//! What every site answers: is it alive, is it ready, how to report a flaw in it, how to verify it.

use super::{Shown, instant, page};
use crate::access::{self, Viewer};
use crate::app::App;
use crate::ledger::{last_cosigned, shown_checkpoint};
use crate::refusal::Refusal;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use jiff::SignedDuration;
use maud::html;
use merkle::VerifierKey;

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

/// `GET /log`
pub(crate) async fn log(State(app): State<App>, viewer: Viewer) -> Result<Html<String>, Refusal> {
    // How much is read here, and by whom, is for those who audit it.
    let audits = access::sees_all_reads(&app, &viewer);
    let witnesses: Vec<VerifierKey> = app.settings.witnesses.iter().map(|it| it.key.clone()).collect();
    let names: Vec<String> = witnesses.iter().map(|key| key.name().to_owned()).collect();
    let shown = Shown::of(&app);
    let (latest, reads, cosigned) = app
        .read(move |tx| {
            let reads = if audits { access::read_counts(tx)? } else { Vec::new() };
            let cosigned = |key| Ok::<_, Refusal>(last_cosigned(tx, key)?);
            let cosigned = witnesses.iter().map(cosigned).collect::<Result<Vec<_>, _>>()?;
            Ok((shown_checkpoint(tx, 0)?, reads, cosigned))
        })
        .await?;
    let key = app.ledger.keys().verifier().to_string();
    let body = html! {
        div.narrow {
            h1 { "The log" }
            p.lead { "Everything this centre does is appended to a log that nobody, we included, can rewrite unseen by \
                those who hold a checkpoint." }
            p { "Public tiles hold salted commitments only: they prove that something was recorded, and say nothing \
                about what. An entry is disclosed, with its salt, to those whom it concerns: a reporter's receipt is one."
                @if names.is_empty() { " No witness cosigns these checkpoints, so we do not claim that nobody can \
                    backdate: whoever has our key could write an entry today and say that it is of last month, unless \
                    somebody holds a checkpoint from between." }
            }
            @if !names.is_empty() {
                h2 { "Witnesses" }
                p { "They cosign a checkpoint only where it continues every one that they saw before, and say when. So \
                    nobody can slip in an entry of a time before the last one they cosigned." }
                dl.facts { @for (name, last) in names.iter().zip(&cosigned) {
                    dt { (name) }
                    dd { @match last {
                        Some((size, at)) => { (size) " entries, " (instant(&shown, *at)) }
                        None => "has cosigned nothing yet",
                    } }
                } }
            }
            h2 { "The latest checkpoint" }
            @match &latest {
                Some((size, note)) => { p { (size) " entries" } pre.sheet.code { (note) } }
                None => p { "Nothing has been signed yet." },
            }
            h2 { "How to verify" }
            p { "Keep a checkpoint and our key. Later, ask for a newer checkpoint: it must contain the old one." }
            pre.sheet.code { "heliograph verify --url " (app.settings.base_url) "\n"
                "heliograph verify --receipt FILE --key '" (key) "'" }
            p.quiet { "The first checks that a remote log grows only; the second, offline, that a receipt's report is in \
                it. \"heliograph verify --data DIR\" checks the whole of it beside the server: entries, tree, checkpoints, \
                sealed texts and lists." }
            p { a href="/log/checkpoint" { "Checkpoint" } " · " a href="/log/key" { "Key" }
                " · " a href="/.well-known/security.txt" { "security.txt names the key, too" }
                " · tiles as C2SP tlog-tiles lays them out, under " span.code { "/log/tile/" } }
            @if audits {
                h2 { "What was read" }
                @if reads.is_empty() { p { "Nothing sealed was opened yet. Each opening is counted here." } }
                @else { dl.facts { @for (role, count) in &reads { dt { (role) } dd { (count) } } } }
                p { a href="/reads" { "The read log" } }
            }
        }
    };
    Ok(page(&app, &viewer, "The log", body))
}
