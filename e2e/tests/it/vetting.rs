//! Need-to-know: a clearance that lapses while its holder is at work.

use crate::browser::Browser;
use crate::centre::Centre;
use serde_json::{Value, json};
use std::thread;
use std::time::Duration;

/// Asks an interface of the centre from the page that is open, in its session.
fn asks(browser: &Browser, path: &str, body: Option<Value>) -> Value {
    let script = "
        const [path, body] = arguments;
        const how = body ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {};
        return fetch(path, how).then(async (answer) => ({ status: answer.status, text: await answer.text() }));";
    browser.session.script(script, &[json!(path), json!(body)])
}

#[test]
fn a_clearance_lapses_during_an_open_session() {
    let Some(centre) = Centre::open() else { return };
    let [silva, haas, keller] = ["silva", "haas", "keller"].map(|login| centre.signed_in(login));
    silva.open("/vetting/cases");
    silva.sees("Classified cases");
    let number = silva.text_of("main table tbody td");
    silva.open(&format!("/case/{number}"));
    silva.sees("There is nothing here.");
    keller.open(&format!("/case/{number}"));
    keller.sees("Kestrel signal box");

    // The same level once more, until a few seconds from now, by two officers.
    let about = asks(&keller, "/api/v1/me/data", None);
    let about: Value = serde_json::from_str(about["text"].as_str().unwrap()).unwrap();
    let place = format!("/api/v1/register/{}/acts", about["entry"]["person"].as_str().unwrap());
    let until = silva.session.script("return new Date(Date.now() + 8000).toISOString()", &[]);
    let record = json!({ "act": "record_clearance", "scheme": "de-sueg", "level": "ue2", "authority": "bmi",
        "granted": "2024-01-01T00:00:00Z", "until": until });
    assert_eq!(asks(&silva, &place, Some(record))["status"], 204);
    let confirm = json!({ "act": "confirm_clearance", "scheme": "de-sueg" });
    assert_eq!(asks(&silva, &place, Some(confirm.clone()))["status"], 403, "four eyes");
    assert_eq!(asks(&haas, &place, Some(confirm))["status"], 204);
    keller.reload();
    keller.sees("Kestrel signal box");

    thread::sleep(Duration::from_secs(9));
    keller.reload();
    keller.sees("There is nothing here.");
    keller.open("/desk");
    keller.sees("Reports waiting for triage");
    keller.sees_nothing_of(&number);
    silva.open("/vetting?show=lapsed");
    silva.sees("Mara Keller");
}
