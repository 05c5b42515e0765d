//! What must be true every evening.

use super::centre::Centre;
use super::people::Who;
use super::story::{CaseStory, Place};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use storage::params;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

impl Centre {
    pub(super) fn evening(&mut self, day: u64) {
        if self.dice.percent(50) {
            self.die();
            self.nothing_acknowledged_was_lost(5);
        }
        // Most of what the rules count takes weeks, in which nobody needs to do anything.
        let days = if day.is_multiple_of(2) { self.dice.between(10, 30) } else { 0 };
        self.app.advance_by(HOUR * i32::try_from(24 * days).unwrap() + HOUR);
        self.work();
        self.embargoes_end();
        self.exploits_are_deleted();
        self.two_persons_published();
        let coordinator = self.let_in(|who| *who == Who::Coordinator);
        self.clocks_are_right(coordinator);
        self.the_desk_counts_right(coordinator);
        // Entries, tree, checkpoints, the vault, and every view against its rebuild.
        self.app.verify();
    }

    pub(super) fn last_day(&mut self) {
        self.die();
        let all = self.acknowledged.len();
        self.nothing_acknowledged_was_lost(all);
        self.no_draft_lies_open();
        assert!(self.seen > 0 && !self.story.reports.is_empty(), "nothing happened{}", self.last_words());
    }

    fn nothing_acknowledged_was_lost(&mut self, how_many: usize) {
        let now = self.app.read(|tx| {
            let rows = tx.query("SELECT canonical FROM events ORDER BY seq", &[])?;
            Ok(rows.iter().map(|row| row.get(0).unwrap()).collect::<Vec<Vec<u8>>>())
        });
        let known = self.story.entries.len();
        assert!(now.starts_with(&self.story.entries), "of {known} entries that were told of, some are lost");
        for _ in 0..how_many.min(self.acknowledged.len()) {
            let (person, place, mark) = self.dice.pick(&self.acknowledged.clone());
            let item = self.marks[&mark].item.clone();
            let item =
                item.unwrap_or_else(|| panic!("{mark} was acknowledged and is nowhere{}", self.last_words()));
            // What was erased, and what belongs to a case that she left.
            if !self.story.may_see(&self.people[person], false, &self.story.items[&item]) {
                continue;
            }
            while !self.is_in(person) {
                self.sign_in(person);
            }
            let there = self.stands_there(person, place.clone(), &format!("{mark}x"));
            assert!(there, "{place} does not show {mark}{}", self.last_words());
        }
    }

    /// Whether a text stands on a page, or on one that leads back from it.
    fn stands_there(&mut self, person: usize, mut place: String, text: &str) -> bool {
        for history in 1..20 {
            let mut page = self.get(person, &place);
            while page.status() >= 500 {
                page = self.get(person, &place);
            }
            // The number of a case that became part of another leads there.
            if page.status() == 303 && page.header("location").starts_with("/case/") {
                place = page.header("location").to_owned();
                continue;
            }
            if page.text().contains(text) || !place.contains("/case") {
                return page.text().contains(text);
            }
            place = format!("{}?history={}", place.split('?').next().unwrap(), history + 1);
        }
        false
    }

    /// The lists say of a case what its entries say, right after each of them.
    pub(super) fn views_follow(&self, id: &str) {
        let case = &self.story.cases[id];
        let there = case.vendors.iter().filter(|(_, vendor)| !vendor.left && case.merged_into.is_none());
        let expected: BTreeMap<String, (bool, bool)> =
            there.map(|(id, vendor)| (id.clone(), (vendor.told, vendor.fixed))).collect();
        let sql = "SELECT organisation, told, vfd FROM participants WHERE case_id = $1";
        let listed: BTreeMap<String, (bool, bool)> = self.app.read(|tx| {
            let row = |row: &storage::Row| -> Result<_, storage::Error> {
                let (told, vfd): (Option<Timestamp>, String) = (row.get(1)?, row.get(2)?);
                Ok((row.get(0)?, (told.is_some(), vfd == "fix ready" || vfd == "fix deployed")))
            };
            Ok(tx.query(sql, params![id])?.iter().map(row).collect::<Result<_, _>>()?)
        });
        assert_eq!(
            expected,
            listed,
            "{id}: told and fixed, by the journal and by the list{}",
            self.last_words()
        );
        let stage = match (case.closed, case.published) {
            (true, _) => "closed",
            (false, Some(_)) => "published",
            (false, None) => "open",
        };
        let sql = "SELECT stage FROM cases WHERE id = $1";
        let listed = self.app.read(|tx| Ok(tx.query_one(sql, params![id])?.get::<String>(0)?));
        assert_eq!(stage, listed, "{id}{}", self.last_words());
    }

