//! What counts for a partner, why, and what is still owed this year, as a picture with its words.

use super::pieces::{met_chip, words};
use crate::partners::rules::{self, Counted, Partner};
use crate::partners::store::{FindRow, Opened};
use crate::refusal::Refusal;
use crate::web::{Shown, Tone, chip, field, instant};
use jiff::Timestamp;
use maud::{Markup, html};
use programme::Progress;

/// What a page of credits shows.
pub(in crate::partners) struct Credits {
    pub(in crate::partners) counted: Counted,
    pub(in crate::partners) finds: Vec<FindRow>,
    pub(in crate::partners) progress: Vec<Progress>,
}

impl Credits {
    pub(in crate::partners) fn of(
        partner: &Partner,
        counted: Counted,
        finds: Vec<FindRow>,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let progress = match partner.life.is_partner() {
            true => rules::progress(partner, &counted, now)?,
            false => Vec::new(),
        };
        Ok(Self { counted, finds, progress })
    }

    /// Criterion by criterion, what a level still lacks.
    pub(in crate::partners) fn owed(&self, level: &str) -> Vec<(&Progress, Option<f64>)> {
        let open = self.progress.iter().filter(|one| one.at(level) != Some(programme::Outcome::Met));
        open.map(|one| (one, one.lacking(level))).collect()
    }
}

/// The whole section: the level that is looked at, what it lacks, and each criterion.
pub(super) fn section(shown: &Shown, partner: &Partner, credits: &Credits, looked_at: &str) -> Markup {
    if credits.progress.is_empty() {
        return html! {};
    }
    let owed = credits.owed(looked_at);
    let is_own = partner.level.as_deref() == Some(looked_at);
    html! {
        h2 { @if is_own { "Still owed this year" } @else { "What " (looked_at) " would still ask" } }
        p.quiet { "Counted over the last twelve months, from the record. Nothing is carried over, and declining a request \
            costs nothing." }
        @if owed.is_empty() { p { (chip(Tone::Calm, "nothing")) " Every criterion of " (looked_at) " is met." } }
        @else { ul { @for (one, lacking) in &owed { li {
            (one.category) ": "
            @match lacking {
                Some(lacking) => { (lacking) " more" }
                None => (met_chip(one.at(looked_at).map_or(rules::Verdict::Unknown, Into::into))),
            }
        } } } }
        h2 { "Towards each criterion" }
        @for one in &credits.progress { (criterion(partner, one, looked_at, shown.now)) }
    }
}

fn criterion(partner: &Partner, one: &Progress, looked_at: &str, now: Timestamp) -> Markup {
    let begun = partner.active_since.unwrap_or(now);
    let result = one.at(looked_at).map_or(rules::Verdict::Unknown, Into::into);
    let why = one.found.iter().find(|found| found.level == looked_at || found.level == "all");
    html! {
        h3 { (one.category) " " (met_chip(result)) }
        @if !one.text(looked_at).is_empty() { p { (one.text(looked_at)) } }
        @if let (Some(have), false) = (one.have, one.asked.is_empty()) {
            (picture(one, have))
            p.quiet { (have) " now; asked: "
                @for (at, (level, asked)) in one.asked.iter().enumerate() { @if at > 0 { ", " } (level) " " (asked) }
                @if let Some(forecast) = rules::forecast(have, begun, now).filter(|_| one.counted) {
                    ". If it goes on like this: " (forecast) " after a year"
                } "." }
        } @else if let Some(found) = why {
            ul.quiet { @for reason in found.why.split("; ") { li { (reason) } } }
        }
    }
}

/// The marks of a picture: one for all levels where each asks the same, or their names would lie upon one
/// another.
fn marks(one: &Progress) -> Vec<(&str, f64)> {
    let is_same =
        one.asked.iter().all(|(_, asked)| Some(*asked) == one.asked.first().map(|(_, first)| *first));
    match one.asked.first() {
        Some((_, asked)) if is_same && one.asked.len() > 1 => vec![("all levels", *asked)],
        _ => one.asked.iter().map(|(level, asked)| (level.as_str(), *asked)).collect(),
    }
}

