//! An advisory on its way, for programs: write, share, approve, publish, and look at what would go
//! out.

use super::content::Content;
use super::findings::{FindingBody, findings};
use crate::access::{self, Viewer};
use crate::advisories::pages::{View, addressed, open_view, publisher};
use crate::advisories::rules::{Base, NO_DRAFT, Order};
use crate::advisories::store::commands::{self, Edit};
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Body, Expected};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, ETAG};
use axum::response::{IntoResponse, Response};
use formats::advisory::Weight;
use formats::{Advisory, Finding};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vocabulary::CaseId;

/// A draft as this viewer may see it: the latest for a coordinator, the shared one for a participant.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct DraftBody {
    id: String,
    /// The draft that is shown, counted by saving; 0 for one that nobody has saved yet.
    revision: u32,
    /// SHA-256 of its canonical bytes: what an approval binds; null for one that nobody has saved yet.
    hash: Option<String>,
    /// For a coordinator: `draft`, `shared`, `half_approved`, `approved`, `published`; else `shared`.
    state: &'static str,
    /// Who approved this draft; only for coordinators.
    approvals: Vec<ApprovalBody>,
    /// What this revision changes, in words for the public.
    change: String,
    advisory: Content,
    /// What is missing or wrong, what stops it first.
    findings: Vec<FindingBody>,
}

/// One person's word for a draft.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ApprovalBody {
    name: String,
    #[schema(value_type = String)]
    at: Timestamp,
}

fn case_id(text: &str) -> Result<CaseId, Refusal> {
    text.parse().map_err(|_| Refusal::NotFound)
}

/// Opens a draft for a viewer; the read is in the journal before this returns.
pub(super) async fn opened(app: &App, viewer: &Viewer, id: &str) -> Result<View, Refusal> {
    let id = addressed(app, viewer, case_id(id)?).await?;
    let (policies, settings, seen) = (app.policies.clone(), app.settings.clone(), viewer.clone());
    let subject = id.to_string();
    access::open(app, viewer, &subject, "work on the advisory, by program", move |w| {
        open_view(w, &policies, &seen, &id, &settings)
    })
    .await
}

/// Reads the draft of a case's advisory. The ETag is the hash of what is shown, or `none` for a first
/// draft that nobody has saved yet.
#[utoipa::path(get, path = "/api/v1/cases/{id}/advisory", tag = "drafts", params(("id" = String, Path)),
    responses((status = 200, body = DraftBody, headers(("ETag" = String)))))]
pub(crate) async fn draft(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    shown(opened(&app, &viewer, &id).await?)
}

pub(super) fn shown(view: View) -> Result<Response, Refusal> {
    let (hash, revision) =
        (view.shown().map(|draft| draft.hash.clone()), view.shown().map(|draft| draft.revision));
    let advisory = view.draft.ok_or(Refusal::NotFound)?;
    let approvals = view.state.approvals.iter().filter(|_| view.writes).map(|approval| ApprovalBody {
        name: view.names.get(approval.account.as_str()).cloned().unwrap_or_default(),
        at: approval.at,
    });
    let tag = format!("\"{}\"", hash.as_deref().unwrap_or(NO_DRAFT));
    let body = DraftBody {
        id: view.id.to_string(),
        revision: revision.unwrap_or(0),
        hash,
        state: if view.writes { view.state.word() } else { "shared" },
        approvals: approvals.collect(),
        change: advisory.revisions.last().map(|last| last.summary.clone()).unwrap_or_default(),
        findings: findings(&advisory),
        advisory: advisory.into(),
    };
    Ok(([(ETAG, tag)], Json(body)).into_response())
}

/// A draft to save.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDraft {
    /// What this revision changes, in words for the public; the first may leave it out.
    #[serde(default)]
    #[schema(example = "First release")]
    change: String,
    advisory: Content,
}

/// What was saved.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Saved {
    revision: u32,
    /// What an approval binds.
    hash: String,
}

/// Saves a draft. `If-Match` takes the ETag of the draft that was edited; without it only a first
/// draft is saved. An edit voids every approval; saving what is saved changes nothing. A draft may be
/// unfinished: its findings say what it lacks. It takes at most 1,000,000 bytes.
#[utoipa::path(put, path = "/api/v1/cases/{id}/advisory", tag = "drafts", request_body = NewDraft,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = Saved, headers(("ETag" = String)))))]
pub(crate) async fn save(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(new): Body<NewDraft>,
) -> Result<Response, Refusal> {
    let edit = Edit {
        base: Base::Hash(seen.0),
        content: new.advisory.advisory(),
        change: new.change,
        publisher: publisher(&app.settings),
    };
    let id = case_id(&id)?;
    let saved = commands::act(&app, viewer, &id, move |w, _, actor, id| {
        let (revision, hash) = commands::save(w, actor, id, edit)?;
        Ok(Saved { revision, hash })
    });
    let saved = saved.await?;
    let tag = format!("\"{}\"", saved.hash);
    Ok(([(ETAG, tag)], Json(saved)).into_response())
}

