//! Takes a report in: seals what was written, gives the receipt, starts the clocks.

use super::claim;
use super::rows::last_number;
use super::{compartment, exploit_compartment, parse, stream};
use crate::access::Limit;
use crate::deadlines::{self, ClockEvent, Debtor};
use crate::ledger::{Actor, Item, Loaded, Writer, next_number};
use crate::refusal::Refusal;
use crate::reports::rules::{self, NewReport, Report, ReportEvent};
use clocks::AnchorName;
use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest, Sha256};
use storage::params;
use vocabulary::{Instant, ReportId};

/// Reports taken in from one address.
pub(in crate::reports) const REPORTS: Limit =
    Limit { what: "reports from one address", count_max: 30, minutes: 60 };

/// What a reporter gets back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub(crate) id: ReportId,
    pub(crate) claim_code: String,
    pub(crate) received: Timestamp,
}

/// Takes a report in. `submission` is a secret of the sender that makes sending twice harmless.
pub(crate) fn submit(
    w: &mut Writer<'_, '_>,
    new: &NewReport,
    prefix: &str,
    via: &str,
    submission: Option<&[u8]>,
) -> Result<Receipt, Refusal> {
    let code = match submission {
        Some(secret) => claim::code(&claim::bytes_for(w.keys(), secret)),
        None => claim::code(&w.random()),
    };
    let once: Option<[u8; 32]> = submission.map(|secret| Sha256::digest(secret).into());
    if let Some(earlier) = once.map(|hash| submitted(w, &hash)).transpose()?.flatten() {
        let received = w.load::<Report>(stream(&earlier))?.state.received;
        return Ok(Receipt { id: earlier, claim_code: code, received });
    }
    let now = w.now();
    rules::check(new, now)?;
    let id = next_id(w, prefix, now)?;
    let event = sealed(w, &id, new, &code, via)?;
    let mut report: Loaded<Report> = w.load(stream(&id))?;
    w.append(&mut report, &Actor::Reporter(id.clone()), vec![event])?;
    deadlines::record(w, &Actor::Reporter(id.clone()), id.as_str(), clock_facts(new, now))?;
    if let Some(hash) = once {
        let sql = "INSERT INTO submissions (hash, report) VALUES ($1, $2)";
        w.tx().execute(sql, params![hash, id.as_str()])?;
    }
    Ok(Receipt { id, claim_code: code, received: now })
}

fn submitted(w: &mut Writer<'_, '_>, hash: &[u8; 32]) -> Result<Option<ReportId>, Refusal> {
    let row = w.tx().query_opt("SELECT report FROM submissions WHERE hash = $1", params![*hash])?;
    row.map(|row| parse(row.get(0)?)).transpose()
}

fn next_id(w: &mut Writer<'_, '_>, prefix: &str, now: Timestamp) -> Result<ReportId, Refusal> {
    let year = now.to_zoned_datetime(TimeZone::UTC).year();
    let last = last_number(w.tx(), year)?;
    Ok(ReportId::numbered(prefix, year, next_number(w.tx(), year, last)?))
}

/// Seals what the reporter wrote and gives the event that names it.
fn sealed(
    w: &mut Writer<'_, '_>,
    id: &ReportId,
    new: &NewReport,
    code: &str,
    via: &str,
) -> Result<ReportEvent, Refusal> {
    let bytes = serde_json::to_vec(&new.text).map_err(|error| Refusal::Internal(error.to_string()))?;
    let text = w.seal(&compartment(id), &bytes)?;
    let exploit = exploit_compartment(id);
    let poc = (!new.proof_of_concept.trim().is_empty())
        .then(|| w.seal(&exploit, new.proof_of_concept.as_bytes()))
        .transpose()?;
    let files = new.files.iter().map(|file| w.seal(&exploit, file)).collect::<Result<Vec<Item>, _>>()?;
    Ok(ReportEvent::Received {
        text,
        proof_of_concept: poc,
        files,
        exploited: new.exploited,
        public: new.public,
        planned: new.planned.clone(),
        aware: new.aware.clone(),
        for_manufacturer: new.for_manufacturer,
        anonymous: new.text.contact.is_none(),
        claim_hash: hex(&claim::hash(code).unwrap_or_default()),
        via: via.to_owned(),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a report says about clocks. Our receipt starts our own; the manufacturer's awareness is
/// hers to state, and where she did not, there is no date.
fn clock_facts(new: &NewReport, now: Timestamp) -> Vec<ClockEvent> {
    let mut events = vec![ClockEvent::FactRecorded {
        debtor: Debtor::Centre,
        vendor: None,
        anchor: AnchorName::Received,
        at: Instant::utc(now),
        evidence: "received by the centre; signed receipt".into(),
    }];
    if !new.for_manufacturer {
        return events;
    }
    let triggers = if new.exploited { vec!["actively_exploited_vulnerability".to_owned()] } else { vec![] };
    let zone = new.aware.as_ref().map_or("UTC", |aware| aware.zone.as_str()).to_owned();
    events.push(ClockEvent::ScopeDeclared {
        debtor: Debtor::Reporter,
        actors: vec!["manufacturer".into(), "product_provider".into()],
        triggers,
        jurisdictions: vec!["EU".into()],
        zone,
    });
    events.push(match &new.aware {
        Some(aware) => ClockEvent::FactRecorded {
            debtor: Debtor::Reporter,
            vendor: None,
            anchor: AnchorName::Aware,
            at: aware.clone(),
            evidence: "stated in the report".into(),
        },
        None => ClockEvent::Happened { debtor: Debtor::Reporter, anchor: AnchorName::Aware },
    });
    events
}
