//! The same question for CVE records: what is the status of this version of a product?
//!
//! Authority: CVE schema, `versions.md` ("Version Status Decisions", "Version Status Changes").
//! The first entry that matches decides, else the default status, else it is unknown.
//!
//! `versionType` chooses the order: `semver`, `python`, the name of an ecosystem, or `git`, where
//! only commits that are named can be decided. The schema gives `custom` no order at all; since
//! most ranges carry it, versions of nothing but numbers and dots are compared as numbers there.
//! `vers` is a whole range of the VERS specification, as CSAF has it.
//! Every other type is unknown rather than guessed at.
//!
//! "Every version" speaks of versions: a word that no order of the product reads, and that is not written out
//! in it, is decided neither by a range that is open at both ends nor by the default.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::dotted::{self, Dotted};
use crate::{Ecosystem, Order, Vers, Version};

/// The version statements of one product, as in a CVE record's `affected[]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Product<S> {
    /// Should not overlap; the first that matches counts.
    #[serde(default = "Vec::new")]
    pub versions: Vec<Entry<S>>,
    /// For versions that no entry matches.
    #[serde(default)]
    pub default_status: Status,
}

/// One version, or a range of versions if it has an upper end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry<S> {
    /// The version, or the first of the range; `0` is before every version.
    pub version: S,
    /// Of the versions that match.
    pub status: Status,
    /// Names the order.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub version_type: Option<S>,
    /// The end of the range, not included; `*` is after every version, `2.*` after all of 2.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub less_than: Option<S>,
    /// The end of the range, included.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub less_than_or_equal: Option<S>,
    /// Where the status changes within the range.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change<S>>,
}

/// A change of status within a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change<S> {
    /// The first version with the new status.
    pub at: S,
    /// The new status.
    pub status: Status,
}

/// What a record says of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Affected.
    Affected,
    /// Not affected.
    Unaffected,
    /// Nobody says, or it cannot be decided.
    #[default]
    Unknown,
}

/// A status and the entry that gave it; no entry means the default, or that nothing was certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The status of the version asked about.
    pub status: Status,
    /// Index into `versions`.
    pub entry: Option<usize>,
    /// An entry that cannot be compared with the version might say otherwise.
    pub in_doubt: bool,
}

fn none<S>() -> Option<S> {
    None
}

/// The status of `version`, and which entry says so.
#[must_use]
pub fn decide<S: AsRef<str>>(product: &Product<S>, version: &str) -> Decision {
    let version = version.trim();
    let is_read = product.reads(version);
    let mut doubt = !is_read;
    for (index, entry) in product.versions.iter().enumerate() {
        match entry.status_of(version) {
            Match::Status(status) if is_read || entry.names(version) => {
                return Decision { status, entry: Some(index), in_doubt: false };
            }
            Match::Status(_) => doubt = true,
            Match::No => {}
            Match::Doubt => doubt |= entry.could_say_other_than(product.default_status),
        }
    }
    let status = if doubt { Status::Unknown } else { product.default_status };
    Decision { status, entry: None, in_doubt: doubt }
}

impl<S: AsRef<str>> Product<S> {
    /// Whether this is a version of the product: it begins with a number, or an order of an entry reads it.
    fn reads(&self, version: &str) -> bool {
        let bare = version.strip_prefix(['v', 'V']).unwrap_or(version);
        let scheme = |entry: &Entry<S>| Scheme::named(entry.version_type.as_ref().map(AsRef::as_ref));
        bare.starts_with(|first: char| first.is_ascii_digit())
            || (!version.is_empty() && self.versions.iter().any(|entry| scheme(entry).reads(version)))
    }
}

/// Whether and how an entry applies to a version.
enum Match {
    Status(Status),
    No,
    Doubt,
}

