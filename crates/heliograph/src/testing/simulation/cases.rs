//! What people do: report, follow, coordinate, take part, and look where they should not.

use super::centre::Centre;
use super::people::Who;
use crate::people::Mandate;
use crate::testing::{Answer, between};
use jiff::SignedDuration;
use vocabulary::Instant;

const MOVES: [&str; 5] = ["validate", "invalidate", "accept", "defer", "close"];
const CAUSES: [&str; 5] =
    ["attacks_observed", "adversary_has_exploit", "vendors_ready", "agreed", "adversary_knows_details"];
const REASONS: [&str; 3] = ["narrow_attacks", "fix_imminent", "not_confirmed"];
const SEEN: [&str; 3] = ["public_aware", "exploit_public", "attacks_observed"];

impl Centre {
    /// Somebody new reports, perhaps after a draft, perhaps twice because the answer was lost.
    pub(super) fn report(&mut self) {
        let person = self.newcomer(&format!("reporter {}", self.people.len()), Who::Nobody);
        self.get(person, "/report");
        let mut form = vec![
            ("product", format!("Kettle {}", self.sealed_text(person))),
            ("description", format!("Boils over: {}", self.sealed_text(person))),
        ];
        if self.dice.percent(40) {
            self.post(person, "/report/draft", &form);
            self.get(person, "/report");
        }
        if self.dice.percent(50) {
            form.push(("proof_of_concept", format!("import {}", self.sealed_text(person))));
            form.push(("files", format!("open {}", self.sealed_text(person))));
        }
        if self.dice.percent(50) {
            form.push(("contact_name", format!("Ada {}", self.contact(person))));
            form.push(("contact_address", format!("{}@example.org", self.contact(person))));
        } else {
            form.push(("anonymous", "yes".into()));
        }
        self.circumstances(&mut form);
        let cookies = self.people[person].cookies.clone();
        let mut sent = self.post(person, "/report", &form);
        if sent.status() >= 500 || self.dice.percent(20) {
            // The answer was lost on its way: the browser has what it had, and sends again.
            self.people[person].cookies = cookies;
            sent = self.post(person, "/report", &form);
        }
        if sent.status() == 200 {
            let id = between(sent.text(), "id=\"tracking\">", "<").to_owned();
            let claim = between(sent.text(), "id=\"claim\">", "<").to_owned();
            let product = super::watch::marks_in(&form[0].1).pop_first().unwrap();
            let who = &mut self.people[person];
            (who.actor, who.claim, who.who) = (format!("reporter/{id}"), Some(claim), Who::Reporter(id));
            self.acknowledged.push((person, "/my".into(), product));
        }
    }

