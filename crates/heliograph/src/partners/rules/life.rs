//! Where a partner stands, and which steps lead on: one table, tried both ways.

use Life::{
    Active, Admitted, Applied, Assessed, Assessing, Contracted, Ended, Enquiry, Invited, Nothing, Offered,
    Probation, Refused, Suspended,
};

/// Where a partner stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Life {
    /// There is no such partner.
    #[default]
    Nothing,
    /// Somebody asked about the programme.
    Enquiry,
    /// It may apply.
    Invited,
    /// Its application waits for assessors.
    Applied,
    /// Two assessors are at work.
    Assessing,
    /// Both marks are in; a decision is due.
    Assessed,
    /// The decision was yes; a contract is due.
    Admitted,
    /// The decision was no; it may appeal, or apply again.
    Refused,
    /// A contract waits for its signature.
    Offered,
    /// It has signed; its certificate is due.
    Contracted,
    /// A partner in good standing.
    Active,
    /// A partner that has something to mend by a date.
    Probation,
    /// A partner that does no work for now.
    Suspended,
    /// No partner any more.
    Ended,
}

impl Life {
    /// All of them, with the words that lists and filters use.
    pub(crate) const ALL: &[(Self, &'static str)] = &[
        (Nothing, "nothing"),
        (Enquiry, "enquiry"),
        (Invited, "invited"),
        (Applied, "applied"),
        (Assessing, "assessing"),
        (Assessed, "assessed"),
        (Admitted, "admitted"),
        (Refused, "refused"),
        (Offered, "offered"),
        (Contracted, "contracted"),
        (Active, "active"),
        (Probation, "probation"),
        (Suspended, "suspended"),
        (Ended, "ended"),
    ];

    /// The word for it.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(life, _)| *life == self).map_or("nothing", |(_, name)| name)
    }

    /// Whether it is a partner now, of whatever standing.
    pub(crate) fn is_partner(self) -> bool {
        matches!(self, Active | Probation | Suspended)
    }

    /// Where a step leads; `None` where it is not one that can be taken here.
    pub(crate) fn after(self, step: Step) -> Option<Self> {
        if step == Step::End {
            return (!matches!(self, Nothing | Ended)).then_some(Ended);
        }
        MOVES.iter().find(|(from, by, _)| (*from, *by) == (self, step)).map(|(.., to)| *to)
    }
}

/// What moves a partner on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Enquire,
    Invite,
    Apply,
    NameAssessors,
    /// The second of two marks came in.
    Assess,
    Admit,
    Refuse,
    /// An appeal against a refusal was upheld.
    Uphold,
    Offer,
    Sign,
    Activate,
    Warn,
    Suspend,
    Reinstate,
    /// From wherever it is.
    End,
}

/// The allowed moves, ending apart.
pub(super) const MOVES: &[(Life, Step, Life)] = &[
    (Nothing, Step::Enquire, Enquiry),
    // The centre may ask first.
    (Nothing, Step::Invite, Invited),
    (Enquiry, Step::Invite, Invited),
    (Invited, Step::Apply, Applied),
    (Refused, Step::Apply, Applied),
    (Applied, Step::NameAssessors, Assessing),
    // One who does not answer is replaced.
    (Assessing, Step::NameAssessors, Assessing),
    (Assessing, Step::Assess, Assessed),
    (Assessed, Step::Admit, Admitted),
    (Assessed, Step::Refuse, Refused),
    (Refused, Step::Uphold, Admitted),
    // Against a review.
    (Active, Step::Uphold, Active),
    (Probation, Step::Uphold, Active),
    (Suspended, Step::Uphold, Active),
    (Admitted, Step::Offer, Offered),
    (Offered, Step::Offer, Offered),
    (Offered, Step::Sign, Contracted),
    (Contracted, Step::Activate, Active),
    (Active, Step::Warn, Probation),
    (Active, Step::Suspend, Suspended),
    (Probation, Step::Suspend, Suspended),
    (Probation, Step::Reinstate, Active),
    (Suspended, Step::Reinstate, Active),
];
