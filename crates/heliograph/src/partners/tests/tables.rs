//! Registers of the programme as tables: looked over line by line, taken in whole or not at all.

use crate::access::Role;
use crate::testing::{Client, TestApp};
use serde_json::{Value, json};
use storage::params;

/// Domain facts S14, 5.6, S22: invitations, contacts and requests come in by the commands of their pages, with
/// what is wrong said line by line; a trial leaves nothing behind.
#[test]
fn invitations_contacts_and_requests_come_in_by_tables_whole_or_not_at_all() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let [_, second, third] = ["Zephyr, Labs", "Fathom", "Brook"].map(|name| app.organisation(name));
    let send = |table: &str, apply: bool| {
        unit.manager.post_json("/api/v1/programme/import", &json!({ "table": table, "apply": apply })).json()
    };
    let places = |found: &Value| -> Vec<(i64, String)> {
        let all = found["findings"].as_array().unwrap().iter();
        all.map(|one| (one["line"].as_i64().unwrap(), one["column"].as_str().unwrap().to_owned())).collect()
    };
    let invite = format!("organisation,programme\n\"Zephyr, Labs\",tsu-defensive\n{second},tsu-defensive\n");
    let ask = |partner: &str, asks: &str, purpose: &str| {
        format!("{partner},{asks},{purpose},,,zinnober office,contract,\"zinnober, which?\"\n")
    };
    let head = "partner,asks,purpose,case,clearance,office,legal_basis,question\n";
    let id = unit.id.as_str();
    let wrong = [
        (
            format!("{invite}{third},cnnvd-tsu-2023\nNobody,tsu-defensive\n"),
            vec![(4, "programme"), (5, "organisation")],
        ),
        (
            format!(
                "{head}{}{}{}",
                ask(id, "data_analysis", "remediation"),
                ask(id, "exploit", "remediation"),
                ask("HEL-P-2026-000099", "data_analysis", "exploitation")
            ),
            vec![(3, "asks"), (4, "purpose")],
        ),
        (
            format!(
                "partner,name,role,reach,key,hours,out_of_hours\n{id},A,office,a@unit.example,01,Mo-Fr,perhaps\n{id},,office,b,02,Mo,no\n"
            ),
            vec![(2, "out_of_hours"), (3, "name")],
        ),
    ];
    let size = app.size();
    for (table, expected) in &wrong {
        let found = send(table, true);
        let expected: Vec<(i64, String)> =
            expected.iter().map(|(line, column)| (*line, (*column).to_owned())).collect();
        assert_eq!((places(&found), found["applied"].clone()), (expected, json!(false)), "{table}");
    }
    assert_eq!(send(&invite, false), json!({ "good": 2, "findings": [], "applied": false }));
    assert_eq!(app.size(), size, "nothing was taken in, and nobody was asked");

    assert_eq!(send(&invite, true), json!({ "good": 2, "findings": [], "applied": true }));
    let invited = unit.manager.get("/api/v1/programme/partners?life=invited").json();
    assert_eq!(invited.as_array().unwrap().len(), 2, "each with a number of its own: {invited}");
    let requests = format!(
        "{head}{}{}",
        ask(id, "data_analysis", "remediation"),
        ask(id, "technical_seminar", "training")
    );
    assert_eq!(send(&requests, true)["good"], 2);
    assert_eq!(unit.person.get("/api/v1/partner/requests").json().as_array().unwrap().len(), 2);
    app.verify();
}

/// Domain facts S22: what goes out comes in again; contacts that the centre set are no sign of life.
#[test]
fn contacts_go_out_and_in_again_and_the_centres_hand_is_no_sign_of_life() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let out = unit.manager.get("/programme/contacts/export").text().to_owned();
    assert!(out.contains("zinnober-1@unit.example"), "{out}");
    let changed = out.replace("zinnober-2@unit.example", "zinnober-9@unit.example");
    let file: &[(&str, &str, &[u8])] = &[("files", "contacts.csv", changed.as_bytes())];
    let tried = unit.manager.multipart("/programme/import", &[("do", "try")], file);
    assert!(tried.text().contains("nothing is wrong"), "{}", tried.text());
    // Half a year of silence, but for what the centre does.
    app.advance(24 * 181);
    let manager = app.account(&[Role::ProgrammeManager]);
    let taken = manager.multipart("/programme/import", &[("do", "apply")], file);
    assert!(taken.text().contains("taken in"), "{}", taken.text());
    assert_eq!(manager.get("/programme/contacts/export").text(), changed);
    app.advance(48);
    app.submit(super::super::look_after);
    let person = app.partner_person(&unit.organisation);
    assert!(person.get("/partner").text().contains("notice 1 of 3"), "{}", person.get("/partner").text());
}

/// A table is read 10,000 rows at a time. It has every row, once, by number, whatever the rows were sorted by elsewhere.
#[test]
fn a_table_is_whole_however_long_it_is() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let desk = app.account(&[Role::Coordinator]);
    let fill = |table: &str, columns: &str, values: &str, rows: i64| {
        let sql = format!(
            "INSERT INTO {table} ({columns})
             WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $1)
             SELECT {values} FROM n"
        );
        app.submit(move |w| Ok(w.tx().execute(&sql, params![rows])?));
    };
    let numbers = |who: &Client<'_>, place: &str, begin: &str| -> Vec<i64> {
        let file = who.get(place);
        let name = place.split('/').nth(1).unwrap();
        assert_eq!(file.header("content-disposition"), format!("attachment; filename=\"{name}.csv\""));
        let rows =
            file.text().lines().skip(1).map(|line| line.strip_prefix(begin).unwrap().split(',').next());
        rows.map(|number| number.unwrap().parse().unwrap()).collect()
    };
    for rows in [10_000, 20_001] {
        let values = "'HEL-R-2026-' || (100000 + i), 'HEL-P-2026-000001', 30000 - i, 0, 0";
        fill("partner_finds", "report, partner, claimed, contested, joint", values, rows);
        let expected: Vec<i64> = (100_001..=100_000 + rows).collect();
        assert!(numbers(&desk, "/finds/export", "HEL-R-2026-") == expected, "{rows} finds");
        let columns = "id, year, number, partner, asks, purpose, stage, sent, due";
        let values = format!(
            "'HEL-Q-2026-' || (100000 + i), 2026, i, '{}', 'data_analysis', 'remediation', 'reviewed', 0, 30000 - i",
            unit.id
        );
        fill("partner_requests", columns, &values, rows);
        assert!(numbers(&unit.manager, "/requests/export", "HEL-Q-2026-") == expected, "{rows} requests");
        // They are not in the journal, which is held against the views when this ends.
        for table in ["partner_finds", "partner_requests"] {
            app.submit(move |w| Ok(w.tx().execute(&format!("DELETE FROM {table}"), params![])?));
        }
    }
}
