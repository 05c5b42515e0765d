//! The vault: texts and files, sealed for one compartment each (a report or a case).
//!
//! A compartment's key is wrapped by the master key. Destroying it erases everything in the
//! compartment for good and leaves the journal whole, because events hold only commitments whose
//! salt is sealed too.

use super::keys::{self, Keys};
use super::{Error, Event, Recorded, State};
use crate::app::Random;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use storage::{Tx, params};

/// Plaintext bytes in one row: small enough to stream, large enough to be few.
const CHUNK: usize = 64 * 1024;

/// A sealed thing, as events name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Item {
    /// Its name in the vault.
    pub(crate) item: String,
    /// SHA-256 over a salt, sealed beside it, and its bytes.
    pub(crate) commitment: String,
}

/// What opening an item gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unsealed {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// The compartment's key was destroyed.
    Erased,
}

impl Unsealed {
    /// The text, or a word that says that it was erased.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Self::Erased => "[erased]".into(),
        }
    }
}

/// The journal's word on a compartment's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(super) enum VaultEvent {
    #[serde(rename = "vault.erased")]
    Erased {},
}

impl Event for VaultEvent {}

/// A compartment as the journal knows it.
#[derive(Default)]
pub(super) struct Compartment {
    pub(super) erased: bool,
}

impl State for Compartment {
    type Event = VaultEvent;

    fn evolve(&mut self, VaultEvent::Erased {}: &VaultEvent, _: &Recorded) {
        self.erased = true;
    }
}

/// The stream of a compartment.
pub(super) fn stream(compartment: &str) -> String {
    format!("{STREAM}{compartment}")
}

/// The compartment that an entry says was erased.
pub(super) fn erased_by(entry: &Recorded) -> Option<&str> {
    entry.stream.strip_prefix(STREAM).filter(|_| entry.kind == "vault.erased")
}

const STREAM: &str = "vault/";

pub(super) fn seal(
    tx: &mut Tx<'_>,
    keys: &Keys,
    random: &Random,
    compartment: &str,
    plaintext: &[u8],
) -> Result<Item, Error> {
    let key = match compartment_key(tx, keys, compartment)? {
        Lock::Key(key) => key,
        Lock::Destroyed => return Err(Error::Erased),
        Lock::None => make_key(tx, keys, random, compartment)?,
    };
    let salt: [u8; 32] = random.bytes();
    let id = hex(&random.bytes::<16>());
    let whole = [salt.as_slice(), plaintext].concat();
    let chunks: Vec<&[u8]> = whole.chunks(CHUNK).collect();
    for (number, chunk) in chunks.iter().enumerate() {
        let aad = chunk_label(compartment, &id, number, number + 1 == chunks.len());
        let sealed = keys::seal(&key, random.bytes(), aad.as_bytes(), chunk).ok_or(Error::Seal("cipher"))?;
        let sql = "INSERT INTO vault_items (id, chunk, compartment, sealed) VALUES ($1, $2, $3, $4)";
        tx.execute(sql, params![&id, number as i64, compartment, sealed])?;
    }
    Ok(Item { item: id, commitment: commitment(&salt, plaintext) })
}

/// Opens an item and checks it against its commitment.
pub(crate) fn open(tx: &mut Tx<'_>, keys: &Keys, item: &Item) -> Result<Unsealed, Error> {
    let sql = "SELECT sealed, compartment, chunk FROM vault_items WHERE id = $1 ORDER BY chunk";
    let rows = tx.query(sql, params![&item.item])?;
    let Some(first) = rows.first() else { return Err(Error::Seal("it is missing")) };
    let compartment: String = first.get(1)?;
    for (number, row) in rows.iter().enumerate() {
        // The cipher binds number and compartment too, but not the columns that claim them.
        if row.get::<String>(1)? != compartment || row.get::<i64>(2)? != number as i64 {
            return Err(Error::Seal("its pieces are not in their places"));
        }
    }
    let key = match compartment_key(tx, keys, &compartment)? {
        Lock::Key(key) => key,
        Lock::Destroyed if rows.len() == 1 && first.get::<Vec<u8>>(0)?.is_empty() => {
            return Ok(Unsealed::Erased);
        }
        Lock::Destroyed => return Err(Error::Seal("its key was destroyed, and it is not empty")),
        Lock::None => return Err(Error::Seal("its key is missing")),
    };
    let mut whole = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let aad = chunk_label(&compartment, &item.item, number, number + 1 == rows.len());
        let sealed: Vec<u8> = row.get(0)?;
        whole.extend(keys::open(&key, aad.as_bytes(), &sealed).ok_or(Error::Seal("it was altered"))?);
    }
    let Some((salt, plaintext)) = whole.split_first_chunk::<32>() else {
        return Err(Error::Seal("it is cut short"));
    };
    if commitment(salt, plaintext) != item.commitment {
        return Err(Error::Seal("it does not fit its commitment"));
    }
    Ok(Unsealed::Bytes(plaintext.to_vec()))
}

