//! The world of one life: the centre, its people, what they wrote, what was heard of it.

use super::dice::Dice;
use super::people::{Person, Who};
use super::rights::Mark;
use super::story::Story;
use super::watch::{DRAFTED, SEALED, marks_in};
use crate::jobs;
use crate::ledger::{self, Item, Recorded, Unsealed};
use crate::people::Mandate;
use crate::refusal::Refusal;
use crate::testing::{Answer, TestApp};
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet};
use storage::Fault;

/// What can fail: each statement that writes, and the commit.
const WRITES: &[&str] = &[
    "INSERT INTO events",
    "INSERT INTO tree_nodes",
    "INSERT INTO vault_keys",
    "INSERT INTO vault_items",
    "UPDATE vault_items",
    "INSERT INTO reports",
    "UPDATE reports",
    "INSERT INTO cases",
    "INSERT INTO participants",
    "INSERT INTO advisories",
    "INSERT INTO deadlines",
    "INSERT INTO reads",
    "INSERT INTO sessions",
    "INSERT INTO submissions",
    "INSERT INTO drafts",
    "INSERT INTO partners",
    "INSERT INTO partner_requests",
    "INSERT INTO partner_finds",
    "INSERT INTO accreditations",
    "COMMIT",
];

pub(super) struct Centre {
    pub(super) app: TestApp,
    pub(super) dice: Dice,
    pub(super) people: Vec<Person>,
    /// Organisations and their mandates.
    pub(super) vendors: Vec<(String, Mandate)>,
    /// The organisation that wants to be a partner.
    pub(super) unit: String,
    pub(super) marks: BTreeMap<String, Mark>,
    pub(super) story: Story,
    /// What was acknowledged: who finds it where.
    pub(super) acknowledged: Vec<(usize, String, String)>,
    /// The last requests, for whoever reads a failure.
    diary: Vec<String>,
    /// Marks seen in answers, requests, faults that struck, deaths: a life in which nothing happens
    /// proves nothing.
    pub(super) seen: usize,
    requests: usize,
    faults: usize,
    deaths: usize,
    /// How often a participant read a shared draft of which there was a newer one.
    pub(super) outdated: usize,
}

/// What a life of the test command must have seen, or it proves nothing about it.
pub(super) const MUST_HAPPEN: &[&str] = &[
    "case.merged",
    "case.vendor_fixed",
    "advisory.shared",
    "advisory.published",
    "partner.activated",
    "request.delivered",
];

impl Centre {
    pub(super) fn open(seed: u64) -> Self {
        let mut centre = Self {
            app: TestApp::new(),
            dice: Dice::new(seed),
            people: Vec::new(),
            vendors: Vec::new(),
            unit: String::new(),
            marks: BTreeMap::new(),
            story: Story::default(),
            acknowledged: Vec::new(),
            diary: Vec::new(),
            seen: 0,
            requests: 0,
            faults: 0,
            deaths: 0,
            outdated: 0,
        };
        centre.populate();
        centre
    }

    pub(super) fn summary(&self) -> String {
        let Self { requests, seen, faults, deaths, .. } = self;
        let (entries, reports, cases) =
            (self.story.entries.len(), self.story.reports.len(), self.story.cases.len());
        let out = self.story.releases.len();
        let happened = |kind: &str| format!(", {} {kind}", self.story.kinds.get(kind).unwrap_or(&0));
        let happened: String = MUST_HAPPEN.iter().map(|kind| happened(kind)).collect();
        format!(
            "{requests} requests, {seen} sealed texts shown, {entries} entries, {reports} reports, \
             {cases} cases, {out} releases, {faults} faults, {deaths} deaths, \
             {} views of a shared draft that was not the latest{happened}",
            self.outdated
        )
    }

    /// A new text that occurs nowhere else.
    pub(super) fn sealed_text(&mut self, author: usize) -> String {
        self.mark(author, SEALED, false)
    }

    pub(super) fn contact(&mut self, author: usize) -> String {
        self.mark(author, SEALED, true)
    }

    pub(super) fn draft_text(&mut self, author: usize) -> String {
        self.mark(author, DRAFTED, false)
    }

    fn mark(&mut self, author: usize, word: &str, is_contact: bool) -> String {
        let mark = format!("{word}{}", self.marks.len());
        self.marks.insert(mark.clone(), Mark { author, is_contact, item: None });
        format!("{mark}x")
    }

    pub(super) fn get(&mut self, person: usize, path: &str) -> Answer {
        self.ask(person, "GET", path, &[])
    }

    pub(super) fn post(&mut self, person: usize, path: &str, form: &[(&str, String)]) -> Answer {
        self.ask(person, "POST", path, form)
    }

    /// One request, and everything that must be true of its answer.
    fn ask(&mut self, person: usize, method: &str, path: &str, form: &[(&str, String)]) -> Answer {
        let who = self.people[person].clone();
        let what = format!("{} {method} {path} as {}", self.app.now(), who.name);
        let before = self.story.entries.len();
        let fault = self.next_fault();
        let client = self.app.browser(who.address, who.cookies.clone());
        let (files, pairs): (Vec<_>, Vec<_>) =
            form.iter().map(|(name, value)| (*name, value.as_str())).partition(|(name, _)| *name == "files");
        let answer = match (method, path) {
            ("POST", "/report") => {
                let files: Vec<_> =
                    files.iter().map(|(name, text)| (*name, "proof.txt", text.as_bytes())).collect();
                client.multipart(path, &pairs, &files)
            }
            ("POST", _) => client.post_form(path, &pairs),
            _ => client.get(path),
        };
        let struck = fault.filter(|_| self.app.app.ledger.db().forget_faults() == 0);
        self.requests += 1;
        self.faults += usize::from(struck.is_some());
        self.diary.push(format!("{what}: {} {struck:?}", answer.status()));
        let lost = struck.as_ref().is_some_and(|fault| fault.at == "COMMIT" && fault.kept);
        // A receipt waits for the next checkpoint, and says so.
        let waits = answer.status() == 503 && path == "/my/receipt";
        let well = answer.status() < 500 || waits || struck.is_some();
        assert!(well, "{what}: {}{}", answer.text(), self.last_words());
        if answer.status() >= 500 && !lost {
            let size = usize::try_from(self.app.size()).unwrap();
            assert_eq!(size, before, "{what}: refused, and kept: {struck:?}{}", self.last_words());
        }
        self.people[person].cookies = client.into_cookies();
        // What was refused comes back to whoever wrote it, so that nothing is lost.
        let refused = form.iter().filter(|_| answer.status() >= 400);
        let own = refused.flat_map(|(_, value)| marks_in(value)).collect();
        self.watch(person, &what, before, &answer, &own);
        answer
    }

