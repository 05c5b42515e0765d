//! What coordinators do in a case, for programs.

use super::{run, word};
use crate::access::{Permission, Viewer};
use crate::app::App;
use crate::cases::rules::{Grading, Terms};
use crate::cases::store;
use crate::refusal::Refusal;
use crate::reports;
use crate::vetting;
use crate::web::{Body, Expected, instant_in};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderName, StatusCode};
use cvd::cs;
use cvd::embargo::KeepReason;
use cvd::interaction::EndCause;
use serde::{Deserialize, Serialize};
use vocabulary::{CaseId, Instant, OrganisationId, ReportId};

/// Into which case.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acceptance {
    /// An existing case to join; leave it out to open a new one.
    #[serde(default)]
    #[schema(example = json!(null))]
    case: Option<String>,
}

/// The case that a report is in now.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct AcceptedInto {
    case: String,
}

/// Accepts a report: it opens a case, or joins one.
#[utoipa::path(post, path = "/api/v1/reports/{id}/accept", tag = "triage", request_body = Acceptance,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 201, body = AcceptedInto, headers(("Location" = String)))))]
pub(crate) async fn accept(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(body): Body<Acceptance>,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<AcceptedInto>), Refusal> {
    let report: ReportId = id.parse().map_err(|_| Refusal::NotFound)?;
    let into = body.case.as_deref().map(str::parse::<CaseId>).transpose();
    let into = into.map_err(|error| Refusal::invalid("case", error.to_string()))?;
    let (actor, prefix) = (viewer.actor()?, app.settings.prefix.clone());
    let done = app.ledger.submit(move |w| {
        seen.check(&reports::received(w.tx(), &report)?.version.to_string())?;
        store::accept(w, &actor, &report, into.as_ref(), &prefix)
    });
    let case = done.await?;
    let place = format!("/api/v1/cases/{case}");
    Ok((StatusCode::CREATED, [(LOCATION, place)], Json(AcceptedInto { case: case.to_string() })))
}

/// Whom to invite.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Invitations {
    /// Ids of organisations with a defensive mandate; between 1 and 500.
    #[schema(example = json!(["7q2k9mzr4w8c1h5x"]))]
    organisations: Vec<String>,
    /// Since when they are known to be concerned: day, hour and zone, RFC 3339 or RFC 9557. The time for
    /// telling them runs from there. Leave it out for the first vendor of a case, and where it was
    /// found out just now.
    #[serde(default)]
    #[schema(example = json!(null))]
    concerned_since: Option<String>,
}

/// Organisations in one invitation, at most.
const INVITED_MAX: usize = 500;

/// Invites vendors: all of them, or none where one cannot be.
#[utoipa::path(post, path = "/api/v1/cases/{id}/participants", tag = "cases", request_body = Invitations,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Invited")))]
pub(crate) async fn invite(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(body): Body<Invitations>,
) -> Result<StatusCode, Refusal> {
    let wrong = |reason: String| Refusal::invalid("organisations", reason);
    if !(1..=INVITED_MAX).contains(&body.organisations.len()) {
        return Err(wrong(format!("Between 1 and {INVITED_MAX} organisations.")));
    }
    let parsed = body
        .organisations
        .iter()
        .map(|id| id.parse().map_err(|error: vocabulary::BadId| wrong(error.to_string())));
    let vendors = parsed.collect::<Result<Vec<OrganisationId>, _>>()?;
    let concerned =
        body.concerned_since.as_deref().map(|text| instant_in("concerned_since", text)).transpose()?;
    run(app, viewer, &id, Permission::CoordinateCase, seen, move |w, actor, id, _| {
        store::invite(w, actor, id, &vendors, concerned.as_ref())
    })
    .await
}

/// What a coordinator decides about the embargo.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmbargoDecision {
    /// `end` it early, `keep` it although it should end, `accept` or `decline` the end that is proposed.
    #[schema(example = "end")]
    decision: String,
    /// Why it ends: `agreed`, `vendors_ready`, `adversary_has_exploit`, `adversary_knows_details`,
    /// `attacks_observed`.
    #[serde(default)]
    #[schema(example = "agreed")]
    cause: String,
    /// Why it is kept: `narrow_attacks`, `fix_imminent`, `safety_at_stake`, `not_confirmed`.
    #[serde(default)]
    #[schema(example = "")]
    reason: String,
}

/// Ends or keeps the embargo, or answers a proposal for the centre.
#[utoipa::path(post, path = "/api/v1/cases/{id}/embargo", tag = "cases", request_body = EmbargoDecision,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Decided")))]
pub(crate) async fn decide_embargo(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(body): Body<EmbargoDecision>,
) -> Result<StatusCode, Refusal> {
    let terms = match body.decision.as_str() {
        "accept" => Some(Terms::Accept),
        "decline" => Some(Terms::Decline),
        _ => None,
    };
    for (field, given, only) in [("cause", &body.cause, "end"), ("reason", &body.reason, "keep")] {
        if !given.is_empty() && body.decision != only {
            return Err(Refusal::invalid(field, format!("This goes with the decision {only} alone.")));
        }
    }
    let decision = match body.decision.as_str() {
        "end" => Ok(word("cause", &body.cause, EndCause::ALL)?),
        "keep" => Err(word("reason", &body.reason, KeepReason::ALL)?),
        _ if terms.is_some() => Ok(EndCause::Agreed),
        _ => return Err(Refusal::invalid("decision", "One of end, keep, accept, decline.")),
    };
    run(app, viewer, &id, Permission::CoordinateCase, seen, move |w, actor, id, me| match terms {
        Some(terms) => store::answer(w, actor, id, me, terms),
        None => store::end_or_keep(w, actor, id, decision),
    })
    .await
}

