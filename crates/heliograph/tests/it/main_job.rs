//! The whole main job over the API, against the real program: a report comes in, is triaged, becomes
//! a case under embargo, its vendor answers by program, two persons approve, and the advisory is out.

use crate::program::{Place, Server};
use crate::wire::{Answer, Browser};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::fs::File;
use std::path::PathBuf;

pub(crate) const PASSWORD: &str = "a lamp, a mirror and a hill";

/// Signs somebody in who was just given an account.
pub(crate) fn person(place: &Place, server: &Server, login: &str, name: &str, more: &[&str]) -> Browser {
    let made = place.run(&[&["user", "add", login, "--data", "data"], more].concat());
    assert_eq!(made.code, 0, "{made:?}");
    let browser = server.browser();
    let code = made.out.trim().rsplit('/').next().unwrap();
    let begin = [("code", code), ("name", name), ("password", PASSWORD)];
    assert_eq!(browser.post_form("/invite", &begin).status, 303);
    assert!(browser.sign_in(login, PASSWORD, ""));
    browser
}

/// A program with a token that this person makes on the page of the account.
pub(crate) fn program(server: &Server, owner: &Browser, scopes: &[&str]) -> Browser {
    let mut form = vec![("name", "a program"), ("days", "1")];
    form.extend(scopes.iter().map(|scope| ("scope", *scope)));
    let page = owner.post_form("/account/tokens", &form);
    assert_eq!(page.status, 200, "{}", page.body);
    let secret = page.body.split_once("<p class=\"sheet code\">").unwrap().1.split('<').next().unwrap();
    server.browser().with("authorization", &format!("Bearer {secret}"))
}

/// What a program sends, and the status that it must be answered with.
fn done(client: &Browser, method: &str, path: &str, body: &Value, status: u16) -> Answer {
    let kind = "application/json";
    let answer = client.send(method, path, kind, body.to_string().as_bytes()).unwrap();
    assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
    answer
}

fn tag(answer: &Answer) -> String {
    answer.header("etag").unwrap_or_else(|| panic!("no ETag in {}", answer.head)).to_owned()
}

