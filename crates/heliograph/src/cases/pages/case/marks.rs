//! How a case stands, in a few words each.

use crate::cases::pages::load::View;
use crate::cases::rules::{Case, Party};
use crate::web::{Shown, Tone, chip};
use cvd::em::EmbargoState;
use cvd::pec::Consent;
use maud::{Markup, html};

/// FIRST TLP 2.0: amber before publication, clear after it.
pub(super) fn tlp(case: &Case) -> Markup {
    html! {
        @if case.published.is_some() { span.tlp.clear { "TLP:CLEAR" } } @else { span.tlp.amber { "TLP:AMBER" } }
    }
}

pub(super) fn embargo_chip(shown: &Shown, case: &Case) -> Markup {
    match (case.embargo.state(), case.embargo.end()) {
        (EmbargoState::Active, Some(end)) => chip(Tone::Seal, format!("embargo to {}", shown.date(end))),
        (EmbargoState::Revise, Some(end)) => {
            chip(Tone::Seal, format!("embargo to {}, a new end is proposed", shown.date(end)))
        }
        (EmbargoState::Proposed, _) => chip(Tone::Seal, "embargo proposed"),
        (EmbargoState::Exited, _) => chip(Tone::Idle, "embargo over"),
        _ => chip(Tone::Idle, "no embargo"),
    }
}

pub(super) fn status_line(shown: &Shown, view: &View) -> Markup {
    let case = &view.case;
    let answered = case.vendors.values().filter(|vendor| vendor.statement.is_some()).count();
    html! {
        p.row {
            (embargo_chip(shown, case))
            @if case.attacks { (chip(Tone::Late, "attacks seen")) }
            @if case.exploit_public { (chip(Tone::Late, "exploit public")) }
            @if case.public { (chip(Tone::Idle, "public")) }
            @if case.closed { (chip(Tone::Idle, "closed")) }
            @if view.me == Party::Centre && !case.vendors.is_empty() {
                (chip(Tone::Idle, format!("{answered} of {} vendors answered", case.vendors.len())))
            }
            @if let Some(cause) = case.embargo.decision_due() {
                (chip(Tone::Soon, format!("decide: {}", cause.label())))
            }
        }
    }
}

pub(super) fn consent_chip(consent: Consent) -> Markup {
    match consent {
        Consent::Signatory => chip(Tone::Calm, "signed"),
        Consent::Lapsed => chip(Tone::Soon, "consent lapsed by revision"),
        Consent::Declined => chip(Tone::Soon, "declined"),
        Consent::Invited => chip(Tone::Idle, "invited"),
        Consent::NoEmbargo => chip(Tone::Idle, "no embargo"),
    }
}
