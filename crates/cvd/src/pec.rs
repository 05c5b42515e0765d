//! Participant embargo consent (PEC): what one participant has said to the embargo's terms.
//!
//! Source: Vultron, "Participant Embargo Consent" (since 2026). The embargo-policy text says that a
//! revision sends signatories back to Invited, the machine says Lapsed. Lapsed is taken, and an
//! invitation may follow: so it stays visible that somebody had agreed to something.

use crate::worded::{instead, step};

worded! {
    /// What a participant has said.
    Consent {
        /// No embargo concerns this participant. It does not mean "has not answered".
        NoEmbargo = "no embargo to answer",
        /// The terms have been offered, and no answer has come.
        Invited = "asked, not answered",
        /// Has accepted the terms.
        Signatory = "has accepted",
        /// Had accepted; the terms are being changed, or were changed, since.
        Lapsed = "to accept anew",
        /// Has turned the terms down, or let the time to answer pass.
        Declined = "has declined",
    }
}

worded! {
    /// What can happen to a consent.
    ConsentMove {
        /// The terms are offered.
        Invite = "ask",
        /// The participant accepts them.
        Accept = "accept",
        /// The participant turns them down.
        Decline = "decline",
        /// The terms are put up for change.
        Revise = "revise",
        /// The embargo is gone.
        Reset = "reset",
    }
}

use Consent::{Declined, Invited, Lapsed, NoEmbargo, Signatory};
use ConsentMove::{Accept, Decline, Invite, Reset, Revise};

/// The whole machine. Accepting and declining need no invitation first: a reporter who submits under
/// a policy consents by submitting, and nobody invited them.
pub const TRANSITIONS: &[(Consent, ConsentMove, Consent)] = &[
    (NoEmbargo, Invite, Invited),
    (Lapsed, Invite, Invited),
    (Declined, Invite, Invited),
    (NoEmbargo, Accept, Signatory),
    (Invited, Accept, Signatory),
    (Lapsed, Accept, Signatory),
    (NoEmbargo, Decline, Declined),
    (Invited, Decline, Declined),
    (Lapsed, Decline, Declined),
    (Signatory, Revise, Lapsed),
    (NoEmbargo, Reset, NoEmbargo),
    (Invited, Reset, NoEmbargo),
    (Signatory, Reset, NoEmbargo),
    (Lapsed, Reset, NoEmbargo),
    (Declined, Reset, NoEmbargo),
];

/// A move that the consent's state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a consent in the state \"{}\" cannot take the step \"{}\"; {}",
    .from.label(), .by.label(), instead(TRANSITIONS, *.from, ConsentMove::label)
)]
pub struct Refused {
    /// The state it is in.
    pub from: Consent,
    /// The move that was tried.
    pub by: ConsentMove,
}

impl Consent {
    /// The consent after this move.
    ///
    /// # Errors
    /// The table has no such transition; a repeated invitation, say, never takes a signature back.
    pub fn apply(self, by: ConsentMove) -> Result<Self, Refused> {
        step(TRANSITIONS, self, by).ok_or(Refused { from: self, by })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vultron PEC: the sources of each trigger and where it leads; everything else is refused.
    #[test]
    fn vultron_pec_every_state_and_move() {
        let table: &[(ConsentMove, &[Consent], Consent)] = &[
            (Invite, &[NoEmbargo, Lapsed, Declined], Invited),
            (Accept, &[NoEmbargo, Invited, Lapsed], Signatory),
            (Decline, &[NoEmbargo, Invited, Lapsed], Declined),
            (Revise, &[Signatory], Lapsed),
            (Reset, Consent::ALL, NoEmbargo),
        ];
        for &from in Consent::ALL {
            for &(by, sources, to) in table {
                let expected = if sources.contains(&from) { Ok(to) } else { Err(Refused { from, by }) };
                assert_eq!(from.apply(by), expected);
            }
        }
        assert_eq!(table.len(), ConsentMove::ALL.len());
    }

    #[test]
    fn a_retry_never_takes_a_signature_back() {
        assert!(Signatory.apply(Invite).is_err());
        assert!(Signatory.apply(Decline).is_err());
        assert!(Lapsed.apply(Revise).is_err(), "a second revision does not lapse again");
    }

    #[test]
    fn a_refusal_says_what_happened_and_what_can_be_done() {
        assert_eq!(
            Declined.apply(Accept).unwrap_err().to_string(),
            "a consent in the state \"has declined\" cannot take the step \"accept\"; possible now: ask, reset"
        );
    }
}
