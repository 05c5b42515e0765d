//! The one matcher: is this version of a package affected, and which statement says so?
//!
//! Authority: OSV schema, "Evaluation" (functions `IncludedInVersions`, `IncludedInRanges`,
//! `BeforeLimits`) and "Special values". The schema sorts a range's events and replays them; here
//! one pass looks for the last event that has come true, which is the same and needs no memory.
//!
//! The schema takes for granted that everything can be ordered. Where something cannot, the answer
//! is Unknown, but only if the missing comparison could change it.

use std::borrow::Borrow;
use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::{Ecosystem, MAX_LENGTH, Order, Version};

/// What a record says about one package. With `S = String` it reads from OSV's `affected[]`
/// objects as they are; with `S = &str` it is a borrowed view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affected<S> {
    /// Spans of versions; one that includes the version is enough.
    #[serde(default = "Vec::new")]
    pub ranges: Vec<Range<S>>,
    /// Affected versions, one by one.
    #[serde(default = "Vec::new")]
    pub versions: Vec<S>,
}

/// A time line of versions at which the package became affected or ceased to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range<S> {
    /// How the versions in the events are ordered.
    #[serde(rename = "type")]
    pub kind: RangeKind,
    /// In any order.
    pub events: Vec<Event<S>>,
}

/// The order that a range's events are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RangeKind {
    /// Semantic versions.
    Semver,
    /// Versions in the ecosystem's own order.
    Ecosystem,
    /// Commits; their order is in the repository, which is not at hand.
    Git,
}

/// A point on a range's time line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event<S> {
    /// Affected from this version on; `0` is before every version.
    Introduced(S),
    /// No longer affected from this version on.
    Fixed(S),
    /// No longer affected after this version.
    LastAffected(S),
    /// The range says nothing from this version on; `*` is after every version.
    Limit(S),
}

/// The matcher's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Affected, by the statement named.
    Yes(Statement),
    /// Not affected as far as this record goes.
    No,
    /// Cannot be decided from what is at hand.
    Unknown,
}

/// The place in [`Affected`] that made the answer Yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Statement {
    /// Index into `ranges`.
    Range(usize),
    /// Index into `versions`.
    Version(usize),
}

/// A package version to ask about, read once for any number of records.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    pub(crate) text: &'a str,
    pub(crate) order: Order,
    pub(crate) version: Option<Version<'a>>,
    semver_order: Order,
    pub(crate) semver: Option<Version<'a>>,
}

/// Semantic versions have an order of their own where the ecosystem's is not one. Where builds are releases
/// (Pub, Julia), they count: a flaw that is gone in `6.9.12+3` is there in `6.9.12+2`.
pub(crate) fn semver_order(order: Order) -> Order {
    match order {
        Order::Semver | Order::ShortSemver | Order::Go | Order::Npm | Order::Pub | Order::Julia => order,
        _ => Order::ShortSemver,
    }
}

impl<'a> Subject<'a> {
    /// Reads a version the way its ecosystem does. Nonsense is allowed and matches only where it
    /// is listed word for word.
    #[must_use]
    pub fn new(ecosystem: &Ecosystem, version: &'a str) -> Self {
        let order = ecosystem.order();
        let semver_order = semver_order(order);
        let text = if version.len() > MAX_LENGTH { "" } else { version.trim() };
        let version = Version::parse(order, text);
        let semver = Version::parse(semver_order, text);
        Self { text, order, version, semver_order, semver }
    }

