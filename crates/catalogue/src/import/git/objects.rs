//! The objects of a repository, read by one git in one go.

use super::{failed, git, told};
use std::io::{self, BufRead, BufReader, Read as _, Write};
use std::path::Path;
use std::process::Stdio;

/// Takes an object: which of those that were named it is, of how many bytes, and what it holds, or why it is not
/// there; false if nobody wants more.
pub(super) type Take<'a> = &'a mut dyn FnMut(usize, io::Result<(u64, &mut dyn io::Read)>) -> io::Result<bool>;

/// Reads objects of a kind (`blob`, `tree`), in the order of their names, that have so many bytes together at most.
pub(super) fn objects<'a>(
    repository: &Path,
    kind: &str,
    names: impl Iterator<Item = &'a str>,
    at_most: u64,
    take: Take<'_>,
) -> io::Result<bool> {
    let lines: Vec<u8> = names.flat_map(|name| [name, "\n"]).flat_map(str::bytes).collect();
    let count = lines.iter().filter(|byte| **byte == b'\n').count();
    let mut command = git(repository);
    let (mut running, out) =
        super::run(command.args(["cat-file", "--batch", "--buffer"]).stdin(Stdio::piped()))?;
    let into = running.0.stdin.take();
    let mut into = into.ok_or_else(|| io::Error::other("git takes no input"))?;
    // Beside it, so that git need not wait for us while we wait for git; where git ends, so does this.
    std::thread::spawn(move || into.write_all(&lines));
    let (mut out, mut head) = (BufReader::with_capacity(1 << 16, out), String::new());
    let mut left = at_most;
    for number in 0..count {
        head.clear();
        if out.read_line(&mut head)? == 0 {
            return Err(told(running.0.stderr.take()));
        }
        if head.trim_end().ends_with(" missing") {
            if !take(number, Err(failed(head.as_bytes())))? {
                return Ok(false);
            }
            continue;
        }
        // "ID KIND SIZE"
        let mut said = head.trim_end().rsplit(' ');
        let (Some(Ok(bytes)), Some(is)) = (said.next().map(str::parse), said.next()) else {
            return Err(failed(head.as_bytes()));
        };
        if is != kind {
            return Err(failed(head.as_bytes()));
        }
        left = left.checked_sub(bytes).ok_or_else(|| {
            io::Error::other(format!("what it holds has more than {} MiB together", at_most >> 20))
        })?;
        let mut object = out.by_ref().take(bytes);
        if !take(number, Ok((bytes, &mut object)))? {
            return Ok(false);
        }
        // What is too large was not read to its end; a line feed stands behind it.
        io::copy(&mut object, &mut io::sink())?;
        out.read_exact(&mut [0])?;
    }
    Ok(true)
}
