//! Need-to-know and accreditations in a life of their own, from a seed: clearances are given, lapse and are
//! withdrawn, people are briefed, join and leave, cases are classified, somebody recuses themselves, an
//! accreditation ends. After each step, and often at the very second in which something ends, everybody tries
//! every case, and new work is given out. What may happen is told by a model that knows nothing of the program.

use super::dice::Dice;
use crate::access::Role;
use crate::testing::case::InCase;
use crate::testing::clearance::{Office, person};
use crate::testing::partner::{Partnership, order_form};
use crate::testing::{Client, TestApp};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const LEVELS: [&str; 3] = ["ue1", "ue2", "ue3"];

/// Steps of a life, and acts in each.
const STEPS: usize = 40;
const ACTS: usize = 4;

/// What the model knows of a person.
#[derive(Default)]
struct Known {
    login: String,
    id: String,
    /// The place of the level, and until when.
    clearance: Option<(usize, Timestamp)>,
    briefed: Option<Timestamp>,
    nda: Option<Timestamp>,
    /// By case: until when.
    member: BTreeMap<String, Timestamp>,
    out: BTreeSet<String>,
}

struct Life<'a> {
    app: &'a TestApp,
    dice: Dice,
    people: Vec<Known>,
    cases: Vec<InCase<'a>>,
    /// By case: the place of the level that it asks for.
    asks: BTreeMap<String, usize>,
    unit: Partnership<'a>,
    /// The accreditation that permits the unit its work: its id, and until when.
    accredited: Option<(String, Timestamp)>,
    admitted: usize,
    shut: usize,
    refused: usize,
}

impl<'a> Life<'a> {
    fn begin(app: &'a TestApp, seed: u64) -> Self {
        let people = (0..3).map(|_| {
            let login = app.login(&[Role::Coordinator], None);
            let id = person(&app.signed_in(&login));
            Known { login, id, ..Known::default() }
        });
        let unit = app.partnership_at("active");
        let sql = "SELECT id FROM accreditations";
        let id: String = app.read(|tx| Ok(tx.query_one(sql, &[])?.get(0)?));
        let until = app.now() + SignedDuration::from_hours(24 * 365);
        Self {
            people: people.collect(),
            cases: vec![app.case(), app.case()],
            asks: BTreeMap::new(),
            dice: Dice::new(seed),
            accredited: Some((id, until)),
            unit,
            app,
            admitted: 0,
            shut: 0,
            refused: 0,
        }
    }

    /// Time passes: some hours, or until the very second in which something ends.
    fn time_passes(&mut self) {
        let now = self.app.now();
        let people = self.people.iter();
        let ends = people.flat_map(|one| {
            let clearance = one.clearance.map(|(_, until)| until);
            clearance.into_iter().chain(one.briefed).chain(one.nda).chain(one.member.values().copied())
        });
        let ends = ends.chain(self.accredited.as_ref().map(|(_, until)| *until));
        let soon = ends.filter(|end| *end > now && *end < now + SignedDuration::from_hours(72)).min();
        match soon {
            Some(end) if self.dice.percent(50) => self.app.clock_at(&end.to_string()),
            _ => self.app.advance_by(SignedDuration::from_mins(self.dice.between(1, 600))),
        }
    }

    fn later(&mut self) -> Timestamp {
        self.app.now() + SignedDuration::from_mins(self.dice.between(60, 43_200))
    }

    fn step(&mut self, office: &Office<'_>) {
        let (who, which) = (self.dice.below(3), self.dice.below(2));
        let (id, case) = (self.people[who].id.clone(), self.cases[which].id.to_string());
        let until = self.later();
        let done = |act: Value| office.act(&id, &act).status() == 204;
        match self.dice.below(12) {
            0..=2 => self.clear(office, who, until),
            3 if done(json!({ "act": "withdraw_clearance", "scheme": "de-sueg" })) => {
                self.people[who].clearance = None
            }
            4 | 5 => {
                if done(json!({ "act": "brief", "until": until.to_string() })) {
                    self.people[who].briefed = Some(until);
                }
                let until = self.later();
                if done(json!({ "act": "confirm_nda", "until": until.to_string() })) {
                    self.people[who].nda = Some(until);
                }
            }
            6 if done(json!({ "act": "debrief" })) => self.people[who].briefed = None,
            7 | 8 if done(json!({ "act": "join", "case": case, "until": until.to_string() })) => {
                self.people[who].member.insert(case, until);
            }
            9 if done(json!({ "act": "leave", "case": case })) => drop(self.people[who].member.remove(&case)),
            10 => self.classify(office, which),
            11 => self.accreditation(),
            _ => {}
        }
        if self.dice.percent(4) {
            let client = self.app.signed_in(&self.people[who].login);
            let case = self.cases[which].id.to_string();
            if client.post_form("/me/recuse", &[("case", case.as_str())]).status() == 303 {
                self.people[who].out.insert(case);
            }
        }
    }

    fn clear(&mut self, office: &Office<'_>, who: usize, until: Timestamp) {
        let (level, id) = (self.dice.below(3), self.people[who].id.clone());
        let record = json!({ "act": "record_clearance", "scheme": "de-sueg", "level": LEVELS[level], "authority": "bmi",
            "granted": "2026-10-01T08:00:00Z", "until": until.to_string() });
        if office.act(&id, &record).status() != 204 {
            return;
        }
        let confirm = json!({ "act": "confirm_clearance", "scheme": "de-sueg" });
        let place = format!("/api/v1/register/{id}/acts");
        assert_eq!(office.first.post_json(&place, &confirm).status(), 403, "four eyes");
        assert_eq!(office.second.post_json(&place, &confirm).status(), 204);
        self.people[who].clearance = Some((level, until));
    }

