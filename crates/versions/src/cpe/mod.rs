//! Names of products: CPE 2.3.
//!
//! Authority: NISTIR 7695 (naming: well-formed names, formatted strings, URIs) and NISTIR 7696
//! (matching of names). Reading takes any letter case, which does not count when names are
//! compared, and characters that a formatted string should have escaped; writing is canonical.

mod applicability;
mod formatted;
mod matching;
mod span;
mod uri;
mod value;
mod wfn;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

pub use applicability::{Applicability, Configuration, Criterion, Node, Operator};
pub use matching::{Relation, compare};
pub use span::{End, Span};
pub use value::{Text, Value, Wild};

/// Longest name that is read, in bytes.
const MAX_CPE: usize = 8_000;

/// A well-formed name: what is said of each attribute of a product.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cpe {
    values: [Value; 11],
}

/// The attributes of a name, in the order of a formatted string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attribute {
    /// `a` for applications, `o` for operating systems, `h` for hardware.
    Part,
    /// Who makes it.
    Vendor,
    /// What it is called.
    Product,
    /// Its version.
    Version,
    /// Its update, service pack or pre-release.
    Update,
    /// Deprecated by the specification, used by old names.
    Edition,
    /// Of its user interface.
    Language,
    /// How it was tailored to a market.
    SoftwareEdition,
    /// The software that it runs in.
    TargetSoftware,
    /// The hardware that it runs on.
    TargetHardware,
    /// Whatever else.
    Other,
}

impl Attribute {
    /// All, in the order of a formatted string.
    pub const ALL: [Self; 11] = [
        Self::Part,
        Self::Vendor,
        Self::Product,
        Self::Version,
        Self::Update,
        Self::Edition,
        Self::Language,
        Self::SoftwareEdition,
        Self::TargetSoftware,
        Self::TargetHardware,
        Self::Other,
    ];

    /// The name of the attribute in a well-formed name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Part => "part",
            Self::Vendor => "vendor",
            Self::Product => "product",
            Self::Version => "version",
            Self::Update => "update",
            Self::Edition => "edition",
            Self::Language => "language",
            Self::SoftwareEdition => "sw_edition",
            Self::TargetSoftware => "target_sw",
            Self::TargetHardware => "target_hw",
            Self::Other => "other",
        }
    }
}

