//! Whether a rendered document is valid, by others' judgement: csaf-rs and the official schemas.

use crate::test_data::schema;
use jsonschema::Validator;
use std::sync::LazyLock;

static CVE: LazyLock<Option<Validator>> = LazyLock::new(|| validator("CVE_JSON_bundled_5.1.1.json"));
static OSV: LazyLock<Option<Validator>> = LazyLock::new(|| validator("osv-schema.json"));

fn validator(name: &str) -> Option<Validator> {
    let schema = schema(name)?;
    Some(jsonschema::options().should_validate_formats(true).build(&schema).unwrap())
}

/// What csaf-rs finds wrong; always there, because the crate carries its schemas.
pub(crate) fn csaf(json: &str) -> Vec<String> {
    csaf_check::errors(json).iter().map(ToString::to_string).collect()
}

/// What the CVE schema finds wrong; nothing without test data.
pub(crate) fn cve(json: &str) -> Vec<String> {
    by_schema(&CVE, json)
}

/// What the OSV schema finds wrong; nothing without test data.
pub(crate) fn osv(json: &str) -> Vec<String> {
    by_schema(&OSV, json)
}

fn by_schema(validator: &Option<Validator>, json: &str) -> Vec<String> {
    let document = serde_json::from_str(json).unwrap();
    let Some(validator) = validator else { return Vec::new() };
    validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}
