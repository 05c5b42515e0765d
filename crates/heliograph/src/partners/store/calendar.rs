//! The dates of the programme, from partners, accreditations and requests.

use super::parsed;
use crate::accreditations;
use crate::partners::rules::{DateKind, dates};
use crate::refusal::Refusal;
use crate::vetting::{self, Eyes};
use jiff::Timestamp;
use storage::{Tx, params};
use vocabulary::PartnerId;

/// Partners whose dates are looked at, and requests, at most.
const MOST: i64 = 500;

/// A date of the programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::partners) struct ProgrammeDate {
    pub(in crate::partners) at: Timestamp,
    pub(in crate::partners) kind: DateKind,
    /// The partner's organisation.
    pub(in crate::partners) name: String,
    /// A word on what it is: a scheme, a request's number.
    pub(in crate::partners) what: String,
    /// Its page.
    pub(in crate::partners) place: String,
}

/// All dates of partners up to an instant, the next first; and whether some partners were left out.
pub(in crate::partners) fn programme_dates(
    tx: &mut Tx<'_>,
    until: Timestamp,
    eyes: &Eyes,
) -> Result<(Vec<ProgrammeDate>, bool), Refusal> {
    let sql =
        "SELECT p.id, o.name, p.organisation FROM partners p JOIN organisations o ON o.id = p.organisation
               WHERE p.life IN ('active', 'probation', 'suspended') ORDER BY p.until, p.id LIMIT $1";
    let rows = tx.query(sql, params![MOST + 1])?;
    let is_cut = rows.len() as i64 > MOST;
    let mut all = Vec::new();
    for row in rows.iter().take(MOST as usize) {
        let (id, name): (PartnerId, String) = (parsed(row.get(0)?)?, row.get(1)?);
        let place = format!("/programme/{id}");
        let partner = super::find(tx, &id)?.state;
        all.extend(dates(&partner).into_iter().map(|(kind, at)| {
            let (name, what, place) = (name.clone(), id.to_string(), place.clone());
            ProgrammeDate { at, kind, name, what, place }
        }));
        let organisation = parsed(row.get(2)?)?;
        for ending in accreditations::ends(tx, &organisation)? {
            let (what, place) = (ending.title, format!("/desk/accreditations/{}", ending.id));
            let (at, kind, name) = (ending.until, DateKind::Accreditation, name.clone());
            all.push(ProgrammeDate { at, kind, name, what, place });
        }
    }
    let sql = format!(
        "SELECT r.id, o.name, r.due FROM partner_requests r JOIN partners p ON p.id = r.partner
         JOIN organisations o ON o.id = p.organisation WHERE r.stage = 'accepted' AND {}
         ORDER BY r.due, r.id LIMIT $1",
        vetting::open_to("r.id", 2)
    );
    let mut values = params![MOST].to_vec();
    values.extend(eyes.values());
    for row in tx.query(&sql, &values)? {
        let id: String = row.get(0)?;
        let place = format!("/requests/{id}");
        let (name, at) = (row.get(1)?, row.get(2)?);
        all.push(ProgrammeDate { at, kind: DateKind::Request, name, what: id, place });
    }
    all.retain(|date| date.at <= until);
    all.sort_by(|one, other| (one.at, one.kind, &one.place).cmp(&(other.at, other.kind, &other.place)));
    Ok((all, is_cut))
}
