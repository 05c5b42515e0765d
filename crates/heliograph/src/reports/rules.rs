//! What a report is and what may happen to it. Pure.

use crate::ledger::{Event, Item, Recorded, State};
use crate::refusal::Refusal;
use cvd::rm::{ReportMove, ReportState};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use vocabulary::{CaseId, Instant, ReportId};

/// What a reporter writes. It is sealed; nothing of it stands in the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ReportText {
    /// The product, as its users call it; required, at most 300 characters.
    #[schema(example = "Nordwind Kettle")]
    pub(crate) product: String,
    /// Who makes it; at most 300 characters.
    #[schema(example = "Nordwind GmbH")]
    pub(crate) vendor: String,
    /// Versions known to be affected; at most 2,000 characters.
    #[schema(example = "1.0 to 1.4")]
    pub(crate) versions: String,
    /// What is wrong, and how it can be reproduced; required, at most 50,000 characters.
    #[schema(example = "A request with two colons opens the valve.")]
    pub(crate) description: String,
    /// How it was found.
    pub(crate) how_found: String,
    /// What an attacker gains.
    pub(crate) impact: String,
    /// If it is exploited already: how that is known.
    pub(crate) exploited_evidence: String,
    /// If it is public already: where.
    pub(crate) public_where: String,
    /// Who reports; absent for an anonymous report.
    pub(crate) contact: Option<Contact>,
    /// Names of the files that came along.
    pub(crate) files: Vec<String>,
}

/// How to reach a reporter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Contact {
    pub(crate) name: String,
    /// An e-mail address or whatever else reaches her.
    pub(crate) address: String,
    /// Whether the advisory may thank her by name.
    pub(crate) credit: bool,
}

/// A report as it comes in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NewReport {
    pub(crate) text: ReportText,
    /// Known to be exploited.
    pub(crate) exploited: bool,
    /// Known to the public.
    pub(crate) public: bool,
    /// When the reporter means to publish.
    pub(crate) planned: Option<Instant>,
    /// She reports for the manufacturer of the product.
    pub(crate) for_manufacturer: bool,
    /// When the manufacturer became aware, by her word.
    pub(crate) aware: Option<Instant>,
    /// A proof of concept: optional, sealed apart, deleted by rule after publication.
    pub(crate) proof_of_concept: String,
    /// Files, in the order of their names in `text`.
    pub(crate) files: Vec<Vec<u8>>,
}

/// Files with one report, and bytes in each and in all.
pub(crate) const FILES_MAX: usize = 10;
pub(crate) const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
pub(crate) const ALL_FILES_MAX: usize = 25 * 1024 * 1024;

/// Checks a report. What is missing is named; nothing else is asked for.
pub(super) fn check(new: &NewReport, now: Timestamp) -> Result<(), Refusal> {
    let text = &new.text;
    for (field, value, max, required) in [
        ("product", &text.product, 300, true),
        ("description", &text.description, 50_000, true),
        ("vendor", &text.vendor, 300, false),
        ("versions", &text.versions, 2_000, false),
        ("how_found", &text.how_found, 10_000, false),
        ("impact", &text.impact, 10_000, false),
        ("exploited_evidence", &text.exploited_evidence, 10_000, false),
        ("public_where", &text.public_where, 2_000, false),
        ("proof_of_concept", &new.proof_of_concept, 200_000, false),
    ] {
        length(field, value, max)?;
        if required && value.trim().is_empty() {
            return Err(Refusal::invalid(field, "Please fill this in: without it nobody can act."));
        }
    }
    if let Some(contact) = &text.contact {
        length("contact_name", &contact.name, 300)?;
        length("contact_address", &contact.address, 300)?;
    }
    files(new)?;
    if new.aware.as_ref().is_some_and(|aware| aware.at > now) {
        return Err(Refusal::invalid(
            "aware",
            "This lies in the future. Give the time at which it was known.",
        ));
    }
    if new.planned.as_ref().is_some_and(|planned| planned.at <= now) {
        return Err(Refusal::invalid(
            "planned",
            "This lies in the past. If it is published already, say so under \"already public\".",
        ));
    }
    Ok(())
}

