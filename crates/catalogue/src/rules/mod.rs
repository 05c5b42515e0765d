//! What the catalogue makes of a record: its key, headline, severity, names. Pure.

mod affected;
mod apart;
mod centre;
mod commits;
mod diff;
mod ids;
mod nvd;
mod package;
mod query;
mod readable;
mod remedies;
mod repositories;
mod shape;
mod statement;
mod stretch;
mod words;

pub use affected::{LINES_MAX, OfFlaws, Product, Told, by_flaws, products, tell, verdict};
pub(crate) use affected::{answer_for_product, concerns, stance_on_product};
pub(crate) use apart::{Question, apart, fixed_of, flaws, several, severity_of, title_of};
pub(crate) use centre::record_of_advisory;
pub(crate) use commits::{commits, in_history};
pub use diff::{Difference, Event};
pub(crate) use diff::{differences, event, reasons};
pub(crate) use ids::{ID_BYTES, wrong_id};
pub(crate) use nvd::{as_compared, filed_under};
pub use nvd::{bounds, criteria, criterion_id, is_metric, source_of, time as nvd_time, uuid_of};
pub(crate) use nvd::{nvd_own, nvd_shape};
pub use package::Package;
pub(crate) use package::is_other_release;
pub use query::{
    Asked, Bounds, Dated, Described, FIELDS, Field, Place, QUERY_CHARS, Query, Subject, TERMS_MAX, Test,
    Text, Wrong,
};
pub(crate) use query::{billionths, distance as query_distance, of_billionths, parse as parse_query};
pub use readable::{Line, remedy_word};
pub(crate) use remedies::remedies_for;
pub(crate) use repositories::{has_tags, repositories, tag_key};
pub use shape::osv_shape;
pub use statement::Answer;
pub(crate) use statement::{Stance, Statement, configurations, named_products, packages, statement};
pub use stretch::{Stretch, stretches};
pub(crate) use words::{Words, words};
pub use words::{name_key, of_cpe};

use formats::record::{self, Record};
use jiff::Timestamp;

/// Where a record came from. The order is that in which one of several records of the same id is
/// chosen to speak first: the centre for itself, then who says most about versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Published by this centre.
    Centre,
    /// Open Source Vulnerability format.
    Osv,
    /// GitHub's advisories, from its API.
    Ghsa,
    /// CVE JSON 5.
    Cve,
    /// Common Security Advisory Framework.
    Csaf,
    /// NVD.
    Nvd,
    /// OpenVEX.
    Vex,
    /// A catalogue of known exploited vulnerabilities.
    Kev,
}

impl Source {
    /// All of them, in their order.
    pub const ALL: [Self; 8] =
        [Self::Centre, Self::Osv, Self::Ghsa, Self::Cve, Self::Csaf, Self::Nvd, Self::Vex, Self::Kev];

    /// The word in addresses and for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Centre => "centre",
            Self::Osv => "osv",
            Self::Ghsa => "ghsa",
            Self::Cve => "cve",
            Self::Csaf => "csaf",
            Self::Nvd => "nvd",
            Self::Vex => "vex",
            Self::Kev => "kev",
        }
    }

    /// The word on a page.
    pub fn label(self) -> &'static str {
        match self {
            Self::Centre => "this centre",
            Self::Osv => "OSV",
            Self::Ghsa => "GitHub",
            Self::Cve => "CVE",
            Self::Csaf => "CSAF",
            Self::Nvd => "NVD",
            Self::Vex => "OpenVEX",
            Self::Kev => "known exploited (KEV)",
        }
    }

    /// The number under which it is stored.
    pub(super) fn number(self) -> i64 {
        self as i64
    }

    /// The source of a stored number.
    pub fn of_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.number() == number)
    }

    /// The source of an address's word.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.name() == name)
    }
}

impl From<record::Source> for Source {
    fn from(source: record::Source) -> Self {
        match source {
            record::Source::Cve => Self::Cve,
            record::Source::Osv => Self::Osv,
            record::Source::Csaf => Self::Csaf,
            record::Source::Kev => Self::Kev,
            record::Source::Nvd => Self::Nvd,
            record::Source::Ghsa => Self::Ghsa,
            record::Source::Vex => Self::Vex,
        }
    }
}

