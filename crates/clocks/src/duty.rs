//! A duty of a profile: who owes what to whom, counted from which event, and on which grounds not.

use serde::Deserialize;

use crate::anchors::{AnchorName, AnchorRef, DutyId, UnknownWord};
use crate::duration::{Due, Period};
use crate::expression::Condition;
use crate::parse::one_or_many;
use crate::terms::{Audience, Per, ReliefTo, Verified};

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
    /// In which cases of those; where a property that it asks for is not declared, nobody knows.
    pub when: Option<Condition>,
    /// Properties that must be declared, because there is no general rule without them.
    #[serde(default, deserialize_with = "one_or_many")]
    pub needs: Vec<String>,
    /// What the time is counted from; of a rule over several events, the first of them.
    pub anchor: AnchorRef,
    /// How long it may take.
    pub due: Due,
    /// How long it may take by the second reading, where the words of the rule are other than `due`.
    pub due_second: Option<Period>,
    /// Whether the rule says "should": a missed one is no breach.
    #[serde(default)]
    pub soft: bool,
    /// How long before the deadline the time for it begins.
    pub window: Option<Period>,
    /// Whether each further event starts it again: only what is done after the latest one counts.
    #[serde(default)]
    pub repeats: bool,
    /// What moves a deadline on a weekend or a holiday.
    pub relief: Option<Relief>,
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
    /// What of the rule nobody has read yet, so that this text may be incomplete.
    pub unread: Option<String>,
    /// Where the duty was read.
    pub source: String,
    /// How it was checked.
    pub verified: Verified,
}

/// What moves a deadline that falls on a weekend or a holiday, and for whom.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relief {
    /// Until when.
    pub to: ReliefTo,
    /// The kinds of entity that it is not for. As long as the entity is not declared, the deadline
    /// stays where it is, which is the safe reading.
    pub not_for: Vec<String>,
    /// Where it was read.
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
    type Error = UnknownWord;

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
    /// What must be shown before a delay on this ground, besides what the duty asks for before any.
    pub precondition: Option<String>,
    /// What else a reader should know.
    pub note: Option<String>,
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
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        const CONDITIONS: [&str; 4] =
            ["strictly_necessary", "until_cured", "until_enisa_all_clear", "as_negotiated"];
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
