//! MITRE's lists of weaknesses (CWE) and attack patterns (CAPEC), in XML.
//!
//! Authority: the schemas `cwe_schema_v7.xsd` and `ap_schema_v3.xsd`. Entries name each other; nothing in
//! them is a vulnerability, so they are no records.

use crate::door;
use crate::lenient::parse_time;
use crate::limits::{STRING_BYTES, XML_BYTES};
use crate::read::{ReadError, Reason};
use crate::xml::{self, Visitor};
use jiff::Timestamp;
use quick_xml::events::BytesStart;

/// A list as it was published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// Its version.
    pub version: String,
    /// The day of its publication.
    pub at: Option<Timestamp>,
    /// In the order of the list.
    pub entries: Vec<Entry>,
}

/// A weakness, a group of them, or an attack pattern.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Entry {
    /// `CWE-79`, `CAPEC-63`.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// `Weakness`, `Category`, `View` or `Attack_Pattern`.
    pub what: String,
    /// `Pillar`, `Class`, `Base`, `Variant`, `Compound`; `Meta`, `Standard`, `Detailed`.
    pub abstraction: Option<String>,
    /// `Stable`, `Draft`, `Deprecated`, ….
    pub status: Option<String>,
    /// What it is, in prose.
    pub text: String,
    /// Other entries, by how they stand to this one.
    pub related: Vec<Relation>,
}

/// How another entry stands to this one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Relation {
    /// `ChildOf`, `CanPrecede`, …; `Weakness` and `AttackPattern` from one list to the other.
    pub nature: String,
    /// `CWE-79`, `CAPEC-63`.
    pub id: String,
}

/// Whether this is the beginning of such a list, and of which.
pub(crate) fn is_beginning(text: &str) -> Option<crate::Kind> {
    let head = text.get(..text.floor_char_boundary(2_000))?;
    if head.contains("<Weakness_Catalog") {
        return Some(crate::Kind::Cwe);
    }
    head.contains("<Attack_Pattern_Catalog").then_some(crate::Kind::Capec)
}

/// Reads a list.
///
/// # Errors
/// If it is not well formed, larger than [`XML_BYTES`], or nested deeper than
/// [`crate::limits::DEPTH`].
pub fn read(bytes: &[u8]) -> Result<List, ReadError> {
    let text = door::text(bytes, XML_BYTES)?;
    let mut reader = Reader::default();
    xml::walk(text, &mut reader)?;
    reader.list.ok_or_else(|| {
        ReadError::whole(Reason::Shape("neither a list of weaknesses nor of attack patterns".to_owned()))
    })
}

#[derive(Default)]
struct Reader {
    list: Option<List>,
    /// Categories and views stand in both lists and look alike.
    is_of_patterns: bool,
    /// The entry that is open, and how deep its tag lies.
    entry: Option<(Entry, usize)>,
    /// How deep the prose lies that is being read.
    prose_at: Option<usize>,
}

