//! The profiles that this process reckons with, chosen once, before its first clock; and the field
//! lists of their forms, which come with the program.

use clocks::filing::{FieldTable, field_tables};
use clocks::{Profile, Profiles};
use sha2::{Digest, Sha256};
use std::sync::{LazyLock, OnceLock};

static AT_HAND: OnceLock<Profiles> = OnceLock::new();

/// All field lists, each with the hash of its file.
static LISTS: LazyLock<Vec<(FieldTable, String)>> = LazyLock::new(|| {
    let hash = |text: &str| Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    let read = |(_, text): &(&str, &str)| Some((FieldTable::parse(text).ok()?, hash(text)));
    field_tables().iter().filter_map(read).collect()
});

/// Chooses the profiles of this process. Whoever comes later gets those that were chosen, because
/// clocks that were reckoned by different rules cannot stand in one view.
///
/// # Errors
/// If others were chosen before.
pub(crate) fn choose(profiles: Profiles) -> anyhow::Result<()> {
    let chosen = AT_HAND.get_or_init(|| profiles.clone());
    anyhow::ensure!(*chosen == profiles, "this process already reckons with other profiles");
    Ok(())
}

/// The profiles, active and reference; those that come with the program where none were chosen.
pub(crate) fn profiles() -> &'static [Profile] {
    AT_HAND.get_or_init(Profiles::shipped).all()
}

/// The one of this id.
pub(crate) fn profile(id: &str) -> Option<&'static Profile> {
    profiles().iter().find(|profile| profile.id == id)
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
    fn every_shipped_profile_is_at_hand() {
        assert_eq!(profiles().len(), clocks::builtin().len());
        assert!(profiles().iter().any(|profile| profile.id == "cra-art14"));
        assert!(choose(Profiles::of(Vec::new())).is_err(), "and they stay");
        choose(Profiles::shipped()).unwrap();
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
        let (table, _) = field_table("enisa-srp-glossary", "1.3").unwrap();
        assert_eq!(table.read_on.to_string(), "2026-09-30");
        let known = [
            ("enisa-srp-glossary", "1.3", "998f68dd00ca88a614fe8488f27ff7e80d52c3b6f702c0c34cae599366f1f072"),
            ("nis2-art23", "1", "edeb82bbfd8405ea6593d139d33af906d23d04a72e6f79ae0bd6f376cc84cfe4"),
            ("gdpr-33", "1", "77f3a7d629d097bedfff1a10969b8577aa295d821642afdae7a430bcea90f388"),
            ("us-sec-1.05", "1", "b1bae2540033cb5670ed49e706c2c496257d2425be173be1808ff863971d8e1f"),
            ("cna-4-record", "1", "57f3286f0b709ad3e1558dd509aaa89989269c7024c675e5c02a181fc7dd59bb"),
        ];
        assert_eq!(LISTS.len(), known.len());
        for (id, version, hash) in known {
            assert_eq!(field_table(id, version).unwrap().1, hash, "{id} {version}");
        }
    }
}
