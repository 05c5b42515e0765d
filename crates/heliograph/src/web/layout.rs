//! The frame around every page.

use super::assets::{SCRIPT_NAME, STYLE_NAME};
use crate::access::{Permission, Resource, Viewer};
use crate::app::App;
use crate::settings::Settings;
use axum::response::Html;
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, html};
use std::sync::Arc;

/// How instants are shown on one page: the zone and the present moment.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) zone: String,
    pub(crate) now: Timestamp,
    pub(crate) settings: Arc<Settings>,
}

impl Shown {
    pub(crate) fn of(app: &App) -> Self {
        Self { zone: app.settings.zone.clone(), now: app.now(), settings: app.settings.clone() }
    }

    /// Day, hour, zone.
    pub(crate) fn date(&self, at: Timestamp) -> String {
        vocabulary::for_people(at, &self.zone)
    }
}

/// The places in the navigation, each with the permission it needs.
const PLACES: &[(&str, &str, Permission)] = &[
    ("/", "Database", Permission::Public),
    ("/advisories", "Advisories", Permission::Public),
    ("/report", "Report", Permission::Public),
    ("/my", "My report", Permission::FollowReport),
    ("/desk", "Desk", Permission::ViewDesk),
    ("/deadlines", "Deadlines", Permission::FollowDeadlines),
    ("/partners", "Partners", Permission::Public),
    ("/partner", "Partnership", Permission::RepresentPartner),
    ("/finds", "Finds", Permission::Triage),
    ("/assessments", "Assessments", Permission::AssessPartner),
    ("/programme", "Programme", Permission::ManageProgramme),
    ("/requests", "Requests", Permission::ManageProgramme),
    ("/desk/accreditations", "Accreditations", Permission::KeepAccreditations),
    ("/vendor", "Cases", Permission::ParticipateInCase),
    ("/vetting", "Need-to-know", Permission::KeepRegister),
    ("/reads", "Read log", Permission::AuditReads),
    ("/organisations", "Organisations", Permission::ManageOrganisations),
    ("/accounts", "Accounts", Permission::ManageAccounts),
    ("/imports", "Imports", Permission::ReadMetrics),
];

/// A whole page.
pub(crate) fn page(app: &App, viewer: &Viewer, title: &str, body: Markup) -> Html<String> {
    let name = &app.settings.name;
    let may = |permission| app.policies.allows(viewer, permission, &Resource::Centre);
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · " (name) }
                link rel="stylesheet" href={ "/assets/" (*STYLE_NAME) };
                script src={ "/assets/" (*SCRIPT_NAME) } defer {}
            }
            body {
                a.skip href="#main" { "To the content" }
                header.top {
                    a href="/" { (name) }
                    nav aria-label="Places" {
                        @for (path, word, permission) in PLACES {
                            @if may(*permission) { a href=(path) aria-current=[is_current(path)] { (word) } }
                        }
                        (account(viewer))
                    }
                    // The front page has its own, larger one.
                    @if super::visit::path().as_deref() != Some("/") {
                        form.search action="/" role="search" {
                            input type="search" name="q" data-search aria-label="Search the database"
                                placeholder="Search the database  /";
                        }
                    }
                }
                main id="main" tabindex="-1" { (body) }
                footer {
                    a href="/log" { "The log: how to verify" }
                    a href="/api" { "For programs" }
                    a href="/.well-known/security.txt" { "security.txt" }
                    "Times are shown in " (app.settings.zone) "."
                }
                p.printed { (name) ", printed " (Shown::of(app).date(app.now())) }
                (zones())
            }
        }
    };
    Html(markup.into_string())
}

/// Whether the page that is shown lies at this place, or below it.
fn is_current(place: &str) -> Option<&'static str> {
    let path = super::visit::path()?;
    let below = path.strip_prefix(place).is_some_and(|rest| place != "/" && rest.starts_with('/'));
    (path == place || below).then_some("page")
}

/// Suggestions for the zone of a date, wherever one is asked for.
fn zones() -> Markup {
    html! {
        datalist id="zones" {
            @for zone in ["UTC", "Europe/Berlin", "Europe/Brussels", "Europe/London", "America/New_York",
                "America/Los_Angeles", "Asia/Tokyo", "Asia/Shanghai", "Asia/Kolkata", "Australia/Sydney"] {
                option value=(zone) {}
            }
        }
    }
}

fn account(viewer: &Viewer) -> Markup {
    html! {
        @match viewer {
            Viewer::Anonymous => { a href="/my" { "Follow a report" } a href="/login" { "Sign in" } }
            Viewer::Reporter(_) => form method="post" action="/logout" { button.plain { "Leave" } },
            Viewer::Account(person) => {
                a href="/account" { (person.name) }
                form method="post" action="/logout" { button.plain { "Sign out" } }
            }
        }
    }
}
