//! What people write, and what opens doors, stands neither in the log nor readable in the database.

use crate::program::{Place, Server};
use crate::wire::Browser;
use serde_json::json;
use std::fs;

/// What is written during the story, each once and found nowhere afterwards.
const PRODUCT: &str = "Zweispiegel Lamp";
const DESCRIPTION: &str = "the third mirror turns by itself";
const IMPACT: &str = "strangers signal in our name";
const CONTACT: &str = "noor.haddad@example.org";
const EXPLOIT: &str = "turn --mirror=3 --by=itself";
const FILE_NAME: &str = "photograph-of-mirror.txt";
const FILE: &str = "a grey photograph of brass";
const DRAFT: &str = "an unfinished thought on brass";
const FROM_REPORTER: &str = "have you looked at the mirror";
const FROM_CENTRE: &str = "we looked, and it turned";
const REASON: &str = "the mirror is meant to turn";
const REFUSED: &str = "a text in a request that is refused";
const PASSWORD: &str = "brass lamp on a grey hill";
const MISTYPED: &str = "brass lamp on a grey hlil";

fn begin(browser: &Browser, link: &str) {
    let code = link.rsplit('/').next().unwrap();
    let fields = [("code", code), ("name", "Mara Keller"), ("password", PASSWORD)];
    assert_eq!(browser.post_form("/invite", &fields).status, 303);
}

/// A report in the browser, with a draft before and a file; returns its number and its claim code.
fn report(browser: &Browser) -> (String, String) {
    browser.get("/report");
    assert_eq!(browser.post_form("/report/draft", &[("description", DRAFT)]).status, 303);
    assert!(browser.get("/report").body.contains(DRAFT), "the search itself works");
    let fields = [
        ("product", PRODUCT),
        ("description", DESCRIPTION),
        ("impact", IMPACT),
        ("proof_of_concept", EXPLOIT),
        ("contact_address", CONTACT),
    ];
    let mut body = String::new();
    for (name, value) in fields {
        body += &format!("--XX\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += &format!(
        "--XX\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{FILE_NAME}\"\r\n\
         content-type: text/plain\r\n\r\n{FILE}\r\n--XX--\r\n"
    );
    let sent = browser.send("POST", "/report", "multipart/form-data; boundary=XX", body.as_bytes()).unwrap();
    assert_eq!(sent.status, 200, "{}", sent.body);
    (sent.element("tracking"), sent.element("claim"))
}

/// Requests that are refused, with texts in them.
fn refused(browser: &Browser) {
    let unknown = json!({ "report": { "product": REFUSED, "title": REFUSED, "description": "x" } });
    assert_eq!(browser.post_json("/api/v1/reports", &unknown).unwrap().status, 422);
    let cut = format!("{{\"report\":{{\"product\":\"{REFUSED}");
    let answer = browser.send("POST", "/api/v1/reports", "application/json", cut.as_bytes()).unwrap();
    assert!((400..500).contains(&answer.status), "{answer:?}");
    assert_eq!(browser.post_form("/report", &[("description", REFUSED)]).status, 422);
    assert_eq!(browser.post_form("/my/claim", &[("code", REFUSED)]).status, 422);
}

/// The story; returns what opens doors.
fn played(place: &Place, server: &Server) -> Vec<String> {
    let made = place.run(&["user", "add", "keller", "--role", "coordinator", "--data", "data"]);
    assert_eq!(made.code, 0, "{made:?}");
    let (keller, reporter) = (server.browser(), server.browser());
    begin(&keller, made.out.trim());
    assert!(!keller.sign_in("keller", MISTYPED, ""));
    assert!(!keller.sign_in(PASSWORD, "keller", ""), "a password in the wrong field");
    assert!(keller.sign_in("keller", PASSWORD, ""));
    let (factor, recovery) = keller.second_factor();
    refused(&server.browser());
    let (number, claim) = report(&reporter);

    let follower = server.browser();
    assert_eq!(follower.post_form("/my/claim", &[("code", &claim)]).status, 303);
    assert_eq!(follower.post_form("/my/message", &[("message", FROM_REPORTER)]).status, 303);
    let place = format!("/desk/report/{number}");
    assert!(keller.get(&place).body.contains(FROM_REPORTER), "the search itself works");
    assert_eq!(keller.post_form(&format!("{place}/message"), &[("message", FROM_CENTRE)]).status, 303);
    assert_eq!(keller.post_form(&format!("{place}/decline"), &[("reason", REASON)]).status, 303);
    let mine = follower.get("/my").body;
    assert!(mine.contains(FROM_CENTRE) && mine.contains(REASON), "{mine}");

    let link = made.out.trim().rsplit('/').next().unwrap().to_owned();
    let cookies = [&keller, &reporter, &follower].map(Browser::cookies);
    let cookies = cookies.into_iter().flat_map(|cookies| cookies.into_values()).filter(|it| !it.is_empty());
    [claim, link, factor].into_iter().chain(recovery).chain(cookies).collect()
}

#[test]
fn texts_and_secrets_are_neither_logged_nor_stored_in_the_open() {
    let place = Place::new();
    let mut command = place.command(&["serve", "--data", "data"]);
    let mut server = place.start("serve", command.env("HELIOGRAPH_LOG", "trace"));
    let doors = played(&place, &server);
    assert!(doors.len() >= 5, "{}", doors.len());
    assert!(server.stop().success());

    let texts = [
        PRODUCT,
        DESCRIPTION,
        IMPACT,
        CONTACT,
        EXPLOIT,
        FILE_NAME,
        FILE,
        DRAFT,
        FROM_REPORTER,
        FROM_CENTRE,
        REASON,
        REFUSED,
        PASSWORD,
        MISTYPED,
    ];
    let (out, log) = (server.out(), server.err());
    assert!(log.contains("TRACE") || log.contains("DEBUG"), "the log is silent, so this proves nothing");
    for secret in texts.into_iter().chain(doors.iter().map(String::as_str)) {
        assert!(!out.contains(secret) && !log.contains(secret), "printed or logged: {secret}");
    }
    if place.database().is_some() {
        return; // Its files are the server's.
    }
    let mut looked_at = 0;
    for entry in fs::read_dir(place.data()).unwrap().map(Result::unwrap).filter(|it| it.path().is_file()) {
        let bytes = fs::read(entry.path()).unwrap();
        looked_at += bytes.len();
        for secret in texts.into_iter().chain(doors.iter().map(String::as_str)) {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} in {}", entry.path().display());
        }
    }
    assert!(looked_at > 50_000, "the database is there");
}
