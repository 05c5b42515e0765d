//! Why these dates: every clock of a subject with its reasons, what was recorded, and what to do.

use super::conflicts::{conflicts, keeping};
use super::crowd::{crowd, crowds};
use super::history::history;
use super::reasons::reasons;
use super::tables::subject_link;
use super::{mark, organisation_names};
use crate::access::{self, Viewer};
use crate::app::App;
use crate::deadlines::rules::{self, Clocks, Debtor, Owed, assess};
use crate::deadlines::store::{self, Clock};
use crate::refusal::Refusal;
use crate::web::{Moment, Shown, Tone, chip, clock_chip, date_input, page, text_area, timeline};
use axum::extract::{Path, State};
use axum::response::Html;
use clocks::{AnchorName, Assessment, Duty, State as ClockState};
use maud::{Markup, html};
use std::collections::{BTreeSet, HashMap};
use vocabulary::ReportId;

/// What the page shows.
struct Found {
    clocks: Clocks,
    rows: Vec<Clock>,
    names: HashMap<String, String>,
    people: HashMap<String, String>,
    moments: Vec<Moment>,
    /// Why nothing more may be recorded, in words; none where it may.
    over: Option<String>,
    /// Whoever looks is who looks after these clocks.
    is_keeper: bool,
}

/// `GET /deadlines/{subject}`
pub(crate) async fn explain(
    State(app): State<App>,
    viewer: Viewer,
    Path(subject): Path<String>,
) -> Result<Html<String>, Refusal> {
    let subject = subject.to_uppercase();
    let (name, shown) = (subject.clone(), Shown::of(&app));
    let seen = shown.clone();
    let me = viewer.person()?.id.clone();
    let found = access::open(&app, &viewer, &subject, "look after its clocks", move |w| {
        let clocks = store::facts(w.tx(), &name)?;
        let rows = store::rows(w.tx(), &name, &clocks, seen.now)?;
        let (names, people) = (organisation_names(w.tx())?, access::account_names(w.tx())?);
        let (moments, items) = history(w, &name, &names, &people, &seen)?;
        let over = store::why_over(w, &name, &clocks)?;
        let is_keeper = clocks.keeper.as_ref() == Some(&me);
        Ok((Found { clocks, rows, names, people, moments, over, is_keeper }, items))
    });
    let body = body(&shown, &subject, &found.await?);
    let title = if rules::is_drill(&subject) { "Drill: why these dates" } else { "Why these dates" };
    Ok(page(&app, &viewer, title, body))
}

fn body(shown: &Shown, subject: &str, found: &Found) -> Markup {
    let mut all = assess(&found.clocks, shown.now);
    all.sort_by_key(|(_, clock)| (clock.due.is_none(), clock.due));
    let (open, rest): (Vec<_>, Vec<_>) = all.iter().partition(|(_, clock)| clock.state.is_open());
    let (rest, many) = crowds(rest);
    let keeper = found.clocks.keeper.as_ref().and_then(|id| found.people.get(id.as_str()));
    html! {
        p.quiet { (subject_link(subject)) @if !found.clocks.name.is_empty() { " · " (found.clocks.name) } }
        h1 { @if rules::is_drill(subject) { "Drill: why these dates" } @else { "Why these dates" } }
        @if rules::is_drill(subject) { (super::drills::banner(subject, &found.clocks)) }
        p.quiet {
            @match keeper {
                Some(_) if found.is_keeper => "You look after these clocks. ",
                Some(name) => { (name) " looks after these clocks. " }
                None => "Nobody looks after these clocks yet. "
            }
        }
        (over(found))
        (super::picture(shown, &found.rows, Vec::new()))
        (conflicts(shown, subject, &found.clocks, found.over.is_none()))
        div.cols[found.over.is_none()].calmly[found.over.is_none()] {
            section {
                @for (debtor, clock) in open { (sheet(shown, subject, found, debtor, clock, true)) }
                @for (debtor, clock) in rest { (sheet(shown, subject, found, debtor, clock, false)) }
                @for clocks in &many { (crowd(shown, clocks, &found.names)) }
                (keeping(shown, &found.clocks, |debtor| who(debtor, &found.names)))
                h2 { "What was recorded" }
                (timeline(shown, &found.moments))
            }
            @if found.over.is_none() {
                aside { (fact_form(shown, subject, found)) (scope_form(shown, subject, found))
                    @if !found.is_keeper { (take_form(subject)) } }
            }
        }
    }
}

