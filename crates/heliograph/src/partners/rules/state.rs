//! A partner as its events say.

use super::credit::{Grade, Reach};
use super::duties::Reconciled;
use super::event::{Declared, Found, PartnerEvent};
use super::life::{Life, Step};
use super::review::Outcome;
use crate::ledger::{Actor, Item, Recorded, State};
use jiff::Timestamp;
use programme::Service;
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{AccountId, OrganisationId, ReportId};

/// A decision about admission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) by: Option<AccountId>,
    pub(crate) at: Timestamp,
    pub(crate) admitted: bool,
    pub(crate) found: Vec<Found>,
    pub(crate) reasons: Item,
}

/// A contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contract {
    pub(crate) services: Vec<Service>,
    /// Hours a year that it covers.
    pub(crate) hours: u32,
    pub(crate) terms: Item,
    pub(crate) signed: Option<Timestamp>,
}

/// Contacts, by number only: who they are is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contacts {
    pub(crate) contacts: Item,
    pub(crate) count: u32,
    pub(crate) out_of_hours: bool,
    pub(crate) at: Timestamp,
}

/// The centre's grade of a find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Graded {
    pub(crate) by: Option<AccountId>,
    pub(crate) novel: bool,
    pub(crate) reach: Reach,
}

/// A report that the partner says is its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Find {
    pub(crate) claimed: Timestamp,
    pub(crate) graded: Option<Graded>,
    /// Why the partner thinks that the grade is wrong; it waits for another one.
    pub(crate) contested: Option<Item>,
}

/// The centre's review of an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AlertReview {
    pub(crate) at: Timestamp,
    pub(crate) timely: bool,
    pub(crate) confirmed: bool,
    pub(crate) severity: Grade,
}

/// An alert that the partner sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alert {
    pub(crate) sent: Timestamp,
    pub(crate) text: Item,
    pub(crate) review: Option<AlertReview>,
}

/// A certificate, by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Issued {
    pub(crate) level: String,
    pub(crate) issued: Timestamp,
    pub(crate) until: Timestamp,
    pub(crate) revoked: Option<Timestamp>,
}

/// The last yearly review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LastReview {
    pub(crate) at: Timestamp,
    pub(crate) reached: Option<String>,
    pub(crate) outcome: Outcome,
    pub(crate) found: Vec<Found>,
}

/// A partner.
#[derive(Debug, Clone, Default)]
pub(crate) struct Partner {
    pub(crate) life: Life,
    /// When it came to where it stands.
    pub(crate) since: Timestamp,
    pub(crate) organisation: Option<OrganisationId>,
    pub(crate) programme: String,
    pub(crate) edition: String,
    pub(crate) enquiry: Option<Item>,
    pub(crate) application: Option<Item>,
    pub(crate) files: Vec<Item>,
    /// Names of those files that came after the application.
    pub(crate) added: Vec<Item>,
    /// What it asked for.
    pub(crate) wanted: String,
    pub(crate) assessors: BTreeSet<AccountId>,
    pub(crate) marks: BTreeMap<AccountId, Item>,
    pub(crate) decision: Option<Decision>,
    /// An appeal that waits for its decision.
    pub(crate) appeal: Option<Item>,
    /// Who decided what may be appealed against, and was not appealed against before.
    pub(crate) appealable: Option<Option<AccountId>>,
    pub(crate) level: Option<String>,
    pub(crate) contract: Option<Contract>,
    pub(crate) declared: BTreeMap<Declared, (bool, Timestamp)>,
    pub(crate) contacts: Option<Contacts>,
    pub(crate) active_since: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
    /// When a probation ends.
    pub(crate) mend_by: Option<Timestamp>,
    /// Days before the end at which it was reminded of it.
    pub(crate) reminded: BTreeSet<u32>,
    /// The last step at which it was reminded that conflicts are to be declared again.
    pub(crate) declaration_told: Option<u32>,
    pub(crate) finds: BTreeMap<ReportId, Find>,
    pub(crate) alerts: BTreeMap<u32, Alert>,
    /// Numbers that the centre stated, with when.
    pub(crate) stated: BTreeMap<String, (u32, Timestamp)>,
    pub(crate) review: Option<LastReview>,
    pub(crate) certificates: BTreeMap<String, Issued>,
    /// When the last work report was signed, and each number of it.
    pub(crate) report: Option<(Timestamp, Vec<Reconciled>)>,
    /// Checks of its contacts: when each was sent, and answered.
    pub(crate) checks: Vec<(Timestamp, Option<Timestamp>)>,
    /// When somebody there last did something.
    pub(crate) heard: Timestamp,
    /// Notices of its silence since then.
    pub(crate) notices: u32,
}

