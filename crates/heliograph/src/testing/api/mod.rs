//! The API as a whole: its document, every example in it, and hostile bodies for every operation.

mod document;
mod examples;
mod hostile;

use super::app::TestApp;
use super::contract;
use serde_json::Value;

/// Every operation of the own API that takes a document of ours: method, path, and the document's schema.
/// A document of somebody else's standard (a bill of materials) has its own limits and hostile tests.
fn with_document(app: &TestApp) -> Vec<(String, &'static str, &'static Value)> {
    let document = contract::document(&app.routes);
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let schema = operation.pointer("/requestBody/content/application~1json/schema");
            let ours = |schema: &&Value| {
                schema.as_object().is_some_and(|schema| schema.keys().any(|key| key != "type"))
            };
            if let Some(schema) = schema.filter(|_| path.starts_with("/api/v1/")).filter(ours) {
                found.push((method.to_uppercase(), path.as_str(), schema));
            }
        }
    }
    found
}
