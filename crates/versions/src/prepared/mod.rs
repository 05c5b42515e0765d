//! Everything that records say of one package, read once for any number of questions.
//!
//! The answers are those of [`Subject::affected`], statement by statement; a test compares the two on
//! real records. What makes it fast: all versions that the records name are sorted once, so that a
//! question looks its version up in that list, and every bound is then a number to compare.

mod places;

use std::collections::HashMap;

use crate::matcher::{before_limits, in_ordered, in_unordered, says_versions, semver_order};
use crate::{Affected, Ecosystem, Event, Order, Range, RangeKind, Statement, Subject, Verdict, Version};
use places::{ByText, Place, Places};

/// What records say of the versions of one package.
#[derive(Debug)]
pub struct Prepared {
    ecosystem: Ecosystem,
    own: Places,
    /// For ranges of semantic versions, where the ecosystem orders in another way.
    semver: Option<Places>,
    statements: Vec<Said>,
    /// Who lists a version, by its place among all versions.
    listed: Vec<Vec<Listed>>,
    /// The same for texts that the ecosystem takes for no version.
    listed_unread: HashMap<Box<str>, Vec<Listed>>,
}

/// A statement that lists a version, and where in its list the version stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Listed {
    statement: usize,
    index: usize,
}

/// One statement.
#[derive(Debug)]
struct Said {
    ranges: Vec<Line>,
    says_versions: bool,
    lists: bool,
}

/// One range.
#[derive(Debug)]
enum Line {
    /// Of an order that sorts.
    Sorted { in_semver: bool, points: Box<[Point]>, doubts: Doubts, limits: Box<[Limit]> },
    /// Of an order with circles, in which bounds are compared one with another.
    Circular(Box<[Event<usize>]>),
    /// Of commits, or of versions without an order.
    Unordered { commits: bool, events: Box<[Event<Box<str>>]> },
}

/// Where the status changes, ascending.
#[derive(Debug, Clone, Copy)]
struct Point {
    from: Place,
    opens: bool,
}

/// What a bound that nobody can read puts in doubt.
#[derive(Debug, Clone, Copy, Default)]
struct Doubts {
    if_yes: bool,
    if_no: bool,
}

#[derive(Debug, Clone, Copy)]
enum Limit {
    None,
    At(Place),
    Unread,
}

impl Prepared {
    /// Reads what records say of a package of this ecosystem.
    #[must_use]
    pub fn new<S: AsRef<str>>(ecosystem: &Ecosystem, statements: &[Affected<S>]) -> Self {
        let order = ecosystem.order();
        let semver_order = semver_order(order);
        let bounds = |kind: RangeKind| {
            let ranges = statements.iter().flat_map(|said| &said.ranges);
            ranges
                .filter(move |range| range.kind == kind)
                .flat_map(|range| &range.events)
                .map(|event| event.bound().as_ref())
        };
        let listed = statements.iter().flat_map(|said| said.versions.iter().map(AsRef::as_ref));
        let own = bounds(RangeKind::Ecosystem).chain(listed);
        let ((own, in_own), semver) = if order == semver_order {
            (Places::new(order, own.chain(bounds(RangeKind::Semver))), None)
        } else {
            (Places::new(order, own), Some(Places::new(semver_order, bounds(RangeKind::Semver))))
        };
        let (semver, in_semver) = semver.unzip();
        let mut all = Self {
            ecosystem: ecosystem.clone(),
            listed: vec![Vec::new(); own.len()],
            own,
            semver,
            statements: Vec::with_capacity(statements.len()),
            listed_unread: HashMap::new(),
        };
        for said in statements {
            all.add(said, &in_own, in_semver.as_ref());
        }
        all
    }

