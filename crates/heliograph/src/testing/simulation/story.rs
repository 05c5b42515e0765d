//! What happened, told from the journal's entries alone: a second reading of them, simpler than the
//! program's own, that knows nothing of its states, views and policies.

use crate::ledger::Recorded;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Where a sealed thing belongs, which decides who may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// What a reporter wrote.
    Report(String),
    /// Her proof of concept or file.
    Exploit(String),
    /// What she and the centre told each other.
    Talk(String),
    /// How the centre knows of attacks.
    Evidence(String),
    Statement {
        case: String,
        vendor: String,
    },
    Message {
        case: String,
        from: String,
        to: String,
    },
    Draft {
        case: String,
        revision: u64,
    },
}

#[derive(Debug, Clone)]
pub(super) struct ReportStory {
    pub(super) received: Timestamp,
    pub(super) answered: bool,
    pub(super) decided: bool,
    pub(super) case: Option<String>,
    /// Stated by a manufacturer of something that is exploited.
    pub(super) aware: Option<Timestamp>,
    pub(super) exploit_deleted: bool,
    pub(super) erased: bool,
}

#[derive(Debug, Clone, Default)]
pub(super) struct VendorStory {
    pub(super) told: bool,
    pub(super) left: bool,
    pub(super) fixed: bool,
    /// Its last step with the report: `validate`, `accept`, …; nothing before the first.
    pub(super) step: String,
}

#[derive(Debug, Clone)]
pub(super) struct CaseStory {
    pub(super) opened: Timestamp,
    pub(super) reports: BTreeSet<String>,
    pub(super) reporters_left: BTreeSet<String>,
    pub(super) vendors: BTreeMap<String, VendorStory>,
    /// Until when each participant agreed to hold; nobody who declined or left.
    pub(super) agreed: BTreeMap<String, Timestamp>,
    pub(super) first_told: Option<Timestamp>,
    /// Begin and end, while it is in force.
    pub(super) embargo: Option<(Timestamp, Timestamp)>,
    pub(super) published: Option<Timestamp>,
    pub(super) closed: bool,
    pub(super) erased: bool,
    pub(super) latest: Option<(u64, String)>,
    pub(super) approved: BTreeSet<String>,
    pub(super) shared: Option<u64>,
    pub(super) out: BTreeSet<u64>,
    /// Cases that became part of this one, and of those before; and where this one went.
    pub(super) parts: BTreeSet<String>,
    pub(super) merged_into: Option<String>,
}

/// One advisory that went out, whether it was the latest draft, and who had approved exactly that.
#[derive(Debug, Clone)]
pub(super) struct Release {
    pub(super) case: String,
    pub(super) bound: bool,
    pub(super) persons: BTreeSet<String>,
}

#[derive(Default)]
pub(super) struct Story {
    /// The canonical bytes of every entry that somebody was told of.
    pub(super) entries: Vec<Vec<u8>>,
    pub(super) reports: BTreeMap<String, ReportStory>,
    pub(super) cases: BTreeMap<String, CaseStory>,
    /// Sealed things by the name of their item.
    pub(super) items: BTreeMap<String, Place>,
    pub(super) releases: Vec<Release>,
    /// How often each kind of entry was heard.
    pub(super) kinds: BTreeMap<String, usize>,
    /// Accounts that were shut.
    pub(super) shut: BTreeSet<String>,
    /// The person behind each account.
    pub(super) persons: BTreeMap<String, String>,
}

fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap().to_owned()
}

