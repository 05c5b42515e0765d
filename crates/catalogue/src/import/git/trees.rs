//! Which files of a commit are to be read: all, or those that changed since another.

use super::Commit;
use super::objects::objects;
use formats::trees::{Change, Comparison};
use std::collections::HashMap;
use std::io;

/// The files by which a commit differs from another, or from no file at all; or why nobody knows.
pub(in super::super) struct Changes {
    is_since: bool,
    all: io::Result<Vec<Change>>,
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

/// Bytes that a comparison, and then its list of files, takes up in memory: of the CVE list, with 300,000 files, some
/// 130 million.
const CHANGES_BYTES: u64 = 512 << 20;
/// Bytes of one tree, which git has in memory whole before it says a word of it: a folder with a million files.
const TREE_BYTES: u64 = 64 << 20;

fn changes(commit: &Commit) -> io::Result<Vec<Change>> {
    let tree = |id: &str| format!("{id}^{{tree}}");
    let before = commit.since.as_deref().map(tree);
    let mut comparison = Comparison::new(before, tree(&commit.id), commit.id.len() / 2, CHANGES_BYTES);
    loop {
        let wanted = comparison.wanted();
        if wanted.is_empty() {
            return comparison.files().map_err(io::Error::other);
        }
        let ids: Vec<&str> = wanted.iter().map(String::as_str).collect();
        let mut trees = HashMap::with_capacity(ids.len());
        objects(&commit.repository, ("tree", TREE_BYTES), &ids, CHANGES_BYTES, &mut |at, found| {
            let (bytes, object) = found?;
            if bytes > TREE_BYTES {
                let (own, most) = (bytes.div_ceil(1 << 20), TREE_BYTES >> 20);
                return Err(io::Error::other(format!("the tree {}: {own} MiB, {most} MiB at most", ids[at])));
            }
            comparison.admit(bytes).map_err(io::Error::other)?;
            let mut tree = Vec::with_capacity(bytes as usize);
            object.read_to_end(&mut tree)?;
            trees.insert(ids[at].to_owned(), tree);
            Ok(true)
        })?;
        comparison.take(&trees).map_err(io::Error::other)?;
    }
}
