//! Affected versions in words, for people.

use super::clip;
use formats::record::{Affected, Event, EventKind, Range, RangeKind, Status, VersionEntry};

/// One statement about versions, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Whether these versions have the flaw.
    pub status: Status,
    /// Which versions.
    pub text: String,
}

/// Letters of one version on a page: real ones are short, and prose stands in some.
const VERSION_CHARS: usize = 120;

/// What a row says of versions, each statement on its line. Commits come last.
pub(super) fn lines(row: &Affected) -> Vec<Line> {
    let (git, spans): (Vec<&Range>, Vec<&Range>) =
        row.ranges.iter().partition(|range| range.kind == RangeKind::Git);
    let mut lines: Vec<Line> = spans.into_iter().flat_map(|range| in_words(range, "")).collect();
    lines.extend(row.version_entries.iter().flat_map(entry));
    if let Some(status) = row.default_status
        && (row.version_entries.is_empty() || !matches!(status, Status::Unknown))
    {
        let text = if row.version_entries.is_empty() { "every version" } else { "every other version" };
        lines.push(Line { status, text: text.to_owned() });
    }
    lines.extend(git.into_iter().flat_map(|range| in_words(range, "commits ")));
    lines
}

fn in_words(range: &Range, prefix: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut open: Option<&str> = None;
    let mut say =
        |text: String| lines.push(Line { status: Status::Affected, text: format!("{prefix}{text}") });
    for Event { kind, version } in &range.events {
        match kind {
            EventKind::Introduced => {
                if let Some(from) = open.replace(version) {
                    say(span(from, ""));
                }
            }
            EventKind::Fixed => say(span(open.take().unwrap_or("0"), &format!("before {}", short(version)))),
            EventKind::LastAffected => {
                say(span(open.take().unwrap_or("0"), &format!("up to and with {}", short(version))));
            }
            // A limit says where the statement ends, which here is where a fix would stand.
            EventKind::Limit => say(span(open.take().unwrap_or("0"), &format!("before {}", short(version)))),
        }
    }
    if let Some(from) = open {
        say(span(from, ""));
    }
    lines
}

/// From a version to an end in words; both may be open.
fn span(from: &str, end: &str) -> String {
    match (is_beginning(from), end) {
        (true, "") => "every version".to_owned(),
        (true, end) => format!("every version {end}"),
        (false, "") => format!("from {} on", short(from)),
        (false, end) => format!("from {} {end}", short(from)),
    }
}

pub(super) fn is_beginning(version: &str) -> bool {
    matches!(version.trim(), "" | "0" | "*" | "unspecified" | "n/a" | "0.0.0-0")
}

fn entry(entry: &VersionEntry) -> Vec<Line> {
    let end = match (&entry.less_than, &entry.less_than_or_equal) {
        (Some(end), _) | (None, Some(end)) if end == "*" => Some(String::new()),
        (Some(end), _) => Some(format!("before {}", short(end))),
        (None, Some(end)) => Some(format!("up to and with {}", short(end))),
        (None, None) => None,
    };
    let text = match (end, entry.version_type.as_deref()) {
        (Some(end), _) => span(&entry.version, &end),
        (None, Some("vers" | "vls")) => short(&entry.version),
        (None, _) if matches!(entry.version.trim(), "" | "unspecified" | "n/a" | "*") => {
            "versions not named".into()
        }
        (None, _) => short(&entry.version),
    };
    let mut lines = vec![Line { status: entry.status, text }];
    lines.extend(
        entry
            .changes
            .iter()
            .map(|change| Line { status: change.status, text: format!("from {} on", short(&change.at)) }),
    );
    lines
}

/// A version as people write it: in names of CPE, some letters have a backslash before them.
fn short(version: &str) -> String {
    let mut plain = String::new();
    let mut letters = version.trim().chars().peekable();
    while let Some(letter) = letters.next() {
        let escapes = letter == '\\' && letters.peek().is_some_and(char::is_ascii_punctuation);
        plain.extend((!escapes).then_some(letter));
    }
    clip(&plain, VERSION_CHARS)
}

/// The versions that a row states as fixed, each once.
pub(super) fn fixed_versions(row: &Affected) -> Vec<String> {
    let events =
        row.ranges.iter().filter(|range| range.kind != RangeKind::Git).flat_map(|range| &range.events);
    let fixed = events.filter(|event| event.kind == EventKind::Fixed).map(|event| event.version.as_str());
    let affected = row.version_entries.iter().filter(|entry| entry.status == Status::Affected);
    let mended = affected.flat_map(|entry| &entry.changes);
    let mended = mended.filter(|change| matches!(change.status, Status::NotAffected | Status::Fixed));
    let is_fixed =
        |entry: &&VersionEntry| entry.status == Status::Fixed || begins_a_mended_branch(row, entry);
    let named = row.version_entries.iter().filter(is_fixed);
    distinct(
        fixed.chain(mended.map(|change| change.at.as_str())).chain(named.map(|entry| entry.version.as_str())),
    )
}

