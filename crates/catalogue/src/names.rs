//! The names in the records of the catalogue: vendors, products, CPE names, weaknesses, who states something.

use super::{Catalogue, Error};
use super::{rules, store};
use formats::record::Criterion;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Other vendors that are named with one.
const ALSO_FILED_MAX: usize = 8;

/// Who makes products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vendor {
    /// As it is compared and looked up.
    pub key: String,
    /// As most records spell it.
    pub name: String,
    /// How many records name it.
    pub records: u64,
}

/// Names given for one criterion.
const NAMES_OF_MAX: usize = 1_000;

impl Catalogue {
    /// Vendors whose names begin so.
    pub fn vendors(&self, beginning: &str) -> Result<Vec<Vendor>, Error> {
        let beginning = rules::name_key(beginning);
        let mut spellings = self.0.index.spellings(&beginning)?;
        let all = self.0.index.vendors(&beginning)?.into_iter();
        let vendor = |(key, records): (String, u64)| {
            let name = spellings.remove(&key).unwrap_or_else(|| key.clone());
            Vendor { key, name, records }
        };
        Ok(all.map(vendor).collect())
    }

    /// How most records spell a vendor.
    pub fn spelling(&self, vendor: &str) -> Result<String, Error> {
        let key = rules::name_key(vendor);
        let mut found = self.0.index.spellings(&format!("{key}\u{1f}"))?;
        Ok(found.remove(&key).unwrap_or(key))
    }

    /// Other vendors that may be the same: they begin with the same word and have products in common, whose number
    /// stands with each; most first. Nobody says that they are one, so they stay two.
    pub fn also_filed(&self, vendor: &str) -> Result<Vec<(String, usize)>, Error> {
        let key = rules::name_key(vendor);
        let word = key.split(' ').next().unwrap_or_default();
        let mut vendors = self.0.index.products_by_vendor(word)?;
        let own = vendors.remove(&key).unwrap_or_default();
        let shared =
            vendors.into_iter().map(|(other, products)| (other, own.intersection(&products).count()));
        let mut shared: Vec<(String, usize)> = shared.filter(|(_, count)| *count > 0).collect();
        shared.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        shared.truncate(ALSO_FILED_MAX);
        shared.into_iter().map(|(other, count)| Ok((self.spelling(&other)?, count))).collect()
    }

    /// The products of a vendor, with how many records name them.
    pub fn products(&self, vendor: &str) -> Result<Vec<(String, u64)>, Error> {
        self.0.index.products(&rules::name_key(vendor))
    }

    /// Of the CPE names of records that begin so, those that are wanted: how many there are, and a page.
    pub fn cpe_names(
        &self,
        beginning: &str,
        is_wanted: &dyn Fn(&str) -> bool,
        from: usize,
        at_most: usize,
    ) -> Result<(usize, Vec<String>), Error> {
        self.0.index.cpe_names(beginning, is_wanted, from, at_most)
    }

    /// The CPE names of records that a criterion means, up to a number that fills a page.
    pub fn names_of(&self, criterion: &Criterion) -> Result<Vec<String>, Error> {
        let Some(compared) = rules::as_compared(criterion) else { return Ok(Vec::new()) };
        let beginning = criterion.name.to_lowercase();
        // What stands before the first wildcard begins every name that is meant.
        let beginning = beginning.split(['*', '?']).next().unwrap_or_default();
        let is_meant = |name: &str| name.parse().is_ok_and(|name| compared.is_met_by(&name) == Some(true));
        Ok(self.cpe_names(beginning, &is_meant, 0, NAMES_OF_MAX)?.1)
    }

    /// The criteria of all records, each once, by their numbers: how many there are, and a page.
    pub fn all_criteria(&self, from: usize, at_most: usize) -> Result<(usize, Vec<Criterion>), Error> {
        let (total, page) = self.0.index.criteria(&rules::filed_under(""), from, at_most)?;
        let rows: BTreeSet<i64> = page.iter().map(|(_, row)| *row).collect();
        let wanted: HashSet<&str> = page.iter().map(|(number, _)| number.as_str()).collect();
        let mut found = BTreeMap::new();
        self.0.readers.read(|db| {
            for row in rows {
                let filed = filed_criteria(db, row)?;
                found.extend(filed.into_iter().filter(|(filed, _)| wanted.contains(filed.as_str())));
            }
            Ok(())
        })?;
        Ok((total, found.into_values().collect()))
    }

    /// The criterion of a number, in any letter case, where a record has it.
    pub fn criterion_of(&self, number: &str) -> Result<Option<Criterion>, Error> {
        let wanted = rules::filed_under(number);
        let (_, found) = self.0.index.criteria(&wanted, 0, 1)?;
        let Some((_, row)) = found.first() else { return Ok(None) };
        let filed = self.0.readers.read(|db| filed_criteria(db, *row))?;
        Ok(filed.into_iter().find(|(filed, _)| *filed == wanted).map(|(_, criterion)| criterion))
    }

    /// The weaknesses that records name, by number of CWE, with how many do.
    pub fn weaknesses(&self) -> Result<Vec<(u32, u64)>, Error> {
        self.0.index.weaknesses()
    }

    /// Who states something in records, and in how many.
    pub fn stated_by(&self) -> Result<Vec<(String, u64)>, Error> {
        self.0.index.stated_by()
    }
}

/// The criteria of a record, each with how it is filed. One record at a time is opened: some are large.
fn filed_criteria(db: &Connection, row: i64) -> Result<Vec<(String, Criterion)>, Error> {
    let mut criteria = Vec::new();
    for stored in store::stored(db, &[row])? {
        criteria.extend(rules::criteria(&stored.read()?));
    }
    let filed = |one: Criterion| (rules::filed_under(&rules::criterion_id(&one)), one);
    Ok(criteria.into_iter().map(filed).collect())
}
