//! An expression for people.

use super::{Node, Order, Test};
use crate::scope::words;

pub(super) fn node(node: &Node) -> String {
    match node {
        Node::Anchor(anchor) => anchor.meaning(),
        Node::Plus(from, period) => {
            let side = if period.is_negative() { "before" } else { "after" };
            format!("{} {side} {}", period.in_words(), self::node(from))
        }
        Node::Earliest(nodes) => format!("the {} of {}", among(nodes, "earlier", "earliest"), list(nodes)),
        Node::Latest(nodes) => format!("the {} of {}", among(nodes, "later", "latest"), list(nodes)),
        Node::If(test, then, otherwise) => {
            let rest = match otherwise.as_ref() {
                Node::If(..) => self::node(otherwise),
                last => format!("otherwise {}", self::node(last)),
            };
            format!("{} if {}; {rest}", self::node(then), self::test(test))
        }
        Node::Undated => "without a fixed date".to_owned(),
    }
}

pub(super) fn test(test: &Test) -> String {
    match test {
        Test::Compare(left, order, right) => {
            let order = match order {
                Order::Before => "earlier than",
                Order::NotAfter => "no later than",
                Order::After => "later than",
                Order::NotBefore => "no earlier than",
            };
            format!("{} is {order} {}", node(left), node(right))
        }
        Test::Is(name, value) => format!("the {} is: {}", words(name), words(value)),
        Test::Holds(name) => format!("it is so: {}", words(name)),
        Test::Recorded(anchor) => format!("{} is recorded", anchor.meaning()),
        Test::Extended(duty) => format!("{duty} is extended"),
        Test::Not(test) => format!("not ({})", self::test(test)),
        Test::All(tests) => tests.iter().map(grouped).collect::<Vec<_>>().join(" and "),
        Test::Any(tests) => tests.iter().map(grouped).collect::<Vec<_>>().join(" or "),
    }
}

fn grouped(test: &Test) -> String {
    match test {
        Test::All(_) | Test::Any(_) => format!("({})", self::test(test)),
        _ => self::test(test),
    }
}

fn among<'w>(nodes: &[Node], two: &'w str, many: &'w str) -> &'w str {
    if nodes.len() == 2 { two } else { many }
}

fn list(nodes: &[Node]) -> String {
    nodes.iter().map(node).collect::<Vec<_>>().join(", and ")
}
