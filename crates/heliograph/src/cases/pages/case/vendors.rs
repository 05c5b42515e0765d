//! The vendors of a case: who has signed, answered, fixed, and who is silent.

use super::marks::consent_chip;
use crate::cases::pages::load::View;
use crate::cases::rules::{Affectedness, Statement};
use crate::web::{Shown, Tone, chip};
use maud::{Markup, html};
use vocabulary::distance;

pub(super) fn vendor_table(shown: &Shown, view: &View) -> Markup {
    html! {
        h2 { "Vendors" }
        @if view.case.vendors.is_empty() { p { "No vendor is invited yet. The vendor comes first: invite it now." } }
        @else {
            table {
                thead { tr { th { "Vendor" } th { "Embargo" } th { "Report" } th { "Fix" } th { "Versions" } th { "Last heard" } } }
                tbody {
                    @for (id, vendor) in &view.case.vendors {
                        tr {
                            td { (view.names.get(id.as_str()).map_or("a vendor", String::as_str)) }
                            td data-label="Embargo" {
                                @if vendor.left { (chip(Tone::Idle, "left")) } @else { (consent_chip(view.case.consent(id))) }
                            }
                            td data-label="Report" { (vendor.rm.label()) }
                            td data-label="Fix" { (vendor.fix.label()) }
                            td data-label="Versions" { @match view.statements.get(id) {
                                Some(statement) => (statement_markup(statement)),
                                None => { span.quiet { "no statement" } }
                            } }
                            td.num data-label="Last heard" { @match vendor.last_heard {
                                Some(at) => { (distance(at, shown.now)) " ago" }
                                None => (chip(Tone::Late, format!("silent {}", distance(vendor.invited, shown.now)))),
                            } }
                        }
                    }
                }
            }
        }
    }
}

fn statement_markup(statement: &Statement) -> Markup {
    html! {
        @for row in &statement.products {
            div { (row.product) " "
                @if !row.from.is_empty() { "from " (row.from) " " }
                @if !row.before.is_empty() { "before " (row.before) " " }
                (chip(if row.status == Affectedness::Affected { Tone::Soon } else { Tone::Calm }, row.status.name().replace('_', " ")))
            }
        }
        @if !statement.text.is_empty() { div.text { (statement.text) } }
    }
}