/// The text by which an id is looked up: letter case does not count, nor do blanks around it.
pub fn key(id: &str) -> String {
    id.trim().to_lowercase()
}

/// The score to show, to search and to sort by, in tenths of a point: the highest of the newest CVSS that anyone used.
/// It counts as its source states it, even where its vector comes to another: either of them may be mistyped, no
/// standard says which one is right (CSAF 2.0, 6.1.9 refuses both), and whoever looks the record up at its source or
/// at NVD finds the stated one. The page says beside it what the vector comes to.
pub(super) fn severity_tenths<'r>(severities: impl IntoIterator<Item = &'r record::Severity>) -> Option<i64> {
    let rank = |version: &str| match version {
        "4.0" => 4,
        "3.1" | "3.0" => 3,
        "2.0" => 2,
        _ => 0,
    };
    let graded = severities.into_iter().filter_map(|severity| {
        let score = severity.score.filter(|score| (0.0..=10.0).contains(score))?;
        Some((rank(&severity.version), (score * 10.0).round() as i64))
    });
    graded.filter(|(rank, _)| *rank > 0).max().map(|(_, tenths)| tenths)
}

/// Letters of a headline that is made from a longer text.
const HEADLINE_CHARS: usize = 160;

/// One line that says what the record is about.
pub(super) fn headline(record: &Record) -> String {
    let line = |text| one_line(text, HEADLINE_CHARS);
    let given = record.title.as_deref().map(line).filter(|title| !title.is_empty());
    let made = || {
        let texts = [record.summary.as_deref(), record.details.as_deref()];
        let mut lines = texts.into_iter().flatten().map(line);
        lines.find(|line| !line.is_empty()).unwrap_or_else(|| record.id.clone())
    };
    clip(&given.unwrap_or_else(made), HEADLINE_CHARS)
}

/// A text from its first letter on that anybody can see: sources have marks of byte order and of direction in front.
pub fn from_seen(text: &str) -> &str {
    text.trim_start_matches(|letter: char| letter.is_whitespace() || ids::is_unseen(letter))
}

/// The text without breaks, as far as it takes to see that it has more than so many letters: texts can be long.
fn one_line(text: &str, chars: usize) -> String {
    let mut line = String::with_capacity(text.len().min(chars));
    let mut letters = 0;
    for word in text.split_whitespace().map(|word| word.trim_start_matches('#')) {
        // No letter that is not seen comes before the first that is.
        let is_mark = |letter: char| line.is_empty() && (letter == '#' || ids::is_unseen(letter));
        let word = word.trim_start_matches(is_mark);
        if !line.is_empty() && !word.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        letters += word.chars().count();
        if letters > chars {
            break;
        }
    }
    line
}

/// At most so many letters, with a sign where something was left out.
pub fn clip(text: &str, chars: usize) -> String {
    // No letter has less than one byte: most texts need not be counted.
    let cut = if text.len() <= chars { None } else { text.char_indices().nth(chars) };
    match cut {
        None => text.to_owned(),
        Some((at, _)) => {
            let kept = &text[..at];
            // Not in the middle of a word, unless it is one long word.
            let words =
                kept.rfind(char::is_whitespace).filter(|end| *end > at / 2).map_or(kept, |end| &kept[..end]);
            format!("{}…", words.trim_end())
        }
    }
}

/// How another name stands to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relation {
    /// Its own id.
    Own,
    /// Another name of the very same vulnerability.
    Alias,
    /// Something that it speaks of, packages, or has to do with.
    Related,
}

/// Names kept of one record: the rest of a longer list is left in the document.
const NAMES_MAX: usize = 1_000;

/// Every name under which a record is found, each once, with how it stands to the record.
pub(super) fn names(record: &Record) -> Vec<(String, Relation)> {
    let own = std::iter::once((record.id.as_str(), Relation::Own));
    let aliases = record.other_names().map(|name| (name, Relation::Alias));
    let related = record.upstream.iter().chain(&record.related).map(String::as_str);
    let related = record.named_apart().chain(related).map(|name| (name, Relation::Related));
    let mut seen = std::collections::HashSet::new();
    own.chain(aliases)
        .chain(related)
        .filter(|(name, _)| wrong_id(name).is_none())
        .map(|(name, relation)| (key(name), relation))
        .filter(|(name, _)| seen.insert(name.clone()))
        .take(NAMES_MAX)
        .collect()
}

