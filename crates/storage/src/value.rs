//! What can stand in a column: nothing, a number, a text, bytes.

use crate::error::{Error, Result};
use jiff::Timestamp;

/// One value, in either direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// SQL `NULL`.
    Null,
    /// `BIGINT`.
    Int(i64),
    /// `TEXT`.
    Text(String),
    /// `BLOB`, `BYTEA` on PostgreSQL.
    Blob(Vec<u8>),
}

impl Value {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "number",
            Self::Text(_) => "text",
            Self::Blob(_) => "bytes",
        }
    }
}

macro_rules! into_value {
    ($($from:ty => |$x:ident| $to:expr),* $(,)?) => {
        $(impl From<$from> for Value {
            fn from($x: $from) -> Self {
                $to
            }
        })*
    };
}

into_value! {
    i64 => |x| Self::Int(x),
    i32 => |x| Self::Int(x.into()),
    u32 => |x| Self::Int(x.into()),
    bool => |x| Self::Int(x.into()),
    &str => |x| Self::Text(x.to_owned()),
    String => |x| Self::Text(x),
    &String => |x| Self::Text(x.clone()),
    Vec<u8> => |x| Self::Blob(x),
    &[u8] => |x| Self::Blob(x.to_vec()),
    [u8; 32] => |x| Self::Blob(x.to_vec()),
    // Instants stand as microseconds since 1970: sortable, exact, the same in both engines.
    Timestamp => |x| Self::Int(x.as_microsecond()),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(option: Option<T>) -> Self {
        option.map_or(Self::Null, Into::into)
    }
}

/// What a column can be read as.
pub trait FromValue: Sized {
    /// Reads the value, or says what was expected.
    ///
    /// # Errors
    /// The column holds another kind of value.
    fn from_value(value: &Value) -> Result<Self>;
}

fn wrong<T>(expected: &'static str, found: &Value) -> Result<T> {
    Err(Error::Decode { expected, found: found.kind() })
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Int(x) => Ok(*x),
            other => wrong("number", other),
        }
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Result<Self> {
        i64::from_value(value).map(|x| x != 0)
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Text(x) => Ok(x.clone()),
            other => wrong("text", other),
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Blob(x) => Ok(x.clone()),
            other => wrong("bytes", other),
        }
    }
}

impl FromValue for [u8; 32] {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Blob(x) => x.as_slice().try_into().or_else(|_| wrong("32 bytes", value)),
            other => wrong("32 bytes", other),
        }
    }
}

impl FromValue for Timestamp {
    fn from_value(value: &Value) -> Result<Self> {
        let micros = i64::from_value(value)?;
        Timestamp::from_microsecond(micros).or_else(|_| wrong("instant", value))
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Result<Self> {
        match value {
            Value::Null => Ok(None),
            some => T::from_value(some).map(Some),
        }
    }
}
