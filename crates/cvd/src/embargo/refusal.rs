//! Why a step on an embargo was refused: what happened, and what to do next.

use super::ParticipantId;
use crate::{
    em::EmbargoState,
    interaction::{Bar, EndCause},
};
use jiff::Timestamp;
use vocabulary::for_people;

/// A refused step. The text is written for the person who tried it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Only those in the case take part in its embargo.
    #[error("{0} does not take part in this case; add them to it first")]
    NotAMember(ParticipantId),
    /// The case no longer allows embargoes to be negotiated.
    #[error("no embargo can be negotiated any more: {}. Coordinate publication instead", .0.label())]
    Barred(Bar),
    /// The embargo does not stand as this step needs it.
    #[error("the embargo's state is \"{}\"; {}", .0.label(), .1)]
    WrongState(EmbargoState, &'static str),
    /// An end has to lie in the future.
    #[error("the end, {}, is not in the future; name a later date and time", for_people(*.0, "UTC"))]
    EndNotInFuture(Timestamp),
    /// The total length is limited.
    #[error("this is longer than an embargo may last; the latest possible end is {}", for_people(*.latest, "UTC"))]
    BeyondLimit {
        /// The latest end that is possible.
        latest: Timestamp,
    },
    /// The embargo has run out, although nobody has recorded it.
    #[error("the embargo ended on {} and holds nobody any more", for_people(*.0, "UTC"))]
    EndReached(Timestamp),
    /// A revision has to change something.
    #[error("the embargo already ends on {}; name another date and time", for_people(*.0, "UTC"))]
    SameEnd(Timestamp),
    /// It takes two to agree.
    #[error("these are your own terms; somebody else has to accept them, or you withdraw them")]
    OwnProposal,
    /// There are no such terms on the table.
    #[error("{0} has no terms on the table; look at the proposals again")]
    NoSuchProposal(ParticipantId),
    /// The answer has been given.
    #[error("you have accepted already; nothing more is needed")]
    AlreadyAccepted,
    /// A signature is not declined but left.
    #[error("you have accepted this embargo; to step out of it, leave it")]
    LeaveInstead,
    /// While a revision is open, the revision is what there is to answer.
    #[error("the terms you accepted are still in force; answer the proposed revision instead")]
    AnswerRevision,
    /// Only who holds the embargo decides how it goes on.
    #[error("accept the embargo in force first; after that you can propose and answer revisions")]
    AcceptFirst,
    /// A refusal stands until there is a new invitation.
    #[error("you have declined this embargo; ask to be invited again")]
    DeclinedBefore,
    /// What ends an embargo by rule is recorded as a fact of the case.
    #[error("\"{}\" ends an embargo by itself; record the fact in the case instead", .0.label())]
    EndsByRule(EndCause),
    /// Nothing asks for a decision.
    #[error("no early end has been advised, so there is nothing to decide")]
    NothingToDecide,
    /// The reason is known.
    #[error("this has been recorded before: {}", .0.label())]
    AlreadyAdvised(EndCause),
}
