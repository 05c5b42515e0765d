//! What a serving centre costs: questions about versions one by one and a thousand at a time, records
//! while others are imported again, a few changed records, the room on disk, and the first answer.
//!
//! The floor of a question is a bare axum handler that has its answer in memory. Only the threads that
//! serve are counted, except where it says the whole program. Needs `HELIOGRAPH_TEST_DATA`.

mod measure;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use heliograph::bench_support::Lookups;
use measure::{listen, middle, nanos_of, processor_seconds};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;
const CONNECTIONS: usize = 4;
const SERVING: &str = "serving";
const BARE: &str = "bare";
const ARCHIVES: [&str; 6] = ["osv-rustsec", "osv-golang", "osv-pypa", "csaf-cisa", "kev", "cve-vulnrichment"];

fn main() -> anyhow::Result<()> {
    let Some(data) = std::env::var_os("HELIOGRAPH_TEST_DATA").map(PathBuf::from) else {
        println!("skipped: HELIOGRAPH_TEST_DATA is not set");
        return Ok(());
    };
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("serving-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    let measured = measure(&data, &dir);
    std::fs::remove_dir_all(&dir)?;
    measured
}

fn measure(data: &Path, dir: &Path) -> anyhow::Result<()> {
    let lookups = Lookups::open(dir)?;
    let archives: Vec<PathBuf> = ARCHIVES.iter().map(|name| data.join(format!("{name}.tar.zst"))).collect();
    let before = processor_seconds();
    let records = lookups.import(&archives)?;
    let whole = processor_seconds() - before;
    println!("import of {records} records: {whole:.2} CPU-seconds");
    footprint(&archives, dir)?;
    changed(&lookups, data, dir, whole)?;
    drop(lookups);
    let (began, again) = (Instant::now(), Lookups::open(dir)?);
    let importing = again.clone();
    let (address, _serving) = listen(SERVING, |listener| async { again.serve(listener).await })?;
    let asked = questions(dir)?;
    answer(&mut connect(address)?, asked.first().ok_or_else(|| anyhow::anyhow!("no package"))?)?;
    println!("first answer {:.0} ms after the start", began.elapsed().as_secs_f64() * 1e3);
    one_by_one(address, &asked)?;
    thousands(address, &asked)?;
    beside_an_import(address, &importing, data, dir)
}

/// Bytes on disk beside the bytes of the documents as they came.
fn footprint(archives: &[PathBuf], dir: &Path) -> anyhow::Result<()> {
    let mut raw = 0;
    for path in archives {
        let mut archive = tar::Archive::new(zstd::Decoder::new(std::fs::File::open(path)?)?);
        for entry in archive.entries()? {
            raw += entry?.size();
        }
    }
    let mut kept = std::fs::metadata(dir.join("catalogue.db"))?.len();
    kept += std::fs::metadata(dir.join("catalogue.db-wal"))?.len();
    kept += measure::index_bytes(dir)?;
    let ratio = kept as f64 / raw as f64;
    println!("disk: {} MB of {} MB raw, {ratio:.2} x (goal: at most 0.5)", kept / 1_000_000, raw / 1_000_000);
    Ok(())
}

/// A hundred records changed, imported from a folder, several times; the one in the middle counts.
fn changed(lookups: &Lookups, data: &Path, dir: &Path, whole: f64) -> anyhow::Result<()> {
    let mut costs = Vec::new();
    for round in 0..ROUNDS {
        let folder = dir.join(format!("changed-{round}"));
        unpack(&data.join("osv-pypa.tar.zst"), &folder, 100, |text| {
            text.replacen("modified: ", &format!("modified: \"203{round}-01-01T00:00:00Z\"\n#"), 1)
        })?;
        let before = processor_seconds();
        lookups.import(&[folder])?;
        costs.push(processor_seconds() - before);
    }
    let cost = middle(&mut costs);
    println!(
        "100 changed records: {:.1} ms, {:.2} % of the import (goal: at most 1 %)",
        cost * 1e3,
        cost / whole * 100.0
    );
    Ok(())
}

fn unpack(path: &Path, folder: &Path, count: usize, change: impl Fn(&str) -> String) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut archive = tar::Archive::new(zstd::Decoder::new(std::fs::File::open(path)?)?);
    let mut done = 0;
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().replace('/', "_");
        if done < count && (name.ends_with(".yaml") || name.ends_with(".json")) {
            let mut text = String::new();
            entry.read_to_string(&mut text)?;
            std::fs::write(folder.join(name), change(&text))?;
            done += 1;
        }
    }
    anyhow::ensure!(done == count, "only {done} documents");
    Ok(())
}

