//! "Am I affected?", over everything that is known under one id.

use super::readable::{Line, ends, fixed_versions, lines};
use super::statement::{Answer, Stance, UNNAMED, label, packages, statement};
use super::{Asked, Subject, as_compared, name_key, of_cpe};
use formats::record::{Affected, Record, Status};
use std::collections::HashMap;

/// What one record says of one product or package.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Product {
    /// What it is called.
    pub label: String,
    /// Which versions, in words.
    pub lines: Vec<Line>,
    /// The versions stated as fixed.
    pub fixed: Vec<String>,
    /// Where its affected versions end, without a word about what comes then.
    pub ends: Vec<String>,
    /// The platforms that it is limited to.
    pub platforms: Vec<String>,
    /// Who says so, where the record names them: the containers of CVE.
    pub sources: Vec<String>,
}

/// Statements told of one product: real ones have a few, lists of every build have thousands.
pub const LINES_MAX: usize = 200;

/// What a record says, product by product, in the record's order.
pub fn products(record: &Record) -> Vec<Product> {
    let (mut products, rows) = of_rows(record.affected.iter());
    if super::several(record).next().is_some() {
        products.iter_mut().zip(&rows).for_each(|(product, rows)| forget_half_fixes(rows, product));
    }
    products
}

/// What a document says of vulnerabilities about which it says the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfFlaws<'r> {
    /// Their names.
    pub vulnerabilities: Vec<&'r str>,
    /// What it says, product by product.
    pub products: Vec<Product>,
}

/// What a document about several vulnerabilities says of them, in its order: at most `most` different things, and how
/// many vulnerabilities are left out then. What it says of none by name it says of each.
pub fn by_flaws<'r>(record: &'r Record, most: usize) -> (Vec<OfFlaws<'r>>, usize) {
    let mut rows: HashMap<&str, Vec<usize>> = HashMap::new();
    let all = record.affected.iter().enumerate();
    for (place, name) in
        all.flat_map(|(place, row)| row.vulnerabilities.iter().map(move |name| (place, name)))
    {
        let of_name = rows.entry(name).or_default();
        if of_name.last() != Some(&place) {
            of_name.push(place);
        }
    }
    let mut groups: Vec<(Vec<&'r str>, &[usize])> = Vec::new();
    let mut places: HashMap<&[usize], usize> = HashMap::new();
    let mut left = 0;
    for name in super::several(record) {
        let Some(rows) = rows.get(name).map(Vec::as_slice) else { continue };
        match places.get(rows) {
            Some(place) => groups[*place].0.push(name),
            None if groups.len() < most => {
                places.insert(rows, groups.len());
                groups.push((vec![name], rows));
            }
            None => left += 1,
        }
    }
    let said = |(vulnerabilities, rows): (Vec<&'r str>, &[usize])| {
        let named = |place: &usize| rows.binary_search(place).is_ok();
        let all = record.affected.iter().enumerate();
        let own = all.filter(|(place, row)| row.vulnerabilities.is_empty() || named(place));
        OfFlaws { vulnerabilities, products: of_rows(own.map(|(_, row)| row)).0 }
    };
    (groups.into_iter().map(said).collect(), left)
}

/// What rows say, product by product, and which of them.
fn of_rows<'r>(all: impl Iterator<Item = &'r Affected>) -> (Vec<Product>, Vec<Vec<&'r Affected>>) {
    let mut products: Vec<Product> = Vec::new();
    let mut rows: Vec<Vec<&Affected>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in all {
        let label = label(row);
        if label == UNNAMED && row.ranges.is_empty() && row.versions.is_empty() {
            continue;
        }
        let place = *places.entry(name_key(&label)).or_insert_with(|| {
            products.push(Product { label, ..Product::default() });
            rows.push(Vec::new());
            products.len() - 1
        });
        let (Some(product), Some(rows)) = (products.get_mut(place), rows.get_mut(place)) else { continue };
        rows.push(row);
        add(&mut product.lines, listed(row));
        add(&mut product.fixed, fixed_versions(row));
        add(&mut product.ends, ends(row));
        add(&mut product.platforms, row.platforms.iter().take(LINES_MAX).cloned().collect());
        add(&mut product.sources, row.source.iter().cloned().collect());
    }
    (products, rows)
}

