//! What an import costs beside the sum of what nobody can do without: reading the archive, or the blobs of a
//! repository of git (by `git cat-file --batch`, whose time counts as ours does), parsing, keeping
//! each document in SQLite so that it is found by id, alias and package, and indexing its names, marks and
//! texts with tantivy; each alone, by the shortest way, and in the same run.
//!
//! Beside these four stands packing: each document alone, by zstd, which whoever is to take up half of the raw
//! bytes needs as well.
//!
//! Processor time of the whole process, in seconds; each figure is the one in the middle of eleven rounds. A ratio is
//! taken within each round, because a machine's speed may change from one to the next. Needs `HELIOGRAPH_TEST_DATA`; a part of a set's name as an argument measures that one alone.

mod measure;

use catalogue::{Catalogue, Commit, Input};
use measure::{Document, Folder, documents, middle, processor_seconds, repository};
use std::path::{Path, PathBuf};
use tantivy::schema::{FAST, INDEXED, STRING, Schema, TEXT};

const ROUNDS: usize = 11;
/// What is imported, by the name that an argument may choose it with.
const SETS: [(&str, &[&str]); 5] = [
    ("OSV in JSON", &["osv-rustsec", "osv-golang"]),
    ("OSV, with YAML", OSV),
    ("OSV in git", OSV),
    ("CVE", CVE),
    ("CVE in git", CVE),
];
const OSV: &[&str] = &["osv-rustsec", "osv-golang", "osv-pypa"];
const CVE: &[&str] = &["cve-vulnrichment"];

fn main() -> anyhow::Result<()> {
    let Some(data) = measure::data() else { return Ok(()) };
    // Two that work at a time slow each other down, and most floors run on one: with `taskset -c 0` both do.
    println!("on {} processors", std::thread::available_parallelism()?);
    println!("CPU-seconds              ours   read  parse  store  index    sum   pack   ours / sum");
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    for (name, archives) in SETS {
        if wanted.is_empty() || wanted.iter().any(|wanted| name.contains(wanted.as_str())) {
            let archives: Vec<PathBuf> =
                archives.iter().map(|archive| data.join(format!("{archive}.tar.zst"))).collect();
            let input = |archive: &PathBuf| match name.ends_with("in git") {
                true => Ok(Input::Git(repository::of(archive)?)),
                false => Ok(Input::Path(archive.clone())),
            };
            let inputs = archives.iter().map(input).collect::<anyhow::Result<Vec<Input>>>()?;
            measure(name, &inputs)?;
            if let ([archive], [Input::Git(commit)]) = (archives.as_slice(), inputs.as_slice()) {
                follow(archive, commit)?;
            }
        }
    }
    Ok(())
}

/// What commits cost that each change a hundred records of the one before.
fn follow(archive: &Path, first: &Commit) -> anyhow::Result<()> {
    const CHANGED: usize = 100;
    let folder = Folder::new("following")?;
    let catalogue = Catalogue::open(&folder.0.join("catalogue.db"))?;
    let import = |commit: &Commit| {
        let input = [Input::Git(commit.clone())];
        Ok(catalogue.import(&input, "bench", &measure::now, &mut |_| {})?)
    };
    let (whole, _) = timed(|| import(first))?;
    let (mut last, mut costs) = (first.clone(), Vec::new());
    let all = documents(archive, CHANGED)?;
    for round in 3..8 {
        let newer =
            |text: &str| text.replace("\"dateUpdated\": \"202", &format!("\"dateUpdated\": \"20{round}"));
        let changed: Vec<Document> = all
            .iter()
            .map(|document| Document { name: document.name.clone(), text: newer(&document.text) })
            .collect();
        last = repository::next(&last, &changed)?;
        let (cost, report) = timed(|| import(&last))?;
        anyhow::ensure!(report.counts.changed == CHANGED as u64, "{:?}", report.counts);
        costs.push(cost);
    }
    let cost = measure::middle(&mut costs);
    let percent = 100.0 * cost / whole;
    println!("{CHANGED} changed, in git {cost:8.3} {percent:6.2} % of all");
    Ok(())
}

/// All documents of an input, by the shortest way.
fn read(input: &Input) -> anyhow::Result<Vec<Document>> {
    match input {
        Input::Path(archive) => documents(archive, usize::MAX),
        Input::Git(commit) => repository::documents(commit),
        Input::Stdin => anyhow::bail!("nothing is measured of it"),
    }
}

