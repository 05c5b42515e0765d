//! What holders and keepers do, for programs. Each runs the command of its page.

use crate::access::{Permission, Viewer};
use crate::accreditations::pages::spoken_for;
use crate::accreditations::rules::{Act, Holder, NewAccreditation, Told};
use crate::accreditations::store;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Body, Expected, FileBody, TableOutcome, checked_table, instant_in};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use vocabulary::AccreditationId;

/// What stands on the paper.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paper {
    /// A scheme in force.
    #[schema(example = "check")]
    scheme: String,
    /// One of the scheme's levels, if it has any.
    #[serde(default)]
    #[schema(example = "")]
    level: String,
    /// Of the scheme's scopes, if it has any.
    #[serde(default)]
    #[schema(example = json!([]))]
    scopes: Vec<String>,
    /// One line of at most 200 characters.
    #[schema(example = "NCSC")]
    issuer: String,
    /// One line of at most 200 characters.
    #[schema(example = "C-2026-17")]
    number: String,
    /// Day, hour and zone.
    #[schema(example = "2026-06-01T00:00:00Z")]
    from: String,
    /// Day, hour and zone.
    #[schema(example = "2027-06-01T00:00:00Z")]
    until: String,
    /// Whether its holder agrees that the public register shows it; for organisations only.
    #[serde(default)]
    #[schema(example = false)]
    publish: bool,
}

impl Paper {
    fn of(self, holder: Holder) -> Result<NewAccreditation, Refusal> {
        Ok(NewAccreditation {
            holder,
            scheme: self.scheme,
            level: self.level,
            scopes: self.scopes,
            told: Told { issuer: self.issuer, number: self.number },
            from: instant_in("from", &self.from)?.at,
            until: instant_in("until", &self.until)?.at,
            publish: self.publish,
        })
    }
}

/// An accreditation of one's own.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandedIn {
    /// Of the organisation for which you speak as a partner; otherwise of yourself.
    #[serde(default)]
    #[schema(example = false)]
    of_organisation: bool,
    paper: Paper,
}

/// An accreditation of somebody else.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisteredAccreditation {
    /// An organisation's id, or else an account's.
    #[serde(default)]
    #[schema(example = "7q2k9mzr4w8c1h5x")]
    organisation: Option<String>,
    #[serde(default)]
    #[schema(example = json!(null))]
    account: Option<String>,
    paper: Paper,
}

/// The id of an accreditation.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct AccreditationNumber {
    #[schema(value_type = String)]
    id: AccreditationId,
}

type Made = (StatusCode, Json<AccreditationNumber>);

async fn made(
    app: &App,
    viewer: &Viewer,
    permission: Permission,
    new: NewAccreditation,
) -> Result<Made, Refusal> {
    let id = store::register(app, viewer, permission, new, Vec::new()).await?;
    Ok((StatusCode::CREATED, Json(AccreditationNumber { id })))
}

/// Hands an accreditation in. It permits something once the centre has looked it up.
#[utoipa::path(post, path = "/api/v1/account/accreditations", tag = "accreditations", request_body = HandedIn,
    responses((status = 201, body = AccreditationNumber)))]
pub(crate) async fn hand_in(
    State(app): State<App>,
    viewer: Viewer,
    Body(body): Body<HandedIn>,
) -> Result<Made, Refusal> {
    let holder = match body.of_organisation {
        true => {
            let wrong = || Refusal::invalid("of_organisation", "You speak for no organisation.");
            Holder::Organisation(spoken_for(&viewer).ok_or_else(wrong)?)
        }
        false => Holder::Account(viewer.person()?.id.clone()),
    };
    made(&app, &viewer, Permission::HoldAccreditations, body.paper.of(holder)?).await
}

/// Registers an accreditation, as whoever keeps those of organisations or of people.
#[utoipa::path(post, path = "/api/v1/desk/accreditations", tag = "accreditations", request_body = RegisteredAccreditation,
    responses((status = 201, body = AccreditationNumber)))]
