//! Which products a record applies to: an installed name in the first line, then the configurations.

#![no_main]

use versions::cpe::{Applicability, Configuration};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Some((installed, json)) = text.split_once('\n') else { return };
    let Ok(configurations) = serde_json::from_str::<Vec<Configuration>>(json) else { return };
    let Ok(installed) = installed.parse() else { return };
    let _ = Applicability::of(&configurations, &[installed]);
});
