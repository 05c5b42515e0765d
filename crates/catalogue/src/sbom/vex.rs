//! Which statement of VEX is about a finding.

use super::super::rules::key;
use super::listed::{Decided, of_versions, reach};
use super::parts::{Names, Parts};
use super::unheard::{Why, notes};
use super::{NoInventory, Said, VEX_BYTES_MAX, VEX_NAMES_MAX};
use formats::sbom::Sbom;
use formats::vex::{Product, Statement, Versions};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// All statements, ready to be asked by vulnerability.
pub(super) struct Vex<'a> {
    said: Vec<(&'a Statement, Vec<Meant<'a>>)>,
    by_vulnerability: HashMap<String, Vec<usize>>,
    budget: Budget,
    /// What else is to be told: which statements are heard of no part.
    pub(super) notes: Vec<String>,
}

/// A product of a statement, or parts of one.
struct Meant<'a> {
    whole: Names,
    /// If any, the statement is about these alone.
    parts: Vec<Names>,
    /// Where each version is spoken of by itself, those.
    versions: &'a [Versions],
    /// What is said of what the bill is a bill of, if the whole is that.
    of_subject: Option<Decided>,
}

/// Bytes of lists of versions, and names, that may still be compared: each may be held against each part. None once
/// there was more.
struct Budget(Cell<Option<usize>>);

impl Budget {
    fn new() -> Self {
        Self(Cell::new(Some(VEX_BYTES_MAX)))
    }

    fn pay(&self, bytes: usize) -> bool {
        self.0.set(self.0.get().and_then(|left| left.checked_sub(bytes)));
        !self.is_spent()
    }

    fn is_spent(&self) -> bool {
        self.0.get().is_none()
    }

    /// What these versions say of a part.
    fn of_versions(&self, versions: &[Versions], part: &Names) -> Option<Decided> {
        let bytes = versions.iter().map(|one| one.text.len() + 1).sum();
        if self.pay(bytes) { of_versions(versions, part) } else { None }
    }
}

impl<'a> Vex<'a> {
    /// What the bill says itself, and what others state of it.
    pub(super) fn new(bill: &'a Sbom, statements: &'a [Statement]) -> Result<Self, NoInventory> {
        let parts = Parts::of(bill);
        let mut vex = Self {
            said: Vec::new(),
            by_vulnerability: HashMap::new(),
            budget: Budget::new(),
            notes: Vec::new(),
        };
        // A note is worth no refusal: what it takes is counted apart.
        let for_notes = Budget::new();
        let (mut names, mut unheard) = (0, BTreeMap::new());
        for statement in bill.statements.iter().chain(statements) {
            let count = |product: &Product| {
                product.names.len() + product.versions.len() + usize::from(product.reference.is_some())
            };
            let all = statement.products.iter().flat_map(|product| product.parts.iter().chain([product]));
            names += all.map(count).sum::<usize>();
            if names > VEX_NAMES_MAX {
                continue;
            }
            for name in statement.vulnerabilities.iter().map(|name| key(name)).collect::<BTreeSet<_>>() {
                vex.by_vulnerability.entry(name).or_default().push(vex.said.len());
            }
            let meant = statement.products.iter().map(|product| vex.meant(statement, product, &parts));
            let meant: Vec<_> = meant.collect();
            if let Some(why) = unheard_of(statement, &meant, &parts, &for_notes) {
                *unheard.entry(why).or_default() += 1;
            }
            vex.said.push((statement, meant));
        }
        if names > VEX_NAMES_MAX {
            return Err(NoInventory::TooManyNames { names });
        }
        vex.notes = notes(&unheard, for_notes.is_spent());
        vex.notes.extend(parts.shared().filter(|_| !vex.said.is_empty()));
        vex.checked()?;
        Ok(vex)
    }

    /// Whether all could be compared that was to be.
    pub(super) fn checked(&self) -> Result<(), NoInventory> {
        if self.budget.is_spent() { Err(NoInventory::TooMuchToCompare) } else { Ok(()) }
    }

