//! `cargo xtask fuzz`: each target for a while, begun with real documents where there are some.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};

use crate::command;

const SECONDS: u32 = 60;

/// Real documents to begin with, at most, and bytes in each: large ones only make a fuzzer slow.
const DOCUMENTS: usize = 300;
const DOCUMENT_BYTES: u64 = 64 * 1024;

/// Archives of real documents in `HELIOGRAPH_TEST_DATA`, the end of the names to take, and which
/// targets read such documents.
const REAL: &[(&str, &str, &[&str])] = &[
    ("osv-golang.tar.zst", ".json", &["osv"]),
    ("osv-rustsec.tar.zst", ".json", &["osv"]),
    ("osv-pypa.tar.zst", ".yaml", &["yaml"]),
    ("cve-vulnrichment.tar.zst", ".json", &["cve"]),
    ("csaf-cisa.tar.zst", ".json", &["csaf", "vex"]),
];

/// Files of this repository that are documents themselves.
const OURS: &[(&str, &str)] = &[
    ("advisory", "crates/formats/tests/golden"),
    ("ghsa", "crates/formats/tests/documents"),
    ("nvd", "crates/formats/tests/documents"),
    ("vex", "crates/formats/tests/documents"),
    ("csaf", "crates/formats/tests/golden"),
    ("cve", "crates/formats/tests/golden"),
    ("field_list", "profiles/fields"),
    ("osv", "crates/formats/tests/golden"),
    ("profile", "profiles"),
    ("programme", "programmes"),
    ("scheme", "schemes"),
    ("receipt", "crates/merkle/tests/it"),
];

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let (seconds, only) = parse(arguments)?;
    if command::output("cargo", &["fuzz", "--version"]).is_none() {
        bail!("cargo-fuzz is missing: cargo install --locked cargo-fuzz");
    }
    let listed = command::output("cargo", &["fuzz", "list"]).context("`cargo fuzz list` failed")?;
    let targets: Vec<&str> =
        listed.lines().filter(|target| only.is_none_or(|only| only == *target)).collect();
    ensure!(!targets.is_empty(), "no such target; there are: {}", listed.replace('\n', ", "));
    let data = std::env::var_os("HELIOGRAPH_TEST_DATA").map(PathBuf::from);
    let mut broken = Vec::new();
    for target in targets {
        println!("\n== {target} for {seconds} s");
        let mut fuzz = command::cargo();
        // Ours is safe Rust, where a fault is a panic and needs no sanitizer to be seen; without one
        // a stable compiler does.
        fuzz.args(["fuzz", "run", "--sanitizer", "none", target]).args(corpora(target, data.as_deref())?);
        fuzz.args(["--", "-timeout=10", "-rss_limit_mb=4096", &format!("-max_total_time={seconds}")]);
        if command::run(&mut fuzz).is_err() {
            broken.push(target);
        }
    }
    ensure!(broken.is_empty(), "found something: {}; see fuzz/artifacts/", broken.join(", "));
    Ok(())
}

/// Folders of examples; the first takes what the fuzzer finds.
fn corpora(target: &str, data: Option<&Path>) -> anyhow::Result<Vec<PathBuf>> {
    let found = Path::new("fuzz/corpus").join(target);
    std::fs::create_dir_all(&found)?;
    let is_new = std::fs::read_dir(&found)?.next().is_none();
    for (archive, end, _) in REAL.iter().filter(|(_, _, targets)| is_new && targets.contains(&target)) {
        match data.map(|data| data.join(archive)).filter(|archive| archive.exists()) {
            Some(archive) => unpack(&archive, end, &found)?,
            None => println!("without HELIOGRAPH_TEST_DATA/{archive} it begins with nothing real"),
        }
    }
    let mut all = vec![found];
    all.extend(Some(Path::new("fuzz/seeds").join(target)).filter(|seeds| seeds.exists()));
    all.extend(OURS.iter().filter(|(of, _)| *of == target).map(|(_, folder)| PathBuf::from(folder)));
    Ok(all)
}

/// Takes some documents out of an archive, evenly from its beginning to its end.
fn unpack(archive: &Path, end: &str, to: &Path) -> anyhow::Result<()> {
    let names = command::output("tar", &["--zstd", "-tf", &archive.display().to_string()]);
    let names = names.with_context(|| format!("tar cannot list {}", archive.display()))?;
    let names: Vec<&str> = names.lines().filter(|name| name.ends_with(end)).collect();
    let chosen: Vec<&str> = names.iter().step_by(names.len() / DOCUMENTS + 1).copied().collect();
    let folder = std::env::temp_dir().join(format!("heliograph-fuzz-seeds-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let mut tar = Command::new("tar");
    tar.args(["--zstd", "-xf"]).arg(archive).arg("-C").arg(&folder).args(["-T", "-"]);
    let mut tar = tar.stdin(Stdio::piped()).spawn()?;
    tar.stdin.take().context("tar takes no names")?.write_all(chosen.join("\n").as_bytes())?;
    ensure!(tar.wait()?.success(), "tar cannot unpack {}", archive.display());
    for name in chosen {
        let document = folder.join(name);
        if document.metadata()?.len() <= DOCUMENT_BYTES {
            std::fs::copy(&document, to.join(short(name)))?;
        }
    }
    Ok(std::fs::remove_dir_all(&folder)?)
}

/// A name without folders that is another for each document.
fn short(name: &str) -> String {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    format!("real-{:016x}", hasher.finish())
}

fn parse(arguments: &[String]) -> anyhow::Result<(u32, Option<&str>)> {
    let seconds =
        |text: &String| text.parse().with_context(|| format!("`{text}` is not a number of seconds"));
    match arguments {
        [] => Ok((SECONDS, None)),
        [time] => Ok((seconds(time)?, None)),
        [time, target] => Ok((seconds(time)?, Some(target))),
        _ => bail!("fuzz takes SECONDS and TARGET"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_come_first() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(parse(&words("")).unwrap(), (60, None));
        assert_eq!(parse(&words("5 osv")).unwrap(), (5, Some("osv")));
        assert_eq!(parse(&words("osv")).unwrap_err().to_string(), "`osv` is not a number of seconds");
    }

    #[test]
    fn every_document_keeps_a_name_of_its_own() {
        assert_ne!(short("2024/a.json"), short("2025/a.json"));
        assert!(!short("2024/a.json").contains('/'));
    }
}
