//! Identifiers. People may type them in any letter case; we answer in one.

use std::{fmt, str::FromStr};

/// An identifier that cannot be read, with what one should look like.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not {what}: expected something like {example}")]
pub struct BadId {
    what: &'static str,
    example: &'static str,
}

/// A numbered identifier: `PREFIX-YEAR-000123`.
fn numbered(text: &str, marker: Option<&str>) -> Option<String> {
    let upper = text.trim().to_ascii_uppercase();
    if upper.len() > 40 {
        return None;
    }
    let mut parts: Vec<&str> = upper.split('-').collect();
    let number = parts.pop()?;
    let year = parts.pop()?;
    if let Some(marker) = marker {
        (parts.pop()? == marker).then_some(())?;
    }
    let prefix = parts.join("-");
    let digits = |s: &str, len: usize| s.len() >= len && s.bytes().all(|b| b.is_ascii_digit());
    let prefix_ok = !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_uppercase());
    (prefix_ok && year.len() == 4 && digits(year, 4) && digits(number, 6) && number.len() <= 12)
        .then_some(upper)
}

macro_rules! numbered_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $example:literal, $marker:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The identifier with this prefix, year and running number.
            #[must_use]
            pub fn numbered(prefix: &str, year: i16, number: i64) -> Self {
                let marker = $marker.map(|m: &str| format!("{m}-")).unwrap_or_default();
                Self(format!("{prefix}-{marker}{year:04}-{number:06}"))
            }

            /// The canonical text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                numbered(text, $marker).map(Self).ok_or(BadId { what: $what, example: $example })
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                text.parse()
            }
        }

        id_text!($name);
    };
}

macro_rules! opaque_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// An identifier from chance: 80 bits as 16 letters and digits.
            #[must_use]
            pub fn from_random(random: [u8; 10]) -> Self {
                Self(letters(&random))
            }

            /// The canonical text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                let lower = text.trim().to_ascii_lowercase();
                let ok = lower.len() == 16 && lower.bytes().all(|b| ALPHABET.contains(&b));
                ok.then_some(Self(lower)).ok_or(BadId { what: $what, example: "7q2k9mzr4w8c1h5x" })
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                text.parse()
            }
        }

        id_text!($name);
    };
}

macro_rules! id_text {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

/// Letters and digits that nobody confuses when reading aloud (Crockford's base 32, lower case).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Bytes as letters and digits, five bits each; bits beyond a multiple of five are dropped.
#[must_use]
pub fn letters(bytes: &[u8]) -> String {
    let (mut out, mut held, mut bits) = (String::new(), 0u32, 0u32);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(ALPHABET[(held >> bits & 31) as usize]));
        }
        held &= (1 << bits) - 1;
    }
    out
}

/// What somebody typed who was given [`letters`]: in one letter case, without what stands between,
/// and with the letters that people mix up read as the digits that they look like.
#[must_use]
pub fn typed_letters(typed: &str) -> String {
    let plain = |c: char| match c.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    };
    typed.chars().filter(char::is_ascii_alphanumeric).map(plain).collect()
}

numbered_id!(
    /// A case: `HEL-2026-000123`.
    CaseId, "a case number", "HEL-2026-000123", None
);
numbered_id!(
    /// A report's tracking number: `HEL-R-2026-000123`.
    ReportId, "a tracking number", "HEL-R-2026-000123", Some("R")
);
opaque_id!(
    /// A human being, who may have several accounts.
    PersonId, "a person's id"
);
numbered_id!(
    /// A drill: `HEL-D-2026-000001`. It practises what a case asks for, and is none.
    DrillId, "a drill's number", "HEL-D-2026-000001", Some("D")
);
numbered_id!(
    /// A partner of the programme, from its enquiry on: `HEL-P-2026-000001`.
    PartnerId, "a partner's number", "HEL-P-2026-000001", Some("P")
);
numbered_id!(
    /// A request to a partner: `HEL-Q-2026-000001`.
    RequestId, "a request's number", "HEL-Q-2026-000001", Some("Q")
);
opaque_id!(
    /// An account of a person.
    AccountId, "an account id"
);
opaque_id!(
    /// What somebody else certifies of an organisation or a person.
    AccreditationId, "an accreditation's id"
);
opaque_id!(
    /// An organisation, such as a vendor.
    OrganisationId, "an organisation id"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_letter_case_is_read_and_one_is_written() {
        assert_eq!("hel-2026-000123".parse::<CaseId>().unwrap().as_str(), "HEL-2026-000123");
        assert_eq!("hel-r-2026-000009".parse::<ReportId>().unwrap().as_str(), "HEL-R-2026-000009");
        assert_eq!(CaseId::numbered("HEL", 2026, 7).as_str(), "HEL-2026-000007");
        assert_eq!(ReportId::numbered("HEL", 2026, 7).as_str(), "HEL-R-2026-000007");
    }

    #[test]
    fn a_tracking_number_is_not_a_case_number() {
        for bad in [
            "HEL-R-2026-000009",
            "",
            "HEL-2026",
            "HEL-2026-1",
            "HEL-20x6-000001",
            "-2026-000001",
            "é-2026-000001",
        ] {
            assert!(bad.parse::<CaseId>().is_err(), "{bad}");
        }
        assert!("HEL-2026-000009".parse::<ReportId>().is_err());
        assert!("HEL-D-2026-000009".parse::<CaseId>().is_err());
        assert!("HEL-R-2026-000009".parse::<DrillId>().is_err());
    }

    #[test]
    fn opaque_ids_round_trip() {
        let id = AccountId::from_random([0xff, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(id.as_str().len(), 16);
        assert_eq!(id.as_str().to_uppercase().parse::<AccountId>().unwrap(), id);
        assert!("short".parse::<AccountId>().is_err());
    }
}
