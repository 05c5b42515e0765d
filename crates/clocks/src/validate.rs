//! What must hold of a profile before it can be evaluated.
//!
//! Single values were checked when they were read; here is what concerns several at once.

use std::collections::BTreeSet;

use crate::anchors::{AnchorName, AnchorRef, is_id};
use crate::duty::{Duty, MetBy, Trigger};
use crate::forbidden::Forbidden;
use crate::parse::ProfileError;
use crate::place::Places;
use crate::profile::Profile;
use crate::references;
use crate::rule;
use crate::terms::{Mandate, Mode, Per, Role};

/// No law known to us has a tenth of them.
const ENTRIES_MAX: usize = 200;

pub(crate) fn validate(profile: &Profile, places: &Places<'_>) -> Result<(), ProfileError> {
    check_head(profile, places)?;
    check_recipients(profile, places)?;
    check_unique(profile, places)?;
    for (index, duty) in profile.duties.iter().enumerate() {
        check_duty(profile, index, duty, places)?;
        check_vendor_rule(profile, index, duty, places)?;
    }
    check_overlays(profile, places)?;
    references::check(profile, places)?;
    check_text(profile, places)?;
    match (profile.mode, profile.may_activate()) {
        (Mode::Active, Err(found)) => Err(refuse_activation(&found, places)),
        _ => Ok(()),
    }
}

fn check_head(profile: &Profile, places: &Places<'_>) -> Result<(), ProfileError> {
    if profile.schema != "profile/1" {
        return Err(places.top(
            rule::FORMAT,
            "schema",
            format!("`{}` is not a known schema, expected profile/1", profile.schema),
        ));
    }
    if !is_id(&profile.id) {
        return Err(places.top(rule::NAMES, "id", "use small letters, digits, dots and dashes"));
    }
    if !is_place(&profile.jurisdiction) {
        return Err(places.top(rule::FORMAT, "jurisdiction", PLACE));
    }
    if let (Some(from), Some(to)) = (profile.in_force_from, profile.in_force_to)
        && to < from
    {
        return Err(places.top(
            rule::DATES,
            "in_force_to",
            format!("the last day in force, {to}, is before the first, {from}"),
        ));
    }
    Ok(())
}

const PLACE: &str = "expected two capital letters, as in EU or CN, or `any`";

fn is_place(place: &str) -> bool {
    place == "any" || (place.len() == 2 && place.chars().all(|c| c.is_ascii_uppercase()))
}

/// An overlay is laid upon a duty, and adds a date to it.
fn check_overlays(profile: &Profile, places: &Places<'_>) -> Result<(), ProfileError> {
    for (index, overlay) in profile.overlays.iter().enumerate() {
        let refuse =
            |rule, key: &str, reason: String| Err(places.entry(rule, ("overlay", index), key, reason));
        if profile.duty(overlay.duty.as_str()).is_none() {
            let reason = format!("there is no duty {} in this profile", overlay.duty);
            return refuse(rule::ANCHORS, "duty", reason);
        }
        if !is_place(&overlay.jurisdiction) {
            return refuse(rule::FORMAT, "jurisdiction", PLACE.to_owned());
        }
        if overlay.source.trim().is_empty() {
            return refuse(rule::SOURCES, "source", "must not be empty".to_owned());
        }
        if let (Some(from), Some(to)) = (overlay.in_force_from, overlay.in_force_to)
            && to < from
        {
            let reason = format!("the last day in force, {to}, is before the first, {from}");
            return refuse(rule::DATES, "in_force_to", reason);
        }
    }
    Ok(())
}

fn check_recipients(profile: &Profile, places: &Places<'_>) -> Result<(), ProfileError> {
    for (index, recipient) in profile.recipients.iter().enumerate() {
        if recipient.mandate == Mandate::Offensive {
            let reason = "a recipient with mandate offensive is refused in every profile, reference included";
            return Err(places.entry(rule::NO_ATTACKERS, ("recipient", index), "mandate", reason));
        }
        if let Some(unknown) = recipient.onward.iter().find(|id| profile.recipient(id).is_none()) {
            return Err(places.entry(
                rule::RECIPIENTS,
                ("recipient", index),
                "onward",
                no_recipient(unknown),
            ));
        }
    }
    Ok(())
}

/// Ids must tell entries of one kind apart.
fn check_unique(profile: &Profile, places: &Places<'_>) -> Result<(), ProfileError> {
    let ids: [(&str, Vec<&str>); 5] = [
        ("overlay", profile.overlays.iter().map(|entry| entry.id.as_str()).collect()),
        ("recipient", profile.recipients.iter().map(|entry| entry.id.as_str()).collect()),
        ("duty", profile.duties.iter().map(|entry| entry.id.as_str()).collect()),
        ("prohibition", profile.prohibitions.iter().map(|entry| entry.id.as_str()).collect()),
        ("merit", profile.merits.iter().map(|entry| entry.id.as_str()).collect()),
    ];
    for (table, ids) in ids {
        if ids.len() > ENTRIES_MAX {
            let reason = format!("there are {}, {ENTRIES_MAX} at most", ids.len());
            return Err(places.entry(rule::LIMITS, (table, ENTRIES_MAX), "id", reason));
        }
        let mut seen = BTreeSet::new();
        for (index, id) in ids.into_iter().enumerate() {
            if !is_id(id) {
                return Err(places.entry(
                    rule::NAMES,
                    (table, index),
                    "id",
                    "use small letters, digits, dots and dashes",
                ));
            }
            if !seen.insert(id) {
                return Err(places.entry(
                    rule::NAMES,
                    (table, index),
                    "id",
                    format!("there are two with the id {id}"),
                ));
            }
        }
    }
    Ok(())
}

