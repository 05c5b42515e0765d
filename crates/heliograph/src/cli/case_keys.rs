//! The keys of the cases on their way into a backup and back: a list, encrypted with age to recipients
//! whose secret halves are not on this server.
//!
//! In the list the keys are still wrapped by the master key, so two things that lie apart must come
//! together before one can be used. The file's name says until when it may be kept.

use super::backup::private;
use crate::ledger::Erased;
use age::x25519::{Identity, Recipient};
use age::{Decryptor, Encryptor};
use anyhow::{Context, bail, ensure};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use storage::{Tx, params};

/// The first line of the list.
const HEADER: &str = "heliograph case keys v1";
const BEGINS: &str = "case-keys-until-";
const ENDS: &str = ".age";

/// The largest file that is read: 100,000 cases have 25 MB.
const BYTES_MAX: u64 = 1 << 30;
const IDENTITY_BYTES_MAX: u64 = 64 * 1024;

/// Wrapped keys by compartment, and the compartments that are marked as erased.
#[derive(Debug, Default, PartialEq)]
pub(super) struct CaseKeys {
    pub(super) wrapped: BTreeMap<String, Vec<u8>>,
    pub(super) erased: Erased,
}

/// The keys in a database.
pub(super) fn of(tx: &mut Tx<'_>, now: Timestamp) -> Result<CaseKeys, storage::Error> {
    let mut keys = CaseKeys::default();
    for row in tx.query("SELECT compartment, wrapped FROM vault_keys", params![])? {
        let (compartment, wrapped): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        match wrapped.is_empty() {
            true => drop(keys.erased.insert(compartment, now.to_string())),
            false => drop(keys.wrapped.insert(compartment, wrapped)),
        }
    }
    Ok(keys)
}

pub(super) fn recipients<'a>(texts: impl Iterator<Item = &'a str>) -> anyhow::Result<Vec<Recipient>> {
    let read = |text: &str| {
        let recipient = text.parse().map_err(|error: &str| anyhow::anyhow!("recipient {text}: {error}"));
        recipient.context(
            "a recipient begins with age1; `age-keygen` makes one, on a machine that is not this one",
        )
    };
    texts.map(str::trim).filter(|text| !text.is_empty()).map(read).collect()
}

/// The name of a file that may be kept until then.
pub(super) fn file_name(until: Timestamp) -> String {
    format!("{BEGINS}{}{ENDS}", until.strftime("%Y-%m-%d"))
}

impl CaseKeys {
    /// Writes the list so that only the recipients can read it.
    pub(super) fn write(&self, path: &Path, recipients: &[Recipient]) -> anyhow::Result<()> {
        let mut text = format!("{HEADER}\n");
        for (compartment, wrapped) in &self.wrapped {
            let hex: String = wrapped.iter().map(|byte| format!("{byte:02x}")).collect();
            text += &format!("key\t{compartment}\t{hex}\n");
        }
        for (compartment, at) in &self.erased {
            text += &format!("erased\t{compartment}\t{at}\n");
        }
        let encryptor = Encryptor::with_recipients(recipients.iter().map(|it| it as _))?;
        let mut file = private(path)?;
        let mut writer = encryptor.wrap_output(&mut file)?;
        writer.write_all(text.as_bytes())?;
        writer.finish()?;
        file.sync_all().context("cannot write the case keys")
    }

    /// Reads every list in a folder. A key that an erasure meets is left out.
    pub(super) fn read(folders: &[PathBuf], identities: &[Identity]) -> anyhow::Result<Self> {
        let mut all = Self::default();
        for folder in folders {
            let mut found = 0;
            let entries =
                fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
            for entry in entries {
                let path = entry?.path();
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if name.starts_with(BEGINS) && name.ends_with(ENDS) {
                    let text = decrypted(&path, identities).with_context(|| path.display().to_string())?;
                    all.take(&text).with_context(|| path.display().to_string())?;
                    found += 1;
                }
            }
            ensure!(found > 0, "there is no {BEGINS}…{ENDS} in {}", folder.display());
        }
        Ok(all)
    }

    fn take(&mut self, text: &str) -> anyhow::Result<()> {
        let mut lines = text.lines();
        ensure!(lines.next() == Some(HEADER), "line 1: it should be \"{HEADER}\"");
        for (number, line) in lines.enumerate() {
            let bad = || format!("line {}: this is no line of a list of case keys", number + 2);
            let fields: Vec<&str> = line.split('\t').collect();
            match fields[..] {
                ["key", compartment, hex] => {
                    self.wrapped.insert(compartment.to_owned(), bytes(hex).with_context(bad)?);
                }
                ["erased", compartment, at] => {
                    self.erased.insert(compartment.to_owned(), at.to_owned());
                }
                _ => bail!(bad()),
            }
        }
        Ok(())
    }
}

