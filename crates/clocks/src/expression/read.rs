//! From text to an expression: a reader of one token after the other.

use super::{Node, Order, Test};
use crate::anchors::{AnchorName, UnknownWord};
use crate::duration::Period;

/// No rule of any law known to us comes near; a longer text is not one.
const CHARACTERS_MAX: usize = 1000;
const DEPTH_MAX: usize = 24;

pub(super) fn expression(text: &str) -> Result<Node, UnknownWord> {
    let mut reader = Reader::new(text)?;
    let node = reader.node(0)?;
    reader.end()?;
    Ok(node)
}

pub(super) fn condition(text: &str) -> Result<Test, UnknownWord> {
    let mut reader = Reader::new(text)?;
    let test = reader.any(0)?;
    reader.end()?;
    Ok(test)
}

struct Reader<'t> {
    text: &'t str,
    tokens: Vec<&'t str>,
    next: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Result<Self, UnknownWord> {
        let characters = text.chars().count();
        if characters > CHARACTERS_MAX {
            return Err(UnknownWord(format!(
                "the rule has {characters} characters, {CHARACTERS_MAX} at most"
            )));
        }
        Ok(Reader { text, tokens: tokens(text), next: 0 })
    }

    fn peek(&self) -> &'t str {
        self.tokens.get(self.next).copied().unwrap_or_default()
    }

    fn take(&mut self) -> &'t str {
        let token = self.peek();
        self.next += 1;
        token
    }

    fn took(&mut self, token: &str) -> bool {
        let found = self.peek() == token;
        self.next += usize::from(found);
        found
    }

    fn bad(&self, why: impl std::fmt::Display) -> UnknownWord {
        UnknownWord(format!("`{}` is not a rule: {why}", self.text))
    }

    fn expect(&mut self, token: &str) -> Result<(), UnknownWord> {
        match self.took(token) {
            true => Ok(()),
            false if self.peek().is_empty() => Err(self.bad(format!("`{token}` is missing at the end"))),
            false => Err(self.bad(format!("expected `{token}` and found `{}`", self.peek()))),
        }
    }

    fn end(&self) -> Result<(), UnknownWord> {
        match self.peek() {
            "" => Ok(()),
            more => Err(self.bad(format!("`{more}` is left over"))),
        }
    }

    fn deeper(&self, depth: usize) -> Result<usize, UnknownWord> {
        if depth >= DEPTH_MAX {
            return Err(self.bad(format!("it is nested more than {DEPTH_MAX} deep")));
        }
        Ok(depth + 1)
    }

    fn node(&mut self, depth: usize) -> Result<Node, UnknownWord> {
        let depth = self.deeper(depth)?;
        if self.took("if") {
            let test = Box::new(self.any(depth)?);
            self.expect("then")?;
            let then = Box::new(self.node(depth)?);
            self.expect("else")?;
            return Ok(Node::If(test, then, Box::new(self.node(depth)?)));
        }
        self.sum(depth)
    }

    fn sum(&mut self, depth: usize) -> Result<Node, UnknownWord> {
        let mut node = self.primary(depth)?;
        let mut depth = depth;
        while matches!(self.peek(), "+" | "-") {
            depth = self.deeper(depth)?;
            let minus = self.take() == "-";
            node = Node::Plus(Box::new(node), self.period(minus)?);
        }
        Ok(node)
    }

    fn primary(&mut self, depth: usize) -> Result<Node, UnknownWord> {
        match self.take() {
            "" => Err(self.bad("an event is missing at the end")),
            "undated" => Ok(Node::Undated),
            "(" => {
                let node = self.node(depth)?;
                self.expect(")")?;
                Ok(node)
            }
            "min" => Ok(Node::Earliest(self.list(depth)?)),
            "max" => Ok(Node::Latest(self.list(depth)?)),
            word => Ok(Node::Anchor(word.parse()?)),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, UnknownWord> {
        self.expect("(")?;
        let mut nodes = vec![self.node(depth)?];
        while self.took(",") {
            nodes.push(self.node(depth)?);
        }
        self.expect(")")?;
        Ok(nodes)
    }

    fn period(&mut self, minus: bool) -> Result<Period, UnknownWord> {
        let first = self.take();
        let period = match (self.peek(), minus) {
            ("business", false) => {
                self.take();
                format!("{first} business {}", self.take()).parse()?
            }
            ("business", true) => return Err(self.bad("business days are counted forwards only")),
            (_, false) => first.parse()?,
            (_, true) => format!("-{first}").parse::<Period>()?,
        };
        Ok(period)
    }

    fn any(&mut self, depth: usize) -> Result<Test, UnknownWord> {
        let depth = self.deeper(depth)?;
        let mut tests = vec![self.all(depth)?];
        while self.took("or") {
            tests.push(self.all(depth)?);
        }
        Ok(if tests.len() == 1 { tests.remove(0) } else { Test::Any(tests) })
    }

    fn all(&mut self, depth: usize) -> Result<Test, UnknownWord> {
        let mut tests = vec![self.one(depth)?];
        while self.took("and") {
            tests.push(self.one(depth)?);
        }
        Ok(if tests.len() == 1 { tests.remove(0) } else { Test::All(tests) })
    }

    fn one(&mut self, depth: usize) -> Result<Test, UnknownWord> {
        let depth = self.deeper(depth)?;
        if self.took("not") {
            return Ok(Test::Not(Box::new(self.one(depth)?)));
        }
        if self.took("(") {
            let test = self.any(depth)?;
            self.expect(")")?;
            return Ok(test);
        }
        let word = self.peek();
        if word == "recorded" || word == "extended" {
            self.next += 1;
            self.expect("(")?;
            let name = self.take();
            let test = match word {
                "recorded" => Test::Recorded(name.parse()?),
                _ => Test::Extended(name.parse()?),
            };
            self.expect(")")?;
            return Ok(test);
        }
        match self.tokens.get(self.next + 1).copied().unwrap_or_default() {
            "is" => {
                self.next += 2;
                let value = self.take();
                Ok(Test::Is(self.property(word)?, self.property(value)?))
            }
            "<" | "<=" | ">" | ">=" | "+" | "-" => self.compare(depth),
            _ if word == "min" || word == "max" => self.compare(depth),
            _ if word.parse::<AnchorName>().is_ok() || word.contains(':') => {
                Err(self.bad(format!("compare `{word}` with something, or write recorded({word})")))
            }
            _ => {
                self.next += 1;
                Ok(Test::Holds(self.property(word)?))
            }
        }
    }

    fn compare(&mut self, depth: usize) -> Result<Test, UnknownWord> {
        let left = self.sum(depth)?;
        let order = match self.take() {
            "<" => Order::Before,
            "<=" => Order::NotAfter,
            ">" => Order::After,
            ">=" => Order::NotBefore,
            other => return Err(self.bad(format!("expected <, <=, > or >= and found `{other}`"))),
        };
        Ok(Test::Compare(left, order, self.sum(depth)?))
    }

    fn property(&self, word: &str) -> Result<String, UnknownWord> {
        const RESERVED: [&str; 9] = ["if", "then", "else", "is", "not", "and", "or", "min", "max"];
        let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.');
        if word.is_empty() || RESERVED.contains(&word) || !word.chars().all(known) {
            return Err(self.bad(format!("`{word}` is not the name of a property")));
        }
        Ok(word.to_owned())
    }
}

/// Words stand between spaces; parentheses and commas are words of their own.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    for word in text.split_whitespace() {
        let mut rest = word;
        while let Some(at) = rest.find(['(', ')', ',']) {
            let (before, after) = rest.split_at(at);
            let (mark, after) = after.split_at(1);
            tokens.extend(Some(before).filter(|before| !before.is_empty()));
            tokens.push(mark);
            rest = after;
        }
        tokens.extend(Some(rest).filter(|rest| !rest.is_empty()));
    }
    tokens
}