fn length(field: &'static str, value: &str, max: usize) -> Result<(), Refusal> {
    let reason = if value.chars().count() > max {
        Cow::Owned(format!("At most {max} characters, please."))
    } else if value.contains('\0') {
        Cow::Borrowed("A NUL character cannot be stored.")
    } else {
        return Ok(());
    };
    Err(Refusal::Invalid { field: field.into(), reason })
}

fn files(new: &NewReport) -> Result<(), Refusal> {
    if new.files.len() > FILES_MAX || new.files.len() != new.text.files.len() {
        return Err(Refusal::invalid("files", format!("At most {FILES_MAX} files, please.")));
    }
    if new.files.iter().any(|file| file.len() > FILE_BYTES_MAX) {
        return Err(Refusal::invalid("files", "At most 10 MiB in one file, please."));
    }
    if new.files.iter().map(Vec::len).sum::<usize>() > ALL_FILES_MAX {
        return Err(Refusal::invalid("files", "At most 25 MiB in all files, please."));
    }
    new.text.files.iter().try_for_each(|name| length("files", name, 200))
}

/// Who said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Side {
    Reporter,
    Centre,
}

/// What happens to a report.
#[expect(
    clippy::large_enum_variant,
    reason = "an event lives for one command; boxing would only hide its shape"
)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(crate) enum ReportEvent {
    #[serde(rename = "report.received")]
    Received {
        text: Item,
        proof_of_concept: Option<Item>,
        files: Vec<Item>,
        exploited: bool,
        public: bool,
        planned: Option<Instant>,
        aware: Option<Instant>,
        for_manufacturer: bool,
        anonymous: bool,
        claim_hash: String,
        via: String,
    },
    #[serde(rename = "report.message_added")]
    MessageAdded { from: Side, text: Item },
    #[serde(rename = "report.accepted")]
    Accepted { case: CaseId },
    /// Its case became part of another one.
    #[serde(rename = "report.moved")]
    Moved { case: CaseId },
    #[serde(rename = "report.declined")]
    Declined { reason: Item },
    #[serde(rename = "report.duplicate_marked")]
    DuplicateMarked { of: ReportId },
    #[serde(rename = "report.published")]
    Published { case: CaseId },
    #[serde(rename = "report.exploit_deleted")]
    ExploitDeleted {},
    #[serde(rename = "report.erased")]
    Erased {},
}

impl Event for ReportEvent {}

/// A report as its events say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Report {
    pub(crate) received: Timestamp,
    /// The centre's state in report management (Vultron RM).
    rm: Option<ReportState>,
    pub(crate) text: Option<Item>,
    pub(crate) proof_of_concept: Option<Item>,
    pub(crate) files: Vec<Item>,
    pub(crate) exploited: bool,
    pub(crate) public: bool,
    pub(crate) planned: Option<Instant>,
    pub(crate) aware: Option<Instant>,
    pub(crate) for_manufacturer: bool,
    pub(crate) anonymous: bool,
    pub(crate) case: Option<CaseId>,
    pub(crate) duplicate_of: Option<ReportId>,
    pub(crate) answered: bool,
    pub(crate) exploit_deleted: bool,
    pub(crate) erased: bool,
    /// The entry of its receipt, in the journal.
    pub(crate) received_seq: i64,
}

impl Report {
    /// Moves the centre's report state; a move that the machine does not know changes nothing,
    /// and `decide` never asks for one.
    fn step(&mut self, moves: &[ReportMove]) {
        for step in moves {
            let from = self.state();
            self.rm = Some(from.apply(*step).unwrap_or(from));
        }
    }

    /// The centre's state; a stream without events is at the start.
    pub(crate) fn state(&self) -> ReportState {
        self.rm.unwrap_or(ReportState::Start)
    }

    /// A word for where it stands, as lists and the reporter see it.
    pub(crate) fn word(&self) -> &'static str {
        match (self.state(), &self.duplicate_of) {
            (_, Some(_)) => "duplicate",
            (ReportState::Received, _) => "received",
            (ReportState::Accepted, _) => "accepted",
            (ReportState::Closed | ReportState::Invalid, _) => "declined",
            (other, _) => other.label(),
        }
    }
}

impl State for Report {
    type Event = ReportEvent;

