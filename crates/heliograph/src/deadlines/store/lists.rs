//! Lists and counts of clocks. Each walks the index of open dates from where the answer begins, and
//! stops where it ends: a million clocks cost a list of fifty no more than fifty.

use super::{CLOCK, Clock, OF_PARTNERS, clock};
use crate::access::{Permission, Policies, Resource, Viewer};
use crate::refusal::Refusal;
use crate::vetting::{Eyes, open_to};
use jiff::{SignedDuration, Timestamp};
use storage::{Row, Tx, params};
use vocabulary::Page;

/// Which clocks a list shows: those owed, with a date from here to there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Filter {
    /// The first date, or the earliest there is.
    pub(crate) from: Option<Timestamp>,
    /// The end, itself not included.
    pub(crate) to: Option<Timestamp>,
    /// Whether the ends of delays, which are no deadlines, are left out.
    pub(crate) deadlines_only: bool,
}

impl Filter {
    /// Whatever is owed and has a date.
    pub(crate) const OPEN: Self = Self { from: None, to: None, deadlines_only: false };

    /// Owed, and past.
    pub(crate) fn overdue(now: Timestamp) -> Self {
        Self { from: None, to: Some(now), deadlines_only: true }
    }

    /// Due within so long from now.
    pub(crate) fn within(now: Timestamp, time: SignedDuration) -> Self {
        Self { from: Some(now), to: now.checked_add(time).ok(), deadlines_only: false }
    }
}

/// Whose clocks somebody follows: those of cases and reports, those of all requests to partners, those of
/// the requests to one organisation. Need-to-know is asked besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Whose {
    pub(crate) cases: bool,
    pub(crate) requests: bool,
    /// The organisation for which somebody speaks as its partner, or nothing.
    pub(crate) of: String,
}

impl Whose {
    pub(crate) fn cases() -> Self {
        Self { cases: true, ..Self::default() }
    }

    /// The values of the three placeholders of [`followed`].
    fn values(&self) -> [storage::Value; 3] {
        [self.cases.into(), self.requests.into(), self.of.as_str().into()]
    }
}

/// Whose clocks a viewer follows, by what the person may do: a token for a calendar is good for nothing
/// else, and shows what its person would see there.
pub(crate) fn whose(policies: &Policies, viewer: &Viewer) -> Whose {
    let viewer = viewer.unbound();
    let may = |permission| policies.allows(&viewer, permission, &Resource::Centre);
    let own = viewer.organisation().filter(|_| may(Permission::RepresentPartner));
    Whose {
        cases: may(Permission::ViewDesk),
        requests: may(Permission::ManageProgramme),
        of: own.map(ToString::to_string).unwrap_or_default(),
    }
}

/// The condition under which a list shows a clock, by whose it is.
fn followed(first: usize) -> String {
    let (cases, requests, of) = (first, first + 1, first + 2);
    format!(
        "((d.profile <> '{OF_PARTNERS}' AND CAST(${cases} AS BIGINT) = 1)
          OR (d.profile = '{OF_PARTNERS}' AND (CAST(${requests} AS BIGINT) = 1
              OR (d.debtor = CAST(${of} AS TEXT) AND CAST(${of} AS TEXT) <> ''))))"
    )
}

/// One page of clocks by what is due, soonest first.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    filter: Filter,
    whose: &Whose,
    page: Page,
    eyes: &Eyes,
) -> Result<Vec<Clock>, Refusal> {
    let begin = Place::before(filter);
    let rows = rows(tx, filter, whose, &begin, [page.limit(), page.offset()], eyes)?;
    rows.iter().map(|row| Ok(placed(clock(row, eyes.now())?, whose))).collect()
}

/// So many clocks of the same list behind a place in it, or from its beginning, each with its place.
pub(crate) fn list_behind(
    tx: &mut Tx<'_>,
    filter: Filter,
    whose: &Whose,
    place: Option<&Place>,
    count: i64,
    eyes: &Eyes,
) -> Result<Vec<(Clock, Place)>, Refusal> {
    let place = place.cloned().unwrap_or_else(|| Place::before(filter));
    let rows = rows(tx, filter, whose, &place, [count, 0], eyes)?;
    rows.iter().map(|row| Ok((placed(clock(row, eyes.now())?, whose), Place::of(row)?))).collect()
}

/// A clock's place in the order of lists: its date, and what tells it from others of the same date.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    open_due: i64,
    key: [String; 5],
}

impl Place {
    /// The columns of the order, first those of the index.
    const ORDER: &str = "d.open_due, d.subject, d.duty, d.debtor, d.regarding, d.profile";

    /// Before all that a filter lets through: no subject is called nothing.
    fn before(filter: Filter) -> Self {
        Self { open_due: bounds(filter).0, key: Default::default() }
    }

