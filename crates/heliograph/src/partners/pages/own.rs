//! A partner's own page: where it stands, and what comes next.

use super::credit::{self, Credits};
use super::{forms, pieces, requests};
use crate::access::{self, Viewer};
use crate::accreditations;
use crate::app::App;
use crate::partners::rules::{ContactPoint, Declared, INITIAL, Life, Marks, Partner, programme, programmes};
use crate::partners::store::{self, Opened, Sent, Side, WhichFinds, of_organisation};
use crate::refusal::Refusal;
use crate::vetting;
use crate::web::{
    self, Asked, Expected, Fields, Shown, WithFiles, cell, chip, choice, page, pick, text_area, when,
};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect};
use maud::{Markup, html};
use vocabulary::{Page, PartnerId};

/// The partner for which somebody speaks; none where the centre has not invited it.
pub(in crate::partners) async fn mine(app: &App, viewer: &Viewer) -> Result<Option<PartnerId>, Refusal> {
    let organisation = viewer.organisation().ok_or(Refusal::NotFound)?.clone();
    Ok(app.read(move |tx| of_organisation(tx, &organisation)).await?.map(|(id, _)| id))
}

/// Opens it, with the read on the record.
pub(in crate::partners) async fn opened(app: &App, viewer: &Viewer) -> Result<Option<Opened>, Refusal> {
    let Some(id) = mine(app, viewer).await? else { return Ok(None) };
    let (policies, who) = (app.policies.clone(), viewer.clone());
    let subject = id.to_string();
    access::open(app, viewer, &subject, "own partnership", move |w| {
        store::open(w, &policies, &who, Side::Partner, &id)
    })
    .await
    .map(Some)
}

