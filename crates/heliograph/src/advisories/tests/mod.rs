//! Publication, from the first draft to what the public reads.

mod browser;
mod drafts;
pub(super) mod invented;
mod mergers;
mod published;
mod updates;
mod valid;

use super::store;
use crate::access::Role;
use crate::testing::{Answer, Client, TestApp};
use browser::Form;
use vocabulary::{CaseId, OrganisationId};

/// A case with one vendor that has stated what is affected, and two coordinators.
struct Scene<'a> {
    ada: Client<'a>,
    ben: Client<'a>,
    vendor: Client<'a>,
    organisation: OrganisationId,
    reporter: Client<'a>,
    id: CaseId,
}

/// Settings of a centre that writes CVE records.
pub(crate) const CENTRE: &[(&str, &str)] = &[
    ("name", "Example Coordination Centre"),
    ("contact", "cvd@example.org"),
    ("base_url", "https://cvd.example.org"),
    ("cve_org_id", "7d1f3a52-9a0e-4c39-8a53-0c1de0a6ab10"),
    ("cve_org_name", "example-cc"),
];

/// A coordinator with a name of their own.
fn coordinator<'a>(app: &'a TestApp, login: &'static str, name: &'static str) -> Client<'a> {
    app.begun(login, name, &[Role::Coordinator], None);
    app.second_factor(login);
    app.signed_in(login)
}

impl<'a> Scene<'a> {
    fn new(app: &'a TestApp) -> Self {
        Self::with(app, &[])
    }

    /// The same, with more in the report.
    fn with(app: &'a TestApp, more: &[(&str, &str)]) -> Self {
        let (ada, ben) = (coordinator(app, "ada", "Ada Beispiel"), coordinator(app, "ben", "Ben Muster"));
        let organisation = app.organisation("Nordwind GmbH");
        let vendor = app.vendor(&organisation);
        let report = app.report_with(more);
        let accepted = ada.post_form(&format!("/desk/report/{}/accept", report.id), &[]);
        let id = accepted.header("location").trim_start_matches("/case/").parse().unwrap();
        let scene = Self { ada, ben, vendor, organisation, reporter: report.client, id };
        scene.done(&scene.ada, "invite", &[("vendor", scene.organisation.as_str())]);
        scene.done(&scene.vendor, "terms", &[("answer", "accept")]);
        let statement = [
            ("product", "Gateway Zinnober"),
            ("from", "4.0"),
            ("before", "4.2.1"),
            ("status", "affected"),
            ("text", "We thank the finder, says zinnober."),
        ];
        scene.done(&scene.vendor, "statement", &statement);
        scene
    }

    fn done(&self, who: &Client<'a>, what: &str, pairs: &[(&str, &str)]) {
        let answer = who.post_form(&format!("/case/{}/{what}", self.id), pairs);
        assert_eq!(answer.status(), 303, "{what}: {}", answer.text());
    }

    fn place(&self) -> String {
        format!("/case/{}/advisory", self.id)
    }

    fn editor(&self, who: &Client<'a>) -> Answer {
        who.get(&self.place())
    }

    /// The editor's form as a browser has it, filled in fit for publication.
    fn form(&self, title: &str) -> Form {
        let mut form = Form::of(self.editor(&self.ada).text());
        form.set("title", title);
        form.set("summary", "Archives are unpacked without checking file names.");
        form.set("description", "An archive with \"..\" in its names is unpacked <outside> of its folder.");
        form.set("impact", "Any file can be replaced.");
        form.set("vectors", "CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
        form.set("weaknesses", "cwe-22");
        form.set_all("product", &["Nordwind Gateway"]);
        form.set_all("statement", &["We thank the finder."]);
        form.set_all("ecosystem", &["PyPI"]);
        form.set_all("package", &["nordwind-gateway"]);
        form
    }

    fn save(&self, form: &Form) -> Answer {
        self.ada.post_form(&self.place(), &form.pairs())
    }

    /// Saves a draft fit for publication.
    fn saved(&self, title: &str) {
        let answer = self.save(&self.form(title));
        assert_eq!(answer.status(), 303, "{}", answer.text());
    }

    /// Presses a button of the editor.
    fn press(&self, who: &Client<'a>, verb: &str) -> Answer {
        let page = self.editor(&self.ada);
        let form = Form::to(page.text(), &format!("{}/{verb}", self.place()));
        who.post_form(&format!("{}/{verb}", self.place()), &form.pairs())
    }

    fn pressed(&self, who: &Client<'a>, verb: &str) {
        let answer = self.press(who, verb);
        assert_eq!(answer.status(), 303, "{verb}: {}", answer.text());
    }

    /// Approves as two persons, and publishes.
    fn published(&self) {
        self.pressed(&self.ada, "approve");
        self.pressed(&self.ben, "approve");
        self.pressed(&self.ada, "publish");
    }
}
