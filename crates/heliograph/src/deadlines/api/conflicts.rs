//! Rules that contradict each other, for programs: both are shown, and a person's decision is recorded.

use super::{act, debtor};
use crate::access::Viewer;
use crate::app::App;
use crate::deadlines::rules::{self, ConflictDecision, Contradiction};
use crate::deadlines::store;
use crate::refusal::Refusal;
use crate::web::{Asked, Body, Expected};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Two rules of which one forbids what the other orders.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ConflictBody {
    /// Whom both bind: `centre`, `reporter`, or an organisation's id.
    debtor: String,
    /// The profile that forbids, and its prohibition.
    forbids: String,
    prohibition: String,
    /// The profile that orders, and its duty.
    orders: String,
    duty: String,
    /// Both rules in words; null where by now they do not contradict each other any more.
    explain: Option<String>,
    /// When it was noticed.
    #[schema(value_type = String)]
    raised: Timestamp,
    /// When a person decided, or null.
    #[schema(value_type = Option<String>)]
    decided: Option<Timestamp>,
    /// `perform`, `refrain`, `partly`, or null.
    decision: Option<&'static str>,
}

/// The contradictions between rules on a report, a case or a drill. Nothing is sent, blocked or deleted
/// because of one.
#[utoipa::path(get, path = "/api/v1/deadlines/{subject}/conflicts", tag = "deadlines",
    params(("subject" = String, Path, description = "The number of a report, a case or a drill")),
    responses((status = 200, body = Vec<ConflictBody>)))]
pub(crate) async fn list(
    State(app): State<App>,
    Path(subject): Path<String>,
    asked: Asked,
) -> Result<Json<Vec<ConflictBody>>, Refusal> {
    asked.only(&[])?;
    let (subject, now) = (subject.to_uppercase(), app.now());
    let (clocks, _) = app.read(move |tx| store::clocks_of(tx, &subject)).await?;
    let texts = rules::conflicts(&clocks, now);
    let body = |((debtor, rules), (raised, decided)): (
        &(_, Contradiction),
        &(Timestamp, Option<(Timestamp, _)>),
    )| {
        let text = texts.iter().find(|(who, known, _)| who == debtor && known == rules);
        ConflictBody {
            debtor: String::from(debtor.clone()),
            forbids: rules.forbids.clone(),
            prohibition: rules.prohibition.clone(),
            orders: rules.orders.clone(),
            duty: rules.duty.clone(),
            explain: text.map(|(.., explain)| explain.clone()),
            raised: *raised,
            decided: decided.map(|(at, _)| at),
            decision: decided.map(|(_, decision)| word(decision)),
        }
    };
    Ok(Json(clocks.conflicts.iter().map(body).collect()))
}

fn word(decision: ConflictDecision) -> &'static str {
    ConflictDecision::ALL.iter().find(|(known, ..)| *known == decision).map_or("", |(_, word, _)| word)
}

/// What is done about two rules that contradict each other.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDecision {
    /// Whom both bind.
    #[schema(example = "reporter")]
    debtor: String,
    #[schema(example = "rmsv-2021")]
    forbids: String,
    #[schema(example = "no-foreign-transfer")]
    prohibition: String,
    #[schema(example = "cra-art14")]
    orders: String,
    #[schema(example = "aev.ew")]
    duty: String,
    /// `perform` the duty, `refrain` from it, or `partly`.
    #[schema(example = "perform")]
    decision: String,
    /// Why and on whose advice, in 2,000 characters; sealed.
    #[schema(example = "Counsel's letter of that day.")]
    reason: String,
}

/// Records what a person decided about two rules that contradict each other.
#[utoipa::path(post, path = "/api/v1/deadlines/{subject}/conflicts", tag = "deadlines", request_body = NewDecision,
    params(("subject" = String, Path, description = "The number of a report, a case or a drill"),
        ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Recorded")))]
pub(crate) async fn decide(
    State(app): State<App>,
    viewer: Viewer,
    Path(subject): Path<String>,
    seen: Expected,
    Body(body): Body<NewDecision>,
) -> Result<StatusCode, Refusal> {
    let debtor = debtor(body.debtor)?;
    let decision = ConflictDecision::ALL.iter().find(|(_, word, _)| *word == body.decision);
    let (decision, ..) =
        decision.ok_or_else(|| Refusal::invalid("decision", "One of perform, refrain, partly."))?;
    let rules = Contradiction {
        forbids: body.forbids,
        prohibition: body.prohibition,
        orders: body.orders,
        duty: body.duty,
    };
    act(app, viewer, subject, seen, move |w, actor, subject| {
        let decided = store::decide_conflict(w, actor, subject, (debtor, rules), *decision, &body.reason);
        decided.map_err(|refusal| match refusal {
            Refusal::NotFound => Refusal::invalid("forbids", "No such contradiction was noticed here."),
            other => other,
        })
    })
    .await
}
