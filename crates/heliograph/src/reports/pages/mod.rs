//! Reporting and following a report, and the coordinator's view of one.

mod form;

use super::rules::{Report, ReportEvent, ReportText, Side};
use super::store::draft;
use super::store::{self, Receipt};
use crate::access::{
    self, Permission, Remote, Resource, SESSION, Secret, Viewer, claim_session, cookie, count_attempt,
    set_cookie,
};
use crate::app::App;
use crate::deadlines;
use crate::ledger::{self, Item, Recorded, Unsealed, Writer};
use crate::refusal::Refusal;
use crate::web::{Fields, Moment, Shown, Tone, WithFiles, chip, field, page, text_area, timeline};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use jiff::SignedDuration;
use maud::{Markup, html};
use vocabulary::ReportId;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

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
        div.narrow {
            h1 { "Report a vulnerability" }
            p { "You get a tracking number, a code to follow your report, and a signed receipt that proves when we had it. \
                 A person answers within seven days. We tell the vendor; nobody else sees your report without need." }
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
    }
}

/// `POST /report/draft`
pub(crate) async fn save_draft(
    State(app): State<App>,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let secret = cookie(&headers, draft::COOKIE).and_then(Secret::parse).ok_or_else(|| {
        Refusal::invalid(
            "draft",
            "Your browser sent no draft cookie. Open the form again; cookies must be allowed.",
        )
    })?;
    app.ledger.submit(move |w| draft::save(w, &secret, &fields)).await?;
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
    new: super::NewReport,
    remote: String,
    secret: Option<Secret>,
) -> Result<(Receipt, Secret), Refusal> {
    let prefix = app.settings.prefix.clone();
    app.ledger
        .submit(move |w| {
            count_attempt(w, &format!("report/{remote}"), 30, HOUR)?;
            let submission = secret.as_ref().map(Secret::hash);
            let receipt =
                store::submit(w, &new, &prefix, "web", submission.as_ref().map(|hash| hash.as_slice()))?;
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
            ol {
                li { "A coordinator reads it and answers within seven days." }
                li { "If it is accepted, we tell the vendor and agree on a date with everyone concerned." }
                li { "The advisory is published; you are told, and thanked if you wish." }
            }
        }
    }
}

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
    let bucket = format!("claim/{remote}");
    app.ledger.submit(move |w| count_attempt(w, &bucket, 30, HOUR)).await?;
    let code = fields.text("code").to_owned();
    let Some(id) = app.read(move |tx| store::by_claim(tx, &code)).await? else {
        let body = claim_form(Some("No report has this code. Check it letter by letter."));
        let answer =
            (axum::http::StatusCode::UNPROCESSABLE_ENTITY, page(&app, &viewer, "Follow a report", body));
        return Ok(answer.into_response());
    };
    let session = app.ledger.submit(move |w| claim_session(w, &id)).await?;
    let cookie = set_cookie(&app, SESSION, Some(&session.text()));
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/my")).into_response())
}

/// Everything a page shows of one report.
pub(crate) struct Story {
    pub(crate) id: ReportId,
    pub(crate) report: Report,
    pub(crate) text: ReportText,
    pub(crate) moments: Vec<(Recorded, String, String)>,
}

/// Loads a report and opens its texts; the caller records what was opened.
pub(crate) fn story(w: &mut Writer<'_, '_>, id: &ReportId) -> Result<(Story, Vec<Item>), Refusal> {
    let report = store::received(w.tx(), id)?.state;
    let (text, mut items) = store::text_of(w, &report)?;
    let mut moments = Vec::new();
    for recorded in ledger::events_of(w.tx(), &store::stream(id))? {
        let (words, sealed) = words(&recorded.event()?);
        let opened = match sealed {
            Some(item) => {
                items.push(item.clone());
                store::open_item(w, &item)?.text()
            }
            None => String::new(),
        };
        moments.push((recorded, words, opened));
    }
    Ok((Story { id: id.clone(), report, text, moments }, items))
}

