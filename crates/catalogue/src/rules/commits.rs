//! What records say of commits. They come in no order without their repository, so a statement is filed under the
//! commits that it names; with the repository all others are decided too.

use super::package::{CPE, Package};
use super::statement::{Answer, Statement, range};
use formats::record::{self, Affected, Record, Status, VersionEntry};
use versions::{ABBREVIATED, Ecosystem, Event, Past, Range, RangeKind};

impl Package {
    /// Where statements that name a commit are filed: under the beginning of its name, because some write no more
    /// of it. None for what is no name of one.
    pub fn of_commit(name: &str) -> Option<Self> {
        let name = name.trim();
        let is_name = name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        // Keys of products have a colon, so that none of them is taken for a commit.
        let key = name.get(..ABBREVIATED).filter(|_| is_name)?.to_lowercase();
        Some(Self { ecosystem: Ecosystem::parse(CPE)?, key })
    }
}

/// The commits that a row names, each with what is said of it alone.
pub(crate) fn commits(row: &Affected) -> Vec<(Package, Statement<&str>)> {
    let mut filed: Vec<(Package, Vec<Event<&str>>)> = Vec::new();
    for event in ranges(row).into_iter().flat_map(|range| range.events) {
        let Some(package) = Package::of_commit(event.bound()) else { continue };
        match filed.iter().position(|(known, _)| *known == package) {
            Some(place) if filed[place].1.contains(&event) => {}
            Some(place) => filed[place].1.push(event),
            None if filed.len() < COMMITS_MAX => filed.push((package, vec![event])),
            None => {}
        }
    }
    let said = |events| {
        let range = Range { kind: RangeKind::Git, events };
        Statement::Osv(versions::Affected { ranges: vec![range], versions: Vec::new() })
    };
    filed.into_iter().map(|(package, events)| (package, said(events))).collect()
}

/// Commits of a row under which it is filed: real ones have a few.
const COMMITS_MAX: usize = 200;

/// Whether a commit is affected, by what the record says of its repository. None if it says nothing of that: no
/// commit that it names is there.
pub(crate) fn in_history(record: &Record, past: &Past<'_>) -> Option<Answer> {
    let is_of_it = |range: &Range<&str>| range.events.iter().any(|event| past.history().has(event.bound()));
    let ranges = record.affected.iter().flat_map(ranges).filter(is_of_it);
    let answer = |range: Range<&str>| match past.is_in(&range.events) {
        Some(true) => Answer::Affected,
        Some(false) => Answer::NotAffected,
        None => Answer::Unknown,
    };
    ranges.map(answer).min()
}

/// The ranges of commits of a row.
fn ranges(row: &Affected) -> Vec<Range<&str>> {
    let mut ranges: Vec<Range<&str>> =
        row.ranges.iter().filter(|range| range.kind == record::RangeKind::Git).filter_map(range).collect();
    let events: Vec<Event<&str>> = row.version_entries.iter().flat_map(of_entry).collect();
    if !events.is_empty() {
        ranges.push(Range { kind: RangeKind::Git, events });
    }
    ranges
}

/// What an affected entry of CVE says of commits. Linux has one for each branch, with the commits by which the
/// flaw came in and went there. Word for word each would end below its own fix, and a branch that nobody mended
/// would be in none of them: so all of a row together are one range, as OSV writes the fixes of all branches.
fn of_entry(entry: &VersionEntry) -> Vec<Event<&str>> {
    let is_of_git = entry.version_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("git"));
    let is_commit = |name: &&str| Package::of_commit(name).is_some();
    let begins_there = entry.version == "0" || is_commit(&entry.version.as_str());
    if !is_of_git || entry.status != Status::Affected || !begins_there {
        return Vec::new();
    }
    let fixed = entry.less_than.as_deref().filter(is_commit).map(Event::Fixed);
    let last = entry.less_than_or_equal.as_deref().filter(is_commit).map(Event::LastAffected);
    let back = entry.changes.iter().map(|change| (change.at.as_str(), change.status));
    let back = back.filter(|(at, _)| is_commit(at)).map(|(at, status)| match status {
        Status::Affected => Event::Introduced(at),
        _ => Event::Fixed(at),
    });
    [Event::Introduced(entry.version.as_str())].into_iter().chain(fixed).chain(last).chain(back).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use versions::History;

    /// Commits named by one digit each: `0` to `4` are the trunk, and from `2` leaves the branch `5`, `6`.
    fn list() -> String {
        let parents = ["65", "52", "43", "32", "21", "10", "0"];
        let line = |both: &str| both.chars().map(name).collect::<Vec<_>>().join(" ") + "\n";
        parents.map(line).concat()
    }

    fn name(digit: char) -> String {
        digit.to_string().repeat(40)
    }

    /// Affected from one commit on until two others, in twelve digits each.
    fn document([from, one, other]: [char; 3]) -> String {
        let entry = |until: char| {
            let (from, until) = (&name(from)[..12], &name(until)[..12]);
            format!(
                r#"{{"version": "{from}", "lessThan": "{until}", "status": "affected", "versionType": "git"}}"#
            )
        };
        format!(
            r#"{{"dataType": "CVE_RECORD", "dataVersion": "5.1", "cveMetadata": {{"cveId": "CVE-2024-0001",
                "assignerOrgId": "00000000-0000-4000-8000-000000000000", "state": "PUBLISHED"}}, "containers": {{"cna": {{
                "providerMetadata": {{"orgId": "00000000-0000-4000-8000-000000000000"}}, "descriptions": [],
                "references": [], "affected": [{{"vendor": "L", "product": "L", "defaultStatus": "unaffected",
                "versions": [{}, {}]}}]}}}}}}"#,
            entry(one),
            entry(other)
        )
    }

    #[test]
    fn entries_of_linux_end_where_each_branch_was_mended() {
        // CVE JSON 5.1, `versionType` "git"; Linux abbreviated commits to twelve digits.
        use Answer::{Affected as Yes, NotAffected as No};
        let list = list();
        let history = History::read(&list).unwrap();
        let answers = |commits| {
            let record = formats::read(formats::Kind::Cve5, document(commits).as_bytes()).unwrap().remove(0);
            ['0', '1', '2', '3', '4', '5', '6']
                .map(|digit| in_history(&record, &history.past(&name(digit)).unwrap()))
        };
        assert_eq!(answers(['1', '4', '6']), [No, Yes, Yes, Yes, No, Yes, No].map(Some));
        assert_eq!(answers(['1', '4', 'f']), [No, Yes, Yes, Yes, No, Yes, Yes].map(Some), "one branch waits");
        assert_eq!(answers(['a', 'b', 'c']), [None; 7], "of another repository");
    }

    #[test]
    fn commits_are_filed_under_the_beginning_of_their_names() {
        let key = |name: &str| Package::of_commit(name).map(|package| package.key);
        assert_eq!(key(&"AB".repeat(20)).as_deref(), Some("abababababab"));
        assert_eq!(key("abababababab"), key(&"ab".repeat(20)));
        for none in ["", "0", "6.1", "abababababa", "0123456789abcdefg", &"a".repeat(65)] {
            assert_eq!(key(none), None, "{none}");
        }
    }
}
