//! What a stream of bytes is, and what lies in it. The kind of a file is known by its first bytes; by its name it is
//! known again in the next import, and passed over where that has the ending of no document.

use super::limits::{Budget, Counted, IN_MEMORY, LAYERS, Unpacked, ZSTD_WINDOW_LOG, plainly};
use super::sources::{Take, shown};
use super::zips::zip;
use super::{Bad, Piece};
use formats::page::Items;
use formats::trees::exactly;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::sync::atomic::AtomicU64;

/// Where bytes come from, as a report names it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    name: String,
    /// Somebody named exactly this, so it is not passed over in silence.
    was_named: bool,
    layers: usize,
}

impl Place {
    pub(super) fn named(name: &str) -> Self {
        Self { name: shown(name), was_named: true, layers: 0 }
    }

    pub(super) fn found(name: &str) -> Self {
        Self { name: shown(name), was_named: false, layers: 0 }
    }

    /// What lies in it under this name.
    pub(super) fn inside(&self, name: &str) -> Self {
        Self { name: shown(&format!("{}: {name}", self.name)), was_named: false, layers: self.layers + 1 }
    }

    /// The name of a document within this place; none for what is this place itself.
    pub(super) fn inner<'a>(&self, file: &'a str) -> Option<&'a str> {
        file.strip_prefix(&self.name)?.strip_prefix(": ").filter(|inner| !inner.is_empty())
    }

    /// The same without its outermost wrapping; it goes on being called as it is called.
    fn unwrapped(&self) -> Self {
        Self { name: self.name.clone(), layers: self.layers + 1, ..*self }
    }

    pub(super) fn bad(&self, place: impl Into<String>, reason: impl Into<String>) -> Bad {
        Bad {
            file: self.name.clone(),
            place: place.into(),
            reason: super::super::rules::clip(&reason.into(), 300),
        }
    }

    fn failed(&self, place: impl Into<String>, error: &io::Error) -> Piece {
        Piece::Bad(self.bad(place, plainly(error)))
    }

    /// Why a file that lies about is not even opened, if it is not.
    pub(super) fn no_document(&self) -> Option<&'static str> {
        const ENDINGS: [&str; 10] = ["json", "yaml", "yml", "csv", "xml", "gz", "zst", "zip", "tar", "tgz"];
        let file = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        match file.rsplit_once('.') {
            _ if self.was_named => None,
            Some((_, ending)) if ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) => None,
            _ => Some("neither a document nor an archive by its name"),
        }
    }
}

/// Bytes that tell what a stream is; a tar says so late.
const HEAD: u64 = 512;

enum Shape {
    Gzip,
    Zstd,
    Zip,
    Tar,
    Document,
}

fn shape(head: &[u8]) -> Shape {
    match head {
        [0x1f, 0x8b, ..] => Shape::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Shape::Zstd,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Shape::Zip,
        _ if head.get(257..262) == Some(b"ustar") => Shape::Tar,
        _ => Shape::Document,
    }
}

/// Reads a file. All functions here are false if nobody wants more.
pub(super) fn file(file: File, place: &Place, all: &AtomicU64, budget: &Budget, take: Take<'_>) -> bool {
    let mut file = BufReader::with_capacity(1 << 16, file);
    let mut head = [0; 4];
    let peeked = file.read(&mut head).and_then(|bytes| file.rewind().map(|()| bytes));
    match peeked {
        Err(error) => take(place.failed("file", &error)),
        Ok(bytes) if matches!(shape(&head[..bytes]), Shape::Zip) => {
            let length = file.get_ref().metadata().map_or(0, |file| file.len());
            let go_on = zip(file, length, place, budget, take);
            all.fetch_add(length, std::sync::atomic::Ordering::Relaxed);
            go_on
        }
        Ok(_) => stream(Counted::new(file, Some(all)), USUAL_BYTES, place, budget, take),
    }
}

