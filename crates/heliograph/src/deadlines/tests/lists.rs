//! What is due as a list, a month, files and a calendar; and drills, which are in none of them.

use crate::access::{Permission, Role};
use crate::deadlines;
use crate::testing::{TestApp, between};
use std::collections::BTreeSet;

const MANUFACTURER: [(&str, &str); 4] =
    [("for_manufacturer", "yes"), ("exploited", "yes"), ("aware", "2026-11-24T09:15"), ("aware_zone", "UTC")];

#[test]
fn the_first_page_shows_the_next_day_and_the_month() {
    let app = TestApp::with(&[("zone", "Europe/Berlin")]);
    let report = app.report_with(&MANUFACTURER);
    let desk = app.account(&[Role::Coordinator]);
    let page = desk.get("/deadlines");
    for words in ["The next 24 hours", "November 2026", "10:15 Early warning", "Wed 25 Nov", "0 overdue"] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    assert!(page.text().contains(&format!("/deadlines/{}#reporter-cra-art14-aev.ew", report.id)));
    let december = desk.get("/deadlines?month=2026-12");
    assert!(december.text().contains("December 2026") && december.text().contains("Acknowledge receipt"));
    // A day is the centre's day: 09:15 UTC on the 27th is due on the 27th in Berlin, and on no other day.
    assert!(desk.get("/deadlines?day=2026-11-27").text().contains("Notification of an actively exploited"));
    assert!(!desk.get("/deadlines?day=2026-11-26").text().contains("Notification of an actively exploited"));
    let all = desk.get("/deadlines?show=all");
    assert!(all.text().contains("Acknowledge receipt") && all.text().contains("the filing"));
    for bad in
        ["month=2026-13", "month=x", "month=9999-12", "day=2026-02-30", "day=-9999-01-01", "show=everything"]
    {
        assert_eq!(desk.get(&format!("/deadlines?{bad}")).status(), 422, "{bad}");
    }
}

#[test]
fn a_list_leaves_as_csv_and_json_with_its_filter() {
    let app = TestApp::new();
    let report = app.report_with(&MANUFACTURER);
    let desk = app.account(&[Role::Coordinator]);
    let csv = desk.get("/deadlines/export?as=csv&show=day");
    let lines: Vec<&str> = csv.text().split("\r\n").collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_eq!(lines[0], "due,state,subject,name,profile,duty,title,debtor,regarding,told_at_percent");
    let row = format!("2026-11-25T09:15:00Z,running,{},,cra-art14,aev.ew", report.id);
    assert!(lines[1].starts_with(&row), "{lines:?}");
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"deadlines.csv\"");
    let json = desk.get("/deadlines/export?as=json").json();
    assert_eq!(json.as_array().unwrap().len(), 3);
    for bad in ["?as=xlsx", "?as=csv&day=never"] {
        let refused = desk.get(&format!("/deadlines/export{bad}"));
        assert_eq!(refused.status(), 422, "{bad}");
        let link = between(refused.text(), "in the address.</p><p><a href=\"", "\">The same without it");
        assert_eq!(desk.get(link).header("content-type"), "text/csv; charset=utf-8", "{bad} leads to {link}");
    }
}

