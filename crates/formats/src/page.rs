//! Pages and feeds that are too large to be held whole, taken apart while they arrive.
//!
//! What comes out of a list are the texts of its items, byte for byte. Nothing else is looked at: the
//! items are documents of their own, which the door and the readers see one by one.

use crate::limits::DOCUMENT_BYTES;
use crate::read::{Kind, Place, ReadError, Reason};

/// Takes the items out of a JSON list: one under a key of an object, or one that is the document.
#[derive(Debug)]
pub struct Items {
    /// None for a document that is the list.
    key: Option<&'static str>,
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
        Self::new(Some(key))
    }

    /// For records of OSV or advisories of GitHub's in a document that begins so, if it is a list of them.
    #[must_use]
    pub fn of_records(head: &[u8]) -> Option<Self> {
        let head = head.get(..DOCUMENT_BYTES).unwrap_or(head);
        let text =
            std::str::from_utf8(head).or_else(|error| std::str::from_utf8(&head[..error.valid_up_to()]));
        let text = text.ok()?.trim_start_matches('\u{feff}').trim_start();
        match crate::detect(text.as_bytes(), "").ok()? {
            Kind::OsvList | Kind::Ghsa if text.starts_with('[') => Some(Self::new(None)),
            Kind::OsvList => Some(Self::of("vulns")),
            _ => None,
        }
    }

    fn new(key: Option<&'static str>) -> Self {
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
        let has = |word: &[u8]| {
            let mut quotes = head.iter().enumerate().filter(|(_, byte)| **byte == b'"');
            quotes.any(|(at, _)| head[at..].starts_with(word))
        };
        head.trim_ascii_start().starts_with(b"{") && has(b"\"resultsPerPage\"") && has(b"\"startIndex\"")
    }

    /// Reads on, and hands over each item that is complete; stops early where that gives false.
    ///
    /// # Errors
    /// If an item is larger than [`DOCUMENT_BYTES`] or no object.
    pub fn push(&mut self, bytes: &[u8], each: &mut dyn FnMut(Vec<u8>) -> bool) -> Result<(), ReadError> {
        for &byte in bytes {
            if self.is_inside && (self.depth > self.outer() || byte == b'{') {
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

    /// Brackets that are open between the items.
    fn outer(&self) -> usize {
        if self.key.is_some() { 2 } else { 1 }
    }

    /// Takes one byte; true if it ends an item.
    fn step(&mut self, byte: u8) -> bool {
        if let Some(escape) = self.string {
            self.string = match (escape, byte) {
                (Escape::No, b'"') => None,
                (Escape::No, b'\\') => Some(Escape::Yes),
                _ => Some(Escape::No),
            };
            let most = self.key.map_or(0, str::len);
            if self.depth == 1 && self.string.is_some() && self.word.len() <= most {
                self.word.push(byte);
            }
            return false;
        }
        match byte {
            b'"' => {
                self.string = Some(Escape::No);
                self.word.clear();
            }
            b':' if self.depth == 1 => {
                self.is_next = self.key.is_some_and(|key| self.word == key.as_bytes());
            }
            b',' if self.depth == 1 => self.is_next = false,
            b'{' | b'[' => {
                self.depth += 1;
                let is_list = self.depth == self.outer() && byte == b'[';
                self.is_inside |= is_list && (self.is_next || self.key.is_none());
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                self.is_inside &= self.depth >= self.outer();
                return self.is_inside && self.depth == self.outer();
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
        ReadError::new(
            Place { pointer: format!("{}/{}", self.list(), self.items), ..Place::default() },
            reason,
        )
    }

    /// Where the list lies: the place of an item without its number.
    #[must_use]
    pub fn list(&self) -> String {
        self.key.map(|key| format!("/{key}")).unwrap_or_default()
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

    /// A list that is the document, and an answer of OSV's interface, are known by their first item or key.
    #[test]
    fn lists_of_records_are_known_by_how_they_begin() {
        let taken = |text: &str| {
            let (mut reader, mut found) = (Items::of_records(text.as_bytes())?, Vec::new());
            for part in text.as_bytes().chunks(5) {
                reader
                    .push(part, &mut |item| {
                        found.push(String::from_utf8(item).unwrap());
                        true
                    })
                    .unwrap();
            }
            Some((found, reader.finish().err().map(|error| error.to_string())))
        };
        let one = r#"{"id":"X","modified":"2024-01-01T00:00:00Z"}"#;
        let both = vec![one.to_owned(), "{\"a\":[{}]}".to_owned()];
        assert_eq!(taken(&format!(" [{one}, {{\"a\":[{{}}]}} ] ")), Some((both.clone(), None)));
        assert_eq!(
            taken(&format!("{{\"x\":[{{}}],\"vulns\":[{one},{{\"a\":[{{}}]}}]}}")),
            Some((both, None))
        );
        let cut = taken(&format!("[{one}, {{\"a\":")).unwrap();
        assert_eq!(cut, (vec![one.to_owned()], Some("/1: the document breaks off here".to_owned())));
        for other in ["[]", "[1]", one, "[{\"fetchTime\":1}]", "", "["] {
            assert_eq!(taken(other), None, "{other}");
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
