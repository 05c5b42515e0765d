//! `heliograph backup`: an online, consistent copy, in two parts that belong apart.

use super::case_keys::{self, CaseKeys};
use super::verify::{existing_database, summary};
use crate::app::{Clock, VIEWS};
use crate::ledger::{Keys, verify};
use crate::settings::Settings;
use age::x25519::Recipient;
use anyhow::{Context, bail, ensure};
use jiff::Timestamp;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use storage::{Database, Engine, params};

/// Copies the database while it is in use.
///
/// Two files are made: the database without the keys of its cases, and those keys, wrapped by the master
/// key and encrypted to recipients whose secrets are not on this machine. Keep them apart, the second only
/// until the date in its name: what is erased is gone for good when its last copy is. The master key and
/// the log's key are in neither.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  heliograph backup --data /var/lib/heliograph --to /backup/2026-05-01 --keys-to /vault/2026-05-01 \\
    --recipient age1…

Make a recipient with `age-keygen`, on a machine that is not this one. Copy the list of erasures
(`heliograph config` names it) elsewhere as often as you can: a restore makes a backup forget by it.
`heliograph help restore` tells how a backup comes back.")]
pub(crate) struct Args {
    /// The centre's folder; its settings apply
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// Where the database goes
    #[arg(long, value_name = "DIR")]
    pub(super) to: PathBuf,
    /// Where the keys of the cases go: another folder, best on another medium
    #[arg(long, value_name = "DIR")]
    pub(super) keys_to: PathBuf,
    /// Who can open them, beside those in the setting `key_backup_recipients`; may be given several times
    #[arg(long = "recipient", value_name = "AGE")]
    pub(super) recipients: Vec<String>,
}

pub(super) const DATABASE: &str = "heliograph.db";

pub(crate) fn run(config: Option<&Path>, args: &Args) -> anyhow::Result<ExitCode> {
    let data = args.data.as_ref().map(|data| ("data", data.display().to_string()));
    let settings = Settings::load(config, &data.into_iter().collect::<Vec<_>>())?;
    let texts = settings.key_backup_recipients.iter().chain(&args.recipients);
    let recipients = case_keys::recipients(texts.map(String::as_str))?;
    let apart = Apart { to: &args.to, keys_to: &args.keys_to, recipients: &recipients };
    let clean = back_up(&settings, &apart, Clock::default().now(), &mut std::io::stdout().lock())?;
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Where the two parts go, and who can open the second.
struct Apart<'a> {
    to: &'a Path,
    keys_to: &'a Path,
    recipients: &'a [Recipient],
}

/// Makes both files and says whether the copy verified.
fn back_up(
    settings: &Settings,
    apart: &Apart<'_>,
    now: Timestamp,
    out: &mut impl Write,
) -> anyhow::Result<bool> {
    let db = existing_database(settings)?;
    if db.engine() == Engine::Postgres {
        bail!(
            "this centre is on PostgreSQL: use pg_dump or the server's own online backup, and keep the table \
             vault_keys in a dump of its own"
        );
    }
    ensure!(
        !apart.recipients.is_empty(),
        "nobody could open the case keys: name a recipient (age1…) with --recipient or in the setting \
         key_backup_recipients; `age-keygen` makes one, on a machine that is not this one"
    );
    let keys = Keys::load(&settings.keys_dir())?;
    let until = settings.key_backups_gone(now);
    let (database, case_keys) = (apart.to.join(DATABASE), apart.keys_to.join(case_keys::file_name(until)));
    refuse_together(apart, &settings.keys_dir(), &[&database, &case_keys])?;
    // The copy has the wrapped keys in it until it is cleaned, so it is made where they may be.
    let draft = apart.keys_to.join("heliograph.db.draft");
    // One may be left of a backup that was broken off.
    let _ = fs::remove_file(&draft);
    // Made before SQLite would, so that nobody else may read it at any time.
    private(&draft)?;
    db.backup(&draft).context("cannot copy the database")?;
    let copy = Database::sqlite(&draft)?;
    let outcome = copy.read(|tx| verify(tx, &keys, VIEWS))?;
    take_keys(&copy, now)?.write(&case_keys, apart.recipients)?;
    drop(copy);
    move_to(&draft, &database)?;
    for folder in [apart.to, apart.keys_to] {
        File::open(folder).and_then(|folder| folder.sync_all())?;
    }
    write!(out, "{}", summary(&outcome))?;
    writeln!(out, "{}  the database, without the keys of its cases", database.display())?;
    writeln!(
        out,
        "{}  those keys, for {} recipients; delete it on the date in its name: what is erased by now is gone \
         for good only then",
        case_keys.display(),
        apart.recipients.len()
    )?;
    writeln!(
        out,
        "Not in either: the master key and the log's key, in {}, and the list of erasures, {}. Keep copies of \
         them apart from both; without the master key nothing sealed can be opened.",
        settings.keys_dir().display(),
        settings.erasures_file().display()
    )?;
    for finding in &outcome.findings {
        writeln!(out, "{} - {}: {}", finding.what, finding.place, finding.reason)?;
    }
    if !outcome.findings.is_empty() {
        writeln!(out, "What was copied is damaged, as listed; the copy is as damaged, and was made.")?;
    }
    Ok(outcome.findings.is_empty())
}

