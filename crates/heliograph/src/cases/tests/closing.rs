//! What ends with a case that is closed, and what does not.

use super::{done, refused, words};
use crate::access::Role;
use crate::deadlines;
use crate::testing::{Client, InCase, TestApp};
use crate::vetting::Eyes;

/// Where nothing is kept back, so that the case can be closed at once.
const PUBLIC: [(&str, &str); 2] = [("public", "yes"), ("public_where", "https://zinnober.example")];

/// The state of a clock of the centre's own policy.
fn clock(app: &TestApp, case: &InCase<'_>, duty: &str) -> String {
    let (subject, now) = (case.id.to_string(), app.now());
    let all = app.read(move |tx| deadlines::of(tx, &[subject], now));
    all.into_iter().find(|clock| clock.profile == "centre" && clock.duty == duty).unwrap().state
}

fn overdue(app: &TestApp) -> i64 {
    let now = app.now();
    app.read(move |tx| deadlines::counts(tx, &Eyes::of_the_centre(now))).overdue
}

/// A coordinator with a session of today.
fn desk(app: &TestApp) -> Client<'_> {
    app.account(&[Role::Coordinator])
}

/// Vultron, report management: closed is final, and nothing follows from it (domain facts 4.2). A record has
/// an end of its own: fixed, published, rejected, or handed back to the finder (S1). So the clock for
/// publishing ends with the case, and the journal says when, by whom and on which ground.
#[test]
fn a_case_that_is_closed_unpublished_owes_the_public_nothing_more() {
    let app = TestApp::new();
    let case = app.case_with(&PUBLIC);
    case.invited("Nordwind");
    app.advance(24 * 46);
    assert_eq!(clock(&app, &case, "publish"), "overdue");
    assert_eq!(overdue(&app), 1);
    let desk = desk(&app);
    let before = app.size();
    done(&desk.post_form(&case.place("/close"), &[]));
    assert_eq!(app.kinds_since(before), ["case.closed", "clock.fell_away"]);
    assert_eq!(clock(&app, &case, "publish"), "waived");
    assert_eq!(overdue(&app), 0);
    let page = words(&desk, &format!("/deadlines/{}", case.id));
    let ended = "ended \"Publish the advisory\" of the centre, on the ground: case closed unpublished.";
    assert!(page.contains(ended), "{page}");
    app.advance(24 * 100);
    assert_eq!(overdue(&app), 0);
    app.verify();
}

/// What was published is met, and closing the case says nothing else of it.
#[test]
fn a_case_that_is_closed_after_its_publication_met_its_clock() {
    let app = TestApp::new();
    let case = app.case();
    case.vendor("Nordwind");
    case.publish();
    let before = app.size();
    done(&case.desk.post_form(&case.place("/close"), &[]));
    assert_eq!(app.kinds_since(before), ["case.closed"]);
    assert_eq!(clock(&app, &case, "publish"), "met");
}

/// ARCHITECTURE, never built 2: what is owed to a vendor is met when that vendor was told, and by nothing else.
#[test]
fn what_is_owed_to_a_vendor_outlives_the_case() {
    let app = TestApp::new();
    let case = app.case_with(&PUBLIC);
    app.advance(49);
    done(&desk(&app).post_form(&case.place("/close"), &[]));
    assert_eq!(clock(&app, &case, "publish"), "waived");
    assert_eq!(clock(&app, &case, "vendor.notify"), "overdue");
}

