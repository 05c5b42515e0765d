//! The names of products in a record, each with the versions that are meant, as NVD's interface asks
//! for them and gives them.

use super::uuid_of;
use formats::record::{Affected, Criterion, Record, Status, VersionEntry};
use std::borrow::Cow;
use std::collections::HashSet;
use versions::cpe;

/// Criteria kept of one record: nearly all have a few; CVE-2024-20433, which names every build of an
/// operating system, has 2,434.
const CRITERIA_MAX: usize = 10_000;
/// Criteria that are looked through one by one: a set costs more than that.
const FEW: usize = 32;

/// All criteria of a record, each once: what came in NVD's own shape, or else what its CPE names say.
pub fn criteria(record: &Record) -> Vec<Criterion> {
    let nodes = record.configurations.iter().flat_map(|configuration| &configuration.nodes);
    let mut each = Each::default();
    for criterion in nodes.flat_map(|node| &node.criteria) {
        each.add(criterion.clone());
    }
    if record.configurations.is_empty() {
        record.affected.iter().for_each(|row| each.add_row(row));
    }
    each.all
}

/// What a row says is affected, by the CPE names that it carries.
pub(super) fn of_row(row: &Affected) -> Vec<Criterion> {
    let mut each = Each::default();
    each.add_row(row);
    each.all
}

/// Criteria in the order in which they came, each once.
#[derive(Default)]
struct Each {
    all: Vec<Criterion>,
    /// The same, where there are more than a few.
    known: HashSet<Criterion>,
}

impl Each {
    fn add(&mut self, one: Criterion) {
        if self.is_full() {
            return;
        }
        let is_new = if self.all.len() < FEW {
            !self.all.contains(&one)
        } else {
            if self.known.is_empty() {
                self.known.extend(self.all.iter().cloned());
            }
            self.known.insert(one.clone())
        };
        if is_new {
            self.all.push(one);
        }
    }

    fn is_full(&self) -> bool {
        self.all.len() >= CRITERIA_MAX
    }

    fn add_row(&mut self, row: &Affected) {
        let is_affected = match row.default_status {
            Some(status) => status == Status::Affected,
            None => row.version_entries.is_empty(),
        };
        let affected: Vec<&VersionEntry> =
            row.version_entries.iter().filter(|entry| entry.status == Status::Affected).collect();
        if !is_affected && affected.is_empty() {
            return;
        }
        for name in &row.cpes {
            if self.is_full() {
                return;
            }
            let name = &formatted(name);
            let Some((before, version, after)) = parts(name) else { continue };
            let whole = Criterion { vulnerable: true, name: name.to_string(), ..Criterion::default() };
            if !matches!(version, "*" | "-") {
                // A name with a version of its own says all that there is to say.
                self.add(whole);
            } else if row.version_entries.is_empty() {
                self.add(whole);
            } else {
                affected.iter().for_each(|entry| self.add(of_entry(entry, before, after, &whole)));
            }
        }
    }
}

/// NVD's number of a criterion; of others one that is the same for the same criterion everywhere.
pub fn criterion_id(criterion: &Criterion) -> String {
    criterion.id.clone().unwrap_or_else(|| {
        let mut text = criterion.name.clone();
        for end in ends(criterion) {
            text.push('|');
            text.push_str(end.unwrap_or_default());
        }
        uuid_of(&text)
    })
}

/// The ends of its range, always in this order.
fn ends(criterion: &Criterion) -> [Option<&str>; 4] {
    let Criterion { start_including, start_excluding, end_including, end_excluding, .. } = criterion;
    [start_including, start_excluding, end_including, end_excluding].map(|end| end.as_deref())
}

/// The ends of its range, by NVD's names.
pub fn bounds(criterion: &Criterion) -> impl Iterator<Item = (&'static str, &str)> {
    let names =
        ["versionStartIncluding", "versionStartExcluding", "versionEndIncluding", "versionEndExcluding"];
    names.into_iter().zip(ends(criterion)).filter_map(|(name, end)| Some((name, end?)))
}

/// The same for the matcher; none, where nobody can read the name.
pub(crate) fn as_compared(given: &Criterion) -> Option<cpe::Criterion> {
    Some(cpe::Criterion {
        vulnerable: given.vulnerable,
        criteria: given.name.parse().ok()?,
        version_start_including: given.start_including.clone(),
        version_start_excluding: given.start_excluding.clone(),
        version_end_including: given.end_including.clone(),
        version_end_excluding: given.end_excluding.clone(),
    })
}

