//! A file is one thing and its name says which. Clippy holds functions to 70 lines; this holds files.

use super::Finding;
use super::source::Source;

const LINES_MAX: usize = 800;
const LINES_EASY: usize = 400;

pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    sources.iter().filter(|source| source.is_rust()).filter_map(finding).collect()
}

fn finding(source: &Source) -> Option<Finding> {
    let lines = source.text.lines().count();
    let say = |advice: String| Finding::new(&source.path, lines, "size", advice);
    if lines > LINES_MAX {
        Some(say(format!("{lines} lines, {LINES_MAX} at most; make it a folder with one file per idea")))
    } else if lines > LINES_EASY {
        Some(say(format!("{lines} lines; above {LINES_EASY} a file usually holds two things")).warning())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::Weight;

    fn weight_of(path: &str, lines: usize) -> Option<Weight> {
        check(&[Source::new(path, &"\n".repeat(lines))]).pop().map(|finding| finding.weight)
    }

    #[test]
    fn above_400_warns_and_above_800_fails() {
        assert_eq!(weight_of("a.rs", 400), None);
        assert_eq!(weight_of("a.rs", 401), Some(Weight::Warns));
        assert_eq!(weight_of("a.rs", 800), Some(Weight::Warns));
        assert_eq!(weight_of("crates/heliograph/src/cases/tests.rs", 801), Some(Weight::Fails));
        assert_eq!(weight_of("golden.json", 9_000), None);
    }
}
