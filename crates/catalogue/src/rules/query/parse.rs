//! From words and conditions to what is asked.

use super::lex::{Compare, Condition, Kind, Token, tokens};
use super::values::{self, Value};
use super::{DEPTH_MAX, Field, Query, TERMS_MAX, Test, Text, Wrong, fields};
use jiff::Timestamp;

/// Reads a search. Ages count back from `now`.
pub(crate) fn parse(text: &str, now: Timestamp) -> Result<Query, Wrong> {
    let tokens = tokens(text)?;
    let terms = tokens.iter().filter(|token| matches!(token.kind, Kind::Words { .. } | Kind::Condition(_)));
    if let Some(over) = terms.clone().nth(TERMS_MAX) {
        let reason = format!("{} words and conditions, and at most {TERMS_MAX} are read.", terms.count());
        return Err(Wrong::new(over.at, over.length, reason));
    }
    let mut parser = Parser { tokens: &tokens, at: 0, now };
    let query = parser.any(0)?;
    match parser.next() {
        // All other tokens are taken by `any`.
        Some(close) => Err(Wrong::new(
            close.at,
            close.length,
            "This parenthesis closes none. To look for it, put the words into double quotes.",
        )),
        None => Ok(query),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    now: Timestamp,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<&'a Token> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    /// Parts between ORs.
    fn any(&mut self, depth: usize) -> Result<Query, Wrong> {
        let mut parts = vec![self.all(depth)?];
        while let Some(or) = self.peek().filter(|token| token.kind == Kind::Or) {
            self.at += 1;
            if parts.last().is_some_and(Query::is_everything) {
                return Err(Wrong::new(or.at, or.length, "Something has to stand before OR."));
            }
            let part = self.all(depth)?;
            if part.is_everything() {
                return Err(Wrong::new(or.at, or.length, "Something has to stand behind OR."));
            }
            parts.push(part);
        }
        Ok(match parts.len() {
            1 => parts.remove(0),
            _ => Query::Any(parts),
        })
    }

    /// Parts next to each other, with or without AND.
    fn all(&mut self, depth: usize) -> Result<Query, Wrong> {
        let mut parts = Vec::new();
        while let Some(token) = self.peek() {
            match &token.kind {
                Kind::Close | Kind::Or => break,
                Kind::And => {
                    self.at += 1;
                    let is_end = self
                        .peek()
                        .is_none_or(|next| matches!(next.kind, Kind::Close | Kind::Or | Kind::And));
                    let side = if parts.is_empty() { Some("before") } else { is_end.then_some("behind") };
                    if let Some(side) = side {
                        return Err(Wrong::new(
                            token.at,
                            token.length,
                            format!("Something has to stand {side} AND."),
                        ));
                    }
                }
                _ => parts.extend(self.one(depth)?),
            }
        }
        Ok(match parts.len() {
            1 => parts.remove(0),
            _ => Query::All(parts),
        })
    }

    /// A word, a condition, a parenthesis; nothing for signs that no index holds.
    fn one(&mut self, depth: usize) -> Result<Option<Query>, Wrong> {
        let Some(token) = self.next() else { return Ok(None) };
        match &token.kind {
            Kind::Not => {
                let part = match self.peek() {
                    Some(next) if !matches!(next.kind, Kind::Close | Kind::And | Kind::Or) => {
                        self.deeper(token, depth)?
                    }
                    _ => None,
                };
                let wrong = || Wrong::new(token.at, token.length, "Something has to stand behind NOT.");
                part.map(|part| Some(Query::Not(Box::new(part)))).ok_or_else(wrong)
            }
            Kind::Open => {
                if depth == DEPTH_MAX {
                    let reason = format!("More than {DEPTH_MAX} parentheses in one another.");
                    return Err(Wrong::new(token.at, token.length, reason));
                }
                let part = self.any(depth + 1)?;
                match self.next() {
                    Some(_) => Ok(Some(part).filter(|part| !part.is_everything())),
                    None => Err(Wrong::new(
                        token.at,
                        token.length,
                        "This parenthesis is never closed. To look for it, put the words into double quotes.",
                    )),
                }
            }
            Kind::Words { text, is_phrase, is_beginning } => {
                let may_grow = !is_phrase && self.at == self.tokens.len();
                let may_vary = !is_phrase && !is_beginning;
                Ok(words(token.at + usize::from(*is_phrase), text, *is_beginning, may_grow, may_vary))
            }
            Kind::Condition(condition) => Ok(Some(self.condition(condition)?)),
            // The callers take these.
            Kind::Close | Kind::And | Kind::Or => Ok(None),
        }
    }

    fn deeper(&mut self, token: &Token, depth: usize) -> Result<Option<Query>, Wrong> {
        if depth == DEPTH_MAX {
            return Err(Wrong::new(token.at, token.length, format!("More than {DEPTH_MAX} in one another.")));
        }
        self.one(depth + 1)
    }

    fn condition(&self, condition: &Condition) -> Result<Query, Wrong> {
        let Some(field) = Field::of_name(&condition.name) else { return Err(fields::unknown(condition)) };
        if let Some(wrong) = fields::refuse_order(field, condition) {
            return Err(wrong);
        }
        let wrong = |reason: String| Wrong::new(condition.value_at, condition.value.chars().count(), reason);
        let query = match values::read(field, condition, self.now).map_err(wrong)? {
            Value::Words => Query::Text(Text {
                text: condition.value.clone(),
                field: Some(field),
                is_beginning: condition.is_beginning,
                may_vary: false,
                at: condition.value_at,
            }),
            Value::Test(test) => Query::Test(test),
            Value::Name(name) => {
                Query::Test(Test::Named { field, name, is_beginning: condition.is_beginning })
            }
        };
        Ok(if condition.compare == Compare::Differs { Query::Not(Box::new(query)) } else { query })
    }
}

/// Letters from which on a last word may still be growing: somebody is typing.
const GROWING_CHARS: usize = 3;

fn words(at: usize, text: &str, is_beginning: bool, may_grow: bool, may_vary: bool) -> Option<Query> {
    // A word without any letter or digit has nothing that an index could hold.
    if !text.chars().any(char::is_alphanumeric) {
        return None;
    }
    let is_growing =
        may_grow && text.chars().count() >= GROWING_CHARS && text.ends_with(char::is_alphanumeric);
    Some(Query::Text(Text {
        text: text.to_owned(),
        field: None,
        is_beginning: is_beginning || is_growing,
        may_vary,
        at,
    }))
}
