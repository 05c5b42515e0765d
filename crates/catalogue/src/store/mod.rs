//! All SQL about the catalogue: one SQLite file, many readers, one writer at a time.

mod anew;
mod changes;
mod dump;
mod follow;
mod hidden;
mod history;
mod lists;
mod open;
mod origins;
mod packages;
mod page;
mod parts;
mod read;
mod reports;
mod search;
mod write;

pub(super) use anew::count;
pub(super) use dump::{Dumped, dates, dump, ecosystems};
pub(super) use follow::{changed_since, identity, last_change, words};
pub(super) use history::{Among, first_import, happenings, history, replaced, replacing, turns};
pub use history::{Change, Happened, Happening};
pub use lists::Likelihood;
pub(super) use lists::{
    OfScores, attack_entry, attack_patterns, each_score, likelihood, put_attack, put_scores, scores_since,
    state_of_scores,
};
pub(super) use open::{Pool, begin, begin_if_free, is_busy, open_writer, shorten_log};
pub(super) use origins::{Lies, files_of, is_too_much, put_origin, root, sweep};
pub(super) use packages::{has_ecosystem, rows as package_rows};
pub(crate) use page::Stored;
pub(super) use page::{named, related};
pub(super) use parts::{Grade, grades, record_of, worse, worst};
pub use read::{Answer, Summary};
pub(super) use read::{
    answer, body, counts, imports_finished, latest_import, published_seq, summary_by_key, tag_of,
};
pub use reports::{Imported, Turn};
pub(super) use reports::{import, imports, put_report, set_turn, turn};
pub(super) use search::{by_key, listed, listed_ids, listing, of_source, one_of_source, stored};
pub(super) use write::{Outcome, begin_import, finish_import, hashes, put, set_published_seq};

use super::index::Facts;
use formats::Kind;

/// Is told of how many records of how many something is made anew: a file of an older program, or the search index.
pub(crate) type Tell<'a> = &'a mut dyn FnMut(u64, u64);

/// Why the catalogue did not answer. It is never the asker's fault.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite or the disk.
    #[error("the catalogue: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The search index.
    #[error("the search index: {0}")]
    Index(String),
    /// What is stored cannot be read.
    #[error("the catalogue: {0}")]
    Stored(String),
}

impl Error {
    /// Somebody else is writing just now: the same question will be answered in a moment.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Sqlite(rusqlite::Error::SqliteFailure(code, _))
            if code.code == rusqlite::ErrorCode::DatabaseBusy)
    }
}

/// The format of a stored document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// One of the formats that are read.
    Read(Kind),
    /// An advisory of this centre.
    Advisory,
}

/// The numbers under which forms are stored; they never change their meaning.
const FORMS: [(i64, Form); 10] = [
    (0, Form::Read(Kind::Cve5)),
    (1, Form::Read(Kind::OsvJson)),
    (2, Form::Read(Kind::OsvYaml)),
    (3, Form::Read(Kind::Csaf20)),
    (4, Form::Read(Kind::Csaf21)),
    (5, Form::Read(Kind::Kev)),
    (6, Form::Advisory),
    (7, Form::Read(Kind::Nvd)),
    (8, Form::Read(Kind::Ghsa)),
    (9, Form::Read(Kind::OpenVex)),
];

impl Form {
    /// How many there are; their numbers are below.
    pub(crate) const COUNT: usize = FORMS.len();

    pub(crate) fn number(self) -> i64 {
        FORMS.iter().find(|(_, form)| *form == self).map_or(-1, |(number, _)| *number)
    }

    fn of_number(number: i64) -> Result<Self, Error> {
        let found = FORMS.iter().find(|(stored, _)| *stored == number).map(|(_, form)| *form);
        found.ok_or_else(|| Error::Stored(format!("a record of unknown form {number}")))
    }
}
