//! What a coordinator records and decides about clocks, for programs.

use super::{act, debtor, owed, vendor};
use crate::access::Viewer;
use crate::app::App;
use crate::deadlines::rules::anchor_fits;
use crate::deadlines::store::{self, Delayed, Stated, Waived};
use crate::refusal::Refusal;
use crate::web::{Body, Expected, instant_in};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;

/// Something that started or stopped a clock.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fact {
    /// Who owes: `centre`, `reporter` (who reports for the manufacturer), or an organisation's id.
    #[schema(example = "reporter")]
    debtor: String,
    /// The vendor that it is about, by its id; leave it out where it is about none.
    #[serde(default)]
    vendor: Option<String>,
    /// What happened: `aware`, `remedy_available`, `vendor_notified`, …, as the profiles name it.
    #[schema(example = "aware")]
    anchor: String,
    /// When: day, hour and zone, RFC 3339 or RFC 9557.
    #[schema(example = "2026-11-24T09:15:00Z")]
    at: String,
    /// How that is known, in 2,000 characters; sealed.
    #[schema(example = "The manufacturer's mail of that morning.")]
    evidence: String,
}

/// States who learned or did what, and when, with evidence. What was recorded before stays on the record.
#[utoipa::path(post, path = "/api/v1/deadlines/{subject}/facts", tag = "deadlines", request_body = Fact,
    params(("subject" = String, Path, description = "The number of a report, a case or a drill"),
        ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Recorded")))]
pub(crate) async fn state_fact(
    State(app): State<App>,
    viewer: Viewer,
    Path(subject): Path<String>,
    seen: Expected,
    Body(body): Body<Fact>,
) -> Result<StatusCode, Refusal> {
    let (debtor, vendor) = (debtor(body.debtor)?, vendor(body.vendor)?);
    let anchor = body.anchor.parse();
    let anchor = anchor.map_err(|_| Refusal::invalid("anchor", "This is no event that a profile knows."))?;
    anchor_fits(anchor, vendor.as_ref())?;
    let (at, evidence) = (instant_in("at", &body.at)?, body.evidence);
    act(app, viewer, subject, seen, move |w, actor, subject| {
        store::state_fact(w, actor, subject, Stated { debtor, vendor, anchor, at, evidence: &evidence })
    })
    .await
}

/// Who a debtor is, what kind of case it is, and whose law applies.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewScope {
    /// Who owes: `centre`, `reporter`, or an organisation's id.
    #[schema(example = "reporter")]
    debtor: String,
    /// Its roles, as the profiles name them; 30 at most, as in the two lists that follow.
    #[schema(example = json!(["manufacturer", "product_provider"]))]
    actors: Vec<String>,
    /// What kind of case it is.
    #[schema(example = json!(["actively_exploited_vulnerability"]))]
    triggers: Vec<String>,
    /// Whose law applies.
    #[schema(example = json!(["EU", "CN"]))]
    jurisdictions: Vec<String>,
    /// The IANA zone in which days are counted.
    #[schema(example = "Europe/Berlin")]
    zone: String,
}

/// Declares the scope of a debtor; it takes the place of what was declared before.
#[utoipa::path(put, path = "/api/v1/deadlines/{subject}/scope", tag = "deadlines", request_body = NewScope,
    params(("subject" = String, Path, description = "The number of a report, a case or a drill"),
        ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Declared")))]
pub(crate) async fn declare(
    State(app): State<App>,
    viewer: Viewer,
    Path(subject): Path<String>,
    seen: Expected,
    Body(body): Body<NewScope>,
) -> Result<StatusCode, Refusal> {
    let debtor = debtor(body.debtor)?;
    let words = [body.actors, body.triggers, body.jurisdictions].map(|words| words.into_iter().collect());
    act(app, viewer, subject, seen, move |w, actor, subject| {
        store::declare(w, actor, subject, debtor, words, &body.zone)
    })
    .await
}

/// A delay of a duty.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDelay {
    /// Who owes: `centre`, `reporter`, or an organisation's id.
    #[schema(example = "centre")]
    debtor: String,
    #[schema(example = "cra-art14")]
    profile: String,
    #[schema(example = "disseminate")]
    duty: String,
    /// A ground that the rule names; the refusal of another lists them.
    #[schema(example = "mitigation_expected")]
    ground: String,
    /// Until when: day, hour and zone; no later than the ground allows.
    #[schema(example = "2026-11-26T09:00:00Z")]
    until: String,
    /// Why, in 2,000 characters; sealed.
    #[schema(example = "The manufacturer expects a mitigation on Thursday.")]
    reason: String,
    /// That what the rule asks for before such a delay is given.
    #[serde(default)]
    #[schema(example = true)]
    precondition_stated: bool,
}