/// From the report to a case that its vendor has answered; gives the case's place.
fn coordinated(server: &Server, desk: &Browser, vendor: &Browser, organisation: &str) -> String {
    let anyone = server.browser().with("idempotency-key", "once-and-only-once-4711");
    let report = json!({ "report": { "product": "Kettle", "description": "The valve opens by itself." } });
    let sent = done(&anyone, "POST", "/api/v1/reports", &report, 201).json();
    assert_eq!(done(&anyone, "POST", "/api/v1/reports", &report, 201).json(), sent, "sent twice, there once");

    let waiting = desk.get("/api/v1/reports?state=received&exploited=false").json();
    assert_eq!(waiting[0]["id"], sent["tracking_number"]);
    let place = format!("/api/v1/reports/{}", sent["tracking_number"].as_str().unwrap());
    let opened = desk.get(&place);
    assert_eq!(opened.json()["report"]["description"], "The valve opens by itself.");
    let reader = desk.with("if-match", &tag(&opened));
    done(desk, "POST", &format!("{place}/messages"), &json!({ "message": "Thank you." }), 204);
    let late = done(&reader, "POST", &format!("{place}/messages"), &json!({ "message": "Thank you." }), 412);
    assert_eq!(late.json()["type"], "/problems/changed");
    let accepted = done(desk, "POST", &format!("{place}/accept"), &json!({}), 201);
    let case = accepted.header("location").unwrap().to_owned();
    let claim = json!({ "claim_code": sent["claim_code"] });
    let status = done(&server.browser(), "POST", "/api/v1/reports/status", &claim, 200).json();
    assert_eq!(status["state"], "accepted");

    let invitation = json!({ "organisations": [organisation] });
    done(desk, "POST", &format!("{case}/participants"), &invitation, 204);
    assert_eq!(vendor.get(&case).status, 404, "the case opens once its terms are accepted");
    let terms = vendor.get(&format!("{case}/terms")).json();
    assert_eq!((&terms["consent"], &terms["embargo"]["state"]), (&json!("invited"), &json!("active")));
    for (method, what, body) in [
        ("POST", "terms", json!({ "answer": "accept" })),
        ("POST", "report-state", json!({ "step": "validate" })),
        ("POST", "report-state", json!({ "step": "accept" })),
        ("POST", "messages", json!({ "to": "everyone", "message": "We are on it." })),
        (
            "PUT",
            "statement",
            json!({ "products": [{ "product": "Kettle", "from": "1.0.0", "before": "1.5.0", "status": "affected" }],
                "text": "Update to 1.5.0." }),
        ),
        ("POST", "fix", json!({ "event": "fix_ready" })),
    ] {
        done(vendor, method, &format!("{case}/{what}"), &body, 204);
    }
    let grade = json!({ "cvss31": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" });
    done(desk, "POST", &format!("{case}/grade"), &grade, 204);
    let opened = desk.get(&case).json();
    assert_eq!(opened["participants"][0]["fix"], "ready");
    assert_eq!(opened["participants"][0]["statement"]["text"], "Update to 1.5.0.");
    assert_eq!((&opened["severity"], &opened["embargo"]["state"]), (&json!(98), &json!("active")));
    case
}

/// From the first draft to what two persons published.
fn published(desk: &Browser, vendor: &Browser, persons: &[&Browser; 2], case: &str) {
    let place = format!("{case}/advisory");
    let first = desk.get(&place);
    assert_eq!((tag(&first).as_str(), &first.json()["revision"]), ("\"none\"", &json!(0)));
    let mut advisory = first.json()["advisory"].clone();
    for (field, text) in [
        ("title", "Kettles boil over on a crafted request"),
        ("summary", "The valve of a kettle can be opened from outside."),
        ("description", "A request with two colons opens the valve."),
    ] {
        advisory[field] = text.into();
    }
    advisory["cves"] = json!(["CVE-1900-40200"]);
    advisory["weaknesses"] =
        json!([{ "id": "CWE-347", "name": "Improper Verification of Cryptographic Signature" }]);
    advisory["products"] = json!([{
        "vendor": "Nordwind", "product": "Kettle", "package": { "ecosystem": "npm", "name": "kettle" },
        "versions": [{ "which": { "before": { "introduced": "1.0.0", "fixed": "1.5.0" } },
            "status": "affected", "version_type": "semver" }],
        "remediations": [{ "category": "vendor_fix", "details": "Update to 1.5.0." }]
    }]);
    let reader = desk.with("if-match", &tag(&first));
    let saved = done(&reader, "PUT", &place, &json!({ "advisory": advisory }), 200);
    done(desk, "PUT", &place, &json!({ "advisory": { "title": "Another" } }), 428);
    done(&reader, "PUT", &place, &json!({ "advisory": { "title": "Another" } }), 412);
    let order = json!({ "revision": 1, "hash": saved.json()["hash"] });
    assert_eq!(vendor.get(&place).status, 404, "nothing is shared yet");
    done(desk, "POST", &format!("{place}/share"), &order, 204);
    let shared = vendor.get(&place).json();
    assert_eq!(shared["hash"], order["hash"]);
    let stops = shared["findings"].as_array().unwrap().iter().filter(|finding| finding["stops"] == true);
    assert_eq!(stops.count(), 0, "{:#}", shared["findings"]);
    assert_eq!(vendor.get(&format!("{place}/csaf.json")).status, 200);

    done(desk, "POST", &format!("{place}/approve"), &order, 403);
    done(persons[0], "POST", &format!("{place}/approve"), &order, 204);
    done(desk, "POST", &format!("{place}/publish"), &order, 409);
    done(persons[1], "POST", &format!("{place}/approve"), &order, 204);
    done(desk, "POST", &format!("{place}/publish"), &order, 204);
    assert_eq!(desk.get(case).json()["embargo"]["state"], "exited");
}

/// What is wrong with a document by a schema in `HELIOGRAPH_TEST_DATA`; nothing without it.
fn by_schema(name: &str, document: &Value) -> Vec<String> {
    let Some(folder) = std::env::var_os("HELIOGRAPH_TEST_DATA") else { return Vec::new() };
    let file = File::open(PathBuf::from(folder).join("schemas.tar.zst")).unwrap();
    let mut archive = tar::Archive::new(zstd::Decoder::new(file).unwrap());
    let mut found = archive.entries().unwrap().map(Result::unwrap);
    let entry = found.find(|entry| entry.path().unwrap().to_string_lossy().ends_with(name)).unwrap();
    let schema: Value = serde_json::from_reader(entry).unwrap();
    let validator: Validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn what_the_public_has_is_valid(public: &Browser, case: &str) {
    let id = case.rsplit('/').next().unwrap();
    let listed = public.get("/api/v1/advisories").json();
    assert_eq!((&listed[0]["id"], &listed[0]["cves"]), (&json!(id), &json!(["CVE-1900-40200"])));
    let csaf = public.get(&format!("/advisories/{id}/csaf.json")).body;
    let wrong: Vec<String> = csaf_check::errors(&csaf).iter().map(ToString::to_string).collect();
    assert_eq!(wrong, Vec::<String>::new());
    for (format, schema) in [("cve", "CVE_JSON_bundled_5.1.1.json"), ("osv", "osv-schema.json")] {
        let document = public.get(&format!("/advisories/{id}/{format}.json")).json();
        assert_eq!(by_schema(schema, &document), Vec::<String>::new(), "{format}");
    }
}

#[test]
fn the_main_job_runs_over_the_api_from_report_to_published_advisory() {
    let place = Place::new();
    let mut command = place.command(&["serve", "--data", "data"]);
    command.env("HELIOGRAPH_BASE_URL", "https://cvd.example.org");
    command.env("HELIOGRAPH_CVE_ORG_ID", "7d1f3a52-9a0e-4c39-8a53-0c1de0a6ab10");
    command.env("HELIOGRAPH_CVE_ORG_NAME", "example-cc");
    let mut server = place.start("serve", &mut command);
    let keller = person(&place, &server, "keller", "Mara Keller", &["--role", "coordinator"]);
    let brandt = person(&place, &server, "brandt", "Ada Brandt", &["--role", "coordinator"]);
    keller.second_factor();
    brandt.second_factor();
    let scopes =
        ["view-desk", "triage", "view-case", "coordinate-case", "publish-advisory", "manage-organisations"];
    let desk = program(&server, &keller, &scopes);
    let nordwind = ["--role", "vendor", "--organisation", "Nordwind"];
    let psirt = person(&place, &server, "psirt", "Jo Kettle", &nordwind);
    let vendor = program(&server, &psirt, &["view-case", "participate-in-case"]);
    let organisations = desk.get("/api/v1/organisations").json();
    let organisation = organisations[0]["id"].as_str().unwrap();

    let case = coordinated(&server, &desk, &vendor, organisation);
    published(&desk, &vendor, &[&keller, &brandt], &case);
    what_the_public_has_is_valid(&server.browser(), &case);
    assert!(server.stop().success());
    let run = place.run(&["verify", "--data", "data"]);
    assert_eq!(run.code, 0, "{run:?}");
}
