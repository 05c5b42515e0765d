//! Which products a vulnerability applies to, as NVD and CVE records say it with names.
//!
//! Authority: the NVD CVE API 2.0 schema (`configurations`) and the CVE schema
//! (`cpeApplicability`), which have the same shape; NVD, "Vulnerability Metrics and CPE":
//! a criterion is met by a name that it includes and whose version is in its range.
//! Versions have no ecosystem there, so they are compared as [`Order::Generic`]; where that cannot
//! be done, the answer is unknown.

use std::cmp::Ordering;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::matching::{Relation, compare_values};
use super::value::Value;
use super::{Attribute, Cpe};
use crate::{Order, Version};

/// One configuration: nodes that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// How the nodes are joined; alone they need no operator.
    #[serde(default)]
    pub operator: Operator,
    /// Whether the whole is turned around.
    #[serde(default)]
    pub negate: bool,
    /// What is joined.
    pub nodes: Vec<Node>,
}

/// Criteria that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// How the criteria are joined.
    #[serde(default)]
    pub operator: Operator,
    /// Whether the whole is turned around.
    #[serde(default)]
    pub negate: bool,
    /// What is joined.
    #[serde(default)]
    pub cpe_match: Vec<Criterion>,
}

/// How things are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Operator {
    /// All of them.
    And,
    /// One of them.
    #[default]
    Or,
}

/// A name that may have a range of versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Criterion {
    /// Whether what meets it is vulnerable, or only where the vulnerable runs.
    pub vulnerable: bool,
    /// The name; with a range its version is `*`.
    #[serde(deserialize_with = "name", serialize_with = "text")]
    pub criteria: Cpe,
    /// From this version on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_start_including: Option<String>,
    /// After this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_start_excluding: Option<String>,
    /// Up to this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_end_including: Option<String>,
    /// Before this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_end_excluding: Option<String>,
}

fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cpe, D::Error> {
    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

fn text<S: Serializer>(name: &Cpe, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(name)
}

/// Whether a vulnerability applies to what is installed together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applicability {
    /// Yes, and to these: places in the list that was asked about.
    Yes(Vec<usize>),
    /// No.
    No,
    /// Some version cannot be compared, and it matters.
    Unknown,
}

impl Applicability {
    /// Whether any of the configurations holds for names that are installed together.
    #[must_use]
    pub fn of(configurations: &[Configuration], installed: &[Cpe]) -> Self {
        let mut answer = Self::No;
        for configuration in configurations {
            match (configuration.holds(installed), configuration.vulnerable(installed)) {
                (Some(false), _) => {}
                (Some(true), Some(found)) if !found.is_empty() => return Self::Yes(found),
                // It holds for what is only the place where the vulnerable would run.
                (Some(true), Some(_)) => {}
                _ => answer = Self::Unknown,
            }
        }
        answer
    }
}

impl Applicability {
    /// The same for who names the vulnerable product and is silent about what it runs on: where that
    /// decides, the answer is unknown and no clean bill.
    #[must_use]
    pub fn of_product(configurations: &[Configuration], product: &Cpe) -> Self {
        let installed = std::slice::from_ref(product);
        let answer = Self::of(configurations, installed);
        let alone = || configurations.iter().filter_map(Configuration::without_platforms).collect::<Vec<_>>();
        if answer == Self::No && Self::of(&alone(), installed) != Self::No { Self::Unknown } else { answer }
    }
}

impl Configuration {
    /// Without what has to run beside the vulnerable; None if nothing is left.
    fn without_platforms(&self) -> Option<Self> {
        let node = |node: &Node| {
            let mut node = node.clone();
            node.cpe_match.retain(|criterion| criterion.vulnerable);
            (!node.cpe_match.is_empty()).then_some(node)
        };
        let nodes: Vec<Node> = self.nodes.iter().filter_map(node).collect();
        (!nodes.is_empty()).then_some(Self { nodes, ..*self })
    }

    fn holds(&self, installed: &[Cpe]) -> Option<bool> {
        let nodes = self.nodes.iter().map(|node| node.holds(installed));
        Some(joined(self.operator, nodes)? != self.negate)
    }

