//! Zips. Their list of files stands at their end, and the library has all of it in memory before it hands out one.
//!
//! Authority: APPNOTE.TXT of PKWARE, 4.3.12 (the list), 4.3.14 to 4.3.16 (what ends it, and says how long it is).

use super::Piece;
use super::archive::{Place, in_archive};
use super::limits::{Budget, Unpacked, plainly, refuse};
use super::sources::Take;
use formats::trees::exactly;
use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;
use zip::ZipArchive;
use zip::read::{ArchiveOffset, Config};
use zip::result::ZipError;

/// Bytes of a list of files: a million files with long names have some 150 million. A hostile one can take ten times
/// as much in memory, and no more.
const LIST_BYTES: u64 = 256 << 20;

/// Reads a zip of so many bytes, file after file; false if nobody wants more.
pub(super) fn zip<R: Read + Seek>(
    source: R,
    length: u64,
    place: &Place,
    budget: &Budget,
    take: Take<'_>,
) -> bool {
    let mut archive = match listed(source, LIST_BYTES, budget) {
        Ok(archive) => archive,
        Err(error) => return take(bad(place, "list of entries", &error)),
    };
    // All entries together must not unpack to more than the ratio allows for the whole file.
    let packed = Rc::new(Cell::new(length));
    for at in 0..archive.len() {
        if let Err(error) = budget.entry() {
            return take(bad(place, format!("entry {at}"), &error.into()));
        }
        let entry = match archive.by_index(at) {
            Ok(entry) => entry,
            Err(error) if take(bad(place, format!("entry {at}"), &error)) => continue,
            Err(_) => return false,
        };
        if !entry.is_file() {
            continue;
        }
        // By its bytes: the library reads what is no UTF-8 in letters of 1981, in which it may be another name.
        let name = exactly(entry.name_raw());
        let bytes = entry.size();
        let unpacked = Unpacked::new(entry, packed.clone(), budget);
        if !in_archive(unpacked, bytes, &place.inside(&name), budget, take) {
            return false;
        }
    }
    true
}

/// A zip with its list, of which no more is read than is allowed. Room is made for as many files as it says that it
/// has, if they are not too many.
fn listed<R: Read + Seek>(
    mut source: R,
    bytes_max: u64,
    budget: &Budget,
) -> Result<ZipArchive<Listed<R>>, ZipError> {
    let (files, archive_offset) = claimed(&mut source)?;
    budget.has(files)?;
    let left = Rc::new(Cell::new(Some(bytes_max)));
    let source = Listed { inner: source, left: left.clone(), bytes_max };
    let archive = ZipArchive::with_config(Config { archive_offset }, source)?;
    left.set(None);
    Ok(archive)
}

/// Bytes at the end of a zip in which its list may end, with a comment of up to 65,535 bytes behind it: more than the
/// library looks at.
const TAIL_BYTES: u64 = 1 << 17;
/// Bytes before the end of a list that tell where a larger end of it lies.
const LOCATOR_BYTES: usize = 20;

/// How many files a zip says that it has, at most: a comment may look like the end of another list, and which of them
/// counts is the library's to say. And where it begins: with something before its first file, and a larger end of its
/// list, that end would be sought elsewhere, so that such a zip is not read.
fn claimed(source: &mut (impl Read + Seek)) -> io::Result<(u64, ArchiveOffset)> {
    let length = source.seek(SeekFrom::End(0))?;
    let tail_bytes = TAIL_BYTES.min(length);
    source.seek(SeekFrom::Start(length - tail_bytes))?;
    let mut tail = Vec::new();
    source.by_ref().take(tail_bytes).read_to_end(&mut tail)?;
    let is_end = |at: &usize| tail.get(*at..).is_some_and(|rest| rest.starts_with(b"PK\x05\x06"));
    let (mut most, mut begins) = (0, ArchiveOffset::Detect);
    for at in (0..tail.len()).filter(is_end) {
        most = most.max(number::<2>(&tail, at + 10));
        let locator = at.checked_sub(LOCATOR_BYTES).and_then(|before| tail.get(before..at));
        if let Some(locator) = locator.filter(|locator| locator.starts_with(b"PK\x06\x07")) {
            most = most.max(claimed_at(source, number::<8>(locator, 8)).unwrap_or(0));
            begins = ArchiveOffset::Known(0);
        }
    }
    Ok((most, begins))
}

/// How many files the larger end of a list says that there are; none where there is no such end.
fn claimed_at(source: &mut (impl Read + Seek), at: u64) -> Option<u64> {
    let mut end = [0; 56];
    source.seek(SeekFrom::Start(at)).ok()?;
    source.read_exact(&mut end).ok()?;
    end.starts_with(b"PK\x06\x06").then(|| number::<8>(&end, 32))
}

/// A number of so many bytes, the smallest first.
fn number<const BYTES: usize>(bytes: &[u8], at: usize) -> u64 {
    let all = bytes.get(at..).and_then(|rest| rest.first_chunk::<BYTES>());
    all.into_iter().flatten().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// A zip of which so many bytes may be read until its list is there.
struct Listed<R> {
    inner: R,
    left: Rc<Cell<Option<u64>>>,
    bytes_max: u64,
}

impl<R: Read> Read for Listed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(left) = self.left.get() else { return self.inner.read(buffer) };
        if left == 0 && !buffer.is_empty() {
            let most = self.bytes_max >> 20;
            return Err(refuse(format!("its list of files is longer than {most} MiB")));
        }
        let bytes = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let read = self.inner.read(&mut buffer[..bytes])?;
        self.left.set(Some(left - read as u64));
        Ok(read)
    }
}

