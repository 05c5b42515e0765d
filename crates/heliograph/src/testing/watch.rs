//! What must never happen, watched over in every test: a sealed text in a table or in a log line.

use std::io::Write;
use std::sync::{Mutex, Once};
use storage::{Tx, Value};

/// Stands in every text that tests send to be sealed, and nowhere else.
pub(crate) const MARK: &str = "zinnober";

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static BEGUN: Once = Once::new();

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// From now on, log lines of every level are kept.
pub(super) fn begin() {
    BEGUN.call_once(|| {
        let collector = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
        collector.with_ansi(false).with_writer(|| Log).init();
    });
}

/// All log lines so far.
pub(crate) fn logged() -> String {
    String::from_utf8_lossy(&LOG.lock().unwrap()).into_owned()
}

/// No log line holds what was sealed.
pub(super) fn log() {
    let log = logged().to_lowercase();
    let found = log.lines().find(|line| line.contains(MARK));
    assert_eq!(found, None, "a sealed text stands in a log line");
}

/// No row of any table holds what was sealed.
pub(super) fn tables(tx: &mut Tx<'_>) {
    let tables = tx.tables().unwrap();
    assert!(tables.len() > 10, "the tables were not found: {tables:?}");
    for table in tables {
        for row in tx.query(&format!("SELECT * FROM {table}"), &[]).unwrap() {
            let open = row.values().iter().any(|value| match value {
                Value::Text(text) => text.to_lowercase().contains(MARK),
                Value::Blob(bytes) => String::from_utf8_lossy(bytes).to_lowercase().contains(MARK),
                Value::Null | Value::Int(_) => false,
            });
            assert!(!open, "a sealed text stands open in {table}: {row:?}");
        }
    }
}

/// The tables with a row that holds these bytes.
pub(super) fn tables_with(tx: &mut Tx<'_>, needle: &[u8]) -> Vec<String> {
    let holds = |bytes: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    let mut found = tx.tables().unwrap();
    found.retain(|table| {
        tx.query(&format!("SELECT * FROM {table}"), &[]).unwrap().iter().any(|row| {
            row.values().iter().any(|value| match value {
                Value::Text(text) => holds(text.as_bytes()),
                Value::Blob(bytes) => holds(bytes),
                Value::Null | Value::Int(_) => false,
            })
        })
    });
    found
}
