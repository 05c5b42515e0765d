//! What a security officer may ask for about one person, as programs and forms send it.

use super::event::{Assessment, Clearance, Function, Outcome};
use crate::refusal::Refusal;
use serde::Deserialize;
use vocabulary::{CaseId, Instant};

/// What a security officer does to a person's entry in the register. Instants are day, hour and zone, RFC
/// 3339 or RFC 9557.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = RegisterAct, example = json!({ "act": "brief", "until": "2027-11-24T10:00:00Z" }))]
pub(crate) enum Act {
    /// `coordination`, `analysis`, `registry`, `security-office`, …; only security officers and the person
    /// see a confidential one.
    GiveFunction {
        #[schema(value_type = String)]
        function: Function,
        confidential: bool,
    },
    EndFunction {
        #[schema(value_type = String)]
        function: Function,
    },
    /// Records the outcome of vetting. It opens nothing before another security officer confirms it.
    RecordClearance {
        /// A ladder of clearances, and a level and an authority on it.
        scheme: String,
        level: String,
        authority: String,
        granted: String,
        until: String,
    },
    /// The second pair of eyes.
    ConfirmClearance {
        scheme: String,
    },
    RejectClearance {
        scheme: String,
    },
    /// Ends a clearance at once.
    WithdrawClearance {
        scheme: String,
    },
    Brief {
        until: String,
    },
    Debrief {},
    ConfirmNda {
        until: String,
    },
    SetReview {
        at: String,
    },
    /// Makes the person a member of a classified case.
    Join {
        #[schema(value_type = String)]
        case: CaseId,
        #[serde(default)]
        until: Option<String>,
    },
    /// Ends the membership at once.
    Leave {
        #[schema(value_type = String)]
        case: CaseId,
    },
    /// Decides about a declared interest: `none`, `disclose`, `recuse`, `exclude`.
    DecideInterest {
        #[schema(value_type = String)]
        case: CaseId,
        #[schema(value_type = String)]
        outcome: Outcome,
    },
    /// Decides about a declaration of foreign interests, which is destroyed with that: `no-conditions`,
    /// `conditions`, `not-acceptable`.
    DecideForeignInterest {
        #[schema(value_type = String)]
        outcome: Assessment,
    },
    /// Says that the corrections that the person asked for were dealt with.
    AnswerCorrection {},
    /// Erases the entry, as its person asked, unless it must be kept.
    Erase {},
}

/// An instant, or which field is not one. What was sent is not repeated.
pub(in crate::vetting) fn instant(field: &'static str, text: &str) -> Result<Instant, Refusal> {
    let wrong = |_| {
        Refusal::invalid(
            field,
            "Expected day, hour and zone like 2026-11-23T09:15:00Z or 2026-11-23T10:15:00+01:00[Europe/Berlin].",
        )
    };
    Instant::parse(text).map_err(wrong)
}

/// A clearance as it was sent.
pub(in crate::vetting) fn clearance(
    [scheme, level, authority]: [String; 3],
    granted: &str,
    until: &str,
) -> Result<Clearance, Refusal> {
    let (granted, until) = (instant("granted", granted)?, instant("until", until)?);
    Ok(Clearance { scheme, level, authority, granted, until })
}
