//! What a name says of one attribute, and how that is escaped.

use super::BadCpe;

/// What a name says of one attribute.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// Anything: nothing is said.
    Any,
    /// The attribute does not apply to the product.
    NotApplicable,
    /// A text, perhaps with wildcards at its ends.
    Text(Text),
}

/// A text without its escapes, in the letter case in which it was given.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text {
    /// What may stand before it.
    pub before: Wild,
    /// The text itself; not empty.
    pub body: String,
    /// What may stand behind it.
    pub after: Wild,
}

/// What may stand at an end of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wild {
    /// Nothing.
    Nothing,
    /// Up to this many characters: that many question marks.
    UpTo(usize),
    /// Anything: an asterisk.
    Anything,
}

impl Text {
    /// Whether there are no wildcards.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.before == Wild::Nothing && self.after == Wild::Nothing
    }

    pub(super) fn is_one_of(&self, words: &[&str]) -> bool {
        self.is_plain() && words.iter().any(|word| self.body.eq_ignore_ascii_case(word))
    }
}

/// One character of a value on its way in: itself, or a wildcard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Plain(u8),
    One,
    Many,
}

/// Makes a text of its characters, with the wildcards at its ends.
pub(super) fn collect(signs: &[Sign], attribute: &'static str) -> Result<Value, BadCpe> {
    let is_wild = |sign: &Sign| !matches!(sign, Sign::Plain(_));
    let begin = signs.iter().position(|sign| !is_wild(sign)).ok_or(BadCpe::Wildcard(attribute))?;
    let end = signs.iter().rposition(|sign| !is_wild(sign)).unwrap_or(begin);
    let (head, rest) = signs.split_at(begin);
    let (body, tail) = rest.split_at(end + 1 - begin);
    let mut text = String::with_capacity(body.len());
    for sign in body {
        match sign {
            Sign::Plain(byte) if byte.is_ascii_graphic() => text.push(char::from(*byte)),
            Sign::Plain(_) => return Err(BadCpe::Character(attribute)),
            _ => return Err(BadCpe::Wildcard(attribute)),
        }
    }
    let wild = |signs: &[Sign]| match signs {
        [] => Ok(Wild::Nothing),
        [Sign::Many] => Ok(Wild::Anything),
        signs if signs.iter().all(|sign| *sign == Sign::One) => Ok(Wild::UpTo(signs.len())),
        _ => Err(BadCpe::Wildcard(attribute)),
    };
    Ok(Value::Text(Text { before: wild(head)?, body: text, after: wild(tail)? }))
}

/// Reads a text with backslashes before characters that mean themselves. With `strict` all but
/// letters, digits, underscores and wildcards must have one.
pub(super) fn unescape(text: &str, strict: bool, attribute: &'static str) -> Result<Value, BadCpe> {
    if text.is_empty() {
        return Err(BadCpe::Empty(attribute));
    }
    // Most values have no escapes and no wildcards.
    let is_simple =
        |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || (!strict && matches!(byte, b'.' | b'-'));
    if text.bytes().all(is_simple) {
        return Ok(Value::Text(Text { before: Wild::Nothing, body: text.to_owned(), after: Wild::Nothing }));
    }
    let mut signs = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        signs.push(match byte {
            b'\\' => Sign::Plain(bytes.next().ok_or(BadCpe::Character(attribute))?),
            b'*' => Sign::Many,
            b'?' => Sign::One,
            byte if strict && !is_simple(byte) => return Err(BadCpe::Character(attribute)),
            byte => Sign::Plain(byte),
        });
    }
    collect(&signs, attribute)
}

/// Writes a text with backslashes before all but letters, digits, underscores and what `plain` has.
pub(super) fn escape(text: &Text, plain: &[u8], to: &mut String) {
    wild(text.before, "*", "?", to);
    for byte in text.body.bytes() {
        if !byte.is_ascii_alphanumeric() && byte != b'_' && !plain.contains(&byte) {
            to.push('\\');
        }
        to.push(char::from(byte));
    }
    wild(text.after, "*", "?", to);
}

/// Writes the wildcards of one end.
pub(super) fn wild(wild: Wild, many: &str, one: &str, to: &mut String) {
    match wild {
        Wild::Nothing => {}
        Wild::UpTo(count) => (0..count).for_each(|_| to.push_str(one)),
        Wild::Anything => to.push_str(many),
    }
}
