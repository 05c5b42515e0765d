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
    let app = TestApp::with(&[
        ("cve_org_id", "8254265b-2729-46b6-b9e3-3dfca2d5bfca"),
        ("cve_org_name", "heliograph"),
    ]);
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
    let missing: Vec<&String> = routed.difference(&listed).collect();
    assert!(missing.is_empty(), "routes without a line in the table: {missing:#?}");
    let gone: Vec<&String> = listed.difference(&routed).collect();
    assert!(gone.is_empty(), "lines without a route: {gone:#?}");
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