/// Why a record does not stand, if it does not.
pub(super) fn reason_of(record: &Record) -> Option<String> {
    let given = record.withdrawn_because.as_deref().map(|text| one_line(text, REASON_CHARS));
    let given = given.filter(|text| !text.is_empty());
    let made = match record.state {
        record::State::Published => return None,
        record::State::Rejected => "rejected by who assigned it",
        record::State::Withdrawn => "withdrawn by its source",
    };
    Some(clip(&given.unwrap_or_else(|| made.to_owned()), REASON_CHARS))
}

/// Letters of a reason that lists show; the record has all of it.
const REASON_CHARS: usize = 300;

/// A CVE record that its source deleted, in CVE's own words for that: rejected, with the reason.
pub(super) fn buried_cve(document: &str, reason: &str, at: Option<Timestamp>) -> Option<String> {
    let mut record: serde_json::Value = serde_json::from_str(document).ok()?;
    record["cveMetadata"]["state"] = "REJECTED".into();
    record["cveMetadata"]["dateRejected"] = at.map(|at| at.to_string()).into();
    record["containers"]["cna"]["rejectedReasons"] = serde_json::json!([{ "lang": "en", "value": reason }]);
    Some(record.to_string())
}

/// The answer for a record that its source deleted: withdrawn, with the reason, so that programs that
/// have it learn of it.
pub(super) fn tombstone(osv: &[u8], reason: &str, at: Timestamp) -> Vec<u8> {
    // It was read as JSON when it came in.
    let mut answer: serde_json::Value = serde_json::from_slice(osv).unwrap_or_default();
    if let Some(members) = answer.as_object_mut() {
        members.insert("withdrawn".to_owned(), at.to_string().into());
        members.insert("modified".to_owned(), at.to_string().into());
        let specific = members.entry("database_specific").or_insert_with(|| serde_json::json!({}));
        if let Some(specific) = specific.as_object_mut() {
            specific.insert("tombstone".to_owned(), reason.into());
        }
    }
    serde_json::to_vec(&answer).unwrap_or_default()
}

