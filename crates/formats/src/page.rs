//! Pages and feeds that are too large to be held whole, taken apart while they arrive.
//!
//! What comes out of a list are the texts of its items, byte for byte. Nothing else is looked at: the
//! items are documents of their own, which the door and the readers see one by one.

use crate::limits::DOCUMENT_BYTES;
use crate::read::{Place, ReadError, Reason};

/// Takes the items out of the list under one key of a JSON object.
#[derive(Debug)]
pub struct Items {
    key: &'static str,
    /// Open brackets.
    depth: usize,
    string: Option<Escape>,
    /// The string at the top level that was read last: a key, if a colon follows.
    word: Vec<u8>,
    /// The key that the next value at the top level belongs to is the one that is asked for.
    is_next: bool,
    is_inside: bool,
    item: Vec<u8>,
    items: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escape {
    No,
    /// The next byte means itself.
    Yes,
}

impl Items {
    /// For the list under this key.
    #[must_use]
    pub fn of(key: &'static str) -> Self {
        Self {
            key,
            depth: 0,
            string: None,
            word: Vec::new(),
            is_next: false,
            is_inside: false,
            item: Vec::new(),
            items: 0,
        }
    }

    /// Whether a document that begins so is a page or feed of NVD's, whose items are `vulnerabilities`.
    #[must_use]
    pub fn is_page(head: &[u8]) -> bool {
        let has = |word: &[u8]| head.windows(word.len()).any(|part| part == word);
        head.trim_ascii_start().starts_with(b"{") && has(b"\"resultsPerPage\"") && has(b"\"startIndex\"")
    }

    /// Reads on, and hands over each item that is complete; stops early where that gives false.
    ///
    /// # Errors
    /// If an item is larger than [`DOCUMENT_BYTES`] or no object.
    pub fn push(&mut self, bytes: &[u8], each: &mut dyn FnMut(Vec<u8>) -> bool) -> Result<(), ReadError> {
        for &byte in bytes {
            if self.is_inside && (self.depth > 2 || byte == b'{') {
                if self.item.len() >= DOCUMENT_BYTES {
                    let (bytes, limit) = (self.item.len() + 1, DOCUMENT_BYTES);
                    return Err(self.bad(Reason::TooLarge { bytes, limit }));
                }
                self.item.push(byte);
            } else if self.is_inside && !matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b',' | b']') {
                return Err(self.bad(Reason::Shape("expected an object".to_owned())));
            }
            if self.step(byte) {
                self.items += 1;
                if !each(std::mem::take(&mut self.item)) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Takes one byte; true if it ends an item.
    fn step(&mut self, byte: u8) -> bool {
        if let Some(escape) = self.string {
            self.string = match (escape, byte) {
                (Escape::No, b'"') => None,
                (Escape::No, b'\\') => Some(Escape::Yes),
                _ => Some(Escape::No),
            };
            if self.depth == 1 && self.string.is_some() && self.word.len() <= self.key.len() {
                self.word.push(byte);
            }
            return false;
        }
        match byte {
            b'"' => {
                self.string = Some(Escape::No);
                self.word.clear();
            }
            b':' if self.depth == 1 => self.is_next = self.word == self.key.as_bytes(),
            b',' if self.depth == 1 => self.is_next = false,
            b'{' | b'[' => {
                self.depth += 1;
                self.is_inside |= self.depth == 2 && self.is_next && byte == b'[';
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 1 {
                    self.is_inside = false;
                }
                return self.is_inside && self.depth == 2;
            }
            _ => {}
        }
        false
    }

    /// Says whether the document ended where it should.
    ///
    /// # Errors
    /// If it breaks off, or has no such list.
    pub fn finish(self) -> Result<(), ReadError> {
        if self.depth > 0 || self.string.is_some() {
            return Err(self.bad(Reason::Syntax("the document breaks off here".to_owned())));
        }
        Ok(())
    }

    fn bad(&self, reason: Reason) -> ReadError {
        let pointer = format!("/{}/{}", self.key, self.items);
        ReadError::new(Place { pointer, ..Place::default() }, reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn items(text: &str, at_once: usize) -> (Vec<String>, Option<String>) {
        let (mut reader, mut found) = (Items::of("list"), Vec::new());
        for part in text.as_bytes().chunks(at_once) {
            let done = reader.push(part, &mut |item| {
                found.push(String::from_utf8(item).unwrap());
                true
            });
            if let Err(error) = done {
                return (found, Some(error.to_string()));
            }
        }
        (found, reader.finish().err().map(|error| error.to_string()))
    }

    #[test]
    fn items_come_out_byte_for_byte() {
        let text = r#"{"list2":[{"no":1}],"x":{"list":[{"no":2}]},"a":"list", "list": [ {"b":"]}\"{"},
            {"c":[{}, [1]]} ],"y":[{"no":3}]}"#;
        for at_once in [1, 7, 1_000] {
            let (found, error) = items(text, at_once);
            assert_eq!(found, [r#"{"b":"]}\"{"}"#, r#"{"c":[{}, [1]]}"#]);
            assert_eq!(error, None);
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let (found, error) = items(r#"{"list":[{"a":1},{"b":"#, 5);
        assert_eq!((found.len(), error.as_deref()), (1, Some("/list/1: the document breaks off here")));
        let (found, error) = items(r#"{"list":[{"a":1}, 7]}"#, 5);
        assert_eq!((found.len(), error.as_deref()), (1, Some("/list/1: expected an object")));
        let huge = format!("{{\"list\":[{{\"a\":\"{}\"}}]}}", "x".repeat(DOCUMENT_BYTES));
        assert!(items(&huge, 1 << 16).1.unwrap().starts_with("/list/0: 16777217 bytes, but at most"));
    }

    proptest! {
        #[test]
        fn the_items_are_those_of_the_list(
            values in prop::collection::vec(prop::collection::hash_map("[a-z\"\\\\{}\\[\\],: é]{0,4}", "[a-z\"\\\\{}\\[\\],: é]{0,6}", 0..4), 0..6),
            at_once in 1..40_usize,
        ) {
            let text = serde_json::json!({"a": "list", "list": values, "z": [[{}], "list"]}).to_string();
            let (found, error) = items(&text, at_once);
            prop_assert_eq!(error, None);
            let expected: Vec<String> = values.iter().map(|value| serde_json::to_string(value).unwrap()).collect();
            let same = |a: &String, b: &String| serde_json::from_str::<serde_json::Value>(a).unwrap() == serde_json::from_str::<serde_json::Value>(b).unwrap();
            prop_assert_eq!(found.len(), expected.len());
            prop_assert!(found.iter().zip(&expected).all(|(a, b)| same(a, b)));
        }
    }
}
