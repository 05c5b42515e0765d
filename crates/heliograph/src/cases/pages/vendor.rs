//! A vendor's list of its cases.

use super::desk::case_table;
use crate::access::Viewer;
use crate::app::App;
use crate::cases::store::{self, Which};
use crate::refusal::Refusal;
use crate::vetting;
use crate::web::{Shown, no_rows, onward, page, page_in};
use axum::extract::{Query, State};
use axum::response::Html;
use maud::html;
use std::collections::HashMap;

/// `GET /vendor`
pub(crate) async fn vendor_cases(
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    let organisation = viewer.organisation().cloned().ok_or(Refusal::NotFound)?;
    let number = page_in("page", query.get("page").map(String::as_str))?;
    let (seen, now) = (viewer.clone(), app.now());
    let mut cases = app
        .read(move |tx| {
            let eyes = vetting::eyes(tx, &seen, now)?;
            store::list(tx, &Which::Of(organisation), &eyes, number)
        })
        .await?;
    let more = number.cut(&mut cases);
    // How many others are in a case, and what they owe, is not this vendor's business.
    let cases: Vec<_> =
        cases.into_iter().map(|case| store::CaseRow { due: None, vendors: 1, ..case }).collect();
    let shown = Shown::of(&app);
    let at = |page: u32| format!("/vendor?page={page}");
    let body = html! {
        h1 { "Your cases" }
        @if cases.is_empty() { (no_rows(number, "You are invited to no case. When you are, it appears here.", at)) }
        @else { (case_table(&shown, &cases)) }
        (onward(number, more, "More cases", at))
    };
    Ok(page(&app, &viewer, "Your cases", body))
}
