//! The need-to-know register and classified cases, for a security officer's programs.

use super::pages::{self, LOOKED_AFTER};
use super::rules::{self, Act, Entry, OwnAct, ladders};
use super::store::{self, ClassifiedRow, Expiry, PersonRow, Which};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Asked, Body, TableOutcome, checked_table};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vocabulary::{CaseId, PersonId};

/// Which persons are listed, by the word that says so.
pub(super) const SHOWN: &[(&str, Which)] =
    &[("all", Which::All), ("waiting", Which::Waiting), ("soon", Which::Soon), ("lapsed", Which::Lapsed)];

/// The persons of the register: what waits for a security officer first.
#[utoipa::path(get, path = "/api/v1/register", tag = "register", params(
    ("page" = Option<u32>, Query, description = "From 1; 50 persons each. The header Link leads on."),
    ("show" = Option<String>, Query, description = "`all`, `waiting` (for a security officer), `soon` (lapses \
        within 60 days), `lapsed`")),
    responses((status = 200, body = Vec<PersonRow>)))]
pub(crate) async fn list(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let page = asked.page(&["show"])?;
    let (which, now) = (asked.choice("show", SHOWN)?.unwrap_or(Which::All), app.now());
    let rows = app.read(move |tx| store::persons(tx, which, page, now)).await?;
    Ok(asked.list(page, rows))
}

/// A membership, or another thing that lasts.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct MembershipBody {
    case: String,
    #[schema(value_type = String)]
    since: Timestamp,
    #[schema(value_type = Option<String>)]
    until: Option<Timestamp>,
}

/// A declared interest: that there is one, and what follows. There is no more to it.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct InterestBody {
    case: String,
    #[schema(value_type = String)]
    declared: Timestamp,
    /// `none`, `disclose`, `recuse`, `exclude`; null while it waits for its decision.
    outcome: Option<&'static str>,
}

/// A function.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct FunctionBody {
    function: &'static str,
    confidential: bool,
}

/// A clearance: the outcome of vetting, and nothing of what it looked at.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ClearanceBody {
    scheme: String,
    level: String,
    authority: String,
    #[schema(value_type = String)]
    granted: Timestamp,
    #[schema(value_type = String)]
    until: Timestamp,
    /// False while it waits for a second security officer, and opens nothing.
    confirmed: bool,
}

/// A person's entry in the register.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct EntryBody {
    person: String,
    name: String,
    functions: Vec<FunctionBody>,
    clearances: Vec<ClearanceBody>,
    #[schema(value_type = Option<String>)]
    briefed_until: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    nda_until: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    review: Option<Timestamp>,
    memberships: Vec<MembershipBody>,
    interests: Vec<InterestBody>,
}

impl EntryBody {
    pub(super) fn of(person: &PersonId, name: String, entry: &Entry) -> Self {
        let until = |lasting: &super::rules::Lasting| lasting.until.as_ref().map(|until| until.at);
        let clearance = |clearance: &super::rules::Clearance, confirmed| ClearanceBody {
            scheme: clearance.scheme.clone(),
            level: clearance.level.clone(),
            authority: clearance.authority.clone(),
            granted: clearance.granted.at,
            until: clearance.until.at,
            confirmed,
        };
        let waiting = entry.proposals.values().map(|proposal| clearance(&proposal.clearance, false));
        Self {
            person: person.to_string(),
            name,
            functions: entry
                .functions
                .iter()
                .map(|(function, confidential)| FunctionBody {
                    function: function.name(),
                    confidential: *confidential,
                })
                .collect(),
            clearances: entry.clearances.values().map(|one| clearance(one, true)).chain(waiting).collect(),
            briefed_until: entry.briefing.as_ref().and_then(until),
            nda_until: entry.nda.as_ref().and_then(until),
            review: entry.review.as_ref().map(|review| review.at),
            memberships: entry
                .memberships
                .iter()
                .map(|(case, member)| MembershipBody {
                    case: case.to_string(),
                    since: member.since,
                    until: until(member),
                })
                .collect(),
            interests: entry
                .interests
                .iter()
                .map(|(case, interest)| InterestBody {
                    case: case.to_string(),
                    declared: interest.declared,
                    outcome: interest.outcome.map(|(outcome, _)| outcome.name()),
                })
                .collect(),
        }
    }
}

