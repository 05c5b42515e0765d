//! What an active profile may never contain.
//!
//! A profile can describe the rules of a regime that the centre would never serve: one reads,
//! compares and simulates it as `reference`. To make it active, these parts would have to go.

use serde::Serialize;

use crate::anchors::AnchorRef;
use crate::clauses::Prohibition;
use crate::duration::Due;
use crate::duty::Duty;
use crate::profile::Profile;
use crate::rule;
use crate::terms::{Audience, Mandate, Matter, MeritCounts, Role, Status};

/// No recipient with an offensive or unknown mandate.
pub(crate) const MANDATE: &str =
    "no recipient with mandate offensive or unknown may be named in an active profile";
/// The clock for telling the vendor stands on its own.
pub(crate) const VENDOR_CLOCK: &str =
    "a filing with an authority never starts, stops or satisfies the clock for telling the vendor";
/// No silence towards the vendor, no merit for it.
pub(crate) const SILENCE: &str = "a profile that forbids telling the vendor, or counts undisclosed finds as merit, loads only as reference";
/// Only rules in force bind.
pub(crate) const IN_FORCE: &str = "only rules that are in force may be active";

/// Grounds on which nobody needs telling; any other could be a way round the vendor.
const VENDOR_WAIVERS: [&str; 2] = ["no_vendor_exists", "vendor_is_the_reporter"];

/// A part of a profile that keeps it from being activated, and the rule that it breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Forbidden {
    /// Where it stands: the table, and the entry in it.
    pub place: String,
    /// What it does.
    pub what: String,
    /// The rule that this breaks.
    pub rule: &'static str,
    /// The name of that rule.
    pub name: &'static str,
    #[serde(skip)]
    pub(crate) at: (&'static str, usize, &'static str),
}

impl Profile {
    /// Whether the profile may set deadlines; if not, everything in it that forbids that.
    pub fn may_activate(&self) -> Result<(), Vec<Forbidden>> {
        let mut found = Vec::new();
        if self.status != Status::InForce {
            found.push(forbidden(
                ("status", 0, "status"),
                "",
                "its status is not in_force".to_owned(),
                IN_FORCE,
            ));
        }
        for (index, recipient) in self.recipients.iter().enumerate() {
            if recipient.mandate != Mandate::Defensive {
                let what = match recipient.mandate {
                    Mandate::Offensive => format!("{} has an offensive mandate", recipient.name),
                    _ => format!("it is not known what {} does with vulnerabilities", recipient.name),
                };
                found.push(forbidden(("recipient", index, "mandate"), &recipient.id, what, MANDATE));
            }
        }
        for (index, duty) in self.duties.iter().enumerate() {
            self.check_duty(index, duty, &mut found);
        }
        for (index, prohibition) in self.prohibitions.iter().enumerate() {
            if silences_vendor(prohibition) {
                let what = format!("article {} forbids telling the vendor", prohibition.article);
                found.push(forbidden(("prohibition", index, "to"), &prohibition.id, what, SILENCE));
            }
        }
        for (index, merit) in self.merits.iter().enumerate() {
            if merit.counts != MeritCounts::FindsWithVendorTold {
                let what = format!("article {} counts undisclosed finds as merit", merit.article);
                found.push(forbidden(("merit", index, "counts"), &merit.id, what, SILENCE));
            }
        }
        if found.is_empty() { Ok(()) } else { Err(found) }
    }

    fn check_duty(&self, index: usize, duty: &Duty, found: &mut Vec<Forbidden>) {
        let id = duty.id.as_str();
        let mut add = |key, what: &str, rule| {
            found.push(forbidden(("duty", index, key), id, format!("article {} {what}", duty.article), rule));
        };
        if duty.withhold_from.iter().copied().any(Audience::covers_vendor) {
            add("withhold_from", "forbids telling the vendor", SILENCE);
        }
        if !self.tells_vendor(duty) {
            return;
        }
        if !matches!(duty.anchor, AnchorRef::Event(_)) {
            add("anchor", "lets the vendor be told only after a filing", VENDOR_CLOCK);
        }
        if let Due::By(rule) = &duty.due
            && !rule.anchors().into_iter().all(|anchor| matches!(anchor, AnchorRef::Event(_)))
        {
            add("due", "lets the vendor be told only after a filing", VENDOR_CLOCK);
        }
        if !duty.delay.is_empty() {
            add("delay", "lets the telling of the vendor be put off", VENDOR_CLOCK);
        }
        if duty.unless.iter().any(|ground| !VENDOR_WAIVERS.contains(&ground.as_str())) {
            add("unless", "lets the vendor go untold although there is one to tell", VENDOR_CLOCK);
        }
    }
}

fn silences_vendor(prohibition: &Prohibition) -> bool {
    prohibition.to.covers_vendor()
        && prohibition.what != Matter::ExploitTool
        && !prohibition.exceptions.contains(&Role::Vendor)
}

fn forbidden(
    at: (&'static str, usize, &'static str),
    id: &str,
    what: String,
    rule: &'static str,
) -> Forbidden {
    let place = if id.is_empty() { at.0.to_owned() } else { format!("{} {id}", at.0) };
    let name = match rule {
        MANDATE => rule::NO_ATTACKERS,
        VENDOR_CLOCK => rule::VENDOR_CLOCK,
        SILENCE => rule::NO_GAG,
        _ => rule::IN_FORCE,
    };
    Forbidden { place, what, rule, name, at }
}
