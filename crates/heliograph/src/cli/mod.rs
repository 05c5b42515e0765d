//! The subcommands, one file each.

pub(crate) mod import;
pub(crate) mod query;
