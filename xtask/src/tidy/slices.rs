//! The application's slices: the same six files in each, and one order without circles.

use super::Finding;
use super::source::{Source, line_of};
use crate::tidy::paths;

const APPLICATION: &str = "crates/heliograph/src/";

/// A slice may use those before it, and tells those after it through a job.
pub(super) const SLICES: &[&str] = &[
    "ledger",
    "access",
    "people",
    "vetting",
    "catalogue",
    "subscriptions",
    "deadlines",
    "reports",
    "cases",
    "advisories",
    "accreditations",
    "partners",
];

/// The kinds of file, not a cap: one that grows becomes a folder of its name.
const SIX: [&str; 6] = ["mod", "rules", "store", "api", "pages", "tests"];

/// Slices that need not have all of the six, with the reason.
const WITHOUT_SIX: &[(&str, &str)] = &[
    ("ledger", "infrastructure: the journal and the vault, with files of their own"),
    ("catalogue", "its rules and its store are the crate `catalogue`"),
];

/// Slices that may have files besides the six, with the reason.
const WITH_MORE: &[(&str, &str)] = &[
    ("access", "sessions, tokens, policies and the viewer are each a thing of their own"),
    ("vetting", "the door that asks for need-to-know on every address"),
];

/// The rest of the application, and which slices each may use.
const OTHERS: &[(&str, Reach)] = &[
    ("main", Reach::AllSlices),
    ("lib", Reach::AllSlices),
    ("app", Reach::AllSlices),
    ("router", Reach::AllSlices),
    ("cli", Reach::AllSlices),
    ("demo", Reach::AllSlices),
    ("testing", Reach::AllSlices),
    ("jobs", Reach::AllSlices),
    ("openapi", Reach::AllSlices),
    ("metrics", Reach::AllSlices),
    ("witnesses", Reach::AllSlices),
    ("outside", Reach::NoSlice),
    ("refusal", Reach::Ledger),
    ("settings", Reach::NoSlice),
    ("web", Reach::Access),
];

/// What a slice may use besides the slices before it. (Its tests may use `testing` as well.)
const OPEN_TO_SLICES: &[&str] = &["app", "web", "jobs", "outside", "refusal", "settings"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    AllSlices,
    Ledger,
    /// The ledger, and the viewer for whom a page is drawn.
    Access,
    NoSlice,
}

pub(super) fn six_files(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let files: Vec<&str> = sources
        .iter()
        .filter(|source| source.is_rust())
        .filter_map(|source| source.path.strip_prefix(APPLICATION))
        .collect();
    for slice in SLICES.iter().filter(|slice| !has(WITHOUT_SIX, slice)) {
        let own: Vec<&str> =
            files.iter().filter_map(|file| file.strip_prefix(slice)?.strip_prefix('/')).collect();
        let kind = |file: &str| file.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
        let mut say = |file: &str, advice: String| {
            findings.push(Finding::new(&format!("{APPLICATION}{slice}/{file}"), 1, "six files", advice));
        };
        for missing in
            SIX.iter().filter(|name| !own.is_empty() && !own.iter().any(|file| kind(file) == **name))
        {
            say(&format!("{missing}.rs"), format!("`{slice}` lacks it; every slice has {}", SIX.join(", ")));
        }
        for file in own.iter().filter(|file| !has(WITH_MORE, slice) && !SIX.contains(&kind(file).as_str())) {
            say(file, format!("a slice has {}; make one of them a folder and put it there", SIX.join(", ")));
        }
    }
    findings
}

pub(super) fn order(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.is_rust()) {
        let Some(inside) = source.path.strip_prefix(APPLICATION) else { continue };
        let owner = inside.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        if !SLICES.contains(&owner) && !OTHERS.iter().any(|(name, _)| *name == owner) {
            let advice = format!("`{owner}` is in no table; give it its place in xtask/src/tidy/slices.rs");
            findings.push(Finding::new(&source.path, 1, "slice order", advice));
            continue;
        }
        let test_code_from = source.production().len();
        for used in paths::of_crate(&source.code) {
            let is_test = used.at >= test_code_from;
            if let Some(advice) = refusal(owner, &used.parts, is_test) {
                let line = line_of(&source.code, used.at);
                findings.push(Finding::new(&source.path, line, "slice order", advice));
            }
        }
    }
    findings
}

