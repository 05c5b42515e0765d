//! `GET /case/{id}/advisory`: the editor for coordinators, the shared draft for participants.

use super::document;
use super::form;
use super::load::{self, View};
use crate::access::{self, Viewer};
use crate::advisories::rules::{Draft, blocking, cve_is_ours, persons};
use crate::app::App;
use crate::refusal::Refusal;
use crate::reports;
use crate::web::{Shown, Tone, chip, instant, page};
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use formats::Advisory;
use formats::advisory::{Format, Weight};
use maud::{Markup, html};
use vocabulary::{AccountId, CaseId};

/// `GET /case/{id}/advisory`
pub(crate) async fn advisory(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let there = load::addressed(&app, &viewer, id.clone()).await?;
    if there != id {
        return Ok(Redirect::to(&format!("/case/{there}/advisory")).into_response());
    }
    Ok(draft_page(&app, &viewer, id).await?.into_response())
}

/// `GET /my/case/advisory`: the shared draft, for a reporter of the case.
pub(crate) async fn my_advisory(State(app): State<App>, viewer: Viewer) -> Result<Html<String>, Refusal> {
    let Viewer::Reporter(report) = &viewer else { return Err(Refusal::NotFound) };
    let report = report.clone();
    let id = app.read(move |tx| reports::received(tx, &report)?.state.case.ok_or(Refusal::NotFound)).await?;
    draft_page(&app, &viewer, id).await
}

async fn draft_page(app: &App, viewer: &Viewer, id: CaseId) -> Result<Html<String>, Refusal> {
    let (policies, settings, seen) = (app.policies.clone(), app.settings.clone(), viewer.clone());
    let subject = id.to_string();
    let view = access::open(app, viewer, &subject, "work on the advisory", move |w| {
        load::open(w, &policies, &seen, &id, &settings)
    })
    .await?;
    let shown = Shown::of(app);
    let body = match (&view.case.merged_into, view.writes) {
        (Some(into), _) => part(&shown, &view, into),
        (None, true) => editor(&shown, viewer, &view),
        (None, false) => shared(&shown, &view),
    };
    Ok(page(app, viewer, &format!("Advisory {}", view.id), body))
}

fn head(shown: &Shown, view: &View) -> Markup {
    let state = &view.state;
    html! {
        p.quiet { a href=(view.home) { (view.case.code_name) } " / Advisory" }
        h1 { "Advisory " (view.id) " "
            @if state.is_out() { span.tlp.clear { "TLP:CLEAR" } } @else { span.tlp.amber { "TLP:AMBER" } }
        }
        p.row {
            @if let Some(out) = &state.published {
                (chip(Tone::Calm, format!("revision {} is published", out.advisory.revisions.len())))
                a href={ "/advisories/" (view.id) } { "As the public sees it" }
                span.quiet { (instant(shown, out.at)) }
            }
        }
    }
}

/// The draft as participants may read it: the one that was shared, and no other.
fn shared(shown: &Shown, view: &View) -> Markup {
    html! {
        (head(shown, view))
        @match (view.shown(), &view.draft) {
            (Some(draft), Some(advisory)) => {
                @if !view.state.is_out() {
                    p.notice { "Draft " (draft.revision) ", saved " (instant(shown, draft.at)) ". It is under the \
                        embargo of the case until it is published. Write to the centre what should change." }
                }
                (document::body(shown, advisory))
            }
            _ if view.case.erased => p { "The texts of this case were erased." },
            (Some(_), None) => p { "The centre has shared a draft with those who agreed to keep the embargo. Agree on \
                the page of the case, and it appears here." },
            _ => p { "The centre has not shared a draft yet. When it does, it appears here." },
        }
    }
}

/// What was drafted in a case that became part of another: to read, and to copy from.
fn part(shown: &Shown, view: &View, into: &CaseId) -> Markup {
    html! {
        (head(shown, view))
        p.notice { "This case became part of " a href={ "/case/" (into) "/advisory" } { (into) } "; its advisory is \
            written there. What was drafted here stays here, to be read." }
        @match (&view.state.latest, &view.draft) {
            (Some(latest), Some(draft)) => {
                p.quiet { "Draft " (latest.revision) " by " (name(view, latest.author.as_ref())) ", "
                    (instant(shown, latest.at)) }
                h2 { (draft.title) }
                (document::body(shown, draft))
            }
            _ if view.case.erased => p { "The texts of this case were erased." },
            _ => p { "Nothing was drafted here." },
        }
    }
}

fn editor(shown: &Shown, viewer: &Viewer, view: &View) -> Markup {
    let place = format!("/case/{}/advisory", view.id);
    let Some(draft) = &view.draft else {
        return html! { (head(shown, view)) p { "The texts of this case were erased." } };
    };
    let last = draft.revisions.last().map_or("", |revision| revision.summary.as_str());
    // What is out has its own words; a change of it needs new ones.
    let change = view.state.published.as_ref().map(|_| if view.state.is_out() { "" } else { last });
    html! {
        (head(shown, view))
        div.cols {
            section {
                @match &view.state.latest {
                    None => p.notice { (origin(view)) " Nothing is saved yet." },
                    Some(latest) => p.quiet { "Draft " (latest.revision) " by " (name(view, latest.author.as_ref()))
                        ", " (instant(shown, latest.at)) },
                }
                @if !view.parts.is_empty() { p.quiet { "Drafted in cases that became part of this one: "
                    @for part in &view.parts { a href={ "/case/" (part) "/advisory" } { (part) } " " } } }
                (form::draw(&place, view.state.revision(), draft, change, &shown.zone))
                details { summary { "As it will read" } (document::body(shown, draft)) }
            }
            aside {
                (steps(shown, viewer, view, draft, &place))
                (missing(draft))
            }
        }
    }
}