/// CRA, article 14(2)(c): a final report is owed 14 days after a corrective or mitigating measure is available, and
/// there is "no outer limit". So it may begin, and be answered, long after the case was closed.
#[test]
fn what_a_law_demands_after_a_case_was_closed_is_recorded_as_before() {
    let app = TestApp::new();
    let case = app.case_with(&PUBLIC);
    let (nordwind, person) = case.invited("Nordwind");
    let place = format!("/deadlines/{}", case.id);
    assert!(
        words(&case.desk, &case.place(""))
            .contains("owed on: facts and filings are recorded with its clocks")
    );
    done(&case.desk.post_form(&case.place("/close"), &[]));
    assert!(words(&case.desk, &case.place("")).contains("Nothing. Its texts can be erased."));
    assert!(words(&case.desk, &place).contains("Record a fact, or correct one"));

    let whose = ("debtor", nordwind.as_str());
    let scope = [
        whose,
        ("actors", "manufacturer"),
        ("triggers", "actively_exploited_vulnerability"),
        ("jurisdictions", "EU"),
        ("zone", "UTC"),
    ];
    done(&case.desk.post_form(&format!("{place}/scope"), &scope));
    let at = |hour: &'static str| [("at", hour), ("at_zone", "UTC"), ("evidence", "zinnober")];
    let remedy = [[whose, ("anchor", "remedy_available"), ("vendor", "")], at("2026-11-24T09:00")].concat();
    done(&case.desk.post_form(&format!("{place}/fact"), &remedy));
    let report = || {
        let (subject, now) = (case.id.to_string(), app.now());
        let all = app.read(move |tx| deadlines::of(tx, &[subject], now));
        let report =
            all.into_iter().find(|clock| clock.debtor == nordwind.as_str() && clock.duty == "aev.fin");
        report.map(|clock| (clock.state, clock.due.map(|due| due.to_string()))).unwrap()
    };
    let due = Some("2026-12-08T09:00:00Z".to_owned());
    assert_eq!(report(), ("running".to_owned(), due.clone()));
    for client in [&case.desk, &person] {
        assert!(
            words(client, &case.place("")).contains("Nothing in the case: it is closed. What is still owed")
        );
    }
    let filing = format!("/filings/{}/{nordwind}/cra-art14/aev.fin", case.id);
    assert!(words(&person, &filing).contains("Record the submission"));
    done(&person.post_form(&format!("{filing}/submission"), &at("2026-11-24T10:00")));
    assert_eq!(report(), ("met".to_owned(), due));
    app.verify();
}

/// ARCHITECTURE, "no plaintext of the vault": what shows a fact is sealed with the case, whose key is destroyed.
#[test]
fn the_clocks_of_an_erased_case_take_nothing_more_and_offer_nothing() {
    let app = TestApp::new();
    let case = app.case_with(&PUBLIC);
    let place = format!("/deadlines/{}", case.id);
    done(&case.desk.post_form(&case.place("/close"), &[]));
    assert!(words(&case.desk, &case.place("")).contains("its clocks take nothing either: record first"));
    done(&case.desk.post_form(&case.place("/erase"), &[]));
    let why = "This was erased and cannot take anything new.";
    let page = desk(&app).get(&place);
    assert!(
        page.text().contains(why) && !page.text().contains("<form method=\"post\" action=\"/deadlines"),
        "{page:?}"
    );
    for act in ["take", "scope", "fact"] {
        let form = [
            ("debtor", "centre"),
            ("zone", "UTC"),
            ("anchor", "publication"),
            ("at", "2026-11-24T09:00"),
            ("at_zone", "UTC"),
            ("evidence", "zinnober"),
        ];
        let answer = desk(&app).post_form(&format!("{place}/{act}"), &form);
        assert_eq!(refused(&answer), (409, why.to_owned()), "{act}");
    }
}

/// CERT/CC, 45 days "whether or not there is a patch": nobody lets an open case go unpublished by a word.
#[test]
fn that_a_case_was_closed_is_said_by_closing_it_alone() {
    let app = TestApp::new();
    let case = app.case_with(&PUBLIC);
    case.invited("Nordwind");
    let place = format!("/deadlines/{}", case.id);
    assert!(!case.desk.get(&place).text().contains("case_closed_unpublished"));
    let form = [
        ("debtor", "centre"),
        ("profile", "centre"),
        ("duty", "publish"),
        ("ground", "case_closed_unpublished"),
        ("reason", "zinnober"),
    ];
    let (status, said) = refused(&case.desk.post_form(&format!("{place}/waive"), &form));
    assert_eq!(status, 422);
    assert!(said.contains("Close the case: that alone puts this on the record."), "{said}");
    assert_eq!(clock(&app, &case, "publish"), "running");
}
