//! A record in the shape of the NVD API 2.0 (schema `cve_api_json_2.0`), as far as it says so.
//!
//! The words are the source's own. What NVD's analysts would add, such as product names for records
//! that have none, is not invented: without a CPE name there is no configuration.

mod criteria;
mod filed;
mod metrics;
mod names;

pub(crate) use criteria::as_compared;
pub use criteria::{bounds, criteria, criterion_id};
pub(crate) use filed::{filed, filed_under, graded};
pub use metrics::is_metric;
pub(crate) use names::formatted;

use formats::record::{self, Affected, Exploited, Record, Reference, State};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// The `cve` of a document that came from NVD: one item of a page, a page of one, or a record without either.
pub(crate) fn nvd_own(document: &str) -> Option<Value> {
    let mut own: Value = serde_json::from_str(document).ok()?;
    if let Some(item) = own.pointer_mut("/vulnerabilities/0") {
        own = item.take();
    }
    Some(match own.get_mut("cve") {
        Some(cve) => cve.take(),
        None => own,
    })
}

/// The record as one `cve` of an answer. `listed` is its listing as known exploited, with its title;
/// `seen` stands in for dates that the source does not give.
pub(crate) fn nvd_shape(record: &Record, listed: Option<(&str, &Exploited)>, seen: Timestamp) -> Value {
    let who = source_of(record);
    let published = record.published.or(record.modified).unwrap_or(seen);
    let modified = record.modified.or(record.published).unwrap_or(seen);
    let mut cve = Map::new();
    let mut set = |name: &str, value: Value| cve.insert(name.to_owned(), value);
    set("id", json!(record.id));
    set("sourceIdentifier", json!(who));
    set("published", json!(time(published)));
    set("lastModified", json!(time(modified)));
    set("vulnStatus", json!(status(record)));
    // Their own words, in which NVD has no others.
    let tags: Vec<&String> = record.tags.iter().filter(|tag| !tag.starts_with("x_")).collect();
    let tagged = |tags: &Vec<&String>| json!([{ "sourceIdentifier": who, "tags": tags }]);
    set("cveTags", if tags.is_empty() { json!([]) } else { tagged(&tags) });
    set("descriptions", descriptions(record));
    set("metrics", metrics::metrics(record, &who));
    let named = |id: &String| json!({ "lang": "en", "value": id });
    let all: Vec<Value> = record.weaknesses.iter().chain(&record.weakness_marks).map(named).collect();
    if !all.is_empty() {
        set("weaknesses", json!([{ "source": who, "type": "Primary", "description": all }]));
    }
    // What came in NVD's own shape leaves in it; of others, what their CPE names say.
    let configurations: Vec<Value> = match record.configurations.is_empty() {
        true => record.affected.iter().filter_map(configuration).collect(),
        false => record.configurations.iter().map(given).collect(),
    };
    if !configurations.is_empty() {
        set("configurations", json!(configurations));
    }
    set("references", json!(record.references.iter().map(|link| reference(link, &who)).collect::<Vec<_>>()));
    if let Some((title, exploited)) = listed {
        set("cisaVulnerabilityName", json!(title));
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
        let said = [
            ("cisaExploitAdd", day(exploited.date_added)),
            ("cisaActionDue", day(exploited.due_date)),
            ("cisaRequiredAction", exploited.required_action.clone()),
        ];
        for (name, value) in said {
            if let Some(value) = value {
                set(name, json!(value));
            }
        }
    }
    Value::Object(cve)
}

/// An instant as NVD writes it: UTC, to the millisecond, without a zone.
pub fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3f").to_string()
}

/// Who answers for the record: its assigner or, where it names none, who says something in it.
pub fn source_of(record: &Record) -> String {
    let of_rows = || record.affected.iter().find_map(|row| row.source.clone());
    let of_scores = || record.severities.iter().find_map(|severity| severity.source.clone());
    record.assigner.clone().or_else(of_rows).or_else(of_scores).unwrap_or_else(|| "unknown".to_owned())
}

fn status(record: &Record) -> &'static str {
    match record.state {
        State::Rejected | State::Withdrawn => "Rejected",
        State::Published if !record.configurations.is_empty() => "Analyzed",
        State::Published if record.affected.iter().any(|row| !row.cpes.is_empty()) => "Analyzed",
        State::Published => "Received",
    }
}

fn descriptions(record: &Record) -> Value {
    let text = record.summary.as_deref().or(record.details.as_deref()).or(record.title.as_deref());
    let text = text.unwrap_or_default();
    // NVD gives the reason where others give the description.
    let because = record.withdrawn_because.as_deref().filter(|because| *because != text);
    let told = because.map(|because| format!("Rejected reason: {because}"));
    let text = told.as_deref().unwrap_or(text);
    let is_chinese = text.chars().any(|letter| matches!(letter, '\u{4e00}'..='\u{9fff}'));
    let first = json!({ "lang": if is_chinese { "zh" } else { "en" }, "value": text });
    let others = record.translations.iter().map(|said| json!({ "lang": said.language, "value": said.text }));
    std::iter::once(first).chain(others).collect()
}

