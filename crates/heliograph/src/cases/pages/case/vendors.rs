//! The vendors of a case: who has signed, answered, fixed, and who is silent.

use super::marks::consent_chip;
use super::standing::Standing;
use crate::cases::pages::load::View;
use crate::cases::rules::{Affectedness, Statement, Vendor};
use crate::web::{Shown, Tone, chip, instant};
use jiff::Timestamp;
use maud::{Markup, html};
use std::collections::BTreeMap;
use vocabulary::{OrganisationId, distance};

/// Vendors in the table before the rest is summed up.
const OPEN: usize = 12;

/// Which vendors are shown: all, those of one standing, or the first few.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Which {
    #[default]
    First,
    All,
    Only(Standing),
}

impl Which {
    /// As the address asks.
    pub(super) fn of_name(name: Option<&str>) -> Self {
        match name {
            Some("all") => Self::All,
            Some(name) => Standing::of_name(name).map_or(Self::First, Self::Only),
            None => Self::First,
        }
    }
}

/// A vendor as the table shows it.
struct Row<'a> {
    id: &'a OrganisationId,
    name: &'a str,
    vendor: &'a Vendor,
    statement: Option<&'a Statement>,
    standing: Standing,
}

impl Row<'_> {
    /// The one that waits longest comes first among its like.
    fn order(&self) -> (Standing, Timestamp, &str) {
        (self.standing, self.vendor.last_heard.unwrap_or(self.vendor.invited), self.name)
    }
}

fn rows(view: &View) -> Vec<Row<'_>> {
    let row = |(id, vendor)| {
        let statement = view.statements.get(id);
        let name = view.names.get(id.as_str()).map_or("a vendor", String::as_str);
        Row { id, name, vendor, statement, standing: Standing::of(vendor, statement) }
    };
    let mut rows: Vec<Row<'_>> = view.case.vendors.iter().map(row).collect();
    rows.sort_by(|a, b| a.order().cmp(&b.order()));
    rows
}

/// How many of all have answered.
pub(super) fn answered(view: &View) -> usize {
    rows(view).iter().filter(|row| row.standing.is_answer()).count()
}

/// How many are silent.
pub(super) fn silent(view: &View) -> usize {
    rows(view).iter().filter(|row| row.standing == Standing::Silent).count()
}

pub(super) fn vendor_table(shown: &Shown, view: &View, which: Which) -> Markup {
    let mut rows = rows(view);
    let all = counts(&rows);
    let hidden = match which {
        Which::All => Vec::new(),
        Which::Only(standing) => {
            rows.retain(|row| row.standing == standing);
            Vec::new()
        }
        Which::First => rows.split_off(rows.len().min(OPEN)),
    };
    html! {
        h2 id="vendors" { "Vendors" }
        @if all.is_empty() { p { "No vendor is invited yet. The vendor comes first: invite it now." } }
        @else {
            @if all.len() > 1 || which != Which::First { (filters(view, &all, which)) }
            @if rows.is_empty() { p { "No vendor stands so any more." } }
            @else { (table(shown, view, &rows)) }
            @if !hidden.is_empty() { (rest(view, &hidden)) }
        }
    }
}

fn counts(rows: &[Row<'_>]) -> BTreeMap<Standing, usize> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row.standing).or_default() += 1;
    }
    counts
}

/// All of them by where they stand, each a link to those alone.
fn filters(view: &View, counts: &BTreeMap<Standing, usize>, which: Which) -> Markup {
    let total: usize = counts.values().sum();
    html! {
        nav.quiet aria-label="Vendors by where they stand" {
            @if which == Which::All { b { (total) " vendors" } }
            @else { a href=(address(view, "all")) { (total) " vendors" } }
            @for (standing, count) in counts {
                " · "
                @if which == Which::Only(*standing) { b { (count) " " (standing.label()) } }
                @else { a href=(address(view, standing.name())) { (count) " " (standing.label()) } }
            }
            @if which != Which::First { " · " a href={ "/case/" (view.id) "#vendors" } { "the first few" } }
        }
    }
}

fn address(view: &View, name: &str) -> String {
    format!("/case/{}?vendors={name}#vendors", view.id)
}

/// What is folded away, by meaning: "34 more: 27 not affected".
fn rest(view: &View, hidden: &[Row<'_>]) -> Markup {
    html! {
        p.quiet {
            (hidden.len()) " more: "
            @for (at, (standing, count)) in counts(hidden).iter().enumerate() {
                @if at > 0 { " · " }
                a href=(address(view, standing.name())) { (count) " " (standing.label()) }
            }
        }
    }
}

fn table(shown: &Shown, view: &View, rows: &[Row<'_>]) -> Markup {
    html! {
        table {
            thead { tr { th { "Vendor" } th { "Stands" } th { "Embargo" } th { "Report" } th { "Fix" } th { "Versions" } th.num { "Last heard" } } }
            tbody {
                @for row in rows {
                    tr {
                        td { (row.name) }
                        td data-label="Stands" { (stands(shown, row)) }
                        td data-label="Embargo" { (consent_chip(view.case.consent(row.id))) }
                        td data-label="Report" { (row.vendor.rm.label()) }
                        td data-label="Fix" { (row.vendor.fix.label()) }
                        td data-label="Versions" { @match row.statement {
                            Some(statement) => (statement_markup(statement)),
                            None => { span.quiet { "nothing stated" } }
                        } }
                        td.num data-label="Last heard" { @match row.vendor.last_heard {
                            Some(at) => { (distance(at, shown.now)) " ago" br; span.quiet { (instant(shown, at)) } }
                            None => { "never" br; span.quiet { "invited " (instant(shown, row.vendor.invited)) } }
                        } }
                    }
                }
            }
        }
    }
}

fn stands(shown: &Shown, row: &Row<'_>) -> Markup {
    let words = match row.standing {
        Standing::Silent => format!("silent {}", distance(row.vendor.invited, shown.now)),
        other => other.label().to_owned(),
    };
    chip(row.standing.tone(), words)
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
