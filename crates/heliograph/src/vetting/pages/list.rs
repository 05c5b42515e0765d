//! The register: who is in it, what waits, what lapses.

use super::places;
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::vetting::api::SHOWN;
use crate::vetting::store::{self, PersonRow, SOON, Which};
use crate::web::{Asked, Shown, Tone, chip, no_rows, onward, page};
use axum::extract::State;
use axum::response::Html;
use jiff::Timestamp;
use maud::{Markup, html};

/// `GET /vetting`
pub(crate) async fn register(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<Html<String>, Refusal> {
    let number = asked.page(&["show"])?;
    let which = asked.choice("show", SHOWN)?.unwrap_or(Which::All);
    let word = SHOWN.iter().find(|(_, one)| *one == which).map_or("all", |(word, _)| *word);
    let shown = Shown::of(&app);
    let now = shown.now;
    let (mut rows, others) =
        app.read(move |tx| Ok((store::persons(tx, which, number, now)?, store::without_entry(tx)?))).await?;
    let more = number.cut(&mut rows);
    let at = |page: u32| format!("/vetting?show={word}&page={page}");
    let body = html! {
        h1 { "Need-to-know register" }
        p.quiet { "Who is cleared, by whom and until when; who was briefed; who works on what. Outcomes only: what vetting \
            looked at is nowhere here." }
        (places("/vetting"))
        p.row { @for (name, _) in SHOWN {
            a href={ "/vetting?show=" (name) } aria-current=[(*name == word).then_some("true")] { (name) }
        } }
        @if rows.is_empty() {
            (no_rows(number, "Nobody here. A person stands here once a security officer has recorded something about them.", at))
        } @else { (table(&shown, &rows)) }
        (onward(number, more, "More", at))
        h2 { "People without an entry" }
        @if others.is_empty() { p.quiet { "Everybody with an account has one." } }
        @else { ul { @for (person, name) in others.iter().take(OTHERS_SHOWN) {
            li { a href={ "/vetting/persons/" (person) } { (name) } }
        } } }
        @if others.len() > OTHERS_SHOWN { p.quiet { "and " (others.len() - OTHERS_SHOWN) " more" } }
    };
    Ok(page(&app, &viewer, "Need-to-know register", body))
}

/// People without an entry that a page names.
const OTHERS_SHOWN: usize = 200;

fn table(shown: &Shown, rows: &[PersonRow]) -> Markup {
    html! {
        table {
            thead { tr { th { "Person" } th { "Functions" } th { "Cleared" } th { "Briefed" } th { "Confidentiality" } th { "Next review" } } }
            tbody { @for row in rows { tr {
                td { a href={ "/vetting/persons/" (row.person) } { (row.name) }
                    @if row.waiting { " " (chip(Tone::Soon, "waits for you")) }
                    @if row.restricted { " " (chip(Tone::Seal, "restricted")) } }
                td data-label="Functions" { @if row.functions.is_empty() { span.quiet { "none" } } (row.functions.join(", ")) }
                td data-label="Cleared" {
                    @if row.clearances.is_empty() { span.quiet { "not cleared" } }
                    @for cleared in &row.clearances { (cleared.words()) " " (end(shown, Some(cleared.until))) br; }
                }
                td data-label="Briefed" { (end(shown, row.briefed_until)) }
                td data-label="Confidentiality" { (end(shown, row.nda_until)) }
                td data-label="Next review" { (end(shown, row.review)) }
            } } }
        }
    }
}

/// Until when something holds, and whether that is long.
pub(super) fn end(shown: &Shown, until: Option<Timestamp>) -> Markup {
    html! {
        @match until {
            None => span.quiet { "not recorded" },
            Some(until) if until <= shown.now => (chip(Tone::Late, format!("lapsed {}", shown.date(until)))),
            Some(until) if until < shown.now + SOON => (chip(Tone::Soon, format!("until {}", shown.date(until)))),
            Some(until) => (chip(Tone::Calm, format!("until {}", shown.date(until)))),
        }
    }
}