/// Puts a duty off, on a ground that its rule names and for as long as that allows.
#[utoipa::path(post, path = "/api/v1/deadlines/{subject}/delays", tag = "deadlines", request_body = NewDelay,
    params(("subject" = String, Path, description = "The number of a report, a case or a drill"),
        ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Put off")))]
pub(crate) async fn extend(
    State(app): State<App>,
    viewer: Viewer,
    Path(subject): Path<String>,
    seen: Expected,
    Body(body): Body<NewDelay>,
) -> Result<StatusCode, Refusal> {
    let owed = owed(body.debtor, body.profile, body.duty)?;
    let (until, precondition) = (instant_in("until", &body.until)?, body.precondition_stated);
    act(app, viewer, subject, seen, move |w, actor, subject| {
        let delayed = Delayed { owed, ground: &body.ground, until, reason: &body.reason, precondition };
        store::extend(w, actor, subject, delayed)
    })
    .await
}

/// That somebody was informed of a delay.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DelayNotified {
    /// Who owes: `centre`, `reporter`, or an organisation's id.
    #[schema(example = "centre")]
    debtor: String,
    #[schema(example = "cra-art14")]
    profile: String,
    #[schema(example = "disseminate")]
    duty: String,
    /// When: day, hour and zone.
    #[schema(example = "2026-11-24T09:45:00Z")]
    at: String,
    /// What shows it, in 2,000 characters; sealed.
    #[schema(example = "Our mail to ENISA.")]
    evidence: String,
}

/// Records that whoever the rule names was informed of a delay.
#[utoipa::path(post, path = "/api/v1/deadlines/{subject}/delay-notices", tag = "deadlines",
    request_body = DelayNotified,
    params(("subject" = String, Path, description = "The number of a report, a case or a drill"),
        ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Recorded")))]
pub(crate) async fn told_of_delay(
    State(app): State<App>,
    viewer: Viewer,
    Path(subject): Path<String>,
    seen: Expected,
    Body(body): Body<DelayNotified>,
) -> Result<StatusCode, Refusal> {
    let (owed, at) = (owed(body.debtor, body.profile, body.duty)?, instant_in("at", &body.at)?);
    act(app, viewer, subject, seen, move |w, actor, subject| {
        store::told_of_delay(w, actor, subject, owed, at, &body.evidence)
    })
    .await
}

/// That a duty falls away.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewWaiver {
    /// Who owes: `centre`, `reporter`, or an organisation's id.
    #[schema(example = "reporter")]
    debtor: String,
    /// Towards which vendor, by its id, where it is owed to each.
    #[serde(default)]
    vendor: Option<String>,
    #[schema(example = "cra-art14")]
    profile: String,
    #[schema(example = "aev.not")]
    duty: String,
    /// A ground that the rule names; the refusal of another lists them.
    #[schema(example = "already_provided")]
    ground: String,
    /// Why, in 2,000 characters; sealed.
    #[schema(example = "The early warning said all of it.")]
    reason: String,
}

/// Lets a duty fall away, on a ground that its rule names.
#[utoipa::path(post, path = "/api/v1/deadlines/{subject}/waivers", tag = "deadlines", request_body = NewWaiver,
    params(("subject" = String, Path, description = "The number of a report, a case or a drill"),
        ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Waived")))]
pub(crate) async fn waive(
    State(app): State<App>,
    viewer: Viewer,
    Path(subject): Path<String>,
    seen: Expected,
    Body(body): Body<NewWaiver>,
) -> Result<StatusCode, Refusal> {
    let (owed, vendor) = (owed(body.debtor, body.profile, body.duty)?, vendor(body.vendor)?);
    act(app, viewer, subject, seen, move |w, actor, subject| {
        let waived = Waived { owed, vendor, ground: &body.ground, reason: &body.reason };
        store::waive(w, actor, subject, waived)
    })
    .await
}

/// Takes over the care of a subject's clocks: who is told when their time runs out.
#[utoipa::path(post, path = "/api/v1/deadlines/{subject}/keeper", tag = "deadlines",
    params(("subject" = String, Path, description = "The number of a report, a case or a drill"),
        ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Taken over")))]
pub(crate) async fn take_over(
    State(app): State<App>,
    viewer: Viewer,
    Path(subject): Path<String>,
    seen: Expected,
) -> Result<StatusCode, Refusal> {
    act(app, viewer, subject, seen, store::take_over).await
}
