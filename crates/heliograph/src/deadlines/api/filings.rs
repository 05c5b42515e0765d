//! Filings, for programs: read, write, record the submission, and take out.

use crate::access::{Permission, Resource, Viewer};
use crate::app::App;
use crate::deadlines::pages::filing::{Place, Shape, export, named, open};
use crate::deadlines::store::{self, Submitted};
use crate::refusal::Refusal;
use crate::web::{Body, Expected, instant_in};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use clocks::filing::{FormField, Input, Values, check};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A filing: its form, what is written in it, and what is missing.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct FilingBody {
    /// What every export says first: whether it was submitted.
    notice: String,
    subject: String,
    debtor: String,
    profile: String,
    duty: String,
    title: String,
    /// The stage of the form, such as `Early warning`.
    stage: String,
    /// The list that the fields are from, with its version; null where they are what the rule itself asks for.
    field_list: Option<String>,
    fields: Vec<FieldBody>,
    /// What is written, by the name of the field.
    values: BTreeMap<String, String>,
    /// Whether the values were copied from earlier stages and are not saved yet.
    copied: bool,
    /// How often it was saved.
    revision: usize,
    /// What is missing or wrong, in words.
    wrong: Vec<String>,
    #[schema(value_type = Option<String>)]
    submitted_at: Option<Timestamp>,
    /// What shows the submission, or empty.
    evidence: String,
}

/// A field of the form.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct FieldBody {
    name: String,
    title: String,
    /// `required`, `required if available`, `optional`.
    need: &'static str,
    /// Whether it takes a day and hour with its zone.
    instant: bool,
    /// The words to choose from; empty where any text will do.
    choices: Vec<String>,
    /// Characters at most, where the list says.
    max: Option<usize>,
    /// What else to know.
    note: Option<String>,
}

impl From<FormField> for FieldBody {
    fn from(field: FormField) -> Self {
        Self {
            instant: field.input == Input::Instant,
            need: field.need.label(),
            name: field.name,
            title: field.title,
            choices: field.choices,
            max: field.max,
            note: field.note,
        }
    }
}

/// Opens a filing; that is a read like any other, and on the record. The ETag is its revision.
#[utoipa::path(get, path = "/api/v1/filings/{subject}/{debtor}/{profile}/{duty}", tag = "filings",
    params(("subject" = String, Path, description = "The number of a report, a case or a drill"),
        ("debtor" = String, Path, description = "`centre`, `reporter`, or an organisation's id"),
        ("profile" = String, Path), ("duty" = String, Path)),
    responses((status = 200, body = FilingBody, headers(("ETag" = String)))))]
pub(crate) async fn read(
    State(app): State<App>,
    viewer: Viewer,
    Path(place): Path<Place>,
) -> Result<Response, Refusal> {
    let (subject, owed) = named(&app, &viewer, place)?;
    let (_, duty) = owed.rule()?;
    let opened = open(&app, &viewer, &subject, &owed).await?;
    let tag = format!("\"{}\"", opened.filing.texts.len());
    let wrong = check(&opened.form, &opened.values).iter().map(ToString::to_string).collect();
    let submitted = opened.filing.submitted.as_ref().map(|(_, at, _)| at.at);
    let list = opened.form.list.as_ref().map(|(id, version)| format!("{id} {version}"));
    let body = FilingBody {
        notice: export(&app, &subject, &owed, &opened)?.standing(),
        debtor: owed.debtor.clone().into(),
        profile: owed.profile,
        duty: owed.duty,
        subject,
        title: duty.title.clone(),
        stage: opened.form.stage,
        field_list: list,
        fields: opened.form.fields.into_iter().map(Into::into).collect(),
        values: opened.values,
        copied: opened.is_copied,
        revision: opened.filing.texts.len(),
        wrong,
        submitted_at: submitted,
        evidence: opened.evidence,
    };
    Ok(([(ETAG, tag)], Json(body)).into_response())
}

/// What is written in a filing.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFiling {
    /// Texts by the name of their field. It takes the place of all that was written before; what is left
    /// out is empty. Unfinished is fine: what is missing is named when it is read.
    #[schema(example = json!({ "title": "Kettles boil over", "product_name": "Kettle" }))]
    values: BTreeMap<String, String>,
}

/// What was saved.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct SavedFiling {
    revision: usize,
}

