//! All SQL about requests to partners, and the commands that change them.

use super::{credits, find, of_organisation, parsed, resource};
use crate::access::{Permission, Viewer};
use crate::accreditations::Entitled;
use crate::app::App;
use crate::ledger::{Actor, Changed, Error, Item, Loaded, Unsealed, Writer, events_of, load, next_number};
use crate::partners::rules::{
    self, Asked, Cases, Cleared, Considered, Fitness, Match, OrderText, Partner, Purpose, RequestAct,
    RequestEvent, RequestKind, Role,
};
use crate::refusal::Refusal;
use crate::reports::numbers;
use crate::vetting::{self, Eyes};
use crate::web::{Expected, Happened};
use crate::{accreditations, cases, deadlines, people};
use jiff::{Timestamp, tz::TimeZone};
use std::collections::BTreeMap;
use storage::{Tx, params};
use vocabulary::{CaseId, OrganisationId, Page, PartnerId, RequestId};

fn stream(id: &RequestId) -> String {
    format!("request/{id}")
}

/// Keeps `partner_requests`.
pub(super) fn settle(tx: &mut Tx<'_>, changed: &Changed) -> Result<(), Error> {
    if let Some(id) = changed.stream.strip_prefix("request/") {
        write(tx, id, changed)?;
        return keep_clock(tx, id, changed.at);
    }
    // What becomes of a case, the requests in it follow.
    let Some(case) = changed.stream.strip_prefix("case/") else { return Ok(()) };
    let rows = tx.query("SELECT id FROM partner_requests WHERE case_id = $1 ORDER BY id", params![case])?;
    for row in rows {
        write(tx, &row.get::<String>(0)?, changed)?;
    }
    Ok(())
}

