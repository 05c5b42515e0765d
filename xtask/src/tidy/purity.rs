//! Pure crates and every `rules.rs`: values in, values out. No waiting, no files, no database,
//! no HTTP, no clock, no chance. `now` is an argument.

use super::Finding;
use super::source::{Source, find_words, line_of};

pub(super) const PURE_CRATES: &[&str] =
    &["vocabulary", "clocks", "cvd", "programme", "formats", "csaf-check", "versions", "merkle"];

/// What would make a rule depend on more than its arguments, and what to do instead.
const IMPURE: &[(&str, &str)] = &[
    ("async", "the caller waits; take what it got"),
    (".await", "the caller waits; take what it got"),
    ("tokio", "the caller waits; take what it got"),
    ("storage::", "store.rs speaks to the database; take its values"),
    ("rusqlite", "store.rs speaks to the database; take its values"),
    ("postgres::", "store.rs speaks to the database; take its values"),
    ("axum", "api.rs and pages.rs speak HTTP; take its values"),
    ("std::fs", "the caller reads files; take their text"),
    ("std::net", "the caller speaks to the network"),
    ("std::env", "settings are arguments"),
    ("std::process", "the caller runs programs"),
    ("Timestamp::now", "take `now` as an argument"),
    ("Zoned::now", "take `now` as an argument"),
    ("SystemTime", "take `now` as an argument"),
    ("Instant::now", "take `now` as an argument"),
    ("getrandom", "take the random bytes as an argument"),
    ("rand::", "take the random bytes as an argument"),
];

pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.is_rust() && is_pure(&source.path)) {
        let code = source.production();
        for (word, advice) in IMPURE {
            let places = find_words(code, word);
            let say =
                |at| Finding::new(&source.path, line_of(code, at), "purity", format!("`{word}`: {advice}"));
            findings.extend(places.map(say));
        }
    }
    findings
}

fn is_pure(path: &str) -> bool {
    let in_pure_crate = PURE_CRATES.iter().any(|name| {
        path.strip_prefix("crates/").is_some_and(|path| path.starts_with(&format!("{name}/src/")))
    });
    let has_rules =
        ["crates/heliograph/src/", "crates/catalogue/src/"].iter().any(|top| path.starts_with(top));
    let in_rules = has_rules && (path.ends_with("/rules.rs") || path.contains("/rules/"));
    in_pure_crate || in_rules
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&[Source::new(path, text)]).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn every_impurity_is_found_in_rules_and_pure_crates() {
        for (word, _) in IMPURE {
            let text = format!("fn decide() {{\n    a {word} b\n}}");
            assert_eq!(lines("crates/heliograph/src/reports/rules.rs", &text), [2], "{word}");
            assert_eq!(lines("crates/heliograph/src/cases/rules/embargo.rs", &text), [2], "{word}");
            assert_eq!(lines("crates/catalogue/src/rules/diff.rs", &text), [2], "{word}");
            assert_eq!(lines("crates/cvd/src/embargo.rs", &text), [2], "{word}");
        }
    }

    #[test]
    fn elsewhere_and_in_prose_and_in_tests_it_is_no_impurity() {
        let text = "async fn a() {}";
        assert_eq!(lines("crates/heliograph/src/reports/api.rs", text), [0; 0]);
        assert_eq!(lines("crates/storage/src/lib.rs", text), [0; 0]);
        assert_eq!(lines("crates/cvd/tests/machines.rs", text), [0; 0]);
        assert_eq!(lines("crates/cvd/src/lib.rs", "// async\nfn a() { \"std::fs\" }"), [0; 0]);
        let tested = "fn a() {}\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}";
        assert_eq!(lines("crates/formats/src/csaf.rs", tested), [0; 0]);
    }
}
