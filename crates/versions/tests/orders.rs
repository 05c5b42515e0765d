//! Orders of versions as the tools of their ecosystems have them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::cmp::Ordering;
use std::collections::BTreeMap;
use versions::Ecosystem;

/// `orders/pairs.tsv` says which tools were asked.
#[test]
fn every_pair_has_the_order_that_its_own_tool_gives() {
    let mut asked: BTreeMap<&str, u32> = BTreeMap::new();
    for line in include_str!("orders/pairs.tsv").lines().filter(|line| !line.starts_with('#')) {
        let [name, a, expected, b] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let ecosystem = Ecosystem::parse(name).unwrap();
        let sign = |order| match order {
            Some(Ordering::Less) => "<",
            Some(Ordering::Equal) => "=",
            Some(Ordering::Greater) => ">",
            None => "?",
        };
        assert_eq!(sign(versions::compare(&ecosystem, a, b)), expected, "{name}: {a} and {b}");
        let turned = sign(versions::compare(&ecosystem, b, a).map(Ordering::reverse));
        assert_eq!(turned, expected, "{name}: {b} and {a}");
        *asked.entry(name).or_default() += 1;
    }
    assert_eq!(asked.len(), 16);
    assert!(asked.values().all(|count| *count >= 40), "{asked:?}");
}
