//! Files, folders and standard input, one document after the other. Nothing is ever written here.

use super::super::entry::{self, Part};
use super::super::rules::Source;
use super::archive::{self, Place};
use super::limits::{Budget, Counted};
use super::origins::Origin;
use super::{Bad, Input, Piece, git};
use std::collections::{HashMap, HashSet};
use std::fs::{DirEntry, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// What the reading thread and the writer tell each other.
pub(super) struct Read {
    /// Nobody wants more.
    pub(super) stop: AtomicBool,
    /// Bytes read so far.
    pub(super) bytes: AtomicU64,
    /// The folders that were named.
    pub(super) roots: Vec<Root>,
    /// The files that lie in them…
    pub(super) seen: Mutex<HashMap<i64, HashSet<String>>>,
    /// …and the bytes in memory of their names, and of those of the folders.
    named: AtomicU64,
    /// Files that hold a list which is whole by itself, with the hashes of its entries.
    pub(super) lists: Mutex<HashMap<Origin, HashSet<[u8; 32]>>>,
    /// Something could not be read, or nobody waited for the end.
    pub(super) is_incomplete: AtomicBool,
}

/// A folder that was named, or a file that is whole by itself.
pub(super) struct Root {
    /// Its number in the catalogue.
    pub(super) number: i64,
    /// As it was named.
    pub(super) given: PathBuf,
    /// Where it lies.
    pub(super) path: String,
    /// Of a repository what is to be read.
    pub(super) changes: Option<git::Changes>,
}

impl Root {
    /// The files that are looked at, if not all are.
    pub(super) fn changed(&self) -> Option<impl Iterator<Item = &str>> {
        self.changes.as_ref().and_then(git::Changes::since)
    }
}

impl Read {
    pub(super) fn new(roots: Vec<Root>) -> Self {
        let (stop, bytes) = (AtomicBool::new(false), AtomicU64::new(0));
        let (named, is_incomplete) = (AtomicU64::new(0), AtomicBool::new(false));
        Self { stop, bytes, roots, seen: Mutex::default(), named, lists: Mutex::default(), is_incomplete }
    }

    /// The file of a root, which from now on counts as seen.
    fn origin(&self, root: &Root, path: &Path) -> Origin {
        self.see(root.number, exactly(path.strip_prefix(&root.given).unwrap_or(path)))
    }

    pub(super) fn see(&self, root: i64, file: String) -> Origin {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.entry(root).or_default().insert(file.clone()) {
            self.named.fetch_add(SEEN_BYTES + file.len() as u64, Ordering::Relaxed);
        }
        Origin { root, file: file.into() }
    }

    /// Whether there is no room for more names, beside so many bytes of them.
    fn is_full(&self, beside: u64) -> bool {
        self.named.load(Ordering::Relaxed).saturating_add(beside) > NAMED_BYTES
    }

    /// What lies in a folder, in the order of the names.
    fn listed(&self, folder: &Path) -> io::Result<Vec<DirEntry>> {
        let (mut entries, mut bytes) = (Vec::new(), 0);
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            bytes += SEEN_BYTES + entry.file_name().len() as u64;
            if self.is_full(bytes) {
                return Err(io::Error::other(format!(
                    "the names in it and of the files before it take up {} MiB of memory",
                    NAMED_BYTES >> 20
                )));
            }
            entries.push(entry);
        }
        entries.sort_by_key(DirEntry::file_name);
        Ok(entries)
    }

    /// Hands on what a file of a root holds, each document with its origin: of an archive, with its name
    /// in there. What is passed over in an archive leaves no name here, and how much that is, `limits` bounds.
    pub(super) fn of_file<'a>(
        &'a self,
        origin: Option<Origin>,
        outer: &'a Place,
        take: Take<'a>,
    ) -> impl Fn(Piece) -> bool + 'a {
        move |piece| match (piece, &origin) {
            (Piece::Document { file, bytes, was_named, .. }, Some(origin)) => {
                let origin = match outer.inner(&file) {
                    // What is packed in another way is the same file, and no other that is gone.
                    Some(inner) => {
                        let parts: Vec<&str> = inner.split(": ").map(entry::unpacked_name).collect();
                        self.see(origin.root, format!("{}: {}", origin.file, parts.join(": ")))
                    }
                    None => origin.clone(),
                };
                if self.is_full(0) {
                    return self.ends_full(file, take);
                }
                take(Piece::Document { file, bytes, was_named, origin: Some(origin) })
            }
            (Piece::PassedOver(over), Some(_)) if self.is_full(0) => self.ends_full(over.file, take),
            (Piece::Bad(bad), Some(_)) => {
                // What could not be read may be there all the same.
                self.is_incomplete.store(true, Ordering::Relaxed);
                take(Piece::Bad(bad))
            }
            (other, _) => take(other),
        }
    }

    /// Says that no more names are taken; false, because nobody wants more.
    fn ends_full(&self, file: String, take: Take<'_>) -> bool {
        self.is_incomplete.store(true, Ordering::Relaxed);
        let most = NAMED_BYTES >> 20;
        let reason = format!(
            "the names of the files before it take up {most} MiB of memory: what was read before is kept, and from \
             here on nothing is read; import less at once"
        );
        take(Piece::Bad(Bad { file, place: "file".to_owned(), reason }));
        false
    }

    /// Notes what a list of known exploited vulnerabilities holds: an entry that is not in it any more is not
    /// listed any more. A list with a part that cannot be read says nothing about what is missing.
    pub(super) fn has_whole_list(&self, origin: &Origin, parts: &[Result<Part, entry::Bad>]) {
        let mut hashes = HashSet::with_capacity(parts.len());
        for part in parts {
            hashes.insert(match part {
                Ok(Part::Record(entry)) if entry.source == Source::Kev => entry.hash,
                Ok(Part::Known(hash)) => *hash,
                _ => return,
            });
        }
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        lists.insert(origin.clone(), hashes);
    }
}

