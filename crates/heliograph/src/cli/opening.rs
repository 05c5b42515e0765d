//! Opening the catalogue for a command. What an older program made of its records is made anew then, once, and so is a
//! search index that cannot be read, which takes a while of a large one: whoever waits is told.

use catalogue::Catalogue;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// How often a line on a terminal changes.
const AGAIN: Duration = Duration::from_millis(200);
/// What took so long is told when it is over, too.
const LONG: Duration = Duration::from_secs(2);

/// Opens the catalogue, and tells on standard error where that takes long: how far it is on a terminal, and elsewhere
/// once what goes on. The answer on standard output is the same.
pub(super) fn open(path: &Path) -> anyhow::Result<Catalogue> {
    telling(Made::Catalogue, |tell| Catalogue::open_and_tell(path, tell))
}

/// Lets the search index take over what it has not yet, and tells in the same way where it is made anew.
pub(super) fn catch_up(catalogue: &Catalogue) -> Result<(), catalogue::Error> {
    telling(Made::Index, |tell| catalogue.catch_up_and_tell(tell))
}

fn telling<T, E>(made: Made, work: impl FnOnce(&mut dyn FnMut(u64, u64)) -> Result<T, E>) -> Result<T, E> {
    let mut telling = Telling { made, is_terminal: io::stderr().is_terminal(), last: None };
    let began = Instant::now();
    // A terminal that is gone is no reason to stop.
    let write = |text: String| drop(io::stderr().lock().write_all(text.as_bytes()));
    let worked = work(&mut |done, all| write(telling.text(done, all, Instant::now())));
    // What failed is told by its error.
    write(telling.end(if worked.is_ok() { began.elapsed() } else { Duration::ZERO }));
    worked
}

/// What is made anew.
#[derive(Clone, Copy)]
enum Made {
    Catalogue,
    Index,
}

impl Made {
    fn name(self) -> &'static str {
        match self {
            Self::Catalogue => "the catalogue of an older program",
            Self::Index => "the search index",
        }
    }
}

struct Telling {
    made: Made,
    is_terminal: bool,
    last: Option<Instant>,
}

impl Telling {
    /// What is written now, if anything.
    fn text(&mut self, done: u64, all: u64, now: Instant) -> String {
        let is_soon = self.last.is_some_and(|last| now.duration_since(last) < AGAIN || !self.is_terminal);
        if all == 0 || is_soon {
            return String::new();
        }
        self.last = Some(now);
        match (self.is_terminal, self.made) {
            (true, made) => format!("\r\x1b[KMaking {} anew, once: {done} of {all} records", made.name()),
            (false, Made::Catalogue) => format!(
                "heliograph: the catalogue is of an older program; its {all} records are made anew now, once\n"
            ),
            (false, Made::Index) => format!(
                "heliograph: the search index is gone, damaged, or of an older program; it is made anew now of {all} \
                 records\n"
            ),
        }
    }

    /// What is written when it is over, if anything was before.
    fn end(&self, took: Duration) -> String {
        if self.last.is_none() {
            return String::new();
        }
        let clear = if self.is_terminal { "\r\x1b[K" } else { "" };
        match took >= LONG {
            true => {
                format!("{clear}heliograph: making {} anew took {} s\n", self.made.name(), took.as_secs())
            }
            false => clear.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_hears_how_far_it_is_and_a_file_once_that_it_began() {
        let now = Instant::now();
        let told = |made, is_terminal| {
            let mut telling = Telling { made, is_terminal, last: None };
            let times = [(0, 0), (1, 50), (9, 100), (300, 300)];
            times.map(|(done, later)| telling.text(done, 9_000, now + Duration::from_millis(later)))
        };
        for made in [Made::Catalogue, Made::Index] {
            let [first, soon, sooner, later] = told(made, true);
            assert!(first.ends_with("once: 0 of 9000 records") && !first.ends_with('\n'), "{first}");
            assert_eq!((soon.as_str(), sooner.as_str()), ("", ""));
            assert!(later.starts_with("\r") && later.ends_with("300 of 9000 records"), "{later}");
            let [first, rest @ ..] = told(made, false);
            assert!(first.contains(" 9000 records") && first.ends_with('\n'), "{first}");
            assert_eq!(rest, ["", "", ""]);
        }
        let mut telling = Telling { made: Made::Index, is_terminal: true, last: None };
        assert_eq!(telling.text(0, 0, now), "", "of an empty catalogue there is nothing to tell");
        assert_eq!(telling.end(LONG), "", "what never began has no end");
    }

    #[test]
    fn what_took_long_is_told_with_how_long() {
        let end = |is_terminal, took| {
            let last = Some(Instant::now());
            Telling { made: Made::Index, is_terminal, last }.end(Duration::from_millis(took))
        };
        assert_eq!(end(false, 1_999), "");
        assert_eq!(end(false, 75_300), "heliograph: making the search index anew took 75 s\n");
        assert_eq!(end(true, 1_999), "\r\x1b[K", "the line that said how far it is goes");
        assert!(end(true, 2_000).ends_with("anew took 2 s\n"));
    }
}
