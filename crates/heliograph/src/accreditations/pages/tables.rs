//! The registers as tables: taken out for spreadsheets, looked over line by line, and taken in.

use crate::access::{self, Viewer};
use crate::accreditations::store::{self, OfWhom};
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Asked, TableOutcome, WithFiles, page, table_form, table_of, table_page};
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse};
use maud::{Markup, html};

/// Where a table is put in.
pub(super) fn form(whose: OfWhom, text: &str, outcome: Option<&TableOutcome>) -> Markup {
    let hint =
        "Scopes with spaces between; publish is yes or no; times with their zone, like 2026-06-01T00:00:00Z.";
    table_form("/desk/accreditations/import", whose.columns(), hint, text, outcome)
}

/// `POST /desk/accreditations/import`: looked over first; taken in whole or not at all.
pub(crate) async fn import(
    State(app): State<App>,
    viewer: Viewer,
    WithFiles(mut fields): WithFiles,
) -> Result<Html<String>, Refusal> {
    let (text, apply) = table_of(&mut fields)?;
    let whose = OfWhom::by_head(&text);
    let outcome = store::take_in(&app, &viewer, text.clone(), apply).await?;
    let body = html! {
        p.quiet { a href="/desk/accreditations?show=all" { "Accreditations" } " / table" }
        (table_page("Accreditations from a table", Some(&outcome), "Each accreditation permits something once it was looked up.", form(whose, &text, Some(&outcome))))
    };
    Ok(page(&app, &viewer, "Accreditations from a table", body))
}

/// `GET /desk/accreditations/export?of=organisations|people`: what is sealed is opened for it, and that
/// stands in the journal.
pub(crate) async fn export(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<impl IntoResponse, Refusal> {
    asked.page(&["of"])?;
    let whose = match asked.choice("of", &OfWhom::ALL)? {
        Some(whose) => whose,
        None if store::keeps(&app.policies, &viewer).0 => OfWhom::Organisations,
        None => OfWhom::People,
    };
    let (policies, who) = (app.policies.clone(), viewer.clone());
    let table = access::open(&app, &viewer, "accreditations", "register of accreditations", move |w| {
        store::take_out(w, &policies, &who, whose)
    });
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"accreditations-kept.csv\""),
    ];
    Ok((headers, table.await?))
}
