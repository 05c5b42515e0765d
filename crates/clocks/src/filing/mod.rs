//! What a filing with an authority has to say, stage by stage. Pure.
//!
//! The fields are data: where an authority has a form of its own, its list is a file with a version
//! ([`FieldTable`]); for every other duty the form is what the profile says that it must contain.
//! Nothing is invented: a value is what somebody wrote, copied forward from stage to stage, and what
//! is missing is named.

mod form;
mod table;
mod values;

pub use form::{Form, FormField};
pub use table::{Field, FieldTable, Input, Need, Stage};
pub use values::{Finding, Problem, Values, check, copy_forward};

/// Characters in one field where its list names no limit.
pub const FIELD_MAX: usize = 10_000;

/// The field lists that come with the program: name with version, and TOML text.
pub fn field_tables() -> &'static [(&'static str, &'static str)] {
    macro_rules! lists {
        ($($name:literal),+ $(,)?) => {
            &[$(($name, include_str!(concat!("../../../../profiles/fields/", $name, ".toml")))),+]
        };
    }
    lists!["enisa-srp-glossary-1.3", "nis2-art23-1", "gdpr-33-1", "us-sec-1.05-1", "cna-4-record-1"]
}
