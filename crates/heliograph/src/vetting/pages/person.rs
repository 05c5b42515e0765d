//! One person's entry: what holds, what waits, and what can be done next.

use super::list::end;
use super::picture::picture;
use super::{LOOKED_AFTER, forms, level_words, levels, places};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::vetting::rules::{self, Entry, Function, Outcome, ladders};
use crate::vetting::store;
use crate::web::{Fields, Shown, Tone, chip, choice, date_input, field, instant, page};
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use maud::{Markup, html};
use vocabulary::PersonId;

/// `GET /vetting/persons/{person}`
pub(crate) async fn person(
    State(app): State<App>,
    viewer: Viewer,
    Path(person): Path<String>,
) -> Result<Html<String>, Refusal> {
    let person: PersonId = person.parse().map_err(|_| Refusal::NotFound)?;
    let (seen, wanted) = (viewer.clone(), person.clone());
    let (name, entry) = app.ledger.submit(move |w| store::shown(w, &seen, &wanted, LOOKED_AFTER)).await?;
    let shown = Shown::of(&app);
    let place = format!("/vetting/persons/{person}");
    let body = html! {
        (places(""))
        h1 { (name) }
        @if entry.erased { p { "This entry was erased." } }
        @else {
            (waits(&shown, &place, &entry))
            (picture(&shown, &entry))
            div.cols {
                section {
                    (clearances(&shown, &place, &entry))
                    (memberships(&shown, &place, &entry))
                    (interests(&shown, &place, &entry))
                }
                aside {
                    (lasting(&shown, &place, &entry))
                    (functions(&place, &entry))
                }
            }
        }
    };
    Ok(page(&app, &viewer, &name, body))
}

/// What the person wrote or asked, and waits.
fn waits(shown: &Shown, place: &str, entry: &Entry) -> Markup {
    html! {
        @if entry.foreign_waits() || !entry.corrections.is_empty() {
            div.notice { p { "This person declared or asked something, sealed for a security officer: "
                a href={ (place) "/waiting" } { "open it" } "." } }
        }
        @if let Some(at) = entry.restricted {
            div.notice { p { "Restricted by the person " (instant(shown, at)) " (GDPR Art. 18): what is in force goes on, and \
                nothing new is recorded." } }
        }
        @if let Some(at) = entry.erasure_asked {
            div.notice { p { "The person asked for erasure " (instant(shown, at)) " (GDPR Art. 17)." }
                @match rules::conflict(entry, shown.now) {
                    Some(until) => p { "It contradicts how long the outcome of clearances is kept: until " (instant(shown, until))
                        ". The longer one holds." },
                    None => form method="post" action={ (place) "/erase" } { div.actions { button.btn { "Erase the entry" } } },
                }
            }
        }
    }
}

fn clearances(shown: &Shown, place: &str, entry: &Entry) -> Markup {
    let authority = |scheme: &str, authority: &str| {
        ladders()
            .get(scheme)
            .map_or(authority.to_owned(), |ladder| ladder.authority_name(authority).to_owned())
    };
    html! {
        h2 { "Clearances" }
        @if entry.clearances.is_empty() && entry.proposals.is_empty() { p { "None. What an authority says about this person is recorded here, and nothing of what it looked at." } }
        @for clearance in entry.clearances.values() {
            div.sheet {
                p { b { (level_words(&clearance.scheme, &clearance.level)) } " " (end(shown, Some(clearance.until.at))) }
                p.quiet { "by " (authority(&clearance.scheme, &clearance.authority)) ", from " (instant(shown, clearance.granted.at)) }
                form method="post" action={ (place) "/withdraw" } {
                    input type="hidden" name="scheme" value=(clearance.scheme);
                    div.actions { button.btn { "Withdraw at once" } }
                }
            }
        }
        @for proposal in entry.proposals.values() {
            @let clearance = &proposal.clearance;
            div.sheet {
                p { b { (level_words(&clearance.scheme, &clearance.level)) } " "
                    (chip(Tone::Soon, "waits for a second security officer")) }
                p.quiet { "by " (authority(&clearance.scheme, &clearance.authority)) ", from "
                    (instant(shown, clearance.granted.at)) " until " (instant(shown, clearance.until.at))
                    "; recorded " (instant(shown, proposal.at)) ". It opens nothing yet." }
                div.actions {
                    form method="post" action={ (place) "/confirm" } {
                        input type="hidden" name="scheme" value=(clearance.scheme);
                        button.btn.main { "Confirm" }
                    }
                    form method="post" action={ (place) "/reject" } {
                        input type="hidden" name="scheme" value=(clearance.scheme);
                        button.btn { "Reject" }
                    }
                }
            }
        }
        details { summary { "Record a clearance" } (clearance_form(shown, place)) }
    }
}

fn clearance_form(shown: &Shown, place: &str) -> Markup {
    let authorities: Vec<(String, String)> = ladders()
        .all()
        .flat_map(|ladder| {
            ladder.authorities.iter().map(|one| (one.id.clone(), format!("{}: {}", ladder.name, one.name)))
        })
        .collect();
    html! {
        form method="post" action={ (place) "/clearance" } {
            (choice("asks", "Level", &levels(), ""))
            (choice("authority", "Authority", &authorities, ""))
            (date_input("granted", "Granted", "Day, hour and zone", "", &shown.zone))
            (date_input("until", "Until", "Day, hour and zone", "", &shown.zone))
            div.actions { button.btn.main { "Record" } }
            p.quiet { "It opens nothing before another security officer has confirmed it." }
        }
    }
}

