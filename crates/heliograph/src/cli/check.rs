//! `heliograph check`: what a file is, and whether it is valid.

use crate::vetting;
use formats::{Kind, Record, cvss, limits};
use programme::{Programme, Scheme};
use serde::Serialize;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use versions::{Ecosystem, Order, Version};

/// Finds out what files are and validates them.
///
/// CSAF 2.0 and 2.1 (schema and the tests of the standard's chapter 6, by their numbers), CVE JSON 5,
/// OSV in JSON and YAML, NVD 2.0, GitHub advisories, OpenVEX, KEV catalogues, EPSS scores, CWE, CAPEC,
/// regulation profiles, partner programmes, schemes of accreditation and ladders of clearances (TOML).
///
/// Examples:
///   heliograph check advisory.json
///   heliograph check --json advisories/*.json | jq 'select(.valid | not)'
///   heliograph check - < record.json
///
/// Exit codes: 0 where every file is valid, 1 where one is not or is nothing that is known here,
/// 2 where one could not be read. Warnings and notes leave a file valid.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Files, or `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// One line of JSON for each file
    #[arg(long)]
    json: bool,
}

/// What was found out about one file.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Report {
    file: String,
    /// `csaf`, `cve`, `osv`, `nvd`, `ghsa`, `openvex`, `kev`, `epss`, `cwe`, `capec`, `profile`, `programme`,
    /// `scheme`, `ladder` or `unknown`.
    kind: &'static str,
    /// Of the format, as the file states it.
    version: Option<String>,
    valid: bool,
    findings: Vec<Finding>,
}

/// One thing that a test found.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Finding {
    /// The standard's number where it has one.
    test: String,
    severity: &'static str,
    /// A JSON pointer where there is one.
    path: String,
    message: String,
}

impl Finding {
    fn error(test: &str, path: impl Into<String>, message: impl ToString) -> Self {
        Self { test: test.to_owned(), severity: "error", path: path.into(), message: message.to_string() }
    }

    fn warning(test: &str, path: String, message: String) -> Self {
        Self { test: test.to_owned(), severity: "warning", path, message }
    }
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut code = 0;
    for file in &args.files {
        let name = file.display().to_string();
        let bytes = match read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("heliograph: {name}: {error}");
                code = 2;
                continue;
            }
        };
        let report = report(name, &bytes);
        code = code.max(u8::from(!report.valid));
        if args.json {
            serde_json::to_writer(&mut out, &report)?;
            writeln!(out)?;
        } else {
            describe(&report, &mut out)?;
        }
    }
    out.flush()?;
    Ok(ExitCode::from(code))
}

/// Reads no more than is checked; a larger file is cut, and refused for its size.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = limits::XML_BYTES as u64 + 1;
    if file == Path::new("-") {
        io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    } else {
        File::open(file)?.take(most).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn describe(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let version = report.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let word = if report.valid { "valid" } else { "not valid" };
    writeln!(out, "{}: {}{version}: {word}", report.file, report.kind)?;
    for finding in &report.findings {
        let place = if finding.path.is_empty() { "document" } else { &finding.path };
        writeln!(out, "  {} {} {place}: {}", finding.severity, finding.test, finding.message)?;
    }
    Ok(())
}

fn report(file: String, bytes: &[u8]) -> Report {
    let (kind, version, findings) =
        if is_toml(&file, bytes) { toml_file(bytes) } else { document(&file, bytes) };
    let valid = findings.iter().all(|finding| finding.severity != "error");
    Report { file, kind, version, valid, findings }
}

/// What a kind is called, its version, and what was found.
type Outcome = (&'static str, Option<String>, Vec<Finding>);

fn is_toml(file: &str, bytes: &[u8]) -> bool {
    let is_json =
        bytes.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| matches!(byte, b'{' | b'['));
    file.to_ascii_lowercase().ends_with(".toml") && !is_json
}

/// Profiles state duties, programmes levels and stages; a scheme and a ladder say that they are one.
fn toml_file(bytes: &[u8]) -> Outcome {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return ("unknown", None, vec![Finding::error("read", "", "not UTF-8")]);
    };
    let has = |table: &str| text.lines().any(|line| line.trim_start().starts_with(table));
    if has("[[stage") {
        let found = Programme::parse(text).err();
        let found = found.map(|error| Finding::error("programme", error.place.clone(), error));
        return ("programme", None, found.into_iter().collect());
    }
    if has("schema = \"scheme/") {
        let found = Scheme::parse(text).err();
        let found = found.map(|error| Finding::error("scheme", error.place.clone(), error));
        return ("scheme", None, found.into_iter().collect());
    }
    if has("schema = \"ladder/") {
        let found = vetting::check_ladder(text).err();
        let place = |line: usize| format!("line {line}");
        let found = found.map(|(line, reason)| {
            Finding::error("ladder", place(line), format!("{}: {reason}", place(line)))
        });
        return ("ladder", None, found.into_iter().collect());
    }
    if has("[[duty") || has("[[recipient") {
        return match clocks::Profile::parse(text) {
            Ok(profile) => ("profile", Some(profile.schema), Vec::new()),
            Err(error) => ("profile", None, vec![Finding::error(error.rule, error.place.clone(), error)]),
        };
    }
    ("unknown", None, vec![Finding::error("kind", "", "TOML, but no profile, programme, scheme or ladder")])
}