/// Some hundred questions: a package and a version of it.
fn questions(dir: &Path) -> anyhow::Result<Vec<String>> {
    let db = rusqlite::Connection::open(dir.join("catalogue.db"))?;
    let sql = "SELECT ecosystem, name FROM packages WHERE ecosystem IN ('pypi', 'go', 'crates.io')
               GROUP BY ecosystem, name ORDER BY MAX(row) % 977, name LIMIT 500";
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut asked = Vec::new();
    while let Some(row) = rows.next()? {
        let (ecosystem, name): (String, String) = (row.get(0)?, row.get(1)?);
        let ecosystem = match ecosystem.as_str() {
            "pypi" => "PyPI",
            "go" => "Go",
            other => other,
        };
        asked.push(
            serde_json::json!({ "package": { "ecosystem": ecosystem, "name": name }, "version": "1.2.3" })
                .to_string(),
        );
    }
    Ok(asked)
}

type Known = Arc<HashMap<Bytes, Bytes>>;

fn one_by_one(address: SocketAddr, asked: &[String]) -> anyhow::Result<()> {
    let mut connection = connect(address)?;
    let mut known = HashMap::new();
    for question in asked {
        known.insert(Bytes::from(question.clone()), Bytes::from(answer(&mut connection, question)?));
    }
    let bytes: usize = known.values().map(Bytes::len).sum();
    let bare = Router::new()
        .route(
            "/v1/query",
            post(|State(known): State<Known>, body: Bytes| async move {
                known.get(body.trim_ascii_end()).cloned().unwrap_or_default()
            }),
        )
        .with_state(Arc::new(known));
    let (floor, _floor) = listen(BARE, |listener| async { Ok(axum::serve(listener, bare).await?) })?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let (mut new, mut new_floor) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        theirs.push(micros(BARE, floor, asked, CONNECTIONS)?);
        ours.push(micros(SERVING, address, asked, CONNECTIONS)?);
        // A blank more makes it a question that nobody has asked.
        let unasked: Vec<String> =
            asked.iter().map(|question| format!("{question}{}", " ".repeat(round + 1))).collect();
        new_floor.push(micros(BARE, floor, &unasked, 1)?);
        new.push(micros(SERVING, address, &unasked, 1)?);
    }
    let (ours, theirs) = (middle(&mut ours), middle(&mut theirs));
    let (new, new_floor) = (middle(&mut new), middle(&mut new_floor));
    println!("the same, never asked before: {new:.1} us beside {new_floor:.1} us, {:.2} x", new / new_floor);
    println!(
        "POST /v1/query, {} bytes on average: {ours:.1} us beside {theirs:.1} us of the bare handler, {:.2} x (goal: at most 1.25)",
        bytes / asked.len(),
        ours / theirs
    );
    Ok(())
}

/// Microseconds of the serving threads for a question, each asked over so many connections.
fn micros(threads: &str, address: SocketAddr, asked: &[String], connections: usize) -> anyhow::Result<f64> {
    let before = nanos_of(threads)?;
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(|| {
                    let mut connection = connect(address)?;
                    asked.iter().try_for_each(|question| answer(&mut connection, question).map(|_| ()))
                })
            })
            .collect();
        clients
            .into_iter()
            .try_for_each(|client| client.join().unwrap_or_else(|_| anyhow::bail!("a client failed")))
    })?;
    Ok((nanos_of(threads)? - before) as f64 / 1e3 / (connections * asked.len()) as f64)
}

