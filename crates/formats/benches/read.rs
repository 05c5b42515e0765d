//! How fast records are read, beside the floor: the same documents through `serde_json` without
//! keeping anything. Needs `HELIOGRAPH_TEST_DATA`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

use formats::{detect, read};
use std::hint::black_box;
use std::io::Read;
use std::path::PathBuf;
use std::time::Instant;

fn main() {
    let Some(folder) = std::env::var_os("HELIOGRAPH_TEST_DATA").map(PathBuf::from) else {
        println!("skipped: HELIOGRAPH_TEST_DATA is not set");
        return;
    };
    for (archive, suffix) in [
        ("osv-golang.tar.zst", ".json"),
        ("osv-rustsec.tar.zst", ".json"),
        ("osv-pypa.tar.zst", ".yaml"),
        ("csaf-cisa.tar.zst", ".json"),
        ("cve-vulnrichment.tar.zst", ".json"),
    ] {
        let documents = load(&folder.join(archive), suffix);
        let bytes: usize = documents.iter().map(|(_, bytes)| bytes.len()).sum();
        println!("{archive}: {} documents, {:.1} MB", documents.len(), bytes as f64 / 1e6);
        let measure = |what: &str, step: &dyn Fn(&str, &[u8])| {
            let mut seconds: Vec<f64> = (0..5)
                .map(|_| {
                    let start = Instant::now();
                    documents.iter().for_each(|(name, bytes)| step(name, bytes));
                    start.elapsed().as_secs_f64()
                })
                .collect();
            seconds.sort_by(f64::total_cmp);
            let per_second = |seconds: f64| documents.len() as f64 / seconds;
            println!(
                "  {what:<22} {:>9.0} documents/s [{:.0}-{:.0}], {:.2} GB/s",
                per_second(seconds[2]),
                per_second(seconds[4]),
                per_second(seconds[0]),
                bytes as f64 / seconds[2] / 1e9
            );
        };
        if suffix == ".json" {
            measure("floor: validate", &|_, bytes| {
                black_box(serde_json::from_slice::<serde::de::IgnoredAny>(bytes).unwrap());
            });
        }
        measure("detect", &|name, bytes| {
            black_box(detect(bytes, name)).ok();
        });
        measure("detect and read", &|name, bytes| {
            if let Ok(kind) = detect(bytes, name) {
                black_box(read(kind, bytes).unwrap());
            }
        });
    }
}

fn load(path: &PathBuf, suffix: &str) -> Vec<(String, Vec<u8>)> {
    let mut zstd = zstd::Decoder::new(std::fs::File::open(path).unwrap()).unwrap();
    zstd.window_log_max(31).unwrap();
    let mut tar = tar::Archive::new(zstd);
    let mut documents = Vec::new();
    for entry in tar.entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().to_string_lossy().into_owned();
        if name.ends_with(suffix) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            documents.push((name, bytes));
        }
    }
    documents
}
