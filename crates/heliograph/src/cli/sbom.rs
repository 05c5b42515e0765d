//! `heliograph query --sbom`: a bill of materials against the catalogue.

use crate::app::Clock;
use crate::catalogue::pages::standalone;
use anyhow::Context;
use catalogue::{Answer, Catalogue, Inventory, csv, part_version, sarif, status_word};
use formats::limits::DOCUMENT_BYTES;
use formats::vex::{self, Statement};
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
        let (name, bytes) = (file.display().to_string(), read(file)?);
        if let Ok(read) = formats::sbom::read(&bytes) {
            let said = read.into_vex();
            let said =
                said.map_err(|_| anyhow::anyhow!("{name}: a bill of materials, and not VEX on another"))?;
            statements.extend(said);
            continue;
        }
        let kind = formats::detect(&bytes, &name).with_context(|| name.clone())?;
        let said = vex::read(kind, &bytes).with_context(|| name.clone())?;
        anyhow::ensure!(!said.is_empty(), "{name}: {}, but no statement of VEX is in it", kind.label());
        statements.extend(said);
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
    writeln!(
        out,
        "{} parts, {} findings stand, {} answered by VEX, {} not asked about",
        inventory.components,
        inventory.standing(),
        inventory.findings.len() - inventory.standing(),
        inventory.unasked.len()
    )
}