    fn meant(&self, statement: &Statement, product: &'a Product, parts: &Parts<'_>) -> Meant<'a> {
        let whole = Names::said(product, parts);
        let inner = product.parts.iter().map(|part| Names::said(part, parts)).collect();
        let is_called = whole.are_words() && product.names.iter().any(|name| parts.is_subject(name));
        let mut meant = Meant { whole, parts: inner, versions: &product.versions, of_subject: None };
        meant.of_subject = parts.subject().and_then(|subject| match (is_called, &*product.versions) {
            (false, _) => meant.says(statement, subject, &self.budget),
            (true, []) => Some(Decided { status: statement.status, doubt: None }),
            (true, versions) => self.budget.of_versions(versions, subject),
        });
        meant
    }

    /// The latest statement about this vulnerability of this part, or of the whole that it is a part of.
    pub(super) fn latest(&self, vulnerability: &BTreeSet<String>, part: &Names) -> Option<Said> {
        let places = vulnerability.iter().filter_map(|name| self.by_vulnerability.get(name)).flatten();
        let places: BTreeSet<usize> = places.copied().collect();
        let about = places.into_iter().filter_map(|place| self.said.get(place));
        let about = about.filter_map(|(statement, products)| {
            let said = products.iter().filter_map(|product| product.about(statement, part, &self.budget));
            Some((statement, said.min_by_key(|said| reach(said.status))?))
        });
        // Of statements of the same time the last in the documents counts.
        let (latest, said) = about.max_by_key(|(statement, _)| statement.at)?;
        let why = if said.status == latest.status { latest.why.clone() } else { None };
        Some(Said {
            status: said.status,
            source: latest.source.clone(),
            document: latest.document.clone(),
            at: latest.at,
            why: said.doubt.or(why),
        })
    }
}

/// Why a statement is heard of no part at all, if it is not.
fn unheard_of(
    statement: &Statement,
    products: &[Meant<'_>],
    parts: &Parts<'_>,
    budget: &Budget,
) -> Option<Why> {
    if statement.vulnerabilities.is_empty() {
        return Some(Why::Nameless);
    }
    let mut closest = Why::NotInBill;
    for (place, product) in products.iter().enumerate() {
        let why = product.unheard(parts, budget)?;
        closest = if place == 0 { why } else { closest.min(why) };
    }
    Some(closest)
}

impl Meant<'_> {
    /// What is said of a part, where the whole is that part.
    fn says(&self, statement: &Statement, part: &Names, budget: &Budget) -> Option<Decided> {
        match self.versions {
            _ if !budget.pay(NAME_COST) || !self.whole.mean(part, !self.versions.is_empty()) => None,
            [] => Some(Decided { status: statement.status, doubt: None }),
            versions => budget.of_versions(versions, part),
        }
    }

    /// What is said of a part, be it of that or of the whole.
    fn about(&self, statement: &Statement, part: &Names, budget: &Budget) -> Option<Decided> {
        match self.parts.as_slice() {
            // What is said of the part itself comes before what is said of the whole.
            [] => self.says(statement, part, budget).or_else(|| self.of_subject.clone()),
            // Said of parts of another product, it is nothing about the same parts here.
            parts => self
                .of_subject
                .clone()
                .filter(|_| parts.iter().any(|said| budget.pay(NAME_COST) && said.mean(part, false))),
        }
    }

    /// Why no part is meant, if none is.
    fn unheard(&self, parts: &Parts<'_>, budget: &Budget) -> Option<Why> {
        match (self.parts.as_slice(), &self.of_subject) {
            ([], Some(_)) => None,
            (_, None) => {
                let why = looked_up(&self.whole, self.versions, parts, budget);
                // It is in the bill, but not as the whole that it is to be.
                why.or((!self.parts.is_empty()).then_some(Why::NotInBill))
            }
            (inner, Some(_)) => {
                let mut closest = Why::Nameless;
                for said in inner {
                    closest = closest.min(looked_up(said, &[], parts, budget)?);
                }
                Some(closest)
            }
        }
    }
}

/// Why names, as a statement has them, mean no part of a bill, if they mean none.
fn looked_up(said: &Names, versions: &[Versions], parts: &Parts<'_>, budget: &Budget) -> Option<Why> {
    if said.is_listed_apart(!versions.is_empty()) {
        return Some(Why::ListedApart);
    }
    let mut why = if said.are_words() { said.why } else { Why::NotInBill };
    for (part, is_same) in parts.near(said) {
        // Each name that is compared costs as much as some bytes do.
        if !budget.pay(NAME_COST) {
            break;
        }
        let is_meant = said.mean(part, !versions.is_empty());
        if is_meant && (versions.is_empty() || budget.of_versions(versions, part).is_some()) {
            return None;
        }
        if is_same {
            why = Why::OtherVersions;
        }
    }
    Some(why)
}

/// What comparing names costs, in bytes.
const NAME_COST: usize = 8;
