//! All SQL about reports, and the commands that change them.

pub(super) mod claim;
pub(super) mod draft;
mod whereabouts;

pub(crate) use whereabouts::whereabouts;

use super::rules::{self, NewReport, Report, ReportEvent, ReportText, Side};
use crate::access::{Limit, count_attempt};
use crate::app::App;
use crate::deadlines::{self, ClockEvent, Debtor};
use crate::ledger::{Actor, Error, Item, Loaded, Recorded, Unsealed, Writer, load, next_number};
use crate::refusal::Refusal;
use crate::vetting::{self, Eyes, open_to};
use clocks::AnchorName;
use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest, Sha256};
use storage::{Tx, params};
use vocabulary::{CaseId, Instant, Page, ReportId};

pub(super) fn stream(id: &ReportId) -> String {
    format!("report/{id}")
}

/// The vault's compartment for what the reporter wrote.
pub(super) fn compartment(id: &ReportId) -> String {
    format!("report/{id}")
}

/// The compartment for exploit material: its key can be destroyed on its own.
fn exploit_compartment(id: &ReportId) -> String {
    format!("exploit/{id}")
}

pub(super) fn apply(tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), Error> {
    let Some(id) = recorded.stream.strip_prefix("report/") else { return Ok(()) };
    let mut set = |state: &str, case: Option<&CaseId>| -> Result<(), Error> {
        let sql = "UPDATE reports SET state = $2, case_id = COALESCE($3, case_id) WHERE id = $1";
        tx.execute(sql, params![id, state, case.map(CaseId::as_str)])?;
        Ok(())
    };
    match recorded.event()? {
        ReportEvent::Received { exploited, public, claim_hash, .. } => {
            let (year, number) = numbers(id).ok_or_else(|| Error::Corrupt {
                seq: recorded.seq,
                reason: "a tracking number cannot be read".into(),
            })?;
            let sql = "INSERT INTO reports
                (id, year, number, received, state, exploited, public, claim_hash)
                VALUES ($1, $2, $3, $4, 'received', $5, $6, $7)";
            let hash = unhex(&claim_hash);
            tx.execute(sql, params![id, year, number, recorded.at, exploited, public, hash])?;
            Ok(())
        }
        ReportEvent::Accepted { case } => set("accepted", Some(&case)),
        ReportEvent::Moved { case } => {
            tx.execute("UPDATE reports SET case_id = $2 WHERE id = $1", params![id, case.as_str()])?;
            Ok(())
        }
        ReportEvent::Declined { .. } => set("declined", None),
        ReportEvent::DuplicateMarked { .. } => set("duplicate", None),
        ReportEvent::Published { .. } => set("published", None),
        ReportEvent::MessageAdded { .. } | ReportEvent::ExploitDeleted {} | ReportEvent::Erased {} => Ok(()),
    }
}

/// Year and number of an identifier that ends in both.
pub(crate) fn numbers(id: &str) -> Option<(i64, i64)> {
    let (rest, number) = id.rsplit_once('-')?;
    let (_, year) = rest.rsplit_once('-')?;
    Some((year.parse().ok()?, number.parse().ok()?))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let pairs = (0..text.len() / 2).filter_map(|i| text.get(i * 2..i * 2 + 2));
    pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect()
}

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

fn parse(id: String) -> Result<ReportId, Refusal> {
    id.parse().map_err(|_| Refusal::Internal("a stored tracking number is unreadable".into()))
}

fn next_id(w: &mut Writer<'_, '_>, prefix: &str, now: Timestamp) -> Result<ReportId, Refusal> {
    let year = now.to_zoned_datetime(TimeZone::UTC).year();
    let last = last_number(w.tx(), year)?;
    Ok(ReportId::numbered(prefix, year, next_number(w.tx(), year, last)?))
}

