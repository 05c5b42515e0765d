//! Lines 1 and 3: who may receive, and which profiles may be in force.

use crate::access::Role;
use crate::deadlines::{self, ClockEvent, Debtor};
use crate::ledger::Actor;
use crate::people::Mandate;
use crate::testing::TestApp;
use clocks::{AnchorName, Mode, Profile};
use vocabulary::Instant;

fn profiles() -> Vec<Profile> {
    clocks::builtin().iter().map(|(_, text)| Profile::parse(text).unwrap()).collect()
}

/// The text of an active profile that comes with the program, with one thing replaced.
fn activated(id: &str, from: &str, to: &str) -> Result<Profile, String> {
    let text = clocks::builtin().iter().find(|(name, _)| *name == id).unwrap().1;
    assert!(text.contains(from), "{from:?} is not in {id}");
    Profile::parse(&text.replacen(from, to, 1)).map_err(|error| error.to_string())
}

#[test]
fn line_01_no_active_profile_names_a_recipient_of_offensive_or_unknown_mandate() {
    for mandate in ["offensive", "unknown"] {
        let to = format!("mandate = \"{mandate}\"");
        let refused = activated("cra-art14", "mandate = \"defensive\"", &to).unwrap_err();
        assert!(refused.contains("mandate"), "{refused}");
    }
    for profile in profiles().into_iter().filter(|profile| profile.mode == Mode::Active) {
        assert_eq!(profile.may_activate(), Ok(()), "{}", profile.id);
        assert!(profile.recipients.iter().all(|found| found.mandate == clocks::Mandate::Defensive));
    }
}

#[test]
fn line_01_an_organisation_receives_nothing_unless_its_mandate_is_known_to_be_defensive() {
    let may: Vec<Mandate> = [Mandate::Defensive, Mandate::Unknown, Mandate::Offensive, Mandate::default()]
        .into_iter()
        .filter(|mandate| mandate.may_receive())
        .collect();
    assert_eq!(may, [Mandate::Defensive]);
}

#[test]
fn line_03_a_profile_that_forbids_telling_the_vendor_loads_only_as_reference() {
    let reference = profiles().into_iter().find(|profile| profile.id == "rmsv-2021").unwrap();
    assert_eq!(reference.mode, Mode::Reference);
    assert!(reference.may_activate().is_err());
    let refused = activated("rmsv-2021", "mode = \"reference\"", "mode = \"active\"").unwrap_err();
    assert!(!refused.is_empty());
    let silent = "[[duty]]\nwithhold_from = [\"vendor\"]";
    let refused = activated("cra-art14", "[[duty]]", silent).unwrap_err();
    assert!(refused.contains("reference"), "{refused}");
}

/// A reference profile is shown to compare; nothing is owed under it and nothing counts it.
#[test]
fn line_03_nothing_is_ever_due_under_a_reference_profile() {
    let app = TestApp::new();
    let subject = "HEL-2026-000001".to_owned();
    let at = Instant::utc(app.now());
    let scope = ClockEvent::ScopeDeclared {
        debtor: Debtor::Reporter,
        actors: vec!["product_provider".into()],
        triggers: vec!["vulnerability_found_or_learned_in_own_product".into()],
        jurisdictions: vec!["CN".into()],
        zone: "UTC".into(),
    };
    let (debtor, anchor, evidence) = (Debtor::Reporter, AnchorName::Discovered, "test".into());
    let found = ClockEvent::FactRecorded { debtor, vendor: None, anchor, at, evidence };
    let name = subject.clone();
    app.submit(move |w| deadlines::record(w, &Actor::System, &name, vec![scope, found]));
    app.advance(24 * 365);
    let now = app.now();
    let shown = app.read(move |tx| deadlines::of(tx, &[subject], now));
    let report = shown.iter().find(|clock| clock.profile == "rmsv-2021" && clock.duty == "report").unwrap();
    assert!(report.reference && report.due.is_some(), "it is not even shown: {shown:?}");
    let listed = app.account(&[Role::Coordinator]).get("/api/v1/deadlines").json();
    assert_eq!(listed, serde_json::json!([]));
    assert_eq!(
        app.read(move |tx| deadlines::counts(tx, &crate::vetting::Eyes::of_the_centre(now))).overdue,
        0
    );
}