/// The criteria of a record as search files them: by their numbers.
pub(crate) fn filed(record: &Record) -> Vec<String> {
    criteria(record).iter().map(|one| filed_under(&criterion_id(one))).collect()
}

/// How a criterion is filed, by its number; all begin as one without a number does.
pub(crate) fn filed_under(number: &str) -> String {
    format!("criterion:{}", number.to_lowercase())
}

/// What NVD's interface is asked for besides names, words and criteria, as search files it: what stands for a
/// weakness, and what links lead to.
pub(crate) fn graded(record: &Record) -> Vec<String> {
    let mut all: Vec<String> =
        record.weakness_marks.iter().map(|mark| format!("weakness:{}", mark.to_lowercase())).collect();
    let leads_to = |places: &[&str]| {
        record.references.iter().any(|link| {
            let url = link.url.to_ascii_lowercase();
            places.iter().any(|place| url.contains(place))
        })
    };
    for (word, places) in LINKS {
        if leads_to(places) {
            all.push((*word).to_owned());
        }
    }
    all
}

/// Alerts and notes of CERTs and definitions of OVAL, by where they lie, today and once.
const LINKS: [(&str, &[&str]); 3] = [
    (
        "link:cert-alert",
        &["us-cert.gov/cas/techalerts/", "us-cert.gov/ncas/alerts/", "cisa.gov/uscert/ncas/alerts/"],
    ),
    ("link:cert-note", &["kb.cert.org/vuls/id/"]),
    ("link:oval", &["oval.mitre.org/", "oval.cisecurity.org/"]),
];

fn of_entry(entry: &VersionEntry, before: &str, after: &str, whole: &Criterion) -> Criterion {
    let is_open = |version: &str| matches!(version.trim(), "" | "0" | "*" | "-" | "n/a" | "unspecified");
    let end = |end: &Option<String>| end.clone().filter(|end| !end.contains('*'));
    if entry.less_than.is_some() || entry.less_than_or_equal.is_some() {
        return Criterion {
            start_including: Some(entry.version.clone()).filter(|version| !is_open(version)),
            end_excluding: end(&entry.less_than),
            end_including: end(&entry.less_than_or_equal),
            ..whole.clone()
        };
    }
    match is_open(&entry.version) {
        true => whole.clone(),
        false => Criterion { name: format!("{before}{}{after}", quoted(&entry.version)), ..whole.clone() },
    }
}

/// A version as it stands in a formatted CPE name (NISTIR 7695, 6.2).
fn quoted(version: &str) -> String {
    let mut text = String::new();
    for letter in version.trim().chars() {
        match letter {
            letter if letter.is_ascii_alphanumeric() || "._-".contains(letter) => {
                text.push(letter.to_ascii_lowercase())
            }
            ' ' => text.push('_'),
            letter if letter.is_ascii_graphic() => text.extend(['\\', letter]),
            _ => {}
        }
    }
    text
}

/// A name as NVD writes it: some records have the older form, a URI (NISTIR 7695, 6.1).
pub(crate) fn formatted(name: &str) -> Cow<'_, str> {
    let is_uri = name.get(..5).is_some_and(|prefix| prefix.eq_ignore_ascii_case("cpe:/"));
    let read = if is_uri { name.parse::<cpe::Cpe>().ok() } else { None };
    read.map_or(Cow::Borrowed(name), |read| Cow::Owned(read.to_string()))
}

