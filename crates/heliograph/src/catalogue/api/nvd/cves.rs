//! `GET /rest/json/cves/2.0`: records that came from NVD, and as CVE where nothing from NVD has the id.

use super::asked::Parameters;
use super::conditions::{named, of_cve, search};
use super::{NvdError, framed, look};
use crate::app::App;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use catalogue::{Catalogue, Order, Search, Whole};
use catalogue::{Field, Query};
use jiff::Timestamp;
use serde_json::json;

/// The conditions that are read.
const KNOWN: [&str; 31] = [
    "cveId",
    "cveIds",
    "cpeName",
    "isVulnerable",
    "virtualMatchString",
    "cweId",
    "cveTag",
    "cvssV2Metrics",
    "cvssV3Metrics",
    "cvssV4Metrics",
    "cvssV2Severity",
    "cvssV3Severity",
    "cvssV4Severity",
    "hasCertAlerts",
    "hasCertNotes",
    "hasKev",
    "hasOval",
    "kevStartDate",
    "kevEndDate",
    "keywordSearch",
    "keywordExactMatch",
    "lastModStartDate",
    "lastModEndDate",
    "noRejected",
    "pubStartDate",
    "pubEndDate",
    "sourceIdentifier",
    "versionStart",
    "versionStartType",
    "versionEnd",
    "versionEndType",
];

/// Records on a page, as NVD has it.
const PER_PAGE: usize = 2_000;
/// `GET /rest/json/cves/2.0`
pub(crate) async fn cves(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Response, NvdError> {
    let parameters = Parameters::read(query.as_deref(), &KNOWN, PER_PAGE)?;
    let (catalogue, now, asked) = (app.catalogue.clone(), app.now(), parameters.clone());
    let (total, items) = look(move || {
        let search = search(&asked, &catalogue)?;
        let (whole, total) = catalogue.whole(&search, asked.start, asked.per_page, now)?;
        Ok((total, whole.iter().map(|whole| json!({ "cve": whole.nvd(now) })).collect()))
    })
    .await?;
    Ok(framed(&parameters, total, "NVD_CVE", "vulnerabilities", items, now))
}

/// One CVE record, if there is one, for the other places of this interface.
pub(super) fn one(catalogue: &Catalogue, id: &str, now: Timestamp) -> Result<Option<Whole>, NvdError> {
    let search =
        Search { order: Order::Oldest, ..Search::of(Query::All(vec![of_cve(), named(Field::Id, id)])) };
    Ok(catalogue.whole(&search, 0, 1, now)?.0.pop())
}
