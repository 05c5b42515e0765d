//! Am I affected, and what to do: the two questions for which people come.

use super::super::{address, flaw_address, link, prose};
use super::references::{is_remedy, short};
use super::remedies::{remedies, said_remedies};
use super::statements::{called, said};
use super::{anchor, standing};
use crate::web::{Tone, chip, severity_chip};
use catalogue::{Advised, Answer, Entry, Line, Product, Source, Told, name_key, products, tell, verdict};
use formats::record::{Record, Status};
use maud::{Markup, html};
use std::collections::{HashMap, HashSet};

/// What the form of a record's page asks.
pub(super) struct Question {
    /// One of the record's products; empty where none was chosen.
    pub(super) product: String,
    pub(super) version: String,
}

/// Products in a list to choose from; with more, one types.
const CHOICES: usize = 40;
/// Products that are suggested to whoever types.
const SUGGESTIONS: usize = 300;

fn records(entry: &Entry) -> impl Iterator<Item = &Record> {
    // A listing as known exploited names a product, but says nothing of its versions.
    entry
        .records
        .iter()
        .filter(|sourced| sourced.summary.source != Source::Kev)
        .map(|sourced| &sourced.record)
}

/// The products of all sources, each once.
fn labels(entry: &Entry) -> Vec<String> {
    let mut known = HashSet::new();
    let all = records(entry).flat_map(products).map(|product| product.label);
    all.filter(|label| known.insert(name_key(label))).collect()
}

/// The box with the form and, if something was asked, the answer.
pub(super) fn am_i_affected(entry: &Entry, question: &Question) -> Markup {
    let labels = labels(entry);
    html! {
        section.sheet aria-labelledby="affected" {
            h2 id="affected" { "Am I affected?" }
            @if labels.is_empty() {
                p { "No source names a product or package here, so this cannot be answered from this page." }
            } @else {
                @match (question.version.is_empty(), question.product.is_empty(), labels.as_slice()) {
                    (true, ..) => {}
                    (false, true, [only]) => (answer(entry, only, &question.version)),
                    (false, true, several) => (by_product(entry, several, &question.version)),
                    (false, false, _) => (answer(entry, &question.product, &question.version)),
                }
                form.ask action={ (address(&entry.id)) "#affected" } {
                    div { label for="package" { "Product or package" } (choice(&labels, &question.product)) }
                    div {
                        label for="version" { "Your version" }
                        input type="text" id="version" name="version" value=(question.version) maxlength="200" required
                            autocomplete="off" placeholder="1.2.3";
                    }
                    button.btn.main { "Check" }
                }
            }
        }
    }
}

fn choice(labels: &[String], chosen: &str) -> Markup {
    html! {
        @if labels.len() > CHOICES {
            input type="text" id="package" name="package" list="packages" value=(chosen) maxlength="200" autocomplete="off"
                placeholder={ "one of " (labels.len()) };
            datalist id="packages" { @for label in labels.iter().take(SUGGESTIONS) { option value=(label) {} } }
        } @else {
            select id="package" name="package" {
                @if labels.len() > 1 { option value="" { "choose one of " (labels.len()) } }
                @for label in labels { option value=(label) selected[name_key(label) == name_key(chosen)] { (label) } }
            }
        }
    }
}

/// Products named of one answer.
const NAMED: usize = 8;

