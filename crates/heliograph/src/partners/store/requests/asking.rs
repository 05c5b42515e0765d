//! Asks something of a partner: which of them fit, and the request that goes out.

use super::rows::last_request;
use super::{cleared, stream};
use crate::ledger::{Actor, Loaded, Writer, next_number};
use crate::partners::rules::{
    self, Asked, Considered, Fitness, Match, OrderText, Purpose, RequestEvent, RequestKind,
};
use crate::partners::store::{find, parsed};
use crate::refusal::Refusal;
use crate::vetting::{self, Eyes};
use crate::{accreditations, cases, people};
use jiff::tz::TimeZone;
use storage::Tx;
use vocabulary::{CaseId, PartnerId, RequestId};

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
