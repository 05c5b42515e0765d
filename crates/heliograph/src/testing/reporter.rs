//! People who report, and what they write. Every text holds [`MARK`](super::MARK).

use super::app::TestApp;
use super::between;
use super::client::{Answer, Client};
use serde_json::{Value, json};
use vocabulary::ReportId;

/// A report that came in, and its reporter's browser.
pub(crate) struct Reported<'a> {
    pub(crate) id: ReportId,
    pub(crate) claim: String,
    pub(crate) client: Client<'a>,
}

/// A report as somebody fills the form in who stays anonymous.
pub(crate) fn report_form() -> Vec<(&'static str, &'static str)> {
    vec![
        ("product", "Zinnober Kettle"),
        ("vendor", "Zinnober Works"),
        ("versions", "zinnober 1.0 to 1.4"),
        ("description", "The zinnober valve can be opened from outside."),
        ("impact", "Hot zinnober."),
        ("anonymous", "yes"),
    ]
}

/// The same for programs.
pub(crate) fn report_json() -> Value {
    json!({ "report": {
        "product": "Zinnober Kettle",
        "description": "The zinnober valve can be opened from outside.",
    } })
}

impl TestApp {
    /// An anonymous report through the form.
    pub(crate) fn report(&self) -> Reported<'_> {
        self.report_with(&[])
    }

    /// A report through the form, with more fields than the usual ones.
    pub(crate) fn report_with(&self, more: &[(&str, &str)]) -> Reported<'_> {
        let client = self.anonymous();
        client.get("/report");
        let sent = client.multipart("/report", &[&report_form(), more].concat(), &[]);
        Self::reported(client, &sent)
    }

    /// Reads number and claim code off the page that thanks.
    pub(crate) fn reported<'a>(client: Client<'a>, sent: &Answer) -> Reported<'a> {
        assert_eq!(sent.status(), 200, "{}", sent.text());
        let id = between(sent.text(), "id=\"tracking\">", "<").parse().unwrap();
        let claim = between(sent.text(), "id=\"claim\">", "<").to_owned();
        Reported { id, claim, client }
    }
}
