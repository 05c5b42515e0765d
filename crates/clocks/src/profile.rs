//! A regulation profile: a law or a policy as data.
//!
//! The types follow the TOML key by key. Every statement carries its `source` and how far it was
//! `verified`, because a deadline is worth no more than the text that it was read from.

use jiff::civil::Date;
use serde::Deserialize;

use crate::anchors::{AnchorName, AnchorRef, DutyId};
use crate::duration::{Due, Period};
use crate::parse::{one_or_many, toml_date, toml_date_option};
use crate::terms::{
    Audience, Direction, Kind, Mandate, Matter, MeritCounts, Mode, Per, Role, Status, Verified,
};

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

/// Something that somebody owes to somebody, counted from an event.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// The name within the profile.
    pub id: DutyId,
    /// The article, section or paragraph.
    pub article: String,
    /// What is to be done.
    pub title: String,
    /// Who owes it.
    pub actor: String,
    /// In which cases; one of these must be declared.
    pub trigger: Trigger,
    /// What the time is counted from.
    pub anchor: AnchorRef,
    /// How long it may take.
    pub due: Due,
    /// The words of the rule, where they can be read in more than one way.
    pub due_text: Option<String>,
    /// To whom it is owed.
    #[serde(rename = "recipient")]
    pub recipients: Vec<String>,
    /// To whom it is owed one by one.
    pub per: Option<Per>,
    /// What satisfies it.
    #[serde(default)]
    pub met_by: MetBy,
    /// What must be said; a question mark means "where applicable".
    #[serde(default)]
    pub content: Vec<String>,
    /// On which grounds the duty falls away.
    #[serde(default, deserialize_with = "one_or_many")]
    pub unless: Vec<String>,
    /// On which grounds it may be put off.
    #[serde(default)]
    pub delay: Vec<Delay>,
    /// What must be shown before any delay.
    pub precondition_for_delay: Option<String>,
    /// What a delay itself obliges to.
    pub on_delay: Option<DelayNotice>,
    /// From whom the debtor must keep the matter.
    #[serde(default)]
    pub withhold_from: Vec<Audience>,
    /// What else a reader should know.
    pub note: Option<String>,
    /// Where the duty was read.
    pub source: String,
    /// How it was checked.
    pub verified: Verified,
}

/// The cases in which a duty exists.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "TriggerWords")]
pub enum Trigger {
    /// In every case.
    Any,
    /// Where one of these is declared.
    OneOf(Vec<String>),
}

#[derive(Deserialize)]
struct TriggerWords(#[serde(deserialize_with = "one_or_many")] Vec<String>);

impl From<TriggerWords> for Trigger {
    fn from(words: TriggerWords) -> Trigger {
        if words.0 == ["any"] { Trigger::Any } else { Trigger::OneOf(words.0) }
    }
}

/// What satisfies a duty: `filing` (the default), or the name of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum MetBy {
    /// The recorded performance of this duty.
    #[default]
    Filing,
    /// An event. Telling the vendor is always one, and never a filing.
    Event(AnchorName),
}

impl TryFrom<String> for MetBy {
    type Error = crate::anchors::UnknownWord;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        if word == "filing" { Ok(MetBy::Filing) } else { Ok(MetBy::Event(word.parse()?)) }
    }
}

/// A ground on which a duty may be put off.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delay {
    /// The ground, as a word.
    pub ground: String,
    /// For how long at most.
    pub max: DelayLimit,
    /// What follows when the ground falls away.
    pub then: Option<String>,
    /// Towards whom only, where the ground does not put off the duty as a whole.
    pub scope: Option<String>,
    /// Where it was read.
    pub source: String,
    /// How it was checked.
    pub verified: Verified,
}

/// How long a delay may last at most.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub enum DelayLimit {
    /// A period, counted from the deadline, or from the anchor where there is no deadline.
    Within(Period),
    /// A condition that people judge.
    While(String),
}

impl TryFrom<String> for DelayLimit {
    type Error = crate::anchors::UnknownWord;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        const CONDITIONS: [&str; 3] = ["strictly_necessary", "until_cured", "until_enisa_all_clear"];
        if CONDITIONS.contains(&word.as_str()) {
            return Ok(DelayLimit::While(word));
        }
        Ok(DelayLimit::Within(word.parse()?))
    }
}

/// Whom to tell of a delay.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelayNotice {
    /// Which recipient.
    pub inform: String,
    /// When.
    pub when: Due,
    /// With what.
    pub with: Vec<String>,
}

/// Something that must be kept.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// The article.
    pub article: String,
    /// What.
    pub what: String,
    /// For how long.
    pub at_least: Period,
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
