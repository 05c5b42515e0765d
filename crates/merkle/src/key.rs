//! Keys of the log and of its witnesses: c2sp.org/signed-note, Ed25519 (RFC 8032).
//!
//! A verifier key is public and printed as `name+number+base64`; the number is the first four bytes
//! of a hash over name, kind and key. A signing key is printed as `PRIVATE+KEY+name+number+base64`,
//! the form that other tools of this family read. A log signs with kind 1; a witness signs with
//! kind 4 (c2sp.org/tlog-cosignature), so one secret can never be made to say the one for the other.
//!
//! `signed_note` makes keys from a random source, knows no witnesses, and does not give back the
//! secret it read; the text forms are therefore ours, and tests hold them against that crate.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::Signer as _;

use crate::Error;

const SECRET_PREFIX: &str = "PRIVATE+KEY+";

/// What a key may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The text of a note: a log's key.
    Log = 1,
    /// The text with the time at which it was seen: a witness's key.
    Witness = 4,
}

impl Kind {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Kind::Log => "a log's key",
            Kind::Witness => "a witness's key",
        }
    }
}

/// A secret key with its name. For a log the name is the origin of its checkpoints.
#[derive(Clone)]
pub struct SigningKey {
    name: String,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// The key that belongs to 32 secret random bytes.
    pub fn from_seed(origin: &str, seed: [u8; 32]) -> Result<Self, Error> {
        check_name(origin)?;
        Ok(SigningKey { name: origin.to_owned(), key: ed25519_dalek::SigningKey::from_bytes(&seed) })
    }

    /// Reads `PRIVATE+KEY+name+number+base64`.
    pub fn from_secret_text(text: &str) -> Result<Self, Error> {
        let rest = text
            .strip_prefix(SECRET_PREFIX)
            .ok_or(Error::Key { why: "a signing key begins with PRIVATE+KEY+" })?;
        let (name, id, kind, seed) = read_parts(rest)?;
        if kind != Kind::Log {
            return Err(Error::Key { why: "a signing key is of kind 1" });
        }
        let key = Self::from_seed(name, seed)?;
        if key.verifier().id != id {
            return Err(Error::Key { why: "its number does not belong to its name and secret" });
        }
        Ok(key)
    }

    /// Prints `PRIVATE+KEY+name+number+base64`. Whoever reads it can sign in the log's name.
    pub fn to_secret_text(&self) -> String {
        let id = self.verifier().id;
        format!("{SECRET_PREFIX}{}+{id:08x}+{}", self.name, encode(Kind::Log, &self.key.to_bytes()))
    }

    /// The key's name, which for a log is its origin.
    pub fn origin(&self) -> &str {
        &self.name
    }

    /// The public key with which this key's checkpoints are checked.
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey::new(&self.name, Kind::Log, self.key.verifying_key())
    }

    /// The public key with which this key's cosignatures are checked, when it serves as a witness.
    pub fn witness(&self) -> VerifierKey {
        VerifierKey::new(&self.name, Kind::Witness, self.key.verifying_key())
    }

    pub(crate) fn sign_bytes(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    /// Shows the public half only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, secret not shown)", self.verifier())
    }
}

/// A public key with its name, for checking checkpoints or cosignatures.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: u32,
    kind: Kind,
    key: ed25519_dalek::VerifyingKey,
}

impl VerifierKey {
    fn new(name: &str, kind: Kind, key: ed25519_dalek::VerifyingKey) -> Self {
        let id = signed_note::key_id(name, &tagged(kind, key.as_bytes()));
        VerifierKey { name: name.to_owned(), id, kind, key }
    }

    /// The key's name: the origin of a log, or the name of a witness.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key's number, by which signatures refer to it.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// True when the key is a witness's and not a log's.
    pub fn is_witness(&self) -> bool {
        self.kind == Kind::Witness
    }

    pub(crate) fn require(&self, want: Kind) -> Result<(), Error> {
        if self.kind == want {
            return Ok(());
        }
        Err(Error::WrongKind { name: self.name.clone(), is: self.kind.words(), want: want.words() })
    }

    pub(crate) fn holds(&self, message: &[u8], signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }

    pub(crate) fn bad_signature(&self) -> Error {
        Error::BadSignature { name: self.name.clone(), id: self.id }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{:08x}+{}", self.name, self.id, encode(self.kind, self.key.as_bytes()))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

impl FromStr for VerifierKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.starts_with(SECRET_PREFIX) {
            return Err(Error::Key { why: "this is a secret signing key where a public key belongs" });
        }
        let (name, id, kind, bytes) = read_parts(text)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes)
            .ok()
            .filter(|key| !key.is_weak())
            .ok_or(Error::Key { why: "its bytes are no Ed25519 public key" })?;
        let key = VerifierKey::new(name, kind, key);
        if key.id == id {
            Ok(key)
        } else {
            Err(Error::Key { why: "its number does not belong to its name and bytes" })
        }
    }
}

/// Reads `name+number+base64` into name, number, kind and the 32 bytes.
fn read_parts(text: &str) -> Result<(&str, u32, Kind, [u8; 32]), Error> {
    const SHAPE: Error =
        Error::Key { why: "a key is a name, a number of 8 hex digits, and base64, joined by +" };
    let (name, rest) = text.split_once('+').ok_or(SHAPE)?;
    let (number, coded) = rest.split_once('+').ok_or(SHAPE)?;
    check_name(name)?;
    if number.len() != 8 {
        return Err(SHAPE);
    }
    let id = u32::from_str_radix(number, 16).map_err(|_| SHAPE)?;
    let bytes = BASE64_STANDARD.decode(coded).map_err(|_| SHAPE)?;
    let (kind, key) = bytes.split_first().ok_or(SHAPE)?;
    let kind = match kind {
        1 => Kind::Log,
        4 => Kind::Witness,
        _ => return Err(Error::Key { why: "it is neither an Ed25519 log key nor an Ed25519 witness key" }),
    };
    let key = key.try_into().map_err(|_| Error::Key { why: "it does not have 32 bytes" })?;
    Ok((name, id, kind, key))
}

fn check_name(name: &str) -> Result<(), Error> {
    if signed_note::is_key_name_valid(name) && !name.contains(char::is_control) {
        return Ok(());
    }
    Err(Error::Key { why: "its name is empty, or has a space, a control character or a plus in it" })
}

fn tagged(kind: Kind, bytes: &[u8; 32]) -> Vec<u8> {
    [&[kind as u8], bytes.as_slice()].concat()
}

fn encode(kind: Kind, bytes: &[u8; 32]) -> String {
    BASE64_STANDARD.encode(tagged(kind, bytes))
}
