//! `GET /rest/json/cvehistory/2.0`: what happened to records that came as CVE, change by change.

use super::asked::Parameters;
use super::{NvdError, framed, look};
use crate::app::App;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use catalogue::{Difference, Event, Happened, Happening};
use serde_json::{Value, json};

const KNOWN: [&str; 5] = ["cveId", "cveIds", "changeStartDate", "changeEndDate", "eventName"];
/// Changes on a page, as NVD has it.
const PER_PAGE: usize = 5_000;
/// Ids in one request.
const IDS_MAX: usize = 100;

/// `GET /rest/json/cvehistory/2.0`
pub(crate) async fn history(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Response, NvdError> {
    let parameters = Parameters::read(query.as_deref(), &KNOWN, PER_PAGE)?;
    let ids = parameters
        .get("cveId")
        .into_iter()
        .chain(parameters.get("cveIds").into_iter().flat_map(|ids| ids.split(',')));
    let keys: Vec<String> = ids.map(catalogue::key).collect();
    if keys.len() > IDS_MAX {
        return Err(NvdError::invalid(format!("cveIds: {}, at most {IDS_MAX}", keys.len())));
    }
    let event = match parameters.get("eventName").map(Event::of_name) {
        None => None,
        Some(Some(event)) => Some(event),
        // Other events of NVD's never happen here.
        Some(None) => {
            return Ok(framed(&parameters, 0, "NVD_CVEHistory", "cveChanges", Vec::new(), app.now()));
        }
    };
    let between = parameters.between("changeStartDate", "changeEndDate")?;
    let (catalogue, asked) = (app.catalogue.clone(), Happened { keys, between, event });
    let (start, per_page) = (parameters.start, parameters.per_page);
    let (total, items) = look(move || {
        let (found, total) = catalogue.happenings(&asked, start, per_page)?;
        Ok((total, found.iter().map(|(happening, differences)| item(happening, differences)).collect()))
    })
    .await?;
    Ok(framed(&parameters, total, "NVD_CVEHistory", "cveChanges", items, app.now()))
}

fn item(happening: &Happening, differences: &[Difference]) -> Value {
    let number = happening.change.as_ref().map_or(0, |change| change.id);
    let detail = |difference: &Difference| {
        let mut detail = json!({ "action": difference.action(), "type": difference.what });
        let texts = [("oldValue", &difference.old), ("newValue", &difference.new)];
        for (name, text) in texts.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?))) {
            detail[name] = json!(text);
        }
        detail
    };
    json!({ "change": {
        "cveId": happening.record.id,
        "eventName": happening.event.name(),
        "cveChangeId": catalogue::uuid_of(&format!("change|{}|{number}", happening.record.id)),
        "sourceIdentifier": happening.record.source.name(),
        "created": catalogue::nvd_time(happening.at),
        "details": differences.iter().map(detail).collect::<Vec<_>>(),
    } })
}
