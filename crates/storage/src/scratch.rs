//! Databases for tests: fresh, of the engine under test, gone afterwards.

use crate::database::Database;
use crate::error::{Error, Result};
use crate::migrations::{fingerprint, migration_count};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A fresh database: on the server that `HELIOGRAPH_TEST_POSTGRES` names, else a SQLite file.
/// A folder of its own comes with either.
pub struct Scratch {
    db: Database,
    dir: PathBuf,
    /// The server and the name of the database made on it.
    server: Option<(String, String)>,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Scratch {
    /// A fresh database of the engine under test.
    ///
    /// # Errors
    /// The folder or the database cannot be made.
    pub fn new() -> Result<Self> {
        Self::at_step(migration_count())
    }

    /// The same with the schema as it was after so many steps; whoever opens it again finds it up to
    /// date.
    ///
    /// # Errors
    /// The folder or the database cannot be made.
    pub fn at_step(steps: usize) -> Result<Self> {
        let Ok(server) = std::env::var("HELIOGRAPH_TEST_POSTGRES") else { return Self::sqlite_at(steps) };
        let dir = folder()?;
        let name = format!("scratch_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let template = template(&server, steps)?;
        admin(&server, &format!("DROP DATABASE IF EXISTS {name}"))?;
        admin(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}"))?;
        let url = sibling(&server, &name)?;
        Ok(Self { db: Database::postgres_at(&url, steps)?, dir, server: Some((server, name)) })
    }

    /// A fresh SQLite database.
    ///
    /// # Errors
    /// The folder or the database cannot be made.
    pub fn sqlite() -> Result<Self> {
        Self::sqlite_at(migration_count())
    }

    fn sqlite_at(steps: usize) -> Result<Self> {
        let dir = folder()?;
        let db = Database::sqlite_at(&dir.join("heliograph.db"), steps)?;
        Ok(Self { db, dir, server: None })
    }

    /// The folder that goes when this does.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The URL of the database, where it stands on a server.
    #[must_use]
    pub fn url(&self) -> Option<String> {
        self.server.as_ref().and_then(|(server, name)| sibling(server, name).ok())
    }
}

impl std::ops::Deref for Scratch {
    type Target = Database;
    fn deref(&self) -> &Database {
        &self.db
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server {
            let _ = admin(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn folder() -> Result<PathBuf> {
    let name = format!("heliograph-test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let dir = std::env::temp_dir().join(name);
    // Numbers of processes come round again: what lies there was left by one that was killed.
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).map_err(|error| Error::CannotWrite(error.to_string()))?;
    Ok(dir)
}

fn sibling(server: &str, name: &str) -> Result<String> {
    let base = server.rsplit_once('/').map(|(base, _)| base);
    base.map(|base| format!("{base}/{name}"))
        .ok_or_else(|| Error::Unreachable("HELIOGRAPH_TEST_POSTGRES is not a URL".into()))
}

/// A database with the schema after so many steps, which fresh ones are copied from: running the steps
/// for each test takes longer than most tests. It stays on the server, for the next run.
fn template(server: &str, steps: usize) -> Result<String> {
    let name = format!("scratch_template_{:x}", fingerprint(steps));
    let mut client = postgres::Client::connect(server, postgres::NoTls)?;
    // Tests are processes of their own; one of them makes it. The lock goes with the connection.
    client.execute("SELECT pg_advisory_lock(4919)", &[])?;
    if client.query("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])?.is_empty() {
        client.batch_execute(&format!("DROP DATABASE IF EXISTS {name}_begun"))?;
        client.batch_execute(&format!("CREATE DATABASE {name}_begun"))?;
        drop(Database::postgres_at(&sibling(server, &format!("{name}_begun"))?, steps)?);
        client.batch_execute(&format!("ALTER DATABASE {name}_begun RENAME TO {name}"))?;
    }
    Ok(name)
}

fn admin(server: &str, sql: &str) -> Result<()> {
    let mut client = postgres::Client::connect(server, postgres::NoTls)?;
    Ok(client.batch_execute(sql)?)
}
