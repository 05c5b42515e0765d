//! The log in words: what it is, how it stands, how anyone verifies it.

use super::latest_checkpoint;
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::page;
use axum::extract::State;
use axum::response::Html;
use maud::html;

/// `GET /log`
pub(crate) async fn log(State(app): State<App>, viewer: Viewer) -> Result<Html<String>, Refusal> {
    let latest = app.read(|tx| Ok(latest_checkpoint(tx)?)).await?;
    let key = app.ledger.keys().verifier().to_string();
    let body = html! {
        div.narrow {
            h1 { "The log" }
            p.lead { "Everything this centre does is appended to a log that nobody, we included, can rewrite unseen by \
                those who hold a checkpoint." }
            p { "Public tiles hold salted commitments only: they prove that something was recorded, and say nothing \
                about what. An entry is disclosed, with its salt, to those whom it concerns: a reporter's receipt is one. \
                No witness cosigns these checkpoints yet, so we do not claim that nothing was backdated." }
            h2 { "The latest checkpoint" }
            @match &latest {
                Some((size, note)) => { p { (size) " entries" } pre.sheet.code { (note) } }
                None => p { "Nothing has been signed yet." },
            }
            h2 { "How to verify" }
            p { "Keep a checkpoint and our key. Later, ask for a newer checkpoint: it must contain the old one." }
            pre.sheet.code { "heliograph verify --url " (app.settings.base_url) "\n"
                "heliograph verify --receipt FILE --key '" (key) "'" }
            p { a href="/log/checkpoint" { "Checkpoint" } " · " a href="/log/key" { "Key" }
                " · tiles as C2SP tlog-tiles lays them out, under " span.code { "/log/tile/" } }
        }
    };
    Ok(page(&app, &viewer, "The log", body))
}
