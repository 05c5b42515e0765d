//! What differs between two versions of a record, for people and for programs.

use super::readable::lines;
use super::statement::label;
use super::{clip, headline};
use formats::record::{Record, State};

/// One thing that is different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is about.
    pub what: &'static str,
    /// How it was; nothing, where it was not there.
    pub old: Option<String>,
    /// How it is; nothing, where it is gone.
    pub new: Option<String>,
}

impl Difference {
    /// What happened to it, in the words of NVD.
    pub fn action(&self) -> &'static str {
        match (&self.old, &self.new) {
            (None, _) => "Added",
            (_, None) => "Removed",
            _ => "Changed",
        }
    }
}

/// Differences that are told of one change; a record of thousands of rows may be written anew.
const TOLD_MAX: usize = 500;
/// Letters of a text in a difference.
const TEXT_CHARS: usize = 20_000;

/// What differs, in the order of a record's page.
pub(crate) fn differences(old: &Record, new: &Record) -> Vec<Difference> {
    let mut all: Vec<Difference> = Vec::new();
    let mut one = |what, old: Option<String>, new: Option<String>| {
        if old != new && all.len() < TOLD_MAX {
            let cut = |text: Option<String>| text.map(|text| clip(&text, TEXT_CHARS));
            all.push(Difference { what, old: cut(old), new: cut(new) });
        }
    };
    one("State", Some(state(old)), Some(state(new)));
    one("Title", Some(headline(old)), Some(headline(new)));
    one("Summary", old.summary.clone(), new.summary.clone());
    one("Description", old.details.clone(), new.details.clone());
    let time = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string());
    one("Published", time(old.published), time(new.published));
    one("Reason", old.withdrawn_because.clone(), new.withdrawn_because.clone());
    one("Withdrawn", time(old.withdrawn), time(new.withdrawn));
    for (what, of) in LISTS {
        let (before, after) = (of(old), of(new));
        for gone in before.iter().filter(|text| !after.contains(text)) {
            one(what, Some(gone.clone()), None);
        }
        for added in after.iter().filter(|text| !before.contains(text)) {
            one(what, None, Some(added.clone()));
        }
    }
    all
}

type List = (&'static str, fn(&Record) -> Vec<String>);

/// Lists of which single entries come and go.
const LISTS: [List; 10] = [
    ("Tag", |record| record.tags.clone()),
    ("Other name", |record| record.aliases.clone()),
    ("Related", |record| record.upstream.iter().chain(&record.related).cloned().collect()),
    ("CVSS", |record| {
        let scores = record.severities.iter();
        scores
            .map(|score| format!("{} {}", score.source.as_deref().unwrap_or_default(), score.vector))
            .collect()
    }),
    ("CWE", |record| [record.weaknesses.as_slice(), &record.weakness_marks].concat()),
    ("Affected", |record| {
        let row = |row| -> Vec<String> {
            let label = label(row);
            lines(row)
                .into_iter()
                .map(|line| format!("{label}: {} {}", status(line.status), line.text))
                .collect()
        };
        record.affected.iter().flat_map(row).collect()
    }),
    ("CPE", |record| {
        let nodes = record.configurations.iter().flat_map(|configuration| &configuration.nodes);
        let configured = nodes.flat_map(|node| &node.criteria).map(|criterion| criterion.name.clone());
        record.affected.iter().flat_map(|row| row.cpes.clone()).chain(configured).collect()
    }),
    ("Reference", |record| record.references.iter().map(|link| link.url.clone()).collect()),
    ("Credit", |record| record.credits.iter().map(|credit| credit.name.clone()).collect()),
    ("Exploitation", |record| {
        let listed = record.exploited.iter().map(|listed| {
            let day = listed.date_added.map_or(String::new(), |day| format!(" since {day}"));
            format!("known to be exploited{day}. {}", listed.required_action.as_deref().unwrap_or_default())
        });
        let decided = record.decisions.iter().map(|decision| {
            decision
                .options
                .iter()
                .map(|(point, value)| format!("{point}: {value}"))
                .collect::<Vec<_>>()
                .join(", ")
        });
        listed.chain(decided).collect()
    }),
];

fn state(record: &Record) -> String {
    match record.state {
        State::Published => "stands",
        State::Rejected => "rejected",
        State::Withdrawn => "withdrawn",
    }
    .to_owned()
}

fn status(status: formats::record::Status) -> &'static str {
    use formats::record::Status;
    match status {
        Status::Affected => "affected",
        Status::NotAffected => "not affected",
        Status::Fixed => "fixed",
        Status::UnderInvestigation => "being looked into",
        Status::Unknown => "not known",
    }
}

/// Why a record was changed, where it says so itself: the entries of its story that are new.
pub(crate) fn reasons(old: &Record, new: &Record) -> Vec<String> {
    let is_new = |entry: &&formats::record::TimelineEntry| !old.timeline.contains(entry);
    new.timeline.iter().filter(is_new).map(|entry| clip(&entry.text, 500)).take(20).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use formats::record::{Affected, Reference, Status, TimelineEntry, VersionEntry};

    fn record(fixed: &str, url: &str) -> Record {
        let entry = VersionEntry {
            version: "1.0".into(),
            less_than: Some(fixed.into()),
            status: Status::Affected,
            ..VersionEntry::default()
        };
        Record {
            id: "CVE-2024-1".into(),
            title: Some("Overflow".into()),
            affected: vec![Affected {
                product: Some("Router".into()),
                version_entries: vec![entry],
                ..Affected::default()
            }],
            references: vec![Reference { url: url.into(), ..Reference::default() }],
            ..Record::default()
        }
    }

    fn shown(all: &[Difference]) -> Vec<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".into());
        all.iter()
            .map(|one| format!("{} {}: {} -> {}", one.action(), one.what, text(&one.old), text(&one.new)))
            .collect()
    }

    #[test]
    fn entries_that_come_and_go_are_told_one_by_one() {
        let (old, mut new) = (record("2.0", "https://a"), record("2.1", "https://a"));
        new.references.push(Reference { url: "https://b".into(), ..Reference::default() });
        new.title = Some("Heap overflow".into());
        assert_eq!(
            shown(&differences(&old, &new)),
            [
                "Changed Title: Overflow -> Heap overflow",
                "Removed Affected: Router: affected from 1.0 before 2.0 -> nothing",
                "Added Affected: nothing -> Router: affected from 1.0 before 2.1",
                "Added Reference: nothing -> https://b",
            ]
        );
        assert_eq!(differences(&old, &old), []);
    }

    #[test]
    fn a_rejection_is_told_and_a_flood_is_cut() {
        let (old, mut new) = (record("2.0", "https://a"), record("2.0", "https://a"));
        new.state = State::Rejected;
        new.aliases = (0..1_000).map(|number| format!("A-{number}")).collect();
        let all = differences(&old, &new);
        assert_eq!((shown(&all)[0].as_str(), all.len()), ("Changed State: stands -> rejected", TOLD_MAX));
    }

    #[test]
    fn what_the_record_says_of_its_change_is_the_reason() {
        let (old, mut new) = (record("2.0", "https://a"), record("2.0", "https://a"));
        new.timeline.push(TimelineEntry { at: None, text: "Second revision: more products".into() });
        assert_eq!(reasons(&old, &new), ["Second revision: more products"]);
    }
}
