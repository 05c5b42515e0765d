//! A regulation profile: a law or a policy as data.
//!
//! The types follow the TOML key by key. Every statement carries its `source` and how far it was
//! `verified`, because a deadline is worth no more than the text that it was read from.

use jiff::civil::Date;
use serde::Deserialize;

use crate::anchors::AnchorName;
use crate::clauses::{Merit, Prohibition, PublicationRule, Retention};
use crate::duty::Duty;
use crate::overlay::Overlay;
use crate::parse::{toml_date, toml_date_option};
use crate::terms::{Counting, Direction, Kind, Mandate, Mode, Role, Status, Verified};

/// A law or a policy: who owes what to whom, counted from which event.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The version of this format, `profile/1`.
    pub schema: String,
    /// A short name, unique among profiles.
    pub id: String,
    /// The name of the law or policy.
    pub title: String,
    /// Whose law: `EU`, `CN`, or `any`.
    pub jurisdiction: String,
    /// Binding or for reference.
    pub mode: Mode,
    /// What kind of rules.
    #[serde(default)]
    pub kind: Kind,
    /// Whether in force.
    pub status: Status,
    /// The first day in force.
    #[serde(default, deserialize_with = "toml_date_option")]
    pub in_force_from: Option<Date>,
    /// The last day in force.
    #[serde(default, deserialize_with = "toml_date_option")]
    pub in_force_to: Option<Date>,
    /// The event that must lie within those days for any duty to exist, besides the duty's own.
    pub in_force_anchor: Option<AnchorName>,
    /// Where the rules were read.
    pub source: String,
    /// How they were checked.
    pub verified: Verified,
    /// When they were checked.
    #[serde(deserialize_with = "toml_date")]
    pub verified_on: Date,
    /// How periods are read, and which way that errs.
    pub reading: Reading,
    /// What awareness means, where the rules say.
    pub awareness: Option<Awareness>,
    /// The version of the form that a filing fills in.
    pub field_list: Option<FieldList>,
    /// Who is to be told.
    #[serde(default, rename = "recipient")]
    pub recipients: Vec<Recipient>,
    /// What is owed.
    #[serde(default, rename = "duty")]
    pub duties: Vec<Duty>,
    /// What is added to single duties, by guidance or by the law of a part of the jurisdiction.
    #[serde(default, rename = "overlay")]
    pub overlays: Vec<Overlay>,
    /// What must be kept.
    #[serde(default, rename = "retention")]
    pub retentions: Vec<Retention>,
    /// When and how something may be published.
    #[serde(default, rename = "publication_rule")]
    pub publication_rules: Vec<PublicationRule>,
    /// What must not be passed on.
    #[serde(default, rename = "prohibition")]
    pub prohibitions: Vec<Prohibition>,
    /// What earns credit.
    #[serde(default, rename = "merit")]
    pub merits: Vec<Merit>,
}

/// How the periods of a profile are read.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// Which way the reading errs.
    pub direction: Direction,
    /// Why.
    pub note: String,
    /// Another way of counting, whose result is shown beside the first, labelled.
    pub second: Option<Counting>,
    /// Where that was read.
    pub source: String,
    /// How it was checked.
    pub verified: Verified,
}

/// When somebody counts as aware.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Awareness {
    /// The rule, as a word.
    pub rule: String,
    /// Whether it binds.
    pub binding: bool,
    /// Where it was read.
    pub source: String,
    /// How it was checked.
    pub verified: Verified,
}

/// A form with a version of its own: its fields are data elsewhere.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldList {
    /// Its name.
    pub id: String,
    /// Its version.
    pub version: String,
    /// When it was read.
    #[serde(deserialize_with = "toml_date")]
    pub read_on: Date,
    /// Where it was read.
    pub source: String,
    /// How it was checked.
    pub verified: Verified,
}

/// Somebody who is to be told.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// The name within the profile.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// What it does with a vulnerability.
    pub mandate: Mandate,
    /// Where it sits, if not in the profile's jurisdiction.
    pub jurisdiction: Option<String>,
    /// To which other recipients of the profile it passes on what it is told.
    #[serde(default)]
    pub onward: Vec<String>,
    /// Where that was read.
    pub source: String,
    /// How it was checked.
    pub verified: Verified,
}

impl Profile {
    /// The recipient of that name.
    pub fn recipient(&self, id: &str) -> Option<&Recipient> {
        self.recipients.iter().find(|recipient| recipient.id == id)
    }

    /// The duty of that name.
    pub fn duty(&self, id: &str) -> Option<&Duty> {
        self.duties.iter().find(|duty| duty.id.as_str() == id)
    }

    /// Whether a duty is owed to the vendor.
    pub fn tells_vendor(&self, duty: &Duty) -> bool {
        duty.recipients
            .iter()
            .any(|id| self.recipient(id).is_some_and(|recipient| recipient.role == Role::Vendor))
    }
}
