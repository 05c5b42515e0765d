//! What a draft lacks, for programs and for the people behind them.

use crate::advisories::rules::blocking;
use formats::{Advisory, Finding};
use serde::Serialize;

/// Something that is missing or wrong.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct FindingBody {
    /// Whether the draft cannot go out like this.
    stops: bool,
    /// The format that minds, for people: `CSAF`, `CVE`, `OSV`, `all formats`.
    format: &'static str,
    /// Where, as a JSON pointer (RFC 6901) into `advisory`.
    pointer: String,
    /// Where, for people.
    label: String,
    /// Why.
    reason: String,
}

/// `/products/0/versions/1/which` for people: "Product 1, version 2, which".
fn label(pointer: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for part in pointer.split('/').skip(1) {
        match (part.parse::<usize>(), words.last_mut()) {
            (Ok(at), Some(list)) => {
                let one = list.strip_suffix("ies").map(|stem| format!("{stem}y"));
                let one = one.unwrap_or_else(|| list.trim_end_matches('s').to_owned());
                *list = format!("{one} {}", at + 1);
            }
            _ => words.push(part.replace('_', " ")),
        }
    }
    let mut text = words.join(", ");
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    if text.is_empty() { "The advisory".into() } else { text }
}

pub(super) fn findings(draft: &Advisory) -> Vec<FindingBody> {
    let stopping = blocking(draft);
    let mut all = draft.check();
    all.sort_by_key(|finding| !stopping.contains(finding));
    let body = |finding: Finding| FindingBody {
        stops: stopping.contains(&finding),
        format: finding.format.label(),
        label: label(&finding.place),
        pointer: finding.place,
        reason: finding.reason,
    };
    all.into_iter().map(body).collect()
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn a_place_is_named_for_people() {
        for (pointer, expected) in [
            ("/title", "Title"),
            ("/products/0/versions/1/which", "Product 1, version 2, which"),
            ("/severities/0/vector", "Severity 1, vector"),
            ("/references/2/url", "Reference 3, url"),
            ("/exploited/first_seen", "Exploited, first seen"),
            ("", "The advisory"),
        ] {
            assert_eq!(label(pointer), expected);
        }
    }
}
