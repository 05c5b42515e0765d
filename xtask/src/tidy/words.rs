//! Words that do not belong: drawers, promises for later, and the place where somebody worked.

use super::Finding;
use super::source::{Source, find_words, line_of};

/// A drawer is where a missing word of the domain hides.
const DRAWERS: &[&str] = &["common", "core", "utils", "util", "helpers", "helper", "shared", "misc"];

/// Written so that this file does not trip over itself.
const PROMISES: &[&str] = &[
    concat!("FIX", "ME"),
    concat!("TO", "DO"),
    concat!("X", "XX"),
    concat!("to", "do!"),
    concat!("d", "bg!"),
];

/// A repository says what the product is, not where or how it was typed.
const WORKPLACE: &[&str] = &[concat!("/wo", "rk/"), concat!("sub", "agent"), concat!("session ", "notes")];

pub(super) fn drawers(sources: &[Source]) -> Vec<Finding> {
    let say = |source: &Source, line, name| {
        let advice = format!("`{name}` is a drawer; name the module after what it is about");
        Finding::new(&source.path, line, "drawer", advice)
    };
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.is_rust()) {
        let parts = source.path.trim_end_matches(".rs").split('/');
        findings.extend(parts.filter(|part| DRAWERS.contains(part)).map(|part| say(source, 1, part)));
        for at in find_words(&source.code, "mod ") {
            let name = source.code[at + 4..].split([' ', ';', '{']).next().unwrap_or_default();
            if DRAWERS.contains(&name) {
                findings.push(say(source, line_of(&source.code, at), name));
            }
        }
    }
    findings
}

pub(super) fn promises(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        if [".rs", ".toml", ".sql", ".css", ".js", ".sh"].iter().any(|end| source.path.ends_with(end)) {
            for word in PROMISES {
                let advice =
                    format!("{word}: do it now, or open an issue and say in a sentence what holds today");
                let places = find_words(&source.text, word);
                findings.extend(places.map(|at| at_place(source, &source.text, at, "promise", &advice)));
            }
        }
        let advice = "no test is ignored: mend it, or delete it with its reason in the commit";
        let places = source.code.match_indices(concat!("#[ig", "nore"));
        findings.extend(places.map(|(at, _)| at_place(source, &source.code, at, "promise", advice)));
    }
    findings
}

pub(super) fn workplace(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let text = source.text.to_lowercase();
        for word in WORKPLACE {
            let advice = format!("`{word}` says where somebody worked; say what the reader needs");
            for (at, _) in text.match_indices(word) {
                // `https://example.org/…/` and `crates/…/` merely contain it.
                if !text[..at].ends_with(|before: char| before.is_alphanumeric() || "_.-}".contains(before)) {
                    findings.push(at_place(source, &text, at, "workplace", &advice));
                }
            }
        }
    }
    findings
}

fn at_place(source: &Source, text: &str, at: usize, rule: &'static str, advice: &str) -> Finding {
    Finding::new(&source.path, line_of(text, at), rule, advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rule: fn(&[Source]) -> Vec<Finding>, path: &str, text: &str) -> Vec<usize> {
        rule(&[Source::new(path, text)]).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn drawers_by_file_folder_and_inline_module() {
        assert_eq!(lines(drawers, "crates/formats/src/utils.rs", ""), [1]);
        assert_eq!(lines(drawers, "crates/core/src/lib.rs", ""), [1]);
        assert_eq!(lines(drawers, "crates/heliograph/tests/it/common/mod.rs", ""), [1]);
        assert_eq!(lines(drawers, "crates/cvd/src/lib.rs", "fn a() {}\nmod helpers {\n}"), [2]);
        assert_eq!(lines(drawers, "crates/cvd/src/embargo.rs", "use core::fmt;\nmod util_rate;"), [0; 0]);
    }

    #[test]
    fn promises_in_code_and_comments() {
        for word in PROMISES {
            assert_eq!(lines(promises, "a.rs", &format!("fn a() {{}}\n// {word}: later")), [2], "{word}");
        }
        assert_eq!(lines(promises, "a.rs", "let id = \"CVE-2024-XXXX\"; // todos"), [0; 0]);
        assert_eq!(lines(promises, "a.rs", concat!("#[test]\n#[ig", "nore = \"slow\"]\nfn a() {}")), [2]);
        assert_eq!(lines(promises, "a.rs", concat!("// #[ig", "nore] is refused")), [0; 0]);
    }

    #[test]
    fn the_place_of_work_is_nobodys_business() {
        for word in WORKPLACE {
            assert_eq!(lines(workplace, "README.md", &format!("one\nsee {word}x")), [2], "{word}");
        }
        let address = concat!("https://example.org/wo", "rk/a and crates/wo", "rk/b");
        assert_eq!(lines(workplace, "README.md", address), [0; 0]);
    }
}
