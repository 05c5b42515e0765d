//! How much an archive may ask of its reader. Every limit is named by the error that it causes.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes that one input may unpack to, in all its layers.
const UNPACKED_BYTES: u64 = 64 << 30;
/// Entries of the archives in one input.
const ENTRIES: u64 = 5_000_000;
/// Archives within archives: the CVE programme's own downloads are a zip in a zip.
pub(super) const LAYERS: usize = 4;
/// How many times its size an archive may unpack to…
const RATIO: u64 = 250;
/// …once it has unpacked to this: small archives of much the same text do reach high ratios.
const RATIO_FREE: u64 = 64 << 20;
/// An archive that lies in another one is held in memory up to here if it has to be.
pub(super) const IN_MEMORY: u64 = 1 << 30;
/// The window that zstd may ask for, as a power of two: 128 MiB, what `--long` gives.
pub(super) const ZSTD_WINDOW_LOG: u32 = 27;

/// What is left to one input.
#[derive(Clone)]
pub(super) struct Budget {
    bytes: Rc<Cell<u64>>,
    entries: Rc<Cell<u64>>,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { bytes: Rc::new(Cell::new(UNPACKED_BYTES)), entries: Rc::new(Cell::new(ENTRIES)) }
    }

    /// Takes another entry of an archive.
    pub(super) fn entry(&self) -> io::Result<()> {
        self.has(1)?;
        self.entries.set(self.entries.get() - 1);
        Ok(())
    }

    /// Whether so many entries are left: to be asked before a list of them is read.
    pub(super) fn has(&self, entries: u64) -> io::Result<()> {
        if entries <= self.entries.get() {
            return Ok(());
        }
        Err(refuse(format!("more than {ENTRIES} entries")))
    }
}

/// A limit, in words that can be shown as they are.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Limit(String);

pub(super) fn refuse(reason: String) -> io::Error {
    io::Error::other(Limit(reason))
}

/// Why something packed cannot be read, in plain words with the library's behind them.
pub(super) fn plainly(error: &io::Error) -> String {
    let is_limit = error.get_ref().is_some_and(|inner| inner.is::<Limit>());
    match error.kind() {
        _ if is_limit => error.to_string(),
        io::ErrorKind::UnexpectedEof => {
            format!("it ends in the middle, so it was probably cut off: fetch it again ({error})")
        }
        // The disk and the system say it well enough.
        _ if error.raw_os_error().is_some() => error.to_string(),
        _ => format!("it is damaged, or not packed as it seems to be: fetch it again ({error})"),
    }
}

/// Counts what is read of a file, for the progress bar and the ratio.
pub(super) struct Counted<'a, R> {
    inner: R,
    all: Option<&'a AtomicU64>,
    own: Rc<Cell<u64>>,
}

impl<'a, R: Read> Counted<'a, R> {
    pub(super) fn new(inner: R, all: Option<&'a AtomicU64>) -> Self {
        Self { inner, all, own: Rc::default() }
    }

    pub(super) fn count(&self) -> Rc<Cell<u64>> {
        self.own.clone()
    }
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.inner.read(buffer)?;
        self.own.set(self.own.get() + bytes as u64);
        if let Some(all) = self.all {
            all.fetch_add(bytes as u64, Ordering::Relaxed);
        }
        Ok(bytes)
    }
}

/// What comes out of an archive, within its limits.
pub(super) struct Unpacked<R> {
    inner: R,
    packed: Rc<Cell<u64>>,
    out: u64,
    budget: Budget,
}

impl<R: Read> Unpacked<R> {
    /// `packed` counts what went in so far.
    pub(super) fn new(inner: R, packed: Rc<Cell<u64>>, budget: &Budget) -> Self {
        Self { inner, packed, out: 0, budget: budget.clone() }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.inner.read(buffer)? as u64;
        self.out += bytes;
        if self.out > RATIO_FREE && self.out / RATIO > self.packed.get() {
            return Err(refuse(format!("it unpacks to more than {RATIO} times its size")));
        }
        let left = self.budget.bytes.get().checked_sub(bytes);
        let left =
            left.ok_or_else(|| refuse(format!("it unpacks to more than {} GiB", UNPACKED_BYTES >> 30)))?;
        self.budget.bytes.set(left);
        Ok(bytes as usize)
    }
}
