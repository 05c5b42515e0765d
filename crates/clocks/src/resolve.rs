//! From a rule and the recorded events to an instant.

use jiff::Timestamp;

use crate::anchors::{AnchorRef, DutyId};
use crate::duration::Due;
use crate::evaluate::{Clock, Start};
use crate::expression::{Condition, Expression, Node, Order, Test};
use crate::facts::{Attribute, of_duty};
use crate::instants::Anchor;
use crate::overlay::Overlay;
use crate::terms::{Counting, ReliefTo};

/// What a rule gives.
enum Found<'a> {
    /// An instant, and the event that it was counted from.
    At(Timestamp, &'a AnchorRef, &'a Anchor),
    /// The rule sets no date.
    Undated,
    /// Something has not happened yet.
    Waiting,
}

/// Whether a test holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    Yes,
    No,
    /// A property that it asks for is not declared.
    Unknown,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Truth {
        if holds { Truth::Yes } else { Truth::No }
    }
}

impl<'a> Clock<'a> {
    /// The event that the clock counts from, and its deadline without extensions.
    pub(crate) fn start_and_due(&self, counting: Counting) -> (Start<'a>, Option<Timestamp>) {
        let (start, due) = match &self.duty.due {
            Due::Promptly(_) => (self.start(&self.duty.anchor), None),
            Due::Within(period) => {
                let start = self.start(&self.duty.anchor);
                let Start::At(anchor, _) = start else { return (start, None) };
                let period =
                    self.duty.due_second.as_ref().filter(|_| counting != Counting::Plain).unwrap_or(period);
                let from = self.instant(anchor).map(|(at, _)| at);
                (start, from.and_then(|at| self.calendar().add(at, period, counting)))
            }
            Due::By(rule) => self.by(rule, counting),
        };
        let due = due.map(|due| self.relieved(due, counting));
        (start, due.map(|due| self.no_later_than_the_law(due, counting)))
    }

    fn by(&self, rule: &'a Expression, counting: Counting) -> (Start<'a>, Option<Timestamp>) {
        match self.find(&rule.root, counting) {
            Found::At(due, anchor, from) => (Start::At(anchor, from), Some(due)),
            Found::Undated => (self.start(&self.duty.anchor), None),
            Found::Waiting => {
                let happened = rule.anchors().into_iter().any(|anchor| self.happened(anchor));
                (if happened { Start::TimeMissing } else { Start::NotYet }, None)
            }
        }
    }

    fn start(&self, anchor: &'a AnchorRef) -> Start<'a> {
        match self.instant(anchor) {
            Some((_, from)) => Start::At(anchor, from),
            None if self.happened(anchor) => Start::TimeMissing,
            None => Start::NotYet,
        }
    }

    /// An event's instant, and the record that it rests on.
    fn instant(&self, anchor: &AnchorRef) -> Option<(Timestamp, &'a Anchor)> {
        let recorded = match anchor {
            AnchorRef::Event(name) if self.duty.repeats => {
                let versions = self.facts.anchors.get(name).into_iter().flatten();
                versions.max_by_key(|version| (version.at, &version.evidence))
            }
            AnchorRef::Event(name) => {
                self.vendor.and_then(|(_, own)| own.event(*name)).or_else(|| self.facts.event(*name))
            }
            AnchorRef::Filed(duty) => self.facts.filing(&self.profile.id, duty),
            AnchorRef::FiledAny => self.any_filing(),
            AnchorRef::Latest(duty) => {
                let filed = of_duty(&self.facts.filed, &self.profile.id, duty);
                filed.max_by_key(|filed| (filed.at, &filed.evidence))
            }
            AnchorRef::Clock(duty) => return self.deadline_of(duty),
        };
        recorded.map(|version| (version.at, version))
    }

    /// The deadline of another duty, with its extension. That duty counts from no further clock.
    fn deadline_of(&self, duty: &DutyId) -> Option<(Timestamp, &'a Anchor)> {
        let other = Clock { duty: self.profile.duty(duty.as_str())?, overlay: None, ..*self };
        let (Start::At(_, from), Some(due)) = other.start_and_due(Counting::Plain) else { return None };
        let extended = other.extension(due).map_or(due, |(_, until)| until.max(due));
        Some((extended, from))
    }

    /// The first filing of any duty that does not itself wait for "any filing".
    fn any_filing(&self) -> Option<&'a Anchor> {
        let others = self.profile.duties.iter().filter(|duty| duty.anchor != AnchorRef::FiledAny);
        let filed = others.filter_map(|duty| self.facts.filing(&self.profile.id, &duty.id));
        filed.min_by_key(|filed| (filed.at, &filed.evidence))
    }

    /// Guidance and stricter law can ask for more than the law, never for less.
    fn no_later_than_the_law(&self, due: Timestamp, counting: Counting) -> Timestamp {
        self.law(counting).map_or(due, |law| law.min(due))
    }

    /// Of an overlay: the deadline of the duty that it is laid upon.
    pub(crate) fn law(&self, counting: Counting) -> Option<Timestamp> {
        let overlay: &Overlay = self.overlay?;
        let duty = self.profile.duty(overlay.duty.as_str())?;
        Clock { duty, overlay: None, ..*self }.start_and_due(counting).1
    }