impl<S: AsRef<str>> Entry<S> {
    /// Whether the version is written out in the entry; a range of VERS is read by its own order, unless it is
    /// that of every version.
    fn names(&self, version: &str) -> bool {
        let range = || {
            self.version_type.as_ref().is_some_and(|name| name.as_ref().trim().eq_ignore_ascii_case("vers"))
        };
        let ends = [&self.less_than, &self.less_than_or_equal].into_iter().flatten();
        let changes = self.changes.iter().map(|change| &change.at);
        std::iter::once(&self.version)
            .chain(ends)
            .chain(changes)
            .any(|named| named.as_ref().trim() == version)
            || (range() && !self.version.as_ref().trim().ends_with("/*"))
    }

    fn status_of(&self, version: &str) -> Match {
        let own = self.version.as_ref().trim();
        let version_type = self.version_type.as_ref().map(AsRef::as_ref);
        if version_type.is_some_and(|name| name.trim().eq_ignore_ascii_case("vers")) {
            return self.status_in_vers(own, version);
        }
        let scheme = Scheme::named(version_type);
        let includes = match (&self.less_than, &self.less_than_or_equal) {
            (None, None) => return self.status_of_single(scheme, own, version),
            (Some(end), _) => scheme.is_within(own, version, end.as_ref().trim(), false),
            (None, Some(end)) => scheme.is_within(own, version, end.as_ref().trim(), true),
        };
        match includes {
            Some(true) => self.status_after_changes(scheme, version).map_or(Match::Doubt, Match::Status),
            Some(false) => Match::No,
            None => Match::Doubt,
        }
    }

    /// CSAF's branches of versions: the range stands in the field of the version.
    fn status_in_vers(&self, range: &str, version: &str) -> Match {
        match range.parse::<Vers>().ok().and_then(|range| range.contains(version)) {
            Some(true) => Match::Status(self.status),
            Some(false) => Match::No,
            None => Match::Doubt,
        }
    }

    /// An entry without an end names one version; the field also holds prose such as "n/a" or
    /// "1.2 and earlier", which says nothing certain about other versions.
    fn status_of_single(&self, scheme: Scheme, own: &str, version: &str) -> Match {
        if is_open(own) && own != "0" {
            return Match::Doubt;
        }
        match scheme.compare(version, own) {
            Some(Ordering::Equal) => Match::Status(self.status),
            Some(_) => Match::No,
            None => Match::Doubt,
        }
    }

    /// The last change, in the scheme's order, that the version has reached.
    fn status_after_changes(&self, scheme: Scheme, version: &str) -> Option<Status> {
        let mut last: Option<&Change<S>> = None;
        for change in &self.changes {
            let at = change.at.as_ref().trim();
            if at != "0" && scheme.compare(version, at)?.is_lt() {
                continue;
            }
            let later = match last {
                Some(last) if at != "0" => scheme.compare(at, last.at.as_ref().trim())?.is_ge(),
                Some(_) => false,
                None => true,
            };
            if later {
                last = Some(change);
            }
        }
        Some(last.map_or(self.status, |change| change.status))
    }

    fn could_say_other_than(&self, status: Status) -> bool {
        self.status != status || self.changes.iter().any(|change| change.status != status)
    }
}

/// Words that CVE records use for "no lower end", beside the schema's own `0`.
fn is_open(start: &str) -> bool {
    ["", "0", "*", "-", "n/a", "unspecified"].iter().any(|word| start.eq_ignore_ascii_case(word))
}

/// How versions of a `versionType` compare.
#[derive(Debug, Clone, Copy)]
enum Scheme {
    /// Semantic versions with missing numbers, else plain numbers.
    Semver,
    /// An ecosystem's own order.
    Native(Order),
    /// Plain numbers only.
    Plain,
    /// Equal or not.
    Identity,
}

impl Scheme {
    fn named(version_type: Option<&str>) -> Self {
        let name = version_type.unwrap_or("custom").trim();
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        // The Linux kernel's own type: the kernel version that the first fix went into.
        if is("semver") || is("original_commit_for_fix") {
            return Self::Semver;
        }
        if is("custom") {
            return Self::Plain;
        }
        if is("python") {
            return Self::Native(Order::Pypi);
        }
        match Ecosystem::parse(name).map(|ecosystem| ecosystem.order()) {
            None | Some(Order::Unknown) => Self::Identity,
            Some(order) => Self::Native(order),
        }
    }

