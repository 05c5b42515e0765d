//! Deadlines that look at more than one event, written as a lawyer would say them.
//!
//! ```text
//! if classified > aware + PT24H then classified + PT4H else min(classified + PT4H, aware + PT24H)
//! ```
//!
//! - An event is named as in `anchor`: `aware`, `filed:initial`, `latest:update`, `clock:publish`.
//! - `+` and `-` take a [`Period`].
//! - `min(a, b)` is the earliest of those that are known; `max(a, b)` has no date until all are.
//! - `undated` is a duty that runs without a date.
//! - `if TEST then A else B`; a test compares two instants (`<`, `<=`, `>`, `>=`), asks for a property
//!   (`entity is credit_institution`, `ongoing`), for an event (`recorded(patched)`) or for a decided
//!   extension (`extended(patch)`), and joins with `not`, `and`, `or` and parentheses.
//!
//! What is not recorded has not happened, so that a comparison with it does not hold. What is not
//! declared is not known: a deadline is then that of the general rule, behind `else`, and says so; a
//! duty whose existence hangs on it stays conditional.

mod read;
mod words;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::anchors::{AnchorRef, DutyId, UnknownWord};
use crate::duration::Period;

/// A deadline as a rule over several events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Expression {
    text: String,
    pub(crate) root: Node,
}

/// A test on its own: whether a duty exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Condition {
    text: String,
    pub(crate) root: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Anchor(AnchorRef),
    Plus(Box<Node>, Period),
    Earliest(Vec<Node>),
    Latest(Vec<Node>),
    If(Box<Test>, Box<Node>, Box<Node>),
    Undated,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    Compare(Node, Order, Node),
    Is(String, String),
    Holds(String),
    Recorded(AnchorRef),
    Extended(DutyId),
    Not(Box<Test>),
    All(Vec<Test>),
    Any(Vec<Test>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Before,
    NotAfter,
    After,
    NotBefore,
}

impl Expression {
    /// The rule as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The rule for people: `the earlier of 4 hours after the classification and …`.
    pub fn in_words(&self) -> String {
        words::node(&self.root)
    }

    /// Every event that it looks at.
    pub(crate) fn anchors(&self) -> Vec<&AnchorRef> {
        let mut found = Vec::new();
        self.root.visit(&mut |part| {
            if let Part::Anchor(anchor) = part {
                found.push(anchor);
            }
        });
        found
    }

    pub(crate) fn visit<'a>(&'a self, see: &mut impl FnMut(Part<'a>)) {
        self.root.visit(see);
    }
}

impl Condition {
    /// The test as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The test for people, as it reads after "if".
    pub fn in_words(&self) -> String {
        words::test(&self.root)
    }

    pub(crate) fn visit<'a>(&'a self, see: &mut impl FnMut(Part<'a>)) {
        self.root.visit(see);
    }
}

/// What an expression is made of, for those who look through it.
pub(crate) enum Part<'a> {
    Anchor(&'a AnchorRef),
    Period(&'a Period),
    Property(&'a str),
    Extended(&'a DutyId),
}

impl Node {
    fn visit<'a>(&'a self, see: &mut impl FnMut(Part<'a>)) {
        match self {
            Node::Anchor(anchor) => see(Part::Anchor(anchor)),
            Node::Plus(node, period) => {
                node.visit(see);
                see(Part::Period(period));
            }
            Node::Earliest(nodes) | Node::Latest(nodes) => nodes.iter().for_each(|node| node.visit(see)),
            Node::If(test, then, otherwise) => {
                test.visit(see);
                then.visit(see);
                otherwise.visit(see);
            }
            Node::Undated => {}
        }
    }
}

impl Test {
    pub(crate) fn visit<'a>(&'a self, see: &mut impl FnMut(Part<'a>)) {
        match self {
            Test::Compare(left, _, right) => {
                left.visit(see);
                right.visit(see);
            }
            Test::Is(name, _) | Test::Holds(name) => see(Part::Property(name)),
            Test::Recorded(anchor) => see(Part::Anchor(anchor)),
            Test::Extended(duty) => see(Part::Extended(duty)),
            Test::Not(test) => test.visit(see),
            Test::All(tests) | Test::Any(tests) => tests.iter().for_each(|test| test.visit(see)),
        }
    }
}

impl FromStr for Expression {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Ok(Expression { text: text.to_owned(), root: read::expression(text)? })
    }
}

impl FromStr for Condition {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        Ok(Condition { text: text.to_owned(), root: read::condition(text)? })
    }
}

impl TryFrom<String> for Expression {
    type Error = UnknownWord;

    fn try_from(text: String) -> Result<Self, UnknownWord> {
        text.parse()
    }
}

impl TryFrom<String> for Condition {
    type Error = UnknownWord;

    fn try_from(text: String) -> Result<Self, UnknownWord> {
        text.parse()
    }
}

impl From<Expression> for String {
    fn from(expression: Expression) -> String {
        expression.text
    }
}

impl From<Condition> for String {
    fn from(condition: Condition) -> String {
        condition.text
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
