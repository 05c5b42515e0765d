//! Import of real records, and a record by its id over HTTP, each by the processor time that it takes.
//!
//! The floor of a lookup is a bare axum handler that returns the same bytes from memory: the same
//! connections ask both in turns, in one run, and only the threads that serve are counted. The first
//! round finds nothing held in memory (the highest figure in brackets), the later ones find all.
//! Needs `HELIOGRAPH_TEST_DATA`.

mod measure;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path as Wanted, State};
use axum::routing::get;
use heliograph::bench_support::Lookups;
use measure::{listen, middle, nanos_of, processor_seconds};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

const ROUNDS: usize = 25;
const CONNECTIONS: usize = 8;
const REQUESTS: usize = 500;
const SERVING: &str = "serving";
const BARE: &str = "bare";
const GREETING: &str = "greeting";

fn main() -> anyhow::Result<()> {
    let Some(data) = std::env::var_os("HELIOGRAPH_TEST_DATA").map(PathBuf::from) else {
        println!("skipped: HELIOGRAPH_TEST_DATA is not set");
        return Ok(());
    };
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("catalogue-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    let measured = measure(&data, &dir);
    std::fs::remove_dir_all(&dir)?;
    measured
}

fn measure(data: &Path, dir: &Path) -> anyhow::Result<()> {
    let lookups = Lookups::open(dir)?;
    for name in ["osv-rustsec", "osv-golang", "osv-pypa", "csaf-cisa", "kev", "cve-vulnrichment"] {
        let path = [data.join(format!("{name}.tar.zst"))];
        let (began, cpu) = (Instant::now(), processor_seconds());
        let added = lookups.import(&path)? as f64;
        let (wall, cpu) = (began.elapsed().as_secs_f64(), processor_seconds() - cpu);
        println!(
            "import {name}: {added} records, {:.0} per CPU-second, {:.0} per second",
            added / cpu,
            added / wall
        );
    }
    let index = measure::index_bytes(dir)?;
    let records = std::fs::metadata(dir.join("catalogue.db"))?.len();
    println!("file: {} MB, search index: {} MB", records / 1_000_000, index / 1_000_000);
    let documents = Arc::new(documents(&lookups, dir)?);
    let (ours, _ours) = listen(SERVING, |listener| async { lookups.serve(listener).await })?;
    let bare = Router::new().route("/v1/vulns/{id}", get(from_memory)).with_state(documents.clone());
    let (floor, _floor) = listen(BARE, |listener| async { Ok(axum::serve(listener, bare).await?) })?;
    let ids: Vec<String> = documents.keys().cloned().collect();
    let hello = Router::new().route("/v1/vulns/{id}", get(|| async { HELLO }));
    let (hello, _hello) = listen(GREETING, |listener| async { Ok(axum::serve(listener, hello).await?) })?;
    let whole = |address| Ask { address, ids: &ids, headers: "" };
    let (mut of_ours, mut of_floor) = (Vec::new(), Vec::new());
    let (mut of_known, mut of_hello) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        of_floor.push(micros_per_request(BARE, &whole(floor))?);
        of_ours.push(micros_per_request(SERVING, &whole(ours))?);
        of_hello.push(micros_per_request(GREETING, &whole(hello))?);
        of_known.push(micros_per_request(SERVING, &Ask { headers: "if-none-match: *\r\n", ..whole(ours) })?);
    }
    let floor = report("bare axum handler", of_floor, None);
    report("GET /v1/vulns/{id}", of_ours, Some((floor, "at most 1.25")));
    let hello = report("axum hello", of_hello, None);
    report("the same, not changed", of_known, Some((hello, "at most 1.18")));
    Ok(())
}

/// What is asked for, in turns, and with which headers.
#[derive(Clone, Copy)]
struct Ask<'a> {
    address: SocketAddr,
    ids: &'a [String],
    headers: &'static str,
}

/// A constant answer of 4 KiB: what a server does at least.
const HELLO: &str = match std::str::from_utf8(&[b'{'; 4096]) {
    Ok(text) => text,
    Err(_) => "",
};

/// Some thousand records with a CVE id, as the program answers them.
fn documents(lookups: &Lookups, dir: &Path) -> anyhow::Result<HashMap<String, Bytes>> {
    let db = rusqlite::Connection::open(dir.join("catalogue.db"))?;
    let sql = "SELECT r.id FROM records r
               WHERE r.id LIKE 'CVE-%' AND r.row % 11 = 0
                   AND NOT EXISTS (SELECT 1 FROM records o WHERE o.key = r.key AND o.source < r.source)";
    let mut statement = db.prepare(sql)?;
    let ids: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    ids.into_iter().map(|id| Ok((id.clone(), Bytes::from(lookups.document(&id)?)))).collect()
}

async fn from_memory(State(all): State<Arc<HashMap<String, Bytes>>>, Wanted(id): Wanted<String>) -> Bytes {
    all.get(&id).cloned().unwrap_or_default()
}

fn micros_per_request(threads: &str, wanted: &Ask<'_>) -> anyhow::Result<f64> {
    ask(wanted, 100)?;
    let before = nanos_of(threads)?;
    ask(wanted, REQUESTS)?;
    Ok((nanos_of(threads)? - before) as f64 / 1e3 / (CONNECTIONS * REQUESTS) as f64)
}

fn ask(wanted: &Ask<'_>, requests: usize) -> anyhow::Result<()> {
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CONNECTIONS)
            .map(|client| scope.spawn(move || ask_one(wanted, client * requests, requests)))
            .collect();
        clients
            .into_iter()
            .try_for_each(|client| client.join().unwrap_or_else(|_| anyhow::bail!("a client failed")))
    })
}

fn ask_one(wanted: &Ask<'_>, from: usize, requests: usize) -> anyhow::Result<()> {
    let Ask { address, ids, headers } = *wanted;
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let (mut writer, mut reader) = (stream.try_clone()?, BufReader::new(stream));
    let mut body = Vec::new();
    for id in ids.iter().cycle().skip(from % ids.len()).take(requests) {
        writer
            .write_all(format!("GET /v1/vulns/{id} HTTP/1.1\r\nhost: bench\r\n{headers}\r\n").as_bytes())?;
        let (mut line, mut length) = (String::new(), None);
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = Some(value.trim().parse::<usize>()?);
            }
            if line == "\r\n" {
                break;
            }
            anyhow::ensure!(!line.is_empty(), "the server hung up");
        }
        body.resize(length.unwrap_or(0), 0);
        reader.read_exact(&mut body)?;
        anyhow::ensure!(!headers.is_empty() || body.starts_with(b"{"), "no record came");
    }
    Ok(())
}

fn report(what: &str, mut micros: Vec<f64>, floor: Option<(f64, &str)>) -> f64 {
    let median = middle(&mut micros);
    print!("{what:22} {median:6.1} us [{:.1}-{:.1}] of server CPU", micros[0], micros[micros.len() - 1]);
    match floor {
        Some((floor, goal)) => println!(", {:.2} x the floor (goal: {goal})", median / floor),
        None => println!(),
    }
    median
}
