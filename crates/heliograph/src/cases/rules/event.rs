//! What happens to a case, and the words that its participants use.

use super::state::Vendor;
use crate::ledger::{Event, Item};
use crate::refusal::Refusal;
use cvd::cs;
use cvd::embargo::{EmbargoEvent, ParticipantId};
use cvd::rm::ReportMove;
use cvd::ssvc::DecisionRecord;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{CaseId, Instant, OrganisationId, ReportId};

/// A participant, as events and the embargo name it: `centre`, an organisation, or a report (its
/// reporter, who may be anonymous).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(crate) enum Party {
    Centre,
    Vendor(OrganisationId),
    Reporter(ReportId),
}

impl From<Party> for String {
    fn from(party: Party) -> String {
        match party {
            Party::Centre => "centre".into(),
            Party::Vendor(id) => id.into(),
            Party::Reporter(id) => id.into(),
        }
    }
}

impl TryFrom<String> for Party {
    type Error = vocabulary::BadId;
    fn try_from(text: String) -> Result<Self, vocabulary::BadId> {
        if text == "centre" {
            return Ok(Self::Centre);
        }
        text.parse().map(Self::Reporter).or_else(|_| text.parse().map(Self::Vendor))
    }
}

impl Party {
    /// Its name in the embargo.
    pub(crate) fn id(&self) -> ParticipantId {
        ParticipantId(self.clone().into())
    }
}

/// Who a message is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Audience {
    /// Every participant that may read the case.
    Everyone,
    /// The centre only.
    Centre,
    /// The centre and one participant.
    Only(Party),
}

/// Whether a product's version is affected (the words of CSAF and VEX).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Affectedness {
    Affected,
    NotAffected,
    Fixed,
    UnderInvestigation,
}

impl Affectedness {
    pub(crate) const ALL: &[(&str, &str)] = &[
        ("affected", "affected"),
        ("not_affected", "not affected"),
        ("fixed", "fixed"),
        ("under_investigation", "under investigation"),
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Affected => "affected",
            Self::NotAffected => "not_affected",
            Self::Fixed => "fixed",
            Self::UnderInvestigation => "under_investigation",
        }
    }
}

impl std::str::FromStr for Affectedness {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "affected" => Self::Affected,
            "not_affected" => Self::NotAffected,
            "fixed" => Self::Fixed,
            "under_investigation" => Self::UnderInvestigation,
            _ => return Err(Refusal::invalid("status", "Choose one of the four states.")),
        })
    }
}

/// One product with a span of versions and its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProductStatus {
    /// At most 300 characters, as in the versions.
    #[schema(example = "Kettle")]
    pub(crate) product: String,
    /// The first version in the span; empty for "from the beginning".
    #[serde(default)]
    #[schema(example = "1.0")]
    pub(crate) from: String,
    /// The first version after it; empty for "all later ones".
    #[serde(default)]
    #[schema(example = "1.5")]
    pub(crate) before: String,
    /// `affected`, `not_affected`, `fixed`, `under_investigation`.
    #[schema(value_type = String, example = "affected")]
    pub(crate) status: Affectedness,
}

/// What a vendor says: sealed until it is published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Statement {
    /// Which versions of which products are affected.
    pub(crate) products: Vec<ProductStatus>,
    /// Its own words, published with the advisory; at most 20,000 characters.
    #[schema(example = "We thank the finder. Update to 1.5.")]
    pub(crate) text: String,
}

impl Statement {
    /// Refuses a statement that says nothing, or too much.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let cells = self.products.iter().flat_map(|row| [&row.product, &row.from, &row.before]);
        if cells.clone().any(|cell| cell.chars().count() > CELL_MAX) {
            let reason = format!("At most {CELL_MAX} characters in a product or version.");
            return Err(Refusal::invalid("product", reason));
        }
        if self.products.iter().any(|row| row.product.trim().is_empty()) {
            return Err(Refusal::invalid("product", "Name the product that a row is about."));
        }
        if self.text.chars().count() > STATEMENT_MAX {
            return Err(Refusal::invalid("text", format!("At most {STATEMENT_MAX} characters, please.")));
        }
        if self.products.is_empty() && self.text.is_empty() {
            return Err(Refusal::invalid("product", "Name a product, or write a few words."));
        }
        Ok(())
    }
}

/// Characters in a product's name or a version, and in the words of a statement, at most.
const CELL_MAX: usize = 300;
const STATEMENT_MAX: usize = 20_000;

/// What a case brings along that becomes part of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MergedPart {
    pub(crate) reports: BTreeSet<ReportId>,
    pub(crate) reporters_left: BTreeSet<ReportId>,
    pub(crate) vendors: BTreeMap<OrganisationId, Vendor>,
    /// What the world knows of the flaw: the same flaw, so it knows that of both.
    pub(crate) public: bool,
    pub(crate) exploit_public: bool,
    pub(crate) attacks: bool,
    /// Cases that had become part of it before.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) merged: BTreeSet<CaseId>,
}

/// What happens to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(crate) enum CaseEvent {
    #[serde(rename = "case.opened")]
    Opened { code_name: String, report: ReportId },
    #[serde(rename = "case.report_added")]
    ReportAdded { report: ReportId },
    #[serde(rename = "case.graded")]
    Graded { vectors: Vec<String>, tenths: Option<i64>, triage: Option<DecisionRecord> },
    #[serde(rename = "case.state_observed")]
    StateObserved { event: cs::CaseEvent, at: Instant, evidence: Option<Item> },
    #[serde(rename = "case.vendor_invited")]
    VendorInvited { vendor: OrganisationId },
    /// The report was made available to the vendor: Vultron's RS is received, its V is known.
    #[serde(rename = "case.vendor_told")]
    VendorTold { vendor: OrganisationId },
    #[serde(rename = "case.vendor_moved")]
    VendorMoved { vendor: OrganisationId, step: ReportMove },
    #[serde(rename = "case.vendor_fixed")]
    VendorFixed { vendor: OrganisationId, event: cs::CaseEvent },
    #[serde(rename = "case.participant_left")]
    ParticipantLeft { who: Party },
    #[serde(rename = "case.statement_made")]
    StatementMade { vendor: OrganisationId, statement: Item },
    #[serde(rename = "case.embargo_changed")]
    EmbargoChanged { change: EmbargoEvent },
    #[serde(rename = "case.message_sent")]
    MessageSent { from: Party, to: Audience, text: Item },
    #[serde(rename = "case.published")]
    Published { revision: u32 },
    /// Another case was found to be the same and became part of this one.
    #[serde(rename = "case.merged")]
    Merged { from: CaseId, part: Box<MergedPart> },
    /// This case became part of another one, which goes on for both.
    #[serde(rename = "case.merged_into")]
    MergedInto { into: CaseId },
    #[serde(rename = "case.closed")]
    Closed {},
    #[serde(rename = "case.erased")]
    Erased {},
}

impl Event for CaseEvent {}
