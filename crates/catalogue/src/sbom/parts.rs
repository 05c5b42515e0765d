//! The parts of a bill by all that VEX may call them.

use super::super::rules::{Package, clip};
use super::unheard::Why;
use formats::sbom::{Component, Sbom, is_bom_link};
use formats::vex::Product;
use std::collections::HashMap;
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
    /// Why no part is meant, where there is nothing to compare.
    pub(super) why: Why,
}

impl Names {
    fn read<'a>(names: impl Iterator<Item = &'a String>) -> Self {
        let mut read = Self::default();
        for name in names {
            if let Ok(purl) = name.parse() {
                read.purls.push(purl);
            } else if let Ok(cpe) = name.parse() {
                read.cpes.push(cpe);
            } else if !is_bom_link(name) {
                read.why = Why::InWords;
            }
        }
        read
    }

    /// Of a product as a statement has it.
    pub(super) fn said(product: &Product, parts: &Parts<'_>) -> Self {
        let named =
            || product.names.iter().find_map(|name| parts.called(name, |name| parts.part(name).is_some()));
        let reference = product.reference.clone().or_else(named);
        let shared = |name: &str| parts.by_reference.contains_key(name) && parts.part(name).is_none();
        match reference {
            Some(reference) if parts.part(&reference).is_none() => {
                let why = if shared(&reference) { Why::Shared } else { Why::NotInBill };
                Self { why, ..Self::default() }
            }
            reference => {
                let mut read = Self { reference, ..Self::read(product.names.iter()) };
                if read.are_words() && product.names.iter().any(|name| parts.called(name, shared).is_some()) {
                    read.why = Why::Shared;
                }
                read
            }
        }
    }

    pub(super) fn of(component: &Component) -> Self {
        Self {
            version: component.version.clone(),
            reference: component.reference.clone(),
            ..Self::read(component.purl.iter().chain(&component.cpes))
        }
    }

    /// Whether these names, as a statement has them, mean a part. Where versions are listed beside them, the one in a
    /// package URL does not count; what CPE names mean then cannot be told.
    pub(super) fn mean(&self, part: &Self, has_versions: bool) -> bool {
        if self.reference.is_some() {
            return self.reference == part.reference;
        }
        let is_within = |said, own| matches!(cpe::compare(said, own), Relation::Equal | Relation::Superset);
        let is_same = |said: &Purl, own: &Purl| {
            let version = said.version().filter(|_| !has_versions);
            is_package(said, own) && version.is_none_or(|said| own.version().or(part.version()) == Some(said))
        };
        self.purls.iter().any(|said| part.purls.iter().any(|own| is_same(said, own)))
            || !has_versions && self.cpes.iter().any(|said| part.cpes.iter().any(|own| is_within(said, own)))
    }

    /// Whether it is called by words alone, which mean nothing elsewhere.
    pub(super) fn are_words(&self) -> bool {
        self.reference.is_none() && self.purls.is_empty() && self.cpes.is_empty()
    }

    /// Whether versions are listed beside names with which they cannot be compared.
    pub(super) fn is_listed_apart(&self, has_versions: bool) -> bool {
        has_versions && self.reference.is_none() && self.purls.is_empty() && !self.cpes.is_empty()
    }

    /// The version of a part: of its package URL, or given apart.
    pub(super) fn version(&self) -> Option<&str> {
        self.purls.first().and_then(Purl::version).or(self.version.as_deref())
    }

    /// The type of a part's package URL.
    pub(super) fn kind(&self) -> &str {
        self.purls.first().map_or("generic", Purl::kind)
    }
}

/// What a package URL leaves out it does not limit.
fn is_package(said: &Purl, own: &Purl) -> bool {
    said.kind() == own.kind()
        && said.namespace() == own.namespace()
        && said.name() == own.name()
        && said.parts().subpath.as_ref().is_none_or(|said| own.parts().subpath.as_ref() == Some(said))
        && said.parts().qualifiers.iter().all(|(name, value)| own.qualifier(name) == Some(value.as_str()))
}

