//! A command's hold on the journal while it runs; `batch` is the thread that runs commands.

pub(super) mod batch;

use super::canonical::has_fraction;
use super::event::{Recorded, parts};
use super::read;
use super::vault::{self, Compartment, Item, Unsealed, VaultEvent};
use super::views::Unsettled;
use super::{Actor, Error, Keys, Loaded, State, View};
use crate::app::Random;
use jiff::Timestamp;
use merkle::Frontier;
use storage::{Tx, params};

/// A command's hold on the journal while it runs.
pub(crate) struct Writer<'a, 'b> {
    tx: &'a mut Tx<'b>,
    frontier: Frontier,
    keys: &'a Keys,
    random: &'a Random,
    now: Timestamp,
    views: &'static [View],
    /// What the views have yet to follow.
    unsettled: Unsettled,
    /// The first write of the journal or the vault that failed here. The command cannot succeed any
    /// more, whatever it makes of the error: half an entry must never be committed.
    failed: Option<Error>,
}

impl<'b> Writer<'_, 'b> {
    /// The batch's instant: the only "now" that a command knows.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Bytes from chance.
    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        self.random.bytes()
    }

    pub(crate) fn keys(&self) -> &Keys {
        self.keys
    }

    /// The tables, with every view up to date.
    pub(crate) fn tx(&mut self) -> &mut Tx<'b> {
        // A failure is remembered: whatever is read now, the command cannot succeed any more.
        self.settle().ok();
        self.tx
    }

    fn settle(&mut self) -> Result<(), Error> {
        self.all_or_nothing(|writer| writer.unsettled.settle(writer.tx, writer.views))
    }

    /// Folds a stream.
    pub(crate) fn load<S: State>(&mut self, stream: String) -> Result<Loaded<S>, Error> {
        read::load(self.tx, stream)
    }

    /// Finds the end of a stream whose state nobody needs, without reading it.
    pub(crate) fn load_end<S: State>(&mut self, stream: String) -> Result<Loaded<S>, Error> {
        let sql = "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM events WHERE stream = $1";
        let version = self.tx.query_one(sql, params![&stream])?.get(0)?;
        Ok(Loaded { stream, version, state: S::default() })
    }

    /// Appends events to a stream that was loaded in this command, and lets the views follow.
    /// Returns the sequence number of the last one.
    pub(crate) fn append<S: State>(
        &mut self,
        stream: &mut Loaded<S>,
        actor: &Actor,
        events: Vec<S::Event>,
    ) -> Result<i64, Error> {
        self.all_or_nothing(|writer| {
            let mut last = -1;
            for event in events {
                last = writer.append_one(stream, actor, &event)?;
            }
            Ok(last)
        })
    }

    fn append_one<S: State>(
        &mut self,
        stream: &mut Loaded<S>,
        actor: &Actor,
        event: &S::Event,
    ) -> Result<i64, Error> {
        let (kind, body) = parts(event)?;
        let recorded = Recorded {
            seq: self.frontier.size().cast_signed(),
            stream: stream.stream.clone(),
            version: stream.version + 1,
            at: self.now,
            actor: actor.clone(),
            kind,
            body,
        };
        // The state grows from what will be read back, and what cannot be read back is not written.
        let read_back: S::Event = recorded.event().map_err(|_| Error::Event("it does not read back"))?;
        self.store(&recorded)?;
        for view in self.views {
            (view.apply)(self.tx, &recorded)?;
        }
        self.unsettled.note(&recorded);
        stream.state.evolve(&read_back, &recorded);
        stream.version = recorded.version;
        Ok(recorded.seq)
    }

    fn store(&mut self, recorded: &Recorded) -> Result<(), Error> {
        let canonical = recorded.canonical();
        if has_fraction(&recorded.body) {
            return Err(Error::Event("it holds a number with a fraction"));
        }
        if Recorded::parse(&canonical).as_ref() != Some(recorded) {
            return Err(Error::Event("its bytes do not read back; it may be nested too deep"));
        }
        let salt: [u8; 32] = self.random();
        let commitment = merkle::commitment(&salt, &canonical);
        let sql = "INSERT INTO events (seq, stream, version, kind, canonical, salt, commitment)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let (seq, version) = (recorded.seq, recorded.version);
        let row = params![seq, &recorded.stream, version, &recorded.kind, canonical, salt, commitment];
        match self.tx.execute(sql, row) {
            Err(storage::Error::Duplicate { .. }) => return Err(Error::Stale),
            other => other?,
        };
        for (level, position, hash) in self.frontier.push(merkle::leaf(&commitment))? {
            let sql = "INSERT INTO tree_nodes (level, position, hash) VALUES ($1, $2, $3)";
            self.tx.execute(sql, params![i64::from(level), position.cast_signed(), hash.0])?;
        }
        Ok(())
    }

    /// Seals bytes into a compartment of the vault (a report or a case), whose key is made at the
    /// first call. The answer stands in the event; the bytes do not.
    pub(crate) fn seal(&mut self, compartment: &str, plaintext: &[u8]) -> Result<Item, Error> {
        self.all_or_nothing(|w| vault::seal(w.tx, w.keys, w.random, compartment, plaintext))
    }

    /// Opens a sealed item. Whoever shows it to a person records the read in the same command.
    pub(crate) fn unseal(&mut self, item: &Item) -> Result<Unsealed, Error> {
        vault::open(self.tx, self.keys, item)
    }

    /// Destroys a compartment's key: what was sealed with it is gone for good. The journal says so
    /// in an entry of its own, so that `verify` can tell an erasure from a theft, and a restored
    /// backup can be made to forget again. Says whether the journal did not know of it yet.
    pub(crate) fn erase(&mut self, compartment: &str) -> Result<bool, Error> {
        let mut stream = self.load::<Compartment>(vault::stream(compartment))?;
        let is_new = !stream.state.erased;
        if is_new {
            self.append(&mut stream, &Actor::System, vec![VaultEvent::Erased {}])?;
        }
        self.all_or_nothing(|writer| vault::erase(writer.tx, compartment))?;
        Ok(is_new)
    }

    /// Whether a compartment's key was destroyed, so that nothing more can be sealed in it.
    pub(crate) fn is_erased(&mut self, compartment: &str) -> Result<bool, Error> {
        Ok(self.load::<Compartment>(vault::stream(compartment))?.state.erased)
    }

    /// Remembers the first failure, after which nothing more is written.
    fn all_or_nothing<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let result = work(self);
        // Sealing after erasure is refused before anything is written, so a command may live with it.
        self.failed = result.as_ref().err().filter(|error| !matches!(error, Error::Erased)).cloned();
        result
    }
}