fn decrypted(path: &Path, identities: &[Identity]) -> anyhow::Result<String> {
    let length = fs::metadata(path)?.len();
    ensure!(length <= BYTES_MAX, "it has {length} bytes; at most {BYTES_MAX} are read");
    let decryptor = Decryptor::new(fs::File::open(path)?).context("it is not a file that age made")?;
    let mut reader =
        decryptor.decrypt(identities.iter().map(|it| it as _)).context("none of the identities opens it")?;
    let mut text = String::new();
    reader.read_to_string(&mut text).context("it was altered or cut short")?;
    Ok(text)
}

/// The identities in a file as `age-keygen` writes it.
pub(super) fn identities(path: &Path) -> anyhow::Result<Vec<Identity>> {
    let text = super::verify::text_of(path, IDENTITY_BYTES_MAX)?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    // What it is not is not repeated: it may be most of a secret.
    let read = |line: &str| line.parse().ok().with_context(|| format!("{}: no age identity", path.display()));
    let found: Vec<Identity> = lines.map(read).collect::<anyhow::Result<_>>()?;
    ensure!(!found.is_empty(), "{}: there is no age identity in it", path.display());
    Ok(found)
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    // `from_str_radix` takes a sign, too.
    let well_formed = digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit);
    well_formed.then(|| digits.chunks(2).map(pair).collect()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use storage::Scratch;

    fn keys() -> CaseKeys {
        let wrapped =
            BTreeMap::from([("case/1".to_owned(), vec![7; 72]), ("case/it's".to_owned(), vec![0, 255])]);
        CaseKeys { wrapped, erased: Erased::from([("case/2".into(), "2026-03-01T12:00:00Z".into())]) }
    }

    #[test]
    fn only_a_recipient_reads_the_list_and_only_whole() {
        let scratch = Scratch::sqlite().unwrap();
        let (officer, stranger) = (Identity::generate(), Identity::generate());
        let path = scratch.dir().join("case-keys-until-2026-12-25.age");
        let to = recipients([officer.to_public().to_string().as_str(), " "].into_iter()).unwrap();
        keys().write(&path, &to).unwrap();
        let read =
            |identity: &Identity| CaseKeys::read(&[scratch.dir().to_owned()], std::slice::from_ref(identity));
        assert_eq!(read(&officer).unwrap(), keys());
        let refused = |identity: &Identity| format!("{:#}", read(identity).unwrap_err());
        assert!(refused(&stranger).contains("none of the identities opens it"), "{}", refused(&stranger));
        let whole = fs::read(&path).unwrap();
        let mut altered = whole.clone();
        *altered.last_mut().unwrap() ^= 1;
        for damaged in [&altered[..], &whole[..whole.len() - 20], b"age?", b""] {
            fs::write(&path, damaged).unwrap();
            assert!(read(&officer).is_err());
        }
        fs::remove_file(&path).unwrap();
        assert!(refused(&officer).contains("there is no case-keys-until-"));
    }

    #[test]
    fn hostile_lists_and_keys_are_refused_with_their_line() {
        let taken = |text: &str| CaseKeys::default().take(text);
        for text in ["", "key\tx\t00", "heliograph case keys v2\n"] {
            assert!(taken(text).unwrap_err().to_string().contains("line 1"), "{text}");
        }
        for line in ["key\tx", "key\tx\t0", "key\tx\tzz", "key\tx\t+1", "other\tx\t00", "", "key\tx\t00\t00"]
        {
            let error = taken(&format!("{HEADER}\nkey\ta\t00\n{line}\n")).unwrap_err();
            assert!(format!("{error:#}").contains("line 3"), "{line}: {error:#}");
        }
        assert!(recipients(["age1nonsense"].into_iter()).is_err());
        let scratch = Scratch::sqlite().unwrap();
        let file = scratch.dir().join("identity");
        fs::write(&file, "# made today\nAGE-SECRET-KEY-1NONSENSE\n").unwrap();
        let said = format!("{:#}", identities(&file).err().unwrap());
        assert!(!said.contains("NONSENSE"), "{said}");
    }
}
