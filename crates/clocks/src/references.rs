//! What a duty waits for must be there, and must not wait for the duty in turn.

use crate::anchors::{AnchorRef, DutyId};
use crate::duration::Due;
use crate::expression::Part;
use crate::parse::ProfileError;
use crate::place::Places;
use crate::profile::Profile;
use crate::rule;

/// A duty, or an overlay upon one: where it stands and what it counts from.
struct Counted<'p> {
    table: &'static str,
    index: usize,
    id: &'p DutyId,
    anchor: &'p AnchorRef,
    due: &'p Due,
    when: Vec<&'p AnchorRef>,
}

pub(crate) fn check(profile: &Profile, places: &Places<'_>) -> Result<(), ProfileError> {
    for counted in all(profile) {
        check_known(profile, &counted, places)?;
        check_direction(&counted, places)?;
        check_clocks(profile, &counted, places)?;
    }
    check_circles(profile, places)
}

fn all(profile: &Profile) -> Vec<Counted<'_>> {
    let duties = profile.duties.iter().enumerate().map(|(index, duty)| {
        let mut when = Vec::new();
        if let Some(condition) = &duty.when {
            condition.visit(&mut |part| {
                if let Part::Anchor(anchor) = part {
                    when.push(anchor);
                }
            });
        }
        Counted { table: "duty", index, id: &duty.id, anchor: &duty.anchor, due: &duty.due, when }
    });
    let overlays = profile.overlays.iter().enumerate().map(|(index, overlay)| Counted {
        table: "overlay",
        index,
        id: &overlay.duty,
        anchor: &overlay.anchor,
        due: &overlay.due,
        when: Vec::new(),
    });
    duties.chain(overlays).collect()
}

impl<'p> Counted<'p> {
    /// Everything that it looks at, each with the key that names it.
    fn anchors(&self) -> Vec<(&'static str, &'p AnchorRef)> {
        let mut found = vec![("anchor", self.anchor)];
        if let Due::By(rule) = self.due {
            found.extend(rule.anchors().into_iter().map(|anchor| ("due", anchor)));
        }
        found.extend(self.when.iter().map(|anchor| ("when", *anchor)));
        found
    }

    fn refuse(&self, rule: &'static str, key: &str, reason: String, places: &Places<'_>) -> ProfileError {
        places.entry(rule, (self.table, self.index), key, reason)
    }
}

fn check_known(profile: &Profile, counted: &Counted<'_>, places: &Places<'_>) -> Result<(), ProfileError> {
    for (key, anchor) in counted.anchors() {
        if *anchor == AnchorRef::FiledAny && key != "anchor" {
            let reason = "`filed:*` can only be the anchor itself".to_owned();
            return Err(counted.refuse(rule::ANCHORS, key, reason, places));
        }
        let Some(duty) = anchor.duty() else { continue };
        if profile.duty(duty.as_str()).is_none() {
            let what = match anchor {
                AnchorRef::Clock(_) => "deadline could be counted from",
                _ => "filing could be waited for",
            };
            let reason = format!("there is no duty {duty} in this profile whose {what}");
            return Err(counted.refuse(rule::ANCHORS, key, reason, places));
        }
    }
    if let Due::By(expression) = counted.due {
        let mut unknown = None;
        expression.visit(&mut |part| {
            if let Part::Extended(duty) = part
                && profile.duty(duty.as_str()).is_none()
            {
                unknown = Some(duty);
            }
        });
        if let Some(duty) = unknown {
            let reason = format!("there is no duty {duty} in this profile that could be extended");
            return Err(counted.refuse(rule::ANCHORS, "due", reason, places));
        }
    }
    Ok(())
}

/// Only from a deadline, which is known beforehand, can anything be counted backwards.
fn check_direction(counted: &Counted<'_>, places: &Places<'_>) -> Result<(), ProfileError> {
    match counted.due {
        Due::Within(period) if period.is_negative() && !matches!(counted.anchor, AnchorRef::Clock(_)) => {
            let reason = format!(
                "`{}` counts backwards; only from the deadline of another duty, as in clock:publish, is that possible",
                period.as_str()
            );
            Err(counted.refuse(rule::PERIODS, "due", reason, places))
        }
        _ => Ok(()),
    }
}

/// One step is enough for every rule known, and keeps the reckoning short.
fn check_clocks(profile: &Profile, counted: &Counted<'_>, places: &Places<'_>) -> Result<(), ProfileError> {
    let is_clock = |anchor: &AnchorRef| matches!(anchor, AnchorRef::Clock(_));
    for (key, anchor) in counted.anchors().into_iter().filter(|(_, anchor)| is_clock(anchor)) {
        let Some(other) = anchor.duty().and_then(|duty| profile.duty(duty.as_str())) else { continue };
        let leans = matches!(&other.due, Due::By(rule) if rule.anchors().into_iter().any(is_clock));
        if &other.id == counted.id && counted.table == "duty" {
            let reason = format!("the anchors go round in a circle: {0} waits for {0}", other.id);
            return Err(counted.refuse(rule::CIRCLES, key, reason, places));
        }
        if leans || is_clock(&other.anchor) {
            let reason = format!(
                "the anchors go round in a circle, or lean on each other: {} counts from a deadline itself",
                other.id
            );
            return Err(counted.refuse(rule::CIRCLES, key, reason, places));
        }
    }
    Ok(())
}

/// A duty that waits for the filing of one that waits for it would never start.
fn check_circles(profile: &Profile, places: &Places<'_>) -> Result<(), ProfileError> {
    let duties: Vec<_> = all(profile).into_iter().filter(|counted| counted.table == "duty").collect();
    for counted in &duties {
        if let Some(path) = circle(counted.id, &duties) {
            let path: Vec<_> = path.iter().map(|id| id.as_str()).collect();
            let reason = format!("the anchors go round in a circle: {}", path.join(" waits for "));
            return Err(counted.refuse(rule::CIRCLES, "anchor", reason, places));
        }
        if *counted.anchor != AnchorRef::FiledAny && reaches_any(counted, &duties) {
            let reason =
                "the anchors go round in a circle: it waits for a duty that waits for every other one";
            return Err(counted.refuse(rule::CIRCLES, "anchor", reason.to_owned(), places));
        }
    }
    Ok(())
}

/// The duties that one waits for.
fn waits_for<'p>(id: &DutyId, duties: &[Counted<'p>]) -> Vec<&'p DutyId> {
    let own = duties.iter().filter(|counted| counted.id == id);
    own.flat_map(|counted| counted.anchors()).filter_map(|(_, anchor)| anchor.duty()).collect()
}

/// The way from a duty back to itself, if there is one; each duty is looked at once.
fn circle<'p>(id: &'p DutyId, duties: &[Counted<'p>]) -> Option<Vec<&'p DutyId>> {
    let mut seen = Vec::new();
    let mut paths = vec![vec![id]];
    while let Some(path) = paths.pop() {
        let last = path.last()?;
        for next in waits_for(last, duties) {
            let mut longer = path.clone();
            longer.push(next);
            if next == id {
                return Some(longer);
            }
            if !seen.contains(&next) {
                seen.push(next);
                paths.push(longer);
            }
        }
    }
    None
}

fn reaches_any(counted: &Counted<'_>, duties: &[Counted<'_>]) -> bool {
    let mut seen: Vec<&DutyId> = Vec::new();
    let mut open = waits_for(counted.id, duties);
    while let Some(id) = open.pop() {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        if duties.iter().any(|found| found.id == id && *found.anchor == AnchorRef::FiledAny) {
            return true;
        }
        open.extend(waits_for(id, duties));
    }
    false
}
