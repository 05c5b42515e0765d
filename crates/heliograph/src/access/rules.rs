//! Accounts: roles and what may not sit in one person. Pure.

use crate::ledger::{Event, Recorded, State};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use vocabulary::{OrganisationId, PersonId};

/// What a person does here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Role {
    Reporter,
    Vendor,
    Partner,
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
        Self::Partner,
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
            Self::Partner => "partner",
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
    /// Without a person: made before persons were registered, and its person is known by the id of
    /// the account.
    #[serde(rename = "account.created")]
    Created {
        roles: Vec<Role>,
        organisation: Option<OrganisationId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
    },
    /// Whose account it is, as an administrator says.
    #[serde(rename = "account.person_set")]
    PersonSet { person: PersonId },
    #[serde(rename = "account.signed_up")]
    SignedUp {},
    #[serde(rename = "account.disabled")]
    Disabled {},
    /// A new link was made, with which a password is set.
    #[serde(rename = "account.link_made")]
    LinkMade {},
    /// A second factor is in force, confirmed with a code.
    #[serde(rename = "account.second_factor_set")]
    SecondFactorSet {},
    /// Somebody else took the second factor away, because its person lost it.
    #[serde(rename = "account.second_factor_reset")]
    SecondFactorReset {},
    #[serde(rename = "account.recovery_code_used")]
    RecoveryCodeUsed {},
    /// Somebody else than its person made a token: by its id, and what it may do.
    #[serde(rename = "account.token_made")]
    TokenMade { token: String, scopes: Vec<String> },
    /// Somebody else than its person revoked a token.
    #[serde(rename = "account.token_revoked")]
    TokenRevoked { token: String },
}

impl Event for AccountEvent {}

/// An account as its events say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) roles: Vec<Role>,
    pub(crate) organisation: Option<OrganisationId>,
    pub(crate) person: Option<PersonId>,
    pub(crate) active: bool,
}

impl State for Account {
    type Event = AccountEvent;

    fn evolve(&mut self, event: &AccountEvent, _: &Recorded) {
        match event {
            AccountEvent::Created { roles, organisation, person } => {
                self.roles.clone_from(roles);
                self.organisation.clone_from(organisation);
                self.person.clone_from(person);
            }
            AccountEvent::PersonSet { person } => self.person = Some(person.clone()),
            AccountEvent::SignedUp {} => self.active = true,
            AccountEvent::Disabled {} => self.active = false,
            AccountEvent::LinkMade {}
            | AccountEvent::SecondFactorSet {}
            | AccountEvent::SecondFactorReset {}
            | AccountEvent::RecoveryCodeUsed {}
            | AccountEvent::TokenMade { .. }
            | AccountEvent::TokenRevoked { .. } => {}
        }
    }
}

/// Decides a new account of a person who has these roles in other accounts already.
pub(super) fn create(
    mut roles: Vec<Role>,
    organisation: Option<OrganisationId>,
    person: PersonId,
    elsewhere: &[Role],
) -> Result<Vec<AccountEvent>, Refusal> {
    roles.sort();
    roles.dedup();
    if roles.is_empty() {
        return Err(Refusal::invalid("role", "An account needs at least one role."));
    }
    let speaks = roles.iter().any(|role| matches!(role, Role::Vendor | Role::Partner));
    if speaks != organisation.is_some() {
        return Err(Refusal::invalid(
            "organisation",
            "An account of a vendor or partner speaks for one organisation, and no other account does.",
        ));
    }
    one_person(&roles, elsewhere).map_err(|reason| Refusal::invalid("role", reason))?;
    Ok(vec![AccountEvent::Created { roles, organisation, person: Some(person) }])
}

/// Decides that an account belongs to a person who has these roles in other accounts.
pub(super) fn belongs_to(
    account: &Account,
    person: &PersonId,
    elsewhere: &[Role],
) -> Result<Vec<AccountEvent>, Refusal> {
    if account.person.as_ref() == Some(person) {
        return Ok(Vec::new());
    }
    one_person(&account.roles, elsewhere).map_err(Refusal::conflict)?;
    Ok(vec![AccountEvent::PersonSet { person: person.clone() }])
}

/// What may not sit in one person, in whichever of its accounts. Disabled accounts count: a new link
/// wakes them.
fn one_person(roles: &[Role], elsewhere: &[Role]) -> Result<(), &'static str> {
    let has = |role| roles.contains(&role) || elsewhere.contains(&role);
    // Whoever gives rights must not be the one who audits them; and who runs the machine is neither the
    // one who says whom to trust with what is on it.
    let apart = [Role::Administrator, Role::SecurityOfficer, Role::Auditor];
    if apart.into_iter().filter(|role| has(*role)).count() > 1 {
        return Err("Administrator, security officer and auditor are three persons: nobody is two of them.");
    }
    // A vendor's person in the coordinator's chair could read its rivals' drafts.
    if (has(Role::Vendor) || has(Role::Partner)) && !roles.iter().chain(elsewhere).all(is_outside) {
        return Err("Who speaks for a vendor or partner has no other role at the centre.");
    }
    Ok(())
}