/// Why nothing more may be recorded. Of a drill, its banner says so.
fn over(found: &Found) -> Markup {
    html! {
        @if let Some(why) = found.over.as_ref().filter(|_| !found.clocks.ended) {
            div.notice { p { (why)
                @if let Some(into) = &found.clocks.merged_into { " " a href={ "/deadlines/" (into) } { "Its clocks" } } } }
        }
    }
}

fn who(debtor: &Debtor, names: &HashMap<String, String>) -> String {
    match debtor {
        Debtor::Centre => "us".into(),
        Debtor::Reporter => "the manufacturer, who reported".into(),
        Debtor::Organisation(id) => names.get(id.as_str()).cloned().unwrap_or_else(|| "a vendor".into()),
    }
}

/// One clock: what is owed, why this date, and what may be decided about it. One that asks nothing of
/// anybody now is folded.
fn sheet(
    shown: &Shown,
    subject: &str,
    found: &Found,
    debtor: &Debtor,
    clock: &Assessment,
    is_open: bool,
) -> Markup {
    let owed =
        Owed { debtor: debtor.clone(), profile: clock.profile.clone(), duty: clock.duty.as_str().to_owned() };
    let duty = owed.rule().ok().map(|(_, duty)| duty);
    let vendor = clock.vendor.as_deref();
    let id = mark(&String::from(debtor.clone()), &owed.profile, &owed.duty, vendor.unwrap_or_default());
    let title = html! {
        (clock.title)
        // A law is cited by article; the centre's own policy by its name alone.
        @if clock.profile != "centre" { " " span.quiet { (clock.article) } }
        @if let Some(name) = vendor.and_then(|id| found.names.get(id)) { ": " (name) }
    };
    let standing = html! {
        (clock_chip(shown, state_word(clock), clock.due))
        @if clock.is_guidance() { " " (chip(Tone::Idle, "guidance, not law")) }
        @if duty.is_some_and(|duty| duty.unread.is_some()) { " " (chip(Tone::Soon, "part of the rule not read")) }
    };
    let body = sheet_body(shown, subject, found, (&owed, duty), clock);
    html! {
        @if is_open {
            section.sheet id=(id) { h2 { (title) } p { (standing) } (body) }
        } @else {
            details.sheet id=(id) { summary { b { (title) } " " (standing) } (body) }
        }
    }
}

/// A missed "should" is not overdue.
fn state_word(clock: &Assessment) -> &'static str {
    match clock.state {
        ClockState::Overdue if clock.soft => ClockState::Running.as_str(),
        state => state.as_str(),
    }
}

fn sheet_body(
    shown: &Shown,
    subject: &str,
    found: &Found,
    (owed, duty): (&Owed, Option<&Duty>),
    clock: &Assessment,
) -> Markup {
    // Explanations name who decided by account; a page names the person.
    let explain = found
        .people
        .iter()
        .fold(clock.explain.clone(), |text, (id, name)| text.replace(&format!("account/{id}"), name));
    html! {
        p { "Owed by " (who(&owed.debtor, &found.names)) ", to " (clock.recipients.join(", ")) "."
            @if clock.reference { " Reference only: shown to compare, never applied." } }
        (reasons(&explain))
        @if !clock.reference {
            @if rules::form(owed).is_ok() {
                p { a href=(super::filing::place(subject, owed)) { "The filing: its form, and recording its submission" } }
            }
            @if let Some(duty) = duty.filter(|_| clock.state.is_open() && found.over.is_none()) { (decisions(shown, subject, owed, duty, clock.vendor.as_deref())) }
            @let is_untold = found.clocks.delays.get(&delayed(owed)).is_some_and(|(_, told)| told.is_none());
            @if is_untold && duty.is_none() && found.over.is_none() {
                (delay_notice(shown, subject, &delayed(owed)))
            }
        }
    }
}

