//! The advisory of a case on its way: drafts, sharing, approvals, publication.

use super::centre::Centre;
use crate::testing::case::advisory_form;
use jiff::SignedDuration;

impl Centre {
    /// A coordinator writes at the advisory of a case, or decides about it.
    pub(super) fn write(&mut self, person: usize) {
        let open = || self.story.cases.iter().filter(|(_, case)| !case.closed);
        // What is begun is brought to its end, most of the time, and one thing before the next: an
        // advisory needs a draft, two persons and somebody who sends it, and a life is short.
        let begun: Vec<String> = open()
            .filter(|(_, case)| case.latest.is_some() && case.published.is_none())
            .map(|(id, _)| id.clone())
            .take(1)
            .collect();
        let open: Vec<String> = open().map(|(id, _)| id.clone()).collect();
        let chosen = if self.dice.percent(75) { self.dice.one(begun) } else { None };
        let Some(case) = chosen.or_else(|| self.dice.one(open)) else { return };
        let place = |what: &str| format!("/case/{case}/advisory{what}");
        let latest = self.story.cases[&case].latest.clone();
        // What participants have is soon not the latest any more.
        let shared = self.story.cases[&case].shared;
        let is_with_all = shared.is_some() && shared == latest.as_ref().map(|(revision, _)| *revision);
        let again = self.dice.percent(if is_with_all { 50 } else { 10 });
        if latest.is_none() || again {
            return self.save(person, &case);
        }
        let Some((revision, hash)) = latest else { return };
        // Now and then somebody decides on what was before their eyes a while ago.
        let revision = if self.dice.percent(10) { revision.saturating_sub(1) } else { revision };
        let order = [("revision", revision.to_string()), ("hash", hash)];
        // By accounts and not by persons: who counts wrongly is to be led into publishing too early.
        let approved = self.story.cases[&case].approved.len() >= 2;
        let what = match self.dice.below(10) {
            0 => "/share",
            _ if shared.is_none() && self.dice.percent(30) => "/share",
            1 | 2 => "/publish",
            3 => "/approve",
            _ if approved => "/publish",
            _ => "/approve",
        };
        self.post(person, &place(what), &order);
        if what == "/approve" && self.dice.percent(60) {
            self.with_another_account(person, &place(what), &order);
            self.post(person, &place("/publish"), &order);
        }
        self.app.advance_by(SignedDuration::from_mins(1));
    }

    /// Saves a draft that says something new.
    pub(super) fn save(&mut self, person: usize, case: &str) {
        let base = self.story.cases[case].latest.as_ref().map_or(0, |(revision, _)| *revision);
        let mut form: Vec<(&str, String)> =
            advisory_form().iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let summary = format!("The valve opens: {}.", self.draft_text(person));
        for (name, value) in &mut form {
            match *name {
                "base" => *value = base.to_string(),
                "summary" => value.clone_from(&summary),
                // No authority gives one number to two advisories.
                "cves" => value.clear(),
                _ => {}
            }
        }
        self.post(person, &format!("/case/{case}/advisory"), &form);
    }

    /// Shares, approves or publishes the latest draft.
    pub(super) fn decide(&mut self, person: usize, case: &str, what: &str) {
        let Some((revision, hash)) = self.story.cases[case].latest.clone() else { return };
        let order = [("revision", revision.to_string()), ("hash", hash)];
        self.post(person, &format!("/case/{case}/advisory/{what}"), &order);
    }

    /// Somebody with two accounts tries to be two persons.
    fn with_another_account(&mut self, person: usize, path: &str, form: &[(&str, String)]) {
        let who = |person: &super::people::Person| self.story.persons.get(&person.actor).cloned();
        let me = who(&self.people[person]);
        let same = |other: &usize| *other != person && who(&self.people[*other]) == me;
        let Some(other) = (0..self.people.len()).find(same) else { return };
        if !self.is_in(other) {
            self.sign_in(other);
        }
        self.post(other, path, form);
    }
}
