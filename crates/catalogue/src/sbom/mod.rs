//! A bill of materials against the catalogue: what is known of its parts, and what VEX says of that.
//!
//! Records of the same vulnerability stand together in one finding, each by its own source; VEX never
//! takes a finding away: it says beside it who holds the part for not affected, and why.

mod csv;
mod listed;
mod parts;
mod question;
mod sarif;
mod unheard;
mod vex;

pub use csv::csv;
pub use sarif::sarif;

use super::rules::{Answer, Question};
use super::store::{Error, Summary};
use super::{Catalogue, Flaw};
use formats::record::Status;
use formats::sbom::{Component, Sbom};
use formats::vex::Statement;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use versions::Purl;

/// Parts of one bill that are asked about.
pub const PARTS_MAX: usize = 20_000;
/// Records that are found for one bill; parts behind that many are named as not asked about.
pub const RECORDS_MAX: usize = 10_000;
/// Names of products in all statements of VEX that are held against one bill.
pub const VEX_NAMES_MAX: usize = 20_000;
/// Bytes of versions and names in statements that are compared for one bill, counted for each part anew.
const VEX_BYTES_MAX: usize = 64 << 20;

/// What came of a bill of materials.
#[derive(Debug, Serialize)]
pub struct Inventory {
    /// The file, as it was named.
    pub file: String,
    /// Its format with its version.
    pub format: String,
    /// What it is a bill of.
    pub subject: Option<Component>,
    /// When the catalogue was asked.
    pub at: Timestamp,
    /// Parts that it lists.
    pub components: usize,
    /// Parts that could not be asked about, and why: their absence from the findings is no clean bill.
    pub unasked: Vec<Unasked>,
    /// What stands first, and of that the severest.
    pub findings: Vec<Finding>,
    /// What else is to be told: statements of VEX that are heard of no part, how many and why.
    pub notes: Vec<String>,
}

/// A part that could not be asked about.
#[derive(Debug, Serialize)]
pub struct Unasked {
    /// Which.
    pub component: Component,
    /// Why not.
    pub reason: &'static str,
}

/// One vulnerability of one part.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// The part.
    pub component: Component,
    /// What is known of the vulnerability.
    #[serde(flatten)]
    pub known: Arc<Known>,
    /// What the maker says of it.
    pub vex: Option<Said>,
}

/// A vulnerability of a package or product in a version.
#[derive(Debug, Serialize)]
pub struct Known {
    /// The name to call it by: a CVE id if it has one.
    pub id: String,
    /// Whether the version is affected, or it cannot be decided.
    pub answer: Answer,
    /// Versions that some record states as fixed.
    pub fixed: Vec<String>,
    /// The records that say so, each of its own source.
    pub records: Vec<Summary>,
    /// The highest score that a record of the vulnerability gives it, in tenths of a point, whatever package that
    /// record is about.
    pub severity_tenths: Option<i64>,
    /// Somebody lists it as known to be exploited.
    pub is_exploited: bool,
    /// All its names, as they are looked up.
    #[serde(skip)]
    names: BTreeSet<String>,
}

/// A statement of VEX that is about a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// Whether the product has it.
    pub status: Status,
    /// Who says so.
    pub source: String,
    /// In which document.
    pub document: String,
    /// When.
    pub at: Option<Timestamp>,
    /// Why.
    pub why: Option<String>,
}

/// Why there is no report on a bill.
#[derive(Debug, thiserror::Error)]
pub enum NoInventory {
    /// VEX names more products than are compared.
    #[error(
        "VEX: {names} names of products, {VEX_NAMES_MAX} at most; give only the documents of this product"
    )]
    TooManyNames {
        /// So many.
        names: usize,
    },
    /// Versions are spoken of that often, and so many parts are there.
    #[error(
        "VEX: more is said of versions of the bill's parts than is compared; give only the documents of this product"
    )]
    TooMuchToCompare,
    /// The catalogue did not answer.
    #[error(transparent)]
    Catalogue(#[from] Error),
}

impl Finding {
    /// Whether it stands against the part: nobody holds it for not affected or fixed.
    pub fn stands(&self) -> bool {
        !matches!(&self.vex, Some(said) if matches!(said.status, Status::NotAffected | Status::Fixed))
    }

    /// The headline of the record that is heard first.
    pub fn title(&self) -> &str {
        self.known.records.first().map_or("", |record| &record.title)
    }
}

impl Inventory {
    /// Findings that stand.
    pub fn standing(&self) -> usize {
        self.findings.iter().filter(|finding| finding.stands()).count()
    }
}

