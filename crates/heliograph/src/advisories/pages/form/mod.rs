//! The editor's form: an advisory drawn as fields, and read back from them.

mod draw;
mod places;
mod read;
mod rows;
mod words;

pub(in crate::advisories) use draw::draw;
pub(super) use places::place;
pub(in crate::advisories) use read::read;
pub(super) use words::{category_words, credit_words, link_words, status_words, which_words};
