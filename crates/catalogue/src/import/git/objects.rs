//! The objects of a repository, read by one git in one go, and by another behind each that is damaged.

use super::running::{Running, failed};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{ChildStdout, Stdio};

/// Takes an object: which of those that were named it is, of how many bytes, and what it holds, or why it cannot be
/// read; false if nobody wants more. Those that are not there may come later than others.
pub(super) type Take<'a> = &'a mut dyn FnMut(usize, Found<'_>) -> io::Result<bool>;

/// What is to be read of an object, or why it cannot be.
type Found<'a> = io::Result<(u64, &'a mut dyn Read)>;

/// Objects that may be damaged: each ends a git.
const DAMAGED_MAX: usize = 1_000;

/// Bytes that git may take at once beside an object.
const SPARE_BYTES: u64 = 64 << 10;

/// Reads objects of a kind (`blob`, `tree`), in the order of their names, that have so many bytes together at most. Of
/// that many git has one in memory whole, and no larger one.
pub(super) fn objects(
    repository: &Path,
    (kind, whole): (&str, u64),
    names: &[&str],
    at_most: u64,
    take: Take<'_>,
) -> io::Result<bool> {
    let (mut at, mut left) = (0, at_most);
    for _ in 0..=DAMAGED_MAX {
        let mut batch = Batch::start(repository, names.get(at..).unwrap_or_default(), whole)?;
        let (mut missing, mut cut) = (Vec::new(), None);
        while at < names.len() && cut.is_none() {
            match batch.next(kind, (&mut left, at_most), &mut |found| take(at, found))? {
                Next::Given => {}
                Next::Enough => return Ok(false),
                Next::Missing => missing.push(at),
                Next::Cut { is_told } => cut = Some((at, is_told)),
            }
            at += 1;
        }
        let told = batch.running.end()?.0;
        for at in missing {
            if !take(at, Err(why_missing(names[at], told)))? {
                return Ok(false);
            }
        }
        match cut {
            None => return Ok(true),
            Some((at, false)) if !take(at, Err(why_ended(told)))? => return Ok(false),
            Some(_) => {}
        }
    }
    Err(io::Error::other(format!("more than {DAMAGED_MAX} of its objects are damaged")))
}

/// What came of the next object.
enum Next {
    Given,
    /// Nobody wants more.
    Enough,
    Missing,
    /// Git ended at it; whoever took its beginning was told why.
    Cut {
        is_told: bool,
    },
}

/// One git that reads objects.
struct Batch {
    running: Running,
    out: BufReader<ChildStdout>,
}

impl Batch {
    fn start(repository: &Path, names: &[&str], whole: u64) -> io::Result<Self> {
        let lines: Vec<u8> = names.iter().flat_map(|name| [name, "\n"]).flat_map(str::bytes).collect();
        let mut command = super::git(repository);
        command.args(["cat-file", "--batch", "--buffer"]).stdin(Stdio::piped());
        // What an object says of its size costs its maker nothing. Git adds a few bytes to what it holds.
        command.env("GIT_ALLOC_LIMIT", (whole + SPARE_BYTES).to_string());
        let (mut running, out) = Running::start(&mut command)?;
        let mut into = running.input()?;
        // Beside it, so that git need not wait for us while we wait for git; where git ends, so does this.
        std::thread::spawn(move || into.write_all(&lines));
        Ok(Self { running, out: BufReader::with_capacity(1 << 16, out) })
    }

    fn next(
        &mut self,
        kind: &str,
        (left, at_most): (&mut u64, u64),
        take: &mut dyn FnMut(Found<'_>) -> io::Result<bool>,
    ) -> io::Result<Next> {
        let mut head = String::new();
        self.out.read_line(&mut head)?;
        let Some(head) = head.strip_suffix('\n') else { return Ok(Next::Cut { is_told: false }) };
        if head.ends_with(" missing") {
            return Ok(Next::Missing);
        }
        // "ID KIND SIZE"
        let mut said = head.rsplit(' ');
        let (Some(Ok(bytes)), Some(is)) = (said.next().map(str::parse), said.next()) else {
            return Err(failed(head));
        };
        *left = left.checked_sub(bytes).ok_or_else(|| {
            io::Error::other(format!("what it holds has more than {} MiB together", at_most >> 20))
        })?;
        let mut object =
            Object { left: bytes, out: &mut self.out, running: &mut self.running, is_cut: false };
        let go_on = match is == kind {
            true => take(Ok((bytes, &mut object)))?,
            false => take(Err(failed(&format!("{head}: no {kind}"))))?,
        };
        if !go_on {
            return Ok(Next::Enough);
        }
        // What is too large was not read to its end; a line feed stands behind it.
        let rest = if object.is_cut { Ok(0) } else { io::copy(&mut object, &mut io::sink()) };
        match rest {
            Ok(_) if !object.is_cut && self.out.read(&mut [0])? == 1 => Ok(Next::Given),
            // What was wanted of it was there.
            _ => Ok(Next::Cut { is_told: true }),
        }
    }
}

/// What an object holds; where git ends within it, that is an error with git's words.
struct Object<'a> {
    left: u64,
    out: &'a mut BufReader<ChildStdout>,
    running: &'a mut Running,
    is_cut: bool,
}

impl Read for Object<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.out.by_ref().take(self.left).read(buffer)?;
        if bytes == 0 && self.left > 0 && !buffer.is_empty() {
            self.is_cut = true;
            return Err(why_ended(self.running.end()?.0));
        }
        self.left -= bytes as u64;
        Ok(bytes)
    }
}

/// Why git ended at an object: its last complaint, and what stands before it without naming another.
fn why_ended(told: &str) -> io::Error {
    let names_one =
        |line: &&str| line.split(|letter: char| !letter.is_ascii_hexdigit()).any(|word| word.len() > 37);
    let lines: Vec<&str> = told.lines().collect();
    let Some(last) = lines.iter().rposition(|line| line.starts_with("fatal: ")) else { return failed(told) };
    let first = lines[..last].iter().rposition(names_one).map_or(0, |other| other + 1);
    failed(&lines[first..=last].join("\n"))
}

/// Why an object is not there: what git said of it, if it said anything.
fn why_missing(name: &str, told: &str) -> io::Error {
    // A loose object is named by its file, in a folder of its first two digits.
    let file = name.get(2..).unwrap_or(name);
    let said: Vec<&str> = told.lines().filter(|line| line.contains(file)).collect();
    if said.is_empty() { failed(&format!("{name} missing")) } else { failed(&said.join("\n")) }
}
