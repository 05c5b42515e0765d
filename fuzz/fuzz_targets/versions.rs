//! Three versions, a line each, in every order that there is: an order has no circles.

#![no_main]

use std::cmp::Ordering;
use versions::{Order, Version};

const ORDERS: [Order; 25] = [
    Order::Semver,
    Order::ShortSemver,
    Order::Go,
    Order::Npm,
    Order::Pypi,
    Order::Maven,
    Order::Nuget,
    Order::Gem,
    Order::Packagist,
    Order::Pub,
    Order::Julia,
    Order::Cran,
    Order::Hackage,
    Order::Debian,
    Order::Opam,
    Order::Alpine,
    Order::Rpm,
    Order::Alpm,
    Order::Gentoo,
    Order::Conan,
    Order::Openssl,
    Order::Datetime,
    Order::Generic,
    Order::Numbers,
    Order::Lexicographic,
];

/// Those whose authority has circles itself: `0-rc.1`, `0`, `v2`, and pacman's `1._p`, `1_`, `1.2`.
const CIRCULAR: [Order; 2] = [Order::Maven, Order::Alpm];

libfuzzer_sys::fuzz_target!(|text: &str| {
    for order in ORDERS {
        let read: Vec<Version<'_>> =
            text.lines().take(3).filter_map(|line| Version::parse(order, line)).collect();
        let compare = |a: &Version<'_>, b: &Version<'_>| a.compare(b).unwrap();
        for a in &read {
            assert_eq!(compare(a, a), Ordering::Equal, "{order:?} {text:?}");
            for b in &read {
                assert_eq!(compare(a, b), compare(b, a).reverse(), "{order:?} {text:?}");
                for c in &read {
                    let in_order = compare(a, b).is_le() && compare(b, c).is_le();
                    let has_circles = CIRCULAR.contains(&order);
                    assert!(has_circles || !in_order || compare(a, c).is_le(), "{order:?} {text:?}");
                }
            }
        }
    }
});
