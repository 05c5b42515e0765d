//! `/`: one search box, what was published lately, how to report; results where something is asked.

use super::super::{Hits, Order, Search, Source, Stock, Summary, TEXT_CHARS, TOTAL_MAX};
use super::{address, encoded, look, marks};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Shown, choice, instant, page, severity_chip};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use versions::Ecosystem;
use vocabulary::Page;

/// What an address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    severity: String,
    exploited: String,
    source: String,
    ecosystem: String,
    order: String,
    page: String,
}

const SEVERITIES: [(&str, &str, i64); 4] = [
    ("critical", "critical", 90),
    ("high", "high and above", 70),
    ("medium", "medium and above", 40),
    ("low", "low and above", 1),
];
const ORDERS: [(&str, &str); 3] = [("", "what fits best"), ("newest", "newest"), ("severest", "severest")];

impl Asked {
    fn search(&self) -> Result<Search, Refusal> {
        if self.q.chars().count() > TEXT_CHARS {
            return Err(Refusal::invalid("q", format!("At most {TEXT_CHARS} characters, please.")));
        }
        let severity = SEVERITIES.iter().find(|(word, ..)| *word == self.severity);
        if severity.is_none() && !self.severity.is_empty() {
            return Err(Refusal::invalid("severity", "One of critical, high, medium, low."));
        }
        let order = match self.order.as_str() {
            "" => Order::Fit,
            "newest" => Order::Newest,
            "severest" => Order::Severest,
            _ => return Err(Refusal::invalid("order", "One of newest, severest.")),
        };
        if !self.source.is_empty() && Source::of_name(&self.source).is_none() {
            return Err(Refusal::invalid("source", "One of centre, osv, cve, csaf, kev."));
        }
        Ok(Search {
            text: self.q.clone(),
            severity_tenths_min: severity.map(|(.., tenths)| *tenths),
            exploited_only: !self.exploited.is_empty(),
            source: Source::of_name(&self.source),
            ecosystem: Ecosystem::parse(&self.ecosystem),
            order,
        })
    }

    fn page(&self) -> Result<Page, Refusal> {
        match self.page.as_str() {
            "" => Ok(Page::new(None)),
            number => number
                .parse()
                .map(|number| Page::new(Some(number)))
                .map_err(|_| Refusal::invalid("page", "A number from 1 on.")),
        }
    }

    /// The address of another page of the same results.
    fn address(&self, page: u32) -> String {
        let fields = [
            ("q", &self.q),
            ("severity", &self.severity),
            ("exploited", &self.exploited),
            ("source", &self.source),
            ("ecosystem", &self.ecosystem),
            ("order", &self.order),
        ];
        let set = fields.into_iter().filter(|(_, value)| !value.is_empty());
        let mut address: String = set.map(|(name, value)| format!("{name}={}&", encoded(value))).collect();
        address.push_str(&format!("page={page}"));
        format!("/?{address}")
    }
}

/// `GET /`
pub(crate) async fn front(
    State(app): State<App>,
    viewer: Viewer,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(asked) =
        asked.map_err(|_| Refusal::invalid("address", "The part behind \"?\" cannot be read."))?;
    let (search, number, now) = (asked.search()?, asked.page()?, app.now());
    let catalogue = app.catalogue.clone();
    if search.is_empty() && asked.page.is_empty() {
        let (lately, stock) =
            look(move || Ok((catalogue.search(&search, number, now)?, catalogue.stock()?))).await?;
        let body = start(&app, &lately, &stock);
        return Ok(page(&app, &viewer, "Vulnerability database", body).into_response());
    }
    let is_first = asked.page.is_empty();
    let found = look(move || {
        // Whoever types nothing but an id wants its page.
        if is_first && let Some(id) = catalogue.canonical_id(&search.text)? {
            return Ok(Err(id));
        }
        Ok(Ok((catalogue.search(&search, number, now)?, catalogue.stock()?)))
    });
    match found.await? {
        Err(id) => Ok(Redirect::to(&address(&id)).into_response()),
        Ok((hits, stock)) => {
            let title = if asked.q.is_empty() { "Search".to_owned() } else { format!("{}: search", asked.q) };
            let body = results(&app, &asked, number, &hits, &stock);
            Ok(page(&app, &viewer, &title, body).into_response())
        }
    }
}

/// Rows on the start page.
const LATELY: usize = 12;

fn start(app: &App, lately: &Hits, stock: &Stock) -> Markup {
    let shown = Shown::of(app);
    html! {
        h1 { "Vulnerability database" }
        p.lead { "Look up a vulnerability, a product or a package, and whether your version is affected." }
        (search_box(""))
        p.quiet { (stock_in_words(stock, &shown)) }
        div.cols {
            section {
                h2 { "Published lately" }
                @if lately.hits.is_empty() {
                    p {
                        "There is no record yet. The operator of this centre loads public data with "
                        span.code { "heliograph import" } "; advisories of this centre appear by themselves."
                    }
                } @else {
                    (table(&lately.hits[..lately.hits.len().min(LATELY)], &shown))
                    p { a href="/?order=newest&page=1" { "All records, newest first" } }
                }
            }
            aside {
                div.sheet {
                    h2 { "Found a vulnerability?" }
                    p { "Tell us, with your name or without. We bring you together with the vendor, keep it under embargo until it is fixed, and give you a receipt that proves when you told us." }
                    p { a.btn.main href="/report" { "Report a vulnerability" } }
                    p { a href="/my" { "Follow a report that you have sent" } }
                }
                div.sheet {
                    h2 { "For programs" }
                    p { "The interface of OSV: " span.code { "POST /v1/query" } " by package and version, " span.code { "GET /v1/vulns/{id}" } "." }
                }
            }
        }
    }
}

