//! What managers and partners may ask for, with the limits of what they write.

use super::credit::Grade;
use super::duties::WorkReport;
use super::event::{Declared, Ending};
use super::life::Step;
use crate::refusal::Refusal;
use programme::{Service, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use vocabulary::{AccountId, OrganisationId, ReportId};

/// Characters of a reason and of other words, at most.
pub(crate) const WORDS_MAX: usize = 20_000;

/// Files with one application, and bytes in each.
pub(crate) const FILES_MAX: usize = 10;
pub(crate) const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;

/// Contacts of one partner, at most.
const CONTACTS_MAX: usize = 20;

/// Days of a probation, at most.
const PROBATION_DAYS_MAX: u32 = 180;

/// What a programme manager does with a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
#[schema(example = json!({ "act": "turn_away", "reasons": "The programme admits units that analyse." }))]
pub(crate) enum ManagerAct {
    /// Answers an enquiry: this organisation may apply. Its mandate must be defensive.
    Invite {
        #[schema(value_type = String)]
        organisation: OrganisationId,
        programme: String,
    },
    /// Answers an enquiry with no.
    TurnAway {
        reasons: String,
    },
    /// Asks two persons to assess the application.
    NameAssessors {
        #[schema(value_type = Vec<String>)]
        assessors: Vec<AccountId>,
    },
    /// Decides about admission, after both marks. The level is what the criteria say.
    Decide {
        admit: bool,
        reasons: String,
    },
    /// Decides an appeal, as somebody who did not decide before. An upheld one names the level.
    DecideAppeal {
        uphold: bool,
        #[serde(default)]
        level: String,
        reasons: String,
    },
    /// Offers a contract over named services.
    OfferContract {
        /// Among `analysis`, `testing_with_written_authority`, `incident_response`, `training` and
        /// `advisory_drafting`.
        #[schema(value_type = Vec<String>)]
        services: Vec<Service>,
        hours: u32,
        terms: String,
    },
    /// Makes it a partner, for as long as the programme says.
    Activate {},
    /// Puts it on probation: it has so many days to mend what the reasons name.
    Warn {
        days: u32,
        reasons: String,
    },
    Suspend {
        reasons: String,
    },
    Reinstate {
        reasons: String,
    },
    /// Reviews an alert: whether it came in time, whether it was confirmed, and how bad the flaw is.
    ReviewAlert {
        number: u32,
        timely: bool,
        confirmed: bool,
        severity: Grade,
        feedback: String,
    },
    /// States a number that the review asks for, with what shows it.
    StateFact {
        fact: String,
        value: u32,
        evidence: String,
    },
    /// Takes its certificate back.
    RevokeCertificate {
        reasons: String,
    },
    /// Reviews the partner now, by its record.
    Review {},
    /// Ends it.
    End {
        reasons: String,
    },
}

/// A person whom the centre can reach at a partner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ContactPoint {
    #[schema(example = "Ada Brandt")]
    pub(crate) name: String,
    /// What she does there.
    #[schema(example = "Head of analysis")]
    pub(crate) role: String,
    /// A mail address or telephone number.
    #[schema(example = "ada@unit.example")]
    pub(crate) reach: String,
    /// The fingerprint of her key.
    #[schema(example = "0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567")]
    pub(crate) key: String,
    /// When she can be reached, with the zone.
    #[schema(example = "Mo-Fr 08:00-17:00 Europe/Berlin")]
    pub(crate) hours: String,
    /// Whether she can be reached outside of these hours.
    #[schema(example = true)]
    pub(crate) out_of_hours: bool,
}

/// What a partner does for itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
#[schema(example = json!({
    "act": "declare", "what": "holdings", "has_any": false, "words": "Owned by those who work in it."
}))]
pub(crate) enum PartnerAct {
    /// Applies. Facts and counts are those that the programme asks for at admission.
    Apply {
        level: String,
        #[serde(default)]
        #[schema(value_type = Object)]
        facts: BTreeMap<String, Value>,
        #[serde(default)]
        counts: BTreeMap<String, u32>,
        words: String,
    },
    Declare {
        what: Declared,
        has_any: bool,
        words: String,
    },
    /// All contacts, in place of those before.
    Contacts {
        contacts: Vec<ContactPoint>,
    },
    /// Appeals against the last decision.
    Appeal {
        reasons: String,
    },
    /// Says that a report is its own: whoever has its claim code may.
    ClaimFind {
        claim_code: String,
    },
    /// Says why the grade of a find is wrong; somebody else grades it again.
    ContestFind {
        #[schema(value_type = String)]
        report: ReportId,
        reasons: String,
    },
    /// Warns early: what is coming, for whom, and how it is known.
    SendAlert {
        words: String,
    },
    /// Signs the yearly work report.
    SignReport {
        report: WorkReport,
    },
    /// Answers a check: somebody is there.
    AnswerCheck {},
    /// Signs the contract that is on offer.
    Sign {},
    /// Leaves the programme. Nothing follows from it.
    Leave {
        reasons: String,
    },
}

/// What an applicant writes. It is sealed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Application {
    pub(crate) facts: BTreeMap<String, Value>,
    pub(crate) counts: BTreeMap<String, u32>,
    pub(crate) words: String,
    /// Names of the files that came along.
    pub(crate) files: Vec<String>,
}

/// Words that must be there, of a limited length.
pub(crate) fn words(field: &'static str, text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::invalid(field, "Please fill this in: those whom it concerns read it."));
    }
    limited(field, text, WORDS_MAX)
}