    fn evolve(&mut self, event: &ReportEvent, recorded: &Recorded) {
        match event {
            ReportEvent::Received {
                text,
                proof_of_concept,
                files,
                exploited,
                public,
                planned,
                aware,
                for_manufacturer,
                anonymous,
                ..
            } => {
                self.received = recorded.at;
                self.received_seq = recorded.seq;
                self.text = Some(text.clone());
                self.proof_of_concept.clone_from(proof_of_concept);
                self.files.clone_from(files);
                (self.exploited, self.public) = (*exploited, *public);
                self.planned.clone_from(planned);
                self.aware.clone_from(aware);
                (self.for_manufacturer, self.anonymous) = (*for_manufacturer, *anonymous);
                self.step(&[ReportMove::Receive]);
            }
            ReportEvent::MessageAdded { from, .. } => self.answered |= *from == Side::Centre,
            ReportEvent::Accepted { case } => {
                self.case = Some(case.clone());
                self.answered = true;
                self.step(&[ReportMove::Validate, ReportMove::Accept]);
            }
            ReportEvent::Moved { case } => self.case = Some(case.clone()),
            ReportEvent::Declined { .. } => {
                self.answered = true;
                self.step(&[ReportMove::Invalidate, ReportMove::Close]);
            }
            // A duplicate is not invalid: it passes through Valid and is deferred for the original.
            ReportEvent::DuplicateMarked { of } => {
                self.answered = true;
                self.duplicate_of = Some(of.clone());
                self.step(&[ReportMove::Validate, ReportMove::Defer]);
            }
            ReportEvent::Published { .. } => {}
            ReportEvent::ExploitDeleted {} => self.exploit_deleted = true,
            ReportEvent::Erased {} => self.erased = true,
        }
    }
}

/// Whether triage may still decide about a report.
pub(super) fn triage(report: &Report) -> Result<(), Refusal> {
    match report.state() {
        ReportState::Received => Ok(()),
        ReportState::Start => Err(Refusal::NotFound),
        _ => Err(Refusal::conflict(format!("This report is already {}.", report.word()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-24T10:00:00Z".parse().unwrap()
    }

    fn report() -> NewReport {
        let text =
            ReportText { product: "Kettle".into(), description: "It boils.".into(), ..Default::default() };
        NewReport { text, ..Default::default() }
    }

    fn refused(change: impl FnOnce(&mut NewReport)) -> String {
        let mut new = report();
        change(&mut new);
        match check(&new, now()) {
            Err(Refusal::Invalid { field, .. }) => field.into_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn product_and_description_are_all_that_is_asked_for() {
        assert_eq!(check(&report(), now()), Ok(()));
        assert_eq!(refused(|new| new.text.product.clear()), "product");
        assert_eq!(refused(|new| new.text.description = "  ".into()), "description");
    }

    /// ARCHITECTURE, never built 10: nothing asks for a name.
    #[test]
    fn a_reporter_may_stay_anonymous() {
        assert!(report().text.contact.is_none());
        assert_eq!(check(&report(), now()), Ok(()));
    }

    #[test]
    fn every_input_has_a_limit_that_is_named() {
        assert_eq!(refused(|new| new.text.product = "x".repeat(301)), "product");
        assert_eq!(refused(|new| new.text.description = "x".repeat(50_001)), "description");
        assert_eq!(refused(|new| new.proof_of_concept = "x".repeat(200_001)), "proof_of_concept");
        assert_eq!(refused(|new| new.text.impact = "a\0b".into()), "impact");
        let with_files = |count: usize, bytes: usize| {
            refused(|new| {
                new.files = vec![vec![0; bytes]; count];
                new.text.files = vec!["x".into(); count];
            })
        };
        assert_eq!(with_files(11, 1), "files");
        assert_eq!(with_files(1, FILE_BYTES_MAX + 1), "files");
        assert_eq!(with_files(3, FILE_BYTES_MAX), "files");
    }

    #[test]
    fn awareness_lies_behind_and_plans_lie_ahead() {
        let at = |text: &str| Some(Instant::parse(text).unwrap());
        assert_eq!(refused(|new| new.aware = at("2026-11-24T10:00:01Z")), "aware");
        assert_eq!(refused(|new| new.planned = at("2026-11-24T10:00:00Z")), "planned");
    }

    #[test]
    fn old_entries_are_read() {
        crate::testing::old_entries_are_read::<Report>();
    }
}
