//! The catalogue as files that any web cache can hand on: the dumps of OSV and the feeds of NVD.
//!
//! A file is made when it is asked for and the catalogue has changed since, by one at a time, beside
//! its place, and moved there when it is whole: whoever reads it meanwhile reads the one before.

mod nvd;
mod osv;

pub use nvd::FEEDS;

use super::{Catalogue, Error};
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Where the files lie.
pub(super) struct Files {
    folder: PathBuf,
    /// One file is made at a time.
    making: Mutex<()>,
}

/// A file that is made anew is served for so long at least, however fast the catalogue changes.
const MADE_AT_MOST_EVERY: Duration = Duration::from_secs(60);

impl Files {
    /// Beside the catalogue's file.
    pub(super) fn new(catalogue: &Path) -> Self {
        Self { folder: catalogue.with_extension("files"), making: Mutex::new(()) }
    }
}

/// What can be had as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All records in OSV's shape, of one ecosystem or of all, as a zip archive.
    OsvArchive(Option<String>),
    /// Their ids with the dates of their last change, the latest first.
    OsvDates(Option<String>),
    /// The ecosystems, a line each.
    OsvEcosystems,
    /// A feed of NVD, packed with gzip.
    NvdFeed(&'static str, Option<i16>),
}

impl Wanted {
    /// The name of the file here; nothing that was asked stands in it as it came.
    fn name(&self) -> String {
        let plain = |text: &Option<String>| match text {
            None => "all".to_owned(),
            Some(text) => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
        };
        match self {
            Self::OsvArchive(ecosystem) => format!("osv-{}.zip", plain(ecosystem)),
            Self::OsvDates(ecosystem) => format!("osv-{}.csv", plain(ecosystem)),
            Self::OsvEcosystems => "osv-ecosystems.txt".to_owned(),
            Self::NvdFeed(name, year) => format!("nvd-{name}{}.json.gz", year.unwrap_or(0)),
        }
    }
}

impl Catalogue {
    /// A file with what the catalogue holds.
    pub fn file(&self, wanted: &Wanted) -> Result<PathBuf, Error> {
        let files = &self.0.files;
        let (path, mark) = (files.folder.join(wanted.name()), files.folder.join(wanted.name() + ".state"));
        let state = self.state()?;
        let is_good = || {
            let made = std::fs::metadata(&path).and_then(|file| file.modified()).ok()?;
            let is_new = made.elapsed().is_ok_and(|age| age < MADE_AT_MOST_EVERY);
            let of_now = std::fs::read_to_string(&mark).is_ok_and(|known| known == state);
            (is_new || of_now).then_some(())
        };
        if is_good().is_some() {
            return Ok(path);
        }
        let _one_at_a_time = files.making.lock().unwrap_or_else(PoisonError::into_inner);
        if is_good().is_some() {
            return Ok(path);
        }
        std::fs::create_dir_all(&files.folder)?;
        let beside = files.folder.join(wanted.name() + ".new");
        let file = BufWriter::with_capacity(1 << 16, File::create(&beside)?);
        match wanted {
            Wanted::OsvArchive(ecosystem) => osv::archive(self, ecosystem.as_deref(), file)?,
            Wanted::OsvDates(ecosystem) => osv::dates(self, ecosystem.as_deref(), file)?,
            Wanted::OsvEcosystems => osv::ecosystems(self, file)?,
            Wanted::NvdFeed(name, year) => nvd::feed(self, name, *year, file)?,
        }
        std::fs::rename(&beside, &path)?;
        std::fs::write(&mark, state)?;
        Ok(path)
    }
}