/// Whether everything is affected but, among others, what follows this version on its branch. So the CNA of
/// the Linux kernel writes where each branch was mended: `6.6.57` up to `6.6.*`.
fn begins_a_mended_branch(row: &Affected, entry: &VersionEntry) -> bool {
    let end = entry.less_than_or_equal.as_deref().and_then(|end| end.strip_suffix('*'));
    row.default_status == Some(Status::Affected)
        && entry.status == Status::NotAffected
        && entry.version != "0"
        && end.is_some_and(|branch| entry.version.starts_with(branch))
}

/// Where the affected versions of a row end. That is no statement about the version at the end:
/// records write ranges that leave gaps. A commit is nothing that people move to.
pub(super) fn ends(row: &Affected) -> Vec<String> {
    let is_said = |entry: &&VersionEntry| {
        entry.status == Status::Affected && entry.version_type.as_deref() != Some("git")
    };
    let affected = row.version_entries.iter().filter(is_said);
    distinct(affected.filter_map(|entry| entry.less_than.as_deref()))
}

fn distinct<'a>(versions: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for version in versions.filter(|version| !version.contains('*') && !version.trim().is_empty()) {
        let version = short(version);
        if found.len() < FIXED_MAX && !found.contains(&version) {
            found.push(version);
        }
    }
    found
}

/// Fixed versions shown of one package.
const FIXED_MAX: usize = 20;

/// What a remedy is called: CSAF's categories (3.2.3.12.1), CVE's own two, and OpenVEX's one, in plain words.
pub fn remedy_word(kind: &str) -> String {
    match kind {
        "" => "remedy",
        "vendor_fix" => "fix by the vendor",
        "none_available" => "no fix available",
        "no_fix_planned" => "no fix planned",
        kind => return clip(&kind.replace('_', " "), 40),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use formats::record::Change;

    fn words(events: &[(EventKind, &str)]) -> Vec<String> {
        let events = events.iter().map(|(kind, version)| Event { kind: *kind, version: (*version).into() });
        let range = Range { kind: RangeKind::Semver, repo: None, events: events.collect() };
        let row = Affected { ranges: vec![range], ..Affected::default() };
        lines(&row).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn ranges_are_read_out_span_by_span() {
        use EventKind::{Fixed, Introduced, LastAffected};
        assert_eq!(words(&[(Introduced, "0"), (Fixed, "1.2")]), ["every version before 1.2"]);
        assert_eq!(
            words(&[(Introduced, "1.0"), (Fixed, "1.2"), (Introduced, "2.0"), (LastAffected, "2.3")]),
            ["from 1.0 before 1.2", "from 2.0 up to and with 2.3"]
        );
        assert_eq!(words(&[(Introduced, "0")]), ["every version"]);
        assert_eq!(words(&[(Introduced, "3")]), ["from 3 on"]);
        assert_eq!(words(&[]), [""; 0]);
    }

    #[test]
    fn versions_of_cpe_are_read_without_their_backslashes() {
        assert_eq!(short(r"12.0\(24\)s"), "12.0(24)s");
        assert_eq!(short(r" 1.0\beta "), r"1.0\beta");
    }

    #[test]
    fn entries_carry_their_status_and_their_changes() {
        let entry = VersionEntry {
            version: "2.0".into(),
            less_than: Some("*".into()),
            status: Status::Affected,
            changes: vec![Change { at: "2.6.3".into(), status: Status::NotAffected }],
            ..Default::default()
        };
        let row = Affected {
            version_entries: vec![entry],
            default_status: Some(Status::NotAffected),
            ..Default::default()
        };
        let words: Vec<_> = lines(&row).into_iter().map(|line| (line.status, line.text)).collect();
        assert_eq!(
            words,
            [
                (Status::Affected, "from 2.0 on".to_owned()),
                (Status::NotAffected, "from 2.6.3 on".to_owned()),
                (Status::NotAffected, "every other version".to_owned()),
            ]
        );
        assert_eq!(fixed_versions(&row), ["2.6.3"]);
        // As CVE-2024-50046 has it.
        let good = |from: &str, to: &str| VersionEntry {
            version: from.into(),
            less_than_or_equal: Some(to.into()),
            status: Status::NotAffected,
            ..Default::default()
        };
        let entries =
            vec![good("0", "4.*"), good("5.10.227", "5.10.*"), good("3.1", "3.9"), good("6.12", "*")];
        let kernel = Affected {
            version_entries: entries,
            default_status: Some(Status::Affected),
            ..Default::default()
        };
        assert_eq!(fixed_versions(&kernel), ["5.10.227", "6.12"]);
        let until = |kind: &str| VersionEntry {
            less_than: Some("f892165c564e".into()),
            status: Status::Affected,
            version_type: Some(kind.into()),
            ..Default::default()
        };
        let row = Affected { version_entries: vec![until("git"), until("custom")], ..Default::default() };
        assert_eq!(ends(&row).len(), 1, "a commit is nothing that people move to");
        assert_eq!(ends(&Affected { version_entries: vec![until("git")], ..Default::default() }), [""; 0]);
    }
}
