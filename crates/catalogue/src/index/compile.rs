//! From what is asked to what the index is asked.

use super::super::likelihoods::Likelihoods;
use super::super::rules::{Bounds, Dated, Field as Asked, Place, Query, Subject, Test, Text, name_key};
use super::super::store::Error;
use super::forms::forms;
use super::schema::SEPARATOR;
use super::tokens::{spellings, words};
use super::{Index, Records};
use std::ops::Bound;
use std::sync::Arc;
use tantivy::query::doc_predicate_query::{DocPredicateQuery, FunctionPredicate};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, EmptyQuery, InvertedIndexRangeQuery, Occur, PhrasePrefixQuery,
    PhraseQuery, Query as Compiled, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Searcher, SegmentReader, Term};

/// How much a hit in a field counts: an id is what was meant, a name nearly so.
const IDS: f32 = 12.0;
/// Before all that begins so.
const WHOLE_ID: f32 = 100.0;
const TITLE: f32 = 6.0;
const NAMES: f32 = 8.0;
const PROSE: f32 = 1.0;
/// Another form of a word counts for less than the word.
const OTHER_FORM: f32 = 0.5;

/// Words that a beginning may stand for.
const BEGINNINGS_MAX: u32 = 1_000;

pub(super) struct Compiler<'a> {
    pub(super) index: &'a Index,
    pub(super) searcher: &'a Searcher,
    pub(super) records: &'a dyn Records,
}

