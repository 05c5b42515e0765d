//! The profiles in force: those that come with the program.

use clocks::Profile;
use std::sync::LazyLock;

/// All built-in profiles. They are parsed once; a test proves that each of them can be.
pub(crate) static ACTIVE: LazyLock<Vec<Profile>> =
    LazyLock::new(|| clocks::builtin().iter().filter_map(|(_, text)| Profile::parse(text).ok()).collect());

/// The profiles, active and reference.
pub(crate) fn profiles() -> &'static [Profile] {
    &ACTIVE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_is_loaded() {
        assert_eq!(profiles().len(), clocks::builtin().len());
        assert!(profiles().iter().any(|profile| profile.id == "cra-art14"));
    }
}
