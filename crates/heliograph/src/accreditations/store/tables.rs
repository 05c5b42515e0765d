//! The registers of accreditations as tables, in and out: of organisations, and of people.

use super::{COLUMNS as ROW, find, may_hold, row, schemes, stream};
use crate::access::{self, Policies, Viewer};
use crate::accreditations::rules::{
    self, Accreditation, COLUMNS, Holder, Kept, NewAccreditation, PEOPLE_COLUMNS, Told,
};
use crate::app::App;
use crate::ledger::{Actor, Item, Loaded, Unsealed, Writer};
use crate::people;
use crate::refusal::Refusal;
use crate::web::{TableOutcome, Undone, csv_line, take_in as take_in_table};
use std::collections::HashMap;
use storage::params;
use vocabulary::AccreditationId;

/// Whose accreditations a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::accreditations) enum OfWhom {
    Organisations,
    People,
}

impl OfWhom {
    pub(in crate::accreditations) const ALL: [(&str, Self); 2] =
        [("organisations", Self::Organisations), ("people", Self::People)];

    /// The columns of such a table.
    pub(in crate::accreditations) fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Organisations => &COLUMNS,
            Self::People => &PEOPLE_COLUMNS,
        }
    }

    /// What a table holds, by its first line.
    pub(in crate::accreditations) fn by_head(text: &str) -> Self {
        let head = text.lines().next().unwrap_or_default();
        if head.split(',').any(|name| name.trim_matches(['"', ' ', '\u{feff}']) == PEOPLE_COLUMNS[0]) {
            Self::People
        } else {
            Self::Organisations
        }
    }

    /// Refuses whoever does not keep these.
    fn check(self, policies: &Policies, viewer: &Viewer) -> Result<(), Refusal> {
        let (of_organisations, of_people) = super::keeps(policies, viewer);
        let may = match self {
            Self::Organisations => of_organisations,
            Self::People => of_people,
        };
        if may { Ok(()) } else { Err(Refusal::NotFound) }
    }
}

/// Looks a table over, and takes it in where that is wanted and nothing is wrong with any line.
pub(in crate::accreditations) async fn take_in(
    app: &App,
    viewer: &Viewer,
    text: String,
    apply: bool,
) -> Result<TableOutcome, Refusal> {
    let whose = OfWhom::by_head(&text);
    whose.check(&app.policies, viewer)?;
    let actor = viewer.actor()?;
    let done = app.ledger.submit(move |w| {
        let holders = holders(w, whose)?;
        take_in_table(w, &text, whose.columns(), apply, |w, row| {
            let column = whose.columns()[0];
            let unknown = || Refusal::invalid(column, format!("No {column} of this name is known."));
            let holder = holders.get(row.cell(column)).ok_or_else(unknown)?;
            let new = rules::read_line(row, holder.clone())?;
            may_hold(w.tx(), &new.holder)?;
            keep(w, &actor, &new)
        })
    });
    Undone::outcome(done.await)
}

/// Who may stand in the first column: organisations by name and id, people by login.
fn holders(w: &mut Writer<'_, '_>, whose: OfWhom) -> Result<HashMap<String, Holder>, Refusal> {
    Ok(match whose {
        OfWhom::Organisations => people::organisations(w.tx())?
            .into_iter()
            .flat_map(|one| [(one.name, one.id.clone()), (one.id.to_string(), one.id)])
            .map(|(name, id)| (name, Holder::Organisation(id)))
            .collect(),
        OfWhom::People => access::credentials(w.tx())?
            .into_iter()
            .map(|one| (one.login, Holder::Account(one.account)))
            .collect(),
    })
}

fn keep(w: &mut Writer<'_, '_>, actor: &Actor, new: &NewAccreditation) -> Result<(), Refusal> {
    let id = AccreditationId::from_random(w.random());
    let (now, place) = (w.now(), stream(&id));
    let event = rules::register(schemes()?, new, now, &mut |text| w.seal(&place, text))?;
    let mut one: Loaded<Accreditation> = w.load(place)?;
    w.append(&mut one, actor, vec![event])?;
    Ok(())
}

/// A register of accreditations as a table, and what was opened for it.
pub(in crate::accreditations) fn take_out(
    w: &mut Writer<'_, '_>,
    policies: &Policies,
    viewer: &Viewer,
    whose: OfWhom,
) -> Result<(String, Vec<Item>), Refusal> {
    whose.check(policies, viewer)?;
    let condition = match whose {
        OfWhom::Organisations => "a.organisation IS NOT NULL",
        OfWhom::People => "a.account IS NOT NULL",
    };
    let logins: HashMap<String, String> =
        access::credentials(w.tx())?.into_iter().map(|one| (one.account.to_string(), one.login)).collect();
    let sql = format!("SELECT {ROW} WHERE {condition} ORDER BY a.valid_until, a.id");
    let (mut out, mut items) = (csv_line(whose.columns()), Vec::new());
    for found in w.tx().query(&sql, params![])? {
        let row = row(&found)?;
        let state = find(w.tx(), &row.id)?.state;
        let told = match &state.told {
            Some(Kept::Sealed(item)) => {
                items.push(item.clone());
                match w.unseal(item)? {
                    Unsealed::Bytes(bytes) => serde_json::from_slice(&bytes)
                        .map_err(|_| Refusal::Internal("a sealed accreditation is unreadable".into()))?,
                    Unsealed::Erased => Told::default(),
                }
            }
            _ => row.told,
        };
        let holder = match &state.holder {
            Some(Holder::Account(id)) => logins.get(id.as_str()).cloned().unwrap_or_default(),
            _ => row.name,
        };
        out.push_str(&csv_line(&rules::line(&holder, &row.held, &told, state.is_public())));
    }
    Ok((out, items))
}
