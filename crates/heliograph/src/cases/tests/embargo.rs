//! The embargo as its participants meet it (Vultron embargo management and consent).

use super::{done, end, refused, words};
use crate::testing::TestApp;

/// The terms in force stay until a revision is taken; who had agreed to less must accept anew.
#[test]
fn a_longer_embargo_lapses_the_consent_of_who_agreed_to_less() {
    let app = TestApp::new();
    let case = app.case();
    let (_, one) = case.vendor("Nordwind");
    let (_, two) = case.vendor("Kestrel");
    done(&one.post_form(&case.place("/propose"), &end("2027-02-20T12:00")));
    assert!(words(&one, &case.place("")).contains("embargo to"), "the old terms are in force");
    let ask = words(&two, &case.place(""));
    assert!(ask.contains("A new end is proposed"), "{ask}");
    done(&case.desk.post_form(&case.place("/embargo"), &[("do", "revision-accept")]));
    // From here on the longer terms hold, and Kestrel has agreed to the shorter ones only.
    let lapsed = words(&two, &case.place(""));
    assert!(lapsed.contains("Accept the embargo and open the report"), "{lapsed}");
    assert!(words(&one, &case.place("")).contains("The embargo now ends"));
    assert!(words(&case.desk, &case.place("")).contains("consent lapsed by revision"));
    done(&two.post_form(&case.place("/terms"), &[("answer", "accept")]));
    assert!(words(&two, &case.place("")).contains("Your report state"));
}

#[test]
fn a_shorter_embargo_asks_nobody_anew() {
    let app = TestApp::new();
    let case = app.case();
    let (_, one) = case.vendor("Nordwind");
    let (_, two) = case.vendor("Kestrel");
    done(&case.report.client.post_form("/my/case/propose", &end("2026-12-01T12:00")));
    done(&one.post_form(&case.place("/terms"), &[("answer", "accept")]));
    assert!(words(&two, &case.place("")).contains("Your report state"), "she agreed to more than this");
    let late = one.post_form(&case.place("/propose"), &end("2026-11-01T12:00"));
    assert!(refused(&late).1.contains("is not in the future; name a later date and time"), "{late:?}");
    let long = one.post_form(&case.place("/propose"), &end("2027-11-24T12:00"));
    assert!(refused(&long).1.contains("longer than an embargo may last"), "{long:?}");
    let none = one.post_form(&case.place("/propose"), &[("end", ""), ("end_zone", "UTC")]);
    assert_eq!(refused(&none), (422, "An embargo has an end: day, hour and zone.".into()));
}

/// Shortest proposal wins: the reporter plans to publish before the centre's default would end.
#[test]
fn the_shortest_proposal_wins() {
    let app = TestApp::new();
    let case = app.case_with(&[("planned", "2026-12-05T12:00"), ("planned_zone", "UTC")]);
    let (_, vendor) = case.vendor("Nordwind");
    let page = words(&vendor, &case.place(""));
    assert!(page.contains("embargo to 5 Dec 2026, 12:00 UTC"), "{page}");
}

/// Vultron: an embargo SHALL end when the flaw (P) or an exploit (X) is public.
#[test]
fn what_is_public_ends_the_embargo_at_once() {
    for event in ["public_aware", "exploit_public"] {
        let app = TestApp::new();
        let case = app.case();
        let (_, waiting) = case.invited("Nordwind");
        let before = app.size();
        done(&case.desk.post_form(&case.place("/state"), &[("event", event)]));
        let kinds = app.kinds_since(before);
        assert!(kinds.contains(&"case.embargo_changed".to_owned()), "{kinds:?}");
        let desk = words(&case.desk, &case.place(""));
        assert!(desk.contains("The embargo ended:") && desk.contains("By rule."), "{event}: {desk}");
        let again = case.desk.post_form(&case.place("/propose"), &end("2026-12-20T12:00"));
        assert_eq!(again.status(), 409, "{event}: no second embargo");
        let answer = waiting.post_form(&case.place("/terms"), &[("answer", "accept")]);
        assert_eq!(answer.status(), 409, "{event}: there is nothing to accept");
        let twice = case.desk.post_form(&case.place("/state"), &[("event", event)]);
        assert_eq!(refused(&twice), (409, "This is on record already.".into()));
    }
}

/// Vultron: on attacks (A) it SHOULD end; a person decides, with a reason.
#[test]
fn attacks_only_advise_an_end_and_keeping_it_needs_a_reason() {
    let app = TestApp::new();
    let case = app.case();
    let early = case.desk.post_form(&case.place("/embargo"), &[("do", "keep"), ("reason", "fix_imminent")]);
    assert!(refused(&early).1.contains("nothing to decide"), "{early:?}");
    done(&case.desk.post_form(&case.place("/state"), &[("event", "attacks_observed")]));
    let desk = words(&case.desk, &case.place(""));
    assert!(
        desk.contains("The embargo should end: attacks have been observed") && desk.contains("embargo to"),
        "{desk}"
    );
    for reason in ["", "because"] {
        let refusal = case.desk.post_form(&case.place("/embargo"), &[("do", "keep"), ("reason", reason)]);
        assert_eq!(refused(&refusal), (422, "Please choose one of the values.".into()));
    }
    done(&case.desk.post_form(&case.place("/embargo"), &[("do", "keep"), ("reason", "fix_imminent")]));
    let kept = words(&case.desk, &case.place(""));
    assert!(kept.contains("The centre kept the embargo: a fix comes very soon."), "{kept}");
    done(&case.desk.post_form(&case.place("/embargo"), &[("do", "end"), ("cause", "attacks_observed")]));
    assert!(words(&case.desk, &case.place("")).contains("embargo over"));
}
