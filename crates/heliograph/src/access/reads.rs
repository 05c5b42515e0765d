//! The read log: whoever opens sealed material stands in the journal before seeing it.
//!
//! One event for each answer, listing what was opened. Finder and vendor see the reads of their
//! case by role, organisation (as a pseudonym), purpose and time; a reporter's own reads are
//! recorded and shown to nobody but auditors, as "reporter" without more.

use super::{Resource, Viewer};
use crate::app::App;
use crate::ledger::{Actor, Error, Event, Item, Recorded, State, View, Writer};
use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use storage::{Tx, Value, params};
use vocabulary::{OrganisationId, Page};

pub(crate) const READ_VIEW: View = View { tables: &["reads"], apply, settle: View::NOTHING_TO_SETTLE };

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(crate) enum ReadEvent {
    #[serde(rename = "sealed.read")]
    Read { role: String, organisation: Option<OrganisationId>, purpose: String, items: Vec<String> },
}

impl Event for ReadEvent {}

/// Reads need no state: any may follow any.
#[derive(Default)]
struct Reads;

impl State for Reads {
    type Event = ReadEvent;
    fn evolve(&mut self, _: &ReadEvent, _: &Recorded) {}
}

fn apply(tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), Error> {
    let Some(subject) = recorded.stream.strip_prefix("reads/") else { return Ok(()) };
    let ReadEvent::Read { role, organisation, purpose, items } = recorded.event()?;
    let account = match &recorded.actor {
        Actor::Account(id) => Some(id.to_string()),
        Actor::Reporter(_) | Actor::System => None,
    };
    let sql = "INSERT INTO reads (seq, subject, at, account, role, organisation, purpose, items)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let organisation = organisation.map(String::from);
    let row =
        params![recorded.seq, subject, recorded.at, account, role, organisation, purpose, items.len() as i64];
    tx.execute(sql, row)?;
    Ok(())
}

/// What `open` was given: the answer, and what was opened for it.
pub(crate) type Opened<T> = (T, Vec<Item>);

/// Opens sealed material of `subject` for a viewer. The answer leaves after the read is durable.
pub(crate) async fn open<T: Send + 'static>(
    app: &App,
    viewer: &Viewer,
    subject: &str,
    purpose: &'static str,
    work: impl FnOnce(&mut Writer<'_, '_>) -> Result<Opened<T>, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let (viewer, subject) = (viewer.clone(), subject.to_owned());
    app.ledger
        .submit(move |w| {
            let (answer, items) = work(w)?;
            let items: Vec<String> = items.into_iter().map(|item| item.item).collect();
            if !items.is_empty() {
                note_read(w, &viewer, &subject, purpose, items)?;
            }
            Ok(answer)
        })
        .await
}

/// Writes that a viewer is about to see items of a subject.
pub(crate) fn note_read(
    w: &mut Writer<'_, '_>,
    viewer: &Viewer,
    subject: &str,
    purpose: &'static str,
    items: Vec<String>,
) -> Result<(), Refusal> {
    // Reads have a stream of their own: a case that is read often stays quick to load.
    let mut stream = w.load_end::<Reads>(format!("reads/{subject}"))?;
    let event = ReadEvent::Read {
        role: viewer.role_word().to_owned(),
        organisation: viewer.organisation().cloned(),
        purpose: purpose.to_owned(),
        items,
    };
    w.append(&mut stream, &viewer.actor()?, vec![event])?;
    Ok(())
}

/// One read, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) seq: i64,
    pub(crate) subject: String,
    pub(crate) at: Timestamp,
    pub(crate) account: Option<String>,
    pub(crate) role: String,
    pub(crate) organisation: Option<String>,
    pub(crate) purpose: String,
    pub(crate) items: i64,
}

/// Which reads a list shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Which {
    /// Of these subjects; of all where there is none.
    pub(crate) of: Vec<String>,
    /// Those of reporters too, who look at what is their own.
    pub(crate) with_reporters: bool,
    /// Without those of subjects that are shut to the viewer.
    pub(crate) only: Option<Narrowed>,
}

/// A condition on the column of subjects, written for a first placeholder, and its three values.
#[derive(Debug, Clone)]
pub(crate) struct Narrowed {
    pub(crate) condition: fn(&str, usize) -> String,
    pub(crate) values: [Value; 3],
}

impl Which {
    /// The condition, and its values from the first placeholder on.
    fn condition(&self) -> (String, Vec<Value>) {
        let places: Vec<String> = (1..=self.of.len()).map(|number| format!("${number}")).collect();
        let of = match places.as_slice() {
            [] => "1 = 1".to_owned(),
            places => format!("subject IN ({})", places.join(", ")),
        };
        let reporters = if self.with_reporters { "" } else { " AND role <> 'reporter'" };
        let mut values: Vec<Value> = self.of.iter().map(|subject| Value::from(subject.as_str())).collect();
        let mut only = String::new();
        if let Some(narrowed) = &self.only {
            // Who looked at a person's entry is for that person and for those who audit.
            only = format!(
                " AND subject NOT LIKE 'person/%' AND {}",
                (narrowed.condition)("subject", values.len() + 1)
            );
            values.extend(narrowed.values.clone());
        }
        (format!("{of}{reporters}{only}"), values)
    }
}

