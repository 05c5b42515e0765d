//! What chance alone takes too long for: a life is short, and a fix, a shared draft that is outdated, a
//! merger and a publication each need several people in the right order. What has not happened yet is
//! pressed on with in the evening; faults strike here as everywhere.

use super::centre::Centre;
use super::people::Who;

/// Steps that somebody tries in one evening, at most.
const STEPS: usize = 10;

impl Centre {
    pub(super) fn press_on(&mut self) {
        let open = self.story.cases.iter().filter(|(_, case)| !case.closed && case.published.is_none());
        let open: Vec<String> = open.map(|(id, _)| id.clone()).collect();
        let Some(case) = self.dice.one(open.clone()) else { return };
        let vendor = self.vendors[0].0.clone();
        if !self.story.kinds.contains_key("case.vendor_fixed") {
            self.press_for_a_fix(&case, &vendor);
        }
        if self.outdated == 0 {
            self.press_for_an_outdated_draft(&case, &vendor);
        }
        let can_lose_one = open.len() > 2;
        if can_lose_one && !self.story.kinds.contains_key("case.merged") {
            let person = self.let_in(|who| *who == Who::Coordinator);
            self.merge(person, &case);
        } else if !self.story.kinds.contains_key("advisory.published") {
            self.press_for_publication(&case);
        }
    }

    /// Somebody who is let in, whatever happened to the session.
    pub(super) fn let_in(&mut self, fits: impl Fn(&Who) -> bool) -> usize {
        let shut = self.story.shut.clone();
        let fitting = |person: &usize| {
            let person = &self.people[*person];
            fits(&person.who) && !shut.contains(&person.actor)
        };
        let person = (0..self.people.len()).find(fitting).unwrap();
        while !self.is_in(person) {
            self.sign_in(person);
        }
        person
    }

    /// Invites a vendor, who agrees to hold; says whether it can read the case now.
    fn press_for_a_reader(&mut self, case: &str, vendor: &str) -> bool {
        for _ in 0..STEPS {
            if self.story.cases[case].is_open_to(vendor) {
                return true;
            }
            if self.story.cases[case].had(vendor) {
                let person = self.let_in(|who| *who == Who::Vendor(vendor.to_owned()));
                self.post(person, &format!("/case/{case}/terms"), &[("answer", "accept".into())]);
            } else {
                let person = self.let_in(|who| *who == Who::Coordinator);
                self.post(person, &format!("/case/{case}/invite"), &[("vendor", vendor.to_owned())]);
            }
        }
        false
    }

    fn press_for_a_fix(&mut self, case: &str, vendor: &str) {
        for _ in 0..STEPS {
            if !self.press_for_a_reader(case, vendor) || self.story.cases[case].vendors[vendor].fixed {
                return;
            }
            let person = self.let_in(|who| *who == Who::Vendor(vendor.to_owned()));
            let (place, name, value) = match self.story.cases[case].vendors[vendor].step.as_str() {
                "accept" => ("fix", "event", "fix_ready"),
                "validate" | "defer" => ("report-state", "step", "accept"),
                _ => ("report-state", "step", "validate"),
            };
            self.post(person, &format!("/case/{case}/{place}"), &[(name, value.into())]);
        }
    }

    fn press_for_an_outdated_draft(&mut self, case: &str, vendor: &str) {
        for _ in 0..STEPS {
            if self.outdated > 0 || !self.press_for_a_reader(case, vendor) {
                return;
            }
            let coordinator = self.let_in(|who| *who == Who::Coordinator);
            let latest = self.story.cases[case].latest.as_ref().map(|(revision, _)| *revision);
            match (latest, self.story.cases[case].shared) {
                (Some(latest), Some(shared)) if shared != latest => {
                    let person = self.let_in(|who| *who == Who::Vendor(vendor.to_owned()));
                    self.read_the_draft(person, case);
                }
                (Some(_), None) => self.decide(coordinator, case, "share"),
                _ => self.save(coordinator, case),
            }
        }
    }

    fn press_for_publication(&mut self, case: &str) {
        for step in 0..STEPS {
            let story = &self.story.cases[case];
            let (drafted, approved) = (story.latest.is_some(), story.approved.len());
            if story.published.is_some() {
                return;
            }
            let name = if step % 2 == 0 { "Anna Beispiel" } else { "Bert Muster" };
            let person = self.people.iter().position(|person| person.name == name).unwrap();
            while !self.is_in(person) {
                self.sign_in(person);
            }
            match (drafted, approved) {
                (false, _) => self.save(person, case),
                (true, 0 | 1) => self.decide(person, case, "approve"),
                (true, _) => self.decide(person, case, "publish"),
            }
        }
    }
}
