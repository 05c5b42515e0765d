//! YAML to JSON, with limits. Behind it everything is one path.

use crate::door;
use crate::limits::{DEPTH, DOCUMENT_BYTES, STRING_BYTES, YAML_ALIASES, YAML_EVENTS};
use crate::read::{Place, ReadError, Reason};
use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// The same document as JSON text, keys in their order. Only the JSON part of YAML passes: string
/// keys, no second document, no duplicate or merge keys, no infinite numbers.
///
/// # Errors
/// If it is no such YAML or breaks a limit, with line and column. Aliases count as what they stand
/// for, so a small document that unfolds into a large one is refused like a large one.
pub fn to_json(bytes: &[u8]) -> Result<String, ReadError> {
    let text = door::decode(bytes)?;
    let mut json = Json::default();
    let mut refusal = None;
    serde_saphyr::with_deserializer_from_str_with_options(text, options(), |yaml| {
        let result = Node(&mut json).deserialize(yaml);
        refusal = json.refusal.take();
        result
    })
    .map_err(|error| {
        let location = error.location();
        let place = Place {
            pointer: String::new(),
            line: location.and_then(|at| usize::try_from(at.line()).ok()),
            column: location.and_then(|at| usize::try_from(at.column()).ok()),
        };
        ReadError::new(place, refusal.unwrap_or_else(|| Reason::Syntax(message(&error))))
    })?;
    Ok(json.text)
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: DEPTH,
            max_events: YAML_EVENTS,
            max_nodes: YAML_EVENTS,
            max_aliases: YAML_ALIASES,
            max_anchors: YAML_ALIASES,
            max_documents: 1,
            max_total_scalar_bytes: DOCUMENT_BYTES,
            max_recorded_anchor_bytes: DOCUMENT_BYTES,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: YAML_EVENTS,
            max_replay_stack_depth: 16,
        },
        merge_keys: serde_saphyr::options::MergeKeyPolicy::Error,
    }
}

/// One line: the library adds the place, which we have, and an excerpt of the document.
fn message(error: &serde_saphyr::Error) -> String {
    let message = error.without_snippet().to_string();
    let line = message.lines().next().unwrap_or("not YAML");
    line.split(" at line ").next().unwrap_or(line).to_owned()
}

/// The JSON text so far.
#[derive(Default)]
struct Json {
    text: String,
    refusal: Option<Reason>,
}

impl Json {
    fn push<E: serde::de::Error>(&mut self, part: &str) -> Result<(), E> {
        self.text.push_str(part);
        let bytes = self.text.len();
        if bytes > DOCUMENT_BYTES {
            self.refusal = Some(Reason::TooLarge { bytes, limit: DOCUMENT_BYTES });
            return Err(E::custom("refused"));
        }
        Ok(())
    }

    fn push_scalar<E: serde::de::Error>(&mut self, scalar: impl serde::Serialize) -> Result<(), E> {
        self.push(&serde_json::to_string(&scalar).map_err(E::custom)?)
    }
}

/// One value of the document, to be written as JSON.
struct Node<'j>(&'j mut Json);

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, yaml: D) -> Result<(), D::Error> {
        yaml.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON can hold")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<(), E> {
        self.0.push_scalar(value)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        self.0.push_scalar(value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        self.0.push_scalar(value)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        self.0.push_scalar(value)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.0.push("null")
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<(), E> {
        self.0.push("null")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        if text.len() > STRING_BYTES {
            self.0.refusal = Some(Reason::LongString { bytes: text.len(), limit: STRING_BYTES });
            return Err(E::custom("refused"));
        }
        self.0.push_scalar(text)
    }

    fn visit_some<D: Deserializer<'de>>(self, yaml: D) -> Result<(), D::Error> {
        yaml.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.0.push("[")?;
        let first = self.0.text.len();
        loop {
            let before = self.0.text.len();
            if before > first {
                self.0.push(",")?;
            }
            if list.next_element_seed(Node(self.0))?.is_none() {
                self.0.text.truncate(before);
                return self.0.push("]");
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.0.push("{")?;
        let first = self.0.text.len();
        while let Some(key) = map.next_key::<String>()? {
            if self.0.text.len() > first {
                self.0.push(",")?;
            }
            self.0.push_scalar(key)?;
            self.0.push(":")?;
            map.next_value_seed(Node(self.0))?;
        }
        self.0.push("}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_yaml_becomes_the_same_json() {
        let yaml = "id: X-1\nversions: ['1.10', \"2\"]\naffected:\n- a: null\n  b: true\n  c: []\n- {}\n- d: ~\n  e: 1.5\n";
        assert_eq!(
            to_json(yaml.as_bytes()).unwrap(),
            r#"{"id":"X-1","versions":["1.10","2"],"affected":[{"a":null,"b":true,"c":[]},{},{"d":null,"e":1.5}]}"#
        );
        assert_eq!(to_json(b"a: &x [1, 2]\nb: *x\n").unwrap(), r#"{"a":[1,2],"b":[1,2]}"#);
    }

    #[test]
    fn bombs_and_lies_are_refused_with_their_place() {
        let bomb = |leaf: &str, levels: usize| {
            let mut bomb = format!("a0: &a0 [{leaf}]\n");
            for level in 1..levels {
                let previous = format!("*a{}, ", level - 1).repeat(9);
                bomb.push_str(&format!("a{level}: &a{level} [{previous}x]\n"));
            }
            bomb
        };
        let text = "x".repeat(100_000);
        for text in [
            bomb("x, x, x, x, x, x", 12),
            bomb(&text, 4),
            "id: a\nid: b\n".to_owned(),
            "a: [1, 2\nb: 3\n".to_owned(),
            "a: b\n---\nc: d\n".to_owned(),
            "a: .inf\n".to_owned(),
            "<<: {a: 1}\nb: 2\n".to_owned(),
            "[a, b]: c\n".to_owned(),
            "[".repeat(5000),
            "- ".repeat(5000),
        ] {
            let error = to_json(text.as_bytes()).unwrap_err();
            assert!(error.place.line.is_some(), "{error}: {}", text.get(..40).unwrap_or(&text));
            assert!(!error.to_string().contains('\n'), "{error}");
        }
    }
}
