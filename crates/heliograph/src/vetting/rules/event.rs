//! What happens in the need-to-know register: ids, times, kinds, and the outcome of vetting. What vetting
//! looked at is nowhere here.

use crate::ledger::{Event, Item};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use vocabulary::{CaseId, Instant};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident ($field:literal) { $($(#[$of:meta])* $variant:ident = $text:literal, $label:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub(crate) enum $name { $($(#[$of])* #[serde(rename = $text)] $variant),* }

        impl $name {
            /// All of them, each with its words for people.
            pub(crate) const ALL: &[(&str, &str)] = &[$(($text, $label)),*];

            /// Its name in forms, documents and the journal.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// Its words for people.
            pub(crate) fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = Refusal;
            fn from_str(text: &str) -> Result<Self, Refusal> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    _ => Err(Refusal::invalid($field, concat!("One of ", $("`", $text, "` "),*).trim_end())),
                }
            }
        }
    };
}

words! {
    /// What somebody does here. One person may have several, and each may be confidential.
    Function("function") {
        Coordination = "coordination", "coordination of cases";
        Analysis = "analysis", "technical analysis";
        Registry = "registry", "registry of classified material";
        SecurityOffice = "security-office", "security officer";
        SecurityAdministration = "security-administration", "security administration of systems";
        Audit = "audit", "internal audit";
        DataProtection = "data-protection", "data protection officer";
        Operations = "operations", "operation of systems";
        Law = "law", "legal advice";
        Management = "management", "management";
    }
}

words! {
    /// What follows from a personal interest in a case.
    Outcome("outcome") {
        None = "none", "no conflict";
        Disclose = "disclose", "goes on, and the interest is disclosed";
        Recuse = "recuse", "keeps out of the case";
        Exclude = "exclude", "is kept out of the case";
    }
}

impl Outcome {
    /// Whether it takes the person off the case.
    pub(crate) fn is_out(self) -> bool {
        matches!(self, Self::Recuse | Self::Exclude)
    }
}

/// What comes to its end, or is due, for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ending {
    Clearance,
    Briefing,
    Confidentiality,
    Review,
    Declaration,
}

impl Ending {
    /// As the person is told.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Clearance => "your clearance ends",
            Self::Briefing => "your briefing ends",
            Self::Confidentiality => "what you confirmed of confidentiality ends",
            Self::Review => "your next review is due",
            Self::Declaration => "your yearly declaration of interests is due",
        }
    }
}

words! {
    /// What follows from a declaration of foreign interests: the only thing that stays of it.
    Assessment("outcome") {
        NoConditions = "no-conditions", "assessed, no conditions";
        Conditions = "conditions", "assessed, with conditions";
        NotAcceptable = "not-acceptable", "assessed, not acceptable";
    }
}

/// A clearance: the outcome of vetting by somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Clearance {
    /// The ladder, and the level on it.
    pub(crate) scheme: String,
    pub(crate) level: String,
    pub(crate) authority: String,
    pub(crate) granted: Instant,
    pub(crate) until: Instant,
}

/// What happens to a person's entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(crate) enum RegisterEvent {
    #[serde(rename = "register.function_given")]
    FunctionGiven { function: Function, confidential: bool },
    #[serde(rename = "register.function_ended")]
    FunctionEnded { function: Function },
    /// One security officer recorded it; it opens nothing before another one confirms.
    #[serde(rename = "register.clearance_proposed")]
    ClearanceProposed { clearance: Clearance },
    #[serde(rename = "register.clearance_confirmed")]
    ClearanceConfirmed { scheme: String },
    #[serde(rename = "register.clearance_rejected")]
    ClearanceRejected { scheme: String },
    #[serde(rename = "register.clearance_withdrawn")]
    ClearanceWithdrawn { scheme: String },
    #[serde(rename = "register.briefed")]
    Briefed { until: Instant },
    #[serde(rename = "register.debriefed")]
    Debriefed {},
    #[serde(rename = "register.nda_confirmed")]
    NdaConfirmed { until: Instant },
    #[serde(rename = "register.review_set")]
    ReviewSet { at: Instant },
    #[serde(rename = "register.joined")]
    Joined { case: CaseId, until: Option<Instant> },
    #[serde(rename = "register.left")]
    Left { case: CaseId },
    /// A person said of a case that there is a personal interest. That is all there is to say.
    #[serde(rename = "register.interest_declared")]
    InterestDeclared { case: CaseId },
    #[serde(rename = "register.interest_decided")]
    InterestDecided { case: CaseId, outcome: Outcome },
    /// The yearly declaration; interests in cases are declared case by case.
    #[serde(rename = "register.year_declared")]
    YearDeclared { year: i16, interest: bool },
    /// Sealed under a key of its own, which ends with the decision.
    #[serde(rename = "register.foreign_interest_declared")]
    ForeignInterestDeclared { text: Item },
    #[serde(rename = "register.foreign_interest_decided")]
    ForeignInterestDecided { outcome: Assessment },
    /// A person asked for a correction, in words that are sealed.
    #[serde(rename = "register.correction_asked")]
    CorrectionAsked { text: Item },
    #[serde(rename = "register.correction_answered")]
    CorrectionAnswered {},
    /// GDPR Art. 18: kept, and used for nothing but access that is in force.
    #[serde(rename = "register.restricted")]
    Restricted {},
    #[serde(rename = "register.restriction_lifted")]
    RestrictionLifted {},
    #[serde(rename = "register.erasure_asked")]
    ErasureAsked {},
    #[serde(rename = "register.erased")]
    Erased {},
    /// The person was reminded that something ends within so many days, or has ended: once for each step of
    /// each end. `of` is the ladder of a clearance; `until` whole seconds since 1970.
    #[serde(rename = "register.reminded")]
    Reminded { what: Ending, of: String, until: i64, days: u32 },
}

impl Event for RegisterEvent {}

/// What a case asks of those who work on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(crate) enum ClassificationEvent {
    #[serde(rename = "classification.set")]
    Set { scheme: String, level: String },
    #[serde(rename = "classification.lifted")]
    Lifted {},
}

impl Event for ClassificationEvent {}
