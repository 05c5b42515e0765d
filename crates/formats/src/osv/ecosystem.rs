//! Names that the OSV schema knows: ecosystems, and prefixes of record ids.

/// Ecosystems of the schema, and the package URL type of those that have one.
const ECOSYSTEMS: [(&str, &str); 49] = [
    ("AlmaLinux", "rpm"),
    ("Alpaquita", "apk"),
    ("Alpine", "apk"),
    ("Android", ""),
    ("Azure Linux", "rpm"),
    ("BellSoft Hardened Containers", "apk"),
    ("Bioconductor", "bioconductor"),
    ("Bitnami", "bitnami"),
    ("Chainguard", "apk"),
    ("CleanStart", ""),
    ("ConanCenter", "conan"),
    ("CRAN", "cran"),
    ("crates.io", "cargo"),
    ("Debian", "deb"),
    ("Docker Hardened Images", ""),
    ("Echo", "deb"),
    ("FreeBSD", ""),
    ("GHC", ""),
    ("GIT", ""),
    ("GitHub Actions", "github"),
    ("Go", "golang"),
    ("Hackage", "hackage"),
    ("Hex", "hex"),
    ("Julia", "julia"),
    ("Kubernetes", ""),
    ("Linux", ""),
    ("Mageia", "rpm"),
    ("Maven", "maven"),
    ("MinimOS", "apk"),
    ("npm", "npm"),
    ("NuGet", "nuget"),
    ("opam", "opam"),
    ("openEuler", "rpm"),
    ("openSUSE", "rpm"),
    ("OSS-Fuzz", ""),
    ("Packagist", "composer"),
    ("Photon OS", "rpm"),
    ("Pub", "pub"),
    ("PyPI", "pypi"),
    ("Red Hat", "rpm"),
    ("Rocky Linux", "rpm"),
    ("Root", ""),
    ("RubyGems", "gem"),
    ("SUSE", "rpm"),
    ("SwiftURL", "swift"),
    ("TuxCare", "rpm"),
    ("Ubuntu", "deb"),
    ("VSCode", ""),
    ("Wolfi", "apk"),
];

/// Whether the OSV schema knows this ecosystem; a suffix after a colon is free (`Debian:12`).
#[must_use]
pub fn is_ecosystem(name: &str) -> bool {
    find(name).is_some()
}

/// The package URL type of an ecosystem, if it has one.
pub(crate) fn purl_type(ecosystem: &str) -> Option<&'static str> {
    find(ecosystem).filter(|kind| !kind.is_empty())
}

fn find(ecosystem: &str) -> Option<&'static str> {
    let (name, suffix) =
        ecosystem.split_once(':').map_or((ecosystem, None), |(name, suffix)| (name, Some(suffix)));
    if suffix == Some("") {
        return None;
    }
    ECOSYSTEMS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

/// Prefixes of record ids that are registered with OSV. All other databases write `x_` before.
const PREFIXES: &str = "ASB-A PUB-A ALPINE ALSA ALBA ALEA AZL BELL BIT CGA CLEANSTART CLSA CURL CVE DEBIAN DHI DRUPAL \
    DSA DLA ELA DTSA ECHO EEF FreeBSD GHSA GO GSD HSEC JLSEC KUBE LBSEC LSN MAL MINI MGASA OESA OSEC OSV openSUSE-SU \
    PHSA PSF PYSEC RHBA RHEA RHSA RLSA RXSA RSEC ROOT RUSTSEC SUSE-SU SUSE-RU SUSE-FU SUSE-OU UBUNTU USN V8";

/// Whether an id begins as the OSV schema wants it.
pub(super) fn is_registered(id: &str) -> bool {
    let begins = |prefix: &str| id.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('-'));
    id.starts_with("x_") || PREFIXES.split_ascii_whitespace().any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_is_free_but_not_empty() {
        assert!(
            is_ecosystem("PyPI") && is_ecosystem("Debian:12") && is_ecosystem("Maven:https://m.example.org")
        );
        assert!(!is_ecosystem("Pypi") && !is_ecosystem("Debian:") && !is_ecosystem(""));
        assert_eq!((purl_type("crates.io"), purl_type("Linux"), purl_type("?")), (Some("cargo"), None, None));
    }

    #[test]
    fn ids_of_unregistered_databases_are_told_apart() {
        assert!(
            is_registered("CVE-1900-0001") && is_registered("SUSE-SU-2026:1") && is_registered("x_HEL-1")
        );
        assert!(!is_registered("HEL-2026-000123") && !is_registered("GO1") && !is_registered("SUSE-XU-1"));
    }
}
