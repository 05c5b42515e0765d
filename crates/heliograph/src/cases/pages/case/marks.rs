//! How a case stands, in a few words each.

use super::vendors::{answered, silent};
use crate::cases::pages::load::View;
use crate::cases::rules::{Case, Party};
use crate::web::{Shown, Tone, chip};
use cvd::em::EmbargoState;
use cvd::pec::Consent;
use maud::{Markup, html};
use vocabulary::distance;

/// FIRST TLP 2.0: amber before publication, clear after it.
pub(super) fn tlp(case: &Case) -> Markup {
    html! {
        @if case.published.is_some() { span.tlp.clear { "TLP:CLEAR" } } @else { span.tlp.amber { "TLP:AMBER" } }
    }
}

pub(super) fn embargo_chip(shown: &Shown, case: &Case) -> Markup {
    match (case.embargo.state(), case.embargo.end()) {
        (EmbargoState::Active, Some(end)) => chip(
            Tone::Seal,
            match end > shown.now {
                true => format!("embargo to {}, in {}", shown.date(end), distance(shown.now, end)),
                false => format!("embargo to {}", shown.date(end)),
            },
        ),
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
    html! {
        p.row {
            (embargo_chip(shown, case))
            @if case.attacks { (chip(Tone::Soon, "attacks seen")) }
            @if case.exploit_public { (chip(Tone::Soon, "exploit public")) }
            @if case.public { (chip(Tone::Idle, "public")) }
            @if case.closed { (chip(Tone::Idle, "closed")) }
            @if view.me == Party::Centre && !case.vendors.is_empty() {
                (chip(Tone::Idle, format!("{} of {} vendors answered", answered(view), case.vendors.len())))
                @let silent = silent(view);
                @if silent > 0 { (chip(Tone::Late, format!("{silent} silent"))) }
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
