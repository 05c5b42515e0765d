//! A person's own page: what is held, who saw it, what to declare, what to ask.

use super::level_words;
use super::list::end;
use super::picture::picture;
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::vetting::rules::{self, Entry, OwnAct, WORDS_MAX};
use crate::vetting::store::{self, Own};
use crate::web::{Fields, Shown, Tone, chip, field, instant, page, text_area, when};
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// `GET /me`
pub(crate) async fn me(State(app): State<App>, viewer: Viewer) -> Result<Html<String>, Refusal> {
    let own = own(&app, &viewer).await?;
    let shown = Shown::of(&app);
    let entry = &own.entry;
    let year = store::year(shown.now);
    let body = html! {
        h1 { "What is held about you" }
        p.quiet { (own.name) " · " a href="/account" { "your account" } " · " a href="/me/export" download { "all of this as JSON" } }
        @if entry.erased { p { "Your entry in the need-to-know register was erased." } }
        @else if entry.since.is_none() { p { "There is no entry about you in the need-to-know register." } }
        @else { (picture(&shown, entry)) }
        (reminded(&shown, entry))
        div.cols {
            section {
                (held(&shown, entry))
                (kept(&shown, entry))
                (readers(&shown, &own))
            }
            aside { (declarations(&shown, entry, year)) (requests(&shown, entry)) }
        }
    };
    Ok(page(&app, &viewer, "What is held about you", body))
}

pub(in crate::vetting) async fn own(app: &App, viewer: &Viewer) -> Result<Own, Refusal> {
    let account = viewer.person()?.id.clone();
    app.read(move |tx| store::own(tx, &account)).await
}

/// What the person was reminded of and has not ended otherwise.
fn reminded(shown: &Shown, entry: &Entry) -> Markup {
    let all = rules::current(entry);
    html! {
        @if !all.is_empty() {
            h2 { "You were reminded" }
            ul.plain { @for (what, of, until, at) in &all { li {
                (instant(shown, *at)) ": " (what.label())
                @if let Some(clearance) = entry.clearances.get(of) { ", " (level_words(&clearance.scheme, &clearance.level)) ", " }
                " " (end(shown, Some(*until)))
            } } }
        }
    }
}

fn held(shown: &Shown, entry: &Entry) -> Markup {
    html! {
        h2 { "In the register" }
        table { thead { tr { th { "What" } th { "Recorded" } } } tbody {
            @for clearance in entry.clearances.values() { tr {
                th { "Clearance" }
                td { (level_words(&clearance.scheme, &clearance.level)) " " (end(shown, Some(clearance.until.at))) }
            } }
            @for proposal in entry.proposals.values() { tr {
                th { "Clearance" }
                td { (level_words(&proposal.clearance.scheme, &proposal.clearance.level)) " " (chip(Tone::Soon, "not confirmed yet")) }
            } }
            @for (words, lasting) in [("Briefing", &entry.briefing), ("Confidentiality", &entry.nda)] { tr {
                th { (words) }
                td { (end(shown, lasting.as_ref().map(|lasting| lasting.span().1))) }
            } }
            tr { th { "Next review" } td { (end(shown, entry.review.as_ref().map(|review| review.at))) } }
            @for (function, confidential) in &entry.functions { tr {
                th { "Function" }
                td { (function.label()) @if *confidential { " " (chip(Tone::Seal, "confidential")) } }
            } }
            @for (case, member) in &entry.memberships { tr {
                th { "Member of" }
                td { (case) " since " (instant(shown, member.since)) }
            } }
            @if let Some(foreign) = &entry.foreign { tr {
                th { "Foreign interests" }
                td { "declared " (instant(shown, foreign.declared)) ", " @match foreign.outcome {
                    Some((outcome, at)) => { (outcome.label()) " " (instant(shown, at)) "; what you wrote is destroyed" }
                    None => "waits for its decision",
                } }
            } }
        } }
    }
}

/// How long it is kept, and what contradicts that.
fn kept(shown: &Shown, entry: &Entry) -> Markup {
    html! {
        h2 { "How long it is kept" }
        table {
            thead { tr { th { "What" } th { "How long" } } }
            tbody {
                @for kept in rules::kept(entry) { tr {
                    td { (kept.what) }
                    td { @if let Some(until) = kept.until { b { "until " (instant(shown, until)) } ": " } (kept.why) }
                } }
                tr { td { "your account" } td { "as long as it is used, and twelve months more" } }
                tr { td { "entries of the journal" } td { "for good: they name you by a number, and hold no name" } }
            }
        }
        @if let Some(until) = rules::conflict(entry, shown.now) {
            div.notice.unsettled { p { b { "Two rules contradict each other. " } "You asked for erasure now (GDPR Art. 17); the outcome \
                of clearances must be kept until " (instant(shown, until)) " (Art. 17(3)(b)). The longer one holds until then." } }
        }
    }
}

fn readers(shown: &Shown, own: &Own) -> Markup {
    html! {
        h2 { "Who has seen it" }
        @if own.reads.is_empty() { p { "Nobody yet. Whoever opens your entry stands here before seeing it." } }
        @else { table {
            thead { tr { th { "When" } th { "Role" } th { "Purpose" } } }
            tbody { @for read in &own.reads { tr {
                td { (instant(shown, read.at)) }
                td data-label="Role" { (read.role) }
                td data-label="Purpose" { (read.purpose) }
            } } }
        } }
    }
}

