//! A scheme of accreditation: refused with a reason, or able to say what it permits.

#![no_main]

use programme::{Scheme, Service};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(scheme) = Scheme::parse(text) else { return };
    for (service, ..) in Service::ALL {
        for level in scheme.levels.iter().map(Some).chain([None]) {
            let permits = scheme.permits(*service, level.map(String::as_str), &scheme.scopes);
            assert!(!permits || scheme.governs(*service));
        }
    }
});
