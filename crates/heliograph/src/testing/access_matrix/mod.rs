//! Every route and every kind of viewer, in one table. A route that is not listed there fails.

mod table;
mod world;

use super::app::TestApp;
use super::client::Answer;
use crate::access::{Role, Route};
use std::collections::BTreeSet;
use table::MATRIX;
use world::World;

fn met_with(answer: &Answer) -> char {
    match answer.status() {
        401 => 's',
        303 if answer.header("location").starts_with("/login?next=") => 's',
        404 => '-',
        403 => 'x',
        500.. => '!',
        _ => '+',
    }
}

#[test]
fn every_route_answers_every_kind_of_viewer_as_the_table_says() {
    let app = TestApp::with(crate::advisories::tests::CENTRE);
    let world = World::new(&app);
    let mut wrong = Vec::new();
    for (name, expected) in MATRIX {
        let Some(route) = app.routes.iter().find(|route| named(route) == *name) else { continue };
        let viewers = world.viewers(route.permission);
        let answers: Vec<Answer> = viewers.iter().map(|viewer| world.ask(route, viewer)).collect();
        let met: String = answers.iter().map(met_with).collect();
        let met = format!("{} {} {}", &met[..5], &met[5..10], &met[10..]);
        if met != *expected {
            let sample = answers.iter().find(|answer| answer.status() >= 500).map(Answer::text);
            wrong.push(format!("(\"{name}\", \"{met}\"), expected \"{expected}\" {sample:?}"));
        }
        for (viewer, answer) in viewers.iter().zip(&answers).filter(|(_, answer)| answer.status() == 404) {
            let nowhere = if name.contains(" /api/") { "/api/v1/nowhere" } else { "/nowhere" };
            assert_eq!(answer, &viewer.get(nowhere), "{name} tells that it is there");
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn named(route: &Route) -> String {
    format!("{} {}", route.method, route.path)
}

#[test]
fn every_route_is_in_the_matrix() {
    let app = TestApp::new();
    let listed: BTreeSet<String> = MATRIX.iter().map(|(name, _)| (*name).to_owned()).collect();
    let routed: BTreeSet<String> = app.routes.iter().map(named).collect();
    assert_eq!(listed, routed);
    assert_eq!(listed.len(), MATRIX.len(), "a route is listed twice");
}

/// A resource that one may not see answers like one that is not there.
#[test]
fn a_thing_that_is_there_and_one_that_is_not_look_the_same_to_a_stranger() {
    let app = TestApp::new();
    let report = app.report_with(&[("proof_of_concept", "zinnober.py")]);
    let strangers = [app.account(&[Role::Auditor]), app.report().client, app.vendor(&app.organisation("V"))];
    for stranger in strangers {
        for path in ["/desk/report/", "/desk/report/{}/exploit/poc", "/deadlines/"] {
            let place = |id: &str| match path.contains("{}") {
                true => path.replace("{}", id),
                false => format!("{path}{id}"),
            };
            let there = stranger.get(&place(report.id.as_str()));
            assert_eq!(there.status(), 404);
            assert_eq!(there, stranger.get(&place("HEL-R-2026-999999")));
            assert_eq!(there, stranger.get(&place("not-a-number")));
            assert_eq!(there, stranger.get("/no/such/place"));
        }
    }
}

/// The document that describes the API and the router agree, both ways.
#[test]
fn every_api_route_is_in_the_openapi_document_and_no_other() {
    let app = TestApp::new();
    let document = app.anonymous().get("/api/v1/openapi.json").json();
    let mut described = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            described.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let programs = ["/api/v1/", "/v1/", "/log/"];
    let ours = |route: &&Route| programs.iter().any(|start| route.path.starts_with(start));
    let routed = app.routes.iter().filter(ours).map(|route| named(route).replace("{*", "{"));
    assert_eq!(described, routed.collect());
    assert_eq!(document["openapi"], "3.1.0");
}
