//! Line 7: no field anywhere for politics, religion, ethnicity, birthplace, gender or family.

use crate::access::Role;
use crate::testing::TestApp;
use crate::testing::clearance::person;
use serde_json::Value;
use std::collections::BTreeSet;

const FORBIDDEN: [&str; 22] = [
    "politic",
    "party",
    "religi",
    "faith",
    "church",
    "ethnic",
    "race",
    "origin_country",
    "nationality",
    "birth",
    "native",
    "gender",
    "sex",
    "salutation",
    "famil",
    "marital",
    "spouse",
    "children",
    "parent",
    "loyal",
    "attitude",
    "patriot",
];

fn names_in(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                names.insert(name.clone());
                names_in(value, names);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| names_in(value, names)),
        _ => {}
    }
}

/// Every name under which the centre keeps or asks for something: columns, the API, the journal,
/// the forms, the profiles.
fn all_names(app: &TestApp) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let columns = app.read(|tx| {
        let mut all = Vec::new();
        for table in tx.tables()? {
            all.extend(tx.columns(&table)?);
            all.push(table);
        }
        Ok(all)
    });
    names.extend(columns);
    names_in(&app.anonymous().get("/api/v1/openapi.json").json()["components"], &mut names);
    let journal = app.read(|tx| Ok(tx.query("SELECT canonical FROM events", &[])?));
    for row in journal {
        let bytes: Vec<u8> = row.get(0).unwrap();
        names_in(&serde_json::from_slice(&bytes).unwrap(), &mut names);
    }
    let (report, desk) = (app.report(), app.account(&[Role::Coordinator, Role::Administrator]));
    let (officer, cleared) = (app.account(&[Role::SecurityOfficer]), person(&desk));
    // One of everything that the register knows, and its journal read again.
    app.office().clear(&cleared, "ue2", "2027-11-24T10:00:00Z");
    for act in ["interest", "year", "foreign-interest", "correction"] {
        let form = [
            ("case", "HEL-2026-000001"),
            ("interest", "yes"),
            ("words", "zinnober"),
            ("correction", "zinnober"),
        ];
        assert_eq!(desk.post_form(&format!("/me/{act}"), &form).status(), 303);
    }
    let register = app.read(|tx| Ok(tx.query("SELECT canonical FROM events", &[])?));
    for row in register {
        let bytes: Vec<u8> = row.get(0).unwrap();
        names_in(&serde_json::from_slice(&bytes).unwrap(), &mut names);
    }
    let opened: Vec<&str> =
        app.routes.iter().filter(|route| route.method == "GET").map(|route| route.path).collect();
    for path in opened {
        let path = path.replace("{id}", report.id.as_str()).replace("{subject}", report.id.as_str());
        let path = path.replace("{person}", &cleared);
        for client in [&desk, &report.client, &officer] {
            let page = client.get(&path);
            let text = String::from_utf8_lossy(page.bytes()).into_owned();
            names.extend(
                text.split(" name=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()),
            );
        }
    }
    let ladders = crate::vetting::SHIPPED.iter();
    for (_, text) in clocks::builtin().iter().chain(ladders) {
        names.extend(text.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.to_owned()));
    }
    names
}

#[test]
fn line_07_no_field_asks_for_what_a_person_is_or_believes() {
    let app = TestApp::new();
    let names = all_names(&app);
    assert!(names.len() > 100 && names.contains("claim_hash") && names.contains("contact_name"), "{names:?}");
    // The register's columns, events, forms and ladders are among them.
    for known in ["briefed_until", "clearance", "authority", "counts_as", "confidential", "is_out"] {
        assert!(names.contains(known), "{known} was not looked at");
    }
    let parts = |name: &String| {
        name.to_lowercase().split(['_', '-', '.', ' ']).map(str::to_owned).collect::<Vec<_>>()
    };
    let asks =
        |name: &&String| parts(name).iter().any(|part| FORBIDDEN.iter().any(|word| part.starts_with(word)));
    let found: Vec<&String> = names.iter().filter(asks).collect();
    assert!(found.is_empty(), "{found:?}");
}
