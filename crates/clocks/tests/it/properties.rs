//! What holds for all facts, not only for the examples.

use clocks::{Anchor, AnchorName, DutyId};
use jiff::SignedDuration;
use proptest::prelude::*;

use crate::*;

const ZONES: [&str; 8] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "America/St_Johns",
];

fn instant() -> impl Strategy<Value = Timestamp> {
    // From 2026-09-12 to the end of 2039, to the second.
    (1_789_171_200_i64..2_208_988_800).prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn zone() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&ZONES)
}

/// Facts in which every duty of every profile applies, with any subset of anchors and filings.
fn any_facts() -> impl Strategy<Value = Facts> {
    let anchors = prop::collection::btree_map(prop::sample::select(AnchorName::ALL), version(), 0..8);
    let filed = prop::collection::btree_map(prop::sample::select(duties()), version(), 0..8);
    (anchors, filed, zone(), any::<bool>()).prop_map(|(anchors, filed, zone, vendors)| {
        let mut facts = everything(zone);
        facts.anchors = anchors;
        facts.filed = filed;
        if vendors {
            facts.vendors.insert("acme".to_owned(), clocks::VendorFacts::default());
        }
        facts
    })
}

fn version() -> impl Strategy<Value = Vec<Anchor>> {
    let one = (instant(), instant(), "[ab]?")
        .prop_map(|(at, recorded, evidence)| Anchor::new(at, recorded, evidence));
    prop::collection::vec(one, 1..4)
}

fn duties() -> Vec<DutyId> {
    let of =
        |(id, _): &(&str, &str)| profile(id).duties.iter().map(|duty| duty.id.clone()).collect::<Vec<_>>();
    builtin().iter().flat_map(of).collect()
}

/// Facts under which every duty of every profile may exist.
fn everything(zone: &str) -> Facts {
    let duties = || builtin().iter().flat_map(|(id, _)| &profile(id).duties);
    let triggers = duties().filter_map(|duty| match &duty.trigger {
        clocks::Trigger::OneOf(words) => Some(words.clone()),
        clocks::Trigger::Any => None,
    });
    let places = builtin().iter().map(|(id, _)| profile(id).jurisdiction.clone());
    Facts {
        actors: Some(duties().map(|duty| duty.actor.clone()).collect()),
        triggers: Some(triggers.flatten().collect()),
        jurisdictions: Some(places.collect()),
        zone: zone.parse().unwrap(),
        ..Facts::default()
    }
}

fn all(facts: &Facts, now: Timestamp) -> Vec<Assessment> {
    builtin().iter().flat_map(|(id, _)| clocks::evaluate(profile(id), facts, now)).collect()
}

/// The deadline of one duty when every anchor and filing it could count from is at that instant.
fn deadline(id: &str, duty: &str, zone: &str, anchor: Timestamp) -> Timestamp {
    let mut facts = everything(zone);
    for name in [
        AnchorName::Aware,
        AnchorName::RemedyAvailable,
        AnchorName::Received,
        AnchorName::Accepted,
        AnchorName::VendorNotified,
        AnchorName::Discovered,
    ] {
        facts.record(name, anchor);
    }
    facts.record_filing("si.not".parse().unwrap(), anchor);
    clock(id, duty, &facts, "2026-01-01T00:00:00Z").due.unwrap()
}

const HOURS: [(&str, &str); 6] = [
    ("cra-art14", "aev.ew"),
    ("cra-art14", "aev.not"),
    ("cra-art14", "si.ew"),
    ("cra-art14", "si.not"),
    ("rmsv-2021", "report"),
    ("centre", "vendor.notify"),
];
const DAYS: [(&str, &str); 3] = [("cra-art14", "aev.fin"), ("centre", "acknowledge"), ("centre", "publish")];

