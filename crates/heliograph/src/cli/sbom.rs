//! `heliograph query --sbom`: a bill of materials against the catalogue.

use crate::app::Clock;
use crate::catalogue::pages::{standalone, stated};
use anyhow::Context;
use catalogue::{Answer, Catalogue, Inventory, csv, part_version, sarif, status_word};
use formats::limits::DOCUMENT_BYTES;
use formats::sbom::NoVex;
use formats::vex::Statement;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
    Sarif,
    Csv,
    Html,
}

/// Reports on every part of a bill of materials.
pub(super) fn run(
    catalogue: &Catalogue,
    file: &Path,
    vex_files: &[PathBuf],
    format: Format,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let name = file.display().to_string();
    let sbom = formats::sbom::read(&read(file)?).with_context(|| name.clone())?;
    let mut statements: Vec<Statement> = Vec::new();
    for file in vex_files {
        let name = file.display().to_string();
        statements.extend(said(&name, &read(file)?).context(name)?);
    }
    let inventory = catalogue.inventory(&name, sbom, &statements, Clock::default().now())?;
    match format {
        Format::Text => text(&inventory, out)?,
        Format::Json => line(out, &serde_json::to_string(&inventory)?)?,
        Format::Sarif => line(out, &sarif(&inventory).to_string())?,
        Format::Csv => out.write_all(csv(&inventory).as_bytes())?,
        Format::Html => line(out, &standalone(&inventory).into_string())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What a document of VEX states.
fn said(name: &str, bytes: &[u8]) -> anyhow::Result<Vec<Statement>> {
    match formats::sbom::read(bytes) {
        Ok(read) => read.into_vex().map_err(|error| match error {
            NoVex::Bill(_) => anyhow::anyhow!("a bill of materials, and not VEX on another"),
            NoVex::NamesNoPart(error) => error.into(),
        }),
        Err(no_bill) => stated(name, bytes, &no_bill).map_err(anyhow::Error::msg),
    }
}

fn line(out: &mut impl Write, text: &str) -> io::Result<()> {
    writeln!(out, "{text}")
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = DOCUMENT_BYTES as u64 + 1;
    let read = match file.as_os_str() == "-" {
        true => io::stdin().lock().take(most).read_to_end(&mut bytes),
        false => File::open(file).and_then(|file| file.take(most).read_to_end(&mut bytes)),
    };
    read.with_context(|| file.display().to_string())?;
    Ok(bytes)
}

fn text(inventory: &Inventory, out: &mut impl Write) -> io::Result<()> {
    for finding in &inventory.findings {
        let word = match (finding.stands(), finding.known.answer) {
            (false, _) => "answered by VEX",
            (true, Answer::Affected) => "affected",
            (true, _) => "cannot be decided",
        };
        let severity = finding
            .known
            .severity_tenths
            .map_or("no score".to_owned(), |tenths| format!("{:.1}", tenths as f64 / 10.0));
        let component = finding.component.purl.as_deref().unwrap_or(&finding.component.name);
        writeln!(out, "{component}\t{}\t{word}\t{severity}\t{}", finding.known.id, finding.title())?;
        if let Some(said) = &finding.vex {
            let (status, why) = (status_word(said.status), said.why.as_deref().unwrap_or_default());
            writeln!(out, "\t{} says: {status} {why}", said.source)?;
        }
    }
    for unasked in &inventory.unasked {
        let version = part_version(&unasked.component).unwrap_or_default();
        writeln!(out, "{} {version}\tnot asked about: {}", unasked.component.name, unasked.reason)?;
    }
    for note in &inventory.notes {
        writeln!(out, "note: {note}")?;
    }
    writeln!(
        out,
        "{} parts, {} findings stand, {} answered by VEX, {} not asked about",
        inventory.components,
        inventory.standing(),
        inventory.findings.len() - inventory.standing(),
        inventory.unasked.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_that_are_not_heard_are_told() {
        let inventory = Inventory {
            file: "bom.json".into(),
            format: "CycloneDX 1.6".into(),
            subject: None,
            at: jiff::Timestamp::UNIX_EPOCH,
            components: 1,
            unasked: Vec::new(),
            findings: Vec::new(),
            notes: vec!["1 statement of VEX is not heard".into()],
        };
        let mut out = Vec::new();
        text(&inventory, &mut out).unwrap();
        let expected = "note: 1 statement of VEX is not heard\n\
                        1 parts, 0 findings stand, 0 answered by VEX, 0 not asked about\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    /// Bad input gets a clear error with place and reason.
    #[test]
    fn why_a_file_is_no_vex_is_told() {
        let head = r#"{"bomFormat": "CycloneDX", "vulnerabilities": "#;
        for (text, why) in [
            (format!("{head}7}}"), "line 1 column"),
            (format!("{head}[]}}"), "a bill of materials, and not VEX on another"),
            (format!("{head}[{{\"id\": \"X\"}}]}}"), "/vulnerabilities: no statement about a part"),
            (
                r#"{"id": "X-1", "modified": "2024-01-01T00:00:00Z"}"#.to_owned(),
                "OSV (JSON), but no statement of VEX is in it",
            ),
        ] {
            let error = said("vex.json", text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