/// NVD's tags of references that are not CVE's with capitals. CVE made its list from NVD's eighteen, renamed
/// three, and added `customer-entitlement` and `related`, for which NVD has no word.
const TAGS: [(&str, &str); 7] = [
    ("government resource", "US Government Resource"),
    ("us government resource", "US Government Resource"),
    ("media coverage", "Press/Media Coverage"),
    ("press/media coverage", "Press/Media Coverage"),
    ("signature", "Tool Signature"),
    ("vdb entry", "VDB Entry"),
    ("url repurposed", "URL Repurposed"),
];

/// The tag of a reference, as NVD writes it.
fn tag(word: &str) -> String {
    let word = word.to_lowercase().replace('-', " ");
    if let Some((_, tag)) = TAGS.iter().find(|(known, _)| *known == word) {
        return (*tag).to_owned();
    }
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
    };
    word.split(' ').map(capital).collect::<Vec<_>>().join(" ")
}

fn reference(link: &Reference, who: &str) -> Value {
    let words = link.kind.iter().filter(|word| !word.starts_with("x_"));
    let mut tags: Vec<String> = words.map(|word| tag(word)).collect();
    tags.dedup();
    let mut value = json!({ "url": link.url, "source": who });
    if !tags.is_empty() {
        value["tags"] = json!(tags);
    }
    value
}

/// A configuration as NVD wrote it.
fn given(configuration: &record::Configuration) -> Value {
    let operator = |all: bool| if all { "AND" } else { "OR" };
    let node = |node: &record::Node| {
        let criteria: Vec<Value> = node.criteria.iter().map(written).collect();
        json!({ "operator": operator(node.all), "negate": node.negate, "cpeMatch": criteria })
    };
    let nodes: Vec<Value> = configuration.nodes.iter().map(node).collect();
    json!({ "operator": operator(configuration.all), "negate": configuration.negate, "nodes": nodes })
}

fn configuration(row: &Affected) -> Option<Value> {
    let found: Vec<Value> = criteria::of_row(row).iter().map(written).collect();
    (!found.is_empty())
        .then(|| json!({ "nodes": [{ "operator": "OR", "negate": false, "cpeMatch": found }] }))
}

fn written(criterion: &record::Criterion) -> Value {
    let mut value = json!({
        "vulnerable": criterion.vulnerable, "criteria": criterion.name,
        "matchCriteriaId": criterion_id(criterion),
    });
    for (name, version) in bounds(criterion) {
        value[name] = json!(version);
    }
    value
}

