//! Invented records of other sources, so that the database has something to search. They are
//! imported as an operator imports real ones: from a folder.

use crate::app::App;
use catalogue::Input;
use serde_json::Value;

/// OSV records of packages that do not exist.
const RECORDS: &str = include_str!("data/osv.json");

/// Lays the records out as files and imports the folder.
pub(super) fn import(app: &App) -> anyhow::Result<()> {
    let folder = app.settings.data.join("invented-records");
    std::fs::create_dir_all(&folder)?;
    let records: Vec<Value> = serde_json::from_str(RECORDS)?;
    for record in &records {
        let id = record.get("id").and_then(Value::as_str).unwrap_or("record");
        std::fs::write(folder.join(format!("{id}.json")), record.to_string())?;
    }
    let report =
        app.catalogue.import(&[Input::Path(folder)], "invented records", &|| app.now(), &mut |_| {})?;
    anyhow::ensure!(report.counts.failed == 0, "an invented record could not be imported");
    Ok(())
}
