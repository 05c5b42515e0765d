//! What witnesses say of a checkpoint: without them, nobody can tell when it was made.

use super::Verdict;
use jiff::Timestamp;
use merkle::VerifierKey;
use serde_json::{Value, json};

/// What was found under a checkpoint of the witnesses that somebody trusts.
#[derive(Default)]
struct Witnessed {
    text: String,
    json: Vec<Value>,
    /// How many did not cosign.
    missing: usize,
}

impl Verdict {
    /// The same, with what these witnesses say of the checkpoint that it rests on.
    pub(super) fn witnessed(mut self, note: &str, witnesses: &[VerifierKey]) -> anyhow::Result<Self> {
        let Witnessed { text, json, missing } = witnessed(note, witnesses)?;
        self.clean &= missing == 0;
        self.text += &text;
        if let Some(fields) = self.json.as_object_mut() {
            fields.insert("clean".to_owned(), json!(self.clean));
            fields.insert("witnesses".to_owned(), json!(json));
        }
        Ok(self)
    }
}

fn witnessed(note: &str, witnesses: &[VerifierKey]) -> anyhow::Result<Witnessed> {
    let found = merkle::cosignatures(note, witnesses)?;
    let mut all = Witnessed::default();
    for key in witnesses {
        let name = key.name();
        match found.iter().find(|found| found.witness == name) {
            Some(found) => {
                let at = Timestamp::from_second(found.at.cast_signed())?;
                all.text += &format!("Witness {name} saw this checkpoint on {at}, by its own clock.\n");
                all.json.push(json!({ "witness": name, "at": at.to_string() }));
            }
            None => {
                all.text += &format!("Witness {name} has not cosigned this checkpoint.\n");
                all.json.push(json!({ "witness": name, "at": null }));
                all.missing += 1;
            }
        }
    }
    Ok(all)
}
