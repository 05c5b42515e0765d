//! Heliograph: a vulnerability coordination centre in one binary.

mod access;
mod accreditations;
mod advisories;
mod app;
mod cases;
mod catalogue;
mod cli;
mod deadlines;
mod demo;
mod jobs;
mod ledger;
mod metrics;
mod openapi;
mod outside;
mod partners;
mod people;
mod refusal;
mod reports;
mod router;
mod settings;
mod subscriptions;
#[cfg(test)]
mod testing;
mod vetting;
mod web;
mod witnesses;

pub use cli::main;

/// Requests and imports are made of small pieces of memory; the system's allocator costs them a tenth more.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What the benches reach: the journal with all views, driven by a real command.
pub mod bench_support {
    use crate::app::{App, Clock, Random, VIEWS};
    use crate::deadlines;
    use crate::ledger::{Actor, Keys, Ledger, Writer, verify};
    use crate::people::{self, Mandate};
    use crate::refusal::Refusal;
    use crate::router;
    use crate::settings::Settings;
    use crate::vetting::Eyes;
    use ::catalogue::Input;
    use std::path::{Path, PathBuf};
    use std::sync::Arc;
    use storage::Database;

    /// A centre that is there for its catalogue.
    #[derive(Clone)]
    pub struct Lookups(App);

    impl Lookups {
        /// Opens or makes it.
        pub fn open(dir: &Path) -> anyhow::Result<Self> {
            let settings = Settings::load(None, &[("data", dir.display().to_string())])?;
            Ok(Self(App::open(settings, Clock::default(), Random::default())?))
        }

        /// Imports files; gives how many records are new, and fails if anything did.
        pub fn import(&self, paths: &[PathBuf]) -> anyhow::Result<u64> {
            let inputs: Vec<Input> = paths.iter().cloned().map(Input::Path).collect();
            let clock = Clock::default();
            let report = self.0.catalogue.import(&inputs, "bench", &|| clock.now(), &mut |_| {})?;
            anyhow::ensure!(report.counts.failed == 0, "{:?}", report.bad.first());
            Ok(report.counts.added)
        }

        /// The same as somebody who imports beside a server does it, on a thread of its own.
        pub fn import_beside(&self, paths: &[PathBuf]) -> anyhow::Result<u64> {
            std::thread::scope(|scope| {
                let import = scope.spawn(|| {
                    crate::catalogue::stand_back();
                    self.import(paths)
                });
                import.join().unwrap_or_else(|_| anyhow::bail!("the import failed"))
            })
        }

        /// What the record of an id is answered with.
        pub fn document(&self, id: &str) -> anyhow::Result<Vec<u8>> {
            let found = self.0.catalogue.document(id)?;
            Ok(found.ok_or_else(|| anyhow::anyhow!("{id} is not there"))?.body.to_vec())
        }

        /// Serves the whole program's routes.
        pub async fn serve(self, listener: tokio::net::TcpListener) -> anyhow::Result<()> {
            let (router, _) = router::routes(&self.0);
            let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
            Ok(axum::serve(listener, service).await?)
        }
    }

    /// A journal on SQLite in a folder of its own.
    #[derive(Clone)]
    pub struct Journal(Ledger);

    impl Journal {
        /// Opens or makes it.
        pub fn open(dir: &Path) -> anyhow::Result<Self> {
            let random = Random::default();
            let keys = Arc::new(Keys::open(&dir.join("keys"), "bench.invalid/log", &random)?);
            let db = Database::sqlite(&dir.join("heliograph.db"))?;
            let ledger = Ledger::start(db, keys, Clock::default(), random, VIEWS);
            // A centre that has work to do has something sealed and something signed: only then are its
            // keys known to be the right ones, and no longer tried with each batch.
            ledger.submit_blocking(|w| {
                people::add(w, &Actor::System, "sealed", Mandate::Defensive)?;
                w.seal("case/bench", b"sealed").map_err(Refusal::from)
            })?;
            ledger.checkpoint_blocking()?;
            Ok(Self(ledger))
        }

        /// Appends one event and its view; done when it is durable.
        pub async fn append(&self, name: String) -> anyhow::Result<()> {
            self.0.submit(move |w| people::add(w, &Actor::System, &name, Mandate::Defensive)).await?;
            Ok(())
        }

        /// Verifies everything and counts the entries.
        pub fn verified_entries(&self) -> anyhow::Result<u64> {
            let outcome = self.0.db().read(|tx| verify(tx, self.0.keys(), VIEWS))?;
            // What `open` sealed stands in no entry.
            let damage = outcome.findings.iter().find(|finding| finding.what != "sealed item");
            anyhow::ensure!(damage.is_none(), "the journal is damaged: {damage:?}");
            Ok(outcome.entries)
        }
    }

    /// A centre that is there for its clocks.
    pub struct Deadlines(App);

    impl Deadlines {
        /// Opens or makes it, as `serve` does.
        pub fn open(dir: &Path) -> anyhow::Result<Self> {
            let settings = Settings::load(None, &[("data", dir.display().to_string())])?;
            Ok(Self(App::open(settings, Clock::default(), Random::default())?))
        }

        /// Doubles the clocks without the journal, and says how many run now.
        pub fn double(&self, round: u32) -> anyhow::Result<u64> {
            Ok(self.0.ledger.submit_blocking(move |w| deadlines::double(w, round))?.unsigned_abs())
        }

        /// Records the facts of `count` subjects, from number `first` on, in one command.
        pub fn fill(&self, first: u64, count: u64) -> anyhow::Result<()> {
            let command = move |w: &mut Writer<'_, '_>| {
                (first..first + count).try_for_each(|number| deadlines::sample(w, number))
            };
            Ok(self.0.ledger.submit_blocking(command)?)
        }

        /// Records one more fact of one subject, and with it computes all its clocks anew.
        pub fn restate(&self, number: u64) -> anyhow::Result<()> {
            Ok(self.0.ledger.submit_blocking(move |w| deadlines::sample(w, number))?)
        }

        /// Clocks due within an hour, the first page of them.
        pub fn due_within_an_hour(&self) -> anyhow::Result<usize> {
            let now = self.0.now();
            Ok(self.0.ledger.db().read(|tx| deadlines::due_within_an_hour(tx, now))?.len())
        }

        /// The first page of all clocks.
        pub fn first_page(&self) -> anyhow::Result<usize> {
            let now = self.0.now();
            Ok(self.0.ledger.db().read(|tx| deadlines::first_page(tx, now))?.len())
        }

        /// What the desk counts.
        pub fn counts(&self) -> anyhow::Result<i64> {
            let now = self.0.now();
            Ok(self.0.ledger.db().read(|tx| deadlines::counts(tx, &Eyes::of_the_centre(now)))?.soon)
        }

        /// Whether somebody is to be told.
        pub fn look_for_people_to_tell(&self) -> anyhow::Result<bool> {
            let now = self.0.now();
            Ok(self.0.ledger.db().read(|tx| deadlines::is_somebody_to_be_told(tx, now))?)
        }
    }
}
