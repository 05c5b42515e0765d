//! What the program says no to, in one type: what happened, what was kept, what to do next.
//!
//! Rules return it, handlers pass it on, `web` turns it into a page or `problem+json`. A thing that
//! one may not see is `NotFound`, exactly as a thing that is not there.

use crate::ledger;
use std::borrow::Cow;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// There is no such thing, or not for this viewer.
    #[error("There is nothing here.")]
    NotFound,
    /// Nobody is signed in.
    #[error("Please sign in first.")]
    SignIn,
    /// This session can do nothing before a second factor is set up.
    #[error("Set up your second factor first, at /account/second-factor: your role needs one.")]
    SecondFactor,
    /// The viewer may see this place but not do this.
    #[error("{0}")]
    Forbidden(Cow<'static, str>),
    /// An input is wrong; nothing was changed.
    #[error("{reason}")]
    Invalid {
        /// Which input, as the form or document names it.
        field: Cow<'static, str>,
        /// Why, and what is expected.
        reason: Cow<'static, str>,
    },
    /// The rules or the state of the thing do not allow it; nothing was changed.
    #[error("{0}")]
    Conflict(Cow<'static, str>),
    /// It is no longer what the viewer saw and decided on; nothing was changed.
    #[error("{0}")]
    Changed(Cow<'static, str>),
    /// The request does not say what it was decided on, and here it must; nothing was changed.
    #[error("{0}")]
    Unconditional(&'static str),
    /// The place is there, and takes other methods.
    #[error("This place does not take this method. The header Allow lists those that it takes.")]
    WrongMethod,
    /// The input is larger than the limit that it names.
    #[error("{0}")]
    TooLarge(Cow<'static, str>),
    /// Too many attempts.
    #[error("{limit}. Try again in {seconds} s.")]
    TooMany {
        /// The limit that was reached.
        limit: String,
        seconds: u32,
    },
    /// Not ready yet; the same request will succeed soon.
    #[error("{0}")]
    NotYet(&'static str),
    /// The centre failed. The reason goes to the log, not to the reader.
    #[error("Something failed on our side. What was acknowledged before is safe; please try again.")]
    Internal(String),
}

impl Refusal {
    pub(crate) fn invalid(field: impl Into<Cow<'static, str>>, reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Invalid { field: field.into(), reason: reason.into() }
    }

    pub(crate) fn conflict(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Conflict(reason.into())
    }

    pub(crate) fn changed(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Changed(reason.into())
    }

    pub(crate) fn unconditional(reason: &'static str) -> Self {
        Self::Unconditional(reason)
    }

    pub(crate) fn forbidden(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Forbidden(reason.into())
    }
}

impl From<ledger::Error> for Refusal {
    fn from(error: ledger::Error) -> Self {
        match error {
            ledger::Error::Stale => {
                Self::conflict("Somebody else changed this meanwhile. Reload the page and try again.")
            }
            ledger::Error::Erased => Self::conflict("This was erased and cannot take anything new."),
            ledger::Error::Storage(storage::Error::Busy) => {
                Self::NotYet("The centre is busy. Try again in a moment.")
            }
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<storage::Error> for Refusal {
    fn from(error: storage::Error) -> Self {
        ledger::Error::from(error).into()
    }
}
