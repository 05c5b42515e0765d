//! The case: embargo, next step, who is silent, and all that happened, for each kind of viewer.

mod centre;
mod marks;
mod reporter;
mod standing;
mod vendor;
mod vendors;

pub(crate) use reporter::my_case;

use super::grade::triage_word;
use super::load::{self, View};
use crate::access::{self, Permission, Viewer};
use crate::app::App;
use crate::cases::rules::Party;
use crate::cases::store;
use crate::deadlines::{self, Clock, Point};
use crate::people;
use crate::refusal::Refusal;
use crate::reports;
use crate::web::{
    Shown, Tone, chip, choice, page, page_in, page_links, severity_chip, story, text_area, when,
};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use marks::{status_line, tlp};
use maud::{Markup, html};
use std::collections::HashMap;
use vendors::Which;
use vocabulary::{CaseId, OrganisationId, Page};

/// `GET /case/{id}`
pub(crate) async fn case(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Refusal> {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let (wanted, now) = (id.clone(), app.now());
    let (found, resource) = app.read(move |tx| store::find_as_seen(tx, &wanted, now)).await?;
    if let Some(into) = found.merged_into {
        return survivor(&app, &viewer, into).await;
    }
    let shown = Shown::of(&app);
    if !app.policies.allows(&viewer, Permission::ViewCase, &resource) {
        // An invited vendor sees the terms, and nothing of the case.
        app.policies.check(&viewer, Permission::ParticipateInCase, &resource)?;
        let body = vendor::invitation(&shown, &id, &found, &store::party(&viewer)?);
        return Ok(page(&app, &viewer, &found.code_name, body).into_response());
    }
    let view = opened(&app, &viewer, &id, &shown, history_page(&query)?).await?;
    let vendors = match view.me {
        Party::Centre => app.read(people::organisations).await?,
        _ => Vec::new(),
    };
    let which = Which::of_name(query.get("vendors").map(String::as_str));
    let body = case_page(&shown, &view, &vendors, which);
    Ok(page(&app, &viewer, &view.case.code_name, body).into_response())
}

/// The number of a case that became part of another leads there whoever may see that one.
async fn survivor(app: &App, viewer: &Viewer, into: CaseId) -> Result<Response, Refusal> {
    let now = app.now();
    let (id, resource) = app
        .read(move |tx| {
            let (id, case) = store::surviving(tx, &into)?;
            let resource = store::resource(tx, &id, &case, now)?;
            Ok((id, resource))
        })
        .await?;
    if !app.policies.allows(viewer, Permission::ViewCase, &resource) {
        app.policies.check(viewer, Permission::ParticipateInCase, &resource)?;
    }
    Ok(Redirect::to(&format!("/case/{id}")).into_response())
}

/// The purpose of a read that is a visit to the case.
pub(super) const VISIT: &str = "work on the case";

/// Which page of what happened the address asks for.
fn history_page(query: &HashMap<String, String>) -> Result<Page, Refusal> {
    page_in("history", query.get("history").map(String::as_str))
}

async fn opened(app: &App, viewer: &Viewer, id: &CaseId, shown: &Shown, page: Page) -> Result<View, Refusal> {
    let (policies, seen, wanted, shown) = (app.policies.clone(), viewer.clone(), id.clone(), shown.clone());
    let subject = id.to_string();
    access::open(app, viewer, &subject, VISIT, move |w| {
        load::open(w, &policies, &seen, &wanted, &shown, Some(page))
    })
    .await
}

fn picture(shown: &Shown, view: &View) -> Markup {
    let case = &view.case;
    let dot = |words: &str, at| Point { words: words.into(), at, class: "dot" };
    let mut points = vec![dot("opened", case.opened)];
    points.extend(
        case.vendors.values().filter_map(|vendor| vendor.told).min().map(|at| dot("vendor told", at)),
    );
    points.extend(case.published.map(|(_, at)| Point { words: "published".into(), at, class: "met" }));
    points.extend(case.embargo.end().map(|at| Point { words: "embargo ends".into(), at, class: "end" }));
    deadlines::picture(shown, &view.clocks, points)
}

fn case_page(shown: &Shown, view: &View, vendors: &[people::Organisation], which: Which) -> Markup {
    let list = if view.me == Party::Centre { ("/desk", "Desk") } else { ("/vendor", "Your cases") };
    let title = view.texts.values().next().map_or("", |text| text.product.as_str());
    html! {
        p.quiet { a href=(list.0) { (list.1) } " / " (view.id) }
        h1 { (view.case.code_name) " " (tlp(&view.case))
            @if let Some(asks) = &view.asks { " " (chip(Tone::Seal, asks)) } }
        p.quiet { (title) }
        (status_line(shown, view))
        (picture(shown, view))
        div.cols {
            section {
                @if view.me == Party::Centre { (vendors::vendor_table(shown, view, which)) }
                (clocks(shown, view))
                (texts(view))
                (happened(shown, view, &format!("/case/{}", view.id)))
            }
            aside {
                @match view.me {
                    Party::Centre => (centre::centre_actions(shown, view, vendors)),
                    _ => (vendor::vendor_actions(shown, view)),
                }
                (side(view))
            }
        }
    }
}

/// What is owed; what was done already is summed up.
fn clocks(shown: &Shown, view: &View) -> Markup {
    let (open, done): (Vec<Clock>, Vec<Clock>) =
        view.clocks.iter().cloned().partition(|clock| clock.is_open() || clock.reference);
    let with_reasons = view.me == Party::Centre;
    let table =
        |clocks: &[Clock]| deadlines::pages::clock_table(shown, clocks, &view.names, false, with_reasons);
    html! {
        h2 id="clocks" { "Clocks" }
        @if open.is_empty() { p.quiet { "Nothing is owed now." } } @else { (table(&open)) }
        @if !done.is_empty() {
            details { summary { (done.len()) " that run no more" } (table(&done)) }
        }
    }
}

/// What happened, one page of it, and what of it is new.
fn happened(shown: &Shown, view: &View, place: &str) -> Markup {
    let history = &view.history;
    let older = history.page.offset() + (history.moments.len() as i64) < history.total as i64;
    html! {
        h2 id="happened" { "What happened" }
        p.quiet {
            @match (history.last_visit, history.fresh) {
                (None, _) => "You are here for the first time.",
                (Some(at), 0) => { "Nothing new since your last visit, " (when(shown, at)) "." }
                (Some(at), fresh) => { (chip(Tone::Calm, format!("{fresh} new"))) " since your last visit, " (when(shown, at)) "." }
            }
            " " (history.total) " entries, the latest first."
        }
        @if history.moments.is_empty() { p { "There are no entries this far back." } }
        (story(shown, &history.moments))
        (page_links("Pages of what happened", history.page, older, ["Later entries", "Earlier entries"], None,
            |page| format!("{place}?history={page}#happened")))
    }
}

fn texts(view: &View) -> Markup {
    html! {
        @for (id, text) in &view.texts {
            h2 { "Report " @if view.me == Party::Centre { a href={ "/desk/report/" (id) } { (id) } } }
            (reports::pages::text_markup(text))
            @if view.me != Party::Centre && view.proofs.contains(id) {
                p { a href={ "/case/" (view.id) "/exploit/" (id) } { "Proof of concept" } }
            }
        }
    }
}

fn side(view: &View) -> Markup {
    html! {
        div.sheet {
            h2 { "Severity" }
            p { (severity_chip(view.case.tenths)) }
            @for vector in &view.case.vectors { p.code { (vector) } }
            @if let Some(record) = &view.case.triage { p { "SSVC: " (triage_word(record)) } p.quiet { (record.table) } }
        }
        div.sheet {
            h2 { "Advisory" }
            p { a href={ "/case/" (view.id) "/advisory" } { "The draft and its revisions" } }
        }
        div.sheet {
            h2 { "Who has read this" }
            p { a href={ "/case/" (view.id) "/reads" } { "Read log" } }
        }
    }
}

fn message_form(place: &str, view: &View) -> Markup {
    let mut options = vec![("everyone".to_owned(), "everyone in the case".to_owned())];
    if view.me == Party::Centre {
        let vendor = |id: &OrganisationId| view.names.get(id.as_str()).cloned().unwrap_or_default();
        options.extend(view.case.invited().iter().map(|id| (id.to_string(), vendor(id))));
        options
            .extend(view.case.reporters().iter().map(|id| (id.to_string(), format!("the reporter of {id}"))));
    } else {
        options.insert(0, ("centre".into(), "the centre".into()));
    }
    html! {
        form method="post" action={ (place) "/message" } {
            (choice("to", "To", &options, ""))
            (text_area("message", "Message", "", "", true))
            div.actions { button.btn { "Send" } }
        }
    }
}
