//! Whether a rendered document is valid, by others' judgement: csaf-rs and the official schemas.

use jsonschema::Validator;
use serde_json::Value;
use std::fs::File;
use std::path::PathBuf;
use std::sync::LazyLock;

static CVE: LazyLock<Option<Validator>> = LazyLock::new(|| validator("CVE_JSON_bundled_5.1.1.json"));
static OSV: LazyLock<Option<Validator>> = LazyLock::new(|| validator("osv-schema.json"));

/// A validator of a schema in the folder `HELIOGRAPH_TEST_DATA`; none without it.
fn validator(name: &str) -> Option<Validator> {
    let Some(folder) = std::env::var_os("HELIOGRAPH_TEST_DATA") else {
        println!("skipped: HELIOGRAPH_TEST_DATA is not set");
        return None;
    };
    let file = File::open(PathBuf::from(folder).join("schemas.tar.zst")).unwrap();
    let mut archive = tar::Archive::new(zstd::Decoder::new(file).unwrap());
    let mut found = archive.entries().unwrap().map(Result::unwrap);
    let entry = found.find(|entry| entry.path().unwrap().to_string_lossy().ends_with(name)).unwrap();
    let schema: Value = serde_json::from_reader(entry).unwrap();
    Some(jsonschema::options().should_validate_formats(true).build(&schema).unwrap())
}

/// What csaf-rs finds wrong; always there, because the crate carries its schemas.
pub(super) fn csaf(json: &str) -> Vec<String> {
    csaf_check::errors(json).iter().map(ToString::to_string).collect()
}

/// What the CVE schema finds wrong; nothing without test data.
pub(super) fn cve(json: &str) -> Vec<String> {
    by_schema(&CVE, json)
}

/// What the OSV schema finds wrong; nothing without test data.
pub(super) fn osv(json: &str) -> Vec<String> {
    by_schema(&OSV, json)
}

fn by_schema(validator: &Option<Validator>, json: &str) -> Vec<String> {
    let document = serde_json::from_str(json).unwrap();
    let Some(validator) = validator else { return Vec::new() };
    validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}
