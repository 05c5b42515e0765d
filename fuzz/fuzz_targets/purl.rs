//! A package URL: what is read is printed in one way, and that reads as the same.

#![no_main]

use versions::{Ecosystem, Purl};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = Purl::is_canonical(text);
    let Ok(purl) = text.parse::<Purl>() else { return };
    let canonical = purl.to_string();
    assert!(Purl::is_canonical(&canonical), "{text:?} gives {canonical:?}, which is not canonical");
    assert_eq!(canonical.parse::<Purl>().as_ref(), Ok(&purl), "{text:?}");
    let _ = (purl.package(), Ecosystem::of_purl(&purl));
});
