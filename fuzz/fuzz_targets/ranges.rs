//! What records say of versions, asked of any version: an ecosystem in the first line, a version in
//! the second, and then the ranges of OSV or the entries of CVE.

#![no_main]

use versions::{Affected, Ecosystem, affected, cve};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Some((ecosystem, rest)) = text.split_once('\n') else { return };
    let Some((version, json)) = rest.split_once('\n') else { return };
    if let (Some(ecosystem), Ok(by)) =
        (Ecosystem::parse(ecosystem), serde_json::from_str::<Affected<String>>(json))
    {
        let _ = affected(&ecosystem, version, &by);
    }
    if let Ok(product) = serde_json::from_str::<cve::Product<String>>(json) {
        let _ = cve::decide(&product, version);
    }
});
