//! What a vendor sees before it signs, and what it can do afterwards.

use super::marks::{consent_chip, embargo_chip, tlp};
use super::message_form;
use crate::cases::pages::load::View;
use crate::cases::rules::{Affectedness, Case, Party, Statement, Vendor};
use crate::web::{Shown, cell, date_input, instant, pick, text_area};
use cvd::cs::VendorFix;
use cvd::pec::Consent;
use cvd::rm::{ReportMove, ReportState};
use maud::{Markup, html};
use vocabulary::{CaseId, distance};

pub(super) fn invitation(shown: &Shown, id: &CaseId, case: &Case, me: &Party) -> Markup {
    let consent = match me {
        Party::Vendor(vendor) => case.consent(vendor),
        _ => Consent::NoEmbargo,
    };
    html! {
        p.quiet { a href="/vendor" { "Your cases" } " / " (id) }
        h1 { (case.code_name) " " (tlp(case)) }
        p { (embargo_chip(shown, case)) " " (consent_chip(consent)) }
        div.narrow {
            p.lead { "A vulnerability that may concern your products was reported to us. The report is sealed; it opens \
                when you agree to keep it until the embargo ends." }
            @if let Some(end) = case.embargo.end() {
                p { "The embargo ends " b { (instant(shown, end)) } " (in " (distance(shown.now, end)) "). \
                    You may propose another end, and you may leave at any time. Information is for defensive \
                    purposes only: to mitigate or remediate." }
            }
            form.row method="post" action={ "/case/" (id) "/terms" } {
                button.btn.main name="answer" value="accept" { "Accept the embargo and open the report" }
                @if consent != Consent::Declined { button.btn name="answer" value="decline" { "Decline" } }
            }
        }
    }
}

pub(super) fn vendor_actions(shown: &Shown, view: &View) -> Markup {
    let place = format!("/case/{}", view.id);
    let Party::Vendor(id) = &view.me else { return html! {} };
    let Some(vendor) = view.case.vendors.get(id) else { return html! {} };
    let open = !view.case.embargo.has_accepted(&view.me.id()) && view.case.embargo.state().in_force()
        || !view.case.embargo.proposals().is_empty();
    html! {
        @if open && view.case.consent(id) != Consent::Signatory {
            div.sheet {
                h2 { "A new end is proposed" }
                @for proposal in view.case.embargo.proposals() { p { "To end " (instant(shown, proposal.end)) } }
                form.row method="post" action={ (place) "/terms" } {
                    button.btn.main name="answer" value="accept" { "Accept" }
                    button.btn name="answer" value="decline" { "Decline" }
                }
            }
        }
        div.sheet {
            h2 { "Your next step" }
            (next_step(view, &place, vendor))
        }
        @if vendor.rm == ReportState::Accepted {
            details { summary { "Your report state: " (vendor.rm.label()) } (report_step(&place, vendor.rm)) }
        }
        @if vendor.statement.is_some() || vendor.rm != ReportState::Accepted {
            details open[vendor.statement.is_none()] {
                summary { "Which versions are affected" }
                (statement_form(&place, view.statements.get(id), "btn"))
            }
        }
        details { summary { "Write a message" } (message_form(&place, view)) }
        details {
            summary { "Propose another end of the embargo" }
            form method="post" action={ (place) "/propose" } {
                (date_input("end", "Its end", "Day, hour and zone", "", &shown.zone))
                div.actions { button.btn { "Propose" } }
            }
        }
        details {
            summary { "Leave the case" }
            form method="post" action={ (place) "/leave" } { p { "You may leave at any time." } button.btn { "Leave" } }
        }
    }
}

/// What the vendor is asked for next: to look at the report, to say what is affected, to mend it.
fn next_step(view: &View, place: &str, vendor: &Vendor) -> Markup {
    html! {
        @if view.case.closed && view.has_open_clocks() { p { "Nothing in the case: it is closed. What is still owed stands among the clocks." } }
        @else if view.case.closed { p { "Nothing: the case is closed." } }
        @else if vendor.rm != ReportState::Accepted { (report_step(place, vendor.rm)) }
        @else if vendor.statement.is_none() {
            p { "Say which of your versions are affected." }
            (statement_form(place, None, "btn main"))
        }
        @else if vendor.fix < VendorFix::Deployed { (fix_step(place, vendor.fix)) }
        @else { p { "Nothing now. The advisory names your fix when it is published." } }
    }
}

fn report_step(place: &str, rm: ReportState) -> Markup {
    let steps: Vec<(ReportMove, &str)> = ReportMove::ALL
        .iter()
        .filter(|step| **step != ReportMove::Receive && rm.apply(**step).is_ok())
        .map(|step| (*step, step.label()))
        .collect();
    html! {
        p { "Your report state: " b { (rm.label()) } }
        form.row method="post" action={ (place) "/report-state" } {
            @for (number, (step, label)) in steps.iter().enumerate() {
                @let value = serde_json::to_value(step).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
                button class=(if number == 0 && rm != ReportState::Accepted && rm != ReportState::Closed { "btn main" } else { "btn" }) name="step" value=(value) { (label) }
            }
        }
    }
}

fn fix_step(place: &str, fix: VendorFix) -> Markup {
    let (event, words) = match fix {
        VendorFix::Ready => ("fix_deployed", "The fix is deployed"),
        _ => ("fix_ready", "The fix is ready"),
    };
    html! {
        form method="post" action={ (place) "/fix" } {
            div.actions { button.btn.main name="event" value=(event) { (words) } }
        }
    }
}

fn statement_form(place: &str, known: Option<&Statement>, button: &str) -> Markup {
    let empty = Statement::default();
    let known = known.unwrap_or(&empty);
    html! {
        form method="post" action={ (place) "/statement" } {
            @for row in 0..(known.products.len() + 2) {
                @let product = known.products.get(row);
                fieldset.cells {
                    legend { "Product " (row + 1) }
                    (cell("Product", "product", "", product.map_or("", |p| p.product.as_str())))
                    (cell("From version", "from", "Empty: from the beginning", product.map_or("", |p| p.from.as_str())))
                    (cell("Before version", "before", "Empty: all later ones", product.map_or("", |p| p.before.as_str())))
                    (pick("State", "status", Affectedness::ALL, product.map_or("affected", |p| p.status.name())))
                }
            }
            (text_area("text", "Your statement", "Published with the advisory", &known.text, false))
            div.actions { button class=(button) { "Save the statement" } }
        }
    }
}
