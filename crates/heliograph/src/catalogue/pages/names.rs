//! Vendors and products: what is known of each, and how that grew; and the database in figures.

use super::chart::{by_year, by_year_whole};
use super::results::{table, thousands};
use super::version::version_box;
use super::{flaws, look};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Shown, encoded, page};
use axum::extract::{Path, Query as Address, State};
use axum::response::Html;
use catalogue::{Error, Field, Hits, Order, Query, Search, Subject, Test, Vendor, name_key};
use maud::{Markup, html};
use serde::Deserialize;

/// How a name of a list begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Beginning {
    q: String,
}

/// Names shown of a list.
const NAMES: usize = 200;
/// Names of a list before the rest is folded away.
pub(super) const OPEN_NAMES: usize = 30;

/// `GET /vendors`
pub(crate) async fn vendors(
    State(app): State<App>,
    viewer: Viewer,
    Address(asked): Address<Beginning>,
) -> Result<Html<String>, Refusal> {
    let (catalogue, beginning) = (app.catalogue.clone(), asked.q.clone());
    let all = look(move || catalogue.vendors(&beginning)).await?;
    let body = html! {
        h1 { "Vendors" }
        p.lead { "Everyone whose products are named by a record here, as most records spell them." }
        form.row action="/vendors" role="search" {
            input type="search" name="q" value=(asked.q) maxlength="100" aria-label="How the name begins" placeholder="How the name begins";
            button.btn { "Show" }
        }
        nav.row.letters aria-label="By the first letter" {
            @for letter in 'a'..='z' { a href={ "/vendors?q=" (letter) } aria-current=[(asked.q == letter.to_string()).then_some("page")] { (letter) } }
        }
        @if all.is_empty() { p { "No vendor's name begins so." } }
        @else {
            (list(all.iter().take(NAMES).map(listed)))
            @if all.len() > NAMES { p.quiet { (thousands(all.len() - NAMES)) " more: type how the name begins." } }
        }
    };
    Ok(page(&app, &viewer, "Vendors", body))
}

fn listed(vendor: &Vendor) -> (String, String, u64) {
    (vendor_address(&vendor.key), vendor.name.clone(), vendor.records)
}

fn list(names: impl Iterator<Item = (String, String, u64)>) -> Markup {
    html! {
        ul.names {
            @for (address, name, count) in names { li { a href=(address) { (name) } " " span.quiet { (thousands(count)) } } }
        }
    }
}

/// The address of a vendor's page.
pub(super) fn vendor_address(name: &str) -> String {
    format!("/vendors/{}", encoded(&name_key(name)))
}

pub(super) fn product_address(vendor: &str, product: &str) -> String {
    format!("{}/{}", vendor_address(vendor), encoded(&name_key(product)))
}

/// Records shown on a page of a name; the search has them all.
const SHOWN: usize = 20;

pub(super) async fn records_of(app: &App, test: Test) -> Result<Hits, Refusal> {
    let (catalogue, now) = (app.catalogue.clone(), app.now());
    let search = Search { order: Order::Newest, ..Search::of(Query::Test(test)) };
    look(move || catalogue.hits(&search, 0, SHOWN, true, now)).await
}

/// What is known of a name: how it grew, and the newest of it.
pub(super) fn known(app: &App, hits: &Hits, search: &str) -> Markup {
    let shown = Shown::of(app);
    let place = format!("q={}", encoded(search));
    html! {
        @if let Some(facets) = &hits.facets {
            p {
                (thousands(hits.total)) @if hits.total == 1 { " record" } @else { " records" }
                @if facets.exploited > 0 { ", of which " a href={ "/?q=" (encoded(search)) "%20kev%3Atrue&page=1" } { (thousands(facets.exploited)) " known to be exploited" } }
                "."
            }
            (by_year(&facets.years))
        }
        h2 { "The newest" }
        (table(&hits.hits, &shown))
        p.actions {
            a.btn href={ "/?" (place) "&order=newest&page=1" } { "All, to search and narrow down" }
            a href={ "/feeds/search.atom?" (place) } { "Feed" }
            a href={ "/account/subscriptions?search=" (encoded(search)) } { "Follow" }
            a href={ "/search.csv?" (place) } { "CSV" }
        }
    }
}

