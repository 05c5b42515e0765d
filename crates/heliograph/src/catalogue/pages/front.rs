//! `/`: one search box, what was published lately, how to report; results where something is asked.

use super::results::{self, table, thousands};
use super::{address, look};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Shown, encoded, instant, page, page_in};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use catalogue::{Bounds, Field, Test};
use catalogue::{Catalogue, Error, Hits, Order, QUERY_CHARS, Search, Source, Stock};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;
use vocabulary::Page;

/// What an address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    pub(in super::super) q: String,
    pub(in super::super) severity: String,
    pub(in super::super) exploited: String,
    pub(in super::super) source: String,
    pub(in super::super) ecosystem: String,
    pub(in super::super) order: String,
    pub(in super::super) page: String,
    /// The place in the order of a date behind which it goes on.
    pub(in super::super) after: String,
}

pub(super) const SEVERITIES: [(&str, &str, i64); 4] = [
    ("critical", "critical", 90),
    ("high", "high and above", 70),
    ("medium", "medium and above", 40),
    ("low", "low and above", 1),
];

impl Asked {
    /// The search of the text, narrowed down by the other fields.
    pub(in super::super) fn search(&self, now: Timestamp) -> Result<Search, Refusal> {
        let search = Search::read(&self.q, now);
        self.narrow(search.map_err(|wrong| Refusal::invalid("q", wrong.to_string()))?)
    }

    pub(super) fn narrow(&self, mut search: Search) -> Result<Search, Refusal> {
        if !self.severity.is_empty() {
            let severity = SEVERITIES.iter().find(|(word, ..)| *word == self.severity);
            let wrong = || Refusal::invalid("severity", "One of critical, high, medium, low.");
            let (.., tenths) = severity.ok_or_else(wrong)?;
            search = search.and(Test::Severity(Bounds { from: Some(*tenths), below: None }));
        }
        if !self.source.is_empty() {
            let wrong = || {
                Refusal::invalid("source", format!("One of {}.", Source::ALL.map(Source::name).join(", ")))
            };
            search = search.and(Test::Source(Source::of_name(&self.source).ok_or_else(wrong)?));
        }
        if !self.exploited.is_empty() {
            search = search.and(Test::Exploited(true));
        }
        if !self.ecosystem.trim().is_empty() {
            let name = self.ecosystem.trim().to_owned();
            search = search.and(Test::Named { field: Field::Ecosystem, name, is_beginning: false });
        }
        let order = Order::of_name(&self.order);
        search.order = order.ok_or_else(|| {
            Refusal::invalid("order", "One of newest, oldest, severest, likeliest, changed.")
        })?;
        if !self.after.is_empty() {
            let wrong = || {
                let reason = "As an answer gave it, with the order that it was given in: newest or changed.";
                Refusal::invalid("after", reason)
            };
            search = search.after(&self.after).ok_or_else(wrong)?;
        }
        Ok(search)
    }

    pub(in super::super) fn page(&self) -> Result<Page, Refusal> {
        page_in("page", Some(self.page.as_str()).filter(|page| !page.is_empty()))
    }

    /// The part of an address that asks the same of another place, without a page.
    pub(in super::super) fn asking(&self) -> String {
        let fields = [
            ("q", &self.q),
            ("severity", &self.severity),
            ("exploited", &self.exploited),
            ("source", &self.source),
            ("ecosystem", &self.ecosystem),
            ("order", &self.order),
        ];
        let set = fields.into_iter().filter(|(_, value)| !value.is_empty());
        set.map(|(name, value)| format!("{name}={}&", encoded(value))).collect()
    }

    /// The address of another page of the same results.
    pub(super) fn address(&self, page: u32) -> String {
        format!("/?{}page={page}", self.asking())
    }
}

/// What a search came to.
pub(super) struct Outcome {
    pub(super) hits: Hits,
    /// The text that was searched for instead, because nothing has the words that were typed.
    pub(super) instead: Option<String>,
    pub(super) stock: Stock,
}

/// `GET /`
pub(crate) async fn front(
    State(app): State<App>,
    viewer: Viewer,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(asked) =
        asked.map_err(|_| Refusal::invalid("address", "The part behind \"?\" cannot be read."))?;
    let (number, now) = (asked.page()?, app.now());
    let search = match Search::read(&asked.q, now) {
        Ok(search) => asked.narrow(search)?,
        Err(wrong) => {
            let body = results::not_understood(&asked, &wrong);
            return Ok(
                (StatusCode::UNPROCESSABLE_ENTITY, page(&app, &viewer, "Search", body)).into_response()
            );
        }
    };
    let catalogue = app.catalogue.clone();
    if search.query.is_everything() && asked.page.is_empty() && asked.q.is_empty() {
        let found = move || Ok((catalogue.hits(&search, 0, LATELY, false, now)?, catalogue.stock()?));
        let (lately, stock) = look(found).await?;
        let body = start(&app, &lately, &stock);
        return Ok(page(&app, &viewer, "Vulnerability database", body).into_response());
    }
    let is_first = asked.page.is_empty();
    let again = asked.clone();
    let found = look(move || {
        // Whoever types nothing but an id wants its page.
        if is_first && let Some(id) = catalogue.canonical_id(&search.text)? {
            return Ok(Err(id));
        }
        outcome(&catalogue, &search, &again, number, now).map(Ok)
    });
    match found.await? {
        Err(id) => Ok(Redirect::to(&address(&id)).into_response()),
        Ok(outcome) => {
            let title = if asked.q.is_empty() { "Search".to_owned() } else { format!("{}: search", asked.q) };
            let body = results::results(&app, &asked, number, &outcome);
            Ok(page(&app, &viewer, &title, body).into_response())
        }
    }
}

