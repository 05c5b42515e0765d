//! Cases, for programs: reading them here, what participants do in `acts`.

pub(crate) mod acts;
mod bodies;
pub(crate) mod reporter;

pub(crate) use bodies::*;

use super::pages;
use super::rules::Party;
use super::store::{self, Which};
use crate::access::{self, Permission, Policies, Viewer};
use crate::app::App;
use crate::ledger::{Item, Writer};
use crate::refusal::Refusal;
use crate::vetting;
use crate::web::{Asked, Shown};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use vocabulary::{CaseId, Page};

fn case_id(text: &str) -> Result<CaseId, Refusal> {
    text.parse().map_err(|_| Refusal::NotFound)
}

/// Cases by what is due: all for a coordinator, its own for a vendor.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases", params(
    ("page" = Option<u32>, Query, description = "From 1; 50 cases each. The header Link leads on."),
    ("show" = Option<String>, Query, description = "For coordinators: `open` (all that are not closed), \
        `not-told` (no vendor is invited), `unpublished`, `exploited`")),
    responses((status = 200, body = Vec<store::CaseRow>)))]
pub(crate) async fn list(State(app): State<App>, viewer: Viewer, asked: Asked) -> Result<Response, Refusal> {
    let page = asked.page(&["show"])?;
    let kinds = [
        ("open", Which::Open),
        ("not-told", Which::NotTold),
        ("unpublished", Which::Unpublished),
        ("exploited", Which::Exploited),
    ];
    let show = asked.choice("show", &kinds)?;
    let which = match viewer.organisation() {
        Some(organisation) => Which::Of(organisation.clone()),
        None => show.unwrap_or(Which::Open),
    };
    let own = viewer.organisation().is_some();
    let (seen, now) = (viewer.clone(), app.now());
    let mut rows = app
        .read(move |tx| {
            let eyes = vetting::eyes(tx, &seen, now)?;
            store::list(tx, &which, &eyes, page)
        })
        .await?;
    if own {
        // How many others are in a case, and what they owe, is not this vendor's business.
        rows.iter_mut().for_each(|row| (row.due, row.vendors, row.vendors_told) = (None, 1, 1));
    }
    Ok(asked.list(page, rows))
}

/// Opens a case, and all that this viewer may see in it. The read is in the journal before the
/// answer leaves; the ETag names this state.
#[utoipa::path(get, path = "/api/v1/cases/{id}", tag = "cases", params(("id" = String, Path),
    ("page" = Option<u32>, Query, description = "Of the timeline, the newest 50 entries first, from 1")),
    responses((status = 200, body = CaseBody, headers(("ETag" = String)))))]
pub(crate) async fn case(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let (wanted, page) = (case_id(&id)?, asked.page(&[])?);
    // A case that became part of another answers as the one that goes on.
    let (id, _) = app.read(move |tx| store::surviving(tx, &wanted)).await?;
    let shown = Shown::of(&app);
    let (policies, seen, subject) = (app.policies.clone(), viewer.clone(), id.to_string());
    let view = access::open(&app, &viewer, &subject, "work on the case, by program", move |w| {
        pages::open_view(w, &policies, &seen, &id, &shown, Some(page))
    });
    let view = view.await?;
    let tag = format!("\"{}\"", view.history.total);
    Ok(([(ETAG, tag)], Json(CaseBody::of(view))).into_response())
}

/// All that a viewer may see of a case, its whole timeline, and what was opened for it.
pub(crate) fn whole(
    w: &mut Writer<'_, '_>,
    policies: &Policies,
    viewer: &Viewer,
    id: &CaseId,
    shown: &Shown,
) -> Result<(serde_json::Value, Vec<Item>), Refusal> {
    let (view, items) = pages::open_view(w, policies, viewer, id, shown, None)?;
    let body = serde_json::to_value(CaseBody::of(view));
    Ok((body.map_err(|error| Refusal::Internal(error.to_string()))?, items))
}

/// The terms on which a case is kept: what an invited organisation sees before it has agreed.
#[utoipa::path(get, path = "/api/v1/cases/{id}/terms", tag = "cases", params(("id" = String, Path)),
    responses((status = 200, body = TermsBody)))]
pub(crate) async fn terms(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Json<TermsBody>, Refusal> {
    let id = case_id(&id)?;
    let (wanted, now) = (id.clone(), app.now());
    let (case, resource) = app.read(move |tx| store::find_as_seen(tx, &wanted, now)).await?;
    app.policies.check(&viewer, Permission::ParticipateInCase, &resource)?;
    Ok(Json(TermsBody::of(&id, &case, &store::party(&viewer)?)))
}

/// A report's proof of concept, as bytes.
#[utoipa::path(get, path = "/api/v1/cases/{id}/exploit/{report}", tag = "cases",
    params(("id" = String, Path), ("report" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream", description = "The bytes")))]
pub(crate) async fn exploit(
    app: State<App>,
    viewer: Viewer,
    path: Path<(String, String)>,
) -> Result<Response, Refusal> {
    pages::exploit(app, viewer, path).await
}

/// Who opened what is sealed in a case, newest first. A token needs the scope `audit-reads` too.
#[utoipa::path(get, path = "/api/v1/cases/{id}/reads", tag = "reads", params(("id" = String, Path),
    ("page" = Option<u32>, Query, description = "From 1; 50 reads each. The header Link leads on.")),
    responses((status = 200, body = Vec<pages::SeenRead>)))]
pub(crate) async fn reads(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let id = case_id(&id)?;
    let (wanted, now) = (id.clone(), app.now());
    let (case, resource) = app.read(move |tx| store::find_as_seen(tx, &wanted, now)).await?;
    app.policies.check(&viewer, Permission::AuditReads, &resource)?;
    read_list(&app, &viewer, pages::read_subjects(&id, &case), &asked).await
}

/// Every read of sealed material, newest first.
#[utoipa::path(get, path = "/api/v1/reads", tag = "reads",
    params(("page" = Option<u32>, Query, description = "From 1; 50 reads each. The header Link leads on.")),
    responses((status = 200, body = Vec<pages::SeenRead>)))]
pub(crate) async fn all_reads(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<Response, Refusal> {
    read_list(&app, &viewer, Vec::new(), &asked).await
}

async fn read_list(app: &App, viewer: &Viewer, of: Vec<String>, asked: &Asked) -> Result<Response, Refusal> {
    let page: Page = asked.page(&[])?;
    let mut rows = pages::read_rows(app, viewer, of, page).await?;
    let more = page.cut(&mut rows);
    Ok(asked.part(page, &rows, more))
}

/// The participant's own name for itself and others, as the API writes it.
fn named(party: &Party, me: &Party) -> String {
    match (party, me) {
        (party, me) if party == me => "you".into(),
        (Party::Centre, _) => "centre".into(),
        (Party::Reporter(_), _) => "reporter".into(),
        (Party::Vendor(id), Party::Centre) => id.to_string(),
        (Party::Vendor(_), _) => "vendor".into(),
    }
}