    /// The version as read, or None where the ecosystem does not accept it.
    #[must_use]
    pub fn version(&self) -> Option<&Version<'a>> {
        self.version.as_ref()
    }

    /// Whether the record covers this version.
    #[must_use]
    pub fn affected<S: AsRef<str>>(&self, by: &Affected<S>) -> Verdict {
        if self.text.is_empty() {
            return Verdict::Unknown;
        }
        let mut unknown = false;
        for (index, range) in by.ranges.iter().enumerate() {
            match self.in_range(range) {
                Some(true) => return Verdict::Yes(Statement::Range(index)),
                Some(false) => {}
                // Commits repeat what versions say; they raise a doubt only where they stand alone.
                None if range.kind == RangeKind::Git => unknown |= !says_versions(by),
                None => unknown = true,
            }
        }
        if let Some(index) = by.versions.iter().position(|listed| self.is(listed.as_ref())) {
            return Verdict::Yes(Statement::Version(index));
        }
        // A list of versions decides nothing about a version that nobody can read.
        let unread = self.order != Order::Unknown && self.version.is_none() && !by.versions.is_empty();
        if unknown || unread { Verdict::Unknown } else { Verdict::No }
    }

    /// The same version, in whatever spelling.
    fn is(&self, listed: &str) -> bool {
        let equal = || Version::parse(self.order, listed)?.compare(self.version.as_ref()?);
        self.text == listed || equal() == Some(Ordering::Equal)
    }

    fn in_range<S: AsRef<str>>(&self, range: &Range<S>) -> Option<bool> {
        let (order, version) = match range.kind {
            RangeKind::Semver => (self.semver_order, &self.semver),
            RangeKind::Ecosystem if self.order != Order::Unknown => (self.order, &self.version),
            RangeKind::Ecosystem => return in_unordered(self.text, &range.events, false),
            RangeKind::Git => return in_unordered(self.text, &range.events, true),
        };
        let events = range.events.iter().map(|event| {
            event.map(|bound| {
                let bound = bound.as_ref();
                (bound, Version::parse(order, bound))
            })
        });
        in_ordered(version.as_ref()?, events)
    }
}

impl<S> Event<S> {
    /// The version or commit.
    pub fn bound(&self) -> &S {
        match self {
            Self::Introduced(bound) | Self::Fixed(bound) | Self::LastAffected(bound) | Self::Limit(bound) => {
                bound
            }
        }
    }

    /// The same point with its version in another form.
    pub(crate) fn map<'a, T>(&'a self, form: impl FnOnce(&'a S) -> T) -> Event<T> {
        match self {
            Self::Introduced(bound) => Event::Introduced(form(bound)),
            Self::Fixed(bound) => Event::Fixed(form(bound)),
            Self::LastAffected(bound) => Event::LastAffected(form(bound)),
            Self::Limit(bound) => Event::Limit(form(bound)),
        }
    }
}

/// Whether a version of an ecosystem is affected; see [`Subject`] to ask about many records.
#[must_use]
pub fn affected<S: AsRef<str>>(ecosystem: &Ecosystem, version: &str, by: &Affected<S>) -> Verdict {
    Subject::new(ecosystem, version).affected(by)
}

/// Whether anything but commits is said.
pub(crate) fn says_versions<S>(affected: &Affected<S>) -> bool {
    !affected.versions.is_empty() || affected.ranges.iter().any(|range| range.kind != RangeKind::Git)
}

