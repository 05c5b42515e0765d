//! `heliograph backup`: an online, consistent copy, in two parts that belong apart.

use super::verify::{existing_database, summary};
use crate::app::VIEWS;
use crate::ledger::{Keys, verify};
use crate::settings::Settings;
use anyhow::{Context, bail, ensure};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use storage::{Database, Engine, params};

/// Copies the database while it is in use.
///
/// Two files are made: the database without the keys of its cases, and those keys, which are wrapped
/// by the master key. Keep them apart, the second for a short time only: what is erased is gone for
/// good on the day when its last copy is. The master key and the log's key are in neither.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  heliograph backup --data /var/lib/heliograph --to /backup/2026-05-01 --keys-to /vault/2026-05-01

To restore by hand, with nothing running:
  1. Put heliograph.db into an empty folder, and your copy of the folder of keys beside it.
  2. Load the newest case-keys.sql that you have, also where the database is older: it says what was
     erased since.        sqlite3 heliograph.db < case-keys.sql
  3. heliograph verify --data DIR --since the newest checkpoint that anyone kept. If it says that the
     end was cut off, entries were lost, and going on would give the log a second history: tell those
     who hold the checkpoint before you do.")]
pub(crate) struct Args {
    /// The centre's folder; its settings apply
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where the database goes
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Where the wrapped keys of the cases go: another folder, best on another medium
    #[arg(long, value_name = "DIR")]
    keys_to: PathBuf,
}

const DATABASE: &str = "heliograph.db";
const CASE_KEYS: &str = "case-keys.sql";