fn declarations(shown: &Shown, entry: &Entry, year: i16) -> Markup {
    html! {
        div.sheet id="declarations" {
            h2 { "Declaration of " (year) }
            @match entry.years.get(&year) {
                Some((interest, at)) => p { (chip(Tone::Calm, "declared")) " " (instant(shown, *at)) ": "
                    @if *interest { "there is a personal interest; name the case below." } @else { "no personal interest." } },
                None => p { (chip(Tone::Soon, "due this year")) },
            }
            form.row method="post" action="/me/year" {
                button.btn.main name="interest" value="no" { "No personal interest" }
                button.btn name="interest" value="yes" { "There is one" }
            }
        }
        div.sheet {
            h2 { "Personal interest in a case" }
            p.quiet { "Say that there is one. Nobody asks what it is." }
            @for (case, interest) in &entry.interests { p { (case) ": " @match interest.outcome {
                Some((outcome, _)) => (outcome.label()),
                None => (chip(Tone::Soon, "waits for the security officer")),
            } } }
            form method="post" action="/me/interest" {
                (field("case", "Case", "Its number", "", true))
                div.actions {
                    button.btn { "Declare it" }
                    button.btn formaction="/me/recuse" { "Declare it, and keep me out now" }
                }
            }
        }
        details { summary { "Foreign interests" }
            p.quiet { "Employment, funding, or a duty under a foreign law to hand over vulnerabilities; nothing else, and nobody \
                else's. A security officer reads it and decides; then it is destroyed, and only the outcome stays." }
            form method="post" action="/me/foreign-interest" {
                (text_area("words", "What there is", "", "", true))
                div.actions { button.btn { "Seal it and hand it in" } }
            }
        }
    }
}

fn requests(shown: &Shown, entry: &Entry) -> Markup {
    html! {
        div.sheet {
            h2 { "Your rights" }
            @for (at, _) in &entry.corrections { p { "You asked for a correction " (when(shown, *at)) "." } }
            details { summary { "Ask for a correction" }
                form method="post" action="/me/correction" {
                    (text_area("correction", "What is wrong, and what is right", "", "", true))
                    div.actions { button.btn { "Ask" } }
                }
            }
            @match entry.restricted {
                Some(at) => {
                    p { "Restricted " (when(shown, at)) ": what is in force goes on, and nothing new is recorded." }
                    form method="post" action="/me/lift-restriction" { div.actions { button.btn { "Lift the restriction" } } }
                },
                None => form method="post" action="/me/restrict" { div.actions { button.btn { "Restrict what is done with it" } } },
            }
            @match entry.erasure_asked {
                Some(at) => p { "You asked for erasure " (when(shown, at)) "." },
                None => form method="post" action="/me/erasure" { div.actions { button.btn { "Ask for erasure" } } },
            }
        }
    }
}

/// `POST /me/{act}`
pub(crate) async fn own_act(
    State(app): State<App>,
    viewer: Viewer,
    Path(act): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let case = || {
        let wrong = |error: vocabulary::BadId| Refusal::invalid("case", error.to_string());
        fields.text("case").parse().map_err(wrong)
    };
    let words = |name| fields.required(name, WORDS_MAX);
    let act = match act.as_str() {
        "year" => OwnAct::DeclareYear {
            interest: match fields.text("interest") {
                "yes" => true,
                "no" => false,
                _ => return Err(Refusal::invalid("interest", "One of yes, no.")),
            },
        },
        "interest" => OwnAct::DeclareInterest { case: case()? },
        "recuse" => OwnAct::Recuse { case: case()? },
        "foreign-interest" => OwnAct::DeclareForeignInterest { words: words("words")? },
        "correction" => OwnAct::AskCorrection { words: words("correction")? },
        "restrict" => OwnAct::Restrict {},
        "lift-restriction" => OwnAct::LiftRestriction {},
        "erasure" => OwnAct::AskErasure {},
        _ => return Err(Refusal::NotFound),
    };
    let account = viewer.person()?.id.clone();
    app.ledger.submit(move |w| store::own_act(w, &account, act)).await?;
    Ok(Redirect::to("/me"))
}

/// `GET /me/export`
pub(crate) async fn export(State(app): State<App>, viewer: Viewer) -> Result<Response, Refusal> {
    let own = own(&app, &viewer).await?;
    let text = serde_json::to_string_pretty(&crate::vetting::api::OwnBody::of(&own));
    let text = text.map_err(|error| Refusal::Internal(error.to_string()))?;
    let headers =
        [(CONTENT_TYPE, "application/json"), (CONTENT_DISPOSITION, "attachment; filename=\"about-me.json\"")];
    Ok((headers, text).into_response())
}

/// The notice for somebody who still owes this year's declaration.
pub(crate) fn reminder(is_owed: bool) -> Markup {
    html! {
        @if is_owed { div.notice { p { "Your declaration of interests for this year is due: "
            a href="/me#declarations" { "make it now" } "." } } }
    }
}
