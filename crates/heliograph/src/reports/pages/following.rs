//! Following a report with its claim code: what happened, messages, the receipt.

use super::story::{Story, state_chip, story, text_markup};
use crate::access::{self, Permission, Remote, Resource, SESSION, Viewer, claim_session, set_cookie};
use crate::app::App;
use crate::ledger;
use crate::refusal::Refusal;
use crate::reports::rules::Side;
use crate::reports::store::{self, triage};
use crate::web::{self, Fields, Shown, field, page, text_area};
use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use vocabulary::ReportId;

/// `GET /my`
pub(crate) async fn my(State(app): State<App>, viewer: Viewer) -> Result<Html<String>, Refusal> {
    let Viewer::Reporter(id) = &viewer else {
        return Ok(page(&app, &viewer, "Follow a report", claim_form(None)));
    };
    app.policies.check(&viewer, Permission::FollowReport, &Resource::Report { id: id.clone() })?;
    let (id, subject) = (id.clone(), id.to_string());
    let found =
        access::open(&app, &viewer, &subject, "follow one's own report", move |w| story(w, &id)).await?;
    let shown = Shown::of(&app);
    Ok(page(&app, &viewer, "Your report", my_page(&shown, &found)))
}

fn claim_form(wrong: Option<&str>) -> Markup {
    html! {
        div.narrow {
            h1 { "Follow a report" }
            p { "Enter the claim code that you were given when you reported. You need no account." }
            @if let Some(wrong) = wrong { div.notice.wrong role="alert" { p { (wrong) } } }
            form method="post" action="/my/claim" autocomplete="off" {
                (field("code", "Claim code", "Eight groups of four letters and digits", "", true))
                div.actions { button.btn.main { "Open" } }
            }
        }
    }
}

/// `POST /my/claim`
pub(crate) async fn claim(
    State(app): State<App>,
    viewer: Viewer,
    Remote(remote): Remote,
    fields: Fields,
) -> Result<Response, Refusal> {
    let code = fields.text("code").to_owned();
    let Some(id) = store::claim::claimed(&app, remote, code).await? else {
        let body = claim_form(Some("No report has this code. Check it letter by letter."));
        let answer =
            (axum::http::StatusCode::UNPROCESSABLE_ENTITY, page(&app, &viewer, "Follow a report", body));
        return Ok(answer.into_response());
    };
    let session = app.ledger.submit(move |w| claim_session(w, &id)).await?;
    let cookie = set_cookie(&app, SESSION, Some(&session.text()));
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/my")).into_response())
}

fn my_page(shown: &Shown, story: &Story) -> Markup {
    let report = &story.report;
    html! {
        p.quiet { (story.id) }
        h1 { (story.text.product) }
        p { (state_chip(report)) " received " (shown.date(report.received)) }
        div.cols {
            section {
                h2 { "What happened" }
                (web::story(shown, &story.moments))
                h2 { "Your report" }
                (text_markup(&story.text))
            }
            aside {
                div.sheet {
                    h2 { "Write to the centre" }
                    form method="post" action="/my/message" {
                        (text_area("message", "Your message", "", "", true))
                        div.actions { button.btn.main { "Send" } }
                    }
                }
                @if let Some(case) = &report.case {
                    div.sheet { h2 { "Your case" } p { a.btn.main href="/my/case" { "Embargo, messages, dates of " (case) } } }
                }
                div.sheet {
                    h2 { "Your receipt" }
                    p { "It proves what we received, and when, to anyone who has our key." }
                    p { a.btn href="/my/receipt" download { "Download the receipt" } }
                    p.quiet.code { "heliograph verify --receipt FILE --key KEY" }
                }
                div.sheet {
                    h2 { "Who has read this" }
                    p { a href="/reads/my" { "Read log with times" } }
                }
            }
        }
    }
}

/// `POST /my/message`
pub(crate) async fn my_message(
    State(app): State<App>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let Viewer::Reporter(id) = &viewer else { return Err(Refusal::NotFound) };
    let (id, actor, text) = (id.clone(), viewer.actor()?, fields.required("message", 20_000)?);
    app.ledger.submit(move |w| triage::say(w, &actor, &id, Side::Reporter, &text)).await?;
    Ok(Redirect::to("/my"))
}

/// `GET /my/receipt`
pub(crate) async fn my_receipt(State(app): State<App>, viewer: Viewer) -> Result<Response, Refusal> {
    let Viewer::Reporter(id) = &viewer else { return Err(Refusal::NotFound) };
    receipt_file(&app, id).await
}

/// The receipt as a file to keep.
pub(in crate::reports) async fn receipt_file(app: &App, id: &ReportId) -> Result<Response, Refusal> {
    let name = format!("attachment; filename=\"{id}.tlog-proof\"");
    let id = id.clone();
    let receipt = app
        .read(move |tx| {
            let seq = store::received(tx, &id)?.state.received_seq;
            Ok(ledger::receipt(tx, seq)?)
        })
        .await?;
    let receipt =
        receipt.ok_or(Refusal::NotYet("The receipt is signed within a second. Please try again."))?;
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CONTENT_DISPOSITION, name.as_str())];
    Ok((headers, receipt).into_response())
}
