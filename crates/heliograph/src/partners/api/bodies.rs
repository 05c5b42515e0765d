//! What programs are answered about partners.

use crate::partners::pages::Credits;
use crate::partners::rules::{Application, Certificate, ContactPoint, Declared, Found, Marks};
use crate::partners::store::{FindRow, Opened, Row};
use crate::web::Happened;
use jiff::Timestamp;
use programme::{Service, Value};
use serde::Serialize;
use std::collections::BTreeMap;
use vocabulary::{PartnerId, ReportId};

/// A partner as lists show it.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Registered {
    #[schema(value_type = String)]
    id: PartnerId,
    /// The organisation; empty before it is known.
    name: String,
    programme: String,
    /// Where it stands: `active`, `probation`, `suspended`, …
    life: &'static str,
    level: Option<String>,
    /// When it came to where it stands.
    #[schema(value_type = String)]
    since: Timestamp,
    /// When it became a partner.
    #[schema(value_type = Option<String>)]
    active_since: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    until: Option<Timestamp>,
}

impl Registered {
    pub(super) fn of(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            programme: row.programme,
            life: row.life.name(),
            level: row.level,
            since: row.since,
            active_since: row.active_since,
            until: row.until,
        }
    }
}

/// A certificate.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CertificateBody {
    serial: String,
    partner: String,
    organisation: String,
    programme: String,
    level: String,
    /// `valid`, `revoked`, `expired`.
    state: &'static str,
    #[schema(value_type = String)]
    issued: Timestamp,
    #[schema(value_type = String)]
    until: Timestamp,
    /// The Open Badges 3.0 credential, signed: verify it with the key at `/certificates/key`.
    credential: String,
}

impl CertificateBody {
    pub(super) fn of(certificate: Certificate, credential: String, now: Timestamp) -> Self {
        Self {
            state: certificate.validity(now).name(),
            serial: certificate.serial,
            partner: certificate.partner,
            organisation: certificate.organisation,
            programme: certificate.programme,
            level: certificate.level,
            issued: certificate.issued,
            until: certificate.until,
            credential,
        }
    }
}

/// What an applicant said.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ApplicationBody {
    #[schema(value_type = Object)]
    facts: BTreeMap<String, Value>,
    counts: BTreeMap<String, u32>,
    words: String,
    /// Names of its evidence.
    files: Vec<String>,
}

impl ApplicationBody {
    fn of(application: Application) -> Self {
        let Application { facts, counts, words, files } = application;
        Self { facts, counts, words, files }
    }
}

/// A declaration.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct DeclarationBody {
    what: Declared,
    has_any: bool,
    #[schema(value_type = String)]
    at: Timestamp,
}

/// A partner, opened.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct PartnerBody {
    #[schema(value_type = String)]
    id: PartnerId,
    name: String,
    programme: String,
    life: &'static str,
    #[schema(value_type = String)]
    since: Timestamp,
    level: Option<String>,
    #[schema(value_type = Option<String>)]
    until: Option<Timestamp>,
    /// By when it has to mend what put it on probation.
    #[schema(value_type = Option<String>)]
    mend_by: Option<Timestamp>,
    application: Option<ApplicationBody>,
    declarations: Vec<DeclarationBody>,
    contacts: Vec<ContactPoint>,
    /// Services of its contract, and hours a year.
    #[schema(value_type = Vec<String>)]
    services: Vec<Service>,
    hours: Option<u32>,
    terms: String,
    /// What was found at the last decision about admission.
    found: Vec<Found>,
    /// For a manager: both marks, once both are in.
    marks: Vec<Marks>,
    appeal_waits: bool,
    timeline: Vec<Happened>,
}

impl PartnerBody {
    pub(super) fn of(opened: Opened) -> Self {
        let partner = opened.partner;
        let declarations = partner.declared.iter();
        let contract = partner.contract.as_ref();
        Self {
            id: opened.id,
            name: opened.name,
            life: partner.life.name(),
            since: partner.since,
            until: partner.until,
            mend_by: partner.mend_by,
            application: opened.application.map(ApplicationBody::of),
            declarations: declarations
                .map(|(what, (has_any, at))| DeclarationBody { what: *what, has_any: *has_any, at: *at })
                .collect(),
            contacts: opened.contacts,
            services: contract.map(|contract| contract.services.clone()).unwrap_or_default(),
            hours: contract.map(|contract| contract.hours),
            terms: opened.terms,
            found: partner.decision.map(|decision| decision.found).unwrap_or_default(),
            marks: opened.marks.into_iter().map(|(_, marks)| marks).collect(),
            appeal_waits: partner.appeal.is_some(),
            timeline: opened.moments,
            programme: partner.programme,
            level: partner.level,
        }
    }
}

/// One criterion of the yearly review.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CriterionBody {
    criterion: String,
    category: String,
    /// What is there, where the criterion is one number.
    have: Option<f64>,
    /// By level, the number asked for.
    asked: BTreeMap<String, f64>,
    found: Vec<Found>,
}

/// A find of a partner.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct FindBody {
    #[schema(value_type = String)]
    report: ReportId,
    /// Whether the vendor was told: nothing counts before.
    counts: bool,
    /// The centre's grade; null before it was given.
    novel: Option<bool>,
    /// `generic` or `site_specific`.
    reach: Option<String>,
    severity: Option<String>,
    /// Others found it independently, and are credited too.
    joint: bool,
    contested: bool,
    /// `fixed` or `published`.
    outcome: Option<String>,
}

impl FindBody {
    pub(super) fn of(find: FindRow) -> Self {
        Self {
            report: find.report,
            counts: find.told.is_some(),
            novel: find.novel,
            reach: find.reach,
            severity: find.severity,
            joint: find.joint,
            contested: find.contested,
            outcome: find.outcome,
        }
    }
}

/// What counts over the last twelve months, and how far it leads.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CreditsBody {
    level: Option<String>,
    criteria: Vec<CriterionBody>,
    /// The last 50 finds.
    finds: Vec<FindBody>,
}

impl CreditsBody {
    pub(super) fn of(level: Option<String>, credits: Credits) -> Self {
        let criterion = |one: programme::Progress| CriterionBody {
            criterion: one.id,
            category: one.category,
            have: one.have,
            asked: one.asked.into_iter().collect(),
            found: one
                .found
                .into_iter()
                .map(|found| Found { criterion: found.id, level: found.level, result: found.result.into() })
                .collect(),
        };
        Self {
            level,
            criteria: credits.progress.into_iter().map(criterion).collect(),
            finds: credits.finds.into_iter().map(FindBody::of).collect(),
        }
    }
}

/// An application as its assessor sees it.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct AssessmentBody {
    #[schema(value_type = String)]
    id: PartnerId,
    name: String,
    programme: String,
    /// The level that it asks for.
    wanted: String,
    application: Option<ApplicationBody>,
    /// Your marks; both once both are in.
    marks: Vec<Marks>,
}

impl AssessmentBody {
    pub(super) fn of(opened: Opened) -> Self {
        Self {
            id: opened.id,
            name: opened.name,
            programme: opened.partner.programme,
            wanted: opened.partner.wanted,
            application: opened.application.map(ApplicationBody::of),
            marks: opened.marks.into_iter().map(|(_, marks)| marks).collect(),
        }
    }
}
