//! Writing JSON.

use serde::Serialize;

/// Indented, fields in the order of their structs, with a line break at the end.
pub(crate) fn pretty(document: &impl Serialize) -> String {
    // Writing plain structs into memory has no way to fail.
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}
