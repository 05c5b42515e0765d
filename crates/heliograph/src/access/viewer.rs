//! Who is looking. Every read of non-public data takes a `&Viewer`.

use super::{Permission, Role};
use crate::ledger::Actor;
use crate::refusal::Refusal;
use vocabulary::{AccountId, OrganisationId, ReportId};

/// The person or program behind a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Viewer {
    /// Nobody known.
    Anonymous,
    /// Whoever entered a report's claim code.
    Reporter(ReportId),
    /// A person with an account.
    Account(Person),
}

/// An account as a viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) id: AccountId,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) roles: Vec<Role>,
    pub(crate) organisation: Option<OrganisationId>,
    /// The account needs a second factor and this session was opened without one: it can only set
    /// one up.
    pub(crate) lacks_factor: bool,
    /// For a program with an API token: what the token is good for. A person has no such bound.
    pub(crate) scopes: Option<Vec<Permission>>,
}

impl Viewer {
    /// The account, or a request to sign in.
    pub(crate) fn person(&self) -> Result<&Person, Refusal> {
        match self {
            Self::Account(person) => Ok(person),
            _ => Err(Refusal::SignIn),
        }
    }

    /// The person behind a token, without its bounds: what it is good for was asked at the door, and whose
    /// things are looked at there depends on who the person is.
    pub(crate) fn unbound(&self) -> Self {
        match self {
            Self::Account(person) => Self::Account(Person { scopes: None, ..person.clone() }),
            other => other.clone(),
        }
    }

    /// The organisation for which the viewer speaks.
    pub(crate) fn organisation(&self) -> Option<&OrganisationId> {
        match self {
            Self::Account(person) => person.organisation.as_ref(),
            _ => None,
        }
    }

    /// How the journal names this viewer.
    pub(crate) fn actor(&self) -> Result<Actor, Refusal> {
        match self {
            Self::Anonymous => Err(Refusal::SignIn),
            Self::Reporter(report) => Ok(Actor::Reporter(report.clone())),
            Self::Account(person) => Ok(Actor::Account(person.id.clone())),
        }
    }

    /// The role in which others see this viewer's reads.
    pub(crate) fn role_word(&self) -> &'static str {
        match self {
            Self::Anonymous => "public",
            Self::Reporter(_) => "reporter",
            Self::Account(person) => person.roles.first().map_or("account", |role| role.name()),
        }
    }
}
