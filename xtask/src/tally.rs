//! Counts tests from what the runners print.

use std::fmt;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    pub(crate) fn is_empty(self) -> bool {
        self == Tally::default()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// nextest: `Summary [   1.031s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 3 skipped`,
/// with `12/20 tests run` when it stopped early. Whatever ran and did not pass has failed.
pub(crate) fn of_nextest(line: &str) -> Option<Tally> {
    let plain = without_colours(line);
    let counts = plain.trim_start().strip_prefix("Summary [")?.split_once(']')?.1;
    let (run, outcomes) = counts.split_once(": ")?;
    let run: u64 = run.trim().split([' ', '/']).next()?.parse().ok()?;
    let passed = count_of(outcomes, "passed");
    Some(Tally { passed, failed: run.saturating_sub(passed), skipped: count_of(outcomes, "skipped") })
}

/// The test harness: `test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out`.
pub(crate) fn of_harness(line: &str) -> Option<Tally> {
    let plain = without_colours(line);
    let outcomes = plain.strip_prefix("test result: ")?.split_once(". ")?.1;
    Some(Tally {
        passed: count_of(outcomes, "passed"),
        failed: count_of(outcomes, "failed"),
        skipped: count_of(outcomes, "ignored"),
    })
}

/// The number before a word: in `10 passed (1 slow), 3 skipped` there are 3 `skipped`.
fn count_of(outcomes: &str, word: &str) -> u64 {
    let words: Vec<&str> = outcomes.split([' ', ',', ';']).filter(|part| !part.is_empty()).collect();
    let place = words.iter().position(|part| *part == word);
    place.and_then(|place| words.get(place.checked_sub(1)?)?.parse().ok()).unwrap_or(0)
}

/// Removes the terminal's colour sequences, `ESC [ … m`.
fn without_colours(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Option<Tally> {
        Some(Tally { passed, failed, skipped })
    }

    #[test]
    fn nextest_summaries() {
        let line = "     Summary [   0.026s] 12 tests run: 12 passed, 0 skipped";
        assert_eq!(of_nextest(line), tally(12, 0, 0));
        let line = "     Summary [   1.031s] 1 test run: 1 passed, 410 skipped";
        assert_eq!(of_nextest(line), tally(1, 0, 410));
        let line =
            "     Summary [  90.1s] 12/20 tests run: 9 passed (1 slow), 2 failed, 1 timed out, 3 skipped";
        assert_eq!(of_nextest(line), tally(9, 3, 3));
        let line = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.026s] \u{1b}[1m2\u{1b}[0m tests run: \u{1b}[1m2\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m0\u{1b}[0m skipped";
        assert_eq!(of_nextest(line), tally(2, 0, 0));
        assert_eq!(of_nextest("        PASS [   0.005s] xtask tests::summary"), None);
    }

    #[test]
    fn harness_results() {
        let line =
            "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(of_harness(line), tally(5, 0, 1));
        let line = "test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(of_harness(line), tally(4, 2, 0));
        assert_eq!(of_harness("running 5 tests"), None);
    }

    #[test]
    fn the_last_line_names_skipped_tests_only_if_there_are_any() {
        assert_eq!(Tally { passed: 1234, failed: 0, skipped: 0 }.to_string(), "1234 passed, 0 failed");
        assert_eq!(Tally { passed: 7, failed: 1, skipped: 2 }.to_string(), "7 passed, 1 failed, 2 skipped");
    }
}
