//! The document describes the routes, all of them, in a way that programs can read.

use crate::access::{Permission, Route};
use crate::testing::TestApp;
use serde_json::{Value, json};
use std::collections::BTreeSet;

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
    let routed = app.routes.iter().filter(ours);
    let routed = routed.map(|route| format!("{} {}", route.method, route.path).replace("{*", "{"));
    assert_eq!(described, routed.collect());
    assert_eq!(document["openapi"], "3.1.0");
}

/// OpenAPI 3.1: an operation's id is unique, a reference leads somewhere, a parameter of the path is
/// described; and the scope that the router asks for stands at the operation.
#[test]
fn the_document_is_whole() {
    let app = TestApp::new();
    let document = app.anonymous().get("/api/v1/openapi.json").json();
    let mut references = Vec::new();
    references_in(&document, &mut references);
    assert!(references.len() > 100, "{}", references.len());
    for place in references {
        assert!(document.pointer(place.trim_start_matches('#')).is_some(), "{place} leads nowhere");
    }
    let mut ids = BTreeSet::new();
    for route in app.routes.iter().filter(|route| route.path.starts_with("/api/v1/")) {
        let operation = &document["paths"][route.path][route.method.to_lowercase()];
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id.to_owned()), "{id} is given twice");
        let scopes =
            &operation["security"][usize::from(route.permission == Permission::SubmitReport)]["token"];
        let expected = (route.permission != Permission::Public).then(|| json!([route.permission.name()]));
        assert_eq!(scopes.as_array().map(|all| json!(all)), expected, "{id}");
        let named: Vec<&str> =
            route.path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
        for name in named {
            let known = operation["parameters"].as_array().unwrap().iter();
            let known: Vec<&Value> = known.filter(|one| one["name"] == name && one["in"] == "path").collect();
            assert_eq!(known.len(), 1, "{id} does not describe {name}");
        }
        assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{id}");
    }
}

fn references_in<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get("$ref").and_then(Value::as_str));
            map.values().for_each(|value| references_in(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references_in(value, found)),
        _ => {}
    }
}