/// Bytes in memory of the names of all files of an import: it has to know which are there to know which are gone, and
/// an archive may hold millions.
const NAMED_BYTES: u64 = 512 << 20;
/// Bytes in memory of a file that was seen, beside its name.
const SEEN_BYTES: u64 = 120;

/// Takes the next piece; false if nobody wants more.
pub(super) type Take<'a> = &'a dyn Fn(Piece) -> bool;

/// The size of all inputs, if they are files.
pub(super) fn total(inputs: &[Input]) -> Option<u64> {
    let size = |input: &Input| match input {
        Input::Path(path) => {
            std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|file| file.len())
        }
        Input::Git(_) | Input::Stdin => None,
    };
    inputs.iter().map(size).sum()
}

/// Reads all inputs, in their order.
pub(super) fn read_all(inputs: &[Input], read: &Read, take: Take<'_>) {
    for input in inputs {
        let go_on = match input {
            Input::Stdin => {
                let stdin = Counted::new(io::stdin().lock(), Some(&read.bytes));
                let place = Place::named("standard input");
                archive::stream(stdin, archive::USUAL_BYTES, &place, &Budget::new(), take)
            }
            Input::Path(path) => named(path, read, take),
            Input::Git(commit) => git::commit(commit, read, take),
        };
        if !go_on {
            read.is_incomplete.store(true, Ordering::Relaxed);
            return;
        }
    }
}

/// A path that somebody named: a link is followed, and a file is read whatever it is called.
fn named(path: &Path, read: &Read, take: Take<'_>) -> bool {
    match std::fs::metadata(path) {
        Err(error) => take(bad(read, path, &error)),
        Ok(what) if what.is_dir() => folder(path, read, take),
        Ok(_) => {
            let place = Place::named(&path.display().to_string());
            let root = read.roots.iter().find(|known| known.given == path);
            let origin = root.map(|root| read.see(root.number, String::new()));
            file(path, read, &read.of_file(origin, &place.clone(), take), place)
        }
    }
}