/// Keeps the clock of a request among all others.
fn keep_clock(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<(), Error> {
    let asked = load::<Asked>(tx, format!("request/{id}"))?.state;
    let (Some(partner), Some(organisation)) = (&asked.partner, &asked.organisation) else { return Ok(()) };
    let partner = load::<Partner>(tx, super::stream(partner))?.state;
    let levels = rules::programme(&partner.programme).map(|found| &found.programme.levels);
    let place = levels.and_then(|levels| levels.iter().position(|known| *known == asked.level));
    let clock = place.and_then(|place| rules::clock(&asked, place, at));
    deadlines::keep_alone(tx, id, organisation, clock.as_ref())
}

/// Makes the row of a request anew.
fn write(tx: &mut Tx<'_>, id: &str, changed: &Changed) -> Result<(), Error> {
    let asked = load::<Asked>(tx, format!("request/{id}"))?.state;
    let corrupt = || Error::Corrupt { seq: changed.seq, reason: "a request's number cannot be read".into() };
    let (year, number) = numbers(id).ok_or_else(corrupt)?;
    let found = asked.case.as_ref().map(|case| cases::milestones(tx, case)).transpose()?.flatten();
    let outcome = found.as_ref().and_then(credits::outcome);
    tx.execute("DELETE FROM partner_requests WHERE id = $1", params![id])?;
    let sql =
        "INSERT INTO partner_requests (id, year, number, partner, asks, purpose, stage, sent, due, delivered,
                   case_id, answered, useful, told, outcome, outcome_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    let row = params![
        id,
        year,
        number,
        asked.partner.map(String::from),
        asked.asks.map(RequestKind::name),
        asked.purpose.map(Purpose::name),
        asked.stage.name(),
        asked.sent,
        asked.due,
        asked.delivered,
        found.as_ref().map(|found| found.id.to_string()),
        asked.answered,
        asked.useful,
        found.as_ref().and_then(|found| found.told),
        outcome.map(|(word, _)| word),
        outcome.map(|(_, at)| at),
    ];
    tx.execute(sql, row)?;
    // What is asked in a case belongs to it: who is not let into the case is not let into the request.
    match found {
        Some(found) => vetting::note_parts(tx, &found.id, [id.to_owned()]),
        None => Ok(()),
    }
}

/// What a manager asks of a partner.
#[derive(Debug, Clone)]
pub(in crate::partners) struct Order {
    pub(in crate::partners) partner: PartnerId,
    pub(in crate::partners) asks: RequestKind,
    pub(in crate::partners) purpose: Purpose,
    pub(in crate::partners) case: Option<CaseId>,
    /// The clearance that the work takes: a ladder and a level. A classified case asks for its own.
    pub(in crate::partners) clearance: Option<(String, String)>,
    pub(in crate::partners) text: OrderText,
}

impl Order {
    pub(in crate::partners) fn check(&self) -> Result<(), Refusal> {
        rules::words("office", &self.text.office)?;
        rules::limited("office", &self.text.office, 300)?;
        rules::words("legal_basis", &self.text.legal_basis)?;
        rules::limited("legal_basis", &self.text.legal_basis, 1000)?;
        rules::words("question", &self.text.question)
    }
}

/// Sends a request.
pub(in crate::partners) fn order(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    order: &Order,
    prefix: &str,
) -> Result<RequestId, Refusal> {
    order.check()?;
    let now = w.now();
    let unknown = |_| Refusal::invalid("partner", "There is no such partner.");
    let partner = find(w.tx(), &order.partner).map_err(unknown)?.state;
    let organisation = partner.organisation.clone().ok_or_else(|| unknown(Refusal::NotFound))?;
    let may_receive = people::organisation(w.tx(), &organisation)?.mandate.may_receive();
    let is_vendor_in_case = match &order.case {
        Some(case) => {
            let unknown = || Refusal::invalid("case", "There is no such case.");
            if !vetting::may_open(w.tx(), actor, case.as_str(), now)? {
                return Err(unknown());
            }
            let found = cases::find(w.tx(), case).map_err(|_| unknown())?;
            found.state.vendors.contains_key(&organisation)
        }
        None => false,
    };
    let entitled = accreditations::entitled(w.tx(), &organisation, order.asks.service(), now)?;
    let clearance = clearance_for(w.tx(), order)?;
    let cleared = cleared(w.tx(), &organisation, clearance.as_deref(), now)?;
    let fitness = Fitness { may_receive, is_vendor_in_case, entitled, cleared };
    let (level, due) = rules::may_ask(&partner, order.asks, &fitness, now)?;
    let year = now.to_zoned_datetime(TimeZone::UTC).year();
    let last = last_request(w.tx(), year)?;
    let id = RequestId::numbered(prefix, year, next_number(w.tx(), year, last)?);
    let text = serde_json::to_vec(&order.text).map_err(|error| Refusal::Internal(error.to_string()))?;
    let sealed = w.seal(&stream(&id), &text)?;
    let event = RequestEvent::Sent {
        partner: order.partner.clone(),
        organisation,
        asks: order.asks,
        purpose: order.purpose,
        level,
        case: order.case.clone(),
        clearance,
        order: sealed,
        due: due.as_second(),
    };
    let mut asked: Loaded<Asked> = w.load(stream(&id))?;
    w.append(&mut asked, actor, vec![event])?;
    Ok(id)
}

/// The clearance that an order takes, as `ladder/level`: the case's own where it is classified.
fn clearance_for(tx: &mut Tx<'_>, order: &Order) -> Result<Option<String>, Refusal> {
    let of_case = match &order.case {
        Some(case) => vetting::asked_by(tx, case)?,
        None => None,
    };
    Ok(of_case.or_else(|| order.clearance.clone()).map(|(scheme, level)| format!("{scheme}/{level}")))
}

/// How many of an organisation's people are cleared to what the work takes, now.
fn cleared(
    tx: &mut Tx<'_>,
    organisation: &OrganisationId,
    clearance: Option<&str>,
    now: Timestamp,
) -> Result<Cleared, Refusal> {
    let Some((scheme, level)) = clearance.and_then(|asked| asked.split_once('/')) else {
        return Ok(Cleared::NotAsked);
    };
    let persons = vetting::cleared_of(tx, organisation, (scheme, level), now)?;
    Ok(Cleared::To { words: vetting::pages::level_words(scheme, level), persons })
}

/// The highest number of a request of that year; 0 before the first.
pub(crate) fn last_request(tx: &mut Tx<'_>, year: i16) -> Result<i64, Error> {
    let sql = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM partner_requests WHERE year = $1";
    Ok(tx.query_one(sql, params![i64::from(year)])?.get(0)?)
}

/// A request for a viewer who may see it: a manager, or whoever speaks for its partner.
fn checked(
    w: &mut Writer<'_, '_>,
    policies: &crate::access::Policies,
    viewer: &Viewer,
    permission: Permission,
    id: &RequestId,
) -> Result<Loaded<Asked>, Refusal> {
    let asked: Loaded<Asked> = w.load(stream(id))?;
    let partner = asked.state.partner.clone().ok_or(Refusal::NotFound)?;
    let state = find(w.tx(), &partner)?.state;
    policies.check(viewer, permission, &resource(&partner, &state))?;
    Ok(asked)
}

/// What accreditations permit the partner of a request now, for what is asked.
fn entitled(tx: &mut Tx<'_>, asked: &Asked, now: Timestamp) -> Result<Entitled, Refusal> {
    match (&asked.organisation, asked.asks) {
        (Some(organisation), Some(asks)) => accreditations::entitled(tx, organisation, asks.service(), now),
        _ => Err(Refusal::NotFound),
    }
}

/// Does something with a request, as its partner or as a manager.
pub(in crate::partners) async fn act_on(
    app: &App,
    viewer: &Viewer,
    permission: Permission,
    id: RequestId,
    seen: Expected,
    act: RequestAct,
) -> Result<(), Refusal> {
    act.check()?;
    if act.is_of_partner() != (permission == Permission::RepresentPartner) {
        return Err(Refusal::invalid("act", "This is for the other side to do."));
    }
    let (viewer, policies, actor) = (viewer.clone(), app.policies.clone(), viewer.actor()?);
    app.ledger
        .submit(move |w| {
            let mut asked = checked(w, &policies, &viewer, permission, &id)?;
            seen.check(&asked.version.to_string())?;
            let (now, place) = (w.now(), stream(&id));
            if matches!(act, RequestAct::Accept {}) {
                let organisation = asked.state.organisation.clone().ok_or(Refusal::NotFound)?;
                let cleared = cleared(w.tx(), &organisation, asked.state.clearance.as_deref(), now)?;
                rules::may_accept(&asked.state, &entitled(w.tx(), &asked.state, now)?, &cleared)?;
            }
            let event = rules::act_on_request(&asked.state, &act, now, &mut |text| w.seal(&place, text))?;
            w.append(&mut asked, &actor, vec![event])?;
            Ok(())
        })
        .await
}

/// A request, opened.
pub(in crate::partners) struct OpenedRequest {
    pub(in crate::partners) id: RequestId,
    pub(in crate::partners) version: i64,
    pub(in crate::partners) name: String,
    pub(in crate::partners) asked: Asked,
    pub(in crate::partners) text: OrderText,
    /// What accreditations permit now, whatever they did when it was given out.
    pub(in crate::partners) entitled: Entitled,
    pub(in crate::partners) moments: Vec<Happened>,
}

/// Opens a request for whoever may see it, and lists what was opened.
pub(in crate::partners) fn open_request(
    w: &mut Writer<'_, '_>,
    policies: &crate::access::Policies,
    viewer: &Viewer,
    permission: Permission,
    id: &RequestId,
) -> Result<(OpenedRequest, Vec<Item>), Refusal> {
    let loaded = checked(w, policies, viewer, permission, id)?;
    let (version, asked) = (loaded.version, loaded.state);
    let mut items: Vec<Item> = asked.order.iter().cloned().collect();
    let text = match asked.order.as_ref().map(|item| w.unseal(item)).transpose()? {
        Some(Unsealed::Bytes(bytes)) => serde_json::from_slice(&bytes)
            .map_err(|_| Refusal::Internal("a sealed request is unreadable".into()))?,
        _ => OrderText::default(),
    };
    let organisation = asked.organisation.clone().ok_or(Refusal::NotFound)?;
    let name = people::organisation(w.tx(), &organisation)?.name;
    let now = w.now();
    let entitled = entitled(w.tx(), &asked, now)?;
    let mut moments = Vec::new();
    for recorded in events_of(w.tx(), &stream(id))? {
        let event: RequestEvent = recorded.event()?;
        let (words, item) = told(&event);
        let text = match item {
            Some(item) => {
                items.push(item.clone());
                w.unseal(item)?.text()
            }
            None => String::new(),
        };
        let (at, entry, kind) = (recorded.at, recorded.seq, recorded.kind);
        moments.push(Happened { at, entry, kind, words: words.into(), text, is_new: false });
    }
    let id = id.clone();
    Ok((OpenedRequest { id, version, name, asked, text, entitled, moments }, items))
}

fn told(event: &RequestEvent) -> (&'static str, Option<&Item>) {
    match event {
        RequestEvent::Sent { .. } => ("The centre asked.", None),
        RequestEvent::Accepted {} => ("The partner accepted.", None),
        RequestEvent::Declined { reasons } => {
            ("The partner declined. Nothing follows from it.", reasons.as_ref())
        }
        RequestEvent::Extended { reasons, .. } => ("The partner needs longer.", Some(reasons)),
        RequestEvent::Delivered { result } => ("The partner delivered.", Some(result)),
        RequestEvent::Reviewed { useful: true, feedback } => ("The centre found it useful.", Some(feedback)),
        RequestEvent::Reviewed { feedback, .. } => ("The centre did not find it useful.", Some(feedback)),
        RequestEvent::Withdrawn { reasons } => ("The centre needs it no more.", Some(reasons)),
    }
}

/// A request as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct RequestRow {
    #[schema(value_type = String)]
    pub(crate) id: RequestId,
    #[schema(value_type = String)]
    pub(crate) partner: PartnerId,
    /// The partner's organisation.
    pub(crate) name: String,
    /// `evaluation_and_judgement`, `technical_seminar`, `data_analysis`, `event_support`.
    pub(crate) asks: String,
    pub(crate) purpose: String,
    /// `sent`, `accepted`, `declined`, `withdrawn`, `delivered`, `reviewed`.
    pub(crate) stage: String,
    #[schema(value_type = String)]
    pub(crate) sent: Timestamp,
    #[schema(value_type = String)]
    pub(crate) due: Timestamp,
}

