//! No panic, whatever a valid profile says and whatever the facts are.

use clocks::{Anchor, AnchorName, Attribute, Facts, Profile, State, VendorFacts};
use jiff::Timestamp;
use jiff::civil::Date;
use proptest::prelude::*;

use crate::text;

/// Rules of any shape, from the words that rules are made of; most of them are good ones.
fn rule() -> impl Strategy<Value = String> {
    let anchor = prop::sample::select(vec![
        "aware",
        "discovered",
        "remedy_available",
        "filed:first",
        "latest:first",
        "clock:first",
        "undated",
        "handled",
    ]);
    let period = prop::sample::select(vec![
        "PT24H",
        "P14D",
        "P1M",
        "P99Y",
        "4 business days",
        "1000 business days",
        "PT1S",
        "P12M",
    ]);
    let leaf = (anchor, prop::option::of((prop::sample::select(vec!["+", "-"]), period))).prop_map(
        |(anchor, more)| {
            more.map_or_else(|| anchor.to_owned(), |(sign, period)| format!("{anchor} {sign} {period}"))
        },
    );
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("min({a}, {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("max({a}, {b})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(
                    |(a, b, c)| format!("if aware <= ({a}) then ({b}) else ({c})").replace("<= (", "<= max(")
                ),
            (inner.clone(), inner).prop_map(|(a, b)| format!("if large or not old then {a} else ({b})")),
        ]
    })
}

fn instant() -> impl Strategy<Value = Timestamp> {
    let (first, last) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    prop_oneof![
        4 => (1_700_000_000_i64..2_300_000_000).prop_map(|second| Timestamp::from_second(second).unwrap()),
        1 => (first..=last).prop_map(|second| Timestamp::from_second(second).unwrap()),
        1 => Just(Timestamp::MIN),
        1 => Just(Timestamp::MAX),
    ]
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let versions = || prop::collection::vec(instant().prop_map(Anchor::from), 0..3);
    let anchors = prop::collection::btree_map(prop::sample::select(AnchorName::ALL), versions(), 0..10);
    let zone = prop::sample::select(vec![
        "UTC",
        "Europe/Berlin",
        "Pacific/Apia",
        "Australia/Lord_Howe",
        "America/St_Johns",
    ]);
    let day = (-9999_i16..=9999, 1_i8..=12, 1_i8..=28)
        .prop_map(|(year, month, day)| Date::new(year, month, day).unwrap());
    let attributes = prop::collection::btree_map(
        prop::sample::select(vec!["large".to_owned(), "old".to_owned(), "entity".to_owned()]),
        prop_oneof![
            any::<bool>().prop_map(Attribute::Flag),
            any::<i64>().prop_map(Attribute::Count),
            ".*".prop_map(Attribute::Text)
        ],
        0..3,
    );
    let scope = prop::option::of(Just(["manufacturer".to_owned()].into()));
    (anchors, versions(), zone, prop::collection::btree_set(day, 0..40), attributes, scope, any::<bool>())
        .prop_map(|(anchors, filed, zone, holidays, attributes, actors, vendor)| {
            let mut facts = Facts {
                anchors,
                zone: zone.parse().unwrap(),
                holidays,
                attributes,
                actors,
                ..Facts::default()
            };
            facts.jurisdictions = Some(["EU".to_owned()].into());
            facts.triggers = Some(["actively_exploited_vulnerability".to_owned()].into());
            facts.filed.insert("aev.ew".parse().unwrap(), filed);
            if vendor {
                facts.vendors.insert("acme".to_owned(), VendorFacts::default());
            }
            facts
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Either a profile is refused, or it can be evaluated for any facts at any time; and a date is
    /// shown only where something was recorded.
    #[test]
    fn a_profile_that_validates_never_panics(rule in rule(), facts in any_facts(), now in instant()) {
        let rule = rule.replace(":first", ":aev.ew");
        let text = text("cra-art14").replacen("due = \"PT72H\"", &format!("due = \"{rule}\""), 1);
        let Ok(profile) = Profile::parse(&text) else { return Ok(()) };
        for clock in clocks::evaluate(&profile, &facts, now) {
            prop_assert!(clock.due.is_none() || clock.started.is_some(), "{:?}", clock);
            prop_assert!(clock.state != State::Overdue || clock.due.is_some_and(|due| due < now), "{:?}", clock);
            prop_assert!(!clock.explain.is_empty());
        }
        clocks::conflicts(std::slice::from_ref(&profile), &facts, now);
        clocks::retention(std::slice::from_ref(&profile), &facts, now);
    }

    /// Text of any kind is read or refused, and nothing else.
    #[test]
    fn any_text_is_read_or_refused(text in "[a-z:()<>=+,. PTDM0-9-]{0,60}") {
        let _ = text.parse::<clocks::Expression>();
        let _ = text.parse::<clocks::Condition>();
        let _ = text.parse::<clocks::Due>();
        let _ = Profile::parse(&text);
        let _ = Facts::parse(&text);
    }

    /// Facts that were written can be read again.
    #[test]
    fn facts_survive_their_own_text(facts in any_facts()) {
        let text = serde_json::to_string(&facts).unwrap();
        prop_assert_eq!(Facts::parse(&text).unwrap(), facts);
    }
}

/// Most of the rules that the test above makes are good: it does not pass by refusing everything.
#[test]
fn most_arbitrary_rules_are_good() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let good = (0..200).filter(|_| {
        let rule = rule().new_tree(&mut runner).unwrap().current().replace(":first", ":aev.ew");
        let text = text("cra-art14").replacen("due = \"PT72H\"", &format!("due = \"{rule}\""), 1);
        Profile::parse(&text).is_ok()
    });
    let good = good.count();
    assert!(good > 100, "{good} of 200");
}
