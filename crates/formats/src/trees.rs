//! Trees of git, compared: which files a commit has, or in which it differs from another.
//!
//! Authority: git-ls-tree(1), and how git writes a tree: mode, blank, name, NUL and id, one behind the other.
//!
//! They are compared level by level, and none is asked for that stands in both commits: git's own comparison has all
//! of it in memory before it says a word, and a kilobyte of trees can name more files than any memory holds.

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// One is no tree, or ends too early.
    #[error("a tree is damaged")]
    Damaged,
    /// Folders below one another.
    #[error("more than {FOLDERS_DEEP} folders deep")]
    Deep,
    /// Trees that each hold another many times name no end of files, and of folders to compare.
    #[error("the list of what it holds is longer than {} MiB", .0 >> 20)]
    Long(u64),
    /// A few trees that each stand beside many others are compared again and again, also where nothing differs.
    #[error("to compare its folders would take more than {} MiB of them, read again and again", .0 >> 20)]
    Often(u64),
}

/// Bytes in memory of each file or folder in a list, beside its name.
const LISTED_BYTES: u64 = 150;
/// Bytes in memory of two trees that are compared, beside what is found.
const PAIR_BYTES: u64 = 500;
/// Bytes in memory of what stands in a tree, beside its own, while that is compared.
const ENTRY_BYTES: u64 = 150;
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
    /// Bytes that all of this takes up in memory, and how many it may.
    bytes: u64,
    bytes_max: u64,
    /// Bytes of trees that were compared, each as often as it was: time, as it were, that no clock has to measure.
    compared: u64,
}

