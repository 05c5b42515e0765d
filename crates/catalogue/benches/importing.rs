//! What an import costs beside the sum of what nobody can do without: reading the archive, parsing,
//! keeping each document in SQLite, and indexing its text with tantivy, each alone and in the same run.
//!
//! Processor time of the whole process, in seconds; the median of three. Needs `HELIOGRAPH_TEST_DATA`.

mod measure;

use catalogue::{Catalogue, Input};
use measure::{Folder, documents, middle, processor_seconds};
use std::path::PathBuf;
use tantivy::schema::{STORED, STRING, Schema, TEXT};

const ROUNDS: usize = 3;

fn main() -> anyhow::Result<()> {
    let Some(data) = measure::data() else { return Ok(()) };
    println!("CPU-seconds              ours   read  parse  store  index    sum   ours / sum");
    let archive = |name: &str| data.join(format!("{name}.tar.zst"));
    measure("OSV in JSON", &["osv-rustsec", "osv-golang"].map(archive))?;
    measure("OSV, with YAML", &["osv-rustsec", "osv-golang", "osv-pypa"].map(archive))?;
    measure("CVE", &["cve-vulnrichment"].map(archive))?;
    Ok(())
}

fn measure(name: &str, archives: &[PathBuf]) -> anyhow::Result<()> {
    let mut ours = Vec::new();
    let mut floors = [const { Vec::new() }; 4];
    let mut records = 0;
    for _ in 0..ROUNDS {
        let (cost, added) = timed(|| import(archives))?;
        ours.push(cost);
        records = added;
        let (read, all) = timed(|| {
            let parts = archives.iter().map(|archive| documents(archive, usize::MAX));
            Ok(parts.collect::<Result<Vec<_>, _>>()?.concat())
        })?;
        let (parse, texts) =
            timed(|| all.iter().map(|document| parsed(&document.text)).collect::<Result<Vec<_>, _>>())?;
        let (store, ()) = timed(|| keep(&all))?;
        let (index, ()) = timed(|| index(&texts))?;
        floors.iter_mut().zip([read, parse, store, index]).for_each(|(all, one)| all.push(one));
    }
    let ours = middle(&mut ours);
    let floors = floors.map(|mut values| middle(&mut values));
    let [read, parse, store, index] = floors;
    let sum: f64 = floors.iter().sum();
    // What was measured for CVE before there was anything of ours: the same blobs read, and the index.
    let few = read + index;
    println!(
        "{name:20} {ours:8.2} {read:6.2} {parse:6.2} {store:6.2} {index:6.2} {sum:6.2}   {:.2} x; {:.2} x of read and index; {:.0} records per CPU-second",
        ours / sum,
        ours / few,
        records as f64 / ours
    );
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<(f64, T)> {
    let before = processor_seconds()?;
    let done = work()?;
    Ok((processor_seconds()? - before, done))
}

fn import(archives: &[PathBuf]) -> anyhow::Result<u64> {
    let folder = Folder::new("ours")?;
    let catalogue = Catalogue::open(&folder.0.join("catalogue.db"))?;
    let report = catalogue.import(
        &archives.iter().cloned().map(Input::Path).collect::<Vec<_>>(),
        "bench",
        &measure::now,
        &mut |_| {},
    )?;
    anyhow::ensure!(report.counts.failed == 0, "{:?}", report.bad.first());
    Ok(report.counts.added)
}

/// Its id, its texts, and what it names.
fn parsed(text: &str) -> anyhow::Result<(String, String)> {
    let json = match text.trim_start().starts_with('{') {
        true => None,
        false => Some(formats::yaml::to_json(text.as_bytes())?),
    };
    let value: serde_json::Value = serde_json::from_str(json.as_deref().unwrap_or(text))?;
    let mut prose = String::new();
    for place in ["/summary", "/details", "/containers/cna/title", "/containers/cna/descriptions/0/value"] {
        prose.push_str(value.pointer(place).and_then(|text| text.as_str()).unwrap_or_default());
        prose.push(' ');
    }
    for row in value["affected"]
        .as_array()
        .or(value["containers"]["cna"]["affected"].as_array())
        .into_iter()
        .flatten()
    {
        for name in [&row["package"]["name"], &row["vendor"], &row["product"]] {
            prose.push_str(name.as_str().unwrap_or_default());
            prose.push(' ');
        }
    }
    let id = value["id"].as_str().or(value["cveMetadata"]["cveId"].as_str()).unwrap_or_default();
    Ok((id.to_owned(), prose))
}

/// Durable by id: SQLite in large transactions, flushed at the end.
fn keep(all: &[measure::Document]) -> anyhow::Result<()> {
    let folder = Folder::new("store")?;
    let mut db = rusqlite::Connection::open(folder.0.join("floor.db"))?;
    db.execute_batch(
        "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
         CREATE TABLE documents (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document TEXT NOT NULL)",
    )?;
    for part in all.chunks(5_000) {
        let tx = db.transaction()?;
        for document in part {
            let sql = "INSERT INTO documents (id, document) VALUES (?1, ?2)";
            tx.prepare_cached(sql)?.execute([&document.name, &document.text])?;
        }
        tx.commit()?;
    }
    db.execute_batch("PRAGMA synchronous = FULL; CREATE TABLE done (at INTEGER)")?;
    Ok(())
}

fn index(texts: &[(String, String)]) -> anyhow::Result<()> {
    let folder = Folder::new("index")?;
    let mut schema = Schema::builder();
    let (id, prose) = (schema.add_text_field("id", STRING | STORED), schema.add_text_field("prose", TEXT));
    let index = tantivy::Index::create_in_dir(&folder.0, schema.build())?;
    let mut writer = index.writer_with_num_threads(1, 64 << 20)?;
    for (own, text) in texts {
        writer.add_document(tantivy::doc!(id => own.as_str(), prose => text.as_str()))?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}
