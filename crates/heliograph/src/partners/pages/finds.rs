//! The centre's grades: whether a find is novel, and whom it concerns. Coordinators give them, who may
//! read the report; the catalogue is searched for what is known already.

use crate::access::{self, Viewer};
use crate::app::App;
use crate::partners::rules::{Reach, WORDS_MAX};
use crate::partners::store::{self, FindRow, WhichFinds};
use crate::refusal::Refusal;
use crate::reports;
use crate::vetting;
use crate::web::{Asked, Fields, Shown, Tone, chip, choice, instant, no_rows, onward, page, text_area};
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use catalogue::Search;
use maud::html;
use vocabulary::{Page, ReportId};

/// Records of the catalogue shown beside a find.
const HITS: usize = 10;

/// `GET /finds`
pub(crate) async fn finds(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<Html<String>, Refusal> {
    let (wanted, seen, now) = (asked.page(&[])?, viewer.clone(), app.now());
    let rows = app.read(move |tx| {
        let eyes = vetting::eyes(tx, &seen, now)?;
        store::finds(tx, &WhichFinds::Waiting, wanted, &eyes)
    });
    let mut rows: Vec<FindRow> = rows.await?;
    let more = wanted.cut(&mut rows);
    let shown = Shown::of(&app);
    let at = |page: u32| format!("/finds?page={page}");
    let body = html! {
        h1 { "Finds to grade" }
        p.quiet { "What partners claim as their own, and the centre has not graded, or must grade again." }
        @if rows.is_empty() {
            (no_rows(wanted, "Nothing waits. A find stands here once a partner has claimed it and it is in a case.", at))
        } @else {
            table {
                thead { tr { th { "Report" } th { "Partner" } th { "Case" } th { "Claimed" } } }
                tbody { @for row in &rows { tr {
                    td { a href={ "/finds/" (row.report) } { (row.report) }
                        @if row.contested { " " (chip(Tone::Soon, "contested")) } }
                    td data-label="Partner" { (row.partner) }
                    td data-label="Case" { @if let Some(case) = &row.case { a href={ "/case/" (case) } { (case) } } }
                    td data-label="Claimed" { (instant(&shown, row.claimed)) }
                } } }
            }
        }
        p { a href="/finds/export" { "All finds for spreadsheets" } }
        (onward(wanted, more, "More", at))
    };
    Ok(page(&app, &viewer, "Finds to grade", body))
}

/// `GET /finds/{id}`
pub(crate) async fn find(
    State(app): State<App>,
    viewer: Viewer,
    Path(report): Path<String>,
) -> Result<Html<String>, Refusal> {
    let id: ReportId = report.parse().map_err(|_| Refusal::NotFound)?;
    let wanted = id.clone();
    let opened = access::open(&app, &viewer, id.as_str(), "grading of a find", move |w| {
        let find = store::claimed(w.tx(), &wanted)?.ok_or(Refusal::NotFound)?;
        let report = reports::received(w.tx(), &wanted)?.state;
        let (text, items) = reports::text_of(w, &report)?;
        Ok(((find, text), items))
    });
    let (find, text) = opened.await?;
    let (catalogue, now) = (app.catalogue.clone(), app.now());
    // Words of a report go into no address: the search is done here.
    let search = Search::phrase(&text.product);
    let hits = tokio::task::spawn_blocking(move || catalogue.search(&search, Page::FIRST, now)).await;
    let hits = hits.map_err(|_| Refusal::Internal("a search failed unexpectedly".into()))?;
    let hits = hits.map_err(|error| Refusal::Internal(error.to_string()))?.hits;
    let body = html! {
        p.quiet { a href="/finds" { "Finds to grade" } " / " (find.report) }
        h1 { (text.product) }
        p { "Claimed by " (find.partner) "." @if find.joint { " Others found it independently; each is credited." } }
        div.cols {
            section {
                h2 { "What was reported" }
                p.text.sheet { (text.description) }
                h2 { "Known already?" }
                @if hits.is_empty() { p { "The catalogue has no record that names this product." } }
                @else { ul { @for hit in hits.iter().take(HITS) {
                    li { a href={ "/v/" (hit.id) } { (hit.id) } " " (hit.title) }
                } } }
            }
            aside { div.sheet {
                h2 { "Grade" }
                form method="post" action={ "/finds/" (find.report) } {
                    (choice("novel", "Is it novel?", &[("", "choose"), ("yes", "yes: nobody had published it"), ("no", "no: it was known")], ""))
                    (choice("reach", "Whom does it concern?", &[("", "choose"), ("generic", "whoever runs the product"), ("site_specific", "one site")], ""))
                    span.hint { "How bad it is follows from the grade of its case." }
                    (text_area("reasons", "Why", "The partner reads it", "", true))
                    div.actions { button.btn.main { "Grade it" } }
                }
            } }
        }
    };
    Ok(page(&app, &viewer, "Finds to grade", body))
}

/// `POST /finds/{id}`
pub(crate) async fn grade(
    State(app): State<App>,
    viewer: Viewer,
    Path(report): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let id: ReportId = report.parse().map_err(|_| Refusal::NotFound)?;
    let by = viewer.person()?.id.clone();
    let novel = match fields.text("novel") {
        "yes" => true,
        "no" => false,
        _ => return Err(Refusal::invalid("novel", "Choose yes or no.")),
    };
    let reach = match fields.text("reach") {
        "generic" => Reach::Generic,
        "site_specific" => Reach::SiteSpecific,
        _ => return Err(Refusal::invalid("reach", "Choose whom it concerns.")),
    };
    let reasons = fields.required("reasons", WORDS_MAX)?;
    app.ledger.submit(move |w| store::grade(w, &by, &id, (novel, reach), &reasons)).await?;
    Ok(Redirect::to("/finds"))
}
