//! What search looks at of a record: its words, and the names by which it is filed.

use super::{Relation, clip, headline, packages};
use formats::record::{Affected, Record, Severity};
use std::collections::{BTreeSet, HashSet};
use versions::cpe::{Attribute, Cpe, Value};

/// The words and names of a record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Words {
    /// Its id and aliases, as they are looked up.
    pub ids: Vec<String>,
    /// CVE ids that it is about without being the same, as they are looked up.
    pub mentioned: Vec<String>,
    pub title: String,
    /// Vendors, products and packages in the words of the record.
    pub names: Vec<String>,
    pub prose: String,
    /// What is said of single vulnerabilities, and what to do. Phrases do not go from one text to the next.
    pub told: Vec<String>,
    /// As [`name_key`] writes them.
    pub vendors: Vec<String>,
    /// Vendors, and how the record itself spells each; what others added to it does not count.
    pub spelled: Vec<(String, String)>,
    /// Vendor, which may be empty, and product, as [`name_key`] writes them.
    pub products: Vec<(String, String)>,
    /// Lower case.
    pub packages: Vec<String>,
    /// Lower case, without releases.
    pub ecosystems: Vec<String>,
    /// Numbers of CWE.
    pub weaknesses: Vec<u32>,
    /// CPE names, lower case.
    pub cpes: BTreeSet<String>,
    /// Criteria, as they are filed for NVD's interface.
    pub criteria: Vec<String>,
    /// Who states something in the record, lower case.
    pub stated_by: Vec<String>,
    /// The bands and vectors of its scores, each with the version of CVSS: `3:high`, `vector:3:AV:N/…`; its
    /// tags: `tag:disputed`; and what NVD's interface is asked for besides.
    pub grades: Vec<String>,
}

/// Letters of prose that search looks at.
const PROSE_CHARS: usize = 2_000;
/// Letters of what is said of single vulnerabilities and of remedies: a document may have hundreds of each.
const TOLD_CHARS: usize = 100_000;
/// Names of one kind that search looks at.
const NAMES_MAX: usize = 200;
/// CPE names that search looks at: of 44,000 records of 2024 a few dozen have more than 200, and one has 2,434.
const CPES_MAX: usize = 10_000;
/// Bytes of a name that is looked at.
const NAME_BYTES: usize = 500;

/// A name as it is compared: letter case, underlines, runs of blanks and the backslashes of CPE do not count
/// (CISA's containers name products as CPE quotes them: `node\.js`).
pub fn name_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for word in name.split(|letter: char| letter == '_' || letter.is_whitespace()) {
        if !key.is_empty() && !word.is_empty() {
            key.push(' ');
        }
        let from = key.len();
        key.push_str(word);
        match word.is_ascii() {
            true => key[from..].make_ascii_lowercase(),
            false => key.replace_range(from.., &word.to_lowercase()),
        }
    }
    key.retain(|letter| !matches!(letter, '\u{1f}' | '\\'));
    key
}

/// What search looks at of a record with these names.
pub(crate) fn words(record: &Record, names: &[(String, Relation)]) -> Words {
    let (others, ids): (Vec<_>, Vec<_>) =
        names.iter().partition(|(_, relation)| *relation == Relation::Related);
    let mentioned = others.into_iter().map(|(name, _)| name).filter(|name| name.starts_with("cve-"));
    let prose = record.summary.as_deref().or(record.details.as_deref()).unwrap_or_default();
    let mut words = Words {
        ids: ids.into_iter().map(|(name, _)| name.clone()).collect(),
        mentioned: mentioned.cloned().collect(),
        title: headline(record),
        prose: clip(prose, PROSE_CHARS),
        told: told(record),
        weaknesses: record.weaknesses.iter().filter_map(|id| id.strip_prefix("CWE-")?.parse().ok()).collect(),
        ..Words::default()
    };
    state(&mut words, &record.assigner);
    for row in &record.affected {
        file(&mut words, row);
        if row.source.is_none() || row.source == record.assigner {
            spell(&mut words, row);
        }
    }
    let nodes = record.configurations.iter().flat_map(|configuration| &configuration.nodes);
    for name in nodes.flat_map(|node| &node.criteria).map(|criterion| &criterion.name) {
        file_name(&mut words, name);
    }
    for severity in &record.severities {
        state(&mut words, &severity.source);
        if let Some(grade) = grade(severity) {
            add(&mut words.grades, grade, 0);
        }
        if let Some(vector) = vector(severity) {
            add(&mut words.grades, vector, severity.vector.len());
        }
    }
    for tag in &record.tags {
        add(&mut words.grades, format!("tag:{}", tag.to_lowercase()), tag.len());
    }
    words.criteria = super::nvd::filed(record);
    for grade in super::nvd::graded(record) {
        let bytes = grade.len();
        add(&mut words.grades, grade, bytes);
    }
    words
}

