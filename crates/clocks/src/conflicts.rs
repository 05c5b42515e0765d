//! Where one profile forbids what another one orders.
//!
//! The engine shows both texts and decides nothing: no filing is blocked, and none is sent.

use jiff::Timestamp;
use serde::Serialize;

use crate::anchors::{AnchorName, DutyId};
use crate::clauses::Prohibition;
use crate::duty::Duty;
use crate::evaluate::evaluate;
use crate::facts::Facts;
use crate::profile::{Profile, Recipient};
use crate::scope::{lies_in, profile_not_in_force};
use crate::terms::{Audience, Matter, Role};

/// A duty that cannot be performed without breaking a prohibition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conflict {
    /// The profile that forbids.
    pub forbids: String,
    /// The prohibition in it.
    pub prohibition: String,
    /// Its article.
    pub prohibition_article: String,
    /// Its text.
    pub prohibition_text: String,
    /// The profile that orders.
    pub orders: String,
    /// The duty in it.
    pub duty: DutyId,
    /// Its article.
    pub duty_article: String,
    /// Its text.
    pub duty_text: String,
    /// The recipients that the prohibition keeps from being told, by name.
    pub recipients: Vec<String>,
    /// Both rules in words.
    pub explain: String,
}

/// The conflicts that these facts lead to, in the order of the profiles.
///
/// A duty takes part while somebody still has to perform it; a prohibition takes part where the
/// law of its jurisdiction is declared to apply. Undeclared scope gives no conflict.
pub fn conflicts(profiles: &[Profile], facts: &Facts, now: Timestamp) -> Vec<Conflict> {
    let forbidding = profiles.iter().filter(|profile| applies(profile, facts));
    let forbidding = forbidding.flat_map(|forbids| {
        let live = forbids.prohibitions.iter().filter(|prohibition| is_live(prohibition, facts));
        live.map(move |prohibition| (forbids, prohibition))
    });
    let forbidding: Vec<_> = forbidding.collect();
    if forbidding.is_empty() {
        return Vec::new();
    }
    let open: Vec<_> = profiles.iter().map(|orders| (orders, open_duties(orders, facts, now))).collect();
    let mut found = Vec::new();
    for (forbids, prohibition) in forbidding {
        for (orders, duties) in open.iter().filter(|(orders, _)| orders.id != forbids.id) {
            found.extend(duties.iter().filter_map(|duty| conflict(forbids, prohibition, orders, duty)));
        }
    }
    found
}

/// The duties that somebody still has to perform, each once, however many vendors it is owed to.
fn open_duties<'p>(orders: &'p Profile, facts: &Facts, now: Timestamp) -> Vec<&'p Duty> {
    let open = evaluate(orders, facts, now).into_iter().filter(|found| found.state.is_open());
    let mut duties: Vec<&Duty> = open.filter_map(|found| orders.duty(found.duty.as_str())).collect();
    duties.dedup_by_key(|duty| &duty.id);
    duties
}

fn applies(profile: &Profile, facts: &Facts) -> bool {
    let declared = facts.jurisdictions.iter().flatten().any(|place| lies_in(place, &profile.jurisdiction));
    declared && profile_not_in_force(profile, None, facts).is_none()
}

/// What is public is undisclosed no longer. Tools for exploiting are no part of any filing.
fn is_live(prohibition: &Prohibition, facts: &Facts) -> bool {
    match prohibition.what {
        Matter::UndisclosedVulnerabilityInformation => facts.event(AnchorName::Publication).is_none(),
        Matter::VulnerabilityInformation => true,
        Matter::ExploitTool => false,
    }
}

fn conflict(forbids: &Profile, prohibition: &Prohibition, orders: &Profile, duty: &Duty) -> Option<Conflict> {
    let barred: Vec<_> = duty
        .recipients
        .iter()
        .filter_map(|id| orders.recipient(id))
        .filter(|recipient| bars(forbids, prohibition, orders, recipient))
        .map(|recipient| recipient.name.clone())
        .collect();
    if barred.is_empty() {
        return None;
    }
    let explain = format!(
        "{}, article {}: {}. {}, article {}: {}, to {}. The two cannot both be kept; this is for counsel to decide.",
        forbids.title,
        prohibition.article,
        prohibition.title,
        orders.title,
        duty.article,
        duty.title,
        barred.join(" and ")
    );
    Some(Conflict {
        forbids: forbids.id.clone(),
        prohibition: prohibition.id.clone(),
        prohibition_article: prohibition.article.clone(),
        prohibition_text: prohibition.title.clone(),
        orders: orders.id.clone(),
        duty: duty.id.clone(),
        duty_article: duty.article.clone(),
        duty_text: duty.title.clone(),
        recipients: barred,
        explain,
    })
}

fn bars(forbids: &Profile, prohibition: &Prohibition, orders: &Profile, recipient: &Recipient) -> bool {
    if prohibition.exceptions.contains(&recipient.role) {
        return false;
    }
    // Of a recipient without a place nobody can say that it is abroad.
    let place = recipient.jurisdiction.as_deref().unwrap_or(&orders.jurisdiction);
    let is_foreign = place != "any" && !lies_in(place, &forbids.jurisdiction);
    match prohibition.to {
        Audience::Vendor => recipient.role == Role::Vendor,
        Audience::Foreign => is_foreign,
        Audience::ForeignOtherThanProductProvider => is_foreign && recipient.role != Role::Vendor,
        Audience::Public => recipient.role == Role::Public,
        Audience::Anyone => true,
    }
}
