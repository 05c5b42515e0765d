//! Reporting: the form, its draft, and the thanks with tracking number and claim code.

use super::form;
use crate::access::{
    Limit, Remote, SESSION, Secret, Viewer, claim_session, cookie, count_attempt, set_cookie,
};
use crate::app::App;
use crate::refusal::Refusal;
use crate::reports::NewReport;
use crate::reports::store::draft;
use crate::reports::store::receiving::{REPORTS, Receipt, submit};
use crate::web::{Fields, Shown, WithFiles, page};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// A draft is saved a moment after each change, so this is an hour of writing, several at a time.
const DRAFTS: Limit = Limit { what: "saved drafts from one address", count_max: 3_000, minutes: 60 };

/// `GET /report`
pub(crate) async fn report_form(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let held = cookie(&headers, draft::COOKIE).and_then(Secret::parse);
    let secret = held.unwrap_or_else(|| Secret::new(app.random.bytes()));
    let cookie = set_cookie(&app, draft::COOKIE, Some(&secret.text()));
    let now = app.now();
    let fields = app.read(move |tx| draft::open(tx, &secret, now)).await?.unwrap_or_default();
    let body = form_page(&fields, &app.settings.zone, None);
    Ok(([(header::SET_COOKIE, cookie)], page(&app, &viewer, "Report a vulnerability", body)).into_response())
}

fn form_page(fields: &Fields, zone: &str, wrong: Option<&Refusal>) -> Markup {
    html! {
        h1 { "Report a vulnerability" }
        p.lead { "Two fields are needed, the rest helps. You need no account, and you may stay anonymous." }
        div.cols.calmly {
            section {
            @if let Some(refusal) = wrong {
                div.notice.wrong role="alert" {
                    p { (refusal) }
                    @if let Refusal::Invalid { field, .. } = refusal {
                        p { a href={ "#" (field) } { "Go to " (field.replace('_', " ")) } ". Nothing was sent yet; \
                            your text is kept, files must be chosen again." }
                    }
                }
            }
            (form::draw(fields, zone))
            }
            aside {
                div.sheet {
                    h2 { "What you get" }
                    p { "A tracking number, a code to follow your report and to answer, and a signed receipt that proves \
                        when we had it." }
                }
                div.sheet { h2 { "What happens next" } (next_steps()) }
            }
        }
    }
}

fn next_steps() -> Markup {
    html! {
        ol {
            li { "A coordinator reads it and answers within seven days." }
            li { "If it is accepted, we tell the vendor and agree on a date with everyone concerned. Nobody else sees \
                your report without need." }
            li { "The advisory is published; you are told, and thanked if you wish." }
        }
    }
}

/// `POST /report/draft`
pub(crate) async fn save_draft(
    State(app): State<App>,
    Remote(remote): Remote,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let secret = cookie(&headers, draft::COOKIE).and_then(Secret::parse).ok_or_else(|| {
        Refusal::invalid(
            "draft",
            "Your browser sent no draft cookie. Open the form again; cookies must be allowed.",
        )
    })?;
    app.ledger
        .submit(move |w| {
            count_attempt(w, &format!("draft/{remote}"), &DRAFTS)?;
            draft::save(w, &secret, &fields)
        })
        .await?;
    Ok(Redirect::to("/report"))
}

/// `POST /report`
pub(crate) async fn send(
    State(app): State<App>,
    viewer: Viewer,
    Remote(remote): Remote,
    headers: HeaderMap,
    WithFiles(fields): WithFiles,
) -> Result<Response, Refusal> {
    let secret = cookie(&headers, draft::COOKIE).and_then(Secret::parse);
    let again = fields.clone();
    let sent = match form::read(fields) {
        Ok(new) => take(&app, new, remote, secret).await,
        Err(refusal) => Err(refusal),
    };
    match sent {
        Ok((receipt, session)) => {
            let cookies = AppendHeaders([
                (header::SET_COOKIE, set_cookie(&app, SESSION, Some(&session.text()))),
                (header::SET_COOKIE, set_cookie(&app, draft::COOKIE, None)),
            ]);
            let viewer = Viewer::Reporter(receipt.id.clone());
            Ok((cookies, page(&app, &viewer, "Thank you", sent_page(&app, &receipt))).into_response())
        }
        Err(refusal @ (Refusal::Invalid { .. } | Refusal::TooLarge(_))) => {
            let body = form_page(&again, &app.settings.zone, Some(&refusal));
            Ok((refusal.status(), page(&app, &viewer, "Report a vulnerability", body)).into_response())
        }
        Err(other) => Err(other),
    }
}

/// Takes the report, forgets its draft and opens a session for its reporter: all or nothing.
async fn take(
    app: &App,
    new: NewReport,
    remote: String,
    secret: Option<Secret>,
) -> Result<(Receipt, Secret), Refusal> {
    let prefix = app.settings.prefix.clone();
    app.ledger
        .submit(move |w| {
            count_attempt(w, &format!("report/{remote}"), &REPORTS)?;
            let submission = secret.as_ref().map(Secret::hash);
            let receipt = submit(w, &new, &prefix, "web", submission.as_ref().map(|hash| hash.as_slice()))?;
            if let Some(secret) = &secret {
                draft::discard(w, secret)?;
            }
            let session = claim_session(w, &receipt.id)?;
            Ok((receipt, session))
        })
        .await
}

fn sent_page(app: &App, receipt: &Receipt) -> Markup {
    let shown = Shown::of(app);
    html! {
        div.narrow {
            h1 { "Thank you. Your report is in." }
            div.sheet {
                p { "Tracking number " br; b.code id="tracking" { (receipt.id) } }
                p { "Claim code, shown this once. Keep it: whoever has it can follow and answer as you. " br;
                    b.code id="claim" { (receipt.claim_code) } }
                p { "Received " (shown.date(receipt.received)) }
            }
            p { a.btn.main href="/my" { "Follow your report" } }
            h2 { "What happens next" }
            (next_steps())
        }
    }
}
