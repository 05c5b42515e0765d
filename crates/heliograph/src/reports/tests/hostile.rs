//! Bad input: every limit is named, everything else is kept, nothing is repeated that was sent.

use crate::testing::{TestApp, report_form, report_json};
use serde_json::{Value, json};

/// A report with one field replaced, as form and as JSON; the answers must name it.
#[test]
fn every_limit_is_named_by_its_field() {
    let app = TestApp::new();
    let limits = [
        ("product", 300),
        ("vendor", 300),
        ("versions", 2_000),
        ("description", 50_000),
        ("how_found", 10_000),
        ("impact", 10_000),
        ("exploited_evidence", 10_000),
        ("public_where", 2_000),
        ("proof_of_concept", 200_000),
        ("contact_name", 300),
        ("contact_address", 300),
    ];
    for (field, limit) in limits {
        for (length, right) in [(limit, true), (limit + 1, false)] {
            // Letters of two bytes: people count letters.
            let text = "ä".repeat(length);
            let mut form = report_form();
            form.retain(|(name, _)| *name != field && *name != "anonymous");
            form.push((field, &text));
            let answer = app.anonymous().multipart("/report", &form, &[]);
            assert_eq!(answer.status() == 200, right, "{field} of {length}: {}", answer.status());
            let named = format!("href=\"#{field}\"");
            assert!(right || answer.text().contains(&named), "the form does not name {field}");
            let answer = app.anonymous().post_json("/api/v1/reports", &with(field, &text));
            assert_eq!(answer.status() == 201, right, "{field} of {length}: {}", answer.text());
            assert!(right || answer.wrong_field() == field, "{}", answer.text());
            assert!(right || answer.text().contains(&limit.to_string()), "{}", answer.text());
        }
    }
}

fn with(field: &str, text: &str) -> Value {
    let mut body = report_json();
    match field {
        "contact_name" => body["report"]["contact"] = json!({ "name": text }),
        "contact_address" => body["report"]["contact"] = json!({ "address": text }),
        "proof_of_concept" => body["proof_of_concept"] = text.into(),
        _ => body["report"][field] = text.into(),
    }
    body
}

#[test]
fn awareness_lies_behind_plans_lie_ahead_and_a_date_has_its_zone() {
    let app = TestApp::new();
    for (field, name, given) in [
        ("aware", "manufacturer_aware", "2026-11-24T10:00:01Z"),
        ("planned", "planned_publication", "2026-11-24T10:00:00Z"),
        ("manufacturer_aware", "manufacturer_aware", "2026-11-24T09:00:00"),
        ("manufacturer_aware", "manufacturer_aware", "yesterday"),
        ("planned_publication", "planned_publication", "2026-11-31T09:00:00Z"),
    ] {
        let mut body = report_json();
        body["for_manufacturer"] = true.into();
        body[name] = given.into();
        let answer = app.anonymous().post_json("/api/v1/reports", &body);
        assert_eq!(answer.status(), 422);
        assert_eq!(answer.wrong_field(), field, "{given}");
    }
    for pairs in [
        [("aware", "2026-11-24T11:01"), ("aware_zone", "Europe/Berlin")],
        [("planned", "2026-11-24T11:00"), ("planned_zone", "Europe/Berlin")],
        [("planned", "2027-03-28T02:30"), ("planned_zone", "Europe/Berlin")],
        [("aware", "2026-11-24T09:00"), ("aware_zone", "Mars/Olympus")],
        [("aware", "2026-11-24"), ("aware_zone", "UTC")],
    ] {
        let answer = app.anonymous().multipart("/report", &[report_form(), pairs.to_vec()].concat(), &[]);
        assert_eq!(answer.status(), 422, "{pairs:?}");
        assert!(answer.text().contains(&format!("href=\"#{}\"", pairs[0].0)), "{}", answer.text());
    }
    assert_eq!(app.size(), 0);
}

#[test]
fn oversized_requests_are_refused_with_the_limit() {
    let app = TestApp::new();
    let client = app.anonymous();
    client.get("/report");
    let huge = "x".repeat(1024 * 1024);
    let answer = client.post_json("/api/v1/reports", &json!({ "report": { "product": huge } }));
    assert_eq!(answer.status(), 413);
    assert!(answer.json()["detail"].as_str().unwrap().contains("1 MiB"), "{}", answer.text());
    for path in ["/login", "/my/claim", "/report/draft"] {
        let answer = client.post_form(path, &[("x", &huge)]);
        assert_eq!(answer.status(), 413, "{path}");
        assert!(answer.text().contains("at most 1 MiB"), "{}", answer.text());
    }
    let answer = client.post_form("/report/draft", &[("description", &"x".repeat(600 * 1024))]);
    assert_eq!(answer.status(), 413);
    assert!(answer.text().contains("512 KiB"), "{}", answer.text());

    let mib = |n: usize| vec![0_u8; n * 1024 * 1024];
    let (ten, eleven, five) = (mib(10), mib(11), mib(5));
    let send = |files: &[&[u8]]| {
        let files: Vec<_> = files.iter().map(|bytes| ("files", "f", *bytes)).collect();
        client.multipart("/report", &report_form(), &files)
    };
    for (answer, status, limit) in [
        (send(&[&eleven]), 422, "At most 10 MiB in one file"),
        (send(&[&ten, &ten, &five, &[1_u8]]), 422, "At most 25 MiB in all files"),
        (send(&[&ten, &ten, &eleven]), 413, "at most 26 MiB"),
        (send(&[&[1_u8] as &[u8]; 11]), 422, "At most 10 files"),
    ] {
        assert_eq!(answer.status(), status, "{limit}");
        assert!(answer.text().contains(limit), "{limit}: {}", answer.text());
    }
    assert_eq!(app.size(), 0);
}

