//! The whole public record: what anybody may fetch from the centre, laid out as files at the addresses
//! where the centre serves them, so that a static server can stand in for it.

use super::folder::{Folder, Written};
use crate::advisories;
use crate::app::App;
use crate::ledger;
use crate::refusal::Refusal;
use anyhow::Context;
use merkle::TilePath;
use serde_json::json;

/// Entries in one bundle, and hashes in one tile (C2SP tlog-tiles).
const WIDTH: u64 = 256;

pub(super) fn export(app: &App, mut folder: Folder) -> anyhow::Result<Written> {
    app.ledger.checkpoint_blocking()?;
    let latest = app.ledger.db().read(ledger::latest_checkpoint)?;
    let (size, note) = latest.context("the log is empty: there is nothing public yet")?;
    let advisories = advisories(app, size, &mut folder)?;
    log(app, size.cast_unsigned(), &note, &mut folder)?;
    let verifier = app.ledger.keys().verifier();
    folder.finish(json!({
        "what": "public", "centre": app.settings.name, "at": app.now(), "advisories": advisories,
        "entries": size, "key": verifier.to_string(),
    }))
}

/// Each advisory in every format that it can be written in, as far as the checkpoint goes.
fn advisories(app: &App, size: i64, folder: &mut Folder) -> anyhow::Result<usize> {
    let (mut seq, mut count) = (-1, 0);
    loop {
        let piece = app.ledger.db().read(|tx| advisories::published_since(tx, seq))?;
        let Some((last, _)) = piece.last() else { return Ok(count) };
        seq = *last;
        for (_, advisory) in piece.iter().filter(|(seq, _)| *seq < size) {
            let place = |name: &str| format!("advisories/{}/{name}", advisory.id);
            folder.write(&place("advisory.json"), &serde_json::to_vec_pretty(advisory)?)?;
            for (name, text) in advisories::documents(advisory) {
                folder.write(&place(name), text.as_bytes())?;
            }
            count += 1;
        }
    }
}

fn log(app: &App, size: u64, note: &str, folder: &mut Folder) -> anyhow::Result<()> {
    let db = app.ledger.db();
    folder.write("log/checkpoint", note.as_bytes())?;
    folder.write("log/key", format!("{}\n", app.ledger.keys().verifier()).as_bytes())?;
    for number in 2.. {
        let Some(text) = db.read(|tx| ledger::opening(tx, number))? else { break };
        folder.write(&format!("log/epoch/{number}"), text.as_bytes())?;
    }
    for path in tiles(size)? {
        let bytes = db.read(|tx| ledger::tile_bytes(tx, &path));
        let bytes = bytes.map_err(|refusal: Refusal| anyhow::anyhow!("{path}: {refusal}"))?;
        folder.write(&format!("log/{path}"), &bytes)?;
    }
    Ok(())
}

/// Every tile of a tree of this size: bundles of entries, and hashes level by level.
fn tiles(size: u64) -> anyhow::Result<Vec<TilePath>> {
    let mut all = Vec::new();
    let mut nodes = size;
    for level in 0.. {
        let parts = (0..nodes / WIDTH).map(|index| (index, WIDTH));
        let rest = (!nodes.is_multiple_of(WIDTH)).then_some((nodes / WIDTH, nodes % WIDTH));
        for (index, width) in parts.chain(rest) {
            let width = u16::try_from(width)?;
            all.push(TilePath::hashes(level, index, width)?);
            if level == 0 {
                all.push(TilePath::entries(index, width)?);
            }
        }
        nodes /= WIDTH;
        if nodes == 0 {
            break;
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::tiles;

    #[test]
    fn a_tree_has_its_tiles_and_no_other() {
        let names = |size| -> Vec<String> { tiles(size).unwrap().iter().map(ToString::to_string).collect() };
        assert_eq!(names(3), ["tile/0/000.p/3", "tile/entries/000.p/3"]);
        assert_eq!(names(256), ["tile/0/000", "tile/entries/000", "tile/1/000.p/1"]);
        assert_eq!(
            names(257),
            ["tile/0/000", "tile/entries/000", "tile/0/001.p/1", "tile/entries/001.p/1", "tile/1/000.p/1"]
        );
        for size in [1, 255, 256, 257, 65_536, 65_537, 70_000] {
            assert!(tiles(size).unwrap().iter().all(|tile| tile.exists_in(size)), "{size}");
        }
    }
}
