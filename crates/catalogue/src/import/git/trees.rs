//! Which files of a commit are to be read: all, or those that changed since another. The trees are compared here,
//! level by level, and no tree is opened that stands in both commits: git's own comparison has all of it in memory
//! before it says a word, and a kilobyte of trees can name more files than any memory holds.

use super::Commit;
use super::objects::objects;
use std::collections::{HashMap, HashSet};
use std::io;

/// The files by which a commit differs from another, or from no file at all; or why nobody knows.
pub(in super::super) struct Changes {
    is_since: bool,
    all: io::Result<Vec<Change>>,
}

/// A file, with the id of what it holds now, if it holds something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) id: Option<String>,
    pub(super) file: String,
}

impl Changes {
    pub(in super::super) fn of(commit: &Commit) -> Self {
        Self { is_since: commit.since.is_some(), all: changes(commit) }
    }

    pub(super) fn all(&self) -> io::Result<&[Change]> {
        match &self.all {
            Ok(all) => Ok(all),
            Err(error) => Err(io::Error::other(error.to_string())),
        }
    }

    /// The files that changed since an earlier commit; none where all are read.
    pub(in super::super) fn since(&self) -> Option<impl Iterator<Item = &str>> {
        self.is_since.then(|| self.all.iter().flatten().map(|change| change.file.as_str()))
    }
}

/// Bytes that the list of files takes up in memory: of the CVE list, with 300,000 files, some 60 million. Also of
/// all trees that are read.
const LIST_BYTES: u64 = 512 << 20;
/// Of which so many for each file, beside its name.
const LISTED_BYTES: u64 = 150;
/// Folders below one another.
const FOLDERS_DEEP: usize = 64;

/// What a folder was and is: the id of a tree each.
type Pair = (Option<String>, Option<String>);

/// What differs in a folder, in the order of its tree, which is that of the names.
type Folder = Vec<(String, Found)>;

enum Found {
    /// A file, with the id of what it holds now.
    File(Option<String>),
    /// A folder, by its place in the list of all.
    Folder(usize),
}

/// Trees are read level by level, each once, however often and wherever it stands.
fn changes(commit: &Commit) -> io::Result<Vec<Change>> {
    let tree = |id: &str| format!("{id}^{{tree}}");
    let root = (commit.since.as_deref().map(tree), Some(tree(&commit.id)));
    let mut walk = Walk { id_bytes: commit.id.len() / 2, places: HashMap::new(), next: Vec::new() };
    walk.place(root);
    let (mut folders, mut left) = (Vec::new(), LIST_BYTES);
    for _ in 0..FOLDERS_DEEP {
        let level = std::mem::take(&mut walk.next);
        if level.is_empty() {
            return in_order(folders);
        }
        let trees = trees(commit, &level, &mut left)?;
        let holds =
            |id: &Option<String>| id.as_ref().and_then(|id| trees.get(id)).map_or(&[][..], Vec::as_slice);
        for (before, now) in &level {
            folders.push(walk.folder(holds(before), holds(now))?);
        }
    }
    Err(io::Error::other(format!("more than {FOLDERS_DEEP} folders deep")))
}

/// What the trees of these folders hold, by their names.
fn trees(commit: &Commit, level: &[Pair], left: &mut u64) -> io::Result<HashMap<String, Vec<u8>>> {
    let mut known = HashSet::new();
    let all = level.iter().flat_map(|(before, now)| [before, now]).flatten();
    let wanted: Vec<&str> = all.map(String::as_str).filter(|id| known.insert(*id)).collect();
    let mut trees = HashMap::with_capacity(wanted.len());
    objects(&commit.repository, "tree", wanted.iter().copied(), *left, &mut |at, found| {
        let (bytes, object) = found?;
        let mut tree = Vec::new();
        object.read_to_end(&mut tree)?;
        trees.insert(wanted[at].to_owned(), tree);
        *left -= bytes;
        Ok(true)
    })?;
    Ok(trees)
}

/// What is known on the way through the levels.
struct Walk {
    /// Of an id in a tree.
    id_bytes: usize,
    /// Where each folder has its place.
    places: HashMap<Pair, usize>,
    /// Those of the next level.
    next: Vec<Pair>,
}

impl Walk {
    fn place(&mut self, pair: Pair) -> usize {
        let place = self.places.len();
        *self.places.entry(pair).or_insert_with_key(|pair| {
            self.next.push(pair.clone());
            place
        })
    }

    fn folder(&mut self, before: &[u8], now: &[u8]) -> io::Result<Folder> {
        let mut gone: HashMap<&[u8], Entry<'_>> = HashMap::new();
        for entry in entries(before, self.id_bytes) {
            let entry = entry?;
            gone.insert(entry.name, entry);
        }
        let mut folder = Folder::new();
        for entry in entries(now, self.id_bytes) {
            let entry = entry?;
            match gone.remove(entry.name) {
                Some(was) if (was.mode, was.id) == (entry.mode, entry.id) => {}
                was => self.differs(was, Some(entry), &mut folder),
            }
        }
        for was in entries(before, self.id_bytes).flatten().filter(|entry| gone.contains_key(entry.name)) {
            self.differs(Some(was), None, &mut folder);
        }
        Ok(folder)
    }

