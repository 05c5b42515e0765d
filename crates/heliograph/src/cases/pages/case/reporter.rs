//! The case of a report, for its reporter.

use super::marks::{status_line, tlp};
use super::{happened, history_page, opened, picture};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::reports;
use crate::web::{Shown, choice, date_input, page, text_area};
use axum::extract::{Query, State};
use axum::response::Html;
use maud::html;
use std::collections::HashMap;

/// `GET /my/case`: the case of a report, for its reporter.
pub(crate) async fn my_case(
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    let Viewer::Reporter(report) = &viewer else { return Err(Refusal::NotFound) };
    let report = report.clone();
    let id = app.read(move |tx| reports::received(tx, &report)?.state.case.ok_or(Refusal::NotFound)).await?;
    let shown = Shown::of(&app);
    let view = opened(&app, &viewer, &id, &shown, history_page(&query)).await?;
    let body = html! {
        p.quiet { a href="/my" { "Your report" } " / " (view.id) }
        h1 { (view.case.code_name) " " (tlp(&view.case)) }
        (status_line(&shown, &view))
        (picture(&shown, &view))
        div.cols {
            section { (happened(&shown, &view, "/my/case")) }
            aside {
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
                    p { "You may leave at any time and for any reason. Nothing ends for the others." }
                    form method="post" action="/my/case/leave" { button.btn { "Leave" } }
                }
            }
        }
    };
    Ok(page(&app, &viewer, &view.case.code_name, body))
}
