//! Reading an advisory from its form. What is missing for a format is not refused here: a draft may
//! be unfinished, and the editor lists what it lacks.

use super::rows::{self, column, some};
use super::words::{self, CREDITS, LINKS};
use crate::refusal::Refusal;
use crate::web::Fields;
use formats::Advisory;
use formats::advisory::{Acknowledgement, Exploitation, Link, Publisher, Tlp, Vector, Weakness};
use jiff::Timestamp;

/// What the editor sent.
pub(in crate::advisories) struct Sent {
    /// The draft that was edited.
    pub(in crate::advisories) base: u32,
    /// What was written; its frame (id, publisher, history) is put around it later.
    pub(in crate::advisories) content: Advisory,
    /// What this revision changes, in words for the public.
    pub(in crate::advisories) change: String,
}

/// Characters of a text, at most: more than the formats take, so that a long draft can be kept and
/// shortened.
const TEXT_MAX: usize = 50_000;

pub(in crate::advisories) fn read(fields: &Fields) -> Result<Sent, Refusal> {
    let base = fields.text("base").parse();
    let base = base.map_err(|_| Refusal::invalid("base", "The number of the draft that was edited."))?;
    let evidence = fields.limited("exploited", TEXT_MAX)?;
    let since = fields.instant("exploited_since")?.map(|instant| instant.at);
    if evidence.is_empty() && since.is_some() {
        return Err(Refusal::invalid(
            "exploited",
            "Say what is known about the attacks, fit for publication.",
        ));
    }
    let content = Advisory {
        id: String::new(),
        cves: names(&fields.limited("cves", 2_000)?),
        aliases: lines(&fields.limited("aliases", 2_000)?),
        title: fields.limited("title", TEXT_MAX)?,
        summary: fields.limited("summary", TEXT_MAX)?,
        description: fields.limited("description", TEXT_MAX)?,
        impact: some(&fields.limited("impact", TEXT_MAX)?),
        products: rows::read(fields)?,
        severities: lines(&fields.limited("vectors", 2_000)?)
            .into_iter()
            .map(|vector| Vector { vector })
            .collect(),
        ssvc: some(&fields.limited("ssvc", 2_000)?),
        weaknesses: lines(&fields.limited("weaknesses", 10_000)?).iter().map(|line| weakness(line)).collect(),
        references: links(fields)?,
        acknowledgements: thanks(fields)?,
        exploited: some(&evidence).map(|evidence| Exploitation { evidence, first_seen: since }),
        tlp: Tlp::Clear,
        revisions: Vec::new(),
        initial_release: Timestamp::UNIX_EPOCH,
        current_release: Timestamp::UNIX_EPOCH,
        publisher: Publisher {
            name: String::new(),
            namespace: String::new(),
            contact: None,
            cve_organisation: None,
        },
        language: match fields.limited("language", 20)? {
            none if none.is_empty() => "en".to_owned(),
            language => language,
        },
    };
    Ok(Sent { base, content, change: fields.limited("change", 2_000)? })
}

/// CVE ids between spaces, commas or line breaks, in any letter case.
fn names(text: &str) -> Vec<String> {
    let names = text.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
    names.filter(|name| !name.is_empty()).map(str::to_uppercase).collect()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// `CWE-79`, and its name unless it is known here.
fn weakness(line: &str) -> Weakness {
    let (id, name) = line.split_once([' ', ':']).unwrap_or((line, ""));
    let (id, name) = (id.to_uppercase(), name.trim_start_matches([' ', ':']).trim());
    let name = if name.is_empty() { words::weakness_name(&id).unwrap_or_default() } else { name };
    Weakness { name: name.to_owned(), id }
}

fn links(fields: &Fields) -> Result<Vec<Link>, Refusal> {
    let (kinds, summaries) = (column(fields, "link_kind")?, column(fields, "link_summary")?);
    let mut links = Vec::new();
    for (at, url) in column(fields, "link_url")?.into_iter().enumerate().filter(|(_, url)| !url.is_empty()) {
        let kind = kinds.get(at).and_then(|kind| words::value(LINKS, kind));
        let kind = kind.ok_or_else(|| Refusal::invalid("link_kind", "Choose what lies there."))?;
        links.push(Link { kind, url, summary: summaries.get(at).and_then(|summary| some(summary)) });
    }
    Ok(links)
}

fn thanks(fields: &Fields) -> Result<Vec<Acknowledgement>, Refusal> {
    let kinds = column(fields, "thanks_kind")?;
    let (names, organisations) = (column(fields, "thanks_name")?, column(fields, "thanks_organisation")?);
    let mut thanks = Vec::new();
    for at in 0..names.len().max(organisations.len()) {
        let cell = |column: &[String]| column.get(at).and_then(|cell| some(cell));
        let (name, organisation) = (cell(&names), cell(&organisations));
        if name.is_none() && organisation.is_none() {
            continue;
        }
        let kind = kinds.get(at).and_then(|kind| words::value(CREDITS, kind));
        let kind =
            kind.ok_or_else(|| Refusal::invalid("thanks_kind", "Choose what they are thanked for."))?;
        thanks.push(Acknowledgement { name, organisation, kind });
    }
    Ok(thanks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_weaknesses_are_read_as_people_write_them() {
        assert_eq!(names(" cve-2026-0001,CVE-2026-0002\n"), ["CVE-2026-0001", "CVE-2026-0002"]);
        let name = "Improper Neutralization of Input During Web Page Generation ('Cross-site Scripting')";
        for line in ["cwe-79", &format!("CWE-79: {name}"), &format!("CWE-79 {name}")] {
            assert_eq!(weakness(line), Weakness { id: "CWE-79".into(), name: name.into() }, "{line}");
        }
    }
}
