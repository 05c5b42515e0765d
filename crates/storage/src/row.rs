//! One row of an answer.

use crate::error::{Error, Result};
use crate::value::{FromValue, Value};

/// The values of one row, in the order of the select list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    /// The value in column `index`, counted from 0.
    ///
    /// # Errors
    /// There is no such column, or it holds another kind of value.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T> {
        let value = self.0.get(index).ok_or(Error::Decode { expected: "a column", found: "none" })?;
        T::from_value(value)
    }

    /// All values.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.0
    }
}
