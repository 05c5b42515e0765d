//! `/api`: everything that programs can ask, on one page for people.

use super::TEXT;
use crate::access::Viewer;
use crate::app::App;
use crate::web::page;
use axum::extract::State;
use axum::response::Html;
use maud::{Markup, html};
use serde_json::Value;
use std::collections::BTreeMap;

/// An interface that others defined: what it is, who speaks it, and a question to try.
struct Interface {
    name: &'static str,
    for_whom: &'static str,
    /// What stands behind `curl`, with the centre's address in place of `{base}`.
    example: &'static str,
}

const INTERFACES: [Interface; 10] = [
    Interface {
        name: "OSV",
        for_whom: "osv-scanner, pip-audit and whoever asks by package and version; a thousand questions at once at /v1/querybatch; no version is determined by hashes of files",
        example: "-d '{\"package\":{\"ecosystem\":\"PyPI\",\"name\":\"jinja2\"},\"version\":\"3.1.2\"}' {base}/v1/query",
    },
    Interface {
        name: "OSV, one record",
        for_whom: "by its id, in any letter case",
        example: "{base}/v1/vulns/CVE-2021-44228",
    },
    Interface {
        name: "OSV's dumps",
        for_whom: "mirrors: all.zip and modified_id.csv, whole or by ecosystem",
        example: "-O {base}/osv/all.zip",
    },
    Interface {
        name: "NVD 2.0",
        for_whom: "nvdlib and other clients of NVD: cves, cvehistory, cpes, cpematch, source",
        example: "'{base}/rest/json/cves/2.0?keywordSearch=openssl'",
    },
    Interface {
        name: "NVD's feeds",
        for_whom: "mirrors, by year, with .meta beside each",
        example: "-O {base}/feeds/json/cve/2.0/nvdcve-2.0-2024.json.gz",
    },
    Interface {
        name: "vulnerability-lookup",
        for_whom: "PyVulnerabilityLookup; GCVE's publication too",
        example: "{base}/api/vulnerability/CVE-2021-44228",
    },
    Interface {
        name: "EUVD",
        for_whom: "clients of ENISA's database",
        example: "'{base}/api/search?text=openssl&size=10'",
    },
    Interface {
        name: "Known exploited vulnerabilities",
        for_whom: "whoever reads CISA's list",
        example: "{base}/feeds/known_exploited_vulnerabilities.json",
    },
    Interface {
        name: "A search",
        for_whom: "any search of this database as JSON, CSV or Atom",
        example: "'{base}/search.json?q=vendor:apache+cvss>=9'",
    },
    Interface {
        name: "A bill of materials",
        for_whom: "build systems: CycloneDX or SPDX in; JSON, SARIF, CSV or HTML out",
        example: "--data-binary @bom.json '{base}/api/v1/sbom?format=sarif'",
    },
];

/// `GET /api`
pub(crate) async fn programs(State(app): State<App>, viewer: Viewer) -> Html<String> {
    let base = app.settings.base_url.as_str();
    let document: Value = TEXT.get().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let body = html! {
        h1 { "For programs" }
        p.lead { "The public database answers in the shapes that existing clients speak, without an account. What the centre itself does has an interface of its own, with a token." }
        section.sheet {
            h2 { "The public database" }
            table {
                thead { tr { th { "Interface" } th { "Try it" } } }
                tbody {
                    @for Interface { name, for_whom, example } in &INTERFACES {
                        tr {
                            td { b { (name) } div.quiet { (for_whom) } }
                            td.code data-label="Try it" { "curl " (example.replace("{base}", base)) }
                        }
                    }
                }
            }
        }
        section.sheet {
            h2 { "The centre" }
            p {
                "A token is made on " a href="/account" { "the page of your account" } " and sent as " span.code { "Authorization: Bearer …" }
                ". What one may not see answers like what is not there, and every refusal says what to do: "
                a href="/problems/invalid" { "all kinds of refusals" } "."
            }
            (operations(&document))
            p.actions { a.btn href="/api/v1/openapi.json" { "All of it as OpenAPI 3.1" } }
        }
    };
    page(&app, &viewer, "For programs", body)
}

/// The operations of the document, by what they are about.
fn operations(document: &Value) -> Markup {
    let mut groups: BTreeMap<&str, Vec<(&str, &str, &str)>> = BTreeMap::new();
    let paths = document["paths"].as_object();
    for (path, operations) in paths.into_iter().flatten() {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let tag = operation["tags"][0].as_str().unwrap_or("other");
            let summary = operation["summary"].as_str().unwrap_or_default();
            groups.entry(tag).or_default().push((method, path, summary));
        }
    }
    html! {
        @for (tag, all) in &groups {
            details {
                summary { (tag) " " span.quiet { (all.len()) } }
                ul.links {
                    @for (method, path, summary) in all {
                        li { span.code { (method.to_uppercase()) " " (path) } div.quiet { (summary) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestApp;

    #[test]
    fn every_operation_stands_on_the_page_and_every_example_is_an_address_of_this_centre() {
        let app = TestApp::new();
        let page = app.anonymous().get("/api");
        let document = app.anonymous().get("/api/v1/openapi.json").json();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for method in operations.as_object().unwrap().keys() {
                let shown = format!("{} {path}", method.to_uppercase());
                assert!(page.text().contains(&shown), "{shown}");
            }
        }
        let (_, routes) = crate::router::routes(&app.app);
        for Interface { example, .. } in &INTERFACES {
            let place = example.split_once("{base}").unwrap().1.trim_end_matches('\'');
            let path: Vec<&str> = place.split('?').next().unwrap().split('/').collect();
            let is_it = |route: &str| {
                let parts: Vec<&str> = route.split('/').collect();
                let fits = |(part, given): (&&str, &&str)| part.starts_with('{') || part == given;
                parts.len() == path.len() && parts.iter().zip(&path).all(fits)
            };
            assert!(routes.iter().any(|route| is_it(route.path)), "{place}");
        }
    }
}