    /// The installed names that meet a criterion for something vulnerable.
    fn vulnerable(&self, installed: &[Cpe]) -> Option<Vec<usize>> {
        let criteria = || self.nodes.iter().flat_map(|node| &node.cpe_match).filter(|one| one.vulnerable);
        let mut found = Vec::new();
        let mut doubt = false;
        for (place, name) in installed.iter().enumerate() {
            match joined(Operator::Or, criteria().map(|criterion| criterion.is_met_by(name))) {
                Some(true) => found.push(place),
                Some(false) => {}
                None => doubt = true,
            }
        }
        (!doubt || !found.is_empty()).then_some(found)
    }
}

impl Node {
    fn holds(&self, installed: &[Cpe]) -> Option<bool> {
        let met = |criterion: &Criterion| {
            joined(Operator::Or, installed.iter().map(|name| criterion.is_met_by(name)))
        };
        Some(joined(self.operator, self.cpe_match.iter().map(met))? != self.negate)
    }
}

/// Joins answers of which some may be unknown; nothing joined is false.
fn joined(operator: Operator, answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let decides = operator == Operator::Or;
    let (mut doubt, mut any) = (false, false);
    for answer in answers {
        any = true;
        match answer {
            Some(answer) if answer == decides => return Some(decides),
            Some(_) => {}
            None => doubt = true,
        }
    }
    if doubt { None } else { Some(any && !decides) }
}

/// Whether a version that stands so to a bound is inside of it.
type Allows = fn(Ordering) -> bool;

impl Criterion {
    /// Whether a name meets it; None where its version cannot be compared.
    #[must_use]
    pub fn is_met_by(&self, name: &Cpe) -> Option<bool> {
        let includes = |attribute| {
            let relation = compare_values(self.criteria.get(attribute), name.get(attribute));
            matches!(relation, Relation::Equal | Relation::Superset)
        };
        let has_range = self.bounds().any(|(bound, _)| bound.is_some());
        let others = |attribute: &Attribute| *attribute != Attribute::Version;
        if !Attribute::ALL.into_iter().filter(others).all(includes)
            || (!has_range && !includes(Attribute::Version))
        {
            return Some(false);
        }
        let mut doubt = false;
        for (bound, allows) in self.bounds() {
            let Some(bound) = bound else { continue };
            match compare_to_bound(name, bound) {
                Some(order) if !allows(order) => return Some(false),
                Some(_) => {}
                None => doubt = true,
            }
        }
        if doubt { None } else { Some(true) }
    }

    fn bounds(&self) -> impl Iterator<Item = (Option<&str>, Allows)> {
        let bounds: [(&Option<String>, Allows); 4] = [
            (&self.version_start_including, Ordering::is_ge),
            (&self.version_start_excluding, Ordering::is_gt),
            (&self.version_end_including, Ordering::is_le),
            (&self.version_end_excluding, Ordering::is_lt),
        ];
        bounds.into_iter().map(|(bound, allows)| (bound.as_deref(), allows))
    }
}

