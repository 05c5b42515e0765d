//! What stands in a tree.
//!
//! Authority for how long a name may be: `NAME_MAX` of Linux, which is that of most file systems. No work tree can
//! have a longer one, so that no repository that anybody works in has it.
//!
//! Authority for the order: `treeNotSorted` and `duplicateEntries` of git-fsck(1), and how git compares names, as if a
//! slash stood behind that of a folder. A name that stands there twice would be read twice, and which of the two a work
//! tree has is by chance.
//!
//! Authority for the rest: what git itself cannot read (`badTree` of git-fsck(1): no name, a mode that is not octal),
//! and what it reads and puts into no work tree (`fullPathname`, `hasDot`, `hasDotdot`): as steps of a path these would
//! lead to other files. `hasDotgit` is not refused: what begins with a dot is no data, and no work tree is made.

use super::{NAME_BYTES, TreeError, beginning};
use std::cmp::Ordering;

/// Digits of a mode. Git writes six at most; what has more zeros before it (`zeroPaddedFilemode`) was written by other
/// programs, one of them at most.
const MODE_DIGITS: usize = 7;

/// A line of a tree, as it were.
pub(super) struct Entry<'a> {
    pub(super) mode: &'a [u8],
    pub(super) name: &'a [u8],
    pub(super) id: &'a [u8],
}

impl Entry<'_> {
    /// What kind of thing it is: the mode, in octal and perhaps with zeros before it, without permissions.
    fn kind(&self) -> Option<u32> {
        let mode = std::str::from_utf8(self.mode).ok()?;
        Some(u32::from_str_radix(mode, 8).ok()? & 0o170_000)
    }

    /// Whether it is what stands in trees of repositories that anybody works in.
    fn check(&self) -> Result<(), TreeError> {
        let is_octal = self.mode.iter().all(|digit| matches!(digit, b'0'..=b'7'));
        match self.name {
            name if name.len() > NAME_BYTES => {
                Err(TreeError::LongName { name: beginning(name), bytes: name.len() })
            }
            name if matches!(name, b"" | b"." | b"..") || name.contains(&b'/') => {
                Err(TreeError::NoName(beginning(name)))
            }
            name if !is_octal || !(1..=MODE_DIGITS).contains(&self.mode.len()) => {
                Err(TreeError::NoMode(beginning(name)))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn is_folder(&self) -> bool {
        self.kind() == Some(0o040_000)
    }

    /// In its tree, with the blank and the NUL.
    pub(super) fn bytes(&self) -> u64 {
        (self.mode.len() + self.name.len() + self.id.len() + 2) as u64
    }

    /// Neither a link nor another repository.
    pub(super) fn is_file(&self) -> bool {
        self.kind() == Some(0o100_000)
    }

    pub(super) fn hex(&self) -> String {
        let digits = self.id.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])).collect()
    }
}

/// All of a tree; the first that cannot be read, or stands in another place than git writes it, is the last.
pub(super) fn entries(
    mut tree: &[u8],
    id_bytes: usize,
) -> impl Iterator<Item = Result<Entry<'_>, TreeError>> {
    let mut order = Order::default();
    std::iter::from_fn(move || {
        if tree.is_empty() {
            return None;
        }
        let first = first(tree, id_bytes).ok_or(TreeError::Damaged);
        let allowed = first.and_then(|(entry, rest)| {
            entry.check()?;
            order.check(&entry)?;
            Ok((entry, rest))
        });
        tree = allowed.as_ref().map_or(&[], |(_, rest)| *rest);
        Some(allowed.map(|(entry, _)| entry))
    })
}

/// What stood before in a tree.
#[derive(Default)]
struct Order<'a> {
    /// A name, and whether it is that of a folder.
    last: Option<(&'a [u8], bool)>,
    /// Names of files of which a folder may follow: each begins with the one before it, so that there are no more than
    /// a name has bytes.
    files: Vec<&'a [u8]>,
}

impl<'a> Order<'a> {
    /// Whether this may stand behind it.
    fn check(&mut self, entry: &Entry<'a>) -> Result<(), TreeError> {
        let own = (entry.name, entry.is_folder());
        let sorted = |(name, is_folder): (&'a [u8], bool)| name.iter().chain(is_folder.then_some(&b'/'));
        match self.last.replace(own).map_or(Ordering::Less, |last| sorted(last).cmp(sorted(own))) {
            Ordering::Less => {}
            Ordering::Equal => return Err(TreeError::Twice(beginning(entry.name))),
            Ordering::Greater => return Err(TreeError::Unsorted(beginning(entry.name))),
        }
        // Between a file and a folder of its name stands what sorts before the slash: `a`, `a.b`, `a/`.
        let may_follow = |file: &&[u8]| match entry.name.strip_prefix(*file) {
            Some(rest) => rest.first().is_none_or(|next| *next < b'/'),
            None => false,
        };
        while self.files.last().is_some_and(|file| !may_follow(file)) {
            self.files.pop();
        }
        match own {
            (name, _) if self.files.last() == Some(&name) => Err(TreeError::Twice(beginning(name))),
            (_, true) => Ok(()),
            (name, false) => {
                self.files.push(name);
                Ok(())
            }
        }
    }
}

/// The first of a tree, and what stands behind it.
fn first(tree: &[u8], id_bytes: usize) -> Option<(Entry<'_>, &[u8])> {
    let end = tree.iter().position(|byte| *byte == 0)?;
    let (head, rest) = (tree.get(..end)?, tree.get(end + 1..)?);
    let blank = head.iter().position(|byte| *byte == b' ')?;
    let (id, rest) = rest.split_at_checked(id_bytes)?;
    Some((Entry { mode: &head[..blank], name: &head[blank + 1..], id }, rest))
}