/// The schema's `IncludedInRanges` for one range, whose bounds come as text and as what was read of
/// it; None where a bound that matters is unreadable.
pub(crate) fn in_ordered<'t, 'v, V: Borrow<Version<'v>>>(
    version: &Version<'v>,
    events: impl Iterator<Item = Event<(&'t str, Option<V>)>> + Clone,
) -> Option<bool> {
    // The last event that has come true so far, as (its version, its rank at that version).
    let mut last: Option<(Option<V>, u8)> = None;
    let mut vulnerable = false;
    let (mut doubt_if_yes, mut doubt_if_no) = (false, false);
    for event in events.clone() {
        // A last affected version takes effect just behind itself, so after all events there.
        let (text, bound, opens, rank) = match event {
            Event::Introduced((text, bound)) => (text, bound, true, 0),
            Event::Fixed((text, bound)) => (text, bound, false, 0),
            Event::LastAffected((text, bound)) => (text, bound, false, 1),
            Event::Limit(_) => continue,
        };
        let bound = match bound {
            _ if opens && text == "0" => None,
            Some(bound) => Some(bound),
            // An unread opening could only make a No a Yes, an unread closing a Yes a No.
            None => {
                doubt_if_no |= opens;
                doubt_if_yes |= !opens;
                continue;
            }
        };
        let since =
            bound.as_ref().map_or(Some(Ordering::Greater), |bound| version.compare(bound.borrow()))?;
        let comes_true = if rank == 1 { since.is_gt() } else { since.is_ge() };
        let point = (bound, rank);
        if comes_true && last.as_ref().is_none_or(|last| !is_after(last, &point)) {
            last = Some(point);
            vulnerable = opens;
        }
    }
    if !vulnerable {
        return if doubt_if_no { None } else { Some(false) };
    }
    let limits = events.filter_map(|event| match event {
        Event::Limit((text, limit)) => Some(match limit {
            _ if text == "*" => Some(true),
            limit => limit.and_then(|limit| version.compare(limit.borrow())).map(Ordering::is_lt),
        }),
        _ => None,
    });
    match before_limits(limits) {
        Some(true) => (!doubt_if_yes).then_some(true),
        other => other,
    }
}

/// Whether event `a` stands later in the sorted time line than event `b`; None is before all.
fn is_after<'v, V: Borrow<Version<'v>>>(a: &(Option<V>, u8), b: &(Option<V>, u8)) -> bool {
    let order = match (&a.0, &b.0) {
        (Some(a), Some(b)) => a.borrow().compare(b.borrow()).unwrap_or(Ordering::Equal),
        (a, b) => a.is_some().cmp(&b.is_some()),
    };
    order.then(a.1.cmp(&b.1)).is_gt()
}

/// The schema's `BeforeLimits`: no limit at all, or below any one of them. Each comes as whether
/// the version is below it, None where nobody can read it.
pub(crate) fn before_limits(limits: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    limits
        .reduce(|answer, below| match (answer, below) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (None, _) | (_, None) => None,
            (Some(false), Some(false)) => Some(false),
        })
        .unwrap_or(Some(true))
}

/// Without an order only what is certain is said: a range that never ends includes everything, and
/// a version or commit that is itself named by an event is on that event's side.
pub(crate) fn in_unordered<S: AsRef<str>>(text: &str, events: &[Event<S>], commits: bool) -> Option<bool> {
    if commits && !is_commit(text) {
        return None;
    }
    let named = |bound: &S| match commits {
        true => is_same_commit(bound.as_ref(), text),
        false => bound.as_ref() == text,
    };
    let (mut opened, mut closed) = (false, false);
    let mut everything = !events.is_empty();
    for event in events {
        match event {
            Event::Introduced(bound) => {
                opened |= named(bound);
                everything &= bound.as_ref() == "0";
            }
            Event::LastAffected(bound) => {
                opened |= named(bound);
                everything = false;
            }
            Event::Fixed(bound) | Event::Limit(bound) => {
                closed |= named(bound);
                everything = false;
            }
        }
    }
    match (everything, opened, closed) {
        (true, ..) | (_, true, false) => Some(true),
        (_, false, true) => Some(false),
        _ => None,
    }
}

/// Digits by which a commit is known at least: CVE records of Linux wrote these until 2025.
pub const ABBREVIATED: usize = 12;

/// In any letter case, and the bound may be abbreviated.
fn is_same_commit(bound: &str, text: &str) -> bool {
    let is_long_enough = bound.len() >= ABBREVIATED || bound.len() == text.len();
    is_long_enough && text.get(..bound.len()).is_some_and(|start| start.eq_ignore_ascii_case(bound))
}

/// A full SHA-1 or SHA-256 name, as OSV asks for.
fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