/// A bar with a mark for each level. The words under it say the same.
fn picture(one: &Progress, have: f64) -> Markup {
    const WIDTH: f64 = 400.0;
    let most = one.asked.iter().map(|(_, asked)| *asked).fold(have.max(1.0), f64::max);
    let x = |number: f64| (number / most * (WIDTH - 24.0)).round();
    html! {
        svg.bar viewBox="0 0 424 34" role="img" aria-label={ (one.category) ": " (have) } {
            rect.track x="0" y="16" width=(WIDTH - 24.0) height="10" rx="5" {}
            @if have > 0.0 { rect.have x="0" y="16" width=(x(have).max(4.0)) height="10" rx="5" {} }
            @for (level, asked) in &marks(one) {
                line.mark x1=(x(*asked)) x2=(x(*asked)) y1="13" y2="29" {}
                text x=(x(*asked)) y="10" text-anchor="middle" { (level) }
            }
        }
    }
}

/// Cases that the partner helped to a fix, beside those of its own finds.
pub(super) fn support(credits: &Credits) -> Markup {
    let supported = credits.counted.cases.iter().filter(|cases| cases.role == rules::Role::Support);
    let supported: i64 = supported.map(|cases| cases.count).sum();
    html! {
        @if supported > 0 { p { "Cases that you helped to a fix, by what you delivered for the centre: " b { (supported) } "." } }
    }
}

/// Finds, each with what it lacks to count.
pub(super) fn finds(shown: &Shown, credits: &Credits) -> Markup {
    html! {
        h2 { "Finds" }
        @if credits.finds.is_empty() {
            p { "None yet. Claim a report of yours with its claim code; it counts once its vendor was told." }
        } @else {
            table {
                thead { tr { th { "Report" } th { "Counts?" } th { "Grade" } th { "Severity" } th { "What came of it" } } }
                tbody { @for find in &credits.finds { tr {
                    td { (find.report) br; span.quiet { "claimed " (instant(shown, find.claimed)) } }
                    td data-label="Counts?" { (counts(shown, find)) }
                    td data-label="Grade" { (grade(find)) }
                    td data-label="Severity" { (find.severity.as_deref().unwrap_or("not graded yet")) }
                    td data-label="What came of it" { (find.outcome.as_deref().unwrap_or("open")) }
                } } }
            }
        }
    }
}

fn counts(shown: &Shown, find: &FindRow) -> Markup {
    html! {
        @match (&find.case, find.told) {
            (_, Some(told)) => { (chip(Tone::Calm, "yes")) " the vendor was told " (instant(shown, told)) }
            (Some(_), None) => { (chip(Tone::Idle, "not yet")) " the vendor was not told" }
            (None, None) => { (chip(Tone::Idle, "not yet")) " it is in no case" }
        }
        @if find.joint { br; span.quiet { "found independently by others too: each is credited" } }
    }
}

fn grade(find: &FindRow) -> Markup {
    html! {
        @match (find.novel, &find.reach) {
            (Some(novel), Some(reach)) => {
                @if novel { "novel" } @else { "known before" } ", " (words(reach))
                @if find.contested { " " (chip(Tone::Soon, "contested")) }
                @else { details { summary { "Contest" } (contest_form(find)) } }
            }
            _ => "waits for the centre",
        }
    }
}

fn contest_form(find: &FindRow) -> Markup {
    let id = format!("contest-{}", find.report);
    html! {
        form method="post" action="/partner/contest" {
            input type="hidden" name="report" value=(find.report);
            label for=(id) { "Why the grade is wrong" }
            textarea id=(id) name="reasons" required {}
            div.actions { button.btn { "Contest it" } }
        }
    }
}

