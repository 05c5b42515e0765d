//! The API keeps to its own document, watched over in every test: whatever a program is answered is
//! a status that the operation lists, with a body of the shape that stands there.

use super::client::Answer;
use crate::access::Route;
use crate::openapi;
use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// The document, as it is served.
pub(crate) fn document(routes: &[Route]) -> &'static Value {
    static DOCUMENT: LazyLock<Mutex<Option<&'static Value>>> = LazyLock::new(Mutex::default);
    let mut known = DOCUMENT.lock().unwrap();
    known.get_or_insert_with(|| {
        let text = openapi::describe(routes);
        Box::leak(Box::new(serde_json::from_str(text).unwrap()))
    })
}

/// The address of an operation on one thing; of a filing, on that of the manufacturer who reported.
pub(crate) fn place(path: &str, id: &str) -> String {
    let parts = [
        ("{id}", id),
        ("{subject}", id),
        ("{debtor}", "reporter"),
        ("{profile}", "cra-art14"),
        ("{duty}", "aev.ew"),
    ];
    parts.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
}

/// Compares an answer with what the document says of its operation.
pub(super) fn check(routes: &[Route], method: &str, path: &str, answer: &Answer) {
    let place = path.split('?').next().unwrap();
    if !place.starts_with("/api/v1/") {
        return;
    }
    let document = document(routes);
    let Some((template, item)) = item(document, place) else {
        assert_eq!(answer.status(), 404, "{method} {path} is in no document");
        return;
    };
    // HEAD is answered as GET is, without the body.
    if method == "HEAD" {
        return;
    }
    let Some(operation) = item.get(method.to_lowercase()) else {
        assert_eq!(answer.status(), 405, "{method} {path} is in no document");
        return;
    };
    let status = answer.status().to_string();
    let mut response = &operation["responses"][&status];
    assert!(response.is_object(), "{method} {template} does not list {status}: {}", answer.text());
    if let Some(place) = response["$ref"].as_str() {
        response = document.pointer(place.trim_start_matches('#')).unwrap();
    }
    let Some(content) = response["content"].as_object() else {
        assert!(answer.bytes().is_empty(), "{method} {template} lists no body for {status}");
        return;
    };
    let kind = answer.header("content-type").split(';').next().unwrap();
    let listed = content.get(kind);
    let listed = listed.unwrap_or_else(|| panic!("{method} {template} answers {status} with {kind}"));
    if let Some(schema) = listed.get("schema").filter(|_| kind.ends_with("json")) {
        matches(document, schema, &answer.json(), &format!("{method} {template} {status}"));
    }
}

/// The path of the document that an address belongs to; one without braces wins.
fn item<'a>(document: &'a Value, place: &str) -> Option<(&'a String, &'a Value)> {
    let paths = document["paths"].as_object().unwrap();
    let fits = |template: &str| {
        let (parts, given): (Vec<&str>, Vec<&str>) =
            (template.split('/').collect(), place.split('/').collect());
        parts.len() == given.len()
            && parts.iter().zip(&given).all(|(part, given)| part.starts_with('{') || part == given)
    };
    paths.get_key_value(place).or_else(|| paths.iter().find(|(template, _)| fits(template)))
}

fn matches(document: &Value, schema: &Value, body: &Value, place: &str) {
    let key = schema.to_string();
    let mut known = VALIDATORS.lock().unwrap();
    let validator = known.entry(key).or_insert_with(|| {
        let whole = json!({ "allOf": [schema], "components": document["components"] });
        Arc::new(jsonschema::options().build(&whole).unwrap())
    });
    let wrong: Vec<String> =
        validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{place}: {wrong:#?} in {body:#}");
}

/// A document that a schema describes, put together from the examples that stand at its properties.
pub(crate) fn example(document: &Value, schema: &Value) -> Option<Value> {
    if let Some(example) = schema.get("example") {
        return Some(example.clone());
    }
    if let Some(place) = schema["$ref"].as_str() {
        return example(document, document.pointer(place.trim_start_matches('#')).unwrap());
    }
    if let Some(one) = schema["oneOf"].as_array() {
        return one.iter().find_map(|schema| example(document, schema));
    }
    if let Some(properties) = schema["properties"].as_object() {
        let found =
            properties.iter().filter_map(|(name, schema)| Some((name.clone(), example(document, schema)?)));
        let found: serde_json::Map<String, Value> = found.collect();
        return (!found.is_empty() || schema.get("required").is_none()).then_some(Value::Object(found));
    }
    schema.get("items").and_then(|items| example(document, items)).map(|item| json!([item]))
}
