//! Am I affected, and what to do: the two questions for which people come.

use super::address;
use crate::web::{Tone, chip};
use catalogue::{Answer, Entry, Line, Source};
use catalogue::{Product, Told, products, tell, verdict};
use formats::record::{Record, Status};
use maud::{Markup, html};

/// What the form of a record's page asks.
pub(super) struct Question {
    /// One of the record's products; empty for any.
    pub(super) product: String,
    pub(super) version: String,
}

/// Products in the list to choose from.
const CHOICES: usize = 300;

fn records(entry: &Entry) -> impl Iterator<Item = &Record> {
    // A listing as known exploited names a product, but says nothing of its versions.
    entry
        .records
        .iter()
        .filter(|sourced| sourced.summary.source != Source::Kev)
        .map(|sourced| &sourced.record)
}

/// The box with the form and, if something was asked, the answer.
pub(super) fn am_i_affected(entry: &Entry, question: &Question) -> Markup {
    let mut labels: Vec<String> = Vec::new();
    for product in records(entry).flat_map(products) {
        if labels.len() < CHOICES && !labels.iter().any(|label| label.eq_ignore_ascii_case(&product.label)) {
            labels.push(product.label);
        }
    }
    html! {
        section.sheet aria-labelledby="affected" {
            h2 id="affected" { "Am I affected?" }
            @if labels.is_empty() {
                p { "No source names a product or package here, so this cannot be answered from this page." }
            } @else {
                @if !question.version.is_empty() { (answer(entry, question)) }
                form action=(address(&entry.id)) {
                    div.row.low {
                        div {
                            label for="package" { "Product or package" }
                            select id="package" name="package" {
                                @if labels.len() > 1 { option value="" { "any of " (labels.len()) } }
                                @for label in &labels {
                                    option value=(label) selected[label.eq_ignore_ascii_case(&question.product)] { (label) }
                                }
                            }
                        }
                        div {
                            label for="version" { "Your version" }
                            input type="text" id="version" name="version" value=(question.version) maxlength="200" required
                                size="14" autocomplete="off" placeholder="1.2.3";
                        }
                        button.btn.main { "Check" }
                    }
                }
            }
        }
    }
}

fn answer(entry: &Entry, question: &Question) -> Markup {
    let product = Some(question.product.as_str()).filter(|product| !product.is_empty());
    let told = tell(records(entry), product, &question.version);
    let version = catalogue::clip(&question.version, 80);
    let by = |wanted: Answer| told.iter().filter(move |told| told.answer == wanted);
    html! {
        div.notice role="status" {
            @match verdict(&told) {
                None => p { "No source speaks of a product of this name. Choose one from the list below." },
                Some(Answer::Affected) => {
                    p { (chip(Tone::Soon, "affected")) " Version " b { (version) } " is affected." }
                    (statements(by(Answer::Affected)))
                }
                Some(Answer::Unknown) => {
                    p { (chip(Tone::Idle, "cannot be decided")) " What is known does not decide it for version " b { (version) } ". Take it as affected until the vendor says otherwise." }
                    (statements(by(Answer::Unknown)))
                }
                Some(Answer::NotAffected) => {
                    p { (chip(Tone::Calm, "not affected")) " Version " b { (version) } " is not among the affected ones, as far as these sources know." }
                    (statements(by(Answer::NotAffected)))
                }
            }
        }
    }
}

/// Statements listed under an answer.
const STATEMENTS: usize = 10;

fn statements<'a>(told: impl Iterator<Item = &'a Told>) -> Markup {
    let told: Vec<&Told> = told.collect();
    html! {
        ul {
            @for told in told.iter().take(STATEMENTS) {
                li {
                    (told.label) ", says " (told.id)
                    @if told.answer != Answer::NotAffected && !told.fixed.is_empty() { ": fixed in " (told.fixed.join(", ")) }
                }
            }
            @if told.len() > STATEMENTS { li.quiet { (told.len() - STATEMENTS) " more" } }
        }
    }
}

/// Products for which an advice is given one by one.
const ADVICES: usize = 8;