    /// What a report may say besides.
    fn circumstances(&mut self, form: &mut Vec<(&'static str, String)>) {
        let at = |time: jiff::Timestamp| Instant::utc(time).at.strftime("%Y-%m-%dT%H:%M").to_string();
        for (name, cases) in [("exploited", 25), ("public", 10), ("for_manufacturer", 30)] {
            if self.dice.percent(cases) {
                form.push((name, "yes".into()));
            }
        }
        if self.dice.percent(50) {
            let before = SignedDuration::from_hours(self.dice.between(1, 30));
            form.extend([("aware", at(self.app.now() - before)), ("aware_zone", "UTC".into())]);
        }
        if self.dice.percent(40) {
            let days = self.dice.between(2, 60);
            let planned = at(self.app.now() + SignedDuration::from_hours(24 * days));
            form.extend([("planned", planned), ("planned_zone", "UTC".into())]);
        }
    }

    /// A reporter follows what she reported.
    pub(super) fn follow(&mut self, person: usize) {
        let Who::Reporter(report) = &self.people[person].who else { return };
        let case = self.story.reports[report].case.clone();
        if case.is_some_and(|case| self.is_shared(&case)) && self.dice.percent(40) {
            return drop(self.get(person, "/my/case/advisory"));
        }
        match self.dice.below(8) {
            0 => drop(self.get(person, "/my")),
            1 => drop(self.get(person, "/my/case")),
            2 => {
                let text = self.sealed_text(person);
                let sent = self.post(person, "/my/message", &[("message", text.clone())]);
                self.acknowledge(&sent, person, "/my", &text);
            }
            3 => {
                let (text, to) = (self.sealed_text(person), self.dice.pick(&["everyone", "centre"]));
                let form = [("message", text.clone()), ("to", to.to_owned())];
                let sent = self.post(person, "/my/case/message", &form);
                self.acknowledge(&sent, person, "/my/case", &text);
            }
            4 => {
                let form = self.an_end();
                self.post(person, "/my/case/propose", &form);
            }
            5 => {
                let answer = self.dice.pick(&["accept", "decline"]);
                self.post(person, "/my/case/terms", &[("answer", answer.into())]);
            }
            6 if self.dice.percent(20) => drop(self.post(person, "/my/case/leave", &[])),
            _ => drop(self.get(person, "/my/receipt")),
        }
    }

    /// What was answered well must be found again.
    fn acknowledge(&mut self, answer: &Answer, person: usize, place: &str, text: &str) {
        // Whoever is sent to the door was not heard.
        if answer.status() == 303 && !answer.header("location").starts_with("/login") {
            let mark = super::watch::marks_in(text).pop_first().unwrap();
            self.acknowledged.push((person, place.to_owned(), mark));
        }
    }

    fn an_end(&mut self) -> [(&'static str, String); 2] {
        // Some that come within this life, some beyond what is allowed.
        let (first, last) = self.dice.pick(&[(-5, 72), (72, 24 * 90), (24 * 150, 24 * 250)]);
        let end = self.app.now() + SignedDuration::from_hours(self.dice.between(first, last));
        [("end", end.strftime("%Y-%m-%dT%H:%M").to_string()), ("end_zone", "UTC".into())]
    }

    /// Whether somebody but the centre may have a draft to read.
    fn is_shared(&self, case: &str) -> bool {
        let case = self.story.home(case);
        case.parts.iter().map(|part| &self.story.cases[part]).chain([case]).any(|case| case.shared.is_some())
    }

    pub(super) fn any_case(&mut self) -> Option<String> {
        self.dice.one(self.story.cases.keys().cloned().collect::<Vec<_>>())
    }

    fn waiting(&mut self) -> Option<String> {
        let waiting = self.story.reports.iter().filter(|(_, report)| !report.decided);
        let waiting: Vec<String> = waiting.map(|(id, _)| id.clone()).collect();
        self.dice.one(waiting)
    }

    /// A coordinator works: at the desk first, then on a case.
    pub(super) fn coordinate(&mut self, person: usize) {
        self.get(person, "/desk");
        if let Some(report) = self.waiting().filter(|_| self.dice.percent(50)) {
            return self.triage(person, &report);
        }
        let Some(case) = self.any_case() else { return };
        if self.story.cases[&case].vendors.is_empty() && self.dice.percent(60) {
            return self.invite(person, &case);
        }
        let place = |what: &str| format!("/case/{case}{what}");
        match self.dice.below(10) {
            0 | 1 => self.invite(person, &case),
            2 => {
                let form = self.an_end();
                self.post(person, &place("/propose"), &form);
            }
            3 => {
                let (what, cause) =
                    (self.dice.pick(&["end", "keep", "revision-accept"]), self.dice.pick(&CAUSES));
                let reason = self.dice.pick(&REASONS);
                let form = [("do", what.to_owned()), ("cause", cause.into()), ("reason", reason.into())];
                self.post(person, &place("/embargo"), &form);
            }
            4 if self.dice.percent(40) => {
                let (event, evidence) = (self.dice.pick(&SEEN), self.sealed_text(person));
                self.post(person, &place("/state"), &[("event", event.into()), ("evidence", evidence)]);
            }
            5 => {
                let vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
                self.post(person, &place("/grade"), &[("cvss31", vector.into())]);
            }
            6 => {
                let vendor = self.dice.pick(&self.vendors.clone()).0;
                let (text, to) =
                    (self.sealed_text(person), self.dice.pick(&["everyone", "centre", vendor.as_str()]));
                let form = [("message", text.clone()), ("to", to.to_owned())];
                let sent = self.post(person, &place("/message"), &form);
                self.acknowledge(&sent, person, &place(""), &text);
            }
            7 if self.dice.percent(40) => self.put_away(person, &case),
            8 => {
                let report = self.dice.one(self.story.cases[&case].reports.clone()).unwrap();
                let which = self.dice.pick(&["poc", "0"]);
                self.get(person, &format!("/desk/report/{report}/exploit/{which}"));
            }
            _ if self.dice.percent(35) => self.merge(person, &case),
            _ => drop(self.get(person, &place(""))),
        }
    }

    /// Two cases turn out to be about one flaw, or a coordinator thinks so.
    pub(super) fn merge(&mut self, person: usize, case: &str) {
        let others = self.story.cases.iter().filter(|(id, other)| *id != case && !other.closed);
        let others: Vec<String> = others.map(|(id, _)| id.clone()).collect();
        let Some(into) = self.dice.one(others) else { return };
        self.post(person, &format!("/case/{case}/merge"), &[("into", into.clone())]);
        self.get(person, &format!("/case/{case}/advisory"));
        self.get(person, &format!("/case/{into}/advisory"));
    }

    fn invite(&mut self, person: usize, case: &str) {
        let (vendor, mandate) = self.dice.pick(&self.vendors.clone());
        let sent = self.post(person, &format!("/case/{case}/invite"), &[("vendor", vendor.clone())]);
        // Whoever is not signed in any more is led to the door instead.
        let was_invited = sent.status() == 303 && sent.header("location").starts_with("/case/");
        assert!(!was_invited || mandate == Mandate::Defensive, "{vendor} was invited");
    }

    /// Ends what holds a case open, as far as this coordinator gets with it.
    fn put_away(&mut self, person: usize, case: &str) {
        let place = |what: &str| format!("/case/{case}{what}");
        if self.dice.percent(60) {
            let form = [("do", "end".to_owned()), ("cause", "agreed".into())];
            self.post(person, &place("/embargo"), &form);
        }
        self.post(person, &place("/close"), &[]);
        if self.dice.percent(60) {
            self.post(person, &place("/erase"), &[]);
            self.get(person, &place(""));
        }
    }

    fn triage(&mut self, person: usize, report: &str) {
        let place = |what: &str| format!("/desk/report/{report}{what}");
        self.get(person, &place(""));
        match self.dice.below(10) {
            0 => {
                let reason = self.sealed_text(person);
                self.post(person, &place("/decline"), &[("reason", reason)]);
            }
            1 => {
                let of = self.dice.one(self.story.reports.keys().cloned().collect::<Vec<_>>());
                self.post(person, &place("/duplicate"), &[("of", of.unwrap())]);
            }
            2 | 3 => {
                let text = self.sealed_text(person);
                let sent = self.post(person, &place("/message"), &[("message", text.clone())]);
                self.acknowledge(&sent, person, &place(""), &text);
            }
            4 => {
                let into = self.any_case().unwrap_or_default();
                self.post(person, &place("/accept"), &[("case", into)]);
            }
            _ => drop(self.post(person, &place("/accept"), &[])),
        }
    }

    /// A vendor's person answers, works, states, leaves: in a case it was invited to, or tries.
    pub(super) fn take_part(&mut self, person: usize) {
        self.get(person, "/vendor");
        let Who::Vendor(own) = self.people[person].who.clone() else { return };
        let mut invited: Vec<_> = self.story.cases.iter().collect();
        invited.retain(|(_, case)| case.vendors.contains_key(&own) && case.merged_into.is_none());
        let invited: Vec<String> = invited.into_iter().map(|(id, _)| id.clone()).collect();
        let Some(case) = self.dice.one(invited).or_else(|| self.any_case()) else { return };
        let place = |what: &str| format!("/case/{case}{what}");
        if self.is_shared(&case) && self.dice.percent(40) {
            return self.read_the_draft(person, &case);
        }
        let waits = self.story.cases[&case].vendors.get(&own).is_some_and(|vendor| !vendor.told);
        let act = if waits && self.dice.percent(60) { 0 } else { self.dice.below(10) };
        match act {
            0..3 => {
                // Whoever was asked tries the door first.
                self.get(person, &place(""));
                let answer = if self.dice.percent(80) { "accept" } else { "decline" };
                self.post(person, &place("/terms"), &[("answer", answer.into())]);
            }
            3 | 4 => self.work_on_it(person, &own, &case),
            5 => {
                let form = [
                    ("product", self.sealed_text(person)),
                    ("from", "1.0".into()),
                    ("before", "1.5".into()),
                    ("status", "affected".into()),
                    ("text", self.sealed_text(person)),
                ];
                self.post(person, &place("/statement"), &form);
            }
            6 => {
                let (text, to) = (self.sealed_text(person), self.dice.pick(&["everyone", "centre"]));
                self.post(person, &place("/message"), &[("message", text), ("to", to.into())]);
            }
            7 => {
                let form = self.an_end();
                self.post(person, &place("/propose"), &form);
            }
            8 if self.dice.percent(25) => drop(self.post(person, &place("/leave"), &[])),
            8 => self.read_the_draft(person, &case),
            _ => drop(self.get(person, &place(""))),
        }
    }

    pub(super) fn read_the_draft(&mut self, person: usize, case: &str) {
        let read = self.get(person, &format!("/case/{case}/advisory"));
        let case = &self.story.cases[case];
        let newer =
            case.shared.is_some() && case.shared != case.latest.as_ref().map(|(revision, _)| *revision);
        self.outdated += usize::from(newer && !super::watch::marks_in(read.text()).is_empty());
    }

    /// A vendor goes on towards a fix, most of the time; or does anything.
    fn work_on_it(&mut self, person: usize, own: &str, case: &str) {
        let place = |what: &str| format!("/case/{case}{what}");
        let last = self.story.cases[case].vendors.get(own).map(|vendor| vendor.step.clone());
        let next = match last.as_deref() {
            _ if self.dice.percent(25) => self.dice.pick(&MOVES),
            Some("accept") => {
                let event = self.dice.pick(&["fix_ready", "fix_ready", "fix_deployed"]);
                return drop(self.post(person, &place("/fix"), &[("event", event.into())]));
            }
            Some("validate" | "defer") => "accept",
            _ => "validate",
        };
        self.post(person, &place("/report-state"), &[("step", next.into())]);
    }

    /// Somebody opens any address there is, with any number there is.
    pub(super) fn snoop(&mut self) {
        let Some(person) = self.somebody(|_| true) else { return };
        let routes = self.app.routes.iter().filter(|route| route.method == "GET");
        let routes: Vec<&'static str> = routes.map(|route| route.path).collect();
        let route = self.dice.pick(&routes);
        let case = self.any_case().unwrap_or_else(|| "HEL-2026-000001".into());
        let report = self.dice.one(self.story.reports.keys().cloned().collect::<Vec<_>>());
        let report = report.unwrap_or_else(|| "HEL-R-2026-000001".into());
        let id = if route.contains("/report") || route.contains("subject") { &report } else { &case };
        let path = route.replace("{id}", id).replace("{subject}", id).replace("{report}", &report);
        let which = self.dice.pick(&["poc", "0"]);
        let path = path.replace("{which}", which).replace("{*path}", "0/000").replace(['{', '}'], "");
        self.get(person, &path);
    }
}
