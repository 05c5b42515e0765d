//! Ecosystems: their canonical names, and when two package names mean the same package.
//!
//! Names are those of the OSV schema ("Defined ecosystems"); any letter case is accepted, and so
//! is a package URL's type where it means one ecosystem. What follows the first colon is a release
//! or a registry (`Debian:12`, `Maven:https://…`) and is kept as it is.

use std::borrow::Cow;
use std::fmt;

use crate::{MAX_LENGTH, Order, Purl};

/// A package ecosystem, with its suffix if it has one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ecosystem {
    name: Cow<'static, str>,
    suffix: Option<Box<str>>,
    order: Order,
    names: Names,
}

/// When two spellings of a package name mean the same package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Names {
    /// Only the same letters are the same package.
    Exact,
    /// Letter case does not count.
    AnyCase,
    /// Neither letter case nor `-` against `_`.
    Crates,
    /// Neither letter case nor which run of `-`, `_`, `.` separates the words.
    Pep503,
    /// Addresses of repositories: neither how one gets there nor how they end.
    Repository,
}

/// How a package URL's namespace and name make the package name of OSV.
#[derive(Debug, Clone, Copy)]
enum Join {
    NameOnly,
    With(char),
}

struct Known {
    name: &'static str,
    order: Order,
    names: Names,
    /// Package URL type, the namespace that the type needs to mean this ecosystem, and the join.
    purl: Option<(&'static str, Option<&'static str>, Join)>,
}

const fn known(name: &'static str, names: Names) -> Known {
    Known { name, order: Order::Unknown, names, purl: None }
}

impl Known {
    const fn order(self, order: Order) -> Self {
        Self { order, ..self }
    }

    const fn purl(self, kind: &'static str, join: Join) -> Self {
        Self { purl: Some((kind, None, join)), ..self }
    }

    const fn distribution(self, kind: &'static str, namespace: &'static str) -> Self {
        Self { purl: Some((kind, Some(namespace), Join::NameOnly)), ..self }
    }
}

use Join::{NameOnly, With};
use Names::{AnyCase, Crates, Exact, Pep503, Repository};

/// Who says what about names:
/// - PyPI: PEP 503, "Normalized Names".
/// - crates.io: refuses a new crate whose name differs from another only in case or `-` and `_`
///   (its function `canon_crate_name`, after RFC 940), so folding them never joins two crates.
/// - npm: case counts; 719 old packages differ from another only in case (`jquery`, `jQuery`).
///   New names are lower case only (package.json, "name").
/// - Go: paths are case-sensitive; the module proxy escapes capitals for that reason (Go Modules
///   Reference, "Module proxies").
/// - NuGet: ids are compared without case (NuGet docs, "Package ID"). Packagist: names are lower
///   case (Composer's schema). Hex and Pub allow lower case only. GitHub repositories and VS Code
///   extensions ignore case. Debian, Ubuntu (Debian Policy 5.6.7) and Alpine use lower case only.
/// - The rest keep their letters: no authority says that case may be dropped.
const KNOWN: [Known; 49] = [
    known("crates.io", Crates).order(Order::Semver).purl("cargo", NameOnly),
    known("Go", Exact).order(Order::Go).purl("golang", With('/')),
    known("npm", Exact).order(Order::Npm).purl("npm", With('/')),
    known("PyPI", Pep503).order(Order::Pypi).purl("pypi", NameOnly),
    known("AlmaLinux", Exact).order(Order::Rpm).distribution("rpm", "almalinux"),
    known("Alpaquita", AnyCase).order(Order::Alpine).distribution("apk", "alpaquita"),
    known("Alpine", AnyCase).order(Order::Alpine).distribution("apk", "alpine"),
    known("Android", Exact),
    known("Azure Linux", Exact).order(Order::Rpm).distribution("rpm", "azurelinux"),
    known("BellSoft Hardened Containers", Exact).order(Order::Alpine),
    known("Bioconductor", Exact).order(Order::Cran).purl("bioconductor", NameOnly),
    known("Bitnami", AnyCase).order(Order::ShortSemver).purl("bitnami", NameOnly),
    known("Chainguard", AnyCase).order(Order::Alpine).distribution("apk", "chainguard"),
    known("CleanStart", Exact).order(Order::Alpine),
    known("ConanCenter", Exact).order(Order::Conan).purl("conan", NameOnly),
    known("CRAN", Exact).order(Order::Cran).purl("cran", NameOnly),
    known("Debian", AnyCase).order(Order::Debian).distribution("deb", "debian"),
    known("Docker Hardened Images", Exact).order(Order::ShortSemver),
    known("Echo", AnyCase).order(Order::Debian).distribution("deb", "echo"),
    known("FreeBSD", Exact),
    known("GHC", Exact).order(Order::ShortSemver),
    known("GIT", Repository),
    known("GitHub Actions", AnyCase).order(Order::ShortSemver).purl("githubactions", With('/')),
    known("Hackage", Exact).order(Order::Hackage).purl("hackage", NameOnly),
    known("Hex", AnyCase).order(Order::Semver).purl("hex", NameOnly),
    known("Julia", Exact).order(Order::Julia).purl("julia", NameOnly),
    known("Kubernetes", Exact).order(Order::ShortSemver),
    known("Linux", Exact),
    known("Mageia", Exact).order(Order::Rpm).distribution("rpm", "mageia"),
    known("Maven", Exact).order(Order::Maven).purl("maven", With(':')),
    known("MinimOS", AnyCase).order(Order::Alpine).distribution("apk", "minimos"),
    known("NuGet", AnyCase).order(Order::Nuget).purl("nuget", NameOnly),
    known("opam", Exact).order(Order::Opam).purl("opam", NameOnly),
    known("openEuler", Exact).order(Order::Rpm).distribution("rpm", "openeuler"),
    known("openSUSE", Exact).order(Order::Rpm).distribution("rpm", "opensuse"),
    known("OSS-Fuzz", Exact),
    known("Packagist", AnyCase).order(Order::Packagist).purl("composer", With('/')),
    known("Photon OS", Exact).order(Order::Rpm).distribution("rpm", "photon"),
    known("Pub", AnyCase).order(Order::Pub).purl("pub", NameOnly),
    known("Red Hat", Exact).order(Order::Rpm).distribution("rpm", "redhat"),
    known("Rocky Linux", Exact).order(Order::Rpm).distribution("rpm", "rocky-linux"),
    known("Root", Exact),
    known("RubyGems", Exact).order(Order::Gem).purl("gem", NameOnly),
    known("SUSE", Exact).order(Order::Rpm).distribution("rpm", "suse"),
    known("SwiftURL", Exact).order(Order::ShortSemver).purl("swift", With('/')),
    known("TuxCare", Exact),
    known("Ubuntu", AnyCase).order(Order::Debian).distribution("deb", "ubuntu"),
    known("VSCode", AnyCase).order(Order::ShortSemver).purl("vscode-extension", With('.')),
    known("Wolfi", AnyCase).order(Order::Alpine).distribution("apk", "wolfi"),
];

