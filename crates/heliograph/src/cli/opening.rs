//! Opening the catalogue for a command. What an older program made of its records is made anew then, once, which
//! takes a while of a large one: whoever waits is told.

use catalogue::Catalogue;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// How often a line on a terminal changes.
const AGAIN: Duration = Duration::from_millis(200);

/// Opens the catalogue, and tells on standard error where that takes long: how far it is on a terminal, and elsewhere
/// once what goes on. The answer on standard output is the same.
pub(super) fn open(path: &Path) -> anyhow::Result<Catalogue> {
    let mut telling = Telling { is_terminal: io::stderr().is_terminal(), last: None };
    let opened = Catalogue::open_and_tell(path, &mut |done, all| {
        // A terminal that is gone is no reason to stop.
        let _ = io::stderr().lock().write_all(telling.text(done, all, Instant::now()).as_bytes());
    });
    if telling.is_terminal && telling.last.is_some() {
        let _ = io::stderr().lock().write_all(b"\r\x1b[K");
    }
    opened
}

struct Telling {
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
        match self.is_terminal {
            true => format!(
                "\r\x1b[KMaking the catalogue of an older program anew, once: {done} of {all} records"
            ),
            false => format!(
                "heliograph: the catalogue is of an older program; its {all} records are made anew now, once\n"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_hears_how_far_it_is_and_a_file_once_that_it_began() {
        let now = Instant::now();
        let told = |is_terminal| {
            let mut telling = Telling { is_terminal, last: None };
            let times = [(0, 0), (1, 50), (9, 100), (300, 300)];
            times.map(|(done, later)| telling.text(done, 9_000, now + Duration::from_millis(later)))
        };
        let [first, soon, sooner, later] = told(true);
        assert!(first.ends_with("once: 0 of 9000 records") && !first.ends_with('\n'), "{first}");
        assert_eq!((soon.as_str(), sooner.as_str()), ("", ""));
        assert!(later.starts_with("\r") && later.ends_with("300 of 9000 records"), "{later}");
        let [first, rest @ ..] = told(false);
        assert!(first.contains("its 9000 records") && first.ends_with('\n'), "{first}");
        assert_eq!(rest, ["", "", ""]);
        let mut telling = Telling { is_terminal: true, last: None };
        assert_eq!(telling.text(0, 0, now), "", "of an empty catalogue there is nothing to tell");
    }
}
