//! Facts from JSON, with the place of every mistake.

use crate::facts::Facts;

/// The facts of one case are a page; more is no case.
pub const FACTS_BYTES_MAX: usize = 1024 * 1024;

/// Why facts were refused, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}{}: {reason}", .key.as_ref().map(|key| format!(", {key}")).unwrap_or_default())]
pub struct FactsError {
    /// The line, counted from 1.
    pub line: usize,
    /// The key: `anchors.aware`. `None` at the top.
    pub key: Option<String>,
    /// What is wrong with it.
    pub reason: String,
}

impl Facts {
    /// Reads facts from JSON. Every key is optional; an unknown one is refused, because a misspelt
    /// fact would be a clock that never starts.
    pub fn parse(text: &str) -> Result<Facts, FactsError> {
        if text.len() > FACTS_BYTES_MAX {
            let reason = format!("the facts have {} bytes, {FACTS_BYTES_MAX} at most", text.len());
            return Err(FactsError { line: 1, key: None, reason });
        }
        // An array would be read as the fields in their order.
        if text.trim_start().starts_with('[') {
            let reason = "expected an object, and found an array".to_owned();
            return Err(FactsError { line: 1, key: None, reason });
        }
        serde_json::from_str(text).map_err(|error| {
            let said = error.to_string();
            let place = format!(" at line {} column {}", error.line(), error.column());
            let reason = said.strip_suffix(&place).unwrap_or(&said).to_owned();
            let key = key_at(text, error.line(), error.column());
            FactsError { line: error.line().max(1), key, reason }
        })
    }
}

/// The keys that lead to a place in JSON: `anchors.aware`, `filed.aev.ew[1]`.
fn key_at(text: &str, line: usize, column: usize) -> Option<String> {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let end = (start + column).min(text.len());
    let mut way = Way::default();
    let mut bytes = text.as_bytes().iter().take(end);
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => {
                let mut word = Vec::new();
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'"' => break,
                        b'\\' => word.extend(bytes.next()),
                        other => word.push(*other),
                    }
                }
                way.word(String::from_utf8_lossy(&word).into_owned());
            }
            b'{' => way.0.push(Step::Key(None)),
            b'[' => way.0.push(Step::Item(0)),
            b'}' | b']' => way.leave(),
            b',' => way.next(),
            _ => {}
        }
    }
    way.shown()
}

enum Step {
    /// Within an object: the key that was read last.
    Key(Option<String>),
    /// Within an array: how many items came before.
    Item(usize),
}

#[derive(Default)]
struct Way(Vec<Step>);

impl Way {
    /// The first word behind `{` or `,` is a key, the second one its value.
    fn word(&mut self, word: String) {
        if let Some(Step::Key(key @ None)) = self.0.last_mut() {
            *key = Some(word);
        }
    }

    fn next(&mut self) {
        match self.0.last_mut() {
            Some(Step::Key(key)) => *key = None,
            Some(Step::Item(count)) => *count += 1,
            None => {}
        }
    }

    /// Closing the whole leaves the outermost step, which has nothing to say.
    fn leave(&mut self) {
        self.0.pop();
    }

    fn shown(&self) -> Option<String> {
        let mut shown = String::new();
        for step in &self.0 {
            match step {
                Step::Key(Some(key)) if shown.is_empty() => shown.push_str(key),
                Step::Key(Some(key)) => {
                    shown.push('.');
                    shown.push_str(key);
                }
                Step::Item(index) => shown.push_str(&format!("[{index}]")),
                Step::Key(None) => {}
            }
        }
        Some(shown).filter(|shown| !shown.is_empty())
    }
}
