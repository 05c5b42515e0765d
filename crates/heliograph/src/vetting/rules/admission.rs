//! Who is let into a classified case, and when: cleared, a member, and briefed, all three at once
//! (need-to-know is per case and per person). Nothing else decides it, a partner's level least of all.

use super::ladder::{Ladders, Span};
use super::state::{Entry, Lasting};
use vocabulary::CaseId;

/// The stretches of time in which a person is let into a case that asks for a level: where clearance,
/// membership, and briefing with its confirmed confidentiality hold at once. Each ends the instant the
/// first of them does, itself not included.
pub(crate) fn admissions(entry: &Entry, case: &CaseId, asks: (&str, &str), ladders: &Ladders) -> Vec<Span> {
    let Some(member) = entry.memberships.get(case) else { return Vec::new() };
    let (Some(briefing), Some(nda)) = (&entry.briefing, &entry.nda) else { return Vec::new() };
    let rest = [member, briefing, nda].into_iter().map(Lasting::span).fold(super::ladder::ALWAYS, both);
    let mut spans = Vec::new();
    for clearance in entry.clearances.values() {
        let held = (clearance.granted.at, clearance.until.at);
        for answered in ladders.answers((&clearance.scheme, &clearance.level), asks) {
            let span = both(both(rest, held), answered);
            if span.0 < span.1 {
                spans.push(span);
            }
        }
    }
    joined(spans)
}

/// Where both hold.
fn both(one: Span, other: Span) -> Span {
    (one.0.max(other.0), one.1.min(other.1))
}

/// The same stretches, without overlaps, in order.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort();
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.0 <= last.1 => last.1 = last.1.max(span.1),
            _ => joined.push(span),
        }
    }
    joined
}
