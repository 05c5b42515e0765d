//! Well-formed names in the notation of NISTIR 7695, 5: `wfn:[part="a",vendor="microsoft"]`.

use super::value::{Value, escape, unescape};
use super::{Attribute, BadCpe, Cpe};

/// Reads what follows `wfn:[`.
pub(super) fn read(text: &str) -> Result<Cpe, BadCpe> {
    let mut name = Cpe::any();
    let mut rest = text.trim_start();
    let mut seen = [false; 11];
    while !rest.starts_with(']') {
        let (label, after) = rest.split_once('=').ok_or_else(|| malformed(rest))?;
        let attribute =
            Attribute::ALL.into_iter().find(|attribute| attribute.label().eq_ignore_ascii_case(label.trim()));
        let attribute = attribute.ok_or_else(|| malformed(label))?;
        let twice = seen.get_mut(attribute as usize).is_some_and(|seen| std::mem::replace(seen, true));
        if twice {
            return Err(malformed(label));
        }
        let (value, after) = value(after.trim_start(), attribute.label())?;
        name.set(attribute, value);
        rest = after.trim_start();
        match rest.strip_prefix(',') {
            Some(next) => rest = next.trim_start(),
            None if rest.starts_with(']') => {}
            None => return Err(malformed(rest)),
        }
    }
    if rest == "]" { Ok(name) } else { Err(malformed(rest)) }
}

fn malformed(at: &str) -> BadCpe {
    BadCpe::Wfn(at.chars().take(40).collect())
}

fn value<'a>(text: &'a str, attribute: &'static str) -> Result<(Value, &'a str), BadCpe> {
    if let Some(rest) = text.strip_prefix("ANY") {
        return Ok((Value::Any, rest));
    }
    if let Some(rest) = text.strip_prefix("NA") {
        return Ok((Value::NotApplicable, rest));
    }
    let quoted = text.strip_prefix('"').ok_or_else(|| malformed(text))?;
    let mut is_escaped = false;
    for (at, byte) in quoted.bytes().enumerate() {
        if byte == b'"' && !is_escaped {
            let inside = quoted.get(..at).unwrap_or_default();
            return Ok((unescape(inside, true, attribute)?, quoted.get(at + 1..).unwrap_or_default()));
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    Err(malformed(text))
}

/// Attributes of which nothing is said are left out.
pub(super) fn write(name: &Cpe) -> String {
    let mut text = String::from("wfn:[");
    for attribute in Attribute::ALL {
        let value = name.get(attribute);
        if *value == Value::Any {
            continue;
        }
        if !text.ends_with('[') {
            text.push(',');
        }
        text.push_str(attribute.label());
        text.push('=');
        match value {
            Value::Any => {}
            Value::NotApplicable => text.push_str("NA"),
            Value::Text(value) => {
                text.push('"');
                escape(value, b"", &mut text);
                text.push('"');
            }
        }
    }
    text.push(']');
    text
}
