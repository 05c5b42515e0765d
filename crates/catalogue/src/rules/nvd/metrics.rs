//! Scores with each metric in words, as NVD has them.

use formats::record::{Record, Severity};
use serde_json::{Map, Value, json};

/// A metric: its letters in the vector, NVD's name for it, and its values with their words.
type Metric = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const NLH: &[(&str, &str)] = &[("N", "NONE"), ("L", "LOW"), ("H", "HIGH")];
const LH: &[(&str, &str)] = &[("L", "LOW"), ("H", "HIGH")];
const NPC: &[(&str, &str)] = &[("N", "NONE"), ("P", "PARTIAL"), ("C", "COMPLETE")];

const V2: &[Metric] = &[
    ("AV", "accessVector", &[("N", "NETWORK"), ("A", "ADJACENT_NETWORK"), ("L", "LOCAL")]),
    ("AC", "accessComplexity", &[("L", "LOW"), ("M", "MEDIUM"), ("H", "HIGH")]),
    ("Au", "authentication", &[("N", "NONE"), ("S", "SINGLE"), ("M", "MULTIPLE")]),
    ("C", "confidentialityImpact", NPC),
    ("I", "integrityImpact", NPC),
    ("A", "availabilityImpact", NPC),
];

const V3: &[Metric] = &[
    ("AV", "attackVector", &[("N", "NETWORK"), ("A", "ADJACENT_NETWORK"), ("L", "LOCAL"), ("P", "PHYSICAL")]),
    ("AC", "attackComplexity", LH),
    ("PR", "privilegesRequired", NLH),
    ("UI", "userInteraction", &[("N", "NONE"), ("R", "REQUIRED")]),
    ("S", "scope", &[("U", "UNCHANGED"), ("C", "CHANGED")]),
    ("C", "confidentialityImpact", NLH),
    ("I", "integrityImpact", NLH),
    ("A", "availabilityImpact", NLH),
];

const V4: &[Metric] = &[
    ("AV", "attackVector", &[("N", "NETWORK"), ("A", "ADJACENT"), ("L", "LOCAL"), ("P", "PHYSICAL")]),
    ("AC", "attackComplexity", LH),
    ("AT", "attackRequirements", &[("N", "NONE"), ("P", "PRESENT")]),
    ("PR", "privilegesRequired", NLH),
    ("UI", "userInteraction", &[("N", "NONE"), ("P", "PASSIVE"), ("A", "ACTIVE")]),
    ("VC", "vulnConfidentialityImpact", NLH),
    ("VI", "vulnIntegrityImpact", NLH),
    ("VA", "vulnAvailabilityImpact", NLH),
    ("SC", "subConfidentialityImpact", NLH),
    ("SI", "subIntegrityImpact", NLH),
    ("SA", "subAvailabilityImpact", NLH),
];

/// Whether a version of CVSS, by its first digit, has this metric with this value: `AV:N`.
pub fn is_metric(version: char, metric: &str) -> bool {
    let metrics = match version {
        '2' => V2,
        '3' => V3,
        '4' => V4,
        _ => return false,
    };
    metric.split_once(':').is_some_and(|(letters, value)| {
        let is_it = |(known, _, values): &&Metric| {
            *known == letters && values.iter().any(|(known, _)| *known == value)
        };
        metrics.iter().any(|metric| is_it(&metric))
    })
}

/// All scores of a record that come with a whole vector, by NVD's name of their version.
pub(super) fn metrics(record: &Record, who: &str) -> Value {
    let mut all: Map<String, Value> = Map::new();
    for severity in &record.severities {
        let (name, metrics) = match severity.version.as_str() {
            "2.0" => ("cvssMetricV2", V2),
            "3.0" => ("cvssMetricV30", V3),
            "3.1" => ("cvssMetricV31", V3),
            "4.0" => ("cvssMetricV40", V4),
            _ => continue,
        };
        let Some(mut metric) = metric(severity, metrics) else { continue };
        metric["source"] = json!(severity.source.as_deref().unwrap_or(who));
        let list = all.entry(name).or_insert_with(|| json!([]));
        if let Some(list) = list.as_array_mut() {
            metric["type"] = json!(if list.is_empty() { "Primary" } else { "Secondary" });
            list.push(metric);
        }
    }
    Value::Object(all)
}

fn metric(severity: &Severity, metrics: &[Metric]) -> Option<Value> {
    let vector = severity.vector.as_str();
    // Clients read every metric, so a vector that lacks one is left out.
    let score = severity.score.or_else(|| Some(formats::cvss::score(vector).ok()?.score))?;
    let mut data = Map::new();
    data.insert("version".to_owned(), json!(severity.version));
    data.insert("vectorString".to_owned(), json!(vector));
    for (letters, name, values) in metrics {
        let value = values.iter().find(|(letter, _)| Some(*letter) == value(vector, letters))?;
        data.insert((*name).to_owned(), json!(value.1));
    }
    data.insert("baseScore".to_owned(), json!(score));
    let mut metric = Map::new();
    let is_v2 = severity.version == "2.0";
    let band = band(score, is_v2);
    match is_v2 {
        true => metric.insert("baseSeverity".to_owned(), json!(band)),
        false => data.insert("baseSeverity".to_owned(), json!(band)),
    };
    metric.insert("cvssData".to_owned(), Value::Object(data));
    let parts = match severity.version.as_str() {
        "2.0" => v2_parts(vector),
        "4.0" => None,
        _ => v3_parts(vector),
    };
    if let Some((exploitability, impact)) = parts {
        metric.insert("exploitabilityScore".to_owned(), json!(exploitability));
        metric.insert("impactScore".to_owned(), json!(impact));
    }
    Some(Value::Object(metric))
}

