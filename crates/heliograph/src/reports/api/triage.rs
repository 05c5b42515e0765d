//! The coordinators' queue, for programs.

use crate::access::{self, Viewer};
use crate::app::App;
use crate::deadlines::{self, Clock};
use crate::ledger::{Actor, Writer};
use crate::refusal::Refusal;
use crate::reports::pages::{piece, story};
use crate::reports::rules::{ReportText, Side};
use crate::reports::store::lists::{self, Queue};
use crate::reports::store::{self, triage};
use crate::vetting;
use crate::web::{Asked, Body, Expected, Happened};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use vocabulary::ReportId;

/// A report as the queue lists it.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ReportRow {
    #[schema(value_type = String)]
    id: ReportId,
    #[schema(value_type = String)]
    received: Timestamp,
    /// `received` (it waits for triage), `accepted`, `declined`, `duplicate`, `published`.
    state: String,
    exploited: bool,
    public: bool,
    /// The case that it belongs to.
    case: Option<String>,
}

/// Hours in an age, at most: a hundred years.
const AGE_MAX: u32 = 24 * 366 * 100;

/// Reports: what is exploited first, then what waits longest.
#[utoipa::path(get, path = "/api/v1/reports", tag = "triage", params(
    ("page" = Option<u32>, Query, description = "From 1; 50 reports each. The header Link leads on."),
    ("state" = Option<String>, Query, description = "`received` is what waits for triage"),
    ("exploited" = Option<bool>, Query, description = "Known to be exploited, by its reporter's word"),
    ("public" = Option<bool>, Query, description = "Known to the public, by its reporter's word"),
    ("older_than_hours" = Option<u32>, Query, description = "Received at least so long ago")),
    responses((status = 200, body = Vec<ReportRow>)))]
pub(crate) async fn list(State(app): State<App>, viewer: Viewer, asked: Asked) -> Result<Response, Refusal> {
    let page = asked.page(&["state", "exploited", "public", "older_than_hours"])?;
    let states = ["received", "accepted", "declined", "duplicate", "published"].map(|word| (word, word));
    let age = asked.number("older_than_hours", AGE_MAX)?;
    let queue = Queue {
        state: asked.choice("state", &states)?,
        exploited: asked.flag("exploited")?,
        public: asked.flag("public")?,
        received_until: age.map(|hours| app.now() - SignedDuration::from_hours(hours.into())),
    };
    let now = app.now();
    let rows = app
        .read(move |tx| {
            let eyes = vetting::eyes(tx, &viewer, now)?;
            lists::list(tx, queue, page, &eyes)
        })
        .await?;
    let row = |row: lists::Row| ReportRow {
        id: row.id,
        received: row.received,
        state: row.state,
        exploited: row.exploited,
        public: row.public,
        case: row.case,
    };
    Ok(asked.list(page, rows.into_iter().map(row).collect()))
}

/// A report, opened.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct OpenReport {
    id: String,
    /// `received` (it waits for triage), `accepted`, `declined`, `duplicate`.
    state: &'static str,
    #[schema(value_type = String)]
    received: Timestamp,
    exploited: bool,
    public: bool,
    anonymous: bool,
    /// When the reporter means to publish, RFC 3339.
    planned_publication: Option<String>,
    /// She reports for the manufacturer.
    for_manufacturer: bool,
    /// When the manufacturer became aware, by her word, RFC 3339.
    manufacturer_aware: Option<String>,
    /// The case that it belongs to.
    case: Option<String>,
    /// The report that it repeats.
    duplicate_of: Option<String>,
    /// What the reporter wrote.
    report: ReportText,
    /// A proof of concept came along: open it as `exploit/poc`, and the files as `exploit/0` and on.
    has_proof_of_concept: bool,
    /// Proof of concept and files were deleted by rule.
    exploit_deleted: bool,
    clocks: Vec<Clock>,
    timeline: Vec<Happened>,
}

/// Opens a report. The read is in the journal before the answer leaves; the ETag names this state.
#[utoipa::path(get, path = "/api/v1/reports/{id}", tag = "triage", params(("id" = String, Path)),
    responses((status = 200, body = OpenReport, headers(("ETag" = String)))))]
