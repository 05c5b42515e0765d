//! Counting hits by what they have in common.

use super::super::likelihoods::{LIKELY, Likelihoods};
use super::super::rules::billionths;
use super::super::store::Error;
use std::collections::BTreeMap;
use std::sync::Arc;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

/// How many hits there are of each kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facets {
    /// By the number under which a source is stored.
    pub sources: BTreeMap<i64, u64>,
    /// By year of publication, UTC, each with the bands of `severities`.
    pub years: BTreeMap<i64, [u64; 6]>,
    /// none, low, medium, high, critical, and what is not graded.
    pub severities: [u64; 6],
    /// Known to be exploited.
    pub exploited: u64,
    /// Lower case, without releases.
    pub ecosystems: BTreeMap<String, u64>,
    /// At least as likely to be exploited, by EPSS, as each of [`LIKELY`].
    pub likely: [u64; 3],
}

/// Counts all hits and what they have in common, with what EPSS says of them.
pub(super) struct Counting(pub(super) Arc<Likelihoods>);

pub(super) struct Counter {
    row: Column<u64>,
    likelihoods: Arc<Likelihoods>,
    /// [`LIKELY`] in billionths.
    likely: [i64; 3],
    source: Column<u64>,
    severity: Column<i64>,
    year: Column<i64>,
    exploited: Column<u64>,
    ecosystem: Option<StrColumn>,
    /// How many hits have the ecosystem of a number.
    ecosystems: Vec<u64>,
    facets: Facets,
    sources: [u64; 16],
    total: usize,
}

/// The place of a score's band in [`Facets::severities`].
fn band(tenths: Option<i64>) -> usize {
    match tenths {
        None => 5,
        Some(tenths) => [1, 40, 70, 90].iter().take_while(|from| tenths >= **from).count(),
    }
}

impl Collector for Counting {
    type Fruit = (usize, Facets);
    type Child = Counter;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Counter> {
        let fast = segment.fast_fields();
        let ecosystem = fast.str("ecosystem")?;
        let known = ecosystem.as_ref().map_or(0, |column| column.num_terms());
        Ok(Counter {
            row: fast.u64("row")?,
            likelihoods: self.0.clone(),
            likely: LIKELY.map(|from| billionths(from).into()),
            source: fast.u64("source")?,
            severity: fast.i64("severity")?,
            year: fast.i64("year")?,
            exploited: fast.u64("exploited")?,
            ecosystem,
            ecosystems: vec![0; known],
            facets: Facets::default(),
            sources: [0; 16],
            total: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, parts: Vec<tantivy::Result<(usize, Facets)>>) -> tantivy::Result<(usize, Facets)> {
        let (mut total, mut all) = (0, Facets::default());
        for part in parts {
            let (count, part) = part?;
            total += count;
            all.exploited += part.exploited;
            all.severities.iter_mut().zip(part.severities).for_each(|(sum, count)| *sum += count);
            all.likely.iter_mut().zip(part.likely).for_each(|(sum, count)| *sum += count);
            part.sources.into_iter().for_each(|(key, count)| *all.sources.entry(key).or_default() += count);
            for (year, bands) in part.years {
                let all = all.years.entry(year).or_default();
                all.iter_mut().zip(bands).for_each(|(sum, count)| *sum += count);
            }
            part.ecosystems
                .into_iter()
                .for_each(|(key, count)| *all.ecosystems.entry(key).or_default() += count);
        }
        Ok((total, all))
    }
}

impl SegmentCollector for Counter {
    type Fruit = tantivy::Result<(usize, Facets)>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.total += 1;
        if let Some(source) = self.source.first(doc).and_then(|source| usize::try_from(source).ok())
            && let Some(count) = self.sources.get_mut(source)
        {
            *count += 1;
        }
        let band = band(self.severity.first(doc));
        self.facets.severities[band] += 1;
        if let Some(year) = self.year.first(doc) {
            self.facets.years.entry(year).or_default()[band] += 1;
        }
        self.facets.exploited += self.exploited.first(doc).unwrap_or(0);
        if let Some(score) = self.row.first(doc).and_then(|row| self.likelihoods.probability(row)) {
            let bands = self.facets.likely.iter_mut().zip(self.likely);
            bands.for_each(|(count, from)| *count += u64::from(score >= from));
        }
        if let Some(column) = &self.ecosystem {
            for ordinal in column.term_ords(doc) {
                if let Some(count) = self.ecosystems.get_mut(ordinal as usize) {
                    *count += 1;
                }
            }
        }
    }

    fn harvest(mut self) -> Self::Fruit {
        for (source, count) in self.sources.iter().enumerate().filter(|(_, count)| **count > 0) {
            self.facets.sources.insert(source as i64, *count);
        }
        if let Some(column) = &self.ecosystem {
            for (ordinal, count) in self.ecosystems.iter().enumerate().filter(|(_, count)| **count > 0) {
                let mut name = String::new();
                column.ord_to_str(ordinal as u64, &mut name)?;
                self.facets.ecosystems.insert(name, *count);
            }
        }
        Ok((self.total, self.facets))
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Index(error.to_string())
    }
}
