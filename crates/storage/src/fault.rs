//! Faults on purpose. Each write of the program is tested failing twice: not kept, and kept although
//! the database said no.

use crate::error::Error;
use std::sync::Mutex;

/// One failure to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `"COMMIT"`, or a piece of the statement's text such as `INSERT INTO events`.
    pub at: String,
    /// Whether the write happens before the failure is reported.
    pub kept: bool,
}

/// The faults that wait; empty in ordinary use.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        if let Ok(mut waiting) = self.0.lock() {
            waiting.push(fault);
        }
    }

    /// Takes the first waiting fault that fits this statement.
    pub(crate) fn take(&self, statement: &str) -> Option<Fault> {
        let mut waiting = self.0.lock().ok()?;
        let place = waiting.iter().position(|fault| statement.contains(&fault.at))?;
        Some(waiting.remove(place))
    }
}

pub(crate) fn error(fault: &Fault) -> Error {
    match fault.at.as_str() {
        "COMMIT" => Error::CommitUnknown("injected fault".into()),
        _ => Error::CannotWrite("injected fault".into()),
    }
}
