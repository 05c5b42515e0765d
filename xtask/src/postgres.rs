//! A throw-away PostgreSQL cluster for one test run.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::command;
use crate::guard::{self, Guard, User};

/// The tests lean on what version 15 and later have.
const VERSION_MIN: u32 = 15;

/// Nothing in it outlives the run, so it need not survive a power cut, nobody replicates it, and hundreds of
/// small databases are gone before tidying them would pay.
const SETTINGS: &[&str] = &[
    "fsync=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "autovacuum=off",
    "jit=off",
    "max_connections=200",
    "log_min_messages=warning",
];

#[derive(Debug)]
pub(crate) struct Postgres {
    guard: Guard,
    port: u16,
}

impl Postgres {
    /// PostgreSQL refuses to run as root; then it runs as the user that its package made.
    pub(crate) fn start() -> anyhow::Result<Postgres> {
        let programs =
            programs().context("no PostgreSQL server found; `cargo xtask test --only preflight`")?;
        let user = if command::is_root() {
            Some(User::named("postgres").context("there is no user `postgres` to run the server as")?)
        } else {
            None
        };
        let folder = guard::folder("pg", user.as_ref())?;
        let data = folder.join("data");
        let created = initialise(&programs, &folder, &data, user.as_ref());
        if created.is_err() {
            std::fs::remove_dir_all(&folder).ok();
        }
        created?;
        let port = guard::free_port()?;
        let server = arguments(&programs, &folder, &data, port);
        let server: Vec<&str> = server.iter().map(String::as_str).collect();
        // QUIT is what `pg_ctl stop -m immediate` sends.
        let guard = Guard::start("PostgreSQL", &folder, user.as_ref(), "QUIT", &server)?;
        let mut postgres = Postgres { guard, port };
        let probe = programs.join("pg_isready");
        let port = port.to_string();
        let ready = || command::output(&probe, &["-h", "127.0.0.1", "-p", &port]).is_some();
        postgres.guard.wait_until(ready)?;
        Ok(postgres)
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

fn initialise(programs: &Path, folder: &Path, data: &Path, user: Option<&User>) -> anyhow::Result<()> {
    let mut initdb = Command::new(programs.join("initdb"));
    initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);
    initdb.arg("--pgdata").arg(data).current_dir(folder);
    if let Some(user) = user {
        initdb.uid(user.uid).gid(user.gid);
    }
    let output = initdb.output().context("cannot start initdb")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "initdb failed: {}", complaint.trim());
    Ok(())
}

fn arguments(programs: &Path, folder: &Path, data: &Path, port: u16) -> Vec<String> {
    let mut arguments: Vec<String> = [
        programs.join("postgres").display().to_string(),
        "-D".to_owned(),
        data.display().to_string(),
        "-k".to_owned(),
        folder.display().to_string(),
        "-h".to_owned(),
        "127.0.0.1".to_owned(),
        "-p".to_owned(),
        port.to_string(),
    ]
    .into();
    arguments.extend(SETTINGS.iter().flat_map(|setting| ["-c".to_owned(), (*setting).to_owned()]));
    arguments
}

/// The folder with `initdb` and `postgres`: Debian keeps it off the search path, by version.
pub(crate) fn programs() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    // On the path lies perhaps only a link to it.
    if let Some(initdb) = command::find("initdb").and_then(|path| path.canonicalize().ok())
        && let (Some(version), Some(folder)) = (version(&initdb), initdb.parent())
    {
        found.push((version, folder.to_owned()));
    }
    let has_all =
        |folder: &Path| ["initdb", "postgres", "pg_isready"].iter().all(|name| folder.join(name).exists());
    found.retain(|(version, folder)| *version >= VERSION_MIN && has_all(folder));
    found.into_iter().max().map(|(_, folder)| folder)
}

fn version(initdb: &Path) -> Option<u32> {
    major(&command::output(initdb, &["--version"])?)
}

/// `initdb (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` is 15.
fn major(text: &str) -> Option<u32> {
    let after = text.split("(PostgreSQL) ").nth(1)?;
    after.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_initdb_says() {
        assert_eq!(major("initdb (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(major("initdb (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major("command not found"), None);
    }

    #[test]
    fn a_cluster_answers_on_its_port_and_leaves_nothing_behind() {
        if programs().is_none() {
            eprintln!("skipped: no PostgreSQL server on this machine");
            return;
        }
        let postgres = Postgres::start().unwrap();
        let port = postgres.port;
        assert_eq!(postgres.url(), format!("postgres://postgres@127.0.0.1:{port}/postgres"));
        std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        drop(postgres);
        std::net::TcpStream::connect(("127.0.0.1", port)).unwrap_err();
    }
}
