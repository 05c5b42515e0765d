//! Reporting and following a report, and the coordinator's view of one.

mod desk;
mod following;
mod form;
mod sending;
mod story;

pub(super) use desk::piece;
pub(crate) use desk::{decline, desk_message, desk_report, duplicate, exploit};
pub(super) use following::receipt_file;
pub(crate) use following::{claim, my, my_message, my_receipt};
pub(crate) use sending::{report_form, save_draft, send};
pub(super) use story::story;
pub(crate) use story::text_markup;
