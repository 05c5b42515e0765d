//! The register in and out as a table. A trial runs the very commands and is undone.

use super::{act, entry, shown};
use crate::access::{self, Viewer};
use crate::ledger::{self, Writer};
use crate::refusal::Refusal;
use crate::vetting::rules::{COLUMNS, Line, read_table, table_lines};
use crate::web::{TableFinding, csv_line};
use std::collections::HashMap;
use storage::{Tx, params};
use vocabulary::{AccountId, PersonId};

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Imported {
    /// Lines that were read.
    pub(crate) lines: usize,
    /// Things that were recorded, or would be.
    pub(crate) acts: usize,
    pub(crate) findings: Vec<TableFinding>,
    /// Whether it was kept: never after a trial, and never with a finding.
    pub(crate) applied: bool,
}

/// What ends an import: it is undone and says what it found, or it failed.
pub(in crate::vetting) enum Undone {
    Tried(Imported),
    Refused(Refusal),
}

impl From<ledger::Error> for Undone {
    fn from(error: ledger::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl From<Refusal> for Undone {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Takes a table in, whole or not at all; `apply` keeps it.
pub(in crate::vetting) fn import(
    w: &mut Writer<'_, '_>,
    officer: &AccountId,
    text: &str,
    apply: bool,
) -> Result<Imported, Undone> {
    let mut done = Imported::default();
    let unreadable = |finding: TableFinding| {
        Refusal::invalid("table", format!("Line {}: {}.", finding.line, finding.reason))
    };
    let lines = read_table(text).map_err(unreadable)?;
    let persons = logins(w.tx())?;
    for line in lines {
        done.lines += 1;
        take(w, officer, &persons, &line, &mut done)?;
    }
    if !apply || !done.findings.is_empty() {
        return Err(Undone::Tried(done));
    }
    done.applied = true;
    Ok(done)
}

fn take(
    w: &mut Writer<'_, '_>,
    officer: &AccountId,
    persons: &HashMap<String, PersonId>,
    line: &Line,
    done: &mut Imported,
) -> Result<(), Refusal> {
    let Some(person) = persons.get(&line.login()) else {
        let unknown = Refusal::invalid("login", "There is no account with this login.");
        done.findings.push(line.finding(&unknown));
        return Ok(());
    };
    let known = entry(w.tx(), person)?.state;
    let tried = line.acts(&known).and_then(|acts| {
        let count = acts.len();
        acts.into_iter().try_for_each(|one| act(w, officer, person, one))?;
        Ok(count)
    });
    match tried {
        Ok(count) => done.acts += count,
        Err(failed @ (Refusal::Internal(_) | Refusal::NotYet(_))) => return Err(failed),
        Err(refusal) => done.findings.push(line.finding(&refusal)),
    }
    Ok(())
}

fn logins(tx: &mut Tx<'_>) -> Result<HashMap<String, PersonId>, Refusal> {
    Ok(access::credentials(tx)?.into_iter().map(|one| (one.login, one.person)).collect())
}

/// The whole register as a table; that each person in it is shown stands in the journal first.
pub(in crate::vetting) fn export(w: &mut Writer<'_, '_>, viewer: &Viewer) -> Result<String, Refusal> {
    let mut logins: HashMap<String, String> = HashMap::new();
    for credential in access::credentials(w.tx())? {
        logins.entry(credential.person.to_string()).or_insert(credential.login);
    }
    let rows = w.tx().query("SELECT person FROM register ORDER BY since, person", params![])?;
    let mut text = csv_line(&COLUMNS);
    for row in rows {
        let id: String = row.get(0)?;
        let person: PersonId =
            id.parse().map_err(|_| Refusal::Internal("a stored person is unreadable".into()))?;
        let (_, entry) = shown(w, viewer, &person, "take the register out")?;
        let login = logins.get(&id).map_or("", String::as_str);
        for line in table_lines(login, &entry) {
            text += &csv_line(&line);
        }
    }
    Ok(text)
}
