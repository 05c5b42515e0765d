//! A case as the API shows it, for one viewer.

use super::named;
use crate::cases::pages::View;
use crate::cases::rules::{Case, Party, Statement};
use crate::deadlines::Clock;
use crate::reports::ReportText;
use crate::web::Happened;
use cvd::pec::Consent;
use jiff::Timestamp;
use serde::Serialize;
use vocabulary::{CaseId, OrganisationId};

/// A case, opened.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CaseBody {
    #[schema(value_type = String)]
    id: CaseId,
    code_name: String,
    #[schema(value_type = String)]
    opened: Timestamp,
    /// `open`, `published`, `closed`.
    stage: &'static str,
    /// Publicly known.
    public: bool,
    exploit_public: bool,
    /// Attacks have been observed.
    attacks: bool,
    embargo: EmbargoBody,
    /// CVSS vectors.
    vectors: Vec<String>,
    /// The highest CVSS score of them, in tenths.
    severity: Option<i64>,
    /// What SSVC's coordinator triage says, by its key.
    triage: Option<String>,
    /// What the reporters wrote, without their contact for a vendor.
    reports: Vec<CaseReport>,
    /// All for a coordinator, itself for a vendor.
    participants: Vec<ParticipantBody>,
    clocks: Vec<Clock>,
    /// How many entries the timeline has in all.
    events: usize,
    /// One page of what happened, oldest first.
    timeline: Vec<Happened>,
}

/// A report in a case.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CaseReport {
    /// Its tracking number.
    id: String,
    report: ReportText,
}

/// Where the embargo stands.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct EmbargoBody {
    /// `none`, `proposed`, `active`, `revise` (in force, and a new end is proposed), `exited`.
    state: &'static str,
    /// When it ends, RFC 3339.
    #[schema(value_type = Option<String>)]
    end: Option<Timestamp>,
    /// Ends on the table, the earliest first.
    proposals: Vec<ProposalBody>,
    /// Why it should end: a coordinator decides.
    decision_due: Option<&'static str>,
}

/// A proposed end.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ProposalBody {
    /// `you`, `centre`, `reporter`, `vendor`; for a coordinator an organisation's id.
    by: String,
    #[schema(value_type = String)]
    end: Timestamp,
}

/// A vendor in a case.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ParticipantBody {
    #[schema(value_type = String)]
    organisation: OrganisationId,
    name: String,
    /// `no_embargo`, `invited`, `signatory`, `lapsed` (a revision waits for its answer), `declined`.
    #[schema(value_type = String)]
    consent: Consent,
    /// Its report state: `start`, `received`, `invalid`, `valid`, `accepted`, `deferred`, `closed`.
    #[schema(value_type = String)]
    report_state: cvd::rm::ReportState,
    /// `unaware`, `aware`, `ready`, `deployed`.
    #[schema(value_type = String)]
    fix: cvd::cs::VendorFix,
    #[schema(value_type = String)]
    invited: Timestamp,
    /// When the report was made available to it.
    #[schema(value_type = Option<String>)]
    told: Option<Timestamp>,
    left: bool,
    /// When it last did something.
    #[schema(value_type = Option<String>)]
    last_heard: Option<Timestamp>,
    /// Which versions it says are affected.
    statement: Option<Statement>,
}

/// The terms of a case for one organisation.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct TermsBody {
    id: String,
    code_name: String,
    /// The organisation's own answer so far; see the participants of a case.
    #[schema(value_type = String)]
    consent: Consent,
    embargo: EmbargoBody,
}

impl TermsBody {
    pub(super) fn of(id: &CaseId, case: &Case, me: &Party) -> Self {
        let consent = case.embargo.consent(&me.id()).unwrap_or(Consent::NoEmbargo);
        Self { id: id.to_string(), code_name: case.code_name.clone(), consent, embargo: embargo(case, me) }
    }
}

fn embargo(case: &Case, me: &Party) -> EmbargoBody {
    let proposals = case.embargo.proposals().into_iter().map(|proposal| ProposalBody {
        by: Party::try_from(proposal.by.0.clone()).map(|by| named(&by, me)).unwrap_or_default(),
        end: proposal.end,
    });
    EmbargoBody {
        state: case.embargo_word(),
        end: case.embargo.end(),
        proposals: proposals.collect(),
        decision_due: case.embargo.decision_due().filter(|_| *me == Party::Centre).map(|cause| cause.label()),
    }
}

impl CaseBody {
    pub(super) fn of(view: View) -> Self {
        let (case, me, names) = (view.case, view.me, view.names);
        let mut statements = view.statements;
        let own = |vendor: &OrganisationId| me == Party::Centre || me == Party::Vendor(vendor.clone());
        let participants =
            case.vendors.iter().filter(|(id, _)| own(id)).map(|(id, vendor)| ParticipantBody {
                organisation: id.clone(),
                name: names.get(id.as_str()).cloned().unwrap_or_default(),
                consent: case.consent(id),
                report_state: vendor.rm,
                fix: vendor.fix,
                invited: vendor.invited,
                told: vendor.told,
                left: vendor.left,
                last_heard: vendor.last_heard,
                statement: statements.remove(id),
            });
        let participants = participants.collect();
        let report =
            |(id, report): (vocabulary::ReportId, ReportText)| CaseReport { id: id.to_string(), report };
        Self {
            id: view.id,
            opened: case.opened,
            stage: case.stage(),
            public: case.public,
            exploit_public: case.exploit_public,
            attacks: case.attacks,
            embargo: embargo(&case, &me),
            severity: case.tenths,
            triage: case.triage.as_ref().map(|record| record.outcome.value.clone()),
            code_name: case.code_name,
            vectors: case.vectors,
            reports: view.texts.into_iter().map(report).collect(),
            participants,
            clocks: view.clocks,
            events: view.history.total,
            timeline: view.history.moments,
        }
    }
}
