//! What is said of the version in the bill, where a statement speaks of each version of a part by itself.

use super::super::rules::clip;
use super::parts::Names;
use super::status_word;
use formats::record::Status;
use formats::vex::Versions;
use versions::{Affected, Ecosystem, Verdict, Vers};

/// What is said of one version of a part.
#[derive(Clone)]
pub(super) struct Decided {
    pub(super) status: Status,
    /// Why that cannot be told, if it cannot.
    pub(super) doubt: Option<String>,
}

/// How far a status goes towards taking a finding for answered: of several about one version the first counts.
pub(super) fn reach(status: Status) -> u8 {
    match status {
        Status::Affected => 0,
        Status::Unknown => 1,
        Status::UnderInvestigation => 2,
        Status::Fixed => 3,
        Status::NotAffected => 4,
    }
}

/// What is said of the version of a part in the bill; none if nothing is.
pub(super) fn of_versions(versions: &[Versions], part: &Names) -> Option<Decided> {
    let doubt = |status: Status, why: String| Decided {
        status: Status::Unknown,
        doubt: Some(format!("it says {:?} of some versions, and {why}", status_word(status))),
    };
    let Some(version) = part.version() else {
        let said = versions.iter().filter_map(|versions| versions.status);
        let said = said.min_by_key(|status| reach(*status));
        return said.map(|status| doubt(status, "the part has none".to_owned()));
    };
    let kind = part.kind();
    let held = || versions.iter().map(|one| (holds(one, kind, version), one));
    let named = held().filter(|(holds, _)| *holds == Some(true)).map(|(_, one)| one);
    // What names this very version is meant before a range that holds it.
    let surest = named.min_by_key(|one| (one.is_range, one.status.map(reach)));
    let unread = held()
        .filter(|(holds, one)| holds.is_none() && one.status.is_some())
        .map(|(_, one)| one)
        .find(|unread| surest.is_none_or(|surest| surest.is_range && surest.status != unread.status));
    match (surest.and_then(|surest| surest.status), unread) {
        (status, None) => Some(Decided { status: status?, doubt: None }),
        (Some(Status::Affected), _) => Some(Decided { status: Status::Affected, doubt: None }),
        (_, Some(unread)) => {
            let range = clip(&unread.text, RANGE_CHARS);
            Some(doubt(unread.status?, format!("whether {version} is one of {range:?} cannot be told")))
        }
    }
}

/// Letters of a range that are shown.
const RANGE_CHARS: usize = 120;

/// Whether a version is one of these; none if that cannot be told.
fn holds(versions: &Versions, kind: &str, version: &str) -> Option<bool> {
    if versions.is_range {
        return versions.text.parse::<Vers>().ok()?.contains(version);
    }
    let one = Affected { ranges: Vec::new(), versions: vec![versions.text.trim()] };
    let ecosystem = Ecosystem::parse(kind).or_else(|| Ecosystem::parse("generic"))?;
    match versions::affected(&ecosystem, version, &one) {
        Verdict::Yes(_) => Some(true),
        Verdict::No => Some(false),
        Verdict::Unknown => None,
    }
}
