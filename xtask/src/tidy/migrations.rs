//! Migrations are numbered from 1 without gaps, so that two branches that both add one collide.

use super::Finding;
use super::source::Source;

const FOLDER: &str = "crates/storage/migrations/";

/// What truly differs between the databases comes as a pair with one number.
const DIALECTS: [&str; 2] = [".sqlite.sql", ".postgres.sql"];

pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut numbered: Vec<(u32, &str)> = Vec::new();
    for source in sources {
        let Some(name) = source.path.strip_prefix(FOLDER) else { continue };
        if name.contains('/') || !name.ends_with(".sql") {
            continue;
        }
        match number(name) {
            Some(number) => numbered.push((number, name)),
            None => findings.push(say(name, "name it like 0007_what_it_adds.sql")),
        }
    }
    numbered.sort_unstable();
    let mut next = 1;
    for same in numbered.chunk_by(|(a, _), (b, _)| a == b) {
        let (number, name) = same[0];
        if number != next {
            findings.push(say(name, format!("number {next:04} is missing before it")));
        }
        next = number + 1;
        if !is_one_or_pair(same) {
            findings
                .push(say(name, "its number is taken; only a .sqlite.sql and .postgres.sql pair shares one"));
        }
    }
    findings
}

fn say(name: &str, advice: impl Into<String>) -> Finding {
    Finding::new(&format!("{FOLDER}{name}"), 1, "migration", advice)
}

/// `0007_search.sql` is 7.
fn number(name: &str) -> Option<u32> {
    let (digits, rest) = name.split_once('_')?;
    let is_well_formed = digits.len() == 4 && rest.len() > ".sql".len();
    digits.parse().ok().filter(|number| is_well_formed && *number > 0)
}

fn is_one_or_pair(same: &[(u32, &str)]) -> bool {
    let stems = |dialect| same.iter().filter_map(move |(_, name)| name.strip_suffix(dialect));
    let is_pair =
        same.len() == 2 && stems(DIALECTS[0]).eq(stems(DIALECTS[1])) && stems(DIALECTS[0]).count() == 1;
    let is_one = same.len() == 1 && DIALECTS.iter().all(|dialect| stems(dialect).count() == 0);
    is_one || is_pair
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advice(names: &[&str]) -> Vec<String> {
        let sources: Vec<_> = names.iter().map(|name| Source::new(&format!("{FOLDER}{name}"), "")).collect();
        check(&sources).into_iter().map(|finding| finding.advice).collect()
    }

    #[test]
    fn numbers_run_from_one_without_gaps() {
        assert_eq!(advice(&["0001_journal.sql", "0002_vault.sql"]), [""; 0]);
        assert_eq!(advice(&["0001_journal.sql", "0003_vault.sql"]), ["number 0002 is missing before it"]);
        assert_eq!(advice(&["0002_journal.sql"]), ["number 0001 is missing before it"]);
        assert_eq!(advice(&["journal.sql"]), ["name it like 0007_what_it_adds.sql"]);
        assert_eq!(advice(&["data/0007_journal.sql"]), [""; 0]);
    }

    #[test]
    fn a_number_is_shared_by_a_pair_of_dialects_only() {
        assert_eq!(advice(&["0001_search.postgres.sql", "0001_search.sqlite.sql"]), [""; 0]);
        assert_eq!(advice(&["0001_journal.sql", "0001_vault.sql"]).len(), 1);
        assert_eq!(advice(&["0001_search.sqlite.sql"]).len(), 1);
        assert_eq!(advice(&["0001_a.sqlite.sql", "0001_b.postgres.sql"]).len(), 1);
    }
}
