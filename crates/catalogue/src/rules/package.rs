//! Packages, as records are filed under them and looked up.

use versions::cpe::{Attribute, Cpe, Value};
use versions::{Ecosystem, Purl};

/// A package as it is looked up.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Package {
    /// Its ecosystem; the suffix tells releases apart (`Debian:12`).
    pub ecosystem: Ecosystem,
    /// Its name, in the spelling that is equal for all spellings of the same package.
    pub key: String,
}

impl Package {
    /// The package of an ecosystem's and a package's name.
    pub fn named(ecosystem: &str, name: &str) -> Option<Self> {
        let name = name.trim();
        if name.is_empty() || name.len() > versions::MAX_LENGTH {
            return None;
        }
        let ecosystem = Ecosystem::parse(ecosystem)?;
        // Products and commits stand under a word of ours, which nobody is to ask for as an ecosystem.
        if ecosystem.name().eq_ignore_ascii_case(CPE) {
            return None;
        }
        let key = ecosystem.package_key(name).into_owned();
        Some(Self { ecosystem, key })
    }

    /// Whether what is said of another may be said of this one: the same name, and no other release (`Debian:11`).
    pub(crate) fn may_be(&self, said: &Self) -> bool {
        let (own, other) = (&self.ecosystem, &said.ecosystem);
        self.key == said.key && own.name() == other.name() && !is_other_release(own, other.suffix())
    }

    /// Where statements about products of this vendor and name are filed.
    pub fn of_cpe(name: &Cpe) -> Option<Self> {
        let part = |attribute| match name.get(attribute) {
            Value::Text(text) if text.is_plain() => Some(text.body.to_lowercase()),
            _ => None,
        };
        let key = format!("{}:{}", part(Attribute::Vendor)?, part(Attribute::Product)?);
        Some(Self { ecosystem: Ecosystem::parse(CPE)?, key })
    }

    /// The package that a package URL means, where OSV has an ecosystem for it; of a distribution's release, where
    /// it names one.
    pub fn of_purl(purl: &Purl) -> Option<Self> {
        let (ecosystem, name) = Ecosystem::of_purl(purl)?;
        let key = ecosystem.package_key(&name).into_owned();
        Some(released(Self { ecosystem, key }, purl))
    }
}

/// Whether a release that something is said of is another than the one that is asked about.
pub(crate) fn is_other_release(asked: &Ecosystem, said: Option<&str>) -> bool {
    asked.suffix().zip(said).is_some_and(|(asked, said)| !asked.eq_ignore_ascii_case(said))
}

/// The ecosystem under which products stand that have a CPE name and no package, and commits.
pub(super) const CPE: &str = "cpe";

/// The package of a distribution's release, where the package URL names one in a way that OSV does.
fn released(package: Package, purl: &Purl) -> Package {
    let distribution = purl.qualifier("distro").and_then(|distro| distro.split_once('-'));
    let Some((name, release)) = distribution.filter(|_| matches!(purl.kind(), "deb" | "rpm" | "apk")) else {
        return package;
    };
    let major = release.split('.').next().unwrap_or(release);
    let release = match name {
        "debian" | "almalinux" | "rocky" => major.to_owned(),
        "alpine" => format!("v{}", release.split('.').take(2).collect::<Vec<_>>().join(".")),
        "ubuntu" if release.ends_with(".04") && major.parse::<u32>().is_ok_and(|year| year % 2 == 0) => {
            format!("{release}:LTS")
        }
        "ubuntu" => release.to_owned(),
        _ => return package,
    };
    Package::named(&format!("{}:{release}", package.ecosystem.name()), &package.key).unwrap_or(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is mended in one release of a distribution may stand open in another.
    #[test]
    fn a_package_url_names_the_release_of_a_distribution() {
        for (purl, expected) in [
            ("pkg:deb/debian/curl@8.1-2?distro=debian-12.4", "Debian:12|curl"),
            ("pkg:deb/debian/curl@8.1-2", "Debian|curl"),
            ("pkg:deb/debian/curl@8.1-2?distro=bookworm", "Debian|curl"),
            ("pkg:deb/ubuntu/curl@8.1-2?distro=ubuntu-22.04", "Ubuntu:22.04:LTS|curl"),
            ("pkg:deb/ubuntu/curl@8.1-2?distro=ubuntu-23.10", "Ubuntu:23.10|curl"),
            ("pkg:apk/alpine/curl@8.1-r0?distro=alpine-3.19.1", "Alpine:v3.19|curl"),
            ("pkg:pypi/Django@4.2?distro=debian-12", "PyPI|django"),
        ] {
            let package = Package::of_purl(&purl.parse().unwrap()).unwrap();
            assert_eq!(format!("{}|{}", package.ecosystem, package.key), expected, "{purl}");
        }
    }
}
