//! The application: database, clock, keys, settings, built once and handed to everyone.

use crate::access::{Policies, Route};
use crate::accreditations;
use crate::deadlines;
use crate::ledger::{self, Keys, Ledger, View};
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::vetting;
use crate::web::Requests;
use catalogue::Catalogue;
use jiff::Timestamp;
use std::ops::Deref;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use storage::{Database, Tx};

/// Every view of every slice, in the order of the slices.
pub(crate) const VIEWS: &[View] = &[
    crate::ledger::STREAMS_VIEW,
    crate::access::READ_VIEW,
    crate::access::VIEW,
    crate::people::VIEW,
    crate::vetting::VIEW,
    crate::deadlines::VIEW,
    crate::reports::VIEW,
    crate::cases::VIEW,
    crate::advisories::VIEW,
    crate::accreditations::VIEW,
    crate::partners::VIEW,
];

/// What every handler gets: one pointer, because every layer in front of a handler copies it.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

/// What the application is made of.
pub(crate) struct Parts {
    pub(crate) ledger: Ledger,
    pub(crate) catalogue: Catalogue,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) settings: Arc<Settings>,
    pub(crate) policies: Arc<Policies>,
    /// Another in each version of the program, and with other settings that show on every page: see
    /// [`crate::web::made`].
    pub(crate) made: u64,
    /// What is counted of each route, once there is a router.
    pub(crate) counters: OnceLock<Vec<(Route, &'static Requests)>>,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Opens or makes a centre: its keys, database and catalogue.
    pub(crate) fn open(settings: Settings, clock: Clock, random: Random) -> anyhow::Result<Self> {
        let data = &settings.data;
        deadlines::choose_profiles(&settings)?;
        accreditations::choose_schemes(&settings)?;
        vetting::choose_ladders(&settings)?;
        std::fs::create_dir_all(data)
            .map_err(|error| anyhow::anyhow!("cannot make {}: {error}", data.display()))?;
        let keys = Arc::new(Keys::open(&settings.keys_dir(), &settings.origin, &random)?);
        let db = match &settings.database {
            Some(url) => Database::postgres(url)?,
            None => Database::sqlite(&data.join("heliograph.db"))?,
        };
        db.write(|tx| {
            deadlines::note_profiles(tx)?;
            vetting::note_ladders(tx)?;
            ledger::refresh(tx, VIEWS)
        })?;
        let catalogue = Catalogue::open(&data.join("catalogue.db"))?;
        let ledger = Ledger::start(db, keys, clock.clone(), random.clone(), VIEWS);
        let policies = Arc::new(Policies::load(settings.policies.as_deref())?);
        let (made, settings) = (crate::web::made(&settings), Arc::new(settings));
        let counters = OnceLock::new();
        Ok(Self(Arc::new(Parts { ledger, catalogue, clock, random, settings, policies, made, counters })))
    }

    /// Reads over one consistent state, on a thread that may wait for the disk.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let db = self.ledger.db().clone();
        let done = tokio::task::spawn_blocking(move || db.read(work)).await;
        done.unwrap_or_else(|_| Err(Refusal::Internal("a read failed unexpectedly".into())))
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// The one clock. Tests and the demo set it; nothing else reads the time.
#[derive(Clone, Default)]
pub(crate) struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// A clock that stands where it is set.
    pub(crate) fn simulated(at: Timestamp) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.as_microsecond()))))
    }

    /// The present instant, in whole microseconds as the database keeps them.
    pub(crate) fn now(&self) -> Timestamp {
        let micros = match self.0.as_ref().map(|set| set.load(Ordering::Acquire)) {
            Some(set) if set != RUNS_FREE => set,
            #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
            _ => Timestamp::now().as_microsecond(),
        };
        Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Lets a simulated clock run free: from now on it is the real one.
    pub(crate) fn release(&self) {
        if let Some(set) = &self.0 {
            set.store(RUNS_FREE, Ordering::Release);
        }
    }

    /// Moves a simulated clock; the real one cannot be moved.
    pub(crate) fn set(&self, at: Timestamp) {
        if let Some(set) = &self.0 {
            set.store(at.as_microsecond(), Ordering::Release);
        }
    }
}

/// The setting of a simulated clock that was let go.
const RUNS_FREE: i64 = i64::MIN;

/// The one source of chance. Tests give a seed and get the same bytes again.
#[derive(Clone, Default)]
pub(crate) struct Random(Option<Arc<(u64, AtomicU64)>>);

impl Random {
    #[cfg(test)]
    /// A reproducible source: never for real use.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(Some(Arc::new((seed, AtomicU64::new(0)))))
    }

    /// `N` bytes.
    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.0 {
            Some(state) => {
                let mut number = state.1.fetch_add(1, Ordering::Relaxed);
                for chunk in bytes.chunks_mut(32) {
                    use sha2::{Digest, Sha256};
                    let hash = Sha256::new().chain_update(state.0.to_be_bytes());
                    let hash = hash.chain_update(number.to_be_bytes()).finalize();
                    chunk.copy_from_slice(&hash[..chunk.len()]);
                    number = number.wrapping_add(1 << 32);
                }
            }
            None => {
                #[expect(clippy::disallowed_methods, reason = "this is the one place that draws chance")]
                let filled = getrandom::fill(&mut bytes);
                // Without chance no key and no id is safe: stopping is the only honest answer.
                #[expect(clippy::expect_used, reason = "there is no safe way on without chance")]
                filled.expect("the operating system gives random bytes");
            }
        }
        bytes
    }
}
