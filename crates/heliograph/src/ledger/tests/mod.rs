//! The journal tested on a slice of its own: notes with a name, a count and a sealed text, and the
//! table `organisations` as their view. Everything here runs on both engines.

mod altered;
mod append;
mod crash;
mod faults;
mod golden;
mod keys;
mod log;
mod nodes;
mod random;
mod streams;
mod vault;

use super::event::{Event, Recorded, State};
use super::verify::Outcome;
use super::{Actor, Changed, Error, Item, Keys, Ledger, View, Writer, load, rebuild, unseal, verify};
use crate::app::{Clock, Random};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, mpsc};
use storage::{Database, Engine, Scratch, Tx, Value, params};
use tokio::sync::oneshot;

/// What can happen to a note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(crate) enum NoteEvent {
    #[serde(rename = "note.named")]
    Named { name: String },
    #[serde(rename = "note.written")]
    Written { text: Item },
}

impl Event for NoteEvent {}

/// A note as its events say.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Note {
    names: Vec<String>,
    texts: Vec<Item>,
}

impl State for Note {
    type Event = NoteEvent;

    fn evolve(&mut self, event: &NoteEvent, _: &Recorded) {
        match event {
            NoteEvent::Named { name } => self.names.push(name.clone()),
            NoteEvent::Written { text } => self.texts.push(text.clone()),
        }
    }
}

const VIEWS: &[View] = &[View { tables: &["organisations"], apply, settle }];

fn apply(tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), Error> {
    let Some(id) = recorded.stream.strip_prefix("note/") else { return Ok(()) };
    let NoteEvent::Named { name } = recorded.event()? else { return Ok(()) };
    let sql = "INSERT INTO organisations (id, name, mandate) VALUES ($1, $2, $3)
               ON CONFLICT (id) DO UPDATE SET name = excluded.name, mandate = excluded.mandate";
    tx.execute(sql, params![id, name, format!("version {}", recorded.version)])?;
    Ok(())
}

/// A row for all names of a stream that begins with `all`; the text "never" cannot be shown.
fn settle(tx: &mut Tx<'_>, changed: &Changed) -> Result<(), Error> {
    let Some(id) = changed.stream.strip_prefix("note/all") else { return Ok(()) };
    let names = load::<Note>(tx, changed.stream.clone())?.state.names.join(" ");
    if names.contains("never") {
        return Err(Error::Event("this cannot be shown"));
    }
    let sql = "INSERT INTO organisations (id, name, mandate) VALUES ($1, $2, $3)
               ON CONFLICT (id) DO UPDATE SET name = excluded.name";
    tx.execute(sql, params![format!("settled{id}"), names, "settled"])?;
    Ok(())
}

/// A journal on a fresh database.
struct House {
    ledger: Ledger,
    keys: Arc<Keys>,
    scratch: Scratch,
}

/// When everything here happens.
fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

impl House {
    fn new() -> Self {
        let scratch = Scratch::new().unwrap();
        let random = Random::seeded(7);
        let keys = Arc::new(Keys::open(&scratch.dir().join("keys"), "test.invalid/log", &random).unwrap());
        let ledger = Ledger::start(scratch.clone(), keys.clone(), Clock::simulated(noon()), random, VIEWS);
        Self { ledger, keys, scratch }
    }

    /// Another node: connections and a writer of its own on the same database.
    fn node(&self) -> Ledger {
        let clock = Clock::simulated(noon());
        Ledger::start(reopened(&self.scratch), self.keys.clone(), clock, Random::default(), VIEWS)
    }

    fn db(&self) -> &Database {
        &self.scratch
    }

    fn name(&self, id: &str, name: &str) -> Result<i64, Error> {
        name_on(&self.ledger, id, name)
    }

    fn write(&self, id: &str, compartment: &str, text: &[u8]) -> Item {
        let (id, compartment, text) = (id.to_owned(), compartment.to_owned(), text.to_vec());
        self.ledger.submit_blocking(move |w| write(w, &id, &compartment, &text)).unwrap()
    }

    fn erase(&self, compartment: &str) {
        let compartment = compartment.to_owned();
        self.ledger.submit_blocking(move |w| w.erase(&compartment)).unwrap();
    }

    fn verify(&self) -> Outcome {
        self.scratch.read(|tx| verify(tx, &self.keys, VIEWS)).unwrap()
    }

    /// Verifies that nothing is wrong.
    fn clean(&self) -> Outcome {
        let outcome = self.verify();
        assert_eq!(outcome.findings, []);
        outcome
    }

    fn note(&self, id: &str) -> Note {
        let stream = format!("note/{id}");
        self.scratch.read(|tx| super::load::<Note>(tx, stream)).unwrap().state
    }

    /// The name that the view has.
    fn viewed(&self, id: &str) -> Option<String> {
        let sql = "SELECT name FROM organisations WHERE id = $1";
        let row = self.scratch.read(|tx| tx.query_opt(sql, params![id])).unwrap();
        row.map(|row| row.get(0).unwrap())
    }

    fn open(&self, item: &Item) -> Result<super::Unsealed, Error> {
        self.scratch.read(|tx| unseal(tx, &self.keys, item))
    }

    /// Writes behind the journal's back.
    fn tamper(&self, sql: &str, values: &[Value]) -> u64 {
        self.scratch.write(|tx| tx.execute(sql, values)).unwrap()
    }

    /// Holds the writer until what follows is waiting, so that it all goes into one batch.
    fn gate(&self) -> mpsc::Sender<()> {
        let (open, wait) = mpsc::channel();
        let (running, started) = mpsc::channel();
        let hold = move |_: &mut Writer<'_, '_>| {
            running.send(()).unwrap();
            let _ = wait.recv();
            Ok::<_, Error>(())
        };
        drop(self.ledger.send(hold));
        started.recv().unwrap();
        open
    }
}

fn reopened(scratch: &Scratch) -> Database {
    match scratch.url() {
        Some(url) => Database::postgres(&url).unwrap(),
        None => Database::sqlite(&scratch.dir().join("heliograph.db")).unwrap(),
    }
}

fn name_on(ledger: &Ledger, id: &str, name: &str) -> Result<i64, Error> {
    let (id, name) = (id.to_owned(), name.to_owned());
    ledger.submit_blocking(move |w| name_in(w, &id, &name))
}

fn name_in(w: &mut Writer<'_, '_>, id: &str, name: &str) -> Result<i64, Error> {
    let mut note = w.load::<Note>(format!("note/{id}"))?;
    w.append(&mut note, &Actor::System, vec![NoteEvent::Named { name: name.to_owned() }])
}

fn write(w: &mut Writer<'_, '_>, id: &str, compartment: &str, text: &[u8]) -> Result<Item, Error> {
    let item = w.seal(compartment, text)?;
    let mut note = w.load::<Note>(format!("note/{id}"))?;
    w.append(&mut note, &Actor::System, vec![NoteEvent::Written { text: item.clone() }])?;
    Ok(item)
}

fn answer<T>(waiting: oneshot::Receiver<Result<T, Error>>) -> Result<T, Error> {
    waiting.blocking_recv().unwrap()
}