/// The duty whose delay a notice is about.
fn delayed(owed: &Owed) -> Owed {
    let duty = owed.duty.strip_suffix(rules::NOTICE).unwrap_or(&owed.duty).to_owned();
    Owed { duty, ..owed.clone() }
}

fn hidden(owed: &Owed) -> Markup {
    html! {
        input type="hidden" name="debtor" value=(String::from(owed.debtor.clone()));
        input type="hidden" name="profile" value=(owed.profile);
        input type="hidden" name="duty" value=(owed.duty);
    }
}

fn grounds<'a>(known: impl Iterator<Item = (&'a str, String)>) -> Markup {
    html! {
        label { "Ground" select name="ground" {
            @for (ground, more) in known { option value=(ground) { (ground.replace('_', " ")) (more) } }
        } }
    }
}

/// Forms to put a duty off and to let it fall away, where its rule knows a ground.
fn decisions(shown: &Shown, subject: &str, owed: &Owed, duty: &Duty, vendor: Option<&str>) -> Markup {
    let limit = |delay: &clocks::Delay| match &delay.max {
        clocks::DelayLimit::Within(period) => format!(", at most {}", period.in_words()),
        clocks::DelayLimit::While(condition) => format!(", {}", condition.replace('_', " ")),
    };
    html! {
        @if !duty.delay.is_empty() {
            details {
                summary { "Put it off" }
                (grounds_in_full(duty))
                form method="post" action={ "/deadlines/" (subject) "/extend" } {
                    (hidden(owed))
                    (grounds(duty.delay.iter().map(|delay| (delay.ground.as_str(), limit(delay)))))
                    (date_input("until", "Until", "A delay has an end", "", &shown.zone))
                    @for condition in conditions(duty) {
                        label.inline { input type="checkbox" name="precondition" value="yes";
                            "Stated below: " (condition.replace('_', " ")) }
                    }
                    (text_area("reason", "Why", "Sealed with the case", "", true))
                    div.actions { button.btn { "Put it off" } }
                }
            }
        }
        @if rules::grounds_by_hand(duty).next().is_some() {
            details {
                summary { "Let it fall away" }
                form method="post" action={ "/deadlines/" (subject) "/waive" } {
                    (hidden(owed))
                    @if let Some(vendor) = vendor { input type="hidden" name="vendor" value=(vendor); }
                    (grounds(rules::grounds_by_hand(duty).map(|ground| (ground, String::new()))))
                    (text_area("reason", "Why", "Sealed with the case", "", true))
                    div.actions { button.btn { "Waive it" } }
                }
            }
        }
    }
}

/// What must be stated before a delay, before any or on some of the grounds; each once.
fn conditions(duty: &Duty) -> BTreeSet<&String> {
    duty.precondition_for_delay
        .iter()
        .chain(duty.delay.iter().filter_map(|delay| delay.precondition.as_ref()))
        .collect()
}

/// Each ground with what else is known of it, where it was read, and how that was checked.
fn grounds_in_full(duty: &Duty) -> Markup {
    html! {
        @if let Some(unread) = &duty.unread { p { b { "Not read: " } (unread) } }
        ul.quiet {
            @for delay in &duty.delay {
                li {
                    b { (delay.ground.replace('_', " ")) } ". "
                    @if let Some(note) = &delay.note { (note) " " }
                    @if let Some(scope) = &delay.scope { "Towards " (scope.replace('_', " ")) " only: the duty towards the others stands. " }
                    @if delay.precondition.is_some() { "First to be stated: see below. " }
                    (delay.source) " (" (delay.verified.in_words()) ")."
                }
            }
        }
        @if let Some(notice) = &duty.on_delay { p.quiet { "Whoever puts it off informs " (notice.inform.to_uppercase()) " immediately." } }
    }
}

