//! What an accreditation is, whether it holds, and what it permits. Pure.

mod decide;
mod entitled;
mod event;
mod schemes;
mod state;
mod table;

pub(super) use decide::{Act, NewAccreditation, TEXT_MAX, WORDS_MAX, act, check_file, register};
pub(crate) use entitled::Entitled;
pub(super) use entitled::{alert, entitled};
pub(super) use event::{AccreditationEvent, Holder, Kept, Looked, Told};
pub(super) use schemes::{choose, schemes};
pub(super) use state::{Accreditation, Held, Standing};
pub(super) use table::{COLUMNS, PEOPLE_COLUMNS, line, read as read_line};