    fn classify(&mut self, office: &Office<'_>, which: usize) {
        let case = self.cases[which].id.to_string();
        if self.asks.contains_key(&case) && self.dice.percent(25) {
            office.classify(&self.cases[which], None);
            self.asks.remove(&case);
        } else {
            let level = self.dice.below(3);
            office.classify(&self.cases[which], Some(&format!("de-sueg/{}", LEVELS[level])));
            self.asks.insert(case, level);
        }
    }

    /// The accreditation is taken out, or another one is looked up that ends soon.
    fn accreditation(&mut self) {
        let manager = self.app.account(&[Role::ProgrammeManager]);
        if let Some((id, _)) = self.accredited.take() {
            let reasons = [("reasons", "It was given up.")];
            assert_eq!(
                manager.post_form(&format!("/desk/accreditations/{id}/withdraw"), &reasons).status(),
                303
            );
            return;
        }
        let until = self.later().to_string()[..16].to_owned();
        let from = self.app.now().to_string()[..16].to_owned();
        let paper = [
            ("organisation", self.unit.organisation.as_str()),
            ("scheme", "iso-17025"),
            ("issuer", "An office"),
            ("number", "18"),
            ("from", &from),
            ("until", &until),
            ("publish", "yes"),
        ];
        let made = manager.post_form("/desk/accreditations", &paper);
        assert_eq!(made.status(), 303, "{}", made.text());
        let id = made.header("location").rsplit('/').next().unwrap().to_owned();
        let found = [("found", "holds"), ("place", "The issuer's register.")];
        assert_eq!(manager.post_form(&format!("/desk/accreditations/{id}/check"), &found).status(), 303);
        self.accredited = Some((id, format!("{until}:00Z").parse().unwrap()));
    }

    /// Whether the model lets a person into a case, at this second.
    fn is_let_in(&self, one: &Known, case: &str) -> bool {
        let now = self.app.now();
        let holds = |until: Option<Timestamp>| until.is_some_and(|until| now < until);
        let Some(asked) = self.asks.get(case) else { return !one.out.contains(case) };
        let cleared = one.clearance.is_some_and(|(level, until)| level >= *asked && now < until);
        cleared
            && holds(one.briefed)
            && holds(one.nda)
            && holds(one.member.get(case).copied())
            && !one.out.contains(case)
    }

    /// Everybody tries every case; what they may not see answers like what is not there, and no read of it is
    /// on the record.
    fn everybody_tries(&mut self, clients: &[Client<'_>]) {
        let reads = |app: &TestApp| app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM reads");
        for (one, client) in self.people.iter().zip(clients) {
            let listed = client.get("/api/v1/cases").text().to_owned();
            for case in &self.cases {
                let id = case.id.as_str();
                let (expected, before) = (self.is_let_in(one, id), reads(self.app));
                let status = client.get(&format!("/case/{id}")).status();
                let what = format!("{} and {id} at {}", one.login, self.app.now());
                assert_eq!(status == 200, expected, "{what}: {status}");
                assert_eq!(listed.contains(id), expected, "{what}, in the list");
                if expected {
                    self.admitted += usize::from(self.asks.contains_key(id));
                } else {
                    assert_eq!(reads(self.app), before, "{what}: what was not shown was not read");
                    self.shut += 1;
                }
            }
        }
    }

    /// What lapsed or was withdrawn starts no new work, from that second on.
    fn work_is_given_out(&mut self, manager: &Client<'_>) {
        let permits = self.accredited.as_ref().is_some_and(|(_, until)| self.app.now() < *until);
        let status = manager.post_form("/requests", &order_form(self.unit.id.as_str())).status();
        assert_eq!(status, if permits { 303 } else { 409 }, "at {}", self.app.now());
        self.refused += usize::from(!permits);
    }
}

fn live(seed: u64) {
    println!("seed {seed}");
    let app = TestApp::new();
    let mut life = Life::begin(&app, seed);
    for _ in 0..STEPS {
        life.time_passes();
        // A session lives for half a day; whatever they were let into before, they sign in anew.
        let office = app.office();
        (0..ACTS).for_each(|_| life.step(&office));
        let clients: Vec<Client<'_>> = life.people.iter().map(|one| app.signed_in(&one.login)).collect();
        life.everybody_tries(&clients);
        // An open session meets the end of what lets it in.
        life.time_passes();
        if clients[0].get("/desk").status() == 200 {
            life.everybody_tries(&clients);
        }
        life.work_is_given_out(&app.account(&[Role::ProgrammeManager]));
    }
    app.verify();
    let Life { admitted, shut, refused, .. } = life;
    println!("seed {seed}: {admitted} let in, {shut} shut out, {refused} times no work");
    assert!(admitted > 0 && shut > 0 && refused > 0, "in the life of seed {seed} nothing happened");
}

/// Domain rule 5.2, facts S35: who reads a classified case is cleared, a member and briefed at that second, and
/// what lapsed starts no new work.
#[test]
fn rule_5_2_who_is_let_in_is_so_at_that_second_in_one_life() {
    live(11);
}

#[test]
fn rule_5_2_who_is_let_in_is_so_at_that_second_in_another_life() {
    live(12);
}