    fn add<S: AsRef<str>>(
        &mut self,
        said: &Affected<S>,
        in_own: &ByText<'_>,
        in_semver: Option<&ByText<'_>>,
    ) {
        let statement = self.statements.len();
        for (index, version) in said.versions.iter().map(AsRef::as_ref).enumerate() {
            let found = in_own.get(version).filter(|_| self.own.are_sorted() || self.own.reads(version));
            let who = match found {
                Some(found) => self.listed.get_mut(*found),
                None => Some(self.listed_unread.entry(version.into()).or_default()),
            };
            if let Some(who) = who.filter(|who| who.last().is_none_or(|last| last.statement != statement)) {
                who.push(Listed { statement, index });
            }
        }
        let line = |range: &Range<S>| match (&self.semver, in_semver) {
            (Some(semver), Some(found)) if range.kind == RangeKind::Semver => sorted(true, found, range),
            _ if range.kind == RangeKind::Git => unordered(true, range),
            _ if self.own.order() == Order::Unknown => unordered(false, range),
            _ if self.own.are_sorted() => sorted(false, in_own, range),
            _ => circular(in_own, range),
        };
        let ranges = said.ranges.iter().map(line).collect();
        let (says_versions, lists) = (says_versions(said), !said.versions.is_empty());
        self.statements.push(Said { ranges, says_versions, lists });
    }

    /// What is said of a version, by the index of the statement, ascending. Statements that do not
    /// cover it are left out.
    #[must_use]
    pub fn ask(&self, version: &str) -> Vec<(usize, Verdict)> {
        let subject = Subject::new(&self.ecosystem, version);
        if subject.text.is_empty() {
            return (0..self.statements.len()).map(|statement| (statement, Verdict::Unknown)).collect();
        }
        let question = Question::new(self, &subject);
        let mut listings = question.listings(self).into_iter().peekable();
        let mut answers = Vec::new();
        for (statement, said) in self.statements.iter().enumerate() {
            let listed = listings.next_if(|listing| listing.statement == statement);
            match question.answer(said, listed.map(|listing| listing.index)) {
                Verdict::No => {}
                verdict => answers.push((statement, verdict)),
            }
        }
        answers
    }
}

/// A version where it stands among those that the records name.
struct Question<'a> {
    subject: &'a Subject<'a>,
    own: Option<Place>,
    semver: Option<Place>,
    /// For an order with circles: what is to be compared.
    circular: Vec<(&'a str, Option<Version<'a>>)>,
}

impl<'a> Question<'a> {
    fn new(prepared: &'a Prepared, subject: &'a Subject<'a>) -> Self {
        let sorted = Some(&prepared.own).filter(|own| own.are_sorted());
        let own = sorted.zip(subject.version.as_ref()).map(|(own, version)| own.place(version));
        let semver = match &prepared.semver {
            Some(places) => subject.semver.as_ref().map(|version| places.place(version)),
            None => own,
        };
        let circular = if prepared.own.are_sorted() { Vec::new() } else { prepared.own.read() };
        Self { subject, own, semver, circular }
    }

