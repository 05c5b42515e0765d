//! All cases of package-url/purl-spec: parse, build, validate.

use serde::Deserialize;
use serde_json::{Map, Value};
use versions::{BadPurl, Purl, PurlParts};

use super::data;

#[derive(Deserialize)]
struct Suite {
    tests: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    test_type: String,
    input: Value,
    #[serde(default)]
    expected_output: Value,
    #[serde(default)]
    expected_failure: bool,
}

/// The suite contradicts itself here: it wants these refused for their capital qualifier keys, but
/// the same texts accepted by "validate", and `repositorY_url` accepted by "parse" for Maven. The
/// specification's "How to parse" lowers keys, so they are accepted.
const CONTRADICTED: [&str; 2] = [
    "pkg:gem/jruby-launcher@1.1.2?Platform=java",
    "pkg:Rpm/fedora/curl@7.50.3-1.fc25?Arch=i386&Distro=fedora-25",
];

#[test]
fn every_case_of_the_purl_specification_holds() {
    let Some(files) = data::files("suite-purl.tar.zst") else { return };
    let (mut passed, mut contradicted, mut failed) = (0, 0, Vec::new());
    for (file, text) in files.iter().filter(|(file, _)| file.ends_with(".json")) {
        let suite: Suite = serde_json::from_str(text).unwrap();
        for case in suite.tests {
            let by_hand =
                case.test_type == "parse" && case.input.as_str().is_some_and(|i| CONTRADICTED.contains(&i));
            match run(&case) {
                outcome if outcome.is_ok() != case.expected_failure => passed += 1,
                _ if by_hand => contradicted += 1,
                outcome => failed.push(format!("{file} {} {}: {outcome:?}", case.test_type, case.input)),
            }
        }
    }
    eprintln!(
        "purl suite: {passed} passed, {contradicted} contradicted by the suite itself, {} failed",
        failed.len()
    );
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(passed >= 584 && contradicted <= 2, "{passed} {contradicted}");
}

/// Ok where the case's output is met; a refusal or another output is an error.
fn run(case: &Case) -> Result<(), String> {
    let found = match case.test_type.as_str() {
        "parse" => components(&parse(&case.input).map_err(|error| error.to_string())?),
        "validate" => parse(&case.input).map_err(|error| error.to_string())?.to_string().into(),
        "build" => build(&case.input).map_err(|error| error.to_string())?.to_string().into(),
        other => return Err(format!("no such test: {other}")),
    };
    let expected = if case.expected_failure { &found } else { &case.expected_output };
    if found == *expected { Ok(()) } else { Err(found.to_string()) }
}

fn parse(input: &Value) -> Result<Purl, BadPurl> {
    input.as_str().unwrap_or_default().parse()
}

fn build(input: &Value) -> Result<Purl, BadPurl> {
    let text = |key: &str| input[key].as_str().map(str::to_owned);
    let qualifiers = input["qualifiers"].as_object().cloned().unwrap_or_default();
    Purl::build(PurlParts {
        kind: text("type").unwrap_or_default(),
        namespace: text("namespace"),
        name: text("name").unwrap_or_default(),
        version: text("version"),
        qualifiers: qualifiers
            .into_iter()
            .map(|(k, v)| (k, v.as_str().unwrap_or_default().to_owned()))
            .collect(),
        subpath: text("subpath"),
    })
}

fn components(purl: &Purl) -> Value {
    let parts = purl.parts();
    let qualifiers: Map<String, Value> =
        parts.qualifiers.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect();
    serde_json::json!({
        "type": parts.kind,
        "namespace": parts.namespace,
        "name": parts.name,
        "version": parts.version,
        "qualifiers": if qualifiers.is_empty() { Value::Null } else { qualifiers.into() },
        "subpath": parts.subpath,
    })
}
