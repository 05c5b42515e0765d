//! The list of organisations.

use super::rules::Mandate;
use super::store;
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Fields, Tone, chip, choice, field, page};
use axum::extract::State;
use axum::response::{Html, Redirect};
use maud::html;

/// `GET /organisations`
pub(crate) async fn list(State(app): State<App>, viewer: Viewer) -> Result<Html<String>, Refusal> {
    let all = app.read(store::organisations).await?;
    let mandates = [("defensive", "defensive"), ("unknown", "not established"), ("offensive", "offensive")];
    let body = html! {
        h1 { "Organisations" }
        p.quiet { "Only an organisation with a defensive mandate can be invited to a case or receive anything." }
        @if all.is_empty() { p { "No organisation yet. Add the vendors that you work with below." } }
        @else {
            table {
                thead { tr { th { "Name" } th { "Mandate" } } }
                tbody {
                    @for organisation in &all {
                        tr {
                            td { (organisation.name) }
                            td data-label="Mandate" {
                                @if organisation.mandate.may_receive() { (chip(Tone::Calm, "defensive")) }
                                @else { (chip(Tone::Soon, organisation.mandate.name())) }
                            }
                        }
                    }
                }
            }
        }
        h2 { "Add an organisation" }
        form.narrow method="post" action="/organisations" {
            (field("name", "Name", "", "", true))
            (choice("mandate", "Mandate", &mandates, "defensive"))
            div.actions { button.btn.main { "Add" } }
        }
    };
    Ok(page(&app, &viewer, "Organisations", body))
}

/// `POST /organisations`
pub(crate) async fn add(State(app): State<App>, viewer: Viewer, fields: Fields) -> Result<Redirect, Refusal> {
    let (actor, name) = (viewer.actor()?, fields.required("name", 200)?);
    let mandate: Mandate = fields.text("mandate").parse()?;
    app.ledger.submit(move |w| store::add(w, &actor, &name, mandate)).await?;
    Ok(Redirect::to("/organisations"))
}