    /// Who lists the version, by statement.
    fn listings(&self, prepared: &Prepared) -> Vec<Listed> {
        let Some(version) = &self.subject.version else {
            return prepared.listed_unread.get(self.subject.text).cloned().unwrap_or_default();
        };
        if prepared.own.are_sorted() {
            let equal = self.own.and_then(Place::of_equal);
            return equal.and_then(|equal| prepared.listed.get(equal)).cloned().unwrap_or_default();
        }
        let is_equal = |other: &Option<Version<'_>>| {
            other.as_ref().and_then(|other| other.compare(version)).is_some_and(std::cmp::Ordering::is_eq)
        };
        let equal = self.circular.iter().zip(&prepared.listed).filter(|((_, other), _)| is_equal(other));
        let mut all: Vec<Listed> = equal.flat_map(|(_, who)| who).copied().collect();
        all.sort_unstable();
        all.dedup_by_key(|listing| listing.statement);
        all
    }

    /// As [`Subject::affected`] answers.
    fn answer(&self, said: &Said, listed: Option<usize>) -> Verdict {
        let mut unknown = false;
        for (index, range) in said.ranges.iter().enumerate() {
            match self.in_range(range) {
                Some(true) => return Verdict::Yes(Statement::Range(index)),
                Some(false) => {}
                None if matches!(range, Line::Unordered { commits: true, .. }) => {
                    unknown |= !said.says_versions;
                }
                None => unknown = true,
            }
        }
        if let Some(index) = listed {
            return Verdict::Yes(Statement::Version(index));
        }
        let unread = self.subject.order != Order::Unknown && self.subject.version.is_none() && said.lists;
        if unknown || unread { Verdict::Unknown } else { Verdict::No }
    }

    fn in_range(&self, range: &Line) -> Option<bool> {
        let (place, points, doubts, limits) = match range {
            Line::Unordered { commits, events } => return in_unordered(self.subject.text, events, *commits),
            Line::Circular(events) => {
                let bound = |event: &Event<usize>| {
                    event.map(|at| {
                        self.circular.get(*at).map_or(("", None), |(text, read)| (*text, read.as_ref()))
                    })
                };
                return in_ordered(self.subject.version.as_ref()?, events.iter().map(bound));
            }
            Line::Sorted { in_semver, points, doubts, limits } => {
                (if *in_semver { self.semver? } else { self.own? }, points, doubts, limits)
            }
        };
        let reached = points.iter().rev().find(|point| point.from <= place);
        if !reached.is_some_and(|point| point.opens) {
            return if doubts.if_no { None } else { Some(false) };
        }
        let below = |limit: &Limit| match limit {
            Limit::None => Some(true),
            Limit::At(limit) => Some(place < *limit),
            Limit::Unread => None,
        };
        match before_limits(limits.iter().map(below)) {
            Some(true) => (!doubts.if_yes).then_some(true),
            other => other,
        }
    }
}

fn unordered<S: AsRef<str>>(commits: bool, range: &Range<S>) -> Line {
    let events = range.events.iter().map(|event| event.map(|bound| bound.as_ref().into()));
    Line::Unordered { commits, events: events.collect() }
}

fn circular<S: AsRef<str>>(found: &ByText<'_>, range: &Range<S>) -> Line {
    let at = |bound: &S| found.get(bound.as_ref()).copied().unwrap_or(usize::MAX);
    Line::Circular(range.events.iter().map(|event| event.map(at)).collect())
}

/// The time line of a range. What has come true is all that stands up to a place, so the schema's
/// replay of sorted events is a look at the last of them.
fn sorted<S: AsRef<str>>(in_semver: bool, found: &ByText<'_>, range: &Range<S>) -> Line {
    let (mut points, mut limits, mut doubts) = (Vec::new(), Vec::new(), Doubts::default());
    for event in &range.events {
        let text = event.bound().as_ref();
        let place = found.get(text).map(|index| Place::at(*index));
        match (event, place) {
            (Event::Introduced(_), _) if text == "0" => {
                points.push(Point { from: Place::BEFORE_ALL, opens: true });
            }
            (Event::Introduced(_), Some(from)) => points.push(Point { from, opens: true }),
            (Event::Introduced(_), None) => doubts.if_no = true,
            (Event::Fixed(_), Some(from)) => points.push(Point { from, opens: false }),
            (Event::LastAffected(_), Some(last)) => {
                points.push(Point { from: last.just_behind(), opens: false });
            }
            (Event::Fixed(_) | Event::LastAffected(_), None) => doubts.if_yes = true,
            (Event::Limit(_), _) if text == "*" => limits.push(Limit::None),
            (Event::Limit(_), place) => limits.push(place.map_or(Limit::Unread, Limit::At)),
        }
    }
    points.sort_by_key(|point| point.from);
    Line::Sorted { in_semver, points: points.into(), doubts, limits: limits.into() }
}
