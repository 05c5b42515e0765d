//! Configurations as NVD and CVE write them, and the rows that they come to.

use crate::lenient::nullable;
use crate::record::{Affected, Configuration, Criterion, Node, Status, VersionEntry};
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
pub(crate) struct Given {
    operator: Option<Operator>,
    #[serde(default, deserialize_with = "nullable")]
    negate: bool,
    #[serde(default, deserialize_with = "nullable")]
    nodes: Vec<GivenNode>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GivenNode {
    operator: Option<Operator>,
    #[serde(default, deserialize_with = "nullable")]
    negate: bool,
    #[serde(default, deserialize_with = "nullable")]
    cpe_match: Vec<GivenCriterion>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GivenCriterion {
    #[serde(default, deserialize_with = "nullable")]
    vulnerable: bool,
    criteria: String,
    match_criteria_id: Option<String>,
    version_start_including: Option<String>,
    version_start_excluding: Option<String>,
    version_end_including: Option<String>,
    version_end_excluding: Option<String>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "UPPERCASE")]
enum Operator {
    And,
    Or,
}

pub(crate) fn read(given: Vec<Given>) -> Vec<Configuration> {
    let node = |node: GivenNode| Node {
        all: node.operator == Some(Operator::And),
        negate: node.negate,
        criteria: node.cpe_match.into_iter().map(criterion).collect(),
    };
    let configuration = |given: Given| Configuration {
        all: given.operator == Some(Operator::And),
        negate: given.negate,
        nodes: given.nodes.into_iter().map(node).collect(),
    };
    given.into_iter().map(configuration).collect()
}

fn criterion(given: GivenCriterion) -> Criterion {
    Criterion {
        vulnerable: given.vulnerable,
        name: given.criteria,
        id: given.match_criteria_id,
        start_including: given.version_start_including,
        start_excluding: given.version_start_excluding,
        end_including: given.version_end_including,
        end_excluding: given.version_end_excluding,
    }
}

/// A row for each product that is vulnerable in some configuration, for lists and for search. What
/// belongs together with what stands in the configurations alone.
pub(crate) fn rows(configurations: &[Configuration], source: Option<&str>) -> Vec<Affected> {
    let mut rows: Vec<Affected> = Vec::new();
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    let nodes = configurations.iter().flat_map(|configuration| &configuration.nodes);
    for criterion in nodes.flat_map(|node| &node.criteria).filter(|criterion| criterion.vulnerable) {
        let parts = parts(&criterion.name);
        let part = |at: usize| parts.get(at).cloned().unwrap_or_default();
        let (vendor, product) = (part(3), part(4));
        let place = *places.entry((vendor.clone(), product.clone())).or_insert_with(|| {
            rows.push(Affected {
                vendor: Some(vendor),
                product: Some(product),
                default_status: Some(Status::Unknown),
                source: source.map(str::to_owned),
                ..Affected::default()
            });
            rows.len() - 1
        });
        if let Some(row) = rows.get_mut(place) {
            row.cpes.push(criterion.name.clone());
            row.version_entries.push(entry(criterion, &part(5), &part(6)));
        }
    }
    rows
}

/// The versions of a criterion.
fn entry(criterion: &Criterion, version: &str, update: &str) -> VersionEntry {
    let is_open = matches!(version, "" | "*" | "-");
    let (including, excluding) = (&criterion.end_including, &criterion.end_excluding);
    // A row has no word for a range that begins behind a version; vers has.
    let end = including.as_ref().map(|end| format!("|<={end}"));
    let end = end.or_else(|| excluding.as_ref().map(|end| format!("|<{end}"))).unwrap_or_default();
    let is_plain =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_|<=".contains(&byte));
    if let (true, Some(start), None) = (is_open, &criterion.start_excluding, &criterion.start_including)
        && is_plain(start)
        && is_plain(&end)
    {
        return VersionEntry {
            version: format!("vers:generic/>{start}{end}"),
            status: Status::Affected,
            version_type: Some("vers".to_owned()),
            ..VersionEntry::default()
        };
    }
    let start = criterion.start_including.clone().unwrap_or_else(|| "0".to_owned());
    let exact =
        if matches!(update, "" | "*" | "-") { version.to_owned() } else { format!("{version}-{update}") };
    VersionEntry {
        version: if is_open { start } else { exact },
        less_than: excluding.clone().or_else(|| (is_open && including.is_none()).then(|| "*".to_owned())),
        less_than_or_equal: including.clone(),
        status: Status::Affected,
        ..VersionEntry::default()
    }
}

/// The parts of a CPE 2.3 name between colons, without the backslashes of the notation.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut letters = name.chars();
    while let Some(letter) = letters.next() {
        let literal = match letter {
            ':' => {
                parts.push(String::new());
                continue;
            }
            '\\' => letters.next(),
            other => Some(other),
        };
        if let Some(last) = parts.last_mut() {
            last.extend(literal);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_name_are_read_without_their_backslashes() {
        let parts = parts(r"cpe:2.3:a:ex\:ample:c\+\+_tool:1.0:rc1:*:*:*:*:*:*");
        assert_eq!(parts[3..7], ["ex:ample", "c++_tool", "1.0", "rc1"]);
    }

    #[test]
    fn each_vulnerable_product_is_a_row() {
        let criterion = |vulnerable, name: &str, end: Option<&str>| Criterion {
            vulnerable,
            name: format!("cpe:2.3:{name}"),
            end_excluding: end.map(str::to_owned),
            ..Criterion::default()
        };
        let criteria = vec![
            criterion(true, "o:nordwind:gateway_firmware:*:*:*:*:*:*:*:*", Some("4.2")),
            criterion(true, "o:nordwind:gateway_firmware:5.0:beta1:*:*:*:*:*:*", None),
            criterion(false, "h:nordwind:gateway:-:*:*:*:*:*:*:*", None),
            criterion(true, "a:nordwind:tool:*:*:*:*:*:*:*:*", None),
        ];
        let nodes = vec![Node { criteria, ..Node::default() }];
        let rows = rows(&[Configuration { nodes, ..Configuration::default() }], Some("NVD"));
        let shown = |row: &Affected| {
            let entries = row
                .version_entries
                .iter()
                .map(|entry| format!("{}<{}", entry.version, entry.less_than.as_deref().unwrap_or_default()));
            format!("{} {}", row.product.as_deref().unwrap(), entries.collect::<Vec<_>>().join(" "))
        };
        assert_eq!(
            rows.iter().map(shown).collect::<Vec<_>>(),
            ["gateway_firmware 0<4.2 5.0-beta1<", "tool 0<*"]
        );
    }
}
