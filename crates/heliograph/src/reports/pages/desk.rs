//! A report on the coordinator's desk: accept it, decline it, mark it as a duplicate, ask.

use super::story::{Story, state_chip, story, text_markup};
use crate::access::{self, Viewer};
use crate::app::App;
use crate::deadlines;
use crate::ledger::Unsealed;
use crate::refusal::Refusal;
use crate::reports::rules::Side;
use crate::reports::store::{self, sealed, triage};
use crate::web::{self, Fields, Shown, field, page, text_area};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use vocabulary::ReportId;

/// `GET /desk/report/{id}`
pub(crate) async fn desk_report(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Html<String>, Refusal> {
    let id: ReportId = id.parse().map_err(|_| Refusal::NotFound)?;
    let (wanted, now) = (id.clone(), app.now());
    let found = access::open(&app, &viewer, id.as_str(), "triage", move |w| {
        let (story, items) = story(w, &wanted)?;
        let clocks = deadlines::of(w.tx(), &[wanted.to_string()], now)?;
        Ok(((story, clocks), items))
    });
    let (story, clocks) = found.await?;
    let shown = Shown::of(&app);
    let report = &story.report;
    let body = html! {
        p.quiet { a href="/desk" { "Desk" } " / " (story.id) }
        h1 { (story.text.product) }
        p { (state_chip(report)) " received " (shown.date(report.received))
            @if report.anonymous { " · anonymous" }
            @if let Some(planned) = &report.planned { " · the reporter plans to publish " (planned) } }
        div.cols {
            section {
                (text_markup(&story.text))
                @if let Some(contact) = &story.text.contact {
                    p.quiet { "Reported by " (contact.name) " " (contact.address)
                        @if contact.credit { " · wishes to be thanked" } @else { " · does not wish to be named" } }
                }
                (exploit_links(&story))
                h2 { "Clocks" }
                (deadlines::pages::clock_table(&shown, &clocks, &Default::default(), false, true))
                h2 { "What happened" }
                (web::story(&shown, &story.moments))
            }
            aside { (desk_actions(&story)) }
        }
    };
    Ok(page(&app, &viewer, &story.text.product, body))
}

fn exploit_links(story: &Story) -> Markup {
    let report = &story.report;
    html! {
        @if report.exploit_deleted { p.quiet { "Proof of concept and files were deleted, by rule, after publication." } }
        @else if report.proof_of_concept.is_some() || !report.files.is_empty() {
            p { "Sealed apart: "
                @if report.proof_of_concept.is_some() {
                    a href={ "/desk/report/" (story.id) "/exploit/poc" } { "proof of concept" } " "
                }
                @for (number, name) in story.text.files.iter().enumerate() {
                    a href={ "/desk/report/" (story.id) "/exploit/" (number) } { (name) } " "
                }
            }
        }
    }
}

fn desk_actions(story: &Story) -> Markup {
    let place = format!("/desk/report/{}", story.id);
    html! {
        @if let Some(case) = &story.report.case {
            div.sheet { h2 { "Case" } p { a.btn.main href={ "/case/" (case) } { (case) } } }
        } @else if story.report.word() == "received" {
            div.sheet {
                h2 { "Your next step" }
                form method="post" action={ (place) "/accept" } {
                    (field("case", "Into an existing case", "Leave empty to open a new one", "", false))
                    div.actions { button.btn.main { "Accept" } }
                }
                details {
                    summary { "Decline" }
                    form method="post" action={ (place) "/decline" } {
                        (text_area("reason", "Reason", "The reporter sees it", "", true))
                        div.actions { button.btn { "Decline" } }
                    }
                }
                details {
                    summary { "Duplicate" }
                    form method="post" action={ (place) "/duplicate" } {
                        (field("of", "Of which report?", "Its tracking number", "", true))
                        div.actions { button.btn { "Mark as duplicate" } }
                    }
                }
            }
        }
        div.sheet {
            h2 { "Write to the reporter" }
            form method="post" action={ (place) "/message" } {
                (text_area("message", "Message", "", "", true))
                div.actions { button.btn { "Send" } }
            }
        }
    }
}

/// `POST /desk/report/{id}/decline`
pub(crate) async fn decline(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let (id, actor) = (parsed(&id)?, viewer.actor()?);
    let (back, reason) = (format!("/desk/report/{id}"), fields.text("reason").replace("\r\n", "\n"));
    app.ledger.submit(move |w| triage::decline(w, &actor, &id, &reason)).await?;
    Ok(Redirect::to(&back))
}

/// `POST /desk/report/{id}/duplicate`
pub(crate) async fn duplicate(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let (id, actor) = (parsed(&id)?, viewer.actor()?);
    let of: ReportId = fields
        .text("of")
        .parse()
        .map_err(|error: vocabulary::BadId| Refusal::invalid("of", error.to_string()))?;
    let back = format!("/desk/report/{id}");
    app.ledger.submit(move |w| triage::duplicate(w, &actor, &id, &of)).await?;
    Ok(Redirect::to(&back))
}

/// `POST /desk/report/{id}/message`
pub(crate) async fn desk_message(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let (id, actor) = (parsed(&id)?, viewer.actor()?);
    let (back, text) = (format!("/desk/report/{id}"), fields.required("message", 20_000)?);
    app.ledger.submit(move |w| triage::say(w, &actor, &id, Side::Centre, &text)).await?;
    Ok(Redirect::to(&back))
}

/// `GET /desk/report/{id}/exploit/{which}`
pub(crate) async fn exploit(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, which)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    piece(&app, &viewer, parsed(&id)?, which).await
}

/// Exploit material, one piece at a time, as a download: `poc`, or the number of a file.
pub(in crate::reports) async fn piece(
    app: &App,
    viewer: &Viewer,
    id: ReportId,
    which: String,
) -> Result<Response, Refusal> {
    let subject = id.to_string();
    let bytes = access::open(app, viewer, &subject, "open exploit material", move |w| {
        let report = store::received(w.tx(), &id)?.state;
        let item = match which.parse::<usize>() {
            Ok(number) => report.files.get(number).cloned(),
            Err(_) => report.proof_of_concept.filter(|_| which == "poc"),
        };
        let item = item.ok_or(Refusal::NotFound)?;
        match sealed::open_item(w, &item)? {
            Unsealed::Bytes(bytes) => Ok((bytes, vec![item])),
            Unsealed::Erased => Err(Refusal::NotFound),
        }
    });
    // Whatever it is, it is handed over as bytes: never shown, never run.
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"sealed-file\""),
    ];
    Ok((headers, bytes.await?).into_response())
}

fn parsed(id: &str) -> Result<ReportId, Refusal> {
    id.parse().map_err(|_| Refusal::NotFound)
}
