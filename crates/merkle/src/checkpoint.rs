//! Signed tree heads and what witnesses add: c2sp.org/tlog-checkpoint and c2sp.org/tlog-cosignature.
//!
//! A checkpoint names a log, its size and its root, and is signed by the log. A log that signs two
//! checkpoints of which one does not continue the other has been caught. A witness's cosignature
//! says that the witness saw the checkpoint, and that it continues all it saw before, at a time.
//!
//! `tlog_tiles` has a checkpoint too; its only error is "malformed", so the reading is ours.

use signed_note::Signature;

use crate::key::Kind;
use crate::note::{Note, made_by, parse_signatures, signature_line};
use crate::tree::within_limit;
use crate::{Error, Hash, SigningKey, VerifierKey};

/// The state of a log at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    extensions: Vec<String>,
}

/// A witness's word that it saw a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignature {
    /// The name of the witness's key.
    pub witness: String,
    /// When, in seconds since 1970, by the witness's clock.
    pub at: u64,
}

impl Checkpoint {
    /// A checkpoint of the log `origin` with this size and root.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, Error> {
        check_line(origin, 1)?;
        within_limit(size)?;
        Ok(Checkpoint { origin: origin.to_owned(), size, root, extensions: Vec::new() })
    }

    /// Adds an extension line. Witnesses do not vouch for what stands there.
    pub fn with_extension(mut self, line: &str) -> Result<Self, Error> {
        check_line(line, 4 + self.extensions.len())?;
        self.extensions.push(line.to_owned());
        Ok(self)
    }

    /// Which log this is.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many records it had.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of its tree.
    pub fn root(&self) -> Hash {
        self.root
    }

    /// The lines after the root, if there are any.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// The text that is signed.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, self.root);
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let at = |line, why| Error::Checkpoint { line, why };
        let body = text.strip_suffix('\n').unwrap_or(text);
        let mut lines = body.split('\n');
        let origin = lines.next().unwrap_or_default();
        let size = lines.next().and_then(decimal).ok_or(at(2, "it should be the log's size, in digits"))?;
        let root = lines.next().and_then(|line| line.parse().ok());
        let root = root.ok_or(at(3, "it should be the log's root, 32 bytes in base64"))?;
        lines.try_fold(Checkpoint::new(origin, size, root)?, |checkpoint, line| {
            checkpoint.with_extension(line)
        })
    }
}

impl SigningKey {
    /// The checkpoint with the log's signature, as it is published.
    pub fn sign(&self, checkpoint: &Checkpoint) -> Result<String, Error> {
        if checkpoint.origin != self.origin() {
            return Err(wrong_origin(self.origin(), checkpoint));
        }
        let text = checkpoint.text();
        let signature = signature(&self.verifier(), self.sign_bytes(text.as_bytes()).to_vec())?;
        Ok(Note { text, signatures: vec![signature] }.print())
    }

    /// The signature line by which this key, as a witness, vouches for a checkpoint at a time.
    /// Only for a checkpoint that was opened and shown to continue all that were cosigned before.
    pub fn cosign(&self, checkpoint: &Checkpoint, at: u64) -> Result<String, Error> {
        if i64::try_from(at).is_err() {
            return Err(Error::Time { seconds: at });
        }
        let message = cosigned_message(at, &checkpoint.text());
        let bytes = [at.to_be_bytes().as_slice(), &self.sign_bytes(message.as_bytes())].concat();
        Ok(signature_line(&signature(&self.witness(), bytes)?))
    }
}

/// Reads a signed checkpoint and checks that the log `key` belongs to signed it.
pub fn open(note: &str, key: &VerifierKey) -> Result<Checkpoint, Error> {
    key.require(Kind::Log)?;
    let note = Note::parse(note)?;
    let signed = note.signed_by(key, |signature| key.holds(note.text.as_bytes(), signature).then_some(()))?;
    if signed.is_none() {
        return Err(Error::NotSigned { name: key.name().to_owned(), id: key.id() });
    }
    let checkpoint = Checkpoint::parse(&note.text)?;
    if checkpoint.origin != key.name() {
        return Err(wrong_origin(key.name(), &checkpoint));
    }
    Ok(checkpoint)
}

/// Which of these witnesses cosigned the checkpoint, and when. It does not check the log's own
/// signature: [`open`] does. A witness counts once, however often it or its key is listed.
pub fn cosignatures(note: &str, witnesses: &[VerifierKey]) -> Result<Vec<Cosignature>, Error> {
    let note = Note::parse(note)?;
    let mut found: Vec<Cosignature> = Vec::new();
    for (number, key) in witnesses.iter().enumerate() {
        key.require(Kind::Witness)?;
        if witnesses.iter().take(number).any(|earlier| earlier == key) {
            continue;
        }
        if let Some(at) = note.signed_by(key, |signature| cosigned_at(&note.text, key, signature))? {
            found.push(Cosignature { witness: key.name().to_owned(), at });
        }
    }
    Ok(found)
}

/// Puts the signature lines that witnesses returned under a checkpoint. Lines by other keys are left
/// out; a line in a known witness's name that does not hold is an error. A witness's newer
/// cosignature replaces its older one.
pub fn attach(note: &str, lines: &str, witnesses: &[VerifierKey]) -> Result<String, Error> {
    let mut note = Note::parse(note)?;
    witnesses.iter().try_for_each(|key| key.require(Kind::Witness))?;
    for signature in parse_signatures(lines, 1)? {
        let Some(key) = witnesses.iter().find(|key| made_by(&signature, key)) else { continue };
        cosigned_at(&note.text, key, signature.signature()).ok_or_else(|| key.bad_signature())?;
        note.add(signature);
    }
    let text = note.print();
    // Whoever reads it next has a limit to the number of signatures.
    Note::parse(&text)?;
    Ok(text)
}

/// The time in a cosignature, if it holds.
fn cosigned_at(text: &str, key: &VerifierKey, bytes: &[u8]) -> Option<u64> {
    let (time, signature) = bytes.split_first_chunk::<8>()?;
    let at = u64::from_be_bytes(*time);
    i64::try_from(at).ok()?;
    key.holds(cosigned_message(at, text).as_bytes(), signature).then_some(at)
}

fn cosigned_message(at: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {at}\n{text}")
}

fn signature(key: &VerifierKey, bytes: Vec<u8>) -> Result<Signature, Error> {
    Signature::new(key.name().to_owned(), key.id(), bytes)
        .map_err(|_| Error::Key { why: "its name cannot stand in a signature" })
}

fn wrong_origin(want: &str, checkpoint: &Checkpoint) -> Error {
    Error::WrongOrigin { want: want.to_owned(), got: checkpoint.origin.clone() }
}

fn check_line(text: &str, line: usize) -> Result<(), Error> {
    if text.is_empty() {
        return Err(Error::Checkpoint { line, why: "it is empty" });
    }
    if text.chars().any(|character| character < ' ') {
        return Err(Error::Checkpoint { line, why: "there is a control character in it" });
    }
    Ok(())
}

/// A number in digits without leading zeros: one spelling for each.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}