/// Names of version schemes that are no ecosystem of OSV: types of package URLs that many
/// distributions share, and schemes of the vers specification.
const SCHEMES: [(&str, Order); 15] = [
    ("alpm", Order::Alpm),
    ("apk", Order::Alpine),
    ("datetime", Order::Datetime),
    ("deb", Order::Debian),
    ("dpkg", Order::Debian),
    ("ebuild", Order::Gentoo),
    ("generic", Order::Generic),
    ("gentoo", Order::Gentoo),
    ("intdot", Order::Numbers),
    ("lexicographic", Order::Lexicographic),
    ("nginx", Order::Numbers),
    ("openssl", Order::Openssl),
    ("redhat", Order::Rpm),
    ("rpm", Order::Rpm),
    ("semver", Order::ShortSemver),
];

impl Ecosystem {
    /// Reads an ecosystem's name, a package URL type that means just one ecosystem, or the name of
    /// a version scheme. Any other name is kept as it is, with order unknown; only empty or
    /// over-long text is refused.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.len() > MAX_LENGTH {
            return None;
        }
        let (name, suffix) = match text.split_once(':') {
            Some((name, suffix)) => (name, suffix),
            None => (text, ""),
        };
        let by_name = KNOWN.iter().find(|known| known.name.eq_ignore_ascii_case(name));
        let by_type = || KNOWN.iter().find(|known| known.is_type(name));
        let mut ecosystem = match by_name.or_else(by_type) {
            Some(known) => Self::of(known),
            None => {
                let scheme = SCHEMES.iter().find(|(scheme, _)| scheme.eq_ignore_ascii_case(name));
                let order = scheme.map_or(Order::Unknown, |(_, order)| *order);
                Self { name: name.to_owned().into(), suffix: None, order, names: Exact }
            }
        };
        if !suffix.is_empty() {
            ecosystem.order = order_within(&ecosystem, suffix);
            ecosystem.suffix = Some(suffix.into());
        }
        Some(ecosystem)
    }

    /// The ecosystem and package name that a package URL means; None where OSV has none for it.
    #[must_use]
    pub fn of_purl(purl: &Purl) -> Option<(Self, String)> {
        let namespace = purl.namespace();
        let known = KNOWN.iter().find(|known| match known.purl {
            Some((kind, None, _)) => kind == purl.kind(),
            Some((kind, needed, _)) => kind == purl.kind() && needed == namespace,
            None => false,
        })?;
        let name = match (known.purl, namespace) {
            (Some((.., With(separator))), Some(namespace)) => {
                format!("{namespace}{separator}{}", purl.name())
            }
            _ => purl.name().to_owned(),
        };
        Some((Self::of(known), name))
    }

    fn of(known: &Known) -> Self {
        Self { name: known.name.into(), suffix: None, order: known.order, names: known.names }
    }

    /// The canonical name without a suffix: `Debian` of `Debian:12`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The release or registry behind the colon, as it was given.
    #[must_use]
    pub fn suffix(&self) -> Option<&str> {
        self.suffix.as_deref()
    }

    /// How this ecosystem orders versions.
    #[must_use]
    pub fn order(&self) -> Order {
        self.order
    }

    /// The text by which package names are looked up: equal for names of the same package. For
    /// PyPI it is also the name to show; elsewhere show the record's own spelling.
    #[must_use]
    pub fn package_key<'a>(&self, name: &'a str) -> Cow<'a, str> {
        if self.names == Repository {
            return Cow::Owned(repository(name));
        }
        let changes = |byte: u8| match self.names {
            Exact | Repository => false,
            AnyCase => byte.is_ascii_uppercase(),
            Crates => byte.is_ascii_uppercase() || byte == b'-',
            Pep503 => byte.is_ascii_uppercase() || matches!(byte, b'-' | b'_' | b'.'),
        };
        if !name.bytes().any(changes) {
            return Cow::Borrowed(name);
        }
        let lower = name.chars().map(|c| c.to_ascii_lowercase());
        Cow::Owned(match self.names {
            Exact | Repository => name.to_owned(),
            AnyCase => lower.collect(),
            Crates => lower.map(|c| if c == '-' { '_' } else { c }).collect(),
            Pep503 => pep_503(lower),
        })
    }
}