/// The entry of one person, who has an account here.
#[utoipa::path(get, path = "/api/v1/register/{id}", tag = "register",
    params(("id" = String, Path, description = "Id of the person")),
    responses((status = 200, body = EntryBody)))]
pub(crate) async fn entry(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Json<EntryBody>, Refusal> {
    let person: PersonId = id.parse().map_err(|_| Refusal::NotFound)?;
    let wanted = person.clone();
    let (name, entry) = app.ledger.submit(move |w| store::shown(w, &viewer, &wanted, LOOKED_AFTER)).await?;
    Ok(Json(EntryBody::of(&person, name, &entry)))
}

/// Does one thing to a person's entry. A clearance takes two security officers; nobody does anything to
/// their own entry.
#[utoipa::path(post, path = "/api/v1/register/{id}/acts", tag = "register", request_body = Act,
    params(("id" = String, Path, description = "Id of the person")),
    responses((status = 204, description = "Done")))]
pub(crate) async fn act(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    Body(act): Body<Act>,
) -> Result<StatusCode, Refusal> {
    let person: PersonId = id.parse().map_err(|_| Refusal::NotFound)?;
    let officer = viewer.person()?.id.clone();
    app.ledger.submit(move |w| store::act(w, &officer, &person, act)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A table of the register.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterTable {
    /// CSV, its first line the names of the columns; at most 5,000 lines.
    #[schema(
        example = "login,scheme,level,authority,granted,until,briefed_until,confidentiality_until,review,functions\nm.keller,,,,,,,,,analysis\n"
    )]
    table: String,
    /// False tries it and keeps nothing.
    #[schema(example = false)]
    apply: bool,
}

/// Takes a table in, whole or not at all, or tries it. Each clearance in it waits for a second officer.
#[utoipa::path(post, path = "/api/v1/register/import", tag = "register", request_body = RegisterTable,
    responses((status = 200, body = TableOutcome)))]
pub(crate) async fn import(
    State(app): State<App>,
    viewer: Viewer,
    Body(body): Body<RegisterTable>,
) -> Result<Json<TableOutcome>, Refusal> {
    checked_table(&body.table)?;
    Ok(Json(pages::run(&app, &viewer, body.table, body.apply).await?))
}

/// What lapses from now on, the soonest first.
#[utoipa::path(get, path = "/api/v1/expiries", tag = "register",
    params(("page" = Option<u32>, Query, description = "From 1; 50 rows each. The header Link leads on.")),
    responses((status = 200, body = Vec<Expiry>)))]
pub(crate) async fn expiries(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let (page, now) = (asked.page(&[])?, app.now());
    let rows = app.read(move |tx| store::expiries(tx, now, page)).await?;
    Ok(asked.list(page, rows))
}

/// One account of a person.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct OwnAccount {
    login: String,
    roles: Vec<&'static str>,
}

/// Who saw an entry.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct OwnReader {
    #[schema(value_type = String)]
    at: Timestamp,
    role: String,
    purpose: String,
}

/// What is kept, and why.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct KeptBody {
    what: &'static str,
    why: &'static str,
    #[schema(value_type = Option<String>)]
    until: Option<Timestamp>,
}

/// All that is held about a person, for that person (GDPR Art. 15).
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct OwnBody {
    accounts: Vec<OwnAccount>,
    entry: EntryBody,
    /// The years of which a declaration was made.
    declared_years: Vec<i16>,
    /// What became of a declaration of foreign interests.
    foreign_interest: Option<&'static str>,
    #[schema(value_type = Option<String>)]
    restricted: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    erasure_asked: Option<Timestamp>,
    kept: Vec<KeptBody>,
    /// The latest 50.
    seen_by: Vec<OwnReader>,
}

