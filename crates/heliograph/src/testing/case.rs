//! A case and the people in it.

use super::app::TestApp;
use super::client::Client;
use super::reporter::Reported;
use crate::access::Role;
use vocabulary::{CaseId, OrganisationId};

/// A case under embargo, opened on a report.
pub(crate) struct InCase<'a> {
    app: &'a TestApp,
    pub(crate) id: CaseId,
    pub(crate) report: Reported<'a>,
    pub(crate) desk: Client<'a>,
}

impl TestApp {
    /// A case that a coordinator has opened by accepting a report.
    pub(crate) fn case(&self) -> InCase<'_> {
        self.case_with(&[])
    }

    /// The same, on a report with more fields.
    pub(crate) fn case_with(&self, more: &[(&str, &str)]) -> InCase<'_> {
        let report = self.report_with(more);
        let desk = self.account(&[Role::Coordinator]);
        let accepted = desk.post_form(&format!("/desk/report/{}/accept", report.id), &[]);
        assert_eq!(accepted.status(), 303, "{}", accepted.text());
        let id = accepted.header("location").strip_prefix("/case/").unwrap().parse().unwrap();
        InCase { app: self, id, report, desk }
    }
}

impl<'a> InCase<'a> {
    /// A place in the case: `""` for its page, `"/reads"`, …
    pub(crate) fn place(&self, what: &str) -> String {
        format!("/case/{}{what}", self.id)
    }

    /// An organisation that was invited, and its person.
    pub(crate) fn invited(&self, name: &str) -> (OrganisationId, Client<'a>) {
        let organisation = self.app.organisation(name);
        let invited = self.desk.post_form(&self.place("/invite"), &[("vendor", organisation.as_str())]);
        assert_eq!(invited.status(), 303, "{}", invited.text());
        let person = self.app.vendor(&organisation);
        (organisation, person)
    }

    /// An organisation that was invited and has accepted the embargo, and its person.
    pub(crate) fn vendor(&self, name: &str) -> (OrganisationId, Client<'a>) {
        let (organisation, person) = self.invited(name);
        let accepted = person.post_form(&self.place("/terms"), &[("answer", "accept")]);
        assert_eq!(accepted.status(), 303, "{}", accepted.text());
        (organisation, person)
    }
}
