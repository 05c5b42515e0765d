//! What is learned about clocks, as the journal says it.

use crate::ledger::{Event, Item, Recorded, State};
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
    /// The subject became part of another, where what was learned about its vendors counts from now on.
    #[serde(rename = "clock.merged_into")]
    MergedInto { subject: String },
    /// The subject got its harmless name; whoever did it looks after its clocks.
    #[serde(rename = "clock.subject_named")]
    SubjectNamed { name: String },
    /// Another coordinator looks after the subject's clocks from now on.
    #[serde(rename = "clock.taken_over")]
    TakenOver {},
    /// A person says that something happened at a known time, perhaps otherwise than was recorded
    /// before; what shows it is sealed.
    #[serde(rename = "clock.fact_stated")]
    FactStated {
        debtor: Debtor,
        vendor: Option<OrganisationId>,
        anchor: AnchorName,
        at: Instant,
        evidence: Item,
    },
    /// A person puts a duty off, on a ground of the rule.
    #[serde(rename = "clock.extended")]
    Extended {
        debtor: Debtor,
        profile: String,
        duty: String,
        until: Instant,
        ground: String,
        reason: Item,
        /// Whom the rule obliges to inform of it, if anybody.
        inform: Option<String>,
    },
    /// Whoever was to be informed of a delay was.
    #[serde(rename = "clock.delay_notified")]
    DelayNotified { debtor: Debtor, profile: String, duty: String, at: Instant, evidence: Item },
    /// A person waives a duty, on a ground of the rule.
    #[serde(rename = "clock.waived")]
    Waived {
        debtor: Debtor,
        vendor: Option<OrganisationId>,
        profile: String,
        duty: String,
        ground: String,
        reason: Item,
    },
    /// A duty ended with what it was about, on a ground of its rule: what happened says so, and nobody's word
    /// is needed.
    #[serde(rename = "clock.fell_away")]
    FellAway { debtor: Debtor, profile: String, duty: String, ground: String },
    /// A filing was submitted to its authority, by a person's word. `received_here` is set where that
    /// authority is this centre: whose law it was, and what the centre owes in return begins.
    #[serde(rename = "clock.submission_recorded")]
    SubmissionRecorded {
        debtor: Debtor,
        profile: String,
        duty: String,
        at: Instant,
        evidence: Item,
        received_here: Option<String>,
    },
    /// A drill began: its clocks are for practice and never mix with real ones.
    #[serde(rename = "clock.drill_started")]
    DrillStarted {},
    /// It is over.
    #[serde(rename = "clock.drill_ended")]
    DrillEnded {},
    /// Two rules contradict each other here.
    #[serde(rename = "clock.conflict_raised")]
    ConflictRaised { debtor: Debtor, rules: Contradiction },
    /// A person decided what to do about it.
    #[serde(rename = "clock.conflict_decided")]
    ConflictDecided { debtor: Debtor, rules: Contradiction, decision: ConflictDecision, reason: Item },
}

/// Which rule forbids what which rule orders.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Contradiction {
    /// The profile that forbids, and its prohibition.
    pub(crate) forbids: String,
    pub(crate) prohibition: String,
    /// The profile that orders, and its duty.
    pub(crate) orders: String,
    pub(crate) duty: String,
}

/// What a person decided about two rules that contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ConflictDecision {
    /// The duty is performed.
    Perform,
    /// It is not.
    Refrain,
    /// It is performed in part.
    Partly,
}

impl ConflictDecision {
    /// Each with its word in forms and in words for people.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Perform, "perform", "perform the duty"),
        (Self::Refrain, "refrain", "do not perform it"),
        (Self::Partly, "partly", "perform it in part"),
    ];

    /// In words for people.
    pub(crate) fn label(self) -> &'static str {
        Self::ALL.iter().find(|(decision, ..)| *decision == self).map_or("", |(.., label)| label)
    }
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

/// What becomes of a filing. Its text is sealed: it may be under embargo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(crate) enum FilingEvent {
    /// Somebody wrote in the form.
    #[serde(rename = "filing.saved")]
    Saved { debtor: Debtor, profile: String, duty: String, list: Option<ListMark>, text: Item },
    /// It went to its authority, by a person's word; revision 0 where it was written elsewhere.
    #[serde(rename = "filing.submitted")]
    Submitted { debtor: Debtor, profile: String, duty: String, revision: u32, at: Instant, evidence: Item },
}

impl Event for FilingEvent {}

/// The list of fields that a form was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListMark {
    pub(crate) id: String,
    pub(crate) version: String,
    /// Of the file that holds the list.
    pub(crate) sha256: String,
}
