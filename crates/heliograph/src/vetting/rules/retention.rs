//! How long an entry is kept, and when its erasure contradicts that. Both rules are shown; the longest
//! minimum holds until a law says otherwise.

use super::state::Entry;
use jiff::{SignedDuration, Timestamp};

/// The outcome of a clearance is kept until it ended and five years more, or as national law says (domain
/// rule 5.7; proposed there from general knowledge, not read at a source).
const CLEARANCE_KEPT: SignedDuration = SignedDuration::from_hours(24 * 1826);

/// Something that is kept, and until when at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) what: &'static str,
    pub(crate) why: &'static str,
    /// `None`: as long as the account is there.
    pub(crate) until: Option<Timestamp>,
}

/// What is kept of an entry.
pub(crate) fn kept(entry: &Entry) -> Vec<Kept> {
    let mut all = Vec::new();
    if let Some(until) = minimum(entry) {
        all.push(Kept {
            what: "outcome of clearances",
            why: "until the last one ended, and five years more, or as national law says",
            until: Some(until),
        });
    }
    if entry.since.is_some() {
        all.push(Kept {
            what: "functions, briefings, memberships, declarations",
            why: "as long as the entry is needed; a declaration of foreign interests ends with its decision",
            until: None,
        });
    }
    all
}

/// Until when an entry must be kept, if it must.
pub(crate) fn minimum(entry: &Entry) -> Option<Timestamp> {
    let ends = entry.clearances.values().map(|clearance| clearance.until.at).chain(entry.ended);
    ends.max().map(|end| end.checked_add(CLEARANCE_KEPT).unwrap_or(Timestamp::MAX))
}

/// The contradiction of an erasure that was asked for with what must be kept: until when.
pub(crate) fn conflict(entry: &Entry, now: Timestamp) -> Option<Timestamp> {
    entry.erasure_asked?;
    minimum(entry).filter(|until| *until > now)
}