/// What to do, from what the sources say.
pub(super) fn what_to_do(entry: &Entry) -> Markup {
    let standing = || entry.records.iter().filter(|sourced| !sourced.summary.is_withdrawn);
    let mut shown: Vec<Product> = Vec::new();
    for product in standing()
        .filter(|sourced| sourced.summary.source != Source::Kev)
        .flat_map(|sourced| products(&sourced.record))
    {
        let is_new = !shown.iter().any(|known| known.label.eq_ignore_ascii_case(&product.label));
        if is_new && !(product.fixed.is_empty() && product.ends.is_empty()) {
            shown.push(product);
        }
    }
    let demands = standing().filter_map(|sourced| sourced.record.exploited.as_ref());
    let patches: Vec<&str> = standing()
        .flat_map(|sourced| &sourced.record.references)
        .filter(|reference| {
            reference.kind.iter().any(|kind| matches!(kind.as_str(), "patch" | "fix" | "vendor-advisory"))
        })
        .map(|reference| reference.url.as_str())
        .take(5)
        .collect();
    html! {
        section.sheet aria-labelledby="do" {
            h2 id="do" { "What to do" }
            @if standing().next().is_none() {
                p { "Nothing: this record was withdrawn or rejected by its source. The reason stands below." }
            } @else {
                ul {
                    @for product in shown.iter().take(ADVICES) {
                        li { (advice(product)) }
                    }
                    @if shown.len() > ADVICES { li.quiet { (shown.len() - ADVICES) " more products: see below." } }
                    @match (shown.is_empty(), patches.is_empty()) {
                        (true, true) => li {
                            "No source names a fixed version or links to a statement of the vendor. "
                            "Ask the vendor, and limit who can reach the product until then."
                        },
                        (true, false) => li { "No source names a fixed version. This is what they link to as a fix or as the vendor's word:" },
                        (false, _) => {}
                    }
                    @for url in &patches { li { (super::link(url, url)) } }
                    @for demand in demands {
                        @if let Some(action) = &demand.required_action {
                            li {
                                "It is used in attacks. " (action)
                                @if let Some(due) = demand.due_date { span.quiet { " (Federal agencies of the USA had to by " (due) ".)" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn advice(product: &Product) -> Markup {
    html! {
        @if product.fixed.is_empty() {
            b { (product.label) } ": the affected versions end before " (product.ends.join(", "))
            ". No source calls a version fixed: check the one that you want to move to above."
        } @else {
            "Update " b { (product.label) } " to " (product.fixed.join(" or ")) ", or later of the same line."
        }
    }
}

/// Products shown before the rest is folded away.
const OPEN_PRODUCTS: usize = 12;
/// Products shown at all; the document has the rest.
const PRODUCTS: usize = 400;

/// The affected versions of one record, in words.
pub(super) fn versions(record: &Record) -> Markup {
    let products = products(record);
    html! {
        @if products.is_empty() { p.quiet { "Names no product." } }
        @else {
            (table(&products[..products.len().min(OPEN_PRODUCTS)]))
            @if products.len() > OPEN_PRODUCTS {
                details {
                    summary { (products.len() - OPEN_PRODUCTS) " more products" }
                    (table(&products[OPEN_PRODUCTS..products.len().min(PRODUCTS)]))
                    @if products.len() > PRODUCTS { p.quiet { (products.len() - PRODUCTS) " more stand in the document itself." } }
                }
            }
        }
    }
}

fn table(products: &[Product]) -> Markup {
    html! {
        table {
            thead { tr { th { "Product or package" } th { "Versions" } } }
            tbody {
                @for product in products {
                    tr {
                        td {
                            (product.label)
                            @if !product.platforms.is_empty() {
                                div.quiet { "on " (catalogue::clip(&product.platforms.join(", "), 200)) }
                            }
                        }
                        td data-label="Versions" { (lines(&product.lines)) }
                    }
                }
            }
        }
    }
}

/// Statements of one product before the rest is folded away.
const OPEN_LINES: usize = 10;

fn lines(all: &[Line]) -> Markup {
    let (open, folded) = all.split_at(all.len().min(OPEN_LINES));
    let one = |line: &Line| html! { div { (word(line.status)) " " (line.text) } };
    html! {
        @if all.is_empty() { span.quiet { "not named" } }
        @for line in open { (one(line)) }
        @if !folded.is_empty() {
            details { summary { (folded.len()) " more" } @for line in folded { (one(line)) } }
        }
    }
}

fn word(status: Status) -> Markup {
    match status {
        Status::Affected => chip(Tone::Soon, "affected"),
        Status::NotAffected => chip(Tone::Calm, "not affected"),
        Status::Fixed => chip(Tone::Calm, "fixed"),
        Status::UnderInvestigation => chip(Tone::Idle, "being looked into"),
        Status::Unknown => chip(Tone::Idle, "not known"),
    }
}
