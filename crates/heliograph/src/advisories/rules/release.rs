//! What is approved and what goes out: the same bytes, but for the moment of release.
//!
//! Nobody knows that moment while a draft is written, so a draft stands at the moment of the
//! release before it (or at the beginning of time), and the rule that publishes puts the true one
//! in. Whoever has the published advisory can take it out again, and gets the hash that two persons
//! approved.

use formats::Advisory;
use formats::advisory::{Format, Publisher, Revision, Tlp, Weight};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// What is not written by hand.
pub(crate) struct Frame<'a> {
    /// The case's number is the advisory's id.
    pub(crate) id: String,
    pub(crate) publisher: Publisher,
    /// What the public has already: its history is continued.
    pub(crate) published: Option<&'a Advisory>,
    /// What this revision changes.
    pub(crate) change: String,
}

/// A draft with its frame around what was written.
pub(crate) fn framed(content: Advisory, frame: Frame<'_>) -> Advisory {
    let before = frame.published.map_or(&[][..], |published| published.revisions.as_slice());
    let number = before.last().map_or(1, |last| last.number.saturating_add(1));
    let mut revisions = before.to_vec();
    revisions.push(Revision { number, date: Timestamp::UNIX_EPOCH, summary: frame.change });
    let draft = Advisory {
        id: frame.id,
        publisher: frame.publisher,
        // What is published is for everyone; the draft itself is kept by the case's embargo.
        tlp: Tlp::Clear,
        revisions,
        ..content
    };
    unreleased(draft)
}

/// The advisory as it was approved, without the moment of its release.
pub(crate) fn unreleased(advisory: Advisory) -> Advisory {
    let before = advisory.revisions.len().checked_sub(2).and_then(|at| advisory.revisions.get(at));
    let moment = before.map_or(Timestamp::UNIX_EPOCH, |revision| revision.date);
    dated(advisory, moment)
}

/// Whether the moment of release is in it.
pub(crate) fn is_released(advisory: &Advisory) -> bool {
    let before = advisory.revisions.iter().rev().nth(1).map_or(Timestamp::UNIX_EPOCH, |before| before.date);
    advisory.current_release != before
}

/// The advisory as it goes out at this moment.
pub(crate) fn released(draft: Advisory, now: Timestamp) -> Advisory {
    // A clock that was set back must not make a history that runs backwards.
    let before = draft.revisions.iter().rev().nth(1).map_or(now, |revision| revision.date);
    dated(draft, now.max(before))
}

fn dated(mut advisory: Advisory, moment: Timestamp) -> Advisory {
    if let Some(last) = advisory.revisions.last_mut() {
        last.date = moment;
    }
    advisory.initial_release = advisory.revisions.first().map_or(moment, |first| first.date);
    advisory.current_release = moment;
    advisory
}

/// What an approval binds.
pub(crate) fn hash(advisory: &Advisory) -> String {
    Sha256::digest(advisory.canonical_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the CVE record is this centre's to write: an id was assigned, and the centre is an
/// organisation of the CVE programme. A centre that is none names ids that others assigned, and
/// they write the record.
pub(crate) fn cve_is_ours(advisory: &Advisory) -> bool {
    !advisory.cves.is_empty() && advisory.publisher.cve_organisation.is_some()
}

/// What stops the advisory from going out: errors of every format that will be written.
pub(crate) fn blocking(advisory: &Advisory) -> Vec<formats::Finding> {
    let mut findings = advisory.check();
    findings.retain(|finding| {
        finding.weight == Weight::Error && (finding.format != Format::Cve || cve_is_ours(advisory))
    });
    findings
}
