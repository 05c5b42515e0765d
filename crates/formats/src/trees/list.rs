//! The files that a comparison has found, each with its path: found once, a folder may stand in many places.

use super::{Change, Comparison, FOLDERS_DEEP, Folder, Found, PATH_BYTES, TreeError, beginning};
use std::collections::HashMap;

/// Bytes in memory of each file in the list, beside its path, which is there twice: who reads the files one by one
/// asks for each, and notes which were seen.
const FILE_BYTES: u64 = 350;

impl Comparison {
    /// The files, where each folder stands in the one above.
    ///
    /// # Errors
    /// They lie too deep, their paths are too long, or they are too many.
    pub fn files(self) -> Result<Vec<Change>, TreeError> {
        let Self { places, mut folders, found, bytes_max, .. } = self;
        // Which pairs there were is of no more use.
        drop(places);
        let mut known = HashMap::new();
        if listed(&folders, 0, 1, &mut known)?.bytes.saturating_add(found) > bytes_max {
            return Err(TreeError::Long(bytes_max));
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
    /// Of the longest path to a file.
    longest: u64,
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
    let mut all = Listed { files: 0, bytes: 0, longest: 0, levels: 1 };
    for (name, found) in folders.get(at).into_iter().flatten() {
        let length = name.len() as u64;
        let (more, theirs, longest) = match found {
            Found::File(_) => (1, FILE_BYTES + 2 * length, length),
            Found::Folder(number) => {
                let inner = listed(folders, *number, depth + 1, known)?;
                all.levels = all.levels.max(inner.levels + 1);
                let step = length + 1;
                let paths = inner.files.saturating_mul(2 * step);
                let longest = if inner.files == 0 { 0 } else { step + inner.longest };
                (inner.files, inner.bytes.saturating_add(paths), longest)
            }
        };
        if longest > PATH_BYTES {
            return Err(TreeError::LongPath { folder: beginning(name.as_bytes()) });
        }
        all.files = all.files.saturating_add(more);
        all.bytes = all.bytes.saturating_add(theirs);
        all.longest = all.longest.max(longest);
    }
    known.insert(at, all);
    Ok(all)
}
