//! What is learned about clocks, as the journal says it.

use crate::ledger::{Event, Recorded, State};
use clocks::AnchorName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, Instant, OrganisationId};

/// Who owes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(crate) enum Debtor {
    /// The centre itself.
    Centre,
    /// The reporter, who said that she reports for the manufacturer.
    Reporter,
    /// A vendor.
    Organisation(OrganisationId),
}

impl From<Debtor> for String {
    fn from(debtor: Debtor) -> String {
        match debtor {
            Debtor::Centre => "centre".into(),
            Debtor::Reporter => "reporter".into(),
            Debtor::Organisation(id) => id.into(),
        }
    }
}

impl TryFrom<String> for Debtor {
    type Error = vocabulary::BadId;
    fn try_from(text: String) -> Result<Self, vocabulary::BadId> {
        Ok(match text.as_str() {
            "centre" => Self::Centre,
            "reporter" => Self::Reporter,
            id => Self::Organisation(id.parse()?),
        })
    }
}

/// What is learned about clocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(crate) enum ClockEvent {
    /// The debtor's roles, the kind of case, and whose law applies.
    #[serde(rename = "clock.scope_declared")]
    ScopeDeclared {
        debtor: Debtor,
        actors: Vec<String>,
        triggers: Vec<String>,
        jurisdictions: Vec<String>,
        zone: String,
    },
    /// Something happened at a known time; `vendor` where it concerns one vendor.
    #[serde(rename = "clock.fact_recorded")]
    FactRecorded {
        debtor: Debtor,
        vendor: Option<OrganisationId>,
        anchor: AnchorName,
        at: Instant,
        evidence: String,
    },
    /// Something happened, and nobody recorded when.
    #[serde(rename = "clock.happened")]
    Happened { debtor: Debtor, anchor: AnchorName },
    /// A vendor joined, so that a clock of its own begins.
    #[serde(rename = "clock.vendor_added")]
    VendorAdded { vendor: OrganisationId },
    /// A vendor is told nothing, on a ground that the profile lists.
    #[serde(rename = "clock.vendor_waived")]
    VendorWaived { vendor: OrganisationId, duty: String, ground: String },
    /// A duty was performed.
    #[serde(rename = "clock.filed")]
    Filed { debtor: Debtor, duty: String, at: Instant, evidence: String },
    /// The subject got its harmless name; whoever did it looks after its clocks.
    #[serde(rename = "clock.subject_named")]
    SubjectNamed { name: String },
    /// Another coordinator looks after the subject's clocks from now on.
    #[serde(rename = "clock.taken_over")]
    TakenOver {},
}

impl Event for ClockEvent {}

/// That people were told how much of a clock's time is used. In a stream of its own: it changes no
/// clock, and clocks stay quick to compute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(crate) enum ToldEvent {
    #[serde(rename = "clock.escalated")]
    Escalated {
        debtor: Debtor,
        /// The vendor that the clock is about, or empty.
        regarding: String,
        profile: String,
        duty: String,
        /// The date that it had; with another date the steps begin again.
        due: Timestamp,
        /// 50, 80 or 100.
        percent: i64,
        /// Who was told.
        accounts: Vec<AccountId>,
    },
}

impl Event for ToldEvent {}

/// Being told needs no state: the view knows what was told.
#[derive(Default)]
pub(crate) struct Told;

impl State for Told {
    type Event = ToldEvent;
    fn evolve(&mut self, _: &ToldEvent, _: &Recorded) {}
}