/// The highest number of a report of that year; 0 before the first.
pub(crate) fn last_number(tx: &mut Tx<'_>, year: i16) -> Result<i64, Error> {
    let sql = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM reports WHERE year = $1";
    Ok(tx.query_one(sql, params![i64::from(year)])?.get(0)?)
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

/// A report with its state; `NotFound` where there is none.
pub(crate) fn received(tx: &mut Tx<'_>, id: &ReportId) -> Result<Loaded<Report>, Refusal> {
    let report: Loaded<Report> = load(tx, stream(id))?;
    if report.exists() { Ok(report) } else { Err(Refusal::NotFound) }
}

/// Reports taken in from one address.
pub(super) const REPORTS: Limit = Limit { what: "reports from one address", count_max: 30, minutes: 60 };

/// Claim codes that are none, from one address.
const WRONG_CODES: Limit = Limit { what: "wrong claim codes from one address", count_max: 30, minutes: 60 };

/// The report of a claim code that somebody typed. Only wrong ones are counted: with 160 bits nobody
/// guesses one, and nobody whose address another uses too is kept from her own report.
pub(crate) async fn claimed(app: &App, remote: String, typed: String) -> Result<Option<ReportId>, Refusal> {
    let found = app.read(move |tx| by_claim(tx, &typed)).await?;
    if found.is_none() {
        let bucket = format!("claim/{remote}");
        app.ledger.submit(move |w| count_attempt(w, &bucket, &WRONG_CODES)).await?;
    }
    Ok(found)
}

/// The report of a claim code.
fn by_claim(tx: &mut Tx<'_>, typed: &str) -> Result<Option<ReportId>, Refusal> {
    let Some(hash) = claim::hash(typed) else { return Ok(None) };
    let row = tx.query_opt("SELECT id FROM reports WHERE claim_hash = $1", params![hash])?;
    row.map(|row| parse(row.get(0)?)).transpose()
}

/// Opens what the reporter wrote. The caller records the read.
pub(crate) fn text_of(w: &mut Writer<'_, '_>, report: &Report) -> Result<(ReportText, Vec<Item>), Refusal> {
    let Some(item) = &report.text else { return Err(Refusal::NotFound) };
    let opened = open_item(w, item)?;
    let text = match opened {
        Unsealed::Bytes(bytes) => serde_json::from_slice(&bytes)
            .map_err(|_| Refusal::Internal("a sealed report is unreadable".into()))?,
        Unsealed::Erased => ReportText { description: "[erased]".into(), ..ReportText::default() },
    };
    Ok((text, vec![item.clone()]))
}

pub(super) fn open_item(w: &mut Writer<'_, '_>, item: &Item) -> Result<Unsealed, Refusal> {
    Ok(w.unseal(item)?)
}

/// Opens a report's proof of concept. The caller records the read.
pub(crate) fn proof_of_concept(
    w: &mut Writer<'_, '_>,
    id: &ReportId,
) -> Result<(Vec<u8>, Vec<Item>), Refusal> {
    let item = received(w.tx(), id)?.state.proof_of_concept.ok_or(Refusal::NotFound)?;
    match open_item(w, &item)? {
        Unsealed::Bytes(bytes) => Ok((bytes, vec![item])),
        Unsealed::Erased => Err(Refusal::NotFound),
    }
}

/// Characters of a message or a reason, at most.
const MESSAGE_MAX: usize = 20_000;

/// Adds a message between reporter and centre.
pub(crate) fn say(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &ReportId,
    from: Side,
    text: &str,
) -> Result<(), Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MESSAGE_MAX {
        return Err(Refusal::invalid("message", format!("Between 1 and {MESSAGE_MAX} characters.")));
    }
    let mut report = received(w.tx(), id)?;
    let item = w.seal(&compartment(id), text.as_bytes())?;
    acknowledge(w, actor, id, &report.state, from)?;
    w.append(&mut report, actor, vec![ReportEvent::MessageAdded { from, text: item }])?;
    Ok(())
}

