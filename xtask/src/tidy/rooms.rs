//! Inside the application: HTTP is named in few places, and a database driver in none.

use super::Finding;
use super::source::{Source, find_words, line_of};

const APPLICATION: &str = "crates/heliograph/src/";

/// Files of a slice that speak HTTP, by their name without `.rs`.
const HTTP_FILES: &[&str] = &["api", "pages", "tests"];

/// Folders and files that speak HTTP besides, with the reason.
const HTTP_ROOMS: &[(&str, &str)] = &[
    ("web", "error type, layout and middleware of all pages"),
    ("router", "every route on one page"),
    ("app", "it is what handlers get"),
    ("lib", "what the benches reach, a server among it"),
    ("cli/serve", "it starts the server"),
    ("demo", "the demo asks the product over HTTP, in process, and shows who its people are"),
    ("openapi", "it serves the document that it makes"),
    ("metrics", "it serves what it counts"),
    ("access/guard", "it turns a request into a Viewer before any handler runs"),
    ("testing", "tests ask the product over HTTP, in process"),
];

pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        let Some(inside) = source.path.strip_prefix(APPLICATION).filter(|_| source.is_rust()) else {
            continue;
        };
        let inside = inside.trim_end_matches(".rs");
        let mut refuse = |words: &[&str], advice: &str| {
            for word in words {
                let places = find_words(&source.code, word);
                let say = |at| {
                    Finding::new(
                        &source.path,
                        line_of(&source.code, at),
                        "rooms",
                        format!("`{word}`: {advice}"),
                    )
                };
                findings.extend(places.map(say));
            }
        };
        if !speaks_http(inside) {
            refuse(&["axum"], "only api.rs, pages.rs, web, router and app speak HTTP; pass values");
        }
        let drivers = ["rusqlite", "postgres::", "tokio_postgres"];
        refuse(&drivers, "only storage names a driver, and the crate catalogue; use their functions");
    }
    findings
}

fn speaks_http(file: &str) -> bool {
    HTTP_ROOMS.iter().any(|(room, _)| is_in(file, room))
        || file.split('/').skip(1).any(|part| HTTP_FILES.contains(&part))
}

/// Whether a file is this room, or lies in it.
fn is_in(file: &str, room: &str) -> bool {
    file.strip_prefix(room).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(file: &str, text: &str) -> usize {
        check(&[Source::new(&format!("{APPLICATION}{file}"), text)]).len()
    }

    #[test]
    fn http_is_named_where_it_is_spoken() {
        let text = "use axum::Json;";
        for file in [
            "reports/api.rs",
            "reports/pages/form.rs",
            "reports/tests.rs",
            "web/mod.rs",
            "router.rs",
            "app.rs",
        ] {
            assert_eq!(findings(file, text), 0, "{file}");
        }
        for file in
            ["reports/store.rs", "reports/mod.rs", "jobs/mod.rs", "main.rs", "access/viewer.rs", "api.rs"]
        {
            assert_eq!(findings(file, text), 1, "{file}");
        }
        assert_eq!(findings("reports/store.rs", "// not axum"), 0);
    }

    #[test]
    fn a_driver_is_named_nowhere_in_the_application() {
        assert_eq!(findings("catalogue/mod.rs", "use rusqlite::Connection;"), 1);
        assert_eq!(findings("ledger/append.rs", "use postgres::Client;"), 1);
        assert_eq!(findings("app.rs", "fn is_postgres() { Database::postgres(url) }"), 0);
    }
}
