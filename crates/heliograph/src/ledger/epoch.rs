//! Epochs: the stretches of the log between restores.
//!
//! A restore forks the log: what came after the backup is lost, and other entries take the same numbers.
//! Nobody can hide that from those who hold a checkpoint of what was lost, and nobody should. So the first
//! entry after a restore says that a new epoch begins, and quotes the last checkpoint that was published
//! before it. Verifiers name the break by it.

use super::{Actor, Error, Event, Recorded, State, Writer, events_of, receipt};
use jiff::{Timestamp, tz::TimeZone};
use merkle::VerifierKey;
use serde::{Deserialize, Serialize};
use storage::{Tx, params};

/// The log's word on itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(super) enum LogEvent {
    /// The centre was restored from a backup that ended here.
    #[serde(rename = "log.epoch_opened")]
    EpochOpened {
        /// Its number; the log began with epoch 1.
        epoch: i64,
        /// The last checkpoint that was published before, signed, as far as the operator knows.
        last_checkpoint: Option<String>,
        /// The highest number that may have been given out before, in the year of this entry.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        numbers_until: Option<i64>,
    },
}

impl Event for LogEvent {}

/// The log as its own stream knows it.
pub(super) struct Log {
    epoch: i64,
}

impl Default for Log {
    fn default() -> Self {
        Self { epoch: 1 }
    }
}

impl State for Log {
    type Event = LogEvent;

    fn evolve(&mut self, event: &LogEvent, _: &Recorded) {
        let LogEvent::EpochOpened { epoch, .. } = event;
        self.epoch = *epoch;
    }
}

const STREAM: &str = "log";

/// Opens the next epoch with the entry that this appends. `numbers_until`: which numbers of reports,
/// cases and drills of this year may have been given to somebody whose entry is lost.
pub(crate) fn open_epoch(
    w: &mut Writer<'_, '_>,
    last_checkpoint: Option<String>,
    numbers_until: Option<i64>,
) -> Result<i64, Error> {
    let mut log = w.load::<Log>(STREAM.to_owned())?;
    let epoch = log.state.epoch + 1;
    let opened = LogEvent::EpochOpened { epoch, last_checkpoint, numbers_until };
    w.append(&mut log, &Actor::System, vec![opened])
}

/// The number that follows `last`, the last one of a year on the record. A restore loses entries, and
/// people hold the numbers that stood in them: those are never given again.
pub(crate) fn next_number(tx: &mut Tx<'_>, year: i16, last: i64) -> Result<i64, Error> {
    let mut highest = last;
    for opened in events_of(tx, STREAM)? {
        let LogEvent::EpochOpened { numbers_until, .. } = opened.event()?;
        let of_this_year = opened.at.to_zoned_datetime(TimeZone::UTC).year() == year;
        highest = highest.max(numbers_until.filter(|_| of_this_year).unwrap_or(0));
    }
    Ok(highest + 1)
}

/// When the newest epoch was opened; `None` where the log was never restored.
pub(crate) fn epoch_opened_at(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, Error> {
    Ok(events_of(tx, STREAM)?.last().map(|opened| opened.at))
}

/// Where a restore broke an epoch off and began the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Break {
    /// The epoch that begins here.
    pub(crate) epoch: i64,
    /// Its first entry.
    pub(crate) entry: u64,
    /// How many entries the last checkpoint before it was over; 0 where none is known.
    pub(crate) published: u64,
}

impl Break {
    /// What an entry says of a break; `None` where it speaks of something else, and a reason where
    /// what it quotes was never signed by this log.
    pub(crate) fn said_by(entry: &Recorded, key: &VerifierKey) -> Option<Result<Self, merkle::Error>> {
        if entry.stream != STREAM {
            return None;
        }
        let LogEvent::EpochOpened { epoch, last_checkpoint, .. } = entry.event().ok()?;
        let published = last_checkpoint.map_or(Ok(0), |note| Ok(merkle::open(&note, key)?.size()));
        Some(published.map(|published| Self { epoch, entry: entry.seq.cast_unsigned(), published }))
    }

    /// Whether a checkpoint of so many entries was signed in the epoch that was broken off, over
    /// entries that are lost.
    pub(crate) fn lost(&self, size: u64) -> bool {
        self.entry < size && size <= self.published
    }

    /// The break for whoever holds a checkpoint over lost entries.
    pub(crate) fn reason(&self) -> String {
        format!("it is of epoch {}, which a restore broke off at entry {}", self.epoch - 1, self.entry)
    }

    /// The break in a sentence.
    pub(crate) fn words(&self) -> String {
        let lost = match self.published.saturating_sub(self.entry) {
            0 => "the last checkpoint known to be published before it is kept whole".to_owned(),
            1 => format!("entry {} of the epoch before is lost", self.entry),
            _ => format!("entries {} to {} of the epoch before are lost", self.entry, self.published - 1),
        };
        format!("Epoch {} begins with entry {}, after a restore: {lost}.\n", self.epoch, self.entry)
    }
}

/// The receipt of the entry that opened an epoch, for everyone: a break is no secret. `None` where there
/// is no such epoch, or no checkpoint over its first entry yet.
pub(crate) fn opening(tx: &mut Tx<'_>, epoch: i64) -> Result<Option<String>, Error> {
    // The log began with epoch 1, so the first event of its stream opened the second.
    let sql = "SELECT seq FROM events WHERE stream = $1 AND version = $2";
    let row = tx.query_opt(sql, params![STREAM, epoch - 1])?;
    row.map_or(Ok(None), |row| receipt(tx, row.get(0)?))
}
