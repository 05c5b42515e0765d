//! Laws that hold for every version, found by chance and kept by rule.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::cmp::Ordering;

use proptest::prelude::*;
use versions::cpe::Cpe;
use versions::{
    Affected, Ecosystem, Event, Order, Prepared, Purl, Range, RangeKind, Verdict, Vers, Version, affected,
    compare,
};

/// An ecosystem, its order, and what its versions look like.
const ORDERED: [(&str, Order, &str); 20] = [
    ("PyPI", Order::Pypi, PYTHON),
    ("npm", Order::Npm, SEMANTIC),
    ("Go", Order::Go, GO),
    ("crates.io", Order::Semver, SEMANTIC),
    ("Pub", Order::Pub, "[0-2](\\.[0-2]){2}(-(1|10|-2|-|9{20}|a|B)(\\.(1|-1|b)){0,2})?(\\+(1|-1|m)(\\.2)?)?"),
    (
        "Maven",
        Order::Maven,
        "[0-2](\\.[0-2]){0,2}([-.]?(a|alpha|m|rc|SNAPSHOT|ga|final|sp|foo|x|)[-.]?[0-2]?){0,2}",
    ),
    (
        "NuGet",
        Order::Nuget,
        "[0-2](\\.[0-2]){0,3}(-(1|10|-2|-10|9999999999|a|B|rc)(\\.(1|10|-1|b)){0,2})?(\\+m)?",
    ),
    ("RubyGems", Order::Gem, "[0-2](\\.([0-2]|a|b1|rc)){0,4}(-[01a](\\.[0-2])?)?"),
    (
        "Packagist",
        Order::Packagist,
        "v?[0-2](\\.[0-2x]){0,3}([-._]?(a|beta|RC|p|pl|stable|Stable)[.-]?[0-2]?([.-][01])?)?([-.]?dev)?|20(10|11)(-?[01][0-2]){1,3}(\\.[0-9]{1,3})?",
    ),
    ("Julia", Order::Julia, "v?[0-2](\\.[0-2]){0,2}(-(1|a|rc1)(\\.1)?)?(\\+(0|1|10|a)(\\.2)?)?"),
    ("CRAN", Order::Cran, "[0-2]([.-](0|1|01|10)){0,4}"),
    ("Hackage", Order::Hackage, "(0|1|10)(\\.(0|1|10)){0,3}"),
    ("Debian", Order::Debian, "([01]:)?[0-2]([.~+-]?(0|1|00|10|a|b|~)){0,4}(-[0-2](~|\\+b)?[0-2]?)?"),
    ("opam", Order::Opam, "v?[0-2]([.~+-]?(0|1|00|10|a|b|~)){0,4}"),
    (
        "Alpine",
        Order::Alpine,
        "[0-2](\\.(0|1|01|10|100)){0,3}[ab]?(_(alpha|rc|p|git)[0-2]?){0,2}(~[ab])?(-r[0-2])?",
    ),
    ("Red Hat", Order::Rpm, "([01]:)?[0-2]([._~^+]?(0|1|01|10|a|b|)){0,4}(-[0-2](\\.el[89])?)?"),
    ("gentoo", Order::Gentoo, "[0-2](\\.(0|1|01|10|100)){0,3}[ab]?(_(alpha|rc|p)[0-2]?){0,2}(-r[0-2])?"),
    (
        "ConanCenter",
        Order::Conan,
        "[0-2a]((\\.)(0|1|10|1a|a|10a)){0,3}(-(a|1|0|)(\\.[0-2])?)?(\\+[0-2a](\\.0)?)?",
    ),
    ("openssl", Order::Openssl, "[0-2]\\.[0-2]\\.[0-2](a|b|z|za)?(-(pre|beta)(1|2|10)?)?"),
    ("generic", Order::Generic, "v?[0-2](\\.[0-2]){0,3}([-_]?(a|b|rc|p|alpha)[.-]?[0-2]?)?"),
];

const SEMANTIC: &str = "[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{1,25}(-(0|1|a|b|rc\\.?1?|x-1)(\\.(0|10|a|beta)){0,2})?(\\+[a-z0-9]{1,3})?";

const PYTHON: &str = "v?([0-9]!)?[0-9]{1,2}(\\.[0-9]{1,2}){0,3}([-_.]?(a|b|rc|alpha|pre)[-_.]?[0-9]{0,2})?\
    ((-[0-9])|([-_.]?(post|r)[0-9]?))?([-_.]?dev[0-9]?)?(\\+[a-zA-Z0-9]{1,2}([-_.][a-z0-9]{1,2}){0,2})?";

const GO: &str =
    "(v|go)?[01](\\.[0-9]){0,2}(rc[0-9])?(-0\\.2019110902193[0-9]-daa7c04131f5)?(\\+incompatible)?";

/// Some place of [`ORDERED`], and texts of which most are versions there.
fn versions(count: usize) -> impl Strategy<Value = (usize, Vec<String>)> {
    (0..ORDERED.len()).prop_flat_map(move |place| {
        let text = prop_oneof![20 => ORDERED[place].2, 1 => "[ -~]{0,6}"];
        (Just(place), proptest::collection::vec(text, count))
    })
}

fn order_of(order: Order, a: &str, b: &str) -> Option<Ordering> {
    Version::parse(order, a)?.compare(&Version::parse(order, b)?)
}

