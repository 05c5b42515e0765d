//! The names of products in a record, each with the versions that are meant, as NVD's interface asks
//! for them and gives them.

use super::names::{formatted, parts, quoted};
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
        let names: Vec<Cow<'_, str>> = row.cpes.iter().map(|name| formatted(name)).collect();
        let own = names.iter().filter_map(|name| parts(name)).map(|(_, version, _)| plain(version)).collect();
        let affected: Vec<Said<'_>> = row
            .version_entries
            .iter()
            .filter(|entry| entry.status == Status::Affected)
            .map(|entry| Said::of(entry, &own))
            .collect();
        if !is_affected && affected.is_empty() {
            return;
        }
        let ends: HashSet<&String> = affected.iter().flat_map(|said| &said.ends).collect();
        for name in &names {
            if self.is_full() {
                return;
            }
            let Some((before, version, after)) = parts(name) else { continue };
            let whole = Criterion { vulnerable: true, name: name.to_string(), ..Criterion::default() };
            let (is_any, own) = (matches!(version, "*" | "-"), plain(version));
            if row.version_entries.is_empty() || !(is_any || ends.contains(&own)) {
                // A name with a version of its own, at which no range ends, says all that there is to say.
                self.add(whole);
                continue;
            }
            let found = affected.iter().filter(|said| is_any || !said.is_named || said.ends.contains(&own));
            found
                .filter_map(|said| of_entry(said.entry, before, after, &whole))
                .for_each(|one| self.add(one));
        }
    }
}

/// An entry of a row beside the names of the row. CISA's container writes into the name where a range begins,
/// Microsoft's where it ends, and both write the range beside it: such a name stands for the range, and for
/// what no other name of the row has the version of.
struct Said<'a> {
    entry: &'a VersionEntry,
    /// Where it begins and ends, if it is a range, as `plain` writes it.
    ends: Vec<String>,
    /// Whether one of the names has its version, or an end of its range.
    is_named: bool,
}

impl<'a> Said<'a> {
    fn of(entry: &'a VersionEntry, own: &HashSet<String>) -> Self {
        if !is_range(entry) {
            return Self { entry, ends: Vec::new(), is_named: own.contains(&plain(&entry.version)) };
        }
        let begins = if is_open(&entry.version) { "0" } else { entry.version.as_str() };
        let (before, with) = (entry.less_than.as_deref(), entry.less_than_or_equal.as_deref());
        let ends: Vec<String> = [Some(begins), before, with].into_iter().flatten().map(plain).collect();
        let is_named = ends.iter().any(|end| own.contains(end));
        Self { entry, ends, is_named }
    }
}

fn is_range(entry: &VersionEntry) -> bool {
    entry.less_than.is_some() || entry.less_than_or_equal.is_some()
}

/// A version as names and ranges of it are compared: `v2\.4` is 2.4.
fn plain(version: &str) -> String {
    let mut plain = version.trim().replace('\\', "").replace(' ', "_").to_lowercase();
    if plain.strip_prefix('v').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit())) {
        plain.remove(0);
    }
    plain
}

fn is_open(version: &str) -> bool {
    matches!(version.trim(), "" | "0" | "*" | "-" | "n/a" | "unspecified")
}

