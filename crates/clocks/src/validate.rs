//! What must hold of a profile before it can be evaluated.
//!
//! Single values were checked when they were read; here is what concerns several at once.

use std::collections::BTreeSet;

use crate::anchors::{AnchorName, AnchorRef, DutyId, is_id};
use crate::forbidden::Forbidden;
use crate::parse::ProfileError;
use crate::place::Places;
use crate::profile::{Duty, MetBy, Profile, Trigger};
use crate::terms::{Mandate, Mode, Per, Role};

pub(crate) fn validate(profile: &Profile, places: &Places<'_>) -> Result<(), ProfileError> {
    check_head(profile, places)?;
    check_recipients(profile, places)?;
    check_unique(profile, places)?;
    for (index, duty) in profile.duties.iter().enumerate() {
        check_duty(profile, index, duty, places)?;
        check_vendor_rule(profile, index, duty, places)?;
    }
    check_cycles(profile, places)?;
    check_text(profile, places)?;
    match (profile.mode, profile.may_activate()) {
        (Mode::Active, Err(found)) => Err(refuse_activation(&found, places)),
        _ => Ok(()),
    }
}

fn check_head(profile: &Profile, places: &Places<'_>) -> Result<(), ProfileError> {
    if profile.schema != "profile/1" {
        return Err(
            places.top("schema", format!("`{}` is not a known schema, expected profile/1", profile.schema))
        );
    }
    if !is_id(&profile.id) {
        return Err(places.top("id", "use small letters, digits, dots and dashes"));
    }
    let is_place =
        profile.jurisdiction.len() == 2 && profile.jurisdiction.chars().all(|c| c.is_ascii_uppercase());
    if !is_place && profile.jurisdiction != "any" {
        return Err(places.top("jurisdiction", "expected two capital letters, as in EU or CN, or `any`"));
    }
    if let (Some(from), Some(to)) = (profile.in_force_from, profile.in_force_to)
        && to < from
    {
        return Err(
            places.top("in_force_to", format!("the last day in force, {to}, is before the first, {from}"))
        );
    }
    Ok(())
}

fn check_recipients(profile: &Profile, places: &Places<'_>) -> Result<(), ProfileError> {
    for (index, recipient) in profile.recipients.iter().enumerate() {
        if recipient.mandate == Mandate::Offensive {
            let reason = "a recipient with mandate offensive is refused in every profile, reference included";
            return Err(places.entry("recipient", index, "mandate", reason));
        }
        if let Some(unknown) = recipient.onward.iter().find(|id| profile.recipient(id).is_none()) {
            return Err(places.entry("recipient", index, "onward", no_recipient(unknown)));
        }
    }
    Ok(())
}

/// Ids must tell entries of one kind apart.
fn check_unique(profile: &Profile, places: &Places<'_>) -> Result<(), ProfileError> {
    let ids: [(&str, Vec<&str>); 4] = [
        ("recipient", profile.recipients.iter().map(|entry| entry.id.as_str()).collect()),
        ("duty", profile.duties.iter().map(|entry| entry.id.as_str()).collect()),
        ("prohibition", profile.prohibitions.iter().map(|entry| entry.id.as_str()).collect()),
        ("merit", profile.merits.iter().map(|entry| entry.id.as_str()).collect()),
    ];
    for (table, ids) in ids {
        let mut seen = BTreeSet::new();
        for (index, id) in ids.into_iter().enumerate() {
            if !is_id(id) {
                return Err(places.entry(table, index, "id", "use small letters, digits, dots and dashes"));
            }
            if !seen.insert(id) {
                return Err(places.entry(table, index, "id", format!("there are two with the id {id}")));
            }
        }
    }
    Ok(())
}

fn check_duty(profile: &Profile, index: usize, duty: &Duty, places: &Places<'_>) -> Result<(), ProfileError> {
    let refuse = |key: &str, reason: String| Err(places.entry("duty", index, key, reason));
    if duty.recipients.is_empty() {
        return refuse("recipient", "a duty is owed to somebody; name at least one recipient".to_owned());
    }
    if let Some(unknown) = duty.recipients.iter().find(|id| profile.recipient(id).is_none()) {
        return refuse("recipient", no_recipient(unknown));
    }
    if let Some(notice) = &duty.on_delay
        && profile.recipient(&notice.inform).is_none()
    {
        return refuse("on_delay", no_recipient(&notice.inform));
    }
    if matches!(&duty.trigger, Trigger::OneOf(words) if words.is_empty()) {
        return refuse("trigger", "name a trigger, or write `any`".to_owned());
    }
    if let AnchorRef::Filed(id) = &duty.anchor
        && profile.duty(id.as_str()).is_none()
    {
        return refuse(
            "anchor",
            format!("there is no duty {id} in this profile whose filing could be waited for"),
        );
    }
    if duty.anchor == AnchorRef::Event(AnchorName::VendorNotified) && profile.tells_vendor(duty) {
        return refuse(
            "anchor",
            "telling the vendor cannot count from the vendor having been told".to_owned(),
        );
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
    let refuse = |key: &str, reason: &str| Err(places.entry("duty", index, key, reason));
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

/// A duty that waits for the filing of one that waits for it would never start.
fn check_cycles(profile: &Profile, places: &Places<'_>) -> Result<(), ProfileError> {
    for (index, duty) in profile.duties.iter().enumerate() {
        let mut path: Vec<&DutyId> = vec![&duty.id];
        let mut next = waits_for(duty);
        while let Some(id) = next {
            if id == &duty.id {
                path.push(id);
                let path: Vec<_> = path.iter().map(|id| id.as_str()).collect();
                let reason = format!("the anchors go round in a circle: {}", path.join(" waits for "));
                return Err(places.entry("duty", index, "anchor", reason));
            }
            if path.contains(&id) {
                // A circle further on; it is reported where it begins.
                break;
            }
            path.push(id);
            next = profile.duty(id.as_str()).and_then(waits_for);
        }
        if duty.anchor != AnchorRef::FiledAny
            && path
                .iter()
                .skip(1)
                .filter_map(|id| profile.duty(id.as_str()))
                .any(|found| found.anchor == AnchorRef::FiledAny)
        {
            let reason =
                "the anchors go round in a circle: it waits for a duty that waits for every other one";
            return Err(places.entry("duty", index, "anchor", reason));
        }
    }
    Ok(())
}

fn waits_for(duty: &Duty) -> Option<&DutyId> {
    match &duty.anchor {
        AnchorRef::Filed(id) => Some(id),
        AnchorRef::Event(_) | AnchorRef::FiledAny => None,
    }
}

/// What people will read, or look up, must be there.
fn check_text(profile: &Profile, places: &Places<'_>) -> Result<(), ProfileError> {
    for (key, text) in [("title", &profile.title), ("source", &profile.source)] {
        if text.trim().is_empty() {
            return Err(places.top(key, "must not be empty"));
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
                return Err(places.entry("duty", index, key, "must not be empty"));
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
        Some(Forbidden { at: ("status", ..), .. }) | None => places.top("status", reason),
        Some(first) => places.entry(first.at.0, first.at.1, first.at.2, reason),
    }
}
