//! The profiles that come with the program.

use clocks::{Mandate, Mode, Verified};

use crate::*;

/// Every one of them loads, under the name that it is listed by.
#[test]
fn every_builtin_profile_loads() {
    let ids: Vec<_> = builtin().iter().map(|(id, text)| (*id, Profile::parse(text).unwrap().id)).collect();
    assert_eq!(ids.len(), 3);
    assert!(ids.iter().all(|(name, id)| name == id));
}

/// The duties, in order: tools and people know them by these names.
#[test]
fn the_duties_keep_their_names() {
    let duties = |id: &str| profile(id).duties.iter().map(|duty| duty.id.to_string()).collect::<Vec<_>>();
    assert_eq!(duties("rmsv-2021"), ["report", "upstream", "users"]);
    assert_eq!(
        duties("cra-art14"),
        ["aev.ew", "aev.not", "aev.int", "aev.fin", "si.ew", "si.not", "si.fin", "users", "disseminate"]
    );
    assert_eq!(duties("centre"), ["acknowledge", "vendor.notify", "publish"]);
}

/// The Chinese rules are there to be read; a validator lists what keeps them from being activated.
#[test]
fn rmsv_is_reference_and_may_not_be_activated() {
    let rmsv = profile("rmsv-2021");
    assert_eq!(rmsv.mode, Mode::Reference);
    let found = rmsv.may_activate().unwrap_err();
    let places: Vec<_> = found.iter().map(|part| part.place.as_str()).collect();
    assert_eq!(places, ["recipient miit-nvdb", "recipient mps-notification-centre", "recipient cncert-cc"]);
    assert!(found.iter().all(|part| part.rule.contains("mandate offensive or unknown")));
}

/// Rule 1: no active profile names a recipient whose mandate is not defensive.
#[test]
fn active_profiles_name_defensive_recipients_only() {
    for id in ["cra-art14", "centre"] {
        let profile = profile(id);
        assert_eq!((profile.mode, profile.may_activate()), (Mode::Active, Ok(())));
        assert!(profile.recipients.iter().all(|recipient| recipient.mandate == Mandate::Defensive));
    }
}

/// Every statement of a profile has a source, and what is from memory says so to the reader.
#[test]
fn what_was_written_from_memory_says_so() {
    for (id, text) in builtin() {
        let entries = text.lines().filter(|line| line.starts_with('[')).count();
        // One more for the head of the file.
        assert_eq!(text.matches("\nsource = ").count(), entries + 1, "{id}");
        assert_eq!(text.matches("\nverified = ").count(), entries + 1, "{id}");
    }
    let facts = Facts::default();
    for (id, _) in builtin() {
        for clock in evaluate(id, &facts, "2026-12-01T00:00:00Z") {
            let says_so = clock.explain.contains("written from memory");
            assert_eq!(says_so, clock.verified == Verified::FromMemory, "{id} {}", clock.duty);
        }
    }
}
