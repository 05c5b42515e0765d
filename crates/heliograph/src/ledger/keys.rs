//! The keys of the centre. They lie in files outside database and backups: whoever holds a backup
//! without them holds noise.

use super::{Error, vault};
use crate::app::Random;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use merkle::{SigningKey, VerifierKey};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use storage::{Tx, params};

/// The master key, which wraps the vault's keys, and the log's signing key.
pub(crate) struct Keys {
    master: [u8; 32],
    log: SigningKey,
}

/// Tells the drafts of this process apart.
static DRAFTS: AtomicU32 = AtomicU32::new(0);

const MASTER: &str = "master.key";
const LOG: &str = "log.key";

/// Length of a nonce before each sealed text.
const NONCE: usize = 24;

impl Keys {
    /// Reads the keys in `dir`, or makes them at the first start.
    pub(crate) fn open(dir: &Path, origin: &str, random: &Random) -> anyhow::Result<Self> {
        std::fs::create_dir_all(dir)
            .map_err(|error| anyhow::anyhow!("cannot make {}: {error}", dir.display()))?;
        if read_secret(&dir.join(MASTER))?.is_none() {
            write_secret(&dir.join(MASTER), &base64(&random.bytes::<32>()))?;
        }
        if read_secret(&dir.join(LOG))?.is_none() {
            let key = SigningKey::from_seed(origin, random.bytes())?;
            write_secret(&dir.join(LOG), &key.to_secret_text())?;
        }
        Self::load(dir)
    }

    /// Reads the keys in `dir` and makes none.
    pub(crate) fn load(dir: &Path) -> anyhow::Result<Self> {
        let read = |name| {
            let path = dir.join(name);
            read_secret(&path)?.ok_or_else(|| anyhow::anyhow!("there is no key {}", path.display()))
        };
        let log = SigningKey::from_secret_text(read(LOG)?.trim())?;
        Ok(Self { master: decode(read(MASTER)?.trim())?, log })
    }

    pub(crate) fn log(&self) -> &SigningKey {
        &self.log
    }

    /// The key that others verify checkpoints and receipts with.
    pub(crate) fn verifier(&self) -> VerifierKey {
        self.log.verifier()
    }

    /// Seals under the master key, for the purpose `label`.
    pub(crate) fn wrap(&self, label: &str, nonce: [u8; NONCE], plaintext: &[u8]) -> Option<Vec<u8>> {
        seal(&self.derived(label), nonce, label.as_bytes(), plaintext)
    }

    /// Opens what [`Keys::wrap`] sealed; `None` where it was altered.
    pub(crate) fn unwrap(&self, label: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        open(&self.derived(label), label.as_bytes(), sealed)
    }

    /// Bytes that follow from `data` and the master key, and that nobody can find without it.
    pub(crate) fn derive(&self, label: &str, data: &[u8]) -> [u8; 32] {
        Sha256::new().chain_update(self.derived(label)).chain_update(data).finalize().into()
    }

    /// One key for each purpose, so that a text sealed for one cannot pass for another.
    fn derived(&self, label: &str) -> [u8; 32] {
        let hash = Sha256::new().chain_update(b"heliograph/derive/v1\n").chain_update(self.master);
        hash.chain_update(label.as_bytes()).finalize().into()
    }
}

/// Whether the keys belong to this journal: `false` where nothing there can tell yet. Keys that were
/// lost and made anew would sign another history and seal what nobody else can open.
pub(super) fn fit(tx: &mut Tx<'_>, keys: &Keys) -> Result<bool, Error> {
    let signed = super::latest_checkpoint(tx)?;
    if signed.as_ref().is_some_and(|(_, note)| merkle::open(note, &keys.verifier()).is_err()) {
        return Err(Error::Keys("the log's key did not sign the last checkpoint"));
    }
    let sql = "SELECT compartment, wrapped FROM vault_keys WHERE length(wrapped) > 0 LIMIT 1";
    let wrapped = tx.query_opt(sql, params![])?;
    if let Some(row) = &wrapped
        && vault::unwrap(keys, &row.get::<String>(0)?, &row.get::<Vec<u8>>(1)?).is_none()
    {
        return Err(Error::Keys("the master key does not open the vault"));
    }
    Ok(signed.is_some() && wrapped.is_some())
}

/// XChaCha20-Poly1305 with the nonce in front.
pub(crate) fn seal(key: &[u8; 32], nonce: [u8; NONCE], aad: &[u8], msg: &[u8]) -> Option<Vec<u8>> {
    let cipher = XChaCha20Poly1305::new(&Key::from(*key));
    let sealed = cipher.encrypt(&XNonce::from(nonce), Payload { msg, aad }).ok()?;
    Some([nonce.as_slice(), &sealed].concat())
}

pub(crate) fn open(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, msg) = sealed.split_first_chunk::<NONCE>()?;
    XChaCha20Poly1305::new(&Key::from(*key)).decrypt(&XNonce::from(*nonce), Payload { msg, aad }).ok()
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn decode(text: &str) -> anyhow::Result<[u8; 32]> {
    use base64::Engine;
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| anyhow::anyhow!("the master key file does not hold 32 bytes in base64"))
}

fn read_secret(path: &Path) -> anyhow::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => anyhow::bail!("cannot read {}: {error}", path.display()),
    }
}

/// Writes a secret that only its owner may read, whole or not at all. Where another process was
/// quicker, its secret stands: two that start at once must not go on with different keys.
fn write_secret(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let failed = |error| anyhow::anyhow!("cannot write {}: {error}", path.display());
    let number = DRAFTS.fetch_add(1, Ordering::Relaxed);
    let draft = path.with_extension(format!("{}-{number}.new", std::process::id()));
    let mut file = std::fs::OpenOptions::new();
    let mut file = file.write(true).create(true).truncate(true).mode(0o600).open(&draft).map_err(failed)?;
    writeln!(file, "{text}").and_then(|()| file.sync_all()).map_err(failed)?;
    // Unlike a renamed file, a link never replaces what is there.
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft).map_err(failed)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(failed(error)),
        _ => {}
    }
    if let Some(dir) = path.parent() {
        std::fs::File::open(dir).and_then(|dir| dir.sync_all()).map_err(failed)?;
    }
    Ok(())
}