/// One page of requests, of one partner or all, by what is due: open ones first.
pub(in crate::partners) fn requests(
    tx: &mut Tx<'_>,
    of: Option<&PartnerId>,
    page: Page,
    eyes: &Eyes,
) -> Result<Vec<RequestRow>, Refusal> {
    let sql = format!(
        "SELECT r.id, r.partner, o.name, r.asks, r.purpose, r.stage, r.sent, r.due FROM partner_requests r
         JOIN partners p ON p.id = r.partner JOIN organisations o ON o.id = p.organisation
         WHERE (r.partner = $3 OR $3 = '') AND {}
         ORDER BY CASE WHEN r.stage IN ('sent', 'accepted') THEN 0 ELSE 1 END, r.due, r.id LIMIT $1 OFFSET $2",
        vetting::open_to("r.id", 4)
    );
    let of = of.map(ToString::to_string).unwrap_or_default();
    let mut values = params![page.limit(), page.offset(), of].to_vec();
    values.extend(eyes.values());
    let rows = tx.query(&sql, &values)?;
    let row = |row: &storage::Row| {
        Ok(RequestRow {
            id: parsed(row.get(0)?)?,
            partner: parsed(row.get(1)?)?,
            name: row.get(2)?,
            asks: row.get(3)?,
            purpose: row.get(4)?,
            stage: row.get(5)?,
            sent: row.get(6)?,
            due: row.get(7)?,
        })
    };
    rows.iter().map(row).collect()
}

