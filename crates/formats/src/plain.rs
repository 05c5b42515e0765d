//! What a JSON parser finds wrong, in plain words. Its own stand behind them where they say more.

use serde_json::error::Category;

/// What is wrong, without the place.
pub(crate) fn message(error: &serde_json::Error) -> String {
    let mut own = error.to_string();
    if let Some(at) = own.rfind(" at line ") {
        own.truncate(at);
    }
    match error.classify() {
        Category::Eof => format!("it ends in the middle; if it was cut off, fetch it again ({own})"),
        Category::Syntax => format!("from here on it is no JSON ({own})"),
        Category::Data | Category::Io => shape(&own).unwrap_or(own),
    }
}

/// JSON of another shape than the format has.
fn shape(own: &str) -> Option<String> {
    if let Some(field) = own.strip_prefix("missing field ") {
        return Some(format!("{field} is missing"));
    }
    if let Some(said) = own.strip_prefix("unknown variant ") {
        let (word, known) = said.split_once(", expected ")?;
        return Some(format!("{word} is no word that may stand here: {known}"));
    }
    if own.starts_with("data did not match any variant") {
        return Some(format!("nothing that may stand here looks like this ({own})"));
    }
    let (found, expected) = own.strip_prefix("invalid type: ")?.rsplit_once(", expected ")?;
    Some(format!("{} stands where {} belongs", found_words(found), expected_words(expected)))
}

fn found_words(found: &str) -> String {
    match found.split_once(' ') {
        Some(("string", text)) => format!("the text {text}"),
        Some(("integer" | "boolean", value)) => format!("the value {value}"),
        Some(("floating", value)) => format!("the value {}", value.trim_start_matches("point ")),
        _ => expected_words(&format!("a {found}")),
    }
}

fn expected_words(expected: &str) -> String {
    match expected {
        "a sequence" => "a list",
        "a map" => "an object",
        "a null" => "null",
        "a string" => "a text",
        "a boolean" => "true or false",
        "u8" | "u16" | "u32" | "u64" | "usize" | "i32" | "i64" | "f32" | "f64" => "a number",
        record if record.starts_with("struct ") => "an object",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::message;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Sample {
        name: String,
        list: Option<Vec<f64>>,
        inner: Option<Box<Sample>>,
        word: Option<Word>,
        either: Option<Either>,
    }

    #[derive(Debug, Deserialize)]
    enum Word {
        And,
        Or,
    }

    #[derive(Debug, Deserialize)]
    #[serde(untagged)]
    #[expect(dead_code, reason = "only read")]
    enum Either {
        Text(String),
        Flag(bool),
    }

    #[test]
    fn what_is_wrong_is_said_without_the_words_of_a_library() {
        for (text, expected) in [
            ("{}", "`name` is missing"),
            (r#"{"name": 7}"#, "the value `7` stands where a text belongs"),
            (r#"{"name": 1.5}"#, "the value `1.5` stands where a text belongs"),
            (r#"{"name": null}"#, "null stands where a text belongs"),
            (r#"{"name": ["x"]}"#, "a list stands where a text belongs"),
            (r#"{"name": "", "list": {}}"#, "an object stands where a list belongs"),
            (r#"{"name": "", "list": ["x"]}"#, "the text \"x\" stands where a number belongs"),
            (r#"{"name": "", "inner": true}"#, "the value `true` stands where an object belongs"),
            (r#"{"name": "", "word": "Xor"}"#, "`Xor` is no word that may stand here: `And` or `Or`"),
            (
                r#"{"name": "", "either": 7}"#,
                "nothing that may stand here looks like this (data did not match any variant of untagged enum Either)",
            ),
            (
                r#"{"name": "#,
                "it ends in the middle; if it was cut off, fetch it again (EOF while parsing a value)",
            ),
            (r#"{"name": nul}"#, "from here on it is no JSON (expected ident)"),
        ] {
            assert_eq!(message(&serde_json::from_str::<Sample>(text).unwrap_err()), expected, "{text}");
        }
    }
}
