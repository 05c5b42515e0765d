//! A filing as JSON, as text, and as a page to print. Each says first whether it was submitted.

use crate::deadlines::rules::{Owed, is_drill};
use crate::deadlines::store::Opened;
use crate::web::Shown;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use clocks::filing::{FormField, check};
use clocks::{Duty, Profile};
use maud::{DOCTYPE, html};
use serde_json::{Value, json};

/// What every export begins with until somebody records a submission.
pub(super) const NOT_SUBMITTED: &str = "THIS IS NOT A SUBMISSION";

/// What stands where something required is missing. Nothing is ever put there instead.
const MISSING: &str = "MISSING";

#[derive(Clone, Copy)]
pub(in crate::deadlines) enum Shape {
    Json,
    Text,
    Print,
}

impl Shape {
    pub(in crate::deadlines) fn named(name: &str) -> Option<Self> {
        match name {
            "json" => Some(Self::Json),
            "text" => Some(Self::Text),
            "print" => Some(Self::Print),
            _ => None,
        }
    }
}

pub(in crate::deadlines) struct Export<'a> {
    pub(super) subject: &'a str,
    pub(super) owed: &'a Owed,
    pub(super) profile: &'a Profile,
    pub(super) duty: &'a Duty,
    pub(super) opened: &'a Opened,
    pub(super) shown: Shown,
}

impl Export<'_> {
    pub(in crate::deadlines) fn answer(&self, shape: Shape) -> Response {
        let (kind, ending, body) = match shape {
            Shape::Json => ("application/json", "json", self.json().to_string()),
            Shape::Text => ("text/plain; charset=utf-8", "txt", self.text()),
            Shape::Print => ("text/html; charset=utf-8", "html", self.print()),
        };
        let name = format!("{}-{}-{}.{ending}", self.subject, self.owed.profile, self.owed.duty);
        let place = if ending == "html" { "inline" } else { "attachment" };
        let headers =
            [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, format!("{place}; filename=\"{name}\""))];
        (headers, body).into_response()
    }

    /// In one line: submitted when, or not at all.
    pub(in crate::deadlines) fn standing(&self) -> String {
        match &self.opened.filing.submitted {
            _ if is_drill(self.subject) => format!("DRILL. {NOT_SUBMITTED}"),
            Some((_, at, _)) => format!("Submitted {}, as recorded", self.shown.date(at.at)),
            None => NOT_SUBMITTED.to_owned(),
        }
    }

    fn value<'v>(&'v self, field: &FormField) -> Option<&'v str> {
        self.opened.values.get(&field.name).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    /// The value, or that it is missing where the stage requires it.
    fn shown_value(&self, field: &FormField) -> Option<&str> {
        let is_required = field.need == clocks::filing::Need::Required;
        self.value(field).or(is_required.then_some(MISSING))
    }

    fn json(&self) -> Value {
        let submitted = self.opened.filing.submitted.as_ref();
        let fields = self.opened.form.fields.iter();
        let values = fields.map(|field| (field.name.clone(), json!(self.value(field)))).collect();
        let wrong = check(&self.opened.form, &self.opened.values);
        json!({
            "notice": self.standing(),
            "submitted_at": submitted.map(|(_, at, _)| at.at.to_string()),
            "subject": self.subject,
            "debtor": String::from(self.owed.debtor.clone()),
            "profile": self.owed.profile,
            "duty": self.owed.duty,
            "article": self.duty.article,
            "field_list": self.opened.filing.list,
            "revision": self.opened.filing.texts.len(),
            "values": Value::Object(values),
            "wrong": wrong.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    }

    fn text(&self) -> String {
        let mut out = format!(
            "{}\n\n{}\n{}, article {}\n{}, revision {}, written out {}\n",
            self.standing(),
            self.duty.title,
            self.profile.title,
            self.duty.article,
            self.subject,
            self.opened.filing.texts.len(),
            self.shown.date(self.shown.now)
        );
        for field in &self.opened.form.fields {
            if let Some(value) = self.shown_value(field) {
                out.push_str(&format!("\n{}\n    {}\n", field.title, value.replace('\n', "\n    ")));
            }
        }
        out
    }

    fn print(&self) -> String {
        let markup = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.subject) " · " (self.duty.title) }
                    link rel="stylesheet" href=(crate::web::style());
                }
                body {
                    main {
                        p { b { (self.standing()) } }
                        h1 { (self.duty.title) }
                        p.quiet { (self.profile.title) ", article " (self.duty.article) " · " (self.subject) ", revision "
                            (self.opened.filing.texts.len()) " · written out " (self.shown.date(self.shown.now)) }
                        @for field in &self.opened.form.fields {
                            @if let Some(value) = self.shown_value(field) { h2 { (field.title) } p.text { (value) } }
                        }
                        p { b { (self.standing()) } }
                    }
                }
            }
        };
        markup.into_string()
    }
}
