//! Names, texts, scores, links, people, dates: all but the products.

use super::{Findings, Format};
use crate::advisory::{Acknowledgement, Advisory, Tlp, grammar};
use crate::cvss;
use jiff::Timestamp;

/// The longest text of a CVE record.
pub(super) const CVE_TEXT: usize = 4096;

pub(super) fn check(advisory: &Advisory, found: &mut Findings) {
    names(advisory, found);
    prose(advisory, found);
    scores(advisory, found);
    links(advisory, found);
    for (at, thanks) in advisory.acknowledgements.iter().enumerate() {
        acknowledgement(thanks, &format!("/acknowledgements/{at}"), found);
    }
    if advisory.tlp != Tlp::Clear {
        for format in [Format::Cve, Format::Osv] {
            found.error(format, "/tlp", "goes to a public database, which takes TLP:CLEAR only");
        }
    }
    dates(advisory, found);
    publisher(advisory, found);
}

fn names(advisory: &Advisory, found: &mut Findings) {
    if !grammar::is_id(&advisory.id) {
        found.error(Format::All, "/id", "is not letters and digits in groups, as in HEL-2026-000123");
    }
    for (at, cve) in advisory.cves.iter().enumerate() {
        let place = format!("/cves/{at}");
        if !grammar::is_cve_id(cve) {
            found.error(Format::All, place, "is not a CVE id");
        } else if advisory.cves[..at].contains(cve) {
            found.error(Format::All, place, "stands there twice");
        }
    }
    if advisory.cves.is_empty() {
        found.error(Format::Cve, "/cves", "has no CVE id to write a record for");
    }
    for (at, alias) in advisory.aliases.iter().enumerate() {
        let place = format!("/aliases/{at}");
        found.line(place.clone(), alias, CVE_TEXT);
        if advisory.aliases[..at].contains(alias) || advisory.cves.contains(alias) || *alias == advisory.id {
            found.error(Format::All, place, "stands there twice");
        }
    }
}

fn prose(advisory: &Advisory, found: &mut Findings) {
    found.line("/title", &advisory.title, 256);
    found.text("/summary", &advisory.summary, CVE_TEXT);
    found.text("/description", &advisory.description, CVE_TEXT);
    found.optional("/impact", advisory.impact.as_deref(), CVE_TEXT);
    found.optional("/ssvc", advisory.ssvc.as_deref(), CVE_TEXT);
    if let Some(exploited) = &advisory.exploited {
        found.text("/exploited/evidence", &exploited.evidence, CVE_TEXT);
        if let Some(seen) = exploited.first_seen {
            date(seen, "/exploited/first_seen", found);
        }
    }
    if !grammar::is_language(&advisory.language) {
        found.error(Format::All, "/language", "is not a language such as en or de-AT");
    } else if !advisory.language.starts_with("en") {
        found.error(Format::Cve, "/language", "must be English");
    }
}

fn scores(advisory: &Advisory, found: &mut Findings) {
    let mut versions = Vec::new();
    for (at, severity) in advisory.severities.iter().enumerate() {
        let place = format!("/severities/{at}/vector");
        match cvss::score(&severity.vector) {
            Err(reason) => found.error(Format::All, place, reason),
            Ok(score) if score.version == cvss::Version::V20 => {
                found.error(Format::All, place, "is of version 2, which is read but not published");
            }
            Ok(score) if versions.contains(&score.version) => {
                found.error(Format::All, place, "is a second vector of the same version");
            }
            Ok(score) => versions.push(score.version),
        }
    }
    for (at, weakness) in advisory.weaknesses.iter().enumerate() {
        if !grammar::is_cwe_id(&weakness.id) {
            found.error(Format::All, format!("/weaknesses/{at}/id"), "is not a CWE id");
        } else if advisory.weaknesses[..at].iter().any(|earlier| earlier.id == weakness.id) {
            found.error(Format::All, format!("/weaknesses/{at}/id"), "stands there twice");
        }
        found.line(format!("/weaknesses/{at}/name"), &weakness.name, CVE_TEXT);
    }
    if advisory.weaknesses.is_empty() {
        found.warning(Format::Cve, "/weaknesses", "names no type of vulnerability");
    }
}