/// Where none of several products was chosen: what the version would be of each, and no word over all of them.
/// The version of one product says nothing about another.
fn by_product(entry: &Entry, labels: &[String], version: &str) -> Markup {
    let told = tell(records(entry), None, version);
    let mut answers: HashMap<String, Answer> = HashMap::new();
    for told in &told {
        let known = answers.entry(name_key(&told.label)).or_insert(told.answer);
        *known = told.answer.min(*known);
    }
    let of = |label: &&String| answers.get(&name_key(label)).copied();
    let untold = labels.iter().filter(|label| of(label).is_none()).count();
    html! {
        div.notice role="status" {
            p { "Of which product is version " b { (catalogue::clip(version, 80)) } "? Choose it below. Each of them by itself:" }
            ul.plain {
                @for answer in [Answer::Affected, Answer::Unknown, Answer::NotAffected] {
                    @let named: Vec<&String> = labels.iter().filter(|label| of(label) == Some(answer)).collect();
                    @if !named.is_empty() {
                        li {
                            (word_of(answer)) " "
                            @for (at, label) in named.iter().take(NAMED).enumerate() { @if at > 0 { ", " } (called(label)) }
                            @if named.len() > NAMED { span.quiet { " and " (named.len() - NAMED) " more" } }
                        }
                    }
                }
            }
            @if untold > 0 { p.quiet { (untold) " more were not looked at." } }
        }
    }
}

fn answer(entry: &Entry, product: &str, version: &str) -> Markup {
    let told = tell(records(entry), Some(product), version);
    let version = catalogue::clip(version, 80);
    let by = |wanted: Answer| told.iter().filter(move |told| told.answer == wanted);
    let verdict = verdict(&told);
    let class = match verdict {
        Some(Answer::Affected) => "notice unsettled",
        Some(Answer::NotAffected) => "notice settled",
        _ => "notice",
    };
    html! {
        div class=(class) role="status" {
            @match verdict {
                None => p { "No source speaks of a product of this name. Choose one from the list below." },
                Some(Answer::Affected) => {
                    p { (chip(Tone::Soon, "affected")) " Version " b { (version) } " of " (called(product)) " is affected." }
                    (statements(entry, by(Answer::Affected), &[Status::Affected]))
                }
                Some(Answer::Unknown) => {
                    p { (chip(Tone::Idle, "cannot be decided")) " What is known does not decide it for version " b { (version) } " of " (called(product)) ". Take it as affected until the vendor says otherwise." }
                    (statements(entry, by(Answer::Unknown), &[Status::Affected, Status::Unknown, Status::UnderInvestigation]))
                }
                Some(Answer::NotAffected) => {
                    p { (chip(Tone::Calm, "not affected")) " Version " b { (version) } " of " (called(product)) " is not among the affected ones, as far as these sources know." }
                    (statements(entry, by(Answer::NotAffected), &[Status::Affected, Status::NotAffected]))
                }
            }
        }
    }
}

/// Statements listed under an answer.
const STATEMENTS: usize = 6;
/// Versions told of one statement.
const SAID_LINES: usize = 4;

/// Who says so, and in which words.
fn statements<'a>(entry: &Entry, told: impl Iterator<Item = &'a Told>, of: &[Status]) -> Markup {
    let told: Vec<&Told> = told.collect();
    let spoken = |told: &Told| {
        let place = entry
            .records
            .iter()
            .position(|sourced| sourced.record.id == told.id && sourced.record.source == told.source)?;
        let product = products(&entry.records[place].record)
            .into_iter()
            .find(|product| name_key(&product.label) == name_key(&told.label))?;
        let lines: Vec<Line> = product.lines.into_iter().filter(|line| of.contains(&line.status)).collect();
        Some((place, lines))
    };
    html! {
        ul {
            @for told in told.iter().take(STATEMENTS) {
                li {
                    b { (called(&told.label)) } ", says "
                    @match spoken(told) {
                        Some((place, lines)) => { a href={ "#" (anchor(place)) } { (told.id) } " " span.quiet { "(" (entry.records[place].summary.source.label()) ")" } @if !lines.is_empty() { ": " (said(&lines, SAID_LINES)) } },
                        None => (told.id),
                    }
                    @if told.answer != Answer::NotAffected && !told.fixed.is_empty() { div { "Fixed in " (told.fixed.join(", ")) "." } }
                    (each(entry, told))
                }
            }
            @if told.len() > STATEMENTS { li.quiet { (told.len() - STATEMENTS) " more say the same" } }
        }
    }
}

/// Vulnerabilities of one document before the rest is folded away.
const OPEN_EACH: usize = 8;

