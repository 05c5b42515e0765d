//! Sign in and out, invitations, one's own account, and the accounts of others.

mod account;
mod accounts;
mod sign_in;

pub(crate) use account::{account, create_token, revoke_token, set_up_totp};
pub(crate) use accounts::{accounts, change_account, create_account, set_person};
pub(crate) use sign_in::{accept_invite, invite_form, login, login_form, logout};

use super::Role;

pub(super) fn roles(roles: &[Role]) -> String {
    roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ")
}