/// The word of a status.
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Affected => "affected",
        Status::NotAffected => "not affected",
        Status::Fixed => "fixed",
        Status::UnderInvestigation => "under investigation",
        Status::Unknown => "unknown",
    }
}

/// The version of a part: of its package URL, or given apart.
pub fn part_version(component: &Component) -> Option<String> {
    let purl = component.purl.as_ref().and_then(|purl| purl.parse::<Purl>().ok());
    purl.and_then(|purl| purl.version().map(str::to_owned)).or_else(|| component.version.clone())
}

impl Catalogue {
    /// Asks about every part of a bill of materials. `file` is what the bill is called in the report.
    ///
    /// # Errors
    /// If the statements name more products than [`VEX_NAMES_MAX`] or say more of versions than is compared, or the
    /// catalogue does not answer.
    pub fn inventory(
        &self,
        file: &str,
        sbom: Sbom,
        statements: &[Statement],
        now: Timestamp,
    ) -> Result<Inventory, NoInventory> {
        let said = vex::Vex::new(&sbom, statements)?;

        let (mut findings, mut unasked) = (Vec::new(), Vec::new());
        let mut asked: HashMap<Question, Arc<Vec<Arc<Known>>>> = HashMap::new();
        let (components, mut records) = (sbom.components.len(), 0);
        for (number, component) in sbom.components.iter().enumerate() {
            let reason = match question::question(component) {
                _ if number >= PARTS_MAX => "only the first 20,000 parts are asked about",
                _ if records >= RECORDS_MAX => "10,000 records were found for the parts before it",
                Err(reason) => reason,
                Ok(question) => {
                    let known = match asked.get(&question) {
                        Some(known) => known.clone(),
                        None => {
                            let known = Arc::new(self.known(&question)?);
                            asked.insert(question, known.clone());
                            known
                        }
                    };
                    let names = parts::Names::of(component);
                    for known in known.iter() {
                        records += known.records.len();
                        let vex = said.latest(&known.names, &names);
                        findings.push(Finding { component: component.clone(), known: known.clone(), vex });
                    }
                    continue;
                }
            };
            unasked.push(Unasked { component: component.clone(), reason });
        }
        said.checked()?;
        let notes = said.notes;
        findings.sort_by_cached_key(|finding: &Finding| {
            let severity = std::cmp::Reverse(finding.known.severity_tenths.unwrap_or(-1));
            let (place, id) = (finding.component.place.clone(), finding.known.id.clone());
            (!finding.stands(), finding.known.answer, severity, place, id)
        });
        let (format, subject) = (sbom.format, sbom.subject);
        let file = file.to_owned();
        Ok(Inventory { file, format, subject, at: now, components, unasked, findings, notes })
    }

    /// What is known of a part, vulnerability by vulnerability.
    fn known(&self, question: &Question) -> Result<Vec<Arc<Known>>, Error> {
        let mut all: Vec<Known> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for flaw in self.flaws_of_part(question)? {
            add(&mut all, &mut places, Known::new(flaw));
        }
        Ok(all.into_iter().map(|known| Arc::new(known.called_by_cve())).collect())
    }
}

/// Puts what a record says beside what others say of the same vulnerability.
fn add(all: &mut Vec<Known>, places: &mut HashMap<String, usize>, new: Known) {
    let place = new.names.iter().find_map(|name| places.get(name)).copied().unwrap_or(all.len());
    places.extend(new.names.iter().map(|name| (name.clone(), place)));
    match all.get_mut(place) {
        Some(known) => known.add(new),
        None => all.push(new),
    }
}

impl Known {
    fn new(flaw: Flaw) -> Self {
        let Flaw { record, vulnerability, answer, fixed, names } = flaw;
        let id = vulnerability.unwrap_or_else(|| record.id.clone());
        let (severity_tenths, is_exploited) = (record.severity_tenths, record.is_exploited);
        Self { id, answer, fixed, records: vec![record], severity_tenths, is_exploited, names }
    }

    fn add(&mut self, other: Self) {
        self.answer = self.answer.min(other.answer);
        self.severity_tenths = self.severity_tenths.max(other.severity_tenths);
        self.is_exploited |= other.is_exploited;
        self.names.extend(other.names);
        for record in other.records {
            if !self.records.iter().any(|kept| kept.row == record.row) {
                self.records.push(record);
            }
        }
        for version in other.fixed {
            if !self.fixed.contains(&version) {
                self.fixed.push(version);
            }
        }
    }

    fn called_by_cve(mut self) -> Self {
        if let Some(cve) = self.names.iter().find(|name| name.starts_with("cve-")) {
            self.id = cve.to_uppercase();
        }
        self
    }
}
