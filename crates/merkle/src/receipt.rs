//! Receipts, which prove one record without asking us: c2sp.org/tlog-proof.
//!
//! A receipt is a text: the record's salt and canonical bytes (the format's `extra` line, which is
//! trusted only because its hash is proven), its number, the inclusion proof, and a signed
//! checkpoint. Whoever checks it brings the log's key; a key inside a receipt would prove nothing.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::checkpoint::decimal;
use crate::note::Note;
use crate::{Checkpoint, Error, Hash, VerifierKey, commitment, leaf, open, verify_inclusion};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
const SALT_BYTES: usize = 32;

/// One record with the proof that the log has it. Not trustworthy before [`Receipt::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    salt: [u8; SALT_BYTES],
    canonical: Vec<u8>,
    index: u64,
    proof: Vec<Hash>,
    checkpoint: String,
}

/// How much a reader takes from a stranger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The whole text.
    pub bytes: usize,
    /// The inclusion proof; 63 is enough for every log.
    pub hashes: usize,
}

impl Default for Limits {
    /// 1 MiB and 63 hashes.
    fn default() -> Self {
        Limits { bytes: 1 << 20, hashes: 63 }
    }
}

/// What a receipt has proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The record's leaf in the tree.
    pub leaf: Hash,
    /// The record's number in the log, from 0.
    pub index: u64,
    /// How many records the log had.
    pub size: u64,
    /// Which log.
    pub origin: String,
    /// The record.
    pub canonical: Vec<u8>,
}

impl Receipt {
    /// Puts a receipt together. `checkpoint` is the signed text, with whatever cosignatures it has.
    /// The form is checked, the proof is not.
    pub fn new(
        salt: [u8; 32],
        canonical: Vec<u8>,
        index: u64,
        proof: Vec<Hash>,
        checkpoint: String,
    ) -> Result<Self, Error> {
        let size = read_unsigned(&checkpoint)?.size();
        if index >= size {
            return Err(Error::NoSuchRecord { index, size });
        }
        Ok(Receipt { salt, canonical, index, proof, checkpoint })
    }

    /// Checks the checkpoint's signature against the given key and the record against the checkpoint.
    pub fn verify(&self, key: &VerifierKey) -> Result<Verified, Error> {
        let checkpoint = open(&self.checkpoint, key)?;
        let leaf = leaf(&commitment(&self.salt, &self.canonical));
        verify_inclusion(&leaf, self.index, checkpoint.size(), &checkpoint.root(), &self.proof)?;
        Ok(Verified {
            leaf,
            index: self.index,
            size: checkpoint.size(),
            origin: checkpoint.origin().to_owned(),
            canonical: self.canonical.clone(),
        })
    }

    /// The signed checkpoint in it, for [`crate::cosignatures`].
    pub fn checkpoint(&self) -> &str {
        &self.checkpoint
    }

    /// The record's number as the receipt claims it.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Prints the receipt; by convention the file's name ends in `.tlog-proof`.
    pub fn to_text(&self) -> String {
        let extra = [self.salt.as_slice(), &self.canonical].concat();
        let mut text =
            format!("{FIRST_LINE}\nextra {}\nindex {}\n", BASE64_STANDARD.encode(extra), self.index);
        for hash in &self.proof {
            text.push_str(&format!("{hash}\n"));
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        text
    }

    /// Reads a receipt. What it reads, [`Receipt::to_text`] prints again to the byte.
    pub fn parse(text: &str, limits: Limits) -> Result<Self, Error> {
        if text.len() > limits.bytes {
            return Err(Error::ReceiptTooLarge { got: text.len(), limit: limits.bytes });
        }
        let at = |line, why| Error::Receipt { line, why };
        let (head, checkpoint) = divide(text)?;
        let mut lines = head.split('\n');
        if lines.next() != Some(FIRST_LINE) {
            return Err(at(1, "a receipt begins with c2sp.org/tlog-proof@v1"));
        }
        let extra = lines.next().and_then(|line| line.strip_prefix("extra "));
        let extra = extra.ok_or(at(2, "it should be the word extra and the record in base64"))?;
        let extra =
            BASE64_STANDARD.decode(extra).map_err(|_| at(2, "what follows the word extra is not base64"))?;
        let (salt, canonical) =
            extra.split_first_chunk().ok_or(at(2, "the record's salt, 32 bytes, is not complete"))?;
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(decimal);
        let index = index.ok_or(at(3, "it should be the word index and the record's number in digits"))?;
        let proof = read_proof(lines, limits.hashes)?;
        // Below the lines read so far and the blank one.
        let above = proof.len() + 4;
        let receipt = Receipt::new(*salt, canonical.to_vec(), index, proof, checkpoint.to_owned());
        receipt.map_err(|error| match error {
            Error::Checkpoint { line, why } => at(above + line, why),
            error => error,
        })
    }
}

fn divide(text: &str) -> Result<(&str, &str), Error> {
    if text.split_once('\n').is_some_and(|(first, _)| first.ends_with('\r')) {
        let why = "the line ends as on Windows (CR LF): the text was converted on its way";
        return Err(Error::Receipt { line: 1, why });
    }
    let end = text.lines().count().max(1);
    text.split_once("\n\n")
        .ok_or(Error::Receipt { line: end, why: "no blank line parts the proof from the checkpoint" })
}

fn read_proof<'a>(lines: impl Iterator<Item = &'a str> + Clone, limit: usize) -> Result<Vec<Hash>, Error> {
    let got = lines.clone().count();
    if got > limit {
        return Err(Error::ProofTooLong { got, limit });
    }
    let read = |(number, line): (usize, &str)| {
        line.parse().map_err(|_| Error::Receipt { line: 4 + number, why: "a hash is 32 bytes in base64" })
    };
    lines.enumerate().map(read).collect()
}

/// The checkpoint's form, before any key has vouched for it.
fn read_unsigned(checkpoint: &str) -> Result<Checkpoint, Error> {
    Checkpoint::parse(&Note::parse(checkpoint)?.text)
}
