//! A recorded instant and its versions.
//!
//! A fact is never overwritten. A correction is a further version, and the one recorded last
//! counts. Versions recorded at the same time (or, in a file written by hand, with no time of
//! recording) are settled by the earliest instant: for an anchor that is the early, safe reading,
//! for a filing it is the act that fulfilled the duty. So the order in which versions arrive
//! changes nothing.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

/// One version of one fact: when it happened, what shows it, and when that was recorded.
///
/// In JSON a bare instant will do: `"2026-11-23T09:15:00Z"`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Anchor {
    /// When it happened.
    pub at: Timestamp,
    /// What shows it: a reference to a message, a receipt, a journal entry.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub evidence: String,
    /// When this version was recorded; unknown in facts written by hand, and then older than any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Timestamp>,
}

impl Anchor {
    /// A version with everything known.
    pub fn new(at: Timestamp, recorded: Timestamp, evidence: impl Into<String>) -> Anchor {
        Anchor { at, evidence: evidence.into(), recorded: Some(recorded) }
    }
}

impl From<Timestamp> for Anchor {
    fn from(at: Timestamp) -> Anchor {
        Anchor { at, evidence: String::new(), recorded: None }
    }
}

/// The version that counts.
pub(crate) fn current<'a>(versions: impl IntoIterator<Item = &'a Anchor>) -> Option<&'a Anchor> {
    versions.into_iter().max_by(|a, b| {
        let key = |version: &'a Anchor| (version.recorded, Reverse(version.at), Reverse(&version.evidence));
        key(a).cmp(&key(b))
    })
}

impl<'de> Deserialize<'de> for Anchor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnchorVisitor)
    }
}

struct AnchorVisitor;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    at: Timestamp,
    #[serde(default)]
    evidence: String,
    recorded: Option<Timestamp>,
}

impl<'de> Visitor<'de> for AnchorVisitor {
    type Value = Anchor;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an instant such as \"2026-11-23T09:15:00Z\", or {\"at\", \"evidence\", \"recorded\"}")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Anchor, E> {
        let at = text.parse::<Timestamp>();
        at.map(Anchor::from).map_err(|_| {
            E::custom(format!(
                "`{text}` is not an instant; write date, time and zone, as in 2026-11-23T09:15:00Z"
            ))
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Anchor, A::Error> {
        let parts = Parts::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(Anchor { at: parts.at, evidence: parts.evidence, recorded: parts.recorded })
    }
}

/// One version or an array of them.
struct Versions(Vec<Anchor>);

impl<'de> Deserialize<'de> for Versions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;
        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Versions;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an instant or an array of instants")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Versions, E> {
                Ok(Versions(vec![AnchorVisitor.visit_str(text)?]))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Versions, A::Error> {
                Ok(Versions(vec![AnchorVisitor.visit_map(map)?]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Versions, A::Error> {
                let mut versions = Vec::new();
                while let Some(version) = seq.next_element()? {
                    versions.push(version);
                }
                Ok(Versions(versions))
            }
        }
        deserializer.deserialize_any(OneOrMany)
    }
}

/// Reads a map of facts in which every value is one version or an array. A name that stands there
/// twice is refused: JSON itself would lose the first without a word.
pub(crate) fn versions_by_name<'de, D, K>(deserializer: D) -> Result<BTreeMap<K, Vec<Anchor>>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord + fmt::Display,
{
    struct Named<K>(PhantomData<K>);
    impl<'de, K: Deserialize<'de> + Ord + fmt::Display> Visitor<'de> for Named<K> {
        type Value = BTreeMap<K, Vec<Anchor>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object with an instant, or an array of instants, for each name")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut all = BTreeMap::new();
            while let Some(name) = map.next_key::<K>()? {
                if all.contains_key(&name) {
                    return Err(de::Error::custom(format!(
                        "{name} stands here twice; write its values as an array"
                    )));
                }
                all.insert(name, map.next_value::<Versions>()?.0);
            }
            Ok(all)
        }
    }
    deserializer.deserialize_map(Named(PhantomData))
}