fn band(score: f64, is_v2: bool) -> &'static str {
    match score {
        score if score >= 9.0 && !is_v2 => "CRITICAL",
        score if score >= 7.0 => "HIGH",
        score if score >= 4.0 => "MEDIUM",
        score if score > 0.0 || is_v2 => "LOW",
        _ => "NONE",
    }
}

/// The value of a metric in a vector.
fn value<'a>(vector: &'a str, letters: &str) -> Option<&'a str> {
    vector
        .split('/')
        .find_map(|part| part.split_once(':').filter(|(name, _)| *name == letters).map(|(_, value)| value))
}

fn weight(vector: &str, letters: &str, weights: &[(&str, f64)]) -> Option<f64> {
    let value = value(vector, letters)?;
    weights.iter().find(|(letter, _)| *letter == value).map(|(_, weight)| *weight)
}

fn tenth(number: f64) -> f64 {
    (number.max(0.0) * 10.0).round() / 10.0
}

/// Exploitability and impact (CVSS 3.1 specification, 7.1).
fn v3_parts(vector: &str) -> Option<(f64, f64)> {
    let impact = |letters| weight(vector, letters, &[("N", 0.0), ("L", 0.22), ("H", 0.56)]);
    let is_changed = value(vector, "S")? == "C";
    let loss = 1.0 - (1.0 - impact("C")?) * (1.0 - impact("I")?) * (1.0 - impact("A")?);
    let impact = match is_changed {
        true => 7.52 * (loss - 0.029) - 3.25 * (loss - 0.02).powi(15),
        false => 6.42 * loss,
    };
    let privileges = match is_changed {
        true => [("N", 0.85), ("L", 0.68), ("H", 0.5)],
        false => [("N", 0.85), ("L", 0.62), ("H", 0.27)],
    };
    let exploitability = 8.22
        * weight(vector, "AV", &[("N", 0.85), ("A", 0.62), ("L", 0.55), ("P", 0.2)])?
        * weight(vector, "AC", &[("L", 0.77), ("H", 0.44)])?
        * weight(vector, "PR", &privileges)?
        * weight(vector, "UI", &[("N", 0.85), ("R", 0.62)])?;
    Some((tenth(exploitability), tenth(impact)))
}

/// Exploitability and impact (CVSS 2.0 guide, 3.2.1).
fn v2_parts(vector: &str) -> Option<(f64, f64)> {
    let impact = |letters| weight(vector, letters, &[("N", 0.0), ("P", 0.275), ("C", 0.66)]);
    let loss = 1.0 - (1.0 - impact("C")?) * (1.0 - impact("I")?) * (1.0 - impact("A")?);
    let exploitability = 20.0
        * weight(vector, "AV", &[("L", 0.395), ("A", 0.646), ("N", 1.0)])?
        * weight(vector, "AC", &[("H", 0.35), ("M", 0.61), ("L", 0.71)])?
        * weight(vector, "Au", &[("M", 0.45), ("S", 0.56), ("N", 0.704)])?;
    Some((tenth(exploitability), tenth(10.41 * loss)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sub-scores that NVD publishes for CVE-2021-44228 (3.1, scope changed) and CVE-2017-0144 (2.0).
    #[test]
    fn sub_scores_are_those_that_nvd_publishes() {
        assert_eq!(v3_parts("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"), Some((3.9, 6.0)));
        assert_eq!(v2_parts("AV:N/AC:M/Au:N/C:C/I:C/A:C"), Some((8.6, 10.0)));
    }

    #[test]
    fn vectors_that_lack_a_metric_are_left_out() {
        let severity = |version: &str, vector: &str| Severity {
            version: version.into(),
            vector: vector.into(),
            score: Some(5.0),
            ..Severity::default()
        };
        let record = Record {
            severities: vec![
                severity("3.1", "CVSS:3.1/AV:N"),
                severity("3.1", "high"),
                severity("2.0", "AV:N/AC:L/Au:N/C:P/I:P/A:P"),
                severity("4.0", "CVSS:4.0/AV:A/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"),
            ],
            ..Record::default()
        };
        let all = metrics(&record, "acme");
        assert_eq!(all.as_object().unwrap().keys().collect::<Vec<_>>(), ["cvssMetricV2", "cvssMetricV40"]);
        assert_eq!(all["cvssMetricV2"][0]["baseSeverity"], "MEDIUM");
        assert_eq!(all["cvssMetricV40"][0]["cvssData"]["attackVector"], "ADJACENT");
    }
}
