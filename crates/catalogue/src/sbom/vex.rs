//! Which statement of VEX is about a finding.
//!
//! What is said of some versions of a part is held against the version in the bill once, when the statements are read:
//! formats that speak so name the part by its reference, which is that of one part.

use super::super::rules::{clip, key};
use super::{NoInventory, Said, VEX_NAMES_MAX, part_version, status_word};
use formats::record::Status;
use formats::sbom::{Component, Sbom};
use formats::vex::{Product, Statement, Versions};
use std::collections::{BTreeSet, HashMap};
use versions::cpe::{self, Cpe, Relation};
use versions::{Affected, Ecosystem, Purl, Verdict, Vers};

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
    /// What is said of the version in the bill, where each is spoken of by itself.
    of_version: Option<Decided>,
}

/// What is said of one version of a part.
#[derive(Clone)]
struct Decided {
    status: Status,
    /// Why that cannot be told, if it cannot.
    doubt: Option<String>,
}

/// What a bill calls its parts within itself, and what links lead there.
struct References<'a> {
    bill: &'a Sbom,
    /// Where several parts have one, which must not be, none of them.
    parts: HashMap<&'a str, Option<&'a Component>>,
}

impl<'a> References<'a> {
    fn of(bill: &'a Sbom) -> Self {
        let mut parts = HashMap::new();
        for part in bill.components.iter().chain(&bill.subject) {
            let Some(reference) = part.reference.as_deref() else { continue };
            parts.entry(reference).and_modify(|known| *known = None).or_insert(Some(part));
        }
        Self { bill, parts }
    }

    /// The one part that is called so.
    fn part(&self, reference: &str) -> Option<&'a Component> {
        *self.parts.get(reference)?
    }

    /// The part that a name means. A package URL means the package, even where the bill also calls a part so.
    fn meant(&self, name: &str) -> Option<String> {
        let is_there = |name: &str| self.part(name).is_some();
        let is_bare = || name.parse::<Purl>().is_err() && name.parse::<Cpe>().is_err();
        match is_there(name) && is_bare() {
            true => Some(name.to_owned()),
            false => self.bill.linked(name, is_there),
        }
    }
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

    /// Of a product as a statement has it.
    fn said(product: &Product, references: &References<'_>) -> Self {
        let named = || product.names.iter().find_map(|name| references.meant(name));
        let reference = product.reference.clone().or_else(named);
        if reference.as_ref().is_some_and(|reference| references.part(reference).is_none()) {
            return Self::default();
        }
        Self { reference, ..Self::read(product.names.iter()) }
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
        let references = References::of(bill);
        let mut vex = Self { said: Vec::new(), by_vulnerability: HashMap::new() };
        let mut names = 0;
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
            let meant = |product: &Product| {
                let whole = Names::said(product, &references);
                let of_version = match product.versions.as_slice() {
                    [] => None,
                    versions => Some(of_versions(versions, &references, whole.reference.as_deref())?),
                };
                let is_subject = subject.as_ref().is_some_and(|subject| whole.mean(subject));
                let parts = product.parts.iter().map(|part| Names::said(part, &references)).collect();
                Some(Meant { whole, parts, is_subject, of_version })
            };
            vex.said.push((statement, statement.products.iter().filter_map(meant).collect()));
        }
        if names > VEX_NAMES_MAX { Err(NoInventory::TooManyNames { names }) } else { Ok(vex) }
    }

    /// The latest statement about this vulnerability of this part, or of the whole that it is a part of.
    pub(super) fn latest(&self, vulnerability: &BTreeSet<String>, part: &Names) -> Option<Said> {
        let places = vulnerability.iter().filter_map(|name| self.by_vulnerability.get(name)).flatten();
        let places: BTreeSet<usize> = places.copied().collect();
        let about = places.into_iter().filter_map(|place| self.said.get(place));
        let about = about.filter_map(|(statement, products)| {
            let about = products.iter().filter(|product| product.includes(part));
            let said = about.map(|product| product.says(statement)).min_by_key(|said| reach(said.status))?;
            Some((statement, said))
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

/// How far a status goes towards taking a finding for answered: of several about one version the first counts.
fn reach(status: Status) -> u8 {
    match status {
        Status::Affected => 0,
        Status::Unknown => 1,
        Status::UnderInvestigation => 2,
        Status::Fixed => 3,
        Status::NotAffected => 4,
    }
}

/// What is said of the version of a part in the bill; none if nothing is.
fn of_versions(
    versions: &[Versions],
    references: &References<'_>,
    reference: Option<&str>,
) -> Option<Decided> {
    let part = references.part(reference?)?;
    let doubt = |status: Status, why: String| Decided {
        status: Status::Unknown,
        doubt: Some(format!("it says {:?} of some versions, and {why}", status_word(status))),
    };
    let Some(version) = part_version(part) else {
        let said = versions.iter().filter_map(|versions| versions.status);
        let said = said.min_by_key(|status| reach(*status));
        return said.map(|status| doubt(status, "the part has none".to_owned()));
    };
    let kind = part.purl.as_ref().and_then(|purl| purl.parse::<Purl>().ok());
    let kind = kind.as_ref().map_or("generic", Purl::kind);
    let held = || versions.iter().map(|one| (holds(one, kind, &version), one));
    let named = held().filter(|(holds, _)| *holds == Some(true)).map(|(_, one)| one);
    // What names this very version is meant before a range that holds it.
    let surest = named.min_by_key(|one| (one.is_range, one.status.map(reach)));
    let unread = held()
        .filter(|(holds, one)| holds.is_none() && one.status.is_some())
        .map(|(_, one)| one)
        .find(|unread| surest.is_none_or(|surest| surest.is_range && surest.status != unread.status));
    match (surest.and_then(|surest| surest.status), unread) {
        (status, None) => Some(Decided { status: status?, doubt: None }),
        (Some(Status::Affected), _) => Some(Decided { status: Status::Affected, doubt: None }),
        (_, Some(unread)) => {
            let range = clip(&unread.text, RANGE_CHARS);
            Some(doubt(unread.status?, format!("whether {version} is one of {range:?} cannot be told")))
        }
    }
}

/// Letters of a range that are shown.
const RANGE_CHARS: usize = 120;

/// Whether a version is one of these; none if that cannot be told.
fn holds(versions: &Versions, kind: &str, version: &str) -> Option<bool> {
    if versions.is_range {
        return versions.text.parse::<Vers>().ok()?.contains(version);
    }
    let one = Affected { ranges: Vec::new(), versions: vec![versions.text.trim()] };
    let ecosystem = Ecosystem::parse(kind).or_else(|| Ecosystem::parse("generic"))?;
    match versions::affected(&ecosystem, version, &one) {
        Verdict::Yes(_) => Some(true),
        Verdict::No => Some(false),
        Verdict::Unknown => None,
    }
}

impl Meant {
    fn says(&self, statement: &Statement) -> Decided {
        self.of_version.clone().unwrap_or(Decided { status: statement.status, doubt: None })
    }

    fn includes(&self, part: &Names) -> bool {
        match self.parts.as_slice() {
            [] => self.is_subject || self.whole.mean(part),
            // Said of parts of another product, it is nothing about the same parts here.
            parts => self.is_subject && parts.iter().any(|said| said.mean(part)),
        }
    }
}
