//! What a profile says besides its duties: what is kept, published, forbidden and rewarded.

use serde::Deserialize;

use crate::anchors::AnchorName;
use crate::duration::Period;
use crate::terms::{Audience, Matter, MeritCounts, Role, Verified};

/// Something that must be kept.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// The article.
    pub article: String,
    /// What.
    pub what: String,
    /// For how long at least.
    pub at_least: Option<Period>,
    /// For how long at most.
    pub at_most: Option<Period>,
    /// Where it was read.
    pub source: String,
    /// How it was checked.
    pub verified: Verified,
}

/// A rule on publishing.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicationRule {
    /// The article.
    pub article: String,
    /// `not_before`, `never`, `together_with`, …: the rule as a word.
    pub rule: String,
    /// The event that it refers to.
    pub event: Option<AnchorName>,
    /// The matter that it refers to.
    pub what: Option<String>,
    /// When it does not hold.
    pub exception: Option<String>,
    /// Where it was read.
    pub source: String,
    /// How it was checked.
    pub verified: Verified,
}

/// Something that must not be passed on.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prohibition {
    /// The name within the profile.
    pub id: String,
    /// The article.
    pub article: String,
    /// The rule in a sentence.
    pub title: String,
    /// What must not be passed on.
    pub what: Matter,
    /// To whom.
    pub to: Audience,
    /// To which kinds of recipient it may be passed nevertheless.
    #[serde(default)]
    pub exceptions: Vec<Role>,
    /// Where it was read.
    pub source: String,
    /// How it was checked.
    pub verified: Verified,
}

/// Something that earns credit under the rules.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merit {
    /// The name within the profile.
    pub id: String,
    /// The article.
    pub article: String,
    /// What counts.
    pub counts: MeritCounts,
    /// Where it was read.
    pub source: String,
    /// How it was checked.
    pub verified: Verified,
}
