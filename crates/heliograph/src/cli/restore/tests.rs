//! What comes back, what does not, and what is refused before anything is made.

use super::*;
use crate::app::App;
use crate::ledger::{Actor, ErasureList, Item, Unsealed, latest_checkpoint, receipt, verify_since};
use crate::people::{self, Mandate};
use crate::refusal::Refusal;
use age::x25519::Identity;
use merkle::{Limits, Receipt};
use storage::{Fault, Scratch};

/// A centre that was backed up at noon, and everything that its operator kept.
struct Before {
    scratch: Scratch,
    settings: Settings,
    app: App,
    /// Sealed before the backup, each in a case of its own.
    items: Vec<Item>,
}

impl Before {
    fn new() -> Self {
        let scratch = Scratch::sqlite().unwrap();
        let settings = settings(&scratch, "data");
        let app = App::open(settings.clone(), Clock::default(), Random::default()).unwrap();
        let items = ["case/1", "case/2"].map(|compartment| sealed(&app, compartment)).to_vec();
        app.ledger.checkpoint_blocking().unwrap();
        let before = Self { scratch, settings, app, items };
        before.back_up("1");
        before
    }

    fn dir(&self, name: &str) -> PathBuf {
        self.scratch.dir().join(name)
    }

    /// Backs up under a name; the identity that opens it lies beside it.
    fn back_up(&self, name: &str) {
        let officer = Identity::generate();
        use age::secrecy::ExposeSecret;
        fs::write(self.dir(&format!("officer-{name}")), officer.to_string().expose_secret()).unwrap();
        let args = super::super::backup::Args {
            data: Some(self.settings.data.clone()),
            to: self.dir(&format!("backup-{name}")),
            keys_to: self.dir(&format!("keys-{name}")),
            recipients: vec![officer.to_public().to_string()],
        };
        super::super::backup::run(None, &args).unwrap();
    }

    /// The folder that is restored into, with a copy of the keys in it.
    fn empty(&self, name: &str) -> Settings {
        let settings = settings(&self.scratch, name);
        fs::create_dir_all(settings.keys_dir()).unwrap();
        for key in ["master.key", "log.key"] {
            fs::copy(self.settings.keys_dir().join(key), settings.keys_dir().join(key)).unwrap();
        }
        settings
    }

    fn args(&self) -> Args {
        Args {
            data: None,
            from: self.dir("backup-1"),
            keys_from: vec![self.dir("keys-1")],
            identity: vec![self.dir("officer-1")],
            erasures: Vec::new(),
            last_checkpoint: None,
            give_up_missing_keys: false,
        }
    }

    fn checkpoint(&self) -> String {
        self.app.ledger.checkpoint_blocking().unwrap();
        self.app.ledger.db().read(latest_checkpoint).unwrap().unwrap().1
    }
}

fn settings(scratch: &Scratch, name: &str) -> Settings {
    Settings::load(None, &[("data", scratch.dir().join(name).display().to_string())]).unwrap()
}

/// An organisation is added and a text sealed.
fn sealed(app: &App, compartment: &'static str) -> Item {
    let command = move |w: &mut Writer<'_, '_>| {
        people::add(w, &Actor::System, compartment, Mandate::Defensive)?;
        let item = w.seal(compartment, b"the text")?;
        let mut stream = w.load::<ledger::tests::Note>(format!("note/{compartment}"))?;
        w.append(
            &mut stream,
            &Actor::System,
            vec![ledger::tests::NoteEvent::Written { text: item.clone() }],
        )?;
        Ok::<_, Refusal>(item)
    };
    app.ledger.submit_blocking(command).unwrap()
}

fn restored(settings: &Settings, args: &Args) -> anyhow::Result<String> {
    let mut said = Vec::new();
    restore(settings, args, &mut said)?;
    Ok(String::from_utf8(said)?)
}

fn opened(settings: &Settings, item: &Item) -> Unsealed {
    let keys = Keys::load(&settings.keys_dir()).unwrap();
    let db = Database::sqlite(&settings.data.join(DATABASE)).unwrap();
    db.read(|tx| ledger::unseal(tx, &keys, item)).unwrap()
}