/// The titles of a document's vulnerabilities, then what it says of each, then what to do. What is said again,
/// word by word, counts once.
fn told(record: &Record) -> Vec<String> {
    let titles = record.flaws.iter().filter_map(|flaw| flaw.title.as_ref());
    let texts = record.flaws.iter().flat_map(|flaw| &flaw.texts);
    let remedies = record.remedies.iter().map(|remedy| &remedy.text);
    let (mut known, mut told, mut left) = (HashSet::new(), Vec::new(), TOLD_CHARS);
    for text in titles.chain(texts).chain(remedies).filter(|text| known.insert(text.as_str())) {
        if left == 0 {
            break;
        }
        left = left.saturating_sub(text.chars().count());
        told.push(clip(text, TOLD_CHARS));
    }
    told
}

/// The version of CVSS and the metrics of a score.
fn vector(severity: &Severity) -> Option<String> {
    let version = severity.version.chars().next().filter(char::is_ascii_digit)?;
    let metrics = match severity.vector.strip_prefix("CVSS:") {
        Some(rest) => rest.split_once('/')?.1,
        None => severity.vector.as_str(),
    };
    Some(format!("vector:{version}:{metrics}"))
}

/// The version of CVSS and the band of a score; version 2 has neither "none" nor "critical".
fn grade(severity: &Severity) -> Option<String> {
    let score = severity.score.filter(|score| (0.0..=10.0).contains(score))?;
    let version = severity.version.chars().next()?;
    let is_v2 = version == '2';
    let band = match score {
        score if score >= 9.0 && !is_v2 => "critical",
        score if score >= 7.0 => "high",
        score if score >= 4.0 => "medium",
        score if score > 0.0 || is_v2 => "low",
        _ => "none",
    };
    Some(format!("{version}:{band}"))
}

fn state(words: &mut Words, who: &Option<String>) {
    if let Some(who) = who {
        add(&mut words.stated_by, who.to_lowercase(), who.len());
    }
}

/// Adds the names of a row.
fn file(words: &mut Words, row: &Affected) {
    for name in [&row.vendor, &row.product, &row.package].into_iter().flatten() {
        add(&mut words.names, name.clone(), name.len());
    }
    let named = |name: &Option<String>| name.as_deref().map(name_key).unwrap_or_default();
    file_product(words, named(&row.vendor), named(&row.product));
    state(words, &row.source);
    for cpe in &row.cpes {
        file_name(words, cpe);
    }
    for package in packages(row) {
        let (name, ecosystem) = (package.key.to_lowercase(), package.ecosystem.name().to_lowercase());
        let bytes = name.len();
        add(&mut words.packages, name, bytes);
        add(&mut words.ecosystems, ecosystem, 0);
    }
}