fn measure(name: &str, inputs: &[Input]) -> anyhow::Result<()> {
    let mut costs = Vec::new();
    let (mut records, mut bytes) = (0, 0);
    for _ in 0..ROUNDS {
        let (ours, kept) = timed(|| import(inputs))?;
        (records, bytes) = kept;
        let (read, all) = timed(|| {
            let each = inputs.iter().map(read).collect::<Result<Vec<_>, _>>()?;
            Ok(each.into_iter().flatten().collect::<Vec<Document>>())
        })?;
        let (parse, parsed) =
            timed(|| all.iter().map(|document| parsed(&document.text)).collect::<Result<Vec<_>, _>>())?;
        let (store, ()) = timed(|| keep(&all, &parsed))?;
        let (index, ()) = timed(|| index(&parsed))?;
        let (pack, ()) = timed(|| pack(&all))?;
        costs.push([ours, read, parse, store, index, read + parse + store + index, pack]);
    }
    // Ours, beside others of the same round.
    let ratio = |of: &[usize]| {
        let ratio = |cost: &[f64; 7]| cost[0] / of.iter().map(|at| cost[*at]).sum::<f64>();
        middle(&mut costs.iter().map(ratio).collect::<Vec<_>>())
    };
    let ratios = [ratio(&[5]), ratio(&[5, 6]), ratio(&[1, 4])];
    let [ours, read, parse, store, index, sum, pack] =
        std::array::from_fn(|at| middle(&mut costs.iter().map(|cost| cost[at]).collect::<Vec<_>>()));
    println!(
        "{name:20} {ours:8.3} {read:6.3} {parse:6.3} {store:6.3} {index:6.3} {sum:6.3} {pack:6.3}   {:.2} x; {:.2} x with packing; {:.2} x of read and index; {:.0} records per CPU-second, {} KB",
        ratios[0],
        ratios[1],
        ratios[2],
        records as f64 / ours,
        bytes / 1_000
    );
    Ok(())
}