/// A restore first replays the erasures that are kept outside, and opens an epoch whose first entry
/// commits to the last published checkpoint.
#[test]
fn a_restore_forgets_what_was_erased_and_names_what_is_lost() {
    let before = Before::new();
    let old_receipt = before.app.ledger.db().read(|tx| receipt(tx, 1)).unwrap().unwrap();
    before.app.ledger.submit_blocking(|w| w.erase("case/1")).unwrap();
    sealed(&before.app, "case/3");
    let held = before.checkpoint();
    ErasureList::open(&before.settings.erasures_file(), before.app.ledger.db()).unwrap();
    fs::write(before.dir("held"), &held).unwrap();

    let after = before.empty("after");
    let args = Args {
        erasures: vec![before.settings.erasures_file()],
        last_checkpoint: Some(before.dir("held")),
        ..before.args()
    };
    let said = restored(&after, &args).unwrap();
    assert!(said.contains("Epoch 2 begins with entry 4, after a restore: entries 4 to 6"), "{said}");
    assert!(said.contains("At least 3 entries are lost: 4 to 6."), "{said}");
    assert!(said.contains("erased again: case/1\n") && !said.contains("case/2"), "{said}");
    assert_eq!(opened(&after, &before.items[0]), Unsealed::Erased);
    assert_eq!(opened(&after, &before.items[1]), Unsealed::Bytes(b"the text".to_vec()));
    let names = fs::read_dir(&after.data).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    let names: BTreeSet<String> = names.collect();
    assert!(names.iter().all(|name| !name.contains("restoring")), "{names:?}");

    let app = App::open(after.clone(), Clock::default(), Random::default()).unwrap();
    let judged = app.ledger.db().read(|tx| verify_since(tx, app.ledger.keys(), VIEWS, &[held])).unwrap();
    assert_eq!(judged.breaks, [Break { epoch: 2, entry: 4, published: 7 }]);
    let reasons: Vec<&str> = judged.findings.iter().map(|it| it.reason.as_str()).collect();
    assert_eq!(reasons, ["it is of epoch 1, which a restore broke off at entry 4"]);
    let proven = Receipt::parse(&old_receipt, Limits::default()).unwrap();
    assert!(proven.verify(&app.ledger.keys().verifier()).is_ok(), "receipts from before the break hold");

    // Whatever number somebody holds from a lost entry, nobody else gets it.
    let epoch = app.ledger.db().read(|tx| ledger::entry(tx, 4)).unwrap();
    assert_eq!(epoch.body["numbers_until"], NUMBERS_LOST, "{}", epoch.body);

    // It goes on, also beyond the lost checkpoint, and the break is still named.
    for _ in 0..3 {
        sealed(&app, "case/4");
    }
    app.ledger.checkpoint_blocking().unwrap();
    let held = fs::read_to_string(before.dir("held")).unwrap();
    let judged = app.ledger.db().read(|tx| verify_since(tx, app.ledger.keys(), VIEWS, &[held])).unwrap();
    assert_eq!(judged.findings.len(), 1);
    assert!(judged.findings[0].reason.starts_with("it is of epoch 1"), "{:?}", judged.findings);

    // A backup of the new epoch comes back, too, and old erasures do not meet its cases.
    let list = ledger::read_erasures(&after.erasures_file()).unwrap();
    assert!(list.contains_key("case/1"), "{list:?}");
}

