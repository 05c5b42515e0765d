//! What the catalogue is asked about a part.

use super::super::rules::{Package, Question};
use super::part_version;
use formats::sbom::Component;
use versions::Purl;
use versions::cpe::{Attribute, Cpe, Value};

/// Packages of distributions keep their version when a fix is carried back into them: what upstream says
/// of that version by its CPE name is not true of them.
const DISTRIBUTIONS: [&str; 4] = ["deb", "rpm", "apk", "alpm"];

/// What is asked about a part, or why nothing can be.
pub(super) fn question(component: &Component) -> Result<Question, &'static str> {
    let purl = component.purl.as_ref().map(|purl| purl.parse::<Purl>());
    let package = match &purl {
        Some(Ok(purl)) => Package::of_purl(purl),
        _ => None,
    };
    let is_of_distribution = matches!(&purl, Some(Ok(purl)) if DISTRIBUTIONS.contains(&purl.kind()));
    let version = part_version(component);
    let mut names: Vec<Cpe> = component.cpes.iter().filter_map(|cpe| cpe.parse().ok()).collect();
    names.retain(|name: &Cpe| {
        matches!(name.get(Attribute::Version), Value::Text(_)) && !(is_of_distribution && package.is_some())
    });
    names.sort_by_cached_key(ToString::to_string);
    names.dedup();
    names.truncate(NAMES_MAX);
    match (&package, &purl) {
        _ if !names.is_empty() => {}
        (Some(_), _) if version.is_none() => return Err("it has no version"),
        (Some(_), _) => {}
        (None, Some(Err(_))) => return Err("its package URL cannot be read"),
        (None, Some(Ok(_))) => return Err("no records are kept by packages of this type"),
        (None, None) => return Err("it has neither a package URL nor a CPE name with a version"),
    }
    Ok(Question { package, version, names })
}

/// CPE names of one part: tools that guess them write a dozen spellings.
const NAMES_MAX: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(purl: Option<&str>, version: Option<&str>, cpe: Option<&str>) -> Result<String, &'static str> {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let part = Component {
            purl: text(purl),
            version: text(version),
            cpes: text(cpe).into_iter().collect(),
            ..Component::default()
        };
        let Question { package, version, names } = question(&part)?;
        let package = package.map(|package| format!("{}|{}", package.ecosystem, package.key));
        Ok(format!("{} {} {}", package.unwrap_or_default(), version.unwrap_or_default(), names.len()))
    }

    const CURL: &str = "cpe:2.3:a:haxx:curl:8.1:*:*:*:*:*:*:*";

    #[test]
    fn a_part_is_asked_about_by_all_that_names_it_exactly() {
        assert_eq!(asked(Some("pkg:pypi/Django@4.2"), None, None).unwrap(), "PyPI|django 4.2 0");
        assert_eq!(asked(Some("pkg:pypi/django"), Some("4.2"), None).unwrap(), "PyPI|django 4.2 0");
        assert_eq!(asked(None, None, Some(CURL)).unwrap(), "  1");
        assert_eq!(asked(Some("pkg:generic/curl@8.1"), None, Some(CURL)).unwrap(), " 8.1 1");
        assert_eq!(asked(Some("pkg:npm/curl"), None, Some(CURL)).unwrap(), "npm|curl  1");
    }

    /// A distribution's `8.1-2+deb12u1` has upstream's fixes without upstream's version.
    #[test]
    fn a_distributions_package_is_not_asked_about_by_upstreams_name() {
        let purl = "pkg:deb/debian/curl@8.1-2%2Bdeb12u1?distro=debian-12.4";
        assert_eq!(asked(Some(purl), None, Some(CURL)).unwrap(), "Debian:12|curl 8.1-2+deb12u1 0");
        let purl = "pkg:apk/alpine/curl@8.1-r0?distro=alpine-3.19.1";
        assert_eq!(asked(Some(purl), None, None).unwrap(), "Alpine:v3.19|curl 8.1-r0 0");
    }

    #[test]
    fn what_cannot_be_asked_about_says_why() {
        for (purl, version, cpe, reason) in [
            (Some("pkg:pypi/a"), None, None, "it has no version"),
            (Some("nonsense"), Some("1"), None, "its package URL cannot be read"),
            (Some("pkg:generic/a@1"), None, None, "no records are kept by packages of this type"),
            (None, Some("1"), None, "it has neither a package URL nor a CPE name with a version"),
            (
                None,
                None,
                Some("cpe:2.3:a:haxx:curl:*:*:*:*:*:*:*:*"),
                "it has neither a package URL nor a CPE name with a version",
            ),
        ] {
            assert_eq!(asked(purl, version, cpe), Err(reason));
        }
    }
}