impl Known {
    fn is_type(&self, text: &str) -> bool {
        matches!(self.purl, Some((kind, None, _)) if kind.eq_ignore_ascii_case(text))
    }
}

/// The order of what is packed: `Echo:PyPI`, `Root:Alpine:3.18` and `TuxCare:npm` order their versions as
/// the ecosystem behind the colon does (OSV.dev, `osv/ecosystems`: `echo.py`, `root.py`, `tuxcare.py`).
fn order_within(ecosystem: &Ecosystem, suffix: &str) -> Order {
    let inner = match suffix.split_once(':') {
        Some((inner, _)) => inner,
        None => suffix,
    };
    let of_inner = || KNOWN.iter().find(|known| known.name.eq_ignore_ascii_case(inner));
    match (ecosystem.name(), of_inner().map(|known| (known.name, known.order))) {
        // A build of Echo is later than what it was made of, by its metadata: `1.2.3+echo.1`.
        ("Echo", Some(("npm", _))) => Order::Pub,
        ("Echo", Some(("PyPI" | "Maven", order))) => order,
        ("Root", Some(("Alpine" | "Debian" | "Ubuntu" | "PyPI" | "Maven" | "npm", order))) => order,
        ("TuxCare", Some((_, order))) => order,
        _ => ecosystem.order,
    }
}

/// The address of a repository without its scheme, who asks, and a slash and `.git` at its end: records write the same
/// one in several ways (OSV.dev, pull request 3986). Letter case says nothing in the name of a host (RFC 3986, 3.2.2) and
/// on hosts where owners and repositories are found in any.
fn repository(address: &str) -> String {
    let address = address.trim();
    let bare = address.split_once("://").map_or(address, |(_, bare)| bare);
    let (host, path) = bare.split_at(bare.find('/').unwrap_or(bare.len()));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host).to_ascii_lowercase();
    let is_any_case = ANY_CASE.contains(&host.as_str());
    let whole = host + &if is_any_case { path.to_ascii_lowercase() } else { path.to_owned() };
    let whole = whole.trim_end_matches('/');
    whole.strip_suffix(".git").unwrap_or(whole).trim_end_matches('/').to_owned()
}

/// Hosts where `Owner/Name` is `owner/name`.
const ANY_CASE: [&str; 2] = ["github.com", "gitlab.com"];

/// Every run of separators becomes one hyphen.
fn pep_503(name: impl Iterator<Item = char>) -> String {
    let mut key = String::new();
    for c in name {
        if !matches!(c, '-' | '_' | '.') {
            key.push(c);
        } else if !key.ends_with('-') {
            key.push('-');
        }
    }
    key
}

/// The canonical name with its suffix: `Debian:12`.
impl fmt::Display for Ecosystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.suffix() {
            Some(suffix) => write!(f, "{}:{suffix}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Ecosystem {
        Ecosystem::parse(text).unwrap()
    }

