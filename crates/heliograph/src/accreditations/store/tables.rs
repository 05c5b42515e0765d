//! The register of organisations' accreditations as a table, in and out.

use super::{COLUMNS as ROW, find, may_hold, row, schemes, stream};
use crate::access::{Policies, Viewer};
use crate::accreditations::rules::{self, Accreditation, COLUMNS, Kept, NewAccreditation, Told};
use crate::app::App;
use crate::ledger::{Actor, Item, Loaded, Unsealed, Writer};
use crate::people;
use crate::refusal::Refusal;
use crate::web::{TableFinding, csv_line, csv_rows};
use std::collections::HashMap;
use storage::params;
use vocabulary::{AccreditationId, OrganisationId};

/// What a table came to: lines without a finding, and the findings. It is taken in whole or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct TableOutcome {
    /// Lines in which nothing is wrong.
    pub(crate) good: usize,
    pub(crate) findings: Vec<TableFinding>,
    /// Whether it was taken in.
    pub(crate) applied: bool,
}

/// Looks a table over, and takes it in where that is wanted and nothing is wrong with any line.
pub(in crate::accreditations) async fn take_in(
    app: &App,
    viewer: &Viewer,
    text: String,
    apply: bool,
) -> Result<TableOutcome, Refusal> {
    let (viewer, policies) = (viewer.clone(), app.policies.clone());
    app.ledger
        .submit(move |w| {
            let (of_organisations, _) = super::keeps(&policies, &viewer);
            if !of_organisations {
                return Err(Refusal::NotFound);
            }
            let (mut outcome, good) = looked_over(w, &text)?;
            if apply && outcome.findings.is_empty() {
                let actor = viewer.actor()?;
                for (_, new) in &good {
                    keep(w, &actor, new)?;
                }
                outcome.applied = true;
            }
            Ok(outcome)
        })
        .await
}

/// What is good of a table, with its lines, and what is wrong.
fn looked_over(
    w: &mut Writer<'_, '_>,
    text: &str,
) -> Result<(TableOutcome, Vec<(usize, NewAccreditation)>), Refusal> {
    let (mut outcome, mut good) = (TableOutcome::default(), Vec::new());
    let rows = match csv_rows(text, &COLUMNS) {
        Ok(rows) => rows,
        Err(finding) => {
            outcome.findings.push(finding);
            return Ok((outcome, good));
        }
    };
    let organisations: HashMap<String, OrganisationId> = people::organisations(w.tx())?
        .into_iter()
        .flat_map(|one| [(one.name, one.id.clone()), (one.id.to_string(), one.id)])
        .collect();
    let (schemes, now) = (schemes()?, w.now());
    for row in &rows {
        let found = rules::read_line(row, &organisations).and_then(|new| {
            // Tried without a vault: what is wrong with the line is found before anything is sealed.
            let nothing = Item { item: String::new(), commitment: String::new() };
            let tried = may_hold(w.tx(), &new.holder)
                .and_then(|()| rules::register(schemes, &new, now, &mut |_| Ok(nothing.clone())));
            tried.map(|_| new).map_err(|refusal| finding(row.line, &refusal))
        });
        match found {
            Ok(new) => good.push((row.line, new)),
            Err(finding) => outcome.findings.push(finding),
        }
    }
    outcome.good = good.len();
    Ok((outcome, good))
}

fn finding(line: usize, refusal: &Refusal) -> TableFinding {
    let column = match refusal {
        Refusal::Invalid { field, .. } => field.to_string(),
        _ => String::new(),
    };
    TableFinding { line, column, reason: refusal.to_string() }
}

fn keep(w: &mut Writer<'_, '_>, actor: &Actor, new: &NewAccreditation) -> Result<(), Refusal> {
    let id = AccreditationId::from_random(w.random());
    let (now, place) = (w.now(), stream(&id));
    let event = rules::register(schemes()?, new, now, &mut |text| w.seal(&place, text))?;
    let mut one: Loaded<Accreditation> = w.load(place)?;
    w.append(&mut one, actor, vec![event])?;
    Ok(())
}

/// The register of organisations' accreditations as a table, and what was opened for it.
pub(in crate::accreditations) fn take_out(
    w: &mut Writer<'_, '_>,
    policies: &Policies,
    viewer: &Viewer,
) -> Result<(String, Vec<Item>), Refusal> {
    let (of_organisations, _) = super::keeps(policies, viewer);
    if !of_organisations {
        return Err(Refusal::NotFound);
    }
    let sql = format!("SELECT {ROW} WHERE a.organisation IS NOT NULL ORDER BY a.valid_until, a.id");
    let (mut out, mut items) = (csv_line(&COLUMNS), Vec::new());
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
        out.push_str(&csv_line(&rules::line(&row.name, &row.held, &told, state.is_public())));
    }
    Ok((out, items))
}
