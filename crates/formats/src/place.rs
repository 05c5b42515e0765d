//! Places in JSON text: from the line and column that a parser reports to a JSON pointer.
//!
//! This runs for a refused document only, so the readers pay nothing for it.

use crate::read::Place;
use std::borrow::Cow;

/// The place after this many bytes.
pub(crate) fn at(text: &str, before: usize) -> Place {
    let before = text.as_bytes().get(..before).unwrap_or(text.as_bytes());
    let (line, column) = line_column(before);
    Place { pointer: pointer_at(before), line: Some(line), column: Some(column.max(2) - 1) }
}

/// Where a parser's error lies.
pub(crate) fn of_error(text: &str, error: &serde_json::Error) -> Place {
    let (line, column) = (error.line(), error.column());
    let end = offset(text.as_bytes(), line, column);
    // What is wrong with the data is said at its end; what is wrong with the grammar, at the byte
    // that should not be there.
    let before = if error.is_data() { end } else { end.saturating_sub(1) };
    Place {
        pointer: pointer_at(&text.as_bytes()[..before]),
        line: (line > 0).then_some(line),
        column: (line > 0).then_some(column),
    }
}

/// Line and column of what follows these bytes, both from 1.
pub(crate) fn line_column(before: &[u8]) -> (usize, usize) {
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|&&byte| byte != b'\n').count() + 1;
    (line, column)
}

/// Adds a step to a pointer, escaped as RFC 6901 says.
pub(crate) fn push(pointer: &mut String, step: &str) {
    pointer.push('/');
    for letter in step.chars() {
        match letter {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// How many bytes lie before the end of this line and column.
fn offset(text: &[u8], line: usize, column: usize) -> usize {
    let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    let start = std::iter::once(0).chain(ends).nth(line.saturating_sub(1)).unwrap_or(0);
    start.saturating_add(column).min(text.len())
}

/// An open object or array, and which of its members is being read.
enum Open {
    Object(Option<String>),
    Array(Option<usize>),
}

/// The pointer to the value in whose middle or at whose end the text stops.
fn pointer_at(text: &[u8]) -> String {
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    let mut key_expected = false;
    while let Some(&byte) = text.get(at) {
        if !matches!(byte, b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t')
            && let Some(Open::Array(index @ None)) = open.last_mut()
        {
            *index = Some(0);
        }
        at += 1;
        match byte {
            b'"' => {
                let end = string_end(text, at);
                if let (true, Some(Open::Object(key))) = (key_expected, open.last_mut()) {
                    let raw = std::str::from_utf8(&text[at..end]).unwrap_or_default();
                    *key = Some(unescape(raw).into_owned());
                    key_expected = false;
                }
                at = end + 1;
            }
            b'{' => {
                open.push(Open::Object(None));
                key_expected = true;
            }
            b'[' => {
                open.push(Open::Array(None));
                key_expected = false;
            }
            b'}' | b']' => {
                open.pop();
                key_expected = false;
            }
            b',' => match open.last_mut() {
                Some(Open::Array(Some(index))) => *index += 1,
                last => key_expected = matches!(last, Some(Open::Object(_))),
            },
            _ => {}
        }
    }
    let mut pointer = String::new();
    for level in open {
        match level {
            Open::Object(Some(key)) => push(&mut pointer, &key),
            Open::Array(Some(index)) => push(&mut pointer, &index.to_string()),
            Open::Object(None) | Open::Array(None) => {}
        }
    }
    pointer
}

/// What stands between two quotes, borrowed unless it has escapes. What cannot be unescaped is no
/// JSON; it is left as it is, for a parser to refuse.
pub(crate) fn unescape(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    serde_json::from_str(&format!("\"{raw}\"")).map_or(Cow::Borrowed(raw), Cow::Owned)
}

/// Where the string that begins here ends: at its closing quote, or with the text.
pub(crate) fn string_end(text: &[u8], mut at: usize) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or_default();
        match memchr::memchr2(b'"', b'\\', rest) {
            Some(stop) if rest[stop] == b'"' => return at + stop,
            Some(stop) => at += stop + 2,
            None => return text.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pointer_is_that_of_the_value_where_the_text_stops() {
        let pointer = |text: &str| pointer_at(text.as_bytes());
        assert_eq!(pointer(r#"{"a": [10, {"b/c": "x"#), "/a/1/b~1c");
        assert_eq!(pointer(r#"{"a": [10, {"b": 1}"#), "/a/1");
        assert_eq!(pointer(r#"{"a": ["#), "/a");
        assert_eq!(pointer(r#"{"a\"b": 1, "c"#), "/c");
        assert_eq!(pointer(r#"{"\u0061\"": 1"#), "/a\"");
        assert_eq!(pointer(r#"{"a": {}}"#), "");
        assert_eq!(pointer(r#"]]}},,"\"#), "");
    }

    #[test]
    fn strings_end_at_their_quote_however_long_they_are() {
        for length in 0..40 {
            let plain = "x".repeat(length);
            assert_eq!(string_end(format!("{plain}\"x").as_bytes(), 0), length);
            assert_eq!(string_end(format!("\"{plain}\\\"{plain}\"").as_bytes(), 1), 2 * length + 3);
            assert_eq!(string_end(format!("{plain}\\").as_bytes(), 0), length + 1);
            assert_eq!(string_end(plain.as_bytes(), 0), length);
        }
    }

    #[test]
    fn lines_and_columns_are_bytes_before_the_error() {
        assert_eq!(offset(b"ab\ncd\nef", 2, 1), 4);
        assert_eq!(offset(b"ab", 9, 9), 2);
        assert_eq!(line_column(b"ab\ncd"), (2, 3));
    }
}