/// Of a document about several vulnerabilities, what it says of each, with the score of each.
fn each(entry: &Entry, told: &Told) -> Markup {
    let (open, folded) = told.each.split_at(told.each.len().min(OPEN_EACH));
    let list = |part: &[(String, Answer)]| {
        html! {
            ul.plain {
                @for (name, answer) in part {
                    li {
                        a href=(flaw_address(name, &told.id)) { (name) } " " (word_of(*answer)) " "
                        @if *answer != Answer::NotAffected { (severity_chip(entry.each.get(name).copied().flatten())) }
                    }
                }
            }
        }
    };
    html! {
        @if !told.each.is_empty() {
            div { "Vulnerability by vulnerability:" }
            (list(open))
            @if !folded.is_empty() { details { summary { (folded.len()) " more" } (list(folded)) } }
        }
    }
}

fn word_of(answer: Answer) -> Markup {
    match answer {
        Answer::Affected => chip(Tone::Soon, "affected"),
        Answer::Unknown => chip(Tone::Idle, "cannot be decided"),
        Answer::NotAffected => chip(Tone::Calm, "not affected"),
    }
}

/// Products for which an advice is given one by one.
const ADVICES: usize = 8;

/// What to do, from what the sources say.
pub(super) fn what_to_do(entry: &Entry, advised: &[Advised]) -> Markup {
    let standing = || standing(entry);
    let (mut known, mut shown) = (HashSet::new(), Vec::new());
    for product in standing()
        .filter(|sourced| sourced.summary.source != Source::Kev)
        .flat_map(|sourced| products(&sourced.record))
    {
        if !(product.fixed.is_empty() && product.ends.is_empty()) && known.insert(name_key(&product.label)) {
            shown.push(product);
        }
    }
    let demands = standing().filter_map(|sourced| sourced.record.exploited.as_ref());
    let links = standing().flat_map(|sourced| &sourced.record.references).filter(|one| is_remedy(one));
    let mut links: Vec<&str> = links.map(|reference| reference.url.as_str()).collect();
    let mut seen = HashSet::new();
    links.retain(|url| seen.insert(*url));
    let remedies = remedies(entry, advised);
    html! {
        section.sheet aria-labelledby="do" {
            h2 id="do" { "What to do" }
            ul {
                @for demand in demands {
                    @if let Some(action) = &demand.required_action {
                        li {
                            (chip(Tone::Soon, "used in attacks")) " " (prose::inline(action, false))
                            @if let Some(due) = demand.due_date { span.quiet { " (Federal agencies of the USA had to by " (due.strftime("%-d %b %Y").to_string()) ".)" } }
                        }
                    }
                }
                @for product in shown.iter().take(ADVICES) {
                    li { (advice(product, !remedies.is_empty())) }
                }
                @if shown.len() > ADVICES { li.quiet { (shown.len() - ADVICES) " more products: see below." } }
                (said_remedies(&remedies))
                // Whoever is told what to do is not told that nobody says it.
                @match (shown.is_empty() && remedies.is_empty(), links.is_empty()) {
                    (true, true) => li {
                        "No source names a fixed version or links to a statement of the vendor. "
                        "Ask the vendor, and limit who can reach the product until then."
                    },
                    (true, false) => li { "No source names a fixed version. This is what they link to as a fix or as the vendor's word:" },
                    (false, _) => {}
                }
                @for url in links.iter().take(LINKS) { li { (link(url, &short(url))) } }
            }
        }
    }
}

/// Fixes and words of vendors that are linked to.
const LINKS: usize = 5;

fn advice(product: &Product, has_remedies: bool) -> Markup {
    html! {
        @if product.fixed.is_empty() {
            b { (product.label) } ": the affected versions end before " (product.ends.join(", ")) "."
            @if !has_remedies { " No source calls a version fixed: check the one that you want to move to above." }
        } @else {
            "Update " b { (product.label) } " to " (product.fixed.join(" or ")) ", or later of the same line."
        }
    }
}
