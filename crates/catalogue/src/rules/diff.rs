//! What differs between two versions of a record, for people and for programs.

use super::readable::{lines, remedy_word};
use super::statement::label;
use super::{HEADLINE_CHARS, clip, one_line};
use formats::record::{Record, Remedy, State};
use std::collections::BTreeMap;

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
    one("Title", title(old), title(new));
    one("Summary", old.summary.clone(), new.summary.clone());
    one("Description", old.details.clone(), new.details.clone());
    let time = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string());
    one("Known to the public", time(old.known_since), time(new.known_since));
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
    for (url, before, after) in retagged(old, new) {
        let tags = |tags: Vec<&str>| (!tags.is_empty()).then(|| format!("{url}: {}", tags.join(", ")));
        one("Reference tags", tags(before), tags(after));
    }
    all
}

/// A title that the record gives; one that lists make of its text is told as the text.
fn title(record: &Record) -> Option<String> {
    let given =
        record.title.as_deref().map(|text| one_line(text, HEADLINE_CHARS)).filter(|title| !title.is_empty());
    given.map(|title| clip(&title, HEADLINE_CHARS))
}

/// Links that were there before, with the tags that they had and the ones that they have.
fn retagged<'a>(old: &'a Record, new: &'a Record) -> Vec<(&'a str, Vec<&'a str>, Vec<&'a str>)> {
    let mut before = tags(old);
    let both = tags(new).into_iter().filter_map(|(url, after)| Some((url, before.remove(url)?, after)));
    both.filter(|(_, before, after)| before != after).collect()
}

/// The tags of each link, also of one that stands there twice.
fn tags(record: &Record) -> BTreeMap<&str, Vec<&str>> {
    let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for link in &record.references {
        all.entry(&link.url).or_default().extend(link.kind.iter().map(String::as_str));
    }
    all
}

/// What happens to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It comes in.
    CameIn,
    /// Something of it changes, but not whether it stands.
    Changed,
    /// It is rejected, or withdrawn by its source.
    Rejected,
    /// It stands again.
    StandsAgain,
}

impl Event {
    /// All of them, with NVD's names.
    const NAMES: [(Self, &str); 4] = [
        (Self::CameIn, "New CVE Received"),
        (Self::Changed, "CVE Modified"),
        (Self::Rejected, "CVE Rejected"),
        (Self::StandsAgain, "CVE Unrejected"),
    ];

    /// NVD's name of it, as its answers have it.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(event, _)| *event == self).map_or("", |(_, name)| *name)
    }

    /// The event of NVD's name, in any letter case; none for those that never happen here. What answers call
    /// "New CVE Received" is asked for as "CVE Received".
    pub fn of_name(name: &str) -> Option<Self> {
        let is_it = |known: &str| known.eq_ignore_ascii_case(name);
        let found = Self::NAMES.iter().find(|(_, known)| is_it(known)).map(|(event, _)| *event);
        found.or(is_it("CVE Received").then_some(Self::CameIn))
    }
}

/// What a change does to a record.
pub(crate) fn event(old: &Record, new: &Record) -> Event {
    match (old.state == State::Published, new.state == State::Published) {
        (true, false) => Event::Rejected,
        (false, true) => Event::StandsAgain,
        _ => Event::Changed,
    }
}