/// A person's first answer is the acknowledgement (ISO/IEC 29147:2018, 6.2.5); the automatic
/// receipt is not.
fn acknowledge(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &ReportId,
    report: &Report,
    from: Side,
) -> Result<(), Refusal> {
    if report.answered || from == Side::Reporter {
        return Ok(());
    }
    let at = Instant::utc(w.now());
    let (debtor, evidence) = (Debtor::Centre, "first answer by a person".to_owned());
    let filed = ClockEvent::Filed { debtor, duty: "centre/acknowledge".into(), at, evidence };
    deadlines::record(w, actor, id.as_str(), vec![filed])
}

/// Accepts a report into a case.
pub(crate) fn accept(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &ReportId,
    case: &CaseId,
) -> Result<(), Refusal> {
    let mut report = received(w.tx(), id)?;
    rules::triage(&report.state)?;
    acknowledge(w, actor, id, &report.state, Side::Centre)?;
    w.append(&mut report, actor, vec![ReportEvent::Accepted { case: case.clone() }])?;
    Ok(())
}

/// Moves a report along with its case, which became part of another one.
pub(crate) fn move_to(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &ReportId,
    case: &CaseId,
) -> Result<(), Refusal> {
    let mut report = received(w.tx(), id)?;
    w.append(&mut report, actor, vec![ReportEvent::Moved { case: case.clone() }])?;
    Ok(())
}

/// Declines a report with a reason that its reporter sees.
pub(crate) fn decline(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &ReportId,
    reason: &str,
) -> Result<(), Refusal> {
    if reason.trim().is_empty() {
        return Err(Refusal::invalid("reason", "The reporter sees this reason; please give one."));
    }
    if reason.chars().count() > MESSAGE_MAX {
        return Err(Refusal::invalid("reason", format!("At most {MESSAGE_MAX} characters, please.")));
    }
    let mut report = received(w.tx(), id)?;
    rules::triage(&report.state)?;
    let reason = w.seal(&compartment(id), reason.trim().as_bytes())?;
    acknowledge(w, actor, id, &report.state, Side::Centre)?;
    w.append(&mut report, actor, vec![ReportEvent::Declined { reason }])?;
    Ok(())
}

/// Marks a report as a duplicate of an earlier one.
pub(crate) fn duplicate(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &ReportId,
    of: &ReportId,
) -> Result<(), Refusal> {
    if id == of {
        return Err(Refusal::invalid("of", "A report cannot be a duplicate of itself."));
    }
    let original = received(w.tx(), of);
    let now = w.now();
    let is_open = vetting::may_open(w.tx(), actor, of.as_str(), now)?;
    let original = original.ok().filter(|_| is_open);
    let original = original.ok_or_else(|| Refusal::invalid("of", "There is no report with this number."))?;
    if original.state.duplicate_of.is_some() {
        return Err(Refusal::invalid("of", "That report is a duplicate itself; name the original."));
    }
    let mut report = received(w.tx(), id)?;
    rules::triage(&report.state)?;
    acknowledge(w, actor, id, &report.state, Side::Centre)?;
    w.append(&mut report, actor, vec![ReportEvent::DuplicateMarked { of: of.clone() }])?;
    Ok(())
}

/// Tells the reporter that the advisory is out.
pub(crate) fn mark_published(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &ReportId,
    case: &CaseId,
) -> Result<(), Refusal> {
    let mut report = received(w.tx(), id)?;
    w.append(&mut report, actor, vec![ReportEvent::Published { case: case.clone() }])?;
    Ok(())
}

/// Deletes exploit material by rule: its key is destroyed, what was written about it stays.
pub(crate) fn purge_exploit(w: &mut Writer<'_, '_>, id: &ReportId) -> Result<(), Refusal> {
    let mut report = received(w.tx(), id)?;
    let has_some = report.state.proof_of_concept.is_some() || !report.state.files.is_empty();
    if has_some && !report.state.exploit_deleted {
        w.erase(&exploit_compartment(id))?;
        w.append(&mut report, &Actor::System, vec![ReportEvent::ExploitDeleted {}])?;
    }
    Ok(())
}

