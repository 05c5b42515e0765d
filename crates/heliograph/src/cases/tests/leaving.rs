//! Whoever leaves is out from that instant on, and the others see that.

use super::{done, words};
use crate::testing::{MARK, TestApp};

#[test]
fn a_reporter_who_left_sees_her_own_report_and_its_receipt_and_nothing_of_the_case() {
    let app = TestApp::new();
    let case = app.case();
    let (_, vendor) = case.vendor("Nordwind");
    done(&vendor.post_form(
        &case.place("/message"),
        &[("to", "everyone"), ("message", "Before she left: zinnober.")],
    ));
    let reporter = &case.report.client;
    assert!(words(reporter, "/my/case").contains("Before she left"));
    done(&reporter.post_form("/my/case/leave", &[]));
    app.app.ledger.checkpoint_blocking().unwrap();
    done(
        &vendor.post_form(
            &case.place("/message"),
            &[("to", "everyone"), ("message", "After she left: zinnober.")],
        ),
    );

    let before = app.size();
    let page = words(reporter, "/my/case");
    assert!(page.contains("You left this case") && !page.contains("she left:"), "{page}");
    assert_eq!(app.size(), before, "nothing sealed was opened");
    let end = [("end", "2026-12-20T12:00"), ("end_zone", "UTC")];
    for (path, form) in [
        ("/my/case/message", &[("to", "everyone"), ("message", "x")][..]),
        ("/my/case/propose", &end),
        ("/my/case/terms", &[("answer", "accept")]),
        ("/my/case/leave", &[]),
    ] {
        assert_eq!(reporter.post_form(path, form), reporter.get("/nowhere"), "{path}");
    }
    assert_eq!(app.size(), before);
    // What is hers stays hers: report, receipt, who read it, and what she writes to the centre.
    assert!(words(reporter, "/my").to_lowercase().contains(MARK));
    assert_eq!(reporter.get("/my/receipt").status(), 200);
    assert_eq!(reporter.get("/reads/my").status(), 200);
    done(&reporter.post_form("/my/message", &[("message", "I publish tomorrow, zinnober.")]));

    for page in [words(&vendor, &case.place("")), words(&case.desk, &case.place(""))] {
        assert_eq!(page.matches("The reporter left the case.").count(), 1, "{page}");
    }
    assert!(words(&vendor, &case.place("")).contains("embargo to"), "nothing ends for the others");
    case.publish();
    let published = words(reporter, "/my/case");
    assert!(
        published.contains("The advisory was published") && published.contains(case.id.as_str()),
        "{published}"
    );
}

#[test]
fn a_vendor_that_left_sees_nothing_more_and_the_others_see_that_it_left() {
    let app = TestApp::new();
    let case = app.case();
    let (organisation, vendor) = case.vendor("Nordwind");
    let (_, other) = case.vendor("Kestrel");
    done(&vendor.post_form(&case.place("/leave"), &[]));
    let before = app.size();
    for what in ["", "/reads", "/advisory"] {
        assert_eq!(vendor.get(&case.place(what)), vendor.get("/nowhere"), "{what}");
    }
    for (what, form) in [
        ("/message", &[("to", "centre"), ("message", "x")][..]),
        ("/terms", &[("answer", "accept")]),
        ("/statement", &[("product", "x"), ("status", "affected")]),
        ("/leave", &[]),
    ] {
        assert_eq!(vendor.post_form(&case.place(what), form), vendor.get("/nowhere"), "{what}");
    }
    assert!(!vendor.get("/vendor").text().contains(case.id.as_str()));
    assert!(!vendor.get("/api/v1/cases").text().contains(case.id.as_str()));
    let letter =
        case.desk.post_form(&case.place("/message"), &[("to", organisation.as_str()), ("message", "x")]);
    assert_eq!(letter.status(), 409);
    assert_eq!(app.size(), before);
    assert!(words(&other, &case.place("")).contains("A vendor left the case."));
    assert!(words(&case.report.client, "/my/case").contains("A vendor left the case."));
    assert!(words(&case.desk, &case.place("")).contains("Nordwind left the case."));
}

/// The reporter may always leave: also when the case is closed.
#[test]
fn a_reporter_may_leave_a_closed_case() {
    let app = TestApp::new();
    let case = app.case_with(&[("public", "yes"), ("public_where", "https://zinnober.example")]);
    done(&case.desk.post_form(&case.place("/close"), &[]));
    done(&case.report.client.post_form("/my/case/leave", &[]));
    assert!(words(&case.report.client, "/my/case").contains("You left this case"));
}
