//! One's own subscriptions.

use super::rules::{About, Alert, Wish};
use super::store::{self, Subscription};
use super::{NAME_CHARS, bill_of, given, own_one, search_of};
use crate::access::{Person, Viewer};
use crate::app::App;
use crate::catalogue::{inventory, page_of, report};
use crate::refusal::Refusal;
use crate::web::{Shown, WithFiles, field, page, when};
use axum::extract::{Path, Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// A token reads alerts; it does not subscribe.
fn own_browser(viewer: &Viewer) -> Result<&Person, Refusal> {
    let person = viewer.person()?;
    match person.scopes {
        None => Ok(person),
        Some(_) => Err(Refusal::forbidden("This needs a person who is signed in, not a token.")),
    }
}

/// A search that is to be saved.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    search: String,
}

/// `GET /account/subscriptions`
pub(crate) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    own_browser(&viewer)?;
    let (who, keys) = (viewer.clone(), app.ledger.keys().clone());
    let all = app.read(move |tx| store::own(tx, &keys, &who)).await?;
    let shown = Shown::of(&app);
    let body = html! {
        p { a href="/account" { "Your account" } }
        h1 { "Your subscriptions" }
        @if all.is_empty() { p { "None yet. Save a search, of a product or of anything else, or leave a bill of materials here to be told when something changes for one of its parts." } }
        @for subscription in &all { (card(&shown, subscription)) }
        div.halves { (search_form(&catalogue::clip(&wanted.search, catalogue::QUERY_CHARS))) (bill_form()) }
    };
    Ok(([(CACHE_CONTROL, "no-store")], page(&app, &viewer, "Your subscriptions", body)).into_response())
}

fn card(shown: &Shown, subscription: &Subscription) -> Markup {
    let place = format!("/account/subscriptions/{}", subscription.id);
    let end = match subscription.wish.about {
        About::Bill(_) => "End, and forget the bill",
        About::Search(_) => "End",
    };
    html! {
        section.sheet {
            @match &subscription.wish.about {
                About::Search(text) => {
                    h2 { a href=(crate::catalogue::search_address(text)) { (subscription.wish.name) } }
                    p { "A search: " span.code { (text) } " · " a href=(crate::catalogue::feed_address(text)) { "Feed (Atom)" } }
                }
                About::Bill(_) => {
                    h2 { a href=(place) { (subscription.wish.name) } }
                    p {
                        "A bill of materials, sealed. "
                        @match subscription.looked {
                            Some(at) => { "Looked at " (when(shown, at)) ". " }
                            None => "Not looked at yet. ",
                        }
                        (standing(subscription)) " · " a href={ (place) "/alerts.atom" } { "Alerts (Atom, with a token of yours)" }
                    }
                    (alerts(shown, subscription.told.alerts.iter().take(3)))
                }
            }
            form method="post" action="/account/subscriptions/end" {
                input type="hidden" name="id" value=(subscription.id);
                button.btn aria-label={ (end) ": " (subscription.wish.name) } { (end) }
            }
        }
    }
}

/// How many findings of the last look stand.
pub(super) fn standing_of(subscription: &Subscription) -> usize {
    subscription.told.findings.values().filter(|finding| finding.stands).count()
}

fn standing(subscription: &Subscription) -> String {
    let standing = standing_of(subscription);
    if standing == 1 { "1 finding stands".to_owned() } else { format!("{standing} findings stand") }
}

fn alerts<'a>(shown: &Shown, alerts: impl Iterator<Item = &'a Alert>) -> Markup {
    html! {
        ul {
            @for alert in alerts {
                li {
                    a href=(page_of("", &alert.id)) { (alert.id) } ", " span.code { (alert.part) } ": "
                    (alert.what.join("; ")) ". " span.quiet { (when(shown, alert.at)) }
                }
            }
        }
    }
}

fn search_form(search: &str) -> Markup {
    html! {
        form.sheet method="post" action="/account/subscriptions" enctype="multipart/form-data" {
            h2 { "Save a search" }
            (field("name", "Name", "", "", true))
            (field("search", "Search", "as in the search box: vendor:x cvss>=8, affects:pkg:pypi/django@4.2", search, true))
            p { button.btn { "Save" } }
        }
    }
}

fn bill_form() -> Markup {
    html! {
        form.sheet method="post" action="/account/subscriptions" enctype="multipart/form-data" {
            h2 { "Follow a bill of materials" }
            label for="bill-name" { "Name" b.needed { " needed" } }
            input type="text" id="bill-name" name="name" required maxlength=(NAME_CHARS);
            label for="files" {
                "Bill of materials" b.needed { " needed" }
                span.quiet { "CycloneDX (JSON, XML) or SPDX (2 in JSON or as tags and values, 3), and VEX if there is any" }
            }
            input type="file" id="files" name="files" multiple required;
            p.hint { "It is sealed, for your account alone, and forgotten when you end the subscription." }
            p { button.btn { "Follow" } }
        }
    }
}

/// `POST /account/subscriptions`: a search, or documents of which one is a bill of materials.
pub(crate) async fn subscribe(
    State(app): State<App>,
    viewer: Viewer,
    WithFiles(fields): WithFiles,
) -> Result<Redirect, Refusal> {
    let account = own_browser(&viewer)?.id.clone();
    let name = fields.required("name", NAME_CHARS)?;
    let (about, first) = if fields.uploads.is_empty() {
        (search_of(&app, fields.required("search", catalogue::QUERY_CHARS)?)?, None)
    } else {
        let mut documents = Vec::new();
        for file in fields.uploads {
            let text = String::from_utf8(file.bytes);
            documents.push((file.name, text.map_err(|_| Refusal::invalid("files", "Not UTF-8."))?));
        }
        let (about, first) = bill_of(&app, documents).await?;
        (about, Some(first))
    };
    let wish = Wish { name, about };
    app.ledger.submit(move |w| store::make(w, &account, &wish, first)).await?;
    Ok(Redirect::to("/account/subscriptions"))
}

/// `POST /account/subscriptions/end`
pub(crate) async fn end(
    State(app): State<App>,
    viewer: Viewer,
    fields: crate::web::Fields,
) -> Result<Redirect, Refusal> {
    let (account, id) = (own_browser(&viewer)?.id.clone(), fields.text("id").to_owned());
    app.ledger.submit(move |w| store::end(w, &account, &id)).await?;
    Ok(Redirect::to("/account/subscriptions"))
}

/// `GET /account/subscriptions/{id}`: the report on a bill as of now, and what changed before.
pub(crate) async fn one(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    own_browser(&viewer)?;
    let found = own_one(&app, &viewer, id).await?;
    let About::Bill(documents) = &found.wish.about else { return Err(Refusal::NotFound) };
    let (catalogue, given, now) = (app.catalogue.clone(), given(documents), app.now());
    let inventory = tokio::task::spawn_blocking(move || inventory(&catalogue, given, now)).await;
    let inventory = inventory.map_err(|_| Refusal::Internal("a bill could not be read".into()))??;
    let shown = Shown::of(&app);
    let body = html! {
        p { a href="/account/subscriptions" { "Your subscriptions" } }
        h1 { (found.wish.name) }
        h2 { "What changed" }
        @if found.told.alerts.is_empty() { p { "Nothing since you began to follow it." } }
        (alerts(&shown, found.told.alerts.iter()))
        h2 { "As of now" }
        (report(&inventory))
    };
    Ok(([(CACHE_CONTROL, "no-store")], page(&app, &viewer, &found.wish.name, body)).into_response())
}