fn document(file: &str, bytes: &[u8]) -> Outcome {
    let kind = match formats::detect(bytes, file) {
        Ok(kind) => kind,
        Err(error) => {
            return ("unknown", None, vec![Finding::error("kind", error.place.pointer.clone(), error)]);
        }
    };
    let records = formats::read(kind, bytes);
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let (word, version_at) = match kind {
        Kind::Epss | Kind::Cwe | Kind::Capec => return list(kind, bytes),
        Kind::Csaf20 | Kind::Csaf21 => ("csaf", "/document/csaf_version"),
        Kind::Cve5 => ("cve", "/dataVersion"),
        Kind::OsvJson | Kind::OsvYaml => ("osv", "/schema_version"),
        Kind::Kev => ("kev", "/catalogVersion"),
        Kind::Nvd => ("nvd", "/version"),
        Kind::OsvList => ("osv", "/none"),
        Kind::Ghsa => ("ghsa", "/none"),
        Kind::OpenVex => ("openvex", "/@context"),
    };
    let mut findings = Vec::new();
    match records {
        Err(error) => findings.push(Finding::error("read", error.place.pointer.clone(), error)),
        // The standard's own tests say more than ours would.
        Ok(_) if word == "csaf" => {
            findings.extend(csaf_check::check(text).into_iter().map(|found| Finding {
                test: found.test,
                severity: severity(found.severity),
                path: found.path,
                message: found.message,
            }))
        }
        Ok(records) => findings.extend(records.iter().flat_map(contradictions)),
    }
    (word, version(kind, bytes, version_at), findings)
}

/// Lists that say something about the records of others.
fn list(kind: Kind, bytes: &[u8]) -> Outcome {
    let refused = |error: formats::ReadError| Finding::error("read", error.place.pointer.clone(), error);
    match kind {
        Kind::Epss => match formats::epss::read(bytes) {
            Ok(scores) => ("epss", scores.model, scores.bad.into_iter().map(refused).collect()),
            Err(error) => ("epss", None, vec![refused(error)]),
        },
        _ => {
            let word = if kind == Kind::Cwe { "cwe" } else { "capec" };
            match formats::attack::read(bytes) {
                Ok(list) => (word, Some(list.version), Vec::new()),
                Err(error) => (word, None, vec![refused(error)]),
            }
        }
    }
}

fn severity(severity: csaf_check::Severity) -> &'static str {
    match severity {
        csaf_check::Severity::Error => "error",
        csaf_check::Severity::Warning => "warning",
        csaf_check::Severity::Info => "info",
    }
}

/// The version that a document states.
fn version(kind: Kind, bytes: &[u8], pointer: &str) -> Option<String> {
    let json = if kind == Kind::OsvYaml {
        formats::yaml::to_json(bytes).ok()?
    } else {
        std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}').to_owned()
    };
    let document: serde_json::Value = serde_json::from_str(&json).ok()?;
    document.pointer(pointer)?.as_str().map(str::to_owned)
}

