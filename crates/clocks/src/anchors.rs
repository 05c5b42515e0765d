//! What a clock can count from: named events, and the filing of another duty.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A word in a profile or in facts that this crate does not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnknownWord(pub(crate) String);

macro_rules! anchor_names {
    ($($variant:ident $word:literal $meaning:literal;)+) => {
        /// An event whose instant can start a clock, or can satisfy one.
        ///
        /// The list is closed: a misspelt anchor would otherwise be a clock that never starts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum AnchorName {
            $(#[doc = $meaning] $variant,)+
        }

        impl AnchorName {
            /// Every name, in the order of this list.
            pub const ALL: &'static [AnchorName] = &[$(AnchorName::$variant,)+];

            /// The word that profiles and facts use.
            pub fn as_str(self) -> &'static str {
                match self { $(AnchorName::$variant => $word,)+ }
            }

            /// What the event is, as it reads after "counted from".
            pub fn meaning(self) -> &'static str {
                match self { $(AnchorName::$variant => $meaning,)+ }
            }
        }
    };
}

anchor_names! {
    Received "received" "the receipt of the report";
    Accepted "accepted" "the acceptance of the report by the centre";
    VendorIdentified "vendor_identified" "the finding that the vendor is concerned";
    VendorNotified "vendor_notified" "the notification of the vendor";
    ContactAttempted "contact_attempted" "the first attempt to contact the vendor";
    Aware "aware" "awareness";
    Discovered "discovered" "the discovery";
    Classified "classified" "the classification";
    Determined "determined" "the determination";
    RemedyAvailable "remedy_available" "the availability of a corrective or mitigating measure";
    Patched "patched" "the patch";
    KevAdded "kev_added" "the listing as known to be exploited";
    KevDueDate "kev_due_date" "the due date in the list of known exploited vulnerabilities";
    NewFact "new_fact" "a new fact that came to light";
    Paid "paid" "the payment";
    Requested "requested" "the request";
    Handled "handled" "the end of the handling";
    Decision "decision" "the decision";
    Publication "publication" "the publication";
}

/// Words that rules use for an event which has another name here.
const OTHER_WORDS: [(&str, AnchorName); 6] = [
    ("reported", AnchorName::VendorNotified),
    ("disclosed", AnchorName::Publication),
    ("first_vendor_contact_attempt", AnchorName::ContactAttempted),
    ("provider_discovered_or_learned", AnchorName::Discovered),
    ("aware_at", AnchorName::Aware),
    ("classified_at", AnchorName::Classified),
];

impl FromStr for AnchorName {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        if let Some((_, name)) = OTHER_WORDS.iter().find(|(other, _)| *other == word) {
            return Ok(*name);
        }
        Self::ALL.iter().copied().find(|name| name.as_str() == word).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|name| name.as_str()).collect();
            UnknownWord(format!("unknown anchor `{word}`; known anchors are {}", known.join(", ")))
        })
    }
}

impl TryFrom<String> for AnchorName {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        word.parse()
    }
}

impl From<AnchorName> for String {
    fn from(name: AnchorName) -> String {
        name.as_str().to_owned()
    }
}

impl fmt::Display for AnchorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The identifier of a duty: `aev.ew`, or `cra-art14/aev.ew` where the profile must be told apart.
///
/// In facts the short form speaks to every profile that has such a duty, the long form to one.
/// Profiles themselves use the short form only. A row of an overlay has its name behind an at sign:
/// `aev.not@ie-guidance`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DutyId(String);

impl DutyId {
    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The long form, `profile/duty`.
    pub fn qualified(&self, profile: &str) -> DutyId {
        DutyId(format!("{profile}/{}", self.0))
    }

    /// The row of an overlay upon this duty.
    pub(crate) fn under(&self, overlay: &str) -> DutyId {
        DutyId(format!("{}@{overlay}", self.0))
    }
}

impl FromStr for DutyId {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let (duty, overlay) =
            word.split_once('@').map_or((word, None), |(duty, overlay)| (duty, Some(overlay)));
        let parts: Vec<_> = duty.split('/').collect();
        if parts.len() <= 2 && parts.iter().all(|part| is_id(part)) && overlay.is_none_or(is_id) {
            return Ok(DutyId(word.to_owned()));
        }
        Err(UnknownWord(format!(
            "`{word}` is not a duty: use small letters, digits, dots and dashes, as in aev.ew or cra-art14/aev.ew"
        )))
    }
}

impl TryFrom<String> for DutyId {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        word.parse()
    }
}

impl From<DutyId> for String {
    fn from(id: DutyId) -> String {
        id.0
    }
}

impl fmt::Display for DutyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Small letters, digits, dots and dashes: safe in file names, addresses and TOML keys.
pub(crate) fn is_id(word: &str) -> bool {
    !word.is_empty()
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-'))
}

/// What a duty counts from: `aware`, `filed:si.not`, `filed:*`, `latest:update`, or `clock:publish`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AnchorRef {
    /// A recorded event.
    Event(AnchorName),
    /// The submission of another duty of the same profile.
    Filed(DutyId),
    /// The first submission of any other duty of the same profile.
    FiledAny,
    /// The latest of several submissions of another duty: the last of its updates.
    Latest(DutyId),
    /// The deadline of another duty, with its extension.
    Clock(DutyId),
}

impl AnchorRef {
    /// The other duty that this waits for.
    pub fn duty(&self) -> Option<&DutyId> {
        match self {
            AnchorRef::Filed(duty) | AnchorRef::Latest(duty) | AnchorRef::Clock(duty) => Some(duty),
            AnchorRef::Event(_) | AnchorRef::FiledAny => None,
        }
    }

    /// What it is, as it reads after "counted from".
    pub(crate) fn meaning(&self) -> String {
        match self {
            AnchorRef::Event(name) => name.meaning().to_owned(),
            AnchorRef::Filed(duty) => format!("the submission of {duty}"),
            AnchorRef::FiledAny => "the first submission received".to_owned(),
            AnchorRef::Latest(duty) => format!("the latest submission of {duty}"),
            AnchorRef::Clock(duty) => format!("the deadline of {duty}"),
        }
    }
}

impl FromStr for AnchorRef {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word.split_once(':') {
            Some(("filed", "*")) => Ok(AnchorRef::FiledAny),
            Some(("filed", duty)) => Ok(AnchorRef::Filed(duty.parse()?)),
            Some(("latest", duty)) => Ok(AnchorRef::Latest(duty.parse()?)),
            Some(("clock", duty)) => Ok(AnchorRef::Clock(duty.parse()?)),
            _ => Ok(AnchorRef::Event(word.parse()?)),
        }
    }
}

impl TryFrom<String> for AnchorRef {
    type Error = UnknownWord;

    fn try_from(word: String) -> Result<Self, UnknownWord> {
        word.parse()
    }
}

impl From<AnchorRef> for String {
    fn from(anchor: AnchorRef) -> String {
        anchor.to_string()
    }
}

impl fmt::Display for AnchorRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AnchorRef::Event(name) => name.fmt(f),
            AnchorRef::Filed(duty) => write!(f, "filed:{duty}"),
            AnchorRef::FiledAny => f.write_str("filed:*"),
            AnchorRef::Latest(duty) => write!(f, "latest:{duty}"),
            AnchorRef::Clock(duty) => write!(f, "clock:{duty}"),
        }
    }
}