fn memberships(shown: &Shown, place: &str, entry: &Entry) -> Markup {
    html! {
        h2 { "Member of classified cases" }
        @if entry.memberships.is_empty() { p { "Of none." } }
        @else { table {
            thead { tr { th { "Case" } th { "Since" } th { "Until" } th {} } }
            tbody { @for (case, member) in &entry.memberships { tr {
                td { (case) }
                td data-label="Since" { (instant(shown, member.since)) }
                td data-label="Until" { @match &member.until {
                    Some(until) => (end(shown, Some(until.at))),
                    None => span.quiet { "as long as the rest holds" },
                } }
                td { form method="post" action={ (place) "/leave" } {
                    input type="hidden" name="case" value=(case);
                    button.btn { "End at once" }
                } }
            } } }
        } }
        details { summary { "Make a member of a case" }
            form method="post" action={ (place) "/join" } {
                (field("case", "Case", "Its number", "", true))
                (date_input("until", "Until", "Leave it empty where the rest says when", "", &shown.zone))
                div.actions { button.btn { "Make a member" } }
            }
        }
    }
}

fn interests(shown: &Shown, place: &str, entry: &Entry) -> Markup {
    html! {
        @if !entry.interests.is_empty() {
            h2 { "Personal interests in cases" }
            p.quiet { "That there is one is all that is said. Who recuses themselves, or is excluded, is off the case at once." }
            table {
                thead { tr { th { "Case" } th { "Declared" } th { "Outcome" } th {} } }
                tbody { @for (case, interest) in &entry.interests { tr {
                    td { (case) }
                    td data-label="Declared" { (instant(shown, interest.declared)) }
                    td data-label="Outcome" { @match interest.outcome {
                        Some((outcome, _)) => (outcome.label()),
                        None => (chip(Tone::Soon, "waits for you")),
                    } }
                    td { form.row method="post" action={ (place) "/interest" } {
                        input type="hidden" name="case" value=(case);
                        select name="outcome" aria-label="Outcome" {
                            @for (value, words) in Outcome::ALL { option value=(value) { (words) } }
                        }
                        button.btn { "Decide" }
                    } }
                } } }
            }
        }
    }
}

fn lasting(shown: &Shown, place: &str, entry: &Entry) -> Markup {
    let until = |lasting: &Option<crate::vetting::rules::Lasting>| {
        lasting.as_ref().and_then(|lasting| lasting.until.as_ref().map(|until| until.at))
    };
    let form = |what: &str, name: &str, label: &str, button: &str| {
        html! {
            form method="post" action={ (place) "/" (what) } {
                (date_input(name, label, "Day, hour and zone", "", &shown.zone))
                div.actions { button.btn { (button) } }
            }
        }
    };
    html! {
        div.sheet {
            h2 { "Briefing" }
            p { (end(shown, until(&entry.briefing))) }
            (form("brief", "until", "Briefed now, until", "Record the briefing"))
            @if entry.briefing.is_some() {
                form method="post" action={ (place) "/debrief" } { div.actions { button.btn { "Debrief: end it at once" } } }
            }
        }
        div.sheet {
            h2 { "Confidentiality" }
            p { (end(shown, until(&entry.nda))) }
            (form("confidentiality", "until", "Confirmed now, until", "Record the confirmation"))
        }
        div.sheet {
            h2 { "Next review" }
            p { (end(shown, entry.review.as_ref().map(|review| review.at))) }
            (form("review", "at", "On", "Set the review"))
        }
    }
}

fn functions(place: &str, entry: &Entry) -> Markup {
    html! {
        div.sheet {
            h2 { "Functions" }
            @if entry.functions.is_empty() { p { "None." } }
            @for (function, confidential) in &entry.functions {
                form.row method="post" action={ (place) "/end-function" } {
                    input type="hidden" name="function" value=(function.name());
                    (function.label()) " " @if *confidential { (chip(Tone::Seal, "confidential")) }
                    button.btn { "End" }
                }
            }
            form method="post" action={ (place) "/function" } {
                (choice("function", "Function", Function::ALL, ""))
                label { input type="checkbox" name="confidential" value="yes"; " confidential: seen by security officers and the person only" }
                div.actions { button.btn { "Give" } }
            }
        }
    }
}

/// `POST /vetting/persons/{person}/{act}`
pub(crate) async fn act(
    State(app): State<App>,
    viewer: Viewer,
    Path((person, act)): Path<(String, String)>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let person: PersonId = person.parse().map_err(|_| Refusal::NotFound)?;
    let act = forms::act(&act, &fields)?;
    let (officer, place) = (viewer.person()?.id.clone(), format!("/vetting/persons/{person}"));
    app.ledger.submit(move |w| store::act(w, &officer, &person, act)).await?;
    Ok(Redirect::to(&place))
}