pub(crate) async fn register(
    State(app): State<App>,
    viewer: Viewer,
    Body(body): Body<RegisteredAccreditation>,
) -> Result<Made, Refusal> {
    let wrong = |field: &'static str| move |_| Refusal::invalid(field, "Expected an id.");
    let holder = match (&body.organisation, &body.account) {
        (Some(id), None) => Holder::Organisation(id.parse().map_err(wrong("organisation"))?),
        (None, Some(id)) => Holder::Account(id.parse().map_err(wrong("account"))?),
        _ => return Err(Refusal::invalid("organisation", "Name an organisation or an account.")),
    };
    made(&app, &viewer, Permission::KeepAccreditations, body.paper.of(holder)?).await
}

/// A table of accreditations, of organisations or of people.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccreditationTable {
    /// CSV with the columns organisation, scheme, level, scopes, issuer, number, from, until, publish; for
    /// people the first is login. At most 5,000 lines.
    #[schema(
        example = "organisation,scheme,level,scopes,issuer,number,from,until,publish\n7q2k9mzr4w8c1h5x,iso-27001,,,TÜV,17,2026-06-01T00:00:00Z,2027-06-01T00:00:00Z,yes"
    )]
    table: String,
    /// Take it in, if nothing is wrong with any line; otherwise it is only looked over.
    #[schema(example = true)]
    apply: bool,
}

/// Looks a table over, line by line, and takes it in whole or not at all.
#[utoipa::path(post, path = "/api/v1/desk/accreditations/import", tag = "accreditations",
    request_body = AccreditationTable, responses((status = 200, body = TableOutcome)))]
pub(crate) async fn import(
    State(app): State<App>,
    viewer: Viewer,
    Body(body): Body<AccreditationTable>,
) -> Result<Json<TableOutcome>, Refusal> {
    checked_table(&body.table)?;
    Ok(Json(store::take_in(&app, &viewer, body.table, body.apply).await?))
}

async fn run(
    app: &App,
    viewer: &Viewer,
    permission: Permission,
    id: &str,
    seen: Expected,
    act: Act,
) -> Result<StatusCode, Refusal> {
    act.check()?;
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    store::run(app, viewer, permission, id, seen, act).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives one up that is one's own. The centre looks things up, not their holders.
#[utoipa::path(post, path = "/api/v1/account/accreditations/{id}/acts", tag = "accreditations", request_body = Act,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Done")))]
pub(crate) async fn give_up(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(act): Body<Act>,
) -> Result<StatusCode, Refusal> {
    run(&app, &viewer, Permission::HoldAccreditations, &id, seen, act).await
}

/// Records that it was looked up, or withdraws it.
#[utoipa::path(post, path = "/api/v1/desk/accreditations/{id}/acts", tag = "accreditations", request_body = Act,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Done")))]
pub(crate) async fn keep(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(act): Body<Act>,
) -> Result<StatusCode, Refusal> {
    run(&app, &viewer, Permission::KeepAccreditations, &id, seen, act).await
}

async fn add(
    app: &App,
    viewer: &Viewer,
    permission: Permission,
    (id, name): (String, String),
    bytes: Vec<u8>,
) -> Result<StatusCode, Refusal> {
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    store::add_file(app, viewer, permission, id, vec![(name, bytes)]).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Adds a file of at most 10 MiB, sealed, to one's own or one's organisation's accreditation.
#[utoipa::path(put, path = "/api/v1/account/accreditations/{id}/evidence/{name}", tag = "accreditations",
    params(("id" = String, Path), ("name" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 204, description = "Added")))]
pub(crate) async fn add_own(
    State(app): State<App>,
    viewer: Viewer,
    Path(place): Path<(String, String)>,
    FileBody(bytes): FileBody,
) -> Result<StatusCode, Refusal> {
    add(&app, &viewer, Permission::HoldAccreditations, place, bytes).await
}

/// Adds a file of at most 10 MiB, sealed, to an accreditation that is kept.
#[utoipa::path(put, path = "/api/v1/desk/accreditations/{id}/evidence/{name}", tag = "accreditations",
    params(("id" = String, Path), ("name" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 204, description = "Added")))]
pub(crate) async fn add_kept(
    State(app): State<App>,
    viewer: Viewer,
    Path(place): Path<(String, String)>,
    FileBody(bytes): FileBody,
) -> Result<StatusCode, Refusal> {
    add(&app, &viewer, Permission::KeepAccreditations, place, bytes).await
}
