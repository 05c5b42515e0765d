//! What the public reads: the list of advisories, and each of them.

use super::document;
use crate::access::Viewer;
use crate::advisories::rules::Published;
use crate::advisories::store;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Shown, Tone, chip, instant, no_rows, page, page_in, page_links};
use axum::extract::{Path, Query, State};
use axum::response::Html;
use formats::Advisory;
use maud::{Markup, html};
use std::collections::HashMap;
use vocabulary::CaseId;

/// `GET /advisories`
pub(crate) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    let number = page_in("page", query.get("page").map(String::as_str))?;
    let mut rows = app.read(move |tx| store::list(tx, number)).await?;
    let shown = Shown::of(&app);
    let more = number.cut(&mut rows);
    let at = |page: u32| format!("/advisories?page={page}");
    let body = html! {
        h1 { "Advisories" }
        p.quiet { "What " (app.settings.name) " has published, the latest first." }
        @if rows.is_empty() {
            (no_rows(number, "None yet. An advisory appears here the moment two persons have approved it and it goes out.", at))
        } @else { (table(&shown, &rows)) }
        (page_links("Pages of advisories", number, more, ["Later ones", "Earlier ones"], None, at))
        p.quiet { "For programs: " a href="/api/v1/advisories" { "the list as JSON" } ", each advisory as CSAF 2.0 and OSV on \
            its page, and all of them by " a href="/api/v1/openapi.json" { "the API" } "." }
    };
    Ok(page(&app, &viewer, "Advisories", body))
}

fn table(shown: &Shown, rows: &[Published]) -> Markup {
    html! {
        table {
            thead { tr { th { "Advisory" } th { "What" } th { "Severity" } th { "Published" } } }
            tbody {
                @for row in rows {
                    @let advisory = &row.advisory;
                    tr {
                        td { a href={ "/advisories/" (advisory.id) } { (advisory.id) }
                            @for cve in &advisory.cves { br; span.quiet { (cve) } } }
                        td data-label="What" { (advisory.title)
                            @if advisory.exploited.is_some() { " " (chip(Tone::Soon, "attacks seen")) } }
                        td data-label="Severity" { (document::severities(advisory)) }
                        td data-label="Published" { (instant(shown, advisory.initial_release))
                            @if advisory.revisions.len() > 1 {
                                br; span.quiet { "revision " (advisory.revisions.len()) ", "
                                    (instant(shown, advisory.current_release)) }
                            } }
                    }
                }
            }
        }
    }
}

/// `GET /advisories/{id}`
pub(crate) async fn advisory(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Html<String>, Refusal> {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let found = app.read(move |tx| store::published(tx, &id)).await?;
    let (shown, advisory) = (Shown::of(&app), &found.advisory);
    let body = html! {
        p.quiet { a href="/advisories" { "Advisories" } " / " (advisory.id) }
        h1 { (advisory.title) " " span.tlp.clear { (advisory.tlp.label()) } }
        p.quiet { (advisory.id) @for cve in &advisory.cves { " · " (cve) }
            " · published " (instant(&shown, advisory.initial_release))
            @if advisory.revisions.len() > 1 { " · revision " (advisory.revisions.len()) ", " (instant(&shown, advisory.current_release)) }
        }
        (document::body(&shown, advisory))
        (downloads(advisory, found.seq))
    };
    Ok(page(&app, &viewer, &advisory.title, body))
}

fn downloads(advisory: &Advisory, seq: i64) -> Markup {
    let place = format!("/advisories/{}", advisory.id);
    let cve = advisory.cves.first().filter(|cve| formats::cve::render(advisory, cve).is_ok());
    html! {
        h2 { "For programs" }
        ul {
            li { a href={ (place) "/csaf.json" } { "CSAF 2.0" } }
            @if cve.is_some() { li { a href={ (place) "/cve.json" } { "CVE JSON 5.1" } } }
            li { a href={ (place) "/osv.json" } { "OSV" } }
        }
        p.quiet { "It stands in " a href="/log" { "the public log" } " as entry " (seq) "." }
    }
}
