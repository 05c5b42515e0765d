//! How long one subject's clocks take, beside the floor: to copy the answer that was found.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a bench measures time and may fail loudly"
)]

use clocks::{Assessment, Facts, Profiles, builtin, evaluate};
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: u32 = 2_000;

/// A manufacturer and coordinator with an exploited vulnerability, everything declared.
const BUSY: &str = r#"{"actors": ["manufacturer", "coordinator", "controller"], "jurisdictions": ["EU", "US"],
    "triggers": ["actively_exploited_vulnerability", "personal_data_breach"], "zone": "Europe/Berlin",
    "anchors": {"received": "2026-11-23T08:00:00Z", "aware": "2026-11-23T09:15:00Z", "vendor_notified": "2026-11-23T10:00:00Z",
        "contact_attempted": "2026-11-23T10:00:00Z"},
    "filed": {"aev.ew": "2026-11-23T12:15:00Z"}}"#;

fn main() {
    let profiles = Profiles::with([]).unwrap();
    let now = "2026-11-24T00:00:00Z".parse().unwrap();
    println!("{} profiles, {} duties", profiles.all().len(), duties(&profiles));
    for (what, json) in [("nothing declared", "{}"), ("a busy case", BUSY)] {
        let facts = Facts::parse(json).unwrap();
        let found: Vec<Assessment> = profiles.evaluate(&facts, now);
        measure(&format!("floor: copy the answers, {what}"), || {
            black_box(found.clone());
        });
        measure(&format!("every profile, {what}"), || {
            black_box(profiles.evaluate(&facts, now));
        });
        let cra = profiles.get("cra-art14").unwrap();
        measure(&format!("cra-art14 alone, {what}"), || {
            black_box(evaluate(cra, &facts, now));
        });
        measure(&format!("conflicts, {what}"), || {
            black_box(profiles.conflicts(&facts, now));
        });
    }
    let start = Instant::now();
    black_box(Profiles::with([]).unwrap());
    println!("parse all {} profiles, once: {:.1} ms", builtin().len(), start.elapsed().as_secs_f64() * 1e3);
}

fn duties(profiles: &Profiles) -> usize {
    profiles.all().iter().map(|profile| profile.duties.len() + profile.overlays.len()).sum()
}

fn measure(what: &str, step: impl Fn()) {
    let mut micros: Vec<f64> = (0..5)
        .map(|_| {
            let start = Instant::now();
            (0..ROUNDS).for_each(|_| step());
            start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS)
        })
        .collect();
    micros.sort_by(f64::total_cmp);
    println!("{what:<45} {:>8.1} us [{:.1}-{:.1}]", micros[2], micros[0], micros[4]);
}