/// A partner that could be asked, with what speaks for it and against it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Candidate {
    #[schema(value_type = String)]
    pub(crate) id: PartnerId,
    /// The partner's organisation.
    pub(crate) name: String,
    pub(crate) level: String,
    /// Requests that it has open.
    pub(crate) load: i64,
    #[serde(flatten)]
    pub(crate) found: Match,
}

/// Partners in standing for a type of request: those that fit first, then the better level, then the smaller
/// load.
pub(in crate::partners) fn candidates(
    tx: &mut Tx<'_>,
    asks: RequestKind,
    clearance: Option<&str>,
    eyes: &Eyes,
) -> Result<Vec<Candidate>, Refusal> {
    let sql = format!(
        "SELECT p.id, o.name, p.organisation, (SELECT CAST(COUNT(*) AS BIGINT) FROM partner_requests r
             WHERE r.partner = p.id AND r.stage IN ('sent', 'accepted') AND {}) AS load
         FROM partners p JOIN organisations o ON o.id = p.organisation
         WHERE p.life IN ('active', 'probation') ORDER BY p.level, load, p.id LIMIT 100",
        vetting::open_to("r.id", 1)
    );
    let (mut all, now) = (Vec::new(), eyes.now());
    for row in tx.query(&sql, &eyes.values())? {
        let (id, organisation): (PartnerId, _) = (parsed(row.get(0)?)?, parsed(row.get(2)?)?);
        let partner = find(tx, &id)?.state;
        let level = partner.level.unwrap_or_default();
        let levels = rules::programme(&partner.programme).map(|found| &found.programme.levels);
        let one = Considered {
            place: levels.and_then(|levels| levels.iter().position(|known| *known == level)),
            load: row.get(3)?,
            has_interests: partner.declared.values().any(|(has_any, _)| *has_any),
            services: partner.contract.map(|contract| contract.services).unwrap_or_default(),
            entitled: accreditations::entitled(tx, &organisation, asks.service(), now)?,
            cleared: cleared(tx, &organisation, clearance, now)?,
            level,
        };
        let found = rules::matched(&one, asks, now);
        let place = rules::order_of_matches(&one, &found);
        all.push((place, Candidate { id, name: row.get(1)?, level: one.level, load: one.load, found }));
    }
    all.sort_by_key(|(one, _)| *one);
    Ok(all.into_iter().map(|(_, candidate)| candidate).collect())
}

