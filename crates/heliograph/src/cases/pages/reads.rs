//! The read log: who opened sealed material, when and why.

use crate::access::{self, Permission, Resource, Viewer};
use crate::app::App;
use crate::cases::rules::Case;
use crate::cases::store;
use crate::refusal::Refusal;
use crate::reports;
use crate::vetting;
use crate::web::{Shown, instant, no_rows, onward, page, page_in};
use axum::extract::{Path, Query, State};
use axum::response::Html;
use jiff::Timestamp;
use maud::html;
use std::collections::HashMap;
use vocabulary::{CaseId, Page};

/// `GET /case/{id}/reads`
pub(crate) async fn reads(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let (wanted, now) = (id.clone(), app.now());
    let (case, resource) = app.read(move |tx| store::find_as_seen(tx, &wanted, now)).await?;
    app.policies.check(&viewer, Permission::AuditReads, &resource)?;
    read_page(&app, &viewer, subjects(&id, &case), &query).await
}

/// Whose reads are those of a case: what was read of its reports before it was opened counts too.
pub(in crate::cases) fn subjects(id: &CaseId, case: &Case) -> Vec<String> {
    let parts = std::iter::once(id).chain(&case.merged).map(ToString::to_string);
    parts.chain(case.reports.iter().map(ToString::to_string)).collect()
}

/// `GET /reads/my`: who has read a reporter's report, and the case around it while she is in it.
pub(crate) async fn my_reads(
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    let of = own_subjects(&app, &viewer).await?;
    read_page(&app, &viewer, of, &query).await
}

/// Whose reads those of a reporter are: of her report, and of the case around it while she is in it.
pub(in crate::cases) async fn own_subjects(app: &App, viewer: &Viewer) -> Result<Vec<String>, Refusal> {
    let Viewer::Reporter(report) = viewer else { return Err(Refusal::NotFound) };
    let mut of = vec![report.to_string()];
    let (report, now) = (report.clone(), app.now());
    let case = app
        .read(move |tx| {
            let id = reports::received(tx, &report)?.state.case;
            id.map(|id| Ok((id.to_string(), store::find_as_seen(tx, &id, now)?.1))).transpose()
        })
        .await?;
    if let Some((id, resource)) = case
        && app.policies.allows(viewer, Permission::AuditReads, &resource)
    {
        of.push(id);
    }
    Ok(of)
}

/// `GET /reads`: all reads, for auditors.
pub(crate) async fn all_reads(
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    app.policies.check(&viewer, Permission::AuditReads, &Resource::Centre)?;
    read_page(&app, &viewer, Vec::new(), &query).await
}

/// Who it was, as this viewer may know it: those who audit the centre see the name, participants see
/// the centre, themselves, and every other organisation by the order in which each read first.
fn called(
    read: &access::Read,
    own: Option<&str>,
    names: Option<&HashMap<String, String>>,
    readers: &[String],
) -> String {
    match (names, &read.account, &read.organisation) {
        (Some(names), Some(account), _) => names.get(account).unwrap_or(account).clone(),
        (_, _, Some(organisation)) if own == Some(organisation) => "your organisation".into(),
        (_, _, Some(organisation)) => {
            let place = readers.iter().position(|reader| reader == organisation);
            format!("organisation {}", place.unwrap_or_default() + 1)
        }
        _ if read.role == "reporter" => "a reporter".into(),
        _ => "the centre".into(),
    }
}

/// One read, as this viewer may see it.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SeenRead {
    /// When, RFC 3339.
    #[schema(value_type = String)]
    at: Timestamp,
    /// The report or case; only for those who audit the centre.
    subject: Option<String>,
    /// The reader's role.
    role: String,
    /// The reader's name for those who audit the centre, a pseudonym for participants.
    who: String,
    purpose: String,
    /// How many sealed items were opened.
    items: i64,
    /// The entry of the journal where it stands.
    entry: i64,
}

/// A page of reads of some subjects, or of all where none is named, and one more.
pub(in crate::cases) async fn rows(
    app: &App,
    viewer: &Viewer,
    of: Vec<String>,
    number: Page,
) -> Result<Vec<SeenRead>, Refusal> {
    let full = access::sees_all_reads(app, viewer);
    let with_reporters = app.policies.allows(viewer, Permission::AuditReporters, &Resource::Centre);
    let audits = with_reporters || app.policies.allows(viewer, Permission::KeepRegister, &Resource::Centre);
    let (seen, now) = (viewer.clone(), app.now());
    let (rows, readers, names) = app
        .read(move |tx| {
            // Auditors and security officers see every read; others those of what is open to them.
            let only = match audits || !of.is_empty() {
                true => None,
                false => {
                    let values = vetting::eyes(tx, &seen, now)?.values();
                    Some(access::Narrowed { condition: vetting::open_to, values })
                }
            };
            let which = access::WhichReads { of, with_reporters, only };
            let names = if full { Some(access::account_names(tx)?) } else { None };
            Ok((access::reads(tx, &which, number)?, access::readers(tx, &which)?, names))
        })
        .await?;
    let own = viewer.organisation().map(|id| id.as_str());
    let seen = |read: access::Read| SeenRead {
        who: called(&read, own, names.as_ref(), &readers),
        at: read.at,
        subject: full.then_some(read.subject),
        role: read.role,
        purpose: read.purpose,
        items: read.items,
        entry: read.seq,
    };
    Ok(rows.into_iter().map(seen).collect())
}

async fn read_page(
    app: &App,
    viewer: &Viewer,
    of: Vec<String>,
    query: &HashMap<String, String>,
) -> Result<Html<String>, Refusal> {
    let number = page_in("page", query.get("page").map(String::as_str))?;
    let (mut rows, full) = (rows(app, viewer, of, number).await?, access::sees_all_reads(app, viewer));
    let more = number.cut(&mut rows);
    let shown = Shown::of(app);
    let at = |page: u32| format!("?page={page}");
    let body = html! {
        h1 { "Who has read this" }
        p.quiet { "Each opening of sealed material stands in the journal before its reader sees it. \
            What a reporter reads of her own is not shown." }
        @if rows.is_empty() {
            (no_rows(number, "Nobody has opened anything yet. Whoever does stands here before seeing it.", at))
        } @else {
            table {
                thead { tr { th { "When" } @if full { th { "What" } } th { "Role" } th { "Who" } th { "Purpose" } th { "Items" } th { "Entry" } } }
                tbody {
                    @for read in &rows {
                        tr {
                            td { (instant(&shown, read.at)) }
                            @if let Some(subject) = &read.subject { td data-label="What" { (subject) } }
                            td data-label="Role" { (read.role) }
                            td data-label="Who" { (read.who) }
                            td data-label="Purpose" { (read.purpose) }
                            td.num data-label="Items" { (read.items) }
                            td.num data-label="Entry" { (read.entry) }
                        }
                    }
                }
            }
        }
        (onward(number, more, "Earlier ones", at))
    };
    Ok(page(app, viewer, "Read log", body))
}