/// Compares the version of a name, and at the same version its update, with a bound.
fn compare_to_bound(name: &Cpe, bound: &str) -> Option<Ordering> {
    let Value::Text(version) = name.get(Attribute::Version) else { return None };
    if !version.is_plain() {
        return None;
    }
    let order =
        |text: &str| Version::parse(Order::Generic, text)?.compare(&Version::parse(Order::Generic, bound)?);
    let alone = order(&version.body)?;
    match name.get(Attribute::Update) {
        // `1.0` with the update `rc1` is not `1.0`.
        Value::Text(update) if update.is_plain() && alone.is_eq() => {
            order(&format!("{}-{}", version.body, update.body))
        }
        _ => Some(alone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configurations(json: &str) -> Vec<Configuration> {
        serde_json::from_str(json).unwrap()
    }

    fn ask(configurations: &[Configuration], names: &[&str]) -> Applicability {
        let names: Vec<Cpe> = names.iter().map(|name| name.parse().unwrap()).collect();
        Applicability::of(configurations, &names)
    }

    const RANGE: &str = r#"[{"nodes":[{"operator":"OR","negate":false,"cpeMatch":[
        {"vulnerable":true,"criteria":"cpe:2.3:a:nordwind:pumpe:*:*:*:*:*:*:*:*","versionStartIncluding":"1.0","versionEndExcluding":"1.0.2k"},
        {"vulnerable":true,"criteria":"cpe:2.3:a:nordwind:pumpe:3.0:*:*:*:*:*:*:*"}]}]}]"#;

    #[test]
    fn versions_are_met_by_range_and_by_name() {
        let by = configurations(RANGE);
        let version =
            |version: &str| ask(&by, &[&format!("cpe:2.3:a:nordwind:pumpe:{version}:*:*:*:*:*:*:*")]);
        let yes = || Applicability::Yes(vec![0]);
        assert_eq!(version("1.0"), yes());
        assert_eq!(version("1.0.2j"), yes());
        assert_eq!(version("1.0.2k"), Applicability::No);
        assert_eq!(version("0.9"), Applicability::No);
        assert_eq!(version("3.0"), yes());
        assert_eq!(version("nonsense"), Applicability::Unknown);
        assert_eq!(version("-"), Applicability::Unknown);
        assert_eq!(ask(&by, &["cpe:2.3:a:nordwind:ventil:1.0:*:*:*:*:*:*:*"]), Applicability::No);
        assert_eq!(ask(&by, &[]), Applicability::No);
    }

    #[test]
    fn an_update_counts_at_the_bound() {
        let by = configurations(RANGE);
        assert_eq!(ask(&by, &["cpe:2.3:a:nordwind:pumpe:1.0:rc1:*:*:*:*:*:*"]), Applicability::No);
        assert_eq!(
            ask(&by, &["cpe:2.3:a:nordwind:pumpe:1.0.1:rc1:*:*:*:*:*:*"]),
            Applicability::Yes(vec![0])
        );
        assert_eq!(ask(&by, &["cpe:2.3:a:nordwind:pumpe:1.0:hotfix:*:*:*:*:*:*"]), Applicability::Unknown);
    }

    /// Firmware is vulnerable on its hardware, which itself is not.
    #[test]
    fn and_needs_both_and_names_the_vulnerable_one() {
        let by = configurations(
            r#"[{"operator":"AND","negate":false,"nodes":[
            {"operator":"OR","negate":false,"cpeMatch":[{"vulnerable":true,"criteria":"cpe:2.3:o:nordwind:pumpe_firmware:*:*:*:*:*:*:*:*","versionEndIncluding":"2.1"}]},
            {"operator":"OR","negate":false,"cpeMatch":[{"vulnerable":false,"criteria":"cpe:2.3:h:nordwind:pumpe:-:*:*:*:*:*:*:*"}]}]}]"#,
        );
        let (firmware, hardware) = ("cpe:/o:nordwind:pumpe_firmware:2.0", "cpe:/h:nordwind:pumpe:-");
        assert_eq!(ask(&by, &[hardware, firmware]), Applicability::Yes(vec![1]));
        assert_eq!(ask(&by, &[firmware]), Applicability::No);
        let alone = |name: &str| Applicability::of_product(&by, &name.parse().unwrap());
        assert_eq!(alone(firmware), Applicability::Unknown, "it depends on the hardware");
        assert_eq!(alone("cpe:/o:nordwind:pumpe_firmware:2.2"), Applicability::No);
        assert_eq!(alone(hardware), Applicability::No);
        assert_eq!(ask(&by, &[hardware]), Applicability::No);
        assert_eq!(ask(&by, &[hardware, "cpe:/o:nordwind:pumpe_firmware:2.2"]), Applicability::No);
    }

    #[test]
    fn negate_turns_a_node_around() {
        let by = configurations(
            r#"[{"operator":"AND","nodes":[
            {"operator":"OR","cpeMatch":[{"vulnerable":true,"criteria":"cpe:2.3:a:nordwind:pumpe:*:*:*:*:*:*:*:*"}]},
            {"operator":"OR","negate":true,"cpeMatch":[{"vulnerable":false,"criteria":"cpe:2.3:o:beispiel:os:*:*:*:*:*:*:*:*","versionStartIncluding":"2"}]}]}]"#,
        );
        let pump = "cpe:/a:nordwind:pumpe:1";
        assert_eq!(ask(&by, &[pump]), Applicability::Yes(vec![0]));
        assert_eq!(ask(&by, &[pump, "cpe:/o:beispiel:os:1"]), Applicability::Yes(vec![0]));
        assert_eq!(ask(&by, &[pump, "cpe:/o:beispiel:os:2"]), Applicability::No);
        assert_eq!(ask(&by, &[pump, "cpe:/o:beispiel:os:new"]), Applicability::Unknown);
    }

    #[test]
    fn a_bad_name_fails_its_document() {
        let json = RANGE.replace("cpe:2.3:a:nordwind:pumpe:3.0", "cpe:2.3:x:nordwind:pumpe:3.0");
        assert!(serde_json::from_str::<Vec<Configuration>>(&json).is_err());
    }
}