/// Of the requests that partners accepted in a window: how many are known to be in time or late, and how
/// many of them were in time. What was declined is not even looked at.
pub(super) fn kept(
    tx: &mut Tx<'_>,
    from: Timestamp,
    to: Timestamp,
    of: &str,
) -> Result<BTreeMap<String, (i64, i64)>, Refusal> {
    let sql = "SELECT partner, CAST(COUNT(*) AS BIGINT),
                   CAST(SUM(CASE WHEN delivered IS NOT NULL AND delivered <= due THEN 1 ELSE 0 END) AS BIGINT)
               FROM partner_requests
               WHERE sent >= $1 AND sent <= $2 AND (partner = $3 OR $3 = '')
                   AND (delivered IS NOT NULL OR stage = 'accepted' AND due < $2) GROUP BY partner";
    let rows = tx.query(sql, params![from, to, of])?;
    rows.iter().map(|row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))).collect()
}

/// Business days after which each request of a window was answered; of one that waits, those so far. To
/// decline is to answer.
pub(super) fn answered_days(
    tx: &mut Tx<'_>,
    from: Timestamp,
    to: Timestamp,
    of: &str,
) -> Result<Vec<(String, i64)>, Refusal> {
    let sql = "SELECT partner, sent, answered FROM partner_requests
               WHERE sent >= $1 AND sent <= $2 AND (partner = $3 OR $3 = '') AND (answered IS NOT NULL OR stage = 'sent')
               ORDER BY id";
    let rows = tx.query(sql, params![from, to, of])?;
    let days = |row: &storage::Row| {
        let (sent, answered): (Timestamp, Option<Timestamp>) = (row.get(1)?, row.get(2)?);
        Ok((row.get(0)?, rules::business_days(sent, answered.unwrap_or(to))))
    };
    rows.iter().map(days).collect()
}

