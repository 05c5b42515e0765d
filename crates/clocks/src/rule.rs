//! The names of the rules that a profile can break, as `check` prints them.

pub(crate) const FORMAT: &str = "profile-format";
pub(crate) const LIMITS: &str = "profile-limits";
pub(crate) const NAMES: &str = "names-tell-apart";
pub(crate) const ANCHORS: &str = "anchors-are-known";
pub(crate) const CIRCLES: &str = "anchors-go-in-no-circle";
pub(crate) const DATES: &str = "dates-are-possible";
pub(crate) const PERIODS: &str = "periods-are-possible";
pub(crate) const RECIPIENTS: &str = "recipients-are-described";
pub(crate) const SOURCES: &str = "statements-have-sources";
/// Rule 1 of what must never be built.
pub(crate) const NO_ATTACKERS: &str = "nobody-tells-attackers";
/// Rule 2.
pub(crate) const VENDOR_CLOCK: &str = "the-vendor-has-its-own-clock";
/// Rule 3.
pub(crate) const NO_GAG: &str = "no-gag-and-no-merit-for-silence";
pub(crate) const IN_FORCE: &str = "only-rules-in-force-are-active";

/// The rule that a single value breaks, by what its reader says of it.
pub(crate) fn of_reason(reason: &str) -> &'static str {
    let says = |words: &[&str]| words.iter().any(|word| reason.contains(word));
    if says(&["unknown anchor"]) {
        ANCHORS
    } else if says(&["is not a date", "there is no date", "invalid date"]) {
        DATES
    } else if says(&["is not a period", "is not a rule", "the rule has "]) {
        PERIODS
    } else {
        FORMAT
    }
}
