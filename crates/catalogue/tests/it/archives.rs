//! Archives: every kind is read, and a hostile one costs no more than itself.

use super::fixtures::{Folder, cve, import, osv};
use super::{catalogue as open, counts, named};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

fn one(number: u32) -> String {
    osv(&format!("PYSEC-2024-{number}"), "a", "1", "2024-05-05")
}

pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A tar whose names are taken as they are, however wicked.
fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_entry_type(tar::EntryType::Regular);
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        archive.append(&header, *bytes).unwrap();
    }
    archive.into_inner().unwrap()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

#[test]
fn every_kind_of_archive_is_known_by_what_is_in_it() {
    let folder = Folder::new();
    let files = |number: u32| {
        [("a.json".to_owned(), one(number)), ("x/b.json".to_owned(), cve(&format!("CVE-2024-{number}")))]
    };
    type Pack<'a> = &'a dyn Fn(&[(&str, &[u8])]) -> Vec<u8>;
    let packed = |number: u32, pack: Pack<'_>| {
        let files = files(number);
        pack(&files.each_ref().map(|(name, text)| (name.as_str(), text.as_bytes())))
    };
    folder.file("in/1.zip", packed(1, &zip));
    folder.file("in/2.tar", packed(2, &tar));
    folder.file("in/3.tar.gz", packed(3, &|files| gz(&tar(files))));
    folder.file("in/4.tar.zst", packed(4, &|files| zst(&tar(files))));
    folder.file("in/5.zip", packed(5, &|files| zip(&[("inner.zip", &zip(files))])));
    folder.file("in/6.json.gz", gz(one(6).as_bytes()));
    folder.file("in/7.json.zst", zst(one(7).as_bytes()));
    folder.file("in/8.zip", packed(8, &|files| gz(&zip(files))));
    let report = import(&open(&folder), &[folder.0.join("in")]);
    assert_eq!((counts(&report), report.bad.as_slice()), ([14, 0, 0, 0, 0], &[][..]));
}

#[test]
fn long_names_in_tars_are_read_and_never_written() {
    let folder = Folder::new();
    let mut archive = tar::Builder::new(Vec::new());
    let name = format!("{}/a.json", "long/".repeat(60));
    let (text, mut header) = (one(1), tar::Header::new_gnu());
    header.set_size(text.len() as u64);
    archive.append_data(&mut header, &name, text.as_bytes()).unwrap();
    let path = folder.file("a.tar", archive.into_inner().unwrap());
    assert_eq!(counts(&import(&open(&folder), &[path])), [1, 0, 0, 0, 0]);
    assert!(!folder.0.join("long").exists());
}

#[test]
fn names_that_lead_out_of_the_archive_are_only_shown() {
    let folder = Folder::new();
    let (a, b) = (one(1), one(2));
    let wicked: [(&str, &[u8]); 2] =
        [("../../escaped.json", a.as_bytes()), ("/tmp/\u{1b}[2Jescaped.json", b.as_bytes())];
    let paths = [folder.file("in/a.tar", tar(&wicked)), folder.file("in/a.zip", zip(&wicked))];
    let report = import(&open(&folder), &paths);
    assert_eq!(counts(&report), [2, 0, 2, 0, 0]);
    assert!(!folder.0.join("escaped.json").exists() && !folder.0.join("../escaped.json").exists());
    let bad = tar(&[("\u{1b}[2J.json", b"{")]);
    let report = import(&open(&folder), &[folder.file("bad.tar", bad)]);
    assert!(!report.bad[0].file.contains('\u{1b}'), "no letter of a name reaches the terminal as a command");
}

#[test]
fn a_truncated_archive_keeps_what_came_before() {
    let folder = Folder::new();
    let texts: Vec<String> = (1..200).map(one).collect();
    let names: Vec<String> = (1..200).map(|number| format!("{number}.json")).collect();
    let files: Vec<(&str, &[u8])> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let whole = zst(&tar(&files));
    // Documents that differ little pack into one block: uncompressed blocks show what was cut off.
    let plain = tar(&files);
    let catalogue = open(&folder);
    let report = import(&catalogue, &[folder.file("a.tar", &plain[..plain.len() / 2 + 700])]);
    assert!((90..110).contains(&report.counts.added) && report.counts.failed == 2, "{:?}", report.counts);
    // What reads an archive and what reads its documents run beside each other: either may speak first.
    assert!(
        report.bad.iter().any(|bad| named(bad).contains("the archive ends within it")),
        "{:?}",
        report.bad
    );
    assert!(report.bad.iter().any(|bad| bad.place.starts_with("entry ")), "{:?}", report.bad);
    let report = import(&catalogue, &[folder.file("b.tar.zst", &whole[..whole.len() - 8])]);
    assert_eq!(report.counts.failed, 1);
    let expected = "it ends in the middle, so it was probably cut off: fetch it again (incomplete frame)";
    assert!(named(&report.bad[0]).ends_with(expected), "{:?}", report.bad);
    let report = import(&catalogue, &[folder.file("c.zip", &zip(&files)[..2_000])]);
    assert_eq!(
        named(&report.bad[0]),
        "c.zip: list of entries: its list of files is missing or damaged, so it was probably cut off: fetch it again \
         (invalid Zip archive: Could not find EOCD)"
    );
    // Beginning again with the whole archive continues where it stopped.
    let report = import(&catalogue, &[folder.file("a.tar.zst", whole)]);
    assert_eq!((report.counts.added + report.counts.unchanged, report.counts.failed), (199, 0));
}