    /// An embargo has an end, within what is allowed, and it is over when its end has come.
    fn embargoes_end(&self) {
        let now = self.app.now();
        for (id, case) in &self.story.cases {
            let Some((began, end)) = case.embargo else { continue };
            assert!(end > now, "{id}: the embargo to {end} holds at {now}");
            assert!(end <= began + HOUR * (24 * 180), "{id}: from {began} to {end}");
        }
        let held: BTreeSet<String> = self
            .story
            .cases
            .iter()
            .filter(|(_, case)| case.embargo.is_some())
            .map(|(id, _)| id.clone())
            .collect();
        let sql = "SELECT id FROM cases WHERE embargo IN ('active', 'revise') AND embargo_end IS NOT NULL";
        let listed =
            self.app.read(|tx| Ok(tx.query(sql, &[])?.iter().map(|row| row.get(0).unwrap()).collect()));
        assert_eq!(held, listed, "cases under embargo, by the journal and by the list");
    }

    /// Exploit material goes when its case has been public for thirty days (house rule 8), and not
    /// before; with the case it goes at any time.
    fn exploits_are_deleted(&self) {
        let now = self.app.now();
        for (id, report) in self.story.reports.iter().filter(|(_, report)| !report.erased) {
            let has_some = self.story.items.values().any(|place| *place == Place::Exploit(id.clone()));
            let case = report.case.as_ref().map(|case| &self.story.cases[case]);
            let public = case.and_then(|case| case.published);
            let over = has_some && public.is_some_and(|public| now >= public + HOUR * (24 * 30));
            assert_eq!(report.exploit_deleted, over, "{id}: public since {public:?}, at {now}");
        }
    }

    /// What is out was approved, in exactly these bytes, by two persons.
    fn two_persons_published(&self) {
        for release in &self.story.releases {
            assert!(release.bound && release.persons.len() >= 2, "{}: {release:?}", release.case);
        }
    }

    /// What is owed, by the rules read from their sources, against what the centre says.
    fn clocks_are_right(&mut self, coordinator: usize) {
        let now = self.app.now();
        let mut late = BTreeSet::new();
        for (id, report) in &self.story.reports {
            // ISO/IEC 29147:2018, 6.2.5: an answer within seven days.
            if !report.answered && now > report.received + HOUR * (24 * 7) {
                late.insert((id.clone(), "acknowledge".to_owned()));
            }
            // Regulation (EU) 2024/2847, article 14(2)(a): an early warning within 24 hours.
            if report.aware.is_some_and(|aware| now > aware + HOUR * 24) {
                late.insert((id.clone(), "aev.ew".to_owned()));
            }
        }
        for (id, case) in &self.story.cases {
            late.extend(owed(case, now).into_iter().map(|duty| (id.clone(), duty.to_owned())));
        }
        let clocks = self.all(coordinator, "/api/v1/deadlines");
        let word = |clock: &Value, name: &str| clock[name].as_str().unwrap().to_owned();
        let mut said = BTreeSet::new();
        for clock in &clocks {
            let due: Timestamp = word(clock, "due").parse().unwrap();
            assert_eq!(word(clock, "state") == "overdue", due < now, "{clock}");
            let duty = word(clock, "duty");
            if due < now && matches!(duty.as_str(), "acknowledge" | "aev.ew" | "vendor.notify" | "publish") {
                said.insert((word(clock, "subject"), duty));
            }
        }
        assert_eq!(late, said, "overdue by the journal, and by the centre, at {now}{}", self.last_words());
        let due = |clock: &&Value| word(clock, "due").parse::<Timestamp>().unwrap();
        let soon = clocks.iter().filter(|clock| due(clock) >= now && due(clock) < now + HOUR * 24).count();
        let overdue = clocks.iter().filter(|clock| due(clock) < now).count();
        let desk = self.insist(coordinator, "/desk");
        assert_eq!([count(&desk, "due within a day"), count(&desk, "overdue")], [soon, overdue]);
    }