/// What is well formed and still wrong: vectors that cannot be scored or that their scores contradict, and versions that their
/// ecosystem does not take for such, so that no question about them can be answered.
fn contradictions(record: &Record) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, severity) in record.severities.iter().enumerate() {
        let known = ["2.0", "3.0", "3.1", "4.0"].contains(&severity.version.as_str());
        if let (true, Err(reason)) = (known, cvss::score(&severity.vector)) {
            findings.push(Finding::error("cvss", format!("{} severity {at}", record.id), reason));
        }
        if let Some(words) = cvss::contradiction(severity) {
            findings.push(Finding::warning("cvss", format!("{} severity {at}", record.id), words));
        }
    }
    for (at, affected) in record.affected.iter().enumerate() {
        let Some(name) = &affected.ecosystem else { continue };
        let order = Ecosystem::parse(name).map_or(Order::Unknown, |ecosystem| ecosystem.order());
        if order == Order::Unknown {
            continue;
        }
        let events = affected.ranges.iter().flat_map(|range| &range.events);
        let bounds = events.map(|event| event.version.as_str()).filter(|bound| !matches!(*bound, "0" | "*"));
        let is_commit = |bound: &str| bound.len() >= 40 && bound.bytes().all(|byte| byte.is_ascii_hexdigit());
        for bound in bounds.filter(|bound| Version::parse(order, bound).is_none() && !is_commit(bound)) {
            let place = format!("/affected/{at}");
            findings.push(Finding::warning("version", place, format!("{bound:?} is no version of {name}")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSAF: &str = r#"{"document":{"category":"csaf_base","csaf_version":"2.0","title":"Nothing",
        "publisher":{"category":"coordinator","name":"Example Centre","namespace":"https://example.org"},
        "tracking":{"id":"EX-1","status":"final","version":"2","initial_release_date":"2026-01-01T00:00:00Z",
        "current_release_date":"2026-01-01T00:00:00Z","revision_history":[
        {"number":"1","date":"2026-01-01T00:00:00Z","summary":"First release"}]}}}"#;

    fn line(file: &str, text: &str) -> serde_json::Value {
        serde_json::to_value(report(file.to_owned(), text.as_bytes())).unwrap()
    }

    /// CSAF 2.0, 6.1.16: the latest version is the one of the revision history.
    #[test]
    fn csaf_is_checked_by_the_numbers_of_the_standard() {
        let wrong = line("a.json", CSAF);
        assert_eq!(
            (&wrong["kind"], &wrong["version"], &wrong["valid"]),
            (&"csaf".into(), &"2.0".into(), &false.into())
        );
        assert_eq!(wrong["findings"][0]["test"], "6.1.16");
        assert_eq!(wrong["findings"][0]["path"], "/document/tracking/version");
        assert_eq!(wrong["findings"][0]["severity"], "error");
        let right = line("a.json", &CSAF.replace(r#""version":"2""#, r#""version":"1""#));
        assert_eq!(right["valid"], true);
    }

    #[test]
    fn osv_with_a_broken_vector_is_not_valid_and_a_strange_bound_is_a_warning() {
        let osv = |vector: &str, fixed: &str| {
            format!(
                r#"{{"schema_version":"1.7.0","id":"X-1","modified":"2026-01-01T00:00:00Z","severity":[{{"type":"CVSS_V3","score":"{vector}"}}],
                "affected":[{{"package":{{"ecosystem":"Debian:12","name":"x"}},"ranges":[{{"type":"ECOSYSTEM","events":[{{"introduced":"0"}},{{"fixed":"{fixed}"}}]}}]}}]}}"#
            )
        };
        let good = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
        let clean = line("x.json", &osv(good, "1.0-1"));
        assert_eq!(
            clean,
            serde_json::json!({"file":"x.json","kind":"osv","version":"1.7.0","valid":true,"findings":[]})
        );
        let strange = line("x.json", &osv(good, "bookworm"));
        assert_eq!((&strange["valid"], &strange["findings"][0]["test"]), (&true.into(), &"version".into()));
        let broken = line("x.json", &osv("CVSS:3.1/AV:N", "1.0-1"));
        assert_eq!((&broken["valid"], &broken["findings"][0]["test"]), (&false.into(), &"cvss".into()));
    }

    /// CSAF 2.0, 6.1.9, for the formats that have no such test of their own.
    #[test]
    fn a_score_that_its_vector_contradicts_is_a_warning() {
        let cve = |score: &str| {
            format!(
                r#"{{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{{"cveId":"CVE-2026-1","assignerOrgId":"00000000-0000-4000-8000-000000000000","state":"PUBLISHED"}},
                "containers":{{"cna":{{"providerMetadata":{{"orgId":"00000000-0000-4000-8000-000000000000","shortName":"x"}},"descriptions":[{{"lang":"en","value":"x"}}],
                "affected":[{{"vendor":"x","product":"x","versions":[{{"version":"1","status":"affected"}}]}}],"references":[{{"url":"https://example.org"}}],
                "metrics":[{{"cvssV3_1":{{"version":"3.1","baseScore":{score},"baseSeverity":"HIGH","vectorString":"CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N"}}}}]}}}}}}"#
            )
        };
        assert_eq!(line("x.json", &cve("5.4"))["findings"], serde_json::json!([]));
        let found = line("x.json", &cve("9.8"));
        let expected = serde_json::json!([{"test":"cvss","severity":"warning","path":"CVE-2026-1 severity 0",
            "message":"the source says 9.8; its vector comes to 5.4"}]);
        assert_eq!((&found["valid"], &found["findings"]), (&true.into(), &expected));
    }

    #[test]
    fn what_is_nothing_known_is_not_valid_and_says_why() {
        for (file, text) in
            [("a.json", "{}"), ("a.json", "{"), ("a.txt", ""), ("a.toml", "a = 1"), ("a.json", "<x/>")]
        {
            let report = report(file.to_owned(), text.as_bytes());
            assert_eq!((report.kind, report.valid, report.findings.len()), ("unknown", false, 1), "{text}");
            assert!(!report.findings[0].message.is_empty());
        }
        assert!(!report("a.json".to_owned(), &vec![b' '; limits::DOCUMENT_BYTES + 1]).valid);
    }

    #[test]
    fn profiles_and_programmes_that_come_with_the_program_are_valid() {
        for (_, text) in clocks::builtin() {
            let report = report("p.toml".to_owned(), text.as_bytes());
            assert_eq!((report.kind, report.valid), ("profile", true), "{report:?}");
        }
        for (_, text) in programme::builtin() {
            let report = report("p.toml".to_owned(), text.as_bytes());
            assert_eq!((report.kind, report.valid), ("programme", true), "{report:?}");
        }
        for (_, text) in crate::vetting::SHIPPED {
            let report = report("l.toml".to_owned(), text.as_bytes());
            assert_eq!((report.kind, report.valid), ("ladder", true), "{report:?}");
        }
        for (_, text) in programme::builtin_schemes() {
            let report = report("s.toml".to_owned(), text.as_bytes());
            assert_eq!((report.kind, report.valid), ("scheme", true), "{report:?}");
        }
        let attack = "schema = \"scheme/1\"\nmode = \"on\"";
        let refused = report("s.toml".to_owned(), attack.as_bytes());
        assert_eq!((refused.kind, refused.valid, &*refused.findings[0].path), ("scheme", false, "mode"));
        // The line is that of the file, for what the file says and for what it says of another ladder.
        let (_, german) = crate::vetting::SHIPPED[0];
        for (from, to, line, said) in [
            ("id = \"ue3\"", "id = \"ue2\"", 21, "the level `ue2` is there twice"),
            ("counts_as = \"s-ue\"", "counts_as = \"x-ue\"", 51, "the ladder `eu` has no level `x-ue`"),
        ] {
            let refused = report("l.toml".to_owned(), german.replace(from, to).as_bytes());
            let found = &refused.findings[0];
            assert_eq!(
                (refused.kind, refused.valid, &*found.path),
                ("ladder", false, &*format!("line {line}"))
            );
            assert!(found.message.contains(said), "{found:?}");
        }
    }
}
