//! `heliograph restore`: a centre from its backup, and a new epoch of its log.

#[cfg(test)]
mod tests;

use super::backup::{DATABASE, private};
use super::case_keys::{self, CaseKeys};
use super::verify::{NOTE_BYTES_MAX, summary, text_of};
use crate::app::{Clock, Random, VIEWS};
use crate::cases;
use crate::deadlines::{self, last_drill};
use crate::ledger::{self, Break, Erased, Error, Keys, Outcome, Writer};
use crate::partners;
use crate::reports;
use crate::settings::Settings;
use anyhow::{Context, bail, ensure};
use jiff::{Timestamp, tz::TimeZone};
use merkle::{Checkpoint, VerifierKey};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use storage::{Database, Tx, params};

/// Restores a centre from a backup into an empty folder.
///
/// A restore forks the log: what came after the backup is lost, and everyone who holds a later checkpoint
/// can see it. So the log goes on with an entry that opens a new epoch and quotes the last checkpoint that
/// was published, and `verify` names the break. What was erased since the backup is erased again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  heliograph restore --data /var/lib/heliograph --from /backup/2026-05-01 --keys-from /vault/2026-05-01 \\
    --identity officer.key --erasures erasures.txt --last-checkpoint checkpoint

Before it: put your copy of the folder of keys where the settings say (`keys`, else DIR/keys), and ask
whoever mirrors your log, or cosigns it, for the last checkpoint. With nothing running.")]
pub(crate) struct Args {
    /// The folder to restore into; its settings apply
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where `backup --to` put the database
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Where `backup --keys-to` put the keys of the cases; several are put together
    #[arg(long, required = true, value_name = "DIR")]
    keys_from: Vec<PathBuf>,
    /// The secret of a recipient, as `age-keygen` wrote it
    #[arg(long, required = true, value_name = "FILE")]
    identity: Vec<PathBuf>,
    /// A list of erasures, kept outside; several are put together
    #[arg(long, value_name = "FILE")]
    erasures: Vec<PathBuf>,
    /// The last checkpoint that was published, as far as anybody kept it
    #[arg(long, value_name = "FILE")]
    last_checkpoint: Option<PathBuf>,
    /// Where keys are missing, give up what they sealed: the journal then says that it was erased
    #[arg(long)]
    give_up_missing_keys: bool,
}

/// What goes into a restored database beside the backup.
struct Beside {
    keys: Arc<Keys>,
    case_keys: CaseKeys,
    erased: Erased,
    last_checkpoint: Option<String>,
    give_up_missing_keys: bool,
}

/// What a restore did.
struct Restored {
    outcome: Outcome,
    kept: u64,
    published: u64,
    erased_again: Vec<String>,
    given_up: Vec<String>,
}

pub(crate) fn run(config: Option<&Path>, args: &Args) -> anyhow::Result<ExitCode> {
    let data = args.data.as_ref().map(|data| ("data", data.display().to_string()));
    let settings = Settings::load(config, &data.into_iter().collect::<Vec<_>>())?;
    restore(&settings, args, &mut std::io::stdout().lock())?;
    Ok(ExitCode::SUCCESS)
}

fn restore(settings: &Settings, args: &Args, out: &mut impl Write) -> anyhow::Result<()> {
    if settings.database.is_some() {
        bail!("this centre is on PostgreSQL: restore it with the server's own means");
    }
    let target = settings.data.join(DATABASE);
    ensure!(
        !target.exists(),
        "there is a centre in {} already; restore into another folder",
        settings.data.display()
    );
    deadlines::choose_profiles(settings)?;
    let beside = beside(settings, args)?;
    let draft = settings.data.join("heliograph.db.restoring");
    fs::create_dir_all(&settings.data).with_context(|| format!("cannot make {}", settings.data.display()))?;
    discard(&draft);
    let restored = copied(&args.from.join(DATABASE), &draft)
        .and_then(|()| into(&Database::sqlite(&draft)?, &beside, Clock::default(), Random::default()));
    let restored = restored.inspect_err(|_| discard(&draft))?;
    let mut list = beside.erased;
    list.extend(read_list(settings)?);
    ledger::write_erasures(&settings.erasures_file(), &list).context("cannot write the list of erasures")?;
    fs::rename(&draft, &target).with_context(|| format!("cannot write {}", target.display()))?;
    File::open(&settings.data).and_then(|folder| folder.sync_all())?;
    report(&restored, beside.last_checkpoint.is_some(), out)
}