/// An event in words, and the sealed text that belongs to it.
fn words(event: &ReportEvent) -> (String, Option<Item>) {
    match event {
        ReportEvent::Received { via, .. } => (format!("The report was received ({via})."), None),
        ReportEvent::MessageAdded { from: Side::Reporter, text } => {
            ("The reporter wrote:".into(), Some(text.clone()))
        }
        ReportEvent::MessageAdded { from: Side::Centre, text } => {
            ("The centre wrote:".into(), Some(text.clone()))
        }
        ReportEvent::Accepted { case } => (format!("Accepted into case {case}."), None),
        ReportEvent::Declined { reason } => ("Declined. The reason:".into(), Some(reason.clone())),
        ReportEvent::DuplicateMarked { of } => (format!("Marked as a duplicate of {of}."), None),
        ReportEvent::Published { case } => (format!("The advisory {case} was published."), None),
        ReportEvent::ExploitDeleted {} => ("Proof of concept and files were deleted, by rule.".into(), None),
        ReportEvent::Erased {} => ("The texts were erased.".into(), None),
    }
}

/// What happened to a report, as a timeline.
pub(crate) fn moments(story: &Story) -> Vec<Moment> {
    let moment = |(recorded, words, opened): &(Recorded, String, String)| Moment {
        at: recorded.at,
        who: String::new(),
        what: html! { (words) @if !opened.is_empty() { p.text.sheet { (opened) } } },
    };
    story.moments.iter().map(moment).collect()
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
                (timeline(shown, &moments(story)))
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

pub(crate) fn state_chip(report: &Report) -> Markup {
    let tone = match report.word() {
        "accepted" => Tone::Calm,
        "received" => Tone::Soon,
        _ => Tone::Idle,
    };
    html! {
        (chip(tone, report.word())) " "
        @if report.exploited { (chip(Tone::Late, "exploited")) " " }
        @if report.public { (chip(Tone::Soon, "public already")) " " }
    }
}

/// What the reporter wrote.
pub(crate) fn text_markup(text: &ReportText) -> Markup {
    let parts = [
        ("Product", &text.product),
        ("Vendor", &text.vendor),
        ("Versions", &text.versions),
        ("What is wrong", &text.description),
        ("Impact", &text.impact),
        ("How it was found", &text.how_found),
        ("Exploited: how it is known", &text.exploited_evidence),
        ("Public: where", &text.public_where),
    ];
    html! {
        dl.facts {
            @for (label, value) in parts.iter().filter(|(_, value)| !value.is_empty()) {
                dt { (label) } dd.text { (value) }
            }
            @if !text.files.is_empty() { dt { "Files" } dd { (text.files.join(", ")) } }
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
    app.ledger.submit(move |w| store::say(w, &actor, &id, Side::Reporter, &text)).await?;
    Ok(Redirect::to("/my"))
}

/// `GET /my/receipt`
pub(crate) async fn my_receipt(State(app): State<App>, viewer: Viewer) -> Result<Response, Refusal> {
    let Viewer::Reporter(id) = &viewer else { return Err(Refusal::NotFound) };
    receipt_file(&app, id).await
}

/// The receipt as a file to keep.
pub(super) async fn receipt_file(app: &App, id: &ReportId) -> Result<Response, Refusal> {
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
                (timeline(&shown, &moments(&story)))
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
    let (back, reason) = (format!("/desk/report/{id}"), fields.limited("reason", 20_000)?);
    app.ledger.submit(move |w| store::decline(w, &actor, &id, &reason)).await?;
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
    app.ledger.submit(move |w| store::duplicate(w, &actor, &id, &of)).await?;
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
    app.ledger.submit(move |w| store::say(w, &actor, &id, Side::Centre, &text)).await?;
    Ok(Redirect::to(&back))
}

/// `GET /desk/report/{id}/exploit/{which}`: exploit material, one piece at a time, as a download.
pub(crate) async fn exploit(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, which)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let id = parsed(&id)?;
    let subject = id.to_string();
    let bytes = access::open(&app, &viewer, &subject, "open exploit material", move |w| {
        let report = store::received(w.tx(), &id)?.state;
        let item = match which.parse::<usize>() {
            Ok(number) => report.files.get(number).cloned(),
            Err(_) => report.proof_of_concept.filter(|_| which == "poc"),
        };
        let item = item.ok_or(Refusal::NotFound)?;
        match store::open_item(w, &item)? {
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