/// What the world knows.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Observation {
    /// `public_aware` (the flaw is public), `exploit_public`, `attacks_observed`.
    #[schema(example = "attacks_observed")]
    event: String,
    /// Since when: day, hour and zone, RFC 3339 or RFC 9557; leave it out for now.
    #[serde(default)]
    #[schema(example = "2026-11-24T09:30:00Z")]
    at: Option<String>,
    /// How it is known; sealed, only the centre reads it. At most 10,000 characters.
    #[serde(default)]
    #[schema(example = "Two customers sent logs.")]
    evidence: String,
}

/// Records that the flaw or an exploit is public, or that attacks were seen.
#[utoipa::path(post, path = "/api/v1/cases/{id}/observations", tag = "cases", request_body = Observation,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Recorded")))]
pub(crate) async fn observe(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(body): Body<Observation>,
) -> Result<StatusCode, Refusal> {
    const WORLD: &[cs::CaseEvent] =
        &[cs::CaseEvent::PublicAware, cs::CaseEvent::ExploitPublic, cs::CaseEvent::AttacksObserved];
    let event = word("event", &body.event, WORLD)?;
    let at = body.at.as_deref().map(|at| instant_in("at", at)).transpose()?;
    let at = at.unwrap_or_else(|| Instant::utc(app.now()));
    run(app, viewer, &id, Permission::CoordinateCase, seen, move |w, actor, id, _| {
        store::observe(w, actor, id, event, at, &body.evidence)
    })
    .await
}

/// Grades a case with CVSS and SSVC.
#[utoipa::path(post, path = "/api/v1/cases/{id}/grade", tag = "cases", request_body = Grading,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Graded")))]
pub(crate) async fn grade(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(body): Body<Grading>,
) -> Result<StatusCode, Refusal> {
    run(app, viewer, &id, Permission::CoordinateCase, seen, move |w, actor, id, _| {
        store::grade(w, actor, id, body)
    })
    .await
}

/// What a case asks of those who work on it.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskedClearance {
    /// A ladder of clearances and a level on it.
    #[schema(example = "de-sueg/ue1")]
    asks: String,
}

/// Classifies a case, or raises its classification. From then on it is open to those who are cleared,
/// members and briefed; that may leave out whoever asked for it.
#[utoipa::path(post, path = "/api/v1/cases/{id}/classification", tag = "cases", request_body = AskedClearance,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Classified")))]
pub(crate) async fn classify(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(body): Body<AskedClearance>,
) -> Result<StatusCode, Refusal> {
    let (scheme, level) = vetting::api::asked_level(&body.asks)?;
    run(app, viewer, &id, Permission::CoordinateCase, seen, move |w, actor, id, _| {
        vetting::classify(w, actor, id, (&scheme, &level), false)
    })
    .await
}

/// Which case goes on.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Merger {
    /// Its number.
    #[schema(example = "HEL-2026-000001")]
    into: String,
}

/// Makes a case part of another one, which goes on for both: its number leads there.
#[utoipa::path(post, path = "/api/v1/cases/{id}/merge", tag = "cases", request_body = Merger,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Merged")))]
pub(crate) async fn merge(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(body): Body<Merger>,
) -> Result<StatusCode, Refusal> {
    let into: CaseId =
        body.into.parse().map_err(|error: vocabulary::BadId| Refusal::invalid("into", error.to_string()))?;
    run(app, viewer, &id, Permission::CoordinateCase, seen, move |w, actor, id, _| {
        store::merge(w, actor, id, &into)
    })
    .await
}

/// Closes a case; nothing more can be added to it. What is still owed is owed on: its clocks take facts and filings.
#[utoipa::path(post, path = "/api/v1/cases/{id}/close", tag = "cases",
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Closed")))]
pub(crate) async fn close(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
) -> Result<StatusCode, Refusal> {
    run(app, viewer, &id, Permission::CoordinateCase, seen, |w, actor, id, _| store::close(w, actor, id))
        .await
}

/// Destroys the keys of a closed case: its texts are gone for good, the log stays whole.
#[utoipa::path(post, path = "/api/v1/cases/{id}/erase", tag = "cases",
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Erased")))]
pub(crate) async fn erase(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
) -> Result<StatusCode, Refusal> {
    run(app, viewer, &id, Permission::CoordinateCase, seen, |w, actor, id, _| store::erase(w, actor, id))
        .await
}
