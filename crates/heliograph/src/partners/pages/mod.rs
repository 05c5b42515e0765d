//! Pages of the partner programme: for the public, for partners, for assessors, for managers.

mod assess;
mod calendar;
mod certificates;
mod credit;
mod finds;
mod forms;
mod manage;
mod own;
mod pieces;
mod public;
mod registers;
mod requests;
mod tables;

pub(in crate::partners) use assess::opened as assessment_opened;
pub(crate) use assess::{assessment, assessments, give_marks};
pub(crate) use calendar::{calendar, calendar_file};
pub(crate) use certificates::{certificate, credential, key, revoked};
pub(in crate::partners) use certificates::{found as found_certificate, issuer, seed};
pub(in crate::partners) use credit::Credits;
pub(crate) use finds::{find, finds, grade};
pub(in crate::partners) use manage::opened as manager_opened;
pub(crate) use manage::{act, approach, assessed_evidence, evidence, partner, programme, review};
pub(in crate::partners) use own::credits_of;
pub(in crate::partners) use own::opened as own_opened;
pub(crate) use own::{act as partner_act, evidence as own_evidence, own};
pub(crate) use public::{criteria, criteria_file, enquire, register};
pub(crate) use registers::{
    contacts_file, finds_file, register_file, requests_file, scoreboard, scoreboard_file,
};
pub(crate) use requests::{answer_request, manage_request, order, own_request, request, requests};
pub(in crate::partners) use requests::{clearance_of, clearances, opened as request_opened};
pub(crate) use tables::import;