/// Whether an account with these roles needs a second factor: everyone who has a place at the centre,
/// and where the operator wants it so, `everyone`.
pub(super) fn needs_factor(roles: &[Role], everyone: bool) -> bool {
    everyone || !roles.iter().all(is_outside)
}

/// Whether a role is one of those outside the centre.
fn is_outside(role: &Role) -> bool {
    matches!(role, Role::Reporter | Role::Vendor | Role::Partner)
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

    fn person(number: u8) -> PersonId {
        PersonId::from_random([number; 10])
    }

    fn made(roles: &[Role], organisation: Option<OrganisationId>, elsewhere: &[Role]) -> bool {
        create(roles.to_vec(), organisation, person(1), elsewhere).is_ok()
    }

    #[test]
    fn administrator_and_auditor_never_sit_in_one_person() {
        assert!(!made(&[Role::Administrator, Role::Auditor], None, &[]));
        assert!(!made(&[Role::Administrator], None, &[Role::Auditor]), "nor in two accounts of one person");
        assert!(!made(&[Role::Auditor], None, &[Role::Coordinator, Role::Administrator]));
        assert!(made(&[Role::Administrator], None, &[Role::Coordinator]));
        let auditor = Account { roles: vec![Role::Auditor], person: Some(person(1)), ..Account::default() };
        assert!(belongs_to(&auditor, &person(2), &[Role::Administrator]).is_err());
        assert_eq!(belongs_to(&auditor, &person(2), &[Role::Auditor]).unwrap().len(), 1);
    }

    /// Domain rules S39 and 5.4: the administrator, the security administrator (here: the security officer,
    /// who grants clearances) and the auditor are kept apart by construction.
    #[test]
    fn rule_s39_administrator_security_officer_and_auditor_are_three_persons() {
        let apart = [Role::Administrator, Role::SecurityOfficer, Role::Auditor];
        for one in apart {
            for other in apart.into_iter().filter(|other| *other != one) {
                assert!(!made(&[one, other], None, &[]), "{} {}", one.name(), other.name());
                assert!(
                    !made(&[one], None, &[Role::Coordinator, other]),
                    "nor in two accounts of one person"
                );
                let account = Account { roles: vec![one], person: Some(person(1)), ..Account::default() };
                assert!(belongs_to(&account, &person(2), &[other]).is_err());
            }
            assert!(made(&[one, Role::Coordinator], None, &[]));
        }
    }

    #[test]
    fn a_vendor_speaks_for_one_organisation_and_is_nothing_else() {
        assert!(!made(&[Role::Vendor], None, &[]));
        assert!(!made(&[Role::Coordinator], organisation(), &[]));
        assert!(!made(&[Role::Vendor, Role::Coordinator], organisation(), &[]));
        assert!(!made(&[Role::Vendor], organisation(), &[Role::Coordinator]));
        assert!(!made(&[Role::Coordinator], None, &[Role::Vendor]));
        assert!(made(&[Role::Vendor], organisation(), &[Role::Reporter]));
        assert!(!made(&[Role::Partner], None, &[]));
        assert!(!made(&[Role::Partner], organisation(), &[Role::ProgrammeManager]));
        assert!(made(&[Role::Partner, Role::Vendor], organisation(), &[]));
    }

    #[test]
    fn an_account_without_roles_is_refused() {
        assert!(!made(&[], None, &[]));
    }

    #[test]
    fn an_account_belongs_to_exactly_one_person() {
        let account =
            Account { roles: vec![Role::Coordinator], person: Some(person(1)), ..Account::default() };
        assert_eq!(belongs_to(&account, &person(1), &[]), Ok(Vec::new()), "saying it twice changes nothing");
        let events = belongs_to(&account, &person(2), &[]).unwrap();
        assert_eq!(events, [AccountEvent::PersonSet { person: person(2) }]);
    }

    #[test]
    fn every_role_at_the_centre_needs_a_second_factor() {
        for role in Role::ALL {
            let outside = matches!(role, Role::Reporter | Role::Vendor | Role::Partner);
            assert_eq!(needs_factor(&[*role], false), !outside, "{}", role.name());
            assert!(needs_factor(&[*role], true));
        }
        assert!(needs_factor(&[Role::Reporter, Role::Auditor], false));
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
