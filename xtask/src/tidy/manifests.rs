//! Arrows point downward only: heliograph → the libraries → vocabulary. And few know a driver.

use super::Finding;
use super::source::Source;

/// All may lean on it, and it leans on none of ours.
const BOTTOM: &str = "vocabulary";
/// It may lean on all of ours.
const TOP: &str = "heliograph";

/// What may lean on libraries of ours besides, with the reason.
const WITH_LIBRARIES: &[(&str, &[&str], &str)] = &[(
    "catalogue",
    &["formats", "versions"],
    "the engine of the public database keeps what `formats` reads and answers with `versions`",
)];

/// Libraries that only some packages may depend on.
const RESERVED: &[(&str, &[&str], &str)] = &[
    ("rusqlite", &["storage", "catalogue"], "only storage and catalogue speak to SQLite"),
    ("tantivy", &["catalogue"], "only catalogue has a search index"),
    ("postgres", &["storage"], "only storage speaks to PostgreSQL"),
    ("tokio-postgres", &["storage"], "only storage speaks to PostgreSQL"),
    ("axum", &["heliograph"], "only heliograph speaks HTTP"),
];

/// What the application's benches measure themselves against.
const BENCHED: &[&str] = &["rusqlite", "tantivy"];

pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let manifests: Vec<(&str, &Source)> =
        sources.iter().filter_map(|source| Some((package(&source.path)?, source))).collect();
    let ours: Vec<&str> = manifests.iter().map(|(name, _)| *name).collect();
    manifests.iter().flat_map(|(name, source)| findings(name, source, &ours)).collect()
}

/// `crates/cvd/Cargo.toml` is the manifest of `cvd`.
fn package(path: &str) -> Option<&str> {
    path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml").filter(|name| !name.contains('/'))
}

fn findings(package: &str, source: &Source, ours: &[&str]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, dependency, is_for_tests) in dependencies(&source.text) {
        let mut say = |advice: String| findings.push(Finding::new(&source.path, line, "arrows", advice));
        let is_known = WITH_LIBRARIES
            .iter()
            .any(|(top, libraries, _)| *top == package && libraries.contains(&dependency));
        let points_up = package != TOP && (dependency != BOTTOM || package == BOTTOM) && !is_known;
        if ours.contains(&dependency) && points_up && !is_for_tests {
            say(format!("`{package}` may not lean on `{dependency}`; libraries know `{BOTTOM}` only"));
        }
        for (library, users, advice) in RESERVED {
            let is_floor = package == TOP && is_for_tests && BENCHED.contains(library);
            if dependency == *library && !users.contains(&package) && !is_floor {
                say((*advice).to_owned());
            }
        }
    }
    findings
}

/// Line, name, and whether only tests and benches see it.
fn dependencies(manifest: &str) -> Vec<(usize, &str, bool)> {
    let mut found = Vec::new();
    let mut section = "";
    for (index, line) in manifest.lines().enumerate() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_end_matches(']').trim_matches('"');
            if let Some((table, name)) = section.rsplit_once('.')
                && table.ends_with("dependencies")
            {
                found.push((index + 1, name, table.ends_with("dev-dependencies")));
            }
        } else if section.ends_with("dependencies") && !line.starts_with('#') && line.contains('=') {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default().trim_matches('"');
            found.push((index + 1, name, section.ends_with("dev-dependencies")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(package: &str, dependencies: &str) -> Vec<usize> {
        let crates = ["heliograph", "catalogue", "storage", "formats", "versions", "vocabulary"];
        let mut sources: Vec<_> = crates
            .iter()
            .filter(|name| **name != package)
            .map(|name| Source::new(&format!("crates/{name}/Cargo.toml"), "[package]"))
            .collect();
        sources.push(Source::new(&format!("crates/{package}/Cargo.toml"), dependencies));
        check(&sources).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn arrows_point_downward() {
        assert_eq!(
            lines("heliograph", "[dependencies]\nformats.workspace = true\nstorage = { path = \"x\" }"),
            [0; 0]
        );
        assert_eq!(lines("formats", "[dependencies]\nvocabulary.workspace = true"), [0; 0]);
        assert_eq!(lines("formats", "[dependencies]\nserde = \"1\"\nversions.workspace = true"), [3]);
        assert_eq!(lines("formats", "[dependencies.versions]\nworkspace = true"), [1]);
        assert_eq!(lines("vocabulary", "[dependencies]\nformats.workspace = true"), [2]);
        assert_eq!(lines("storage", "[target.'cfg(unix)'.dependencies]\nheliograph.workspace = true"), [2]);
        assert_eq!(lines("formats", "[dev-dependencies]\nversions.workspace = true"), [0; 0]);
        assert_eq!(
            lines("catalogue", "[dependencies]\nformats.workspace = true\nstorage.workspace = true"),
            [3]
        );
        assert_eq!(lines("formats", "[dependencies]\ncatalogue.workspace = true"), [2]);
    }

    #[test]
    fn drivers_have_their_rooms() {
        assert_eq!(
            lines("storage", "[dependencies]\npostgres.workspace = true\nrusqlite.workspace = true"),
            [0; 0]
        );
        assert_eq!(lines("catalogue", "[dependencies]\nrusqlite.workspace = true"), [0; 0]);
        assert_eq!(lines("heliograph", "[dependencies]\nrusqlite.workspace = true"), [2]);
        assert_eq!(lines("heliograph", "[dev-dependencies]\nrusqlite.workspace = true"), [0; 0]);
        assert_eq!(lines("heliograph", "[dev-dependencies]\npostgres.workspace = true"), [2]);
        assert_eq!(lines("formats", "[dependencies]\nrusqlite = \"0.43\""), [2]);
        assert_eq!(lines("versions", "[dependencies]\naxum = \"0.8\""), [2]);
    }
}
