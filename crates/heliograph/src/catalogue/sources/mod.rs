//! Sources that are imported by themselves: files, folders, addresses and repositories of git, each every so
//! often. Each node keeps a catalogue of its own, so each node imports for itself.

mod fetch;
mod list;

pub(crate) use list::{Source, read};

use crate::app::App;
use catalogue::{Catalogue, Input, Terms, Turn};
use fetch::Fetched;
use jiff::Timestamp;
use std::path::Path;

/// Imports one source that is due, if there is any, and says whether there was.
pub(crate) async fn import_next(app: &App) -> anyhow::Result<bool> {
    let sources = read(&app.settings.sources_file())?;
    let (catalogue, now) = (app.catalogue.clone(), app.now());
    let due = tokio::task::spawn_blocking(move || {
        sources.into_iter().find_map(|source| match catalogue.turn(&source.name) {
            Ok(turn) => is_due(&source, &turn, now).then_some(Ok(source)),
            Err(error) => Some(Err(error)),
        })
    });
    let Some(source) = due.await?.transpose()? else { return Ok(false) };
    let (data, clock) = (app.settings.data.clone(), app.clock.clone());
    let name = source.name.clone();
    // A thread of its own, for one that has stood back cannot come forward again.
    let work = move || {
        super::stand_back();
        import(&data, &source, &|| clock.now())
    };
    let turn = tokio::task::spawn_blocking(move || {
        let panicked = |_| anyhow::anyhow!("the import ended in a panic");
        std::thread::scope(|scope| scope.spawn(work).join()).unwrap_or_else(|gone| Err(panicked(gone)))
    });
    let turn = turn.await??;
    match turn.error {
        Some(error) => tracing::warn!(source = name, error, "a source could not be imported"),
        None => tracing::info!(source = name, import = turn.import, "a source was imported"),
    }
    Ok(true)
}

/// Whether a source's turn has come: so long after the last one began. One that was interrupted is due.
fn is_due(source: &Source, turn: &Turn, now: Timestamp) -> bool {
    match (turn.began, turn.ended) {
        (Some(began), Some(_)) => began.checked_add(source.every).is_ok_and(|next| next <= now),
        _ => true,
    }
}

/// Fetches a source and imports what is new of it, with a catalogue of its own, so that nobody waits for its
/// connection. What went wrong stands in the turn that is written down.
pub(crate) fn import(data: &Path, source: &Source, clock: &dyn Fn() -> Timestamp) -> anyhow::Result<Turn> {
    let catalogue = Catalogue::open(&data.join("catalogue.db"))?;
    let before = catalogue.turn(&source.name)?;
    let began = Some(clock());
    let begun = Turn { began, tag: before.tag.clone(), dated: before.dated.clone(), ..Turn::default() };
    catalogue.set_turn(&source.name, &begun)?;
    let done = fetch::fetch(data, source, &before).map_err(|error| format!("{error:#}"));
    let turn = match done {
        Err(error) => Turn { ended: Some(clock()), error: Some(catalogue::clip(&error, 500)), ..begun },
        Ok(Fetched::Nothing) => Turn { ended: Some(clock()), ..begun },
        Ok(Fetched::Here { input, tag, dated }) => {
            let is_git = matches!(input, Input::Git(_));
            let terms = Terms { is_complete: source.is_complete, source: source.name.clone() };
            let what = format!("{}: {}", source.name, source.from.shown());
            let report = catalogue.import_on(&[input], (&what, &terms), clock, &mut |_| {});
            match report {
                // What was fetched counts as known only once it was imported; a commit, from which the next
                // one goes on, only if all of it was.
                Ok(report) => {
                    let tag = tag.filter(|_| !is_git || report.counts.failed == 0);
                    Turn { ended: Some(clock()), import: Some(report.import), tag, dated, ..begun }
                }
                Err(error) => Turn { ended: Some(clock()), error: Some(error.to_string()), ..begun },
            }
        }
    };
    catalogue.set_turn(&source.name, &turn)?;
    Ok(turn)
}

#[cfg(test)]
mod tests {
    use super::list::Place;
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn a_source_is_due_so_long_after_its_last_turn_began_and_when_it_was_interrupted() {
        let source = Source {
            name: "x".into(),
            from: Place::Path("x".into()),
            every: SignedDuration::from_hours(6),
            is_complete: false,
        };
        let at = |hours: i64| Timestamp::from_second(hours * 3_600).unwrap();
        let turn = |began, ended| Turn { began, ended, ..Turn::default() };
        assert!(is_due(&source, &turn(None, None), at(1)));
        assert!(is_due(&source, &turn(Some(at(1)), None), at(1)), "it was interrupted");
        assert!(!is_due(&source, &turn(Some(at(1)), Some(at(2))), at(6)));
        assert!(is_due(&source, &turn(Some(at(1)), Some(at(2))), at(7)));
    }
}