/// Why code of `owner` may not name this path, if it may not.
fn refusal(owner: &str, parts: &[&str], is_test: bool) -> Option<String> {
    let used = *parts.first()?;
    if used == owner {
        return None;
    }
    let is_slice = SLICES.contains(&used);
    if is_slice
        && !has(WITHOUT_SIX, used)
        && parts.get(1).is_some_and(|part| ["rules", "store"].contains(part))
    {
        return Some(format!("`{used}` keeps its {} to itself; ask for a function of its mod.rs", parts[1]));
    }
    if is_test {
        return None;
    }
    let place = |name| SLICES.iter().position(|slice| *slice == name);
    if let Some(own) = place(owner) {
        return match place(used) {
            Some(other) if other > own => {
                Some(format!("`{used}` comes after `{owner}`; tell it through a job"))
            }
            None if is_known(used) && !OPEN_TO_SLICES.contains(&used) => {
                Some(format!("a slice uses the slices before it and {}", OPEN_TO_SLICES.join(", ")))
            }
            _ => None,
        };
    }
    let reach = OTHERS.iter().find(|(name, _)| *name == owner).map(|(_, reach)| *reach)?;
    match reach {
        Reach::NoSlice if is_slice => Some(format!("`{owner}` knows no slice; take plain values")),
        Reach::Access if is_slice && !["ledger", "access"].contains(&used) => {
            Some(format!("`{owner}` knows no slice but ledger and access; take plain values"))
        }
        Reach::Ledger if is_slice && used != "ledger" => {
            Some(format!("`{owner}` knows no slice but the ledger"))
        }
        _ => None,
    }
}

fn is_known(name: &str) -> bool {
    OTHERS.iter().any(|(other, _)| *other == name)
}

fn has(table: &[(&str, &str)], name: &str) -> bool {
    table.iter().any(|(entry, _)| *entry == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Vec<String> {
        let sources: Vec<_> =
            paths.iter().map(|path| Source::new(&format!("{APPLICATION}{path}"), "")).collect();
        let findings = six_files(&sources).into_iter();
        findings.map(|finding| finding.path.trim_start_matches(APPLICATION).to_owned()).collect()
    }

    #[test]
    fn a_slice_has_all_six_files_and_no_other() {
        let six = SIX.map(|name| format!("reports/{name}.rs"));
        let mut paths: Vec<&str> = six.iter().map(String::as_str).collect();
        assert_eq!(files(&paths), [""; 0]);
        paths.push("reports/mailer.rs");
        assert_eq!(files(&paths), ["reports/mailer.rs"]);
        assert_eq!(files(&paths[1..6]), ["reports/mod.rs"]);
        paths[3] = "reports/api/mod.rs";
        paths[6] = "reports/api/submit.rs";
        assert_eq!(files(&paths), [""; 0]);
    }

    #[test]
    fn exempt_slices_are_exempt_from_what_their_table_says() {
        assert_eq!(files(&["ledger/mod.rs", "ledger/vault.rs"]), [""; 0]);
        let access = files(&["access/mod.rs", "access/sessions.rs"]);
        assert_eq!(access.len(), 5, "{access:?}");
        assert!(!access.contains(&"access/sessions.rs".to_owned()));
    }

    fn lines(path: &str, text: &str) -> Vec<usize> {
        let findings = order(&[Source::new(&format!("{APPLICATION}{path}"), text)]);
        findings.into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn a_slice_uses_only_what_comes_before_it() {
        let text = "use crate::{app::App, ledger, people::Person};\nfn a() { crate::web::page() }";
        assert_eq!(lines("reports/api.rs", text), [0; 0]);
        assert_eq!(lines("access/mod.rs", text), [1]);
        assert_eq!(lines("reports/mod.rs", "fn a() {\n    crate::cases::open()\n}"), [2]);
        assert_eq!(lines("reports/mod.rs", "use crate::router;\nuse crate::cli;"), [1, 2]);
        assert_eq!(lines("reports/mod.rs", "use crate::reports::rules;"), [0; 0]);
        assert_eq!(lines("ledger/append.rs", "use crate::access::Viewer;"), [1]);
    }

    #[test]
    fn rules_and_store_are_private_even_to_tests() {
        assert_eq!(lines("cases/mod.rs", "use crate::reports::{self, store};"), [1]);
        assert_eq!(lines("cli/import.rs", "use crate::people::rules::merge;"), [1]);
        assert_eq!(lines("cases/tests.rs", "use crate::reports::store;"), [1]);
    }

    #[test]
    fn tests_may_use_testing_and_later_slices() {
        let text = "use crate::testing::TestApp;\nuse crate::cases;";
        assert_eq!(lines("reports/tests.rs", text), [0; 0]);
        assert_eq!(lines("reports/rules.rs", &format!("#[cfg(test)]\nmod tests {{\n{text}\n}}")), [0; 0]);
        assert_eq!(lines("reports/mod.rs", text), [1, 2]);
    }

    #[test]
    fn the_rest_of_the_house_has_its_table() {
        assert_eq!(lines("web/layout.rs", "use crate::access::Viewer;\nuse crate::cases::Case;"), [2]);
        assert_eq!(lines("refusal.rs", "use crate::ledger;\nuse crate::reports;"), [2]);
        assert_eq!(lines("jobs/mod.rs", "use crate::ledger;\nuse crate::reports;"), [0; 0]);
        assert_eq!(lines("router.rs", "use crate::{reports, cases, advisories};"), [0; 0]);
        assert_eq!(lines("billing/mod.rs", ""), [1]);
    }
}