/// Reads whatever a stream is.
pub(super) fn stream<R: Read>(
    source: Counted<'_, R>,
    expected: usize,
    place: &Place,
    budget: &Budget,
    take: Take<'_>,
) -> bool {
    let count = source.count();
    // Behind this, types would nest without end: an archive in an archive is a stream again.
    let mut source: Box<dyn Read + '_> = Box::new(source);
    let mut head = Vec::with_capacity(HEAD as usize);
    if let Err(error) = source.by_ref().take(HEAD).read_to_end(&mut head) {
        return take(place.failed("beginning", &error));
    }
    let shape = shape(&head);
    let is_page = Items::is_page(&head);
    let limit = formats::limits::of(&head);
    let whole = Cursor::new(head).chain(source);
    if place.layers > LAYERS && !matches!(shape, Shape::Document) {
        return take(Piece::Bad(
            place.bad("file", format!("more than {LAYERS} archives within one another")),
        ));
    }
    match shape {
        Shape::Gzip => {
            let unpacked = Unpacked::new(flate2::read::MultiGzDecoder::new(whole), count, budget);
            stream(Counted::new(unpacked, None), USUAL_BYTES, &place.unwrapped(), budget, take)
        }
        Shape::Zstd => match zstd(whole) {
            Ok(decoder) => {
                let unpacked = Unpacked::new(decoder, count, budget);
                stream(Counted::new(unpacked, None), USUAL_BYTES, &place.unwrapped(), budget, take)
            }
            Err(error) => take(place.failed("beginning", &error)),
        },
        Shape::Zip => {
            let mut bytes = Vec::new();
            match whole.take(IN_MEMORY + 1).read_to_end(&mut bytes) {
                Err(error) => take(place.failed("file", &error)),
                Ok(_) if bytes.len() as u64 > IN_MEMORY => {
                    let reason =
                        format!("a zip of more than {} GiB that is not a file of its own", IN_MEMORY >> 30);
                    take(Piece::Bad(place.bad("file", reason)))
                }
                Ok(_) => zip(Cursor::new(&bytes), bytes.len() as u64, place, budget, take),
            }
        }
        Shape::Tar => tar(whole, place, budget, take),
        Shape::Document if is_page => page(whole, Items::of("vulnerabilities"), place, take),
        Shape::Document => document(whole, (limit, expected), place, take),
    }
}

fn zstd<'a, R: Read>(packed: R) -> io::Result<zstd::Decoder<'a, BufReader<R>>> {
    let mut decoder = zstd::Decoder::new(packed)?;
    decoder.window_log_max(ZSTD_WINDOW_LOG)?;
    Ok(decoder)
}

/// A page of NVD's, a feed of a year, or a list that is larger than a document: its records one by one, so that
/// none is held with all others.
fn page(mut source: impl Read, mut items: Items, place: &Place, take: Take<'_>) -> bool {
    let mut buffer = vec![0; 1 << 16];
    let list = items.list();
    let (mut number, mut go_on) = (0, true);
    loop {
        let bytes = match source.read(&mut buffer) {
            Err(error) => return take(place.failed(format!("after {number} records"), &error)),
            Ok(0) => break,
            Ok(bytes) => bytes,
        };
        let done = items.push(buffer.get(..bytes).unwrap_or_default(), &mut |bytes| {
            let file = place.inside(&format!("{list}/{number}")).name;
            number += 1;
            go_on = take(Piece::Document { file, bytes, was_named: true, origin: None });
            go_on
        });
        match done {
            // What comes behind cannot be found any more; what came before stays.
            Err(error) => {
                return take(Piece::Bad(place.bad(error.place.to_string(), error.reason.to_string())));
            }
            Ok(()) if !go_on => return false,
            Ok(()) => {}
        }
    }
    match items.finish() {
        Ok(()) => true,
        Err(error) => take(Piece::Bad(place.bad(error.place.to_string(), error.reason.to_string()))),
    }
}

/// Bytes that most documents do not exceed: room for them is made at once, whatever an archive says.
pub(super) const USUAL_BYTES: usize = 16 << 10;

