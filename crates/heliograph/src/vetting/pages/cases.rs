//! Classified cases: their numbers, what each asks for, how many are let in. What they are about, a
//! security officer does not learn here.

use super::{level_words, levels, places};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::vetting::api::asked_level;
use crate::vetting::store;
use crate::web::{Asked, Fields, Shown, choice, field, instant, no_rows, onward, page};
use axum::extract::State;
use axum::response::{Html, Redirect};
use maud::html;
use vocabulary::CaseId;

/// `GET /vetting/cases`
pub(crate) async fn classifications(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<Html<String>, Refusal> {
    let number = asked.page(&[])?;
    let shown = Shown::of(&app);
    let now = shown.now;
    let mut rows = app.read(move |tx| store::classified(tx, number, now)).await?;
    let more = number.cut(&mut rows);
    let mut choices = levels();
    choices.push(("none".into(), "nothing: lift the classification".into()));
    let at = |page: u32| format!("/vetting/cases?page={page}");
    let body = html! {
        h1 { "Classified cases" }
        (places("/vetting/cases"))
        @if rows.is_empty() {
            (no_rows(number, "No case asks for a clearance. A coordinator or a security officer classifies one.", at))
        } @else { table {
            thead { tr { th { "Case" } th { "Asks for" } th { "Since" } th.num { "Members" } th.num { "Let in now" } } }
            tbody { @for row in &rows { tr {
                td { (row.case) }
                td data-label="Asks for" { (level_words(&row.scheme, &row.level)) }
                td data-label="Since" { (instant(&shown, row.since)) }
                td.num data-label="Members" { (row.members) }
                td.num data-label="Let in now" { (row.admitted) }
            } } }
        } }
        (onward(number, more, "More", at))
        h2 { "Classify a case" }
        p.quiet { "From that second on it is open to those who are cleared, members and briefed, and to nobody else." }
        form.narrow method="post" action="/vetting/cases" {
            (field("case", "Case", "Its number", "", true))
            (choice("asks", "It asks for", &choices, ""))
            div.actions { button.btn.main { "Set" } }
        }
    };
    Ok(page(&app, &viewer, "Classified cases", body))
}

/// `POST /vetting/cases`
pub(crate) async fn set_classification(
    State(app): State<App>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let case = fields.text("case").parse::<CaseId>();
    let case = case.map_err(|error| Refusal::invalid("case", error.to_string()))?;
    let asks = match fields.text("asks") {
        "none" => None,
        text => Some(asked_level(text)?),
    };
    let actor = viewer.actor()?;
    app.ledger.submit(move |w| store::set_classification(w, &actor, &case, asks)).await?;
    Ok(Redirect::to("/vetting/cases"))
}
