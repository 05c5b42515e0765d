//! A folder that appears whole or not at all, with a manifest of its files.

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{IsTerminal, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A folder on its way. It is removed again where it is not finished.
pub(super) struct Folder {
    to: PathBuf,
    draft: PathBuf,
    files: Vec<Value>,
    bytes: u64,
    shown: Option<Instant>,
}

/// What was written.
pub(super) struct Written {
    to: PathBuf,
    what: Value,
    files: usize,
    bytes: u64,
}

impl Folder {
    /// Begins beside its place, which must be free.
    pub(super) fn begin(to: &Path) -> anyhow::Result<Self> {
        ensure!(!to.exists(), "{} is there already; choose another folder", to.display());
        let name = to.file_name().context("--to should name a folder to make")?;
        let draft = to.with_file_name(format!("{}.exporting-{}", name.to_string_lossy(), std::process::id()));
        make(&draft)?;
        Ok(Self { to: to.to_owned(), draft, files: Vec::new(), bytes: 0, shown: None })
    }

    /// Writes a file that only its owner reads, and makes the folders above it.
    pub(super) fn write(&mut self, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
        self.put(path, bytes)?;
        let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        self.files.push(json!({ "path": path, "bytes": bytes.len(), "sha256": hash }));
        self.bytes += bytes.len() as u64;
        self.show();
        Ok(())
    }

    fn put(&self, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let place = self.draft.join(path);
        if let Some(parent) = place.parent() {
            make(parent)?;
        }
        let failed = || format!("cannot write {path}");
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&place);
        let mut file = file.with_context(failed)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).with_context(failed)
    }

    /// A line on a terminal, where somebody looks.
    fn show(&mut self) {
        let is_soon = self.shown.is_some_and(|shown| shown.elapsed() < Duration::from_millis(200));
        if !is_soon && std::io::stderr().is_terminal() {
            self.shown = Some(Instant::now());
            let line = format!("\r\x1b[K{} files, {} kB", self.files.len(), self.bytes / 1000);
            // A terminal that is gone is no reason to stop.
            let _ = std::io::stderr().lock().write_all(line.as_bytes());
        }
    }

    /// Writes the manifest and puts the folder in its place.
    pub(super) fn finish(mut self, what: Value) -> anyhow::Result<Written> {
        let files = std::mem::take(&mut self.files);
        let manifest = json!({ "schema": "heliograph/export/1", "about": what, "files": files });
        self.put("manifest.json", format!("{manifest:#}\n").as_bytes())?;
        if self.shown.is_some() {
            let _ = std::io::stderr().lock().write_all(b"\r\x1b[K");
        }
        fs::rename(&self.draft, &self.to).with_context(|| format!("cannot make {}", self.to.display()))?;
        let parent = self.to.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(parent.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all())?;
        Ok(Written { to: self.to.clone(), what, files: files.len(), bytes: self.bytes })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Finished, it is not there any more.
        let _ = fs::remove_dir_all(&self.draft);
    }
}

/// A folder, and those above it, that only its owner enters.
fn make(folder: &Path) -> anyhow::Result<()> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("cannot make {}", folder.display()))
}

impl Written {
    pub(super) fn json(&self) -> Value {
        json!({ "to": self.to, "files": self.files, "bytes": self.bytes, "about": self.what })
    }

    pub(super) fn text(&self) -> String {
        let Self { to, files, bytes, .. } = self;
        format!("{}: {files} files, {bytes} bytes, listed in manifest.json", to.display())
    }
}
