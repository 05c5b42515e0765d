//! Package URLs: read, checked, written canonically.
//!
//! Authority: the purl specification ("Rules for each PURL component", "How to parse", "How to
//! build"); what single types demand is in `purl_types.rs`. Reading is as lenient as the
//! specification's steps: any letter case in scheme, type and qualifier keys, slashes after the
//! scheme, characters that should have been percent-encoded. Writing is canonical.
//! One step differs: the first `?` and the first `#` divide, as in every URL, not the last; valid
//! package URLs have one of each, and a download address written raw stays whole.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::{percent, purl_types};

/// Longest package URL that is read, in bytes: qualifiers carry whole download addresses.
const MAX_PURL: usize = 8_000;

/// A package URL in canonical form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purl(PurlParts);

/// The components of a package URL, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PurlParts {
    /// The type, such as `npm`.
    pub kind: String,
    /// Segments with `/` between them.
    pub namespace: Option<String>,
    /// The package's name.
    pub name: String,
    /// The version, as the ecosystem writes it.
    pub version: Option<String>,
    /// Keys and values.
    pub qualifiers: Vec<(String, String)>,
    /// Segments with `/` between them.
    pub subpath: Option<String>,
}

/// Why a text or a set of components is no package URL.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadPurl {
    /// Over the limit.
    #[error("the package URL is longer than 8,000 bytes")]
    TooLong,
    /// Another scheme or none.
    #[error("a package URL begins with pkg:")]
    Scheme,
    /// No type, or one with characters that a type does not have.
    #[error("the type is missing or has other characters than letters, digits, dot and hyphen")]
    Kind,
    /// No name, or one that the type does not allow.
    #[error("the name is missing or not one that the type allows")]
    Name,
    /// A version that the type does not allow.
    #[error("the type does not allow such a version")]
    Version,
    /// The type needs one.
    #[error("the type needs a namespace")]
    NamespaceMissing,
    /// The type has none.
    #[error("the type has no namespace")]
    NamespaceForbidden,
    /// A key with characters that a key does not have, or one given twice.
    #[error("the qualifier {0:?} is malformed or given twice")]
    Qualifier(String),
    /// The type needs one.
    #[error("the type needs the qualifier {0}")]
    QualifierMissing(&'static str),
    /// A percent sign without two hexadecimal digits, or bytes that are not UTF-8.
    #[error("the percent-encoding is broken")]
    Encoding,
    /// A segment that decodes to a text with a slash.
    #[error("a segment has a slash in it")]
    Segment,
}

impl Purl {
    /// Builds a package URL from components, brought into canonical form.
    pub fn build(mut parts: PurlParts) -> Result<Self, BadPurl> {
        if !is_word(&parts.kind, "") {
            return Err(BadPurl::Kind);
        }
        parts.kind.make_ascii_lowercase();
        let namespace = parts.namespace.take().unwrap_or_default();
        parts.namespace = joined(namespace.split('/').filter(|segment| !segment.is_empty()));
        parts.name = parts.name.trim_matches('/').to_owned();
        if parts.name.is_empty() {
            return Err(BadPurl::Name);
        }
        parts.version = parts.version.take().filter(|version| !version.is_empty());
        parts.qualifiers.retain(|(_, value)| !value.is_empty());
        for (key, _) in &mut parts.qualifiers {
            if !is_word(key, "_") {
                return Err(BadPurl::Qualifier(key.clone()));
            }
            key.make_ascii_lowercase();
        }
        parts.qualifiers.sort();
        for pair in parts.qualifiers.windows(2) {
            if let [(a, _), (b, _)] = pair
                && a == b
            {
                return Err(BadPurl::Qualifier(a.clone()));
            }
        }
        let subpath = parts.subpath.take().unwrap_or_default();
        parts.subpath = joined(subpath.split('/').filter(|segment| !matches!(*segment, "" | "." | "..")));
        purl_types::apply(&mut parts)?;
        Ok(Self(parts))
    }

    /// The type, in lower case.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.0.kind
    }

    /// The namespace, decoded.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.0.namespace.as_deref()
    }

    /// The name, decoded.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The version, decoded.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.0.version.as_deref()
    }

    /// The value of a qualifier, decoded.
    #[must_use]
    pub fn qualifier(&self, key: &str) -> Option<&str> {
        self.0.qualifiers.iter().find(|(own, _)| own == key).map(|(_, value)| value.as_str())
    }

    /// All components, decoded; qualifiers are sorted by key.
    #[must_use]
    pub fn parts(&self) -> &PurlParts {
        &self.0
    }

    /// The package without version, qualifiers and subpath: what records are filed under.
    #[must_use]
    pub fn package(&self) -> String {
        let mut text = String::from("pkg:");
        write_package(&mut text, &self.0);
        text
    }

    /// Whether the text is a package URL and already in canonical form.
    #[must_use]
    pub fn is_canonical(text: &str) -> bool {
        text.parse::<Self>().is_ok_and(|purl| purl.to_string() == text)
    }
}

impl FromStr for Purl {
    type Err = BadPurl;

