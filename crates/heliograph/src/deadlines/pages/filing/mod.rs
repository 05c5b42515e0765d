//! Filings: the form of a duty's stage, what is missing in it, and the word that it went out.

mod export;

use super::organisation_names;
use crate::access::{self, Permission, Resource, Viewer};
use crate::app::App;
use crate::deadlines::rules::{Debtor, Owed, field_table, form, is_drill};
use crate::deadlines::store::{self, Opened, Submitted};
use crate::refusal::Refusal;
use crate::web::{Expected, Fields, Shown, Tone, chip, date_input, instant, page, text_area};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use clocks::filing::{FIELD_MAX, Finding, FormField, Input, Need, Values, check};
use export::Export;
pub(in crate::deadlines) use export::Shape;
use maud::{Markup, html};
use std::collections::HashMap;

/// The parts of a filing's address: subject, debtor, profile, duty.
pub(in crate::deadlines) type Place = (String, String, String, String);

/// The address of a filing.
pub(crate) fn place(subject: &str, owed: &Owed) -> String {
    format!("/filings/{subject}/{}/{}/{}", String::from(owed.debtor.clone()), owed.profile, owed.duty)
}

/// What the address names, if this viewer may keep it.
pub(in crate::deadlines) fn named(
    app: &App,
    viewer: &Viewer,
    (subject, debtor, profile, duty): Place,
) -> Result<(String, Owed), Refusal> {
    let subject = subject.to_uppercase();
    let who: Debtor = debtor.clone().try_into().map_err(|_| Refusal::NotFound)?;
    let resource = Resource::Filing { subject: subject.clone(), debtor };
    app.policies.check(viewer, Permission::KeepFiling, &resource)?;
    Ok((subject, Owed { debtor: who, profile, duty }))
}

/// Opens a filing; the read is in the journal before this returns.
pub(in crate::deadlines) async fn open(
    app: &App,
    viewer: &Viewer,
    subject: &str,
    owed: &Owed,
) -> Result<Opened, Refusal> {
    let (about, wanted) = (subject.to_owned(), owed.clone());
    access::open(app, viewer, subject, "keep a filing", move |w| store::open_filing(w, &about, &wanted)).await
}

/// An opened filing, ready to be taken out.
pub(in crate::deadlines) fn export<'a>(
    app: &App,
    subject: &'a str,
    owed: &'a Owed,
    opened: &'a Opened,
) -> Result<Export<'a>, Refusal> {
    let (profile, duty) = owed.rule()?;
    Ok(Export { subject, owed, profile, duty, opened, shown: Shown::of(app) })
}