impl Compiler<'_> {
    pub(super) fn query(&self, query: &Query) -> Result<Box<dyn Compiled>, Error> {
        Ok(match query {
            Query::All(parts) => self.all(parts)?,
            Query::Any(parts) => {
                let parts = parts.iter().map(|part| self.query(part)).collect::<Result<Vec<_>, _>>()?;
                Box::new(BooleanQuery::union(parts))
            }
            Query::Not(_) => self.all(std::slice::from_ref(query))?,
            Query::Text(text) => self.text(text)?,
            Query::Test(test) => self.test(test)?,
        })
    }

    fn all(&self, parts: &[Query]) -> Result<Box<dyn Compiled>, Error> {
        let mut clauses: Vec<(Occur, Box<dyn Compiled>)> = Vec::new();
        for part in parts {
            clauses.push(match part {
                Query::Not(part) => (Occur::MustNot, self.query(part)?),
                part => (Occur::Must, self.query(part)?),
            });
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, Box::new(AllQuery)));
        }
        if clauses.len() == 1 {
            return Ok(clauses.remove(0).1);
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    fn text(&self, text: &Text) -> Result<Box<dyn Compiled>, Error> {
        let fields = self.index.fields;
        let places: &[(Field, f32)] = match text.field {
            Some(Asked::Vendor) => return self.names_with(fields.vendor, text),
            Some(Asked::Product) => return self.names_with(fields.product, text),
            Some(Asked::Package) => return self.names_with(fields.package, text),
            Some(Asked::Title) => &[(fields.title, TITLE)],
            _ => &[(fields.ids, IDS), (fields.title, TITLE), (fields.names, NAMES), (fields.prose, PROSE)],
        };
        let found = words(&text.text);
        let mut parts: Vec<Box<dyn Compiled>> = Vec::new();
        if text.field.is_none() && found.len() > 1 && !text.text.contains(char::is_whitespace) {
            let whole = Term::from_field_text(fields.id, &super::super::rules::key(&text.text));
            let whole = Box::new(TermQuery::new(whole, IndexRecordOption::Basic));
            parts.push(Box::new(BoostQuery::new(whole, WHOLE_ID)));
        }
        for (field, weight) in places {
            let looked_up = self.in_field(*field, &found, text)?;
            parts.extend(
                looked_up
                    .into_iter()
                    .map(|part| Box::new(BoostQuery::new(part, *weight)) as Box<dyn Compiled>),
            );
        }
        Ok(match parts.len() {
            0 => Box::new(EmptyQuery),
            1 => parts.remove(0),
            _ => Box::new(BooleanQuery::union(parts)),
        })
    }

    /// The ways in which words may stand in a field.
    fn in_field(
        &self,
        field: Field,
        found: &[(usize, String)],
        text: &Text,
    ) -> Result<Vec<Box<dyn Compiled>>, Error> {
        let term = |word: &str| Term::from_field_text(field, word);
        let once = |word: &str| -> Box<dyn Compiled> {
            Box::new(TermQuery::new(term(word), IndexRecordOption::WithFreqs))
        };
        let mut ways: Vec<Box<dyn Compiled>> = Vec::new();
        match found {
            [] => {}
            [(_, word)] => {
                ways.push(once(word));
                ways.extend(spellings(&text.text).iter().map(|other| once(other)));
                if text.is_beginning {
                    ways.push(beginning(vec![(0, term(word))]));
                }
                if text.may_vary {
                    let others = self.forms(field, word)?;
                    ways.extend(others.iter().map(|other| -> Box<dyn Compiled> {
                        Box::new(BoostQuery::new(once(other), OTHER_FORM))
                    }));
                }
            }
            several => {
                let terms: Vec<(usize, Term)> = several.iter().map(|(at, word)| (*at, term(word))).collect();
                ways.push(match text.is_beginning {
                    true => beginning(terms),
                    false => Box::new(PhraseQuery::new_with_offset(terms)),
                });
            }
        }
        Ok(ways)
    }

    /// Other forms of a word: going through the dictionary for them costs more than many a search.
    fn forms(&self, field: Field, word: &str) -> Result<Arc<Vec<String>>, Error> {
        let (key, generation) =
            ((field.field_id(), word.to_owned()), self.searcher.generation().generation_id());
        if let Some(known) = self.index.forms.get(&key, generation) {
            return Ok(known);
        }
        let found = Arc::new(forms(self.searcher, field, word)?);
        let bytes = word.len() + found.iter().map(String::len).sum::<usize>();
        self.index.forms.keep(key, &found, bytes, generation);
        Ok(found)
    }

    /// Names that have all these words in them.
    fn names_with(&self, field: Field, text: &Text) -> Result<Box<dyn Compiled>, Error> {
        let wanted: Vec<String> = words(&text.text).into_iter().map(|(_, word)| word).collect();
        let is_there = |name: &str| {
            // Of a vendor with its product only the product counts.
            let name = name.rsplit(SEPARATOR).next().unwrap_or(name);
            let found: Vec<String> = words(name).into_iter().map(|(_, word)| word).collect();
            wanted.iter().enumerate().all(|(at, word)| {
                let may_grow = text.is_beginning && at + 1 == wanted.len();
                found.iter().any(|found| found == word || (may_grow && found.starts_with(word)))
            })
        };
        let names = super::dictionary::names(self.searcher, field, "", &is_there)?;
        Ok(Box::new(TermSetQuery::new(
            names.into_iter().map(|(name, _)| Term::from_field_text(field, &name)),
        )))
    }

    fn test(&self, test: &Test) -> Result<Box<dyn Compiled>, Error> {
        let fields = self.index.fields;
        let is = |field, number: u64| -> Box<dyn Compiled> {
            Box::new(TermQuery::new(Term::from_field_u64(field, number), IndexRecordOption::Basic))
        };
        Ok(match test {
            Test::Named { field, name, is_beginning } => self.named(*field, name, *is_beginning)?,
            Test::Weakness(number) => is(fields.weakness, u64::from(*number)),
            Test::Severity(bounds) => between(fields.severity, *bounds),
            Test::Published(bounds) => between(fields.published, *bounds),
            Test::Modified(bounds) => between(fields.modified, *bounds),
            Test::Likelihood(bounds) => self.likely(*bounds, Likelihoods::probability)?,
            Test::Percentile(bounds) => self.likely(*bounds, Likelihoods::percentile)?,
            Test::Behind(place) => behind(*place),
            Test::Exploited(is_so) => is(fields.exploited, u64::from(*is_so)),
            Test::Withdrawn(is_so) => is(fields.withdrawn, u64::from(*is_so)),
            Test::SpeaksForCve => is(fields.speaks, 1),
            Test::Metrics(version, metrics) => self.metrics(*version, metrics)?,
            Test::Source(source) => is(fields.source, source.number().unsigned_abs()),
            Test::Affects(subject) => self.affects(subject)?,
        })
    }

    /// Records of which EPSS gives a number within bounds: each is looked at where the rest of the search has
    /// led to it.
    fn likely(
        &self,
        bounds: Bounds,
        number: fn(&Likelihoods, u64) -> Option<i64>,
    ) -> Result<Box<dyn Compiled>, Error> {
        let known = self.records.likelihoods()?;
        let within = FunctionPredicate::from(move |segment: &SegmentReader| {
            let (known, rows) = (known.clone(), segment.fast_fields().u64("row")?);
            Ok(move |doc: DocId| {
                rows.first(doc).and_then(|row| number(&known, row)).is_some_and(|number| bounds.has(number))
            })
        });
        Ok(Box::new(DocPredicateQuery::from(within)))
    }

    /// Records with a vector that has all these metrics; there are few different vectors.
    fn metrics(&self, version: char, metrics: &[String]) -> Result<Box<dyn Compiled>, Error> {
        let beginning = format!("vector:{version}:");
        let has_all = |name: &str| {
            let vector = name.strip_prefix(&beginning).unwrap_or_default();
            metrics.iter().all(|wanted| vector.split('/').any(|metric| metric == wanted))
        };
        let field = self.index.fields.grade;
        let names = super::dictionary::names(self.searcher, field, &beginning, &has_all)?;
        let terms = names.into_iter().map(|(name, _)| Term::from_field_text(field, &name));
        Ok(Box::new(TermSetQuery::new(terms)))
    }

    fn affects(&self, subject: &Subject) -> Result<Box<dyn Compiled>, Error> {
        if let Subject::Product { vendor, product, version: None, .. } = subject {
            return self.of_product(vendor, product);
        }
        if let Subject::Named(asked) = subject
            && asked.is_plain()
        {
            return self.affects(&subject.clone().in_any_version());
        }
        let rows = self.records.affecting(subject)?;
        Ok(Box::new(TermSetQuery::new(rows.into_iter().map(|row| self.index.fields.row_term(row)))))
    }

    /// Records that name a product; any of the vendor's, or of that name, where one is left open.
    fn of_product(&self, vendor: &str, product: &str) -> Result<Box<dyn Compiled>, Error> {
        let fields = self.index.fields;
        let once = |field, name: &str| -> Box<dyn Compiled> {
            Box::new(TermQuery::new(Term::from_field_text(field, name), IndexRecordOption::Basic))
        };
        match (vendor, product) {
            (vendor, "") => Ok(once(fields.vendor, vendor)),
            ("", product) => self.named(Asked::Product, product, false),
            (vendor, product) => Ok(once(fields.product, &format!("{vendor}{SEPARATOR}{product}"))),
        }
    }

    fn named(&self, asked: Asked, name: &str, is_beginning: bool) -> Result<Box<dyn Compiled>, Error> {
        let fields = self.index.fields;
        let (field, key) = match asked {
            Asked::Id => (fields.id, super::super::rules::key(name)),
            Asked::Vendor => (fields.vendor, name_key(name)),
            Asked::Ecosystem => (fields.ecosystem, name.split(':').next().unwrap_or(name).to_lowercase()),
            Asked::Package => (fields.package, name.trim().to_lowercase()),
            Asked::StatedBy => (fields.stated_by, name.trim().to_lowercase()),
            Asked::Grade => (fields.grade, name.to_owned()),
            _ => {
                let wanted = name_key(name);
                let is_it = |known: &str| {
                    let product = known.rsplit(SEPARATOR).next().unwrap_or(known);
                    product == wanted || (is_beginning && product.starts_with(&wanted))
                };
                let names = super::dictionary::names(self.searcher, fields.product, "", &is_it)?;
                let terms = names.into_iter().map(|(name, _)| Term::from_field_text(fields.product, &name));
                return Ok(Box::new(TermSetQuery::new(terms)));
            }
        };
        if !is_beginning {
            return Ok(Box::new(TermQuery::new(
                Term::from_field_text(field, &key),
                IndexRecordOption::Basic,
            )));
        }
        // The names of a whole year of ids would be a long list: the dictionary is walked instead.
        let from = Bound::Included(Term::from_field_text(field, &key));
        let to = Bound::Included(Term::from_field_text(field, &format!("{key}{}", char::MAX)));
        Ok(Box::new(InvertedIndexRangeQuery::new(from, to)))
    }
}

