//! SPDX 2 as tags and values, line by line, into the same as in JSON.
//!
//! Authority: SPDX 2.3, clause 7 (packages), 11 (relationships) and annex on tag-value notation.

use super::Sbom;
use super::spdx::{Document, Package, Reference, Relationship, read_document};
use crate::limits::STRING_BYTES;
use crate::read::{Place, ReadError, Reason};

/// Whether this is the beginning of such a document: its first tag is the version of SPDX.
pub(super) fn is_beginning(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.next().is_some_and(|line| line.starts_with("SPDXVersion:"))
}

/// Tags that begin something that is no package, to which later tags belong.
const OTHERS: [&str; 4] = ["FileName", "SnippetSPDXID", "LicenseID", "SPDXVersion"];

pub(super) fn read(text: &str) -> Result<Sbom, ReadError> {
    let mut document = Document::default();
    let mut in_package = false;
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let wrong = |reason| {
            let place = Place { line: Some(number + 1), column: Some(1), ..Place::default() };
            ReadError::new(place, reason)
        };
        let (tag, value) =
            line.split_once(':').ok_or_else(|| wrong(Reason::Syntax("a line without a tag".to_owned())))?;
        let value = value.trim();
        // A text may go on over several lines; none that is looked at does.
        if value.starts_with("<text>") && !value.contains("</text>") {
            let mut bytes = value.len();
            loop {
                let Some((_, more)) = lines.next() else {
                    return Err(wrong(Reason::Syntax("<text> without </text>".to_owned())));
                };
                bytes += more.len();
                if bytes > STRING_BYTES {
                    return Err(wrong(Reason::LongString { bytes, limit: STRING_BYTES }));
                }
                if more.contains("</text>") {
                    break;
                }
            }
            continue;
        }
        if value.len() > STRING_BYTES {
            return Err(wrong(Reason::LongString { bytes: value.len(), limit: STRING_BYTES }));
        }
        let tag = tag.trim();
        if OTHERS.contains(&tag) {
            in_package = false;
        }
        match tag {
            "SPDXVersion" => document.spdx_version = value.to_owned(),
            "PackageName" => {
                in_package = true;
                document.packages.push(Package { name: value.to_owned(), ..Package::default() });
            }
            "Relationship" => document.relationships.extend(relationship(value)),
            _ if in_package => {
                if let Some(package) = document.packages.last_mut() {
                    field(package, tag, value);
                }
            }
            _ => {}
        }
    }
    if !document.spdx_version.starts_with("SPDX-2.") {
        let reason = "tags and values, but not of SPDX 2".to_owned();
        return Err(ReadError::whole(Reason::NotARecord(reason)));
    }
    Ok(read_document(document))
}

fn field(package: &mut Package, tag: &str, value: &str) {
    match tag {
        "SPDXID" => package.id = Some(value.to_owned()),
        "PackageVersion" => package.version_info = Some(value.to_owned()),
        "ExternalRef" => {
            let mut words = value.split_whitespace();
            if let (Some(_), Some(kind), Some(locator)) = (words.next(), words.next(), words.next()) {
                package.external_refs.push(Reference {
                    reference_type: kind.to_owned(),
                    reference_locator: locator.to_owned(),
                });
            }
        }
        _ => {}
    }
}

fn relationship(value: &str) -> Option<Relationship> {
    let mut words = value.split_whitespace();
    let (_, kind, other) = (words.next()?, words.next()?, words.next()?);
    Some(Relationship { relationship_type: kind.to_owned(), related_spdx_element: other.to_owned() })
}
