//! One case: what the journal says of it, entry by entry with its proof, and on demand what is sealed, as
//! far as the person may see it who answers for the read.

use super::folder::{Folder, Written};
use crate::access;
use crate::advisories;
use crate::app::App;
use crate::cases;
use crate::ledger::{self, Recorded, Writer};
use crate::refusal::Refusal;
use crate::web::Shown;
use anyhow::Context;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use vocabulary::CaseId;

/// Why somebody read, as the read log says.
const PURPOSE: &str = "export of the case, by command line";

pub(super) fn export(
    app: &App,
    id: &str,
    login: Option<&str>,
    mut folder: Folder,
) -> anyhow::Result<Written> {
    let id: CaseId = id.parse()?;
    let wanted = id.clone();
    let subjects = app.ledger.db().read(|tx| cases::subjects(tx, &wanted));
    let subjects = subjects.map_err(|_| anyhow::anyhow!("there is no case {id}"))?;
    if let Some(login) = login {
        let opened = opened(app, &id, login).with_context(|| format!("what {login} may read of {id}"))?;
        for (name, document) in opened {
            folder.write(name, format!("{document:#}\n").as_bytes())?;
        }
    }
    // The read is among the entries now, and each has a proof.
    app.ledger.checkpoint_blocking()?;
    let entries = entries(app, &subjects)?;
    let lines: Vec<u8> =
        entries.iter().flat_map(|entry| [entry.canonical(), b"\n".to_vec()].concat()).collect();
    folder.write("entries.jsonl", &lines)?;
    for entry in &entries {
        let proof = app.ledger.db().read(|tx| ledger::receipt(tx, entry.seq))?;
        let proof = proof.with_context(|| format!("entry {} has no proof yet; try again", entry.seq))?;
        folder.write(&format!("proofs/{}.tlog-proof", entry.seq), proof.as_bytes())?;
    }
    folder.write("log.key", format!("{}\n", app.ledger.keys().verifier()).as_bytes())?;
    folder.finish(json!({
        "what": "case", "case": id, "subjects": subjects, "at": app.now(), "entries": entries.len(),
        "opened_by": login, "verify": "heliograph verify --receipt proofs/N.tlog-proof --key KEY",
    }))
}

/// What the person may see of what is sealed. The read is durable when this returns.
fn opened(app: &App, id: &CaseId, login: &str) -> anyhow::Result<Vec<(&'static str, Value)>> {
    let login = login.to_owned();
    let viewer = app.ledger.db().read(|tx| access::viewer_of(tx, &login))?;
    let (policies, shown, wanted, seen) = (app.policies.clone(), Shown::of(app), id.clone(), viewer.clone());
    let command = move |w: &mut Writer<'_, '_>| {
        let (case, mut items) = cases::whole(w, &policies, &seen, &wanted, &shown)?;
        let mut documents = vec![("case.json", case)];
        let drafts = advisories::draft_for(w, &policies, &seen, &wanted)?;
        if let Some((draft, item)) = drafts {
            let draft = serde_json::to_value(draft).map_err(|error| Refusal::Internal(error.to_string()))?;
            documents.push(("advisory-draft.json", draft));
            items.push(item);
        }
        Ok((documents, items))
    };
    Ok(block(access::open(app, &viewer, id.as_str(), PURPOSE, command))?)
}

/// Waits for the writer, which answers from a thread of its own.
fn block<T>(work: impl Future<Output = Result<T, Refusal>>) -> Result<T, Refusal> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Refusal::Internal(error.to_string()))?;
    runtime.block_on(work)
}

/// Every entry about these subjects, in the order of the journal.
fn entries(app: &App, subjects: &[String]) -> anyhow::Result<Vec<Recorded>> {
    let mut all = BTreeMap::new();
    for subject in subjects {
        let found = app.ledger.db().read(|tx| ledger::about(tx, subject))?;
        all.extend(found.into_iter().map(|entry| (entry.seq, entry)));
    }
    Ok(all.into_values().collect())
}