/// Refuses folders that would put together what must be apart, and files that are there already.
fn refuse_together(apart: &Apart<'_>, keys: &Path, files: &[&Path]) -> anyhow::Result<()> {
    let (to, keys_to) = (apart.to, apart.keys_to);
    for folder in [to, keys_to] {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let real = |path: &Path| path.canonicalize().with_context(|| format!("cannot find {}", path.display()));
    let (to, keys_to, keys) = (real(to)?, real(keys_to)?, real(keys)?);
    if to.starts_with(&keys_to) || keys_to.starts_with(&to) {
        bail!("--to and --keys-to must be apart: who holds both and the master key can undo an erasure");
    }
    if to.starts_with(&keys) || keys_to.starts_with(&keys) {
        bail!("a backup does not belong into the folder of the keys ({})", keys.display());
    }
    for path in files {
        ensure!(!path.exists(), "{} is there already; choose another folder", path.display());
    }
    Ok(())
}

/// Takes the wrapped keys out of the copy. Marks of erasure stay in it, too.
fn take_keys(copy: &Database, now: Timestamp) -> anyhow::Result<CaseKeys> {
    let keys = copy.write(|tx| {
        // What is deleted is overwritten, in the file as well.
        tx.query("PRAGMA secure_delete = ON", params![])?;
        let keys = case_keys::of(tx, now)?;
        tx.execute("DELETE FROM vault_keys WHERE length(wrapped) > 0", params![])?;
        Ok::<_, storage::Error>(keys)
    })?;
    Ok(keys)
}

/// A new file that only its owner may read.
pub(super) fn private(path: &Path) -> anyhow::Result<File> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.with_context(|| format!("cannot make {}", path.display()))
}