/// Folders below one another that are looked into.
const FOLDERS_DEEP: usize = 64;

/// A folder and all folders in it, in the order of their names. Links are not followed: they could
/// lead around in circles. What begins with a dot is not data: `.git`, `.github`.
fn folder(root: &Path, read: &Read, take: Take<'_>) -> bool {
    let mut open = vec![(root.to_owned(), 0)];
    let root = read.roots.iter().find(|known| known.given == root);
    let waiting = |path: &Path| SEEN_BYTES + path.as_os_str().len() as u64;
    while let Some((path, depth)) = open.pop() {
        if depth > 0 {
            read.named.fetch_sub(waiting(&path), Ordering::Relaxed);
        }
        let entries = match read.listed(&path) {
            Ok(entries) => entries,
            Err(error) if take(bad(read, &path, &error)) => continue,
            Err(_) => return false,
        };
        let mut folders = Vec::new();
        for entry in entries {
            if read.stop.load(Ordering::Relaxed) {
                return false;
            }
            let path = entry.path();
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                let place = Place::found(&path.display().to_string());
                if !take(Piece::PassedOver(place.bad("file", "begins with a dot, so it is no data"))) {
                    return false;
                }
                continue;
            }
            let go_on = match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < FOLDERS_DEEP => {
                    // Until it is looked into, its name waits here.
                    read.named.fetch_add(waiting(&path), Ordering::Relaxed);
                    folders.push((path, depth + 1));
                    true
                }
                Ok(kind) if kind.is_dir() => take(Piece::Bad(Bad {
                    file: shown(&path.display().to_string()),
                    place: "folder".to_owned(),
                    reason: format!("more than {FOLDERS_DEEP} folders deep: not looked into"),
                })),
                Ok(kind) if kind.is_file() => {
                    let origin = root.map(|root| read.origin(root, &path));
                    let place = Place::found(&path.display().to_string());
                    file(&path, read, &read.of_file(origin, &place.clone(), take), place)
                }
                Ok(_) => true,
                Err(error) => take(bad(read, &path, &error)),
            };
            if !go_on {
                return false;
            }
        }
        open.extend(folders.into_iter().rev());
    }
    true
}

fn file(path: &Path, read: &Read, take: Take<'_>, place: Place) -> bool {
    if let Some(reason) = place.no_document() {
        return take(Piece::PassedOver(place.bad("file", reason)));
    }
    match File::open(path) {
        Ok(file) => archive::file(file, &place, &read.bytes, &Budget::new(), take),
        Err(error) => take(bad(read, path, &error)),
    }
}

/// A path as a text that no other path has: what is no UTF-8 in it is escaped, where a person is shown a replacement.
pub(super) fn exactly(path: &Path) -> String {
    formats::trees::exactly(path.as_os_str().as_encoded_bytes())
}

pub(super) fn bad(read: &Read, path: &Path, error: &io::Error) -> Piece {
    read.is_incomplete.store(true, Ordering::Relaxed);
    Piece::Bad(Bad {
        file: shown(&path.display().to_string()),
        place: "file".to_owned(),
        reason: format!("cannot be read: {error}"),
    })
}

/// A name as it may stand on a terminal: nothing that moves the cursor, and not too long.
pub(super) fn shown(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    match plain.char_indices().nth_back(NAME_CHARS) {
        // The end of a path says more than its beginning.
        Some((at, letter)) => format!("…{}", &plain[at + letter.len_utf8()..]),
        None => plain,
    }
}

