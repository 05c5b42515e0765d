//! How what it costs grows with the catalogue: ten thousand records, a hundred thousand, a million.
//!
//! The larger ones are copies of the first, each with ids and package names of its own. Processor time, of
//! this process for an import and of this thread for a question; each question is asked once, so nothing
//! that was held from the one before helps. Needs `HELIOGRAPH_TEST_DATA`; `--most N` ends earlier.

mod measure;

use catalogue::{Catalogue, Input, Package, Search};
use measure::{Document, Folder, documents, each, processor_seconds};
use std::path::Path;

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
const BASE: usize = 10_000;
const QUESTIONS: usize = 1_000;
const TEXTS: [&str; 4] = ["openssl", "\"cross-site scripting\"", "log4j", "linux kernel race \"condition\""];

fn main() -> anyhow::Result<()> {
    let Some(data) = measure::data() else { return Ok(()) };
    let mut arguments = std::env::args().skip_while(|argument| argument != "--most").skip(1);
    let most: usize = arguments.next().map_or(Ok(usize::MAX), |most| most.parse())?;
    let mut base = documents(&data.join("osv-golang.tar.zst"), BASE / 2)?;
    base.extend(documents(&data.join("osv-rustsec.tar.zst"), BASE / 2)?);
    base.retain(|document| document.name.ends_with(".json"));
    base.truncate(BASE / 2);
    base.extend(documents(&data.join("cve-vulnrichment.tar.zst"), BASE - base.len())?);
    println!("records  import us  disk bytes  GET us  match us  again us  search us  memory MB  open ms");
    for size in SIZES.into_iter().filter(|size| *size <= most) {
        measure(&base, size)?;
    }
    Ok(())
}

fn measure(base: &[Document], size: usize) -> anyhow::Result<()> {
    let folder = Folder::new("growth")?;
    let archive = folder.0.join("all.tar.zst");
    let asked = write(base, size / base.len(), &archive)?;
    let file = folder.0.join("catalogue.db");
    let before = processor_seconds()?;
    let catalogue = Catalogue::open(&file)?;
    let report = catalogue.import(&[Input::Path(archive.clone())], "bench", &measure::now, &mut |_| {})?;
    let import = (processor_seconds()? - before) * 1e6 / size as f64;
    anyhow::ensure!(report.counts.added as usize == size, "{:?}", report.counts);
    drop(catalogue);
    std::fs::remove_file(&archive)?;
    let began = std::time::Instant::now();
    let catalogue = Catalogue::open(&file)?;
    let open = began.elapsed().as_secs_f64() * 1e3;
    let get = each(asked.ids.iter(), |id| Ok(catalogue.document(id)?.is_some()))?;
    let ask = |(ecosystem, name): &(String, String)| {
        let package = Package::named(ecosystem, name).ok_or_else(|| anyhow::anyhow!("no package {name}"))?;
        catalogue.query(&package, Some("0.0.1"))?;
        Ok(true)
    };
    let (matched, again) = (each(asked.packages.iter(), ask)?, each(asked.packages.iter(), ask)?);
    let now = measure::now();
    let search = each(TEXTS.iter().cycle().take(100), |text| {
        let search = Search::read(text, now).map_err(|wrong| anyhow::anyhow!("{wrong}"))?;
        catalogue.rows(&search, 20, now)?;
        Ok(true)
    })?;
    println!(
        "{size:7} {import:10.0} {:11} {get:7.1} {matched:9.1} {again:9.1} {search:10.0} {:10} {open:8.0}",
        bytes(&folder.0)? / size as u64,
        memory()?
    );
    Ok(())
}

/// What can be asked of the last copy.
struct Asked {
    ids: Vec<String>,
    packages: Vec<(String, String)>,
}

/// Writes copies into an archive, each with its own ids and packages.
fn write(base: &[Document], copies: usize, archive: &Path) -> anyhow::Result<Asked> {
    let mut tar = tar::Builder::new(zstd::Encoder::new(std::fs::File::create(archive)?, 1)?.auto_finish());
    let mut asked = Asked { ids: Vec::new(), packages: Vec::new() };
    for copy in 0..copies {
        for (number, document) in base.iter().enumerate() {
            let mut value: serde_json::Value = serde_json::from_str(&document.text)?;
            let is_asked = copy + 1 == copies && number % (base.len() / QUESTIONS).max(1) == 0;
            rename(&mut value, copy, number, is_asked.then_some(&mut asked));
            let text = value.to_string();
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            tar.append_data(&mut header, format!("{copy}/{number}.json"), text.as_bytes())?;
        }
    }
    tar.finish()?;
    Ok(asked)
}

fn rename(value: &mut serde_json::Value, copy: usize, number: usize, asked: Option<&mut Asked>) {
    let id = match value.get("cveMetadata") {
        Some(_) => format!("CVE-{}-{}", 2000 + number % 25, 100_000 + copy * BASE + number),
        None => format!("COPY-{copy}-{number}"),
    };
    let mut packages = Vec::new();
    if let Some(metadata) = value.get_mut("cveMetadata") {
        metadata["cveId"] = id.clone().into();
    } else {
        value["id"] = id.clone().into();
        value["aliases"] = serde_json::json!([]);
        for package in value["affected"].as_array_mut().into_iter().flatten() {
            let package = &mut package["package"];
            let name = format!("{}-{copy}", package["name"].as_str().unwrap_or_default());
            packages.push((package["ecosystem"].as_str().unwrap_or_default().to_owned(), name.clone()));
            package["name"] = name.into();
            package.as_object_mut().map(|members| members.remove("purl"));
        }
    }
    if let Some(asked) = asked {
        asked.ids.push(id);
        asked.packages.extend(packages.into_iter().take(1));
    }
}

/// Bytes of all files below.
fn bytes(folder: &Path) -> anyhow::Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        sum += if entry.path().is_dir() { bytes(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(sum)
}

/// Megabytes that this process holds and that no file backs.
fn memory() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap_or_default();
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1_000)
}
