//! What a partner is, and what may happen to it. Pure.

mod act;
mod calendar;
mod certificate;
mod credit;
mod decide;
mod duties;
mod event;
mod life;
mod matching;
mod programmes;
mod requests;
mod review;
mod state;

#[cfg(test)]
mod tests;

pub(super) use act::{
    Application, ContactPoint, FILE_BYTES_MAX, FILES_MAX, ManagerAct, PartnerAct, WORDS_MAX, limited, words,
};
pub(super) use calendar::{DateKind, dates};
pub(super) use certificate::{Certificate, Issuer, Validity, public_key, token};
pub(super) use credit::{Alerts, Cases, Counted, Finds, Grade, Reach, Role};
pub(super) use decide::{
    Given, assess, certified, grade, manage, may_add_evidence, next_step, represent, reviewed, settle,
};
pub(super) use duties::{Line, NOTICES, WorkReport, business_days};
pub(super) use event::{Declared, Found, PartnerEvent, Verdict};
pub(super) use life::Life;
pub(super) use matching::{Considered, Match, matched, order as order_of_matches};
pub(super) use programmes::{Ask, INITIAL, Marks, Published, asked, programme, programmes};
pub(super) use requests::clock::clock;
pub(super) use requests::deciding::{
    Cleared, Fitness, RequestAct, act as act_on_request, may_accept, may_ask,
};
pub(super) use requests::state::{Asked, RequestEvent, Stage};
pub(super) use requests::words::{OrderText, Purpose, RequestKind};
pub(super) use review::{ANNUAL, answers, forecast, progress, stateable};
pub(super) use state::Partner;