impl OwnBody {
    pub(super) fn of(own: &store::Own) -> Self {
        let entry = &own.entry;
        let account = |(login, roles): &(String, Vec<&'static str>)| OwnAccount {
            login: login.clone(),
            roles: roles.clone(),
        };
        Self {
            accounts: own.accounts.iter().map(account).collect(),
            entry: EntryBody::of(&own.person, own.name.clone(), entry),
            declared_years: entry.years.keys().copied().collect(),
            foreign_interest: entry
                .foreign
                .as_ref()
                .map(|foreign| foreign.outcome.map_or("waits", |(outcome, _)| outcome.name())),
            restricted: entry.restricted,
            erasure_asked: entry.erasure_asked,
            kept: rules::kept(entry)
                .into_iter()
                .map(|kept| KeptBody { what: kept.what, why: kept.why, until: kept.until })
                .collect(),
            seen_by: own
                .reads
                .iter()
                .map(|read| OwnReader { at: read.at, role: read.role.clone(), purpose: read.purpose.clone() })
                .collect(),
        }
    }
}

/// All that is held about whoever asks: accounts, entry in the register, how long it is kept, who saw it.
#[utoipa::path(get, path = "/api/v1/me/data", tag = "account", responses((status = 200, body = OwnBody)))]
pub(crate) async fn own_data(State(app): State<App>, viewer: Viewer) -> Result<Json<OwnBody>, Refusal> {
    let own = pages::own(&app, &viewer).await?;
    Ok(Json(OwnBody::of(&own)))
}

/// Declares something about oneself, or asks for what one has a right to.
#[utoipa::path(post, path = "/api/v1/me/acts", tag = "account", request_body = OwnAct,
    responses((status = 204, description = "Done")))]
pub(crate) async fn own_act(
    State(app): State<App>,
    viewer: Viewer,
    Body(act): Body<OwnAct>,
) -> Result<StatusCode, Refusal> {
    let account = viewer.person()?.id.clone();
    app.ledger.submit(move |w| store::own_act(w, &account, act)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Classified cases, by number and by what each asks for.
#[utoipa::path(get, path = "/api/v1/classifications", tag = "register",
    params(("page" = Option<u32>, Query, description = "From 1; 50 cases each. The header Link leads on.")),
    responses((status = 200, body = Vec<ClassifiedRow>)))]
pub(crate) async fn classifications(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let (page, now) = (asked.page(&[])?, app.now());
    let rows = app.read(move |tx| store::classified(tx, page, now)).await?;
    Ok(asked.list(page, rows))
}

/// What a case asks for.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewClassification {
    #[schema(value_type = String, example = "HEL-2026-000001")]
    case: CaseId,
    /// A ladder of clearances and a level on it, like `de-sueg/ue2`; null lifts the classification.
    #[schema(example = "de-sueg/ue2")]
    asks: Option<String>,
}

/// Classifies a case, changes what it asks for, or lifts that.
#[utoipa::path(put, path = "/api/v1/classifications", tag = "register", request_body = NewClassification,
    responses((status = 204, description = "Done")))]
pub(crate) async fn set_classification(
    State(app): State<App>,
    viewer: Viewer,
    Body(new): Body<NewClassification>,
) -> Result<StatusCode, Refusal> {
    let (actor, asks) = (viewer.actor()?, new.asks.as_deref().map(asked_level).transpose()?);
    app.ledger.submit(move |w| store::set_classification(w, &actor, &new.case, asks)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A level as forms and documents name it: the ladder, a slash, the level.
pub(crate) fn asked_level(text: &str) -> Result<(String, String), Refusal> {
    let parts = text
        .split_once('/')
        .filter(|(scheme, level)| ladders().get(scheme).is_some_and(|ladder| ladder.rung(level).is_some()));
    let parts = parts.map(|(scheme, level)| (scheme.to_owned(), level.to_owned()));
    parts.ok_or_else(|| Refusal::invalid("asks", "Expected a ladder and a level on it, like de-sueg/ue2."))
}