    #[test]
    fn names_are_read_in_any_case_and_written_canonically() {
        for (given, canonical, order) in [
            ("pypi", "PyPI", Order::Pypi),
            ("PYPI", "PyPI", Order::Pypi),
            ("Crates.IO", "crates.io", Order::Semver),
            ("cargo", "crates.io", Order::Semver),
            ("golang", "Go", Order::Go),
            ("NPM", "npm", Order::Npm),
            ("debian:12", "Debian:12", Order::Debian),
            ("Ubuntu:22.04:LTS", "Ubuntu:22.04:LTS", Order::Debian),
            ("ubuntu:Pro:18.04:LTS", "Ubuntu:Pro:18.04:LTS", Order::Debian),
            ("Alpine:v3.18", "Alpine:v3.18", Order::Alpine),
            ("AlmaLinux:9", "AlmaLinux:9", Order::Rpm),
            ("Maven:https://maven.google.com", "Maven:https://maven.google.com", Order::Maven),
            ("red hat:rhel_aus:8.4::appstream", "Red Hat:rhel_aus:8.4::appstream", Order::Rpm),
            ("composer", "Packagist", Order::Packagist),
            ("gem", "RubyGems", Order::Gem),
            ("RPM", "RPM", Order::Rpm),
            ("deb", "deb", Order::Debian),
            ("Homebrew", "Homebrew", Order::Unknown),
            ("Debian:", "Debian", Order::Debian),
            ("Echo", "Echo", Order::Debian),
            ("Echo:pypi", "Echo:pypi", Order::Pypi),
            ("Echo:npm", "Echo:npm", Order::Pub),
            ("Root:Alpine:3.18", "Root:Alpine:3.18", Order::Alpine),
            ("Root:Debian:12", "Root:Debian:12", Order::Debian),
            ("Root:crates", "Root:crates", Order::Unknown),
            ("TuxCare:Red Hat", "TuxCare:Red Hat", Order::Rpm),
            ("TuxCare:TuxCare:npm", "TuxCare:TuxCare:npm", Order::Unknown),
            ("TuxCare", "TuxCare", Order::Unknown),
        ] {
            let ecosystem = named(given);
            assert_eq!((ecosystem.to_string().as_str(), ecosystem.order()), (canonical, order));
        }
        assert_eq!(Ecosystem::parse(" "), None);
        assert_eq!(Ecosystem::parse(&"x".repeat(1001)), None);
    }

    #[test]
    fn package_keys_follow_each_registry() {
        for (ecosystem, name, key) in [
            ("PyPI", "Zope.Interface__x", "zope-interface-x"),
            ("PyPI", "already-fine", "already-fine"),
            ("crates.io", "Serde-JSON", "serde_json"),
            ("npm", "JSONStream", "JSONStream"),
            ("npm", "@Scope/x", "@Scope/x"),
            ("Go", "github.com/Azure/go", "github.com/Azure/go"),
            ("NuGet", "Newtonsoft.Json", "newtonsoft.json"),
            ("Packagist", "Symfony/HTTP-Kernel", "symfony/http-kernel"),
            ("Maven", "org.Apache:Log4j", "org.Apache:Log4j"),
            ("GIT", "https://github.com/Curl/curl.git", "github.com/curl/curl"),
            ("GIT", "git://GitHub.com/Curl/CURL.GIT/", "github.com/curl/curl"),
            ("GIT", "ssh://git@gitlab.com/Curl/curl.git/", "gitlab.com/curl/curl"),
            ("GIT", "github.com/Curl/curl", "github.com/curl/curl"),
            ("GIT", "https://Git.Example.org/Curl/curl.git", "git.example.org/Curl/curl"),
            ("GIT", "Example.org", "example.org"),
            ("GIT", "https://", ""),
        ] {
            assert_eq!(named(ecosystem).package_key(name), key);
        }
    }

    #[test]
    fn package_urls_lead_to_ecosystems() {
        for (purl, ecosystem, name) in [
            ("pkg:pypi/Django@1.0", "PyPI", "django"),
            ("pkg:npm/%40angular/core", "npm", "@angular/core"),
            ("pkg:golang/github.com/gorilla/context", "Go", "github.com/gorilla/context"),
            ("pkg:golang/stdlib@1.21", "Go", "stdlib"),
            ("pkg:maven/org.apache/log4j", "Maven", "org.apache:log4j"),
            ("pkg:deb/ubuntu/dpkg", "Ubuntu", "dpkg"),
            ("pkg:vscode-extension/redhat/java", "VSCode", "redhat.java"),
        ] {
            let (found, package) = Ecosystem::of_purl(&purl.parse().unwrap()).unwrap();
            assert_eq!((found.name(), package.as_str()), (ecosystem, name));
        }
        assert!(Ecosystem::of_purl(&"pkg:generic/openssl".parse().unwrap()).is_none());
    }
}