/// Words of a limited length.
pub(crate) fn limited(field: &'static str, text: &str, max: usize) -> Result<(), Refusal> {
    let reason = if text.chars().count() > max {
        Cow::Owned(format!("At most {max} characters, please."))
    } else if text.contains('\0') {
        Cow::Borrowed("A NUL character cannot be stored.")
    } else {
        return Ok(());
    };
    Err(Refusal::Invalid { field: field.into(), reason })
}

impl ManagerAct {
    /// Where it leads, if it moves a partner at all.
    pub(super) fn step(&self) -> Option<Step> {
        Some(match self {
            Self::Invite { .. } => Step::Invite,
            Self::NameAssessors { .. } => Step::NameAssessors,
            Self::Decide { admit: true, .. } => Step::Admit,
            Self::Decide { admit: false, .. } => Step::Refuse,
            Self::OfferContract { .. } => Step::Offer,
            Self::Activate {} => Step::Activate,
            Self::Warn { .. } => Step::Warn,
            Self::Suspend { .. } => Step::Suspend,
            Self::Reinstate { .. } => Step::Reinstate,
            Self::TurnAway { .. } | Self::End { .. } => Step::End,
            Self::DecideAppeal { .. }
            | Self::ReviewAlert { .. }
            | Self::StateFact { .. }
            | Self::Review {}
            | Self::RevokeCertificate { .. } => {
                return None;
            }
        })
    }

    /// Refuses what is too long, too much or missing.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Invite { programme, .. } => limited("programme", programme, 100),
            Self::NameAssessors { assessors } if assessors.len() != 2 || assessors[0] == assessors[1] => {
                Err(Refusal::invalid("assessors", "Two assessors, please."))
            }
            Self::NameAssessors { .. } | Self::Activate {} | Self::Review {} => Ok(()),
            Self::ReviewAlert { feedback, .. } => words("feedback", feedback),
            Self::StateFact { fact, value, evidence } => {
                limited("fact", fact, 100)?;
                if *value > 1_000_000 {
                    return Err(Refusal::invalid("value", "At most 1,000,000."));
                }
                words("evidence", evidence)
            }
            Self::OfferContract { services, hours, terms } => {
                if services.is_empty() || services.len() > Service::ALL.len() {
                    return Err(Refusal::invalid("services", "Name the services, each once."));
                }
                if *hours == 0 || *hours > 100_000 {
                    return Err(Refusal::invalid("hours", "Between 1 and 100,000 hours a year."));
                }
                words("terms", terms)
            }
            Self::Warn { days, reasons } => {
                if *days == 0 || *days > PROBATION_DAYS_MAX {
                    let reason = format!("Between 1 and {PROBATION_DAYS_MAX} days.");
                    return Err(Refusal::invalid("days", reason));
                }
                words("reasons", reasons)
            }
            Self::DecideAppeal { level, reasons, .. } => {
                limited("level", level, 50)?;
                words("reasons", reasons)
            }
            Self::TurnAway { reasons }
            | Self::Decide { reasons, .. }
            | Self::RevokeCertificate { reasons }
            | Self::Suspend { reasons }
            | Self::Reinstate { reasons }
            | Self::End { reasons } => words("reasons", reasons),
        }
    }

    /// How the partner ends, if this is its end.
    pub(super) fn ending(&self) -> Ending {
        if matches!(self, Self::TurnAway { .. }) { Ending::TurnedAway } else { Ending::ByCentre }
    }
}

impl PartnerAct {
    /// Where it leads, if it moves the partner at all.
    pub(super) fn step(&self) -> Option<Step> {
        Some(match self {
            Self::Apply { .. } => Step::Apply,
            Self::Sign {} => Step::Sign,
            Self::Leave { .. } => Step::End,
            Self::Declare { .. }
            | Self::Contacts { .. }
            | Self::Appeal { .. }
            | Self::ClaimFind { .. }
            | Self::ContestFind { .. }
            | Self::SendAlert { .. }
            | Self::SignReport { .. }
            | Self::AnswerCheck {} => return None,
        })
    }

    /// Refuses what is too long, too much or missing.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Apply { level, words: text, .. } => {
                limited("level", level, 50)?;
                words("words", text)
            }
            Self::Declare { words: text, .. } => words("words", text),
            Self::Contacts { contacts } => check_contacts(contacts),
            Self::Appeal { reasons } | Self::Leave { reasons } | Self::ContestFind { reasons, .. } => {
                words("reasons", reasons)
            }
            Self::SendAlert { words: text } => words("words", text),
            Self::SignReport { report } => report.check(),
            Self::AnswerCheck {} => Ok(()),
            Self::ClaimFind { claim_code } => limited("claim_code", claim_code, 200),
            Self::Sign {} => Ok(()),
        }
    }
}

fn check_contacts(contacts: &[ContactPoint]) -> Result<(), Refusal> {
    if contacts.is_empty() || contacts.len() > CONTACTS_MAX {
        return Err(Refusal::invalid("contacts", format!("Between 1 and {CONTACTS_MAX} contacts.")));
    }
    for contact in contacts {
        for (field, text) in [
            ("name", &contact.name),
            ("reach", &contact.reach),
            ("role", &contact.role),
            ("hours", &contact.hours),
        ] {
            limited(field, text, 300)?;
            if text.trim().is_empty() {
                return Err(Refusal::invalid(
                    field,
                    "Each contact has a name, a role, hours, and a way to reach it.",
                ));
            }
        }
        limited("key", &contact.key, 300)?;
    }
    Ok(())
}

/// Whether a contact counts: it has a key, and all else by the check.
pub(super) fn is_complete(contact: &ContactPoint) -> bool {
    !contact.key.trim().is_empty()
}
