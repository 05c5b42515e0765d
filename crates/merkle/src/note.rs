//! A text with signatures below it: c2sp.org/signed-note.
//!
//! `signed_note` reads each signature line and computes key numbers. It says of every fault only
//! "malformed note", so the division into lines is ours, in order to say which line and why; and so
//! is the choice of signatures, because it wants one list of keys of one kind.

use signed_note::Signature;

use crate::{Error, VerifierKey};

/// As much as `signed_note` reads.
const NOTE_BYTES_MAX: usize = 1_000_000;
/// The specification asks for at least 16.
const SIGNATURES_MAX: usize = 100;

/// A note whose form is sound and whose signatures nobody has checked yet.
pub(crate) struct Note {
    /// Ends in a newline.
    pub(crate) text: String,
    pub(crate) signatures: Vec<Signature>,
}

impl Note {
    pub(crate) fn parse(note: &str) -> Result<Self, Error> {
        if note.len() > NOTE_BYTES_MAX {
            return Err(Error::Checkpoint { line: 1, why: "the whole is longer than a million bytes" });
        }
        check_characters(note)?;
        let last = note.lines().count().max(1);
        let (text, below) = note.rsplit_once("\n\n").ok_or(Error::Checkpoint {
            line: last,
            why: "no blank line parts the text from the signatures",
        })?;
        let text = format!("{text}\n");
        let signatures = parse_signatures(below, text.lines().count() + 2)?;
        if signatures.is_empty() {
            return Err(Error::Checkpoint { line: last, why: "no signature follows the text" });
        }
        Ok(Note { text, signatures })
    }

    /// Whether the key signed, given how its signature bytes turn into the message that was signed.
    /// A signature in the key's name that does not hold spoils the note: it shows tampering.
    pub(crate) fn signed_by<'a, T>(
        &'a self,
        key: &VerifierKey,
        check: impl Fn(&'a [u8]) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let mut found = None;
        for signature in self.signatures.iter().filter(|signature| made_by(signature, key)) {
            let value = check(signature.signature()).ok_or_else(|| key.bad_signature())?;
            found.get_or_insert(value);
        }
        Ok(found)
    }

    pub(crate) fn print(&self) -> String {
        let lines: String = self.signatures.iter().map(signature_line).collect();
        format!("{}\n{lines}", self.text)
    }

    /// Adds a signature; an earlier one by the same key gives way to it.
    pub(crate) fn add(&mut self, signature: Signature) {
        let same = |old: &Signature| old.name() == signature.name() && old.id() == signature.id();
        self.signatures.retain(|old| !same(old));
        self.signatures.push(signature);
    }
}

/// Reads signature lines, each ending in a newline. `first_line` is the number of the first of them.
pub(crate) fn parse_signatures(lines: &str, first_line: usize) -> Result<Vec<Signature>, Error> {
    let mut signatures = Vec::new();
    for (number, line) in lines.split_inclusive('\n').enumerate() {
        let at = |why| Error::Checkpoint { line: first_line + number, why };
        if number >= SIGNATURES_MAX {
            return Err(at("there are more than 100 signatures"));
        }
        let line = line.strip_suffix('\n').ok_or(at("the last line does not end in a newline"))?;
        let signature = Signature::from_bytes(line.as_bytes()).map_err(|_| {
            at("a signature is a dash (U+2014), a name and base64, with one space between each")
        })?;
        signatures.push(signature);
    }
    Ok(signatures)
}

pub(crate) fn made_by(signature: &Signature, key: &VerifierKey) -> bool {
    signature.name() == key.name() && signature.id() == key.id()
}

/// The line under which a key's signature stands in a note.
pub(crate) fn signature_line(signature: &Signature) -> String {
    String::from_utf8_lossy(&signature.to_bytes()).into_owned()
}

fn check_characters(note: &str) -> Result<(), Error> {
    for (number, line) in note.split('\n').enumerate() {
        let at = |why| Error::Checkpoint { line: number + 1, why };
        if line.ends_with('\r') {
            return Err(at("the line ends as on Windows (CR LF): the text was converted on its way"));
        }
        if line.chars().any(|character| character < ' ') {
            return Err(at("there is a control character in it"));
        }
    }
    Ok(())
}
