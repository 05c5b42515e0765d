//! Where a source says to read on, what matters most first.

use super::super::link;
use super::ROWS;
use catalogue::clip;
use formats::record::{Record, Reference};
use maud::{Markup, html};

/// References before the rest is folded away.
const OPEN: usize = 8;
/// Letters of an address that are shown; it leads to all of it.
const URL_CHARS: usize = 100;

/// What each source calls a reference, in our words, in the order in which people want them.
const KINDS: [(&[&str], &str); 7] = [
    (&["vendor-advisory", "advisory", "vendor advisory"], "advisory"),
    (&["patch", "fix"], "fix"),
    (&["mitigation"], "way around it"),
    (&["exploit", "evidence"], "how it is exploited"),
    (
        &[
            "third-party-advisory",
            "third party advisory",
            "us-government-resource",
            "us government resource",
            "government-resource",
            "vdb-entry",
            "vdb entry",
        ],
        "what others say",
    ),
    (
        &["issue-tracking", "issue tracking", "report", "mailing-list", "mailing list", "discussion"],
        "discussion",
    ),
    (
        &[
            "release-notes",
            "release notes",
            "product",
            "package",
            "web",
            "article",
            "technical-description",
            "technical description",
            "media-coverage",
            "press/media coverage",
            "related",
        ],
        "background",
    ),
];

/// The place of a reference in the order, and our word for what lies there.
fn kind(reference: &Reference) -> (usize, Option<&'static str>) {
    let of = |word: &String| KINDS.iter().position(|(names, _)| names.contains(&word.as_str()));
    match reference.kind.iter().filter_map(of).min() {
        Some(place) => (place, Some(KINDS[place].1)),
        None => (KINDS.len(), None),
    }
}

/// Whether it leads to what the vendor says or to a fix.
pub(super) fn is_remedy(reference: &Reference) -> bool {
    reference
        .kind
        .iter()
        .any(|kind| matches!(kind.as_str(), "patch" | "fix" | "vendor-advisory" | "vendor advisory"))
}

/// The references of a record.
pub(super) fn references(record: &Record) -> Markup {
    let mut all: Vec<(usize, Option<&str>, &Reference)> = Vec::new();
    for reference in record.references.iter().take(ROWS * 5) {
        if !all.iter().any(|(.., known)| known.url == reference.url) {
            let (place, word) = kind(reference);
            all.push((place, word, reference));
        }
    }
    all.sort_by_key(|(place, ..)| *place);
    let (open, folded) = all.split_at(all.len().min(OPEN));
    let list = |references: &[(usize, Option<&str>, &Reference)]| {
        html! {
            ul.links {
                @for (_, word, reference) in references {
                    li { (link(&reference.url, &short(&reference.url))) @if let Some(word) = word { " " span.quiet { (word) } } }
                }
            }
        }
    };
    html! {
        @if !all.is_empty() {
            h3 { "References" }
            (list(open))
            @if !folded.is_empty() { details { summary { (folded.len()) " more" } (list(folded)) } }
        }
    }
}

/// An address as people read it.
pub(super) fn short(url: &str) -> String {
    let bare = ["https://", "http://"].iter().find_map(|scheme| url.strip_prefix(scheme)).unwrap_or(url);
    clip(bare.strip_prefix("www.").unwrap_or(bare).trim_end_matches('/'), URL_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advisory_and_the_fix_come_first_and_each_address_once() {
        let one = |kind: &str, url: &str| Reference { kind: vec![kind.into()], url: url.into(), name: None };
        let references = vec![
            one("x_refsource_misc", "https://a.example/"),
            one("patch", "https://www.b.example/fix/"),
            one("web", "https://a.example/"),
            one("vendor-advisory", "http://c.example/1"),
        ];
        let shown = references_of(references);
        let place = |words: &str| shown.find(words).unwrap();
        assert!(
            place(">c.example/1<") < place(">b.example/fix<")
                && place(">b.example/fix<") < place(">a.example<")
        );
        assert_eq!(shown.matches("a.example/\"").count(), 1, "{shown}");
        assert!(!shown.contains("refsource"), "{shown}");
    }

    fn references_of(references: Vec<Reference>) -> String {
        super::references(&Record { references, ..Record::default() }).into_string()
    }
}