/// Letters of a name in a report.
const NAME_CHARS: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    /// What is there is noted by its name, once, and archives may hold millions of names.
    #[test]
    fn names_that_take_up_too_much_memory_end_an_import_and_say_so() {
        let (read, place) = (Read::new(Vec::new()), Place::found("all.zip"));
        let origin = read.see(1, "all.zip".to_owned());
        read.see(1, "all.zip".to_owned());
        let own = "all.zip".len() as u64 + SEEN_BYTES;
        assert_eq!(read.named.load(Ordering::Relaxed), own);
        let of_one = "all.zip: a.json".len() as u64 + SEEN_BYTES;
        read.named.store(NAMED_BYTES - of_one, Ordering::Relaxed);
        let taken = std::cell::RefCell::new(Vec::new());
        let take = |piece| {
            taken.borrow_mut().push(match piece {
                Piece::Document { file, .. } => file,
                Piece::Bad(bad) => format!("{}: {}", bad.file, bad.reason),
                Piece::PassedOver(_) => String::new(),
            });
            true
        };
        let hand_on = read.of_file(Some(origin), &place, &take);
        let document = |file: &str| {
            let file = file.to_owned();
            Piece::Document { file, bytes: Vec::new(), was_named: false, origin: None }
        };
        assert!(hand_on(document("all.zip: a.json")) && hand_on(document("all.zip: a.json")));
        assert!(!read.is_incomplete.load(Ordering::Relaxed));
        assert!(!hand_on(document("all.zip: b.json")));
        assert!(read.is_incomplete.load(Ordering::Relaxed), "what comes behind is not gone");
        let reason = "the names of the files before it take up 512 MiB of memory: what was read before is kept, \
                      and from here on nothing is read; import less at once";
        let all = ["all.zip: a.json", "all.zip: a.json", &format!("all.zip: b.json: {reason}")];
        assert_eq!(*taken.borrow(), all);
    }

    /// What is passed over leaves its name as well, and a folder may hold millions of it.
    #[test]
    fn a_folder_whose_files_are_all_passed_over_ends_an_import_as_one_of_documents_does() {
        let folder = std::env::temp_dir().join(format!("heliograph-passed-{}", std::process::id()));
        for file in ["x/a.txt", "x/b.txt"] {
            std::fs::create_dir_all(folder.join(file).parent().unwrap()).unwrap();
            std::fs::write(folder.join(file), "").unwrap();
        }
        let name = |length: usize| SEEN_BYTES + length as u64;
        // A file was seen, and no folder waits any more.
        let before = name("x/a.txt".len());
        let said = |named: u64| {
            let root = Root { number: 1, given: folder.clone(), path: String::new(), changes: None };
            let read = Read::new(vec![root]);
            read.named.store(named, Ordering::Relaxed);
            let said = std::cell::RefCell::new(Vec::new());
            let take = |piece| {
                said.borrow_mut().push(match piece {
                    Piece::Bad(bad) => format!("{}: {}", &bad.file[folder.as_os_str().len()..], bad.reason),
                    Piece::PassedOver(over) => over.file[folder.as_os_str().len()..].to_owned(),
                    Piece::Document { .. } => String::new(),
                });
                true
            };
            let is_whole = super::folder(&folder, &read, &take);
            (said.into_inner(), is_whole, read.is_incomplete.load(Ordering::Relaxed))
        };
        let all = ["/x/a.txt", "/x/b.txt"].map(str::to_owned);
        let room = NAMED_BYTES - before - name("x/b.txt".len());
        assert_eq!(said(room), (all.to_vec(), true, false));
        let (files, is_whole, is_incomplete) = said(room + 1);
        assert!(
            files[1].starts_with("/x/b.txt: the names of the files before it take up 512 MiB"),
            "{files:?}"
        );
        assert_eq!((files.len(), is_whole, is_incomplete), (2, false, true));
        // The list of a folder is counted before it is whole.
        let (files, is_whole, is_incomplete) = said(NAMED_BYTES - 2 * name("a.txt".len()) + 1);
        let reason = "cannot be read: the names in it and of the files before it take up 512 MiB of memory";
        assert_eq!(files, [format!("/x: {reason}")]);
        assert_eq!((is_whole, is_incomplete), (true, true));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