/// The work report as the record has it, to be corrected and signed; and whether somebody is there.
pub(super) fn duties(shown: &Shown, partner: &Partner, credits: &Credits) -> Markup {
    let waits = partner.checks.iter().any(|(_, answered)| answered.is_none());
    html! {
        @if waits {
            div.sheet {
                h2 { "Is somebody there?" }
                p { "The centre checks the contacts of its partners every month. A press is enough." }
                form method="post" action="/partner/here" { div.actions { button.btn.main { "We are here" } } }
            }
        }
        @if partner.notices > 0 {
            div.notice.wrong { "Nobody was heard for long: notice " (partner.notices) " of " (rules::NOTICES) "." }
        }
        div.sheet {
            h2 { "Work report" }
            @match &partner.report {
                Some((at, numbers)) => {
                    p { "Signed " (instant(shown, *at)) "." }
                    ul { @for one in numbers { li { (one.line.words()) ": " (one.signed)
                        @if one.signed != one.record { " (" (one.record) " on the record)" } } } }
                }
                None => p { "Not signed yet. The numbers are those of the record; correct them and say why, or sign them as they are." },
            }
            details { summary { "Sign it" }
                form method="post" action="/partner/report" {
                    @for (line, name, words) in rules::Line::ALL {
                        (field(name, &format!("Number of {words}"), "", &line.of(&credits.counted).to_string(), true))
                    }
                    label for="explanation" { "Why a number differs" span.quiet { "Needed where one does" } }
                    textarea id="explanation" name="explanation" {}
                    div.actions { button.btn { "Sign the report" } }
                } }
        }
    }
}

/// What a partner can do for what counts.
pub(super) fn actions() -> Markup {
    html! {
        div.sheet {
            h2 { "What counts" }
            details { summary { "Claim a find" }
                form method="post" action="/partner/claim" {
                    (field("claim_code", "Claim code of your report", "It was given when the report was sent", "", true))
                    div.actions { button.btn { "Claim it" } }
                } }
            details { summary { "Send an alert" }
                form method="post" action="/partner/alert" {
                    label for="alert-words" { "What is coming, for whom, and how you know" }
                    textarea id="alert-words" name="words" required {}
                    div.actions { button.btn { "Send it" } }
                } }
        }
    }
}

/// Alerts, as a partner or a manager sees them.
pub(super) fn alerts(shown: &Shown, opened: &Opened, of_manager: bool) -> Markup {
    let alerts = &opened.partner.alerts;
    html! {
        @if !alerts.is_empty() {
            h2 { "Alerts" }
            ul { @for (number, alert) in alerts { li {
                "Alert " (number) ", " (instant(shown, alert.sent)) ": "
                @match &alert.review {
                    Some(review) => {
                        @if review.timely { "in time" } @else { "late" } ", "
                        @if review.confirmed { "confirmed" } @else { "not confirmed" } ", " (review.severity.name())
                    }
                    None if of_manager => (review_form(opened, *number)),
                    None => "waits for the centre",
                }
            } } }
        }
    }
}

fn review_form(opened: &Opened, number: u32) -> Markup {
    let yes_or_no = [("yes", "yes"), ("no", "no")];
    let grades: Vec<(&str, &str)> = rules::Grade::ALL.iter().map(|(_, name)| (*name, *name)).collect();
    html! {
        details { summary { "Review it" }
            form method="post" action={ "/programme/" (opened.id) "/alert" } {
                input type="hidden" name="number" value=(number);
                (crate::web::pick("Did it come in time?", "timely", &yes_or_no, "yes"))
                (crate::web::pick("Was it confirmed?", "confirmed", &yes_or_no, "yes"))
                (crate::web::pick("How bad is the flaw?", "severity", &grades, "high"))
                label { "What the partner should know" textarea name="feedback" required {} }
                div.actions { button.btn { "Review it" } }
            }
        }
    }
}

/// What a manager can do for a review: state a number, review one partner now.
pub(super) fn review_actions(opened: &Opened) -> Markup {
    let place = format!("/programme/{}", opened.id);
    let names = rules::stateable(&opened.partner);
    let programme = rules::programme(&opened.partner.programme).map(|published| &published.programme);
    let called = |name: &str| programme.map_or_else(|| words(name), |programme| programme.name_of(name));
    let names: Vec<(String, String)> = names.into_iter().map(|name| (name.clone(), called(&name))).collect();
    html! {
        div.sheet {
            h2 { "Review" }
            details { summary { "State a number" }
                form method="post" action={ (place) "/fact" } {
                    (crate::web::choice("fact", "Which", &names, ""))
                    (field("value", "Number", "", "", true))
                    label for="evidence" { "What shows it" }
                    textarea id="evidence" name="evidence" required {}
                    div.actions { button.btn { "State it" } }
                } }
            form method="post" action={ (place) "/review" } { div.actions { button.btn { "Review it now" } } }
        }
    }
}
