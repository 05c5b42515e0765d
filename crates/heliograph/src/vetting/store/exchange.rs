//! The register in and out as a table. A trial runs the very commands and is undone.

use super::{act, entry, shown};
use crate::access::{self, Viewer};
use crate::ledger::Writer;
use crate::refusal::Refusal;
use crate::vetting::rules::{COLUMNS, Line, table_lines};
use crate::web::{TableOutcome, Undone, csv_line, take_in};
use std::collections::HashMap;
use storage::{Tx, params};
use vocabulary::{AccountId, PersonId};

/// Takes a table in, whole or not at all; `apply` keeps it.
pub(in crate::vetting) fn import(
    w: &mut Writer<'_, '_>,
    officer: &AccountId,
    text: &str,
    apply: bool,
) -> Result<TableOutcome, Undone> {
    let persons = logins(w.tx())?;
    take_in(w, text, &COLUMNS, apply, |w, row| {
        let line = Line(row);
        let unknown = || Refusal::invalid("login", "There is no account with this login.");
        let person = persons.get(&line.login()).ok_or_else(unknown)?;
        let known = entry(w.tx(), person)?.state;
        line.acts(&known)?.into_iter().try_for_each(|one| act(w, officer, person, one))
    })
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
