//! Versions as CSAF writes them: one version by its name, several as a version range specifier
//! (`vers:pypi/>=1.0|<2.0`).

use crate::advisory::{Product, Versions, Which};
use crate::osv::purl_type;

/// The category and name of a version branch.
pub(super) fn branch(product: &Product, versions: &Versions) -> (&'static str, String) {
    match &versions.which {
        Which::Exact(version) => ("product_version", version.clone()),
        _ => ("product_version_range", specifier(product, versions)),
    }
}

/// For people.
pub(super) fn words(versions: &Versions) -> String {
    match &versions.which {
        Which::All => "all versions".to_owned(),
        Which::Exact(version) => version.clone(),
        Which::From(version) => format!("from {version}"),
        Which::Before { introduced: None, fixed } => format!("before {fixed}"),
        Which::Before { introduced: Some(introduced), fixed } => format!("from {introduced} before {fixed}"),
        Which::UpTo { introduced: None, last_affected } => format!("up to {last_affected}"),
        Which::UpTo { introduced: Some(introduced), last_affected } => {
            format!("from {introduced} up to {last_affected}")
        }
    }
}

fn specifier(product: &Product, versions: &Versions) -> String {
    let (from, end) = match &versions.which {
        Which::All => (None, None),
        Which::Exact(version) => (None, Some(("=", version))),
        Which::From(version) => (Some(version), None),
        Which::Before { introduced, fixed } => (introduced.as_ref(), Some(("<", fixed))),
        Which::UpTo { introduced, last_affected } => (introduced.as_ref(), Some(("<=", last_affected))),
    };
    let mut bounds = Vec::new();
    // "0" says "from the beginning", which is what no lower bound says too.
    if let Some(from) = from.filter(|version| *version != "0") {
        bounds.push(format!(">={}", encoded(from)));
    }
    if let Some((sign, version)) = end {
        bounds.push(format!("{sign}{}", encoded(version)));
    }
    if bounds.is_empty() {
        bounds.push("*".to_owned());
    }
    format!("vers:{}/{}", scheme(product, versions), bounds.join("|"))
}

/// How versions are compared: the ecosystem's way, or what the advisory says.
fn scheme(product: &Product, versions: &Versions) -> &'static str {
    let package = product.package.as_ref();
    match (package.and_then(|package| purl_type(&package.ecosystem)), versions.version_type.as_deref()) {
        (Some(kind), _) => kind,
        (None, Some("semver")) => "semver",
        (None, _) => "generic",
    }
}

/// All that is not unreserved in a URL is written with percent signs.
pub(super) fn encoded(version: &str) -> String {
    let mut text = String::new();
    for byte in version.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}