fn document(mut source: impl Read, (limit, expected): (usize, usize), place: &Place, take: Take<'_>) -> bool {
    let mut bytes = Vec::with_capacity(expected.min(USUAL_BYTES));
    match source.by_ref().take(limit as u64 + 1).read_to_end(&mut bytes) {
        Err(error) => take(place.failed(format!("after {} bytes", bytes.len()), &error)),
        Ok(_)
            if bytes.len() > limit
                && let Some(items) = Items::of_records(&bytes) =>
        {
            page(Cursor::new(bytes).chain(source), items, place, take)
        }
        // The change logs that lie beside records are lists of any length, and no records.
        Ok(_) if bytes.len() > limit && !place.was_named && bytes.trim_ascii_start().starts_with(b"[") => {
            take(Piece::PassedOver(place.bad("document", format!("a JSON list of more than {limit} bytes"))))
        }
        Ok(_) if bytes.len() > limit => {
            let reason = format!("more than {limit} bytes, which is the most that is read");
            take(Piece::Bad(place.bad("document", reason)))
        }
        Ok(_) => {
            let (file, was_named) = (place.name.clone(), place.was_named);
            take(Piece::Document { file, bytes, was_named, origin: None })
        }
    }
}

/// A file of an archive, of so many bytes by its list: what can be no document by its name is not unpacked.
pub(super) fn in_archive(
    source: impl Read,
    bytes: u64,
    place: &Place,
    budget: &Budget,
    take: Take<'_>,
) -> bool {
    match place.no_document() {
        Some(reason) => take(Piece::PassedOver(place.bad("file", reason))),
        None => stream(Counted::new(source, None), bytes as usize, place, budget, take),
    }
}

/// A file of an archive that has to have the size that was announced.
struct Whole<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.inner.read(buffer)?;
        if bytes == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive ends within it"));
        }
        self.left = self.left.saturating_sub(bytes as u64);
        Ok(bytes)
    }
}

/// Bytes of the records that carry a long name in a tar.
const LONG_NAME: u64 = 1 << 16;

/// The name in a header of pax: lines of a length, a word and its value, of which some are no text (pax(1), "pax
/// Extended Header").
fn of_pax(header: &[u8]) -> Option<Vec<u8>> {
    header.split(|byte| *byte == b'\n').find_map(|line| {
        let length = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
        line[length..].strip_prefix(b" path=").map(<[u8]>::to_vec)
    })
}

/// Entries are read raw: the library would hold a long name of any length in memory.
fn tar(source: impl Read, place: &Place, budget: &Budget, take: Take<'_>) -> bool {
    let mut archive = tar::Archive::new(source);
    let entries = match archive.entries() {
        Ok(entries) => entries.raw(true),
        Err(error) => return take(place.failed("beginning", &error)),
    };
    let mut long_name: Option<Vec<u8>> = None;
    for (at, entry) in entries.enumerate() {
        let entry = budget.entry().and(entry);
        let mut entry = match entry {
            Ok(entry) => entry,
            // What comes behind cannot be found any more; what came before stays.
            Err(error) => return take(place.failed(format!("entry {at}"), &error)),
        };
        let kind = entry.header().entry_type();
        if kind.is_gnu_longname() || kind.is_pax_local_extensions() {
            let mut text = Vec::new();
            if let Err(error) = entry.by_ref().take(LONG_NAME).read_to_end(&mut text) {
                return take(place.failed(format!("entry {at}"), &error));
            }
            long_name = if kind.is_pax_local_extensions() { of_pax(&text).or(long_name) } else { Some(text) };
            continue;
        }
        let name = long_name.take().unwrap_or_else(|| entry.path_bytes().into_owned());
        let name = exactly(name.split(|byte| *byte == 0).next().unwrap_or_default());
        if !kind.is_file() {
            continue;
        }
        let bytes = entry.header().entry_size().unwrap_or(0);
        let whole = Whole { left: bytes, inner: &mut entry };
        if !in_archive(whole, bytes, &place.inside(&name), budget, take) {
            return false;
        }
    }
    true
}
