//! What a partner is, and what may happen to it. Pure.

mod act;
mod decide;
mod event;
mod life;
mod programmes;
mod state;

#[cfg(test)]
mod tests;

pub(super) use act::{
    Application, ContactPoint, FILE_BYTES_MAX, FILES_MAX, ManagerAct, PartnerAct, WORDS_MAX, limited, words,
};
pub(super) use decide::{Given, assess, manage, next_step, represent, settle};
pub(super) use event::{Declared, Found, Met, PartnerEvent, Service};
pub(super) use life::Life;
pub(super) use programmes::{Ask, Marks, Published, asked, programme, programmes};
pub(super) use state::Partner;
