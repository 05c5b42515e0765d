//! What the benches of the catalogue share.
#![allow(dead_code, reason = "each bench uses a part of it")]

pub(crate) mod repository;

use std::io::Read;
use std::path::{Path, PathBuf};

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The folder of real data; says so where there is none.
pub(crate) fn data() -> Option<PathBuf> {
    let data = std::env::var_os("HELIOGRAPH_TEST_DATA").map(PathBuf::from);
    if data.is_none() {
        println!("skipped: HELIOGRAPH_TEST_DATA is not set");
    }
    data
}

/// The real time: a bench imports as somebody does.
#[expect(clippy::disallowed_methods, reason = "the one clock is the program's; there is none here")]
pub(crate) fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// Processor time of this process with all its threads and of the children that it waited for, in seconds;
/// the children's in hundredths.
pub(crate) fn processor_seconds() -> anyhow::Result<f64> {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name before it may have blanks in it.
    let numbers = stat.rsplit(") ").next().unwrap_or_default().split(' ').skip(13).take(2);
    let ticks: f64 = numbers.filter_map(|number| number.parse::<f64>().ok()).sum();
    Ok(spent.tv_sec as f64 + spent.tv_nsec as f64 / 1e9 + ticks / 100.0)
}

/// A folder that is removed when it goes out of use.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> anyhow::Result<Self> {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A bench that could not clean up has said its figures all the same.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A file of an archive.
#[derive(Clone)]
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) text: String,
}

/// The first documents of an archive.
pub(crate) fn documents(archive: &Path, at_most: usize) -> anyhow::Result<Vec<Document>> {
    let mut archive = tar::Archive::new(zstd::Decoder::new(std::fs::File::open(archive)?)?);
    let mut all = Vec::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        if all.len() < at_most && (name.ends_with(".json") || name.ends_with(".yaml")) {
            let mut text = String::new();
            entry.read_to_string(&mut text)?;
            all.push(Document { name, text });
        }
    }
    Ok(all)
}

/// Microseconds of this thread for one of them.
pub(crate) fn each<T>(
    all: impl Iterator<Item = T>,
    mut ask: impl FnMut(T) -> anyhow::Result<bool>,
) -> anyhow::Result<f64> {
    // The kernel's own lists of times move on with its ticks, milliseconds apart.
    let micros = || {
        let spent = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        spent.tv_sec as f64 * 1e6 + spent.tv_nsec as f64 / 1e3
    };
    let (mut count, before) = (0, micros());
    for one in all {
        anyhow::ensure!(ask(one)?, "nothing was found");
        count += 1;
    }
    Ok((micros() - before) / f64::from(count.max(1)))
}

/// The one in the middle.
pub(crate) fn middle(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Where the search index lies.
pub(crate) fn index_folder(folder: &Path) -> anyhow::Result<PathBuf> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.to_string_lossy().contains("catalogue.index-") {
            return Ok(path);
        }
    }
    anyhow::bail!("there is no search index")
}
