//! Domain rule 5.2, ARCHITECTURE "What one may not see answers like what is not there": every list, count,
//! export, feed and time line of the centre says the same after a classified case was added as before.

use crate::access::Role;
use crate::testing::partner::{Partnership, order_form};
use crate::testing::{Client, TestApp};
use std::collections::BTreeMap;

const FAR: &str = "2027-11-24T10:00:00Z";

/// What tells how long the journal is, or who has accounts, and nothing of any case.
const ABOUT_THE_CENTRE: [&str; 7] = [
    "/log",
    "/log/checkpoint",
    "/accounts",
    "/api/v1/accounts",
    "/organisations",
    "/api/v1/organisations",
    "/api/v1/openapi.json",
];

/// Every place that takes no number, and those of a partner, as somebody finds them.
fn everything(app: &TestApp, who: &Client<'_>, unit: &Partnership<'_>) -> BTreeMap<String, String> {
    let gets = app.routes.iter().filter(|route| route.method == "GET");
    let fixed = gets.map(|route| route.path).filter(|path| !path.contains('{'));
    let mut places: Vec<String> =
        fixed.filter(|path| !ABOUT_THE_CENTRE.contains(path)).map(str::to_owned).collect();
    places.push(unit.place(""));
    places.push(format!("/api/v1/programme/partners/{}", unit.id));
    for query in
        ["/deadlines?show=all", "/desk?show=not-told", "/desk?show=unpublished", "/desk?show=exploited"]
    {
        places.push(query.to_owned());
    }
    places.push("/deadlines/export?as=csv".to_owned());
    places.push("/api/v1/requests/candidates?asks=data_analysis".to_owned());
    places.into_iter().map(|place| (place.clone(), said(&place, who.get(&place).text()))).collect()
}

/// The text of a place; of the numbers of the machine, those that count work.
fn said(place: &str, text: &str) -> String {
    let counts = ["heliograph_clocks", "heliograph_reports"];
    match place {
        "/metrics" => text.lines().filter(|line| counts.iter().any(|name| line.starts_with(name))).collect(),
        _ => text.to_owned(),
    }
}

#[test]
fn rule_5_2_no_list_count_export_or_feed_changes_because_of_a_case_that_one_is_not_let_into() {
    let app = TestApp::new();
    let office = app.office();
    let unit = app.partnership_at("active");
    let asking = app.account(&[Role::ProgrammeManager]);
    assert_eq!(unit.answer(&unit.ask(), "decline", &[]).status(), 303);
    let viewers = [
        ("coordinator", app.account(&[Role::Coordinator])),
        ("programme manager", app.account(&[Role::ProgrammeManager])),
        ("administrator", app.account(&[Role::Administrator])),
        ("partner", app.partner_person(&unit.organisation)),
        ("vendor", app.vendor(&app.organisation("Elsewhere"))),
        ("anyone", app.anonymous()),
    ];
    let seen = |who: &Client<'_>| everything(&app, who, &unit);
    let before = viewers.each_ref().map(|(_, who)| seen(who));

    let case = app.case_with(&[
        ("exploited", "yes"),
        ("proof_of_concept", "zinnober.py"),
        ("for_manufacturer", "yes"),
        ("aware", "2026-11-24T08:00"),
        ("aware_zone", "UTC"),
    ]);
    assert_eq!(unit.claim(&case.report.claim).status(), 303);
    let order = [order_form(unit.id.as_str()).as_slice(), &[("case", case.id.as_str())]].concat();
    let asked = asking.post_form("/requests", &order);
    assert_eq!(asked.status(), 303, "{}", asked.text());
    let request = asked.header("location").rsplit('/').next().unwrap().to_owned();
    assert_eq!(unit.answer(&request, "accept", &[]).status(), 303);
    let opened = viewers.each_ref().map(|(_, who)| seen(who));
    let changed = |one: &BTreeMap<String, String>, other: &BTreeMap<String, String>| -> Vec<String> {
        one.keys().filter(|place| one[*place] != other[*place]).cloned().collect()
    };
    for place in [
        "/desk",
        "/deadlines",
        "/finds",
        "/finds/export",
        "/api/v1/finds",
        "/metrics",
        "/requests",
        "/requests/export",
    ] {
        let told = before.iter().zip(&opened).any(|(before, opened)| before[place] != opened[place]);
        assert!(told, "{place} tells of it while it is open to all");
    }

    office.admit(&case, &case.desk, FAR);
    for ((name, who), before) in viewers.iter().zip(&before) {
        let after = seen(who);
        let changed = changed(before, &after);
        assert!(changed.is_empty(), "{name}: {changed:?}\n{}", after[&changed[0]]);
        for place in [format!("/requests/{request}"), format!("/partner/requests/{request}")] {
            assert!(!who.get(&place).text().contains("zinnober: which hosts?"), "{name}: {place}");
        }
    }
    // What names the case is answered as if there were none, whether or not it can be ordered at all.
    let unknown = [order_form(unit.id.as_str()).as_slice(), &[("case", "HEL-2026-009999")]].concat();
    let (shut, none) = (asking.post_form("/requests", &order), asking.post_form("/requests", &unknown));
    let same = shut.text().replace(case.id.as_str(), "HEL-2026-009999");
    assert_eq!((shut.status(), same.as_str()), (none.status(), none.text()));
    // And whoever is let in finds all of it.
    assert!(case.desk.get("/finds").text().contains(case.report.id.as_str()));
    assert!(case.desk.get("/finds/export").text().contains(case.id.as_str()));
}
