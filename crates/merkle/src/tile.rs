//! Paths and bytes of the log's static files: c2sp.org/tlog-tiles.
//!
//! A tile holds up to 256 neighbouring nodes of one level; tile level `L` is node level `8 * L`. An
//! entry bundle holds the entries under a tile of level 0. Both grow at the right edge of the tree
//! and are then partial, with their width in the path.
//!
//! `tlog_tiles` prints and reads another family of paths (`tile/8/...`, `data` for entries), so the
//! paths are ours.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use crate::{Error, Hash};

const FULL_WIDTH: u16 = 256;
const HASH_BYTES: usize = 32;
const ENTRY_BYTES: usize = 2 + HASH_BYTES;
/// Above this level no tree that can be counted in 64 bits has a tile.
const LEVEL_MAX: u8 = 7;
/// Above this number the records of a tile could not be counted in 64 bits.
const INDEX_MAX: u64 = u64::MAX >> 9;
/// Nothing longer can be a tile's path; looked at before anything else.
const PATH_BYTES_MAX: usize = 64;

/// Names one tile of hashes, or one bundle of entries. There is one spelling for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TilePath {
    /// None: a bundle of entries.
    level: Option<u8>,
    index: u64,
    width: u16,
}

impl TilePath {
    /// The tile of hashes at this level, 0 to 7; width 256 is a full tile.
    pub fn hashes(level: u8, index: u64, width: u16) -> Result<Self, Error> {
        Self::checked(Some(level), index, width)
    }

    /// The bundle of entries with this number; width 256 is a full one.
    pub fn entries(index: u64, width: u16) -> Result<Self, Error> {
        Self::checked(None, index, width)
    }

    fn checked(level: Option<u8>, index: u64, width: u16) -> Result<Self, Error> {
        if level.is_some_and(|level| level > LEVEL_MAX) {
            return Err(Error::TilePath { why: "no log is large enough for a tile of this level" });
        }
        if index > INDEX_MAX {
            return Err(Error::TilePath { why: "no log is large enough for a tile of this number" });
        }
        if !(1..=FULL_WIDTH).contains(&width) {
            return Err(Error::TilePath { why: "a tile is between 1 and 256 wide" });
        }
        Ok(TilePath { level, index, width })
    }

    /// True for a bundle of entries, false for a tile of hashes.
    pub fn is_entries(&self) -> bool {
        self.level.is_none()
    }

    /// How many hashes or entries it holds.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// The nodes it covers: their level in the tree (not the tile's) and their indexes there.
    /// For a bundle of entries the level is 0 and the indexes are the records' numbers.
    pub fn span(&self) -> (u8, Range<u64>) {
        let start = self.index * u64::from(FULL_WIDTH);
        (self.level.unwrap_or(0) * 8, start..start + u64::from(self.width))
    }

    /// Does the tree of `size` records have exactly this tile: full, or partial with this width?
    pub fn exists_in(&self, size: u64) -> bool {
        let (level, span) = self.span();
        let nodes = size >> level;
        if self.width == FULL_WIDTH { span.end <= nodes } else { span.end == nodes }
    }

    /// Does the tree of `size` records have all the nodes of this tile? That is also so for partial
    /// tiles of earlier sizes, which a log keeps serving to those who hold an earlier checkpoint.
    pub fn is_covered_by(&self, size: u64) -> bool {
        let (level, span) = self.span();
        span.end <= size >> level
    }

    /// The bytes of this tile of hashes.
    pub fn render_hashes(&self, hashes: &[Hash]) -> Result<Vec<u8>, Error> {
        self.require(usize::from(self.width), hashes.len(), "hashes")?;
        Ok(hashes.iter().flat_map(|hash| hash.0).collect())
    }

