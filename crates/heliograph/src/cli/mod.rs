//! The command line: one file or folder for each command.

pub(crate) mod backup;
pub(crate) mod verify;
