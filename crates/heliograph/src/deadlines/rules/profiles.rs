//! The profiles in force and the field lists of their forms: those that come with the program.

use clocks::Profile;
use clocks::filing::{FieldTable, field_tables};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// All built-in profiles. They are parsed once; a test proves that each of them can be.
pub(crate) static ACTIVE: LazyLock<Vec<Profile>> =
    LazyLock::new(|| clocks::builtin().iter().filter_map(|(_, text)| Profile::parse(text).ok()).collect());

/// All field lists, each with the hash of its file.
static LISTS: LazyLock<Vec<(FieldTable, String)>> = LazyLock::new(|| {
    let hash = |text: &str| Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    let read = |(_, text): &(&str, &str)| Some((FieldTable::parse(text).ok()?, hash(text)));
    field_tables().iter().filter_map(read).collect()
});

/// The profiles, active and reference.
pub(crate) fn profiles() -> &'static [Profile] {
    &ACTIVE
}

/// A field list by its name and version, with the hash of its file.
pub(crate) fn field_table(id: &str, version: &str) -> Option<(&'static FieldTable, &'static String)> {
    let found = LISTS.iter().find(|(table, _)| table.id == id && table.version == version);
    found.map(|(table, hash)| (table, hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_is_loaded() {
        assert_eq!(profiles().len(), clocks::builtin().len());
        assert!(profiles().iter().any(|profile| profile.id == "cra-art14"));
    }

    /// A profile that names a list has it, in that version.
    #[test]
    fn every_field_list_that_a_profile_names_is_there() {
        let named: Vec<_> = profiles().iter().filter_map(|profile| profile.field_list.as_ref()).collect();
        assert!(!named.is_empty());
        for list in named {
            assert!(field_table(&list.id, &list.version).is_some(), "{} {}", list.id, list.version);
        }
    }

    /// A list that changes is a new file with a new version: filings name the old one by this hash.
    #[test]
    fn the_field_lists_are_those_that_filings_name() {
        let (table, hash) = field_table("enisa-srp-glossary", "1.3").unwrap();
        assert_eq!(table.read_on.to_string(), "2026-09-30");
        assert_eq!(hash, "998f68dd00ca88a614fe8488f27ff7e80d52c3b6f702c0c34cae599366f1f072");
    }
}
