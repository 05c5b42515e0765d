//! Durable appends by 1 and by 32 writers, beside the bare commit rate of the same disk.
//!
//! The floor is SQLite alone: one row of an entry's size, inserted and committed with the same
//! settings on the same file system, by a loop in one thread. All three are measured in turns in one
//! run, because disks and neighbours change.
//!
//! A command does all of this beyond the floor: it goes from a task to the writer's thread and its answer
//! back; it loads its stream; decides; spells the entry out and reads it back; hashes and salts it; writes
//! the entry with its index, two nodes of the tree on average, and a row of a view with its index, which
//! is six pages of the log where the floor has one. Each entry begins a stream of its own with an id from
//! chance, so its index rows lie nowhere together: the dearest case, not the usual one.
//!
//! The ratios say as much of the disk as of the journal: where a flush takes 0.1 ms, the pages written
//! count; where it takes 1 ms, as most disks of data centres do, the flushes alone do. To see another disk:
//! `strace -f --seccomp-bpf -o /dev/null -e trace=fsync,fdatasync -e inject=fsync,fdatasync:delay_exit=1000 BENCH`.

use heliograph::bench_support::Journal;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;
const SPAN: Duration = Duration::from_millis(1500);
const WRITERS: usize = 32;

/// About what one entry brings to its row: canonical bytes, salt, commitment.
const ROW_BYTES: usize = 400;

fn main() -> anyhow::Result<()> {
    // Beside the build: a folder for temporary files often lies in memory, which has no commits.
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("append-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    let measured = measure(&dir);
    std::fs::remove_dir_all(&dir)?;
    measured
}

fn measure(dir: &Path) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let journal = Journal::open(dir)?;
    let bare = Bare::open(dir)?;
    runtime.block_on(rate(&journal, WRITERS))?;
    let (mut floor, mut one, mut many) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        floor.push(bare.rate()?);
        one.push(runtime.block_on(rate(&journal, 1))?);
        many.push(runtime.block_on(rate(&journal, WRITERS))?);
    }
    let entries = journal.verified_entries()?;
    println!("{ROUNDS} rounds of {} ms each, median [min-max] per second", SPAN.as_millis());
    let floor = report("bare SQLite insert and commit", floor, None, 0.0);
    report("journal, 1 writer", one, Some(floor), 0.7);
    report(&format!("journal, {WRITERS} writers"), many, Some(floor), 5.0);
    println!("{entries} entries, all verified");
    Ok(())
}

/// Appends per second of this many writers, each waiting for its answer before it goes on.
async fn rate(journal: &Journal, writers: usize) -> anyhow::Result<f64> {
    let start = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|writer| {
            let journal = journal.clone();
            tokio::spawn(async move {
                let mut count = 0_u32;
                while start.elapsed() < SPAN {
                    journal.append(format!("writer {writer} of {writers}, entry {count}")).await?;
                    count += 1;
                }
                Ok::<_, anyhow::Error>(count)
            })
        })
        .collect();
    let mut total = 0;
    for task in tasks {
        total += task.await??;
    }
    Ok(f64::from(total) / start.elapsed().as_secs_f64())
}

/// SQLite as `storage` sets it up, and nothing else.
struct Bare(rusqlite::Connection);

impl Bare {
    fn open(dir: &Path) -> anyhow::Result<Self> {
        let conn = rusqlite::Connection::open(dir.join("bare.db"))?;
        conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
        conn.execute_batch("CREATE TABLE bare (seq INTEGER PRIMARY KEY, body BLOB NOT NULL)")?;
        // A log that still grows pays for its file's length at each flush. The journal's has its full
        // size within a second, so the floor starts with one, too.
        conn.execute_batch("BEGIN")?;
        for _ in 0..2000 {
            conn.execute("INSERT INTO bare (body) VALUES (zeroblob(4000))", [])?;
        }
        conn.execute_batch("COMMIT")?;
        conn.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(()))?;
        Ok(Self(conn))
    }

    fn rate(&self) -> anyhow::Result<f64> {
        let mut insert = self.0.prepare("INSERT INTO bare (body) VALUES (?1)")?;
        let start = Instant::now();
        let mut count = 0_u32;
        while start.elapsed() < SPAN {
            insert.execute([vec![0x5a_u8; ROW_BYTES]])?;
            count += 1;
        }
        Ok(f64::from(count) / start.elapsed().as_secs_f64())
    }
}

fn report(what: &str, mut rates: Vec<f64>, floor: Option<f64>, goal: f64) -> f64 {
    rates.sort_by(f64::total_cmp);
    let median = rates.get(rates.len() / 2).copied().unwrap_or_default();
    let (min, max) = (rates.first().copied().unwrap_or_default(), rates.last().copied().unwrap_or_default());
    print!("{what:32} {median:8.0} [{min:.0}-{max:.0}]");
    match floor {
        Some(floor) => println!("   {:.2} x bare (goal {goal})", median / floor),
        None => println!(),
    }
    median
}
