//! Vendors, products, and the records that name them.

use super::records::day;
use super::{AT_MOST, LookupError, look, name_of, sent, so_many};
use crate::app::App;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use catalogue::{Bounds, Query as Asked, Subject, Test, name_key};
use catalogue::{Order, Search};
use serde::Deserialize;
use std::collections::BTreeMap;

/// `GET /api/vulnerability/browse`: all vendors.
pub(crate) async fn vendors(State(app): State<App>) -> Result<Response, LookupError> {
    let vendors = look(move || Ok(app.catalogue.vendors("")?)).await?;
    let names: Vec<String> = vendors.into_iter().map(|vendor| underlined(&vendor.key)).collect();
    Ok(Json(names).into_response())
}

/// `GET /api/browse/{vendor}`: its products.
pub(crate) async fn products(
    State(app): State<App>,
    Path(vendor): Path<String>,
) -> Result<Response, LookupError> {
    let products = look(move || Ok(app.catalogue.products(&vendor)?)).await?;
    let names: Vec<String> = products.into_iter().map(|(name, _)| underlined(&name)).collect();
    Ok(Json(names).into_response())
}

/// Names as the CPE dictionary writes them, with underlines for blanks.
fn underlined(name: &str) -> String {
    name.replace(' ', "_")
}

/// What narrows a list down.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Narrow {
    since: Option<String>,
    page: Option<usize>,
    per_page: Option<usize>,
}

/// Records on a page, where no number is asked for.
const PER_PAGE: usize = 10;

/// `GET /api/vulnerability/search/{vendor}/{product}`: records by source, each `[id, record]`.
pub(crate) async fn of_product(
    State(app): State<App>,
    Path((vendor, product)): Path<(String, String)>,
    Query(narrow): Query<Narrow>,
) -> Result<Response, LookupError> {
    let subject = Subject::Product {
        vendor: name_key(&vendor),
        product: name_key(&product),
        version: None,
        name: None,
    };
    by_source(app, subject, &narrow, PER_PAGE).await
}

/// `GET /api/vulnerability/cpesearch/{cpe}`: the same by CPE name; its version counts.
pub(crate) async fn of_cpe(
    State(app): State<App>,
    Path(cpe): Path<String>,
    Query(narrow): Query<Narrow>,
) -> Result<Response, LookupError> {
    let wrong = || LookupError::invalid("a CPE name with a vendor or a product is expected");
    by_source(app, Subject::of_cpe(&cpe).ok_or_else(wrong)?, &narrow, AT_MOST).await
}

async fn by_source(
    app: App,
    subject: Subject,
    narrow: &Narrow,
    usual: usize,
) -> Result<Response, LookupError> {
    let mut tests = vec![Asked::Test(Test::Affects(subject))];
    if let Some(since) = &narrow.since {
        tests.push(Asked::Test(Test::Modified(Bounds { from: Some(day(since)?), below: None })));
    }
    let search = Search { order: Order::Newest, ..Search::of(Asked::All(tests)) };
    let per_page = so_many(narrow.per_page, usual);
    let offset = (narrow.page.unwrap_or(1).max(1) - 1).saturating_mul(per_page);
    let (catalogue, now) = (app.catalogue.clone(), app.now());
    let (documents, _) = look(move || Ok(catalogue.json(&search, offset, per_page, now)?)).await?;
    let mut sources: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (summary, document) in documents {
        let id = serde_json::Value::from(summary.id.to_lowercase());
        sources.entry(name_of(summary.source)).or_default().push(format!("[{id},{document}]"));
    }
    let sources: Vec<String> =
        sources.into_iter().map(|(name, records)| format!("\"{name}\":[{}]", records.join(","))).collect();
    Ok(sent(format!("{{{}}}", sources.join(","))))
}
