//! A git that runs, and what it says where it fails.

use std::io::{self, Read};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

/// A child that does not outlive what is read of it.
pub(super) struct Running {
    child: Child,
    listening: Option<JoinHandle<String>>,
    told: String,
}

impl Running {
    pub(super) fn start(command: &mut Command) -> io::Result<(Self, ChildStdout)> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (out, listening) = (child.stdout.take(), Some(told(child.stderr.take())));
        let running = Self { child, listening, told: String::new() };
        Ok((running, out.ok_or_else(|| io::Error::other("git has no output"))?))
    }

    pub(super) fn input(&mut self) -> io::Result<ChildStdin> {
        self.child.stdin.take().ok_or_else(|| io::Error::other("git takes no input"))
    }

    /// Waits for its end: what it told, and whether it did what it was to do.
    pub(super) fn end(&mut self) -> io::Result<(&str, bool)> {
        let is_done = self.child.wait()?.success();
        if let Some(listening) = self.listening.take() {
            self.told = listening.join().unwrap_or_default();
        }
        Ok((&self.told, is_done))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What git tells, without its middle where that is long. All of it is read beside whoever waits for git, so that git
/// need not wait to be heard; what cannot be read of it is no word.
pub fn told(from: Option<impl Read + Send + 'static>) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let (mut told, mut buffer) = (Vec::new(), [0; 4_096]);
        let Some(mut from) = from else { return String::new() };
        while let Ok(bytes @ 1..) = from.read(&mut buffer) {
            told.extend_from_slice(buffer.get(..bytes).unwrap_or_default());
            if told.len() > TOLD_BYTES {
                told.drain(TOLD_BYTES / 2..told.len() - TOLD_BYTES / 2);
            }
        }
        String::from_utf8_lossy(&told).into_owned()
    })
}

/// What git lists.
pub(super) fn list(command: &mut Command) -> io::Result<Vec<u8>> {
    let (mut running, out) = Running::start(command)?;
    let mut all = Vec::new();
    if out.take(LIST_BYTES + 1).read_to_end(&mut all)? as u64 > LIST_BYTES {
        let reason = format!("what it lists is longer than {} MiB", LIST_BYTES >> 20);
        return Err(io::Error::other(reason));
    }
    match running.end()? {
        (_, true) => Ok(all),
        (told, false) => Err(failed(told)),
    }
}

/// Why git failed, in its words.
pub(super) fn failed(told: &str) -> io::Error {
    io::Error::other(words(told))
}

/// Why git failed, of all that it said: its last complaints, without the advice around them, and without what opens an
/// address.
#[must_use]
pub fn words(told: &str) -> String {
    let is_complaint = |line: &str| line.starts_with("fatal: ") || line.starts_with("error: ");
    let is_advice = |line: &str| line.is_empty() || line.starts_with("hint:") || line.starts_with("warning:");
    let lines: Vec<&str> = told.lines().map(str::trim).filter(|line| !is_advice(line)).collect();
    // What stands before a complaint may be why: ssh, or the other side, speaks first.
    let end = lines.iter().rposition(|line| is_complaint(line)).map_or(lines.len(), |last| last + 1);
    let told = &lines[end.saturating_sub(COMPLAINTS)..end];
    let said = told.iter().map(|line| {
        let line = line.strip_prefix("fatal: ").or_else(|| line.strip_prefix("error: ")).unwrap_or(line);
        let plain = line.replace(|letter: char| letter.is_control(), "\u{fffd}");
        super::super::super::rules::clip(&without_secrets(&plain), 200)
    });
    let said: Vec<String> = said.collect();
    format!("git: {}", if said.is_empty() { "no word why".to_owned() } else { said.join("; ") })
}

/// A text whose addresses are without who asks and without what is asked: either may be a password, and in a password
/// stands any sign but a blank.
#[must_use]
pub fn without_secrets(text: &str) -> String {
    text.split_inclusive(char::is_whitespace).map(without_secret).collect()
}

fn without_secret(word: &str) -> String {
    let Some((scheme, place)) = word.split_once("://") else { return word.to_owned() };
    let (who, place) = place.rsplit_once('@').unwrap_or(("", place));
    // It may have been a path with this sign in it: then what is left is no host.
    let who = if who.contains(['/', '?']) { "…@" } else { "" };
    let Some((place, asked)) = place.split_once('?') else { return format!("{scheme}://{who}{place}") };
    let closing = asked.len() - asked.trim_end_matches(|end: char| end.is_whitespace() || end == '\'').len();
    format!("{scheme}://{who}{place}?…{}", &asked[asked.len() - closing..])
}

/// Complaints that are told.
const COMPLAINTS: usize = 3;
/// Bytes of a list of commits: of Linux, with 1.4 million of them, it has some 220 million.
const LIST_BYTES: u64 = 256 << 20;
/// Bytes that are kept of what git tells.
const TOLD_BYTES: usize = 64 << 10;

#[cfg(test)]
mod tests {
    #[test]
    fn of_much_that_is_said_the_beginning_and_the_end_are_kept() {
        let said: String = (0..200_000).map(|line| format!("error: {line}\n")).collect();
        let told = super::told(Some(std::io::Cursor::new(said))).join().unwrap();
        assert!(told.starts_with("error: 0\n") && told.len() == super::TOLD_BYTES, "{}", told.len());
        assert_eq!(super::words(&told), "git: 199997; 199998; 199999");
    }

    /// As git 2.47 and ssh say it.
    #[test]
    fn what_git_complains_of_is_told_and_no_advice() {
        for (told, words) in [
            (
                "fatal: '/srv/none' does not appear to be a git repository\nfatal: Could not read from remote repository.\n\n\
                 Please make sure you have the correct access rights\nand the repository exists.\n",
                "git: '/srv/none' does not appear to be a git repository; Could not read from remote repository.",
            ),
            (
                "warning: no\ngit@example.org: Permission denied (publickey).\nfatal: Could not read from remote repository.\nhint: x\n",
                "git: git@example.org: Permission denied (publickey).; Could not read from remote repository.",
            ),
            (
                "error: inflate: data\nfatal: unable to stream 5f\x1b[2J\n",
                "git: inflate: data; unable to stream 5f\u{fffd}[2J",
            ),
            ("one\ntwo\nthree\nfour\n", "git: two; three; four"),
            ("", "git: no word why"),
            ("hint: x", "git: no word why"),
            (
                "fatal: repository 'https://user:open@sesame@example.org/x?token=open' not found, nor ssh://open@h",
                "git: repository 'https://example.org/x?…' not found, nor ssh://h",
            ),
            ("fatal: 'https://user:pa/s?s'@example.org/x'", "git: 'https://…@example.org/x'"),
            ("https://user:a://b@example.org/x?token=ab'cd of", "git: https://…@example.org/x?… of"),
        ] {
            assert_eq!(super::words(told), words);
        }
    }
}
