//! Pages of the partner programme: for the public, for partners, for assessors, for managers.

mod assess;
mod forms;
mod manage;
mod own;
mod pieces;
mod public;

pub(in crate::partners) use assess::opened as assessment_opened;
pub(crate) use assess::{assessment, assessments, give_marks};
pub(in crate::partners) use manage::opened as manager_opened;
pub(crate) use manage::{act, approach, assessed_evidence, evidence, partner, programme};
pub(in crate::partners) use own::opened as own_opened;
pub(crate) use own::{act as partner_act, evidence as own_evidence, own};
pub(crate) use public::{criteria, criteria_file, enquire, register};
