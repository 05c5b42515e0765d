//! What covers a version, vulnerability by vulnerability: the one place where a document about several of them is
//! taken apart, for the command line, the pages and bills of materials. Programs that ask for records get records
//! ([`Catalogue::query`]).

use super::rules::{self, Answer, Package, Question, Relation, Stance};
use super::store::{self, Grade, Summary};
use super::{Catalogue, Error, Match};
use formats::record::{Affected, Record};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use versions::Past;
use versions::cpe::Cpe;

/// One vulnerability by which a record covers what was asked about, or leaves it open.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Flaw {
    /// The record, with the title, the score and the exploitation of this vulnerability: the highest score that any
    /// record of it gives, whatever package that one is about.
    #[serde(flatten)]
    pub record: Summary,
    /// Of a document about several vulnerabilities, which of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vulnerability: Option<String>,
    /// Whether the version is affected; never `NotAffected`. Without a version: named at all.
    pub answer: Answer,
    /// Versions that the record states as fixed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<String>,
    /// All names of the vulnerability, as they are looked up.
    #[serde(skip)]
    pub(super) names: BTreeSet<String>,
}

impl Flaw {
    /// The name to call it by.
    pub fn id(&self) -> &str {
        self.vulnerability.as_deref().unwrap_or(&self.record.id)
    }
}

impl Catalogue {
    /// The vulnerabilities that records state of a version of a package, or leave open. Without a version: all that
    /// they state of the package.
    pub fn flaws(&self, package: &Package, version: Option<&str>) -> Result<Vec<Flaw>, Error> {
        let (version, of) = (version.map(str::to_owned), Some(package.clone()));
        let question = Question { package: of, version, names: Vec::new() };
        let found = self.query(package, question.version.as_deref())?;
        self.taken_apart(found, &question)
    }

    /// The same of products that are installed together, or of one alone, by their CPE names.
    pub fn flaws_of_names(&self, installed: &[Cpe]) -> Result<Vec<Flaw>, Error> {
        let question = Question { names: installed.to_vec(), ..Question::default() };
        self.taken_apart(self.query_names(installed)?, &question)
    }

    /// The same of a commit of a repository. What is said of commits is said of one vulnerability.
    pub fn flaws_of_commit(&self, past: &Past<'_>) -> Result<Vec<Flaw>, Error> {
        self.taken_apart(self.query_past(past)?, &Question::default())
    }

    /// What a part of a bill of materials is asked, by all its names, each by itself.
    pub(super) fn flaws_of_part(&self, question: &Question) -> Result<Vec<Flaw>, Error> {
        let mut found = match (&question.package, &question.version) {
            (Some(package), Some(version)) => self.query(package, Some(version))?,
            _ => Vec::new(),
        };
        for name in &question.names {
            found.extend(self.query_names(std::slice::from_ref(name))?);
        }
        self.taken_apart(found, question)
    }

    /// Matches, each record once, vulnerability by vulnerability.
    fn taken_apart(&self, found: Vec<Match>, question: &Question) -> Result<Vec<Flaw>, Error> {
        let mut records: BTreeMap<i64, Match> = BTreeMap::new();
        for found in found {
            let answer = found.answer;
            let known = records.entry(found.record.row).or_insert(found);
            known.answer = known.answer.min(answer);
        }
        self.0.readers.read(|db| {
            let mut flaws = Vec::new();
            for found in records.into_values() {
                let record = store::record_of(db, &found.record)?;
                let says = |row: &Affected| question.stance(row);
                flaws.extend(of_record(db, found, &record, (question.package.as_ref(), &says))?);
            }
            flaws.sort_by(|a, b| (a.id(), a.record.source).cmp(&(b.id(), b.record.source)));
            Ok(flaws)
        })
    }
}

/// The package that is asked about, and what a row says of it.
type Asked<'a> = (Option<&'a Package>, &'a dyn Fn(&Affected) -> Option<Stance>);

/// The vulnerabilities by which a record covers what is asked about.
pub(super) fn of_record(
    db: &Connection,
    found: Match,
    record: &Record,
    (package, says): Asked<'_>,
) -> Result<Vec<Flaw>, Error> {
    let said = rules::apart(record, says);
    let mut flaws = Vec::new();
    let by_name = said.iter().filter_map(|(name, stance)| Some(((*name)?, stance.answer())));
    let by_name: Vec<(&str, Answer)> = by_name.filter(|(_, answer)| *answer != Answer::NotAffected).collect();
    let grades = graded(db, record, &by_name.iter().map(|(name, _)| *name).collect::<Vec<_>>())?;
    for (name, answer) in by_name {
        let names = BTreeSet::from([rules::key(name)]);
        let mut summary = Summary { vulnerabilities: None, ..found.record.clone() };
        (summary.severity_tenths, summary.is_exploited) = grades.get(name).copied().unwrap_or_default();
        if let Some(title) = rules::title_of(record, name) {
            summary.title = title;
        }
        let fixed = rules::fixed_of(record, package, Some(name));
        flaws.push(Flaw { record: summary, vulnerability: Some(name.to_owned()), answer, fixed, names });
    }
    // Configurations and the like are said of a record as a whole, and so is what stands under no name.
    let whole = match said.get(&None) {
        Some(stance) if said.len() > 1 => stance.answer(),
        None if !said.is_empty() => Answer::NotAffected,
        _ => found.answer,
    };
    if let Some(Match { record: mut summary, answer }) = Match::of(found.record, whole) {
        summary.vulnerabilities = None;
        let named = rules::names(record).into_iter();
        let names =
            named.filter(|(_, relation)| *relation != Relation::Related).map(|(name, _)| name).collect();
        (summary.severity_tenths, summary.is_exploited) = store::worst(db, &names)?;
        let fixed = rules::fixed_of(record, package, None);
        flaws.push(Flaw { record: summary, vulnerability: None, answer, fixed, names });
    }
    Ok(flaws)
}

/// What the document itself and the records of several vulnerabilities say at worst of each: one question for all.
pub(super) fn graded<'n>(
    db: &Connection,
    record: &Record,
    names: &[&'n str],
) -> Result<BTreeMap<&'n str, Grade>, Error> {
    let known = store::grades(db, names.iter().map(|name| rules::key(name)))?;
    let grade = |name: &'n str| {
        let of_records = known.get(&rules::key(name)).copied().unwrap_or_default();
        (name, store::worse(of_records, (rules::severity_of(record, name), false)))
    };
    Ok(names.iter().map(|name| grade(name)).collect())
}
