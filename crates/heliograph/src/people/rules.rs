//! What an organisation is for, and what follows. Pure.

use crate::ledger::{Event, Recorded, State};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// What an organisation does with vulnerabilities, as far as the centre knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mandate {
    /// It mitigates and remediates.
    Defensive,
    /// It uses them against others.
    Offensive,
    /// Nobody has established it.
    #[default]
    Unknown,
}

impl Mandate {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Defensive => "defensive",
            Self::Offensive => "offensive",
            Self::Unknown => "unknown",
        }
    }

    /// ARCHITECTURE, never built 1: nobody of an offensive or unknown mandate receives anything.
    pub(crate) fn may_receive(self) -> bool {
        self == Self::Defensive
    }
}

impl std::str::FromStr for Mandate {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        match text {
            "defensive" => Ok(Self::Defensive),
            "offensive" => Ok(Self::Offensive),
            "unknown" => Ok(Self::Unknown),
            _ => Err(Refusal::invalid("mandate", "One of defensive, offensive, unknown.")),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(crate) enum OrganisationEvent {
    #[serde(rename = "organisation.added")]
    Added { name: String, mandate: Mandate },
}

impl Event for OrganisationEvent {}

/// An organisation as its events say.
#[derive(Debug, Clone, Default)]
pub(crate) struct OrganisationState {
    pub(crate) name: String,
    pub(crate) mandate: Mandate,
}

impl State for OrganisationState {
    type Event = OrganisationEvent;

    fn evolve(&mut self, event: &OrganisationEvent, _: &Recorded) {
        let OrganisationEvent::Added { name, mandate } = event;
        self.name.clone_from(name);
        self.mandate = *mandate;
    }
}

/// Decides a new organisation.
pub(super) fn add(name: &str, mandate: Mandate) -> Result<Vec<OrganisationEvent>, Refusal> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 200 {
        return Err(Refusal::invalid("name", "Between 1 and 200 characters."));
    }
    if name.chars().any(char::is_control) {
        return Err(Refusal::invalid("name", "One line, without control characters."));
    }
    Ok(vec![OrganisationEvent::Added { name: name.to_owned(), mandate }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_defensive_mandate_may_receive() {
        assert!(Mandate::Defensive.may_receive());
        assert!(!Mandate::Offensive.may_receive());
        assert!(!Mandate::Unknown.may_receive());
        assert!(!Mandate::default().may_receive());
    }

    #[test]
    fn names_have_limits() {
        assert!(add(" ", Mandate::Defensive).is_err());
        assert!(add(&"x".repeat(201), Mandate::Defensive).is_err());
        assert!(add("Nord\0wind", Mandate::Defensive).is_err());
        assert!(add("Nordwind GmbH", Mandate::Defensive).is_ok());
    }

    #[test]
    fn old_entries_are_read() {
        crate::testing::old_entries_are_read::<OrganisationState>();
    }
}
