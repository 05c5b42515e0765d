//! What a security officer looks through: persons of the register, and classified cases.

use crate::access;
use crate::refusal::Refusal;
use crate::vetting::rules::ladders;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use storage::{Tx, params};
use vocabulary::Page;

/// What lapses within this time is shown as soon.
pub(crate) const SOON: SignedDuration = SignedDuration::from_hours(24 * 60);

/// Which persons a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::vetting) enum Which {
    All,
    /// With something that waits for a security officer.
    Waiting,
    /// With something that lapses soon.
    Soon,
    /// With something that has lapsed.
    Lapsed,
}

/// A clearance, in words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Cleared {
    pub(crate) scheme: String,
    pub(crate) level: String,
    pub(crate) authority: String,
    #[schema(value_type = String)]
    pub(crate) granted: Timestamp,
    #[schema(value_type = String)]
    pub(crate) until: Timestamp,
}

impl Cleared {
    /// The ladder and the level by their names.
    pub(crate) fn words(&self) -> String {
        match ladders().get(&self.scheme) {
            Some(ladder) => format!("{}: {}", ladder.name, ladder.level_name(&self.level)),
            None => format!("{}: {}", self.scheme, self.level),
        }
    }
}

/// A person as the list shows them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct PersonRow {
    /// Id of the person.
    pub(crate) person: String,
    /// As the person's accounts are called.
    pub(crate) name: String,
    /// Functions, without confidential ones.
    pub(crate) functions: Vec<String>,
    pub(crate) clearances: Vec<Cleared>,
    #[schema(value_type = Option<String>)]
    pub(crate) briefed_until: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    pub(crate) nda_until: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    pub(crate) review: Option<Timestamp>,
    /// Something waits for a security officer.
    pub(crate) waiting: bool,
    /// The person asked that the entry be used no further than it must.
    pub(crate) restricted: bool,
}

/// One page of persons in the register.
pub(in crate::vetting) fn persons(
    tx: &mut Tx<'_>,
    which: Which,
    page: Page,
    now: Timestamp,
) -> Result<Vec<PersonRow>, Refusal> {
    let ends = |from: &str, to: &str| {
        let within = |column: &str| format!("({column} > {from} AND {column} <= {to})");
        format!(
            "({} OR {} OR {} OR EXISTS (SELECT 1 FROM clearances c WHERE c.person = r.person AND {}))",
            within("r.briefed_until"),
            within("r.nda_until"),
            within("r.review"),
            within("c.until"),
        )
    };
    let condition = match which {
        Which::All => "1 = 1".to_owned(),
        Which::Waiting => "r.waiting = 1".to_owned(),
        Which::Soon => ends("$3", "$4"),
        Which::Lapsed => ends("0", "$3"),
    };
    let sql = format!(
        "SELECT r.person, r.functions, r.briefed_until, r.nda_until, r.review, r.waiting, r.restricted
         FROM register r WHERE {condition} AND CAST($3 AS BIGINT) <= CAST($4 AS BIGINT) ORDER BY r.waiting DESC, r.since, r.person
         LIMIT $1 OFFSET $2"
    );
    let rows = tx.query(&sql, params![page.limit(), page.offset(), now, now + SOON])?;
    let (names, mut all) = (access::person_names(tx)?, Vec::new());
    for row in &rows {
        let (person, functions): (String, String) = (row.get(0)?, row.get(1)?);
        all.push(PersonRow {
            name: names.get(&person).cloned().unwrap_or_else(|| person.clone()),
            clearances: cleared(tx, &person)?,
            person,
            functions: functions.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            briefed_until: row.get(2)?,
            nda_until: row.get(3)?,
            review: row.get(4)?,
            waiting: row.get(5)?,
            restricted: row.get(6)?,
        });
    }
    Ok(all)
}

fn cleared(tx: &mut Tx<'_>, person: &str) -> Result<Vec<Cleared>, Refusal> {
    let sql =
        "SELECT scheme, level, authority, granted, until FROM clearances WHERE person = $1 ORDER BY scheme";
    let read = |row: &storage::Row| {
        Ok(Cleared {
            scheme: row.get(0)?,
            level: row.get(1)?,
            authority: row.get(2)?,
            granted: row.get(3)?,
            until: row.get(4)?,
        })
    };
    tx.query(sql, params![person])?.iter().map(read).collect()
}

/// Persons with an account and without an entry, by name.
pub(in crate::vetting) fn without_entry(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>, Refusal> {
    let known = tx.query("SELECT person FROM register", params![])?;
    let known = known.iter().map(|row| row.get(0)).collect::<Result<Vec<String>, _>>()?;
    let mut names: BTreeMap<String, String> = access::person_names(tx)?.into_iter().collect();
    names.retain(|person, _| !known.contains(person));
    let mut all: Vec<(String, String)> = names.into_iter().collect();
    all.sort_by(|one, other| one.1.cmp(&other.1));
    Ok(all)
}

/// A classified case: its number, and what it asks for. What it is about, nobody learns here.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct ClassifiedRow {
    pub(crate) case: String,
    pub(crate) scheme: String,
    pub(crate) level: String,
    #[schema(value_type = String)]
    pub(crate) since: Timestamp,
    /// How many members it has, and how many of them are let in now.
    pub(crate) members: i64,
    pub(crate) admitted: i64,
}

/// One page of classified cases, the newest first.
pub(in crate::vetting) fn classified(
    tx: &mut Tx<'_>,
    page: Page,
    now: Timestamp,
) -> Result<Vec<ClassifiedRow>, Refusal> {
    let sql = "SELECT k.case_id, k.scheme, k.level, k.since,
                   (SELECT CAST(COUNT(*) AS BIGINT) FROM memberships m WHERE m.case_id = k.case_id),
                   (SELECT CAST(COUNT(DISTINCT a.person) AS BIGINT) FROM admissions a
                    WHERE a.case_id = k.case_id AND a.since <= $3 AND a.until > $3)
               FROM classified k ORDER BY k.since DESC, k.case_id LIMIT $1 OFFSET $2";
    let read = |row: &storage::Row| {
        Ok(ClassifiedRow {
            case: row.get(0)?,
            scheme: row.get(1)?,
            level: row.get(2)?,
            since: row.get(3)?,
            members: row.get(4)?,
            admitted: row.get(5)?,
        })
    };
    tx.query(sql, params![page.limit(), page.offset(), now])?.iter().map(read).collect()
}
