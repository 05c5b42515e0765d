//! Rules that contradict each other: both texts, and a person's decision.

use crate::deadlines::rules::{self, Clocks, ConflictDecision, Contradiction, Debtor};
use crate::web::{Shown, instant, text_area};
use maud::{Markup, html};

/// The contradictions of a subject, those that wait for a decision first.
pub(super) fn conflicts(shown: &Shown, subject: &str, clocks: &Clocks, may_decide: bool) -> Markup {
    let texts = rules::conflicts(clocks, shown.now);
    let mut all: Vec<_> = clocks.conflicts.iter().collect();
    all.sort_by_key(|(_, (raised, decided))| (decided.is_some(), *raised));
    html! {
        @for ((debtor, rules), (raised, decided)) in all {
            @let text = texts.iter().find(|(who, known, _)| who == debtor && known == rules);
            div.notice.unsettled[decided.is_none() && text.is_some()] {
                h2 { (heading(rules)) }
                p { @match text { Some((.., explain)) => (explain), None => (over(rules)) } }
                p.quiet { "Noticed " (instant(shown, *raised)) ". " (NOTHING_HAPPENS) }
                @match decided {
                    Some((at, decision)) => p { "Decided " (instant(shown, *at)) ": " (rules.words(*decision)) ". The reason stands below, in what was recorded." }
                    None => @if may_decide { (decision_form(subject, debtor, rules)) }
                }
            }
        }
    }
}

const NOTHING_HAPPENS: &str = "Nothing is sent, blocked or deleted because of it.";

fn heading(rules: &Contradiction) -> &'static str {
    match rules.is_about_keeping() {
        true => "Two rules contradict each other: how long something is kept",
        false => "Two rules contradict each other",
    }
}

/// By now they do not contradict each other any more.
fn over(rules: &Contradiction) -> String {
    format!("{} forbade what {} orders; by now they do not.", title(&rules.forbids), title(&rules.orders))
}

/// A profile by its title, where one in force has this id.
pub(super) fn title(profile: &str) -> &str {
    rules::profile(profile).map_or(profile, |known| known.title.as_str())
}

fn decision_form(subject: &str, debtor: &Debtor, rules: &Contradiction) -> Markup {
    html! {
        details { summary { "Decide it" }
        form method="post" action={ "/deadlines/" (subject) "/conflict" } {
            input type="hidden" name="debtor" value=(String::from(debtor.clone()));
            @for (name, value) in [("forbids", &rules.forbids), ("prohibition", &rules.prohibition),
                ("orders", &rules.orders), ("duty", &rules.duty)] {
                input type="hidden" name=(name) value=(value);
            }
            label { "What is to be done" select name="decision" {
                @for (decision, word, _) in ConflictDecision::ALL { option value=(word) { (rules.words(decision)) } }
            } }
            (text_area("reason", "Why", "On whose advice. Sealed with the case", "", true))
            div.actions { button.btn.main { "Record the decision" } }
        } }
    }
}

/// How long things must be kept and may be kept, by rule.
pub(super) fn keeping(shown: &Shown, clocks: &Clocks, who: impl Fn(&Debtor) -> String) -> Markup {
    let all = rules::keeping(clocks, shown.now);
    html! {
        @if !all.is_empty() {
            section.sheet {
                h2 { "How long it is kept" }
                ul.plain { @for (debtor, keeping) in &all { li { (who(debtor)) ": " (keeping.explain) } } }
                p.quiet { "Counted from the receipt of the report. The centre deletes nothing by these rules; erasing is done by hand, case by case." }
            }
        }
    }
}
