//! How long things are kept: the longest minimum against the shortest maximum.

use super::MANUFACTURER;
use super::acts::{act, declare};
use crate::access::Role;
use crate::testing::TestApp;
use storage::Scratch;

/// A centre with a regime of its own, under which the log of receptions is kept for 90 days at most.
fn centre() -> TestApp {
    let scratch = Scratch::new().unwrap();
    let folder = scratch.dir().join("profiles");
    std::fs::create_dir_all(&folder).unwrap();
    let (_, law) = clocks::builtin().iter().find(|(id, _)| *id == "gdpr-33").unwrap();
    let limit = "[[retention]]\narticle = \"5(1)(e)\"\nwhat = \"reception_log\"\nat_most = \"P90D\"\n\
                 source = \"test\"\nverified = \"own_policy\"\n";
    let own = format!("{}\n{limit}", law.replacen("\"gdpr-33\"", "\"xx-privacy\"", 1));
    std::fs::write(folder.join("xx-privacy.toml"), own).unwrap();
    TestApp::on(scratch, &[], 7)
}

/// RMSV, article 5, orders six months; a rule that allows 90 days forbids that. Both are shown, a person
/// decides, and nothing is deleted.
#[test]
fn a_minimum_beyond_a_maximum_is_put_before_a_person() {
    let app = centre();
    let report = app.report_with(&MANUFACTURER);
    let desk = app.account(&[Role::Coordinator]);
    let open = || {
        let sql =
            "SELECT CAST(COUNT(*) AS BIGINT) FROM conflicts WHERE decided IS NULL AND orders = 'rmsv-2021'
                   AND forbids = 'xx-privacy' AND duty = 'keep.reception_log'";
        app.number(sql)
    };
    let page = || desk.get(&format!("/deadlines/{}", report.id)).text().to_owned();
    assert_eq!(declare(&desk, &report, "EU"), 303);
    assert_eq!(open(), 0, "one limit alone contradicts nothing");
    assert!(page().contains("xx-privacy, article 5(1)(e): at most 90 days, until 2027-02-22"), "{}", page());
    assert_eq!(declare(&desk, &report, "EU CN"), 303);
    assert_eq!(open(), 1);
    let shown = page();
    for words in
        ["how long something is kept", "rmsv-2021, article 5: at least 6 months", "No period keeps both"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    for place in ["/desk", "/deadlines"] {
        assert!(desk.get(place).text().contains("Rules that contradict each other"), "{place}");
    }
    let form = [
        ("debtor", "reporter"),
        ("forbids", "xx-privacy"),
        ("prohibition", "keep.reception_log"),
        ("orders", "rmsv-2021"),
        ("duty", "keep.reception_log"),
        ("decision", "refrain"),
        ("reason", "Counsel: zinnober."),
    ];
    assert_eq!(act(&desk, report.id.as_str(), "conflict", &form), 303);
    assert_eq!(open(), 0);
    assert!(page().contains("delete it when the other rule says"), "{}", page());
    // Said again, it is raised no second time.
    assert_eq!(declare(&desk, &report, "EU CN"), 303);
    assert_eq!(open(), 0);
}