fn range<'a>(events: &[Event<&'a str>]) -> Affected<&'a str> {
    Affected { ranges: vec![Range { kind: RangeKind::Ecosystem, events: events.to_vec() }], versions: vec![] }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Antisymmetry and transitivity: a total preorder of what an ecosystem takes for a version. Maven's own
    /// order has circles (0rc < 0 < 0.a- < 0rc), so of it only antisymmetry is asked.
    #[test]
    fn orders_are_total((place, texts) in versions(3)) {
        let (name, order, _) = ORDERED[place];
        let [a, b, c] = [0, 1, 2].map(|i| texts[i].as_str());
        if let Some(itself) = order_of(order, a, a) {
            prop_assert_eq!(itself, Ordering::Equal);
        }
        prop_assert_eq!(order_of(order, a, b), order_of(order, b, a).map(Ordering::reverse));
        if order == Order::Maven {
            return Ok(());
        }
        if let (Some(ab), Some(bc), Some(ac)) = (order_of(order, a, b), order_of(order, b, c), order_of(order, a, c)) {
            if ab.is_le() && bc.is_le() {
                prop_assert!(ac.is_le(), "{}: {} {} {}", name, a, b, c);
            }
            if ab.is_eq() {
                prop_assert_eq!(ac, bc, "{}: {} {} {}", name, a, b, c);
            }
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// No text makes any order panic, or be read when it is longer than the limit.
    #[test]
    fn any_text_is_safe(text in "\\PC{0,20}", other in "[-0-9a-z.~^+_:é]{0,20}") {
        for (_, order, _) in ORDERED {
            let _ = order_of(order, &text, &other);
        }
        for order in [Order::Alpm, Order::Datetime, Order::Numbers, Order::Lexicographic, Order::ShortSemver] {
            let _ = order_of(order, &text, &other);
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
    fn one_span_is_affected_throughout((place, texts) in versions(4), last in any::<bool>()) {
        let [start, end, x, y] = [0, 1, 2, 3].map(|i| texts[i].clone());
        for (name, order, _) in [ORDERED[place]] {
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

    /// Whatever the text, a native range does not panic, and what is read of it is a range that is read.
    #[test]
    fn native_ranges_are_safe(
        scheme in proptest::sample::select(vec!["npm", "pypi", "gem", "nuget", "conan", "nginx", "openssl", "x"]),
        text in prop_oneof!["[-~^<>=!|,. x*+()\\[\\]v0-9a]{0,16}", "\\PC{0,12}"],
    ) {
        if let Ok(range) = Vers::from_native(scheme, &text) {
            prop_assert_eq!(range.to_string().parse::<Vers>(), Ok(range));
        }
    }

    /// What is prepared for many questions answers like what is read for one.
    #[test]
    fn what_is_prepared_answers_alike(
        (place, texts) in versions(6),
        shapes in proptest::collection::vec((0..3_usize, proptest::collection::vec((0..4_usize, 0..8_usize), 0..5), proptest::collection::vec(0..6_usize, 0..3)), 1..4),
        asked in 0..6_usize,
        alpm in any::<bool>(),
    ) {
        let name = if alpm { "alpm" } else { ORDERED[place].0 };
        let ecosystem = Ecosystem::parse(name).unwrap();
        let text = |at: usize| ["0", "*"].get(at.wrapping_sub(6)).copied().unwrap_or_else(|| texts[at].as_str());
        let event = |(kind, at): &(usize, usize)| match kind {
            0 => Event::Introduced(text(*at)),
            1 => Event::Fixed(text(*at)),
            2 => Event::LastAffected(text(*at)),
            _ => Event::Limit(text(*at)),
        };
        let statements: Vec<Affected<&str>> = shapes.iter().map(|(kind, events, listed)| Affected {
            ranges: vec![Range {
                kind: [RangeKind::Ecosystem, RangeKind::Semver, RangeKind::Git][*kind],
                events: events.iter().map(event).collect(),
            }],
            versions: listed.iter().map(|at| text(*at)).collect(),
        }).collect();
        let one_by_one: Vec<_> = statements.iter().enumerate()
            .map(|(at, said)| (at, affected(&ecosystem, text(asked), said)))
            .filter(|(_, verdict)| *verdict != Verdict::No)
            .collect();
        prop_assert_eq!(Prepared::new(&ecosystem, &statements).ask(text(asked)), one_by_one);
    }

    /// The schema sorts the events, so their order in the record does not matter.
    #[test]
    fn events_may_come_in_any_order(versions in proptest::collection::vec(PYTHON, 4), x in PYTHON) {
        let [a, b, c, d] = [0, 1, 2, 3].map(|i| versions[i].as_str());
        let differ = |i: usize, j: usize| order_of(Order::Pypi, &versions[i], &versions[j]).is_some_and(Ordering::is_ne);
        prop_assume!((0..4).all(|i| (0..i).all(|j| differ(i, j))));
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

    /// The same for names of products, in all three forms, and for ranges.
    #[test]
    fn names_and_ranges_survive_the_round_trip(
        name in "(cpe:2\\.3:|cpe:/|wfn:\\[)[aoh](:[-a-z0-9.*?~\\\\%:]{0,6}){0,11}",
        range in "vers:(npm|pypi|deb|x)/(([<>=!]{0,2})[0-9a-z.%*]{0,4}\\|?){0,4}",
        version in "[0-9]{1,2}(\\.[0-9]){0,2}",
    ) {
        if let Ok(name) = name.parse::<Cpe>() {
            prop_assert_eq!(name.to_string().parse(), Ok(name.clone()));
            prop_assert_eq!(name.to_uri().parse(), Ok(name.clone()));
            prop_assert_eq!(name.to_wfn().parse(), Ok(name));
        }
        if let Ok(range) = range.parse::<Vers>() {
            let written: Vers = range.to_string().parse().unwrap();
            prop_assert_eq!(written.contains(&version), range.contains(&version));
            prop_assert_eq!(written, range);
        }
    }
}
