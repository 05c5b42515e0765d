//! What happens to a partner, as the journal says it: ids, times, words of lists. What people wrote is
//! sealed.

use super::credit::{Grade, Reach};
use super::duties::Reconciled;
use super::review::Outcome;
use crate::ledger::{Event, Item};
use programme::Service;
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, OrganisationId, ReportId};

/// What a partner declares. Each declaration says whether there is anything, and what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Declared {
    /// Who owns it, and what it owns.
    Holdings,
    /// Conflicts of interest: employers, clients, bounty income.
    Conflicts,
    /// Duties under a foreign law to hand vulnerabilities over.
    ForeignDisclosure,
}

impl Declared {
    pub(crate) const ALL: &[(Self, &'static str, &'static str)] = &[
        (Self::Holdings, "holdings", "Holdings: who owns the unit, and what it owns"),
        (Self::Conflicts, "conflicts", "Conflicts of interest: clients, employers, bounty income"),
        (
            Self::ForeignDisclosure,
            "foreign_disclosure",
            "Duties under a foreign law to hand over vulnerabilities",
        ),
    ];
}

/// Whether a criterion was met, as a decision keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Met,
    NotMet,
    Unknown,
}

impl From<programme::Outcome> for Verdict {
    fn from(outcome: programme::Outcome) -> Self {
        match outcome {
            programme::Outcome::Met => Self::Met,
            programme::Outcome::NotMet => Self::NotMet,
            programme::Outcome::Unknown => Self::Unknown,
        }
    }
}

/// What was found for one criterion at one level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct Found {
    pub(crate) criterion: String,
    /// `all` where the same is asked of every level.
    pub(crate) level: String,
    pub(crate) result: Verdict,
}

/// Why a partner is none any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ending {
    /// The enquiry or application was turned away.
    TurnedAway,
    ByPartner,
    ByCentre,
    /// Its time ran out and nobody renewed it.
    Expired,
    /// Nobody was heard after three notices. It may apply again.
    Silent,
}

impl Ending {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::TurnedAway => "turned away",
            Self::ByPartner => "by the partner",
            Self::ByCentre => "by the centre",
            Self::Expired => "its time ran out",
            Self::Silent => "nobody was heard after three notices; it may apply again",
        }
    }
}

