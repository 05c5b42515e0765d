//! A log somewhere else: its root recomputed from all its entries, which hide what they stand for.

use super::Verdict;
use super::http::Server;
use anyhow::Context;
use merkle::{Checkpoint, Frontier, TilePath, VerifierKey, leaf};
use serde_json::json;

const BUNDLE: u64 = 256;

pub(super) fn verify(url: &str, key: &VerifierKey, since: Option<&str>) -> anyhow::Result<Verdict> {
    let since = since.map(|note| merkle::open(note, key)).transpose();
    let since = since.context("the checkpoint given with --since")?;
    let server = Server::parse(url)?;
    let note = String::from_utf8(server.get("/log/checkpoint")?).context("the checkpoint is not text")?;
    let checkpoint = match merkle::open(&note, key) {
        Ok(checkpoint) => checkpoint,
        Err(error) => return Ok(verdict(None, &[format!("its checkpoint: {error}")], since.as_ref())),
    };
    let findings = match walk(&server, &checkpoint, since.as_ref())? {
        None => Vec::new(),
        Some(finding) => vec![finding],
    };
    Ok(verdict(Some(&checkpoint), &findings, since.as_ref()))
}

/// Grows the tree from the bundles; the finding, if there is one.
fn walk(
    server: &Server,
    checkpoint: &Checkpoint,
    since: Option<&Checkpoint>,
) -> anyhow::Result<Option<String>> {
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
            frontier.push(leaf(&commitment))?;
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
