//! The client of c2sp.org/tlog-witness: asks the witnesses that the operator chose to cosign the latest
//! checkpoint. A witness that is away or refuses holds nothing up: receipts go on, with less to show.

#[cfg(test)]
mod peer;
#[cfg(test)]
mod tests;

use crate::app::App;
use crate::ledger;
use crate::outside::{self, Answer};
use crate::refusal::Refusal;
use anyhow::{Context, bail};
use merkle::VerifierKey;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// How often witnesses are asked, where there is something new to cosign.
const ROUND: Duration = Duration::from_secs(10);

/// A witness, as the settings name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Witness {
    pub(crate) key: VerifierKey,
    /// Where it takes submissions: what stands before `/add-checkpoint`.
    pub(crate) url: String,
}

impl std::str::FromStr for Witness {
    type Err = anyhow::Error;

    /// `KEY URL`.
    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (key, url) = text.trim().split_once(' ').context("it has no address")?;
        let key: VerifierKey = key.parse()?;
        let url = url.trim().trim_end_matches('/');
        if !key.is_witness() {
            bail!("this is a log's key, and not a witness's");
        }
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        match host {
            Some(host) if !host.is_empty() && !host.contains(['@', ' ']) => Ok(Self { key, url: url.into() }),
            _ => bail!("its address should begin with https:// and name a host, and no password"),
        }
    }
}

/// How many entries of this log each witness said it has seen.
pub(crate) type Seen = BTreeMap<String, u64>;

/// Runs until the program ends.
pub(crate) async fn run(app: App) {
    let mut seen = Seen::new();
    let mut rounds = interval(ROUND);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !app.settings.witnesses.is_empty() {
        rounds.tick().await;
        for (witness, error) in round(&app, &mut seen).await {
            tracing::warn!(witness, %error, "a witness did not cosign");
        }
    }
}

/// Asks each witness that has not cosigned the latest checkpoint; gives those that did not, and why.
pub(crate) async fn round(app: &App, seen: &mut Seen) -> Vec<(String, String)> {
    let mut failed = Vec::new();
    for witness in &app.settings.witnesses {
        if let Err(error) = ask(app, witness, seen).await {
            failed.push((witness.key.name().to_owned(), format!("{error:#}")));
        }
    }
    failed
}

async fn ask(app: &App, witness: &Witness, seen: &mut Seen) -> anyhow::Result<()> {
    let key = witness.key.clone();
    let waiting = app.read(move |tx| Ok(ledger::to_cosign(tx, &key)?)).await?;
    let Some((size, note)) = waiting else { return Ok(()) };
    let name = witness.key.to_string();
    // What it has seen, it says itself where we do not know (any more).
    for _ in 0..2 {
        let old = seen.get(&name).copied().unwrap_or(0).min(size);
        let answer = sent(app, witness, size, note.clone(), old).await?;
        let text = String::from_utf8(answer.body).context("its answer is not text")?;
        match answer.status {
            200 => {
                seen.insert(name, size);
                return keep(app, witness, size, text).await;
            }
            409 => {
                let known = text.trim().parse().context("it names no size that it has seen")?;
                if known > size {
                    bail!(
                        "it has seen {known} entries of this log, which has {size}: after a restore, ask it to \
                         begin anew"
                    );
                }
                seen.insert(name.clone(), known);
            }
            status => bail!("it answers with status {status}"),
        }
    }
    bail!("it does not take the size that it names itself")
}

/// Sends the checkpoint with the proof that it continues the first `old` entries.
async fn sent(app: &App, witness: &Witness, size: u64, note: String, old: u64) -> anyhow::Result<Answer> {
    let body = app.read(move |tx| Ok(ledger::request(tx, size, &note, old)?)).await?;
    let url = format!("{}/add-checkpoint", witness.url);
    tokio::task::spawn_blocking(move || outside::post(&url, &body)).await?
}

async fn keep(app: &App, witness: &Witness, size: u64, answer: String) -> anyhow::Result<()> {
    let key = witness.key.clone();
    let done = app.ledger.submit(move |w| Ok::<_, Refusal>(ledger::cosigned(w, size, &key, &answer)?));
    if done.await? {
        Ok(())
    } else {
        bail!("what it answers is no cosignature of this checkpoint under its key")
    }
}
