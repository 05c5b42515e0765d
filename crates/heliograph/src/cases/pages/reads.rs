//! The read log: who opened sealed material, when and why.

use crate::access::{self, Permission, Resource, Viewer, reads as read_log};
use crate::app::App;
use crate::cases::store;
use crate::refusal::Refusal;
use crate::web::{Shown, instant, page};
use axum::extract::{Path, Query, State};
use axum::response::Html;
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
    let wanted = id.clone();
    let case = app.read(move |tx| store::find(tx, &wanted)).await?.state;
    app.policies.check(&viewer, Permission::AuditReads, &store::resource(&id, &case))?;
    read_page(&app, &viewer, Some(id.to_string()), &query).await
}

/// `GET /reads/my`: who has read a reporter's report.
pub(crate) async fn my_reads(
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    let Viewer::Reporter(report) = &viewer else { return Err(Refusal::NotFound) };
    read_page(&app, &viewer, Some(report.to_string()), &query).await
}

/// `GET /reads`: all reads, for auditors.
pub(crate) async fn all_reads(
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    app.policies.check(&viewer, Permission::AuditReads, &Resource::Centre)?;
    read_page(&app, &viewer, None, &query).await
}

async fn read_page(
    app: &App,
    viewer: &Viewer,
    subject: Option<String>,
    query: &HashMap<String, String>,
) -> Result<Html<String>, Refusal> {
    let number = Page::new(query.get("page").and_then(|page| page.parse().ok()));
    // Participants see roles and pseudonyms; those who audit the centre see who it was.
    let full = access::sees_all_reads(app, viewer);
    let (mut rows, names) = app
        .read(move |tx| Ok((read_log(tx, subject.as_deref(), number)?, access::account_names(tx)?)))
        .await?;
    let more = number.cut(&mut rows);
    let shown = Shown::of(app);
    let mut pseudonyms: Vec<String> = Vec::new();
    let mut pseudonym = |organisation: &str| {
        let known = pseudonyms.iter().position(|known| known == organisation);
        let number = known.unwrap_or_else(|| {
            pseudonyms.push(organisation.to_owned());
            pseudonyms.len() - 1
        });
        format!("organisation {}", number + 1)
    };
    let who: Vec<String> = rows
        .iter()
        .map(|read| match (full, &read.account, &read.organisation) {
            (true, Some(account), _) => names.get(account).cloned().unwrap_or_else(|| account.clone()),
            (_, _, Some(organisation)) => pseudonym(organisation),
            _ => "the centre".into(),
        })
        .collect();
    let body = html! {
        h1 { "Who has read this" }
        p.quiet { "Each opening of sealed material stands in the journal before its reader sees it. \
            A reporter's own readings are not shown." }
        table {
            thead { tr { th { "When" } @if full { th { "What" } } th { "Role" } th { "Who" } th { "Purpose" } th { "Items" } th { "Entry" } } }
            tbody {
                @for (read, who) in rows.iter().zip(&who).filter(|(read, _)| full || read.role != "reporter") {
                    tr {
                        td { (instant(&shown, read.at)) }
                        @if full { td data-label="What" { (read.subject) } }
                        td data-label="Role" { (read.role) }
                        td data-label="Who" { (who) }
                        td data-label="Purpose" { (read.purpose) }
                        td.num data-label="Items" { (read.items) }
                        td.num data-label="Entry" { (read.seq) }
                    }
                }
            }
        }
        @if more { p { a href={ "?page=" (number.number() + 1) } { "Earlier ones" } } }
    };
    Ok(page(app, viewer, "Read log", body))
}