    /// That of a row of [`CLOCK`].
    fn of(row: &Row) -> Result<Self, Refusal> {
        Ok(Self {
            open_due: row.get(13)?,
            key: [row.get(0)?, row.get(5)?, row.get(2)?, row.get(3)?, row.get(4)?],
        })
    }
}

fn rows(
    tx: &mut Tx<'_>,
    filter: Filter,
    whose: &Whose,
    behind: &Place,
    [limit, offset]: [i64; 2],
    eyes: &Eyes,
) -> Result<Vec<Row>, Refusal> {
    let order = Place::ORDER;
    let sql = format!(
        "{CLOCK} WHERE d.open_due >= $1 AND d.open_due < $2 AND d.prompt <= $3
             AND ({order}) > ($1, $6, $7, $8, $9, $10) AND {} AND {}
         ORDER BY {order} LIMIT $4 OFFSET $5",
        open_to("d.subject", 11),
        followed(14)
    );
    let mut values =
        params![behind.open_due, bounds(filter).1, !filter.deadlines_only, limit, offset].to_vec();
    values.extend(behind.key.iter().map(|part| part.as_str().into()));
    values.extend(eyes.values());
    values.extend(whose.values());
    Ok(tx.query(&sql, &values)?)
}

/// A request is looked at where its viewer may.
pub(super) fn placed(clock: Clock, whose: &Whose) -> Clock {
    match clock.profile.as_str() {
        OF_PARTNERS if whose.requests => Clock { place: format!("/requests/{}", clock.subject), ..clock },
        OF_PARTNERS => Clock { place: format!("/partner/requests/{}", clock.subject), ..clock },
        _ => clock,
    }
}

fn bounds(filter: Filter) -> (i64, i64) {
    let micros = |at: Timestamp| at.as_microsecond();
    (filter.from.map_or(i64::MIN, micros), filter.to.map_or(i64::MAX, micros))
}

/// Counting stops here: more is shown as "1,000+", and costs nothing more.
pub(crate) const COUNT_MAX: i64 = 1000;

/// A count as pages show it.
pub(crate) fn capped(count: i64) -> String {
    if count > COUNT_MAX { "1,000+".into() } else { count.to_string() }
}

/// How many clocks are past and due within a day, at most one more than [`COUNT_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) overdue: i64,
    pub(crate) soon: i64,
}

/// Of cases and reports.
pub(crate) fn counts(tx: &mut Tx<'_>, eyes: &Eyes) -> Result<Counts, Refusal> {
    counts_of(tx, &Whose::cases(), eyes)
}

/// Of those that somebody follows.
pub(crate) fn counts_of(tx: &mut Tx<'_>, whose: &Whose, eyes: &Eyes) -> Result<Counts, Refusal> {
    let now = eyes.now();
    let soon = Filter::within(now, SignedDuration::from_hours(24));
    Ok(Counts { overdue: count(tx, Filter::overdue(now), whose, eyes)?, soon: count(tx, soon, whose, eyes)? })
}

fn count(tx: &mut Tx<'_>, filter: Filter, whose: &Whose, eyes: &Eyes) -> Result<i64, Refusal> {
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 FROM deadlines d
         WHERE d.open_due >= $1 AND d.open_due < $2 AND d.prompt <= $3 AND {} AND {} LIMIT $4) q",
        open_to("d.subject", 5),
        followed(8)
    );
    let (from, to) = bounds(filter);
    let mut values = params![from, to, !filter.deadlines_only, COUNT_MAX + 1].to_vec();
    values.extend(eyes.values());
    values.extend(whose.values());
    Ok(tx.query_one(&sql, &values)?.get(0)?)
}

/// What is due within an hour, the first page of it.
pub(crate) fn due_within_an_hour(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<Clock>, Refusal> {
    let eyes = Eyes::of_the_centre(now);
    list(tx, Filter::within(now, SignedDuration::from_hours(1)), &Whose::cases(), Page::FIRST, &eyes)
}

/// The first page of all that is owed.
pub(crate) fn first_page(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<Clock>, Refusal> {
    list(tx, Filter::OPEN, &Whose::cases(), Page::FIRST, &Eyes::of_the_centre(now))
}

/// Subjects with contradictions that nobody has decided, longest waiting first.
pub(crate) fn undecided(tx: &mut Tx<'_>, eyes: &Eyes) -> Result<Vec<String>, Refusal> {
    let sql = format!(
        "SELECT f.subject FROM conflicts f WHERE f.decided IS NULL AND {}
         ORDER BY f.raised, f.subject LIMIT $1",
        open_to("f.subject", 2)
    );
    let mut values = params![CONFLICTS_SHOWN].to_vec();
    values.extend(eyes.values());
    let rows = tx.query(&sql, &values)?;
    let mut subjects: Vec<String> = rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
    subjects.dedup();
    Ok(subjects)
}

/// Contradictions that the desk looks at.
const CONFLICTS_SHOWN: i64 = 20;