/// Whether a range may begin or end there: addresses, package URLs, CPE names and mere words are no versions.
fn is_bound(version: &str) -> bool {
    let is_address = version.contains("://") || version.starts_with("pkg:") || version.starts_with("cpe:");
    !is_address && version.contains(|letter: char| letter.is_ascii_digit())
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

/// The criterion of an entry; none for a range of commits, or whose ends are no versions.
fn of_entry(entry: &VersionEntry, before: &str, after: &str, whole: &Criterion) -> Option<Criterion> {
    let named = |version: &str| Criterion { name: format!("{before}{version}{after}"), ..whole.clone() };
    if is_range(entry) {
        let is_open_end = |end: &String| end.contains('*') && !end.starts_with("cpe:");
        let end = |end: &Option<String>| end.clone().filter(|end| !is_open_end(end));
        let found = Criterion {
            start_including: Some(entry.version.clone()).filter(|version| !is_open(version)),
            end_excluding: end(&entry.less_than),
            end_including: end(&entry.less_than_or_equal),
            ..named("*")
        };
        let are_versions = ends(&found).into_iter().flatten().all(is_bound);
        return (are_versions && entry.version_type.as_deref() != Some("git")).then_some(found);
    }
    Some(if is_open(&entry.version) { whole.clone() } else { named(&quoted(&entry.version)) })
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

    fn shown(row: &Affected) -> Vec<String> {
        let ends = |one: &Criterion| {
            let ends = bounds(one).map(|(name, version)| format!(" {} {version}", &name[7..]));
            ends.collect::<String>()
        };
        of_row(row).iter().map(|one| format!("{}{}", &one.name[15..], ends(one))).collect()
    }

    /// NVD, "CPE match string ranges": the name of a range has the version `*`. CISA's container writes where a
    /// range begins into the name (CVE-2024-38475), Microsoft's writes where it ends (CVE-2023-24945).
    #[test]
    fn a_name_at_an_end_of_a_range_stands_for_the_range() {
        let of = |versions: &[&str], entries: Vec<VersionEntry>| {
            let name = |version: &&str| format!("cpe:2.3:a:acme:{version}:*:*:*:*:*:*:*");
            shown(&Affected {
                cpes: versions.iter().map(name).collect(),
                version_entries: entries,
                ..row(vec![])
            })
        };
        let up_to = |version: &str, end: &str| VersionEntry {
            less_than_or_equal: Some(end.into()),
            ..entry(version, None)
        };
        let any = "httpd:*:*:*:*:*:*:*:*";
        let range = format!("{any} StartIncluding 2.4.0 EndIncluding 2.4.59");
        assert_eq!(of(&["httpd:2.4.0"], vec![up_to("2.4.0", "2.4.59")]), [range.as_str()]);
        assert_eq!(
            of(&["httpd:2\\.4\\.0"], vec![up_to("v2.4.0", "2.4.59")])[0].replace('v', ""),
            range.replace('v', "")
        );
        assert_eq!(of(&["httpd:-"], vec![entry("0", Some("3"))]), [format!("{any} EndExcluding 3")]);
        assert_eq!(
            of(&["httpd:0"], vec![entry("unspecified", Some("3"))]),
            [format!("{any} EndExcluding 3")]
        );
        assert_eq!(
            of(&["httpd:3.9"], vec![entry("3.0", Some("3.9"))]),
            [format!("{any} StartIncluding 3.0 EndExcluding 3.9")],
            "what is mended is not named as affected"
        );
        assert_eq!(of(&["httpd:2.4.9"], vec![up_to("2.4.0", "2.4.59")]), ["httpd:2.4.9:*:*:*:*:*:*:*"]);
        assert_eq!(of(&["httpd:-"], vec![entry("1.1", None)]), ["httpd:1.1:*:*:*:*:*:*:*"]);
        // Each name has the ranges that it is an end of, and those that no name is an end of.
        assert_eq!(
            of(
                &["a:1.0", "b:2.0", "b:2.5"],
                vec![
                    entry("1.0", Some("1.5")),
                    entry("2.0", Some("2.3")),
                    entry("2.5", None),
                    entry("4", Some("5"))
                ]
            ),
            [
                "a:*:*:*:*:*:*:*:* StartIncluding 1.0 EndExcluding 1.5",
                "a:*:*:*:*:*:*:*:* StartIncluding 4 EndExcluding 5",
                "b:*:*:*:*:*:*:*:* StartIncluding 2.0 EndExcluding 2.3",
                "b:*:*:*:*:*:*:*:* StartIncluding 4 EndExcluding 5",
                "b:2.5:*:*:*:*:*:*:*",
            ]
        );
    }

    /// CVE-2024-21631 writes package URLs where versions belong, CVE-2019-1150 a word.
    #[test]
    fn what_is_no_version_bounds_no_criterion() {
        let url = "pkg:swift/github.com/vapor/vapor@0";
        for (begins, ends) in [
            (url, "4.90.0"),
            ("1.0", "pkg:swift/github.com/vapor/vapor@4.90.0"),
            ("16.0.1", "https://aka.ms/OfficeSecurityReleases"),
            ("10.0.0", "publication"),
            ("0", "cpe:2.3:a:acme:router:2.0:*:*:*:*:*:*:*"),
        ] {
            assert_eq!(shown(&row(vec![entry(begins, Some(ends))])), [""; 0], "{begins} {ends}");
        }
        let commits =
            VersionEntry { version_type: Some("git".into()), ..entry("1da177e4c3f4", Some("f8dccc1bdea7")) };
        assert_eq!(shown(&row(vec![commits])), [""; 0]);
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