fn delay_notice(shown: &Shown, subject: &str, owed: &Owed) -> Markup {
    html! {
        form method="post" action={ "/deadlines/" (subject) "/delay-notice" } {
            (hidden(owed))
            (date_input("at", "Informed at", "Day, hour and zone", "", &shown.zone))
            (text_area("evidence", "What shows it", "Sealed with the case", "", true))
            div.actions { button.btn.main { "Record that they were informed" } }
        }
    }
}

/// Everybody who may owe something here. Of a report and of a drill that is the manufacturer, too,
/// before anything was recorded of it.
fn debtors(subject: &str, found: &Found) -> Vec<(String, String)> {
    let mut all = vec![("centre".to_owned(), "the centre".to_owned())];
    let mut known: Vec<Debtor> =
        found.clocks.facts.keys().filter(|one| **one != Debtor::Centre).cloned().collect();
    let has_reporter = rules::is_drill(subject) || subject.parse::<ReportId>().is_ok();
    if has_reporter && !known.contains(&Debtor::Reporter) {
        known.push(Debtor::Reporter);
    }
    all.extend(known.into_iter().map(|debtor| {
        let name = who(&debtor, &found.names);
        (String::from(debtor), name)
    }));
    for vendor in vendors(found) {
        if !all.iter().any(|(id, _)| *id == vendor.0) {
            all.push(vendor);
        }
    }
    all
}

/// The vendors that take part.
fn vendors(found: &Found) -> Vec<(String, String)> {
    let known = found.clocks.facts.get(&Debtor::Centre).into_iter().flat_map(|facts| facts.vendors.keys());
    known.map(|id| (id.clone(), found.names.get(id).cloned().unwrap_or_else(|| "a vendor".into()))).collect()
}

fn select(name: &str, label: &str, options: &[(String, String)]) -> Markup {
    html! {
        // The label is around it, because names repeat on this page.
        label { (label)
            select name=(name) { @for (value, word) in options { option value=(value) { (word) } } }
        }
    }
}

fn fact_form(shown: &Shown, subject: &str, found: &Found) -> Markup {
    let anchors: Vec<(String, String)> =
        AnchorName::ALL.iter().map(|name| (name.as_str().to_owned(), name.meaning().to_owned())).collect();
    let mut about = vec![(String::new(), "no single vendor".to_owned())];
    about.extend(vendors(found));
    html! {
        div.sheet {
            h2 { "Record a fact, or correct one" }
            p.quiet { "The version recorded last counts; what was recorded before stays, and is shown." }
            form method="post" action={ "/deadlines/" (subject) "/fact" } {
                (select("debtor", "Whose clock", &debtors(subject, found)))
                (select("anchor", "What happened", &anchors))
                (select("vendor", "Which vendor it is about", &about))
                (date_input("at", "When", "Day, hour and zone; as long ago as it was", "", &shown.zone))
                (text_area("evidence", "What shows it", "Sealed with the case", "", true))
                div.actions { button.btn.main { "Record" } }
            }
        }
    }
}

fn scope_form(shown: &Shown, subject: &str, found: &Found) -> Markup {
    html! {
        details {
            summary { "Declare whose law applies" }
            form method="post" action={ "/deadlines/" (subject) "/scope" } {
                (select("debtor", "Who owes", &debtors(subject, found)))
                (crate::web::field("actors", "Its roles", "Such as manufacturer", "", false))
                (crate::web::field("triggers", "What kind of case", "Such as actively_exploited_vulnerability", "", false))
                (crate::web::field("jurisdictions", "Whose law", "Such as EU, DE", "", false))
                (crate::web::field("zone", "Zone in which days are counted", "", &shown.zone, true))
                div.actions { button.btn { "Declare" } }
            }
        }
    }
}

fn take_form(subject: &str) -> Markup {
    html! {
        form method="post" action={ "/deadlines/" (subject) "/take" } {
            div.actions { button.btn { "Look after these clocks" } }
        }
    }
}
