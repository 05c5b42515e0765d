//! URIs: `cpe:/a:vendor:product:1.0` (NISTIR 7695, 6.1), with later attributes packed into the
//! edition: `~edition~sw_edition~target_sw~target_hw~other`.

use super::value::{Sign, Text, Value, collect, wild};
use super::{Attribute, BadCpe, Cpe};

/// The attributes that a packed edition holds.
const PACKED: [Attribute; 5] = [
    Attribute::Edition,
    Attribute::SoftwareEdition,
    Attribute::TargetSoftware,
    Attribute::TargetHardware,
    Attribute::Other,
];

/// Reads what follows `cpe:/`.
pub(super) fn read(text: &str) -> Result<Cpe, BadCpe> {
    let mut name = Cpe::any();
    let mut attributes = Attribute::ALL.iter().take(7);
    for part in text.split(':') {
        let attribute = *attributes.next().ok_or(BadCpe::Uri)?;
        match part.strip_prefix('~') {
            Some(packed) if attribute == Attribute::Edition => {
                let values: Vec<_> = packed.split('~').collect();
                if values.len() != PACKED.len() {
                    return Err(BadCpe::Uri);
                }
                for (attribute, part) in PACKED.iter().zip(values) {
                    name.set(*attribute, value(part, attribute.label())?);
                }
            }
            _ => name.set(attribute, value(part, attribute.label())?),
        }
    }
    Ok(name)
}

fn value(text: &str, attribute: &'static str) -> Result<Value, BadCpe> {
    match text {
        "" => return Ok(Value::Any),
        "-" => return Ok(Value::NotApplicable),
        _ => {}
    }
    let broken = BadCpe::Character(attribute);
    let mut signs = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            signs.push(Sign::Plain(byte));
            continue;
        }
        let (Some(high), Some(low)) = (digit(bytes.next()), digit(bytes.next())) else { return Err(broken) };
        signs.push(match u8::try_from(high * 16 + low) {
            Ok(1) => Sign::One,
            Ok(2) => Sign::Many,
            Ok(byte) => Sign::Plain(byte),
            Err(_) => return Err(broken),
        });
    }
    collect(&signs, attribute)
}

pub(super) fn write(name: &Cpe) -> String {
    let mut text = String::from("cpe:/");
    for attribute in Attribute::ALL.iter().take(7) {
        if *attribute != Attribute::Part {
            text.push(':');
        }
        let is_packed = PACKED.iter().skip(1).any(|packed| *name.get(*packed) != Value::Any);
        if *attribute == Attribute::Edition && is_packed {
            for packed in PACKED {
                text.push('~');
                push(name.get(packed), &mut text);
            }
        } else {
            push(name.get(*attribute), &mut text);
        }
    }
    text.truncate(text.trim_end_matches(':').len());
    if text == "cpe" { "cpe:/".to_owned() } else { text }
}

fn push(value: &Value, to: &mut String) {
    match value {
        Value::Any => {}
        Value::NotApplicable => to.push('-'),
        Value::Text(Text { before, body, after }) => {
            wild(*before, "%02", "%01", to);
            for byte in body.bytes() {
                // A hyphen alone would mean that the attribute does not apply.
                let is_alone = byte == b'-' && body.len() == 1;
                if (byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')) && !is_alone {
                    to.push(char::from(byte));
                } else {
                    to.push_str(&format!("%{byte:02x}"));
                }
            }
            wild(*after, "%02", "%01", to);
        }
    }
}
