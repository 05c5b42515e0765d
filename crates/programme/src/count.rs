//! Counting credits, with what is not known kept apart.

use crate::facts::{Credit, Value};
use crate::programme::Filter;

/// What must be there for a find to count; its absence is no evidence, so it is never "unknown".
pub(crate) const EVIDENCE: &str = "vendor_notified";

/// How many credits fit: surely, and at most if what is unknown turns out well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) sure: u64,
    pub(crate) possible: u64,
}

/// Whether a credit fits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Yes,
    No,
    Unknown,
}

/// Counts the credits that fit the filter and, where asked, are critical.
pub(crate) fn count(credits: &[Credit], filter: &Filter, critical: bool) -> Range {
    let mut range = Range { sure: 0, possible: 0 };
    for credit in credits {
        let fit = match (fit(credit, filter), critical) {
            (Fit::No, _) => continue,
            (fit, false) => fit,
            (fit, true) => worse(fit, says(credit, "severity", &[Value::Word("critical".to_owned())])),
        };
        if fit == Fit::Yes {
            range.sure = range.sure.saturating_add(credit.count);
        }
        if fit != Fit::No {
            range.possible = range.possible.saturating_add(credit.count);
        }
    }
    range
}

fn fit(credit: &Credit, filter: &Filter) -> Fit {
    if credit.kind != filter.kind {
        return Fit::No;
    }
    filter.says.iter().fold(Fit::Yes, |so_far, (name, wanted)| worse(so_far, says(credit, name, wanted)))
}

fn says(credit: &Credit, name: &str, wanted: &[Value]) -> Fit {
    match credit.says.get(name) {
        Some(value) if wanted.contains(value) => Fit::Yes,
        None if name != EVIDENCE => Fit::Unknown,
        _ => Fit::No,
    }
}

fn worse(one: Fit, other: Fit) -> Fit {
    match (one, other) {
        (Fit::No, _) | (_, Fit::No) => Fit::No,
        (Fit::Unknown, _) | (_, Fit::Unknown) => Fit::Unknown,
        _ => Fit::Yes,
    }
}
