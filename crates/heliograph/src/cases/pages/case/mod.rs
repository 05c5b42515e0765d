//! The case: embargo, next step, who is silent, and all that happened, for each kind of viewer.

mod centre;
mod marks;
mod reporter;
mod vendor;
mod vendors;

pub(crate) use reporter::my_case;

use super::load::{self, View};
use crate::access::{self, Permission, Viewer};
use crate::app::App;
use crate::cases::rules::Party;
use crate::cases::store;
use crate::deadlines::{self, Point};
use crate::people;
use crate::refusal::Refusal;
use crate::reports;
use crate::web::{Shown, choice, page, severity_chip, text_area, timeline};
use axum::extract::{Path, State};
use axum::response::Html;
use marks::{status_line, tlp};
use maud::{Markup, html};
use vocabulary::{CaseId, OrganisationId};

/// `GET /case/{id}`
pub(crate) async fn case(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Html<String>, Refusal> {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let wanted = id.clone();
    let found = app.read(move |tx| store::find(tx, &wanted)).await?.state;
    let resource = store::resource(&id, &found);
    let shown = Shown::of(&app);
    if !app.policies.allows(&viewer, Permission::ViewCase, &resource) {
        // An invited vendor sees the terms, and nothing of the case.
        app.policies.check(&viewer, Permission::ParticipateInCase, &resource)?;
        let body = vendor::invitation(&shown, &id, &found, &load::party(&viewer)?);
        return Ok(page(&app, &viewer, &found.code_name, body));
    }
    let view = opened(&app, &viewer, &id, &shown).await?;
    let vendors = match view.me {
        Party::Centre => app.read(people::organisations).await?,
        _ => Vec::new(),
    };
    let body = case_page(&shown, &view, &vendors);
    Ok(page(&app, &viewer, &view.case.code_name, body))
}

async fn opened(app: &App, viewer: &Viewer, id: &CaseId, shown: &Shown) -> Result<View, Refusal> {
    let (policies, seen, wanted, shown) = (app.policies.clone(), viewer.clone(), id.clone(), shown.clone());
    let subject = id.to_string();
    access::open(app, viewer, &subject, "work on the case", move |w| {
        load::open(w, &policies, &seen, &wanted, &shown)
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

fn case_page(shown: &Shown, view: &View, vendors: &[people::Organisation]) -> Markup {
    let list = if view.me == Party::Centre { ("/desk", "Desk") } else { ("/vendor", "Your cases") };
    let title = view.texts.values().next().map_or("", |text| text.product.as_str());
    html! {
        p.quiet { a href=(list.0) { (list.1) } " / " (view.id) }
        h1 { (view.case.code_name) " " (tlp(&view.case)) }
        p.quiet { (title) }
        (status_line(shown, view))
        (picture(shown, view))
        div.cols {
            section {
                @if view.me == Party::Centre { (vendors::vendor_table(shown, view)) }
                h2 { "Clocks" }
                @if view.clocks.is_empty() { p.quiet { "No clock runs." } }
                @else { (deadlines::pages::clock_table(shown, &view.clocks, &view.names, false, view.me == Party::Centre)) }
                (texts(view))
                h2 { "What happened" }
                (timeline(shown, &view.moments))
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

fn texts(view: &View) -> Markup {
    html! {
        @for (id, text) in &view.texts {
            h2 { "Report " @if view.me == Party::Centre { a href={ "/desk/report/" (id) } { (id) } } }
            (reports::pages::text_markup(text))
            @if view.me != Party::Centre {
                p { a href={ "/case/" (view.id) "/exploit/" (id) } { "Proof of concept, if there is one" } }
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
            @if let Some(record) = &view.case.triage { p { "SSVC: " (record.outcome.value) } p.quiet { (record.table) } }
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
        options.extend(view.case.vendors.keys().map(|id| (id.to_string(), vendor(id))));
        options.extend(view.case.reports.iter().map(|id| (id.to_string(), format!("the reporter of {id}"))));
    } else {
        options.insert(0, ("centre".into(), "the centre".into()));
    }
    html! {
        form method="post" action={ (place) "/message" } {
            (choice("to", "To", &options, ""))
            (text_area("message", "Message", "", "", true))
            div.actions { button.btn.main { "Send" } }
        }
    }
}