/// Erases what a reporter wrote: the keys are destroyed, the entries stay.
pub(crate) fn erase(w: &mut Writer<'_, '_>, actor: &Actor, id: &ReportId) -> Result<(), Refusal> {
    let mut report = received(w.tx(), id)?;
    if !report.state.erased {
        w.erase(&compartment(id))?;
        w.erase(&exploit_compartment(id))?;
        w.append(&mut report, actor, vec![ReportEvent::Erased {}])?;
    }
    Ok(())
}

/// A report as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) id: ReportId,
    pub(crate) received: Timestamp,
    pub(crate) state: String,
    pub(crate) exploited: bool,
    pub(crate) public: bool,
    pub(crate) case: Option<String>,
}

/// Which reports a list shows; all where nothing is asked.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Queue {
    pub(crate) state: Option<&'static str>,
    pub(crate) exploited: Option<bool>,
    pub(crate) public: Option<bool>,
    /// Received then or before.
    pub(crate) received_until: Option<Timestamp>,
}

/// Which of the waiting reports a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waiting {
    All,
    /// Those that say the flaw is exploited.
    Exploited,
    /// Those that say it is public.
    Public,
}

impl Waiting {
    fn condition(self) -> &'static str {
        match self {
            Self::All => "state = 'received'",
            Self::Exploited => "state = 'received' AND exploited <> 0",
            Self::Public => "state = 'received' AND public <> 0",
        }
    }
}

/// How many reports wait for triage, at most one more than [`deadlines::COUNT_MAX`].
pub(crate) fn waiting_count(tx: &mut Tx<'_>, which: Waiting) -> Result<i64, Refusal> {
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 FROM reports WHERE {} LIMIT $1) q",
        which.condition()
    );
    Ok(tx.query_one(&sql, params![deadlines::COUNT_MAX + 1])?.get(0)?)
}

/// Reports that wait for triage, longest first.
pub(crate) fn waiting(tx: &mut Tx<'_>, which: Waiting, page: Page) -> Result<Vec<Row>, Refusal> {
    let queue = Queue { state: Some("received"), ..Queue::default() };
    let queue = match which {
        Waiting::All => queue,
        Waiting::Exploited => Queue { exploited: Some(true), ..queue },
        Waiting::Public => Queue { public: Some(true), ..queue },
    };
    // What waits is in no case yet.
    list(tx, queue, page, &Eyes::of_the_centre(Timestamp::UNIX_EPOCH))
}

/// A condition on a column of yes and no.
fn is(column: &str, wanted: Option<bool>) -> String {
    wanted.map_or("1 = 1".into(), |wanted| format!("{column} = {}", i64::from(wanted)))
}

/// One page of reports: what is exploited first, then what waits longest.
pub(super) fn list(tx: &mut Tx<'_>, queue: Queue, page: Page, eyes: &Eyes) -> Result<Vec<Row>, Refusal> {
    let (exploited, public) = (is("exploited", queue.exploited), is("public", queue.public));
    let state = if queue.state.is_some() { "state = $3" } else { "$3 = ''" };
    let sql = format!(
        "SELECT id, received, state, exploited, public, case_id FROM reports
         WHERE {state} AND received <= $4 AND {exploited} AND {public} AND {}
         ORDER BY exploited DESC, received, id LIMIT $1 OFFSET $2",
        open_to("reports.id", 5)
    );
    let until = queue.received_until.map_or(i64::MAX, Timestamp::as_microsecond);
    let mut values = params![page.limit(), page.offset(), queue.state.unwrap_or_default(), until].to_vec();
    values.extend(eyes.values());
    let rows = tx.query(&sql, &values)?;
    let row = |row: &storage::Row| {
        Ok(Row {
            id: parse(row.get(0)?)?,
            received: row.get(1)?,
            state: row.get(2)?,
            exploited: row.get(3)?,
            public: row.get(4)?,
            case: row.get(5)?,
        })
    };
    rows.iter().map(row).collect()
}
