//! A partner as its events say.

use super::event::{Declared, Found, PartnerEvent, Service};
use super::life::{Life, Step};
use crate::ledger::{Actor, Item, Recorded, State};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{AccountId, OrganisationId};

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
}

impl Partner {
    fn go(&mut self, step: Step, at: Timestamp) {
        // A step that the table does not know changes nothing, and `decide` never asks for one.
        if let Some(next) = self.life.after(step) {
            self.life = next;
            self.since = at;
        }
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
        match event {
            PartnerEvent::Enquired { text } => {
                self.enquiry = Some(text.clone());
                self.go(Step::Enquire, at);
            }
            PartnerEvent::Invited { organisation, programme } => {
                self.organisation = Some(organisation.clone());
                self.programme.clone_from(programme);
                self.go(Step::Invite, at);
            }
            PartnerEvent::Declared { what, has_any, .. } => {
                self.declared.insert(*what, (*has_any, at));
            }
            PartnerEvent::ContactsSet { contacts, count, out_of_hours } => {
                let (contacts, count, out_of_hours) = (contacts.clone(), *count, *out_of_hours);
                self.contacts = Some(Contacts { contacts, count, out_of_hours, at });
            }
            PartnerEvent::Reminded { days } => {
                self.reminded.insert(*days);
            }
            PartnerEvent::Applied { .. }
            | PartnerEvent::AssessorsNamed { .. }
            | PartnerEvent::Assessed { .. }
            | PartnerEvent::Decided { .. }
            | PartnerEvent::Appealed { .. }
            | PartnerEvent::AppealDecided { .. } => self.be_judged(event, recorded),
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
            PartnerEvent::Suspended { .. } => self.go(Step::Suspend, at),
            PartnerEvent::Reinstated { .. } => {
                self.mend_by = None;
                self.go(Step::Reinstate, at);
            }
            PartnerEvent::Ended { .. } => self.go(Step::End, at),
            _ => {}
        }
    }
}
