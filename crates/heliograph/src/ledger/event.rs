//! What is appended, and how a stream's state grows from it.

use super::Error;
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::fmt;
use vocabulary::{AccountId, ReportId};

/// An event of a slice: a serde enum tagged `kind` and `body`, such as
/// `{"kind": "report.received", "body": {…}}`.
pub(crate) trait Event: Serialize + DeserializeOwned {}

/// State that is a fold over a stream's events.
pub(crate) trait State: Default {
    type Event: Event;

    /// Takes one event in. It must accept every event that was ever appended.
    fn evolve(&mut self, event: &Self::Event, recorded: &Recorded);
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Actor {
    /// A person with an account.
    Account(AccountId),
    /// The reporter of a report, who may be anonymous.
    Reporter(ReportId),
    /// The centre's own rules: an embargo that ran out, the first start.
    System,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(id) => write!(f, "account/{id}"),
            Self::Reporter(id) => write!(f, "reporter/{id}"),
            Self::System => f.write_str("system"),
        }
    }
}

impl Actor {
    fn parse(text: &str) -> Option<Self> {
        match text.split_once('/') {
            Some(("account", id)) => id.parse().ok().map(Self::Account),
            Some(("reporter", id)) => id.parse().ok().map(Self::Reporter),
            None if text == "system" => Some(Self::System),
            _ => None,
        }
    }
}

/// One entry of the journal.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    /// Its place in the one global order, from 0: also its index in the tree.
    pub(crate) seq: i64,
    /// The stream it belongs to, such as `case/HEL-2026-000123`.
    pub(crate) stream: String,
    /// Its place in the stream, from 1.
    pub(crate) version: i64,
    /// When it was appended.
    pub(crate) at: Timestamp,
    /// Who did it.
    pub(crate) actor: Actor,
    /// What happened, such as `report.received`.
    pub(crate) kind: String,
    /// The rest, as the slice wrote it.
    pub(crate) body: Value,
}

impl Recorded {
    /// The canonical bytes: what is hashed, stored and handed out with a receipt.
    pub(crate) fn canonical(&self) -> Vec<u8> {
        super::canonical(&serde_json::json!({
            "actor": self.actor.to_string(),
            "at": self.at.to_string(),
            "body": self.body,
            "kind": self.kind,
            "seq": self.seq,
            "stream": self.stream,
            "version": self.version,
        }))
    }

    /// Reads canonical bytes back; `None` where they are not an entry.
    pub(crate) fn parse(canonical: &[u8]) -> Option<Self> {
        let mut value: Value = serde_json::from_slice(canonical).ok()?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let number = |name: &str| value.get(name).and_then(Value::as_i64);
        Some(Self {
            seq: number("seq")?,
            stream: text("stream")?,
            version: number("version")?,
            at: text("at")?.parse().ok()?,
            actor: Actor::parse(&text("actor")?)?,
            kind: text("kind")?,
            body: value.get_mut("body")?.take(),
        })
    }

    /// The event as the slice knows it.
    pub(crate) fn event<E: Event>(&self) -> Result<E, Error> {
        let value = serde_json::json!({ "kind": self.kind, "body": self.body });
        serde_json::from_value(value)
            .map_err(|error| Error::Corrupt { seq: self.seq, reason: error.to_string() })
    }
}

/// Splits an event into its kind and body.
pub(super) fn parts<E: Event>(event: &E) -> Result<(String, Value), Error> {
    let mut value = serde_json::to_value(event).map_err(|_| Error::Event("it has no JSON form"))?;
    let kind = value.get("kind").and_then(Value::as_str).map(str::to_owned);
    let body = value.get_mut("body").map_or_else(|| serde_json::json!({}), Value::take);
    Ok((kind.ok_or(Error::Event("it has no kind"))?, body))
}
