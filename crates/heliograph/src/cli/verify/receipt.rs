//! One receipt, offline.

use super::{Verdict, text_of};
use crate::ledger::Recorded;
use merkle::{Limits, Receipt, Verified, VerifierKey};
use serde_json::{Value, json};
use std::path::Path;

pub(super) fn verify(path: &Path, key: &VerifierKey, witnesses: &[VerifierKey]) -> anyhow::Result<Verdict> {
    let limits = Limits::default();
    let text = text_of(path, limits.bytes as u64)?;
    let proven = Receipt::parse(&text, limits)
        .and_then(|receipt| Ok((receipt.verify(key)?, receipt.checkpoint().to_owned())));
    match proven {
        Ok((proven, note)) => shown(&proven).witnessed(&note, witnesses),
        Err(error) => Ok(Verdict {
            clean: false,
            text: format!("This receipt proves nothing under the key {}: {error}.\n", key.name()),
            json: json!({ "verified": "receipt", "clean": false, "reason": error.to_string() }),
        }),
    }
}

fn shown(proven: &Verified) -> Verdict {
    let Verified { index, size, origin, canonical, .. } = proven;
    let entry: Value = serde_json::from_slice(canonical).unwrap_or(Value::Null);
    let mut text = format!(
        "Proven: the log {origin} has this entry, number {index} (from 0), and had it when it was {size} \
         entries long.\n"
    );
    let recorded = Recorded::parse(canonical);
    if let Some(recorded) = &recorded {
        // The log proves what was written and in which order; the hour is the centre's own word.
        text += &format!("Received {}, as the centre wrote it then.\n", recorded.at);
        text += &spelt_out(&format!("It says: {} in {}.", recorded.kind, recorded.stream));
        text.push('\n');
    }
    text += &format!("The entry: {}\n", spelt_out(&String::from_utf8_lossy(canonical)));
    let json = json!({
        "verified": "receipt", "clean": true, "index": index, "size": size, "origin": origin,
        "received": recorded.map(|recorded| recorded.at.to_string()), "entry": entry,
    });
    Verdict { clean: true, text, json }
}

/// Text for a terminal: what could steer it is spelt out.
fn spelt_out(text: &str) -> String {
    let spelt = |character: char| match character.is_control() {
        true => character.escape_debug().to_string(),
        false => character.to_string(),
    };
    text.chars().map(spelt).collect()
}
