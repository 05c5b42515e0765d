//! What the centre does by itself as time passes. Each duty is one idempotent command, so it does
//! not matter which node runs it, how often, or where it was interrupted.
//!
//! There is no queue table: what leaves the centre here, a checkpoint for its witnesses, is made anew from
//! the journal whenever it is asked for.

use crate::access;
use crate::accreditations;
use crate::advisories;
use crate::app::App;
use crate::cases;
use crate::catalogue;
use crate::deadlines;
use crate::ledger::ErasureList;
use crate::partners;
use crate::refusal::Refusal;
use crate::subscriptions;
use crate::vetting;
use crate::witnesses;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// How often the tree's head is signed: the wait for a receipt, and the grain of what times leak.
const CHECKPOINT: Duration = Duration::from_secs(1);

/// How often embargoes, exploit material and expired sessions are looked at.
const HOUSEKEEPING: Duration = Duration::from_secs(20);

/// Runs until the program ends. Witnesses are asked beside the rest: one that is slow holds nothing up.
pub(crate) async fn run(app: App) {
    tokio::join!(by_itself(app.clone()), witnesses::run(app.clone()), import_sources(app));
}

/// Imports the sources of the public database, one after the other, beside all else: it may take hours.
async fn import_sources(app: App) {
    let mut look = interval(HOUSEKEEPING);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        loop {
            match catalogue::sources::import_next(&app).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::error!(error = format!("{error:#}"), "sources could not be imported");
                    break;
                }
            }
        }
    }
}

async fn by_itself(app: App) {
    let mut checkpoint = interval(CHECKPOINT);
    let mut housekeeping = interval(HOUSEKEEPING);
    checkpoint.set_missed_tick_behavior(MissedTickBehavior::Delay);
    housekeeping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut erasures = None;
    loop {
        tokio::select! {
            _ = checkpoint.tick() => {
                if let Err(error) = list_erasures(&app, &mut erasures).await {
                    tracing::error!(%error, "the list of erasures could not follow the journal");
                }
                if let Err(error) = app.ledger.checkpoint().await {
                    tracing::error!(%error, "no checkpoint could be signed");
                }
                if let Err(error) = catch_up(&app).await {
                    tracing::error!(%error, "the catalogue could not follow the journal");
                }
            }
            _ = housekeeping.tick() => {
                if let Err(error) = housekeep(&app).await {
                    tracing::error!(%error, "housekeeping failed; it will be tried again");
                }
                if let Err(error) = follow_bills(&app).await {
                    tracing::error!(%error, "a bill of materials could not be looked at again");
                }
            }
        }
    }
}

/// Writes what was erased into the list that is kept outside the database. Each node has a list of its
/// own and follows by itself, also after a pause.
pub(crate) async fn list_erasures(app: &App, list: &mut Option<ErasureList>) -> anyhow::Result<()> {
    let (db, path, before) = (app.ledger.db().clone(), app.settings.erasures_file(), list.take());
    let follow = move || match before {
        None => ErasureList::open(&path, &db),
        Some(mut list) => list.follow(&db).map(|()| list),
    };
    *list = Some(tokio::task::spawn_blocking(follow).await??);
    Ok(())
}

/// Takes what the centre has published into this node's catalogue. The catalogue remembers how far
/// it is, so every node follows by itself, also after a pause.
pub(crate) async fn catch_up(app: &App) -> anyhow::Result<()> {
    let catalogue = app.catalogue.clone();
    let behind = catalogue.published_seq()?;
    let published = app.read(move |tx| advisories::published_since(tx, behind)).await?;
    for (seq, advisory) in published {
        // While somebody imports, the next round is early enough.
        if !catalogue.publish(&advisory, seq, app.now())? {
            break;
        }
    }
    // What another process imported, and what an interruption left undone.
    // It may take minutes, and a second one meanwhile sees that the first is at it.
    tokio::task::spawn_blocking(move || {
        if let Err(error) = catalogue.catch_up() {
            tracing::error!(%error, "the search index could not follow the catalogue");
        }
    });
    Ok(())
}

/// Looks again at bills of materials that people follow; what is left waits for the next round.
pub(crate) async fn follow_bills(app: &App) -> Result<(), Refusal> {
    for _ in 0..BILLS_A_ROUND {
        if !subscriptions::look_again(app).await? {
            break;
        }
    }
    Ok(())
}

/// Bills of materials that are looked at in one round of housekeeping.
const BILLS_A_ROUND: usize = 20;

/// One round of housekeeping: commands apart, so that a failure of one does not hold up the others.
pub(crate) async fn housekeep(app: &App) -> Result<(), Refusal> {
    let told = escalate(app).await;
    let embargoes = app.ledger.submit(cases::expire_embargoes).await;
    let exploits = app.ledger.submit(cases::purge_exploits).await;
    let expired = app.ledger.submit(access::sweep).await;
    let partners = app.ledger.submit(partners::look_after).await;
    let accreditations = app.ledger.submit(accreditations::look_after).await;
    let register = app.ledger.submit(vetting::look_after).await;
    told.and(embargoes).and(exploits).and(expired).and(partners).and(accreditations).and(register)
}

/// Tells whoever is to be told that the time of a clock runs out.
pub(crate) async fn escalate(app: &App) -> Result<(), Refusal> {
    let now = app.now();
    while app.read(move |tx| deadlines::is_somebody_to_be_told(tx, now)).await? {
        let ladder = app.settings.ladder;
        if !app.ledger.submit(move |w| deadlines::escalate(w, &ladder)).await? {
            break;
        }
    }
    Ok(())
}
