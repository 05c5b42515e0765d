//! A server for the length of a test run, with a guard that outlives this program.
//!
//! Between us and the server stands a small shell. It waits on a pipe that only we hold open.
//! When we let go of it, whether by `Drop`, by Ctrl-C or because we were killed, the shell stops
//! the server with everything that the server started, and removes its folder. It leads a process group of
//! its own, so that a Ctrl-C at the terminal reaches us and not it.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::stopwatch::Stopwatch;

const SCRIPT: &str = r#"
folder=$1; signal=$2; shift 2
"$@" >"$folder/log" 2>&1 </dev/null &
server=$!
read -r nothing
trap '' TERM
kill -s "$signal" "$server" 2>/dev/null
wait "$server"
kill -s TERM 0
rm -rf "$folder" 2>/dev/null || { sleep 1; rm -rf "$folder"; }
"#;

const READY_SECONDS_MAX: u64 = 60;

#[derive(Debug)]
pub(crate) struct Guard {
    name: &'static str,
    folder: PathBuf,
    shell: Child,
    pipe: Option<ChildStdin>,
}

impl Guard {
    /// Starts `server` under a guard that runs as `user` (ourselves when `None`), in `folder`,
    /// which it removes at the end. `signal` is the one that stops this kind of server at once.
    pub(crate) fn start(
        name: &'static str,
        folder: &Path,
        user: Option<&User>,
        signal: &str,
        server: &[&str],
    ) -> anyhow::Result<Guard> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", SCRIPT, name]).arg(folder).arg(signal).args(server);
        command.current_dir(folder).env("HOME", folder).env("TMPDIR", folder);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        if let Some(user) = user {
            command.uid(user.uid).gid(user.gid);
        }
        let mut shell = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let pipe = shell.stdin.take();
        Ok(Guard { name, folder: folder.to_owned(), shell, pipe })
    }

    /// Waits until the server answers; if it does not, shows the end of its log.
    pub(crate) fn wait_until(&mut self, ready: impl Fn() -> bool) -> anyhow::Result<()> {
        let watch = Stopwatch::start();
        while watch.elapsed().as_secs() < READY_SECONDS_MAX {
            if ready() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let tail = lines[lines.len().saturating_sub(20)..].join("\n");
        bail!("{} did not answer within {READY_SECONDS_MAX} s; its log ends:\n{tail}", self.name)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.pipe.take();
        if let Err(error) = self.shell.wait() {
            eprintln!("xtask: the guard of {} is gone: {error}", self.name);
        }
    }
}

/// A user of this machine that a server runs as.
#[derive(Clone, Copy, Debug)]
pub(crate) struct User {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

impl User {
    pub(crate) fn named(name: &str) -> Option<User> {
        let number = |option| crate::command::output("id", &[option, name])?.parse().ok();
        Some(User { uid: number("-u")?, gid: number("-g")? })
    }
}

/// An empty folder that nobody else may enter, owned by `user`. The name is short, because the path
/// of a Unix socket in it has about a hundred characters at most.
pub(crate) fn folder(name: &str, user: Option<&User>) -> anyhow::Result<PathBuf> {
    let process = std::process::id();
    for attempt in 0..1_000 {
        let path = std::env::temp_dir().join(format!("heliograph-{name}-{process}-{attempt}"));
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => {
                if let Some(user) = user {
                    std::os::unix::fs::chown(&path, Some(user.uid), Some(user.gid))?;
                }
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).with_context(|| format!("cannot make {}", path.display())),
        }
    }
    bail!("no free folder name for {name} in {}", std::env::temp_dir().display())
}

/// A TCP port of 127.0.0.1 on which nobody listened a moment ago.
pub(crate) fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A process that has ended but that nobody has asked about yet is a `Z`.
    fn is_running(process: &str) -> bool {
        let stat = std::fs::read_to_string(Path::new("/proc").join(process).join("stat")).unwrap_or_default();
        stat.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with('Z'))
    }

    /// The server starts a child of its own and notes both process ids.
    const SERVER: &[&str] = &["/bin/sh", "-c", "sleep 600 & echo $$ $! >pids; wait"];

    fn started(name: &str) -> (Guard, PathBuf, Vec<String>) {
        let folder = folder(name, None).unwrap();
        let mut guard = Guard::start("a sleeper", &folder, None, "TERM", SERVER).unwrap();
        let pids = folder.join("pids");
        let read = || std::fs::read_to_string(&pids).unwrap_or_default();
        guard.wait_until(|| read().ends_with('\n')).unwrap();
        let ids = read().split_whitespace().map(str::to_owned).collect();
        (guard, folder, ids)
    }

    #[test]
    fn letting_go_stops_the_server_with_its_children_and_removes_the_folder() {
        let (guard, folder, ids) = started("drop");
        assert_eq!(ids.len(), 2);
        assert!(ids.iter().all(|id| is_running(id)), "the server and its child run: {ids:?}");
        drop(guard);
        assert!(!folder.exists());
        let watch = Stopwatch::start();
        while ids.iter().any(|id| is_running(id)) && watch.elapsed().as_secs() < 5 {
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(!ids.iter().any(|id| is_running(id)), "something still runs: {ids:?}");
    }

    #[test]
    fn a_folder_is_ours_alone_and_no_two_are_the_same() {
        use std::os::unix::fs::PermissionsExt;
        let (first, second) = (folder("mode", None).unwrap(), folder("mode", None).unwrap());
        assert_ne!(first, second);
        assert_eq!(first.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        std::fs::remove_dir(first).unwrap();
        std::fs::remove_dir(second).unwrap();
    }
}
