//! Many vendors to whom the same was owed: summed up, with a line for each, so that the page of a
//! crowded case stays readable.

use super::mark;
use crate::deadlines::rules::Debtor;
use crate::web::{Shown, clock_chip, instant};
use clocks::Assessment;
use maud::{Markup, html};
use std::collections::{BTreeMap, HashMap};

/// From so many vendors on they are summed up.
const CROWD: usize = 10;

type Owed = (Debtor, Assessment);

/// Takes out of `all` those that concern one of a crowd of vendors, by duty; the others stay in order.
pub(super) fn crowds(all: Vec<&Owed>) -> (Vec<&Owed>, Vec<Vec<&Owed>>) {
    let key = |(debtor, clock): &Owed| (debtor.clone(), clock.profile.clone(), clock.duty.clone());
    let mut by_duty: BTreeMap<_, Vec<&Owed>> = BTreeMap::new();
    for owed in all.iter().filter(|(_, clock)| clock.vendor.is_some()) {
        by_duty.entry(key(owed)).or_default().push(owed);
    }
    by_duty.retain(|_, clocks| clocks.len() >= CROWD);
    let rest = all.into_iter().filter(|owed| owed.1.vendor.is_none() || !by_duty.contains_key(&key(owed)));
    (rest.collect(), by_duty.into_values().collect())
}

/// The clocks of a crowd: how many stand how, and each vendor with its date.
pub(super) fn crowd(shown: &Shown, clocks: &[&Owed], names: &HashMap<String, String>) -> Markup {
    let Some((_, first)) = clocks.first() else { return html! {} };
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, clock) in clocks {
        *states.entry(clock.state.as_str()).or_default() += 1;
    }
    let counts: Vec<String> =
        states.iter().map(|(state, count)| format!("{count} {}", state.replace('_', " "))).collect();
    html! {
        details.sheet {
            summary { b { (first.title) ": " (clocks.len()) " vendors" } ", " (counts.join(", ")) }
            ul.plain {
                @for (debtor, clock) in clocks {
                    @let vendor = clock.vendor.as_deref().unwrap_or_default();
                    li id=(mark(&String::from(debtor.clone()), &clock.profile, clock.duty.as_str(), vendor)) {
                        (names.get(vendor).map_or("a vendor", String::as_str)) " "
                        (clock_chip(shown, clock.state.as_str(), clock.due))
                        @if let Some(at) = clock.met_at { " done " (instant(shown, at)) }
                        @if let Some(due) = clock.due { ", due " (instant(shown, due)) }
                    }
                }
            }
        }
    }
}
