//! The door: one pass over a JSON document that refuses what must not come in.
//!
//! It checks size, encoding, nesting, string lengths and duplicate keys, everywhere in the document
//! and not only where a reader looks. It leaves the grammar to the readers behind it, who parse
//! with plain typed structs and refuse what is no JSON: so this pass need only look at quotes,
//! brackets and commas, and costs a fraction of theirs.

use crate::limits::{DEPTH, DOCUMENT_BYTES, KEY_BYTES, STRING_BYTES};
use crate::place;
use crate::read::{Place, ReadError, Reason};
use std::borrow::Cow;
use std::collections::HashSet;

/// Objects with more keys than this are searched by hash instead of one by one.
const KEYS_SCANNED: usize = 16;
/// Few documents have more open brackets, or keys in them, at once.
const USUAL: usize = 32;

/// The document as text, if it may come in.
pub(crate) fn admit(bytes: &[u8]) -> Result<&str, ReadError> {
    let text = decode(bytes)?;
    match scan(text) {
        Ok(()) => Ok(text),
        Err((at, reason)) => Err(ReadError::new(place::at(text, at), reason)),
    }
}

/// Checks size and encoding, and drops a byte order mark.
pub(crate) fn decode(bytes: &[u8]) -> Result<&str, ReadError> {
    text(bytes, DOCUMENT_BYTES)
}

/// The same for what may be larger than a record.
pub(crate) fn text(bytes: &[u8], limit: usize) -> Result<&str, ReadError> {
    if bytes.len() > limit {
        return Err(ReadError::whole(Reason::TooLarge { bytes: bytes.len(), limit }));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let (line, column) = place::line_column(&bytes[..error.valid_up_to()]);
        let place = Place { line: Some(line), column: Some(column), ..Place::default() };
        ReadError::new(place, Reason::NotUtf8)
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// An open bracket.
enum Open {
    /// The keys of this object begin here in the stack of keys.
    Object(usize),
    Array,
}

/// What is refused, and after how many bytes.
type Refused = (usize, Reason);

/// The keys of all open objects lie in one stack, so that nothing is allocated for an object.
fn scan(text: &str) -> Result<(), Refused> {
    let mut keys: Vec<Cow<'_, str>> = Vec::with_capacity(USUAL);
    let mut many: Vec<HashSet<Cow<'_, str>>> = Vec::new();
    let mut open: Vec<Open> = Vec::with_capacity(USUAL);
    let mut key_expected = false;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => {
                let end = place::string_end(bytes, at);
                if let (true, Some(Open::Object(keys_from))) = (key_expected, open.last()) {
                    keys.push(key(text, at, end)?);
                    if let Some(twice) = repeated(&keys[*keys_from..], &mut many, open.len()) {
                        return Err((end + 1, Reason::DuplicateKey(twice.to_owned())));
                    }
                    key_expected = false;
                } else if end - at > STRING_BYTES {
                    return Err((at, Reason::LongString { bytes: end - at, limit: STRING_BYTES }));
                }
                at = end + 1;
            }
            b'{' | b'[' => {
                if open.len() >= DEPTH {
                    return Err((at, Reason::TooDeep { limit: DEPTH }));
                }
                key_expected = byte == b'{';
                open.push(if key_expected { Open::Object(keys.len()) } else { Open::Array });
            }
            b'}' | b']' => {
                if let Some(Open::Object(keys_from)) = open.pop() {
                    keys.truncate(keys_from);
                    many.truncate(open.len());
                }
                key_expected = false;
            }
            b',' => key_expected = matches!(open.last(), Some(Open::Object(_))),
            // Indentation is half of many documents.
            b'\n' => at += bytes[at..].iter().position(|byte| *byte != b' ').unwrap_or(0),
            _ => {}
        }
    }
    Ok(())
}

/// The key between these quotes, borrowed unless it has escapes.
fn key(text: &str, from: usize, to: usize) -> Result<Cow<'_, str>, Refused> {
    if to - from > KEY_BYTES {
        return Err((to, Reason::LongKey { bytes: to - from, limit: KEY_BYTES }));
    }
    Ok(place::unescape(text.get(from..to).unwrap_or_default()))
}

/// The last of these keys if the object had it before. Objects with many keys get a set, one for
/// each depth.
fn repeated<'a, 'k>(
    keys: &'k [Cow<'a, str>],
    many: &mut Vec<HashSet<Cow<'a, str>>>,
    depth: usize,
) -> Option<&'k str> {
    let (last, earlier) = keys.split_last()?;
    let seen = if earlier.len() <= KEYS_SCANNED {
        earlier.contains(last)
    } else {
        many.resize_with(depth.max(many.len()), HashSet::new);
        let set = many.last_mut()?;
        if set.is_empty() {
            set.extend(earlier.iter().cloned());
        }
        !set.insert(last.clone())
    };
    seen.then_some(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
    fn many_keys_in_nested_objects_are_told_apart() {
        let many: String = (0..100).map(|i| format!("\"k{i}\":0,")).collect();
        let object = format!("{{{many}\"z\":0}}");
        let nested = format!("{{{many}\"x\":{object},\"y\":[{object},{object}],\"z\":0}}");
        assert!(admit(nested.as_bytes()).is_ok());
        let twice = format!("{{{many}\"x\":{object},\"y\":1,\"k3\":0}}");
        assert!(refusal(&twice).starts_with("/k3 "));
    }

    /// Any JSON: the map cannot hold a key twice.
    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        use serde_json::Value;
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 200, 30, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                prop::collection::hash_map("[\"\\\\a-d/{},\u{e9}]{0,3}", inner, 0..30)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn every_document_with_distinct_keys_comes_in(json in any_json()) {
            let text = serde_json::to_string_pretty(&json).unwrap();
            prop_assert_eq!(admit(text.as_bytes()), Ok(text.as_str()));
        }
    }

    #[test]
    fn what_is_no_json_is_left_to_the_reader() {
        for text in ["", "}]", "\"", "\"\\", "{\"a\\", "{\"\\u12\":1}", "[}{]", "{,}", "nul"] {
            assert!(admit(text.as_bytes()).is_ok(), "{text}");
        }
        assert_eq!(admit("\u{feff}{}".as_bytes()), Ok("{}"));
    }
}
