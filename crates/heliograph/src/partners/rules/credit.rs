//! What counts for a partner: finds, cases taken to a fix, alerts, each from the record. Pure.
//!
//! ARCHITECTURE, never built 5: a find counts only with evidence that its vendor was told.

use programme::{Credit, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whom a flaw concerns: everybody who runs the product, or one site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reach {
    Generic,
    SiteSpecific,
}

impl Reach {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Generic => "generic",
            Self::SiteSpecific => "site_specific",
        }
    }
}

/// How bad an alert's flaw is, as the centre grades it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Grade {
    Critical,
    High,
    Medium,
    Low,
    None,
}

impl Grade {
    pub(crate) const ALL: &[(Self, &'static str)] = &[
        (Self::Critical, "critical"),
        (Self::High, "high"),
        (Self::Medium, "medium"),
        (Self::Low, "low"),
        (Self::None, "none"),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(grade, _)| *grade == self).map_or("none", |(_, name)| name)
    }

    /// The band of a CVSS score in tenths.
    pub(crate) fn of_tenths(tenths: i64) -> Self {
        match tenths {
            90.. => Self::Critical,
            70.. => Self::High,
            40.. => Self::Medium,
            1.. => Self::Low,
            _ => Self::None,
        }
    }
}

/// A number of finds that say the same of themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finds {
    pub(crate) novel: Option<bool>,
    pub(crate) reach: Option<String>,
    pub(crate) severity: Option<String>,
    pub(crate) vendor_told: bool,
    pub(crate) count: i64,
}

/// What a partner was to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It found the flaw.
    Finder,
    /// It delivered what the centre asked for in the case, and that was useful.
    Support,
}

/// A number of cases that came to the same outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cases {
    pub(crate) role: Role,
    pub(crate) outcome: String,
    pub(crate) count: i64,
}

/// A number of alerts of which the same was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alerts {
    pub(crate) timely: bool,
    pub(crate) confirmed: bool,
    pub(crate) severity: String,
    pub(crate) count: i64,
}

/// All that counts for one partner in a window of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) finds: Vec<Finds>,
    pub(crate) cases: Vec<Cases>,
    pub(crate) alerts: Vec<Alerts>,
    /// Of the requests that were accepted and are known to be in time or late: all, and those in time.
    pub(crate) requests: (i64, i64),
    /// Business days after which each request was answered; of one that waits, those so far.
    pub(crate) answered_days: Vec<i64>,
}

fn word(text: &str) -> Value {
    Value::Word(text.to_owned())
}

fn credit(kind: &str, count: i64, says: Vec<(&str, Value)>) -> Credit {
    let says: BTreeMap<String, Value> =
        says.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Credit { kind: kind.to_owned(), count: count.unsigned_abs(), says }
}

/// What the engine is told. What the centre has not said yet is left out: that is unknown, not no.
pub(crate) fn credits(counted: &Counted) -> Vec<Credit> {
    let finds = counted.finds.iter().map(|finds| {
        let mut says = vec![("vendor_notified", Value::Flag(finds.vendor_told))];
        says.extend(finds.novel.map(|novel| ("novel", Value::Flag(novel))));
        says.extend(finds.reach.as_deref().map(|reach| ("reach", word(reach))));
        says.extend(finds.severity.as_deref().map(|severity| ("severity", word(severity))));
        credit("vulnerability", finds.count, says)
    });
    // A case is only counted where its vendor was told.
    let cases = counted.cases.iter().map(|cases| {
        let says = vec![
            ("vendor_notified", Value::Flag(true)),
            ("role", word(if cases.role == Role::Finder { "finder" } else { "support" })),
            ("outcome", word(&cases.outcome)),
        ];
        credit("case", cases.count, says)
    });
    let alerts = counted.alerts.iter().map(|alerts| {
        let says = vec![
            ("timely", Value::Flag(alerts.timely)),
            ("confirmed", Value::Flag(alerts.confirmed)),
            ("severity", word(&alerts.severity)),
        ];
        credit("alert", alerts.count, says)
    });
    finds.chain(cases).chain(alerts).collect()
}
