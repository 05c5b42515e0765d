//! Security officers, people they clear, and cases that ask for it.

use super::app::TestApp;
use super::case::InCase;
use super::client::{Answer, Client};
use crate::access::Role;
use serde_json::{Value, json};

/// Two security officers: a clearance takes both.
pub(crate) struct Office<'a> {
    pub(crate) first: Client<'a>,
    pub(crate) second: Client<'a>,
}

/// Who somebody is, by the id of the person.
pub(crate) fn person(client: &Client<'_>) -> String {
    client.get("/api/v1/me/data").json()["entry"]["person"].as_str().unwrap().to_owned()
}

impl TestApp {
    pub(crate) fn office(&self) -> Office<'_> {
        let officer = || self.account(&[Role::SecurityOfficer]);
        Office { first: officer(), second: officer() }
    }
}

impl Office<'_> {
    /// What the first officer does to a person's entry.
    pub(crate) fn act(&self, person: &str, act: &Value) -> Answer {
        self.first.post_json(&format!("/api/v1/register/{person}/acts"), act)
    }

    fn done(&self, person: &str, act: &Value) {
        let done = self.act(person, act);
        assert_eq!(done.status(), 204, "{act}: {}", done.text());
    }

    /// Clears a person to a level of the German ladder, until an instant.
    pub(crate) fn clear(&self, person: &str, level: &str, until: &str) {
        self.done(
            person,
            &json!({ "act": "record_clearance", "scheme": "de-sueg", "level": level, "authority": "bmi",
                "granted": "2026-10-01T08:00:00Z", "until": until }),
        );
        let confirm = json!({ "act": "confirm_clearance", "scheme": "de-sueg" });
        let done = self.second.post_json(&format!("/api/v1/register/{person}/acts"), &confirm);
        assert_eq!(done.status(), 204, "{}", done.text());
    }

    /// Says that a person was briefed and has confirmed confidentiality, until an instant.
    pub(crate) fn brief(&self, person: &str, until: &str) {
        self.done(person, &json!({ "act": "brief", "until": until }));
        self.done(person, &json!({ "act": "confirm_nda", "until": until }));
    }

    pub(crate) fn join(&self, person: &str, case: &InCase<'_>) {
        self.done(person, &json!({ "act": "join", "case": case.id.as_str() }));
    }

    /// Classifies a case, or lifts that.
    pub(crate) fn classify(&self, case: &InCase<'_>, asks: Option<&str>) {
        let body = json!({ "case": case.id.as_str(), "asks": asks }).to_string().into_bytes();
        let done = self.first.send("PUT", "/api/v1/classifications", Some("application/json"), body);
        assert_eq!(done.status(), 204, "{}", done.text());
    }

    /// A case that asks for Ü2, whose coordinator is cleared until `until`, briefed, and a member.
    pub(crate) fn admit(&self, case: &InCase<'_>, client: &Client<'_>, until: &str) {
        let person = person(client);
        self.classify(case, Some("de-sueg/ue2"));
        self.clear(&person, "ue2", until);
        self.brief(&person, "2027-11-24T10:00:00Z");
        self.join(&person, case);
    }
}