/// An UUID that is the same for the same text (RFC 9562, version 8).
pub fn uuid_of(text: &str) -> String {
    let mut bytes: [u8; 16] = [0; 16];
    bytes.copy_from_slice(&Sha256::digest(text)[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let number = u128::from_be_bytes(bytes);
    let [first, second, third, fourth] = [96, 80, 64, 48].map(|shift| number >> shift);
    let word = |part: u128| part & 0xffff;
    format!(
        "{first:08X}-{:04X}-{:04X}-{:04X}-{:012X}",
        word(second),
        word(third),
        word(fourth),
        number & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use formats::record::{Severity, Status, VersionEntry};

    pub(super) const NAME: &str = "cpe:2.3:a:acme:router:*:*:*:*:*:*:*:*";

    pub(super) fn entry(version: &str, less_than: Option<&str>) -> VersionEntry {
        VersionEntry {
            version: version.into(),
            less_than: less_than.map(str::to_owned),
            status: Status::Affected,
            ..VersionEntry::default()
        }
    }

    pub(super) fn row(entries: Vec<VersionEntry>) -> Affected {
        Affected { cpes: vec![NAME.into()], version_entries: entries, ..Affected::default() }
    }

    #[test]
    fn a_record_has_what_clients_read() {
        let record = Record {
            id: "CVE-2024-1".into(),
            summary: Some("远程代码执行".into()),
            published: "2024-01-02T03:04:05.678Z".parse().ok(),
            weaknesses: vec!["CWE-79".into()],
            affected: vec![Affected { source: Some("acme".into()), ..row(vec![entry("1.0", Some("2.0"))]) }],
            severities: vec![Severity {
                vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".into(),
                version: "3.1".into(),
                ..Severity::default()
            }],
            references: vec![Reference {
                kind: vec!["vendor-advisory".into()],
                url: "https://a".into(),
                name: None,
            }],
            ..Record::default()
        };
        let listed = Exploited { date_added: "2024-02-03".parse().ok(), ..Exploited::default() };
        let shape = nvd_shape(&record, Some(("Acme Router", &listed)), Timestamp::UNIX_EPOCH);
        assert_eq!(shape["published"], "2024-01-02T03:04:05.678");
        assert_eq!(shape["lastModified"], "2024-01-02T03:04:05.678");
        assert_eq!(
            (&shape["vulnStatus"], &shape["descriptions"][0]["lang"]),
            (&json!("Analyzed"), &json!("zh"))
        );
        assert_eq!(shape["references"][0]["tags"], json!(["Vendor Advisory"]));
        assert_eq!(shape["cisaExploitAdd"], "2024-02-03");
        let criterion = &shape["configurations"][0]["nodes"][0]["cpeMatch"][0];
        assert_eq!(
            (&criterion["criteria"], &criterion["versionEndExcluding"]),
            (&json!(NAME), &json!("2.0"))
        );
        let metric = &shape["metrics"]["cvssMetricV31"][0];
        assert_eq!(
            (&metric["cvssData"]["baseScore"], &metric["cvssData"]["attackVector"]),
            (&json!(9.8), &json!("NETWORK"))
        );
        assert_eq!((&metric["exploitabilityScore"], &metric["impactScore"]), (&json!(3.9), &json!(5.9)));
    }

    /// The eighteen tags of NVD, by CVE's names (CVE record format 5.1, `tagExtension`; NVD, "Vulnerability Detail
    /// Pages") and by its own, as they are kept of its records.
    #[test]
    fn tags_of_references_are_nvds() {
        for (kept, nvd) in [
            ("broken-link", "Broken Link"),
            ("exploit", "Exploit"),
            ("issue-tracking", "Issue Tracking"),
            ("mailing-list", "Mailing List"),
            ("mitigation", "Mitigation"),
            ("not-applicable", "Not Applicable"),
            ("patch", "Patch"),
            ("permissions-required", "Permissions Required"),
            ("media-coverage", "Press/Media Coverage"),
            ("press/media coverage", "Press/Media Coverage"),
            ("product", "Product"),
            ("release-notes", "Release Notes"),
            ("technical-description", "Technical Description"),
            ("third-party-advisory", "Third Party Advisory"),
            ("signature", "Tool Signature"),
            ("tool signature", "Tool Signature"),
            ("url repurposed", "URL Repurposed"),
            ("government-resource", "US Government Resource"),
            ("us government resource", "US Government Resource"),
            ("vdb-entry", "VDB Entry"),
            ("vdb entry", "VDB Entry"),
            ("vendor-advisory", "Vendor Advisory"),
            ("customer-entitlement", "Customer Entitlement"),
            ("related", "Related"),
        ] {
            assert_eq!(tag(kept), nvd);
        }
    }

    /// NVD, `sourceIdentifier`: who answers for the record, be it rejected; and each text with its language.
    #[test]
    fn the_assigner_is_the_source_and_every_language_is_there() {
        let record = Record {
            state: State::Rejected,
            assigner: Some("acme".into()),
            details: Some("A flaw.".into()),
            translations: vec![record::Translation { language: "es".into(), text: "Un fallo.".into() }],
            affected: vec![Affected { source: Some("somebody".into()), ..row(vec![]) }],
            ..Record::default()
        };
        let shape = nvd_shape(&record, None, Timestamp::UNIX_EPOCH);
        assert_eq!(shape["sourceIdentifier"], "acme");
        let texts = json!([{ "lang": "en", "value": "A flaw." }, { "lang": "es", "value": "Un fallo." }]);
        assert_eq!(shape["descriptions"], texts);
        assert_eq!(source_of(&Record { assigner: None, ..record }), "somebody");
    }

    #[test]
    fn the_own_record_of_nvd_is_found_in_each_wrapping() {
        let bare = r#"{"id":"CVE-1900-1"}"#;
        let item = format!(r#"{{"cve":{bare}}}"#);
        for text in [bare, &item, &format!(r#"{{"vulnerabilities":[{item}]}}"#)] {
            assert_eq!(nvd_own(text), Some(json!({ "id": "CVE-1900-1" })), "{text}");
        }
        assert_eq!(nvd_own("{"), None);
    }

    #[test]
    fn what_came_in_nvds_shape_leaves_in_it() {
        let criterion = |vulnerable: bool, name: &str| record::Criterion {
            vulnerable,
            name: name.into(),
            end_excluding: vulnerable.then(|| "2.0".to_owned()),
            ..record::Criterion::default()
        };
        let node = |criterion| record::Node { criteria: vec![criterion], ..record::Node::default() };
        let nodes =
            vec![node(criterion(true, NAME)), node(criterion(false, "cpe:2.3:o:acme:os:-:*:*:*:*:*:*:*"))];
        let configurations = vec![record::Configuration { all: true, negate: false, nodes }];
        let record = Record { id: "CVE-2024-1".into(), configurations, ..Record::default() };
        let shape = nvd_shape(&record, None, Timestamp::UNIX_EPOCH);
        let configuration = &shape["configurations"][0];
        assert_eq!((&configuration["operator"], &shape["vulnStatus"]), (&json!("AND"), &json!("Analyzed")));
        assert_eq!(configuration["nodes"][0]["cpeMatch"][0]["versionEndExcluding"], "2.0");
        assert_eq!(configuration["nodes"][1]["cpeMatch"][0]["vulnerable"], false);
    }
}
