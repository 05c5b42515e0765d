//! What stands in a tree.
//!
//! Authority for how long a name may be: `NAME_MAX` of Linux, which is that of most file systems. No work tree can
//! have a longer one, so that no repository that anybody works in has it.
//!
//! Authority for the rest: what git itself cannot read (`badTree` of git-fsck(1): no name, a mode that is not octal),
//! and what it reads and puts into no work tree (`fullPathname`, `hasDot`, `hasDotdot`): as steps of a path these would
//! lead to other files. `hasDotgit` is not refused: what begins with a dot is no data, and no work tree is made.

use super::{NAME_BYTES, TreeError, beginning};

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

/// All of a tree; the first that cannot be read is the last.
pub(super) fn entries(
    mut tree: &[u8],
    id_bytes: usize,
) -> impl Iterator<Item = Result<Entry<'_>, TreeError>> {
    std::iter::from_fn(move || {
        if tree.is_empty() {
            return None;
        }
        let first = first(tree, id_bytes).ok_or(TreeError::Damaged);
        let allowed = first.and_then(|(entry, rest)| entry.check().map(|()| (entry, rest)));
        tree = allowed.as_ref().map_or(&[], |(_, rest)| *rest);
        Some(allowed.map(|(entry, _)| entry))
    })
}

/// The first of a tree, and what stands behind it.
fn first(tree: &[u8], id_bytes: usize) -> Option<(Entry<'_>, &[u8])> {
    let end = tree.iter().position(|byte| *byte == 0)?;
    let (head, rest) = (tree.get(..end)?, tree.get(end + 1..)?);
    let blank = head.iter().position(|byte| *byte == b' ')?;
    let (id, rest) = rest.split_at_checked(id_bytes)?;
    Some((Entry { mode: &head[..blank], name: &head[blank + 1..], id }, rest))
}
