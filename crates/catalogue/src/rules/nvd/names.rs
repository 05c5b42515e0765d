//! CPE names as they are written.

use std::borrow::Cow;
use versions::cpe;

/// A version as it stands in a formatted CPE name (NISTIR 7695, 6.2).
pub(super) fn quoted(version: &str) -> String {
    let mut text = String::new();
    for letter in version.trim().chars() {
        match letter {
            letter if letter.is_ascii_alphanumeric() || "._-".contains(letter) => {
                text.push(letter.to_ascii_lowercase())
            }
            ' ' => text.push('_'),
            letter if letter.is_ascii_graphic() => text.extend(['\\', letter]),
            _ => {}
        }
    }
    text
}

/// A name as NVD writes it: some records have the older form, a URI (NISTIR 7695, 6.1).
pub(crate) fn formatted(name: &str) -> Cow<'_, str> {
    let is_uri = name.get(..5).is_some_and(|prefix| prefix.eq_ignore_ascii_case("cpe:/"));
    let read = if is_uri { name.parse::<cpe::Cpe>().ok() } else { None };
    read.map_or(Cow::Borrowed(name), |read| Cow::Owned(read.to_string()))
}

/// A formatted CPE 2.3 name, taken apart at its version.
pub(super) fn parts(name: &str) -> Option<(&str, &str, &str)> {
    name.strip_prefix("cpe:2.3:")?;
    let mut colons = Vec::new();
    let mut is_quoted = false;
    for (at, letter) in name.char_indices() {
        match letter {
            '\\' => is_quoted = !is_quoted,
            ':' if !is_quoted => colons.push(at),
            _ => is_quoted = false,
        }
    }
    let (from, to) = (*colons.get(4)?, *colons.get(5)?);
    (colons.len() == 12).then(|| (&name[..=from], &name[from + 1..to], &name[to..]))
}
