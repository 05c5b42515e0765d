//! What is worth an alert: how two looks at the same bill of materials differ. Pure.

use catalogue::{Answer, Inventory, part_version};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What somebody subscribed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Wish {
    /// What its owner calls it.
    pub(super) name: String,
    pub(super) about: About,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum About {
    /// A search, as it is typed.
    Search(String),
    /// A bill of materials and what its maker says: names and texts of the documents.
    Bill(Vec<(String, String)>),
}

/// What is known of one vulnerability of one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Finding {
    pub(super) part: String,
    pub(super) id: String,
    pub(super) title: String,
    pub(super) is_certain: bool,
    pub(super) stands: bool,
    pub(super) is_exploited: bool,
    pub(super) severity_tenths: Option<i64>,
    pub(super) fixed: Vec<String>,
}

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Alert {
    pub(super) at: Timestamp,
    pub(super) part: String,
    pub(super) id: String,
    pub(super) title: String,
    /// What changed, in words.
    pub(super) what: Vec<String>,
}

/// What a subscriber was told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Told {
    /// As of the last look, by part and vulnerability.
    pub(super) findings: BTreeMap<String, Finding>,
    /// The latest first.
    pub(super) alerts: Vec<Alert>,
}

/// Alerts that are kept of one subscription.
pub(super) const ALERTS_MAX: usize = 200;

/// The findings of a report.
pub(super) fn findings(inventory: &Inventory) -> BTreeMap<String, Finding> {
    let finding = |found: &catalogue::Finding| {
        let component = &found.component;
        let version = part_version(component).unwrap_or_default();
        let part = component.purl.clone().unwrap_or_else(|| format!("{} {version}", component.name));
        let finding = Finding {
            part: catalogue::clip(&part, 300),
            id: found.known.id.clone(),
            title: catalogue::clip(found.title(), 200),
            is_certain: found.known.answer == Answer::Affected,
            stands: found.stands(),
            is_exploited: found.known.is_exploited,
            severity_tenths: found.known.severity_tenths,
            fixed: found.known.fixed.clone(),
        };
        (format!("{}|{}", finding.part, finding.id), finding)
    };
    inventory.findings.iter().map(finding).collect()
}

impl Told {
    /// What stood when it was asked first, from which changes are counted.
    pub(super) fn of(findings: BTreeMap<String, Finding>) -> Self {
        Self { findings, alerts: Vec::new() }
    }

    /// Takes over a new look.
    pub(super) fn follow(&mut self, now: BTreeMap<String, Finding>, at: Timestamp) {
        let mut alerts = Vec::new();
        for (key, new) in &now {
            alerts.extend(alert(new, changes(self.findings.get(key), new), at));
        }
        let gone = self.findings.iter().filter(|(key, _)| !now.contains_key(*key));
        let none = || vec!["no record covers it any more".to_owned()];
        alerts.extend(gone.filter_map(|(_, old)| alert(old, none(), at)));
        alerts.append(&mut self.alerts);
        alerts.truncate(ALERTS_MAX);
        (self.findings, self.alerts) = (now, alerts);
    }
}

fn alert(finding: &Finding, what: Vec<String>, at: Timestamp) -> Option<Alert> {
    let (part, id, title) = (finding.part.clone(), finding.id.clone(), finding.title.clone());
    (!what.is_empty()).then_some(Alert { at, part, id, title, what })
}

fn changes(old: Option<&Finding>, new: &Finding) -> Vec<String> {
    let Some(old) = old else {
        let word = if new.is_certain { "newly affected" } else { "new, and cannot be decided" };
        let exploited = if new.is_exploited { ", known to be exploited" } else { "" };
        return vec![format!("{word}{exploited}")];
    };
    let mut what = Vec::new();
    let mut say = |is_so: bool, words: &str| {
        if is_so {
            what.push(words.to_owned());
        }
    };
    say(new.is_exploited && !old.is_exploited, "now known to be exploited");
    say(new.is_certain && !old.is_certain, "now certain to be affected");
    say(!new.is_certain && old.is_certain, "no longer certain");
    say(old.stands && !new.stands, "not affected or fixed, as its maker says");
    say(!old.stands && new.stands, "stands again");
    let fixed: Vec<&str> =
        new.fixed.iter().filter(|version| !old.fixed.contains(version)).map(String::as_str).collect();
    if !fixed.is_empty() {
        what.push(format!("fixed in {}", fixed.join(", ")));
    }
    if let Some(tenths) = new.severity_tenths.filter(|_| new.severity_tenths > old.severity_tenths) {
        what.push(format!("severity now {:.1}", tenths as f64 / 10.0));
    }
    what
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(id: &str) -> Finding {
        Finding {
            part: "pkg:pypi/a@1".into(),
            id: id.into(),
            title: "A flaw".into(),
            is_certain: true,
            stands: true,
            is_exploited: false,
            severity_tenths: None,
            fixed: Vec::new(),
        }
    }

    fn look(findings: &[Finding]) -> BTreeMap<String, Finding> {
        findings.iter().map(|finding| (finding.id.clone(), finding.clone())).collect()
    }

    #[test]
    fn what_is_new_what_changed_and_what_is_gone_is_told_once() {
        let at = Timestamp::UNIX_EPOCH;
        let mut told = Told::of(look(&[finding("CVE-1")]));
        let worse = Finding {
            is_exploited: true,
            severity_tenths: Some(98),
            fixed: vec!["2".into()],
            ..finding("CVE-1")
        };
        told.follow(look(&[worse.clone(), finding("CVE-2")]), at);
        let words: Vec<_> =
            told.alerts.iter().map(|alert| (alert.id.as_str(), alert.what.join("; "))).collect();
        assert_eq!(
            words,
            [
                ("CVE-1", "now known to be exploited; fixed in 2; severity now 9.8".to_owned()),
                ("CVE-2", "newly affected".to_owned())
            ]
        );
        told.follow(look(&[worse.clone(), finding("CVE-2")]), at);
        assert_eq!(told.alerts.len(), 2, "nothing changed");
        told.follow(look(&[Finding { stands: false, ..worse }]), at);
        let words: Vec<_> = told.alerts[..2].iter().map(|alert| alert.what.join("; ")).collect();
        assert_eq!(words, ["not affected or fixed, as its maker says", "no record covers it any more"]);
    }

    #[test]
    fn alerts_have_a_limit_and_the_latest_stay() {
        let mut told = Told::default();
        let many: Vec<Finding> =
            (0..ALERTS_MAX + 5).map(|number| finding(&format!("CVE-{number}"))).collect();
        told.follow(look(&many), Timestamp::UNIX_EPOCH);
        told.follow(look(&[]), Timestamp::UNIX_EPOCH);
        assert_eq!(told.alerts.len(), ALERTS_MAX);
        assert!(told.alerts.iter().all(|alert| alert.what[0].starts_with("no record")));
    }
}