pub(crate) fn run(config: Option<&Path>, args: &Args) -> anyhow::Result<ExitCode> {
    let data = args.data.as_ref().map(|data| ("data", data.display().to_string()));
    let settings = Settings::load(config, &data.into_iter().collect::<Vec<_>>())?;
    let clean = back_up(&settings, &args.to, &args.keys_to, &mut std::io::stdout().lock())?;
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Makes both files and says whether the copy verified.
fn back_up(settings: &Settings, to: &Path, keys_to: &Path, out: &mut impl Write) -> anyhow::Result<bool> {
    let db = existing_database(settings)?;
    if db.engine() == Engine::Postgres {
        bail!(
            "this centre is on PostgreSQL: use pg_dump or the server's own online backup, and keep the table \
             vault_keys in a dump of its own"
        );
    }
    let keys = Keys::load(&settings.keys_dir())?;
    apart(to, keys_to, &settings.keys_dir())?;
    // The copy has the wrapped keys in it until it is cleaned, so it is made where they may be.
    let draft = keys_to.join("heliograph.db.draft");
    let case_keys = keys_to.join(CASE_KEYS);
    // One may be left of a backup that was broken off.
    let _ = fs::remove_file(&draft);
    // Made before SQLite would, so that nobody else may read it at any time.
    private(&draft)?;
    db.backup(&draft).context("cannot copy the database")?;
    let copy = Database::sqlite(&draft)?;
    let outcome = copy.read(|tx| verify(tx, &keys, VIEWS))?;
    let wrapped = take_keys(&copy)?;
    drop(copy);
    let mut file = private(&case_keys)?;
    file.write_all(wrapped.as_bytes())
        .and_then(|()| file.sync_all())
        .context("cannot write the case keys")?;
    move_to(&draft, &to.join(DATABASE))?;
    for folder in [to, keys_to] {
        File::open(folder).and_then(|folder| folder.sync_all())?;
    }
    write!(out, "{}", summary(&outcome))?;
    writeln!(out, "{}  the database, without the keys of its cases", to.join(DATABASE).display())?;
    writeln!(out, "{}  those keys, wrapped by the master key", case_keys.display())?;
    writeln!(
        out,
        "Not in either: the master key and the log's key, in {}. Keep them apart from both; without the \
         master key nothing sealed can be opened.",
        settings.keys_dir().display()
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
fn apart(to: &Path, keys_to: &Path, keys: &Path) -> anyhow::Result<()> {
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
    for path in [to.join(DATABASE), keys_to.join(CASE_KEYS)] {
        ensure!(!path.exists(), "{} is there already; choose another folder", path.display());
    }
    Ok(())
}

/// Takes the wrapped keys out of the copy and gives them as statements that put them back. Marks of
/// erasure stay in the copy, and stand in the statements: they win over a key wherever they meet.
fn take_keys(copy: &Database) -> anyhow::Result<String> {
    let mut sql = String::from(
        "-- Keys of the cases, wrapped by the master key. Keep for a short time only.\nBEGIN;\n",
    );
    copy.write(|tx| {
        // What is deleted is overwritten, in the file as well.
        tx.query("PRAGMA secure_delete = ON", params![])?;
        for row in tx.query("SELECT compartment, wrapped FROM vault_keys ORDER BY compartment", params![])? {
            let (compartment, wrapped): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
            let compartment = compartment.replace('\'', "''");
            let hex: String = wrapped.iter().map(|byte| format!("{byte:02x}")).collect();
            let clash = if wrapped.is_empty() { "UPDATE SET wrapped = x''" } else { "NOTHING" };
            sql += &format!(
                "INSERT INTO vault_keys (compartment, wrapped) VALUES ('{compartment}', x'{hex}') \
                 ON CONFLICT (compartment) DO {clash};\n"
            );
        }
        tx.execute("DELETE FROM vault_keys WHERE length(wrapped) > 0", params![])
    })?;
    sql += "COMMIT;\n";
    Ok(sql)
}

/// A new file that only its owner may read.
fn private(path: &Path) -> anyhow::Result<File> {
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
    use crate::app::{App, Clock, Random};
    use crate::ledger::{Actor, Writer, verify};
    use crate::people::{self, Mandate};
    use crate::refusal::Refusal;
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

    #[test]
    fn a_backup_is_whole_without_a_single_key_and_comes_back() {
        let scratch = Scratch::sqlite().unwrap();
        let flags = [("data", scratch.dir().display().to_string())];
        let settings = Settings::load(None, &flags).unwrap();
        let app = App::open(settings.clone(), Clock::default(), Random::default()).unwrap();
        fill(&app);
        let (to, keys_to) = (scratch.dir().join("copy"), scratch.dir().join("copied keys"));
        let mut said = Vec::new();
        back_up(&settings, &to, &keys_to, &mut said).unwrap();
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains("Not in either: the master key"), "{said}");

        let sql = "SELECT wrapped FROM vault_keys WHERE compartment = 'case/1'";
        let wrapped: Vec<u8> = app.ledger.db().read(|tx| tx.query_one(sql, &[])).unwrap().get(0).unwrap();
        let copy = to.join(DATABASE);
        assert!(holds(&scratch.dir().join("heliograph.db-wal"), &wrapped), "the search itself works");
        assert!(!holds(&copy, &wrapped) && !holds(&copy, &wrapped[24..40]));
        assert_eq!(fs::read_dir(&to).unwrap().count(), 1);
        assert_eq!(fs::read_dir(&keys_to).unwrap().count(), 1);
        for path in [&copy, &keys_to.join(CASE_KEYS)] {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }

        // By hand, as the help says; the statements run one by one.
        let restored = Database::sqlite(&copy).unwrap();
        let statements = fs::read_to_string(keys_to.join(CASE_KEYS)).unwrap();
        restored
            .write(|tx| {
                for statement in statements.lines().filter(|line| line.starts_with("INSERT")) {
                    tx.execute(statement, &[])?;
                }
                Ok::<_, storage::Error>(())
            })
            .unwrap();
        let judge = |db: &Database| db.read(|tx| verify(tx, app.ledger.keys(), VIEWS)).unwrap();
        assert_eq!(judge(&restored).findings, judge(app.ledger.db()).findings);
        assert_eq!(judge(&restored).root, judge(app.ledger.db()).root);
        let sealed = "SELECT wrapped FROM vault_keys ORDER BY compartment";
        let keys = |db: &Database| db.read(|tx| tx.query(sealed, &[])).unwrap();
        assert_eq!(keys(&restored), keys(app.ledger.db()), "the erased stays erased");
    }

    #[test]
    fn what_belongs_apart_is_kept_apart_and_nothing_is_overwritten() {
        let scratch = Scratch::sqlite().unwrap();
        let flags = [("data", scratch.dir().display().to_string())];
        let settings = Settings::load(None, &flags).unwrap();
        drop(App::open(settings.clone(), Clock::default(), Random::default()).unwrap());
        let dir = scratch.dir();
        let refused = |to: &str, keys_to: &str| {
            back_up(&settings, &dir.join(to), &dir.join(keys_to), &mut Vec::new()).unwrap_err().to_string()
        };
        assert!(refused("a", "a").contains("must be apart"));
        assert!(refused("a", "a/b").contains("must be apart"));
        assert!(refused("a/b", "a").contains("must be apart"));
        assert!(refused("a", "b/../a").contains("must be apart") || !dir.join("b").exists());
        assert!(refused("a", "keys/b").contains("folder of the keys"));
        back_up(&settings, &dir.join("x"), &dir.join("y"), &mut Vec::new()).unwrap();
        assert!(refused("x", "z").contains("there already"));
        assert!(refused("z", "y").contains("there already"));
        let nowhere = Settings::load(None, &[("data", dir.join("nowhere").display().to_string())]).unwrap();
        assert!(back_up(&nowhere, &dir.join("p"), &dir.join("q"), &mut Vec::new()).is_err());
        assert!(!dir.join("nowhere").exists());
    }

    #[test]
    fn a_copy_is_consistent_while_others_write() {
        let scratch = Scratch::new().unwrap();
        let app = app(&scratch);
        fill(&app);
        let (to, keys_to) = (scratch.dir().join("copy"), scratch.dir().join("copied keys"));
        if app.ledger.db().engine() == Engine::Postgres {
            let refused = back_up(&app.settings, &to, &keys_to, &mut Vec::new()).unwrap_err();
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
                back_up(&app.settings, &to, &keys_to, &mut Vec::new()).unwrap();
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