/// What happens to a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(crate) enum PartnerEvent {
    #[serde(rename = "partner.enquired")]
    Enquired { text: Item },
    #[serde(rename = "partner.invited")]
    Invited { organisation: OrganisationId, programme: String },
    /// `edition` is the hash of the programme's text: what it asked on that day.
    #[serde(rename = "partner.applied")]
    Applied { edition: String, level: String, application: Item, files: Vec<Item> },
    /// Another piece of evidence, with its name, while the application is looked at.
    #[serde(rename = "partner.evidence_added")]
    EvidenceAdded { name: Item, file: Item },
    #[serde(rename = "partner.declared")]
    Declared { what: Declared, has_any: bool, text: Item },
    /// `count` contacts with role, key and hours; whether one is reached out of hours.
    #[serde(rename = "partner.contacts_set")]
    ContactsSet {
        contacts: Item,
        count: u32,
        out_of_hours: bool,
        /// The centre set them: that is no sign of life of the partner.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_centre: bool,
    },
    #[serde(rename = "partner.assessors_named")]
    AssessorsNamed { assessors: Vec<AccountId> },
    /// By one of the assessors, who is the actor.
    #[serde(rename = "partner.assessed")]
    Assessed { marks: Item },
    #[serde(rename = "partner.decided")]
    Decided { admitted: bool, level: Option<String>, found: Vec<Found>, reasons: Item },
    #[serde(rename = "partner.appealed")]
    Appealed { reasons: Item },
    #[serde(rename = "partner.appeal_decided")]
    AppealDecided { upheld: bool, level: Option<String>, reasons: Item },
    #[serde(rename = "partner.contract_offered")]
    ContractOffered { services: Vec<Service>, hours: u32, terms: Item },
    #[serde(rename = "partner.contract_signed")]
    ContractSigned {},
    /// Whole seconds since 1970, so that the entry holds no text of a date.
    #[serde(rename = "partner.activated")]
    Activated { until: i64 },
    #[serde(rename = "partner.warned")]
    Warned { until: i64, reasons: Item },
    #[serde(rename = "partner.suspended")]
    Suspended { reasons: Item },
    #[serde(rename = "partner.reinstated")]
    Reinstated { reasons: Item },
    #[serde(rename = "partner.reminded")]
    Reminded { days: u32 },
    /// Its yearly declaration of conflicts is due within so many days, or is overdue: each step once.
    #[serde(rename = "partner.declaration_due")]
    DeclarationDue { days: u32 },
    /// Somebody who knows its claim code says that a report is this partner's.
    #[serde(rename = "partner.find_claimed")]
    FindClaimed { report: ReportId },
    #[serde(rename = "partner.find_graded")]
    FindGraded { report: ReportId, novel: bool, reach: Reach, reasons: Item },
    #[serde(rename = "partner.find_contested")]
    FindContested { report: ReportId, reasons: Item },
    #[serde(rename = "partner.alert_sent")]
    AlertSent { number: u32, text: Item },
    #[serde(rename = "partner.alert_reviewed")]
    AlertReviewed { number: u32, timely: bool, confirmed: bool, severity: Grade, feedback: Item },
    /// The centre states a number that the programme asks for, with what shows it.
    #[serde(rename = "partner.fact_stated")]
    FactStated { fact: String, value: u32, evidence: Item },
    /// A review: what was reached, and what follows. `edition` is the programme's, as for an application.
    #[serde(rename = "partner.reviewed")]
    Reviewed {
        edition: String,
        reached: Option<String>,
        outcome: Outcome,
        found: Vec<Found>,
        mend_by: Option<i64>,
        until: i64,
    },
    /// A certificate was issued; those before it hold no more.
    #[serde(rename = "partner.certified")]
    Certified { serial: String, level: String, until: i64 },
    #[serde(rename = "partner.certificate_revoked")]
    CertificateRevoked { reasons: Item },
    /// The yearly work report, signed: each number with what the record says.
    #[serde(rename = "partner.report_signed")]
    ReportSigned { numbers: Vec<Reconciled>, explanation: Option<Item> },
    /// The centre asks whether somebody is there.
    #[serde(rename = "partner.contact_checked")]
    ContactChecked {},
    #[serde(rename = "partner.check_answered")]
    CheckAnswered {},
    /// Nobody was heard for long; the last of three notices is a warning.
    #[serde(rename = "partner.silence_noted")]
    SilenceNoted { notice: u32 },
    #[serde(rename = "partner.ended")]
    Ended { cause: Ending, reasons: Option<Item> },
}

impl Event for PartnerEvent {}

impl PartnerEvent {
    /// The report that it is about, if it is about one.
    pub(crate) fn report(&self) -> Option<&ReportId> {
        match self {
            Self::FindClaimed { report }
            | Self::FindGraded { report, .. }
            | Self::FindContested { report, .. } => Some(report),
            _ => None,
        }
    }

    /// The same, done by the centre for the partner.
    pub(crate) fn by_the_centre(self) -> Self {
        match self {
            Self::ContactsSet { contacts, count, out_of_hours, .. } => {
                Self::ContactsSet { contacts, count, out_of_hours, by_centre: true }
            }
            other => other,
        }
    }

    /// Whether it is the partner's own doing.
    pub(crate) fn is_of_partner(&self) -> bool {
        matches!(
            self,
            Self::Applied { .. }
                | Self::EvidenceAdded { .. }
                | Self::Declared { .. }
                | Self::ContactsSet { by_centre: false, .. }
                | Self::Appealed { .. }
                | Self::ContractSigned {}
                | Self::FindClaimed { .. }
                | Self::FindContested { .. }
                | Self::AlertSent { .. }
                | Self::ReportSigned { .. }
                | Self::CheckAnswered {}
        )
    }
}