fn links(advisory: &Advisory, found: &mut Findings) {
    for (at, link) in advisory.references.iter().enumerate() {
        url(&link.url, format!("/references/{at}/url"), found);
        found.optional(format!("/references/{at}/summary"), link.summary.as_deref(), 512);
    }
    match advisory.references.len() {
        0 => found.error(Format::Cve, "/references", "has no public link; a CVE record is never the first"),
        1..=512 => {}
        _ => found.error(Format::Cve, "/references", "has more than 512 links"),
    }
}

pub(super) fn url(url: &str, place: String, found: &mut Findings) {
    if !grammar::is_url(url) {
        found.error(Format::All, place, "is not an https or http address");
    } else if url.len() > 2048 {
        found.error(Format::Cve, place, "has more than 2048 characters");
    }
}

fn acknowledgement(thanks: &Acknowledgement, place: &str, found: &mut Findings) {
    found.optional(format!("{place}/name"), thanks.name.as_deref(), CVE_TEXT / 2 - 2);
    found.optional(format!("{place}/organisation"), thanks.organisation.as_deref(), CVE_TEXT / 2 - 2);
    if thanks.name.is_none() && thanks.organisation.is_none() {
        found.error(Format::All, place, "names nobody; an anonymous reporter is left out");
    }
}

fn dates(advisory: &Advisory, found: &mut Findings) {
    for (at, revision) in advisory.revisions.iter().enumerate() {
        let place = format!("/revisions/{at}");
        if usize::try_from(revision.number).ok() != Some(at + 1) {
            found.error(Format::All, format!("{place}/number"), format!("is not {}", at + 1));
        }
        if at > 0 && advisory.revisions[at - 1].date > revision.date {
            found.error(Format::All, format!("{place}/date"), "is before the revision before it");
        }
        date(revision.date, &format!("{place}/date"), found);
        found.text(format!("{place}/summary"), &revision.summary, CVE_TEXT);
    }
    let (Some(first), Some(last)) = (advisory.revisions.first(), advisory.revisions.last()) else {
        found.error(Format::All, "/revisions", "has no revision");
        return;
    };
    if advisory.initial_release != first.date {
        found.error(Format::All, "/initial_release", "is not the date of the first revision");
    }
    if advisory.current_release != last.date {
        found.error(Format::All, "/current_release", "is not the date of the last revision");
    }
}

/// Formats write four digits of year, and CVE wants them from 1900 on.
fn date(at: Timestamp, place: &str, found: &mut Findings) {
    let year = at.to_zoned_datetime(jiff::tz::TimeZone::UTC).year();
    if !(1970..=2999).contains(&year) {
        found.error(Format::All, place, "is not between 1970 and 2999");
    }
}

fn publisher(advisory: &Advisory, found: &mut Findings) {
    let publisher = &advisory.publisher;
    found.line("/publisher/name", &publisher.name, CVE_TEXT);
    url(&publisher.namespace, "/publisher/namespace".to_owned(), found);
    found.optional("/publisher/contact", publisher.contact.as_deref(), CVE_TEXT);
    let place = "/publisher/cve_organisation";
    match &publisher.cve_organisation {
        None => found.error(Format::Cve, place, "is missing: who assigns the id"),
        Some(organisation) => {
            if !grammar::is_uuid_v4(&organisation.id) {
                found.error(Format::Cve, format!("{place}/id"), "is not a UUID of version 4");
            }
            if !(2..=32).contains(&organisation.short_name.trim().chars().count()) {
                found.error(Format::Cve, format!("{place}/short_name"), "has not 2 to 32 characters");
            }
        }
    }
}
