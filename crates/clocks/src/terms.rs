//! The closed lists of words that a profile is written in.
//!
//! They are closed on purpose. A gag, or a recipient that attacks, cannot slip in under a new word.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }
    };
}

words! {
    /// Whether a profile sets deadlines, or is only read, compared and simulated.
    Mode {
        /// Its clocks bind.
        Active,
        /// Its clocks are shown as somebody else's rules.
        Reference,
    }
}
words! {
    /// What kind of rules these are.
    #[derive(Default)]
    Kind {
        /// A statute or regulation.
        #[default]
        Law,
        /// A published disclosure policy.
        DisclosurePolicy,
        /// The centre's own policy.
        CentrePolicy,
    }
}
words! {
    /// Whether the rules are in force.
    Status {
        /// In force, from and to the given dates.
        InForce,
        /// Not adopted yet.
        Proposed,
        /// No longer in force.
        Repealed,
        /// Nobody has checked whether they are in force.
        Unverified,
        /// Not law in force for anybody here: kept to be read and compared.
        Reference,
    }
}
words! {
    /// How a statement was checked.
    Verified {
        /// Against the text of the law or the standard itself.
        Primary,
        /// Against somebody's verbatim copy.
        Transcription,
        /// Against an article or commentary.
        Secondary,
        /// Not at all: it was written from memory and must be checked before anyone relies on it.
        FromMemory,
        /// There is nothing to check: it is the centre's own choice.
        OwnPolicy,
    }
}
words! {
    /// What a recipient does with a vulnerability.
    Mandate {
        /// Has it repaired, or warns of it.
        Defensive,
        /// Not known.
        Unknown,
        /// Uses it, or passes it to those who do. Never accepted, not even for reading.
        Offensive,
    }
}
words! {
    /// What a recipient is.
    Role {
        /// A public authority.
        Authority,
        /// An incident response team.
        Csirt,
        /// The maker of the product, who can repair it.
        Vendor,
        /// The one who found the vulnerability.
        Finder,
        /// The users of the product.
        Users,
        /// Everybody.
        Public,
        /// A party to the matter that is none of these: an operator, a controller, who asked.
        Party,
    }
}
words! {
    /// Towards whom something is forbidden.
    Audience {
        /// The maker of the product.
        Vendor,
        /// Everybody abroad, the maker of the product included.
        Foreign,
        /// Everybody abroad but the maker of the product.
        ForeignOtherThanProductProvider,
        /// The public.
        Public,
        /// Everybody.
        Anyone,
    }
}
words! {
    /// What it is forbidden to pass on.
    Matter {
        /// Information on a vulnerability that is not public.
        UndisclosedVulnerabilityInformation,
        /// Information on a vulnerability, public or not.
        VulnerabilityInformation,
        /// A program made for exploiting.
        ExploitTool,
    }
}
words! {
    /// What a scheme of merit counts.
    MeritCounts {
        /// Finds that the vendor was told of.
        FindsWithVendorTold,
        /// Finds that were kept from the vendor or from the public.
        UndisclosedFinds,
        /// Finds, whether or not anybody who can repair them was told.
        AnyFinds,
    }
}
words! {
    /// Which way the deadline shown here may differ from the legal one.
    Direction {
        /// The legal one may be later: who keeps ours has kept the law.
        Early,
        /// They are the same.
        Exact,
    }
}
words! {
    /// How a period is counted.
    #[derive(Default)]
    Counting {
        /// Elapsed time and the plain calendar, as [`Period`](crate::Period) says: early and safe.
        #[default]
        Plain,
        /// Regulation (EEC, Euratom) 1182/71, article 3.
        #[serde(rename = "eu_1182_71")]
        Eu1182,
        /// The day of the event is not counted, and the last one is counted to its end.
        FirstDayNotCounted,
    }
}
words! {
    /// What moves a deadline that falls on a weekend or a holiday.
    ReliefTo {
        /// Noon of the next working day, in the zone of the facts.
        NextWorkingDayNoon,
    }
}
words! {
    /// To whom a duty is owed one by one, each with a clock of its own.
    Per {
        /// To each vendor.
        Vendor,
    }
}

impl Counting {
    /// The way of counting by its name.
    pub fn in_words(self) -> &'static str {
        match self {
            Counting::Plain => "elapsed time and the plain calendar",
            Counting::Eu1182 => "Regulation (EEC, Euratom) 1182/71",
            Counting::FirstDayNotCounted => {
                "counting without the day of the event, to the end of the last day"
            }
        }
    }
}

impl Verified {
    /// How it was checked, as it reads after "Source: …".
    pub fn in_words(self) -> &'static str {
        match self {
            Verified::Primary => "verified against the text itself",
            Verified::Transcription => "verified against a verbatim copy",
            Verified::Secondary => "verified against a commentary only",
            Verified::FromMemory => "not verified",
            Verified::OwnPolicy => "the author's own rule",
        }
    }
}

impl Audience {
    /// Whether the maker of the product is, or may be, among them.
    pub fn covers_vendor(self) -> bool {
        matches!(self, Audience::Vendor | Audience::Foreign | Audience::Anyone)
    }
}
