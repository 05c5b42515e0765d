//! The SSVC tables against the published JSON, row by row.
//!
//! Needs `HELIOGRAPH_TEST_DATA`, a folder with `ssvc-tables.tar.zst`; without it the test says so and passes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "test support")]

use cvd::ssvc::{self, DecisionPoint, DecisionRecord};
use serde_json::Value;
use std::{collections::BTreeMap, io::Read, path::Path};

/// The decision tables by file name; none without the data.
fn official() -> Option<BTreeMap<String, Value>> {
    let Some(folder) = std::env::var_os("HELIOGRAPH_TEST_DATA") else {
        println!("skipped: HELIOGRAPH_TEST_DATA is not set");
        return None;
    };
    let file = std::fs::File::open(Path::new(&folder).join("ssvc-tables.tar.zst")).unwrap();
    let mut archive = tar::Archive::new(zstd::Decoder::new(file).unwrap());
    let mut tables = BTreeMap::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().to_string_lossy().into_owned();
        if let Some(name) = path.strip_prefix("json/decision_tables/ssvc/").filter(|name| !name.is_empty()) {
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            tables.insert(name.to_owned(), serde_json::from_str(&text).unwrap());
        }
    }
    Some(tables)
}

/// One published row, by `namespace:key:version`.
struct Row<'a>(&'a Value);

impl Row<'_> {
    fn get<P: DecisionPoint>(&self) -> P {
        let key = self.0[P::ID].as_str().unwrap_or_else(|| panic!("no {} in {}", P::ID, self.0));
        P::from_key(key).unwrap_or_else(|| panic!("{} has no value {key}", P::ID))
    }
}

/// Our values are the published ones, in their order and with their names.
fn compare_point<P: DecisionPoint>(table: &Value) {
    let point = &table["decision_points"][P::ID];
    assert_eq!(point["name"].as_str(), Some(P::NAME), "{}", P::ID);
    let pairs = |value: &Value| {
        (value["key"].as_str().unwrap().to_owned(), value["name"].as_str().unwrap().to_owned())
    };
    let theirs: Vec<_> = point["values"].as_array().unwrap().iter().map(pairs).collect();
    let ours: Vec<_> =
        P::VALUES.iter().map(|value| (value.key().to_owned(), value.label().to_owned())).collect();
    assert_eq!(ours, theirs, "{}", P::ID);
}

/// Every published row gives, by our rules, the published outcome, and our record is that row.
fn compare_rows(table: &Value, rows: usize, decide: impl Fn(&Row<'_>) -> DecisionRecord) {
    let mapping = table["mapping"].as_array().unwrap();
    assert_eq!(mapping.len(), rows);
    for row in mapping {
        let record = decide(&Row(row));
        let id = format!("ssvc:{}:{}", table["key"].as_str().unwrap(), table["version"].as_str().unwrap());
        assert_eq!(record.table, id);
        assert_eq!(record.outcome.point, table["outcome"].as_str().unwrap());
        let chosen = record.inputs.iter().chain([&record.outcome]);
        let ours: BTreeMap<_, _> = chosen.map(|c| (c.point.clone(), Value::from(c.value.clone()))).collect();
        let theirs: BTreeMap<_, _> =
            row.as_object().unwrap().iter().map(|(point, value)| (point.clone(), value.clone())).collect();
        assert_eq!(ours, theirs);
    }
}

#[test]
fn ssvc_coordinator_triage_1_0_0_all_192_rows() {
    let Some(tables) = official() else { return };
    let table = &tables["coordinator_triage_1_0_0.json"];
    compare_point::<ssvc::ReportPublic>(table);
    compare_point::<ssvc::SupplierContacted>(table);
    compare_point::<ssvc::Credibility>(table);
    compare_point::<ssvc::Cardinality>(table);
    compare_point::<ssvc::Engagement>(table);
    compare_point::<ssvc::Utility>(table);
    compare_point::<ssvc::PublicSafetyImpact>(table);
    compare_point::<ssvc::Coordinate>(table);
    compare_rows(table, 192, |row| {
        let facts = ssvc::TriageFacts {
            report_public: row.get(),
            supplier_contacted: row.get(),
            credibility: row.get(),
            cardinality: row.get(),
            engagement: row.get(),
            utility: row.get(),
            public_safety: row.get(),
        };
        ssvc::decide_triage(facts).record
    });
}

#[test]
fn ssvc_coordinator_publication_1_0_0_all_27_rows() {
    let Some(tables) = official() else { return };
    let table = &tables["coordinator_publish_decision_table_1_0_0.json"];
    compare_point::<ssvc::SupplierInvolvement>(table);
    compare_point::<ssvc::Exploitation>(table);
    compare_point::<ssvc::PublicValueAdded>(table);
    compare_point::<ssvc::Publish>(table);
    compare_rows(table, 27, |row| {
        let facts = ssvc::PublicationFacts {
            involvement: row.get(),
            exploitation: row.get(),
            value_added: row.get(),
        };
        ssvc::decide_publication(facts).record
    });
}

#[test]
fn ssvc_supplier_patch_development_1_0_0_all_36_rows() {
    let Some(tables) = official() else { return };
    let table = &tables["supplier_patch_development_priority_1_0_0.json"];
    compare_point::<ssvc::TechnicalImpact>(table);
    compare_point::<ssvc::PatchPriority>(table);
    compare_rows(table, 36, |row| {
        let facts = ssvc::SupplierFacts {
            exploitation: row.get(),
            utility: row.get(),
            technical_impact: row.get(),
            public_safety: row.get(),
        };
        ssvc::decide_supplier(facts).record
    });
}

#[test]
fn ssvc_deployer_patch_application_1_0_0_all_72_rows() {
    let Some(tables) = official() else { return };
    let table = &tables["deployer_patch_application_priority_1_0_0.json"];
    compare_point::<ssvc::Exposure>(table);
    compare_rows(table, 72, |row| {
        let facts = ssvc::DeployerFacts {
            exploitation: row.get(),
            exposure: row.get(),
            automatable: row.get(),
            human_impact: row.get(),
        };
        ssvc::decide_deployer(facts).record
    });
}

#[test]
fn ssvc_utility_public_safety_and_human_impact_1_0_0_all_rows() {
    let Some(tables) = official() else { return };
    let table = &tables["utility_1_0_0.json"];
    compare_point::<ssvc::Automatable>(table);
    compare_point::<ssvc::ValueDensity>(table);
    compare_rows(table, 4, |row| ssvc::utility(row.get(), row.get()).record);
    let table = &tables["public_safety_impact_1_0_0.json"];
    compare_point::<ssvc::SafetyImpact>(table);
    compare_rows(table, 4, |row| ssvc::public_safety_impact(row.get()).record);
    let table = &tables["human_impact_1_0_0.json"];
    compare_point::<ssvc::MissionImpact>(table);
    compare_point::<ssvc::HumanImpact>(table);
    compare_rows(table, 16, |row| ssvc::human_impact(row.get(), row.get()).record);
}