fn thousands(address: SocketAddr, asked: &[String]) -> anyhow::Result<()> {
    let all: Vec<&str> = asked.iter().cycle().take(1000).map(String::as_str).collect();
    let body = format!("{{\"queries\":[{}]}}", all.join(","));
    let mut connection = connect(address)?;
    let mut each = Vec::new();
    for _ in 0..=ROUNDS {
        let before = nanos_of(SERVING)?;
        send(&mut connection, &post_to("/v1/querybatch", &body))?;
        each.push((nanos_of(SERVING)? - before) as f64 / 1e6);
    }
    println!("POST /v1/querybatch of 1,000: {:.1} us a query (goal: at most 25)", middle(&mut each));
    Ok(())
}

/// Records by their ids, alone and while ten thousand are imported again.
fn beside_an_import(address: SocketAddr, importing: &Lookups, data: &Path, dir: &Path) -> anyhow::Result<()> {
    let db = rusqlite::Connection::open(dir.join("catalogue.db"))?;
    let mut statement = db.prepare("SELECT id FROM records WHERE id LIKE 'CVE-%' AND row % 11 = 0")?;
    let ids: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let folder = dir.join("again");
    unpack(&data.join("cve-vulnrichment.tar.zst"), &folder, 10_000, |text| {
        let mut document: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
        document["cveMetadata"]["dateUpdated"] = "2030-01-01T00:00:00Z".into();
        document.to_string()
    })?;
    // Twice, so that the calm round finds everything held.
    for _ in 0..2 {
        gets(address, &ids, || false)?;
    }
    let (calm, calm_p99, _) = gets(address, &ids, || false)?;
    let busy = AtomicBool::new(true);
    let (beside, beside_p99, rounds) = std::thread::scope(|scope| {
        let import = scope.spawn(|| {
            let done = importing.import_beside(std::slice::from_ref(&folder));
            busy.store(false, Ordering::SeqCst);
            done
        });
        let measured = gets(address, &ids, || busy.load(Ordering::SeqCst));
        import.join().unwrap_or_else(|_| anyhow::bail!("the import failed"))?;
        measured
    })?;
    println!(
        "GET while 10,000 records are imported again ({rounds} rounds of {}): {:.2} x the CPU (goal: at most 1.3), p99 {:.0} us beside {:.0} us, {:.1} x (goal: at most 3)",
        ids.len(),
        beside / calm,
        beside_p99,
        calm_p99,
        beside_p99 / calm_p99
    );
    Ok(())
}

/// Asks for all records, again and again while told to: microseconds of the serving threads for one, the
/// time that all but a hundredth were answered in, and how many rounds it were.
fn gets(
    address: SocketAddr,
    ids: &[String],
    mut on: impl FnMut() -> bool,
) -> anyhow::Result<(f64, f64, usize)> {
    let mut connection = connect(address)?;
    let (mut times, mut rounds) = (Vec::new(), 0);
    let before = nanos_of(SERVING)?;
    loop {
        for id in ids {
            let began = Instant::now();
            send(&mut connection, format!("GET /v1/vulns/{id} HTTP/1.1\r\nhost: bench\r\n\r\n").as_bytes())?;
            times.push(began.elapsed());
        }
        rounds += 1;
        if !on() {
            break;
        }
    }
    let cost = (nanos_of(SERVING)? - before) as f64 / 1e3 / times.len() as f64;
    times.sort_unstable();
    let p99: Duration = times[times.len() * 99 / 100];
    Ok((cost, p99.as_secs_f64() * 1e6, rounds))
}

type Connection = (TcpStream, BufReader<TcpStream>);

fn connect(address: SocketAddr) -> anyhow::Result<Connection> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    Ok((stream.try_clone()?, BufReader::new(stream)))
}

fn post_to(place: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("POST {place} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
}

fn answer(connection: &mut Connection, question: &str) -> anyhow::Result<Vec<u8>> {
    send(connection, &post_to("/v1/query", question))
}

/// Sends a request and reads its answer, which must be a good one.
fn send((writer, reader): &mut Connection, request: &[u8]) -> anyhow::Result<Vec<u8>> {
    writer.write_all(request)?;
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line)?;
    anyhow::ensure!(line.starts_with("HTTP/1.1 200"), "{line}");
    while line != "\r\n" {
        line.clear();
        reader.read_line(&mut line)?;
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(body)
}
