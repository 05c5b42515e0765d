//! Laws that hold for every version, found by chance and kept by rule.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::cmp::Ordering;

use proptest::prelude::*;
use versions::{
    Affected, Ecosystem, Event, Order, Purl, Range, RangeKind, Verdict, Version, affected, compare,
};

const ORDERED: [(&str, Order); 4] =
    [("PyPI", Order::Pypi), ("npm", Order::Npm), ("Go", Order::Go), ("crates.io", Order::Semver)];

const SEMANTIC: &str = "[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{1,25}(-(0|1|a|b|rc\\.?1?|x-1)(\\.(0|10|a|beta)){0,2})?(\\+[a-z0-9]{1,3})?";

const PYTHON: &str = "v?([0-9]!)?[0-9]{1,2}(\\.[0-9]{1,2}){0,3}([-_.]?(a|b|rc|alpha|pre)[-_.]?[0-9]{0,2})?\
    ((-[0-9])|([-_.]?(post|r)[0-9]?))?([-_.]?dev[0-9]?)?(\\+[a-zA-Z0-9]{1,2}([-_.][a-z0-9]{1,2}){0,2})?";

const GO: &str =
    "(v|go)?[01](\\.[0-9]){0,2}(rc[0-9])?(-0\\.2019110902193[0-9]-daa7c04131f5)?(\\+incompatible)?";

/// Texts that some ecosystem reads as a version, and a few that none does.
fn version() -> impl Strategy<Value = String> {
    prop_oneof![SEMANTIC, PYTHON, GO, "[ -~]{0,6}"]
}

fn order_of(order: Order, a: &str, b: &str) -> Option<Ordering> {
    Version::parse(order, a)?.compare(&Version::parse(order, b)?)
}

fn range<'a>(events: &[Event<&'a str>]) -> Affected<&'a str> {
    Affected { ranges: vec![Range { kind: RangeKind::Ecosystem, events: events.to_vec() }], versions: vec![] }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn orders_are_total(a in version(), b in version(), c in version()) {
        for (_, order) in ORDERED {
            if let Some(itself) = order_of(order, &a, &a) {
                prop_assert_eq!(itself, Ordering::Equal);
            }
            prop_assert_eq!(order_of(order, &a, &b), order_of(order, &b, &a).map(Ordering::reverse));
            if let (Some(ab), Some(bc), Some(ac)) = (order_of(order, &a, &b), order_of(order, &b, &c), order_of(order, &a, &c)) {
                if ab.is_le() && bc.is_le() {
                    prop_assert!(ac.is_le(), "{} {} {}", a, b, c);
                }
                if ab.is_eq() {
                    prop_assert_eq!(ac, bc);
                }
            }
        }
    }

    #[test]
    fn normal_forms_are_stable_and_keys_tell_versions_apart(a in version(), b in version()) {
        for (_, order) in ORDERED {
            let Some(read) = Version::parse(order, &a) else { continue };
            let normal = read.normal();
            let again = Version::parse(order, &normal).map(|version| version.normal());
            prop_assert_eq!(again.as_ref(), Some(&normal));
            prop_assert_eq!(order_of(order, &a, &normal), Some(Ordering::Equal));
            let key = read.key();
            prop_assert_eq!(order_of(order, &a, &key), Some(Ordering::Equal));
            if let Some(other) = Version::parse(order, &b) {
                prop_assert_eq!(read.compare(&other) == Some(Ordering::Equal), key == other.key());
            }
        }
    }

    #[test]
    fn package_keys_are_stable(name in "[ -~é]{0,20}") {
        for ecosystem in ["PyPI", "npm", "Go", "crates.io", "NuGet"] {
            let ecosystem = Ecosystem::parse(ecosystem).unwrap();
            let key = ecosystem.package_key(&name).into_owned();
            prop_assert_eq!(ecosystem.package_key(&key), key.as_str());
        }
    }

    /// A span of versions has no holes, and its ends are where they are said to be.
    #[test]
    fn one_span_is_affected_throughout(start in version(), end in version(), x in version(), y in version(), last in any::<bool>()) {
        for (name, order) in ORDERED {
            let ecosystem = Ecosystem::parse(name).unwrap();
            let close = if last { Event::LastAffected(end.as_str()) } else { Event::Fixed(end.as_str()) };
            let span = range(&[Event::Introduced(&start), close]);
            let is_hit = |version: &str| matches!(affected(&ecosystem, version, &span), Verdict::Yes(_));
            let (Some(from), Some(to)) = (order_of(order, &x, &start), order_of(order, &x, &end)) else {
                prop_assert!(start == "0" || !is_hit(&x), "{} {} {}", start, x, end);
                continue;
            };
            // An end before the start closes nothing: sorted, it comes first.
            let ends = order_of(order, &end, &start) != Some(Ordering::Less);
            if start != "0" {
                let before_end = to.is_lt() || (last && to.is_eq());
                prop_assert_eq!(is_hit(&x), from.is_ge() && (before_end || !ends));
            }
            // Between two affected versions everything is affected.
            let (low, high) = if order_of(order, &x, &y) == Some(Ordering::Greater) { (&y, &x) } else { (&x, &y) };
            if is_hit(low) && is_hit(high) {
                for between in [&start, &end, &x, &y] {
                    let inside = compare(&ecosystem, low, between).is_some_and(Ordering::is_le)
                        && compare(&ecosystem, between, high).is_some_and(Ordering::is_le);
                    prop_assert!(!inside || is_hit(between));
                }
            }
        }
    }

    /// The schema sorts the events, so their order in the record does not matter.
    #[test]
    fn events_may_come_in_any_order(versions in proptest::collection::vec(PYTHON, 4), x in PYTHON) {
        let [a, b, c, d] = [0, 1, 2, 3].map(|i| versions[i].as_str());
        let mut keys: Vec<_> = versions.iter().filter_map(|v| Some(Version::parse(Order::Pypi, v)?.key())).collect();
        keys.sort();
        keys.dedup();
        prop_assume!(keys.len() == 4);
        let pypi = Ecosystem::parse("PyPI").unwrap();
        let events = [Event::Introduced(a), Event::Fixed(b), Event::Introduced(c), Event::LastAffected(d)];
        let expected = affected(&pypi, &x, &range(&events));
        let mut turned = events;
        for _ in 0..events.len() {
            turned.rotate_left(1);
            prop_assert_eq!(affected(&pypi, &x, &range(&turned)), expected);
        }
        turned.swap(1, 2);
        prop_assert_eq!(affected(&pypi, &x, &range(&turned)), expected);
    }

    /// Whatever the text, nothing panics, and what is read is written so that it is read alike.
    #[test]
    fn package_urls_survive_the_round_trip(text in "(pkg:)?(npm|git|pypi|deb|generic)/[ -~é%]{0,30}") {
        if let Ok(purl) = text.parse::<Purl>() {
            let written = purl.to_string();
            prop_assert!(written.is_ascii());
            prop_assert_eq!(written.parse::<Purl>(), Ok(purl));
        }
    }
}
