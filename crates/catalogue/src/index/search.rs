//! Asking.

use super::super::likelihoods::Likelihoods;
use super::super::rules::{Query, Subject};
use super::super::search::Order as Wish;
use super::super::store::Error;
use super::collect::{Counting, Facets};
use super::compile::Compiler;
use super::{Index, dictionary};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use tantivy::collector::sort_key::SortByStaticFastValue;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::Query as Compiled;
use tantivy::schema::Field;
use tantivy::{DocAddress, DocId, Order, Searcher, SegmentReader};

/// What the index asks the records while it searches.
pub(crate) trait Records {
    /// The rows that affect a package, or a version of something, or leave it open.
    fn affecting(&self, subject: &Subject) -> Result<Vec<i64>, Error>;
    /// What EPSS says of each row.
    fn likelihoods(&self) -> Result<Arc<Likelihoods>, Error>;
}

/// What is wanted of the hits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) query: &'a Query,
    pub(crate) order: Wish,
    pub(crate) offset: usize,
    pub(crate) limit: usize,
    /// Count what the hits have in common.
    pub(crate) with_facets: bool,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Found {
    /// The rows of the page, in their order.
    pub(crate) rows: Vec<i64>,
    /// All hits.
    pub(crate) total: usize,
    pub(crate) facets: Option<Facets>,
}

impl Index {
    /// Changes whenever a search may find something else; the same in every process that reads these files.
    pub(crate) fn state(&self) -> u64 {
        let mut state = DefaultHasher::new();
        self.reader.searcher().generation().segments().hash(&mut state);
        state.finish()
    }

    /// A page of hits.
    pub(crate) fn search(&self, wanted: Wanted<'_>, records: &dyn Records) -> Result<Found, Error> {
        let searcher = self.reader.searcher();
        let compiler = Compiler { index: self, searcher: &searcher, records };
        let query = compiler.query(wanted.query)?;
        let (hits, total) = top(&searcher, &*query, wanted, records)?;
        let facets = match wanted.with_facets {
            true => Some(searcher.search(&query, &Counting(records.likelihoods()?))?.1),
            false => None,
        };
        Ok(Found { rows: rows(&searcher, &hits)?, total, facets })
    }

    /// Vendors that begin so, with how many records name them.
    pub(crate) fn vendors(&self, beginning: &str) -> Result<Vec<(String, u64)>, Error> {
        dictionary::names(&self.reader.searcher(), self.fields.vendor, beginning, &|_| true)
    }

    /// How vendors that begin so are spelled by most records: of as many by each, as capitals stand before small letters.
    pub(crate) fn spellings(&self, beginning: &str) -> Result<BTreeMap<String, String>, Error> {
        let all = dictionary::names(&self.reader.searcher(), self.fields.spelled, beginning, &|_| true)?;
        let mut most: BTreeMap<String, (u64, String)> = BTreeMap::new();
        for (name, count) in all {
            let Some((vendor, spelling)) = name.split_once(super::schema::SEPARATOR) else { continue };
            let known = most.entry(vendor.to_owned()).or_default();
            if count > known.0 {
                *known = (count, spelling.to_owned());
            }
        }
        Ok(most.into_iter().map(|(vendor, (_, spelling))| (vendor, spelling)).collect())
    }

    /// Vendors that begin with this word, each with its products.
    pub(crate) fn products_by_vendor(&self, word: &str) -> Result<BTreeMap<String, BTreeSet<String>>, Error> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let is_one = |name: &str| name[word.len()..].starts_with([' ', super::schema::SEPARATOR]);
        for (name, _) in dictionary::names(&self.reader.searcher(), self.fields.product, word, &is_one)? {
            let Some((vendor, product)) = name.split_once(super::schema::SEPARATOR) else { continue };
            found.entry(vendor.to_owned()).or_default().insert(product.to_owned());
        }
        Ok(found)
    }

    /// The products of a vendor, with how many records name them.
    pub(crate) fn products(&self, vendor: &str) -> Result<Vec<(String, u64)>, Error> {
        let beginning = format!("{vendor}{}", super::schema::SEPARATOR);
        let names = dictionary::names(&self.reader.searcher(), self.fields.product, &beginning, &|_| true)?;
        let product = |(name, count): (String, u64)| (name[beginning.len()..].to_owned(), count);
        Ok(names.into_iter().map(product).collect())
    }

    /// Of the CPE names that begin so, in lower case, those that are wanted: how many there are, and a page.
    pub(crate) fn cpe_names(
        &self,
        beginning: &str,
        is_wanted: &dyn Fn(&str) -> bool,
        from: usize,
        at_most: usize,
    ) -> Result<(usize, Vec<String>), Error> {
        let (total, page) = self.page_of(self.fields.cpe, beginning, is_wanted, (from, at_most))?;
        Ok((total, page.into_iter().map(|(name, _)| name).collect()))
    }

    /// What records are filed under for NVD's interface, of that which begins so: how much there is, and a page
    /// of it, each with the row of a record that has it.
    pub(crate) fn criteria(
        &self,
        beginning: &str,
        from: usize,
        at_most: usize,
    ) -> Result<(usize, Vec<(String, i64)>), Error> {
        self.page_of(self.fields.grade, beginning, &|_| true, (from, at_most))
    }

    /// Of the names of a field that begin so, those that are wanted: how many there are, and a page, each with
    /// the row of a record. Names that only records had which were replaced are counted for a while, but not on
    /// the page.
    fn page_of(
        &self,
        field: Field,
        beginning: &str,
        is_wanted: &dyn Fn(&str) -> bool,
        (from, at_most): (usize, usize),
    ) -> Result<(usize, Vec<(String, i64)>), Error> {
        let (mut total, mut page) = (0, Vec::new());
        let asked = from..from.saturating_add(at_most);
        dictionary::each_name(&self.reader.searcher(), field, beginning, &mut |name| {
            if is_wanted(name.text) {
                if asked.contains(&total)
                    && let Some(row) = name.row()?
                {
                    page.push((name.text.to_owned(), row));
                }
                total += 1;
            }
            Ok(())
        })?;
        Ok((total, page))
    }

    /// The weaknesses that records name, and how many do.
    pub(crate) fn weaknesses(&self) -> Result<Vec<(u32, u64)>, Error> {
        dictionary::numbers(&self.reader.searcher(), self.fields.weakness)
    }

    /// Who states something in records, and in how many.
    pub(crate) fn stated_by(&self) -> Result<Vec<(String, u64)>, Error> {
        dictionary::names(&self.reader.searcher(), self.fields.stated_by, "", &|_| true)
    }
}

