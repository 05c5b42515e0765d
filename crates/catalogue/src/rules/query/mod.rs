//! The language of the search box. Pure.
//!
//! Words stand next to each other and all have to be there; `"a phrase"` in its order; `begin*` for
//! all that begins so; `field:value` and, for numbers and dates, `field>=value`; `AND`, `OR`, `NOT`
//! in capitals, `-` for NOT, parentheses. What cannot be read is refused with its place, what is
//! wrong there, and what would do.

mod fields;
mod lex;
mod parse;
mod values;

#[cfg(test)]
mod tests;

pub(crate) use fields::distance;
pub use fields::{Described, FIELDS, Field};
pub(crate) use parse::parse;
pub(crate) use values::{billionths, of_billionths};

use super::{Package, Source};
use jiff::Timestamp;
use versions::cpe::{Attribute, Cpe, Span, Value};

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// Everything in the list; an empty list asks for nothing and leaves everything.
    All(Vec<Self>),
    /// Anything in the list.
    Any(Vec<Self>),
    /// Everything else.
    Not(Box<Self>),
    /// Words.
    Text(Text),
    /// A condition on a field.
    Test(Test),
}

/// A word or a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The words.
    pub text: String,
    /// The field in which it has to stand; any, if none.
    pub field: Option<Field>,
    /// What begins with it will do.
    pub is_beginning: bool,
    /// Other forms of the word will do: singular and plural, a verb and its noun.
    pub may_vary: bool,
    /// Where it stands in what was typed, in characters.
    pub at: usize,
}

/// A condition on a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// A name that has to be equal, letter case aside; or to begin so.
    Named {
        /// The field.
        field: Field,
        /// The name.
        name: String,
        /// What begins with it will do.
        is_beginning: bool,
    },
    /// A number of CWE.
    Weakness(u32),
    /// Tenths of a point.
    Severity(Bounds),
    /// Microseconds since 1970.
    Published(Bounds),
    /// Microseconds since 1970.
    Modified(Bounds),
    /// How likely it is to be exploited, by EPSS, in billionths.
    Likelihood(Bounds),
    /// The share of vulnerabilities that EPSS gives no higher score, in billionths.
    Percentile(Bounds),
    /// Known to be exploited, or not.
    Exploited(bool),
    /// Withdrawn or rejected, or standing.
    Withdrawn(bool),
    /// A score of a version of CVSS, by its first digit, with all these metrics: `AV:N`.
    Metrics(char, Vec<String>),
    /// What comes behind a place in the order of a date, the latest first.
    Behind(Place),
    /// The source of the record.
    Source(Source),
    /// The record by which NVD's interface answers for its CVE id.
    SpeaksForCve,
    /// Records of a package or product; in a version, those that cover it or leave it open.
    Affects(Subject),
}

/// A date of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dated {
    /// Of its publication.
    Published,
    /// Of its last change.
    Modified,
}

/// A place in the order of a date, the latest first; the number of the record decides between equal dates, and
/// what has no date comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The date of the order.
    pub by: Dated,
    /// The date there, in microseconds since 1970.
    pub at: Option<i64>,
    /// The number of the record there.
    pub row: u64,
}

impl Place {
    /// Reads what `Display` writes.
    pub fn read(by: Dated, text: &str) -> Option<Self> {
        let (date, row) = text.rsplit_once('_')?;
        let at = match date {
            "" => None,
            date => Some(date.parse::<Timestamp>().ok()?.as_microsecond()),
        };
        Some(Self { by, at, row: row.parse().ok()? })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(at) = self.at.and_then(|at| Timestamp::from_microsecond(at).ok()) {
            write!(to, "{at}")?;
        }
        write!(to, "_{}", self.row)
    }
}

/// What may be affected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A package of an ecosystem.
    Package {
        /// Which.
        package: Package,
        /// Any, where there is none.
        version: Option<String>,
    },
    /// A product by the names of the CPE dictionary or of the records, as `name_key` writes them; an
    /// empty one may be any.
    Product {
        /// Its vendor.
        vendor: String,
        /// Its name.
        product: String,
        /// Any, where there is none.
        version: Option<String>,
        /// Its CPE name, where that was asked for.
        name: Option<Box<Cpe>>,
    },
    /// Whatever the criteria of a record name, as NVD's interface asks.
    Named(Box<Asked>),
}

/// A name of products that is held against the criteria of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The name.
    pub name: Cpe,
    /// It stands for several products and versions, and criteria that have one in common with it fit;
    /// otherwise it is one product, and criteria that include it do.
    pub is_virtual: bool,
    /// What only has to be there beside the vulnerable does not count.
    pub only_vulnerable: bool,
    /// The versions that are meant, where the name does not say.
    pub span: Span,
}

impl Subject {
    /// The product that a CPE name means, whole or cut off at its end; it needs a vendor or a product.
    pub fn of_cpe(text: &str) -> Option<Self> {
        Self::of_name(read_name(text)?)
    }

