//! Trees of git, compared: which files a commit has, or in which it differs from another.
//!
//! Authority: git-ls-tree(1), and how git writes a tree: mode, blank, name, NUL and id, one behind the other.
//!
//! They are compared level by level, and none is asked for that stands in both commits: git's own comparison has all
//! of it in memory before it says a word, and a kilobyte of trees can name more files than any memory holds.

mod entry;
mod list;
#[cfg(test)]
mod tests;

use entry::{Entry, entries};
use std::collections::{HashMap, HashSet};

/// A file that differs, with the id of what it holds now, if it holds something that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it holds; none where it is gone, a link, or another repository.
    pub id: Option<String>,
    /// Its path, with slashes between the folders, each name as [`exactly`] has it.
    pub file: String,
}

/// A name or a path as a text that no other has. What is no UTF-8 is escaped (`\xff`), and a text that looks like that
/// has its backslashes doubled: an escape alone begins with an odd number of them.
#[must_use]
pub fn exactly(name: &[u8]) -> String {
    let is_escape = |four: &[u8]| four.starts_with(br"\x") && four[2..].iter().all(u8::is_ascii_hexdigit);
    match std::str::from_utf8(name) {
        Err(_) => name.escape_ascii().to_string(),
        Ok(text) if name.windows(4).any(is_escape) => text.replace('\\', r"\\"),
        Ok(text) => text.to_owned(),
    }
}

/// Why no comparison comes of trees.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// One is no tree, or ends too early.
    #[error("a tree is damaged")]
    Damaged,
    /// Folders below one another.
    #[error("more than {FOLDERS_DEEP} folders deep")]
    Deep,
    /// No file system takes such a name.
    #[error("a name of {bytes} bytes, {NAME_BYTES} at most: {name}")]
    LongName {
        /// How it begins.
        name: String,
        /// All of it.
        bytes: usize,
    },
    /// None, a path, or one that leads somewhere else; with how it begins.
    #[error("a name that no file can have: {0}")]
    NoName(String),
    /// What a thing is that has a name: no octal number, or one of too many digits.
    #[error("what {0} is cannot be read: its mode is none that git writes")]
    NoMode(String),
    /// Two things of one name, with how it begins.
    #[error("a name that stands twice in a tree: {0}")]
    Twice(String),
    /// What stands behind names that git sorts behind it, with how it begins.
    #[error("a tree that is not sorted: {0} stands too late in it")]
    Unsorted(String),
    /// Each name of a path may be allowed, and all of them together may not.
    #[error("the path of a file that lies below {folder} is longer than {PATH_BYTES} bytes")]
    LongPath {
        /// How the name begins of the folder with which it becomes too long.
        folder: String,
    },
    /// Trees that each hold another many times name no end of files.
    #[error("the list of what it holds is longer than {} MiB", .0 >> 20)]
    Long(u64),
    /// What is compared at once, and what is found, is held in memory.
    #[error("to compare its folders would take more than {} MiB of memory", .0 >> 20)]
    Large(u64),
    /// A few trees that each stand beside many others are compared again and again, also where nothing differs.
    #[error("to compare its folders would take more than {} MiB of them, read again and again", .0 >> 20)]
    Often(u64),
}

/// Bytes of one name: `NAME_MAX` of Linux.
const NAME_BYTES: usize = 255;
/// Bytes of a path as it is written here: `PATH_MAX` of Linux, and what git-fsck(1) calls large (`largePathname`).
const PATH_BYTES: u64 = 4_096;
/// Bytes in memory of each file or folder that is found, beside its name.
const FOUND_BYTES: u64 = 150;
/// Bytes in memory of two trees that are compared, beside their ids and what is found…
const PAIR_BYTES: u64 = 200;
/// …and of the id of each, wherever it stands while the tree is asked for.
const ID_BYTES: u64 = 300;
/// Bytes in memory of what stands in a tree, beside its own, while that is compared.
const ENTRY_BYTES: u64 = 150;
/// Folders below one another.
const FOLDERS_DEEP: usize = 64;

/// How a name begins, in letters that do nothing where it is shown.
fn beginning(name: &[u8]) -> String {
    const LETTERS: usize = 40;
    match name.get(..LETTERS) {
        Some(start) if name.len() > LETTERS => format!("\"{}…\"", start.escape_ascii()),
        _ => format!("\"{}\"", name.escape_ascii()),
    }
}

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

/// A comparison of two trees, on its way through their levels. Two trees are compared once, however often and wherever
/// they stand beside each other. A tree is read once for each level on which it stands beside one that is new to it.
pub struct Comparison {
    /// Of an id in a tree.
    id_bytes: usize,
    /// Where each folder has its place.
    places: HashMap<Pair, usize>,
    /// Those whose trees are wanted.
    level: Vec<Pair>,
    folders: Vec<Folder>,
    levels: usize,
    /// Bytes in memory of all pairs of trees…
    paired: u64,
    /// …of what is found in them…
    found: u64,
    /// …and of the trees that are compared now, with what stands in them; and how many all of it may be.
    held: u64,
    bytes_max: u64,
    /// Bytes of trees that were compared, each as often as it was: time, as it were, that no clock has to measure.
    compared: u64,
}

impl Comparison {
    /// Of a tree with an earlier one, or with nothing. Ids within trees have so many bytes; these two may be anything by
    /// which they are found. The comparison, and then its list of files, may take up so many bytes in memory; twice as
    /// many may be compared, since a folder was and is.
    #[must_use]
    pub fn new(before: Option<String>, now: String, id_bytes: usize, bytes_max: u64) -> Self {
        let (places, level, folders) = (HashMap::new(), Vec::new(), Vec::new());
        let (levels, paired, found, held, compared) = (0, 0, 0, 0, 0);
        let mut new =
            Self { id_bytes, places, level, folders, levels, paired, found, held, bytes_max, compared };
        new.place((before, Some(now)));
        new
    }

