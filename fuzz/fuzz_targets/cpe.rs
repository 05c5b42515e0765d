//! Names of products, one in each line: each is one name in all three forms, and any two compare.

#![no_main]

use versions::cpe::{Cpe, Relation, compare};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let names: Vec<Cpe> = text.lines().take(4).filter_map(|line| line.parse().ok()).collect();
    for name in &names {
        for written in [name.to_string(), name.to_uri(), name.to_wfn()] {
            assert_eq!(written.parse::<Cpe>().as_ref(), Ok(name), "{written}");
        }
        for other in &names {
            let (there, back) = (compare(name, other), compare(other, name));
            // What has wildcards in the target is undefined; otherwise the two answers mirror each other.
            match (there, back) {
                (Relation::Equal, back) => assert_eq!(back, Relation::Equal, "{name} {other}"),
                (Relation::Superset, back) => {
                    assert!(matches!(back, Relation::Subset | Relation::Undefined), "{name} {other}");
                }
                _ => {}
            }
        }
    }
});