/// CSAF 2.0, 3.2.3.9: a version may be fixed for one vulnerability and affected by another. Nobody is told to go there.
fn forget_half_fixes(rows: &[&Affected], product: &mut Product) {
    // Lists of every build are read by nobody line by line.
    if rows.len() <= LINES_MAX {
        product.fixed.retain(|version| !rows.iter().any(|row| stance_on(row, version) == Stance::Affected));
    }
}

/// Adds what is not there yet.
fn add<T: PartialEq>(all: &mut Vec<T>, new: Vec<T>) {
    for one in new {
        if all.len() < LINES_MAX && !all.contains(&one) {
            all.push(one);
        }
    }
}

/// The statements of a row, and for versions that are only listed, the list.
fn listed(row: &Affected) -> Vec<Line> {
    let mut all = lines(row);
    if all.is_empty() {
        let one = |version: &String| Line { status: Status::Affected, text: super::clip(version, 120) };
        all.extend(row.versions.iter().take(LINES_MAX).map(one));
    }
    all
}

/// An answer, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The record that says so.
    pub id: String,
    /// Whose record it is: several sources write under one id.
    pub source: formats::record::Source,
    /// About which product or package.
    pub label: String,
    /// What it says.
    pub answer: Answer,
    /// The versions that it states as fixed.
    pub fixed: Vec<String>,
    /// Of a document about several vulnerabilities, what it says of each: where a product was asked about.
    pub each: Vec<(String, Answer)>,
}

/// What records say of a version of a product; without a product, of that version of each.
pub fn tell<'a>(
    records: impl Iterator<Item = &'a Record>,
    product: Option<&str>,
    version: &str,
) -> Vec<Told> {
    let mut told: Vec<(Stance, Told)> = Vec::new();
    let wanted = product.map(name_key);
    for record in records {
        for row in &record.affected {
            let label = label(row);
            if wanted.as_ref().is_some_and(|wanted| *wanted != name_key(&label)) {
                continue;
            }
            let stance = stance_on(row, version);
            let known = told.iter().position(|(_, known)| {
                known.id == record.id && known.source == record.source && known.label == label
            });
            let (id, source, answer) = (record.id.clone(), record.source, stance.answer());
            let new = Told { id, source, label, answer, fixed: fixed_versions(row), each: Vec::new() };
            match known {
                // Of several statements about one product, the surest counts.
                Some(at) if stance < told[at].0 => told[at] = (stance, new),
                Some(_) => {}
                None if told.len() < LINES_MAX => told.push((stance, new)),
                None => {}
            }
        }
        // Of one product it is read; of thousands it would take long, and nobody asks.
        if wanted.is_some() && super::several(record).next().is_some() {
            let of_record =
                |told: &&mut (Stance, Told)| told.1.id == record.id && told.1.source == record.source;
            for (_, told) in told.iter_mut().filter(of_record) {
                told.each = each(record, &name_key(&told.label), version);
            }
        }
    }
    told.into_iter().map(|(_, told)| told).collect()
}

/// What a document about several vulnerabilities says of each of them, the affecting ones first.
fn each(record: &Record, label_key: &str, version: &str) -> Vec<(String, Answer)> {
    let says = |row: &Affected| (name_key(&label(row)) == label_key).then(|| stance_on(row, version));
    let said = super::apart(record, says).into_iter();
    let mut each: Vec<(String, Answer)> =
        said.filter_map(|(name, stance)| Some((name?.to_owned(), stance.answer()))).collect();
    each.sort_by_key(|(_, answer)| *answer);
    each
}