impl Partner {
    fn go(&mut self, step: Step, at: Timestamp) {
        // A step that the table does not know changes nothing, and `decide` never asks for one.
        if let Some(next) = self.life.after(step) {
            self.life = next;
            self.since = at;
        }
    }

    /// From now on no certificate holds that was issued before.
    fn revoke(&mut self, at: Timestamp) {
        self.certificates
            .values_mut()
            .filter(|one| one.revoked.is_none())
            .for_each(|one| one.revoked = Some(at));
    }

    /// Whether both marks are in, so that they may be seen.
    pub(crate) fn is_assessed(&self) -> bool {
        self.assessors.len() == 2 && self.marks.len() == 2
    }
}

/// The account that did it.
fn by(recorded: &Recorded) -> Option<AccountId> {
    match &recorded.actor {
        Actor::Account(id) => Some(id.clone()),
        Actor::Reporter(_) | Actor::System => None,
    }
}

fn seconds(unix: i64) -> Timestamp {
    Timestamp::from_second(unix).unwrap_or(Timestamp::MAX)
}

impl State for Partner {
    type Event = PartnerEvent;

    fn evolve(&mut self, event: &PartnerEvent, recorded: &Recorded) {
        let at = recorded.at;
        if event.is_of_partner() {
            (self.heard, self.notices) = (at, 0);
        }
        match event {
            PartnerEvent::ReportSigned { numbers, .. } => self.report = Some((at, numbers.clone())),
            PartnerEvent::ContactChecked {} => self.checks.push((at, None)),
            PartnerEvent::CheckAnswered {} => {
                self.checks
                    .iter_mut()
                    .filter(|(_, answered)| answered.is_none())
                    .for_each(|check| check.1 = Some(at));
            }
            PartnerEvent::SilenceNoted { notice } => self.notices = *notice,
            PartnerEvent::Enquired { text } => {
                self.enquiry = Some(text.clone());
                self.go(Step::Enquire, at);
            }
            PartnerEvent::Invited { organisation, programme } => {
                self.organisation = Some(organisation.clone());
                self.programme.clone_from(programme);
                self.go(Step::Invite, at);
            }
            PartnerEvent::DeclarationDue { days } => self.declaration_told = Some(*days),
            PartnerEvent::Declared { what, has_any, .. } => {
                if *what == Declared::Conflicts {
                    self.declaration_told = None;
                }
                self.declared.insert(*what, (*has_any, at));
            }
            PartnerEvent::ContactsSet { contacts, count, out_of_hours, .. } => {
                let (contacts, count, out_of_hours) = (contacts.clone(), *count, *out_of_hours);
                self.contacts = Some(Contacts { contacts, count, out_of_hours, at });
            }
            PartnerEvent::Reminded { days } => {
                self.reminded.insert(*days);
            }
            PartnerEvent::EvidenceAdded { name, file } => {
                self.added.push(name.clone());
                self.files.push(file.clone());
            }
            PartnerEvent::Applied { .. }
            | PartnerEvent::AssessorsNamed { .. }
            | PartnerEvent::Assessed { .. }
            | PartnerEvent::Decided { .. }
            | PartnerEvent::Appealed { .. }
            | PartnerEvent::AppealDecided { .. } => self.be_judged(event, recorded),
            PartnerEvent::FindClaimed { .. }
            | PartnerEvent::FindGraded { .. }
            | PartnerEvent::FindContested { .. }
            | PartnerEvent::AlertSent { .. }
            | PartnerEvent::AlertReviewed { .. }
            | PartnerEvent::FactStated { .. } => self.earn(event, recorded),
            PartnerEvent::Reviewed { .. } => self.be_reviewed(event, recorded),
            _ => self.live(event, at),
        }
    }
}

impl Partner {
    /// From the application to the end of an appeal.
    fn be_judged(&mut self, event: &PartnerEvent, recorded: &Recorded) {
        let at = recorded.at;
        match event {
            PartnerEvent::Applied { edition, level, application, files } => {
                self.edition.clone_from(edition);
                self.wanted.clone_from(level);
                self.application = Some(application.clone());
                self.files.clone_from(files);
                self.added.clear();
                self.assessors.clear();
                self.marks.clear();
                self.appealable = None;
                self.go(Step::Apply, at);
            }
            PartnerEvent::AssessorsNamed { assessors } => {
                self.assessors = assessors.iter().cloned().collect();
                self.marks.retain(|who, _| assessors.contains(who));
                self.go(Step::NameAssessors, at);
            }
            PartnerEvent::Assessed { marks } => {
                self.marks.extend(by(recorded).map(|who| (who, marks.clone())));
                if self.is_assessed() {
                    self.go(Step::Assess, at);
                }
            }
            PartnerEvent::Decided { admitted, level, found, reasons } => {
                let (by, found, reasons) = (by(recorded), found.clone(), reasons.clone());
                self.appealable = Some(by.clone());
                self.decision = Some(Decision { by, at, admitted: *admitted, found, reasons });
                self.level.clone_from(level);
                self.go(if *admitted { Step::Admit } else { Step::Refuse }, at);
            }
            PartnerEvent::Appealed { reasons } => self.appeal = Some(reasons.clone()),
            PartnerEvent::AppealDecided { upheld, level, .. } => {
                self.appeal = None;
                self.appealable = None;
                if *upheld {
                    self.level = level.clone().or_else(|| self.level.take());
                    self.go(Step::Uphold, at);
                }
            }
            _ => {}
        }
    }