/// Saves what is written in a filing, sealed. `If-Match` takes the ETag of what was edited; without it
/// only a first revision is saved.
#[utoipa::path(put, path = "/api/v1/filings/{subject}/{debtor}/{profile}/{duty}", tag = "filings",
    request_body = NewFiling,
    params(("subject" = String, Path, description = "The number of a report, a case or a drill"),
        ("debtor" = String, Path, description = "`centre`, `reporter`, or an organisation's id"),
        ("profile" = String, Path), ("duty" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = SavedFiling, headers(("ETag" = String)))))]
pub(crate) async fn save(
    State(app): State<App>,
    viewer: Viewer,
    Path(place): Path<Place>,
    seen: Expected,
    Body(body): Body<NewFiling>,
) -> Result<Response, Refusal> {
    let (subject, owed) = named(&app, &viewer, place)?;
    let actor = viewer.actor()?;
    let values: Values = body.values;
    let saved = app.ledger.submit(move |w| store::save_filing(w, &actor, &subject, owed, values, &seen));
    let revision = saved.await?;
    Ok(([(ETAG, format!("\"{revision}\""))], Json(SavedFiling { revision })).into_response())
}

/// That a filing was submitted.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSubmission {
    /// When: day, hour and zone.
    #[schema(example = "2026-11-24T09:30:00Z")]
    at: String,
    /// What shows it, in 2,000 characters; sealed.
    #[schema(example = "Reference number of the platform.")]
    evidence: String,
    /// That it came to this centre, which owes what the law says follows. A coordinator's to say, whose
    /// token needs the scope `coordinate-case` too.
    #[serde(default)]
    #[schema(example = true)]
    received_here: bool,
}

/// Records that a filing was submitted. It stops the clock of that duty and of no other: telling a
/// vendor is a fact of its own. `If-Match` takes the ETag of the filing that was submitted.
#[utoipa::path(post, path = "/api/v1/filings/{subject}/{debtor}/{profile}/{duty}/submission", tag = "filings",
    request_body = NewSubmission,
    params(("subject" = String, Path, description = "The number of a report, a case or a drill"),
        ("debtor" = String, Path, description = "`centre`, `reporter`, or an organisation's id"),
        ("profile" = String, Path), ("duty" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Recorded")))]
pub(crate) async fn submit(
    State(app): State<App>,
    viewer: Viewer,
    Path(place): Path<Place>,
    seen: Expected,
    Body(body): Body<NewSubmission>,
) -> Result<StatusCode, Refusal> {
    let (subject, owed) = named(&app, &viewer, place)?;
    let (actor, at) = (viewer.actor()?, instant_in("at", &body.at)?);
    let received_here = body.received_here;
    if received_here {
        // What the centre owes is the centre's to say.
        app.policies.check(&viewer, Permission::CoordinateCase, &Resource::Centre)?;
    }
    let command = app.ledger.submit(move |w| {
        let submitted = Submitted { at, evidence: &body.evidence, received_here };
        store::submit_filing(w, &actor, &subject, owed, submitted, &seen)
    });
    command.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// In which shape.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    #[serde(rename = "as")]
    shape: String,
}

/// A filing to take out: as JSON, as text, or as a page to print. Each says first whether it was submitted.
#[utoipa::path(get, path = "/api/v1/filings/{subject}/{debtor}/{profile}/{duty}/export", tag = "filings",
    params(("subject" = String, Path, description = "The number of a report, a case or a drill"),
        ("debtor" = String, Path, description = "`centre`, `reporter`, or an organisation's id"),
        ("profile" = String, Path), ("duty" = String, Path),
        ("as" = String, Query, description = "`json`, `text` or `print`")),
    responses((status = 200, content(
        (serde_json::Value = "application/json"), (String = "text/plain"), (String = "text/html")))))]
pub(crate) async fn take_out(
    State(app): State<App>,
    viewer: Viewer,
    Path(place): Path<Place>,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Refusal> {
    let (subject, owed) = named(&app, &viewer, place)?;
    let shape = wanted.ok().and_then(|Query(wanted)| Shape::named(&wanted.shape));
    let shape = shape.ok_or_else(|| Refusal::invalid("as", "One of json, text, print."))?;
    let opened = open(&app, &viewer, &subject, &owed).await?;
    Ok(export(&app, &subject, &owed, &opened)?.answer(shape))
}