    /// The bytes of this bundle: for each entry its length in two bytes, big end first, and the commitment.
    pub fn render_entries(&self, commitments: &[[u8; 32]]) -> Result<Vec<u8>, Error> {
        self.require(usize::from(self.width), commitments.len(), "entries")?;
        let mut bytes = Vec::with_capacity(commitments.len() * ENTRY_BYTES);
        for commitment in commitments {
            bytes.extend_from_slice(&(HASH_BYTES as u16).to_be_bytes());
            bytes.extend_from_slice(commitment);
        }
        Ok(bytes)
    }

    /// Reads back what [`TilePath::render_hashes`] gave.
    pub fn read_hashes(&self, bytes: &[u8]) -> Result<Vec<Hash>, Error> {
        self.require(usize::from(self.width) * HASH_BYTES, bytes.len(), "bytes")?;
        let (hashes, _) = bytes.as_chunks::<HASH_BYTES>();
        Ok(hashes.iter().copied().map(Hash).collect())
    }

    /// Reads back what [`TilePath::render_entries`] gave.
    pub fn read_entries(&self, bytes: &[u8]) -> Result<Vec<[u8; 32]>, Error> {
        self.require(usize::from(self.width) * ENTRY_BYTES, bytes.len(), "bytes")?;
        let (entries, _) = bytes.as_chunks::<ENTRY_BYTES>();
        let read = |(number, entry): (usize, &[u8; ENTRY_BYTES])| {
            let Some((length, commitment)) = entry.split_first_chunk::<2>() else { return Err(number) };
            let fits = usize::from(u16::from_be_bytes(*length)) == HASH_BYTES;
            commitment.try_into().ok().filter(|_| fits).ok_or(number)
        };
        let all: Result<_, usize> = entries.iter().enumerate().map(read).collect();
        all.map_err(|number| Error::Entry { path: self.to_string(), number })
    }

    fn require(&self, want: usize, got: usize, unit: &'static str) -> Result<(), Error> {
        if want == got { Ok(()) } else { Err(Error::Tile { path: self.to_string(), want, got, unit }) }
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            Some(level) => write!(f, "tile/{level}")?,
            None => f.write_str("tile/entries")?,
        }
        // Three digits to a folder, so that no folder grows without bound: 1234067 is x001/x234/067.
        let digits = self.index.to_string();
        let padded = format!("{digits:0>width$}", width = digits.len().next_multiple_of(3));
        let folders = padded.len() / 3;
        for (at, digit) in padded.chars().enumerate() {
            if at % 3 == 0 {
                f.write_str(if at / 3 + 1 < folders { "/x" } else { "/" })?;
            }
            write!(f, "{digit}")?;
        }
        if self.width < FULL_WIDTH { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

impl FromStr for TilePath {
    type Err = Error;

    /// Reads a path without a leading slash, and refuses every spelling but the one that is printed.
    fn from_str(text: &str) -> Result<Self, Error> {
        const SHAPE: Error = Error::TilePath { why: "it is tile/<level or entries>/<number>[.p/<width>]" };
        if text.len() > PATH_BYTES_MAX {
            return Err(Error::TilePath { why: "it is too long" });
        }
        let (kind, rest) = text.strip_prefix("tile/").and_then(|rest| rest.split_once('/')).ok_or(SHAPE)?;
        let level = if kind == "entries" { None } else { Some(kind.parse().map_err(|_| SHAPE)?) };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, width.parse().map_err(|_| SHAPE)?),
            None => (rest, FULL_WIDTH),
        };
        let index = read_number(number).ok_or(SHAPE)?;
        let path = Self::checked(level, index, width)?;
        if path.to_string() == text {
            Ok(path)
        } else {
            Err(Error::TilePath { why: "it is not spelt in the one way that the specification allows" })
        }
    }
}

/// Reads the digits; where the slashes and the x must stand is left to the comparison afterwards.
fn read_number(text: &str) -> Option<u64> {
    text.split('/').try_fold(0_u64, |number, folder| {
        let digits: u64 = folder.strip_prefix('x').unwrap_or(folder).parse().ok()?;
        number.checked_mul(1000)?.checked_add(digits)
    })
}