/// Why a text is no name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadCpe {
    /// Over the limit.
    #[error("the name is longer than 8,000 bytes")]
    TooLong,
    /// None of the three forms.
    #[error("a name begins with cpe:2.3:, cpe:/ or wfn:[")]
    Prefix,
    /// A formatted string has thirteen parts.
    #[error("a formatted string has 13 parts between colons, this one {0}")]
    Count(usize),
    /// More parts than a URI has, or an edition that is packed wrongly.
    #[error("the URI has too many parts, or an edition that is not packed as ~a~b~c~d~e")]
    Uri,
    /// Broken brackets, quotes or names of attributes.
    #[error("the well-formed name is malformed at {0:?}")]
    Wfn(String),
    /// Not `a`, `o` or `h`.
    #[error("the part is a, o or h")]
    Part,
    /// An empty value.
    #[error("the {0} is empty")]
    Empty(&'static str),
    /// A wildcard inside of a value, or nothing but wildcards.
    #[error("the {0} has a wildcard elsewhere than at its ends, or nothing else")]
    Wildcard(&'static str),
    /// A character that names do not have, or an escape that is broken.
    #[error("the {0} has a character that is not printable ASCII, or a broken escape")]
    Character(&'static str),
}

impl Cpe {
    /// A name of which nothing is said but what is set later.
    fn any() -> Self {
        Self { values: [const { Value::Any }; 11] }
    }

    /// Checks what no single value can.
    fn checked(self) -> Result<Self, BadCpe> {
        match self.get(Attribute::Part) {
            Value::Text(part) if !part.is_one_of(&["a", "o", "h"]) => Err(BadCpe::Part),
            _ => Ok(self),
        }
    }

    /// What the name says of an attribute.
    #[must_use]
    pub fn get(&self, attribute: Attribute) -> &Value {
        // An attribute is one of the eleven places.
        self.values.get(attribute as usize).unwrap_or(&Value::Any)
    }

    fn set(&mut self, attribute: Attribute, value: Value) {
        if let Some(place) = self.values.get_mut(attribute as usize) {
            *place = value;
        }
    }

    /// The name as a URI: `cpe:/a:vendor:product:1.0`.
    #[must_use]
    pub fn to_uri(&self) -> String {
        uri::write(self)
    }

    /// The name in the notation of the specification: `wfn:[part="a",vendor="…"]`.
    #[must_use]
    pub fn to_wfn(&self) -> String {
        wfn::write(self)
    }
}

impl FromStr for Cpe {
    type Err = BadCpe;

    /// Reads a formatted string, a URI or a well-formed name.
    fn from_str(text: &str) -> Result<Self, BadCpe> {
        if text.len() > MAX_CPE {
            return Err(BadCpe::TooLong);
        }
        let text = text.trim();
        if let Some(rest) = strip(text, "cpe:2.3:") {
            formatted::read(rest)?.checked()
        } else if let Some(rest) = strip(text, "cpe:/") {
            uri::read(rest)?.checked()
        } else if let Some(rest) = strip(text, "wfn:[") {
            wfn::read(rest)?.checked()
        } else {
            Err(BadCpe::Prefix)
        }
    }
}

/// Strips a prefix in any letter case.
fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// The name as a formatted string: `cpe:2.3:a:vendor:product:1.0:*:*:*:*:*:*:*`.
impl fmt::Display for Cpe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatted::write(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_name_is_refused_with_the_reason() {
        for (text, error) in [
            ("", BadCpe::Prefix),
            ("cpe:2.2:a:b", BadCpe::Prefix),
            ("cpe:2.3:a:b", BadCpe::Count(4)),
            ("cpe:2.3:a:b:c:d:e:f:g:h:i:j:k:l", BadCpe::Count(14)),
            ("cpe:2.3:x:b:c:*:*:*:*:*:*:*:*", BadCpe::Part),
            ("cpe:2.3:a::c:*:*:*:*:*:*:*:*", BadCpe::Empty("vendor")),
            ("cpe:2.3:a:b*c:c:*:*:*:*:*:*:*:*", BadCpe::Wildcard("vendor")),
            ("cpe:2.3:a:??:c:*:*:*:*:*:*:*:*", BadCpe::Wildcard("vendor")),
            ("cpe:2.3:a:b:c:1 0:*:*:*:*:*:*:*", BadCpe::Character("version")),
            ("cpe:2.3:a:b:c:1\u{e9}:*:*:*:*:*:*:*", BadCpe::Character("version")),
            ("cpe:2.3:a:b:c:*:*:*:*:*:*:*:x\\", BadCpe::Character("other")),
            ("cpe:/a:b:c:d:e:f:g:h", BadCpe::Uri),
            ("cpe:/a:b:c:d:e:~f~g", BadCpe::Uri),
            ("cpe:/a:b:c:%zz", BadCpe::Character("version")),
            ("wfn:[part=\"a\"", BadCpe::Wfn(String::new())),
            ("wfn:[colour=\"red\"]", BadCpe::Wfn("colour".into())),
        ] {
            assert_eq!(text.parse::<Cpe>(), Err(error), "{text}");
        }
        let long = format!("cpe:2.3:a:{}:*:*:*:*:*:*:*:*:*", "b".repeat(8_000));
        assert_eq!(long.parse::<Cpe>(), Err(BadCpe::TooLong));
    }

    /// The examples of NISTIR 7695, 6.1.3 (URI) and 6.2.3 (formatted string).
    #[test]
    fn the_three_forms_are_one_name() {
        for (wfn, uri, formatted) in [
            (
                r#"wfn:[part="a",vendor="microsoft",product="internet_explorer",version="8\.0\.6001",update="beta"]"#,
                "cpe:/a:microsoft:internet_explorer:8.0.6001:beta",
                "cpe:2.3:a:microsoft:internet_explorer:8.0.6001:beta:*:*:*:*:*:*",
            ),
            (
                r#"wfn:[part="a",vendor="microsoft",product="internet_explorer",version="8\.*",update="sp?"]"#,
                "cpe:/a:microsoft:internet_explorer:8.%02:sp%01",
                "cpe:2.3:a:microsoft:internet_explorer:8.*:sp?:*:*:*:*:*:*",
            ),
            (
                r#"wfn:[part="a",vendor="hp",product="insight_diagnostics",version="7\.4\.0\.1570",update=NA,sw_edition="online",target_sw="win2003",target_hw="x64"]"#,
                "cpe:/a:hp:insight_diagnostics:7.4.0.1570:-:~~online~win2003~x64~",
                "cpe:2.3:a:hp:insight_diagnostics:7.4.0.1570:-:*:*:online:win2003:x64:*",
            ),
            (
                r#"wfn:[part="a",vendor="hp",product="openview_network_manager",version="7\.51",target_sw="linux"]"#,
                "cpe:/a:hp:openview_network_manager:7.51::~~~linux~~",
                "cpe:2.3:a:hp:openview_network_manager:7.51:*:*:*:*:linux:*:*",
            ),
            (
                r#"wfn:[part="a",vendor="foo\\bar",product="big\$money_2010",sw_edition="special",target_sw="ipod_touch",target_hw="80gb"]"#,
                "cpe:/a:foo%5cbar:big%24money_2010:::~~special~ipod_touch~80gb~",
                r"cpe:2.3:a:foo\\bar:big\$money_2010:*:*:*:*:special:ipod_touch:80gb:*",
            ),
        ] {
            let name: Cpe = formatted.parse().unwrap();
            assert_eq!(name, uri.parse().unwrap(), "{uri}");
            assert_eq!(name, wfn.parse().unwrap(), "{wfn}");
            assert_eq!(
                (name.to_string().as_str(), name.to_uri().as_str(), name.to_wfn().as_str()),
                (formatted, uri, wfn)
            );
        }
    }
}