    /// Whether it has a place for such a version. Orders that take every word are none to tell one by.
    fn reads(self, version: &str) -> bool {
        match self {
            Self::Semver => Version::parse(Order::ShortSemver, version).is_some(),
            Self::Native(order) => {
                Version::parse(order, version).is_some() && Version::parse(order, "no version").is_none()
            }
            Self::Plain => false,
            // Commits.
            Self::Identity => version.len() >= 7 && version.bytes().all(|byte| byte.is_ascii_hexdigit()),
        }
    }

    fn compare(self, a: &str, b: &str) -> Option<Ordering> {
        if a == b {
            return Some(Ordering::Equal);
        }
        let by = |order| Version::parse(order, a)?.compare(&Version::parse(order, b)?);
        let plain = || Some(dotted::parse(a)?.compare(&dotted::parse(b)?));
        match self {
            Self::Semver => by(Order::ShortSemver).or_else(plain),
            Self::Native(order) => by(order),
            Self::Plain => plain(),
            Self::Identity => None,
        }
    }

    /// Whether `start` ≤ `version` and `version` is before the end; None where that is not certain.
    fn is_within(self, start: &str, version: &str, end: &str, inclusive: bool) -> Option<bool> {
        // Real records have `5.1.1` up to `5.1.1-71` as "semver", which ends before it begins. The
        // author meant something, in an order that is not this one.
        let span = if is_open(start) || end.contains('*') { None } else { self.compare(start, end) };
        match span {
            Some(Ordering::Greater) => return None,
            Some(Ordering::Equal) if version == start && !inclusive => return None,
            _ => {}
        }
        let after_start =
            if is_open(start) { Some(true) } else { self.compare(version, start).map(Ordering::is_ge) };
        let before_end = match end.strip_suffix(".*") {
            _ if end == "*" => Some(true),
            Some(series) => self.is_in_or_before(version, series),
            None => self.compare(version, end).map(|order| order.is_lt() || (inclusive && order.is_eq())),
        };
        match (after_start, before_end) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            // The first version of a range is in it, and so is the last, whatever the order.
            _ if version == start => Some(true),
            _ if version == end && inclusive => Some(true),
            _ => None,
        }
    }

    /// `2.*` is infinity within 2, so it is above every version of the series.
    fn is_in_or_before(self, version: &str, series: &str) -> Option<bool> {
        if matches!(self, Self::Identity) {
            return None;
        }
        // The pre-release of a version belongs to the series that its numbers say.
        let numbers = version.split(['-', '+']).next().unwrap_or_default();
        let series: Dotted<'_> = dotted::parse(series)?;
        Some(dotted::parse(numbers)?.compare_to_series(&series).is_le())
    }
}

#[cfg(test)]
mod tests {
    use super::Status::{Affected, Unaffected, Unknown};
    use super::*;

