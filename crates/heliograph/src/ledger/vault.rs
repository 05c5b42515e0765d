//! The vault: texts and files, sealed for one compartment each (a report or a case).
//!
//! A compartment's key is wrapped by the master key. Destroying it erases everything in the
//! compartment for good and leaves the journal whole, because events hold only commitments whose
//! salt is sealed too.

use super::Error;
use super::keys::{self, Keys};
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

pub(super) fn seal(
    tx: &mut Tx<'_>,
    keys: &Keys,
    random: &Random,
    compartment: &str,
    plaintext: &[u8],
) -> Result<Item, Error> {
    let key = match compartment_key(tx, keys, compartment)? {
        Some(Some(key)) => key,
        Some(None) => return Err(Error::Erased),
        None => make_key(tx, keys, random, compartment)?,
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
    let sql = "SELECT sealed, compartment FROM vault_items WHERE id = $1 ORDER BY chunk";
    let rows = tx.query(sql, params![&item.item])?;
    let Some(first) = rows.first() else { return Err(Error::Seal("it is missing")) };
    let compartment: String = first.get(1)?;
    let key = match compartment_key(tx, keys, &compartment)? {
        Some(Some(key)) => key,
        Some(None) => return Ok(Unsealed::Erased),
        None => return Err(Error::Seal("its key is missing")),
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
    // The row stays, empty, so that nobody makes a new key under the old name.
    let sql = "INSERT INTO vault_keys (compartment, wrapped) VALUES ($1, $2)
               ON CONFLICT (compartment) DO UPDATE SET wrapped = excluded.wrapped";
    tx.execute(sql, params![compartment, Vec::<u8>::new()])?;
    tx.execute("DELETE FROM vault_items WHERE compartment = $1 AND chunk > 0", params![compartment])?;
    Ok(())
}

/// The key of a compartment: absent, destroyed (`Some(None)`), or there.
fn compartment_key(
    tx: &mut Tx<'_>,
    keys: &Keys,
    compartment: &str,
) -> Result<Option<Option<[u8; 32]>>, Error> {
    let sql = "SELECT wrapped FROM vault_keys WHERE compartment = $1";
    let Some(row) = tx.query_opt(sql, params![compartment])? else { return Ok(None) };
    let wrapped: Vec<u8> = row.get(0)?;
    if wrapped.is_empty() {
        return Ok(Some(None));
    }
    let key = keys.unwrap(&key_label(compartment), &wrapped);
    let key = key.and_then(|key| key.try_into().ok());
    key.map(|key| Some(Some(key))).ok_or(Error::Seal("its key cannot be unwrapped with this master key"))
}

fn make_key(tx: &mut Tx<'_>, keys: &Keys, random: &Random, compartment: &str) -> Result<[u8; 32], Error> {
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