fn beginning(terms: Vec<(usize, Term)>) -> Box<dyn Compiled> {
    let mut query = PhrasePrefixQuery::new_with_offset(terms);
    query.set_max_expansions(BEGINNINGS_MAX);
    Box::new(query)
}

/// What comes behind a place in the order of a date.
fn behind(place: Place) -> Box<dyn Compiled> {
    let column = match place.by {
        Dated::Published => "published",
        Dated::Modified => "modified",
    };
    let behind = FunctionPredicate::from(move |segment: &SegmentReader| {
        let (dates, rows) = (segment.fast_fields().i64(column)?, segment.fast_fields().u64("row")?);
        Ok(move |doc: DocId| {
            rows.first(doc).is_some_and(|row| (dates.first(doc), row) < (place.at, place.row))
        })
    });
    Box::new(DocPredicateQuery::from(behind))
}

fn between(field: Field, bounds: Bounds) -> Box<dyn Compiled> {
    let term = |number: i64| Term::from_field_i64(field, number);
    let from = bounds.from.map_or(Bound::Unbounded, |from| Bound::Included(term(from)));
    let below = bounds.below.map_or(Bound::Unbounded, |below| Bound::Excluded(term(below)));
    match (&from, &below) {
        (Bound::Unbounded, Bound::Unbounded) => Box::new(AllQuery),
        _ => Box::new(RangeQuery::new(from, below)),
    }
}