    fn relieved(&self, due: Timestamp, counting: Counting) -> Timestamp {
        match &self.duty.relief {
            Some(relief) if counting == Counting::Plain => match self.facts.attributes.get("entity") {
                Some(Attribute::Text(entity)) if !relief.not_for.contains(entity) => {
                    self.with_relief(relief.to, due).unwrap_or(due)
                }
                _ => due,
            },
            _ => due,
        }
    }

    /// Where a deadline on a weekend or a holiday would move to.
    pub(crate) fn with_relief(&self, to: ReliefTo, due: Timestamp) -> Option<Timestamp> {
        match to {
            ReliefTo::NextWorkingDayNoon => self.calendar().relief(due),
        }
    }

    fn find(&self, node: &'a Node, counting: Counting) -> Found<'a> {
        match node {
            Node::Anchor(anchor) => match self.instant(anchor) {
                Some((at, from)) => Found::At(at, anchor, from),
                None => Found::Waiting,
            },
            Node::Plus(node, period) => match self.find(node, counting) {
                Found::At(at, anchor, from) => match self.calendar().add(at, period, counting) {
                    Some(at) => Found::At(at, anchor, from),
                    None => Found::Undated,
                },
                other => other,
            },
            Node::Earliest(nodes) => self.earliest(nodes, counting),
            Node::Latest(nodes) => self.latest(nodes, counting),
            Node::If(test, then, otherwise) => match self.test(test) {
                Truth::Yes => self.find(then, counting),
                Truth::No | Truth::Unknown => self.find(otherwise, counting),
            },
            Node::Undated => Found::Undated,
        }
    }

    /// The earliest of those that are known.
    fn earliest(&self, nodes: &'a [Node], counting: Counting) -> Found<'a> {
        let mut best = Found::Waiting;
        for node in nodes {
            best = match (best, self.find(node, counting)) {
                (Found::At(a, anchor, from), Found::At(b, ..)) if a <= b => Found::At(a, anchor, from),
                (_, Found::At(at, anchor, from)) => Found::At(at, anchor, from),
                (Found::Waiting, Found::Undated) => Found::Undated,
                (best, _) => best,
            };
        }
        best
    }

    /// The latest, once all are known.
    fn latest(&self, nodes: &'a [Node], counting: Counting) -> Found<'a> {
        let mut best: Option<Found<'a>> = None;
        for node in nodes {
            best = match (best, self.find(node, counting)) {
                (_, Found::Waiting) => return Found::Waiting,
                (Some(Found::Undated), _) | (_, Found::Undated) => Some(Found::Undated),
                (Some(Found::At(a, anchor, from)), Found::At(b, ..)) if a >= b => {
                    Some(Found::At(a, anchor, from))
                }
                (_, found) => Some(found),
            };
        }
        best.unwrap_or(Found::Waiting)
    }

    pub(crate) fn condition(&self, condition: &'a Condition) -> Truth {
        self.test(&condition.root)
    }

    fn test(&self, test: &'a Test) -> Truth {
        match test {
            Test::Compare(left, order, right) => {
                let (Found::At(left, ..), Found::At(right, ..)) =
                    (self.find(left, Counting::Plain), self.find(right, Counting::Plain))
                else {
                    return Truth::No;
                };
                let holds = match order {
                    Order::Before => left < right,
                    Order::NotAfter => left <= right,
                    Order::After => left > right,
                    Order::NotBefore => left >= right,
                };
                holds.into()
            }
            Test::Is(name, value) => match self.facts.attributes.get(name) {
                Some(Attribute::Text(text)) => (text == value).into(),
                Some(_) => Truth::No,
                None => Truth::Unknown,
            },
            Test::Holds(name) => self.property(name),
            Test::Recorded(anchor) => (self.instant(anchor).is_some() || self.happened(anchor)).into(),
            Test::Extended(duty) => self.is_extended(duty).into(),
            Test::Not(test) => match self.test(test) {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                Truth::Unknown => Truth::Unknown,
            },
            Test::All(tests) => self.joined(tests, Truth::No, Truth::Yes),
            Test::Any(tests) => self.joined(tests, Truth::Yes, Truth::No),
        }
    }

    /// One that settles it is enough; without one, what is not declared leaves it open.
    fn joined(&self, tests: &'a [Test], settles: Truth, otherwise: Truth) -> Truth {
        let mut found = otherwise;
        for test in tests {
            match self.test(test) {
                truth if truth == settles => return settles,
                Truth::Unknown => found = Truth::Unknown,
                _ => {}
            }
        }
        found
    }

    /// A property is declared as an attribute, or as a trigger of the case.
    pub(crate) fn property(&self, name: &str) -> Truth {
        if self.facts.triggers.as_ref().is_some_and(|triggers| triggers.contains(name)) {
            return Truth::Yes;
        }
        match self.facts.attributes.get(name) {
            Some(Attribute::Flag(flag)) => (*flag).into(),
            Some(Attribute::Count(count)) => (*count > 0).into(),
            Some(Attribute::Text(text)) => match text.as_str() {
                "yes" | "true" => Truth::Yes,
                "no" | "false" => Truth::No,
                _ => Truth::Unknown,
            },
            None => Truth::Unknown,
        }
    }

    /// Whether an extension of that duty was decided on a ground that its rule knows.
    fn is_extended(&self, duty: &DutyId) -> bool {
        let Some(duty) = self.profile.duty(duty.as_str()) else { return false };
        let decided = of_duty(&self.facts.extended, &self.profile.id, &duty.id);
        decided.into_iter().any(|extension| duty.delay.iter().any(|delay| delay.ground == extension.ground))
    }
}