/// At the level of zstd that ours are packed at.
fn pack(all: &[Document]) -> anyhow::Result<()> {
    let mut packer = zstd::bulk::Compressor::new(1)?;
    for document in all {
        std::hint::black_box(packer.compress(document.text.as_bytes())?);
    }
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<(f64, T)> {
    let before = processor_seconds()?;
    let done = work()?;
    Ok((processor_seconds()? - before, done))
}

/// How many records came in, and the bytes of the file.
fn import(inputs: &[Input]) -> anyhow::Result<(u64, u64)> {
    let folder = Folder::new("ours")?;
    let catalogue = Catalogue::open(&folder.0.join("catalogue.db"))?;
    let report = catalogue.import(inputs, "bench", &measure::now, &mut |_| {})?;
    anyhow::ensure!(report.counts.failed == 0, "{:?}", report.bad.first());
    let bytes = std::fs::metadata(folder.0.join("catalogue.db"))?.len();
    Ok((report.counts.added, bytes))
}

/// What a record is found by.
#[derive(Default)]
struct Parsed {
    /// Its id first, and its aliases.
    ids: Vec<String>,
    /// Ecosystem or vendor, and package or product.
    packages: Vec<(String, String)>,
    title: String,
    prose: String,
    /// CPE names, vectors and weaknesses.
    marks: Vec<String>,
}

fn parsed(text: &str) -> anyhow::Result<Parsed> {
    let json = match text.trim_start().starts_with('{') {
        true => None,
        false => Some(formats::yaml::to_json(text.as_bytes())?),
    };
    let value: serde_json::Value = serde_json::from_str(json.as_deref().unwrap_or(text))?;
    let at = |places: [&str; 2]| {
        let found = places.iter().find_map(|place| value.pointer(place)?.as_str());
        found.unwrap_or_default().to_owned()
    };
    let list = |places: [&str; 2]| {
        let found = places.iter().find_map(|place| value.pointer(place)?.as_array());
        found.map_or(&[][..], Vec::as_slice)
    };
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut parsed = Parsed {
        ids: vec![at(["/id", "/cveMetadata/cveId"])],
        title: at(["/summary", "/containers/cna/title"]),
        prose: at(["/details", "/containers/cna/descriptions/0/value"]),
        ..Parsed::default()
    };
    parsed.ids.extend(list(["/aliases", "/none"]).iter().map(text));
    for row in list(["/affected", "/containers/cna/affected"]) {
        let name = match row.get("package") {
            Some(package) => (text(&package["ecosystem"]), text(&package["name"])),
            None => (text(&row["vendor"]), text(&row["product"])),
        };
        if !parsed.packages.contains(&name) {
            parsed.packages.push(name);
        }
    }
    let containers = &value["containers"];
    let additional = containers["adp"].as_array().map_or(&[][..], Vec::as_slice);
    for container in std::iter::once(&containers["cna"]).chain(additional) {
        let places =
            ["/affected/*/cpes/*", "/metrics/*/*/vectorString", "/problemTypes/*/descriptions/*/cweId"];
        places.iter().for_each(|place| marks(container, place, &mut parsed.marks));
    }
    marks(&value, "/severity/*/score", &mut parsed.marks);
    Ok(parsed)
}

/// The texts at a place, in which a star stands for whatever is there.
fn marks(value: &serde_json::Value, place: &str, found: &mut Vec<String>) {
    let Some(rest) = place.strip_prefix('/') else {
        return found.extend(value.as_str().map(str::to_owned));
    };
    let (step, rest) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    match value {
        serde_json::Value::Array(all) => all.iter().for_each(|one| marks(one, rest, found)),
        serde_json::Value::Object(all) if step == "*" => all.values().for_each(|one| marks(one, rest, found)),
        other => marks(&other[step], rest, found),
    }
}

/// Durable, and found by id, alias and package: SQLite in one transaction, flushed at the end.
fn keep(all: &[Document], parsed: &[Parsed]) -> anyhow::Result<()> {
    let folder = Folder::new("store")?;
    let mut db = rusqlite::Connection::open(folder.0.join("floor.db"))?;
    db.execute_batch(
        "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
         CREATE TABLE documents (row INTEGER PRIMARY KEY, document TEXT NOT NULL);
         CREATE TABLE ids (id TEXT, row INTEGER, PRIMARY KEY (id, row)) WITHOUT ROWID;
         CREATE TABLE packages (ecosystem TEXT, name TEXT, row INTEGER, PRIMARY KEY (ecosystem, name, row)) WITHOUT ROWID",
    )?;
    let tx = db.transaction()?;
    for (row, (document, parsed)) in (0_i64..).zip(all.iter().zip(parsed)) {
        let sql = "INSERT INTO documents (row, document) VALUES (?1, ?2)";
        tx.prepare_cached(sql)?.execute(rusqlite::params![row, document.text])?;
        let mut ids = tx.prepare_cached("INSERT OR IGNORE INTO ids (id, row) VALUES (?1, ?2)")?;
        for id in &parsed.ids {
            ids.execute(rusqlite::params![id, row])?;
        }
        let sql = "INSERT INTO packages (ecosystem, name, row) VALUES (?1, ?2, ?3)";
        let mut packages = tx.prepare_cached(sql)?;
        for (ecosystem, name) in &parsed.packages {
            packages.execute(rusqlite::params![ecosystem, name, row])?;
        }
    }
    tx.commit()?;
    Ok(())
}

/// Found by words of its ids, names and texts, and by whole names and marks.
fn index(all: &[Parsed]) -> anyhow::Result<()> {
    let folder = Folder::new("index")?;
    let mut schema = Schema::builder();
    let row = schema.add_u64_field("row", INDEXED | FAST);
    let [id, package, mark, vendor] =
        ["id", "package", "mark", "vendor"].map(|name| schema.add_text_field(name, STRING));
    let [ids, names, title, prose] =
        ["ids", "names", "title", "prose"].map(|name| schema.add_text_field(name, TEXT));
    let index = tantivy::Index::create_in_dir(&folder.0, schema.build())?;
    let mut writer = index.writer_with_num_threads(1, 64 << 20)?;
    for (number, parsed) in all.iter().enumerate() {
        let mut document = tantivy::doc!(row => number as u64, title => parsed.title.as_str(),
            prose => parsed.prose.as_str());
        for one in &parsed.ids {
            document.add_text(id, one);
            document.add_text(ids, one);
        }
        for (of, name) in &parsed.packages {
            document.add_text(vendor, of);
            document.add_text(package, name);
            document.add_text(names, name);
        }
        for one in &parsed.marks {
            document.add_text(mark, one);
        }
        writer.add_document(document)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}
