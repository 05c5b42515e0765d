//! Who can sign in to the invented centre, each with one press. The buttons send what anybody would
//! type; nothing is let through. A real centre has no such page: only the demo adds the route.

use super::{Devices, PASSWORD, PEOPLE};
use crate::access::{self, Viewer};
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{self, page};
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use maud::{Markup, html};
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Clone)]
struct Demo {
    app: App,
    devices: Arc<Devices>,
}

pub(super) fn routes(app: &App, devices: Devices) -> Router {
    let demo = Demo { app: app.clone(), devices: Arc::new(devices) };
    let answer = |State(demo): State<Demo>, request: Request| async move {
        let about = web::About::of(&request);
        web::answer(&demo.app, about, async { people(&demo).await.into_response() }).await
    };
    Router::new().route("/demo", get(answer)).with_state(demo)
}

/// `GET /demo`
async fn people(demo: &Demo) -> Result<Html<String>, Refusal> {
    let app = &demo.app;
    let used: HashMap<String, i64> = app
        .read(access::credentials)
        .await?
        .into_iter()
        .map(|account| (account.login, account.totp_last))
        .collect();
    let unix = app.now().as_second().unsigned_abs();
    let code = |login: &str| {
        let secret = demo.devices.get(login)?;
        let last = used.get(login).copied().unwrap_or_default();
        Some(access::next_code(secret, last, unix).map(|(_, code)| code))
    };
    let body = html! {
        h1 { "The invented centre" }
        p.lead { "Nobody here exists. Each button signs in as one of them, as that person would: with the password and, \
            where the role needs a second factor, with the one-time code of the moment." }
        p { "Everyone's password is " span.code { (PASSWORD) } ". This page is part of the demo, and of no real centre." }
        table {
            thead { tr { th { "Login" } th { "Who" } th { "One-time code" } th { "" } } }
            tbody {
                @for (login, name, role, _, organisation) in PEOPLE {
                    tr {
                        td { (login) }
                        td data-label="Who" { (name) ", " (role) @if let Some(of) = organisation { " of " (of) } }
                        (with_code(login, place(role), code(login)))
                    }
                }
            }
        }
    };
    Ok(page(app, &Viewer::Anonymous, "The invented centre", body))
}

/// The code and the button. A code works once, so for half a minute there may be none left.
fn with_code(login: &str, place: &str, code: Option<Option<String>>) -> Markup {
    let (shown, sent) = match &code {
        None => ("none needed", Some("")),
        Some(Some(code)) => (code.as_str(), Some(code.as_str())),
        Some(None) => ("all used; the next comes within half a minute", None),
    };
    html! {
        td data-label="One-time code" { (shown) }
        td { @if let Some(sent) = sent {
            form method="post" action="/login" {
                input type="hidden" name="login" value=(login);
                input type="hidden" name="password" value=(PASSWORD);
                input type="hidden" name="code" value=(sent);
                input type="hidden" name="next" value=(place);
                button.btn { "Sign in as " (login) }
            }
        } }
    }
}

/// Where somebody begins the day.
fn place(role: &str) -> &'static str {
    match role {
        "administrator" => "/accounts",
        role if role.starts_with("security officer") => "/vetting",
        "auditor" => "/reads",
        "vendor" => "/vendor",
        "partner" | "applicant" => "/partner",
        _ if role.starts_with("programme manager") => "/programme",
        _ => "/desk",
    }
}