/// Where a first draft comes from.
fn origin(view: &View) -> String {
    match &view.carried {
        Some((from, _)) => format!("This first draft comes from {from}, which became part of this case."),
        None => "This first draft was filled in from the case.".into(),
    }
}

fn name(view: &View, account: Option<&AccountId>) -> String {
    account.and_then(|id| view.names.get(id.as_str()).cloned()).unwrap_or_else(|| "somebody".into())
}

/// Share, approve, publish: each with the reason where it cannot be done.
fn steps(shown: &Shown, viewer: &Viewer, view: &View, draft: &Advisory, place: &str) -> Markup {
    let state = &view.state;
    let Some(latest) = &state.latest else {
        return html! { div.sheet { h2 { "Your next step" }
        p { "Correct the draft and save it. Then two coordinators approve it, and it can go out." }
        div.actions { button.btn.main form="editor" { "Save the draft" } } } };
    };
    let me = viewer.person().ok().map(|person| &person.id);
    let eyes = persons(&state.approvals, &view.register);
    let mine = me.and_then(|me| view.register.get(me.as_str())).is_some_and(|me| eyes.contains(me));
    let stops = blocking(draft).len();
    let out = state.is_out().then_some("This draft is published. Save a change to begin an update.");
    let wrong = (stops > 0).then_some("Something is missing first; see the list below.");
    let approve = out.or(wrong).or(mine.then_some("You have approved it. A second person must, too."));
    let publish = out.or(wrong).or(match eyes.len() {
        0 => Some("Two coordinators must approve it first."),
        1 => Some("A second coordinator must approve it first."),
        _ => None,
    });
    let share = state.is_shared().then_some("The participants have this draft.");
    html! {
        div.sheet {
            h2 { "Your next step" }
            @if state.approvals.is_empty() { p.quiet { "Nobody has approved draft " (latest.revision) " yet." } }
            @for approval in &state.approvals {
                p { (chip(Tone::Calm, "approved")) " " (name(view, Some(&approval.account))) ", " (instant(shown, approval.at)) }
            }
            (step(place, "share", "Share with the participants", latest, share, false))
            (step(place, "approve", "Approve this draft", latest, approve, publish.is_some()))
            @if publish.is_none() { (embargo(shown, view)) }
            (step(place, "publish", "Publish", latest, publish, publish.is_none()))
            p.quiet { "An approval binds this hash; any edit voids it: " span.code { (latest.hash) } }
        }
    }
}

/// What publishing does to an embargo that still holds.
fn embargo(shown: &Shown, view: &View) -> Markup {
    html! {
        @if let Some(end) = view.case.embargo.end().filter(|_| view.case.embargo.holds(shown.now)) {
            p.notice { "An embargo holds until " (instant(shown, end)) ". Publishing ends it for everyone." }
        }
    }
}

fn step(place: &str, verb: &str, words: &str, draft: &Draft, stop: Option<&str>, main: bool) -> Markup {
    html! {
        form method="post" action={ (place) "/" (verb) } {
            input type="hidden" name="revision" value=(draft.revision);
            input type="hidden" name="hash" value=(draft.hash);
            div.actions {
                button class=(if main && stop.is_none() { "btn main" } else { "btn" }) disabled[stop.is_some()]
                    aria-describedby=[stop.map(|_| format!("{verb}-stop"))] { (words) }
                @if let Some(stop) = stop { span.quiet id={ (verb) "-stop" } { (stop) } }
            }
        }
    }
}

/// What the draft lacks, format by format: what stops it first.
fn missing(draft: &Advisory) -> Markup {
    let mut findings = draft.check();
    let stops = |finding: &formats::Finding| {
        finding.weight == Weight::Error && (finding.format != Format::Cve || cve_is_ours(draft))
    };
    findings.sort_by_key(|finding| !stops(finding));
    if draft.cves.is_empty() {
        // Without an id there is no CVE record, so what it would lack is no news.
        findings.retain(|finding| finding.format != Format::Cve);
    }
    html! {
        div.sheet {
            h2 { "What is missing" }
            @if findings.is_empty() { p { (chip(Tone::Calm, "nothing")) " Every format can be written." } }
            @for finding in &findings {
                p {
                    @if stops(finding) { (chip(Tone::Soon, "stops")) } @else { (chip(Tone::Idle, "could be better")) }
                    " "
                    @let place = form::place(&finding.place, draft);
                    @match &place.field {
                        Some(field) => a href={ "#" (field) } { (place.label) },
                        None => b { (place.label) },
                    }
                    " " (finding.reason) span.quiet { " (" (finding.format.label()) ")" }
                }
            }
            @if draft.cves.is_empty() { p.quiet { "Without a CVE id, no CVE record is written." } }
            @else if !cve_is_ours(draft) {
                p.quiet { "No CVE record is written: this centre has no organisation in the CVE programme \
                    (settings cve_org_id and cve_org_name)." }
            }
        }
    }
}
