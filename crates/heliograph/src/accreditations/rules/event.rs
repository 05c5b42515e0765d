//! What happens to an accreditation, as the journal says it. What its holder does not publish is sealed.

use crate::ledger::{Event, Item};
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, OrganisationId};

/// Who is accredited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Holder {
    Organisation(OrganisationId),
    /// The person behind an account.
    Account(AccountId),
}

/// What stands on the paper.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    /// Who issued it.
    pub(crate) issuer: String,
    /// Its number there.
    pub(crate) number: String,
}

/// How that is kept: in the open where the public register shows it, or else sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kept {
    Public(Told),
    Sealed(Item),
}

/// What was found where an accreditation was looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Looked {
    /// Whoever issued it says that it holds.
    Holds,
    /// Whoever issued it has taken it back.
    Withdrawn,
    /// It is not known there.
    NotFound,
    /// Nobody answered: nothing changes.
    NoAnswer,
}

impl Looked {
    pub(crate) const ALL: &[(Self, &'static str, &'static str)] = &[
        (Self::Holds, "holds", "it holds"),
        (Self::Withdrawn, "withdrawn", "it was taken back"),
        (Self::NotFound, "not_found", "it is not known there"),
        (Self::NoAnswer, "no_answer", "nobody answered"),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(one, ..)| *one == self).map_or("", |(_, name, _)| name)
    }

    pub(crate) fn words(self) -> &'static str {
        Self::ALL.iter().find(|(one, ..)| *one == self).map_or("", |(.., words)| words)
    }
}

/// What happens to an accreditation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(crate) enum AccreditationEvent {
    /// Whole seconds since 1970, so that the entry holds no text of a date.
    #[serde(rename = "accreditation.registered")]
    Registered {
        holder: Holder,
        scheme: String,
        level: Option<String>,
        scopes: Vec<String>,
        told: Kept,
        from: i64,
        until: i64,
    },
    #[serde(rename = "accreditation.evidence_added")]
    EvidenceAdded { name: Item, file: Item },
    /// The actor looked it up; where, is sealed.
    #[serde(rename = "accreditation.checked")]
    Checked { found: Looked, place: Item },
    /// By its holder or by the centre.
    #[serde(rename = "accreditation.withdrawn")]
    Withdrawn { reasons: Item },
    /// Its holder and its keepers were reminded that it ends within so many days, or has ended: each step
    /// once.
    #[serde(rename = "accreditation.reminded")]
    Reminded { days: u32 },
}

impl Event for AccreditationEvent {}