/// What a newer document says about a field that an older one said differently.
pub(super) fn changed_fields(old: &Record, new: &Record) -> Vec<&'static str> {
    let text = |record: &Record| {
        let translations = record.translations.clone();
        (record.title.clone(), record.summary.clone(), record.details.clone(), translations)
    };
    let dates = |record: &Record| (record.published, record.modified, record.known_since);
    let fields = [
        ("text", text(old) != text(new) || old.flaws != new.flaws),
        ("remedies", old.remedies != new.remedies),
        ("aliases", old.aliases != new.aliases || old.upstream != new.upstream || old.related != new.related),
        ("severity", old.severities != new.severities),
        ("weaknesses", old.weaknesses != new.weaknesses || old.impacts != new.impacts),
        ("affected versions", old.affected != new.affected || old.configurations != new.configurations),
        ("references", old.references != new.references),
        ("credits", old.credits != new.credits),
        ("tags", old.tags != new.tags),
        ("exploitation", old.exploited != new.exploited || old.decisions != new.decisions),
        ("state", old.state != new.state || old.withdrawn != new.withdrawn),
        ("dates", dates(old) != dates(new)),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

/// Whether a document replaces the one that is kept: not if it is older by its own date.
pub(super) fn replaces(kept: Option<Timestamp>, new: Option<Timestamp>) -> bool {
    match (kept, new) {
        (Some(kept), Some(new)) => new >= kept,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn severity(version: &str, score: Option<f64>) -> record::Severity {
        record::Severity { version: version.into(), score, ..Default::default() }
    }

    #[test]
    fn the_newest_cvss_counts_and_of_it_the_highest() {
        let all = [severity("3.1", Some(9.8)), severity("4.0", Some(7.1)), severity("4.0", Some(8.7))];
        assert_eq!(severity_tenths(&all), Some(87));
        assert_eq!(severity_tenths(&[severity("3.1", Some(6.1)), severity("2.0", Some(10.0))]), Some(61));
        assert_eq!(severity_tenths(&[severity("low", Some(1.0)), severity("3.1", None)]), None);
        assert_eq!(severity_tenths(&[severity("3.1", Some(f64::NAN)), severity("3.1", Some(42.0))]), None);
    }

    #[test]
    fn a_headline_is_one_line_whatever_there_is() {
        let mut record = Record { id: "X-1".into(), ..Record::default() };
        assert_eq!(headline(&record), "X-1");
        record.details = Some("# Impact\n\nA flaw\nin it".into());
        assert_eq!(headline(&record), "Impact A flaw in it");
        record.title = Some("ä".repeat(200));
        assert_eq!(headline(&record).chars().count(), 161);
    }

    /// Unicode, `Default_Ignorable_Code_Point` and the controls of Standard Annex 9: they move what follows or hide it.
    #[test]
    fn a_headline_begins_with_a_letter_that_anybody_can_see() {
        for unseen in
            ["\u{feff}", "# \u{202e}#\u{feff}", "\u{200b}\u{200e} ", " \u{202e}", "\u{2066}\u{ad}", "\u{7}"]
        {
            let title = format!("{unseen}A \u{200b}flaw");
            let record = Record { title: Some(title.clone()), ..Record::default() };
            assert_eq!(headline(&record), "A \u{200b}flaw", "{title:?}");
            let untitled = Record { title: Some(unseen.into()), details: Some(title), ..Record::default() };
            assert_eq!(headline(&untitled), "A \u{200b}flaw");
        }
    }

    #[test]
    fn names_are_kept_once_and_the_closest_relation_counts() {
        let record = Record {
            id: "GHSA-Aaaa-1".into(),
            aliases: vec!["CVE-2024-1".into(), "ghsa-aaaa-1".into(), " ".into()],
            upstream: vec!["cve-2024-1".into(), "CVE-2024-2".into()],
            ..Record::default()
        };
        let found = names(&record);
        let expected = [
            ("ghsa-aaaa-1".to_owned(), Relation::Own),
            ("cve-2024-1".to_owned(), Relation::Alias),
            ("cve-2024-2".to_owned(), Relation::Related),
        ];
        assert_eq!(found, expected);
    }

    /// CVE numbering authority rules, 4.2: a CVE id is one vulnerability, so none is another name of another.
    #[test]
    fn of_several_cve_ids_none_is_another_name() {
        let relations = |id: &str, aliases: &[&str]| {
            let aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
            let record = Record { id: id.into(), aliases, ..Record::default() };
            names(&record).into_iter().map(|(_, relation)| relation).collect::<Vec<_>>()
        };
        use Relation::{Alias, Own, Related};
        assert_eq!(
            relations("EVIL-1", &["CVE-2024-1", "GHSA-x", "cve-2024-2"]),
            [Own, Alias, Related, Related]
        );
        assert_eq!(relations("CVE-2024-1", &["CVE-2024-2", "GHSA-x"]), [Own, Alias, Related]);
        assert_eq!(relations("GHSA-x", &["CVE-2024-1", "cve-2024-1"]), [Own, Alias]);
        assert_eq!(relations("CVE-2024-1", &["CVE-2024-1", "GHSA-x"]), [Own, Alias]);
    }

    #[test]
    fn an_older_document_does_not_replace_a_newer_one() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let (old, new) = (at("2024-01-01T00:00:00Z"), at("2024-06-01T00:00:00Z"));
        assert!(replaces(old, new) && replaces(new, new) && replaces(None, old) && replaces(old, None));
        assert!(!replaces(new, old));
    }

    #[test]
    fn stored_numbers_come_back() {
        for source in Source::ALL {
            assert_eq!(Source::of_number(source.number()), Some(source));
            assert_eq!(Source::of_name(source.name()), Some(source));
        }
        assert_eq!(Source::of_number(9), None);
    }
}
