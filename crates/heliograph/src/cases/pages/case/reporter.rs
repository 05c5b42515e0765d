//! The case of a report, for its reporter.

use super::marks::{status_line, tlp};
use super::{happened, history_page, opened, picture};
use crate::access::{Permission, Viewer};
use crate::app::App;
use crate::cases::pages::load::View;
use crate::cases::rules::{Case, Party};
use crate::cases::store;
use crate::refusal::Refusal;
use crate::reports;
use crate::web::{Shown, choice, date_input, instant, page, text_area};
use axum::extract::{Query, State};
use axum::response::Html;
use maud::{Markup, html};
use std::collections::HashMap;
use vocabulary::CaseId;

/// `GET /my/case`: the case of a report, for its reporter.
pub(crate) async fn my_case(
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    let Viewer::Reporter(report) = &viewer else { return Err(Refusal::NotFound) };
    let (wanted, shown) = (report.clone(), Shown::of(&app));
    let now = shown.now;
    let (id, case, resource) = app
        .read(move |tx| {
            let id = reports::received(tx, &wanted)?.state.case.ok_or(Refusal::NotFound)?;
            let (case, resource) = store::find_as_seen(tx, &id, now)?;
            Ok((id, case, resource))
        })
        .await?;
    if !app.policies.allows(&viewer, Permission::ViewCase, &resource) {
        if case.has(&Party::Reporter(report.clone())) {
            return Ok(page(&app, &viewer, "Your case", shut(&id)));
        }
        return Ok(page(&app, &viewer, "You left this case", left(&shown, &id, &case)));
    }
    let view = opened(&app, &viewer, &id, &shown, history_page(&query)?).await?;
    let body = html! {
        p.quiet { a href="/my" { "Your report" } " / " (view.id) }
        h1 { (view.case.code_name) " " (tlp(&view.case)) }
        (status_line(&shown, &view))
        (picture(&shown, &view))
        div.cols {
            section { (happened(&shown, &view, "/my/case")) }
            aside {
                (terms(&shown, &view))
                div.sheet {
                    h2 { "Write" }
                    form method="post" action="/my/case/message" {
                        (choice("to", "To", &[("centre", "the centre"), ("everyone", "everyone in the case")], "centre"))
                        (text_area("message", "Message", "", "", true))
                        div.actions { button.btn.main { "Send" } }
                    }
                }
                div.sheet {
                    h2 { "Advisory" }
                    p { a href="/my/case/advisory" { "The draft, once it is shared with you" } }
                }
                div.sheet {
                    h2 { "Propose another end of the embargo" }
                    form method="post" action="/my/case/propose" {
                        (date_input("end", "Its end", "Day, hour and zone", "", &shown.zone))
                        div.actions { button.btn { "Propose" } }
                    }
                }
                details {
                    summary { "Leave the case" }
                    p { "You may leave at any time and for any reason, and publish when you choose. Nothing ends for \
                        the others; they see that you left. Your report and its receipt stay yours to see, the case \
                        does not." }
                    form method="post" action="/my/case/leave" { button.btn { "Leave" } }
                }
            }
        }
    };
    Ok(page(&app, &viewer, &view.case.code_name, body))
}

/// What there is to answer: the embargo for who joined a case that has one, or a new end of it.
fn terms(shown: &Shown, view: &View) -> Markup {
    let (embargo, me) = (&view.case.embargo, view.me.id());
    let revision = embargo.proposals().into_iter().find(|proposal| proposal.by != me);
    let end = match revision {
        Some(proposal) => Some(proposal.end),
        None => embargo.end().filter(|_| !embargo.has_accepted(&me)),
    };
    html! {
        @if let Some(end) = end {
            div.sheet {
                h2 { "You are asked to keep this" }
                p { "Until " b { (instant(shown, end)) } ". What others write to everyone is for those who agreed. You \
                    may say no, and may leave at any time." }
                form.row method="post" action="/my/case/terms" {
                    button.btn.main name="answer" value="accept" { "Agree" }
                    button.btn name="answer" value="decline" { "Decline" }
                }
            }
        }
    }
}

/// What a reporter sees of a case that asks for a clearance, which nobody can give to the unknown: her own
/// report stays hers, she can write, and she can leave.
fn shut(id: &CaseId) -> Markup {
    html! {
        p.quiet { a href="/my" { "Your report" } " / " (id) }
        h1 { "Your case is classified" }
        p { "What others write in it is for people who are cleared for it. Your report, its receipt and your messages \
            with the centre stay yours, and nothing binds you: you may leave and publish when you choose." }
        p { a.btn.main href="/my" { "Your report" } " " a.btn href="/my/receipt" download { "Its receipt" } }
        form method="post" action="/my/case/leave" { div.actions { button.btn { "Leave the case" } } }
    }
}

/// What is left to see of a case that its reporter left: her own, and what everybody can see.
fn left(shown: &Shown, id: &CaseId, case: &Case) -> Markup {
    html! {
        p.quiet { a href="/my" { "Your report" } " / " (id) }
        h1 { "You left this case" }
        p { "What happens in it is no longer shown to you, and nobody in it writes to you. Nothing binds you: you may \
            publish when you choose." }
        p { a.btn.main href="/my" { "Your report" } " " a.btn href="/my/receipt" download { "Its receipt" } }
        @if let Some((_, at)) = case.published {
            p { "The advisory was published " (instant(shown, at)) ": " a href={ "/advisories/" (id) } { (id) } }
        }
    }
}