/// A formatted CPE 2.3 name, taken apart at its version.
fn parts(name: &str) -> Option<(&str, &str, &str)> {
    name.strip_prefix("cpe:2.3:")?;
    let mut colons = Vec::new();
    let mut is_quoted = false;
    for (at, letter) in name.char_indices() {
        match letter {
            '\\' => is_quoted = !is_quoted,
            ':' if !is_quoted => colons.push(at),
            _ => is_quoted = false,
        }
    }
    let (from, to) = (*colons.get(4)?, *colons.get(5)?);
    (colons.len() == 12).then(|| (&name[..=from], &name[from + 1..to], &name[to..]))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{NAME, entry, row};
    use super::*;

    #[test]
    fn ranges_become_criteria_and_single_versions_names() {
        let found =
            of_row(&row(vec![entry("1.0", Some("2.0")), entry("0", Some("0.9")), entry("3.1 beta", None)]));
        let shown: Vec<_> =
            found.iter().map(|one| (one.name.as_str(), bounds(one).collect::<Vec<_>>())).collect();
        assert_eq!(
            shown,
            [
                (NAME, vec![("versionStartIncluding", "1.0"), ("versionEndExcluding", "2.0")]),
                (NAME, vec![("versionEndExcluding", "0.9")]),
                ("cpe:2.3:a:acme:router:3.1_beta:*:*:*:*:*:*:*", vec![]),
            ]
        );
        assert_eq!(of_row(&row(vec![]))[0].name, NAME, "a name without versions means all");
        let fixed = VersionEntry { status: Status::Fixed, ..entry("1", None) };
        assert_eq!(of_row(&row(vec![fixed])), [], "what is fixed is not affected");
    }

    #[test]
    fn ids_of_criteria_are_stable_and_look_like_uuids() {
        let one = of_row(&row(vec![entry("1.0", Some("2.0"))]));
        let again = of_row(&row(vec![entry("1.0", Some("2.0"))]));
        assert_eq!(criterion_id(&one[0]), criterion_id(&again[0]));
        let id = criterion_id(&one[0]);
        assert_eq!((id.len(), &id[14..15]), (36, "8"));
    }

    #[test]
    fn odd_names_are_no_criteria() {
        for name in ["", "cpe:/x:acme:router", "cpe:2.3:a:acme", "nonsense", "cpe:2.3:\\"] {
            let row = Affected { cpes: vec![name.into()], ..Affected::default() };
            assert_eq!(of_row(&row), [], "{name}");
        }
    }

    /// Records of Red Hat carry URIs, of which NVD's clients know nothing; most say `unaffected` of a product.
    #[test]
    fn uris_become_formatted_strings_and_what_is_not_affected_is_no_criterion() {
        let of = |status, entries| {
            let cpes = vec!["cpe:/a:redhat:acm:2".to_owned()];
            let default_status = Some(status);
            of_row(&Affected { cpes, default_status, version_entries: entries, ..Affected::default() })
        };
        let found = of(Status::Affected, vec![]);
        assert_eq!(found[0].name, "cpe:2.3:a:redhat:acm:2:*:*:*:*:*:*:*");
        assert_eq!(of(Status::NotAffected, vec![]), []);
        assert_eq!(of(Status::Unknown, vec![]), []);
        assert_eq!(of(Status::NotAffected, vec![entry("2.1", None)]).len(), 1);
        let fixed = VersionEntry { status: Status::NotAffected, ..entry("2.1", Some("*")) };
        assert_eq!(of(Status::Affected, vec![fixed.clone()]).len(), 1);
        assert_eq!(of(Status::Unknown, vec![fixed]), []);
    }

    /// NVD, `hasCertAlerts`, `hasCertNotes`, `hasOval`: by what the links lead to.
    #[test]
    fn links_to_certs_and_oval_are_filed() {
        let link = |url: &str| formats::record::Reference { url: url.into(), ..Default::default() };
        let record = Record {
            references: vec![
                link("http://www.kb.cert.org/vuls/id/123"),
                link("https://www.us-cert.gov/ncas/alerts/TA15-1"),
                link("https://oval.example.org/"),
            ],
            ..Record::default()
        };
        assert_eq!(graded(&record), ["link:cert-alert", "link:cert-note"]);
    }

    #[test]
    fn nvds_own_number_of_a_criterion_is_kept() {
        let id = "36FBCF0F-8CEE-4474-8A04-5075AF53FAF4";
        let criterion = Criterion { name: NAME.into(), id: Some(id.into()), ..Criterion::default() };
        assert_eq!(criterion_id(&criterion), id);
    }

    /// CVE-2024-20433 names 2,434 builds of one operating system; each is a criterion.
    #[test]
    fn a_list_of_every_build_is_kept_whole_each_once_and_a_flood_is_cut() {
        let name = |number: usize| format!("cpe:2.3:o:acme:os:{number}:*:*:*:*:*:*:*");
        let of = |numbers: &mut dyn Iterator<Item = usize>| {
            let default_status = Some(Status::Affected);
            let row = Affected { cpes: numbers.map(name).collect(), default_status, ..Affected::default() };
            criteria(&Record { affected: vec![row.clone(), row], ..Record::default() })
        };
        let all = of(&mut (0..2_434));
        assert_eq!((all.len(), all[2_433].name.as_str()), (2_434, name(2_433).as_str()));
        assert_eq!(of(&mut (0..CRITERIA_MAX + 5)).len(), CRITERIA_MAX);
    }
}
