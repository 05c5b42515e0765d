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

/// The form of a duty, from the list that its profile names.
fn listed(profile: &str, duty: &str) -> Form {
    let (_, text) = clocks::builtin().iter().find(|(id, _)| *id == profile).unwrap();
    let profile = Profile::parse(text).unwrap();
    let table = profile.field_list.as_ref().map(|list| {
        let name = format!("{}-{}", list.id, list.version);
        let (_, text) = field_tables().iter().find(|(known, _)| *known == name).unwrap();
        let table = FieldTable::parse(text).unwrap();
        assert_eq!((&table.id, &table.version), (&list.id, &list.version));
        assert_eq!(
            (table.read_on, &table.source, table.verified),
            (list.read_on, &list.source, list.verified)
        );
        table
    });
    Form::of(profile.duty(duty).unwrap(), table.as_ref())
}

/// What each stage asks for, in the order of the form: a star for required, a question mark where it is
/// asked for if there is anything to say.
fn asked(profile: &str, duty: &str) -> String {
    let form = listed(profile, duty);
    let mark = |need: Need| match need {
        Need::Required => "*",
        Need::IfAvailable => "?",
        Need::Optional | Need::NotShown => "",
    };
    form.fields
        .iter()
        .map(|field| format!("{}{}", field.name, mark(field.need)))
        .collect::<Vec<_>>()
        .join(" ")
}

/// NIS 2, article 23(4) and (5): each stage has its own, and says of itself which it is.
#[test]
fn nis_2_asks_stage_by_stage() {
    for (duty, fields) in [
        ("ew", "suspected_unlawful_or_malicious? cross_border?"),
        (
            "not",
            "suspected_unlawful_or_malicious? cross_border? update* initial_assessment* severity* impact* iocs?",
        ),
        ("int", "status_update*"),
        ("progress", "progress*"),
        ("fin", "description* severity* impact* threat_type_or_root_cause* mitigation* cross_border_impact?"),
        ("csirt.reply", "initial_feedback* guidance?"),
        // No list has this one; it is what the rule says.
        ("services", "incident_or_threat* measures*"),
    ] {
        assert_eq!(asked("nis2-art23", duty), fields, "{duty}");
    }
    let (notification, last) = (listed("nis2-art23", "not"), listed("nis2-art23", "fin"));
    assert_eq!((notification.stage.as_str(), last.stage.as_str()), ("Incident notification", "Final report"));
    assert_eq!(listed("nis2-art23", "services").list, None);
    let said = Values::from([("severity".into(), "high".into()), ("iocs".into(), "a hash".into())]);
    assert_eq!(copy_forward(&last, &[&said]), Values::from([("severity".into(), "high".into())]));
}

/// GDPR, articles 33(3) and 34(2); SEC, item 1.05(a); CNA rules, 5.1 and 5.3.
#[test]
fn other_regimes_ask_for_what_their_rules_list() {
    for (profile, duty, fields) in [
        (
            "gdpr-33",
            "notify",
            "nature* categories_and_numbers? contact* consequences* measures* reasons_for_delay?",
        ),
        ("gdpr-33", "subjects", "nature* contact* consequences* measures*"),
        ("us-sec-1.05", "8-k", "nature* scope* timing* impact*"),
        ("cna-4", "publish", "affected* problem_type? description* public_reference* tags?"),
        ("cna-4", "publish.should", "affected* problem_type? description* public_reference* tags?"),
        ("cna-4", "publish.other", "affected* problem_type? description* public_reference* tags?"),
    ] {
        assert_eq!(asked(profile, duty), fields, "{profile} {duty}");
    }
}

/// Every duty that is met by a filing has a form. Where neither a list nor the rule says what it
/// contains, it has one field for free text, and says so: nothing is invented.
#[test]
fn every_duty_has_a_form() {
    let (mut by_list, mut by_rule, mut free) = (0, 0, Vec::new());
    for (id, text) in clocks::builtin() {
        let profile = Profile::parse(text).unwrap();
        for duty in profile.duties.iter().filter(|duty| duty.met_by == clocks::MetBy::Filing) {
            let form = listed(id, duty.id.as_str());
            assert!(!form.fields.is_empty(), "{id} {}", duty.id);
            match (&form.list, form.names_contents) {
                (Some(_), named) => {
                    assert!(named);
                    by_list += 1;
                }
                (None, true) => {
                    assert_eq!(form.fields.len(), duty.content.len(), "{id} {}", duty.id);
                    by_rule += 1;
                }
                (None, false) => {
                    assert_eq!((form.fields.len(), form.fields[0].need), (1, Need::Optional));
                    free.push(format!("{id}/{}", duty.id));
                }
            }
        }
    }
    assert!(by_list >= 16 && by_rule >= 10, "{by_list} {by_rule}");
    // DORA has forms of its own (an implementing regulation that nobody here has read).
    assert!(free.contains(&"dora-2025-301/initial".to_owned()), "{free:?}");
}

/// Every list that comes with the program shows something at each of its stages.
#[test]
fn no_stage_of_a_list_is_empty() {
    for (name, text) in field_tables() {
        let table = FieldTable::parse(text).unwrap();
        assert_eq!(*name, format!("{}-{}", table.id, table.version));
        for (place, stage) in table.stages.iter().enumerate() {
            let shown = table.fields.iter().any(|field| field.shown_at(place));
            assert!(shown, "{name} {}", stage.id);
        }
    }
}