/// Cases that partners supported: what they delivered in each was useful, its vendor was told, and it came to
/// an outcome in the window. A case counts once: what a partner found itself is not counted again.
pub(super) fn supported(
    tx: &mut Tx<'_>,
    from: Timestamp,
    to: Timestamp,
    of: &str,
) -> Result<Vec<(String, Cases)>, Refusal> {
    let sql = "SELECT r.partner, r.outcome, CAST(COUNT(DISTINCT r.case_id) AS BIGINT) FROM partner_requests r
               WHERE r.useful = 1 AND r.told IS NOT NULL AND r.outcome_at >= $1 AND r.outcome_at <= $2
                   AND (r.partner = $3 OR $3 = '')
                   AND NOT EXISTS (SELECT 1 FROM partner_finds f WHERE f.partner = r.partner AND f.case_id = r.case_id)
               GROUP BY r.partner, r.outcome";
    let rows = tx.query(sql, params![from, to, of])?;
    let cases = |row: &storage::Row| {
        Ok((row.get(0)?, Cases { role: Role::Support, outcome: row.get(1)?, count: row.get(2)? }))
    };
    rows.iter().map(cases).collect()
}

/// What the public may know of the programme: partners by level, requests by where they stand.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Statistics {
    pub(crate) levels: BTreeMap<String, i64>,
    pub(crate) requests: BTreeMap<String, i64>,
    /// Of a hundred requests of the last year, how many went to the partner that got most.
    pub(crate) largest_share_percent: i64,
}

/// The same numbers for everybody: what is asked in a classified case is in none of them.
pub(in crate::partners) fn statistics(tx: &mut Tx<'_>, now: Timestamp) -> Result<Statistics, Refusal> {
    let sql = "SELECT COALESCE(level, ''), CAST(COUNT(*) AS BIGINT) FROM partners
               WHERE life IN ('active', 'probation', 'suspended') GROUP BY COALESCE(level, '')";
    let levels = counts(tx, sql, &[])?;
    let values = Eyes::of_nobody(now).values();
    let mut by = |column: &str| {
        let open = vetting::open_to("r.id", 1);
        let sql = format!(
            "SELECT {column}, CAST(COUNT(*) AS BIGINT) FROM partner_requests r WHERE {open} GROUP BY {column}"
        );
        counts(tx, &sql, &values)
    };
    let (requests, by_partner) = (by("r.stage")?, by("r.partner")?);
    let all: i64 = by_partner.values().sum();
    let most = by_partner.values().max().copied().unwrap_or_default();
    let largest_share_percent = if all == 0 { 0 } else { most * 100 / all };
    Ok(Statistics { levels, requests, largest_share_percent })
}

fn counts(tx: &mut Tx<'_>, sql: &str, values: &[storage::Value]) -> Result<BTreeMap<String, i64>, Refusal> {
    tx.query(sql, values)?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// The partner of a request's list, for whoever speaks for it.
pub(in crate::partners) fn own_requests(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    page: Page,
    now: Timestamp,
) -> Result<Vec<RequestRow>, Refusal> {
    let organisation = viewer.organisation().ok_or(Refusal::NotFound)?;
    let eyes = vetting::eyes(tx, viewer, now)?;
    match of_organisation(tx, organisation)? {
        Some((id, _)) => requests(tx, Some(&id), page, &eyes),
        None => Ok(Vec::new()),
    }
}
