//! Schemes of accreditation: what somebody else certifies, and what that permits here.
//!
//! A rule says: *this scheme, at this level or a better one, permits this service*. The list of services
//! is closed, so that no entitlement to attack can be written; a scheme for reference permits nothing.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::programme::Mode;

/// A service that can be contracted for, and that a scheme can permit: a closed list, and no attack is
/// in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Analysis of vulnerabilities.
    Analysis,
    /// Testing of systems whose operator said so in writing.
    TestingWithWrittenAuthority,
    /// Responding to an incident, with whoever has it.
    IncidentResponse,
    /// Training those who defend.
    Training,
    /// Drafting advisories.
    AdvisoryDrafting,
}

impl Service {
    /// All of them: with the word of files and programs, and the words for people.
    pub const ALL: &[(Self, &'static str, &'static str)] = &[
        (Self::Analysis, "analysis", "analysis of vulnerabilities"),
        (
            Self::TestingWithWrittenAuthority,
            "testing_with_written_authority",
            "testing, with written authority of the operator",
        ),
        (Self::IncidentResponse, "incident_response", "incident response"),
        (Self::Training, "training", "training"),
        (Self::AdvisoryDrafting, "advisory_drafting", "drafting of advisories"),
    ];

    /// The words for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        Self::ALL.iter().find(|(service, ..)| *service == self).map_or("", |(.., words)| words)
    }
}

/// Whom a scheme accredits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holders {
    /// An organisation.
    Organisations,
    /// A person.
    People,
}

impl Holders {
    /// Both, with the words that stand for them in a file.
    pub const ALL: [(Holders, &'static str); 2] =
        [(Holders::Organisations, "organisations"), (Holders::People, "people")];
}

/// A rule: whoever holds the scheme so permits a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    /// What is permitted.
    pub service: Service,
    /// The least level that is enough; any, where none is named.
    pub level: Option<String>,
    /// The scope that the accreditation must name; any, where none is named.
    pub scope: Option<String>,
}

/// A scheme of accreditation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// A short name, unique among schemes.
    pub id: String,
    /// The name for people.
    pub title: String,
    /// Who accredits by it; where that differs from one to the next, in words.
    pub issuer: String,
    /// Active, or to read and compare.
    pub mode: Mode,
    /// Whom it accredits.
    pub holders: Vec<Holders>,
    /// Its levels, the best first; none where it has none.
    pub levels: Vec<String>,
    /// The scopes that an accreditation can name; none where it has none.
    pub scopes: Vec<String>,
    /// The longest time for which an accreditation stands, in years.
    pub years_max: u32,
    /// Days before the end at which it is pointed out, the longest first.
    pub alert_days: Vec<u32>,
    /// Where an accreditation is looked up.
    pub register: Option<String>,
    /// Where the scheme was read: by name, in the words of the file.
    pub source: BTreeMap<String, String>,
    /// What it permits.
    pub permits: Vec<Permit>,
}

impl Scheme {
    /// Whether an accreditation with this level and these scopes permits a service.
    #[must_use]
    pub fn permits(&self, service: Service, level: Option<&str>, scopes: &[String]) -> bool {
        let place = |level: &str| self.levels.iter().position(|known| known == level);
        let is_enough = |least: &str| match (level.and_then(place), place(least)) {
            (Some(held), Some(least)) => held <= least,
            _ => false,
        };
        self.mode == Mode::Active
            && self.permits.iter().any(|permit| {
                permit.service == service
                    && permit.level.as_deref().is_none_or(is_enough)
                    && permit.scope.as_ref().is_none_or(|scope| scopes.contains(scope))
            })
    }

    /// Whether the scheme speaks of a service at all.
    #[must_use]
    pub fn governs(&self, service: Service) -> bool {
        self.mode == Mode::Active && self.permits.iter().any(|permit| permit.service == service)
    }
}

impl fmt::Display for Permit {
    /// `permits incident response, at accredited or better`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "permits {}", self.service.words())?;
        if let Some(level) = &self.level {
            write!(f, ", at {level} or better")?;
        }
        match &self.scope {
            Some(scope) => write!(f, ", in the scope {}", scope.replace('_', " ")),
            None => Ok(()),
        }
    }
}

/// The schemes that come with the program: identifier and TOML text.
#[must_use]
pub fn builtin_schemes() -> &'static [(&'static str, &'static str)] {
    macro_rules! shipped {
        ($($id:literal,)+) => {
            &[$(($id, include_str!(concat!("../../../schemes/", $id, ".toml"))),)+]
        };
    }
    shipped![
        "bsi-it-security-service-provider",
        "check",
        "cn-emergency-handling",
        "cn-information-security-services",
        "cn-weapons-secrecy",
        "cnitsec-services",
        "cnnvd-partner",
        "cn-training-centre",
        "crest",
        "iso-17025",
        "iso-27001",
        "ti-accredited",
    ]
}

/// A scheme of the centre's own that was refused, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {error}")]
pub struct RefusedScheme {
    /// The name of the file.
    pub name: String,
    /// What is wrong with it.
    pub error: crate::ProgrammeError,
}

/// Schemes that were read and checked once, each with its text, in the order of their titles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schemes(Vec<(Scheme, String)>);

impl Schemes {
    /// Those that come with the program, and then those of the centre's own, given as name of the file
    /// and text. One of the same id takes the place of that of the program; all are checked alike.
    ///
    /// # Errors
    /// If one is refused: with its name, line and reason.
    pub fn with<'t>(own: impl IntoIterator<Item = (&'t str, &'t str)>) -> Result<Self, RefusedScheme> {
        let shipped = builtin_schemes().iter().map(|(id, text)| (*id, *text));
        let mut schemes: Vec<(Scheme, String)> = Vec::new();
        for (name, text) in shipped.chain(own) {
            let refused = |error| RefusedScheme { name: name.to_owned(), error };
            let scheme = Scheme::parse(text).map_err(refused)?;
            schemes.retain(|(other, _)| other.id != scheme.id);
            schemes.push((scheme, text.to_owned()));
        }
        schemes.sort_by(|(a, _), (b, _)| (&a.title, &a.id).cmp(&(&b.title, &b.id)));
        Ok(Self(schemes))
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Scheme> {
        self.0.iter().map(|(scheme, _)| scheme)
    }

    /// One by its id, with the text of its file.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<(&Scheme, &str)> {
        self.0.iter().find(|(scheme, _)| scheme.id == id).map(|(scheme, text)| (scheme, text.as_str()))
    }
}
