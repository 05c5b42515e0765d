//! The process is killed, and the disk is full: this program runs itself again, with a test as its
//! `main`, and looks at what that one left.

use super::*;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const FOLDER: &str = "HELIOGRAPH_CHILD_FOLDER";
const DATABASE: &str = "HELIOGRAPH_CHILD_DATABASE";

/// Runs a test of this file in a process of its own, through `sh` so that limits can be set before.
fn child(house: &House, test: &str, before: &str) -> Child {
    let script =
        format!("{before}exec \"$0\" --exact --nocapture --test-threads 1 ledger::tests::crash::{test}");
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg(std::env::current_exe().unwrap());
    command.env(FOLDER, house.scratch.dir()).stdout(Stdio::piped()).stderr(Stdio::null());
    match house.scratch.url() {
        Some(url) => command.env(DATABASE, url),
        None => command.env_remove(DATABASE),
    };
    command.spawn().unwrap()
}

/// The journal of the parent, or nothing where this is an ordinary run of the tests.
fn of_parent() -> Option<Ledger> {
    let dir = std::env::var(FOLDER).ok()?;
    let dir = Path::new(&dir);
    let db = match std::env::var(DATABASE) {
        Ok(url) => Database::postgres(&url).unwrap(),
        Err(_) => Database::sqlite(&dir.join("heliograph.db")).unwrap(),
    };
    let random = Random::default();
    let keys = Arc::new(Keys::open(&dir.join("keys"), "test.invalid/log", &random).unwrap());
    Some(Ledger::start(db, keys, Clock::default(), random, VIEWS))
}

/// The child: appends until it is killed, and says what was acknowledged.
#[test]
fn child_that_appends_for_ever() {
    let Some(ledger) = of_parent() else { return };
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let ledger = &ledger;
            scope.spawn(move || {
                for n in 0.. {
                    let (id, size) = (format!("w{writer}"), n * 997 % 90_000);
                    let sealed = move |w: &mut Writer<'_, '_>| {
                        let item = write(w, &id, "case/1", &vec![7; size])?;
                        name_in(w, &id, &n.to_string())?;
                        Ok::<_, Error>(item)
                    };
                    let item = ledger.submit_blocking(sealed).unwrap();
                    println!("kept w{writer} {n} {} {} {size}", item.item, item.commitment);
                    if n % 16 == 3 {
                        ledger.checkpoint_blocking().unwrap();
                    }
                }
            });
        }
    });
}

#[test]
fn a_killed_process_loses_nothing_that_it_acknowledged() {
    let house = House::new();
    let mut random = Random::seeded(u64::from(std::process::id()));
    let mut kept = Vec::new();
    for _ in 0..4 {
        let mut child = child(&house, "child_that_appends_for_ever", "");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // The clock starts at the first acknowledgement: opening takes its own time.
        let mut lines = lines.map_while(Result::ok).filter(|line| line.starts_with("kept "));
        kept.extend(lines.next());
        let [low, high] = random_bytes(&mut random);
        std::thread::sleep(Duration::from_millis(u64::from(u16::from_be_bytes([high & 1, low]))));
        child.kill().unwrap();
        child.wait().unwrap();
        kept.extend(lines);
        house.clean();
    }
    assert!(kept.len() >= 4);
    check(&house, &kept);
}

fn random_bytes(random: &mut Random) -> [u8; 2] {
    random.bytes()
}

/// Everything that a child acknowledged is there, and can be read.
fn check(house: &House, kept: &[String]) {
    for line in kept {
        let words: Vec<&str> = line.split(' ').collect();
        let [_, id, name, item, commitment, size] = words[..] else { panic!("{line}") };
        let item = Item { item: item.to_owned(), commitment: commitment.to_owned() };
        let found = house.open(&item).unwrap();
        assert!(found == crate::ledger::Unsealed::Bytes(vec![7; size.parse().unwrap()]), "{line}");
        let note = house.note(id);
        assert!(note.names.iter().any(|known| known == name) && note.texts.contains(&item), "{line}");
    }
}

/// The child: small and large appends in one batch, until the disk has been full for a while.
#[test]
fn child_that_fills_the_disk() {
    let Some(ledger) = of_parent() else { return };
    let (mut n, mut refused) = (0_u8, 0);
    while refused < 12 && n < 250 {
        // Large rows overflow the page cache in the middle of their command, where SQLite undoes the
        // whole transaction and not just the savepoint.
        let rows = if n % 5 == 4 { 12 } else { 0 };
        let sealed = |id: &'static str, rows: u8| {
            let command = move |w: &mut Writer<'_, '_>| {
                for row in 0..rows {
                    let sql = "INSERT INTO drafts (id, sealed, expires) VALUES ($1, $2, 0)";
                    w.tx().execute(sql, params![vec![row, n], vec![7_u8; 1 << 20]])?;
                }
                let item = write(w, id, "case/1", &[7; 100])?;
                name_in(w, id, &n.to_string())?;
                Ok::<_, Error>(item)
            };
            (id, ledger.send(command))
        };
        for (id, waiting) in [sealed("before", 0), sealed("between", rows), sealed("after", 0)] {
            match answer(waiting) {
                Ok(item) => println!("kept {id} {n} {} {} 100", item.item, item.commitment),
                Err(error) => {
                    refused += 1;
                    println!("refused {error}");
                }
            }
        }
        n += 1;
    }
}

#[test]
fn a_full_disk_is_reported_and_loses_nothing_that_was_acknowledged() {
    let house = House::new();
    if house.db().engine() == Engine::Postgres {
        return; // The server's disk is not ours to fill.
    }
    // `ulimit -f` counts 512 bytes in dash and 1024 in bash: between one and two million bytes.
    let limit = "trap '' XFSZ; ulimit -f 2000; ";
    let child = child(&house, "child_that_fills_the_disk", limit);
    let output = child.wait_with_output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let (kept, others): (Vec<_>, Vec<_>) =
        output.lines().map(str::to_owned).partition(|line| line.starts_with("kept "));
    let refused: Vec<_> = others.iter().filter(|line| line.starts_with("refused ")).collect();
    assert!(kept.len() > 3 && refused.len() >= 12, "{output}");
    let honest = ["cannot write", "undid the whole batch", "did not answer a commit"];
    for line in &refused {
        assert!(honest.iter().any(|words| line.contains(words)), "{line}");
    }
    house.clean();
    check(&house, &kept);
    house.name("freed", "again").unwrap();
    house.clean();
}