#[test]
fn what_is_wrong_is_refused_before_anything_is_there() {
    let before = Before::new();
    let refused = |settings: &Settings, args: &Args| {
        let error = format!("{:#}", restored(settings, args).unwrap_err());
        assert!(!settings.data.join(DATABASE).exists(), "{error}");
        error
    };
    assert!(
        restored(&before.settings, &before.args()).unwrap_err().to_string().contains("there is a centre in")
    );

    let after = before.empty("no key");
    fs::remove_file(after.keys_dir().join("master.key")).unwrap();
    assert!(refused(&after, &before.args()).contains("put your copy of the folder of keys there"));

    let after = before.empty("after");
    before.back_up("2");
    let stranger = Args { identity: vec![before.dir("officer-2")], ..before.args() };
    assert!(refused(&after, &stranger).contains("none of the identities opens it"));
    let empty = before.dir("empty");
    fs::create_dir(&empty).unwrap();
    assert!(
        refused(&after, &Args { keys_from: vec![empty.clone()], ..before.args() })
            .contains("there is no case-keys-until-")
    );
    assert!(refused(&after, &Args { from: empty, ..before.args() }).contains("cannot read"));

    let other = merkle::SigningKey::from_seed("other.invalid/log", [1; 32]).unwrap();
    let foreign =
        other.sign(&Checkpoint::new("other.invalid/log", 9, merkle::Hash([1; 32])).unwrap()).unwrap();
    fs::write(before.dir("held"), foreign).unwrap();
    let args = Args { last_checkpoint: Some(before.dir("held")), ..before.args() };
    assert!(refused(&after, &args).contains("--last-checkpoint"));
    // One of this log, over other entries: the backup is not what was published.
    let log = before.app.ledger.keys().log();
    let forked = Checkpoint::new(log.origin(), 3, merkle::Hash([1; 32])).unwrap();
    fs::write(before.dir("held"), log.sign(&forked).unwrap()).unwrap();
    assert!(refused(&after, &args).contains("first 3 entries of the backup are not those of the checkpoint"));

    let copy = Database::sqlite(&before.dir("backup-1").join(DATABASE)).unwrap();
    copy.write(|tx| tx.execute("UPDATE events SET salt = commitment WHERE seq = 2", &[])).unwrap();
    drop(copy);
    let altered = refused(&after, &before.args());
    assert!(altered.contains("damaged") && altered.contains("entry 2"), "{altered}");
    let left: Vec<_> = fs::read_dir(&after.data).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left, ["keys"], "nothing of it is left");
}

#[test]
fn missing_keys_cost_texts_only_where_somebody_says_so() {
    let before = Before::new();
    sealed(&before.app, "case/9");
    before.back_up("2");
    // The database of the second backup with the keys of the first.
    let after = before.empty("after");
    let args = Args { from: before.dir("backup-2"), ..before.args() };
    let refusal = restored(&after, &args).unwrap_err().to_string();
    assert!(refusal.contains("1 compartments have no key") && refusal.contains("case/9"), "{refusal}");
    let said = restored(&after, &Args { give_up_missing_keys: true, ..args }).unwrap();
    assert!(said.contains("given up, its key is missing: case/9"), "{said}");
    assert_eq!(opened(&after, &before.items[0]), Unsealed::Bytes(b"the text".to_vec()));

    // Newer keys than the database: those of cases that are lost are left out.
    let newer = before.empty("newer");
    let args = Args {
        keys_from: vec![before.dir("keys-1"), before.dir("keys-2")],
        identity: vec![before.dir("officer-1"), before.dir("officer-2")],
        ..before.args()
    };
    assert!(restored(&newer, &args).unwrap().contains("No later checkpoint was given"));
}

/// A write that fails in the middle of a restore fails the restore, whether or not it was kept.
#[test]
fn a_restore_that_fails_says_so() {
    let before = Before::new();
    let writes = [
        "INSERT INTO vault_keys",
        "DELETE FROM vault_keys",
        "DELETE FROM sessions",
        "INSERT INTO events",
        "INSERT INTO checkpoints",
    ];
    for (number, (at, kept)) in writes.iter().flat_map(|at| [(*at, false), (*at, true)]).enumerate() {
        let after = before.empty(&format!("after {number}"));
        let draft = after.data.join("draft.db");
        copied(&before.dir("backup-1").join(DATABASE), &draft).unwrap();
        let db = Database::sqlite(&draft).unwrap();
        let beside = beside(&after, &before.args()).unwrap();
        db.inject(Fault { at: at.into(), kept });
        assert!(into(&db, &beside, Clock::default(), Random::default()).is_err(), "{at} {kept}");
    }
}
