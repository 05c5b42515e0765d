//! Sign in and out, invitations, one's own account, and the accounts of others.

mod account;
mod accounts;
mod factor;
mod sign_in;

pub(crate) use account::{account, create_token, revoke_token};
pub(crate) use accounts::{accounts, change_account, create_account, set_person};
pub(crate) use factor::{confirm_factor, second_factor, set_up_factor};
pub(crate) use sign_in::{accept_invite, invite_form, login, login_form, logout};

use super::{Person, Role, Viewer};
use crate::refusal::Refusal;

pub(super) fn roles(roles: &[Role]) -> String {
    roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ")
}

/// A token must not make tokens or change passwords: only a signed-in person may.
pub(super) fn own_browser(viewer: &Viewer) -> Result<&Person, Refusal> {
    let person = viewer.person()?;
    if person.scopes.is_some() {
        return Err(Refusal::forbidden("This needs a person who is signed in, not a token."));
    }
    Ok(person)
}
