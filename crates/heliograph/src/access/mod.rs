//! Accounts, sessions, API tokens, the viewer behind a request, and the one authorisation point.

mod guard;
mod permission;
mod policy;
mod reads;
mod rules;
mod secrets;
mod store;
mod viewer;

pub(crate) mod api;
pub(crate) mod pages;

#[cfg(test)]
mod tests;

pub(crate) use guard::{Asking, Door, Remote, Route, SESSION, cookie, set_cookie};
pub(crate) use permission::Permission;
pub(crate) use policy::{Matter, Policies, Resource};
pub(crate) use reads::{
    Narrowed, READ_VIEW, Read, Which as WhichReads, last_visit, note_read, open, read_counts, readers, reads,
    sees_all_reads,
};
pub(crate) use rules::Role;
#[cfg(test)]
pub(crate) use secrets::totp_code;
pub(crate) use secrets::{Secret, base32, next_code};
pub(crate) use store::{
    Credential, Limit, NewAccount, NewToken, Token, account_names, add_account, all_tokens, claim_session,
    confirm_factor, count_attempt, create_account, credentials, holders, invite, is_person, make_token,
    offer_factor, person_names, person_of, persons, reset_factor, revoke_token, sweep, viewer_of,
};
#[cfg(test)]
pub(crate) use store::{NewPassword, sign_up};
pub(crate) use viewer::{Person, Viewer};

use crate::ledger::View;

/// Accounts follow the journal; credentials, sessions and tokens do not (see ARCHITECTURE.md).
pub(crate) const VIEW: View =
    View { tables: &["accounts"], apply: store::apply, settle: View::NOTHING_TO_SETTLE };