/// `GET /partner`
pub(crate) async fn own(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<Html<String>, Refusal> {
    let (page_wanted, levels) = (asked.page(&["level"])?, all_levels());
    let Some(opened) = opened(&app, &viewer).await? else {
        let body = html! {
            h1 { "Partner programme" }
            p { "Your organisation was not invited to apply yet. Ask about the programme on the page of "
                a href="/partners" { "the partners" } "." }
        };
        return Ok(page(&app, &viewer, "Partner programme", body));
    };
    let shown = Shown::of(&app);
    let partner = &opened.partner;
    let credits = credits_of(&app, &viewer, &opened, page_wanted).await?;
    let wanted = opened.id.clone();
    let (dates, organisation, seen) = (shown.clone(), partner.organisation.clone(), viewer.clone());
    let (certificate, mut asked_of_us, accredited) = app
        .read(move |tx| {
            let eyes = vetting::eyes(tx, &seen, dates.now)?;
            let requests = store::requests(tx, Some(&wanted), Page::FIRST, &eyes)?;
            let accredited = accreditations::shown_for(tx, &dates, organisation.as_ref())?;
            Ok((store::current(tx, wanted.as_str())?, requests, accredited))
        })
        .await?;
    Page::FIRST.cut(&mut asked_of_us);
    let looked_at = asked.choice("level", &levels)?.or(partner.level.clone()).unwrap_or_default();
    let body = html! {
        p.quiet { "Partner " (opened.id) }
        h1 { (opened.name) }
        p { (pieces::life_chip(partner.life))
            @if let Some(level) = &partner.level { " " (level) " of " (partner.programme) } }
        div.cols {
            section {
                @if let Some(certificate) = &certificate { p { a href={ "/certificates/" (certificate.serial) } { "Your certificate" } } }
                (credit::section(&shown, partner, &credits, &looked_at))
                @if partner.life.is_partner() { (level_links(partner, &looked_at)) (credit::finds(&shown, &credits)) (credit::support(&credits)) }
                @if partner.life.is_partner() { h2 { "Requests" } (requests::table(&shown, &asked_of_us, "/partner/requests")) }
                (credit::alerts(&shown, &opened, false))
                @if let Some(decision) = &partner.decision {
                    h2 { @if decision.admitted { "You were admitted" } @else { "You were not admitted" } }
                    (pieces::found_table(&partner.programme, INITIAL, &decision.found))
                }
                (pieces::standing(&shown, partner, &opened.terms))
                h2 { "Declared" }
                (pieces::declarations(&shown, partner))
                h2 { "Accreditations" }
                (accredited)
                p { a href="/account/accreditations" { "Hand one in" } }
                h2 { "Contacts" }
                (contact_list(&opened.contacts))
                @if let Some(application) = &opened.application {
                    h2 { "Your application" }
                    (pieces::application(application, "/partner"))
                }
                h2 { "What happened" }
                (web::story(&shown, &opened.moments))
            }
            aside { (next_step(&shown, &opened)) @if partner.life.is_partner() { (credit::duties(&shown, partner, &credits)) (credit::actions()) } (other_steps(&opened)) }
        }
    };
    Ok(page(&app, &viewer, &opened.name, body))
}

/// What counts for a partner now, with the finds that whoever looks is let into.
pub(in crate::partners) async fn credits_of(
    app: &App,
    viewer: &Viewer,
    opened: &Opened,
    wanted: Page,
) -> Result<Credits, Refusal> {
    let (id, now, seen) = (opened.id.clone(), app.now(), viewer.clone());
    let (counted, finds) = app
        .read(move |tx| {
            let mut counted = store::counted(tx, store::year_before(now), now, Some(&id))?;
            let eyes = vetting::eyes(tx, &seen, now)?;
            let mut finds = store::finds(tx, &WhichFinds::Of(id.clone()), wanted, &eyes)?;
            wanted.cut(&mut finds);
            Ok((counted.remove(id.as_str()).unwrap_or_default(), finds))
        })
        .await?;
    Credits::of(&opened.partner, counted, finds, now)
}

/// Every level that any programme has.
fn all_levels() -> Vec<(&'static str, String)> {
    let levels = programmes().iter().flat_map(|published| &published.programme.levels);
    levels.map(|level| (level.as_str(), level.clone())).collect()
}

/// What another level would ask: nothing is decided by looking.
fn level_links(partner: &Partner, looked_at: &str) -> Markup {
    let Some(published) = programme(&partner.programme) else { return html! {} };
    html! {
        p.row { "Look at a level: " @for level in &published.programme.levels {
            a href={ "/partner?level=" (level) } aria-current=[(level == looked_at).then_some("true")] { (level) }
        } }
    }
}

fn contact_list(contacts: &[ContactPoint]) -> Markup {
    html! {
        @if contacts.is_empty() { p.quiet { "No contact yet. The programme asks for two, each with a key and hours." } }
        @for contact in contacts {
            p { b { (contact.name) } ", " (contact.role) br; (contact.reach) ", " (contact.hours)
                @if contact.out_of_hours { " " (chip(web::Tone::Calm, "also out of hours")) }
                @if contact.key.is_empty() { " " (chip(web::Tone::Soon, "no key")) } }
        }
    }
}

fn next_step(shown: &Shown, opened: &Opened) -> Markup {
    let partner = &opened.partner;
    html! {
        div.sheet {
            h2 { "Your next step" }
            @match partner.life {
                Life::Invited | Life::Refused => (application_form(opened)),
                Life::Applied | Life::Assessing | Life::Assessed => p { "None: two assessors look at your application, each \
                    without knowing the other's marks. The decision comes with its reasons." },
                Life::Admitted => p { "None: the centre prepares your contract." },
                Life::Offered => {
                    p { "Read the contract's terms, and sign it. You may ask for other terms first." }
                    form method="post" action="/partner/sign" { div.actions { button.btn.main { "Sign the contract" } } }
                }
                Life::Contracted => p { "None: the centre issues your certificate." },
                Life::Active => p { "None is due." },
                Life::Probation => p { "Mend what is not met, or what the reasons name"
                    @if let Some(by) = opened.partner.mend_by { ", by " (when(shown, by)) } "." },
                Life::Suspended => p { "You do no work for the centre for now; the reasons stand below." },
                Life::Nothing | Life::Enquiry | Life::Ended => p { "None. You may ask about the programme again." },
            }
        }
    }
}

fn application_form(opened: &Opened) -> Markup {
    let partner = &opened.partner;
    let Some(published) = programme(&partner.programme) else { return html! {} };
    let levels: Vec<(&str, &str)> =
        published.programme.levels.iter().map(|level| (level.as_str(), level.as_str())).collect();
    html! {
        p { "Declare what stands on this page and name two contacts first; then apply. "
            a href={ "/programmes/" (partner.programme) } { "What is asked" } "." }
        form method="post" action="/partner/apply" enctype="multipart/form-data" {
            (choice("level", "Level that you apply for", &levels, levels.last().map_or("", |(level, _)| *level)))
            (pieces::fact_inputs(&published.programme, &Marks::default(), false))
            (text_area("words", "Who you are and how you work", "Two assessors and the managers read it", "", true))
            label for="files" { "Evidence" span.quiet { "Up to 10 files of 10 MiB; they are sealed" } }
            input type="file" id="files" name="files" multiple;
            div.actions { button.btn.main { "Apply" } }
        }
    }
}

fn other_steps(opened: &Opened) -> Markup {
    let partner = &opened.partner;
    let is_over = matches!(partner.life, Life::Ended | Life::Nothing);
    html! {
        @if !is_over {
            div.sheet {
                h2 { "More" }
                details { summary { "Declare" } (declaration_form()) }
                details { summary { "Contacts" } (contact_form(&opened.contacts)) }
                @if partner.appealable.is_some() && partner.appeal.is_none() {
                    details { summary { "Appeal" } (reasons_form("/partner/appeal", "Why the decision is wrong", "Appeal")) }
                }
                details { summary { "Leave the programme" }
                    (reasons_form("/partner/leave", "A word on why; nothing follows from it", "Leave")) }
            }
        }
    }
}

pub(super) fn reasons_form(place: &str, label: &str, button: &str) -> Markup {
    let id = format!("reasons{}", place.replace('/', "-"));
    html! {
        form method="post" action=(place) {
            label for=(id) { (label) }
            textarea id=(id) name="reasons" required {}
            div.actions { button.btn { (button) } }
        }
    }
}

fn declaration_form() -> Markup {
    let all: Vec<(&str, &str)> = Declared::ALL.iter().map(|(_, name, words)| (*name, *words)).collect();
    html! {
        form method="post" action="/partner/declare" {
            (choice("what", "What", &all, "holdings"))
            (choice("has_any", "Is there anything?", &[("no", "no"), ("yes", "yes")], "no"))
            label for="declared-words" { "In words" }
            textarea id="declared-words" name="words" required {}
            div.actions { button.btn { "Declare" } }
        }
    }
}

fn contact_form(contacts: &[ContactPoint]) -> Markup {
    let empty = ContactPoint::default();
    let rows =
        contacts.iter().chain(std::iter::repeat_n(&empty, 3usize.saturating_sub(contacts.len()).max(1)));
    html! {
        form method="post" action="/partner/contacts" {
            @for contact in rows {
                fieldset { legend { "Contact" }
                    (cell("Name", "name", "", &contact.name))
                    (cell("Role", "role", "", &contact.role))
                    (cell("How to reach", "reach", "", &contact.reach))
                    (cell("Key", "key", "Its fingerprint", &contact.key))
                    (cell("Hours", "hours", "With the zone", &contact.hours))
                    (pick("Also out of hours", "out_of_hours", &[("no", "no"), ("yes", "yes")],
                        if contact.out_of_hours { "yes" } else { "no" }))
                }
            }
            div.actions { button.btn { "Keep these contacts" } }
        }
    }
}

/// `POST /partner/{act}`
pub(crate) async fn act(
    State(app): State<App>,
    viewer: Viewer,
    Path(act): Path<String>,
    WithFiles(fields): WithFiles,
) -> Result<Redirect, Refusal> {
    let published = match act.as_str() {
        "apply" => by_programme(&app, &viewer).await?,
        _ => None,
    };
    let (act, files) = (forms::partner(&act, &fields, published)?, sent(fields));
    store::represent(&app, &viewer, Expected(None), act, files).await?;
    Ok(Redirect::to("/partner"))
}

fn sent(fields: Fields) -> Sent {
    fields.uploads.into_iter().map(|file| (file.name, file.bytes)).collect()
}

async fn by_programme(
    app: &App,
    viewer: &Viewer,
) -> Result<Option<&'static crate::partners::rules::Published>, Refusal> {
    let Some(id) = mine(app, viewer).await? else { return Ok(None) };
    let name = app.read(move |tx| Ok(store::find(tx, &id)?.state.programme)).await?;
    Ok(programme(&name))
}

/// `GET /partner/evidence/{which}`
pub(crate) async fn evidence(
    State(app): State<App>,
    viewer: Viewer,
    Path(which): Path<String>,
) -> Result<impl IntoResponse, Refusal> {
    let id = mine(&app, &viewer).await?.ok_or(Refusal::NotFound)?;
    bytes(&app, &viewer, Side::Partner, id, &which).await
}

/// One piece of evidence, with the read on the record. A browser keeps it and does not show it.
pub(super) async fn bytes(
    app: &App,
    viewer: &Viewer,
    side: Side,
    id: PartnerId,
    which: &str,
) -> Result<impl IntoResponse + use<>, Refusal> {
    let place: usize = which.parse().map_err(|_| Refusal::NotFound)?;
    let (policies, who, subject) = (app.policies.clone(), viewer.clone(), id.to_string());
    let bytes = access::open(app, viewer, &subject, "evidence of an application", move |w| {
        store::file(w, &policies, &who, side, &id, place)
    })
    .await?;
    let disposition = format!("attachment; filename=\"evidence-{place}\"");
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, bytes))
}
