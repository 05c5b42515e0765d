//! Forms of filings: ENISA's glossary as read on 30 September 2026 (domain facts, section 3.1).

use clocks::Profile;
use clocks::filing::{FIELD_MAX, FieldTable, Form, Need, Problem, Values, check, copy_forward, field_tables};

fn table() -> FieldTable {
    FieldTable::parse(field_tables()[0].1).unwrap()
}

fn form(duty: &str) -> Form {
    let (_, text) = clocks::builtin().iter().find(|(id, _)| *id == "cra-art14").unwrap();
    let profile = Profile::parse(text).unwrap();
    Form::of(profile.duty(duty).unwrap(), Some(&table()))
}

fn need(duty: &str, field: &str) -> Need {
    form(duty).fields.iter().find(|found| found.name == field).map_or(Need::NotShown, |found| found.need)
}

/// The rows that are easiest to get wrong, in the order early warning, notification, final report.
#[test]
fn each_stage_needs_what_the_glossary_says() {
    use Need::{IfAvailable as A, NotShown as N, Optional as O, Required as R};
    for (kind, field, needs) in [
        ("aev", "title", [R, R, R]),
        ("aev", "attack_vector", [N, O, O]),
        ("aev", "exploitation_occurred_at", [O, R, O]),
        ("aev", "general_information", [O, R, O]),
        ("aev", "measure_available_at", [O, O, R]),
        ("aev", "malicious_actor", [O, O, A]),
        ("aev", "pec", [N, O, N]),
        ("aev", "considered_sensitivity", [O, O, R]),
        ("aev", "suspected_unlawful_or_malicious", [N, N, N]),
        ("si", "suspected_unlawful_or_malicious", [R, R, R]),
        ("si", "aware_at", [R, R, O]),
        ("si", "initial_assessment", [O, R, O]),
        ("si", "threat_type_or_root_cause", [O, O, R]),
        ("si", "malicious_actor", [N, N, N]),
    ] {
        let found = ["ew", "not", "fin"].map(|stage| need(&format!("{kind}.{stage}"), field));
        assert_eq!(found, needs, "{kind} {field}");
    }
    let form = form("aev.ew");
    let limit = |name: &str| form.fields.iter().find(|field| field.name == name).unwrap().max;
    assert_eq!(
        (limit("title"), limit("summary"), limit("further_information")),
        (Some(255), Some(4000), Some(800))
    );
}

#[test]
fn what_is_missing_is_named_and_nothing_is_invented() {
    let form = form("aev.fin");
    let findings = check(&form, &Values::new());
    let missing =
        |name: &str| findings.iter().find(|finding| finding.field == name).map(|found| &found.problem);
    assert_eq!(missing("title"), Some(&Problem::Missing));
    assert_eq!(missing("malicious_actor"), Some(&Problem::MissingIfAvailable));
    assert_eq!(missing("cve_id"), None);
    assert!(copy_forward(&form, &[]).is_empty());
}

#[test]
fn limits_count_characters_and_say_so() {
    let form = form("aev.ew");
    let with = |name: &str, text: String| {
        let found = check(&form, &Values::from([(name.to_owned(), text)]));
        found.into_iter().find(|finding| finding.field == name).map(|finding| finding.to_string())
    };
    assert_eq!(with("title", "ß".repeat(255)), None);
    assert_eq!(with("title", "ß".repeat(256)).unwrap(), "Title: 256 characters, 255 at most");
    assert!(with("component_name", "x".repeat(FIELD_MAX + 1)).unwrap().contains("10000 at most"));
    assert!(with("aware_at", "today".into()).unwrap().contains("expected day, hour and zone"));
    assert!(with("end_of_support", "perhaps".into()).unwrap().contains("expected yes, no"));
    assert!(with("pec", "yes".into()).unwrap().contains("does not have it"));
    assert_eq!(with("title", "  ".into()).unwrap(), "Title: missing", "blanks say nothing");
}

#[test]
fn the_latest_stage_that_said_something_is_copied_forward_and_only_what_the_form_has() {
    let value = |pairs: &[(&str, &str)]| -> Values {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    };
    let early = value(&[("title", "first"), ("summary", "first"), ("product_name", "Kettle")]);
    let later = value(&[("title", "second"), ("summary", " "), ("pec", "yes")]);
    let copied = copy_forward(&form("aev.fin"), &[&early, &later]);
    assert_eq!(copied, value(&[("title", "second"), ("summary", "first"), ("product_name", "Kettle")]));
}

/// A duty without a list of its authority asks for what its rule says that it contains.
#[test]
fn a_duty_without_a_list_has_the_fields_of_its_rule() {
    let form = form("disseminate");
    assert_eq!(form.list, None);
    assert_eq!(form.fields[0].name, "notification");
    assert_eq!(form.fields[0].need, Need::Required);
}

#[test]
fn a_list_that_breaks_a_rule_is_refused_with_the_place() {
    let good = "schema = \"fields/1\"\nid = \"x\"\nversion = \"1\"\nread_on = 2026-09-30\nsource = \"s\"\n\
        verified = \"primary\"\n[[stage]]\nid = \"ew\"\ntitle = \"E\"\n[[field]]\nname = \"a\"\ntitle = \"A\"\naev = \"R\"\n";
    assert!(FieldTable::parse(good).is_ok());
    for (from, to, words) in [
        ("fields/1", "fields/2", "schema"),
        ("aev = \"R\"", "aev = \"R/R\"", "every stage"),
        ("aev = \"R\"", "aev = \"X\"", "write R, O, A or -"),
        ("aev = \"R\"", "", "every stage"),
        ("aev = \"R\"", "aev = \"R\"\nmax = 0", "limit"),
        ("aev = \"R\"", "aev = \"R\"\nmax = 20000", "limit"),
        ("name = \"a\"", "name = \"Ä\"", "small letters"),
        ("title = \"A\"", "titel = \"A\"", ""),
        ("read_on = 2026-09-30", "read_on = 2026-02-30", ""),
    ] {
        let refused = FieldTable::parse(&good.replace(from, to)).unwrap_err();
        assert!(refused.contains(words), "{to}: {refused}");
    }
    let twice = format!("{good}[[field]]\nname = \"a\"\ntitle = \"A\"\naev = \"R\"\n");
    assert!(FieldTable::parse(&twice).unwrap_err().contains("twice"));
    assert!(FieldTable::parse(&"#".repeat(300_000)).unwrap_err().contains("at most"));
}
