//! The bytes that are hashed: JSON with sorted keys, no spaces, no floats.
//!
//! Order must not hang on which map a library chose, so keys are sorted here.

use serde::Serialize;
use serde_json::Value;

/// Appends the canonical bytes of a value.
pub(super) fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| key.as_str());
            out.push(b'{');
            for (i, (key, value)) in entries.into_iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                leaf(key, out);
                out.push(b':');
                write(value, out);
            }
            out.push(b'}');
        }
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write(item, out);
            }
            out.push(b']');
        }
        other => leaf(other, out),
    }
}

/// A string, number, truth value or null: serde_json escapes strings and prints integers in one way only.
pub(super) fn leaf<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    // Memory takes every byte. Whatever was cut short would not read back, which is looked at before
    // anything is stored.
    let _ = serde_json::to_writer(out, value);
}

/// Whether a number in it has a fraction, which different readers may round differently.
pub(super) fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(items) => items.iter().any(has_fraction),
        Value::Object(map) => map.values().any(has_fraction),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let value = json!({"b": [{"z": 1, "a": null}], "a": "ä\n\"", "Z": true});
        let mut bytes = Vec::new();
        write(&value, &mut bytes);
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, r#"{"Z":true,"a":"ä\n\"","b":[{"a":null,"z":1}]}"#);
    }
}
