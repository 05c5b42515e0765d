//! Drills: practice under the same rules, marked on every page.

use crate::access::Viewer;
use crate::app::App;
use crate::deadlines::rules::Clocks;
use crate::deadlines::store;
use crate::refusal::Refusal;
use crate::web::{Shown, Tone, chip, instant, no_rows, onward, page, page_in};
use axum::extract::{Path, Query, State};
use axum::response::{Html, Redirect};
use maud::{Markup, html};
use std::collections::HashMap;
use vocabulary::DrillId;

/// What stands at the head of every page of a drill.
pub(super) fn banner(subject: &str, clocks: &Clocks) -> Markup {
    html! {
        div.notice.unsettled role="note" {
            p { b { "DRILL" } " · Nothing here is real. No clock of a drill is counted, listed, told of, or in any feed." }
            @if clocks.ended { p { "It is over, and takes nothing more." } }
            @else { form method="post" action={ "/deadlines/drills/" (subject) "/end" } { button.btn { "End the drill" } } }
        }
    }
}

/// `GET /deadlines/drills`
pub(crate) async fn drills(
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    let number = page_in("page", query.get("page").map(String::as_str))?;
    let mut all = app.read(move |tx| store::drills(tx, number)).await?;
    let more = number.cut(&mut all);
    let shown = Shown::of(&app);
    let at = |page: u32| format!("/deadlines/drills?page={page}");
    let body = html! {
        p.quiet { a href="/deadlines" { "Deadlines" } }
        h1 { "Drills" }
        p { "A drill is a subject of its own: declare whose law applies, record when somebody became aware, write the filings. \
            The same rules compute the same dates, and none of them mixes with the real ones." }
        form method="post" action="/deadlines/drills" { div.actions { button.btn.main { "Start a drill" } } }
        @if all.is_empty() {
            (no_rows(number, "There was none yet. One that you start is listed here, with what was recorded in it.", at))
        } @else {
            table {
                thead { tr { th { "Drill" } th { "Began" } th { "Over" } } }
                tbody { @for drill in &all { tr {
                    td { a href={ "/deadlines/" (drill.id) } { (drill.id) } " " (chip(Tone::Idle, "drill")) }
                    td data-label="Began" { (instant(&shown, drill.started)) }
                    td data-label="Over" { @match drill.ended { Some(at) => (instant(&shown, at)), None => "still going on" } }
                } } }
            }
        }
        (onward(number, more, "Earlier ones", at))
    };
    Ok(page(&app, &viewer, "Drills", body))
}

/// `POST /deadlines/drills`
pub(crate) async fn start_drill(State(app): State<App>, viewer: Viewer) -> Result<Redirect, Refusal> {
    let (actor, prefix) = (viewer.actor()?, app.settings.prefix.clone());
    let id = app.ledger.submit(move |w| store::start_drill(w, &actor, &prefix)).await?;
    Ok(Redirect::to(&format!("/deadlines/{id}")))
}

/// `POST /deadlines/drills/{drill}/end`
pub(crate) async fn end_drill(
    State(app): State<App>,
    viewer: Viewer,
    Path(drill): Path<String>,
) -> Result<Redirect, Refusal> {
    let id: DrillId = drill.parse().map_err(|_| Refusal::NotFound)?;
    let (actor, place) = (viewer.actor()?, format!("/deadlines/{id}"));
    app.ledger.submit(move |w| store::end_drill(w, &actor, &id)).await?;
    Ok(Redirect::to(&place))
}
