//! Line 6: a partner's level never widens what it may read.

use crate::testing::TestApp;
use crate::testing::partner::Partnership;

/// How every place that is read answers somebody who speaks for a partner.
fn sees(app: &TestApp, unit: &Partnership<'_>, case: &str, report: &str) -> Vec<(String, u16)> {
    let gets =
        app.routes.iter().filter(|route| route.method == "GET" && !route.path.starts_with("/log/tile"));
    gets.map(|route| {
        let id =
            if route.path.contains("/reports/") || route.path.contains("/desk/") { report } else { case };
        let names = [("{id}", id), ("{subject}", report), ("{report}", report), ("{which}", "0")];
        let path = names.iter().fold(route.path.to_owned(), |path, (name, value)| path.replace(name, value));
        let status = unit.person.get(&path).status();
        (path, status)
    })
    .collect()
}

#[test]
fn line_06_a_level_opens_nothing_that_another_level_does_not() {
    let app = TestApp::new();
    let case = app.case();
    let places = |unit: &Partnership<'_>| sees(&app, unit, case.id.as_str(), case.report.id.as_str());
    let low = app.partnership_at("active");
    let found = places(&low);
    assert!(found.iter().any(|(_, status)| *status == 200) && found.iter().any(|(_, status)| *status == 404));
    // The highest level, given by an appeal.
    let high = app.partnership_at("assessed");
    assert_eq!(high.manage("decide", &[("admit", "no")]).status(), 303);
    assert_eq!(high.person.post_form("/partner/appeal", &[("reasons", "zinnober")]).status(), 303);
    let other = app.account(&[crate::access::Role::ProgrammeManager]);
    let upheld = [("uphold", "yes"), ("level", "L1"), ("reasons", "zinnober")];
    assert_eq!(other.post_form(&high.place("/appeal"), &upheld).status(), 303);
    ["offered", "contracted", "active"].iter().for_each(|step| high.go_one(step));
    assert_eq!((low.level().as_deref(), high.level().as_deref()), (Some("L2"), Some("L1")));
    assert_eq!(places(&high), found);
}

/// The policies do not even know of levels.
#[test]
fn line_06_no_policy_can_ask_for_a_level() {
    let schema = include_str!("../../../../../policies/heliograph.cedarschema");
    let names: Vec<&str> =
        schema.lines().filter_map(|line| line.trim().split_once(": ")).map(|(name, _)| name).collect();
    assert!(names.contains(&"organisation") && names.contains(&"assessors"), "{names:?}");
    assert!(!names.iter().any(|name| name.contains("level") || name.contains("life")), "{names:?}");
}