    /// Stock and queue, against a recount.
    fn the_desk_counts_right(&mut self, coordinator: usize) {
        let now = self.app.now();
        let open: Vec<&CaseStory> = self.story.cases.values().filter(|case| !case.closed).collect();
        let there = |case: &&&CaseStory| case.vendors.values().any(|vendor| !vendor.left);
        let unfixed = |case: &&&CaseStory| {
            let old = case.opened <= now - HOUR * (24 * 45);
            old && case.vendors.values().any(|vendor| !vendor.left && !vendor.fixed)
        };
        let expected = [
            ("open cases", open.len()),
            ("not fixed after 45 days", open.iter().filter(unfixed).count()),
            ("vendor not told yet", open.iter().filter(|case| !there(case)).count()),
            ("not published", open.iter().filter(|case| case.published.is_none()).count()),
            ("reports waiting", self.story.reports.values().filter(|report| !report.decided).count()),
        ];
        let (cases, waiting) = (open.len(), expected[4].1);
        let desk = self.insist(coordinator, "/desk");
        for (label, number) in expected {
            assert_eq!(count(&desk, label), number, "{label}{}", self.last_words());
        }
        let mut queue = 0;
        for page in 1.. {
            let rows = self.insist(coordinator, &format!("/desk?waiting={page}"));
            let rows = rows.split("<h2").find(|part| part.contains("Reports waiting")).unwrap();
            match rows.matches("href=\"/desk/report/").count() {
                0 => break,
                listed => queue += listed,
            }
        }
        assert_eq!(queue, waiting, "reports that wait{}", self.last_words());
        assert_eq!(self.all(coordinator, "/api/v1/cases").len(), cases, "cases in the list for programs");
    }

    /// Page after page of a list.
    fn all(&mut self, person: usize, list: &str) -> Vec<Value> {
        let mut all = Vec::new();
        for page in 1.. {
            let text = self.insist(person, &format!("{list}?page={page}"));
            let rows: Vec<Value> = serde_json::from_str(&text).unwrap();
            if rows.is_empty() {
                break;
            }
            all.extend(rows);
        }
        all
    }

    /// A page, asked for until no fault stands before it.
    fn insist(&mut self, person: usize, path: &str) -> String {
        loop {
            let answer = self.get(person, path);
            if answer.status() < 500 {
                assert_eq!(answer.status(), 200, "{path}{}", self.last_words());
                return answer.text().to_owned();
            }
        }
    }

    /// What was not published lies in no table.
    fn no_draft_lies_open(&self) {
        for (mark, known) in &self.marks {
            let place = known.item.as_ref().map(|item| &self.story.items[item]);
            if mark.starts_with(super::watch::DRAFTED)
                && !place.is_some_and(|place| self.story.is_public(place))
            {
                let found = self.app.tables_with(format!("{mark}x").as_bytes());
                assert!(found.is_empty(), "{mark} lies open in {found:?}");
            }
        }
    }
}

/// What the centre owes in a case and is late with, by its own policy.
fn owed(case: &CaseStory, now: Timestamp) -> Vec<&'static str> {
    let mut late = Vec::new();
    if case.merged_into.is_some() {
        return late;
    }
    if case.first_told.is_none() && now > case.opened + HOUR * 48 {
        late.push("vendor.notify");
    }
    // A closed case goes no further, and nothing of it is published any more.
    let told = case.first_told.filter(|_| case.published.is_none() && !case.closed);
    if told.is_some_and(|told| now > told + HOUR * (24 * 45)) {
        late.push("publish");
    }
    late
}

/// A number on the desk, by the words behind it.
fn count(desk: &str, label: &str) -> usize {
    let line =
        desk.split("<li>").skip(1).find(|line| line.contains(label)).unwrap_or_else(|| panic!("no {label}"));
    let number = line.split("<b>").nth(1).and_then(|rest| rest.split('<').next());
    number.unwrap().parse().unwrap()
}
