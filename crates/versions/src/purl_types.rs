//! What each package URL type allows, from the type definitions of the purl specification.
//!
//! A type that is not listed has no rules of its own. One rule is relaxed: `golang` may go without
//! a namespace, because `pkg:golang/stdlib` is how every scanner names the standard library.

use crate::purl::{BadPurl, PurlParts};

/// Whether a type's packages have a namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Namespace {
    Optional,
    Required,
    Prohibited,
}

use Namespace::{Optional, Prohibited, Required};

/// Rules of one type; `lower` names the components without letter case, by their first letters:
/// `s` for the namespace, `n` for the name, `v` for the version.
struct Rules {
    kind: &'static str,
    namespace: Namespace,
    lower: &'static str,
}

const fn rules(kind: &'static str, namespace: Namespace, lower: &'static str) -> Rules {
    Rules { kind, namespace, lower }
}

/// Sorted by name.
const RULES: [Rules; 35] = [
    rules("alpm", Required, "sn"),
    rules("apk", Required, "sn"),
    rules("bazel", Prohibited, ""),
    rules("bitbucket", Required, "sn"),
    rules("bitnami", Prohibited, "n"),
    rules("brew", Optional, "sn"),
    rules("cargo", Prohibited, ""),
    rules("chrome-extension", Prohibited, "n"),
    rules("cocoapods", Prohibited, ""),
    rules("composer", Required, "sn"),
    rules("conda", Prohibited, ""),
    rules("cran", Prohibited, ""),
    rules("deb", Required, "sn"),
    rules("gem", Prohibited, ""),
    rules("git", Required, ""),
    rules("github", Required, "sn"),
    rules("hackage", Prohibited, ""),
    rules("hex", Optional, "sn"),
    rules("huggingface", Required, "v"),
    rules("julia", Prohibited, ""),
    rules("luarocks", Optional, "sn"),
    rules("maven", Required, ""),
    rules("mlflow", Prohibited, ""),
    rules("nuget", Prohibited, ""),
    rules("oci", Prohibited, "nv"),
    rules("opam", Prohibited, ""),
    rules("otp", Prohibited, "n"),
    rules("pub", Prohibited, "n"),
    rules("pypi", Prohibited, "nv"),
    rules("qpkg", Required, "s"),
    rules("rpm", Required, "s"),
    rules("swift", Required, ""),
    rules("vcpkg", Prohibited, ""),
    rules("vscode-extension", Required, "snv"),
    rules("yocto", Optional, "s"),
];

/// Brings the parts of a package URL into the canonical form of their type, or refuses them.
pub(crate) fn apply(parts: &mut PurlParts) -> Result<(), BadPurl> {
    if let Some(rules) = RULES.iter().find(|rules| rules.kind == parts.kind) {
        match (rules.namespace, &parts.namespace) {
            (Required, None) => return Err(BadPurl::NamespaceMissing),
            (Prohibited, Some(_)) => return Err(BadPurl::NamespaceForbidden),
            _ => {}
        }
        let lower = |component| rules.lower.contains(component);
        if lower('s') {
            parts.namespace = parts.namespace.take().map(|namespace| namespace.to_lowercase());
        }
        if lower('n') {
            parts.name = parts.name.to_lowercase();
        }
        if lower('v') {
            parts.version = parts.version.take().map(|version| version.to_lowercase());
        }
    }
    match parts.kind.as_str() {
        "chrome-extension" => check_chrome_extension(parts),
        "cpan" => {
            parts.namespace = parts.namespace.take().map(|author| author.to_uppercase());
            // `A::B` is a module; the package is the distribution that holds it.
            if parts.name.contains("::") { Err(BadPurl::Name) } else { Ok(()) }
        }
        "git" => {
            fold_git_host(parts);
            Ok(())
        }
        "julia" => require(parts, "uuid"),
        "mlflow" => {
            // Only Databricks ignores letter case; Azure ML does not.
            if qualifier(parts, "repository_url").is_some_and(|url| url.contains("databricks")) {
                parts.name = parts.name.to_lowercase();
            }
            Ok(())
        }
        "pub" => {
            parts.name = parts.name.replace(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit(), "_");
            Ok(())
        }
        "pypi" => {
            parts.name = parts.name.replace('_', "-");
            Ok(())
        }
        "swid" => require(parts, "tag_id"),
        _ => Ok(()),
    }
}

fn qualifier<'a>(parts: &'a PurlParts, key: &str) -> Option<&'a str> {
    parts.qualifiers.iter().find(|(own, _)| own == key).map(|(_, value)| value.as_str())
}

fn require(parts: &PurlParts, key: &'static str) -> Result<(), BadPurl> {
    qualifier(parts, key).map(|_| ()).ok_or(BadPurl::QualifierMissing(key))
}

/// An id is 32 letters from a to p; a version is one to four numbers.
fn check_chrome_extension(parts: &PurlParts) -> Result<(), BadPurl> {
    if parts.name.len() != 32 || !parts.name.bytes().all(|byte| matches!(byte, b'a'..=b'p')) {
        return Err(BadPurl::Name);
    }
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match &parts.version {
        Some(version) if version.split('.').count() > 4 || !version.split('.').all(is_number) => {
            Err(BadPurl::Version)
        }
        _ => Ok(()),
    }
}

/// The namespace of `git` is the host and the name is the whole path; hosts known to ignore letter
/// case are folded, as their own types are.
fn fold_git_host(parts: &mut PurlParts) {
    let host = parts.namespace.as_deref().unwrap_or_default().to_lowercase();
    if matches!(host.as_str(), "github" | "github.com" | "bitbucket" | "bitbucket.org") {
        parts.name = parts.name.to_lowercase();
        parts.namespace = Some(host);
    }
}

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn the_table_is_sorted() {
        assert!(RULES.windows(2).all(|pair| matches!(pair, [a, b] if a.kind < b.kind)));
    }
}
