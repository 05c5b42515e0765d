//! Findings as SARIF 2.1.0, which code hosts and build systems show.

use super::super::rules::Answer;
use super::{Finding, Inventory, part_version, status_word};
use formats::record::Status;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A log with one run. What VEX holds for not affected is there, suppressed with its reason.
pub fn sarif(inventory: &Inventory) -> Value {
    let mut rules: BTreeMap<&str, Value> = BTreeMap::new();
    for finding in &inventory.findings {
        rules.entry(&finding.known.id).or_insert_with(|| rule(finding));
    }
    let places: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(at, id)| (*id, at)).collect();
    let results: Vec<Value> = inventory
        .findings
        .iter()
        .map(|finding| result(finding, places[finding.known.id.as_str()], &inventory.file))
        .collect();
    let unasked = inventory.unasked.iter();
    let unasked = unasked.map(|one| format!("{} was not asked about: {}", one.component.name, one.reason));
    let notes: Vec<Value> = unasked
        .chain(inventory.notes.iter().cloned())
        .map(|text| json!({ "level": "note", "message": { "text": text } }))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "heliograph",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_values().collect::<Vec<_>>(),
            }},
            "invocations": [{ "executionSuccessful": true, "endTimeUtc": inventory.at.to_string(), "toolExecutionNotifications": notes }],
            "results": results,
        }],
    })
}

fn rule(finding: &Finding) -> Value {
    let severity = finding.known.severity_tenths.map(|tenths| format!("{:.1}", tenths as f64 / 10.0));
    let mut rule = json!({
        "id": finding.known.id,
        "shortDescription": { "text": if finding.title().is_empty() { &finding.known.id } else { finding.title() } },
        "properties": { "tags": ["security", "vulnerability"] },
    });
    if let Some(severity) = severity {
        rule["properties"]["security-severity"] = severity.into();
    }
    rule
}

fn result(finding: &Finding, rule: usize, file: &str) -> Value {
    let component = &finding.component;
    let level = match (finding.known.answer, finding.known.severity_tenths) {
        (Answer::Affected, Some(70..)) => "error",
        (Answer::Affected, _) => "warning",
        _ => "note",
    };
    let version = part_version(component).unwrap_or_default();
    let word = if finding.known.answer == Answer::Affected { "is affected by" } else { "may be affected by" };
    let fixed = match finding.known.fixed.as_slice() {
        [] => String::new(),
        fixed => format!("; fixed in {}", fixed.join(", ")),
    };
    let mut result = json!({
        "ruleId": finding.known.id,
        "ruleIndex": rule,
        "level": level,
        "message": { "text": format!("{} {version} {word} {}{fixed}", component.name, finding.known.id) },
        "locations": [{
            "physicalLocation": { "artifactLocation": { "uri": file } },
            "logicalLocations": [{ "fullyQualifiedName": component.place, "kind": "member" }],
        }],
        "partialFingerprints": { "component/v1": format!("{}|{}", component.purl.as_deref().unwrap_or(&component.name), finding.known.id) },
    });
    if let Some(said) = &finding.vex {
        let why = said.why.as_deref().unwrap_or("no reason given");
        let text = format!("{} by {}: {why}", status_word(said.status), said.source);
        if matches!(said.status, Status::NotAffected | Status::Fixed) {
            result["suppressions"] =
                json!([{ "kind": "external", "status": "accepted", "justification": text }]);
        } else {
            result["properties"] = json!({ "vex": text });
        }
    }
    result
}