/// The hits; of the words that were probably meant, if there are none of those that were typed.
fn outcome(
    catalogue: &Catalogue,
    search: &Search,
    asked: &Asked,
    number: Page,
    now: Timestamp,
) -> Result<Outcome, Error> {
    let mut outcome =
        Outcome { hits: catalogue.search(search, number, now)?, instead: None, stock: catalogue.stock()? };
    if outcome.hits.total == 0
        && let Some(text) = catalogue.correction(search)?
        && let Ok(Ok(other)) = Search::read(&text, now).map(|other| asked.narrow(other))
    {
        let hits = catalogue.search(&other, number, now)?;
        if hits.total > 0 {
            (outcome.hits, outcome.instead) = (hits, Some(text));
        }
    }
    Ok(outcome)
}

/// Rows on the start page.
const LATELY: usize = 12;

fn start(app: &App, lately: &Hits, stock: &Stock) -> Markup {
    let shown = Shown::of(app);
    html! {
        h1 { "Vulnerability database" }
        p.lead { "Look up a vulnerability, a product or a package, and whether your version is affected." }
        (search_box())
        div data-hits {
        nav.row.under aria-label="Ways into the database" {
            a href={ "/?q=" (encoded("kev:true")) "&order=newest&page=1" } { "Known to be exploited" }
            a href={ "/?q=" (encoded("cvss>=9 published<=30d")) "&order=newest&page=1" } { "Critical this month" }
            a href="/?order=newest&page=1" { "Newest" }
            a href="/vendors" { "Vendors" }
            a href="/weaknesses" { "Weaknesses" }
            a href="/trends" { "In figures" }
        }
        p.quiet { (stock_in_words(stock, &shown)) }
        div.cols.calmly {
            section {
                h2 { "Published lately" }
                @if lately.hits.is_empty() {
                    p {
                        "There is no record yet. The operator of this centre loads public data with "
                        span.code { "heliograph import" } "; advisories of this centre appear by themselves."
                    }
                } @else {
                    (table(&lately.hits, &shown))
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
                    h2 { "Which of my parts are affected?" }
                    p { "Ask about all parts of a bill of materials at once. Nothing of it is kept." }
                    p { a.btn href="/sbom" { "Ask about a bill" } }
                }
                div.sheet {
                    h2 { "For programs" }
                    p { "OSV, NVD, vulnerability-lookup and EUVD: existing clients work with this address." }
                    p { a href="/api" { "Interfaces, with examples" } }
                }
            }
        }
        }
    }
}

fn search_box() -> Markup {
    html! {
        form action="/" role="search" {
            (search_line("", "CVE-2021-44228, log4j, vendor:apache cvss>=9 …"))
            div.row.under { a href="/search/help" { "How to search" } }
        }
    }
}

/// The box itself, with the line in which a listener hears what was found while typing.
pub(super) fn search_line(text: &str, example: &str) -> Markup {
    html! {
        div.bigsearch {
            input type="search" name="q" data-search value=(text) maxlength=(QUERY_CHARS) autocomplete="off" spellcheck="false"
                aria-label="Words, a product, or an id" placeholder=(example);
            button.btn.main { "Search" }
        }
        p.unseen role="status" data-told {}
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

/// The same search, narrowed down by a condition in its own language.
pub(super) fn with_condition(text: &str, condition: &str) -> String {
    let text = text.trim();
    let is_choice = text.split_whitespace().any(|word| word == "OR");
    match (text.is_empty(), is_choice) {
        (true, _) => condition.to_owned(),
        (_, true) => format!("({text}) {condition}"),
        // A last word that may still grow must not: it is no longer the last.
        (_, false) => format!("{text} {condition}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_stay_in_the_address_of_the_next_page() {
        let asked = Asked { q: "a b&c".into(), severity: "high".into(), ..Asked::default() };
        assert_eq!(asked.address(2), "/?q=a%20b%26c&severity=high&page=2");
    }

    #[test]
    fn a_filter_that_is_none_is_refused_by_name() {
        let wrong = Asked { severity: "huge".into(), ..Asked::default() };
        let refused = wrong.search(Timestamp::UNIX_EPOCH);
        assert!(matches!(refused, Err(Refusal::Invalid { field, .. }) if field == "severity"));
        let wrong = Asked { page: "-1".into(), ..Asked::default() };
        assert!(wrong.page().is_err());
    }

    #[test]
    fn a_condition_narrows_all_of_a_choice() {
        assert_eq!(with_condition("a OR b", "kev:true"), "(a OR b) kev:true");
        assert_eq!(with_condition(" ", "kev:true"), "kev:true");
    }
}
