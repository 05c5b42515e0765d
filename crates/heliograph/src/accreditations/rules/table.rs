//! The registers as tables: what a line must say. Pure.

use super::decide::NewAccreditation;
use super::event::{Holder, Told};
use super::state::Held;
use crate::refusal::Refusal;
use crate::web::{TableRow, instant_in};

/// The columns of the table of organisations, in and out.
pub(crate) const COLUMNS: [&str; 9] =
    ["organisation", "scheme", "level", "scopes", "issuer", "number", "from", "until", "publish"];

/// The same of people, who are named by their logins.
pub(crate) const PEOPLE_COLUMNS: [&str; 9] =
    ["login", "scheme", "level", "scopes", "issuer", "number", "from", "until", "publish"];

/// What a line registers for whoever is named in it.
pub(crate) fn read(row: &TableRow, holder: Holder) -> Result<NewAccreditation, Refusal> {
    let publish = match row.cell("publish") {
        "yes" => true,
        "no" => false,
        _ => return Err(Refusal::invalid("publish", "yes or no")),
    };
    Ok(NewAccreditation {
        holder,
        scheme: row.cell("scheme").to_owned(),
        level: row.cell("level").to_owned(),
        scopes: row.cell("scopes").split_whitespace().map(str::to_owned).collect(),
        told: Told { issuer: row.cell("issuer").to_owned(), number: row.cell("number").to_owned() },
        from: instant_in("from", row.cell("from"))?.at,
        until: instant_in("until", row.cell("until"))?.at,
        publish,
    })
}

/// A line of the table.
pub(crate) fn line(holder: &str, held: &Held, told: &Told, is_public: bool) -> [String; 9] {
    [
        holder.to_owned(),
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
