//! Accounts, sessions, API tokens, the viewer behind a request, and the one authorisation point.

mod guard;
mod permission;
mod policy;
mod rules;
mod secrets;
mod store;
mod viewer;

pub(crate) mod api;
pub(crate) mod pages;

#[cfg(test)]
mod tests;

pub(crate) use guard::{Route, guard};
pub(crate) use permission::Permission;
pub(crate) use policy::{Policies, Resource};
pub(crate) use rules::Role;
pub(crate) use secrets::{Secret, totp_code};
pub(crate) use store::{
    Credential, account_names, claim_session, create_account, credentials, invite, sign_in, sign_up,
};
pub(crate) use viewer::{Person, Viewer};

use crate::ledger::View;

/// Accounts follow the journal; credentials, sessions and tokens do not (see ARCHITECTURE.md).
pub(crate) const VIEW: View = View { tables: &["accounts"], apply: store::apply };
