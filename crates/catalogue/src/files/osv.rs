//! The layout of OSV's dumps: `all.zip` and `modified_id.csv`, for all and for each ecosystem.

use super::super::store::{self, Dumped};
use super::super::{Catalogue, Error};
use jiff::Timestamp;
use std::io::{Seek, Write};
use versions::Ecosystem;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn failed(error: zip::result::ZipError) -> Error {
    Error::Stored(format!("an archive: {error}"))
}

/// Ids that make no name of a file are left out: addresses as OpenVEX has them, and those with blanks, slashes or
/// letters that not every system has. They are found one by one.
fn is_name(id: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.:".contains(letter);
    id.chars().all(plain) && !id.starts_with('.')
}

/// Every record as a file of its own.
pub(super) fn archive(
    catalogue: &Catalogue,
    ecosystem: Option<&str>,
    file: impl Write + Seek,
) -> Result<(), Error> {
    let mut archive = ZipWriter::new(file);
    catalogue.0.readers.read(|db| {
        store::dump(db, ecosystem, &mut |dumped: Dumped<'_>| {
            if is_name(dumped.id) {
                archive
                    .start_file(format!("{}.json", dumped.id), SimpleFileOptions::default())
                    .map_err(failed)?;
                archive.write_all(dumped.osv)?;
            }
            Ok(())
        })
    })?;
    archive.finish().map_err(failed)?.flush()?;
    Ok(())
}

/// `date,id`, the latest first; of all ecosystems `date,ecosystem/id`, a line for each ecosystem.
pub(super) fn dates(
    catalogue: &Catalogue,
    ecosystem: Option<&str>,
    mut file: impl Write,
) -> Result<(), Error> {
    let mut lines: Vec<(Timestamp, String)> = Vec::new();
    catalogue.0.readers.read(|db| {
        store::dates(db, ecosystem, &mut |modified, id, of| {
            if is_name(id) {
                let place = if ecosystem.is_none() { format!("{}/{id}", name(of)) } else { id.to_owned() };
                lines.push((modified, place));
            }
        })
    })?;
    lines.sort_by(|one, other| (other.0, &one.1).cmp(&(one.0, &other.1)));
    for (modified, place) in lines {
        writeln!(file, "{modified},{place}")?;
    }
    Ok(file.flush()?)
}

/// The ecosystem's name as OSV spells it.
fn name(lower: &str) -> String {
    Ecosystem::parse(lower).map_or_else(|| lower.to_owned(), |ecosystem| ecosystem.name().to_owned())
}

/// The names of all ecosystems.
pub(super) fn ecosystems(catalogue: &Catalogue, mut file: impl Write) -> Result<(), Error> {
    for lower in catalogue.0.readers.read(store::ecosystems)? {
        writeln!(file, "{}", name(&lower))?;
    }
    Ok(file.flush()?)
}
