//! Reading on every processor: pieces come from the one thread that reads files, and what became of them
//! goes to the one that writes.

use super::super::entry::{self, Entry, List, Part};
use super::super::pack::Packer;
use super::Bad;
use super::origins::{Known, Origin};
use super::sources::Read;
use jiff::Timestamp;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Documents handed on at once: waking a thread for each costs as much as a tenth of reading it…
const HANDED_PIECES: usize = 32;
/// …unless they come to so many bytes.
const HANDED_BYTES: usize = 512 << 10;

/// What the reading thread hands on.
pub(super) enum Piece {
    Document { file: String, bytes: Vec<u8>, was_named: bool, origin: Option<Origin> },
    Bad(Bad),
    PassedOver(Bad),
}

/// What became of a piece.
pub(super) enum Ready {
    Entry(Box<Entry>, Option<Origin>),
    List(Box<List>),
    Unchanged,
    Bad(Bad),
    PassedOver(Bad),
}

/// Gathers pieces and hands them on together.
pub(super) struct Handing {
    to_workers: SyncSender<Vec<Piece>>,
    pieces: Vec<Piece>,
    bytes: usize,
}

impl Handing {
    pub(super) fn new(to_workers: SyncSender<Vec<Piece>>) -> Self {
        Self { to_workers, pieces: Vec::new(), bytes: 0 }
    }

    /// Whether anybody listens.
    pub(super) fn take(&mut self, piece: Piece) -> bool {
        if let Piece::Document { bytes, .. } = &piece {
            self.bytes += bytes.len();
        }
        self.pieces.push(piece);
        (self.pieces.len() < HANDED_PIECES && self.bytes < HANDED_BYTES) || self.flush()
    }

    pub(super) fn flush(&mut self) -> bool {
        self.bytes = 0;
        self.pieces.is_empty() || self.to_workers.send(std::mem::take(&mut self.pieces)).is_ok()
    }
}

/// What comes from those who read, one by one.
pub(super) struct Arriving {
    batches: Receiver<Vec<Ready>>,
    held: std::vec::IntoIter<Ready>,
}

impl Arriving {
    pub(super) fn new(batches: Receiver<Vec<Ready>>) -> Self {
        Self { batches, held: Vec::new().into_iter() }
    }

    pub(super) fn next(&mut self, patience: Duration) -> Result<Ready, RecvTimeoutError> {
        loop {
            if let Some(ready) = self.held.next() {
                return Ok(ready);
            }
            self.held = self.batches.recv_timeout(patience)?.into_iter();
        }
    }
}

/// What is needed for reading documents.
pub(super) struct Work<'a> {
    pub(super) known: &'a Known,
    pub(super) packer: &'a Packer,
    pub(super) read: &'a Read,
    pub(super) now: Timestamp,
}

impl Work<'_> {
    /// Reads documents until there are no more.
    pub(super) fn all(&self, pieces: &Mutex<Receiver<Vec<Piece>>>, ready: &SyncSender<Vec<Ready>>) {
        loop {
            let batch = pieces.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(batch) = batch else { return };
            let done = batch.into_iter().flat_map(|piece| self.one(piece)).collect();
            if ready.send(done).is_err() {
                return;
            }
        }
    }

    fn one(&self, piece: Piece) -> Vec<Ready> {
        let (file, bytes, was_named, origin) = match piece {
            Piece::Bad(bad) => return vec![Ready::Bad(bad)],
            Piece::PassedOver(other) => return vec![Ready::PassedOver(other)],
            Piece::Document { file, bytes, was_named, origin } => (file, bytes, was_named, origin),
        };
        let hash = entry::hash(&bytes);
        let is_known = |hash: &[u8; 32]| self.known.has(hash, origin.as_ref());
        if is_known(&hash) {
            return vec![Ready::Unchanged];
        }
        // A fault in a reader must cost the one document that shows it, and no other.
        let prepared = catch_unwind(AssertUnwindSafe(|| {
            entry::prepare(&file, &bytes, hash, self.now, self.packer, &is_known)
        }));
        let bad = |bad: entry::Bad| Bad { file: file.clone(), place: bad.place, reason: bad.reason };
        match prepared {
            Err(_) => {
                let reason = "our reader failed on it; please report this with the document".to_owned();
                vec![Ready::Bad(Bad { file, place: "document".to_owned(), reason })]
            }
            // What lies about in a folder need not be a record; what somebody names should be one.
            Ok(Err(other)) if other.is_something_else && !was_named => vec![Ready::PassedOver(bad(other))],
            Ok(Err(error)) => vec![Ready::Bad(bad(error))],
            Ok(Ok(parts)) => {
                if let Some(origin) = &origin {
                    self.read.has_whole_list(origin, &parts);
                }
                let ready = |part| match part {
                    Ok(Part::Record(entry)) => Ready::Entry(entry, origin.clone()),
                    Ok(Part::List(list)) => Ready::List(list),
                    Ok(Part::Known(_)) => Ready::Unchanged,
                    Err(error) => Ready::Bad(bad(error)),
                };
                parts.into_iter().map(ready).collect()
            }
        }
    }
}
