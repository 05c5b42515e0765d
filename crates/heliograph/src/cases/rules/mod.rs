//! What a case is and what may happen to it. Pure.

mod code_name;
mod decide;
mod event;
mod grading;
mod sight;
mod state;

#[cfg(test)]
mod tests;

pub(super) use code_name::code_name;
pub(super) use decide::{
    Terms, answer, bring_together, close, fix, grade, invite, leave, merge, merge_check, observe, open,
    propose, published, report_move, settle, speak, state_affected,
};
pub(crate) use event::{Affectedness, Audience, CaseEvent, Party, ProductStatus, Statement};
pub(super) use grading::{Grading, TriageValues, graded};
pub(super) use sight::sees;
pub(crate) use state::{Case, Vendor};