#[test]
fn bombs_are_stopped_by_a_limit_that_is_named() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let good = one(1);
    let zeros = vec![0; 100 << 20];
    // A document that unpacks to too much is left where it lies; the one behind it is read.
    let bomb = zip(&[("0.json", &zeros), ("1.json", good.as_bytes())]);
    let report = import(&catalogue, &[folder.file("a.zip", bomb)]);
    assert_eq!(counts(&report), [1, 0, 0, 0, 1]);
    assert!(
        named(&report.bad[0])
            .ends_with("0.json: document: more than 16777216 bytes, which is the most that is read"),
        "{:?}",
        report.bad
    );
    // A stream has to be unpacked to reach what lies behind, so it is given up.
    let bomb = zst(&tar(&[("0.bin", &zeros), ("1.json", good.as_bytes())]));
    let report = import(&catalogue, &[folder.file("a.tar.zst", bomb)]);
    assert!(
        named(&report.bad[0]).ends_with("it unpacks to more than 250 times its size"),
        "{:?}",
        report.bad
    );
    // Archives within archives end somewhere.
    let nested = (0..8).fold(good.into_bytes(), |inner, _| gz(&inner));
    let report = import(&catalogue, &[folder.file("a.json.gz", nested)]);
    assert!(named(&report.bad[0]).ends_with("more than 4 archives within one another"), "{:?}", report.bad);
}

#[test]
fn one_damaged_entry_of_a_zip_costs_only_itself() {
    let folder = Folder::new();
    let (a, b) = (one(1), one(2));
    let mut bytes = zip(&[("a.json", a.as_bytes()), ("b.json", b.as_bytes())]);
    let at = bytes.windows(6).position(|window| window == b"a.json").unwrap() + 20;
    bytes[at] ^= 0xff;
    let report = import(&open(&folder), &[folder.file("a.zip", bytes)]);
    assert_eq!((report.counts.added, report.counts.failed), (1, 1), "{:?}", report.bad);
    assert!(report.bad[0].file.ends_with("a.zip: a.json"), "{:?}", report.bad);
    assert!(
        report.bad[0].reason.starts_with("it is damaged, or not packed as it seems to be: "),
        "{:?}",
        report.bad
    );
}

/// POSIX and both archives allow any bytes in a name; APPNOTE 4.4.4, bit 11: a zip may say that a name is UTF-8.
#[test]
fn names_that_are_no_utf_8_are_read_and_shown() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = Folder::new();
    let catalogue = open(&folder);
    let file = |name: &[u8]| folder.0.join("in").join(std::ffi::OsStr::from_bytes(name));
    let with = |mut archive: Vec<u8>, name: &str, bytes: &[u8]| {
        let places: Vec<usize> =
            (0..archive.len()).filter(|at| archive[*at..].starts_with(name.as_bytes())).collect();
        for at in places {
            archive[at..at + bytes.len()].copy_from_slice(bytes);
        }
        archive
    };
    let (three, four, five) = (one(3), one(4), one(5));
    folder.file("in/a.zip", with(zip(&[("é.json", three.as_bytes())]), "é.json", b"\xff\xe9.json"));
    folder.file("in/b.zip", with(zip(&[("eee.json", four.as_bytes())]), "eee.json", b"\xe8\xe9\xff.json"));
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(five.len() as u64);
    header.set_entry_type(tar::EntryType::Regular);
    header.as_gnu_mut().unwrap().name[..6].copy_from_slice(b"\xe8.json");
    header.set_cksum();
    archive.append(&header, five.as_bytes()).unwrap();
    // Long names stand in records before a file whose own name is the name of no document.
    let pax = |path: &[u8]| [b"21 SCHILY.xattr.a=\xff\xfe\n20 path=", path, b"\n20 mtime=1\n"].concat();
    let gnu = [&[b'\xe7'; 150][..], b".json\0"].concat();
    for (number, kind, record) in [
        (8, tar::EntryType::XHeader, pax(b"\xe7\xe8/pax.json")),
        (9, tar::EntryType::XHeader, pax("ç/plain.json".as_bytes())),
        (10, tar::EntryType::GNULongName, gnu),
    ] {
        for (kind, name, bytes) in
            [(kind, "record", record), (tar::EntryType::Regular, "cut", one(number).into())]
        {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_entry_type(kind);
            header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            archive.append(&header, bytes.as_slice()).unwrap();
        }
    }
    folder.file("in/c.tar", archive.into_inner().unwrap());
    std::fs::write(file(b"\xe8.json"), one(1)).unwrap();
    std::fs::write(file(b"\xe9.json"), one(2)).unwrap();
    std::fs::write(file(br"\xe8.json"), one(7)).unwrap();
    std::fs::create_dir(file(b"\xff")).unwrap();
    std::fs::write(file(b"\xff/6.json"), one(6)).unwrap();
    std::fs::write(file(b"\xff/bad.json"), "{").unwrap();
    let read = || import(&catalogue, &[folder.0.join("in")]);
    let report = read();
    assert_eq!(counts(&report), [10, 0, 0, 0, 1], "{report:?}");
    assert!(report.bad[0].file.ends_with("in/\u{fffd}/bad.json"), "{:?}", report.bad);
    std::fs::remove_file(file(b"\xff/bad.json")).unwrap();
    // Names of which a person sees the same, or that look like the other escaped, are two: which is gone is noticed.
    std::fs::remove_file(file(b"\xe8.json")).unwrap();
    let report = read();
    assert_eq!((counts(&report), report.counts.deleted), ([0, 0, 9, 0, 0], 1), "{report:?}");
    let is_withdrawn = |number: u32| {
        let found = catalogue.record(&format!("PYSEC-2024-{number}")).unwrap().unwrap();
        found.records[0].summary.is_withdrawn
    };
    assert_eq!([1, 2, 6, 7].map(is_withdrawn), [true, false, false, false]);
}
