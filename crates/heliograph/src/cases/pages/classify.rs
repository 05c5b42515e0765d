//! A case is classified by whoever coordinates it.

use crate::access::{Permission, Viewer};
use crate::app::App;
use crate::cases::store;
use crate::refusal::Refusal;
use crate::vetting;
use crate::web::{Expected, Fields, choice};
use axum::extract::{Path, State};
use axum::response::Redirect;
use maud::{Markup, html};
use vocabulary::CaseId;

/// The form, and what follows from it.
pub(super) fn form(place: &str) -> Markup {
    html! {
        p { "From that second on the case, its reports and its clocks are open only to people who are cleared, members of \
            it, and briefed, all three. " b { "That may leave you out" } " until a security officer has made you a member." }
        form method="post" action={ (place) "/classify" } {
            (choice("asks", "It asks for", &vetting::pages::levels(), ""))
            div.actions { button.btn { "Classify" } }
        }
    }
}

/// `POST /case/{id}/classify`
pub(crate) async fn classify(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let (scheme, level) = vetting::api::asked_level(fields.text("asks"))?;
    store::act(&app, viewer, &id, Permission::CoordinateCase, Expected(None), move |w, actor, id, _| {
        vetting::classify(w, actor, id, (&scheme, &level), false)
    })
    .await?;
    // Whoever classified it may be shut out now.
    Ok(Redirect::to("/desk"))
}
