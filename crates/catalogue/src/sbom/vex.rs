//! Which statement of VEX is about a finding.

use super::super::rules::key;
use super::{NoInventory, Said, VEX_NAMES_MAX};
use formats::sbom::{Component, Sbom};
use formats::vex::{Product, Statement};
use std::collections::{BTreeSet, HashMap, HashSet};
use versions::Purl;
use versions::cpe::{self, Cpe, Relation};

/// What is called by a package URL and CPE names; other names say nothing that can be compared.
#[derive(Default)]
pub(super) struct Names {
    purls: Vec<Purl>,
    cpes: Vec<Cpe>,
    /// The version of a part whose package URL has none.
    version: Option<String>,
    /// What the bill calls a part within itself. A statement that names one is about that part alone, and not about
    /// what has the same names otherwise.
    reference: Option<String>,
}

/// All statements, ready to be asked by vulnerability.
pub(super) struct Vex<'a> {
    said: Vec<(&'a Statement, Vec<Meant>)>,
    by_vulnerability: HashMap<String, Vec<usize>>,
}

/// A product of a statement, or parts of one.
struct Meant {
    whole: Names,
    /// If any, the statement is about these alone.
    parts: Vec<Names>,
    /// The whole is what the bill is a bill of.
    is_subject: bool,
}

impl Names {
    fn read<'a>(names: impl Iterator<Item = &'a String>) -> Self {
        let mut read = Self::default();
        for name in names {
            if let Ok(purl) = name.parse() {
                read.purls.push(purl);
            } else if let Ok(cpe) = name.parse() {
                read.cpes.push(cpe);
            }
        }
        read
    }

    /// Of a product as a statement has it. A package URL means the package, even where the bill also calls a part so.
    fn said(product: &Product, references: &HashSet<&str>) -> Self {
        let is_bare = |name: &str| name.parse::<Purl>().is_err() && name.parse::<Cpe>().is_err();
        let is_reference = |name: &&String| references.contains(name.as_str()) && is_bare(name);
        let reference = product.reference.as_ref().or_else(|| product.names.iter().find(is_reference));
        Self { reference: reference.cloned(), ..Self::read(product.names.iter()) }
    }

    pub(super) fn of(component: &Component) -> Self {
        Self {
            version: component.version.clone(),
            reference: component.reference.clone(),
            ..Self::read(component.purl.iter().chain(&component.cpes))
        }
    }

    /// Whether these names, as a statement has them, mean a part.
    fn mean(&self, part: &Self) -> bool {
        if self.reference.is_some() {
            return self.reference == part.reference;
        }
        let version = part.version.as_deref();
        let purls = || self.purls.iter().any(|said| part.purls.iter().any(|own| is_same(said, own, version)));
        let is_within = |said, own| matches!(cpe::compare(said, own), Relation::Equal | Relation::Superset);
        purls() || self.cpes.iter().any(|said| part.cpes.iter().any(|own| is_within(said, own)))
    }
}

/// What a package URL leaves out it does not limit.
fn is_same(said: &Purl, own: &Purl, version: Option<&str>) -> bool {
    let own_version = own.version().or(version);
    said.kind() == own.kind()
        && said.namespace() == own.namespace()
        && said.name() == own.name()
        && said.version().is_none_or(|version| own_version == Some(version))
        && said.parts().qualifiers.iter().all(|(name, value)| own.qualifier(name) == Some(value.as_str()))
}

impl<'a> Vex<'a> {
    /// What the bill says itself, and what others state of it.
    pub(super) fn new(bill: &'a Sbom, statements: &'a [Statement]) -> Result<Self, NoInventory> {
        let subject = bill.subject.as_ref().map(Names::of);
        let parts = bill.components.iter().chain(&bill.subject);
        let references: HashSet<&str> = parts.filter_map(|part| part.reference.as_deref()).collect();
        let mut vex = Self { said: Vec::new(), by_vulnerability: HashMap::new() };
        let mut names = 0;
        for statement in bill.statements.iter().chain(statements) {
            let count = |product: &Product| product.names.len() + usize::from(product.reference.is_some());
            let all = statement.products.iter().flat_map(|product| product.parts.iter().chain([product]));
            names += all.map(count).sum::<usize>();
            if names > VEX_NAMES_MAX {
                continue;
            }
            for name in statement.vulnerabilities.iter().map(|name| key(name)).collect::<BTreeSet<_>>() {
                vex.by_vulnerability.entry(name).or_default().push(vex.said.len());
            }
            let meant = |product: &Product| {
                let whole = Names::said(product, &references);
                let is_subject = subject.as_ref().is_some_and(|subject| whole.mean(subject));
                let parts = product.parts.iter().map(|part| Names::said(part, &references)).collect();
                Meant { whole, parts, is_subject }
            };
            vex.said.push((statement, statement.products.iter().map(meant).collect()));
        }
        if names > VEX_NAMES_MAX { Err(NoInventory::TooManyNames { names }) } else { Ok(vex) }
    }

    /// The latest statement about this vulnerability of this part, or of the whole that it is a part of.
    pub(super) fn latest(&self, vulnerability: &BTreeSet<String>, part: &Names) -> Option<Said> {
        let places = vulnerability.iter().filter_map(|name| self.by_vulnerability.get(name)).flatten();
        let places: BTreeSet<usize> = places.copied().collect();
        let about = places.into_iter().filter_map(|place| self.said.get(place));
        let about = about.filter(|(_, products)| products.iter().any(|product| product.includes(part)));
        // Of statements of the same time the last in the documents counts.
        let (latest, _) = about.max_by_key(|(statement, _)| statement.at)?;
        Some(Said {
            status: latest.status,
            source: latest.source.clone(),
            document: latest.document.clone(),
            at: latest.at,
            why: latest.why.clone(),
        })
    }
}

impl Meant {
    fn includes(&self, part: &Names) -> bool {
        match self.parts.as_slice() {
            [] => self.is_subject || self.whole.mean(part),
            // Said of parts of another product, it is nothing about the same parts here.
            parts => self.is_subject && parts.iter().any(|said| said.mean(part)),
        }
    }
}
