//! What is appended, and how a stream's state grows from it.

use super::Error;
use super::canonical::{leaf, write};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;
use serde::{Deserialize, Serialize};
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
#[derive(Debug, Clone, PartialEq)]
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
        let mut out = Vec::with_capacity(256);
        out.extend(b"{\"actor\":");
        leaf(&self.actor.to_string(), &mut out);
        out.extend(b",\"at\":");
        leaf(&self.at.to_string(), &mut out);
        out.extend(b",\"body\":");
        write(&self.body, &mut out);
        out.extend(b",\"kind\":");
        leaf(&self.kind, &mut out);
        out.extend(b",\"seq\":");
        leaf(&self.seq, &mut out);
        out.extend(b",\"stream\":");
        leaf(&self.stream, &mut out);
        out.extend(b",\"version\":");
        leaf(&self.version, &mut out);
        out.push(b'}');
        out
    }

    /// Reads canonical bytes back; `None` where they are not an entry.
    pub(crate) fn parse(canonical: &[u8]) -> Option<Self> {
        let written: Written = serde_json::from_slice(canonical).ok()?;
        Some(Self {
            seq: written.seq,
            stream: written.stream,
            version: written.version,
            at: written.at.parse().ok()?,
            actor: Actor::parse(&written.actor)?,
            kind: written.kind,
            body: written.body,
        })
    }

    /// The event as the slice knows it.
    pub(crate) fn event<E: Event>(&self) -> Result<E, Error> {
        // The kind first, so that the body is read where it lies and not put aside until its kind is known.
        let kind = Value::String(self.kind.clone());
        let pairs = [("kind", &kind), ("body", &self.body)];
        let read: Result<E, serde_json::Error> = E::deserialize(MapDeserializer::new(pairs.into_iter()));
        read.map_err(|error| Error::Corrupt { seq: self.seq, reason: error.to_string() })
    }
}

/// An entry as its canonical bytes spell it.
#[derive(Deserialize)]
struct Written {
    actor: String,
    at: String,
    body: Value,
    kind: String,
    seq: i64,
    stream: String,
    version: i64,
}

/// Splits an event into its kind and body.
pub(super) fn parts<E: Event>(event: &E) -> Result<(String, Value), Error> {
    let mut value = serde_json::to_value(event).map_err(|_| Error::Event("it has no JSON form"))?;
    let kind = value.get("kind").and_then(Value::as_str).map(str::to_owned);
    let body = value.get_mut("body").map_or_else(|| serde_json::json!({}), Value::take);
    Ok((kind.ok_or(Error::Event("it has no kind"))?, body))
}
