//! Percent-encoding as package URLs and version ranges have it.
//!
//! Authority: the purl specification, "Character encoding", to which VERS refers.

/// The text behind the encoding; None where a percent sign has no two hexadecimal digits behind
/// it, or the bytes are not UTF-8.
pub(crate) fn decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let (high, low) = (digit(rest.next())?, digit(rest.next())?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// Writes a text with all but letters, digits, `.-_~` and the colon encoded.
pub(crate) fn encode(to: &mut String, text: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_~:".contains(&byte) {
            to.push(char::from(byte));
        } else {
            to.push('%');
            to.extend(
                [usize::from(byte >> 4), usize::from(byte & 15)].map(|digit| HEX.get(digit).unwrap_or(&'0')),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        for text in ["", "1:2.0+b~1", "a/b|c d%é", "%25"] {
            let mut encoded = String::new();
            encode(&mut encoded, text);
            assert!(encoded.is_ascii());
            assert_eq!(decode(&encoded).as_deref(), Some(text));
        }
        for broken in ["%", "%2", "%zz", "a%2", "%ff", "%+1"] {
            assert_eq!(decode(broken), None, "{broken}");
        }
    }
}