fn check_duty(profile: &Profile, index: usize, duty: &Duty, places: &Places<'_>) -> Result<(), ProfileError> {
    let refuse = |rule, key: &str, reason: String| Err(places.entry(rule, ("duty", index), key, reason));
    if duty.recipients.is_empty() {
        let reason = "a duty is owed to somebody; name at least one recipient".to_owned();
        return refuse(rule::RECIPIENTS, "recipient", reason);
    }
    if let Some(unknown) = duty.recipients.iter().find(|id| profile.recipient(id).is_none()) {
        return refuse(rule::RECIPIENTS, "recipient", no_recipient(unknown));
    }
    if let Some(notice) = &duty.on_delay
        && profile.recipient(&notice.inform).is_none()
    {
        return refuse(rule::RECIPIENTS, "on_delay", no_recipient(&notice.inform));
    }
    if matches!(&duty.trigger, Trigger::OneOf(words) if words.is_empty()) {
        return refuse(rule::FORMAT, "trigger", "name a trigger, or write `any`".to_owned());
    }
    if duty.anchor == AnchorRef::Event(AnchorName::VendorNotified) && profile.tells_vendor(duty) {
        let reason = "telling the vendor cannot count from the vendor having been told".to_owned();
        return refuse(rule::VENDOR_CLOCK, "anchor", reason);
    }
    Ok(())
}

/// Telling the vendor and telling an authority are two acts, with two records. So that neither can
/// be taken for the other, a duty addresses either vendors or others, and only the event
/// `vendor_notified` satisfies the first kind. Filings are never looked at there.
fn check_vendor_rule(
    profile: &Profile,
    index: usize,
    duty: &Duty,
    places: &Places<'_>,
) -> Result<(), ProfileError> {
    let refuse =
        |key: &str, reason: &str| Err(places.entry(rule::VENDOR_CLOCK, ("duty", index), key, reason));
    let is_vendor = |id: &String| profile.recipient(id).is_some_and(|found| found.role == Role::Vendor);
    let told = MetBy::Event(AnchorName::VendorNotified);
    if !duty.recipients.iter().any(is_vendor) {
        if duty.met_by == told {
            return refuse("met_by", "telling the vendor satisfies only a duty towards the vendor");
        }
        if duty.per == Some(Per::Vendor) {
            return refuse("per", "only a duty towards the vendor has a clock per vendor");
        }
        return Ok(());
    }
    if !duty.recipients.iter().all(is_vendor) {
        return refuse(
            "recipient",
            "a duty is owed to the vendor or to others, never to both: one act would close both clocks",
        );
    }
    if duty.met_by != told {
        return refuse("met_by", "a duty towards the vendor is met by vendor_notified and by nothing else");
    }
    if duty.per != Some(Per::Vendor) {
        return refuse("per", "each vendor is to be told; write per = \"vendor\"");
    }
    Ok(())
}

/// What people will read, or look up, must be there.
fn check_text(profile: &Profile, places: &Places<'_>) -> Result<(), ProfileError> {
    for (key, text) in [("title", &profile.title), ("source", &profile.source)] {
        if text.trim().is_empty() {
            return Err(places.top(rule::SOURCES, key, "must not be empty"));
        }
    }
    for (index, duty) in profile.duties.iter().enumerate() {
        let texts = [
            ("article", &duty.article),
            ("title", &duty.title),
            ("actor", &duty.actor),
            ("source", &duty.source),
        ];
        for (key, text) in texts {
            if text.trim().is_empty() {
                return Err(places.entry(rule::SOURCES, ("duty", index), key, "must not be empty"));
            }
        }
    }
    Ok(())
}

fn no_recipient(id: &str) -> String {
    format!("there is no recipient {id} in this profile; describe it in a [[recipient]], with its mandate")
}

fn refuse_activation(found: &[Forbidden], places: &Places<'_>) -> ProfileError {
    let reasons: Vec<_> =
        found.iter().map(|part| format!("{}: {}; but {}", part.place, part.what, part.rule)).collect();
    let reason =
        format!("cannot be active. {}. It can be read with mode = \"reference\"", reasons.join(". "));
    match found.first() {
        None => places.top(rule::IN_FORCE, "status", reason),
        Some(Forbidden { at: ("status", ..), name, .. }) => places.top(name, "status", reason),
        Some(first) => places.entry(first.name, (first.at.0, first.at.1), first.at.2, reason),
    }
}