    fn next_fault(&mut self) -> Option<Fault> {
        if self.story.reports.is_empty() || !self.dice.percent(12) {
            return None;
        }
        // Whatever is written, an entry and the commit are.
        let at = if self.dice.percent(50) {
            self.dice.pick(WRITES)
        } else {
            self.dice.pick(&["INSERT INTO events", "COMMIT"])
        };
        let fault = Fault { at: at.into(), kept: self.dice.percent(50) };
        self.app.app.ledger.db().inject(fault.clone());
        Some(fault)
    }

    /// The last requests before a failure.
    pub(super) fn last_words(&self) -> String {
        let last = self.diary.len().saturating_sub(25);
        format!("\n{}", self.diary[last..].join("\n"))
    }

    pub(super) fn entries_from(&self, before: usize) -> Vec<Recorded> {
        let (from, to) = (i64::try_from(before).unwrap(), self.app.size());
        self.app.read(|tx| (from..to).map(|seq| Ok(ledger::entry(tx, seq)?)).collect::<Result<_, Refusal>>())
    }

    /// Hears what happened since, and finds out where each mark was sealed: the world has the keys.
    pub(super) fn catch_up_with_the_journal(&mut self) {
        let mut changed = BTreeSet::new();
        for recorded in self.entries_from(self.story.entries.len()) {
            changed.extend(recorded.stream.strip_prefix("case/").map(str::to_owned));
            let known: Vec<String> = self.story.items.keys().cloned().collect();
            self.story.hear(&recorded);
            let fresh: Vec<Item> =
                items(&recorded.body).into_iter().filter(|item| !known.contains(&item.item)).collect();
            for item in fresh.into_iter().filter(|item| self.story.items.contains_key(&item.item)) {
                let name = item.item.clone();
                let opened = self.app.try_submit(move |w| Ok(w.unseal(&item)?));
                let Ok(Unsealed::Bytes(bytes)) = opened else { continue };
                for mark in marks_in(&String::from_utf8_lossy(&bytes)) {
                    let mark = self.marks.get_mut(&mark).unwrap();
                    assert_eq!(mark.item, None, "{name}: a text was taken twice");
                    mark.item = Some(name.clone());
                }
            }
        }
        changed.iter().for_each(|case| self.views_follow(case));
    }

    /// What happens by itself.
    pub(super) fn work(&mut self) {
        let app = self.app.app.clone();
        self.app.runtime.block_on(async {
            jobs::housekeep(&app).await.unwrap();
            jobs::catch_up(&app).await.unwrap();
        });
        self.app.app.ledger.checkpoint_blocking().unwrap();
        self.catch_up_with_the_journal();
    }

    pub(super) fn die(&mut self) {
        self.app.reopen();
        self.deaths += 1;
        self.diary.push("died, and came back".into());
    }

    /// A vendor's person: most of the time one who has a case to look at.
    fn some_vendor(&mut self) -> Option<usize> {
        let cases: Vec<_> = self.story.cases.values().map(|case| case.vendors.clone()).collect();
        let invited = |who: &Who| matches!(who, Who::Vendor(vendor) if cases.iter().any(|vendors| vendors.contains_key(vendor)));
        let chosen = if self.dice.percent(80) { self.somebody(invited) } else { None };
        chosen.or_else(|| self.somebody(|who| matches!(who, Who::Vendor(_))))
    }

    /// A moment of the life: time passes, somebody does something.
    pub(super) fn act(&mut self) {
        let minutes = self.dice.between(1, 80);
        self.app.advance_by(SignedDuration::from_mins(minutes));
        if self.dice.percent(30) {
            self.work();
        }
        let chosen = match self.dice.below(20) {
            0 | 1 => return self.report(),
            2..6 => self.somebody(|who| matches!(who, Who::Reporter(_))),
            6..11 => self.some_vendor(),
            _ => self.somebody(|who| *who == Who::Coordinator),
        };
        let Some(person) = chosen else { return self.report() };
        if !self.is_in(person) {
            self.sign_in(person);
        }
        match self.people[person].who {
            Who::Reporter(_) => self.follow(person),
            Who::Vendor(_) => self.take_part(person),
            _ if self.dice.percent(40) => self.write(person),
            _ => self.coordinate(person),
        }
    }
}

/// Every sealed thing that an entry names.
fn items(body: &serde_json::Value) -> Vec<Item> {
    match body {
        serde_json::Value::Object(fields) => match serde_json::from_value(body.clone()) {
            Ok(item) => vec![item],
            Err(_) => fields.values().flat_map(items).collect(),
        },
        serde_json::Value::Array(all) => all.iter().flat_map(items).collect(),
        _ => Vec::new(),
    }
}
