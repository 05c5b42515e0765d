//! What can go wrong. No message carries a value from a row: report texts must never reach a log.

/// A failure of the database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A `UNIQUE` or primary key is already taken.
    #[error("already there ({constraint})")]
    Duplicate {
        /// Table and columns, or the constraint's name.
        constraint: String,
    },
    /// Another writer holds the database for too long.
    #[error("the database is busy; try again")]
    Busy,
    /// The commit's answer was lost: what was written may or may not be kept.
    #[error("the database did not answer a commit: {0}")]
    CommitUnknown(String),
    /// The connection is gone.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// The disk is full or cannot be written.
    #[error("the database cannot write: {0}")]
    CannotWrite(String),
    /// A column held something else than was asked for.
    #[error("a column holds {found}, expected {expected}")]
    Decode {
        /// What was asked for.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// A statement is wrong; a fault of the program.
    #[error("the database refused a statement: {0}")]
    Statement(String),
    /// The schema is not the one that this program knows.
    #[error("{0}")]
    Schema(String),
}

/// The result of a storage call.
pub type Result<T> = std::result::Result<T, Error>;

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let Some(inner) = error.sqlite_error() else {
            return Self::Statement(error.to_string());
        };
        let words = match &error {
            rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
            _ => inner.to_string(),
        };
        match inner.code {
            Code::ConstraintViolation => Self::Duplicate { constraint: words },
            Code::DatabaseBusy | Code::DatabaseLocked => Self::Busy,
            Code::DiskFull | Code::ReadOnly | Code::SystemIoFailure | Code::FileLockingProtocolFailed => {
                Self::CannotWrite(words)
            }
            Code::CannotOpen | Code::NotADatabase | Code::DatabaseCorrupt => Self::Unreachable(words),
            _ => Self::Statement(words),
        }
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        // `DETAIL` quotes key values, so only the message and the constraint's name are taken.
        let Some(db) = error.as_db_error() else {
            return Self::Unreachable(error.to_string());
        };
        match db.code().code() {
            "23505" => Self::Duplicate { constraint: db.constraint().unwrap_or("unknown").to_owned() },
            "40001" | "40P01" | "55P03" => Self::Busy,
            "53100" | "53200" | "25006" => Self::CannotWrite(db.message().to_owned()),
            code if code.starts_with("08") || code.starts_with("57P") => {
                Self::Unreachable(db.message().to_owned())
            }
            _ => Self::Statement(db.message().to_owned()),
        }
    }
}