/// All parts of a bill, and what it is a bill of.
pub(super) struct Parts<'a> {
    bill: &'a Sbom,
    names: Vec<Names>,
    /// Where several parts have one, which must not be, it means none of them.
    by_reference: HashMap<&'a str, Option<usize>>,
    /// By package URLs without their versions, and by vendor and product of CPE names.
    by_package: HashMap<String, Vec<usize>>,
    /// Those with a CPE name: one with wildcards may mean any of them.
    with_cpe: Vec<usize>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(bill: &'a Sbom) -> Self {
        let mut parts = Self {
            bill,
            names: Vec::new(),
            by_reference: HashMap::new(),
            by_package: HashMap::new(),
            with_cpe: Vec::new(),
        };
        for (place, part) in bill.components.iter().chain(&bill.subject).enumerate() {
            let names = Names::of(part);
            if let Some(reference) = part.reference.as_deref() {
                let known = parts.by_reference.entry(reference);
                known.and_modify(|known| *known = None).or_insert(Some(place));
            }
            let products = names.cpes.iter().filter_map(Package::of_cpe).map(|product| product.key);
            for key in names.purls.iter().map(Purl::package).chain(products) {
                parts.by_package.entry(key).or_default().push(place);
            }
            if !names.cpes.is_empty() {
                parts.with_cpe.push(place);
            }
            parts.names.push(names);
        }
        parts
    }

    /// The one part that is called so within the bill.
    pub(super) fn part(&self, reference: &str) -> Option<&Names> {
        self.names.get((*self.by_reference.get(reference)?)?)
    }

    /// The reference that a name means within the bill, of those that are wanted. A package URL means the package, even
    /// where the bill also calls a part so.
    fn called(&self, name: &str, is_wanted: impl Fn(&str) -> bool) -> Option<String> {
        let is_bare = || name.parse::<Purl>().is_err() && name.parse::<Cpe>().is_err();
        match is_wanted(name) && is_bare() {
            true => Some(name.to_owned()),
            false => self.bill.linked(name, is_wanted),
        }
    }

    /// Whether a name, which is none that means the same everywhere, is name and version of what the bill is of.
    pub(super) fn is_subject(&self, name: &str) -> bool {
        let Some(subject) = &self.bill.subject else { return false };
        let versions = [subject.version.as_deref(), self.names.last().and_then(Names::version)];
        let called = |version: &str| {
            let rest = name.trim().strip_prefix(subject.name.as_str())?;
            Some(matches!(rest.strip_suffix(version)?, " " | "@"))
        };
        !subject.name.is_empty() && versions.into_iter().flatten().any(|own| called(own).unwrap_or_default())
    }

    /// What the bill is of.
    pub(super) fn subject(&self) -> Option<&Names> {
        self.names.last().filter(|_| self.bill.subject.is_some())
    }

    /// The parts that a statement's names may mean, and whether each is certainly the same product, in whatever version.
    pub(super) fn near<'s>(&'s self, said: &'s Names) -> impl Iterator<Item = (&'s Names, bool)> {
        let own = said.reference.iter().filter_map(|reference| Some((self.part(reference)?, true)));
        let keys = said.purls.iter().map(Purl::package).map(Some);
        let keys = keys.chain(said.cpes.iter().map(|name| Some(Package::of_cpe(name)?.key)));
        own.chain(keys.flat_map(move |key| {
            let (places, is_same) = match &key {
                Some(key) => (self.by_package.get(key).map(Vec::as_slice).unwrap_or_default(), true),
                None => (self.with_cpe.as_slice(), false),
            };
            places.iter().filter_map(move |place| Some((self.names.get(*place)?, is_same)))
        }))
    }

    /// References that several parts have, as a note says it.
    pub(super) fn shared(&self) -> Option<String> {
        let shared = self.by_reference.iter().filter(|(_, part)| part.is_none());
        let mut shared: Vec<&str> = shared.map(|(reference, _)| *reference).collect();
        shared.sort_unstable();
        let named = shared.iter().take(SHARED).map(|reference| format!("{:?}", clip(reference, 60)));
        let named = named.collect::<Vec<_>>().join(", ");
        let said = "the reference of several parts of the bill: no VEX by";
        Some(match shared.len() {
            0 => return None,
            1 => format!("{named} is {said} it is heard"),
            all if all <= SHARED => format!("{named} are each {said} them is heard"),
            all => format!("{named} and {} more are each {said} them is heard", all - SHARED),
        })
    }
}

/// References that are named in a note.
const SHARED: usize = 5;
