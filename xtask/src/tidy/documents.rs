//! The documents at the root are read by everybody, so they are short.

use super::Finding;
use super::source::Source;

const LINES_MAX: usize = 150;

/// It only ever grows.
const WITHOUT_LIMIT: &str = "CHANGELOG.md";

pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let at_root = sources.iter().filter(|source| source.path.ends_with(".md") && !source.path.contains('/'));
    let limited = at_root.filter(|source| source.path != WITHOUT_LIMIT);
    let findings =
        limited.map(|source| (source, source.text.lines().count())).filter(|(_, lines)| *lines > LINES_MAX);
    let advice = |lines| format!("{lines} lines, {LINES_MAX} at most; move detail to docs/");
    findings.map(|(source, lines)| Finding::new(&source.path, lines, "document", advice(lines))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, lines: usize) -> usize {
        check(&[Source::new(path, &"a\n".repeat(lines))]).len()
    }

    #[test]
    fn a_root_document_has_150_lines() {
        assert_eq!(findings("ARCHITECTURE.md", 150), 0);
        assert_eq!(findings("ARCHITECTURE.md", 151), 1);
        assert_eq!(findings("CHANGELOG.md", 151), 0);
        assert_eq!(findings("docs/operating.md", 151), 0);
    }
}