impl<R: Seek> Seek for Listed<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

fn bad(place: &Place, at: impl Into<String>, error: &ZipError) -> Piece {
    Piece::Bad(place.bad(at, words(error)))
}

/// Why a zip, or a file in one, cannot be read. Its list of files stands at its end.
fn words(error: &ZipError) -> String {
    match error {
        ZipError::Io(error) => plainly(error),
        ZipError::UnsupportedArchive(_) => {
            format!("it is packed in a way that is not read here: pack it anew, without a password ({error})")
        }
        ZipError::InvalidArchive(_) => {
            format!(
                "its list of files is missing or damaged, so it was probably cut off: fetch it again ({error})"
            )
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write as _};
    use zip::write::SimpleFileOptions;

    fn zip_of(files: usize, comment: &[u8]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.set_raw_comment(comment.into()).unwrap();
        for number in 0..files {
            archive.start_file(format!("{number:04}.json"), SimpleFileOptions::default()).unwrap();
            archive.write_all(b"{}").unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    fn refused(bytes: &[u8], bytes_max: u64) -> Option<String> {
        listed(Cursor::new(bytes), bytes_max, &Budget::new()).err().map(|error| words(&error))
    }

    /// A list of any length would be in memory before its first file is counted.
    #[test]
    fn a_list_that_is_too_long_is_not_read_to_its_end() {
        let bytes = zip_of(100, b"");
        // 46 bytes and the name, of each file; and what ends the list, which is sought before it.
        let list = 100 * (46 + 9);
        assert_eq!(refused(&bytes, list + 4_096), None);
        assert_eq!(refused(&bytes, list - 1).unwrap(), "its list of files is longer than 0 MiB");
        // What lies in it is no part of the list.
        let mut archive = listed(Cursor::new(&bytes), list + 4_096, &Budget::new()).unwrap();
        let read =
            |archive: &mut ZipArchive<_>, at| io::copy(&mut archive.by_index(at).unwrap(), &mut io::sink());
        let read: u64 = (0..100).cycle().take(5_000).map(|at| read(&mut archive, at).unwrap()).sum();
        assert_eq!(read, 10_000);
    }

    /// APPNOTE.TXT 4.3.14: the larger end has eight bytes for how many files there are, and room was made for all.
    #[test]
    fn a_zip_that_says_it_has_too_many_files_is_refused_before_room_is_made() {
        let files: u64 = 6_000_000;
        let list = 47 * files;
        let mut end = [&b"PK\x06\x06"[..], &44_u64.to_le_bytes(), &[45, 0, 45, 0], &[0; 8]].concat();
        end.extend([files, files, 46 * files, files].iter().flat_map(|number| number.to_le_bytes()));
        end.extend([&b"PK\x06\x07"[..], &[0; 4], &list.to_le_bytes(), &[1, 0, 0, 0]].concat());
        end.extend([&b"PK\x05\x06"[..], &[0; 4], &[0xff; 12], &[0; 2]].concat());
        // Zeros are as good as files that nobody comes to read.
        let mut file = tempfile();
        file.write_all(b"PK\x03\x04").unwrap();
        file.seek(SeekFrom::Start(list)).unwrap();
        file.write_all(&end).unwrap();
        assert_eq!(claimed(&mut file).unwrap(), (files, ArchiveOffset::Known(0)));
        let error = listed(file, LIST_BYTES, &Budget::new()).err().unwrap();
        assert_eq!(words(&error), "more than 5000000 entries");
    }

    fn tempfile() -> std::fs::File {
        let path = std::env::temp_dir().join(format!("heliograph-zip-{}", std::process::id()));
        let file = std::fs::File::options().read(true).write(true).create_new(true).open(&path).unwrap();
        std::fs::remove_file(path).unwrap();
        file
    }

    /// A comment may hold what looks like an end: the library takes the last that it can read.
    #[test]
    fn what_ends_a_list_is_sought_behind_and_before_a_comment() {
        let inner = zip_of(2, b"");
        let end = &inner[inner.len() - 22..];
        assert_eq!(refused(&zip_of(3, b"PK\x05\x06"), LIST_BYTES), None);
        let archive = listed(Cursor::new(zip_of(3, &end[..20])), LIST_BYTES, &Budget::new()).unwrap();
        assert_eq!(archive.len(), 3);
        let files = |bytes: &[u8]| claimed(&mut Cursor::new(bytes)).unwrap().0;
        let many = [&end[..10], &[9, 0], &end[12..]].concat();
        assert_eq!((files(&zip_of(3, &many)), files(&zip_of(30, &many))), (9, 30), "the most counts");
        let longest = [&zip_of(3, &[b'x'; 65_535])[..], b"behind a comment"].concat();
        assert_eq!(files(&longest), 3);
        for bytes in [&b""[..], b"PK\x05\x06"] {
            let said = refused(bytes, LIST_BYTES).unwrap();
            assert!(said.contains("its list of files is missing or damaged"), "{said}");
        }
    }

    /// As unzip(1) reads it: the list at the end counts, and its files begin where it says, behind what is before them.
    #[test]
    fn of_a_zip_behind_another_the_last_is_read() {
        let both = [zip_of(2, b""), zip_of(3, b"")].concat();
        let mut archive = listed(Cursor::new(both), LIST_BYTES, &Budget::new()).unwrap();
        assert_eq!((archive.len(), archive.by_index(2).unwrap().name().unwrap().as_ref()), (3, "0002.json"));
    }
}