/// One page of reads, newest first.
pub(crate) fn reads(tx: &mut Tx<'_>, which: &Which, page: Page) -> Result<Vec<Read>, Refusal> {
    let (condition, mut values) = which.condition();
    let (limit, offset) = (values.len() + 1, values.len() + 2);
    let sql = format!(
        "SELECT seq, subject, at, account, role, organisation, purpose, items FROM reads
         WHERE {condition} ORDER BY seq DESC LIMIT ${limit} OFFSET ${offset}"
    );
    values.extend([Value::from(page.limit()), Value::from(page.offset())]);
    let rows = tx.query(&sql, &values)?;
    rows.iter()
        .map(|row| {
            Ok(Read {
                seq: row.get(0)?,
                subject: row.get(1)?,
                at: row.get(2)?,
                account: row.get(3)?,
                role: row.get(4)?,
                organisation: row.get(5)?,
                purpose: row.get(6)?,
                items: row.get(7)?,
            })
        })
        .collect()
}

/// The organisations that read, in the order in which each did so first: the place of one is its
/// pseudonym, the same on every page of the list.
pub(crate) fn readers(tx: &mut Tx<'_>, which: &Which) -> Result<Vec<String>, Refusal> {
    let (condition, values) = which.condition();
    let sql = format!(
        "SELECT organisation, MIN(seq) AS since FROM reads
         WHERE organisation IS NOT NULL AND {condition} GROUP BY organisation ORDER BY since"
    );
    tx.query(&sql, &values)?.iter().map(|row| Ok(row.get(0)?)).collect()
}

/// How many reads there are in all, by the role of the reader.
pub(crate) fn read_counts(tx: &mut Tx<'_>) -> Result<Vec<(String, i64)>, Refusal> {
    let sql = "SELECT role, CAST(COUNT(*) AS BIGINT) FROM reads GROUP BY role ORDER BY role";
    tx.query(sql, &[])?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Reads that follow one another faster than this are one visit.
const VISIT_GAP: SignedDuration = SignedDuration::from_mins(30);

/// Reads that are looked through for the visit before.
const VISIT_READS: i64 = 500;

/// When a viewer last read a subject for a purpose, before the visit that goes on now; `None` on the
/// first one. It comes from the read log, so it says what was shown and not what was clicked. A
/// reporter is known as the subject's only one; where there are more, do not ask.
pub(crate) fn last_visit(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    subject: &str,
    purpose: &str,
    now: Timestamp,
) -> Result<Option<Timestamp>, Refusal> {
    let account = match viewer {
        Viewer::Account(person) => person.id.to_string(),
        Viewer::Reporter(_) => String::new(),
        Viewer::Anonymous => return Ok(None),
    };
    let sql = "SELECT at FROM reads WHERE subject = $1 AND purpose = $2
                   AND (account = $3 OR $3 = '' AND account IS NULL AND role = 'reporter')
               ORDER BY seq DESC LIMIT $4";
    let rows = tx.query(sql, params![subject, purpose, account, VISIT_READS])?;
    let read = rows.iter().map(|row| row.get(0)).collect::<Result<Vec<Timestamp>, _>>()?;
    Ok(visit_before(now, &read))
}

/// The last of the reads, newest first, that is not of the visit that goes on now.
fn visit_before(now: Timestamp, reads: &[Timestamp]) -> Option<Timestamp> {
    let after = std::iter::once(&now).chain(reads);
    reads
        .iter()
        .zip(after)
        .find(|(read, after)| after.duration_since(**read) > VISIT_GAP)
        .map(|(read, _)| *read)
}

/// May the viewer see the reads of the whole centre?
pub(crate) fn sees_all_reads(app: &App, viewer: &Viewer) -> bool {
    app.policies.allows(viewer, super::Permission::AuditReads, &Resource::Centre)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_entries_are_read() {
        crate::testing::old_entries_are_read::<Reads>();
    }

    #[test]
    fn a_visit_is_what_was_read_without_a_long_pause() {
        let now: Timestamp = "2026-11-25T12:00:00Z".parse().unwrap();
        let ago = |minutes: &[i64]| -> Vec<Timestamp> {
            minutes.iter().map(|minutes| now - SignedDuration::from_mins(*minutes)).collect()
        };
        for (reads, before) in [
            (&[][..], None),
            (&[0, 10, 29], None),
            (&[31], Some(31)),
            (&[5, 30, 61, 62], Some(61)),
            (&[600, 601, 900], Some(600)),
        ] {
            let before = before.map(|minutes| now - SignedDuration::from_mins(minutes));
            assert_eq!(visit_before(now, &ago(reads)), before, "{reads:?}");
        }
    }
}
