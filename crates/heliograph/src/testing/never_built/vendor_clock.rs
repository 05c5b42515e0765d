//! Line 2: a filing with an authority never stops or satisfies the clock for telling the vendor.

use crate::deadlines::{self, ClockEvent, Debtor};
use crate::ledger::Actor;
use crate::testing::TestApp;
use clocks::AnchorName;
use vocabulary::{Instant, OrganisationId};

const SUBJECT: &str = "HEL-2026-000001";

fn record(app: &TestApp, events: Vec<ClockEvent>) {
    app.submit(move |w| deadlines::record(w, &Actor::System, SUBJECT, events));
}

fn fact(app: &TestApp, vendor: Option<&OrganisationId>, anchor: AnchorName) {
    let (at, evidence) = (Instant::utc(app.now()), "test".to_owned());
    let fact =
        ClockEvent::FactRecorded { debtor: Debtor::Centre, vendor: vendor.cloned(), anchor, at, evidence };
    record(app, vec![fact]);
}

fn telling(app: &TestApp, vendor: &OrganisationId) -> (String, Option<jiff::Timestamp>) {
    let now = app.now();
    let all = app.read(move |tx| deadlines::of(tx, &[SUBJECT.to_owned()], now));
    let found =
        all.into_iter().find(|clock| clock.duty == "vendor.notify" && clock.regarding == vendor.as_str());
    found.map(|clock| (clock.state, clock.due)).unwrap()
}

#[test]
fn line_02_no_filing_stops_or_satisfies_the_clock_for_telling_the_vendor() {
    let app = TestApp::new();
    let (one, two) = (app.organisation("Nordwind"), app.organisation("Südwind"));
    let joined = [&one, &two].map(|vendor| ClockEvent::VendorAdded { vendor: vendor.clone() });
    record(&app, joined.to_vec());
    fact(&app, None, AnchorName::Accepted);
    let before = [telling(&app, &one), telling(&app, &two)];
    assert_eq!(before[0].0, "running");
    app.advance(1);
    let at = Instant::utc(app.now());
    let debtors = [Debtor::Centre, Debtor::Reporter, Debtor::Organisation(one.clone())];
    let profiles = clocks::builtin().iter().map(|(_, text)| clocks::Profile::parse(text).unwrap());
    let duties = profiles.flat_map(|profile| {
        profile.duties.into_iter().map(move |duty| format!("{}/{}", profile.id, duty.id.as_str()))
    });
    for duty in duties {
        let filed = |debtor: &Debtor| ClockEvent::Filed {
            debtor: debtor.clone(),
            duty: duty.clone(),
            at: at.clone(),
            evidence: "reference number of the authority".into(),
        };
        record(&app, debtors.iter().map(filed).collect());
        assert_eq!([telling(&app, &one), telling(&app, &two)], before, "{duty}");
    }
    app.advance(24 * 30);
    assert_eq!(telling(&app, &one).0, "overdue", "time runs on whatever was filed");
    fact(&app, Some(&one), AnchorName::VendorNotified);
    assert_eq!((telling(&app, &one).0.as_str(), telling(&app, &two).0.as_str()), ("met_late", "overdue"));
}