    /// What counts, or may come to count.
    fn earn(&mut self, event: &PartnerEvent, recorded: &Recorded) {
        let at = recorded.at;
        match event {
            PartnerEvent::FindClaimed { report } => {
                self.finds.insert(report.clone(), Find { claimed: at, graded: None, contested: None });
            }
            PartnerEvent::FindGraded { report, novel, reach, .. } => {
                if let Some(find) = self.finds.get_mut(report) {
                    find.graded = Some(Graded { by: by(recorded), novel: *novel, reach: *reach });
                    find.contested = None;
                }
            }
            PartnerEvent::FindContested { report, reasons } => {
                if let Some(find) = self.finds.get_mut(report) {
                    find.contested = Some(reasons.clone());
                }
            }
            PartnerEvent::AlertSent { number, text } => {
                self.alerts.insert(*number, Alert { sent: at, text: text.clone(), review: None });
            }
            PartnerEvent::AlertReviewed { number, timely, confirmed, severity, .. } => {
                if let Some(alert) = self.alerts.get_mut(number) {
                    let (timely, confirmed, severity) = (*timely, *confirmed, *severity);
                    alert.review = Some(AlertReview { at, timely, confirmed, severity });
                }
            }
            PartnerEvent::FactStated { fact, value, .. } => {
                self.stated.insert(fact.clone(), (*value, at));
            }
            _ => {}
        }
    }

    fn be_reviewed(&mut self, event: &PartnerEvent, recorded: &Recorded) {
        let PartnerEvent::Reviewed { reached, outcome, found, mend_by, until, .. } = event else { return };
        let at = recorded.at;
        let (reached, found) = (reached.clone(), found.clone());
        match outcome {
            Outcome::Kept => self.go(Step::Reinstate, at),
            Outcome::Promoted | Outcome::Demoted => {
                self.level.clone_from(&reached);
                self.go(Step::Reinstate, at);
            }
            Outcome::Probation => self.go(Step::Warn, at),
            Outcome::Suspended => {
                self.revoke(at);
                self.go(Step::Suspend, at);
            }
        }
        self.mend_by = mend_by.map(seconds);
        self.until = Some(seconds(*until));
        self.reminded.clear();
        self.appealable = Some(by(recorded));
        self.review = Some(LastReview { at, reached, outcome: *outcome, found });
    }

    /// From the contract to the end.
    fn live(&mut self, event: &PartnerEvent, at: Timestamp) {
        match event {
            PartnerEvent::ContractOffered { services, hours, terms } => {
                let (services, terms) = (services.clone(), terms.clone());
                self.contract = Some(Contract { services, hours: *hours, terms, signed: None });
                self.go(Step::Offer, at);
            }
            PartnerEvent::ContractSigned {} => {
                if let Some(contract) = &mut self.contract {
                    contract.signed = Some(at);
                }
                self.go(Step::Sign, at);
            }
            PartnerEvent::Activated { until } => {
                self.active_since = self.active_since.or(Some(at));
                self.until = Some(seconds(*until));
                self.reminded.clear();
                self.go(Step::Activate, at);
            }
            PartnerEvent::Warned { until, .. } => {
                self.mend_by = Some(seconds(*until));
                self.go(Step::Warn, at);
            }
            PartnerEvent::Suspended { .. } => {
                self.revoke(at);
                self.go(Step::Suspend, at);
            }
            PartnerEvent::Reinstated { .. } => {
                self.mend_by = None;
                self.go(Step::Reinstate, at);
            }
            PartnerEvent::Ended { .. } => {
                self.revoke(at);
                self.go(Step::End, at);
            }
            PartnerEvent::Certified { serial, level, until } => {
                self.revoke(at);
                let (level, until) = (level.clone(), seconds(*until));
                self.certificates.insert(serial.clone(), Issued { level, issued: at, until, revoked: None });
            }
            PartnerEvent::CertificateRevoked { .. } => self.revoke(at),
            _ => {}
        }
    }
}
