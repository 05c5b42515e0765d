//! What is known of one case: the input of the engine.
//!
//! As JSON, every key optional:
//!
//! ```json
//! {"actors": ["manufacturer"], "triggers": ["actively_exploited_vulnerability"],
//!  "jurisdictions": ["EU"], "zone": "Europe/Berlin",
//!  "anchors": {"aware": "2026-11-23T09:15:00Z"},
//!  "filed": {"cra-art14/aev.ew": "2026-11-23T12:15:00Z"},
//!  "vendors": {"acme": {"anchors": {"vendor_notified": "2026-11-24T08:00:00Z"}}}}
//! ```

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::anchors::{AnchorName, AnchorRef, DutyId};
use crate::calendar::Zone;
use crate::decisions::{Decision, Extension};
use crate::instants::{Anchor, current, versions_by_name};

/// What is known of one case.
///
/// `actors`, `triggers` and `jurisdictions` are the scope. `None` means that nobody has declared
/// it, which is not the same as an empty set: "we are none of these".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Facts {
    /// The roles that we, or the party that is looked at, have: `manufacturer`, `coordinator`.
    pub actors: Option<BTreeSet<String>>,
    /// What kind of case it is: `actively_exploited_vulnerability`.
    pub triggers: Option<BTreeSet<String>>,
    /// Whose law applies: `EU`, `CN`, or a member state such as `DE`.
    pub jurisdictions: Option<BTreeSet<String>>,
    /// The zone in which calendar days and months are counted.
    pub zone: Zone,
    /// The recorded events, each with its versions.
    #[serde(deserialize_with = "versions_by_name")]
    pub anchors: BTreeMap<AnchorName, Vec<Anchor>>,
    /// The duties that were performed, each with its versions. Telling a vendor is not among them:
    /// that is the event `vendor_notified`.
    #[serde(deserialize_with = "versions_by_name")]
    pub filed: BTreeMap<DutyId, Vec<Anchor>>,
    /// What is known to have happened although nobody recorded when.
    pub occurred: BTreeSet<AnchorRef>,
    /// The vendors of the case, each with facts of its own.
    pub vendors: BTreeMap<String, VendorFacts>,
    /// Extensions by duty.
    pub extended: BTreeMap<DutyId, Vec<Extension>>,
    /// Waivers by duty.
    pub waived: BTreeMap<DutyId, Vec<Decision>>,
    /// Duties whose place something else took.
    pub superseded: BTreeMap<DutyId, Vec<Decision>>,
    /// Public holidays, for the profiles that count working days.
    pub holidays: BTreeSet<Date>,
    /// Further properties, for the profiles that ask for them.
    pub attributes: BTreeMap<String, Attribute>,
}

/// What is known of one vendor in a case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VendorFacts {
    /// The vendor's own events; where one is not given, the case's counts, except for the event
    /// that this vendor was told, which no other record can stand for.
    #[serde(deserialize_with = "versions_by_name")]
    pub anchors: BTreeMap<AnchorName, Vec<Anchor>>,
    /// What is known to have happened although nobody recorded when.
    pub occurred: BTreeSet<AnchorRef>,
    /// Waivers for this vendor, by duty.
    pub waived: BTreeMap<DutyId, Vec<Decision>>,
}

/// The value of a further property.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Attribute {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Count(i64),
    /// Any text.
    Text(String),
}

impl Facts {
    /// Adds a version of an event.
    pub fn record(&mut self, name: AnchorName, version: impl Into<Anchor>) {
        self.anchors.entry(name).or_default().push(version.into());
    }

    /// When an event of the case as a whole happened, by the version that counts.
    pub fn at(&self, name: AnchorName) -> Option<Timestamp> {
        self.event(name).map(|version| version.at)
    }

    /// Adds a version of a filing.
    pub fn record_filing(&mut self, duty: DutyId, version: impl Into<Anchor>) {
        self.filed.entry(duty).or_default().push(version.into());
    }

    /// The event of the case as a whole. The vendor counts as notified when the first one was.
    pub(crate) fn event(&self, name: AnchorName) -> Option<&Anchor> {
        let own = current(self.anchors.get(&name).into_iter().flatten());
        if own.is_some() || name != AnchorName::VendorNotified {
            return own;
        }
        let told = self.vendors.values().filter_map(|vendor| vendor.event(name));
        told.min_by_key(|told| (told.at, &told.evidence))
    }

    /// The filing of a duty of a profile, under its short or its long name.
    pub(crate) fn filing(&self, profile: &str, duty: &DutyId) -> Option<&Anchor> {
        current(of_duty(&self.filed, profile, duty))
    }
}

impl VendorFacts {
    /// When an event of this vendor's own happened, by the version that counts.
    pub fn at(&self, name: AnchorName) -> Option<Timestamp> {
        self.event(name).map(|version| version.at)
    }

    pub(crate) fn event(&self, name: AnchorName) -> Option<&Anchor> {
        current(self.anchors.get(&name).into_iter().flatten())
    }
}

/// The entries for a duty, under its short or its long name.
pub(crate) fn of_duty<'a, T>(
    map: &'a BTreeMap<DutyId, Vec<T>>,
    profile: &str,
    duty: &DutyId,
) -> impl Iterator<Item = &'a T> {
    let long = map.get(&duty.qualified(profile)).into_iter().flatten();
    map.get(duty).into_iter().flatten().chain(long)
}