fn time(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

impl Story {
    pub(super) fn hear(&mut self, recorded: &Recorded) {
        let (subject, id) = recorded.stream.split_once('/').unwrap();
        let verb = recorded.kind.split_once('.').unwrap().1;
        *self.kinds.entry(recorded.kind.clone()).or_default() += 1;
        match subject {
            "report" => self.report(id, verb, recorded),
            "case" => self.case(id, verb, recorded),
            "advisory" => self.advisory(id, verb, recorded),
            "account" => {
                if let Some(person) = recorded.body["person"].as_str() {
                    self.persons.insert(recorded.stream.clone(), person.to_owned());
                }
                if verb == "disabled" {
                    self.shut.insert(recorded.stream.clone());
                }
            }
            _ => {}
        }
        self.entries.push(recorded.canonical());
    }

    fn seal(&mut self, item: &Value, place: Place) {
        if let Some(item) = item["item"].as_str() {
            self.items.insert(item.to_owned(), place);
        }
    }

    fn report(&mut self, id: &str, verb: &str, recorded: &Recorded) {
        let (id, body) = (id.to_owned(), &recorded.body);
        if verb == "received" {
            self.seal(&body["text"], Place::Report(id.clone()));
            self.seal(&body["proof_of_concept"], Place::Exploit(id.clone()));
            for file in body["files"].as_array().unwrap() {
                self.seal(file, Place::Exploit(id.clone()));
            }
            let urgent = body["for_manufacturer"] == true && body["exploited"] == true;
            let aware = Some(&body["aware"]["at"]).filter(|at| urgent && at.is_string()).map(time);
            let report = ReportStory {
                received: recorded.at,
                answered: false,
                decided: false,
                case: None,
                aware,
                exploit_deleted: false,
                erased: false,
            };
            self.reports.insert(id, report);
            return;
        }
        match verb {
            "message_added" => self.seal(&body["text"], Place::Talk(id.clone())),
            "declined" => self.seal(&body["reason"], Place::Talk(id.clone())),
            _ => {}
        }
        let report = self.reports.get_mut(&id).unwrap();
        match verb {
            "message_added" => report.answered |= body["from"] == "centre",
            "accepted" | "moved" => report.case = Some(text(body, "case")),
            "exploit_deleted" => report.exploit_deleted = true,
            "erased" => report.erased = true,
            _ => {}
        }
        if matches!(verb, "accepted" | "declined" | "duplicate_marked") {
            (report.answered, report.decided) = (true, true);
        }
    }

    fn case(&mut self, id: &str, verb: &str, recorded: &Recorded) {
        let (case, body) = (id.to_owned(), &recorded.body);
        match verb {
            "opened" => {
                let new = CaseStory {
                    opened: recorded.at,
                    reports: [text(body, "report")].into(),
                    reporters_left: BTreeSet::new(),
                    vendors: BTreeMap::new(),
                    agreed: BTreeMap::new(),
                    first_told: None,
                    embargo: None,
                    published: None,
                    closed: false,
                    erased: false,
                    latest: None,
                    approved: BTreeSet::new(),
                    shared: None,
                    out: BTreeSet::new(),
                    parts: BTreeSet::new(),
                    merged_into: None,
                };
                self.cases.insert(case, new);
                return;
            }
            "state_observed" => self.seal(&body["evidence"], Place::Evidence(case.clone())),
            "statement_made" => {
                let vendor = text(body, "vendor");
                self.seal(&body["statement"], Place::Statement { case: case.clone(), vendor });
            }
            "message_sent" => {
                let to = body["to"].as_str().or(body["to"]["only"].as_str()).unwrap().to_owned();
                let from = text(body, "from");
                self.seal(&body["text"], Place::Message { case: case.clone(), from, to });
            }
            _ => {}
        }
        if verb == "merged" {
            self.merge(&case, &text(body, "from"), &body["part"]);
        }
        if verb == "erased" {
            // With the case goes what became part of it.
            for part in self.cases[&case].parts.clone() {
                self.cases.get_mut(&part).unwrap().erased = true;
            }
        }
        self.cases.get_mut(&case).unwrap().hear(verb, recorded);
    }

    /// What a case brings along that becomes part of another.
    fn merge(&mut self, into: &str, from: &str, part: &Value) {
        let before = self.cases[from].clone();
        let case = self.cases.get_mut(into).unwrap();
        case.parts.insert(from.to_owned());
        case.parts.extend(before.parts);
        case.first_told = case.first_told.into_iter().chain(before.first_told).min();
        case.reports.extend(before.reports);
        case.reporters_left.extend(before.reporters_left);
        for (id, theirs) in part["vendors"].as_object().unwrap() {
            let theirs = VendorStory {
                told: theirs["told"].is_string(),
                left: theirs["left"] == true,
                fixed: matches!(theirs["fix"].as_str().unwrap(), "ready" | "deployed"),
                step: before.vendors[id].step.clone(),
            };
            let ours = case.vendors.entry(id.clone()).or_insert_with(|| theirs.clone());
            ours.told |= theirs.told;
            ours.left &= theirs.left;
            ours.fixed |= theirs.fixed;
        }
    }

    /// The case that goes on for this one.
    pub(super) fn home(&self, case: &str) -> &CaseStory {
        let case = &self.cases[case];
        case.merged_into.as_ref().map_or(case, |into| self.home(into))
    }

    fn advisory(&mut self, case: &str, verb: &str, recorded: &Recorded) {
        let body = &recorded.body;
        let revision = body["revision"].as_u64().unwrap();
        if verb == "revised" {
            self.seal(&body["draft"], Place::Draft { case: case.to_owned(), revision });
        }
        let story = self.cases.get_mut(case).unwrap();
        match verb {
            "revised" => {
                story.latest = Some((revision, text(body, "hash")));
                story.approved.clear();
            }
            "shared" => story.shared = Some(revision),
            "approved" => {
                // One of another text is none.
                if story.latest == Some((revision, text(body, "hash"))) {
                    story.approved.insert(recorded.actor.to_string());
                }
            }
            _ => {
                story.out.insert(revision);
                self.releases.push(Release {
                    case: case.to_owned(),
                    bound: story.latest == Some((revision, text(body, "hash"))),
                    persons: story.approved.iter().map(|account| self.persons[account].clone()).collect(),
                });
            }
        }
    }
}

impl CaseStory {
    fn hear(&mut self, verb: &str, recorded: &Recorded) {
        let body = &recorded.body;
        let vendor = body["vendor"].as_str().unwrap_or_default().to_owned();
        match verb {
            "report_added" => {
                self.reports.insert(text(body, "report"));
            }
            "vendor_invited" => {
                self.first_told.get_or_insert(recorded.at);
                self.vendors.entry(vendor).or_default().left = false;
            }
            "vendor_told" => self.vendors.get_mut(&vendor).unwrap().told = true,
            "vendor_moved" => self.vendors.get_mut(&vendor).unwrap().step = text(body, "step"),
            "vendor_fixed" => self.vendors.get_mut(&vendor).unwrap().fixed = true,
            "participant_left" => {
                let who = body["who"].as_str().unwrap();
                match self.vendors.get_mut(who) {
                    Some(vendor) => vendor.left = true,
                    None => drop(self.reporters_left.insert(who.to_owned())),
                }
            }
            "published" => self.published = Some(recorded.at),
            "closed" => self.closed = true,
            "merged_into" => (self.closed, self.merged_into) = (true, Some(text(body, "into"))),
            "erased" => self.erased = true,
            "embargo_changed" => self.embargo(&body["change"]),
            _ => {}
        }
    }

    fn embargo(&mut self, change: &Value) {
        let who = change["by"].as_str().or(change["participant"].as_str()).unwrap_or_default();
        match change["event"].as_str().unwrap() {
            "activated" => {
                self.embargo = Some((time(&change["at"]), time(&change["end"])));
            }
            "revision_taken" => {
                let began = self.embargo.unwrap().0;
                self.embargo = Some((began, time(&change["end"])));
            }
            "merged" => self.embargo = Some((time(&change["began"]), time(&change["end"]))),
            "ended" => self.embargo = None,
            "accepted" => drop(self.agreed.insert(who.to_owned(), time(&change["until"]))),
            "declined" | "left" => drop(self.agreed.remove(who)),
            _ => {}
        }
    }

    /// Whether a vendor may read what others brought into the case.
    pub(super) fn is_open_to(&self, vendor: &str) -> bool {
        self.vendors.get(vendor).is_some_and(|vendor| vendor.told && !vendor.left) && self.is_held_by(vendor)
    }

    /// Whether a vendor was in a case when it became part of another one.
    pub(super) fn had(&self, vendor: &str) -> bool {
        self.vendors.get(vendor).is_some_and(|vendor| !vendor.left)
    }

    /// Whether a reporter takes part.
    pub(super) fn has_reporter(&self, report: &str) -> bool {
        self.reports.contains(report) && !self.reporters_left.contains(report)
    }

    /// Whether somebody agreed to hold as long as the embargo asks, or none is in force.
    pub(super) fn is_held_by(&self, who: &str) -> bool {
        let Some((_, end)) = self.embargo else { return true };
        self.agreed.get(who).is_some_and(|until| *until >= end)
    }
}