/// The feed names cases by their code names, and no vendor, product or person.
#[test]
fn a_calendar_follows_by_token_until_the_token_is_revoked() {
    use base64::Engine;
    let app = TestApp::new();
    let case = app.case_with(&MANUFACTURER);
    case.invited("Nordwind");
    let token = app.token(&case.desk, &[Permission::FollowDeadlines]);
    let feed = token.get("/feeds/deadlines.ics");
    assert_eq!((feed.status(), feed.header("content-type")), (200, "text/calendar; charset=utf-8"));
    let text = feed.text().replace("\r\n ", "");
    let name = app.read(|tx| Ok(tx.query_one("SELECT code_name FROM cases", &[])?.get::<String>(0)?));
    assert!(text.contains(&format!("SUMMARY:{name}: Publish the advisory")), "{text}");
    assert!(text.contains("DTSTART:20261125T091500Z"), "{text}");
    for secret in ["Nordwind", "innober", "Kettle"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    // Good for the calendar, and for nothing else; by name and password, and then only to look.
    assert_eq!(token.get("/desk").status(), 404);
    let secret = app.secret(&case.desk, &[Permission::FollowDeadlines, Permission::CoordinateCase]);
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("anybody:{secret}"));
    let program = app.anonymous().with("authorization", &format!("Basic {basic}"));
    assert_eq!(program.get("/feeds/deadlines.ics").status(), 200);
    // A browser sends name and password unasked, so they are good for looking only.
    let unasked = program.post_form("/deadlines/drills", &[]);
    assert!(
        unasked.status() == 303 && unasked.header("location").starts_with("/login"),
        "{}",
        unasked.text()
    );
    let asked = app.anonymous().get("/feeds/deadlines.ics");
    assert_eq!(asked.status(), 401);
    assert!(asked.header("www-authenticate").starts_with("Basic realm="));
    for _ in 0..2 {
        let page = case.desk.get("/account");
        let id = crate::testing::between(page.text(), "name=\"id\" value=\"", "\"").to_owned();
        case.desk.post_form("/account/tokens/revoke", &[("id", &id)]);
    }
    assert_eq!(token.get("/feeds/deadlines.ics").status(), 401);
}

/// A calendar of 500 dates says that it holds no more, where its reader looks. A file has every row, once, although it is
/// read 10,000 at a time, and although many clocks are due at the same instant.
#[test]
fn a_calendar_that_is_cut_short_says_so_and_a_file_is_whole() {
    let app = TestApp::new();
    let desk = app.account(&[Role::Coordinator]);
    let token = app.token(&desk, &[Permission::FollowDeadlines]);
    app.submit(|w| deadlines::sample(w, 0));
    let doubled = |rounds: std::ops::Range<u32>| {
        app.submit(move |w| rounds.map(|round| deadlines::double(w, round)).collect::<Result<Vec<_>, _>>())
    };
    let calendar = || {
        let text = token.get("/feeds/deadlines.ics").text().to_owned();
        let last = text.rsplit("BEGIN:VEVENT").next().unwrap_or_default();
        (
            text.matches("BEGIN:VEVENT").count(),
            last.contains("SUMMARY:This calendar ends here\\, and more is due"),
        )
    };
    let file = |kind: &str| {
        let file = desk.get(&format!("/deadlines/export?as={kind}"));
        assert_eq!(file.header("content-disposition"), format!("attachment; filename=\"deadlines.{kind}\""));
        file
    };
    assert_eq!(calendar(), (3, false));
    assert_eq!(doubled(0..8).last(), Some(&768));
    assert_eq!(calendar(), (501, true));
    assert_eq!(file("csv").text().lines().count(), 769);
    assert_eq!(doubled(8..12).last(), Some(&12_288));
    let rows = || {
        let (csv, json) = (file("csv"), file("json").json());
        let lines: Vec<String> = csv.text().lines().skip(1).map(str::to_owned).collect();
        let dates: Vec<&str> = lines.iter().map(|line| line.split(',').next().unwrap()).collect();
        assert!(dates.is_sorted());
        let due = json.as_array().unwrap().iter().map(|clock| clock["due"].as_str().unwrap());
        assert!(due.eq(dates), "the same in JSON");
        (lines.len(), lines.into_iter().collect::<BTreeSet<_>>().len())
    };
    assert_eq!(rows(), (12_288, 12_288));
    let copies = "LENGTH(subject) > LENGTH('BENCH-R-2026-0000000') AND open_due IS NOT NULL";
    let sql =
        format!("UPDATE deadlines SET open_due = 1800000000000000, due = 1800000000000000 WHERE {copies}");
    app.submit(move |w| Ok(w.tx().execute(&sql, storage::params![])?));
    assert_eq!(rows(), (12_288, 12_288));
    // The copies are not in the journal, which is held against the views when this ends.
    app.submit(|w| {
        for view in ["deadlines", "subjects"] {
            let sql = format!("DELETE FROM {view} WHERE LENGTH(subject) > LENGTH('BENCH-R-2026-0000000')");
            w.tx().execute(&sql, storage::params![])?;
        }
        Ok(())
    });
}

