//! Packages that were asked about, read and sorted, ready for the next question.
//!
//! Reading what records say of a package costs far more than answering from it, and scanners ask about
//! the same packages again and again.

use super::hot::Hot;
use super::rules::{Package, Stance, Statement, is_other_release};
use super::store::{self, Error, Summary};
use super::{Match, Pool};
use rusqlite::Connection;
use std::sync::Arc;
use versions::cve::{self, Product};
use versions::{Affected, Order, Prepared, Verdict};

/// Packages by ecosystem, order (`Echo:PyPI` orders otherwise than `Echo`) and key.
#[derive(Default)]
pub(super) struct Packages(Hot<(String, Order, String), Arc<Asked>>);

/// A package, ready for questions.
pub(super) struct Asked {
    rows: Vec<Row>,
    /// The statements of [`Says::Osv`], in their order.
    index: Prepared,
    /// Of the statements as they are stored.
    bytes: usize,
}

/// What one record says.
struct Row {
    record: Summary,
    /// The release that the statement is for.
    suffix: Option<String>,
    says: Says,
}

enum Says {
    /// The next statement of the index.
    Osv,
    /// Nothing about versions.
    Nothing,
    Cve(Product<String>),
}

impl Packages {
    /// Records that cover a version of a package, and those that leave it open. Without a version:
    /// all records of the package.
    pub(super) fn query(
        &self,
        readers: &Pool,
        package: &Package,
        version: Option<&str>,
    ) -> Result<Vec<Match>, Error> {
        let key = (package.ecosystem.name().to_lowercase(), package.ecosystem.order(), package.key.clone());
        let generation = readers.generation()?;
        if let Some(asked) = self.0.get(&key, generation) {
            return Ok(asked.matches(package, version));
        }
        let asked = Arc::new(readers.read(|db| read(db, package))?);
        if !asked.rows.is_empty() {
            self.0.keep(key, &asked, asked.bytes, generation);
        }
        Ok(asked.matches(package, version))
    }
}

fn read(db: &Connection, package: &Package) -> Result<Asked, Error> {
    let (mut rows, mut statements, mut bytes) = (Vec::new(), Vec::<Affected<String>>::new(), 0);
    for row in store::package_rows(db, package)? {
        bytes += row.statement.len();
        let said = serde_json::from_str::<Statement<String>>(&row.statement);
        let says = match said {
            Ok(Statement::Osv(said)) if said.ranges.is_empty() && said.versions.is_empty() => Says::Nothing,
            Ok(Statement::Osv(said)) => {
                statements.push(said);
                Says::Osv
            }
            Ok(Statement::Cve(product)) => Says::Cve(product),
            // A version alone names no product.
            Ok(Statement::Cpe(_)) => Says::Nothing,
            Err(error) => return Err(Error::Stored(format!("a statement about versions: {error}"))),
        };
        rows.push(Row { record: row.record, suffix: row.suffix, says });
    }
    Ok(Asked { rows, index: Prepared::new(&package.ecosystem, &statements), bytes })
}

impl Asked {
    fn matches(&self, package: &Package, version: Option<&str>) -> Vec<Match> {
        let mut verdicts =
            version.map(|version| self.index.ask(version)).unwrap_or_default().into_iter().peekable();
        let mut statement = 0;
        let mut records: Vec<(&Summary, Stance)> = Vec::new();
        for row in &self.rows {
            let stance = match (&row.says, version) {
                (Says::Osv, Some(_)) => {
                    let verdict = verdicts.next_if(|(at, _)| *at == statement);
                    statement += 1;
                    Stance::of_verdict(verdict.map_or(Verdict::No, |(_, verdict)| verdict))
                }
                (Says::Cve(product), Some(version)) => Stance::of_decision(cve::decide(product, version)),
                (Says::Nothing, Some(_)) => Stance::Doubt,
                (_, None) => Stance::Affected,
            };
            if is_other_release(&package.ecosystem, row.suffix.as_deref()) {
                continue;
            }
            // Several statements of one record stand in a row: the surest counts.
            match records.last_mut() {
                Some((last, surest)) if last.row == row.record.row => *surest = stance.min(*surest),
                _ => records.push((&row.record, stance)),
            }
        }
        records
            .into_iter()
            .filter_map(|(record, stance)| Match::of(record.clone(), stance.answer()))
            .collect()
    }
}