/// `GET /vendors/{vendor}`
pub(crate) async fn vendor(
    State(app): State<App>,
    viewer: Viewer,
    Path(vendor): Path<String>,
) -> Result<Html<String>, Refusal> {
    let name = name_key(&vendor);
    let test = Test::Named { field: Field::Vendor, name: name.clone(), is_beginning: false };
    let hits = records_of(&app, test).await?;
    if hits.total == 0 {
        return Err(Refusal::NotFound);
    }
    let (catalogue, asked) = (app.catalogue.clone(), name.clone());
    let found = look(move || {
        Ok((catalogue.products(&asked)?, catalogue.spelling(&asked)?, catalogue.also_filed(&asked)?))
    });
    let (mut products, spelling, others) = found.await?;
    products.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), name.clone()));
    let (open, folded) = products.split_at(products.len().min(OPEN_NAMES));
    let entry = |(product, count): &(String, u64)| (product_address(&name, product), product.clone(), *count);
    let body = html! {
        p { a href="/vendors" { "Vendors" } }
        h1 { (spelling) }
        @if !others.is_empty() {
            p {
                "Also filed as "
                @for (at, (other, common)) in others.iter().enumerate() {
                    @if at > 0 { ", " }
                    a href=(vendor_address(other)) { (other) } " "
                    span.quiet { "(" (common) @if *common == 1 { " product" } @else { " products" } " in common)" }
                }
                "."
            }
        }
        div.cols.calmly {
            section { (known(&app, &hits, &format!("vendor=\"{name}\""))) }
            aside {
                div.sheet {
                    h2 { "Products" }
                    @if products.is_empty() { p.quiet { "No record names one." } }
                    (list(open.iter().map(entry)))
                    @if !folded.is_empty() { details { summary { (thousands(folded.len())) " more" } (list(folded.iter().take(NAMES).map(entry))) } }
                }
            }
        }
    };
    Ok(page(&app, &viewer, &spelling, body))
}

/// `GET /vendors/{vendor}/{product}`
pub(crate) async fn product(
    State(app): State<App>,
    viewer: Viewer,
    Path((vendor, product)): Path<(String, String)>,
) -> Result<Html<String>, Refusal> {
    let (vendor, product) = (name_key(&vendor), name_key(&product));
    let subject =
        Subject::Product { vendor: vendor.clone(), product: product.clone(), version: None, name: None };
    let hits = records_of(&app, Test::Affects(subject)).await?;
    if hits.total == 0 {
        return Err(Refusal::NotFound);
    }
    let (catalogue, asked) = (app.catalogue.clone(), vendor.clone());
    let spelling = look(move || catalogue.spelling(&asked)).await?;
    let body = html! {
        p { a href="/vendors" { "Vendors" } " › " a href=(vendor_address(&vendor)) { (spelling) } }
        h1 { (product) }
        (version_box(&vendor, &product, ""))
        (known(&app, &hits, &format!("vendor=\"{vendor}\" product=\"{product}\"")))
    };
    Ok(page(&app, &viewer, &format!("{spelling} {product}"), body))
}

/// `GET /trends`: the whole catalogue by year.
pub(crate) async fn trends(State(app): State<App>, viewer: Viewer) -> Result<Html<String>, Refusal> {
    let (catalogue, now) = (app.catalogue.clone(), app.now());
    let search = Search { order: Order::Changed, ..Search::of(Query::EVERYTHING) };
    let (hits, weaknesses, vendors) = look(move || {
        let found = catalogue.hits(&search, 0, 1, true, now)?;
        Ok::<_, Error>((found, catalogue.weaknesses()?, catalogue.vendors("")?))
    })
    .await?;
    let most = |mut all: Vec<(String, String, u64)>| {
        all.sort_by_key(|(_, name, count)| (std::cmp::Reverse(*count), name.clone()));
        all.truncate(10);
        all
    };
    let words = |number: u32| match flaws::in_words(number) {
        Some(words) => format!("CWE-{number}: {words}"),
        None => format!("CWE-{number}"),
    };
    let weaknesses =
        weaknesses.into_iter().map(|(number, count)| (format!("/weaknesses/{number}"), words(number), count));
    let vendors = vendors.iter().map(listed);
    let body = html! {
        h1 { "The database in figures" }
        @if let Some(facets) = &hits.facets {
            p.lead { (thousands(hits.total)) " records, " a href="/?q=kev%3Atrue&page=1" { (thousands(facets.exploited)) " known to be exploited" } "." }
            (by_year_whole(&facets.years))
        }
        div.halves {
            section.sheet { h2 { "Vendors named most" } (list(most(vendors.collect()).into_iter())) p { a href="/vendors" { "All vendors" } } }
            section.sheet { h2 { "Weaknesses named most" } (list(most(weaknesses.collect()).into_iter())) p { a href="/weaknesses" { "All weaknesses" } } }
        }
    };
    Ok(page(&app, &viewer, "The database in figures", body))
}
