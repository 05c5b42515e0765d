//! The profiles at hand: those that come with the program, and those of the user's own.

use jiff::Timestamp;

use crate::conflicts::{Conflict, conflicts};
use crate::evaluate::evaluate;
use crate::facts::Facts;
use crate::parse::ProfileError;
use crate::profile::Profile;
use crate::state::Assessment;

/// The profiles that come with the program: identifier and TOML text.
pub fn builtin() -> &'static [(&'static str, &'static str)] {
    macro_rules! shipped {
        ($($id:literal,)+) => {
            &[$(($id, include_str!(concat!("../../../profiles/", $id, ".toml"))),)+]
        };
    }
    shipped![
        "au-ransom",
        "au-soci",
        "centre",
        "certcc-45",
        "ch-isg",
        "cn-cnir-2025",
        "cna-4",
        "cra-art14",
        "dora-2025-301",
        "gdpr-33",
        "in-certin-2022",
        "jp-ipa-jpcert",
        "kr-48-3",
        "nis2-art23",
        "p0-90-30",
        "rmsv-2021",
        "tw-csma",
        "us-bod-22-01",
        "us-bod-26-04",
        "us-circia",
        "us-sec-1.05",
        "zdi-120",
    ]
}

/// A profile of the user's own that was refused, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {error}")]
pub struct Refused {
    /// The name of the file.
    pub name: String,
    /// What is wrong with it.
    pub error: ProfileError,
}

/// Profiles that were read and checked once, in the order of their ids.
#[derive(Clone, Debug, PartialEq)]
pub struct Profiles(Vec<Profile>);

impl Profiles {
    /// Those that come with the program. A test proves that each of them can be read.
    pub fn shipped() -> Profiles {
        Profiles::of(builtin().iter().filter_map(|(_, text)| Profile::parse(text).ok()).collect())
    }

    /// These profiles, in the order of their ids.
    pub fn of(mut profiles: Vec<Profile>) -> Profiles {
        profiles.sort_by(|a, b| a.id.cmp(&b.id));
        Profiles(profiles)
    }

    /// Those that come with the program, and then those of the user's own, given as name of the file
    /// and text. One of the same id takes the place of that of the program; all are checked alike.
    pub fn with<'t>(own: impl IntoIterator<Item = (&'t str, &'t str)>) -> Result<Profiles, Refused> {
        let shipped = builtin().iter().map(|(id, text)| (*id, *text));
        let mut profiles: Vec<Profile> = Vec::new();
        for (name, text) in shipped.chain(own) {
            let read = Profile::parse(text);
            let profile = read.map_err(|error| Refused { name: name.to_owned(), error })?;
            profiles.retain(|other| other.id != profile.id);
            profiles.push(profile);
        }
        Ok(Profiles::of(profiles))
    }

    /// All of them.
    pub fn all(&self) -> &[Profile] {
        &self.0
    }

    /// The one with that id.
    pub fn get(&self, id: &str) -> Option<&Profile> {
        self.0.iter().find(|profile| profile.id == id)
    }

    /// Every clock under every profile.
    pub fn evaluate(&self, facts: &Facts, now: Timestamp) -> Vec<Assessment> {
        self.0.iter().flat_map(|profile| evaluate(profile, facts, now)).collect()
    }

    /// The conflicts among them.
    pub fn conflicts(&self, facts: &Facts, now: Timestamp) -> Vec<Conflict> {
        conflicts(&self.0, facts, now)
    }
}
