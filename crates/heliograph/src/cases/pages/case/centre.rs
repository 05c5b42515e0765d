//! What a coordinator can do in a case: the next step first.

use super::message_form;
use super::vendors::silent;
use crate::cases::pages::load::View;
use crate::cases::pages::{classify, grade};
use crate::cases::rules::{Case, Party};
use crate::people;
use crate::web::{Shown, choice, date_input, field, instant, text_area};
use cvd::embargo::KeepReason;
use cvd::interaction::{EndCause, Force};
use maud::{Markup, html};

pub(super) fn centre_actions(shown: &Shown, view: &View, vendors: &[people::Organisation]) -> Markup {
    let place = format!("/case/{}", view.id);
    let known = &view.case.vendors;
    let free: Vec<_> = vendors
        .iter()
        .filter(|vendor| vendor.mandate.may_receive() && !view.case.has(&Party::Vendor(vendor.id.clone())))
        .collect();
    let case = &view.case;
    html! {
        div.sheet {
            h2 { "Your next step" }
            (next_step(shown, view, &place, &free))
        }
        @if !case.closed {
            details { summary { "Write a message" } (message_form(&place, view)) }
            @if !known.is_empty() {
                details { summary { "Invite vendors" } (invite_form(shown, &place, &free, false)) }
                @if case.tenths.is_some() { details { summary { "Grade again" } (grade::draw(&place, case, "btn")) } }
            }
            @if !decides(case) {
                details { summary { "Embargo" } (embargo_forms(shown, &place, case)) }
            }
            @if case.published.is_none() {
                details { summary { @if view.asks.is_some() { "Raise its classification" } @else { "Classify the case" } } (classify::form(&place)) }
            }
            details { summary { "It became public, or attacks were seen" } (state_form(shown, &place)) }
            @if case.published.is_none() {
                details { summary { "Make it part of another case" } (merge_form(&place, view.asks.is_some())) }
                details { summary { "Close the case" } (close_form(view, &place, "btn")) }
            }
        }
    }
}

/// Whether the embargo waits for a person's word before anything else.
fn decides(case: &Case) -> bool {
    case.embargo.decision_due().is_some() && !case.vendors.is_empty()
}

/// The one thing that comes next, with its form or its link.
fn next_step(shown: &Shown, view: &View, place: &str, free: &[&people::Organisation]) -> Markup {
    let case = &view.case;
    html! {
        @if case.erased { p { "Nothing: its texts are erased." } }
        @else if case.closed {
            @if view.has_open_clocks() {
                p { "Nothing in the case: it is closed. What is still owed stands among " a href="#clocks" { "its clocks" } ", and is recorded there." }
            } @else { p { "Nothing. Its texts can be erased." } }
            (erase_form(place))
        }
        @else if case.vendors.is_empty() { (invite_form(shown, place, free, true)) }
        @else if decides(case) { (embargo_forms(shown, place, case)) }
        @else if case.tenths.is_none() { p { "Grade the case." } (grade::draw(place, case, "btn main")) }
        @else if case.published.is_some() {
            p { "The advisory is out. Close the case when nothing is owed any more." }
            (close_form(view, place, "btn main"))
        } @else {
            @let silent = silent(view);
            @if silent > 0 {
                p { (silent) " of the vendors " @if silent == 1 { "is" } @else { "are" } " silent: "
                    a href={ (place) "?vendors=silent#vendors" } { "who" } ". Try another contact." }
            }
            p { a.btn.main href={ (place) "/advisory" } { "Write the advisory" } }
        }
    }
}

fn merge_form(place: &str, is_classified: bool) -> Markup {
    html! {
        @if is_classified { p { "This case is classified. It becomes part of one that asks for as much, whose members are all \
            members of this one: to merge opens it to nobody. Whoever was let in here alone is " b { "let in anew by a \
            security officer" } ", or not at all." } }
        form method="post" action={ (place) "/merge" } {
            p { "When both are about one flaw. Everybody in this case takes part in the other one then; of two \
                embargoes the earlier end holds, and whoever has not agreed to it is asked." }
            (field("into", "The case that goes on", "Its number", "", true))
            div.actions { button.btn { "Merge" } }
        }
    }
}

/// Where facts are recorded, also of a case that is closed.
fn its_clocks(view: &View) -> Markup {
    html! { a href={ "/deadlines/" (view.id) } { "its clocks" } }
}

