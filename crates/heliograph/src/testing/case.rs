//! A case and the people in it.

use super::app::TestApp;
use super::between;
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

    /// A draft of the advisory, saved; gives what an approval binds: number and hash.
    pub(crate) fn draft(&self) -> [(&'static str, String); 2] {
        let saved = self.desk.post_form(&self.place("/advisory"), &advisory_form());
        assert_eq!(saved.status(), 303, "{}", saved.text());
        self.order()
    }

    /// Number and hash of the latest draft, as its page has them.
    pub(crate) fn order(&self) -> [(&'static str, String); 2] {
        let page = self.desk.get(&self.place("/advisory"));
        let hidden = |name: &str| between(page.text(), &format!("name=\"{name}\" value=\""), "\"").to_owned();
        [("revision", hidden("revision")), ("hash", hidden("hash"))]
    }

    /// Takes the case through its publication by two persons.
    pub(crate) fn publish(&self) {
        let order = self.draft();
        let order: Vec<(&str, &str)> = order.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let second = self.app.account(&[Role::Coordinator]);
        for (person, what) in [(&self.desk, "approve"), (&second, "approve"), (&second, "publish")] {
            let done = person.post_form(&self.place(&format!("/advisory/{what}")), &order);
            assert_eq!(done.status(), 303, "{what}: {}", done.text());
        }
    }
}

/// An advisory as a coordinator fills its form in. It is for the public, so it holds no mark.
pub(crate) fn advisory_form() -> Vec<(&'static str, &'static str)> {
    vec![
        ("base", "0"),
        ("change", "First release"),
        ("title", "Kettles boil over on a crafted request"),
        ("summary", "The valve of a kettle can be opened from outside."),
        ("description", "A request with two colons opens the valve. Nobody needs to be signed in."),
        ("impact", "Hot water."),
        ("language", "en"),
        ("vendor", "Nordwind"),
        ("product", "Kettle"),
        ("which", "before"),
        ("from", "1.0"),
        ("to", "1.5"),
        ("status", "affected"),
        ("remedy", "vendor_fix"),
        ("details", "Update to 1.5."),
        ("url", "https://nordwind.example/kettle/1.5"),
        ("statement", ""),
        ("ecosystem", "npm"),
        ("package", "kettle"),
        ("purl", ""),
        ("version_type", "semver"),
        ("vectors", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
        ("weaknesses", "CWE-347 Improper Verification of Cryptographic Signature"),
        ("link_kind", "advisory"),
        ("link_url", "https://nordwind.example/security/2026-07"),
        ("link_summary", "The vendor's own advisory"),
        ("cves", "CVE-1900-40200"),
    ]
}
