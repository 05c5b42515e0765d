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

/// The faults that wait, and what was heard by whoever listens; empty in ordinary use.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: Mutex<Vec<Fault>>,
    heard: Mutex<Option<Vec<String>>>,
}

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        if let Ok(mut waiting) = self.waiting.lock() {
            waiting.push(fault);
        }
    }

    pub(crate) fn forget(&self) -> usize {
        self.waiting.lock().map_or(0, |mut waiting| waiting.drain(..).count())
    }

    pub(crate) fn listen(&self) {
        if let Ok(mut heard) = self.heard.lock() {
            *heard = Some(Vec::new());
        }
    }

    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().ok().and_then(|mut heard| heard.take()).unwrap_or_default()
    }

    /// Takes the first waiting fault that fits this statement.
    pub(crate) fn take(&self, statement: &str) -> Option<Fault> {
        if let Some(heard) = self.heard.lock().ok()?.as_mut() {
            heard.push(statement.to_owned());
        }
        let mut waiting = self.waiting.lock().ok()?;
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