impl Comparison {
    /// Of a tree with an earlier one, or with nothing. Ids within trees have so many bytes; these two may be anything by
    /// which they are found. What is found, and the list of files, may each take up so many bytes in memory; twice as
    /// many may be compared, since a folder was and is.
    #[must_use]
    pub fn new(before: Option<String>, now: String, id_bytes: usize, bytes_max: u64) -> Self {
        let (places, level, folders) = (HashMap::new(), Vec::new(), Vec::new());
        let mut new = Self { id_bytes, places, level, folders, levels: 0, bytes: 0, bytes_max, compared: 0 };
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

    /// Takes the trees that were wanted, by their ids; one that is not there counts as empty.
    ///
    /// # Errors
    /// One is damaged, they lie too deep, too much in them differs, or they would be compared too often.
    pub fn take(&mut self, trees: &HashMap<String, Vec<u8>>) -> Result<(), TreeError> {
        self.levels += 1;
        if self.levels > FOLDERS_DEEP {
            return Err(TreeError::Deep);
        }
        let holds =
            |id: &Option<String>| id.as_ref().and_then(|id| trees.get(id)).map_or(&[][..], Vec::as_slice);
        for (before, now) in std::mem::take(&mut self.level) {
            let folder = self.folder(holds(&before), holds(&now))?;
            self.folders.push(folder);
        }
        let found: usize = self.folders.iter().map(Vec::len).sum();
        debug_assert!(
            found as u64 * LISTED_BYTES + self.places.len() as u64 * PAIR_BYTES
                <= self.bytes_max + PAIR_BYTES,
            "{found} files and folders in {} pairs, more than {} bytes",
            self.places.len(),
            self.bytes_max
        );
        Ok(())
    }

    fn place(&mut self, pair: Pair) -> usize {
        let place = self.places.len();
        *self.places.entry(pair).or_insert_with_key(|pair| {
            self.level.push(pair.clone());
            self.bytes += PAIR_BYTES;
            place
        })
    }

    fn folder(&mut self, before: &[u8], now: &[u8]) -> Result<Folder, TreeError> {
        let mut gone: HashMap<&[u8], Entry<'_>> = HashMap::new();
        for entry in entries(before, self.id_bytes) {
            let entry = self.counted(entry?)?;
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
        let bytes = LISTED_BYTES + name.len() as u64;
        let tree =
            |entry: &Option<Entry<'_>>| entry.as_ref().filter(|entry| entry.is_folder()).map(Entry::hex);
        let pair = (tree(&was), tree(&is));
        let has_file = |entry: &Option<Entry<'_>>| entry.as_ref().is_some_and(|entry| !entry.is_folder());
        if has_file(&was) || has_file(&is) {
            let id = is.filter(Entry::is_file).map(|entry| entry.hex());
            folder.push((name.clone(), Found::File(id)));
            self.bytes += bytes;
        }
        if pair != (None, None) {
            folder.push((name, Found::Folder(self.place(pair))));
            self.bytes += bytes;
        }
        // A few trees make many pairs, each with all that differs in it.
        if self.bytes > self.bytes_max { Err(TreeError::Long(self.bytes_max)) } else { Ok(()) }
    }

    /// The files, where each folder stands in the one above.
    ///
    /// # Errors
    /// They lie too deep, or are too many.
    pub fn files(self) -> Result<Vec<Change>, TreeError> {
        let (mut folders, mut known) = (self.folders, HashMap::new());
        if listed(&folders, 0, 1, &mut known)?.bytes > self.bytes_max {
            return Err(TreeError::Long(self.bytes_max));
        }
        // Folders without a file can be as many as files, and would be met again wherever the one above stands.
        let leads_on = |found: &Found| match found {
            Found::File(_) => true,
            Found::Folder(number) => known.get(number).is_some_and(|it| it.files > 0),
        };
        folders.iter_mut().for_each(|folder| folder.retain(|(_, found)| leads_on(found)));
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
}

/// What a folder comes to, with all in it.
#[derive(Clone, Copy)]
struct Listed {
    files: u64,
    /// Of their list.
    bytes: u64,
    /// Folders below one another, itself included.
    levels: usize,
}

/// What a folder comes to that lies at this depth. A tree may stand below itself where nobody compares it with its id,
/// and below another many levels deeper than where it is first met.
fn listed(
    folders: &[Folder],
    at: usize,
    depth: usize,
    known: &mut HashMap<usize, Listed>,
) -> Result<Listed, TreeError> {
    let deep = |levels: usize| if depth + levels > FOLDERS_DEEP + 1 { Err(TreeError::Deep) } else { Ok(()) };
    if let Some(known) = known.get(&at) {
        return deep(known.levels).map(|()| *known);
    }
    deep(1)?;
    let mut all = Listed { files: 0, bytes: 0, levels: 1 };
    for (name, found) in folders.get(at).into_iter().flatten() {
        let length = name.len() as u64;
        let (more, theirs) = match found {
            Found::File(_) => (1, LISTED_BYTES + length),
            Found::Folder(number) => {
                let inner = listed(folders, *number, depth + 1, known)?;
                all.levels = all.levels.max(inner.levels + 1);
                (inner.files, inner.bytes.saturating_add(inner.files.saturating_mul(length + 1)))
            }
        };
        all.files = all.files.saturating_add(more);
        all.bytes = all.bytes.saturating_add(theirs);
    }
    known.insert(at, all);
    Ok(all)
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

    /// In its tree, with the blank and the NUL.
    fn bytes(&self) -> u64 {
        (self.mode.len() + self.name.len() + self.id.len() + 2) as u64
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

fn entries(mut tree: &[u8], id_bytes: usize) -> impl Iterator<Item = Result<Entry<'_>, TreeError>> {
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
            return Some(Err(TreeError::Damaged));
        };
        tree = rest;
        Some(Ok(entry))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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

    /// Compares trees whose ids are their numbers, of one byte: the first with nothing.
    fn compared(trees: &[Vec<u8>]) -> Result<Vec<Change>, TreeError> {
        compared_with(None, trees, BYTES_MAX)
    }

    const BYTES_MAX: u64 = 1 << 20;

    fn compared_with(
        before: Option<&str>,
        trees: &[Vec<u8>],
        bytes_max: u64,
    ) -> Result<Vec<Change>, TreeError> {
        let mut comparison = Comparison::new(before.map(str::to_owned), "00".to_owned(), 1, bytes_max);
        let all: HashMap<String, Vec<u8>> =
            trees.iter().enumerate().map(|(id, tree)| (format!("{id:02x}"), tree.clone())).collect();
        while !comparison.wanted().is_empty() {
            comparison.take(&all)?;
        }
        comparison.files()
    }

    fn tree(entries: &[(&str, &str, u8)]) -> Vec<u8> {
        let entry =
            |(mode, name, id): &(&str, &str, u8)| [format!("{mode} {name}\0").as_bytes(), &[*id]].concat();
        entries.iter().flat_map(entry).collect()
    }

    /// Git does not compare what lies in its files with the id by which it is found, so a tree may hold itself.
    #[test]
    fn a_tree_that_holds_itself_is_refused() {
        let own = tree(&[("100644", "file", 9), ("40000", "again", 0)]);
        assert_eq!(compared(&[own]), Err(TreeError::Deep));
        let (one, other) = (tree(&[("40000", "x", 1)]), tree(&[("40000", "y", 0)]));
        assert_eq!(compared(&[one, other]), Err(TreeError::Deep));
    }

    /// Each of these trees is met one level below the root, and lies as deep as there are trees.
    #[test]
    fn a_chain_that_is_met_from_above_is_as_deep_as_it_is() {
        let chain = |length: u8| {
            let names: Vec<String> = (0..length).map(|number| number.to_string()).collect();
            let all = names.iter().zip(1..).map(|(name, id)| ("40000", name.as_str(), id));
            let mut trees = vec![tree(&all.collect::<Vec<_>>())];
            trees.extend((1..length).map(|number| tree(&[("40000", "x", number + 1)])));
            trees.push(tree(&[("100644", "file", 0)]));
            trees
        };
        assert_eq!(compared(&chain(63)).unwrap().len(), 63);
        assert_eq!(compared(&chain(64)), Err(TreeError::Deep));
        assert_eq!(compared(&chain(200)), Err(TreeError::Deep));
    }

    /// Ten trees that each hold the one before ten times have ten thousand million folders, and not one file.
    #[test]
    fn folders_without_a_file_are_not_walked_through() {
        let names: Vec<String> = (0..10).map(|number| number.to_string()).collect();
        let ten = |id: u8| tree(&names.iter().map(|name| ("40000", name.as_str(), id)).collect::<Vec<_>>());
        let mut trees: Vec<Vec<u8>> = (1..=10).map(ten).collect();
        trees.push(Vec::new());
        assert_eq!(compared(&trees), Ok(Vec::new()));
        trees[10] = tree(&[("100644", "file", 0)]);
        assert_eq!(compared(&trees), Err(TreeError::Long(BYTES_MAX)));
    }

    const SIDE: u8 = 20;

    /// Each leaf of one side stands beside each of the other: 20 and 20 leaves are 400 pairs. In them lie 20 folders
    /// without a file, under names that begin as they are told.
    fn many_pairs(were: &str, are: &str) -> Vec<Vec<u8>> {
        let names: Vec<String> = (0..SIDE).map(|number| number.to_string()).collect();
        let each = |prefix: &str, id: &dyn Fn(u8) -> u8| {
            let names: Vec<String> = names.iter().map(|name| format!("{prefix}{name}")).collect();
            let all = names.iter().zip(0..).map(|(name, at)| ("40000", name.as_str(), id(at)));
            tree(&all.collect::<Vec<_>>())
        };
        // The roots, their trees, their leaves, and a tree of nothing.
        let (middle, leaf, empty) = ([2, 2 + SIDE], [2 + 2 * SIDE, 2 + 3 * SIDE], 2 + 4 * SIDE);
        let mut trees: Vec<Vec<u8>> = middle.map(|first| each("", &|at| first + at)).into();
        trees.extend((0..SIDE).map(|at| each("", &|_| leaf[0] + at)));
        trees.extend((0..SIDE).map(|_| each("", &|at| leaf[1] + at)));
        trees.extend((0..SIDE).map(|_| each(are, &|_| empty)));
        trees.extend((0..SIDE).map(|_| each(were, &|_| empty)));
        trees.push(Vec::new());
        trees
    }

    /// In each pair 20 folders are gone and 20 are new. Not one file comes of it.
    #[test]
    fn a_few_trees_that_make_many_pairs_are_refused_while_they_are_compared() {
        let trees = many_pairs("gone", "new");
        let found = 400 * (2 * u64::from(SIDE) + 1);
        assert_eq!(
            compared_with(Some("01"), &trees, found * LISTED_BYTES),
            Err(TreeError::Long(found * LISTED_BYTES))
        );
        assert_eq!(compared_with(Some("01"), &trees, 2 * found * LISTED_BYTES), Ok(Vec::new()));
    }

    /// Nothing differs in any pair, so that nothing is found that would take up memory.
    #[test]
    fn trees_that_are_compared_too_often_are_refused_also_where_nothing_differs() {
        let trees = many_pairs("same", "same");
        let pairs = (400 + 2 * u64::from(SIDE)) * (PAIR_BYTES + LISTED_BYTES + 10);
        assert_eq!(compared_with(Some("01"), &trees, pairs), Err(TreeError::Often(2 * pairs)));
        assert_eq!(compared_with(Some("01"), &trees, 5 * pairs), Ok(Vec::new()));
    }

    /// git-ls-tree(1): names are bytes.
    #[test]
    fn no_two_names_become_one_text() {
        let plain = [r"CVE-2024-1.json", r"a\b", r"\x", r"\xf", r"C:\xyz", r"a\\b", "\u{ff}'\"\n", ""];
        assert_eq!(plain.map(|name| exactly(name.as_bytes())), plain);
        let odd: [&[u8]; 9] = [
            b"\xff",
            br"\xff",
            br"\\xff",
            b"\\\xff",
            br"\\\xff",
            br"\xFF",
            br"\\xFF",
            b"\xc3\\xff",
            b"\xc3\xff",
        ];
        let texts: HashSet<String> = odd.into_iter().chain(plain.map(str::as_bytes)).map(exactly).collect();
        assert_eq!(texts.len(), odd.len() + plain.len(), "{texts:?}");
    }
}