/// `GET /filings/{subject}/{debtor}/{profile}/{duty}`, with `?as=json|text|print` as an export.
pub(crate) async fn filing(
    State(app): State<App>,
    viewer: Viewer,
    Path(address): Path<Place>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Refusal> {
    let (subject, owed) = named(&app, &viewer, address)?;
    let (profile, duty) = owed.rule()?;
    let opened = open(&app, &viewer, &subject, &owed).await?;
    if let Some(name) = query.get("as") {
        let shape = Shape::named(name).ok_or(Refusal::NotFound)?;
        return Ok(export(&app, &subject, &owed, &opened)?.answer(shape));
    }
    let names = app.read(organisation_names).await?;
    let shown = Shown::of(&app);
    let debtor = match &owed.debtor {
        Debtor::Centre => "us".to_owned(),
        Debtor::Reporter => "the manufacturer, who reported".to_owned(),
        Debtor::Organisation(id) => names.get(id.as_str()).cloned().unwrap_or_else(|| "a vendor".into()),
    };
    let here = place(&subject, &owed);
    let may_receive = app.policies.allows(&viewer, Permission::CoordinateCase, &Resource::Centre);
    let body = html! {
        p.quiet { (subject) " · " (profile.title) ", " (duty.article) " · owed by " (debtor) }
        h1 { (duty.title) }
        @if is_drill(&subject) { div.notice.unsettled { p { b { "DRILL" } " · Nothing here is real. Send it to nobody." } } }
        (standing(&shown, &opened))
        (missing(&opened))
        div.cols.calmly {
            section { (the_form(&here, &opened)) }
            aside { (exports(&here)) (submission(&shown, &here, &opened, may_receive)) (list(&opened)) }
        }
    };
    Ok(page(&app, &viewer, &duty.title, body).into_response())
}

/// Whether it went out, before anything else.
fn standing(shown: &Shown, opened: &Opened) -> Markup {
    html! {
        @match &opened.filing.submitted {
            Some((revision, at, _)) => div.notice {
                p { b { "Submitted " (instant(shown, at.at)) } ", by the word of the person who recorded it"
                    @if *revision == 0 { "; it was written elsewhere" } @else { ", in revision " (revision) } "." }
                p.text { (opened.evidence) }
            },
            None => div.notice { p { b { (export::NOT_SUBMITTED) } }
                @match &opened.over {
                    Some(why) => p { (why) },
                    None => p { "Nothing is sent from here. Submit it where the law says, and record it then." },
                }
            },
        }
        @if opened.is_copied { p.quiet { "What stands in the form was copied from an earlier stage. It counts once you save it." } }
    }
}

fn missing(opened: &Opened) -> Markup {
    let findings = check(&opened.form, &opened.values);
    let (hard, soft): (Vec<_>, Vec<_>) = findings.iter().partition(|finding| finding.problem.is_in_the_way());
    html! {
        @if hard.is_empty() { p { (chip(Tone::Calm, "nothing required is missing")) } }
        @else {
            p { (chip(Tone::Soon, format!("{} required", hard.len()))) }
            ul { @for finding in hard { li { (link(finding)) } } }
        }
        @if !soft.is_empty() { ul.quiet { @for finding in soft { li { (link(finding)) } } } }
    }
}

/// What is wrong, leading to its field.
fn link(finding: &Finding) -> Markup {
    html! { a href={ "#f." (finding.field) } { (finding) } }
}

fn the_form(here: &str, opened: &Opened) -> Markup {
    let closed = opened.filing.submitted.is_some() || opened.over.is_some();
    html! {
        form method="post" action=(here) {
            input type="hidden" name="base" value=(opened.filing.texts.len());
            @for field in &opened.form.fields {
                (input(field, opened.values.get(&field.name).map_or("", String::as_str), closed))
            }
            @if !closed { div.actions { button.btn.main { "Save, sealed" } } }
        }
    }
}

fn input(field: &FormField, value: &str, closed: bool) -> Markup {
    let name = format!("f.{}", field.name);
    let limit = field.max.map(|max| format!(" · at most {max} characters")).unwrap_or_default();
    let hint = match (field.input, &field.note) {
        (Input::Instant, None) => " · such as 2026-11-23T09:15:00Z".to_owned(),
        (_, Some(note)) => format!(" · {note}"),
        (_, None) => String::new(),
    };
    html! {
        label for=(name) { (field.title)
            span.quiet { (field.need.label()) (limit) (hint) } }
        @if !field.choices.is_empty() {
            select id=(name) name=(name) disabled[closed] {
                option value="" { "" }
                @for word in &field.choices { option value=(word) selected[word == value] { (word) } }
            }
        } @else if field.input == Input::Instant || field.max.is_some_and(|max| max <= 255) {
            input type="text" id=(name) name=(name) value=(value) maxlength=[field.max] disabled[closed];
        } @else {
            textarea.short[field.max.is_none()] id=(name) name=(name) maxlength=(field.max.unwrap_or(FIELD_MAX)) disabled[closed]
                aria-required=[(field.need == Need::Required).then_some("true")] { (value) }
        }
    }
}

fn exports(here: &str) -> Markup {
    html! {
        div.sheet {
            h2 { "Take it with you" }
            p { a href={ (here) "?as=print" } { "To print" } " · " a href={ (here) "?as=text" } { "Text" } " · "
                a href={ (here) "?as=json" } { "JSON" } }
            p.quiet { "Each says whether it was submitted. It may be under embargo: keep it as the case is kept." }
        }
    }
}

fn submission(shown: &Shown, here: &str, opened: &Opened, may_receive: bool) -> Markup {
    html! {
        @if opened.filing.submitted.is_none() && opened.over.is_none() {
            div.sheet {
                h2 { "Record the submission" }
                p.quiet { "It stops the clock of this duty and of no other. The clock for telling a vendor runs on." }
                form method="post" action={ (here) "/submission" } {
                    (date_input("at", "Submitted at", "Day, hour and zone", "", &shown.zone))
                    (text_area("evidence", "What shows it", "Such as the reference number of the platform. Sealed with the case", "", true))
                    @if may_receive {
                        label.inline { input type="checkbox" name="received_here" value="yes";
                            "It came to us: we are the CSIRT that the law names, and what we owe in return begins" }
                    }
                    div.actions { button.btn { "Record that it was submitted" } }
                }
            }
        }
    }
}

/// Where the fields come from, and how that was checked.
fn list(opened: &Opened) -> Markup {
    html! {
        @match (&opened.form.list, &opened.filing.list) {
            (Some((id, version)), mark) => p.quiet {
                "Fields: " (id) " " (version)
                @if let Some((table, _)) = field_table(id, version) {
                    ", read " (table.read_on) " in " (table.source) " (" (table.verified.in_words()) ")"
                }
                "."
                @if let Some(mark) = mark { " The last revision was written with the file " span.code { (mark.sha256) } "." }
            },
            (None, _) if opened.form.names_contents =>
                p.quiet { "This authority's own form is not on file; the fields are what the rule asks for." },
            (None, _) => p.quiet { "Neither the authority's own form nor what the rule asks for is on file: write it as the law has it." },
        }
    }
}

/// `POST /filings/{subject}/{debtor}/{profile}/{duty}`
pub(crate) async fn save(
    State(app): State<App>,
    viewer: Viewer,
    Path(address): Path<Place>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let (subject, owed) = named(&app, &viewer, address)?;
    let (actor, here) = (viewer.actor()?, place(&subject, &owed));
    let (form, _) = form(&owed)?;
    let value = |field: &FormField| {
        let text = fields.text(&format!("f.{}", field.name)).replace("\r\n", "\n");
        (field.name.clone(), text)
    };
    let values: Values = form.fields.iter().map(value).collect();
    // A form that does not say what it was made from is one that nothing was written in yet.
    let base = Expected(Some(fields.text("base").to_owned()).filter(|base| !base.is_empty()));
    app.ledger.submit(move |w| store::save_filing(w, &actor, &subject, owed, values, &base)).await?;
    Ok(Redirect::to(&here))
}

/// `POST /filings/{subject}/{debtor}/{profile}/{duty}/submission`
pub(crate) async fn submit(
    State(app): State<App>,
    viewer: Viewer,
    Path(address): Path<Place>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let (subject, owed) = named(&app, &viewer, address)?;
    let (actor, here) = (viewer.actor()?, place(&subject, &owed));
    let at = fields.instant("at")?;
    let at = at.ok_or_else(|| Refusal::invalid("at", "Please give day, hour and zone."))?;
    let received_here = fields.ticked("received_here");
    if received_here {
        // What the centre owes is the centre's to say.
        app.policies.check(&viewer, Permission::CoordinateCase, &Resource::Centre)?;
    }
    let command = app.ledger.submit(move |w| {
        let submitted = Submitted { at, evidence: fields.text("evidence"), received_here };
        store::submit_filing(w, &actor, &subject, owed, submitted, &Expected(None))
    });
    command.await?;
    Ok(Redirect::to(&here))
}