pub(super) fn erase(tx: &mut Tx<'_>, compartment: &str) -> Result<(), Error> {
    // The rows of key and first piece stay, empty: nobody makes a new key under the old name, and
    // who asks for an item hears that it was erased and not that it is missing.
    let sql = "INSERT INTO vault_keys (compartment, wrapped) VALUES ($1, $2)
               ON CONFLICT (compartment) DO UPDATE SET wrapped = excluded.wrapped";
    let nothing = Vec::<u8>::new;
    tx.execute(sql, params![compartment, nothing()])?;
    tx.execute("DELETE FROM vault_items WHERE compartment = $1 AND chunk > 0", params![compartment])?;
    tx.execute("UPDATE vault_items SET sealed = $2 WHERE compartment = $1", params![compartment, nothing()])?;
    Ok(())
}

/// What guards a compartment.
enum Lock {
    /// Nothing yet.
    None,
    Key([u8; 32]),
    /// Its key was destroyed.
    Destroyed,
}

fn compartment_key(tx: &mut Tx<'_>, keys: &Keys, compartment: &str) -> Result<Lock, Error> {
    let sql = "SELECT wrapped FROM vault_keys WHERE compartment = $1";
    let Some(row) = tx.query_opt(sql, params![compartment])? else { return Ok(Lock::None) };
    let wrapped: Vec<u8> = row.get(0)?;
    if wrapped.is_empty() {
        return Ok(Lock::Destroyed);
    }
    let key = unwrap(keys, compartment, &wrapped);
    key.map(Lock::Key).ok_or(Error::Seal("its key cannot be unwrapped with this master key"))
}

/// The key of a compartment, if it was wrapped for it by this master key.
pub(super) fn unwrap(keys: &Keys, compartment: &str, wrapped: &[u8]) -> Option<[u8; 32]> {
    keys.unwrap(&key_label(compartment), wrapped)?.try_into().ok()
}

fn make_key(tx: &mut Tx<'_>, keys: &Keys, random: &Random, compartment: &str) -> Result<[u8; 32], Error> {
    // The row of a destroyed key may itself be gone; the journal's word is not.
    let sql = "SELECT 1 FROM events WHERE stream = $1 AND version = 1";
    if tx.query_opt(sql, params![stream(compartment)])?.is_some() {
        return Err(Error::Erased);
    }
    let key: [u8; 32] = random.bytes();
    let wrapped = keys.wrap(&key_label(compartment), random.bytes(), &key).ok_or(Error::Seal("cipher"))?;
    let sql = "INSERT INTO vault_keys (compartment, wrapped) VALUES ($1, $2)";
    tx.execute(sql, params![compartment, wrapped])?;
    Ok(key)
}

fn key_label(compartment: &str) -> String {
    format!("vault key of {compartment}")
}

/// Binds a chunk to its place, so that rows cannot be swapped, dropped or moved between cases.
fn chunk_label(compartment: &str, id: &str, number: usize, last: bool) -> String {
    format!("heliograph/vault/v1\n{compartment}\n{id}\n{number}\n{last}")
}

fn commitment(salt: &[u8; 32], plaintext: &[u8]) -> String {
    let hash = Sha256::new().chain_update(b"heliograph/item/v1\n").chain_update(salt);
    hex(&hash.chain_update(plaintext).finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