/// Two instants that lie minutes to weeks apart, often around a clock change or the end of a month.
fn two_instants() -> impl Strategy<Value = (Timestamp, Timestamp)> {
    let apart = prop_oneof![0_i64..7200, 0_i64..2_000_000];
    let near_change = prop::sample::select(vec![
        "2026-10-24T22:00:00Z",
        "2026-10-10T22:00:00Z",
        "2027-03-27T22:00:00Z",
        "2027-03-14T00:00:00Z",
        "2026-10-31T22:00:00Z",
        "2026-10-03T12:00:00Z",
        "2027-04-03T12:00:00Z",
    ])
    .prop_flat_map(|text| (0_i64..14_400).prop_map(move |shift| at(text) + SignedDuration::from_secs(shift)));
    let first = prop_oneof![instant(), near_change];
    (first, apart).prop_map(|(first, apart)| (first, first + SignedDuration::from_secs(apart)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// A later anchor never gives an earlier deadline: hours in any zone, days in UTC.
    #[test]
    fn a_later_anchor_never_gives_an_earlier_deadline((first, second) in two_instants(), zone in zone()) {
        for (id, duty) in HOURS {
            prop_assert!(deadline(id, duty, zone, first) <= deadline(id, duty, zone, second));
        }
        for (id, duty) in DAYS {
            prop_assert!(deadline(id, duty, "UTC", first) <= deadline(id, duty, "UTC", second));
        }
    }

    /// Days in a zone follow its wall clock: what the wall shows later is due no earlier. Only the
    /// hour that a clock change repeats is out of order, by as much as the clocks go back.
    #[test]
    fn days_keep_the_order_of_the_wall_clock((first, second) in two_instants(), zone in zone()) {
        let wall = |at: Timestamp| at.to_zoned_datetime(jiff::tz::TimeZoneDatabase::bundled().get(zone).unwrap()).datetime();
        for (id, duty) in DAYS {
            let (early, late) = (deadline(id, duty, zone, first), deadline(id, duty, zone, second));
            if wall(first) <= wall(second) {
                prop_assert!(early <= late, "{first} {second} {zone}: {early} {late}");
            }
            prop_assert!(early <= late + SignedDuration::from_hours(1));
        }
    }

    /// Months are due no earlier by date, and at the same clock time in no case: where a short month
    /// gives several days one end, the clock time of each is kept.
    #[test]
    fn months_keep_the_order_of_dates(first in instant(), hours in 0_i64..2000, days in 0_i64..90) {
        let month = |anchor| deadline("cra-art14", "si.fin", "UTC", anchor);
        let date = |at: Timestamp| at.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
        prop_assert!(date(month(first)) <= date(month(first + SignedDuration::from_hours(hours))));
        prop_assert!(month(first) <= month(first + SignedDuration::from_hours(24 * days)));
    }

    /// A deadline lies after its anchor.
    #[test]
    fn a_deadline_lies_after_its_anchor(anchor in instant(), zone in zone()) {
        for (id, duty) in HOURS.into_iter().chain(DAYS) {
            prop_assert!(deadline(id, duty, zone, anchor) > anchor);
        }
    }

    /// The order in which versions arrive changes nothing.
    #[test]
    fn facts_replayed_in_any_order_give_the_same_answer(
        (facts, shuffled) in any_facts().prop_flat_map(|facts| {
            let anchors: Vec<_> = facts.anchors.iter().flat_map(|(name, list)| list.iter().map(|one| (*name, one.clone()))).collect();
            let filed: Vec<_> = facts.filed.iter().flat_map(|(duty, list)| list.iter().map(|one| (duty.clone(), one.clone()))).collect();
            (Just(facts), Just(anchors).prop_shuffle(), Just(filed).prop_shuffle())
        }).prop_map(|(facts, anchors, filed)| {
            let mut again = Facts { anchors: Default::default(), filed: Default::default(), ..facts.clone() };
            for (name, version) in anchors { again.record(name, version); }
            for (duty, version) in filed { again.record_filing(duty, version); }
            (facts, again)
        }),
        now in instant(),
    ) {
        prop_assert_eq!(all(&facts, now), all(&shuffled, now));
    }

    /// No anchor, no date: whatever shows a deadline has a recorded start before it.
    #[test]
    fn no_anchor_no_date(facts in any_facts(), now in instant()) {
        for clock in all(&facts, now) {
            prop_assert!(clock.due.is_none() || clock.started.is_some(), "{:?}", clock);
            if matches!(clock.state, State::NotStarted | State::AnchorMissing) {
                prop_assert!(clock.due.is_none() && clock.started.is_none());
            }
            prop_assert!(clock.state != State::Overdue || clock.due.is_some_and(|due| due < now));
        }
    }

    /// Undeclared scope is never overdue, whatever else is known.
    #[test]
    fn undeclared_scope_is_never_overdue(facts in any_facts(), now in instant(), which in 0..3) {
        let mut facts = facts;
        match which {
            0 => facts.actors = None,
            1 => facts.jurisdictions = None,
            _ => facts.triggers = None,
        }
        for clock in all(&facts, now) {
            if clock.state == State::ScopeNotDeclared {
                prop_assert!(clock.conditional.is_some() && clock.due.is_none());
            } else {
                let anywhere = profile(&clock.profile).jurisdiction == "any";
                prop_assert!(which != 1 || anywhere || clock.state == State::NotApplicable);
            }
        }
    }

    /// Rule 2: filings with authorities never change a clock for telling the vendor.
    #[test]
    fn filings_never_change_the_vendor_clock(facts in any_facts(), now in instant()) {
        let mut without = facts.clone();
        without.filed.clear();
        let vendor = |facts: &Facts| {
            all(facts, now).into_iter().filter(|clock| ["vendor.notify", "upstream"].contains(&clock.duty.as_str())).collect::<Vec<_>>()
        };
        prop_assert_eq!(vendor(&facts), vendor(&without));
    }

    /// As time passes and nothing is recorded, a clock can only go from running to overdue.
    #[test]
    fn time_alone_leads_from_running_to_overdue_only(facts in any_facts(), (now, later) in two_instants()) {
        for (before, after) in all(&facts, now).into_iter().zip(all(&facts, later)) {
            let allowed = before.state == after.state || (before.state, after.state) == (State::Running, State::Overdue);
            prop_assert!(allowed, "{:?} {:?}", before, after);
            prop_assert_eq!(before.due, after.due);
        }
    }

    /// Between now and the next change nothing changes.
    #[test]
    fn nothing_changes_before_the_next_change(facts in any_facts(), now in instant()) {
        let before = all(&facts, now);
        if let Some(next) = clocks::next_change(&before, now) {
            let states = |at| all(&facts, at).into_iter().map(|clock| clock.state).collect::<Vec<_>>();
            prop_assert_eq!(states(now), states(next));
            prop_assert_ne!(states(now), states(next + SignedDuration::from_secs(1)));
        }
    }
}
