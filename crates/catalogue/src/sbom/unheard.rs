//! Statements of VEX that are heard of no part, and why: what is left out without a word is taken for heard.

use std::collections::BTreeMap;

/// Why a statement is heard of no part of a bill; of several reasons the one that comes closest to being heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Why {
    OtherVersions,
    Shared,
    ListedApart,
    #[default]
    NotInBill,
    InWords,
    Nameless,
}

impl Why {
    fn words(self) -> &'static str {
        match self {
            Self::OtherVersions => "about other versions or variants of parts than the bill has",
            Self::Shared => "by references that several parts share",
            Self::ListedApart => "about versions of products that have no package URL",
            Self::NotInBill => "about no product that is in the bill",
            Self::InWords => {
                "about products known by words alone, which are not name and version of what the bill is of"
            }
            Self::Nameless => "about vulnerabilities without a name",
        }
    }
}

/// How many are not heard, each reason in a note of its own; and whether that could not be found out of all.
pub(super) fn notes(unheard: &BTreeMap<Why, usize>, is_cut: bool) -> Vec<String> {
    let note = |(why, count): (&Why, &usize)| match count {
        1 => format!("1 statement of VEX is not heard: it is {}", why.words()),
        _ => format!("{count} statements of VEX are not heard: they are {}", why.words()),
    };
    let cut = is_cut.then(|| "There is so much VEX that not all that is not heard was counted".to_owned());
    unheard.iter().map(note).chain(cut).collect()
}