fn close_form(view: &View, place: &str, button: &str) -> Markup {
    html! {
        form method="post" action={ (place) "/close" } {
            p { "Nothing more can be added to the case afterwards. What a law demands, and what is owed to a vendor, is owed \
                on: facts and filings are recorded with " (its_clocks(view)) " as before." }
            button class=(button) { "Close" }
        }
    }
}

fn erase_form(place: &str) -> Markup {
    html! {
        details {
            summary { "Erase the case" }
            form method="post" action={ (place) "/erase" } {
                p { "The keys of the case and its reports are destroyed: their texts are gone for good, the log \
                    stays whole. Erasure is complete when the last backup of the keys is gone. From then on its clocks take \
                    nothing either: record first what is still owed." }
                button.btn { "Erase" }
            }
        }
    }
}

/// The first vendor is whom the report was accepted for; of one that joins later it matters since when
/// it is known to be concerned, because the time for telling it runs from there.
fn invite_form(shown: &Shown, place: &str, free: &[&people::Organisation], is_first: bool) -> Markup {
    html! {
        @if free.is_empty() { p { "Every organisation with a defensive mandate is here. "
            a href="/organisations" { "Add another" } } }
        @else {
            form method="post" action={ (place) "/invite" } {
                fieldset {
                    legend { "Invite vendors" }
                    @for vendor in free {
                        label.inline { input type="checkbox" name="vendor" value=(vendor.id); (vendor.name) }
                    }
                }
                @if !is_first {
                    (date_input("concerned_since", "Known to be concerned since",
                        "The time for telling them runs from here. Empty: found out just now", "", &shown.zone))
                }
                div.actions { button.btn.main[is_first] { "Invite" } }
            }
        }
    }
}

fn embargo_forms(shown: &Shown, place: &str, case: &Case) -> Markup {
    html! {
        @if let Some(cause) = case.embargo.decision_due() {
            p { "The embargo should end: " (cause.label()) ". A person decides, with a reason." }
            form method="post" action={ (place) "/embargo" } {
                input type="hidden" name="do" value="keep";
                (choice("reason", "Keep it because", &words(KeepReason::ALL, KeepReason::label), ""))
                div.actions { button.btn { "Keep it" } }
            }
        }
        @for proposal in case.embargo.proposals().iter().filter(|proposal| proposal.by.0 != "centre") {
            p { "Proposed: to end " (instant(shown, proposal.end)) }
            form.row method="post" action={ (place) "/embargo" } {
                button.btn.main name="do" value="revision-accept" { "Accept" }
                button.btn name="do" value="revision-decline" { "Decline" }
            }
        }
        form method="post" action={ (place) "/propose" } {
            (date_input("end", "Propose an end", "At most 180 days in all", "", &shown.zone))
            div.actions { button.btn { "Propose" } }
        }
        @if case.embargo.state().in_force() {
            @let causes: Vec<EndCause> = EndCause::ALL.iter().copied().filter(|cause| cause.force() != Force::Shall).collect();
            form method="post" action={ (place) "/embargo" } {
                input type="hidden" name="do" value="end";
                (choice("cause", "End it early because", &words(&causes, EndCause::label), ""))
                div.actions { button.btn { "End the embargo" } }
            }
        }
    }
}

/// The words of a machine as options: the value as events write it, the label as pages show it.
fn words<T: Copy + serde::Serialize>(all: &[T], label: fn(T) -> &'static str) -> Vec<(String, &'static str)> {
    let value = |item: T| serde_json::to_value(item).ok()?.as_str().map(str::to_owned);
    all.iter().filter_map(|item| Some((value(*item)?, label(*item)))).collect()
}

fn state_form(shown: &Shown, place: &str) -> Markup {
    let events = [
        ("public_aware", "the flaw is public"),
        ("exploit_public", "an exploit is public"),
        ("attacks_observed", "attacks were seen"),
    ];
    html! {
        form method="post" action={ (place) "/state" } {
            (choice("event", "What is known", &events, ""))
            (date_input("at", "Since when", "Leave it empty for now", "", &shown.zone))
            (text_area("evidence", "How it is known", "Sealed; only the centre reads it", "", false))
            div.actions { button.btn { "Record" } }
        }
    }
}
