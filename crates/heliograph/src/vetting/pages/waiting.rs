//! What a person wrote to the security officer, opened: the read stands in the journal before this page.

use super::places;
use crate::access::{self, Viewer};
use crate::app::App;
use crate::refusal::Refusal;
use crate::vetting::rules::Assessment;
use crate::vetting::store;
use crate::web::{Shown, choice, instant, page};
use axum::extract::{Path, State};
use axum::response::Html;
use maud::html;
use vocabulary::PersonId;

/// `GET /vetting/persons/{person}/waiting`
pub(crate) async fn waiting(
    State(app): State<App>,
    viewer: Viewer,
    Path(person): Path<String>,
) -> Result<Html<String>, Refusal> {
    let person: PersonId = person.parse().map_err(|_| Refusal::NotFound)?;
    let (officer, wanted, subject) =
        (viewer.person()?.id.clone(), person.clone(), format!("person/{person}"));
    let words =
        access::open(&app, &viewer, &subject, "decide about what a person declared or asked", move |w| {
            store::open_waiting(w, &officer, &wanted)
        });
    let words = words.await?;
    let shown = Shown::of(&app);
    let place = format!("/vetting/persons/{person}");
    let body = html! {
        (places(""))
        h1 { "What waits for you" }
        p { a href=(place) { "Back to the entry" } }
        @if let Some((at, text)) = &words.foreign {
            h2 { "Declaration of foreign interests" }
            p.quiet { "Sealed " (instant(&shown, *at)) ". Nobody but a security officer reads it. With your decision its key is \
                destroyed, and only the outcome stays." }
            p.text { (text) }
            form.narrow method="post" action={ (place) "/foreign-interest" } {
                (choice("outcome", "Outcome", Assessment::ALL, ""))
                div.actions { button.btn.main { "Decide, and destroy it" } }
            }
        }
        @if !words.corrections.is_empty() {
            h2 { "Corrections asked for" }
            @for (at, text) in &words.corrections {
                p.quiet { (instant(&shown, *at)) }
                p.text { (text) }
            }
            form method="post" action={ (place) "/correction" } { div.actions { button.btn { "They are dealt with" } } }
        }
    };
    Ok(page(&app, &viewer, "What waits for you", body))
}
