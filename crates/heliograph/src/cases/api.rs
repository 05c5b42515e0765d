//! Cases, for programs.

use super::rules::ProductStatus;
use super::store::{self, CaseRow, Which};
use crate::access::{self, Permission, Viewer};
use crate::app::App;
use crate::refusal::Refusal;
use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use vocabulary::{CaseId, Page};

/// Which page of the list.
#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct Pages {
    /// From 1; 50 cases each.
    page: Option<u32>,
}

/// Cases by what is due: all for a coordinator, its own for a vendor.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases", params(Pages),
    responses((status = 200, body = Vec<CaseRow>)))]
pub(crate) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(pages): Query<Pages>,
) -> Result<Json<Vec<CaseRow>>, Refusal> {
    let which = match viewer.organisation() {
        Some(organisation) => Which::Of(organisation.clone()),
        None => Which::Open,
    };
    let own = viewer.organisation().is_some();
    let page = Page::new(pages.page);
    let mut rows = app.read(move |tx| store::list(tx, &which, page)).await?;
    page.cut(&mut rows);
    if own {
        // How many others are in a case, and what they owe, is not this vendor's business.
        rows.iter_mut().for_each(|row| (row.due, row.vendors, row.vendors_told) = (None, 1, 1));
    }
    Ok(Json(rows))
}

/// A case as the API shows it.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CaseBody {
    id: String,
    code_name: String,
    /// `open`, `published`, `closed`.
    stage: &'static str,
    /// `none`, `proposed`, `active`, `revise`, `exited`.
    embargo: &'static str,
    /// When it ends, RFC 3339.
    embargo_end: Option<String>,
    /// CVSS vectors.
    vectors: Vec<String>,
    /// What the reporters wrote, without their contact for a vendor.
    reports: Vec<crate::reports::ReportText>,
    /// Statements: all for a coordinator, its own for a vendor.
    statements: Vec<StatementBody>,
}

/// A vendor's statement.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct StatementBody {
    vendor: String,
    products: Vec<ProductStatus>,
    text: String,
}

/// Opens a case. The read is in the journal before the answer leaves.
#[utoipa::path(get, path = "/api/v1/cases/{id}", tag = "cases", params(("id" = String, Path)),
    responses((status = 200, body = CaseBody), (status = 404, description = "No such case, or not for you")))]
pub(crate) async fn case(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Json<CaseBody>, Refusal> {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    // A case that became part of another answers as the one that goes on.
    let wanted = id.clone();
    let (id, _) = app.read(move |tx| store::surviving(tx, &wanted)).await?;
    let shown = crate::web::Shown::of(&app);
    let (policies, seen, wanted, subject) =
        (app.policies.clone(), viewer.clone(), id.clone(), id.to_string());
    let view = access::open(&app, &viewer, &subject, "work on the case, by program", move |w| {
        let case = store::find(w.tx(), &wanted)?.state;
        policies.check(&seen, Permission::ViewCase, &store::resource(&wanted, &case))?;
        super::pages::open_view(w, &policies, &seen, &wanted, &shown, vocabulary::Page::new(None))
    })
    .await?;
    let statement =
        |(vendor, statement): (&vocabulary::OrganisationId, &super::rules::Statement)| StatementBody {
            vendor: view.names.get(vendor.as_str()).cloned().unwrap_or_default(),
            products: statement.products.clone(),
            text: statement.text.clone(),
        };
    Ok(Json(CaseBody {
        id: id.to_string(),
        code_name: view.case.code_name.clone(),
        stage: view.case.stage(),
        embargo: view.case.embargo_word(),
        embargo_end: view.case.embargo.end().map(|end| end.to_string()),
        vectors: view.case.vectors.clone(),
        reports: view.texts.values().cloned().collect(),
        statements: view.statements.iter().map(statement).collect(),
    }))
}
