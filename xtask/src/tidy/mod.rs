//! `cargo xtask tidy`: the rules of the house that no compiler checks.
//!
//! A rule reads the text of files and gives findings; it builds nothing and asks nobody. Each
//! group of rules is a file here, and each rule is tested on a text that breaks it.

mod documents;
mod manifests;
mod migrations;
mod paths;
mod purity;
mod rooms;
mod sizes;
mod slices;
mod source;
mod words;

use std::fmt;
use std::path::Path;

use anyhow::bail;

use source::Source;

type Rule = fn(&[Source]) -> Vec<Finding>;

const RULES: &[Rule] = &[
    sizes::check,
    documents::check,
    slices::six_files,
    slices::order,
    purity::check,
    manifests::check,
    rooms::check,
    migrations::check,
    words::drawers,
    words::promises,
    words::workplace,
];

/// What a rule has to say about one line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    line: usize,
    rule: &'static str,
    advice: String,
    weight: Weight,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Fails,
    Warns,
}

impl Finding {
    fn new(path: &str, line: usize, rule: &'static str, advice: impl Into<String>) -> Finding {
        Finding { path: path.to_owned(), line, rule, advice: advice.into(), weight: Weight::Fails }
    }

    fn warning(self) -> Finding {
        Finding { weight: Weight::Warns, ..self }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = if self.weight == Weight::Warns { "warning: " } else { "" };
        write!(f, "{prefix}{}:{}: {}: {}", self.path, self.line, self.rule, self.advice)
    }
}

pub(crate) fn run() -> anyhow::Result<()> {
    let sources = source::load(Path::new("."))?;
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&sources)).collect();
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    let failures = findings.iter().filter(|finding| finding.weight == Weight::Fails).count();
    let warnings = findings.len() - failures;
    println!("tidy: {} files, {failures} findings, {warnings} warnings", sources.len());
    if failures > 0 {
        bail!("the house is not tidy; each line above says what to do");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_says_where_and_what_to_do() {
        let finding = Finding::new("a/b.rs", 7, "size", "split it");
        assert_eq!(finding.to_string(), "a/b.rs:7: size: split it");
        assert_eq!(finding.warning().to_string(), "warning: a/b.rs:7: size: split it");
    }
}
