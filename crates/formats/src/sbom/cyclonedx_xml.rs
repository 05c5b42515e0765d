//! CycloneDX in XML, into the same as in JSON.

use super::Sbom;
use super::cyclonedx::{
    Affects, Alias, Analysis, Bom, Metadata, Named, Part, Versions, Vulnerability, read_bom, status_of,
};
use crate::lenient::parse_time;
use crate::limits::{NAME_BYTES, STRING_BYTES};
use crate::read::{ReadError, Reason};
use crate::xml::{self, Visitor};
use quick_xml::events::BytesStart;

/// The namespace of a document, behind which its version stands.
const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/";

/// Whether this is the beginning of such a document.
pub(super) fn is_beginning(text: &str) -> bool {
    text.get(..text.floor_char_boundary(2_000)).is_some_and(|head| head.contains(NAMESPACE))
}

pub(super) fn read(text: &str) -> Result<Sbom, ReadError> {
    let mut reader = Reader::default();
    xml::walk(text, &mut reader)?;
    if !reader.is_bom {
        let reason = "XML, but no CycloneDX: the outermost tag is not <bom> of its namespace".to_owned();
        return Err(ReadError::whole(Reason::NotARecord(reason)));
    }
    read_bom(reader.bom)
}

/// What is open, from the outermost tag on.
#[derive(Default)]
struct Reader {
    bom: Bom,
    is_bom: bool,
    path: Vec<String>,
    /// Parts that are open, each with the depth of its tag.
    parts: Vec<(Part, usize)>,
    vulnerability: Option<Vulnerability>,
    /// The text of the tag that is open.
    text: String,
}

/// Whether a tag stands where a part of the product, or the product itself, is described.
fn is_part(path: &[String]) -> bool {
    match path.split_first() {
        Some((bom, [metadata, component])) if bom == "bom" && metadata == "metadata" => {
            component == "component"
        }
        Some((bom, rest)) if bom == "bom" && !rest.is_empty() && rest.len() % 2 == 0 => {
            rest.chunks(2).all(|pair| pair == ["components", "component"])
        }
        _ => false,
    }
}

impl Visitor for Reader {
    fn open(&mut self, tag: &BytesStart<'_>, depth: usize) -> Result<(), Reason> {
        let name = tag.local_name().as_ref().to_owned();
        if depth == 1 && name == "bom" {
            let mut attributes = tag.attributes().flatten();
            let version = attributes.find_map(|attribute| {
                let value = String::from_utf8_lossy(attribute.value.as_ref().as_bytes()).into_owned();
                attribute
                    .key
                    .as_ref()
                    .starts_with("xmlns")
                    .then(|| value.strip_prefix(NAMESPACE).map(str::to_owned))?
            });
            self.is_bom = version.is_some();
            self.bom.spec_version = version.unwrap_or_default().chars().take(10).collect();
            self.bom.serial_number = xml::attribute(tag, "serialNumber")?;
            self.bom.version = xml::attribute(tag, "version")?;
        }
        self.path.push(name);
        self.text.clear();
        if is_part(&self.path) {
            self.parts.push((Part { reference: xml::attribute(tag, "bom-ref")?, ..Part::default() }, depth));
        }
        if ends(&self.path, &["bom", "vulnerabilities", "vulnerability"]) && depth == 3 {
            self.vulnerability = Some(Vulnerability::default());
        }
        if let Some(vulnerability) = &mut self.vulnerability {
            begun(vulnerability, self.path.get(3..).unwrap_or_default());
        }
        Ok(())
    }

    fn close(&mut self, depth: usize) -> Result<(), Reason> {
        let text = self.text.trim().to_owned();
        self.text.clear();
        if let Some((part, at)) = self.parts.last_mut()
            && depth == *at + 1
            && let Some(name) = self.path.last()
        {
            field(part, name, text);
        } else if let Some(vulnerability) = &mut self.vulnerability {
            said(vulnerability, self.path.get(3..).unwrap_or_default(), text);
        } else if let Some((bom, [metadata, rest @ ..])) = self.path.split_first()
            && (bom.as_str(), metadata.as_str()) == ("bom", "metadata")
        {
            about(self.bom.metadata.get_or_insert_with(Metadata::default), rest, text);
        }
        if let Some((part, _)) = self.parts.pop_if(|(_, at)| *at == depth) {
            if let Some((outer, _)) = self.parts.last_mut() {
                outer.components.push(part);
            } else if self.path.get(1).is_some_and(|name| name == "metadata") {
                self.bom.metadata.get_or_insert_with(Metadata::default).component = Some(part);
            } else {
                self.bom.components.push(part);
            }
        }
        if depth == 3 {
            self.bom.vulnerabilities.extend(self.vulnerability.take());
        }
        self.path.pop();
        Ok(())
    }