type List = (&'static str, fn(&Record) -> Vec<String>);

/// Lists of which single entries come and go.
const LISTS: [List; 14] = [
    ("Translation", |record| {
        record.translations.iter().map(|said| format!("{}: {}", said.language, said.text)).collect()
    }),
    ("Tag", |record| record.tags.clone()),
    ("Other name", |record| record.aliases.clone()),
    ("Related", |record| record.upstream.iter().chain(&record.related).cloned().collect()),
    ("CVSS", |record| {
        let scores = record.severities.iter();
        let points = |score: Option<f64>| score.map_or(String::new(), |score| format!(" {score:.1}"));
        scores
            .map(|given| {
                let who = given.source.as_deref().unwrap_or_default();
                format!("{who} {}{}", given.vector, points(given.score))
            })
            .collect()
    }),
    ("CWE", |record| [record.weaknesses.as_slice(), &record.weakness_marks].concat()),
    ("Impact", |record| record.impacts.clone()),
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
    ("Vulnerability", |record| {
        let flaws = record.flaws.iter();
        let named = flaws.filter_map(|flaw| Some((flaw.id.as_deref(), flaw.title.as_deref()?)));
        named.map(|(id, title)| id.map_or(title.to_owned(), |id| format!("{id}: {title}"))).collect()
    }),
    ("Remedy", |record| record.remedies.iter().map(remedy).collect()),
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

/// What to do, for which of several vulnerabilities, and where to get it.
fn remedy(remedy: &Remedy) -> String {
    let url = remedy.url.iter().map(|url| format!(" {url}")).collect::<String>();
    let of = match remedy.vulnerabilities.as_slice() {
        [] => String::new(),
        ids => format!(" for {}", ids.join(", ")),
    };
    format!("{}{of}: {}{url}", remedy_word(&remedy.kind), remedy.text)
}

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
    use formats::record::{Affected, Reference, Severity, Status, TimelineEntry, Translation, VersionEntry};

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
        // Some records have a link twice, with a tag each.
        new.references[0].kind = vec!["patch".into()];
        new.references.push(Reference { kind: vec!["exploit".into()], ..old.references[0].clone() });
        assert_eq!(differences(&new, &new), []);
    }

    /// What CVE's assigners change besides products and links is told, too: nothing changes without a word.
    #[test]
    fn a_score_a_date_a_tag_an_impact_and_a_language_are_told() {
        let (mut old, mut new) = (record("2.0", "https://a"), record("2.0", "https://a"));
        let score = |score| Severity {
            vector: "CVSS:3.1/AV:N".into(),
            score: Some(score),
            source: Some("acme".into()),
            ..Severity::default()
        };
        (old.severities, new.severities) = (vec![score(7.0)], vec![score(9.8)]);
        new.known_since = "2024-05-06T00:00:00Z".parse().ok();
        new.references[0].kind = vec!["patch".into(), "vendor-advisory".into()];
        new.impacts = vec!["CAPEC-66 SQL Injection".into()];
        new.translations = vec![Translation { language: "es".into(), text: "Un fallo.".into() }];
        assert_eq!(
            shown(&differences(&old, &new)),
            [
                "Added Known to the public: nothing -> 2024-05-06T00:00:00Z",
                "Added Translation: nothing -> es: Un fallo.",
                "Removed CVSS: acme CVSS:3.1/AV:N 7.0 -> nothing",
                "Added CVSS: nothing -> acme CVSS:3.1/AV:N 9.8",
                "Added Impact: nothing -> CAPEC-66 SQL Injection",
                "Added Reference tags: nothing -> https://a: patch, vendor-advisory",
            ]
        );
        assert_eq!(
            super::super::changed_fields(&old, &new),
            ["text", "severity", "weaknesses", "references", "dates"]
        );
    }

    /// NVD, "CVE Change History API", `eventName`.
    #[test]
    fn events_have_nvds_names() {
        for (name, event) in [
            ("CVE Received", Event::CameIn),
            ("New CVE Received", Event::CameIn),
            ("CVE Modified", Event::Changed),
            ("cve rejected", Event::Rejected),
            ("CVE Unrejected", Event::StandsAgain),
        ] {
            assert_eq!(Event::of_name(name), Some(event), "{name}");
            assert_eq!(Event::of_name(event.name()), Some(event), "{name}");
        }
        assert_eq!([Event::of_name("Initial Analysis"), Event::of_name("")], [None; 2]);
    }

    #[test]
    fn a_title_that_is_made_of_the_text_is_no_old_title() {
        let (mut old, new) = (record("2.0", "https://a"), record("2.0", "https://a"));
        (old.title, old.details) = (None, Some("A long text.".into()));
        let new = Record { details: old.details.clone(), ..new };
        assert_eq!(shown(&differences(&old, &new)), ["Added Title: nothing -> Overflow"]);
        let without = Record { title: None, details: Some("Another.".into()), ..new };
        assert_eq!(shown(&differences(&old, &without)), ["Changed Description: A long text. -> Another."]);
    }

    #[test]
    fn remedies_and_titles_of_vulnerabilities_come_and_go() {
        let (old, mut new) = (record("2.0", "https://a"), record("2.0", "https://a"));
        let remedy = Remedy {
            kind: "vendor_fix".into(),
            text: "Update.".into(),
            url: Some("https://b".into()),
            vulnerabilities: vec!["CVE-2024-1".into(), "CVE-2024-2".into()],
            ..Remedy::default()
        };
        new.remedies.push(remedy);
        let flaw = |id: Option<&str>| formats::record::Flaw {
            id: id.map(str::to_owned),
            title: Some("Traversal".into()),
            ..Default::default()
        };
        new.flaws = vec![flaw(Some("CVE-2024-2")), flaw(None)];
        assert_eq!(
            shown(&differences(&old, &new)),
            [
                "Added Vulnerability: nothing -> CVE-2024-2: Traversal",
                "Added Vulnerability: nothing -> Traversal",
                "Added Remedy: nothing -> fix by the vendor for CVE-2024-1, CVE-2024-2: Update. https://b",
            ]
        );
    }

    #[test]
    fn a_rejection_is_told_and_a_flood_is_cut() {
        let (old, mut new) = (record("2.0", "https://a"), record("2.0", "https://a"));
        new.state = State::Rejected;
        new.aliases = (0..1_000).map(|number| format!("A-{number}")).collect();
        let all = differences(&old, &new);
        assert_eq!((shown(&all)[0].as_str(), all.len()), ("Changed State: stands -> rejected", TOLD_MAX));
        assert_eq!(
            [event(&old, &new), event(&new, &old), event(&new, &new)],
            [Event::Rejected, Event::StandsAgain, Event::Changed]
        );
    }

    #[test]
    fn what_the_record_says_of_its_change_is_the_reason() {
        let (old, mut new) = (record("2.0", "https://a"), record("2.0", "https://a"));
        new.timeline.push(TimelineEntry { at: None, text: "Second revision: more products".into() });
        assert_eq!(reasons(&old, &new), ["Second revision: more products"]);
    }
}