    /// Takes the text apart from right to left, as the specification's "How to parse" says.
    fn from_str(text: &str) -> Result<Self, BadPurl> {
        if text.len() > MAX_PURL {
            return Err(BadPurl::TooLong);
        }
        let (rest, subpath) = text.trim().split_once('#').unwrap_or((text.trim(), ""));
        let (rest, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
        let (scheme, rest) = rest.split_once(':').ok_or(BadPurl::Scheme)?;
        if !scheme.eq_ignore_ascii_case("pkg") {
            return Err(BadPurl::Scheme);
        }
        let (kind, rest) = rest.trim_start_matches('/').split_once('/').ok_or(BadPurl::Name)?;
        let (path, version) = split_version(rest);
        if path.ends_with('/') && !version.is_empty() {
            return Err(BadPurl::Name);
        }
        let path = path.trim_matches('/');
        let (namespace, name) = match (kind.eq_ignore_ascii_case("git"), path.split_once('/')) {
            // The host is the namespace of `git`; the whole path on it is the name.
            (true, Some((host, path))) => (host, path),
            _ => path.rsplit_once('/').unwrap_or(("", path)),
        };
        Self::build(PurlParts {
            kind: kind.to_owned(),
            namespace: decoded_segments(namespace)?,
            name: decoded(name)?,
            version: Some(decoded(version)?),
            qualifiers: decoded_qualifiers(qualifiers)?,
            subpath: decoded_segments(subpath)?,
        })
    }
}

impl fmt::Display for Purl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.package();
        if let Some(version) = self.version() {
            text.push('@');
            percent::encode(&mut text, version);
        }
        for (place, (key, value)) in self.0.qualifiers.iter().enumerate() {
            text.push(if place == 0 { '?' } else { '&' });
            text.push_str(key);
            text.push('=');
            percent::encode(&mut text, value);
        }
        if let Some(subpath) = &self.0.subpath {
            text.push('#');
            encode_segments(&mut text, subpath);
        }
        f.write_str(&text)
    }
}

/// Splits at the last `@`, unless that one begins a segment with more behind it: `@babel/core` is
/// a scope that should have been percent-encoded, not a version.
fn split_version(path: &str) -> (&str, &str) {
    match path.rsplit_once('@') {
        Some((before, after)) if !((before.is_empty() || before.ends_with('/')) && after.contains('/')) => {
            (before, after)
        }
        _ => (path, ""),
    }
}

/// A letter, then letters, digits, dots, hyphens and what else is allowed.
fn is_word(text: &str, also: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-') || also.contains(c);
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_allowed)
}

fn joined<'a>(segments: impl Iterator<Item = &'a str>) -> Option<String> {
    let segments: Vec<_> = segments.collect();
    (!segments.is_empty()).then(|| segments.join("/"))
}

fn decoded_segments(text: &str) -> Result<Option<String>, BadPurl> {
    let mut segments = Vec::new();
    for segment in text.split('/').filter(|segment| !segment.is_empty()) {
        let segment = decoded(segment)?;
        if segment.contains('/') {
            return Err(BadPurl::Segment);
        }
        segments.push(segment);
    }
    Ok(joined(segments.iter().map(String::as_str)))
}

fn decoded_qualifiers(text: &str) -> Result<Vec<(String, String)>, BadPurl> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((key.to_owned(), decoded(value)?))
        })
        .collect()
}

fn decoded(text: &str) -> Result<String, BadPurl> {
    percent::decode(text).ok_or(BadPurl::Encoding)
}

fn write_package(to: &mut String, parts: &PurlParts) {
    to.push_str(&parts.kind);
    to.push('/');
    if let Some(namespace) = &parts.namespace {
        encode_segments(to, namespace);
        to.push('/');
    }
    if parts.kind == "git" {
        encode_segments(to, &parts.name);
    } else {
        percent::encode(to, &parts.name);
    }
}

fn encode_segments(to: &mut String, segments: &str) {
    for (place, segment) in segments.split('/').enumerate() {
        if place > 0 {
            to.push('/');
        }
        percent::encode(to, segment);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_form_is_written() {
        for (given, canonical) in [
            ("PKG:PyPI/Django_X@1.0", "pkg:pypi/django-x@1.0"),
            ("pkg://npm/@babel/core@7.0.0#/a/./b/", "pkg:npm/%40babel/core@7.0.0#a/b"),
            ("pkg:deb/debian/curl@1:7.5+b1?b=2&A=1&c=", "pkg:deb/debian/curl@1:7.5%2Bb1?a=1&b=2"),
            ("pkg:generic/a%20b", "pkg:generic/a%20b"),
        ] {
            let purl: Purl = given.parse().unwrap();
            assert_eq!(purl.to_string(), canonical);
            assert!(Purl::is_canonical(canonical), "{canonical}");
        }
        assert!(!Purl::is_canonical("pkg:PyPI/x"));
    }

    #[test]
    fn the_package_leaves_out_what_varies() {
        let purl: Purl = "pkg:npm/%40a/b@1?x=y#z".parse().unwrap();
        assert_eq!(purl.package(), "pkg:npm/%40a/b");
        assert_eq!(purl.qualifier("x"), Some("y"));
    }

    #[test]
    fn bad_package_urls_are_refused_with_a_reason() {
        for (bad, reason) in [
            ("", BadPurl::Scheme),
            ("http:x/y", BadPurl::Scheme),
            ("pkg:npm", BadPurl::Name),
            ("pkg:npm/", BadPurl::Name),
            ("pkg:generic/a/@1", BadPurl::Name),
            ("pkg:1a/x", BadPurl::Kind),
            ("pkg:generic/%zz", BadPurl::Encoding),
            ("pkg:generic/%ff", BadPurl::Encoding),
            ("pkg:generic/a%2Fb/c", BadPurl::Segment),
            ("pkg:generic/x?a=1&A=2", BadPurl::Qualifier("a".into())),
            ("pkg:maven/x", BadPurl::NamespaceMissing),
            ("pkg:cargo/a/x", BadPurl::NamespaceForbidden),
            ("pkg:julia/Dates", BadPurl::QualifierMissing("uuid")),
        ] {
            assert_eq!(bad.parse::<Purl>(), Err(reason), "{bad}");
        }
        let long = format!("pkg:generic/{}", "x".repeat(8_000));
        assert_eq!(long.parse::<Purl>(), Err(BadPurl::TooLong));
    }
}
