//! What everyone may see: the register of partners, the programmes, and how to ask about them.

use super::pieces;
use crate::access::{Limit, Remote, Viewer, count_attempt};
use crate::app::App;
use crate::partners::rules::{Published, WORDS_MAX, programme, programmes};
use crate::partners::store::{self, Enquiry, Row, Statistics, Which};
use crate::refusal::Refusal;
use crate::web::{Asked, Fields, Shown, Tone, chip, field, instant, no_rows, onward, page, text_area, when};
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse};
use maud::{Markup, html};
use programme::Mode;

/// Enquiries taken in from one address.
const ENQUIRIES: Limit = Limit { what: "enquiries from one address", count_max: 30, minutes: 60 };

/// `GET /partners`
pub(crate) async fn register(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<Html<String>, Refusal> {
    let (wanted, now) = (asked.page(&[])?, app.now());
    let found =
        app.read(move |tx| Ok((store::list(tx, &Which::Register, wanted)?, store::statistics(tx, now)?)));
    let (mut rows, statistics) = found.await?;
    let more = wanted.cut(&mut rows);
    let shown = Shown::of(&app);
    let at = |page: u32| format!("/partners?page={page}");
    let body = html! {
        h1 { "Partners" }
        p.lead { "Technical support units that help the centre: with analysis, seminars, data and in events. What a \
            partner is asked is public; what it may read is decided case by case, whatever its level." }
        @if rows.is_empty() {
            (no_rows(wanted, "No partner yet. An organisation stands here once it has applied, was assessed by two persons, and \
                has signed its contract.", at))
        } @else { (register_table(&shown, &rows)) }
        (onward(wanted, more, "More", at))
        p { a href="/partners/export" { "The register for spreadsheets" } " · "
            a href="/accreditations" { "What others certify of partners" } }
        h2 { "In numbers" }
        (numbers(&statistics))
        h2 { "Programmes" }
        (programme_list())
        h2 { "Ask about it" }
        (enquiry_form())
    };
    Ok(page(&app, &viewer, "Partners", body))
}

fn register_table(shown: &Shown, rows: &[Row]) -> Markup {
    html! {
        table {
            thead { tr { th { "Partner" } th { "Level" } th { "Standing" } th { "Since" } th { "Valid until" } } }
            tbody { @for row in rows { tr {
                td { (row.name) br; span.quiet { (row.id) } }
                td data-label="Level" { (row.level.as_deref().unwrap_or("–")) " " span.quiet { "of " (row.programme) } }
                td data-label="Standing" { (pieces::life_chip(row.life)) }
                td data-label="Since" { @if let Some(since) = row.active_since { (instant(shown, since)) } }
                td data-label="Valid until" { @if let Some(until) = row.until { (when(shown, until)) } }
            } } }
        }
    }
}

/// How many partners there are at each level, and what was asked of them: no more than numbers.
fn numbers(statistics: &Statistics) -> Markup {
    let (asked, levels) = (statistics.requests.values().sum::<i64>(), &statistics.levels);
    let at = |stage: &str| statistics.requests.get(stage).copied().unwrap_or_default();
    html! {
        ul.stock {
            @for (level, count) in levels { li { b { (count) } "partners at " (level) } }
            li { b { (asked) } "requests to partners" }
            li { b { (at("declined")) } "of them declined, which costs nothing" }
            li { b { (at("delivered") + at("reviewed")) } "delivered" }
            @if asked > 0 { li { b { (statistics.largest_share_percent) " %" } "went to one partner, at most" } }
        }
    }
}

fn programme_list() -> Markup {
    html! {
        ul { @for published in programmes() {
            @let programme = &published.programme;
            li { a href={ "/programmes/" (programme.id) } { (programme.title) } " "
                @match programme.mode {
                    Mode::Active => (chip(Tone::Calm, "partners are admitted by it")),
                    Mode::Reference => (chip(Tone::Idle, "to read and compare only")),
                } }
        } }
    }
}

fn enquiry_form() -> Markup {
    html! {
        form.narrow method="post" action="/partners/enquiry" {
            (field("organisation", "Organisation", "", "", true))
            (field("reach", "How we reach you", "A mail address or telephone number", "", true))
            (text_area("words", "What you would like to know, or could do", "Only the programme's managers read it", "", true))
            div.actions { button.btn.main { "Send" } }
        }
    }
}

/// `POST /partners/enquiry`
pub(crate) async fn enquire(
    State(app): State<App>,
    viewer: Viewer,
    Remote(remote): Remote,
    fields: Fields,
) -> Result<Html<String>, Refusal> {
    let bucket = format!("enquiry/{remote}");
    app.ledger.submit(move |w| count_attempt(w, &bucket, &ENQUIRIES)).await?;
    let enquiry = Enquiry {
        organisation: fields.required("organisation", 200)?,
        reach: fields.required("reach", 300)?,
        words: fields.required("words", WORDS_MAX)?,
    };
    let prefix = app.settings.prefix.clone();
    let id = app.ledger.submit(move |w| store::enquire(w, &enquiry, &prefix)).await?;
    let body = html! {
        h1 { "Thank you" }
        p { "Your enquiry is " b { (id) } ". A manager of the programme will get in touch." }
        p { a href="/partners" { "Back to the partners" } }
    };
    Ok(page(&app, &viewer, "Thank you", body))
}

fn found(id: &str) -> Result<&'static Published, Refusal> {
    programme(id).ok_or(Refusal::NotFound)
}

/// `GET /programmes/{id}`
pub(crate) async fn criteria(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Html<String>, Refusal> {
    let published = found(&id)?;
    let programme = &published.programme;
    let body = html! {
        p.quiet { a href="/partners" { "Partners" } " / " (programme.id) }
        h1 { (programme.title) }
        @match programme.mode {
            Mode::Active => p { (chip(Tone::Calm, "active")) " Partners are admitted and reviewed by it." },
            Mode::Reference => {
                p { (chip(Tone::Idle, "reference")) " To read and compare; nobody is admitted by it." }
                @if let Err(forbidden) = programme.may_activate() {
                    details { summary { "What would have to go before it could be active" }
                        ul { @for rule in &forbidden { li { (rule.to_string()) } } } }
                }
            }
        }
        (pieces::criteria(programme))
        p { a href={ "/programmes/" (programme.id) "/programme.toml" } { "The same as a file, as the engine reads it" }
            " · SHA-256 " span.code { (published.edition) } }
    };
    Ok(page(&app, &viewer, &programme.title, body))
}

/// `GET /programmes/{id}/programme.toml`
pub(crate) async fn criteria_file(Path(id): Path<String>) -> Result<impl IntoResponse, Refusal> {
    Ok(([(CONTENT_TYPE, "application/toml; charset=utf-8")], found(&id)?.text))
}
