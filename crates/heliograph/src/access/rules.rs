//! Accounts: roles and what may not sit in one person. Pure.

use crate::ledger::{Event, Recorded, State};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use vocabulary::OrganisationId;

/// What a person does here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Role {
    Reporter,
    Vendor,
    Coordinator,
    ProgrammeManager,
    SecurityOfficer,
    Auditor,
    Administrator,
}

impl Role {
    pub(crate) const ALL: &[Self] = &[
        Self::Reporter,
        Self::Vendor,
        Self::Coordinator,
        Self::ProgrammeManager,
        Self::SecurityOfficer,
        Self::Auditor,
        Self::Administrator,
    ];

    /// Its name in policies, on the command line and in the journal.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Reporter => "reporter",
            Self::Vendor => "vendor",
            Self::Coordinator => "coordinator",
            Self::ProgrammeManager => "programme-manager",
            Self::SecurityOfficer => "security-officer",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let found = Self::ALL.iter().find(|role| role.name() == text.trim().to_lowercase());
        found.copied().ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|role| role.name()).collect();
            Refusal::invalid("role", format!("Unknown role; choose one of {}.", names.join(", ")))
        })
    }
}

/// What happens to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(crate) enum AccountEvent {
    #[serde(rename = "account.created")]
    Created { roles: Vec<Role>, organisation: Option<OrganisationId> },
    #[serde(rename = "account.signed_up")]
    SignedUp {},
    #[serde(rename = "account.disabled")]
    Disabled {},
}

impl Event for AccountEvent {}

/// An account as its events say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) roles: Vec<Role>,
    pub(crate) organisation: Option<OrganisationId>,
    pub(crate) active: bool,
}

impl State for Account {
    type Event = AccountEvent;

    fn evolve(&mut self, event: &AccountEvent, _: &Recorded) {
        match event {
            AccountEvent::Created { roles, organisation } => {
                self.roles.clone_from(roles);
                self.organisation.clone_from(organisation);
            }
            AccountEvent::SignedUp {} => self.active = true,
            AccountEvent::Disabled {} => self.active = false,
        }
    }
}

/// Decides a new account.
pub(super) fn create(
    mut roles: Vec<Role>,
    organisation: Option<OrganisationId>,
) -> Result<Vec<AccountEvent>, Refusal> {
    roles.sort();
    roles.dedup();
    if roles.is_empty() {
        return Err(Refusal::invalid("role", "An account needs at least one role."));
    }
    // Whoever gives rights must not be the one who audits them.
    if roles.contains(&Role::Administrator) && roles.contains(&Role::Auditor) {
        return Err(Refusal::invalid("role", "Administrator and auditor never sit in one person."));
    }
    if roles.contains(&Role::Vendor) != organisation.is_some() {
        return Err(Refusal::invalid(
            "organisation",
            "A vendor account speaks for one organisation, and no other account does.",
        ));
    }
    // A vendor's person in the coordinator's chair could read its rivals' drafts.
    if roles.contains(&Role::Vendor) && roles.len() > 1 && roles != [Role::Reporter, Role::Vendor] {
        return Err(Refusal::invalid("role", "A vendor's account has no other role at the centre."));
    }
    Ok(vec![AccountEvent::Created { roles, organisation }])
}

/// A password that an account may have. Length counts; recipes of character kinds do not.
pub(super) fn password(text: &str) -> Result<(), Refusal> {
    match text.chars().count() {
        0..12 => Err(Refusal::invalid("password", "At least 12 characters, please; a sentence is fine.")),
        12..=200 => Ok(()),
        _ => Err(Refusal::invalid("password", "At most 200 characters.")),
    }
}

/// A login: what is typed, in one spelling.
pub(super) fn login(text: &str) -> Result<String, Refusal> {
    let login = text.trim().to_lowercase();
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".-_@+".contains(c);
    if (2..=100).contains(&login.len()) && login.chars().all(allowed) {
        return Ok(login);
    }
    Err(Refusal::invalid("login", "2 to 100 letters, digits or . - _ @ +"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organisation() -> Option<OrganisationId> {
        Some(OrganisationId::from_random([1; 10]))
    }

    #[test]
    fn administrator_and_auditor_never_sit_in_one_person() {
        assert!(create(vec![Role::Administrator, Role::Auditor], None).is_err());
        assert!(create(vec![Role::Administrator, Role::Coordinator], None).is_ok());
    }

    #[test]
    fn a_vendor_speaks_for_one_organisation_and_is_nothing_else() {
        assert!(create(vec![Role::Vendor], None).is_err());
        assert!(create(vec![Role::Coordinator], organisation()).is_err());
        assert!(create(vec![Role::Vendor, Role::Coordinator], organisation()).is_err());
        assert!(create(vec![Role::Vendor], organisation()).is_ok());
    }

    #[test]
    fn an_account_without_roles_is_refused() {
        assert!(create(vec![], None).is_err());
    }

    #[test]
    fn passwords_and_logins_name_their_limits() {
        assert!(password("short").is_err());
        assert!(password("a long enough sentence").is_ok());
        assert!(password(&"x".repeat(201)).is_err());
        assert_eq!(login("  M.Keller@example.org ").unwrap(), "m.keller@example.org");
        for bad in ["", "a", "two words", "ä@x", &"x".repeat(101)] {
            assert!(login(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn roles_are_read_by_name() {
        for role in Role::ALL {
            assert_eq!(role.name().parse::<Role>().unwrap(), *role);
        }
        assert!("king".parse::<Role>().is_err());
    }

    #[test]
    fn old_entries_are_read() {
        crate::testing::old_entries_are_read::<Account>();
    }
}
