//! Requests to partners: what may be asked, what becomes of it, by when. Pure.
//!
//! ARCHITECTURE, never built 1 and 5: nobody of an offensive or unknown mandate is asked, exploitation
//! cannot be asked for, and declining costs nothing.

pub(super) mod clock;
pub(super) mod deciding;
pub(super) mod state;
pub(super) mod words;
