//! The profiles that come with the program.

use clocks::{Mandate, Mode, Status, Verified};

use crate::*;

/// Every one of them loads, under the name that it is listed by.
#[test]
fn every_builtin_profile_loads() {
    let ids: Vec<_> = builtin().iter().map(|(id, text)| (*id, Profile::parse(text).unwrap().id)).collect();
    assert_eq!(
        ids.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        [
            "au-ransom",
            "au-soci",
            "centre",
            "certcc-45",
            "ch-isg",
            "cn-cnir-2025",
            "cna-4",
            "cra-art14",
            "dora-2025-301",
            "gdpr-33",
            "in-certin-2022",
            "jp-ipa-jpcert",
            "kr-48-3",
            "nis2-art23",
            "p0-90-30",
            "rmsv-2021",
            "tw-csma",
            "us-bod-22-01",
            "us-bod-26-04",
            "us-circia",
            "us-sec-1.05",
            "zdi-120"
        ]
    );
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
    assert_eq!(duties("nis2-art23"), ["ew", "not", "int", "progress", "fin", "services", "csirt.reply"]);
    assert_eq!(duties("dora-2025-301"), ["initial", "intermediate", "final"]);
    assert_eq!(duties("gdpr-33"), ["notify", "processor", "subjects"]);
    assert_eq!(duties("us-sec-1.05"), ["8-k", "8-k-a"]);
    assert_eq!(duties("us-bod-26-04"), ["remediate", "remediate.kev", "triage"]);
    assert_eq!(duties("certcc-45"), ["publish", "draft", "reminder"]);
    assert_eq!(duties("p0-90-30"), ["patch", "publish", "notice"]);
    assert_eq!(
        duties("cna-4"),
        [
            "publish.should",
            "publish",
            "publish.other",
            "first-refusal",
            "root.direct",
            "dispute.acknowledge",
            "dispute.decide"
        ]
    );
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
    let active = builtin().iter().map(|(id, _)| profile(id)).filter(|profile| profile.mode == Mode::Active);
    let ids: Vec<_> = active.clone().map(|profile| profile.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "centre",
            "certcc-45",
            "cna-4",
            "cra-art14",
            "dora-2025-301",
            "gdpr-33",
            "nis2-art23",
            "p0-90-30",
            "us-bod-26-04",
            "us-sec-1.05"
        ]
    );
    for profile in active {
        assert_eq!(profile.may_activate(), Ok(()), "{}", profile.id);
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

/// A file in which anything was written from memory says so in words, before its first line of data.
#[test]
fn a_file_with_anything_from_memory_says_not_verified() {
    let mut plain = Vec::new();
    for (id, text) in builtin() {
        let comment: Vec<_> = text.lines().take_while(|line| line.starts_with('#')).collect();
        let duties = profile(id).duties.iter();
        let from_memory = duties.filter(|duty| duty.verified == Verified::FromMemory).count();
        if !comment.join(" ").contains("NOT VERIFIED") && from_memory > 0 {
            plain.push(*id);
        }
    }
    assert_eq!(plain, Vec::<&str>::new());
}

/// What is proposed, repealed or unconfirmed is for reading only.
#[test]
fn only_what_is_in_force_is_active() {
    for (id, _) in builtin() {
        let profile = profile(id);
        assert!(profile.mode == Mode::Reference || profile.status == Status::InForce, "{id}");
    }
    assert_eq!(profile("us-circia").status, Status::Unverified);
    assert_eq!(profile("us-bod-22-01").status, Status::Repealed);
}
