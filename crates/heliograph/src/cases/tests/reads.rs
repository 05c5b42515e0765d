//! Reads of a case: role, organisation as a pseudonym, purpose and time of others' reads, never the
//! reporter's own.

use super::{done, words};
use crate::access::Role;
use crate::testing::TestApp;

#[test]
fn a_reporter_sees_the_reads_of_her_report_and_of_its_case() {
    let app = TestApp::new();
    let case = app.case();
    let (_, vendor) = case.vendor("Nordwind");
    case.desk.get(&format!("/desk/report/{}", case.report.id));
    case.desk.get(&case.place(""));
    vendor.get(&case.place(""));
    case.report.client.get("/my/case");
    case.report.client.get("/my");
    let page = words(&case.report.client, "/reads/my");
    for seen in
        ["coordinator the centre triage", "coordinator the centre work on the case", "vendor organisation 1"]
    {
        assert!(page.contains(seen), "{seen}: {page}");
    }
    assert!(!page.contains("follow one's own report") && !page.contains("a reporter follow"), "{page}");
    assert!(!page.contains("Nordwind") && !page.contains("Person "), "{page}");
    // Once she has left, the case's reads are no business of hers; those of her report are.
    done(&case.report.client.post_form("/my/case/leave", &[]));
    let page = words(&case.report.client, "/reads/my");
    assert!(page.contains("triage") && !page.contains("work on the case"), "{page}");
}

#[test]
fn a_vendor_sees_its_own_reads_and_those_of_others_by_one_pseudonym_on_every_page() {
    let app = TestApp::new();
    let case = app.case();
    let (_, one) = case.vendor("Nordwind");
    let (_, two) = case.vendor("Kestrel");
    one.get(&case.place(""));
    for _ in 0..60 {
        two.get(&case.place(""));
    }
    case.desk.get(&format!("/desk/report/{}", case.report.id));
    case.report.client.get("/my/case");
    let (first, second) = (words(&one, &case.place("/reads")), words(&one, &case.place("/reads?page=2")));
    assert!(first.contains("vendor organisation 2 work on the case"), "{first}");
    assert!(first.contains("coordinator the centre triage"), "the report's reads count too: {first}");
    assert!(
        second.contains("vendor your organisation") && second.contains("vendor organisation 2"),
        "{second}"
    );
    for page in [&first, &second] {
        assert!(!page.contains("Kestrel") && !page.contains("own report"), "{page}");
        assert!(!page.contains("reporter a reporter"), "the reporter's own reads are hers: {page}");
    }
    let desk = words(&case.desk, &case.place("/reads"));
    assert!(!desk.contains("reporter a reporter"), "nor are they the coordinator's business: {desk}");
    let all = words(&app.account(&[Role::Auditor]), "/reads");
    assert!(all.contains("reporter a reporter work on the case"), "they are the auditor's: {all}");
}