/// The best of the wanted order, and how many hits there are.
fn top(
    searcher: &Searcher,
    query: &dyn Compiled,
    wanted: Wanted<'_>,
    records: &dyn Records,
) -> Result<(Vec<DocAddress>, usize), Error> {
    // Places for all that stand before are set aside, so there are never more than records.
    let offset = wanted.offset.min(searcher.num_docs() as usize);
    // Taking none is not foreseen.
    let page = TopDocs::with_limit(wanted.limit.max(1)).and_offset(offset);
    let (mut hits, total): (Vec<DocAddress>, usize) = match wanted.order {
        Wish::Fit if wanted.query.has_words() => {
            let (hits, total) = searcher.search(query, &(page.order_by_score(), Count))?;
            (hits.into_iter().map(|(_, hit)| hit).collect(), total)
        }
        Wish::Fit | Wish::Newest => by(searcher, query, page, ("published", Order::Desc))?,
        Wish::Oldest => by(searcher, query, page, ("published", Order::Asc))?,
        Wish::Severest => by(searcher, query, page, ("severest", Order::Desc))?,
        Wish::Likeliest => by_likelihood(searcher, query, page, records.likelihoods()?)?,
        Wish::Changed => by(searcher, query, page, ("modified", Order::Desc))?,
    };
    hits.truncate(wanted.limit);
    Ok((hits, total))
}

/// By what EPSS says; what it says nothing of comes last.
fn by_likelihood(
    searcher: &Searcher,
    query: &dyn Compiled,
    page: TopDocs,
    known: Arc<Likelihoods>,
) -> Result<(Vec<DocAddress>, usize), Error> {
    let page = page.order_by(move |segment: &SegmentReader| {
        // The schema has the column; where it cannot be read, the rows of the hits cannot be either.
        let (known, rows) = (known.clone(), segment.fast_fields().u64("row").ok());
        move |doc: DocId| {
            let row = rows.as_ref().and_then(|rows| rows.first(doc));
            row.and_then(|row| known.probability(row)).unwrap_or(-1)
        }
    });
    let (hits, total) = searcher.search(query, &(page, Count))?;
    Ok((hits.into_iter().map(|(_, hit)| hit).collect(), total))
}

/// By a column, and by the numbers of records where that is the same: so a place in this order stays where it is.
fn by(
    searcher: &Searcher,
    query: &dyn Compiled,
    page: TopDocs,
    (field, order): (&str, Order),
) -> Result<(Vec<DocAddress>, usize), Error> {
    let column = SortByStaticFastValue::<i64>::for_field(field);
    let number = SortByStaticFastValue::<u64>::for_field("row");
    let (hits, total) =
        searcher.search(query, &(page.order_by(((column, order), (number, order))), Count))?;
    Ok((hits.into_iter().map(|(_, hit)| hit).collect(), total))
}

/// Opening a column costs more than reading from it, so each segment's is opened once.
fn rows(searcher: &Searcher, hits: &[DocAddress]) -> Result<Vec<i64>, Error> {
    let mut columns = BTreeMap::new();
    let mut rows = Vec::with_capacity(hits.len());
    for hit in hits {
        let column = match columns.entry(hit.segment_ord) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                place.insert(searcher.segment_reader(hit.segment_ord).fast_fields().u64("row")?)
            }
        };
        let row = column.first(hit.doc_id).and_then(|row| i64::try_from(row).ok());
        rows.push(row.ok_or_else(|| Error::Index("a hit without a row".to_owned()))?);
    }
    Ok(rows)
}
