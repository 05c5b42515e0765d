//! What coordinators do with a draft: each reads its form, runs one command, and goes back.

use super::form;
use super::load::publisher;
use crate::access::Viewer;
use crate::advisories::rules::{Base, Order};
use crate::advisories::store::commands::{self, Edit};
use crate::app::App;
use crate::ledger::{Actor, Writer};
use crate::refusal::Refusal;
use crate::web::Fields;
use axum::extract::{Path, State};
use axum::response::Redirect;
use vocabulary::CaseId;

/// Runs a command for a viewer who may publish this case's advisory, then shows the draft again.
async fn run(
    app: App,
    viewer: Viewer,
    id: &str,
    command: impl FnOnce(&mut Writer<'_, '_>, &Viewer, &Actor, &CaseId) -> Result<(), Refusal> + Send + 'static,
) -> Result<Redirect, Refusal> {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    commands::act(&app, viewer, &id, command).await?;
    Ok(Redirect::to(&format!("/case/{id}/advisory")))
}

/// `POST /case/{id}/advisory`: saves a draft.
pub(crate) async fn save(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let sent = form::read(&fields)?;
    let (base, publisher) = (Base::Number(sent.base), publisher(&app.settings));
    let edit = Edit { base, content: sent.content, change: sent.change, publisher };
    run(app, viewer, &id, move |w, _, actor, id| commands::save(w, actor, id, edit).map(drop)).await
}

/// Which draft somebody had before their eyes.
fn order(fields: &Fields) -> Result<Order, Refusal> {
    let wrong = || Refusal::invalid("revision", "Open the draft and decide there.");
    let revision = fields.text("revision").parse().map_err(|_| wrong())?;
    Ok(Order { revision, hash: fields.text("hash").to_owned() })
}

/// `POST /case/{id}/advisory/share`
pub(crate) async fn share(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let revision = order(&fields)?.revision;
    run(app, viewer, &id, move |w, _, actor, id| commands::share(w, actor, id, revision)).await
}

/// `POST /case/{id}/advisory/approve`
pub(crate) async fn approve(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let order = order(&fields)?;
    run(app, viewer, &id, move |w, viewer, _, id| commands::approve(w, viewer, id, &order)).await
}

/// `POST /case/{id}/advisory/publish`
pub(crate) async fn publish(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let order = order(&fields)?;
    run(app, viewer, &id, move |w, _, actor, id| commands::publish(w, actor, id, &order)).await
}
