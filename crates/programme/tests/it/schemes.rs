//! Schemes of accreditation (domain facts S34, S35): what permits what, and what cannot be written.

use programme::{Mode, Scheme, Schemes, Service, builtin_schemes};

const GOOD: &str = r#"schema = "scheme/1"
id = "trial"
title = "Trial"
issuer = "The office"
mode = "active"
holders = ["organisations", "people"]
levels = ["gold", "silver"]
scopes = ["lab", "field"]
years_max = 3
alert_days = [60, 10]
source = { set_by = "nobody" }
[[permits]]
service = "analysis"
level = "silver"
[[permits]]
service = "incident_response"
level = "gold"
scope = "field"
"#;

fn scheme(id: &str) -> Scheme {
    let text = builtin_schemes().iter().find(|(name, _)| *name == id).unwrap().1;
    Scheme::parse(text).unwrap()
}

fn held(scopes: &[&str]) -> Vec<String> {
    scopes.iter().map(|scope| (*scope).to_owned()).collect()
}

/// S35: scheme X at level n or better permits service Y.
#[test]
fn a_level_or_a_better_one_permits_and_a_lower_one_does_not() {
    let scheme = Scheme::parse(GOOD).unwrap();
    let permits = |service, level, scopes: &[&str]| scheme.permits(service, level, &held(scopes));
    assert!(permits(Service::Analysis, Some("gold"), &[]));
    assert!(permits(Service::Analysis, Some("silver"), &[]));
    assert!(!permits(Service::Analysis, Some("bronze"), &[]), "no level of this scheme");
    assert!(!permits(Service::Analysis, None, &[]));
    assert!(permits(Service::IncidentResponse, Some("gold"), &["lab", "field"]));
    assert!(!permits(Service::IncidentResponse, Some("gold"), &["lab"]));
    assert!(!permits(Service::IncidentResponse, Some("silver"), &["field"]));
    assert!(!permits(Service::Training, Some("gold"), &["lab", "field"]));
    assert!(scheme.governs(Service::Analysis) && !scheme.governs(Service::Training));
    assert_eq!(scheme.alert_days, [60, 10]);
}

/// S34: the presets, and the six of the source report as reference, which permit nothing.
#[test]
fn the_presets_are_there_and_those_for_reference_permit_nothing() {
    let all = Schemes::with([]).unwrap();
    assert_eq!(all.all().count(), builtin_schemes().len());
    for (id, text) in builtin_schemes() {
        let (found, kept) = all.find(id).unwrap();
        assert_eq!((found.id.as_str(), kept), (*id, *text));
    }
    let reference: Vec<&Scheme> = all.all().filter(|scheme| scheme.mode == Mode::Reference).collect();
    assert_eq!(reference.len(), 6);
    for scheme in reference {
        for (service, ..) in Service::ALL {
            for level in [None, Some("1"), Some("2"), Some("3")] {
                assert!(!scheme.permits(*service, level, &[]) && !scheme.governs(*service), "{}", scheme.id);
            }
        }
    }
    assert!(scheme("ti-accredited").permits(Service::IncidentResponse, Some("certified"), &[]));
    assert!(!scheme("ti-accredited").permits(Service::IncidentResponse, Some("listed"), &[]));
    assert!(scheme("iso-17025").permits(Service::Analysis, None, &[]));
    assert!(scheme("iso-27001").permits.is_empty());
}

#[test]
fn one_of_the_centres_own_takes_the_place_of_that_of_the_program() {
    let own = GOOD.replace("\"trial\"", "\"iso-17025\"");
    let all = Schemes::with([("own.toml", own.as_str())]).unwrap();
    assert_eq!(all.all().count(), builtin_schemes().len());
    assert_eq!(all.find("iso-17025").unwrap().0.title, "Trial");
    let refused = Schemes::with([("own.toml", "schema = 1")]).unwrap_err();
    assert_eq!(refused.to_string(), "own.toml: line 1, schema: expected a text, found integer");
}

/// S35: the list of services is closed; no entitlement named attack or hacking can be expressed. Each
/// mistake and each contradiction is refused with its line.
#[test]
fn every_mistake_is_named_with_its_line() {
    assert!(Scheme::parse(GOOD).is_ok());
    let list = "the list is closed: analysis, testing_with_written_authority, incident_response, training, \
                advisory_drafting";
    for (from, to, refusal) in [
        ("scheme/1", "scheme/2", "line 1, schema: `scheme/2` is not a known schema, expected scheme/1".into()),
        ("\"active\"", "\"on\"", "line 5, mode: `on` is neither active nor reference".into()),
        ("\"active\"", "\"reference\"", "line 12, permits: a scheme for reference permits nothing".into()),
        ("\"people\"]", "\"machines\"]", "line 6, holders: `machines`: organisations, people or both".into()),
        ("[\"organisations\", \"people\"]", "[]", "line 6, holders: say whom it accredits: organisations, people or both".into()),
        ("\"silver\"]", "\"gold\"]", "line 7, levels: gold stands there twice".into()),
        ("years_max = 3", "years_max = 11", "line 9, years_max: between 1 and 10 years".into()),
        ("[60, 10]", "[10, 60]", "line 10, alert_days: one to ten numbers of days from 366 to 1, the longest first".into()),
        ("[60, 10]", "[]", "line 10, alert_days: one to ten numbers of days from 366 to 1, the longest first".into()),
        ("{ set_by = \"nobody\" }", "{}", "line 11, source: say where the criteria were read, or who set them".into()),
        ("\"analysis\"", "\"hacking\"", format!("line 13, permits 1, service: `hacking` cannot be permitted; {list}")),
        ("\"analysis\"", "\"special_attack_operations\"",
            format!("line 13, permits 1, service: `special_attack_operations` cannot be permitted; {list}")),
        ("level = \"silver\"", "level = \"bronze\"", "line 14, permits 1, level: `bronze` is not among gold, silver".into()),
        ("scope = \"field\"", "scope = \"sea\"", "line 18, permits 2, scope: `sea` is not among lab, field".into()),
        ("scopes = [\"lab\", \"field\"]\n", "", "line 17, permits 2, scope: the scheme has no scopes".into()),
        ("\"incident_response\"", "\"analysis\"",
            "line 16, permits 2, service: contradicts another rule, which permits analysis of vulnerabilities, at silver \
             or better; say it once".into()),
        ("level = \"gold\"", "rank = \"gold\"", "line 17, permits 2, rank: this key means nothing here".into()),
        ("years_max", "years", "line 9, years: this key means nothing here".into()),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let refused = Scheme::parse(&GOOD.replacen(from, to, 1)).map(|scheme| scheme.id);
        let refused = refused.expect_err(to).to_string();
        // A key that is missing is named before one that means nothing.
        let expected = match from {
            "years_max" => "line 1, years_max: is missing".to_owned(),
            _ => refusal,
        };
        assert_eq!(refused, expected, "{from} → {to}");
    }
}
