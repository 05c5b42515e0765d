//! What all pages share: layout, pieces, words for refusals, assets, limits.

mod again;
mod asked;
mod assets;
mod components;
mod csv;
mod encoded;
mod errors;
mod expected;
mod file_body;
mod form;
mod happened;
mod json;
mod layout;
mod list_file;
mod packed;
mod page_links;
mod problems;
mod public_reads;
mod requests;
mod site;
mod tables;
mod visit;

pub(crate) use asked::{Asked, page_in, page_numbered, readable};
pub(crate) use assets::{asset, style};
pub(crate) use components::{
    Moment, Tone, cell, chip, choice, clock_chip, date_input, due_chip, field, instant, pick, severity_chip,
    text_area, timeline, when, wide_cell,
};
#[cfg(test)]
pub(crate) use csv::csv_rows;
pub(crate) use csv::{TableRow, csv_line};
pub(crate) use encoded::encoded;
pub(crate) use errors::{About, answer, answer_program};
pub(crate) use expected::Expected;
pub(crate) use file_body::FileBody;
pub(crate) use form::{Fields, WithFiles, unescaped};
pub(crate) use happened::{Happened, story};
pub(crate) use json::{Body, instant as instant_in};
pub(crate) use layout::{Shown, page};
pub(crate) use list_file::{ROWS_AT_ONCE, in_pieces, last_of, list_file};
pub(crate) use packed::pack;
pub(crate) use page_links::{no_rows, onward, page_links};
pub(crate) use problems::{KINDS as PROBLEMS, Problem, problem};
pub(crate) use public_reads::{PublicRead, Sharing, made, preflight};
pub(crate) use requests::Requests;
pub(crate) use site::{healthz, log, readyz, security_txt};
pub(crate) use tables::{TableOutcome, Undone, checked_table, table_form, table_of, table_page, take_in};
pub(crate) use visit::visited_by;

/// Bytes of a form or a JSON document, attachments apart.
pub(crate) const BODY_MAX: usize = 1024 * 1024;

/// Bytes of a form with its attachments.
pub(crate) const FILES_MAX: usize = 26 * 1024 * 1024;
