//! The door: one pass over a JSON document that refuses what must not come in.
//!
//! It checks size, encoding, grammar, nesting, string lengths and duplicate keys, everywhere in
//! the document and not only where a reader looks. Readers behind it use plain typed structs.

use crate::limits::{DEPTH, DOCUMENT_BYTES, KEY_BYTES, STRING_BYTES};
use crate::place;
use crate::read::{Place, ReadError, Reason};
use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

/// Objects with more keys than this are searched by hash instead of one by one.
const KEYS_SCANNED: usize = 16;

/// The document as text, if it may come in.
pub(crate) fn admit(bytes: &[u8]) -> Result<&str, ReadError> {
    let text = decode(bytes)?;
    let mut walk = Walk::default();
    let mut json = serde_json::Deserializer::from_str(text);
    let end = Node { walk: &mut walk }.deserialize(&mut json).and_then(|()| json.end());
    match end {
        Ok(()) => Ok(text),
        Err(error) => {
            let reason = walk.refusal.take();
            let mut place = place::of_error(text, &error);
            place.pointer = walk.pointer();
            Err(ReadError::new(place, reason.unwrap_or_else(|| Reason::Syntax(place::message(&error)))))
        }
    }
}

/// Checks size and encoding, and drops a byte order mark.
pub(crate) fn decode(bytes: &[u8]) -> Result<&str, ReadError> {
    if bytes.len() > DOCUMENT_BYTES {
        return Err(ReadError::whole(Reason::TooLarge { bytes: bytes.len(), limit: DOCUMENT_BYTES }));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let (line, column) = place::line_column(&bytes[..error.valid_up_to()]);
        let place = Place { line: Some(line), column: Some(column), ..Place::default() };
        ReadError::new(place, Reason::NotUtf8)
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Where the pass stands. Keys of all open objects lie in one stack, so that nothing is allocated
/// for an object; an error leaves the stacks as they were, which is the place.
#[derive(Default)]
struct Walk<'de> {
    keys: Vec<Cow<'de, str>>,
    open: Vec<Open>,
    refusal: Option<Reason>,
}

enum Open {
    /// Its keys begin here in the stack of keys.
    Object { keys_from: usize },
    /// The element that is being read.
    Array { index: usize },
}

impl<'de> Walk<'de> {
    fn enter<E: serde::de::Error>(&mut self, open: Open) -> Result<(), E> {
        if self.open.len() >= DEPTH {
            return Err(self.refuse(Reason::TooDeep { limit: DEPTH }));
        }
        self.open.push(open);
        Ok(())
    }

    fn refuse<E: serde::de::Error>(&mut self, reason: Reason) -> E {
        self.refusal = Some(reason);
        E::custom("refused")
    }

    fn string<E: serde::de::Error>(&mut self, text: &str) -> Result<(), E> {
        match text.len() {
            bytes if bytes > STRING_BYTES => {
                Err(self.refuse(Reason::LongString { bytes, limit: STRING_BYTES }))
            }
            _ => Ok(()),
        }
    }

    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for (at, open) in self.open.iter().enumerate() {
            match open {
                Open::Array { index } => place::push(&mut pointer, &index.to_string()),
                Open::Object { keys_from } => {
                    let inner = self.open[at + 1..].iter().find_map(|open| match open {
                        Open::Object { keys_from } => Some(*keys_from),
                        Open::Array { .. } => None,
                    });
                    let keys = &self.keys[*keys_from..inner.unwrap_or(self.keys.len())];
                    if let Some(key) = keys.last() {
                        place::push(&mut pointer, key);
                    }
                }
            }
        }
        pointer
    }
}

/// One value of the document.
struct Node<'w, 'de> {
    walk: &'w mut Walk<'de>,
}

impl<'de> DeserializeSeed<'de> for Node<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.walk.string(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.walk.enter(Open::Array { index: 0 })?;
        while list.next_element_seed(Node { walk: self.walk })?.is_some() {
            if let Some(Open::Array { index }) = self.walk.open.last_mut() {
                *index += 1;
            }
        }
        self.walk.open.pop();
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let keys_from = self.walk.keys.len();
        self.walk.enter(Open::Object { keys_from })?;
        let mut many: HashSet<Cow<'de, str>> = HashSet::new();
        while let Some(key) = map.next_key_seed(Key)? {
            if key.len() > KEY_BYTES {
                return Err(self.walk.refuse(Reason::LongKey { bytes: key.len(), limit: KEY_BYTES }));
            }
            let keys = &self.walk.keys[keys_from..];
            let seen = if keys.len() <= KEYS_SCANNED {
                keys.contains(&key)
            } else {
                if many.is_empty() {
                    many.extend(keys.iter().cloned());
                }
                !many.insert(key.clone())
            };
            if seen {
                let reason = Reason::DuplicateKey(key.to_string());
                self.walk.keys.push(key);
                return Err(self.walk.refuse(reason));
            }
            self.walk.keys.push(key);
            map.next_value_seed(Node { walk: self.walk })?;
        }
        self.walk.keys.truncate(keys_from);
        self.walk.open.pop();
        Ok(())
    }
}

/// A key, borrowed from the document unless it has escapes.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        admit(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn duplicate_keys_are_refused_wherever_they_are() {
        assert_eq!(
            refusal(r#"{"a":[1,{"b":2,"b":3}]}"#),
            r#"/a/1/b (line 1 column 18): the key "b" stands there twice"#
        );
        assert_eq!(
            refusal("{\n \"id\": 1,\n \"i\\u0064\": 2}"),
            r#"/id (line 3 column 10): the key "id" stands there twice"#
        );
        let many: String = (0..200).map(|i| format!("\"k{i}\":{i},")).collect();
        assert!(refusal(&format!("{{{many}\"k7\":0}}")).starts_with("/k7 (line 1"));
        assert!(admit(br#"{"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":1}]}"#).is_ok());
    }

    #[test]
    fn depth_sizes_and_encoding_have_limits_that_are_named() {
        let deep = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(admit(deep(DEPTH).as_bytes()).is_ok());
        assert!(refusal(&deep(DEPTH + 1)).ends_with("nested deeper than 64 levels"));
        assert!(refusal(&deep(100_000)).ends_with("nested deeper than 64 levels"));
        let long = format!("{{\"details\":\"{}\"}}", "x".repeat(STRING_BYTES + 1));
        assert!(refusal(&long).starts_with("/details"), "{}", &refusal(&long)[..80]);
        let error = admit(&vec![b' '; DOCUMENT_BYTES + 1]).unwrap_err();
        assert_eq!(error.reason, Reason::TooLarge { bytes: DOCUMENT_BYTES + 1, limit: DOCUMENT_BYTES });
        let error = admit(b"{\n\"a\": \"\xff\"}").unwrap_err();
        assert_eq!(error.to_string(), "document (line 2 column 7): not UTF-8");
    }

    #[test]
    fn grammar_is_json_and_nothing_more() {
        for (text, expected) in [
            (r#"{"a": {"b": nul}}"#, "/a/b (line 1 column 16): expected ident"),
            (r#"{"a": 1"#, "/a (line 1 column 7): EOF while parsing an object"),
            (r#"{"a": 1e999}"#, "/a (line 1 column 11): number out of range"),
            ("{} {}", "document (line 1 column 4): trailing characters"),
            ("", "document (line 1 column 0): EOF while parsing a value"),
        ] {
            assert_eq!(refusal(text), expected);
        }
        assert_eq!(admit("\u{feff}{}".as_bytes()), Ok("{}"));
    }
}