    fn prose(&mut self, text: &str) -> Result<(), Reason> {
        self.text.push_str(text);
        if self.text.len() > STRING_BYTES {
            return Err(Reason::LongString { bytes: self.text.len(), limit: STRING_BYTES });
        }
        Ok(())
    }
}

fn ends(path: &[String], wanted: &[&str]) -> bool {
    path.len() == wanted.len() && path.iter().zip(wanted).all(|(name, wanted)| name == wanted)
}

/// What stands in the metadata besides the part that the bill is of.
fn about(metadata: &mut Metadata, path: &[String], text: String) {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let named =
        |text: String| Named { name: Some(text).filter(|text| (1..=NAME_BYTES).contains(&text.len())) };
    match path.as_slice() {
        ["timestamp"] => metadata.timestamp = parse_time(&text),
        ["supplier", "name"] => metadata.supplier = Some(named(text)),
        ["manufacturer", "name"] => metadata.manufacturer = Some(named(text)),
        ["authors", "author", "name"] => metadata.authors.push(named(text)),
        _ => {}
    }
}

fn field(part: &mut Part, name: &str, text: String) {
    match name {
        "group" => part.group = Some(text),
        "name" => part.name = text,
        "version" => part.version = Some(text),
        "purl" => part.purl = Some(text),
        "cpe" => part.cpe = Some(text),
        _ => {}
    }
}

/// What stands in a vulnerability, by its path there.
fn said(vulnerability: &mut Vulnerability, path: &[String], text: String) {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let analysis = |vulnerability: &mut Vulnerability, set: &dyn Fn(&mut Analysis)| {
        set(vulnerability.analysis.get_or_insert_with(Analysis::default));
    };
    match path.as_slice() {
        ["id"] => vulnerability.id = Some(text),
        ["updated"] => vulnerability.updated = parse_time(&text),
        ["references", "reference", "id"] => vulnerability.references.push(Alias { id: Some(text) }),
        ["analysis", "state"] => analysis(vulnerability, &|said| said.state = status_of(&text)),
        ["analysis", "justification"] => {
            analysis(vulnerability, &|said| said.justification = Some(text.clone()));
        }
        ["analysis", "detail"] => analysis(vulnerability, &|said| said.detail = Some(text.clone())),
        ["analysis", "firstIssued"] => {
            analysis(vulnerability, &|said| said.first_issued = parse_time(&text));
        }
        ["analysis", "lastUpdated"] => {
            analysis(vulnerability, &|said| said.last_updated = parse_time(&text));
        }
        ["affects", "target", rest @ ..] => {
            if let Some(target) = vulnerability.affects.last_mut() {
                affected(target, rest, text);
            }
        }
        _ => {}
    }
}

/// Of what a vulnerability affects each target and each of its versions has a tag of its own.
fn begun(vulnerability: &mut Vulnerability, path: &[String]) {
    if ends(path, &["affects", "target"]) {
        vulnerability.affects.push(Affects::default());
    }
    if ends(path, &["affects", "target", "versions", "version"])
        && let Some(target) = vulnerability.affects.last_mut()
    {
        target.versions.push(Versions::default());
    }
}

fn affected(target: &mut Affects, path: &[&str], text: String) {
    match (path, target.versions.last_mut()) {
        (["ref"], _) => target.reference = Some(text),
        (["versions", "version", "version"], Some(versions)) => versions.version = Some(text),
        (["versions", "version", "range"], Some(versions)) => versions.range = Some(text),
        (["versions", "version", "status"], Some(versions)) => versions.status = Some(text),
        _ => {}
    }
}
