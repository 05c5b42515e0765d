//! Formatted strings: `cpe:2.3:a:vendor:product:1.0:*:*:*:*:*:*:*` (NISTIR 7695, 6.2).

use std::fmt;

use super::value::{Value, escape, unescape};
use super::{Attribute, BadCpe, Cpe};

/// Reads what follows `cpe:2.3:`.
pub(super) fn read(text: &str) -> Result<Cpe, BadCpe> {
    let mut name = Cpe::any();
    let mut attributes = Attribute::ALL.iter();
    let mut count = 2;
    for part in Parts(Some(text)) {
        count += 1;
        let Some(attribute) = attributes.next() else { continue };
        if count <= 13 {
            name.set(*attribute, value(part, attribute.label())?);
        }
    }
    if count == 13 { Ok(name) } else { Err(BadCpe::Count(count)) }
}

fn value(text: &str, attribute: &'static str) -> Result<Value, BadCpe> {
    match text {
        "*" => Ok(Value::Any),
        "-" => Ok(Value::NotApplicable),
        text => unescape(text, false, attribute),
    }
}

/// The parts between colons that have no backslash before them.
struct Parts<'a>(Option<&'a str>);

impl<'a> Iterator for Parts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.0?;
        let mut is_escaped = false;
        for (at, byte) in text.bytes().enumerate() {
            if byte == b':' && !is_escaped {
                self.0 = text.get(at + 1..);
                return text.get(..at);
            }
            is_escaped = byte == b'\\' && !is_escaped;
        }
        self.0.take()
    }
}

pub(super) fn write(name: &Cpe, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut text = String::from("cpe:2.3");
    for attribute in Attribute::ALL {
        text.push(':');
        match name.get(attribute) {
            Value::Any => text.push('*'),
            Value::NotApplicable => text.push('-'),
            // A hyphen alone would mean that the attribute does not apply.
            Value::Text(value) if value.body == "-" && value.is_plain() => text.push_str("\\-"),
            Value::Text(value) => escape(value, b".-", &mut text),
        }
    }
    f.write_str(&text)
}
