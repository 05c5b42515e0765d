//! Every route on one page, with the permission that it needs.
//!
//! A permission here opens the place; what lies in it is asked for again, thing by thing, in the
//! slice. `Public` places show published things only. The word behind it, where one stands there, says to
//! whom else an answer may go: see [`Sharing`].

use crate::access::{Door, Permission, Route};
use crate::app::App;
use crate::metrics;
use crate::web::{self, Requests, Sharing};
use crate::{
    access, accreditations, advisories, cases, catalogue, deadlines, openapi, partners, people, reports,
    subscriptions, vetting,
};
use axum::Router;
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodFilter, on};

/// Builds the router and, beside it, the list of its routes.
struct Table {
    router: Router<App>,
    routes: Vec<Route>,
    counters: Vec<(Route, &'static Requests)>,
    /// Of what browsers ask before they let a page of another site ask.
    preflights: &'static Requests,
}

macro_rules! routes {
    ($table:ident: $($method:ident $path:literal $permission:ident $($sharing:ident)? => $handler:path;)*) => {
        $(
            let counter = Requests::of_route();
            let sharing: Option<Sharing> = [$(Sharing::$sharing)?].first().copied();
            let door = Door::new(Permission::$permission, sharing, counter, vetting::need, $handler);
            let mut route = on(MethodFilter::$method, door);
            if sharing.is_some_and(Sharing::is_open) {
                let told = async || web::preflight(stringify!($method));
                let door = Door::new(Permission::Public, sharing, $table.preflights, vetting::need, told);
                route = route.on(MethodFilter::OPTIONS, door);
            }
            $table.router = std::mem::take(&mut $table.router).route($path, route);
            let route = Route {
                method: stringify!($method), path: $path, permission: Permission::$permission,
            };
            $table.routes.push(route);
            $table.counters.push((route, counter));
        )*
    };
}

/// The routes of the centre.
pub(crate) fn routes(app: &App) -> (Router, Vec<Route>) {
    let (router, routes, counters) = (Router::new(), Vec::new(), Vec::new());
    let mut table = Table { router, routes, counters, preflights: Requests::of_route() };
    public(&mut table);
    records(&mut table);
    records_elsewhere(&mut table);
    accounts(&mut table);
    reporters(&mut table);
    participants(&mut table);
    participants_programs(&mut table);
    coordinators(&mut table);
    accreditations(&mut table);
    programme(&mut table);
    security(&mut table);
    openapi::describe(&table.routes);
    let lost = Requests::of_route();
    let nowhere_at_all = Route { method: "ANY", path: "(nowhere)", permission: Permission::Public };
    table.counters.push((nowhere_at_all, lost));
    let preflight = Route { method: "OPTIONS", path: "(open)", permission: Permission::Public };
    table.counters.push((preflight, table.preflights));
    // A second router of the same centre counts for itself.
    let _ = app.counters.set(table.counters);
    let router = table
        .router
        .fallback(Door::new(Permission::Public, None, lost, vetting::need, nowhere))
        .method_not_allowed_fallback(Door::new(Permission::Public, None, lost, vetting::need, otherwise))
        .with_state(app.clone());
    (router, table.routes)
}

/// What is not there goes through a door too, so that it answers like what one may not see. At the places of
/// vulnerability-lookup a slash at the end counts for nothing, so its clients are sent on.
async fn nowhere(address: Uri) -> Response {
    let place = address.path();
    match place.strip_suffix('/').filter(|_| place.starts_with("/api/") && !place.starts_with("/api/v1/")) {
        Some(place) => {
            let query = address.query().map_or(String::new(), |query| format!("?{query}"));
            // Tools in browsers on other sites are sent on as well.
            let open = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
            (open, Redirect::permanent(&format!("{place}{query}"))).into_response()
        }
        None => crate::refusal::Refusal::NotFound.into_response(),
    }
}

/// A place that is there and takes other methods.
async fn otherwise() -> crate::refusal::Refusal {
    crate::refusal::Refusal::WrongMethod
}

/// For everyone and their tools.
fn public(table: &mut Table) {
    use crate::ledger::api as log;
    use advisories::{api, pages};
    routes! { table:
        GET "/advisories" Public Page => pages::list;
        GET "/advisories/{id}" Public Page => pages::advisory;
        GET "/advisories/{id}/csaf.json" Public Open => pages::csaf;
        GET "/advisories/{id}/cve.json" Public Open => pages::cve;
        GET "/advisories/{id}/osv.json" Public Open => pages::osv;
        GET "/api/v1/advisories" Public Page => api::list;
        GET "/api/v1/advisories/{id}" Public Page => api::advisory;
        GET "/partners" Public Page => partners::pages::register;
        GET "/partners/export" Public Page => partners::pages::register_file;
        POST "/partners/enquiry" Public => partners::pages::enquire;
        GET "/programmes/{id}" Public Page => partners::pages::criteria;
        GET "/programmes/{id}/programme.toml" Public Page => partners::pages::criteria_file;
        GET "/certificates/{serial}" Public => partners::pages::certificate;
        GET "/certificates/{serial}/credential.jwt" Public => partners::pages::credential;
        GET "/certificates/key" Public => partners::pages::key;
        GET "/certificates/revoked.json" Public => partners::pages::revoked;
        GET "/api/v1/certificates/{serial}" Public => partners::api::certificate;
        GET "/api/v1/partners/statistics" Public Page => partners::api::requests::statistics;
        GET "/api/v1/partners" Public Page => partners::api::register;
        GET "/accreditations" Public Page => accreditations::pages::register;
        GET "/accreditations/export" Public Page => accreditations::pages::register_file;
        GET "/accreditations/{id}" Public Page => accreditations::pages::accreditation;
        GET "/accreditations/schemes/{scheme}" Public Page => accreditations::pages::scheme;
        GET "/accreditations/schemes/{scheme}/scheme.toml" Public Page => accreditations::pages::scheme_file;
        GET "/api/v1/accreditations" Public Page => accreditations::api::register;
        GET "/api/v1/accreditations/{id}" Public Page => accreditations::api::one;
        GET "/assets/{name}" Public Asset => web::asset;
        GET "/log" Public => web::log;
        GET "/problems/{kind}" Public Page => web::problem;
        GET "/healthz" Public => web::healthz;
        GET "/readyz" Public => web::readyz;
        GET "/.well-known/security.txt" Public => web::security_txt;
        GET "/api" Public Page => openapi::programs;
        GET "/api/v1/openapi.json" Public Page => openapi::openapi;
        GET "/log/checkpoint" Public => log::checkpoint;
        GET "/log/key" Public => log::key;
        GET "/log/epoch/{number}" Public => log::epoch;
        GET "/log/tile/{*path}" Public => log::tile;
    }
}

/// The public database, for everyone and their tools.
fn records(table: &mut Table) {
    use catalogue::{api, pages};
    routes! { table:
        GET "/" Public CataloguePage => pages::front;
        GET "/search/help" Public CataloguePage => pages::help;
        GET "/search.csv" Public Open => api::records::csv;
        GET "/search.json" Public Open => api::records::json;
        GET "/feeds/search.atom" Public Open => api::records::feed;
        GET "/v/{id}" Public CataloguePage => pages::record;
        GET "/api/v1/records" Public OpenCatalogue => api::records::list;
        GET "/sbom" Public => pages::bill_form;
        POST "/sbom" Public => pages::bill;
        POST "/api/v1/sbom" Public => api::bill::report;
        POST "/v1/query" Public Open => api::osv::query;
        POST "/v1/querybatch" Public Open => api::osv::query_batch;
        GET "/v1/vulns/{id}" Public Open => api::osv::vulnerability;
        GET "/rest/json/cves/2.0" Public OpenCatalogue => api::nvd::cves::cves;
        GET "/rest/json/cves/2.0/" Public OpenCatalogue => api::nvd::cves::cves;
        GET "/rest/json/cpes/2.0" Public OpenCatalogue => api::nvd::dictionary::cpes;
        GET "/rest/json/cpes/2.0/" Public OpenCatalogue => api::nvd::dictionary::cpes;
        GET "/rest/json/cpematch/2.0" Public OpenCatalogue => api::nvd::dictionary::matches;
        GET "/rest/json/cpematch/2.0/" Public OpenCatalogue => api::nvd::dictionary::matches;
        GET "/rest/json/source/2.0" Public OpenCatalogue => api::nvd::dictionary::sources;
        GET "/rest/json/source/2.0/" Public OpenCatalogue => api::nvd::dictionary::sources;
        GET "/rest/json/cvehistory/2.0" Public OpenCatalogue => api::nvd::history::history;
        GET "/rest/json/cvehistory/2.0/" Public OpenCatalogue => api::nvd::history::history;
        GET "/feeds/json/cve/2.0/{file}" Public Open => api::dumps::nvd;
        GET "/osv/{file}" Public Open => api::dumps::osv;
        GET "/osv/{ecosystem}/{file}" Public Open => api::dumps::osv_of_ecosystem;
        GET "/v/{id}/history" Public CataloguePage => pages::history;
        GET "/vendors" Public CataloguePage => pages::vendors;
        GET "/vendors/{vendor}" Public CataloguePage => pages::vendor;
        GET "/vendors/{vendor}/{product}" Public CataloguePage => pages::product;
        GET "/affected" Public CataloguePage => pages::affected;
        GET "/weaknesses" Public CataloguePage => pages::weaknesses;
        GET "/weaknesses/{number}" Public CataloguePage => pages::weakness;
        GET "/trends" Public CataloguePage => pages::trends;
        GET "/feeds/known_exploited_vulnerabilities.json" Public Open => api::exploited::list;
    }
}

/// The public database at the places of vulnerability-lookup and EUVD, for their clients.
fn records_elsewhere(table: &mut Table) {
    use catalogue::api::{euvd, lookup};
    routes! { table:
        GET "/api/vulnerability" Public OpenCatalogue => lookup::records::list;
        GET "/api/vulnerability/" Public OpenCatalogue => lookup::records::list;
        GET "/api/vulnerability/{id}" Public OpenCatalogue => lookup::records::one;
        GET "/api/vulnerability/last" Public OpenCatalogue => lookup::records::last;
        GET "/api/vulnerability/last/{first}" Public OpenCatalogue => lookup::records::last;
        GET "/api/vulnerability/last/{first}/{second}" Public OpenCatalogue => lookup::records::last;
        GET "/api/vulnerability/recent" Public OpenCatalogue => lookup::records::recent;
        GET "/api/vulnerability/recent/" Public OpenCatalogue => lookup::records::recent;
        GET "/api/vulnerability/recent/{date}" Public OpenCatalogue => lookup::records::recent;
        GET "/api/vulnerability/recent/{date}/{first}" Public OpenCatalogue => lookup::records::recent;
        GET "/api/vulnerability/recent/{date}/{first}/{second}" Public OpenCatalogue => lookup::records::recent;
        GET "/api/vulnerability/browse" Public OpenCatalogue => lookup::names::vendors;
        GET "/api/vulnerability/browse/{vendor}" Public OpenCatalogue => lookup::names::products;
        GET "/api/vulnerability/search/{vendor}/{product}" Public OpenCatalogue => lookup::names::of_product;
        GET "/api/vulnerability/cpesearch/{cpe}" Public OpenCatalogue => lookup::names::of_cpe;
        GET "/api/browse/{vendor}" Public OpenCatalogue => lookup::names::products;
        GET "/api/gcve/publication" Public OpenCatalogue => lookup::records::publication;
        GET "/api/gcve/registry/integrity" Public OpenCatalogue => lookup::lists::integrity;
        GET "/api/kev" Public OpenCatalogue => lookup::kev::list;
        GET "/api/kev/{uuid}" Public OpenCatalogue => lookup::kev::one;
        GET "/api/kev/origin/{origin}/{vulnerability}" Public OpenCatalogue => lookup::kev::of_origin;
        GET "/api/capec" Public OpenCatalogue => lookup::lists::patterns;
        GET "/api/organization" Public OpenCatalogue => lookup::lists::none;
        GET "/api/product" Public OpenCatalogue => lookup::lists::none;
        GET "/api/emb3d" Public OpenCatalogue => lookup::lists::none;
        GET "/api/emb3d/{id}" Public OpenCatalogue => lookup::lists::no_threat;
        GET "/api/gcve/registry" Public OpenCatalogue => lookup::lists::none;
        GET "/api/stats/vulnerability/most_sighted" Public OpenCatalogue => lookup::lists::no_ranking;
        GET "/api/stats/vulnerability/most_commented" Public OpenCatalogue => lookup::lists::no_ranking;
        GET "/api/system/configInfo" Public Open => lookup::lists::settings;
        GET "/api/cwe" Public OpenCatalogue => lookup::lists::weaknesses;
        GET "/api/cwe/{id}" Public OpenCatalogue => lookup::lists::weakness;
        GET "/api/capec/{id}" Public OpenCatalogue => lookup::lists::pattern;
        GET "/api/epss/{id}" Public OpenCatalogue => lookup::lists::likelihood;
        GET "/api/sighting" Public OpenCatalogue => lookup::lists::none;
        GET "/api/comment" Public OpenCatalogue => lookup::lists::none;
        GET "/api/bundle" Public OpenCatalogue => lookup::lists::none;
        GET "/api/system/dbInfo" Public Open => lookup::lists::stock;
        GET "/api/system/redis_up" Public Open => lookup::lists::is_up;
        GET "/api/system/valkey_up" Public Open => lookup::lists::is_up;
        GET "/api/system/pgInfo" Public Open => lookup::lists::for_accounts;
        GET "/api/user" Public OpenCatalogue => lookup::lists::for_accounts;
        GET "/api/user/me" Public OpenCatalogue => lookup::lists::for_accounts;
        GET "/system/checkProcess" Public => lookup::lists::for_accounts;
        GET "/system/checkSMTP" Public => lookup::lists::for_accounts;
        GET "/api/search" Public OpenCatalogue => euvd::search;
        GET "/api/lastvulnerabilities" Public OpenCatalogue => euvd::last;
        GET "/api/exploitedvulnerabilities" Public OpenCatalogue => euvd::exploited;
        GET "/api/criticalvulnerabilities" Public OpenCatalogue => euvd::critical;
        GET "/api/enisaid" Public OpenCatalogue => euvd::one;
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
        GET "/account/second-factor" SecondFactor => pages::second_factor;
        POST "/account/second-factor" SecondFactor => pages::set_up_factor;
        POST "/account/second-factor/confirm" SecondFactor => pages::confirm_factor;
        POST "/account/tokens" OwnAccount => pages::create_token;
        POST "/account/tokens/revoke" OwnAccount => pages::revoke_token;
        GET "/accounts" ManageAccounts => pages::accounts;
        POST "/accounts" ManageAccounts => pages::create_account;
        POST "/accounts/change" ManageAccounts => pages::change_account;
        POST "/accounts/person" ManageAccounts => pages::set_person;
        GET "/api/v1/accounts" ManageAccounts => api::accounts::list;
        POST "/api/v1/accounts" ManageAccounts => api::accounts::create;
        POST "/api/v1/accounts/{id}/invitation" ManageAccounts => api::accounts::invite;
        POST "/api/v1/accounts/{id}/disable" ManageAccounts => api::accounts::disable;
        POST "/api/v1/accounts/{id}/second-factor/reset" ManageAccounts => api::accounts::reset;
        PUT "/api/v1/accounts/{id}/person" ManageAccounts => api::accounts::set_person;
        GET "/api/v1/me" OwnAccount => api::me;
        GET "/account/subscriptions" OwnAccount => subscriptions::pages::list;
        POST "/account/subscriptions" OwnAccount => subscriptions::pages::subscribe;
        POST "/account/subscriptions/end" OwnAccount => subscriptions::pages::end;
        GET "/account/subscriptions/{id}" OwnAccount => subscriptions::pages::one;
        GET "/account/subscriptions/{id}/alerts.atom" OwnAccount => subscriptions::api::alerts;
        GET "/api/v1/subscriptions" OwnAccount => subscriptions::api::list;
        POST "/api/v1/subscriptions" OwnAccount => subscriptions::api::make;
        GET "/api/v1/subscriptions/{id}" OwnAccount => subscriptions::api::one;
        DELETE "/api/v1/subscriptions/{id}" OwnAccount => subscriptions::api::end;
        GET "/metrics" ReadMetrics => metrics::metrics;
        GET "/imports" ReadMetrics => catalogue::pages::imports;
        GET "/imports/{number}" ReadMetrics => catalogue::pages::import;
    }
}

/// For reporters, who need no account.
fn reporters(table: &mut Table) {
    use reports::{api, pages};
    routes! { table:
        GET "/report" SubmitReport => pages::report_form;
        POST "/report" SubmitReport => pages::send;
        POST "/report/draft" SubmitReport => pages::save_draft;
        GET "/my" Public => pages::my;
        POST "/my/claim" Public => pages::claim;
        POST "/my/message" FollowReport => pages::my_message;
        GET "/my/receipt" FollowReport => pages::my_receipt;
        GET "/my/case" FollowReport => cases::pages::my_case;
        GET "/my/case/advisory" FollowReport => advisories::pages::my_advisory;
        POST "/my/case/message" FollowReport => cases::pages::my_message;
        POST "/my/case/propose" FollowReport => cases::pages::my_propose;
        POST "/my/case/terms" FollowReport => cases::pages::my_terms;
        POST "/my/case/leave" FollowReport => cases::pages::my_leave;
        GET "/reads/my" FollowReport => cases::pages::my_reads;
        POST "/api/v1/reports" SubmitReport => api::submit;
        POST "/api/v1/reports/status" Public => api::status;
        POST "/api/v1/reports/receipt" Public => api::receipt;
        POST "/api/v1/reports/timeline" Public => api::timeline;
        POST "/api/v1/reports/messages" Public => api::answer;
        POST "/api/v1/reports/reads" Public => cases::api::reporter::reads;
        POST "/api/v1/reports/case" Public => cases::api::reporter::case;
        POST "/api/v1/reports/case/messages" Public => cases::api::reporter::message;
        POST "/api/v1/reports/case/proposals" Public => cases::api::reporter::propose;
        POST "/api/v1/reports/case/terms" Public => cases::api::reporter::answer;
        POST "/api/v1/reports/case/leave" Public => cases::api::reporter::leave;
        POST "/api/v1/reports/case/advisory" Public => advisories::api::reporter::claimed;
    }
}

/// For the participants of a case: coordinators and vendors.
fn participants(table: &mut Table) {
    use cases::pages;
    routes! { table:
        GET "/case/{id}" ViewCase => pages::case;
        GET "/case/{id}/exploit/{report}" ViewCase => pages::exploit;
        GET "/case/{id}/reads" ViewCase => pages::reads;
        POST "/case/{id}/message" ViewCase => pages::message;
        POST "/case/{id}/propose" ViewCase => pages::propose;
        GET "/filings/{subject}/{debtor}/{profile}/{duty}" KeepFiling => deadlines::pages::filing;
        POST "/filings/{subject}/{debtor}/{profile}/{duty}" KeepFiling => deadlines::pages::save;
        POST "/filings/{subject}/{debtor}/{profile}/{duty}/submission" KeepFiling => deadlines::pages::submit;
        GET "/api/v1/filings/{subject}/{debtor}/{profile}/{duty}" KeepFiling => deadlines::api::filings::read;
        PUT "/api/v1/filings/{subject}/{debtor}/{profile}/{duty}" KeepFiling => deadlines::api::filings::save;
        POST "/api/v1/filings/{subject}/{debtor}/{profile}/{duty}/submission" KeepFiling
            => deadlines::api::filings::submit;
        GET "/api/v1/filings/{subject}/{debtor}/{profile}/{duty}/export" KeepFiling
            => deadlines::api::filings::take_out;
        GET "/vendor" ParticipateInCase => pages::vendor_cases;
        POST "/case/{id}/terms" ParticipateInCase => pages::terms;
        POST "/case/{id}/report-state" ParticipateInCase => pages::move_report;
        POST "/case/{id}/fix" ParticipateInCase => pages::fix;
        POST "/case/{id}/statement" ParticipateInCase => pages::statement;
        POST "/case/{id}/leave" ParticipateInCase => pages::leave;
        POST "/case/{id}/invite" CoordinateCase => pages::invite;
        POST "/case/{id}/embargo" CoordinateCase => pages::decide_embargo;
        POST "/case/{id}/state" CoordinateCase => pages::case_state;
        POST "/case/{id}/grade" CoordinateCase => pages::grade_case;
        POST "/case/{id}/classify" CoordinateCase => pages::classify;
        POST "/case/{id}/merge" CoordinateCase => pages::merge;
        POST "/case/{id}/close" CoordinateCase => pages::close;
        POST "/case/{id}/erase" CoordinateCase => pages::erase;
        GET "/case/{id}/advisory" ViewCase => advisories::pages::draft;
        POST "/case/{id}/advisory" PublishAdvisory => advisories::pages::save;
        POST "/case/{id}/advisory/share" PublishAdvisory => advisories::pages::share;
        POST "/case/{id}/advisory/approve" PublishAdvisory => advisories::pages::approve;
        POST "/case/{id}/advisory/publish" PublishAdvisory => advisories::pages::publish;
        GET "/reads" AuditReads => pages::all_reads;
    }
}

/// The same for their programs.
fn participants_programs(table: &mut Table) {
    use advisories::api::draft;
    use cases::api::{self, acts};
    routes! { table:
        GET "/api/v1/cases" ViewCase => api::list;
        GET "/api/v1/cases/{id}" ViewCase => api::case;
        GET "/api/v1/cases/{id}/exploit/{report}" ViewCase => api::exploit;
        GET "/api/v1/cases/{id}/reads" ViewCase => api::reads;
        POST "/api/v1/cases/{id}/messages" ViewCase => acts::message;
        POST "/api/v1/cases/{id}/embargo/proposals" ViewCase => acts::propose;
        GET "/api/v1/cases/{id}/terms" ParticipateInCase => api::terms;
        POST "/api/v1/cases/{id}/terms" ParticipateInCase => acts::vendor::answer;
        POST "/api/v1/cases/{id}/report-state" ParticipateInCase => acts::vendor::move_report;
        POST "/api/v1/cases/{id}/fix" ParticipateInCase => acts::vendor::fix;
        PUT "/api/v1/cases/{id}/statement" ParticipateInCase => acts::vendor::statement;
        POST "/api/v1/cases/{id}/leave" ParticipateInCase => acts::vendor::leave;
        POST "/api/v1/cases/{id}/participants" CoordinateCase => acts::centre::invite;
        POST "/api/v1/cases/{id}/embargo" CoordinateCase => acts::centre::decide_embargo;
        POST "/api/v1/cases/{id}/observations" CoordinateCase => acts::centre::observe;
        POST "/api/v1/cases/{id}/grade" CoordinateCase => acts::centre::grade;
        POST "/api/v1/cases/{id}/classification" CoordinateCase => acts::centre::classify;
        POST "/api/v1/cases/{id}/merge" CoordinateCase => acts::centre::merge;
        POST "/api/v1/cases/{id}/close" CoordinateCase => acts::centre::close;
        POST "/api/v1/cases/{id}/erase" CoordinateCase => acts::centre::erase;
        GET "/api/v1/cases/{id}/advisory" ViewCase => draft::draft;
        GET "/api/v1/cases/{id}/advisory/{format}" ViewCase => draft::rendered;
        PUT "/api/v1/cases/{id}/advisory" PublishAdvisory => draft::save;
        POST "/api/v1/cases/{id}/advisory/share" PublishAdvisory => draft::share;
        POST "/api/v1/cases/{id}/advisory/approve" PublishAdvisory => draft::approve;
        POST "/api/v1/cases/{id}/advisory/publish" PublishAdvisory => draft::publish;
        GET "/api/v1/reads" AuditReads => api::all_reads;
    }
}

/// For coordinators.
fn coordinators(table: &mut Table) {
    use reports::api::triage;
    use reports::pages;
    routes! { table:
        GET "/desk" ViewDesk => cases::pages::desk;
        POST "/desk/report/{id}/accept" Triage => cases::pages::accept_report;
        GET "/desk/report/{id}" Triage => pages::desk_report;
        GET "/desk/report/{id}/exploit/{which}" Triage => pages::exploit;
        POST "/desk/report/{id}/decline" Triage => pages::decline;
        POST "/desk/report/{id}/duplicate" Triage => pages::duplicate;
        POST "/desk/report/{id}/message" Triage => pages::desk_message;
        GET "/api/v1/reports" ViewDesk => triage::list;
        GET "/api/v1/reports/{id}" Triage => triage::open;
        GET "/api/v1/reports/{id}/exploit/{which}" Triage => triage::exploit;
        POST "/api/v1/reports/{id}/accept" Triage => cases::api::acts::centre::accept;
        POST "/api/v1/reports/{id}/decline" Triage => triage::decline;
        POST "/api/v1/reports/{id}/duplicate" Triage => triage::duplicate;
        POST "/api/v1/reports/{id}/messages" Triage => triage::message;
        GET "/deadlines" FollowDeadlines => deadlines::pages::deadlines;
        GET "/deadlines/export" FollowDeadlines => deadlines::pages::export;
        GET "/deadlines/drills" ViewDesk => deadlines::pages::drills;
        POST "/deadlines/drills" CoordinateCase => deadlines::pages::start_drill;
        POST "/deadlines/drills/{drill}/end" CoordinateCase => deadlines::pages::end_drill;
        GET "/feeds/deadlines.ics" FollowDeadlines => deadlines::pages::feed;
        GET "/deadlines/{subject}" ViewDesk => deadlines::pages::explain;
        POST "/deadlines/{subject}/fact" CoordinateCase => deadlines::pages::state_fact;
        POST "/deadlines/{subject}/scope" CoordinateCase => deadlines::pages::declare;
        POST "/deadlines/{subject}/extend" CoordinateCase => deadlines::pages::extend;
        POST "/deadlines/{subject}/delay-notice" CoordinateCase => deadlines::pages::told_of_delay;
        POST "/deadlines/{subject}/waive" CoordinateCase => deadlines::pages::waive;
        POST "/deadlines/{subject}/conflict" CoordinateCase => deadlines::pages::decide_conflict;
        POST "/deadlines/{subject}/take" CoordinateCase => deadlines::pages::take_over;
        GET "/api/v1/deadlines" FollowDeadlines => deadlines::api::deadlines;
        GET "/api/v1/deadlines/{subject}" ViewDesk => deadlines::api::subject;
        GET "/api/v1/deadlines/{subject}/why" ViewDesk => deadlines::api::why;
        POST "/api/v1/deadlines/{subject}/facts" CoordinateCase => deadlines::api::acts::state_fact;
        PUT "/api/v1/deadlines/{subject}/scope" CoordinateCase => deadlines::api::acts::declare;
        POST "/api/v1/deadlines/{subject}/delays" CoordinateCase => deadlines::api::acts::extend;
        POST "/api/v1/deadlines/{subject}/delay-notices" CoordinateCase => deadlines::api::acts::told_of_delay;
        POST "/api/v1/deadlines/{subject}/waivers" CoordinateCase => deadlines::api::acts::waive;
        POST "/api/v1/deadlines/{subject}/keeper" CoordinateCase => deadlines::api::acts::take_over;
        GET "/api/v1/deadlines/{subject}/conflicts" ViewDesk => deadlines::api::conflicts::list;
        POST "/api/v1/deadlines/{subject}/conflicts" CoordinateCase => deadlines::api::conflicts::decide;
        GET "/api/v1/drills" ViewDesk => deadlines::api::drills::list;
        POST "/api/v1/drills" CoordinateCase => deadlines::api::drills::start;
        POST "/api/v1/drills/{drill}/end" CoordinateCase => deadlines::api::drills::end;
        GET "/organisations" ManageOrganisations => people::pages::list;
        POST "/organisations" ManageOrganisations => people::pages::add;
        GET "/api/v1/organisations" ManageOrganisations => people::api::list;
        POST "/api/v1/organisations" ManageOrganisations => people::api::add;
    }
}

/// For those who hold accreditations, and those who keep the register of them.
fn accreditations(table: &mut Table) {
    use accreditations::api::{self, acts};
    use accreditations::pages;
    routes! { table:
        GET "/account/accreditations" HoldAccreditations => pages::own;
        POST "/account/accreditations" HoldAccreditations => pages::hand_in;
        GET "/account/accreditations/{id}" HoldAccreditations => pages::held;
        POST "/account/accreditations/{id}/{act}" HoldAccreditations => pages::own_act;
        GET "/account/accreditations/{id}/evidence/{which}" HoldAccreditations => pages::own_evidence;
        GET "/api/v1/account/accreditations" HoldAccreditations => api::own;
        POST "/api/v1/account/accreditations" HoldAccreditations => acts::hand_in;
        GET "/api/v1/account/accreditations/{id}" HoldAccreditations => api::own_one;
        POST "/api/v1/account/accreditations/{id}/acts" HoldAccreditations => acts::give_up;
        PUT "/api/v1/account/accreditations/{id}/evidence/{name}" HoldAccreditations => acts::add_own;
        GET "/desk/accreditations" KeepAccreditations => pages::desk;
        POST "/desk/accreditations" KeepAccreditations => pages::desk_register;
        GET "/desk/accreditations/export" KeepAccreditations => pages::export;
        POST "/desk/accreditations/import" KeepAccreditations => pages::import;
        POST "/api/v1/desk/accreditations/import" KeepAccreditations => acts::import;
        GET "/desk/accreditations/{id}" KeepAccreditations => pages::kept;
        POST "/desk/accreditations/{id}/{act}" KeepAccreditations => pages::desk_act;
        GET "/desk/accreditations/{id}/evidence/{which}" KeepAccreditations => pages::desk_evidence;
        GET "/api/v1/desk/accreditations" KeepAccreditations => api::kept;
        POST "/api/v1/desk/accreditations" KeepAccreditations => acts::register;
        GET "/api/v1/desk/accreditations/{id}" KeepAccreditations => api::kept_one;
        POST "/api/v1/desk/accreditations/{id}/acts" KeepAccreditations => acts::keep;
        PUT "/api/v1/desk/accreditations/{id}/evidence/{name}" KeepAccreditations => acts::add_kept;
    }
}

/// For security officers, and for everybody about themselves.
fn security(table: &mut Table) {
    use vetting::{api, pages};
    routes! { table:
        GET "/vetting" KeepRegister => pages::register;
        GET "/vetting/persons/{person}" KeepRegister => pages::person;
        POST "/vetting/persons/{person}/{act}" KeepRegister => pages::act;
        GET "/vetting/persons/{person}/waiting" KeepRegister => pages::waiting;
        GET "/vetting/import" KeepRegister => pages::import_form;
        POST "/vetting/import" KeepRegister => pages::import;
        GET "/vetting/export" KeepRegister => pages::register_file;
        POST "/api/v1/register/import" KeepRegister => api::import;
        GET "/vetting/expiries" KeepRegister => pages::expiries;
        GET "/api/v1/expiries" KeepRegister => api::expiries;
        GET "/me" OwnAccount => pages::me;
        POST "/me/{act}" OwnAccount => pages::own_act;
        GET "/me/export" OwnAccount => pages::export;
        GET "/api/v1/me/data" OwnAccount => api::own_data;
        POST "/api/v1/me/acts" OwnAccount => api::own_act;
        GET "/vetting/cases" KeepRegister => pages::classifications;
        POST "/vetting/cases" KeepRegister => pages::set_classification;
        GET "/api/v1/register" KeepRegister => api::list;
        GET "/api/v1/register/{id}" KeepRegister => api::entry;
        POST "/api/v1/register/{id}/acts" KeepRegister => api::act;
        GET "/api/v1/classifications" KeepRegister => api::classifications;
        PUT "/api/v1/classifications" KeepRegister => api::set_classification;
    }
}

/// For the partner programme: partners, assessors, managers.
fn programme(table: &mut Table) {
    use partners::api::{self, acts, requests};
    use partners::pages;
    routes! { table:
        GET "/partner" RepresentPartner => pages::own;
        POST "/partner/{act}" RepresentPartner => pages::partner_act;
        GET "/partner/evidence/{which}" RepresentPartner => pages::own_evidence;
        GET "/api/v1/partner/credits" RepresentPartner => api::own_credits;
        GET "/api/v1/partner" RepresentPartner => api::own;
        PUT "/api/v1/partner/evidence/{name}" RepresentPartner => acts::add_evidence;
        POST "/api/v1/partner/acts" RepresentPartner => acts::represent;
        GET "/assessments" AssessPartner => pages::assessments;
        GET "/assessments/{id}" AssessPartner => pages::assessment;
        POST "/assessments/{id}" AssessPartner => pages::give_marks;
        GET "/assessments/{id}/evidence/{which}" AssessPartner => pages::assessed_evidence;
        GET "/api/v1/assessments/{id}" AssessPartner => api::assessment;
        PUT "/api/v1/assessments/{id}" AssessPartner => acts::assess;
        GET "/partner/requests/{id}" RepresentPartner => pages::own_request;
        POST "/partner/requests/{id}/{act}" RepresentPartner => pages::answer_request;
        GET "/api/v1/partner/requests" RepresentPartner => requests::own_list;
        GET "/api/v1/partner/requests/{id}" RepresentPartner => requests::own_request;
        POST "/api/v1/partner/requests/{id}/acts" RepresentPartner => requests::answer;
        GET "/requests" ManageProgramme => pages::requests;
        POST "/requests" ManageProgramme => pages::order;
        GET "/requests/export" ManageProgramme => pages::requests_file;
        GET "/programme/contacts/export" ManageProgramme => pages::contacts_file;
        GET "/requests/{id}" ManageProgramme => pages::request;
        POST "/requests/{id}/{act}" ManageProgramme => pages::manage_request;
        GET "/api/v1/requests" ManageProgramme => requests::list;
        POST "/api/v1/requests" ManageProgramme => requests::order;
        GET "/api/v1/requests/candidates" ManageProgramme => requests::candidates;
        GET "/api/v1/requests/{id}" ManageProgramme => requests::request;
        POST "/api/v1/requests/{id}/acts" ManageProgramme => requests::manage;
        GET "/finds" Triage => pages::finds;
        GET "/finds/export" Triage => pages::finds_file;
        GET "/finds/{id}" Triage => pages::find;
        POST "/finds/{id}" Triage => pages::grade;
        GET "/api/v1/finds" Triage => api::finds;
        POST "/api/v1/finds/{id}/grade" Triage => acts::grade;
        POST "/programme/review" ManageProgramme => pages::review;
        POST "/api/v1/programme/review" ManageProgramme => acts::review;
        GET "/programme/scoreboard" ManageProgramme => pages::scoreboard;
        GET "/programme/export" ManageProgramme => pages::scoreboard_file;
        GET "/programme/calendar" ManageProgramme => pages::calendar;
        GET "/programme/calendar.ics" ManageProgramme => pages::calendar_file;
        GET "/programme" ManageProgramme => pages::programme;
        POST "/programme/invite" ManageProgramme => pages::approach;
        POST "/programme/import" ManageProgramme => pages::import;
        POST "/api/v1/programme/import" ManageProgramme => acts::import;
        GET "/programme/{id}" ManageProgramme => pages::partner;
        POST "/programme/{id}/{act}" ManageProgramme => pages::act;
        GET "/programme/{id}/evidence/{which}" ManageProgramme => pages::evidence;
        GET "/api/v1/programme/partners" ManageProgramme => api::list;
        POST "/api/v1/programme/partners" ManageProgramme => acts::approach;
        GET "/api/v1/programme/partners/{id}" ManageProgramme => api::partner;
        POST "/api/v1/programme/partners/{id}/acts" ManageProgramme => acts::manage;
    }
}
