//! The index by which records are searched: a folder beside the catalogue's file, made from it.
//!
//! It follows the records as a view follows the journal: each record carries the number of its last
//! change, and the index says with each commit up to which change it is. Whatever was interrupted,
//! the next round goes on from there; a folder that is lost or cannot be read is made anew. One
//! process writes at a time, any number read; a change by another process is seen within a second.

mod collect;
mod compile;
mod dictionary;
mod follow;
mod forms;
mod schema;
mod search;
mod tokens;

pub use collect::Facets;
pub(super) use follow::{Follower, Staged};
pub(super) use schema::Facts;
pub(super) use search::{Found, Records, Wanted};

use super::hot::Hot;
use super::store::Error;
use rusqlite::Connection;
use schema::{Fields, VERSION};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tantivy::directory::MmapDirectory;
use tantivy::{IndexReader, ReloadPolicy};

/// The index of a catalogue.
pub(super) struct Index {
    index: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
    /// Forms of words that were looked up, by field and word.
    forms: Hot<(u32, String), Arc<Vec<String>>>,
    /// Nothing of the records is in it, though there are some. It takes minutes to make it anew.
    is_lost: AtomicBool,
}

impl From<tantivy::TantivyError> for Error {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Index(error.to_string())
    }
}

impl Index {
    /// Opens the index of a catalogue's file, which `db` reads; makes it, if there is none that can be read.
    pub(super) fn open(catalogue: &Path, db: &Connection) -> Result<Self, Error> {
        let folder = folder(catalogue);
        forget_older(catalogue);
        let index = Self::open_in(&folder).or_else(|error| {
            tracing::warn!(%error, folder = %folder.display(), "the search index cannot be read");
            std::fs::remove_dir_all(&folder).map_err(|error| Error::Index(error.to_string()))?;
            Self::open_in(&folder)
        })?;
        index.is_lost.store(index.lacks_all(db)?, Ordering::Relaxed);
        Ok(index)
    }

    fn open_in(folder: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(|error| Error::Index(error.to_string()))?;
        let (schema, fields) = Fields::schema();
        let directory = MmapDirectory::open(folder).map_err(|error| Error::Index(error.to_string()))?;
        let index = tantivy::Index::open_or_create(directory, schema)?;
        index.tokenizers().register(tokens::NAME, tokens::analyzer());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::OnCommitWithDelay).try_into()?;
        Ok(Self { index, reader, fields, forms: Hot::default(), is_lost: AtomicBool::new(false) })
    }
}

/// Removes what an older program left: nothing else reads it, and it is made anew from the records.
fn forget_older(catalogue: &Path) {
    let now: u32 = VERSION.parse().unwrap_or(0);
    for older in 1..now {
        let folder = catalogue.with_extension(format!("index-{older}"));
        if folder.is_dir()
            && let Err(error) = std::fs::remove_dir_all(&folder)
        {
            tracing::warn!(%error, folder = %folder.display(), "an index of an older program stays");
        }
    }
}

/// Beside the file, named after it; another version of the index lies in another folder.
fn folder(catalogue: &Path) -> PathBuf {
    catalogue.with_extension(format!("index-{VERSION}"))
}
