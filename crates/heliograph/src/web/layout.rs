//! The frame around every page.

use super::assets::{SCRIPT_NAME, STYLE_NAME};
use crate::access::{Permission, Resource, Viewer};
use crate::app::App;
use axum::response::Html;
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, html};

/// How instants are shown on one page: the zone and the present moment.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) zone: String,
    pub(crate) now: Timestamp,
}

impl Shown {
    pub(crate) fn of(app: &App) -> Self {
        Self { zone: app.settings.zone.clone(), now: app.now() }
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
    ("/vendor", "Cases", Permission::ParticipateInCase),
    ("/reads", "Read log", Permission::AuditReads),
    ("/organisations", "Organisations", Permission::ManageOrganisations),
    ("/accounts", "Accounts", Permission::ManageAccounts),
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
                            @if may(*permission) { a href=(path) { (word) } }
                        }
                        (account(viewer))
                    }
                    form.search action="/" role="search" {
                        input type="search" name="q" data-search aria-label="Search the database"
                            placeholder="Search the database  /";
                    }
                }
                main id="main" { (body) }
                footer {
                    a href="/log" { "The log: how to verify" }
                    a href="/api/v1/openapi.json" { "API" }
                    a href="/.well-known/security.txt" { "security.txt" }
                    "Times are shown in " (app.settings.zone) "."
                }
            }
        }
    };
    Html(markup.into_string())
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
