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

mod scheme;

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::Vers;
use scheme::{Scheme, is_open};

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

#[cfg(test)]
mod tests;