    /// A name that stands for something else now: a folder may have become a file.
    fn differs(&mut self, was: Option<Entry<'_>>, is: Option<Entry<'_>>, folder: &mut Folder) {
        let name = was.as_ref().or(is.as_ref()).map(|entry| entry.name).unwrap_or_default();
        // Names need not be UTF-8, and two of them must not become one.
        let name = std::str::from_utf8(name).map_or_else(|_| name.escape_ascii().to_string(), str::to_owned);
        let tree =
            |entry: &Option<Entry<'_>>| entry.as_ref().filter(|entry| entry.is_folder()).map(Entry::hex);
        let pair = (tree(&was), tree(&is));
        let has_file = |entry: &Option<Entry<'_>>| entry.as_ref().is_some_and(|entry| !entry.is_folder());
        if has_file(&was) || has_file(&is) {
            let id = is.filter(Entry::is_file).map(|entry| entry.hex());
            folder.push((name.clone(), Found::File(id)));
        }
        if pair != (None, None) {
            folder.push((name, Found::Folder(self.place(pair))));
        }
    }
}

/// What stands in a tree.
struct Entry<'a> {
    mode: &'a [u8],
    name: &'a [u8],
    id: &'a [u8],
}

impl Entry<'_> {
    /// What kind of thing it is: the mode, in octal and perhaps with zeros before it, without permissions.
    fn kind(&self) -> Option<u32> {
        let mode = std::str::from_utf8(self.mode).ok()?;
        Some(u32::from_str_radix(mode, 8).ok()? & 0o170_000)
    }

    fn is_folder(&self) -> bool {
        self.kind() == Some(0o040_000)
    }

    /// Neither a link nor another repository.
    fn is_file(&self) -> bool {
        self.kind() == Some(0o100_000)
    }

    fn hex(&self) -> String {
        let digits = self.id.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])).collect()
    }
}

/// "MODE NAME\0ID", one behind the other.
fn entries(mut tree: &[u8], id_bytes: usize) -> impl Iterator<Item = io::Result<Entry<'_>>> {
    std::iter::from_fn(move || {
        if tree.is_empty() {
            return None;
        }
        let entry = || {
            let end = tree.iter().position(|byte| *byte == 0)?;
            let (head, rest) = (tree.get(..end)?, tree.get(end + 1..)?);
            let blank = head.iter().position(|byte| *byte == b' ')?;
            let (id, rest) = rest.split_at_checked(id_bytes)?;
            Some((Entry { mode: &head[..blank], name: &head[blank + 1..], id }, rest))
        };
        let Some((entry, rest)) = entry() else {
            tree = &[];
            return Some(Err(io::Error::other("a tree is damaged")));
        };
        tree = rest;
        Some(Ok(entry))
    })
}

/// The files, where each folder stands in the one above.
fn in_order(folders: Vec<Folder>) -> io::Result<Vec<Change>> {
    if listed(&folders, 0, &mut HashMap::new()).1 > LIST_BYTES {
        let reason = format!("the list of what it holds is longer than {} MiB", LIST_BYTES >> 20);
        return Err(io::Error::other(reason));
    }
    let mut files = Vec::new();
    // A folder, how far it is read, and how long its path is.
    let (mut open, mut path) = (vec![(0, 0, 0)], String::new());
    while let Some((folder, at, length)) = open.last_mut() {
        path.truncate(*length);
        let found = folders.get(*folder).and_then(|folder| folder.get(*at));
        *at += 1;
        match found {
            Some((name, Found::File(id))) => {
                files.push(Change { id: id.clone(), file: format!("{path}{name}") });
            }
            Some((name, Found::Folder(number))) => {
                path.push_str(name);
                path.push('/');
                open.push((*number, 0, path.len()));
            }
            None => {
                open.pop();
            }
        }
    }
    Ok(files)
}

/// How many files a folder comes to, and the bytes of their list.
fn listed(folders: &[Folder], at: usize, known: &mut HashMap<usize, (u64, u64)>) -> (u64, u64) {
    if let Some(known) = known.get(&at) {
        return *known;
    }
    let (mut files, mut bytes) = (0_u64, 0_u64);
    for (name, found) in folders.get(at).into_iter().flatten() {
        let length = name.len() as u64;
        let (more, theirs) = match found {
            Found::File(_) => (1, LISTED_BYTES + length),
            Found::Folder(number) => {
                let (files, bytes) = listed(folders, *number, known);
                (files, bytes.saturating_add(files.saturating_mul(length + 1)))
            }
        };
        files = files.saturating_add(more);
        bytes = bytes.saturating_add(theirs);
    }
    known.insert(at, (files, bytes));
    (files, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// git-ls-tree(1) and git's own format of trees: mode, blank, name, NUL, id.
    #[test]
    fn a_tree_that_ends_too_early_is_damaged() {
        let tree = [&b"100644 a\0"[..], &[0xab; 20], b"40000 b\0", &[1; 20]].concat();
        let all: Vec<Entry<'_>> = entries(&tree, 20).map(Result::unwrap).collect();
        assert_eq!((all[0].name, all[0].hex()), (&b"a"[..], "ab".repeat(20)));
        assert!(all[0].is_file() && all[1].is_folder() && all.len() == 2);
        let kinds = ["100664", "0100755", "040000", "120000", "160000", "x"].map(|mode| {
            let entry = Entry { mode: mode.as_bytes(), name: b"", id: b"" };
            (entry.is_file(), entry.is_folder())
        });
        let (file, folder, other) = ((true, false), (false, true), (false, false));
        assert_eq!(kinds, [file, file, folder, other, other, other]);
        for end in (1..tree.len()).filter(|end| *end != 29) {
            assert!(entries(&tree[..end], 20).any(|entry| entry.is_err()), "{end}");
        }
    }
}