    fn entry<'a>(
        version: &'a str,
        kind: &'a str,
        end: Option<(&str, &'a str)>,
        status: Status,
    ) -> Entry<&'a str> {
        let less_than = end.filter(|(sign, _)| *sign == "<").map(|(_, end)| end);
        let less_than_or_equal = end.filter(|(sign, _)| *sign == "<=").map(|(_, end)| end);
        Entry { version, status, version_type: Some(kind), less_than, less_than_or_equal, changes: vec![] }
    }

    fn status(versions: Vec<Entry<&str>>, default_status: Status, version: &str) -> Status {
        decide(&Product { versions, default_status }, version).status
    }

    /// The examples of the schema's "Version Status Changes".
    #[test]
    fn changes_split_a_range() {
        let mut branch = entry("2.0.0", "semver", Some(("<", "2.*")), Affected);
        // Out of order on purpose: the schema sorts them.
        for (at, status) in [("2.6.3", Unaffected), ("2.5.2", Unaffected), ("2.6.0", Affected)] {
            branch.changes.push(Change { at, status });
        }
        for (version, expected) in [
            ("1.9.9", Unknown),
            ("2.0.0", Affected),
            ("2.5.1", Affected),
            ("2.5.2", Unaffected),
            ("2.6.0", Affected),
            ("2.6.2", Affected),
            ("2.6.3", Unaffected),
            ("2.99.0", Unaffected),
            ("3.0.0", Unknown),
            ("nonsense", Unknown),
        ] {
            assert_eq!(status(vec![branch.clone()], Unknown, version), expected, "{version}");
        }
    }

    #[test]
    fn the_default_holds_where_no_entry_matches() {
        let fixed = || vec![entry("2.5.2", "semver", Some(("<", "*")), Unaffected)];
        assert_eq!(status(fixed(), Affected, "2.5.1"), Affected);
        assert_eq!(status(fixed(), Affected, "3.0.0"), Unaffected);
        let decision = decide(&Product { versions: fixed(), default_status: Affected }, "3.0.0");
        assert_eq!(decision.entry, Some(0));
    }

    /// The Linux kernel's records: two and three numbers, release candidates, series as upper ends.
    #[test]
    fn kernel_ranges_are_read() {
        let kernel = || {
            vec![
                entry("4.19", "custom", None, Affected),
                entry("0", "semver", Some(("<", "4.19")), Unaffected),
                entry("5.10.209", "semver", Some(("<=", "5.10.*")), Unaffected),
                entry("6.7", "original_commit_for_fix", Some(("<=", "*")), Unaffected),
            ]
        };
        assert_eq!(status(kernel(), Affected, "4.18.20"), Unaffected);
        assert_eq!(status(kernel(), Affected, "4.19"), Affected);
        assert_eq!(status(kernel(), Unaffected, "5.10.208"), Unaffected);
        assert_eq!(status(kernel(), Affected, "5.10.230"), Unaffected);
        assert_eq!(status(kernel(), Affected, "5.11"), Affected);
        assert_eq!(status(kernel(), Affected, "6.7-rc8"), Affected);
        assert_eq!(status(kernel(), Affected, "6.7"), Unaffected);
    }

    #[test]
    fn custom_compares_plain_numbers_only() {
        let custom = |version| {
            status(
                vec![entry("unspecified", "custom", Some(("<", "10.2.0.7")), Affected)],
                Unaffected,
                version,
            )
        };
        assert_eq!(custom("10.2.0.6"), Affected);
        assert_eq!(custom("9"), Affected);
        assert_eq!(custom("10.2.0.7"), Unaffected);
        assert_eq!(custom("10.2.0.6-hotfix1"), Unknown);
        assert_eq!(custom(""), Unknown);
    }

    #[test]
    fn a_range_that_ends_before_it_begins_is_a_doubt() {
        let build = |version| {
            status(vec![entry("5.1.1", "semver", Some(("<", "5.1.1-71")), Affected)], Unaffected, version)
        };
        assert_eq!(build("5.1.1"), Unknown);
        assert_eq!(build("5.1.1-70"), Unknown);
        let empty =
            |version| status(vec![entry("7.9", "custom", Some(("<", "7.9")), Affected)], Unaffected, version);
        assert_eq!(empty("7.9"), Unknown);
        assert_eq!(empty("7.8"), Unaffected);
    }

    /// CVE schema, `versions.md`: a range from `0` to `*`, and the default, speak of every version, not of what is
    /// none.
    #[test]
    fn every_version_is_no_hit_for_what_is_no_version() {
        let every = |kind| vec![entry("0", kind, Some(("<", "*")), Affected)];
        for kind in ["custom", "semver", "python", "ours", "git"] {
            for (version, expected) in
                [("9.1P2", Affected), ("v3", Affected), ("nonsense", Unknown), ("", Unknown), ("-", Unknown)]
            {
                assert_eq!(status(every(kind), Unknown, version), expected, "{kind} {version}");
                assert_eq!(status(vec![], Affected, version), expected, "{version}");
            }
        }
        let named = || {
            vec![
                entry("Everest", "custom", None, Affected),
                entry("0", "custom", Some(("<", "*")), Unaffected),
            ]
        };
        assert_eq!(status(named(), Unaffected, "Everest"), Affected, "written out");
        assert_eq!(status(named(), Unaffected, "Fuji"), Unknown);
        assert_eq!(status(every("git"), Unknown, &"d61d0e09".repeat(5)), Affected);
        let vers = |range| vec![entry(range, "vers", None, Affected)];
        assert_eq!(status(vers("vers:generic/*"), Unknown, "nonsense"), Unknown);
        assert_eq!(status(vers("vers:generic/*"), Unknown, "7"), Affected);
    }

    #[test]
    fn records_are_read_and_written_as_they_are() {
        let json = r#"{"versions":[{"version":"0","status":"affected","versionType":"python","lessThan":"2"}],"defaultStatus":"unknown"}"#;
        let product: Product<String> = serde_json::from_str(json).unwrap();
        assert_eq!(
            decide(&product, "1.0rc1"),
            Decision { status: Affected, entry: Some(0), in_doubt: false }
        );
        assert_eq!(serde_json::to_string(&product).unwrap(), json);
    }

    #[test]
    fn unknown_types_decide_only_their_ends() {
        let of_ours =
            |version| status(vec![entry("1.0", "ours", Some(("<", "2.0")), Affected)], Unaffected, version);
        assert_eq!(of_ours("1.0"), Affected);
        assert_eq!(of_ours("2.0"), Unaffected);
        assert_eq!(of_ours("1.5"), Unknown);
    }

    #[test]
    fn other_orders_are_used_by_name() {
        let with = |kind, version| {
            status(vec![entry("3.13.0a1", kind, Some(("<", "3.13.0rc3")), Affected)], Unaffected, version)
        };
        assert_eq!(with("python", "3.13.0b4"), Affected);
        assert_eq!(with("PyPI", "3.13.0"), Unaffected);
        assert_eq!(with("semver", "3.13.0"), Unknown);
        let rpm = vec![entry("1.0", "rpm", Some(("<", "1.0-2.el9")), Affected)];
        assert_eq!(status(rpm.clone(), Unaffected, "1.0-1.el9"), Affected);
        assert_eq!(status(rpm, Unaffected, "0:1.0-2.el9"), Unaffected);
    }

    /// CSAF 2.0, 3.1.2.2: a branch of the category `product_version_range` is named by a vers range.
    #[test]
    fn a_vers_range_is_asked_whole() {
        let range = |text| vec![entry(text, "vers", None, Affected)];
        assert_eq!(status(range("vers:npm/>1.0.0|<2.0.0"), Unaffected, "1.5.0"), Affected);
        assert_eq!(status(range("vers:npm/>1.0.0|<2.0.0"), Unaffected, "1.0.0"), Unaffected);
        assert_eq!(status(range("vers:npm/>1.0.0|<2.0.0"), Unaffected, "what?"), Unknown);
        assert_eq!(status(range("all versions"), Unaffected, "1.5.0"), Unknown);
    }

    #[test]
    fn prose_in_place_of_a_version_is_a_doubt() {
        for prose in ["n/a", "*", "24.1.0 and below", "< 1.2"] {
            assert_eq!(
                status(vec![entry(prose, "custom", None, Affected)], Unaffected, "1.0"),
                Unknown,
                "{prose}"
            );
        }
        let listed = || vec![entry("1.0", "custom", None, Affected)];
        assert_eq!(status(listed(), Unaffected, "v1.0.0"), Affected);
        assert_eq!(status(listed(), Unaffected, "1.1"), Unaffected);
    }
}