fn search_box(text: &str) -> Markup {
    html! {
        form.bigsearch action="/" role="search" {
            input type="search" name="q" data-search value=(text) maxlength=(TEXT_CHARS) aria-label="Words, a product, or an id"
                placeholder="CVE-2021-44228, log4j, \"path traversal\" …";
            button.btn.main { "Search" }
        }
    }
}

fn stock_in_words(stock: &Stock, shown: &Shown) -> Markup {
    let total: i64 = stock.records.iter().map(|(_, count)| count).sum();
    html! {
        @if total > 0 {
            (thousands(total)) " records: "
            @for (at, (source, count)) in stock.records.iter().enumerate() {
                @if at > 0 { ", " }
                (thousands(*count)) " " (source.label())
            }
            "."
        }
        @if let Some(at) = stock.last_import { " Last import " (instant(shown, at)) "." }
    }
}

/// A number with its thousands apart.
fn thousands(number: i64) -> String {
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

fn table(hits: &[Summary], shown: &Shown) -> Markup {
    html! {
        table {
            thead { tr { th { "Vulnerability" } th.keep { "Severity" } th { "Published" } } }
            tbody {
                @for hit in hits {
                    tr {
                        td {
                            a href=(address(&hit.id)) { (hit.id) } " " (marks(hit))
                            div { (hit.title) }
                        }
                        td.keep data-label="Severity" { (severity_chip(hit.severity_tenths)) }
                        td data-label="Published" {
                            @match hit.published { Some(at) => (instant(shown, at)), None => span.quiet { "no date" } }
                        }
                    }
                }
            }
        }
    }
}

fn results(app: &App, asked: &Asked, number: Page, hits: &Hits, stock: &Stock) -> Markup {
    let shown = Shown::of(app);
    html! {
        h1 { @if asked.q.trim().is_empty() { "Records" } @else { "“" (asked.q.trim()) "”" } }
        (filters(asked))
        @if hits.hits.is_empty() { (nothing(asked, number, stock)) }
        @else {
            p.quiet role="status" { (count(hits, number)) }
            (table(&hits.hits, &shown))
            nav.actions aria-label="Pages of results" {
                @if number.number() > 1 { a.btn href=(asked.address(number.number() - 1)) rel="prev" { "Previous page" } }
                @if hits.more { a.btn href=(asked.address(number.number() + 1)) rel="next" { "Next page" } }
            }
        }
    }
}

fn count(hits: &Hits, number: Page) -> String {
    let from = number.offset() + 1;
    let to = number.offset() + hits.hits.len() as i64;
    let total = match hits.total {
        total if total >= TOTAL_MAX => format!("more than {}", thousands(TOTAL_MAX)),
        total => thousands(total),
    };
    format!("{} to {} of {total}", thousands(from), thousands(to))
}

fn filters(asked: &Asked) -> Markup {
    let any = [("", "any")];
    let severities: Vec<(&str, &str)> =
        any.into_iter().chain(SEVERITIES.map(|(word, label, _)| (word, label))).collect();
    let sources: Vec<(&str, &str)> =
        any.into_iter().chain(Source::ALL.map(|source| (source.name(), source.label()))).collect();
    let is_narrowed = ![&asked.severity, &asked.exploited, &asked.source, &asked.ecosystem, &asked.order]
        .into_iter()
        .all(String::is_empty);
    html! {
        form action="/" role="search" {
            div.bigsearch {
                input type="search" name="q" data-search value=(asked.q) maxlength=(TEXT_CHARS) aria-label="Words, a product, or an id";
                button.btn.main { "Search" }
            }
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
                    div { (choice("order", "First", &ORDERS, &asked.order)) }
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
        }
    }
}

fn nothing(asked: &Asked, number: Page, stock: &Stock) -> Markup {
    html! {
        div.notice role="status" {
            @if number.number() > 1 {
                p { "There is no such page of these results. " a href=(asked.address(1)) { "To the first" } }
            } @else if stock.records.is_empty() {
                p {
                    "The database has no records yet. Its operator loads them with "
                    span.code { "heliograph import" } "."
                }
            } @else {
                p { "Nothing found." }
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

    #[test]
    fn filters_stay_in_the_address_of_the_next_page() {
        let asked = Asked { q: "a b&c".into(), severity: "high".into(), ..Asked::default() };
        assert_eq!(asked.address(2), "/?q=a%20b%26c&severity=high&page=2");
    }

    #[test]
    fn a_filter_that_is_none_is_refused_by_name() {
        let wrong = Asked { severity: "huge".into(), ..Asked::default() };
        assert!(matches!(wrong.search(), Err(Refusal::Invalid { field, .. }) if field == "severity"));
        let wrong = Asked { page: "-1".into(), ..Asked::default() };
        assert!(wrong.page().is_err());
    }
}
