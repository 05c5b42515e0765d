//! Why this date, laid out: the engine's sentences, each under the word that it begins with.

use maud::{Markup, html};

/// What the sentences of an explanation begin with, after the first, which says how it stands.
const HEADINGS: [&str; 10] = [
    "Rule",
    "Anchor",
    "Calendar",
    "Direction of error",
    "Second reading",
    "The law itself",
    "Not declared",
    "Note",
    "Not read",
    "Source",
];

/// The explanation in parts: how it stands, and then each heading with what follows it. Nothing is left
/// out, and what has no heading stays with the part before it.
fn parts(explain: &str) -> Vec<(&'static str, &str)> {
    let begins = |text: &str| {
        HEADINGS.iter().find(|heading| {
            text.strip_prefix(**heading)
                .is_some_and(|rest| rest.starts_with([':', ',']) || rest.starts_with(" says"))
        })
    };
    let mut cuts: Vec<(usize, &'static str)> = vec![(0, "")];
    for (at, _) in explain.match_indices(". ") {
        let next = at + 2;
        cuts.extend(explain.get(next..).and_then(begins).map(|heading| (next, *heading)));
    }
    let ends = cuts.iter().skip(1).map(|(at, _)| *at).chain([explain.len()]);
    let cut = |((from, heading), to): (&(usize, &'static str), usize)| {
        (*heading, explain.get(*from..to).unwrap_or_default().trim_end())
    };
    cuts.iter().zip(ends).map(cut).collect()
}

/// The explanation of a clock for people.
pub(super) fn reasons(explain: &str) -> Markup {
    let parts = parts(explain);
    html! {
        @for (heading, text) in &parts {
            @if heading.is_empty() { p.text { (text) } }
        }
        dl.facts {
            @for (heading, text) in parts.iter().filter(|(heading, _)| !heading.is_empty()) {
                dt { (heading) }
                dd { (text.strip_prefix(heading).unwrap_or(text).trim_start_matches([':', ',', ' '])) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_every_explanation_is_in_one_of_the_parts() {
        let facts: clocks::Facts = serde_json::from_str(
            r#"{"actors": ["manufacturer", "coordinator", "financial_entity", "product_provider"],
                "triggers": ["actively_exploited_vulnerability", "severe_incident", "notification_received", "major_ict_incident"],
                "jurisdictions": ["EU", "IE", "CN"], "anchors": {"aware": "2026-11-21T09:15:00Z", "accepted": "2026-11-20T09:15:00Z"},
                "filed": {"aev.ew": "2026-11-21T10:15:00Z"}, "vendors": {"acme": {}}}"#,
        )
        .unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for profile in crate::deadlines::rules::profiles() {
            for clock in clocks::evaluate(profile, &facts, "2026-11-24T00:00:00Z".parse().unwrap()) {
                let parts = parts(&clock.explain);
                let joined: Vec<&str> = parts.iter().map(|(_, text)| *text).collect();
                assert_eq!(joined.join(" "), clock.explain);
                seen.extend(parts.into_iter().map(|(heading, _)| heading));
            }
        }
        let missing: Vec<_> = HEADINGS.iter().filter(|heading| !seen.contains(*heading)).collect();
        assert!(missing.is_empty(), "no explanation begins a sentence with {missing:?}");
    }
}