/// Adds how a row spells its vendor. Blanks are those of a page.
fn spell(words: &mut Words, row: &Affected) {
    let spelling = row.vendor.as_deref().unwrap_or_default();
    let spelling = spelling.replace(['\u{1f}', '_'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let key = name_key(&spelling);
    if words.vendors.contains(&key) {
        let bytes = spelling.len();
        add(&mut words.spelled, (key, spelling), bytes);
    }
}

/// Adds the product of a CPE name.
fn file_name(words: &mut Words, cpe: &str) {
    let name = super::nvd::formatted(cpe).to_lowercase();
    if words.cpes.len() < CPES_MAX && name.len() <= NAME_BYTES {
        words.cpes.insert(name);
    }
    if let Some((vendor, product)) = of_cpe(cpe) {
        file_product(words, vendor, product);
    }
}

fn file_product(words: &mut Words, vendor: String, product: String) {
    let is_name = |name: &str| !matches!(name, "" | "n/a" | "na" | "-" | "*" | "unknown" | "unspecified");
    let vendor = if is_name(&vendor) { vendor } else { String::new() };
    if !vendor.is_empty() {
        let bytes = vendor.len();
        add(&mut words.vendors, vendor.clone(), bytes);
    }
    if is_name(&product) {
        let bytes = vendor.len() + product.len();
        add(&mut words.products, (vendor, product), bytes);
    }
}

fn add<T: PartialEq>(all: &mut Vec<T>, one: T, bytes: usize) {
    if all.len() < NAMES_MAX && bytes <= NAME_BYTES && !all.contains(&one) {
        all.push(one);
    }
}

/// Vendor and product of a CPE name, in the words of its dictionary.
pub fn of_cpe(cpe: &str) -> Option<(String, String)> {
    let name: Cpe = cpe.parse().ok()?;
    let part = |attribute| match name.get(attribute) {
        Value::Text(text) => name_key(&text.body),
        Value::Any | Value::NotApplicable => String::new(),
    };
    Some((part(Attribute::Vendor), part(Attribute::Product)))
}

#[cfg(test)]
mod tests {
    use super::super::names;
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_underlines() {
        assert_eq!(name_key(" Http_Server  2"), "http server 2");
        assert_eq!(name_key("漏洞 X"), "漏洞 x");
        // NISTIR 7695, 6.2: signs are quoted by a backslash.
        assert_eq!(name_key(r"Node\.js"), "node.js");
    }

    #[test]
    fn a_record_is_filed_under_all_that_it_names() {
        let row = |vendor: &str, product: &str, cpe: &str| Affected {
            vendor: Some(vendor.into()),
            product: Some(product.into()),
            cpes: vec![cpe.into()],
            ..Affected::default()
        };
        let record = Record {
            id: "CVE-2024-1".into(),
            weaknesses: vec!["CWE-79".into(), "NVD-CWE-noinfo".into()],
            affected: vec![
                row(
                    "Apache Software Foundation",
                    "Apache HTTP Server",
                    "cpe:2.3:a:apache:http_server:2.4.1:*:*:*:*:*:*:*",
                ),
                row("n/a", "n/a", "nonsense"),
            ],
            ..Record::default()
        };
        let words = words(&record, &names(&record));
        assert_eq!(words.ids, ["cve-2024-1"]);
        assert_eq!(words.vendors, ["apache software foundation", "apache"]);
        let product = |vendor: &str, product: &str| (vendor.to_owned(), product.to_owned());
        assert_eq!(
            words.products,
            [product("apache software foundation", "apache http server"), product("apache", "http server")]
        );
        assert_eq!(words.weaknesses, [79]);
        let of_package = Affected { purl: Some("pkg:pypi/Django".into()), ..Affected::default() };
        let record = Record { id: "X".into(), affected: vec![of_package], ..Record::default() };
        let words = super::words(&record, &names(&record));
        assert_eq!((words.packages, words.ecosystems), (vec!["django".to_owned()], vec!["pypi".to_owned()]));
    }

    /// CSAF 2.0, 3.2.3.8, 3.2.3.12 and 3.2.3.16: notes, remediations and titles of vulnerabilities are words of
    /// the document.
    #[test]
    fn what_is_said_of_each_vulnerability_and_what_to_do_are_looked_at() {
        let flaw = |title: &str, text: &str| formats::record::Flaw {
            title: Some(title.into()),
            texts: vec![text.into()],
            ..Default::default()
        };
        let remedy = |text: String| formats::record::Remedy { text, ..Default::default() };
        let mut record = Record {
            id: "X".into(),
            flaws: vec![flaw("Overflow", "In the parser."), flaw("Traversal", "In the parser.")],
            remedies: vec![remedy("Update.".into())],
            ..Record::default()
        };
        assert_eq!(words(&record, &[]).told, ["Overflow", "Traversal", "In the parser.", "Update."]);
        record.remedies = (0..20_000).map(|number| remedy(format!("Update {number}"))).collect();
        let told = words(&record, &[]).told.concat();
        assert!((TOLD_CHARS..TOLD_CHARS + 20).contains(&told.chars().count()), "{}", told.len());
    }

    #[test]
    fn a_flood_of_names_is_cut() {
        let row = |number: usize| Affected { product: Some(format!("p{number}")), ..Affected::default() };
        let record = Record { id: "X".into(), affected: (0..1_000).map(row).collect(), ..Record::default() };
        assert_eq!(words(&record, &[]).products.len(), NAMES_MAX);
        let cpe = |number: usize| format!("cpe:2.3:o:acme:os:{number}:*:*:*:*:*:*:*");
        let row = Affected { cpes: (0..CPES_MAX + 5).map(cpe).collect(), ..Affected::default() };
        let record = Record { id: "X".into(), affected: vec![row.clone(), row], ..Record::default() };
        let words = words(&record, &[]);
        assert_eq!((words.cpes.len(), words.criteria.len()), (CPES_MAX, 10_000));
    }
}