pub(crate) async fn open(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id = parsed(&id)?;
    let (wanted, now) = (id.clone(), app.now());
    let found = access::open(&app, &viewer, id.as_str(), "triage, by program", move |w| {
        let (story, items) = story(w, &wanted)?;
        let clocks = deadlines::of(w.tx(), &[wanted.to_string()], now)?;
        Ok(((story, clocks), items))
    });
    let (story, clocks) = found.await?;
    let (tag, report) = (format!("\"{}\"", story.version), story.report);
    let body = OpenReport {
        id: story.id.to_string(),
        state: report.word(),
        received: report.received,
        exploited: report.exploited,
        public: report.public,
        anonymous: report.anonymous,
        planned_publication: report.planned.map(|planned| planned.at.to_string()),
        for_manufacturer: report.for_manufacturer,
        manufacturer_aware: report.aware.map(|aware| aware.at.to_string()),
        case: report.case.map(String::from),
        duplicate_of: report.duplicate_of.map(String::from),
        report: story.text,
        has_proof_of_concept: report.proof_of_concept.is_some(),
        exploit_deleted: report.exploit_deleted,
        clocks,
        timeline: story.moments,
    };
    Ok(([(ETAG, tag)], Json(body)).into_response())
}

/// One piece of exploit material, as bytes: `poc`, or the number of a file, from 0.
#[utoipa::path(get, path = "/api/v1/reports/{id}/exploit/{which}", tag = "triage",
    params(("id" = String, Path), ("which" = String, Path)),
    responses((status = 200, content_type = "application/octet-stream", description = "The bytes")))]
pub(crate) async fn exploit(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, which)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    piece(&app, &viewer, parsed(&id)?, which).await
}

/// A reason that the reporter sees.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    /// Between 1 and 20,000 characters.
    #[schema(example = "The behaviour that you describe is documented.")]
    reason: String,
}

/// Declines a report.
#[utoipa::path(post, path = "/api/v1/reports/{id}/decline", tag = "triage", request_body = Reason,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Declined")))]
pub(crate) async fn decline(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(body): Body<Reason>,
) -> Result<StatusCode, Refusal> {
    act(&app, &viewer, &id, seen, move |w, actor, id| triage::decline(w, actor, id, &body.reason)).await
}

/// The report that was there before.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Original {
    /// Its tracking number.
    #[schema(example = "HEL-R-2026-000001")]
    of: String,
}

/// Marks a report as a duplicate of an earlier one.
#[utoipa::path(post, path = "/api/v1/reports/{id}/duplicate", tag = "triage", request_body = Original,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Marked")))]
pub(crate) async fn duplicate(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(body): Body<Original>,
) -> Result<StatusCode, Refusal> {
    let of: ReportId =
        body.of.parse().map_err(|error: vocabulary::BadId| Refusal::invalid("of", error.to_string()))?;
    act(&app, &viewer, &id, seen, move |w, actor, id| triage::duplicate(w, actor, id, &of)).await
}

/// Something to say.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Message {
    /// Between 1 and 20,000 characters.
    #[schema(example = "Which version did you test?")]
    message: String,
}

/// Writes to the reporter. The first answer of a person acknowledges the report.
#[utoipa::path(post, path = "/api/v1/reports/{id}/messages", tag = "triage", request_body = Message,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Sent")))]
pub(crate) async fn message(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(body): Body<Message>,
) -> Result<StatusCode, Refusal> {
    act(&app, &viewer, &id, seen, move |w, actor, id| triage::say(w, actor, id, Side::Centre, &body.message))
        .await
}

/// Runs a command on a report for a coordinator who, where she says what she saw of it, saw
/// everything.
async fn act(
    app: &App,
    viewer: &Viewer,
    id: &str,
    seen: Expected,
    command: impl FnOnce(&mut Writer<'_, '_>, &Actor, &ReportId) -> Result<(), Refusal> + Send + 'static,
) -> Result<StatusCode, Refusal> {
    let (id, actor) = (parsed(id)?, viewer.actor()?);
    let done = app.ledger.submit(move |w| {
        seen.check(&store::received(w.tx(), &id)?.version.to_string())?;
        command(w, &actor, &id)
    });
    done.await?;
    Ok(StatusCode::NO_CONTENT)
}

fn parsed(id: &str) -> Result<ReportId, Refusal> {
    id.parse().map_err(|_| Refusal::NotFound)
}
