//! Code names: harmless words for lists, from chance.

const FIRST: &[&str] = &[
    "Amber", "Blue", "Brisk", "Calm", "Copper", "Distant", "Early", "Gentle", "Golden", "Green", "Hidden",
    "Ivory", "Late", "Little", "Lucky", "Mellow", "Misty", "Northern", "Paper", "Patient", "Plain", "Quiet",
    "Red", "Silver", "Slow", "Small", "Soft", "Southern", "Still", "Sunny", "Tall", "White",
];

const SECOND: &[&str] = &[
    "Anchor",
    "Bridge",
    "Candle",
    "Chestnut",
    "Clover",
    "Compass",
    "Feather",
    "Ferry",
    "Garden",
    "Harbour",
    "Heron",
    "Kettle",
    "Lantern",
    "Ledger",
    "Lighthouse",
    "Maple",
    "Meadow",
    "Mill",
    "Orchard",
    "Otter",
    "Pebble",
    "Quarry",
    "River",
    "Saddle",
    "Sparrow",
    "Teapot",
    "Thimble",
    "Tower",
    "Valley",
    "Violin",
    "Willow",
    "Window",
];

/// A code name for these bytes.
pub(in crate::cases) fn code_name(random: [u8; 2]) -> String {
    let pick = |words: &'static [&'static str], byte: u8| words[usize::from(byte) % words.len()];
    format!("{} {}", pick(FIRST, random[0]), pick(SECOND, random[1]))
}