/// Whether a version of a product is affected, as far as the rows of a record that name it say.
/// Names are as `name_key` writes them; an empty one may be any.
pub(crate) fn answer_for_product(record: &Record, vendor: &str, product: &str, version: &str) -> Answer {
    let said = record.affected.iter().filter_map(|row| stance_on_product(row, vendor, product, version));
    said.min().map_or(Answer::NotAffected, Stance::answer)
}

/// What one row says of it, if it names the product.
pub(crate) fn stance_on_product(
    row: &Affected,
    vendor: &str,
    product: &str,
    version: &str,
) -> Option<Stance> {
    let fits = |(known_vendor, known_product): (String, String)| {
        (vendor.is_empty() || known_vendor == vendor) && (product.is_empty() || known_product == product)
    };
    let key = |name: &Option<String>| name.as_deref().map(name_key).unwrap_or_default();
    let names_it = fits((key(&row.vendor), key(&row.product)))
        || row.cpes.iter().filter_map(|cpe| of_cpe(cpe)).any(fits);
    names_it.then(|| stance_on(row, version))
}

/// What a row says of a version of what it names first.
fn stance_on(row: &Affected, version: &str) -> Stance {
    let ecosystem = packages(row).into_iter().next().map(|package| package.ecosystem);
    statement::<&str>(row).map_or(Stance::Doubt, |said| said.stance(ecosystem.as_ref(), version))
}

/// Whether a record names what is asked for in a criterion, vulnerable or not; a doubt counts as yes. Where
/// it has no criteria at all, its rows are asked by the names of vendor and product.
pub(crate) fn concerns(record: &Record, asked: &Asked) -> bool {
    let criteria = super::criteria(record);
    if criteria.is_empty() {
        let Some(Subject::Product { vendor, product, version, .. }) = Subject::of_name(asked.name.clone())
        else {
            return false;
        };
        return version.is_none_or(|version| {
            answer_for_product(record, &vendor, &product, &version) != Answer::NotAffected
        });
    }
    let criteria = criteria.iter().filter(|one| one.vulnerable || !asked.only_vulnerable);
    criteria.filter_map(as_compared).any(|criterion| {
        let fits = match asked.is_virtual {
            true => criterion.overlaps(&asked.name, &asked.span),
            false => criterion.is_met_by(&asked.name),
        };
        fits != Some(false)
    })
}

/// The versions that rows state as fixed, each once.
pub(super) fn fixed_of_rows<'r>(rows: impl Iterator<Item = &'r Affected>) -> Vec<String> {
    let mut fixed = Vec::new();
    rows.for_each(|row| add(&mut fixed, fixed_versions(row)));
    fixed.truncate(FIXED_MAX);
    fixed
}

/// Fixed versions that are told of one record.
const FIXED_MAX: usize = 20;

