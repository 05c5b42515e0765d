//! A centre with 9,000, 100,000 and 1,000,000 running clocks: what a list, a count, one clock's
//! re-evaluation, a look for people to be told, and opening the centre cost.
//!
//! The first 9,000 clocks are recorded in the journal as in use, and the view follows; the rest are
//! copies of their rows in the view, each a subject of its own a little later, because a million the
//! first way take an hour. So lists, counts and looks meet a million rows, and re-evaluation appends
//! to a journal of thousands. Each subject is a manufacturer's report with three running clocks; due
//! dates lie evenly over the coming month. The goal is a cost that grows no faster than log n: from
//! 9,000 to a million that is a factor of 1.5, measured as the median.

use heliograph::bench_support::Deadlines;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const SIZES: [u64; 3] = [9_000, 100_000, 1_000_000];

/// Subjects whose facts stand in the journal.
const SUBJECTS: u64 = 3000;

/// How often each thing is measured.
const ROUNDS: u64 = 201;

fn main() -> anyhow::Result<()> {
    // Beside the build: a folder for temporary files often lies in memory, which has no commits.
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("deadlines-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    let measured = measure(&dir);
    std::fs::remove_dir_all(&dir)?;
    measured
}

fn measure(dir: &Path) -> anyhow::Result<()> {
    println!("median of {ROUNDS} in microseconds; opening once, in milliseconds");
    println!(
        "{:>10} {:>10} {:>12} {:>10} {:>14} {:>14} {:>10}",
        "clocks", "next hour", "fifty of all", "counts", "re-evaluation", "whom to tell", "open, ms"
    );
    let centre = Deadlines::open(dir)?;
    for first in (0..SUBJECTS).step_by(1000) {
        centre.fill(first, 1000)?;
    }
    drop(centre);
    let (mut clocks, mut round) = (3 * SUBJECTS, 0);
    for size in SIZES {
        let centre = Deadlines::open(dir)?;
        while clocks < size {
            clocks = centre.double(round)?;
            round += 1;
        }
        drop(centre);
        let start = Instant::now();
        let centre = Deadlines::open(dir)?;
        let running = centre.due_within_an_hour()?;
        let opened = start.elapsed();
        let hour = median(|_| centre.due_within_an_hour().map(drop))?;
        let first = median(|_| centre.first_page().map(drop))?;
        let counts = median(|_| centre.counts().map(drop))?;
        let again = median(|round| centre.restate(round * 7919 % SUBJECTS))?;
        let tell = median(|_| centre.look_for_people_to_tell().map(drop))?;
        println!(
            "{:>10} {:>10} {:>12} {:>10} {:>14} {:>14} {:>10}   ({running} on the first page of the hour)",
            clocks,
            hour.as_micros(),
            first.as_micros(),
            counts.as_micros(),
            again.as_micros(),
            tell.as_micros(),
            opened.as_millis()
        );
    }
    Ok(())
}

fn median(mut work: impl FnMut(u64) -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let start = Instant::now();
        work(round)?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}