#[test]
fn broken_forms_are_refused_and_change_nothing() {
    let app = TestApp::new();
    let client = app.anonymous();
    let part = "--XX\r\ncontent-disposition: form-data; name=\"product\"\r\n\r\n";
    let multipart = Some("multipart/form-data; boundary=XX");
    let bodies: [(Option<&str>, Vec<u8>); 9] = [
        (multipart, format!("{part}zinnober").into_bytes()),
        (multipart, b"--XX\r\n".to_vec()),
        (multipart, Vec::new()),
        (multipart, b"zinnober".to_vec()),
        (multipart, [part.as_bytes(), b"zinnober\xff\r\n--XX--\r\n"].concat()),
        (Some("multipart/form-data"), part.as_bytes().to_vec()),
        (Some("application/x-www-form-urlencoded"), b"product=zinnober%FF".to_vec()),
        (Some("application/x-www-form-urlencoded"), b"product=zinnober%00".to_vec()),
        (Some("image/png"), b"zinnober".to_vec()),
    ];
    for (kind, body) in bodies {
        let shown = String::from_utf8_lossy(&body).into_owned();
        for path in ["/report", "/my/claim", "/login"] {
            let answer = client.send("POST", path, kind, body.clone());
            assert_eq!(answer.status(), 422, "{path} {kind:?} {shown}");
        }
    }
    let file = client.multipart("/report", &report_form(), &[("files", &"f".repeat(201), b"zinnober")]);
    assert!(file.status() == 422 && file.text().contains("href=\"#files\""));
    let many = vec![("x", "1"); 10_001];
    assert_eq!(client.post_form("/report/draft", &many).status(), 413);
    assert_eq!(app.size(), 0);
}

/// An error names the place and the expectation; it never repeats what was sent.
#[test]
fn broken_json_is_refused_with_its_place_and_never_repeated() {
    let app = TestApp::new();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let nested = format!("{{\"report\": {{\"product\": {deep}}}}}");
    for body in [
        "".as_bytes(),
        b"zinnober",
        b"{\"report\": {\"product\": \"zinnober",
        b"{\"report\": {\"product\": \"zinnober\xff\", \"description\": \"x\"}}",
        b"{\"report\": {\"product\": \"zinnober\\ud800\", \"description\": \"x\"}}",
        b"{\"report\": {\"product\": \"zinnober\", \"description\": \"x\", \"zinnober\": 1}}",
        b"{\"report\": {\"product\": \"zinnober\", \"description\": \"x\"}, \"exploited\": \"zinnober\"}",
        b"{\"report\": \"zinnober\"}",
        b"{\"report\": {\"product\": \"zinnober\", \"product\": \"zinnober\", \"description\": \"x\"}}",
        b"{\"report\": {\"product\": \"zinnober\", \"description\": \"x\"}} zinnober",
        deep.as_bytes(),
        nested.as_bytes(),
    ] {
        let answer = app.anonymous().send("POST", "/api/v1/reports", Some("application/json"), body.to_vec());
        assert_eq!((answer.status(), answer.wrong_field().as_str()), (422, "document"), "{}", answer.text());
        assert!(!answer.text().contains("zinnober"), "{}", answer.text());
        assert!(answer.text().contains("line 1"), "{}", answer.text());
    }
    let nul = json!({ "report": { "product": "zin\0nober", "description": "x" } });
    assert_eq!(app.anonymous().post_json("/api/v1/reports", &nul).wrong_field(), "product");
    assert_eq!(app.size(), 0);
}

#[test]
fn strange_addresses_get_an_answer_of_ours() {
    let app = TestApp::new();
    let desk = app.account(&[crate::access::Role::Coordinator]);
    for path in
        ["/api/v1/deadlines?page=x", "/api/v1/deadlines?page=-1", "/api/v1/deadlines?page=99999999999"]
    {
        assert_eq!(desk.get(path).wrong_field(), "page", "{path}");
    }
    for path in ["/deadlines?page=x", "/deadlines?page=4294967295&page=1", "/my?%00"] {
        assert_eq!(desk.get(path).status(), 200, "{path}");
    }
    assert_eq!(desk.get("/deadlines?page=%FF").status(), 422, "it is no text");
    for path in ["/log/tile/0/000", "/log/tile/x", "/log/tile/entries/x999/000.p/1", "/log/tile/%FF"] {
        assert!([404, 422].contains(&desk.get(path).status()), "{path}");
    }
}
