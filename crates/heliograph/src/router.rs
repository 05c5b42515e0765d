//! Every route on one page, with the permission that it needs.
//!
//! A permission here opens the place; what lies in it is asked for again, thing by thing, in the
//! slice. `Public` places show published things only.

use crate::access::{Permission, Route, guard};
use crate::app::App;
use crate::web;
use crate::{access, catalogue, people};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodFilter, on};

/// Builds the router and, beside it, the list of its routes.
struct Table {
    app: App,
    router: Router<App>,
    routes: Vec<Route>,
}

macro_rules! routes {
    ($table:ident: $($method:ident $path:literal $permission:ident => $handler:path;)*) => {
        $(
            let door = from_fn_with_state(($table.app.clone(), Permission::$permission), guard);
            let route = on(MethodFilter::$method, $handler).route_layer(door);
            $table.router = std::mem::take(&mut $table.router).route($path, route);
            $table.routes.push(Route {
                method: stringify!($method), path: $path, permission: Permission::$permission,
            });
        )*
    };
}

/// The routes of the centre.
pub(crate) fn routes(app: &App) -> (Router, Vec<Route>) {
    let mut table = Table { app: app.clone(), router: Router::new(), routes: Vec::new() };
    public(&mut table);
    accounts(&mut table);
    coordinators(&mut table);
    let router = table
        .router
        .fallback(|| async { crate::refusal::Refusal::NotFound })
        .layer(DefaultBodyLimit::max(web::BODY_MAX))
        .layer(from_fn_with_state(app.clone(), web::render_refusals))
        .layer(from_fn(web::headers))
        .with_state(app.clone());
    (router, table.routes)
}

/// For everyone and their tools.
fn public(table: &mut Table) {
    use crate::ledger::api as log;
    routes! { table:
        GET "/" Public => catalogue::pages::front;
        GET "/v/{id}" Public => catalogue::pages::record;
        POST "/v1/query" Public => catalogue::api::query;
        POST "/v1/querybatch" Public => catalogue::api::query_batch;
        GET "/v1/vulns/{id}" Public => catalogue::api::vulnerability;
        GET "/assets/{name}" Public => web::asset;
        GET "/log/checkpoint" Public => log::checkpoint;
        GET "/log/key" Public => log::key;
        GET "/log/tile/{*path}" Public => log::tile;
    }
}

/// For people with an account, and on their way to one.
fn accounts(table: &mut Table) {
    use access::{api, pages};
    routes! { table:
        GET "/login" Public => pages::login_form;
        POST "/login" Public => pages::login;
        POST "/logout" Public => pages::logout;
        GET "/invite/{code}" Public => pages::invite_form;
        POST "/invite" Public => pages::accept_invite;
        GET "/account" OwnAccount => pages::account;
        POST "/account/totp" OwnAccount => pages::set_up_totp;
        POST "/account/tokens" OwnAccount => pages::create_token;
        POST "/account/tokens/revoke" OwnAccount => pages::revoke_token;
        GET "/accounts" ManageAccounts => pages::accounts;
        POST "/accounts" ManageAccounts => pages::create_account;
        POST "/accounts/change" ManageAccounts => pages::change_account;
        GET "/api/v1/me" OwnAccount => api::me;
    }
}

/// For coordinators.
fn coordinators(table: &mut Table) {
    routes! { table:
        GET "/organisations" ManageOrganisations => people::pages::list;
        POST "/organisations" ManageOrganisations => people::pages::add;
        GET "/api/v1/organisations" ManageOrganisations => people::api::list;
        POST "/api/v1/organisations" ManageOrganisations => people::api::add;
    }
}
