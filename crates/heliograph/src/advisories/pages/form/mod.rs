//! The editor's form: an advisory drawn as fields, and read back from them.

mod draw;
mod read;
mod rows;
mod words;

pub(super) use draw::draw;
pub(super) use read::read;
pub(super) use words::{category_words, credit_words, link_words, status_words, which_words};