/// The same rules, and never among the real ones: not counted, not listed, told of to nobody, in no feed.
#[test]
fn a_drill_never_mixes_with_real_clocks() {
    let app = TestApp::new();
    let desk = app.account(&[Role::Coordinator]);
    let started = desk.post_form("/deadlines/drills", &[]);
    assert_eq!((started.status(), started.header("location")), (303, "/deadlines/HEL-D-2026-000001"));
    let drill = "/deadlines/HEL-D-2026-000001";
    // Before anything is recorded its forms offer the manufacturer, too, and there is no empty time line.
    let page = desk.get(drill);
    assert!(
        page.text().contains("<option value=\"reporter\">") && !page.text().contains("<svg"),
        "{}",
        page.text()
    );
    let scope = [
        ("debtor", "reporter"),
        ("actors", "manufacturer"),
        ("triggers", "actively_exploited_vulnerability"),
        ("jurisdictions", "EU"),
        ("zone", "UTC"),
    ];
    assert_eq!(desk.post_form(&format!("{drill}/scope"), &scope).status(), 303);
    let aware = [
        ("debtor", "reporter"),
        ("vendor", ""),
        ("anchor", "aware"),
        ("at", "2026-11-24T09:15"),
        ("at_zone", "UTC"),
        ("evidence", "zinnober: an invented mail"),
    ];
    assert_eq!(desk.post_form(&format!("{drill}/fact"), &aware).status(), 303);
    let page = desk.get(drill);
    assert!(
        page.text().contains("DRILL") && page.text().contains("25 Nov 2026, 09:15 UTC"),
        "{}",
        page.text()
    );
    let filing = "/filings/HEL-D-2026-000001/reporter/cra-art14/aev.ew";
    let form = desk.get(filing);
    assert!(form.text().contains("DRILL") && form.text().contains("Send it to nobody"));
    assert!(desk.get(&format!("{filing}?as=text")).text().starts_with("DRILL. THIS IS NOT A SUBMISSION"));

    app.clock_at("2026-11-26T10:00:00Z");
    app.runtime.block_on(crate::jobs::escalate(&app.app)).unwrap();
    for table in ["deadlines", "subjects", "escalations", "notices", "conflicts"] {
        assert_eq!(app.number(&format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {table}")), 0, "{table}");
    }
    let desk = app.account(&[Role::Coordinator]);
    let feed = app.token(&desk, &[Permission::FollowDeadlines]).get("/feeds/deadlines.ics");
    for place in ["/deadlines", "/deadlines?show=all", "/desk", "/api/v1/deadlines"] {
        assert!(!desk.get(place).text().contains("Early warning"), "{place}");
    }
    assert!(!feed.text().contains("BEGIN:VEVENT"));
    assert!(desk.get("/deadlines/drills").text().contains("still going on"));
    assert_eq!(desk.post_form("/deadlines/drills/HEL-D-2026-000001/end", &[]).status(), 303);
    assert_eq!(desk.post_form(&format!("{drill}/fact"), &aware).status(), 409);
    assert!(!desk.get(drill).text().contains("action=\"/deadlines/"), "what is refused is not offered");
    for nowhere in ["HEL-D-2026-000009", "HEL-2026-000001", "x"] {
        assert_eq!(
            desk.post_form(&format!("/deadlines/drills/{nowhere}/end"), &[]).status(),
            404,
            "{nowhere}"
        );
    }
}