    /// The ids of the trees that are needed to go on, each once; none where all are known.
    #[must_use]
    pub fn wanted(&self) -> Vec<String> {
        let mut known = HashSet::new();
        let all = self.level.iter().flat_map(|(before, now)| [before, now]).flatten();
        all.filter(|id| known.insert(id.as_str())).cloned().collect()
    }

    /// Whether there is room for a tree of so many bytes that is wanted, beside those that were admitted before: to be
    /// asked before it is read.
    ///
    /// # Errors
    /// There is none.
    pub fn admit(&mut self, bytes: u64) -> Result<(), TreeError> {
        self.hold(bytes)
    }

    /// Takes the trees that were wanted, by their ids; one that is not there counts as empty.
    ///
    /// # Errors
    /// One is damaged, they lie too deep, they or what differs in them are too much, or they would be compared too often.
    pub fn take(&mut self, trees: &HashMap<String, Vec<u8>>) -> Result<(), TreeError> {
        self.levels += 1;
        if self.levels > FOLDERS_DEEP {
            return Err(TreeError::Deep);
        }
        self.held = 0;
        self.hold(trees.values().map(|tree| tree.len() as u64).sum())?;
        let holds =
            |id: &Option<String>| id.as_ref().and_then(|id| trees.get(id)).map_or(&[][..], Vec::as_slice);
        for (before, now) in std::mem::take(&mut self.level) {
            let folder = self.folder(holds(&before), holds(&now))?;
            self.folders.push(folder);
        }
        self.held = 0;
        let found: usize = self.folders.iter().map(Vec::len).sum();
        debug_assert!(
            found as u64 * FOUND_BYTES + self.places.len() as u64 * (PAIR_BYTES + ID_BYTES)
                <= self.bytes_max + PAIR_BYTES + 2 * ID_BYTES,
            "{found} files and folders in {} pairs, more than {} bytes",
            self.places.len(),
            self.bytes_max
        );
        Ok(())
    }

    /// Counts what is held for a while.
    fn hold(&mut self, bytes: u64) -> Result<(), TreeError> {
        self.held = self.held.saturating_add(bytes);
        self.check()
    }

    fn check(&self) -> Result<(), TreeError> {
        let all = self.held.saturating_add(self.paired + self.found);
        if all > self.bytes_max { Err(TreeError::Large(self.bytes_max)) } else { Ok(()) }
    }

    fn place(&mut self, pair: Pair) -> usize {
        let place = self.places.len();
        *self.places.entry(pair).or_insert_with_key(|pair| {
            self.level.push(pair.clone());
            let ids = u64::from(pair.0.is_some()) + u64::from(pair.1.is_some());
            self.paired += PAIR_BYTES + ids * ID_BYTES;
            place
        })
    }

    fn folder(&mut self, before: &[u8], now: &[u8]) -> Result<Folder, TreeError> {
        let held = self.held;
        let mut gone: HashMap<&[u8], Entry<'_>> = HashMap::new();
        for entry in entries(before, self.id_bytes) {
            let entry = self.counted(entry?)?;
            self.hold(ENTRY_BYTES)?;
            gone.insert(entry.name, entry);
        }
        let mut folder = Folder::new();
        for entry in entries(now, self.id_bytes) {
            let entry = self.counted(entry?)?;
            match gone.remove(entry.name) {
                Some(was) if (was.mode, was.id) == (entry.mode, entry.id) => {}
                was => self.differs(was, Some(entry), &mut folder)?,
            }
        }
        for was in entries(before, self.id_bytes).flatten().filter(|entry| gone.contains_key(entry.name)) {
            self.differs(Some(was), None, &mut folder)?;
        }
        self.held = held;
        Ok(folder)
    }

    /// Two trees that differ in nothing cost time as others do, and each may stand beside thousands.
    fn counted<'a>(&mut self, entry: Entry<'a>) -> Result<Entry<'a>, TreeError> {
        self.compared += ENTRY_BYTES + entry.bytes();
        let max = self.bytes_max.saturating_mul(2);
        if self.compared > max { Err(TreeError::Often(max)) } else { Ok(entry) }
    }

    /// A name that stands for something else now: a folder may have become a file.
    fn differs(
        &mut self,
        was: Option<Entry<'_>>,
        is: Option<Entry<'_>>,
        folder: &mut Folder,
    ) -> Result<(), TreeError> {
        let name = was.as_ref().or(is.as_ref()).map(|entry| entry.name).unwrap_or_default();
        let name = exactly(name);
        let bytes = FOUND_BYTES + name.len() as u64;
        let tree =
            |entry: &Option<Entry<'_>>| entry.as_ref().filter(|entry| entry.is_folder()).map(Entry::hex);
        let pair = (tree(&was), tree(&is));
        let has_file = |entry: &Option<Entry<'_>>| entry.as_ref().is_some_and(|entry| !entry.is_folder());
        if has_file(&was) || has_file(&is) {
            let id = is.filter(Entry::is_file).map(|entry| entry.hex());
            folder.push((name.clone(), Found::File(id)));
            self.found += bytes;
        }
        if pair != (None, None) {
            folder.push((name, Found::Folder(self.place(pair))));
            self.found += bytes;
        }
        // A few trees make many pairs, each with all that differs in it.
        self.check()
    }
}
