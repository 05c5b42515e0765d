//! The register of accreditations for programs: what everyone may see here, what holders and keepers do
//! in `acts`.

pub(crate) mod acts;

use super::rules::{Held, Holder};
use super::store::{self, Opened, Row, Show, Which, keeps};
use crate::access::{Permission, Viewer};
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Asked, Happened};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use vocabulary::AccreditationId;

/// An accreditation as lists show it.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct AccreditationBody {
    #[schema(value_type = String)]
    id: AccreditationId,
    /// Name of the organisation or the person.
    holder: String,
    /// `organisation` or `account`.
    kind: &'static str,
    scheme: String,
    level: Option<String>,
    scopes: Vec<String>,
    /// Empty where it is sealed.
    issuer: String,
    /// Empty where it is sealed.
    number: String,
    #[schema(value_type = String)]
    from: Timestamp,
    #[schema(value_type = String)]
    until: Timestamp,
    /// `unchecked`, `not_yet`, `holds`, `lapsed`, `withdrawn`, `in_doubt`.
    stands: &'static str,
    /// When it was last looked up with an answer, and which: `holds`, `withdrawn`, `not_found`.
    #[schema(value_type = Option<String>)]
    looked_up: Option<Timestamp>,
    found: Option<&'static str>,
}

impl AccreditationBody {
    fn of(row: Row, now: Timestamp) -> Self {
        let Row { id, holder, name, told, held } = row;
        let stands = held.standing(now).name();
        let Held { scheme, level, scopes, from, until, checked, .. } = held;
        let kind = match holder {
            Holder::Organisation(_) => "organisation",
            Holder::Account(_) => "account",
        };
        let (looked_up, found) = (checked.map(|(at, _)| at), checked.map(|(_, found)| found.name()));
        let (issuer, number) = (told.issuer, told.number);
        Self {
            id,
            holder: name,
            kind,
            scheme,
            level,
            scopes,
            issuer,
            number,
            from,
            until,
            stands,
            looked_up,
            found,
        }
    }
}

/// An accreditation, opened.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct OpenedAccreditation {
    #[serde(flatten)]
    row: AccreditationBody,
    /// Names of its evidence.
    evidence: Vec<String>,
    timeline: Vec<Happened>,
}

fn list(asked: &Asked, page: vocabulary::Page, rows: Vec<Row>, now: Timestamp) -> Response {
    asked.list(page, rows.into_iter().map(|row| AccreditationBody::of(row, now)).collect())
}

/// The public register: organisations that agree to it, once the centre has looked their papers up.
#[utoipa::path(get, path = "/api/v1/accreditations", tag = "accreditations", params(
    ("page" = Option<u32>, Query, description = "From 1; 50 accreditations each. The header Link leads on.")),
    responses((status = 200, body = Vec<AccreditationBody>)))]
pub(crate) async fn register(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let (page, now) = (asked.page(&[])?, app.now());
    let rows = app.read(move |tx| store::list(tx, &Which::Public, now, page)).await?;
    Ok(list(&asked, page, rows, now))
}

/// One of the public register.
#[utoipa::path(get, path = "/api/v1/accreditations/{id}", tag = "accreditations", params(("id" = String, Path)),
    responses((status = 200, body = AccreditationBody)))]
pub(crate) async fn one(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<AccreditationBody>, Refusal> {
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    let row = app.read(move |tx| store::public(tx, &id)).await?;
    Ok(Json(AccreditationBody::of(row, app.now())))
}

/// One's own accreditations, and those of the organisation for which one speaks as a partner.
#[utoipa::path(get, path = "/api/v1/account/accreditations", tag = "accreditations", params(
    ("page" = Option<u32>, Query, description = "From 1; 50 accreditations each. The header Link leads on.")),
    responses((status = 200, body = Vec<AccreditationBody>)))]
pub(crate) async fn own(State(app): State<App>, viewer: Viewer, asked: Asked) -> Result<Response, Refusal> {
    let (page, now) = (asked.page(&[])?, app.now());
    let organisation = super::pages::spoken_for(&viewer);
    let which = Which::Own { organisation, account: viewer.person()?.id.clone() };
    let rows = app.read(move |tx| store::list(tx, &which, now, page)).await?;
    Ok(list(&asked, page, rows, now))
}

/// What is kept: for programme managers that of organisations, for security officers that of people.
#[utoipa::path(get, path = "/api/v1/desk/accreditations", tag = "accreditations", params(
    ("page" = Option<u32>, Query, description = "From 1; 50 accreditations each. The header Link leads on."),
    ("show" = Option<String>, Query, description = "`waiting` to be looked up, `ending` within 90 days, or `all`")),
    responses((status = 200, body = Vec<AccreditationBody>)))]
pub(crate) async fn kept(State(app): State<App>, viewer: Viewer, asked: Asked) -> Result<Response, Refusal> {
    let (page, now) = (asked.page(&["show"])?, app.now());
    let words = [("waiting", Show::Waiting), ("ending", Show::Ending), ("all", Show::All)];
    let show = asked.choice("show", &words)?.unwrap_or(Show::All);
    let (organisations, people) = keeps(&app.policies, &viewer);
    let which = Which::Kept { organisations, people, show };
    let rows = app.read(move |tx| store::list(tx, &which, now, page)).await?;
    Ok(list(&asked, page, rows, now))
}

async fn opened(app: &App, viewer: &Viewer, permission: Permission, id: &str) -> Result<Response, Refusal> {
    let opened: Opened = super::pages::opened(app, viewer, permission, id).await?;
    let tag = format!("\"{}\"", opened.version);
    let Opened { id, name, state, told, files, moments, .. } = opened;
    let holder = state.holder.ok_or(Refusal::NotFound)?;
    let row = AccreditationBody::of(Row { id, holder, name, told, held: state.held }, app.now());
    Ok(([(ETAG, tag)], Json(OpenedAccreditation { row, evidence: files, timeline: moments })).into_response())
}

/// One's own, or one's organisation's. The read is in the journal before the answer leaves.
#[utoipa::path(get, path = "/api/v1/account/accreditations/{id}", tag = "accreditations", params(("id" = String, Path)),
    responses((status = 200, body = OpenedAccreditation, headers(("ETag" = String)))))]
pub(crate) async fn own_one(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    opened(&app, &viewer, Permission::HoldAccreditations, &id).await
}

/// One that is kept. The read is in the journal before the answer leaves.
#[utoipa::path(get, path = "/api/v1/desk/accreditations/{id}", tag = "accreditations", params(("id" = String, Path)),
    responses((status = 200, body = OpenedAccreditation, headers(("ETag" = String)))))]
pub(crate) async fn kept_one(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    opened(&app, &viewer, Permission::KeepAccreditations, &id).await
}