impl Visitor for Reader {
    fn open(&mut self, tag: &BytesStart<'_>, depth: usize) -> Result<(), Reason> {
        let name = tag.local_name();
        let name = name.as_ref();
        let attribute = |wanted: &str| xml::attribute(tag, wanted);
        match (name, &mut self.entry) {
            ("Weakness_Catalog" | "Attack_Pattern_Catalog", _) if depth == 1 => {
                self.is_of_patterns = name == "Attack_Pattern_Catalog";
                let at = attribute("Date")?.and_then(|day| parse_time(&day));
                self.list = Some(List {
                    version: attribute("Version")?.unwrap_or_default(),
                    at,
                    entries: Vec::new(),
                });
            }
            ("Weakness" | "Category" | "View" | "Attack_Pattern", None)
                if depth == 3 && self.list.is_some() =>
            {
                let prefix = if self.is_of_patterns { "CAPEC" } else { "CWE" };
                let id = attribute("ID")?
                    .filter(|id| is_number(id))
                    .ok_or_else(|| Reason::Shape(format!("<{name}> without an ID")))?;
                let entry = Entry {
                    id: format!("{prefix}-{id}"),
                    name: attribute("Name")?.unwrap_or_default(),
                    what: name.to_owned(),
                    abstraction: attribute("Abstraction")?,
                    status: attribute("Status")?,
                    ..Entry::default()
                };
                self.entry = Some((entry, depth));
            }
            ("Description" | "Summary" | "Objective", Some((entry, at)))
                if depth == *at + 1 && entry.text.is_empty() =>
            {
                self.prose_at = Some(depth);
            }
            ("Related_Weakness" | "Related_Attack_Pattern" | "Has_Member", Some((entry, _))) => {
                let nature = attribute("Nature")?;
                for (key, prefix, other) in
                    [("CWE_ID", "CWE", "Weakness"), ("CAPEC_ID", "CAPEC", "AttackPattern")]
                {
                    let Some(id) = attribute(key)?.filter(|id| is_number(id)) else { continue };
                    let relation = Relation {
                        nature: nature.clone().unwrap_or_else(|| {
                            if name == "Has_Member" { "HasMember" } else { other }.to_owned()
                        }),
                        id: format!("{prefix}-{id}"),
                    };
                    if entry.related.len() < RELATED && !entry.related.contains(&relation) {
                        entry.related.push(relation);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, depth: usize) -> Result<(), Reason> {
        if self.prose_at == Some(depth) {
            self.prose_at = None;
        }
        if let Some((entry, _)) = self.entry.take_if(|(_, at)| *at == depth)
            && let Some(list) = &mut self.list
        {
            list.entries.push(Entry { text: words(&entry.text), ..entry });
        }
        Ok(())
    }

    fn prose(&mut self, text: &str) -> Result<(), Reason> {
        if let (Some(_), Some((entry, _))) = (self.prose_at, &mut self.entry) {
            entry.text.push_str(text);
            if entry.text.len() > STRING_BYTES {
                return Err(Reason::LongString { bytes: entry.text.len(), limit: STRING_BYTES });
            }
        }
        Ok(())
    }
}

/// Relations kept of one entry; the largest view has about a thousand members.
const RELATED: usize = 2_000;

fn is_number(id: &str) -> bool {
    (1..=6).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}

/// The text without the line breaks and indents of the XML.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CWE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment -->
<Weakness_Catalog Name="CWE" Version="4.99" Date="2026-07-01" xmlns="http://cwe.mitre.org/cwe-7">
  <Weaknesses>
    <Weakness ID="9001" Name="Sunlight &amp; Mirrors" Abstraction="Base" Structure="Simple" Status="Draft">
      <Description>The product turns   a mirror
        to <xhtml:b>anyone</xhtml:b> who asks &#x263a;&lt;.</Description>
      <Extended_Description>More.</Extended_Description>
      <Related_Weaknesses><Related_Weakness Nature="ChildOf" CWE_ID="9000" View_ID="1000"/></Related_Weaknesses>
      <Potential_Mitigations><Mitigation><Description>Cover it.</Description></Mitigation></Potential_Mitigations>
      <Related_Attack_Patterns><Related_Attack_Pattern CAPEC_ID="801"/></Related_Attack_Patterns>
    </Weakness>
  </Weaknesses>
  <Categories><Category ID="9100" Name="Optics" Status="Stable"><Summary>Light.</Summary>
    <Relationships><Has_Member CWE_ID="9001" View_ID="1"/></Relationships></Category></Categories>
</Weakness_Catalog>"#;

    #[test]
    fn weaknesses_are_read_with_what_they_are_related_to() {
        let list = read(CWE.as_bytes()).unwrap();
        assert_eq!(
            (list.version.as_str(), list.at.unwrap().to_string().as_str()),
            ("4.99", "2026-07-01T00:00:00Z")
        );
        let [weakness, category] = list.entries.as_slice() else { panic!("{list:?}") };
        assert_eq!((weakness.id.as_str(), weakness.name.as_str()), ("CWE-9001", "Sunlight & Mirrors"));
        assert_eq!(weakness.text, "The product turns a mirror to anyone who asks \u{263a}<.");
        let related: Vec<String> =
            weakness.related.iter().map(|one| format!("{} {}", one.nature, one.id)).collect();
        assert_eq!(related, ["ChildOf CWE-9000", "AttackPattern CAPEC-801"]);
        assert_eq!((category.what.as_str(), category.related[0].nature.as_str()), ("Category", "HasMember"));
    }

    #[test]
    fn attack_patterns_are_read_alike() {
        let text = r#"<Attack_Pattern_Catalog Version="3.9" Date="2026-01-01"><Attack_Patterns>
            <Attack_Pattern ID="801" Name="Dazzle" Abstraction="Meta" Status="Draft"><Description>Light.</Description>
            <Related_Weaknesses><Related_Weakness CWE_ID="9001"/></Related_Weaknesses></Attack_Pattern></Attack_Patterns>
            <Categories><Category ID="5" Name="All" Status="Draft"><Summary>S</Summary></Category></Categories></Attack_Pattern_Catalog>"#;
        let list = read(text.as_bytes()).unwrap();
        assert_eq!(list.entries[0].id, "CAPEC-801");
        assert_eq!(
            (list.entries[0].related[0].nature.as_str(), list.entries[0].related[0].id.as_str()),
            ("Weakness", "CWE-9001")
        );
        assert_eq!(list.entries[1].id, "CAPEC-5");
    }

    #[test]
    fn what_is_broken_or_a_bomb_is_refused_with_its_place() {
        let refusal = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        assert!(refusal(&CWE[..700]).contains("line"), "{}", refusal(&CWE[..700]));
        assert_eq!(refusal("<a/>"), "document: neither a list of weaknesses nor of attack patterns");
        assert!(refusal(&"<a>".repeat(100)).ends_with("nested deeper than 64 levels"));
        assert!(refusal("<a></b>").contains("line 1"));
        let no_id = "<Weakness_Catalog><Weaknesses><Weakness Name=\"x\"/></Weaknesses></Weakness_Catalog>";
        assert!(refusal(no_id).ends_with("<Weakness> without an ID"));
        // Entities of a document's own are not written out, so they cannot grow; nor do they vanish.
        let bomb = |name: &str, text: &str| {
            format!(
                r#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><Weakness_Catalog><Weaknesses>
<Weakness ID="1" Name="{name}"><Description>{text}</Description></Weakness></Weaknesses></Weakness_Catalog>"#
            )
        };
        let in_prose = refusal(&bomb("x", "&b;&b;"));
        assert_eq!(in_prose, "document (line 2 column 40): the entity &b; is none of XML's own");
        let in_name = refusal(&bomb("&a;&b;", "x"));
        assert!(
            in_name.starts_with("document (line 2 column 1): <Weakness>: the attribute Name: "),
            "{in_name}"
        );
        assert_eq!(read(bomb("&amp;&#65;", "&lt;").as_bytes()).unwrap().entries[0].name, "&A");
        assert!(read(&vec![b' '; XML_BYTES + 1]).is_err());
    }
}
