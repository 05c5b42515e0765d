//! Who may see what, as the house rules have it: told once more, in few words, to hold the program's
//! answers against.

use super::people::{Person, Who};
use super::story::{CaseStory, Place, Story};

/// A text that occurs once in this world.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    /// Who wrote it.
    pub(super) author: usize,
    /// Names and addresses go no further than the centre.
    pub(super) is_contact: bool,
    /// Where it was sealed, once the centre has taken it.
    pub(super) item: Option<String>,
}

impl Story {
    /// Whether nobody at all may see this any more.
    pub(super) fn is_gone(&self, place: &Place) -> bool {
        match place {
            Place::Report(id) | Place::Talk(id) => self.reports[id].erased,
            Place::Exploit(id) => self.reports[id].erased || self.reports[id].exploit_deleted,
            Place::Evidence(case) | Place::Statement { case, .. } | Place::Message { case, .. } => {
                self.cases[case].erased
            }
            Place::Draft { case, revision } => {
                self.cases[case].erased && !self.cases[case].out.contains(revision)
            }
        }
    }

    /// Whether the world may read it.
    pub(super) fn is_public(&self, place: &Place) -> bool {
        matches!(place, Place::Draft { case, revision } if self.cases[case].out.contains(revision))
    }

    pub(super) fn may_see(&self, viewer: &Person, is_contact: bool, place: &Place) -> bool {
        if self.is_public(place) {
            return true;
        }
        if self.is_gone(place) || self.shut.contains(&viewer.actor) {
            return false;
        }
        match &viewer.who {
            Who::Coordinator => true,
            Who::Reporter(report) => self.reporter_may(report, place),
            Who::Vendor(vendor) => !is_contact && self.vendor_may(vendor, place),
            Who::Nobody | Who::Other => false,
        }
    }

    fn reporter_may(&self, report: &str, place: &Place) -> bool {
        match place {
            Place::Report(id) | Place::Exploit(id) | Place::Talk(id) => id == report,
            Place::Message { case, from, to } => {
                let (case, home) = (&self.cases[case], self.home(case));
                let mine = to == report || from == report;
                let there = case.has_reporter(report) && home.has_reporter(report);
                there && (mine || to == "everyone" && case.is_held_by(report))
            }
            Place::Draft { case, revision } => {
                let (case, home) = (&self.cases[case], self.home(case));
                let there = case.has_reporter(report) && home.has_reporter(report);
                let held = case.is_held_by(report) && home.is_held_by(report);
                case.shared == Some(*revision) && there && held && is_the_draft_to_read(case, home)
            }
            Place::Evidence(_) | Place::Statement { .. } => false,
        }
    }

    fn vendor_may(&self, vendor: &str, place: &Place) -> bool {
        match place {
            Place::Report(id) | Place::Exploit(id) => {
                let case = self.reports[id].case.as_ref().and_then(|case| self.cases.get(case));
                case.is_some_and(|case| case.is_open_to(vendor))
            }
            Place::Statement { case, vendor: by } => by == vendor && self.home(case).is_open_to(vendor),
            Place::Message { case, from, to } => {
                let (case, home) = (&self.cases[case], self.home(case));
                let mine = to == vendor || from == vendor;
                let there = case.had(vendor) && home.is_open_to(vendor);
                there && (mine || to == "everyone" && case.is_held_by(vendor))
            }
            Place::Draft { case, revision } => {
                let (case, home) = (&self.cases[case], self.home(case));
                let there = case.had(vendor) && case.is_held_by(vendor) && home.is_open_to(vendor);
                case.shared == Some(*revision) && there && is_the_draft_to_read(case, home)
            }
            Place::Talk(_) | Place::Evidence(_) => false,
        }
    }
}

/// What a case shared before it became part of another is read until that one shares a draft.
fn is_the_draft_to_read(case: &CaseStory, home: &CaseStory) -> bool {
    case.merged_into.is_none() || home.shared.is_none()
}
