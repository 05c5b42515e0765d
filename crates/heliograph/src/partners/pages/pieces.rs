//! Pieces that several pages of the programme share.

use crate::partners::rules::{self, Application, Ask, Declared, Found, Life, Marks, Partner, Verdict, asked};
use crate::web::{Shown, Tone, chip, field, instant, when};
use maud::{Markup, html};
use programme::{Demands, Programme, Value};

/// Where a partner stands, in a word with its colour.
pub(super) fn life_chip(life: Life) -> Markup {
    let tone = match life {
        Life::Active => Tone::Calm,
        Life::Probation | Life::Suspended | Life::Refused => Tone::Soon,
        _ => Tone::Idle,
    };
    chip(tone, life.name())
}

pub(super) fn met_chip(met: Verdict) -> Markup {
    match met {
        Verdict::Met => chip(Tone::Calm, "met"),
        Verdict::NotMet => chip(Tone::Soon, "not met"),
        Verdict::Unknown => chip(Tone::Idle, "not known"),
    }
}

/// `work_quality` is "work quality".
pub(super) fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// What was found at a stage of a programme, criterion by criterion, each in the words of the programme.
pub(super) fn found_table(programme: &str, stage: &str, found: &[Found]) -> Markup {
    let programme = rules::programme(programme).map(|published| &published.programme);
    let asks = |one: &Found| {
        let programme = programme?;
        programme.stage(stage)?.asks(programme, &one.criterion, &one.level)
    };
    html! {
        table {
            thead { tr { th { "Criterion" } th { "Level" } th { "Result" } } }
            tbody { @for one in found { tr {
                td { @match asks(one) {
                    Some((category, text)) => { (category) @if !text.is_empty() { br; span.quiet { (text) } } }
                    None => (words(&one.criterion)),
                } }
                td data-label="Level" { (one.level) }
                td data-label="Result" { (met_chip(one.result)) }
            } } }
        }
    }
}

/// Inputs for the facts and counts that a programme asks for at admission. What two assessors judge is
/// asked of them alone.
pub(super) fn fact_inputs(programme: &Programme, given: &Marks, of_assessor: bool) -> Markup {
    let (facts, counts) = asked(programme);
    let value = |name: &str| given.facts.get(name);
    html! {
        @for (name, ask) in &facts {
            @let id = format!("fact_{name}");
            @match ask {
                Ask::YesOrNo => {
                    @let chosen = match value(name) { Some(Value::Flag(true)) => "yes", Some(_) => "no", None => "" };
                    (crate::web::choice(&id, &upper(&programme.name_of(name)), &[("", "not said"), ("yes", "yes"), ("no", "no")], chosen))
                }
                Ask::Number => {
                    @let number = value(name).map(ToString::to_string).unwrap_or_default();
                    (field(&id, &upper(&programme.name_of(name)), "A number", &number, false))
                }
                Ask::Judged(order) if of_assessor => {
                    @let options: Vec<(&str, &str)> = std::iter::once(("", "not judged"))
                        .chain(order.iter().map(|word| (word.as_str(), word.as_str()))).collect();
                    (crate::web::choice(&id, &upper(&programme.name_of(name)), &options, ""))
                }
                Ask::Judged(_) => {}
            }
        }
        @for (id, category) in &counts {
            @let count = given.counts.get(id).map(ToString::to_string).unwrap_or_default();
            (field(&format!("count_{id}"), category, "How many, with evidence that the vendor was told", &count, false))
        }
    }
}

fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// An application as its readers see it, with links to its evidence under `place`.
pub(super) fn application(application: &Application, place: &str) -> Markup {
    html! {
        p.text.sheet { (application.words) }
        dl.facts {
            @for (name, value) in &application.facts { dt { (words(name)) } dd { (said(value)) } }
            @for (name, count) in &application.counts { dt { (words(name)) } dd { (count) } }
        }
        @if application.files.is_empty() { p.quiet { "No evidence came along." } }
        @else {
            ul { @for (number, name) in application.files.iter().enumerate() {
                li { a href={ (place) "/evidence/" (number) } { (name) } }
            } }
        }
    }
}

fn said(value: &Value) -> String {
    match value {
        Value::Flag(true) => "yes".into(),
        Value::Flag(false) => "no".into(),
        other => other.to_string(),
    }
}

/// One assessor's marks.
pub(super) fn marks(marks: &Marks) -> Markup {
    html! {
        dl.facts {
            @for (name, value) in &marks.facts { dt { (words(name)) } dd { (said(value)) } }
            @for (name, count) in &marks.counts { dt { (words(name)) } dd { (count) } }
        }
        p.text.sheet { (marks.words) }
    }
}

/// What a partner has declared, and when.
pub(super) fn declarations(shown: &Shown, partner: &Partner) -> Markup {
    html! {
        dl.facts {
            @for (what, _, title) in Declared::ALL {
                dt { (title) }
                dd { @match partner.declared.get(what) {
                    Some((true, at)) => { (chip(Tone::Soon, "something to declare")) " " (instant(shown, *at)) }
                    Some((false, at)) => { (chip(Tone::Calm, "nothing to declare")) " " (instant(shown, *at)) }
                    None => (chip(Tone::Idle, "not declared yet")),
                } }
            }
        }
    }
}

/// Level, contract and time, for whoever may see them.
pub(super) fn standing(shown: &Shown, partner: &Partner, terms: &str) -> Markup {
    html! {
        dl.facts {
            dt { "Stands at" } dd { (life_chip(partner.life)) " since " (instant(shown, partner.since)) }
            @if let Some(level) = &partner.level { dt { "Level" } dd { (level) } }
            @if let Some(until) = partner.until { dt { "Valid until" } dd { (when(shown, until)) } }
            @if let Some(by) = partner.mend_by { dt { "To mend by" } dd { (when(shown, by)) } }
        }
        @if let Some(contract) = &partner.contract {
            h2 { "Contract" }
            p { (contract.hours) " hours a year for "
                (contract.services.iter().map(|service| service.words()).collect::<Vec<_>>().join(", ")) ". "
                @match contract.signed {
                    Some(at) => { "Signed " (instant(shown, at)) "." }
                    None => "Not signed yet.",
                } }
            @if !terms.is_empty() { details { summary { "Terms" } p.text.sheet { (terms) } } }
        }
    }
}

/// A programme's criteria, level by level.
pub(super) fn criteria(programme: &Programme) -> Markup {
    html! {
        @for stage in &programme.stages {
            h2 { "Stage: " (words(&stage.id)) }
            table {
                thead { tr { th { "Criterion" } @for level in &programme.levels { th { (level) } } } }
                tbody { @for criterion in &stage.criteria { tr {
                    td { (criterion.category) }
                    @match &criterion.demands {
                        Demands::All(demand) => td colspan=(programme.levels.len()) data-label="All levels" { (demand.text) },
                        Demands::ByLevel(demands) => {
                            @for (level, demand) in programme.levels.iter().zip(demands) {
                                td data-label=(level) { @if let Some(demand) = demand { (asked_words(demand)) } }
                            }
                        }
                    }
                } } }
            }
        }
    }
}

fn asked_words(demand: &programme::Demand) -> Markup {
    html! {
        @if demand.text.is_empty() {
            @if let Some(count) = &demand.count { "At least " (count.total)
                @if let Some(critical) = count.critical { ", of them " (critical) " critical" } }
        } @else { (demand.text) }
        @if let Some(note) = &demand.note { span.quiet { " (" (note) ")" } }
    }
}