/// What all of it comes to: one source that says "affected" is enough, and one doubt is a doubt.
pub fn verdict(told: &[Told]) -> Option<Answer> {
    told.iter().map(|told| told.answer).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use formats::record::VersionEntry;

    fn record(id: &str, rows: &[(&str, &str, Status)]) -> Record {
        let row = |(product, less_than, status): &(&str, &str, Status)| {
            let entry = VersionEntry {
                version: "0".into(),
                less_than: Some((*less_than).into()),
                status: *status,
                ..Default::default()
            };
            Affected {
                product: Some((*product).into()),
                version_entries: vec![entry],
                default_status: Some(Status::NotAffected),
                ..Default::default()
            }
        };
        Record { id: id.into(), affected: rows.iter().map(row).collect(), ..Record::default() }
    }

    fn row(version: &str, status: Status, flaws: &[&str]) -> Affected {
        Affected {
            product: Some("kettle".into()),
            version_entries: vec![VersionEntry { version: version.into(), status, ..Default::default() }],
            vulnerabilities: flaws.iter().map(|flaw| (*flaw).to_owned()).collect(),
            ..Default::default()
        }
    }

    /// CSAF 2.0, 3.2.3.9: each vulnerability has a product status of its own.
    #[test]
    fn nobody_is_told_to_go_to_a_version_that_another_flaw_affects() {
        let affected = vec![
            row("1.0", Status::Affected, &["CVE-1"]),
            row("1.1", Status::Fixed, &["CVE-1"]),
            row("1.1", Status::Affected, &["CVE-2"]),
            row("1.2", Status::Fixed, &["CVE-2"]),
        ];
        let mut record = Record { id: "X".into(), affected, ..Record::default() };
        assert_eq!(products(&record)[0].fixed, ["1.2"]);
        record.affected.iter_mut().for_each(|row| row.vulnerabilities.clear());
        assert_eq!(products(&record)[0].fixed, ["1.1", "1.2"], "one flaw, and two that disagree about it");
    }

    /// CSAF 2.0, 3.2.3.9: each vulnerability has a product status of its own.
    #[test]
    fn what_is_said_of_one_flaw_stands_apart_from_what_is_said_of_another() {
        let affected = vec![
            row("1.0", Status::Affected, &["CVE-1", "CVE-2", "CVE-3"]),
            row("1.1", Status::Fixed, &["CVE-1", "CVE-3", "CVE-3"]),
            row("1.1", Status::Affected, &["CVE-2"]),
            row("0.9", Status::Unknown, &[]),
        ];
        let record = Record { id: "X".into(), affected, ..Record::default() };
        let said = |most| {
            let (all, left) = by_flaws(&record, most);
            let told = |one: &OfFlaws<'_>| {
                let lines = one.products.iter().flat_map(|product| &product.lines);
                let lines: Vec<String> =
                    lines.map(|line| format!("{} {:?}", line.text, line.status)).collect();
                format!("{}: {}", one.vulnerabilities.join(" "), lines.join(", "))
            };
            (all.iter().map(told).collect::<Vec<_>>(), left)
        };
        let first = "CVE-1 CVE-3: 1.0 Affected, 1.1 Fixed, 0.9 Unknown".to_owned();
        let second = "CVE-2: 1.0 Affected, 1.1 Affected, 0.9 Unknown".to_owned();
        assert_eq!(said(9), (vec![first.clone(), second], 0));
        assert_eq!(said(1), (vec![first], 1), "those of which the same is said are never left out");
        assert_eq!(by_flaws(&Record::default(), 9), (vec![], 0));
    }

    #[test]
    fn one_source_that_says_affected_is_enough() {
        let records = [
            record("CVE-1", &[("Router", "2.0", Status::Affected)]),
            record("X-1", &[("router", "3.0", Status::Affected), ("Switch", "9", Status::Affected)]),
        ];
        let ask = |product, version| tell(records.iter(), product, version);
        let told = ask(Some("Router"), "2.5");
        assert_eq!(verdict(&told), Some(Answer::Affected));
        assert_eq!(told[0].answer, Answer::NotAffected);
        assert_eq!((told[1].id.as_str(), told[1].answer), ("X-1", Answer::Affected));
        assert_eq!(verdict(&ask(Some("Router"), "3.1")), Some(Answer::NotAffected));
        assert_eq!(verdict(&ask(Some("Router"), "odd")), Some(Answer::Unknown));
        assert_eq!(verdict(&ask(None, "8")), Some(Answer::Affected));
        assert_eq!(verdict(&ask(Some("Toaster"), "1")), None);
    }

    #[test]
    fn rows_of_one_product_are_shown_together() {
        let record = record(
            "CVE-1",
            &[
                ("Router", "2.0", Status::Affected),
                ("Switch", "9", Status::Affected),
                ("ROUTER", "2.0", Status::Affected),
                ("SW_itch", "9", Status::Affected),
                ("sw itch", "9", Status::Affected),
            ],
        );
        let products = products(&record);
        assert_eq!(products.len(), 3, "underlines are blanks, as CPE writes names");
        assert_eq!(products[0].lines.len(), 2, "{:?}", products[0].lines);
        assert_eq!((products[0].fixed.len(), products[0].ends.as_slice()), (0, &["2.0".to_owned()][..]));
    }
}
