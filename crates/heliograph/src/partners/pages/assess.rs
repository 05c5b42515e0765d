//! An assessor's desk: what she was asked to assess, without the other's marks until both are in.

use super::{forms, pieces};
use crate::access::{self, Permission, Viewer};
use crate::app::App;
use crate::partners::rules::{Life, Marks, programme};
use crate::partners::store::{self, Opened, Side, Which};
use crate::refusal::Refusal;
use crate::web::{Asked, Fields, Shown, instant, no_rows, onward, page, text_area};
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use maud::{Markup, html};
use vocabulary::PartnerId;

/// `GET /assessments`
pub(crate) async fn assessments(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<Html<String>, Refusal> {
    let (wanted, me) = (asked.page(&[])?, viewer.person()?.id.clone());
    let mut rows = app.read(move |tx| store::list(tx, &Which::AssessedBy(me), wanted)).await?;
    let more = wanted.cut(&mut rows);
    let shown = Shown::of(&app);
    let at = |page: u32| format!("/assessments?page={page}");
    let body = html! {
        h1 { "Assessments" }
        @if rows.is_empty() {
            (no_rows(wanted, "Nothing to assess. When a manager of the programme asks you to assess an application, it stands here.", at))
        } @else {
            table {
                thead { tr { th { "Application" } th { "Stands at" } th { "Since" } } }
                tbody { @for row in &rows { tr {
                    td { a href={ "/assessments/" (row.id) } { (row.name) } br; span.quiet { (row.id) } }
                    td data-label="Stands at" { (pieces::life_chip(row.life)) }
                    td data-label="Since" { (instant(&shown, row.since)) }
                } } }
            }
        }
        (onward(wanted, more, "More", at))
    };
    Ok(page(&app, &viewer, "Assessments", body))
}

/// Opens an application for one of its assessors.
pub(in crate::partners) async fn opened(app: &App, viewer: &Viewer, id: &str) -> Result<Opened, Refusal> {
    let id: PartnerId = id.parse().map_err(|_| Refusal::NotFound)?;
    let (policies, who, subject) = (app.policies.clone(), viewer.clone(), id.to_string());
    access::open(app, viewer, &subject, "assessment", move |w| {
        store::open(w, &policies, &who, Side::Assessor, &id)
    })
    .await
}

/// `GET /assessments/{id}`
pub(crate) async fn assessment(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Html<String>, Refusal> {
    let opened = opened(&app, &viewer, &id).await?;
    let me = &viewer.person()?.id;
    let is_mine_in = opened.marks.iter().any(|(who, _)| who == me);
    let body = html! {
        p.quiet { a href="/assessments" { "Assessments" } " / " (opened.id) }
        h1 { (opened.name) }
        p { "Asks for " b { (opened.partner.wanted) } " of "
            a href={ "/programmes/" (opened.partner.programme) } { (opened.partner.programme) } "." }
        div.cols {
            section {
                h2 { "Application" }
                @if let Some(application) = &opened.application {
                    (pieces::application(application, &format!("/assessments/{}", opened.id)))
                }
                h2 { "Declared" }
                (pieces::declarations(&Shown::of(&app), &opened.partner))
            }
            aside { div.sheet {
                h2 { "Your marks" }
                @if opened.partner.life == Life::Assessing && !is_mine_in { (marks_form(&opened)) }
                @else if opened.partner.is_assessed() { p { "Both marks are in." } }
                @else { p { "Yours are in. You see the other's once both are." } }
                @for (who, marks) in &opened.marks {
                    h3 { @if who == me { "Yours" } @else { "The other's" } }
                    (pieces::marks(marks))
                }
            } }
        }
    };
    Ok(page(&app, &viewer, &opened.name, body))
}

fn marks_form(opened: &Opened) -> Markup {
    let Some(published) = programme(&opened.partner.programme) else { return html! {} };
    let said = opened.application.clone().unwrap_or_default();
    let given = Marks { facts: said.facts, counts: said.counts, words: String::new() };
    html! {
        p { "Keep of what the applicant says what its evidence shows. You do not see the other assessor's marks, nor the \
            other yours, until both are in." }
        form method="post" action={ "/assessments/" (opened.id) } {
            (pieces::fact_inputs(&published.programme, &given, true))
            (text_area("words", "Why", "The managers read it, and the other assessor once both marks are in", "", true))
            div.actions { button.btn.main { "Give these marks" } }
        }
    }
}

/// `POST /assessments/{id}`
pub(crate) async fn give_marks(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let id: PartnerId = id.parse().map_err(|_| Refusal::NotFound)?;
    let (wanted, policies, who) = (id.clone(), app.policies.clone(), viewer.clone());
    // Whoever was not asked hears nothing of the form, as of an application that is not there.
    let name = app.read(move |tx| {
        let partner = store::find(tx, &wanted)?.state;
        policies.check(&who, Permission::AssessPartner, &store::resource(&wanted, &partner))?;
        Ok(partner.programme)
    });
    let marks = forms::marks(&fields, programme(&name.await?))?;
    store::assess(&app, &viewer, id.clone(), marks).await?;
    Ok(Redirect::to(&format!("/assessments/{id}")))
}
