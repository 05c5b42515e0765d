//! A partner programme: refused with a reason, or able to answer for a partner.

#![no_main]

use programme::{Facts, Programme};
use std::sync::LazyLock;

static PARTNER: LazyLock<Facts> =
    LazyLock::new(|| Facts::parse(include_str!("../seeds/partner_facts/1")).unwrap());

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(programme) = Programme::parse(text) else { return };
    let _ = programme.may_activate();
    let partners = vec![u32::MAX; programme.levels.len()];
    for stage in &programme.stages {
        let _ = programme.evaluate(stage, &Facts::default());
        let _ = programme.evaluate(stage, &PARTNER);
        let _ = programme.capacity(stage, &partners);
    }
});