/// Everything that must be there before anything is made.
fn beside(settings: &Settings, args: &Args) -> anyhow::Result<Beside> {
    let keys = Keys::load(&settings.keys_dir()).context(
        "put your copy of the folder of keys there first; without it nothing sealed can be opened",
    )?;
    let last_checkpoint =
        args.last_checkpoint.as_deref().map(|path| text_of(path, NOTE_BYTES_MAX)).transpose()?;
    if let Some(note) = &last_checkpoint {
        merkle::open(note, &keys.verifier()).context("the checkpoint given with --last-checkpoint")?;
    }
    let identities: Vec<_> =
        args.identity.iter().map(|path| case_keys::identities(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let case_keys = CaseKeys::read(&args.keys_from, &identities.into_iter().flatten().collect::<Vec<_>>())?;
    // A later backup of keys knows of erasures, too.
    let mut erased = case_keys.erased.clone();
    for path in &args.erasures {
        erased.extend(ledger::read_erasures(path)?);
    }
    erased.extend(read_list(settings)?);
    let give_up_missing_keys = args.give_up_missing_keys;
    Ok(Beside { keys: Arc::new(keys), case_keys, erased, last_checkpoint, give_up_missing_keys })
}

/// The list where the settings say, if it outlived the database.
fn read_list(settings: &Settings) -> anyhow::Result<Erased> {
    let path = settings.erasures_file();
    if path.exists() { ledger::read_erasures(&path) } else { Ok(Erased::new()) }
}

fn copied(from: &Path, draft: &Path) -> anyhow::Result<()> {
    let mut source = File::open(from).with_context(|| format!("cannot read {}", from.display()))?;
    let mut copy = private(draft)?;
    std::io::copy(&mut source, &mut copy).with_context(|| format!("cannot copy {}", from.display()))?;
    copy.sync_all().context("cannot write the copy")
}

/// Removes what was begun, and what SQLite laid beside it.
fn discard(draft: &Path) {
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", draft.display()));
    }
}

/// Makes the copy of a backup the centre again: keys in, the epoch opened, erasures replayed, everything
/// verified. An error leaves a copy that must not be used.
fn into(db: &Database, beside: &Beside, clock: Clock, random: Random) -> anyhow::Result<Restored> {
    let key = beside.keys.verifier();
    let (kept, signed) = db.read(|tx| {
        let signed = ledger::latest_checkpoint(tx)?.map(|(_, note)| note);
        Ok::<_, Error>((ledger::size(tx)?.cast_unsigned(), signed))
    })?;
    // Each is looked at: a later one must not hide that the operator's is of other entries.
    let checkpoints = opened(signed, beside.last_checkpoint.clone(), &key)?;
    for (checkpoint, _) in &checkpoints {
        db.read(|tx| continues(tx, checkpoint, kept))?;
    }
    let last = checkpoints.into_iter().max_by_key(|(checkpoint, _)| checkpoint.size());
    let published = last.as_ref().map_or(0, |(checkpoint, _)| checkpoint.size());
    let erased = db.read(|tx| to_be_erased(tx, &beside.erased))?;
    db.write(|tx| {
        deadlines::note_profiles(tx)?;
        ledger::refresh(tx, VIEWS)
    })?;
    let given_up = db.write(|tx| put_keys(tx, &beside.case_keys, &erased))?;
    ensure!(
        given_up.is_empty() || beside.give_up_missing_keys,
        "{} compartments have no key in --keys-from, beginning with {}: their texts would be lost. Give the \
         key backups of the same time and later, or give them up with --give-up-missing-keys",
        given_up.len(),
        given_up.first().map_or("", String::as_str)
    );
    let to_erase: BTreeSet<String> = erased.iter().chain(&given_up).cloned().collect();
    let lost = published.saturating_sub(kept);
    let command = move |w: &mut Writer<'_, '_>| {
        let now = w.now();
        let numbers = numbers_until(w.tx(), now, lost)?;
        ledger::open_epoch(w, last.map(|(_, note)| note), Some(numbers))?;
        let mut again = Vec::new();
        for compartment in to_erase {
            if w.erase(&compartment)? {
                again.push(compartment);
            }
        }
        ledger::sign(w)?;
        Ok::<_, Error>(again)
    };
    let mut erased_again = ledger::run_alone(db.clone(), beside.keys.clone(), clock, random, VIEWS, command)?;
    erased_again.retain(|compartment| !given_up.contains(compartment));
    let outcome = db.read(|tx| ledger::verify(tx, &beside.keys, VIEWS))?;
    if let Some(first) = outcome.findings.first() {
        bail!(
            "the backup is damaged, and nothing was restored. {} findings, the first: {} - {}: {}",
            outcome.findings.len(),
            first.what,
            first.place,
            first.reason
        );
    }
    Ok(Restored { outcome, kept, published, erased_again, given_up })
}

/// Numbers that may have been given after the backup, whatever is known of what was lost.
const NUMBERS_LOST: i64 = 10_000;

/// The highest number of this year that a reporter or vendor may hold: each has an entry of its own, and
/// so many entries are known to be lost. A round one, so that people see that there was a break.
fn numbers_until(tx: &mut Tx<'_>, now: Timestamp, lost: u64) -> Result<i64, Error> {
    let year = now.to_zoned_datetime(TimeZone::UTC).year();
    let known =
        [reports::last_number, cases::last_number, last_drill, partners::last_number, partners::last_request];
    let known = known.map(|last_number| last_number(tx, year));
    let highest = known.into_iter().collect::<Result<Vec<i64>, _>>()?.into_iter().max().unwrap_or_default();
    let until = highest + NUMBERS_LOST.max(lost.cast_signed());
    Ok((until + 999) / 1000 * 1000)
}

/// The last checkpoint in the backup and the one that the operator kept, with their notes.
fn opened(
    own: Option<String>,
    held: Option<String>,
    key: &VerifierKey,
) -> anyhow::Result<Vec<(Checkpoint, String)>> {
    let both =
        [(own, "the last checkpoint in the backup"), (held, "the checkpoint given with --last-checkpoint")];
    let open = |(note, which): (Option<String>, &'static str)| {
        note.map(|note| Ok((merkle::open(&note, key).context(which)?, note)))
    };
    both.into_iter().filter_map(open).collect()
}

/// Refuses a backup that is not of the log of this checkpoint, as far as the backup goes.
fn continues(tx: &mut Tx<'_>, checkpoint: &Checkpoint, kept: u64) -> anyhow::Result<()> {
    if checkpoint.size() <= kept && ledger::root(tx, checkpoint.size())? != checkpoint.root() {
        bail!(
            "the first {} entries of the backup are not those of the checkpoint: it was altered, or is of \
             another log",
            checkpoint.size()
        );
    }
    Ok(())
}

/// What of the list concerns this backup: what it has, and what was erased in its newest epoch. A case of
/// an epoch that was broken off may have had the number of one that is alive.
fn to_be_erased(tx: &mut Tx<'_>, list: &Erased) -> anyhow::Result<BTreeSet<String>> {
    let opened = ledger::epoch_opened_at(tx)?;
    let mut erased = BTreeSet::new();
    for (compartment, at) in list {
        let at: Timestamp = at.parse().with_context(|| format!("when {compartment} was erased"))?;
        let sql = "SELECT 1 FROM vault_items WHERE compartment = $1 LIMIT 1";
        if opened.is_none_or(|opened| at > opened) && tx.query_opt(sql, params![compartment])?.is_some() {
            erased.insert(compartment.clone());
        }
    }
    Ok(erased)
}

/// Puts the keys of cases back, but for those of what was erased, and ends all sessions. Says which
/// compartments are left without a key.
fn put_keys(tx: &mut Tx<'_>, keys: &CaseKeys, erased: &BTreeSet<String>) -> anyhow::Result<Vec<String>> {
    for (compartment, wrapped) in &keys.wrapped {
        if !erased.contains(compartment) {
            let sql = "INSERT INTO vault_keys (compartment, wrapped) VALUES ($1, $2)
                       ON CONFLICT (compartment) DO NOTHING";
            tx.execute(sql, params![compartment, wrapped.clone()])?;
        }
    }
    // A key backup that is newer than the database has keys of cases that are lost; nothing is sealed
    // with them.
    let sql = "DELETE FROM vault_keys WHERE length(wrapped) > 0 AND NOT EXISTS
                 (SELECT 1 FROM vault_items WHERE vault_items.compartment = vault_keys.compartment)";
    tx.execute(sql, params![])?;
    // Somebody may have been shut out since.
    tx.execute("DELETE FROM sessions", params![])?;
    let sql = "SELECT DISTINCT compartment FROM vault_items WHERE NOT EXISTS
                 (SELECT 1 FROM vault_keys WHERE vault_keys.compartment = vault_items.compartment)
               ORDER BY compartment";
    let without = tx.query(sql, params![])?;
    let without: Vec<String> = without.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
    Ok(without.into_iter().filter(|compartment| !erased.contains(compartment)).collect())
}

fn report(restored: &Restored, held: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let Restored { outcome, kept, published, erased_again, given_up } = restored;
    write!(out, "{}{}", summary(outcome), outcome.breaks.iter().map(Break::words).collect::<String>())?;
    writeln!(
        out,
        "The backup ended with entry {}; everything in it is as it was written.",
        kept.saturating_sub(1)
    )?;
    match published.saturating_sub(*kept) {
        0 if held => writeln!(
            out,
            "The last checkpoint that you gave is kept whole; what came after both is lost unseen."
        )?,
        0 => writeln!(
            out,
            "No later checkpoint was given (--last-checkpoint). Entries after the backup are lost, and nobody \
             here can say how many: whoever holds a later checkpoint can."
        )?,
        lost => writeln!(out, "At least {lost} entries are lost: {kept} to {}.", published - 1)?,
    }
    for compartment in erased_again {
        writeln!(out, "erased again: {compartment}")?;
    }
    for compartment in given_up {
        writeln!(out, "given up, its key is missing: {compartment}")?;
    }
    writeln!(
        out,
        "What to do next:\n\
         1. heliograph serve, and publish the new checkpoint; tell those who hold one of the lost entries that \
         the log has a new epoch, and why. Witnesses that cosigned one refuse the new epoch: ask them to begin \
         anew.\n\
         2. Tell reporters and vendors from which hour on their messages are lost; receipts that they hold \
         prove what they sent.\n\
         3. Accounts and tokens stand as they did at the backup: disable again who was disabled since. All \
         sessions were ended.\n\
         4. heliograph import: the catalogue is not in the backup.\n\
         5. heliograph backup."
    )?;
    Ok(())
}
