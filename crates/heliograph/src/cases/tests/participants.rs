//! Who is invited, what opens when, and by which name each is known to the others.

use super::{done, refused, words};
use crate::testing::{MARK, TestApp};

/// Vultron: an invitee must accept the embargo before it gets the report.
#[test]
fn the_report_opens_after_the_embargo_was_accepted_and_not_before() {
    let app = TestApp::new();
    let case = app.case_with(&[("proof_of_concept", "zinnober.py")]);
    let stranger = app.vendor(&app.organisation("Südwind"));
    let nowhere = stranger.get("/nowhere");
    assert_eq!(stranger.get(&case.place("")), nowhere, "who is not invited sees nothing");
    assert_eq!(stranger.post_form(&case.place("/terms"), &[("answer", "accept")]), nowhere);

    let (_, vendor) = case.invited("Nordwind");
    let before = app.size();
    let terms = words(&vendor, &case.place(""));
    assert!(terms.contains("Accept the embargo and open the report") && terms.contains("UTC"), "{terms}");
    assert!(!terms.to_lowercase().contains(MARK), "the terms show nothing of the report: {terms}");
    for what in ["/exploit/HEL-R-2026-000001", "/reads", "/advisory"] {
        assert_eq!(vendor.get(&case.place(what)), vendor.get("/nowhere"), "{what}");
    }
    assert_eq!(vendor.get(&format!("/api/v1/cases/{}", case.id)).status(), 404);
    assert_eq!(
        vendor.post_form(&case.place("/message"), &[("to", "centre"), ("message", "x")]).status(),
        404
    );
    let early = vendor.post_form(&case.place("/report-state"), &[("step", "validate")]);
    assert_eq!(refused(&early), (409, "Accept the embargo first: the report comes with it.".into()));
    assert_eq!(app.size(), before, "nothing was opened and nothing was done");

    done(&vendor.post_form(&case.place("/terms"), &[("answer", "accept")]));
    let told = app.kinds_since(before);
    assert_eq!(told, ["case.embargo_changed", "case.vendor_told"], "told at that moment");
    assert!(words(&vendor, &case.place("")).to_lowercase().contains(MARK));
}

#[test]
fn who_declines_is_told_nothing_and_may_be_asked_again() {
    let app = TestApp::new();
    let case = app.case();
    let (organisation, vendor) = case.invited("Nordwind");
    done(&vendor.post_form(&case.place("/terms"), &[("answer", "decline")]));
    assert!(!words(&vendor, &case.place("")).to_lowercase().contains(MARK));
    let late = vendor.post_form(&case.place("/terms"), &[("answer", "accept")]);
    assert_eq!(refused(&late), (409, "You have declined this embargo; ask to be invited again.".into()));
    let again = case.desk.post_form(&case.place("/invite"), &[("vendor", organisation.as_str())]);
    assert_eq!(refused(&again), (409, "This vendor is already invited.".into()));
    done(&vendor.post_form(&case.place("/leave"), &[]));
    done(&case.desk.post_form(&case.place("/invite"), &[("vendor", organisation.as_str())]));
    done(&vendor.post_form(&case.place("/terms"), &[("answer", "accept")]));
    assert!(words(&vendor, &case.place("")).to_lowercase().contains(MARK));
}

/// Decision 5 and VINCE's practice: participants are known to the centre, and to each other as what they are.
#[test]
fn participants_see_each_other_without_names() {
    let app = TestApp::new();
    let case = app.case();
    let (_, one) = case.vendor("Nordwind");
    let (_, two) = case.vendor("Kestrel");
    done(&one.post_form(
        &case.place("/message"),
        &[("to", "everyone"), ("message", "The zinnober valve is ours.")],
    ));
    done(
        &case
            .report
            .client
            .post_form("/my/case/message", &[("to", "everyone"), ("message", "Zinnober of mine.")]),
    );
    let page = words(&two, &case.place(""));
    assert!(page.contains("A vendor wrote to everyone: The zinnober valve is ours."), "{page}");
    assert!(page.contains("The reporter wrote to everyone: Zinnober of mine."), "{page}");
    assert!(!page.contains("Nordwind") && !page.contains(case.report.id.as_str()), "{page}");
    let mine = words(&case.report.client, "/my/case");
    assert!(
        mine.contains("A vendor wrote to everyone:") && mine.contains("You wrote to everyone:"),
        "{mine}"
    );
    assert!(!mine.contains("Nordwind") && !mine.contains("Kestrel"), "{mine}");
    let desk = words(&case.desk, &case.place(""));
    assert!(desk.contains("Nordwind wrote to everyone:") && desk.contains("Kestrel"), "{desk}");
}

#[test]
fn a_message_reaches_whom_it_is_for_and_nobody_else() {
    let app = TestApp::new();
    let case = app.case();
    let (first, one) = case.vendor("Nordwind");
    let (_, two) = case.vendor("Kestrel");
    let (_, asked) = case.invited("Baltic");
    let say = |to: &str, text: &str| {
        done(&case.desk.post_form(&case.place("/message"), &[("to", to), ("message", text)]));
    };
    say(first.as_str(), "For Nordwind's zinnober only.");
    say(case.report.id.as_str(), "For the reporter of zinnober only.");
    done(
        &one.post_form(&case.place("/message"), &[("to", "centre"), ("message", "To the centre: zinnober.")]),
    );
    let pages = [words(&one, &case.place("")), words(&two, &case.place("")), words(&asked, &case.place(""))];
    let mine = words(&case.report.client, "/my/case");
    let sees = |text: &str| [&pages[0], &pages[1], &pages[2], &mine].map(|page| page.contains(text));
    assert_eq!(sees("For Nordwind's zinnober only."), [true, false, false, false]);
    assert_eq!(sees("For the reporter of zinnober only."), [false, false, false, true]);
    assert_eq!(sees("To the centre: zinnober."), [true, false, false, false]);
    // Between two vendors the centre stands; and nobody is reached who is not there.
    let other = one.post_form(&case.place("/message"), &[("to", first.as_str()), ("message", "x")]);
    assert_eq!(other, one.get("/nowhere"));
    let nobody =
        case.desk.post_form(&case.place("/message"), &[("to", "HEL-R-2026-000099"), ("message", "x")]);
    assert_eq!(refused(&nobody), (409, "Whom this is for does not take part in this case.".into()));
}

/// A second reporter of the same flaw joins a case under embargo: her report is hers, what the others
/// write is for those who agreed.
#[test]
fn a_second_reporter_reads_what_others_wrote_after_she_agreed() {
    let app = TestApp::new();
    let case = app.case();
    let (_, vendor) = case.vendor("Nordwind");
    done(
        &vendor
            .post_form(&case.place("/message"), &[("to", "everyone"), ("message", "Fixed in zinnober 2.")]),
    );
    let second = app.report();
    let into = [("case", case.id.as_str())];
    done(&case.desk.post_form(&format!("/desk/report/{}/accept", second.id), &into));
    let before = words(&second.client, "/my/case");
    assert!(
        before.contains("You are asked to keep this") && !before.contains("Fixed in zinnober 2."),
        "{before}"
    );
    done(&second.client.post_form("/my/case/terms", &[("answer", "accept")]));
    let after = words(&second.client, "/my/case");
    assert!(
        after.contains("Fixed in zinnober 2.") && !after.contains("You are asked to keep this"),
        "{after}"
    );
}
