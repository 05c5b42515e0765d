//! The register as a table: what a line must say. Pure.

use super::decide::NewAccreditation;
use super::event::{Holder, Told};
use super::state::Held;
use crate::web::{TableFinding, TableRow, instant_in};
use jiff::Timestamp;
use std::collections::HashMap;
use vocabulary::OrganisationId;

/// The columns of the table, in and out.
pub(crate) const COLUMNS: [&str; 9] =
    ["organisation", "scheme", "level", "scopes", "issuer", "number", "from", "until", "publish"];

/// What a line registers. Organisations are named by their id or their name.
pub(crate) fn read(
    row: &TableRow,
    organisations: &HashMap<String, OrganisationId>,
) -> Result<NewAccreditation, TableFinding> {
    let wrong = |column: &str, reason: &str| {
        let (column, reason) = (column.to_owned(), reason.to_owned());
        TableFinding { line: row.line, column, reason }
    };
    let time = |column: &'static str| -> Result<Timestamp, TableFinding> {
        let read = instant_in(column, row.cell(column));
        read.map(|instant| instant.at).map_err(|refusal| wrong(column, &refusal.to_string()))
    };
    let organisation = organisations.get(row.cell("organisation"));
    let organisation =
        organisation.ok_or_else(|| wrong("organisation", "no organisation of this name or id"))?;
    let publish = match row.cell("publish") {
        "yes" => true,
        "no" => false,
        _ => return Err(wrong("publish", "yes or no")),
    };
    Ok(NewAccreditation {
        holder: Holder::Organisation(organisation.clone()),
        scheme: row.cell("scheme").to_owned(),
        level: row.cell("level").to_owned(),
        scopes: row.cell("scopes").split_whitespace().map(str::to_owned).collect(),
        told: Told { issuer: row.cell("issuer").to_owned(), number: row.cell("number").to_owned() },
        from: time("from")?,
        until: time("until")?,
        publish,
    })
}

/// A line of the table.
pub(crate) fn line(name: &str, held: &Held, told: &Told, is_public: bool) -> [String; 9] {
    [
        name.to_owned(),
        held.scheme.clone(),
        held.level.clone().unwrap_or_default(),
        held.scopes.join(" "),
        told.issuer.clone(),
        told.number.clone(),
        held.from.to_string(),
        held.until.to_string(),
        if is_public { "yes" } else { "no" }.to_owned(),
    ]
}
