//! The pieces that pages are made of.

use super::layout::Shown;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use vocabulary::{Severity, distance};

/// What a colour means; the words say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// On time, signed, done.
    Calm,
    /// Soon, lapsed, needs a look.
    Soon,
    /// Overdue or silent, and nothing else.
    Late,
    /// No date, not started, public.
    Idle,
    /// Sealed, embargo.
    Seal,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Calm => "chip calm",
            Self::Soon => "chip soon",
            Self::Late => "chip late",
            Self::Idle => "chip",
            Self::Seal => "chip seal",
        }
    }
}

/// A few words with a meaning.
pub(crate) fn chip(tone: Tone, words: impl AsRef<str>) -> Markup {
    html! { span class=(tone.class()) { (words.as_ref()) } }
}

/// An instant with day, hour and zone, for people and programs.
pub(crate) fn instant(shown: &Shown, at: Timestamp) -> Markup {
    html! { time datetime=(at.to_string()) { (shown.date(at)) } }
}

/// An instant, and how far it is from now in words.
pub(crate) fn when(shown: &Shown, at: Timestamp) -> Markup {
    let words = distance(at, shown.now);
    html! {
        (instant(shown, at)) " "
        span.quiet { @if at > shown.now { "(in " (words) ")" } @else { "(" (words) " ago)" } }
    }
}

/// When something is due, in words and then the hour.
pub(crate) fn due_chip(shown: &Shown, due: Timestamp) -> Markup {
    let words = distance(shown.now, due);
    html! {
        @if due < shown.now { (chip(Tone::Late, format!("overdue {words}"))) }
        @else if due - shown.now < SignedDuration::from_hours(24) { (chip(Tone::Soon, format!("in {words}"))) }
        @else { (chip(Tone::Calm, format!("in {words}"))) }
        br;
        span.quiet { (instant(shown, due)) }
    }
}

/// A clock's state, by the words of the clock engine.
pub(crate) fn clock_chip(shown: &Shown, state: &str, due: Option<Timestamp>) -> Markup {
    match (state, due) {
        // A rule that says "should": nothing is breached.
        ("running", Some(due)) if due < shown.now => html! {
            (chip(Tone::Soon, format!("should have been done {} ago", distance(due, shown.now))))
            br; span.quiet { (instant(shown, due)) }
        },
        ("running" | "overdue" | "extended", Some(due)) => due_chip(shown, due),
        ("running", None) => chip(Tone::Soon, "now: due without delay"),
        ("met", _) => chip(Tone::Calm, "met"),
        ("met_late", _) => chip(Tone::Soon, "met late"),
        ("not_started", _) => chip(Tone::Idle, "no date: not started"),
        ("anchor_missing", _) => chip(Tone::Soon, "no date: nobody recorded when"),
        ("scope_not_declared", _) => chip(Tone::Idle, "no date: scope not declared"),
        (other, _) => chip(Tone::Idle, other.replace('_', " ")),
    }
}

/// A severity in tenths of a point, by its band: as many of four fields as its band is high, and in words.
pub(crate) fn severity_chip(tenths: Option<i64>) -> Markup {
    let Some(tenths) = tenths else { return html! { span.quiet { "not graded" } } };
    let score = tenths as f64 / 10.0;
    let band = Severity::of(score);
    let class = match band {
        Severity::None => "grade",
        Severity::Low => "grade g1",
        Severity::Medium => "grade g2",
        Severity::High => "grade g3",
        Severity::Critical => "grade g4",
    };
    html! { span class=(class) { (band.label()) " " (format!("{score:.1}")) } }
}

/// One thing that happened, for a page's timeline.
pub(crate) struct Moment {
    pub(crate) at: Timestamp,
    /// Whose doing it was, where the words do not say so themselves.
    pub(crate) who: String,
    /// Whether it happened since whoever looks was last here.
    pub(crate) is_new: bool,
    pub(crate) what: Markup,
}

/// What happened, newest first.
pub(crate) fn timeline(shown: &Shown, moments: &[Moment]) -> Markup {
    html! {
        ol.story {
            @for moment in moments.iter().rev() {
                li {
                    (when(shown, moment.at)) @if moment.is_new { " " (chip(Tone::Calm, "new")) }
                    div { @if !moment.who.is_empty() { b { (moment.who) } " " } (moment.what) }
                }
            }
        }
    }
}

/// A line of text in a form.
pub(crate) fn field(name: &str, label: &str, hint: &str, value: &str, required: bool) -> Markup {
    html! {
        label for=(name) { (label) (needed(required)) @if !hint.is_empty() { span.quiet { (hint) } } }
        input type="text" id=(name) name=(name) value=(value) required[required];
    }
}

/// The mark of a field that must not stay empty.
fn needed(required: bool) -> Markup {
    html! { @if required { b.needed { " needed" } } }
}

/// Several lines of text in a form.
pub(crate) fn text_area(name: &str, label: &str, hint: &str, value: &str, required: bool) -> Markup {
    html! {
        label for=(name) { (label) (needed(required)) @if !hint.is_empty() { span.quiet { (hint) } } }
        textarea id=(name) name=(name) required[required] { (value) }
    }
}

/// A day and hour with its zone: two inputs, `name` and `name_zone`.
pub(crate) fn date_input(name: &str, label: &str, hint: &str, value: &str, zone: &str) -> Markup {
    html! {
        label for=(name) { (label) @if !hint.is_empty() { span.quiet { (hint) } } }
        div.row {
            input type="datetime-local" id=(name) name=(name) value=(value);
            input type="text" name={ (name) "_zone" } value=(zone) aria-label={ (label) ", zone" } size="16"
                list="zones" class="zone";
        }
    }
}

/// A choice among a few words.
pub(crate) fn choice<V: AsRef<str>, W: AsRef<str>>(
    name: &str,
    label: &str,
    options: &[(V, W)],
    chosen: &str,
) -> Markup {
    html! {
        label for=(name) { (label) }
        select id=(name) name=(name) {
            @for (value, word) in options { option value=(value.as_ref()) selected[value.as_ref() == chosen] { (word.as_ref()) } }
        }
    }
}

/// A line of text in one of several rows: its label is around it, because names repeat.
pub(crate) fn cell(label: &str, name: &str, hint: &str, value: &str) -> Markup {
    html! { label { (label) @if !hint.is_empty() { span.quiet { (hint) } } input type="text" name=(name) value=(value); } }
}

/// Several lines of text in one of several rows.
pub(crate) fn wide_cell(label: &str, name: &str, value: &str) -> Markup {
    html! { label.wide { (label) textarea name=(name) rows="2" { (value) } } }
}

/// A choice among a few words in one of several rows.
pub(crate) fn pick(label: &str, name: &str, options: &[(&str, &str)], chosen: &str) -> Markup {
    html! {
        label { (label)
            select name=(name) {
                @for (value, word) in options { option value=(value) selected[*value == chosen] { (word) } }
            }
        }
    }
}