    /// The same of a name that was read.
    pub fn of_name(name: Cpe) -> Option<Self> {
        let part = |attribute| match name.get(attribute) {
            Value::Text(text) => Some(text.body.clone()),
            Value::Any | Value::NotApplicable => None,
        };
        let named = |attribute| part(attribute).map(|text| super::name_key(&text)).unwrap_or_default();
        let (vendor, product) = (named(Attribute::Vendor), named(Attribute::Product));
        let is_named = !vendor.is_empty() || !product.is_empty();
        let version = part(Attribute::Version);
        is_named.then(|| Self::Product { vendor, product, version, name: Some(Box::new(name)) })
    }

    /// The same, whatever the version.
    pub fn in_any_version(self) -> Self {
        match self {
            Self::Package { package, .. } => Self::Package { package, version: None },
            Self::Product { vendor, product, .. } => {
                Self::Product { vendor, product, version: None, name: None }
            }
            Self::Named(asked) => {
                Self::of_name(asked.name.clone()).map_or(Self::Named(asked), Self::in_any_version)
            }
        }
    }
}

/// A CPE name, whole or cut off at its end: what is missing means anything.
fn read_name(text: &str) -> Option<Cpe> {
    let parts = text.matches(':').count() - text.matches("\\:").count();
    let missing = if text.starts_with("cpe:2.3:") { 12_usize.saturating_sub(parts) } else { 0 };
    format!("{text}{}", ":*".repeat(missing)).parse().ok()
}

impl Asked {
    /// What a CPE name, whole or cut off at its end, is held against; it needs a vendor or a product.
    pub fn of_cpe(text: &str, is_virtual: bool, span: Span) -> Option<Self> {
        let name = read_name(text)?;
        Subject::of_name(name.clone())?;
        Some(Self { name, is_virtual, only_vulnerable: false, span })
    }

    /// Whether nothing but vendor, product and part is asked for, which search knows without a look at
    /// the records.
    pub fn is_plain(&self) -> bool {
        use Attribute::{Part, Product, Vendor};
        let others =
            Attribute::ALL.into_iter().filter(|attribute| !matches!(attribute, Part | Product | Vendor));
        self.span == Span::default()
            && !self.only_vulnerable
            && others.into_iter().all(|attribute| *self.name.get(attribute) == Value::Any)
            && *self.name.get(Part) == Value::Any
    }
}

/// From a number on, and below another; open where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounds {
    /// The lowest that is meant.
    pub from: Option<i64>,
    /// The lowest above them that is not.
    pub below: Option<i64>,
}

impl Bounds {
    /// Whether a number lies within.
    pub fn has(self, number: i64) -> bool {
        self.from.is_none_or(|from| number >= from) && self.below.is_none_or(|below| number < below)
    }
}

impl Query {
    /// What leaves everything.
    pub const EVERYTHING: Self = Self::All(Vec::new());

    /// Whether nothing is asked.
    pub fn is_everything(&self) -> bool {
        *self == Self::EVERYTHING
    }

    /// Whether there are words, by which hits can be ranked.
    pub fn has_words(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::has_words),
            Self::Text(_) => true,
            Self::Not(_) | Self::Test(_) => false,
        }
    }

    /// Whether it is asked how likely records are to be exploited.
    pub fn has_likelihood(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::has_likelihood),
            Self::Not(part) => part.has_likelihood(),
            Self::Test(test) => matches!(test, Test::Likelihood(_) | Test::Percentile(_)),
            Self::Text(_) => false,
        }
    }

    /// The words, in their order, without those that must not be there.
    pub fn words(&self) -> Vec<&Text> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::words).collect(),
            Self::Text(text) => vec![text],
            Self::Not(_) | Self::Test(_) => Vec::new(),
        }
    }

    /// Words that have to stand somewhere, as they are.
    pub fn words_of(text: &str) -> Self {
        Self::Text(Text { text: text.to_owned(), field: None, is_beginning: false, may_vary: false, at: 0 })
    }

    /// Words that have to stand in a field.
    pub fn words_in(field: Field, text: &str) -> Self {
        Self::Text(Text {
            text: text.to_owned(),
            field: Some(field),
            is_beginning: false,
            may_vary: false,
            at: 0,
        })
    }

    /// Both.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All(mut parts), Self::All(others)) => {
                parts.extend(others);
                Self::All(parts)
            }
            (Self::All(mut parts), other) => {
                parts.push(other);
                Self::All(parts)
            }
            (first, Self::All(mut parts)) => {
                parts.insert(0, first);
                Self::All(parts)
            }
            (first, second) => Self::All(vec![first, second]),
        }
    }
}

/// What cannot be read of a search, where, and what would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Characters before it.
    pub at: usize,
    /// Characters that are wrong; may be none, where something is missing.
    pub length: usize,
    /// A sentence.
    pub reason: String,
}

impl Wrong {
    fn new(at: usize, length: usize, reason: impl Into<String>) -> Self {
        Self { at, length, reason: reason.into() }
    }
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "At character {}: {}", self.at + 1, self.reason)
    }
}

/// Letters of a search.
pub const QUERY_CHARS: usize = 1_000;
/// Words and conditions of a search.
pub const TERMS_MAX: usize = 64;
/// Parentheses in one another.
pub(super) const DEPTH_MAX: usize = 16;
