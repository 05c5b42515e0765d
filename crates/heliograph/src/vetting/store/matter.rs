//! Whether somebody is let into what belongs to a case, asked at this very instant. No job ends an
//! admission: it is over when the clock says so.

use crate::access::{self, Matter, Viewer};
use crate::ledger::Actor;
use crate::refusal::Refusal;
use crate::vetting::rules;
use jiff::Timestamp;
use std::collections::BTreeSet;
use storage::{Tx, params};
use vocabulary::{AccountId, OrganisationId};

/// What the policies need to know of the case that a number belongs to: a case's own, a report's, or
/// that of a case that became part of it.
pub(crate) fn matter(tx: &mut Tx<'_>, subject: &str, now: Timestamp) -> Result<Matter, Refusal> {
    let sql = "SELECT 1 FROM case_parts p JOIN classified c ON c.case_id = p.case_id WHERE p.subject = $1";
    let is_classified = tx.query_opt(sql, params![subject])?.is_some();
    let sql = "SELECT a.id FROM case_parts p JOIN admissions m ON m.case_id = p.case_id
               JOIN accounts a ON a.person = m.person
               WHERE p.subject = $1 AND m.since <= $2 AND m.until > $2";
    let admitted = accounts(&tx.query(sql, params![subject, now])?)?;
    // An interest may have been declared under any of the case's numbers.
    let sql = "SELECT a.id FROM case_parts p JOIN case_parts x ON x.case_id = p.case_id
               JOIN interests i ON i.case_id = x.subject JOIN accounts a ON a.person = i.person
               WHERE p.subject = $1 AND i.is_out = 1";
    let kept_out = accounts(&tx.query(sql, params![subject])?)?;
    Ok(Matter { is_classified, admitted, kept_out })
}

fn accounts(rows: &[storage::Row]) -> Result<BTreeSet<AccountId>, Refusal> {
    let unreadable = |_| Refusal::Internal("a stored account is unreadable".into());
    rows.iter().map(|row| row.get::<String>(0)?.parse().map_err(unreadable)).collect()
}

/// Whose eyes a list is for, and when: what its rows are chosen by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Eyes {
    person: String,
    sees_all: bool,
    now: Timestamp,
}

impl Eyes {
    /// Those of the centre's own machinery, which shows nobody what it sees.
    pub(crate) fn of_the_centre(now: Timestamp) -> Self {
        Self { person: String::new(), sees_all: true, now }
    }

    /// Those of somebody whom nobody knows, let in nowhere: what is published, and what is counted for
    /// the machine's keepers, is seen with them.
    pub(crate) fn of_nobody(now: Timestamp) -> Self {
        Self { person: String::new(), sees_all: false, now }
    }

    /// The present instant.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// The values of the three placeholders of [`open_to`].
    pub(crate) fn values(&self) -> [storage::Value; 3] {
        [self.person.as_str().into(), self.now.into(), self.sees_all.into()]
    }
}

/// The eyes of a viewer.
pub(crate) fn eyes(tx: &mut Tx<'_>, viewer: &Viewer, now: Timestamp) -> Result<Eyes, Refusal> {
    let person = match viewer {
        Viewer::Account(person) => access::person_of(tx, &person.id)?.map(String::from).unwrap_or_default(),
        Viewer::Anonymous | Viewer::Reporter(_) => String::new(),
    };
    Ok(Eyes { person, sees_all: false, now })
}

/// The condition under which a list shows a row about `subject`, by the facts that the policies are
/// asked with. The values of [`Eyes`] stand at the placeholder `first` and the two that follow.
pub(crate) fn open_to(subject: &str, first: usize) -> String {
    let (person, now, all) = (first, first + 1, first + 2);
    format!(
        "(CAST(${all} AS BIGINT) = 1 OR NOT EXISTS (
             SELECT 1 FROM case_parts q LEFT JOIN classified k ON k.case_id = q.case_id
             WHERE q.subject = {subject} AND (
                 (k.case_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM admissions m WHERE m.case_id = q.case_id
                     AND m.person = ${person} AND m.since <= ${now} AND m.until > ${now}))
                 OR EXISTS (SELECT 1 FROM interests i JOIN case_parts x ON x.subject = i.case_id
                     WHERE i.person = ${person} AND i.is_out = 1 AND x.case_id = q.case_id))))"
    )
}

/// How many persons with an account of an organisation hold a clearance that answers a level at this very
/// instant. It says whom to ask, and opens nothing to anybody.
pub(crate) fn cleared_of(
    tx: &mut Tx<'_>,
    organisation: &OrganisationId,
    (scheme, level): (&str, &str),
    now: Timestamp,
) -> Result<usize, Refusal> {
    let sql =
        "SELECT DISTINCT c.person, c.scheme, c.level FROM clearances c JOIN accounts a ON a.person = c.person
               WHERE a.organisation = $1 AND a.active = 1 AND c.granted <= $2 AND c.until > $2";
    let mut persons: BTreeSet<String> = BTreeSet::new();
    for row in tx.query(sql, params![organisation.as_str(), now])? {
        let (person, own, held): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let spans = rules::ladders().answers((&own, &held), (scheme, level));
        if spans.iter().any(|(from, until)| *from <= now && now < *until) {
            persons.insert(person);
        }
    }
    Ok(persons.len())
}

/// Whether somebody is let into what belongs to a subject which a command names besides the one that its
/// address does. The centre's own rules are.
pub(crate) fn may_open(
    tx: &mut Tx<'_>,
    actor: &Actor,
    subject: &str,
    now: Timestamp,
) -> Result<bool, Refusal> {
    let Actor::Account(account) = actor else { return Ok(*actor == Actor::System) };
    let matter = matter(tx, subject, now)?;
    let is_admitted = !matter.is_classified || matter.admitted.contains(account);
    Ok(is_admitted && !matter.kept_out.contains(account))
}
