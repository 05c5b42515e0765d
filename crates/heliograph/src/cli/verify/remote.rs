//! A log somewhere else: its root recomputed from all its entries, which hide what they stand for.

use super::Verdict;
use super::http::Server;
use crate::ledger::{Break, Recorded};
use anyhow::Context;
use merkle::{Checkpoint, Frontier, Hash, Limits, Receipt, TilePath, VerifierKey, leaf};
use serde_json::json;

const BUNDLE: u64 = 256;

pub(super) fn verify(
    url: &str,
    key: &VerifierKey,
    since: Option<&str>,
    witnesses: &[VerifierKey],
) -> anyhow::Result<Verdict> {
    let since = since.map(|note| merkle::open(note, key)).transpose();
    let since = since.context("the checkpoint given with --since")?;
    let server = Server::parse(url)?;
    let note = String::from_utf8(server.get("/log/checkpoint")?).context("the checkpoint is not text")?;
    let checkpoint = match merkle::open(&note, key) {
        Ok(checkpoint) => checkpoint,
        Err(error) => return Ok(verdict(None, &[format!("its checkpoint: {error}")], since.as_ref())),
    };
    let epochs = epochs(&server, key)?;
    let findings = match walk(&server, &checkpoint, since.as_ref(), &epochs)? {
        None => Vec::new(),
        Some(finding) => vec![finding],
    };
    let mut verdict = verdict(Some(&checkpoint), &findings, since.as_ref());
    let breaks: Vec<Break> = epochs.into_iter().map(|(_, found)| found).collect();
    verdict.text += &breaks.iter().map(Break::words).collect::<String>();
    if let Some(fields) = verdict.json.as_object_mut() {
        fields.insert("breaks".to_owned(), json!(breaks));
    }
    verdict.witnessed(&note, witnesses)
}

/// Restores that are looked for at most: a server that never stops naming them is not believed.
const EPOCHS_MAX: i64 = 1000;

/// Where the log says that restores broke it off, each with the leaf of the entry that says so.
fn epochs(server: &Server, key: &VerifierKey) -> anyhow::Result<Vec<(Hash, Break)>> {
    let mut found = Vec::new();
    for number in 2..EPOCHS_MAX {
        let Some(text) = server.get_if_there(&format!("/log/epoch/{number}"))? else { break };
        let context = || format!("what it says of epoch {number}");
        let text = String::from_utf8(text).with_context(context)?;
        let proven = Receipt::parse(&text, Limits::default()).and_then(|receipt| receipt.verify(key));
        let proven = proven.with_context(context)?;
        let entry = Recorded::parse(&proven.canonical).with_context(context)?;
        let said = Break::said_by(&entry, key).with_context(context)?.with_context(context)?;
        found.push((proven.leaf, said));
    }
    Ok(found)
}

/// Grows the tree from the bundles; the finding, if there is one.
fn walk(
    server: &Server,
    checkpoint: &Checkpoint,
    since: Option<&Checkpoint>,
    epochs: &[(Hash, Break)],
) -> anyhow::Result<Option<String>> {
    let lost = |size| epochs.iter().find(|(_, found)| found.lost(size));
    if let Some((_, found)) = since.and_then(|since| lost(since.size())) {
        return Ok(Some(format!("the checkpoint that you kept: {}", found.reason())));
    }
    if let Some(since) = since.filter(|since| since.size() > checkpoint.size()) {
        return Ok(Some(format!(
            "it has {} entries, and had {} in the checkpoint that you kept: its end was cut off",
            checkpoint.size(),
            since.size()
        )));
    }
    let mut frontier = Frontier::empty();
    while frontier.size() < checkpoint.size() {
        let width = u16::try_from((checkpoint.size() - frontier.size()).min(BUNDLE))?;
        let path = TilePath::entries(frontier.size() / BUNDLE, width)?;
        let bytes = server.get(&format!("/log/{path}"))?;
        let entries = match path.read_entries(&bytes) {
            Ok(entries) => entries,
            Err(error) => return Ok(Some(error.to_string())),
        };
        for commitment in entries {
            let (index, leaf) = (frontier.size(), leaf(&commitment));
            if let Some((_, found)) = epochs.iter().find(|(said, it)| it.entry == index && *said != leaf) {
                return Ok(Some(format!("entry {index} is not the one that opened epoch {}", found.epoch)));
            }
            frontier.push(leaf)?;
            if since.is_some_and(|kept| kept.size() == frontier.size() && kept.root() != frontier.root()) {
                let size = frontier.size();
                return Ok(Some(format!(
                    "its first {size} entries are not those of the checkpoint that you kept"
                )));
            }
        }
    }
    let fits = frontier.root() == checkpoint.root();
    Ok((!fits).then(|| "its entries do not give the root that its checkpoint signs".to_owned()))
}

fn verdict(checkpoint: Option<&Checkpoint>, findings: &[String], since: Option<&Checkpoint>) -> Verdict {
    let clean = findings.is_empty();
    let mut text = String::new();
    if let Some(checkpoint) = checkpoint {
        text += &format!(
            "log {}, {} entries, root {}\n",
            checkpoint.origin(),
            checkpoint.size(),
            checkpoint.root()
        );
    }
    for finding in findings {
        text += &format!("The log is not as it was signed: {finding}.\n");
    }
    if clean {
        text += "Its entries give the root that it signed.\n";
        text += &since.map_or_else(String::new, |kept| {
            format!("It continues the checkpoint of {} entries that you kept.\n", kept.size())
        });
    }
    let json = json!({
        "verified": "log", "clean": clean, "findings": findings,
        "origin": checkpoint.map(Checkpoint::origin), "size": checkpoint.map(Checkpoint::size),
        "root": checkpoint.map(|checkpoint| checkpoint.root().to_string()),
        "since": since.map(Checkpoint::size),
    });
    Verdict { clean, text, json }
}