/// Moves a file, to another file system too, so that it is there whole or not at all.
fn move_to(from: &Path, to: &Path) -> anyhow::Result<()> {
    let draft = to.with_extension("db.draft");
    let moved = || -> std::io::Result<()> {
        if fs::rename(from, &draft).is_err() {
            fs::copy(from, &draft)?;
            fs::remove_file(from)?;
        }
        fs::set_permissions(&draft, fs::Permissions::from_mode(0o600))?;
        File::open(&draft)?.sync_all()?;
        fs::rename(&draft, to)
    };
    moved().with_context(|| format!("cannot write {}", to.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{App, Random};
    use crate::ledger::{Actor, Writer, verify};
    use crate::people::{self, Mandate};
    use crate::refusal::Refusal;
    use age::x25519::Identity;
    use storage::Scratch;

    fn app(scratch: &Scratch) -> App {
        let mut flags = vec![("data", scratch.dir().display().to_string())];
        flags.extend(scratch.url().map(|url| ("database", url)));
        let settings = Settings::load(None, &flags).unwrap();
        App::open(settings, Clock::default(), Random::default()).unwrap()
    }

    fn fill(app: &App) {
        let fill = |w: &mut Writer<'_, '_>| {
            people::add(w, &Actor::System, "Nordwind GmbH", Mandate::Defensive)?;
            w.seal("case/1", b"sealed")?;
            w.seal("case/it's", b"sealed too")?;
            w.erase("case/it's")?;
            Ok::<_, Refusal>(())
        };
        app.ledger.submit_blocking(fill).unwrap();
    }

    fn holds(path: &Path, needle: &[u8]) -> bool {
        fs::read(path).unwrap().windows(needle.len()).any(|window| window == needle)
    }

    fn noon() -> Timestamp {
        "2026-05-01T12:00:00Z".parse().unwrap()
    }

    /// Backs up for one recipient, whose identity comes back with what was said.
    fn backed_up(settings: &Settings, to: &Path, keys_to: &Path) -> anyhow::Result<(Identity, String)> {
        let officer = Identity::generate();
        let apart = Apart { to, keys_to, recipients: &[officer.to_public()] };
        let mut said = Vec::new();
        back_up(settings, &apart, noon(), &mut said)?;
        Ok((officer, String::from_utf8(said)?))
    }

    #[test]
    fn a_backup_is_whole_without_a_single_key_that_could_be_used() {
        let scratch = Scratch::sqlite().unwrap();
        let flags = [("data", scratch.dir().display().to_string())];
        let settings = Settings::load(None, &flags).unwrap();
        let app = App::open(settings.clone(), Clock::default(), Random::default()).unwrap();
        fill(&app);
        let (to, keys_to) = (scratch.dir().join("copy"), scratch.dir().join("copied keys"));
        let (officer, said) = backed_up(&settings, &to, &keys_to).unwrap();
        assert!(said.contains("Not in either: the master key"), "{said}");
        assert!(said.contains("case-keys-until-2026-05-31.age"), "30 days unless set: {said}");

        let sql = "SELECT wrapped FROM vault_keys WHERE compartment = 'case/1'";
        let wrapped: Vec<u8> = app.ledger.db().read(|tx| tx.query_one(sql, &[])).unwrap().get(0).unwrap();
        let copy = to.join(DATABASE);
        assert!(holds(&scratch.dir().join("heliograph.db-wal"), &wrapped), "the search itself works");
        assert!(!holds(&copy, &wrapped) && !holds(&copy, &wrapped[24..40]));
        assert_eq!(fs::read_dir(&to).unwrap().count(), 1);
        assert_eq!(fs::read_dir(&keys_to).unwrap().count(), 1);
        for path in [&copy, &keys_to.join("case-keys-until-2026-05-31.age")] {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let keys = CaseKeys::read(&[keys_to], &[officer]).unwrap();
        assert_eq!(keys.wrapped.into_iter().collect::<Vec<_>>(), [("case/1".to_owned(), wrapped)]);
        assert_eq!(keys.erased.into_keys().collect::<Vec<_>>(), ["case/it's"]);
    }

    #[test]
    fn what_belongs_apart_is_kept_apart_and_nothing_is_overwritten() {
        let scratch = Scratch::sqlite().unwrap();
        let flags = [("data", scratch.dir().display().to_string())];
        let settings = Settings::load(None, &flags).unwrap();
        drop(App::open(settings.clone(), Clock::default(), Random::default()).unwrap());
        let dir = scratch.dir();
        let refused = |to: &str, keys_to: &str| {
            backed_up(&settings, &dir.join(to), &dir.join(keys_to)).err().unwrap().to_string()
        };
        assert!(refused("a", "a").contains("must be apart"));
        assert!(refused("a", "a/b").contains("must be apart"));
        assert!(refused("a/b", "a").contains("must be apart"));
        assert!(refused("a", "b/../a").contains("must be apart") || !dir.join("b").exists());
        assert!(refused("a", "keys/b").contains("folder of the keys"));
        backed_up(&settings, &dir.join("x"), &dir.join("y")).unwrap();
        let nobody = Apart { to: &dir.join("v"), keys_to: &dir.join("w"), recipients: &[] };
        let refusal = back_up(&settings, &nobody, noon(), &mut Vec::new()).unwrap_err().to_string();
        assert!(refusal.contains("nobody could open the case keys"), "{refusal}");
        assert!(!dir.join("v").exists() && !dir.join("w").exists());
        assert!(refused("x", "z").contains("there already"));
        assert!(refused("z", "y").contains("there already"));
        let nowhere = Settings::load(None, &[("data", dir.join("nowhere").display().to_string())]).unwrap();
        assert!(backed_up(&nowhere, &dir.join("p"), &dir.join("q")).is_err());
        assert!(!dir.join("nowhere").exists());
    }

    #[test]
    fn a_copy_is_consistent_while_others_write() {
        let scratch = Scratch::new().unwrap();
        let app = app(&scratch);
        fill(&app);
        let (to, keys_to) = (scratch.dir().join("copy"), scratch.dir().join("copied keys"));
        if app.ledger.db().engine() == Engine::Postgres {
            let refused = backed_up(&app.settings, &to, &keys_to).err().unwrap();
            assert!(refused.to_string().contains("pg_dump"));
            return;
        }
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for n in 0..150 {
                    let name = format!("Organisation {n}");
                    let add = move |w: &mut Writer<'_, '_>| {
                        people::add(w, &Actor::System, &name, Mandate::Unknown)?;
                        Ok::<_, Refusal>(())
                    };
                    app.ledger.submit_blocking(add).unwrap();
                }
            });
            for n in 0..3 {
                let (to, keys_to) = (to.join(n.to_string()), keys_to.join(n.to_string()));
                backed_up(&app.settings, &to, &keys_to).unwrap();
                let copy = Database::sqlite(&to.join(DATABASE)).unwrap();
                let outcome = copy.read(|tx| verify(tx, app.ledger.keys(), VIEWS)).unwrap();
                let others: Vec<_> = outcome
                    .findings
                    .iter()
                    .filter(|it| !["sealed item", "vault key"].contains(&it.what))
                    .collect();
                assert!(others.is_empty(), "{others:?}");
            }
            writer.join().unwrap();
        });
    }
}
