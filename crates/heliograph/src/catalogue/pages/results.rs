//! What a search came to: hits, how to narrow them down, and what cannot be read of it.

use super::chart::{BANDS, by_year_beside};
use super::front::{Asked, Outcome, SEVERITIES, search_line, with_condition};
use super::prose::headline;
use super::{address, marks, severity};
use crate::access::Viewer;
use crate::app::App;
use crate::web::{Shown, choice, encoded, instant, page, page_links};
use axum::extract::State;
use axum::response::Html;
use catalogue::{Described, FIELDS, Wrong};
use catalogue::{Hits, Order, Source, Stock, Summary};
use maud::{Markup, html};
use versions::Ecosystem;
use vocabulary::Page;

/// A number with its thousands apart.
pub(super) fn thousands(number: impl ToString) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && digit.is_ascii_digit() {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

pub(super) fn table(hits: &[Summary], shown: &Shown) -> Markup {
    html! {
        table.hits {
            thead { tr { th { "Vulnerability" } th.keep { "Severity" } th.keep { "Published" } } }
            tbody {
                @for hit in hits {
                    tr {
                        td {
                            a href=(address(&hit.id)) { (hit.id) } " " (marks(hit))
                            div { (headline(&hit.title)) }
                        }
                        td.keep data-label="Severity" {
                            (severity(hit))
                            @if let Some(epss) = hit.epss { div.quiet { (format!("EPSS {:.2} %", epss * 100.0)) } }
                        }
                        td.keep data-label="Published" {
                            @match hit.published { Some(at) => (instant(shown, at)), None => span.quiet { "no date" } }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn results(app: &App, asked: &Asked, number: Page, outcome: &Outcome) -> Markup {
    let (shown, hits) = (Shown::of(app), &outcome.hits);
    html! {
        h1 { @if asked.q.trim().is_empty() { "Records" } @else { "“" (asked.q.trim()) "”" } }
        (form(asked))
        div data-hits {
        @if let Some(instead) = &outcome.instead {
            p.notice {
                "No record has these words. This is what " b { "“" (instead) "”" } " finds. "
                a href={ "/?q=" (encoded(instead)) } { "Search for that" }
            }
        }
        @if hits.hits.is_empty() { (nothing(asked, number, &outcome.stock)) }
        @else {
            div.cols.calmly {
                section {
                    p.quiet data-count { (count(hits, number)) }
                    // Where there is no room beside the hits: before they begin, folded.
                    @if hits.facets.is_some() {
                        details.sheet.above { summary { h2 { (AMONG_THESE) } } (facets(asked, hits)) }
                    }
                    (table(&hits.hits, &shown))
                    (page_links("Pages of results", number, hits.more, ["Previous page", "Next page"],
                        Some("/search/help"), |page| asked.address(page)))
                }
                aside {
                    @if hits.facets.is_some() { div.sheet.beside { h2 { (AMONG_THESE) } (facets(asked, hits)) } }
                    (take_along(asked))
                    (over_time(hits))
                }
            }
        }
        }
    }
}

fn count(hits: &Hits, number: Page) -> String {
    if number.number() == 1 && !hits.more {
        let noun = if hits.total == 1 { "record" } else { "records" };
        return format!("{} {noun}", thousands(hits.total));
    }
    let from = number.offset() + 1;
    let to = number.offset() + hits.hits.len() as i64;
    format!("{} to {} of {}", thousands(from), thousands(to), thousands(hits.total))
}

fn form(asked: &Asked) -> Markup {
    let any = [("", "any")];
    let severities: Vec<(&str, &str)> =
        any.into_iter().chain(SEVERITIES.map(|(word, label, _)| (word, label))).collect();
    let sources: Vec<(&str, &str)> =
        any.into_iter().chain(Source::ALL.map(|source| (source.name(), source.label()))).collect();
    let orders = Order::ALL.map(|(_, word, label)| (word, label));
    let is_narrowed = ![&asked.severity, &asked.exploited, &asked.source, &asked.ecosystem, &asked.order]
        .into_iter()
        .all(String::is_empty);
    html! {
        form action="/" role="search" {
            (search_line(&asked.q, ""))
            div.row.under {
                details open[is_narrowed] {
                    summary { "Narrow it down" }
                    div.row.low {
                        div { (choice("severity", "Severity", &severities, &asked.severity)) }
                        div { (choice("source", "Source", &sources, &asked.source)) }
                        div {
                            label for="ecosystem" { "Ecosystem" }
                            input type="text" id="ecosystem" name="ecosystem" value=(asked.ecosystem) size="12" maxlength="100"
                                placeholder="PyPI, npm, Go …";
                        }
                        div { (choice("order", "First", &orders, &asked.order)) }
                        label.inline {
                            input type="checkbox" name="exploited" value="1" checked[!asked.exploited.is_empty()];
                            "known to be exploited"
                        }
                        button.btn { "Apply" }
                        @if is_narrowed {
                            a href={ "/?q=" (encoded(&asked.q)) "&page=1" } { "Without these filters" }
                        }
                    }
                }
                a href="/search/help" { "How to search" }
            }
        }
    }
}

/// Values of one kind that are offered for narrowing.
const OFFERED: usize = 8;

/// What stands over what hits have in common.
const AMONG_THESE: &str = "Among these";

/// What the hits have in common: each a link to the same search, narrowed down by it.
fn facets(asked: &Asked, hits: &Hits) -> Markup {
    let Some(facets) = &hits.facets else { return html! {} };
    // What all of them have in common narrows nothing down.
    let tells = |count: u64| count > 0 && count < hits.total as u64;
    let severities = BANDS[..5].iter().zip(facets.severities).rev().filter(|(_, count)| *count > 0);
    let severities = severities.map(|(band, count)| ((*band).to_owned(), format!("severity:{band}"), count));
    let sources = facets.sources.iter().filter_map(|(number, count)| {
        let source = Source::of_number(*number)?;
        Some((source.label().to_owned(), format!("source:{}", source.name()), *count))
    });
    let likely = catalogue::LIKELY.into_iter().zip(facets.likely).filter(|(_, count)| *count > 0);
    let likely =
        likely.map(|(from, count)| (format!("{} % and above", from * 100.0), format!("epss>={from}"), count));
    let years = facets
        .years
        .iter()
        .rev()
        .map(|(year, bands)| (year.to_string(), format!("year:{year}"), bands.iter().sum::<u64>()));
    let mut ecosystems: Vec<_> = facets.ecosystems.iter().collect();
    ecosystems.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), (*name).clone()));
    let ecosystems =
        ecosystems.into_iter().map(|(name, count)| (spelled(name), format!("ecosystem:\"{name}\""), *count));
    html! {
        @if tells(facets.exploited) {
            p { (offer(asked, "known to be exploited", "kev:true", facets.exploited)) }
        }
        (offers(asked, "Severity", severities.collect()))
        (offers(asked, "Likely to be exploited (EPSS)", likely.collect()))
        (offers(asked, "Year", years.collect()))
        (offers(asked, "Source", sources.collect()))
        (offers(asked, "Ecosystem", ecosystems.collect()))
    }
}

/// An ecosystem as it spells itself.
fn spelled(lower: &str) -> String {
    Ecosystem::parse(lower).map_or_else(|| lower.to_owned(), |ecosystem| ecosystem.name().to_owned())
}

fn offers(asked: &Asked, title: &str, all: Vec<(String, String, u64)>) -> Markup {
    let (open, folded) = all.split_at(all.len().min(OFFERED));
    let list = |part: &[(String, String, u64)]| {
        html! {
            ul.plain { @for (label, condition, count) in part { li { (offer(asked, label, condition, *count)) } } }
        }
    };
    html! {
        @if !all.is_empty() {
            h3 { (title) }
            (list(open))
            @if !folded.is_empty() { details { summary { (folded.len()) " more" } (list(folded)) } }
        }
    }
}

fn offer(asked: &Asked, label: &str, condition: &str, count: u64) -> Markup {
    let narrowed = Asked { q: with_condition(&asked.q, condition), page: String::new(), ..asked.clone() };
    html! { a href=(narrowed.address(1)) { (label) } " " span.quiet { (thousands(count)) } }
}

/// How the hits grew, where there is something to see.
fn over_time(hits: &Hits) -> Markup {
    let years = hits.facets.as_ref().map(|facets| &facets.years).filter(|years| years.len() > 1);
    html! { @if let Some(years) = years { div.sheet { h2 { "Over time" } (by_year_beside(years)) } } }
}

/// The same search for programs, spreadsheets and feed readers.
fn take_along(asked: &Asked) -> Markup {
    let asking = asked.asking();
    html! {
        div.sheet {
            h2 { "Take it along" }
            ul.plain {
                li { a href={ "/feeds/search.atom?" (asking) } { "Feed" } span.quiet { ": new hits in a feed reader" } }
                li { a href={ "/account/subscriptions?search=" (encoded(&asked.q)) } { "Save it" } span.quiet { ": in your account" } }
                li { a href={ "/search.csv?" (asking) } { "CSV" } span.quiet { ": for a spreadsheet" } }
                li { a href={ "/search.json?" (asking) } { "JSON" } span.quiet { ": for a program" } }
            }
            p.quiet { "The address of this page is the search: keep it to ask again." }
        }
    }
}

/// What is wrong with a search, and where.
pub(super) fn not_understood(asked: &Asked, wrong: &Wrong) -> Markup {
    let part = |from: usize, length: usize| asked.q.chars().skip(from).take(length).collect::<String>();
    html! {
        h1 { "Search" }
        (form(asked))
        div data-hits {
        div.notice {
            p.code {
                (part(0, wrong.at))
                mark { (part(wrong.at, wrong.length)) @if wrong.length == 0 { "…" } }
                (part(wrong.at + wrong.length, asked.q.chars().count()))
            }
            p data-count { (wrong) }
            p { a href="/search/help" { "How to search" } }
        }
        }
    }
}

fn nothing(asked: &Asked, number: Page, stock: &Stock) -> Markup {
    html! {
        div.notice {
            @if number.number() > 1 {
                p { "There is no such page of these results. " a href=(asked.address(1)) { "To the first" } }
            } @else if stock.records.is_empty() {
                p {
                    "The database has no records yet. Its operator loads them with "
                    span.code { "heliograph import" } "."
                }
            } @else {
                p data-count { "Nothing found." }
                ul {
                    li { "All words have to be there: try fewer, or only the name of the product." }
                    li { "An id can be typed in any letter case; part of one finds all that begin so." }
                    li { "Nothing here is no proof that a product has no flaw: only what was published is listed." }
                    li { "You know of a vulnerability that is not here? " a href="/report" { "Report it" } "." }
                }
            }
        }
    }
}

/// `GET /search/help`
pub(crate) async fn help(State(app): State<App>, viewer: Viewer) -> Html<String> {
    page(&app, &viewer, "How to search", words_about_it())
}

fn words_about_it() -> Markup {
    let example = |text: &str| html! { a.code href={ "/?q=" (encoded(text)) "&page=1" } { (text) } };
    let operators = [
        ("openssl heap", "all words have to be there, in any order"),
        ("\"use after free\"", "a phrase, in this order"),
        ("djang*", "whatever begins so"),
        ("nginx OR apache", "one of them is enough"),
        ("(nginx OR apache) NOT windows", "parentheses, and what must not be there; -windows is the same"),
        ("cvss>=9 AND kev:true AND published<=30d", "conditions on fields, joined as words are"),
    ];
    html! {
        h1 { "How to search" }
        p.lead { "An id leads to its page at once. Words are found in ids, headlines, names of products and packages, and descriptions, whatever their letter case and accents." }
        section.sheet {
            h2 { "Words" }
            table {
                thead { tr { th { "Search for" } th { "Finds" } } }
                tbody { @for (text, words) in operators { tr { td { (example(text)) } td data-label="Finds" { (words) } } } }
            }
            p { "AND, OR and NOT are operators in capitals only. What cannot be read is marked, with what would do." }
        }
        section.sheet {
            h2 { "Fields" }
            table {
                thead { tr { th { "Field" } th { "Example" } th { "Means" } } }
                tbody {
                    @for Described { names, example: text, words, .. } in &FIELDS {
                        tr { td.code { (names.join(", ")) } td data-label="Example" { (example(text)) } td data-label="Means" { (words) } }
                    }
                }
            }
            p { "Dates are days in UTC. An age counts back from now: " span.code { "published<=7d" } " is what is at most a week old." }
            p { "Numbers and dates can be compared with " span.code { ": = != < <= > >=" } "; names with " span.code { ": = !=" } ", where " span.code { ":" } " looks for words in the name and " span.code { "=" } " for the whole name." }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(44_130), "44,130");
        assert_eq!(thousands(1_000_000), "1,000,000");
    }
}
