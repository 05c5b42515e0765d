//! The files of the keys, and keys that are not those of the journal.

use super::*;

#[test]
fn keys_are_made_once_and_only_their_owner_reads_them() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::sqlite().unwrap();
    let dir = scratch.dir().join("keys");
    assert!(Keys::load(&dir).is_err(), "loading makes none");
    let made: Vec<String> = std::thread::scope(|scope| {
        let open = || Keys::open(&dir, "test.invalid/log", &Random::default()).unwrap();
        let both: Vec<_> = (0..2).map(|_| scope.spawn(move || open().verifier().to_string())).collect();
        both.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(made[0], made[1], "whoever comes second takes what is there");
    assert_eq!(Keys::load(&dir).unwrap().verifier().to_string(), made[0]);
    for name in std::fs::read_dir(&dir).unwrap() {
        let path = name.unwrap().path();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
    }
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 2, "no draft is left");
}

#[test]
fn a_damaged_key_file_is_refused_without_quoting_it() {
    let scratch = Scratch::sqlite().unwrap();
    let dir = scratch.dir().join("keys");
    Keys::open(&dir, "test.invalid/log", &Random::default()).unwrap();
    for name in ["master.key", "log.key"] {
        let path = dir.join(name);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &text[..text.len() / 2]).unwrap();
        let error = Keys::open(&dir, "test.invalid/log", &Random::default()).err().unwrap().to_string();
        assert!(!error.contains(&text[12..20]), "{error}");
        std::fs::write(&path, text).unwrap();
    }
}

#[test]
fn keys_made_anew_do_not_go_on_with_the_journal() {
    let house = House::new();
    house.write("a", "case/1", b"sealed");
    house.ledger.checkpoint_blocking().unwrap();
    let dir = house.scratch.dir();
    let lost = |name: &str| {
        let other = dir.join(format!("without {name}"));
        std::fs::create_dir_all(&other).unwrap();
        for kept in ["master.key", "log.key"].iter().filter(|kept| **kept != name) {
            std::fs::copy(dir.join("keys").join(kept), other.join(kept)).unwrap();
        }
        let keys = Arc::new(Keys::open(&other, "test.invalid/log", &Random::default()).unwrap());
        Ledger::start(reopened(&house.scratch), keys, Clock::default(), Random::default(), VIEWS)
    };
    for (name, words) in [("master.key", "the master key"), ("log.key", "the log's key")] {
        let error = name_on(&lost(name), "a", "x").unwrap_err();
        assert!(matches!(error, Error::Keys(reason) if reason.contains(words)), "{error}");
    }
    house.name("a", "still ours").unwrap();
    house.clean();
}
