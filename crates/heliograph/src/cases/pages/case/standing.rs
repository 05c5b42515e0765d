//! Where each vendor of a case stands, in one word: silence is no answer, and least of all "not
//! affected".

use crate::cases::rules::{Affectedness, Statement, Vendor};
use crate::web::Tone;

/// Where a vendor stands, the one that needs a look first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Standing {
    /// Invited, and nothing was ever heard of it.
    Silent,
    /// It did something, but has stated nothing.
    Unanswered,
    /// It states that versions are affected.
    Affected,
    /// It is still looking, by its own word.
    Investigating,
    /// It stated something in words, about no product.
    InWords,
    /// What it had is fixed.
    Fixed,
    /// It states that nothing of its own is affected.
    NotAffected,
    /// It left the case.
    Left,
}

impl Standing {
    pub(super) const ALL: [Self; 8] = [
        Self::Silent,
        Self::Unanswered,
        Self::Affected,
        Self::Investigating,
        Self::InWords,
        Self::Fixed,
        Self::NotAffected,
        Self::Left,
    ];

    pub(super) fn of(vendor: &Vendor, statement: Option<&Statement>) -> Self {
        if vendor.left {
            return Self::Left;
        }
        let Some(statement) = statement else {
            return if vendor.last_heard.is_some() { Self::Unanswered } else { Self::Silent };
        };
        let says = |wanted| statement.products.iter().any(|row| row.status == wanted);
        match () {
            () if says(Affectedness::Affected) => Self::Affected,
            () if says(Affectedness::UnderInvestigation) => Self::Investigating,
            () if says(Affectedness::Fixed) => Self::Fixed,
            () if says(Affectedness::NotAffected) => Self::NotAffected,
            () => Self::InWords,
        }
    }

    /// As an address names it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Unanswered => "unanswered",
            Self::Affected => "affected",
            Self::Investigating => "investigating",
            Self::InWords => "in-words",
            Self::Fixed => "fixed",
            Self::NotAffected => "not-affected",
            Self::Left => "left",
        }
    }

    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.name() == name)
    }

    /// As people read it.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Unanswered => "no answer yet",
            Self::Affected => "affected",
            Self::Investigating => "being looked into",
            Self::InWords => "a statement in words",
            Self::Fixed => "fixed",
            Self::NotAffected => "not affected",
            Self::Left => "left",
        }
    }

    pub(super) fn tone(self) -> Tone {
        match self {
            Self::Silent => Tone::Late,
            Self::Unanswered | Self::Affected | Self::Investigating => Tone::Soon,
            Self::Fixed | Self::NotAffected => Tone::Calm,
            Self::InWords | Self::Left => Tone::Idle,
        }
    }

    /// Whether the vendor has answered the question that it was asked.
    pub(super) fn is_answer(self) -> bool {
        !matches!(self, Self::Silent | Self::Unanswered | Self::Left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::rules::ProductStatus;
    use cvd::cs::VendorFix;
    use cvd::rm::ReportState;
    use jiff::Timestamp;

    fn vendor(is_heard: bool, left: bool) -> Vendor {
        Vendor {
            rm: ReportState::Start,
            fix: VendorFix::Unaware,
            invited: Timestamp::UNIX_EPOCH,
            told: None,
            left,
            statement: None,
            last_heard: is_heard.then_some(Timestamp::UNIX_EPOCH),
        }
    }

    fn statement(states: &[Affectedness]) -> Statement {
        let row = |status: &Affectedness| ProductStatus {
            product: "Lamp".into(),
            from: String::new(),
            before: String::new(),
            status: *status,
        };
        Statement { products: states.iter().map(row).collect(), text: "Words.".into() }
    }

    /// CERT/CC's VINCE, issue 140: a vendor that said nothing must not look like one that is not affected.
    #[test]
    fn silence_is_not_the_same_as_not_affected() {
        assert_eq!(Standing::of(&vendor(false, false), None), Standing::Silent);
        assert_eq!(Standing::of(&vendor(true, false), None), Standing::Unanswered);
        let not = statement(&[Affectedness::NotAffected]);
        assert_eq!(Standing::of(&vendor(true, false), Some(&not)), Standing::NotAffected);
        assert!(!Standing::Silent.is_answer() && !Standing::Unanswered.is_answer());
        assert_ne!(Standing::Silent.label(), Standing::NotAffected.label());
        assert_ne!(Standing::Silent.tone(), Standing::NotAffected.tone());
    }

    #[test]
    fn one_affected_product_makes_a_vendor_affected() {
        use Affectedness::{Affected, Fixed, NotAffected, UnderInvestigation};
        for (states, standing) in [
            (&[NotAffected, Affected, Fixed][..], Standing::Affected),
            (&[NotAffected, UnderInvestigation], Standing::Investigating),
            (&[NotAffected, Fixed], Standing::Fixed),
            (&[], Standing::InWords),
        ] {
            assert_eq!(Standing::of(&vendor(true, false), Some(&statement(states))), standing, "{states:?}");
        }
        let said = statement(&[Affected]);
        assert_eq!(Standing::of(&vendor(true, true), Some(&said)), Standing::Left);
    }

    #[test]
    fn every_standing_has_a_name_in_addresses() {
        for standing in Standing::ALL {
            assert_eq!(Standing::of_name(standing.name()), Some(standing));
        }
        assert!(Standing::ALL.is_sorted());
        assert_eq!(Standing::of_name("anything"), None);
    }
}