/// Which draft a person had before her eyes.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftOrder {
    /// Its number.
    #[schema(example = 1)]
    revision: u32,
    /// Its hash, as it was read.
    #[schema(example = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    hash: String,
}

impl DraftOrder {
    fn order(self) -> Result<Order, Refusal> {
        let is_hash = self.hash.len() == 64 && self.hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hash {
            return Err(Refusal::invalid("hash", "64 hexadecimal digits, as the draft was read with."));
        }
        Ok(Order { revision: self.revision, hash: self.hash.to_lowercase() })
    }
}

/// Gives the latest draft to the participants of the case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/advisory/share", tag = "drafts", request_body = DraftOrder,
    params(("id" = String, Path)),
    responses((status = 204, description = "Shared")))]
pub(crate) async fn share(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    Body(body): Body<DraftOrder>,
) -> Result<StatusCode, Refusal> {
    let (id, order) = (case_id(&id)?, body.order()?);
    let done = commands::act(&app, viewer, &id, move |w, _, actor, id| {
        commands::share(w, actor, id, order.revision)
    });
    done.await.map(|()| StatusCode::NO_CONTENT)
}

/// Approves exactly the draft with this hash. Two persons must; each does it signed in, with the
/// session of her browser: a token has no eyes, and is refused.
#[utoipa::path(post, path = "/api/v1/cases/{id}/advisory/approve", tag = "drafts", request_body = DraftOrder,
    params(("id" = String, Path)),
    responses((status = 204, description = "Approved")))]
pub(crate) async fn approve(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    Body(body): Body<DraftOrder>,
) -> Result<StatusCode, Refusal> {
    let (id, order) = (case_id(&id)?, body.order()?);
    let done =
        commands::act(&app, viewer, &id, move |w, viewer, _, id| commands::approve(w, viewer, id, &order));
    done.await.map(|()| StatusCode::NO_CONTENT)
}

/// Publishes exactly what two persons approved: the embargo ends, clocks go on or close, the
/// reporters are told, the catalogue takes it in.
#[utoipa::path(post, path = "/api/v1/cases/{id}/advisory/publish", tag = "drafts", request_body = DraftOrder,
    params(("id" = String, Path)),
    responses((status = 204, description = "Published: /api/v1/advisories/{id}")))]
pub(crate) async fn publish(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    Body(body): Body<DraftOrder>,
) -> Result<StatusCode, Refusal> {
    let (id, order) = (case_id(&id)?, body.order()?);
    let done =
        commands::act(&app, viewer, &id, move |w, _, actor, id| commands::publish(w, actor, id, &order));
    done.await.map(|()| StatusCode::NO_CONTENT)
}

/// The draft as a document of a format, as it would go out: `csaf.json`, `cve.json`, `osv.json`.
#[utoipa::path(get, path = "/api/v1/cases/{id}/advisory/{format}", tag = "drafts",
    params(("id" = String, Path), ("format" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, content_type = "application/json", description = "The document")))]
pub(crate) async fn rendered(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, format)): Path<(String, String)>,
    seen: Expected,
) -> Result<Response, Refusal> {
    let render: fn(&Advisory) -> Result<String, Vec<Finding>> = match format.as_str() {
        "csaf.json" => formats::csaf::render,
        "cve.json" => |advisory| match advisory.cves.first() {
            Some(cve) => formats::cve::render(advisory, cve),
            None => Err(Vec::new()),
        },
        "osv.json" => formats::osv::render,
        _ => return Err(Refusal::NotFound),
    };
    let view = opened(&app, &viewer, &id).await?;
    seen.check(view.shown().map_or(NO_DRAFT, |draft| draft.hash.as_str()))?;
    let advisory = view.draft.ok_or(Refusal::NotFound)?;
    let text = render(&advisory).map_err(|findings| {
        let first = findings.iter().find(|finding| finding.weight == Weight::Error);
        let why = first.map_or_else(|| "no CVE id was assigned".into(), ToString::to_string);
        Refusal::conflict(format!("This draft cannot be written in this format yet: {why}."))
    })?;
    Ok(([(CONTENT_TYPE, "application/json")], text).into_response())
}
