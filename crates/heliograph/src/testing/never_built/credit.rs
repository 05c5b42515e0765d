//! Line 5: partner credit only for a find with evidence that the vendor was told. No score for attitude.
//! Declining a request costs nothing.

use crate::testing::TestApp;
use serde_json::{Value, json};

fn criterion(credits: &Value, name: &str) -> Value {
    let all = credits["criteria"].as_array().unwrap();
    all.iter().find(|one| one["criterion"] == name).unwrap_or_else(|| panic!("no {name} in {credits}"))["have"].clone()
}

/// The vendor is told by an invitation to the case. Before that a find counts nowhere, however novel and
/// critical it is; a fix alone, or a grade alone, changes nothing about it.
#[test]
fn line_05_a_find_counts_only_with_evidence_that_its_vendor_was_told() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let case = app.case();
    assert_eq!(unit.claim(&case.report.claim).status(), 303);
    let critical = [("cvss31", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")];
    assert_eq!(case.desk.post_form(&case.place("/grade"), &critical).status(), 303);
    let grade = [("novel", "yes"), ("reach", "generic"), ("reasons", "zinnober")];
    assert_eq!(case.desk.post_form(&format!("/finds/{}", case.report.id), &grade).status(), 303);
    let credits = || unit.person.get("/api/v1/partner/credits").json();
    let before = credits();
    assert_eq!(before["finds"][0]["counts"], json!(false));
    assert_eq!(before["finds"][0]["severity"], "critical");
    assert_eq!(criterion(&before, "coordinated_to_fix"), json!(0.0));
    assert!(unit.person.get("/partner").text().contains("the vendor was not told"));
    let (_, vendor) = case.vendor("Nordwind");
    let told = credits();
    assert_eq!(told["finds"][0]["counts"], json!(true));
    assert_eq!(criterion(&told, "coordinated_to_fix"), json!(0.0), "told, and not yet fixed");
    for (what, form) in [
        ("/report-state", ("step", "validate")),
        ("/report-state", ("step", "accept")),
        ("/fix", ("event", "fix_ready")),
    ] {
        assert_eq!(vendor.post_form(&case.place(what), &[form]).status(), 303);
    }
    assert_eq!(criterion(&credits(), "coordinated_to_fix"), json!(1.0));
}

/// What a partner sees of itself before the vendor was told is what the engine is told: nothing that
/// could become credit without the vendor.
#[test]
fn line_05_no_active_programme_counts_undisclosed_finds_or_scores_attitude() {
    for (id, text) in programme::builtin() {
        let programme = programme::Programme::parse(text).unwrap();
        match programme.mode {
            programme::Mode::Active => assert_eq!(programme.may_activate(), Ok(()), "{id}"),
            programme::Mode::Reference => {}
        }
    }
    let attitude = programme::builtin().iter().find(|(id, _)| *id == "cnnvd-tsu-2023").unwrap().1;
    let forced = attitude.replace("mode = \"reference\"", "mode = \"active\"");
    assert!(programme::Programme::parse(&forced).is_err());
}

/// Two partners who did the same; one of them declined whatever it was asked. Nothing tells them apart.
#[test]
fn line_05_declining_a_request_costs_nothing() {
    let app = TestApp::new();
    let (willing, declining) = (app.partnership_at("active"), app.partnership_at("active"));
    for number in 0..3 {
        let id = declining.ask();
        let reasons: &[(&str, &str)] = if number == 0 { &[] } else { &[("reasons", "zinnober")] };
        assert_eq!(declining.answer(&id, "decline", reasons).status(), 303);
    }
    let credits =
        |unit: &crate::testing::partner::Partnership<'_>| unit.person.get("/api/v1/partner/credits").json();
    assert_eq!(credits(&willing), credits(&declining));
    assert_eq!(willing.manager.post_form("/programme/review", &[]).status(), 303);
    assert_eq!((willing.life(), willing.level()), (declining.life(), declining.level()));
    let found = |unit: &crate::testing::partner::Partnership<'_>| {
        let sql = format!(
            "SELECT canonical FROM events WHERE kind = 'partner.reviewed' AND stream = 'partner/{}'",
            unit.id
        );
        let bytes: Vec<u8> = app.read(|tx| Ok(tx.query_one(&sql, &[])?.get(0)?));
        serde_json::from_slice::<Value>(&bytes).unwrap()["body"].clone()
    };
    assert_eq!(found(&willing), found(&declining));
}
