//! Each rule with its source.

use super::ladder::{ALWAYS, Ladders, parse};
use super::*;
use crate::ledger::{Actor, Recorded, State};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use vocabulary::{AccountId, CaseId, Instant, PersonId};

const NOW: &str = "2026-11-24T10:00:00Z";

fn at(hours: i64) -> Timestamp {
    NOW.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(hours)
}

fn instant(hours: i64) -> Instant {
    Instant::utc(at(hours))
}

fn person(number: u8) -> PersonId {
    PersonId::from_random([number; 10])
}

fn case() -> CaseId {
    CaseId::numbered("HEL", 2026, 7)
}

fn hands<'a>(by: &'a PersonId, of: &'a PersonId) -> Hands<'a> {
    Hands { by, of }
}

fn shipped() -> Ladders {
    super::ladders::shipped().unwrap()
}

fn clearance(level: &str, from: i64, until: i64) -> Clearance {
    Clearance {
        scheme: "de-sueg".into(),
        level: level.into(),
        authority: "bmi".into(),
        granted: instant(from),
        until: instant(until),
    }
}

fn took<S: State>(state: &mut S, hours: i64, events: Vec<S::Event>) {
    for event in events {
        let recorded = Recorded {
            seq: 1,
            stream: String::new(),
            version: 1,
            at: at(hours),
            actor: Actor::Account(AccountId::from_random([3; 10])),
            kind: String::new(),
            body: serde_json::Value::Null,
        };
        state.evolve(&event, &recorded);
    }
}

fn asking(level: &str) -> Classification {
    let mut asks = Classification::default();
    let set = classify(&asks, "de-sueg", level, &shipped(), false).unwrap();
    took(&mut asks, 0, set);
    asks
}

/// Cleared to Ü2, a member, briefed: each until an hour of its own.
fn admitted(cleared: i64, member: i64, briefed: i64, nda: i64) -> Entry {
    let (officer, second, of, mut entry) = (person(1), person(2), person(9), Entry::default());
    let mine = hands(&officer, &of);
    let recorded = propose(&entry, mine, clearance("ue2", -10, cleared), &shipped(), at(0)).unwrap();
    took(&mut entry, 0, recorded);
    let confirmed = confirm(&entry, hands(&second, &of), Some(&officer), "de-sueg", at(0)).unwrap();
    took(&mut entry, 0, confirmed);
    let joined = join(&entry, mine, &asking("ue2"), case(), Some(instant(member)), at(0)).unwrap();
    took(&mut entry, 0, joined);
    let briefing = brief(&entry, mine, instant(briefed), at(0)).unwrap();
    took(&mut entry, 0, briefing);
    let confidential = confirm_nda(&entry, mine, instant(nda), at(0)).unwrap();
    took(&mut entry, 0, confidential);
    entry
}

fn is_let_in(entry: &Entry, level: &str, hours: i64) -> bool {
    let spans = admissions(entry, &case(), ("de-sueg", level), &shipped());
    spans.iter().any(|(since, until)| *since <= at(hours) && at(hours) < *until)
}

/// Domain rule 5.2: access if and only if clearance, membership and briefing with its confirmation hold.
#[test]
fn rule_5_2_access_takes_all_three_and_ends_with_the_first_of_them() {
    assert!(is_let_in(&admitted(100, 100, 100, 100), "ue2", 99));
    for (cleared, member, briefed, nda) in
        [(50, 100, 100, 100), (100, 50, 100, 100), (100, 100, 50, 100), (100, 100, 100, 50)]
    {
        let entry = admitted(cleared, member, briefed, nda);
        assert!(is_let_in(&entry, "ue2", 49));
        assert!(!is_let_in(&entry, "ue2", 50), "the very second it lapses");
    }
    let whole = admitted(100, 100, 100, 100);
    let (officer, of) = (person(1), person(9));
    let mine = hands(&officer, &of);
    for events in [
        withdraw(&whole, mine, "de-sueg").unwrap(),
        debrief(&whole, mine).unwrap(),
        leave(&whole, mine, case()).unwrap(),
    ] {
        let mut entry = whole.clone();
        took(&mut entry, 1, events);
        assert!(!is_let_in(&entry, "ue2", 2), "nothing else makes up for what is missing");
    }
    assert!(!is_let_in(&Entry::default(), "ue1", 0), "default deny");
}

proptest! {
    /// Domain rule 5.2, at every hour: let in if and only if nothing has lapsed.
    #[test]
    fn rule_5_2_at_every_hour(ends in proptest::array::uniform4(1_i64..60), hour in 0_i64..70) {
        let entry = admitted(ends[0], ends[1], ends[2], ends[3]);
        prop_assert_eq!(is_let_in(&entry, "ue2", hour), ends.iter().all(|end| hour < *end));
    }
}

/// Domain rule S41: a ladder has an order; a higher level answers for a lower one, never the other way.
#[test]
fn rule_s41_a_higher_level_answers_for_a_lower_one_on_its_own_ladder() {
    let entry = admitted(100, 100, 100, 100);
    assert!(is_let_in(&entry, "ue1", 1) && is_let_in(&entry, "ue2", 1) && !is_let_in(&entry, "ue3", 1));
    for ladder in shipped().all() {
        for (high, held) in ladder.levels.iter().enumerate() {
            for (low, needed) in ladder.levels.iter().enumerate() {
                let answers = shipped().answers((&ladder.id, &held.id), (&ladder.id, &needed.id));
                assert_eq!(answers == [ALWAYS], high >= low, "{} {} {}", ladder.id, held.id, needed.id);
            }
        }
    }
}

const HERE: &str = r#"
schema = "ladder/1"
id = "here"
name = "Here"
jurisdiction = "XH"
source = "invented"
verified = true
level = [{ id = "low", name = "Low", permits = "LOW" }, { id = "high", name = "High", permits = "HIGH" }]
authority = [{ id = "office", name = "Office" }]
"#;

fn there(agreements: &str) -> String {
    format!(
        r#"
schema = "ladder/1"
id = "there"
name = "There"
jurisdiction = "XT"
source = "invented"
verified = true
level = [{{ id = "one", name = "One", permits = "1" }}, {{ id = "two", name = "Two", permits = "2" }}]
authority = [{{ id = "office", name = "Office" }}]
{agreements}"#
    )
}

fn agreement(level: &str, counts_as: &str, days: (&str, &str), verified: bool) -> String {
    let until = if days.1.is_empty() { String::new() } else { format!("until = \"{}\"", days.1) };
    format!(
        "[[equivalence]]\nlevel = \"{level}\"\nscheme = \"here\"\ncounts_as = \"{counts_as}\"\nfrom = \"{}\"\n{until}\n\
         agreement = \"treaty\"\nverified = {verified}\n",
        days.0
    )
}

/// Domain rule S41: no equivalence by guess; a dated agreement that somebody read, or none.
#[test]
fn rule_s41_elsewhere_a_level_counts_by_dated_and_verified_agreement_only() {
    let with = |text: &str| Ladders::with([("here.toml", HERE), ("there.toml", text)]).unwrap();
    let agreed = with(&there(&agreement("one", "high", ("2020-01-01", "2027-01-01"), true)));
    let span = ("2020-01-01T00:00:00Z".parse().unwrap(), "2027-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(agreed.answers(("there", "one"), ("here", "high")), [span]);
    assert_eq!(agreed.answers(("there", "two"), ("here", "low")), [span], "what is higher includes it");
    assert!(agreed.answers(("here", "high"), ("there", "one")).is_empty(), "it holds one way");
    assert!(agreed.answers(("us", "top-secret"), ("uk", "bpss")).is_empty(), "nobody agreed on it");
    let unread = with(&there(&agreement("one", "high", ("2020-01-01", ""), false)));
    assert!(unread.answers(("there", "two"), ("here", "low")).is_empty(), "nobody read the agreement");
}

/// What comes with the program says of itself that nobody read its source, and so opens nothing abroad.
#[test]
fn shipped_ladders_are_read_and_say_what_is_not_verified() {
    let all = shipped();
    assert_eq!(
        all.all().map(|ladder| ladder.id.as_str()).collect::<Vec<_>>(),
        ["de-sueg", "eu", "nato", "uk", "us"]
    );
    assert!(all.all().all(|ladder| !ladder.verified && ladder.source.contains("not read at the source")));
    assert!(all.all().flat_map(|ladder| &ladder.equivalences).all(|agreed| !agreed.verified));
    assert!(all.answers(("de-sueg", "ue3"), ("eu", "c-ue")).is_empty());
}

#[test]
fn a_wrong_ladder_is_refused_with_its_line() {
    let refused =
        |text: &str| Ladders::with([("here.toml", HERE), ("there.toml", text)]).unwrap_err().to_string();
    let (now, later) = (("2020-01-01", ""), ("2021-01-01", ""));
    let two = |one: String, other: String| there(&format!("{one}{other}"));
    for (text, reason) in [
        (
            two(agreement("one", "high", now, true), agreement("one", "low", later, true)),
            "there.toml, line 21: contradicts line 11: `one` would count as two levels at once",
        ),
        (
            two(agreement("one", "high", now, true), agreement("two", "low", later, true)),
            "there.toml, line 19: contradicts line 11: a higher level would count for less",
        ),
        (
            there(&agreement("three", "low", now, true)),
            "there.toml, line 11: this ladder has no level `three`",
        ),
        (
            there(&agreement("one", "middle", now, true)),
            "there.toml, line 11: the ladder `here` has no level `middle`",
        ),
        (
            there(&agreement("one", "low", ("2020-01-01", "2019-01-01"), true)),
            "there.toml, line 15: it ends before it begins",
        ),
        (
            there(&agreement("one", "low", ("1 January", ""), true)),
            "there.toml, line 14: a day like 2013-09-23 is expected",
        ),
        (there("colour = \"red\""), "there.toml, line 10: unknown field"),
        (there("").replace("ladder/1", "ladder/9"), "there.toml, line 2: the schema is ladder/1"),
        (there("").replace("\"two\"", "\"one\""), "there.toml, line 8: the level `one` is there twice"),
        (
            there("").replace("id = \"there\"", "id = \"There!\""),
            "there.toml, line 3: a name of 1 to 40 small letters",
        ),
        ("schema = ".to_owned(), "there.toml, line 1:"),
    ] {
        let said = refused(&text);
        assert!(said.starts_with(reason), "{said}\nexpected {reason}\n{text}");
    }
    let back = agreement("two", "low", now, true);
    let up = HERE.to_owned()
        + "[[equivalence]]\nlevel = \"low\"\nscheme = \"there\"\ncounts_as = \"two\"\nfrom = \"2020-01-01\"\nagreement = \"treaty\"\nverified = true\n";
    let back = back.replace("\"low\"", "\"high\"");
    let error =
        Ladders::with([("here.toml", up.as_str()), ("there.toml", there(&back).as_str())]).unwrap_err();
    assert!(error.reason.contains("there and back, a level would become a higher one"), "{error}");
    let long = "#".repeat(LADDER_BYTES_MAX + 1);
    assert!(parse("long.toml", &long).unwrap_err().reason.contains("65536 at most"));
}

/// Domain rule 5.4: a clearance wants four eyes, and neither pair is the person's own.
#[test]
fn rule_5_4_a_clearance_takes_two_security_officers_who_are_not_the_person() {
    let (officer, second, of) = (person(1), person(2), person(9));
    let mut entry = Entry::default();
    let ladders = shipped();
    assert!(
        propose(&entry, hands(&of, &of), clearance("ue2", -1, 10), &ladders, at(0)).is_err(),
        "not one's own"
    );
    let recorded = propose(&entry, hands(&officer, &of), clearance("ue2", -1, 10), &ladders, at(0)).unwrap();
    took(&mut entry, 0, recorded);
    assert!(entry.clearances.is_empty(), "it opens nothing yet");
    let confirmed =
        |by: &PersonId, hours| confirm(&entry, hands(by, &of), Some(&officer), "de-sueg", at(hours));
    assert!(confirmed(&officer, 0).is_err(), "two persons, not two clicks");
    assert!(confirmed(&of, 0).is_err());
    assert!(confirmed(&second, 10).is_err(), "it has run out meanwhile");
    assert!(
        confirm(&entry, hands(&second, &of), None, "de-sueg", at(0)).is_err(),
        "nobody knows whose word it was"
    );
    assert!(confirm(&entry, hands(&second, &of), Some(&officer), "us", at(0)).is_err());
    assert_eq!(confirmed(&second, 0).unwrap().len(), 1);
    assert_eq!(reject(&entry, hands(&officer, &of), "de-sueg").unwrap().len(), 1, "one says no");
}

/// Domain rule S37: the outcome, on a known ladder, by a known authority, with an end.
#[test]
fn rule_s37_a_clearance_names_what_there_is_and_ends() {
    let (officer, of, entry) = (person(1), person(9), Entry::default());
    let wrong =
        |clearance: Clearance| match propose(&entry, hands(&officer, &of), clearance, &shipped(), at(0))
            .unwrap_err()
        {
            crate::refusal::Refusal::Invalid { field, .. } => field.into_owned(),
            other => other.to_string(),
        };
    assert_eq!(wrong(Clearance { scheme: "xx".into(), ..clearance("ue2", -1, 10) }), "scheme");
    assert_eq!(wrong(clearance("ue9", -1, 10)), "level");
    assert_eq!(wrong(Clearance { authority: "me".into(), ..clearance("ue2", -1, 10) }), "authority");
    assert_eq!(wrong(clearance("ue2", 10, 10)), "until");
    assert_eq!(wrong(clearance("ue2", -10, -1)), "until");
    assert_eq!(wrong(clearance("ue2", -1, 24 * 366 * 11)), "until");
}

/// Domain rule S40: case by case, of a classified case, and never against a conflict of interest.
#[test]
fn rule_s40_membership_is_of_one_classified_case() {
    let (officer, of, mut entry) = (person(1), person(9), Entry::default());
    let mine = hands(&officer, &of);
    assert!(join(&entry, mine, &Classification::default(), case(), None, at(0)).is_err());
    assert!(join(&entry, hands(&of, &of), &asking("ue1"), case(), None, at(0)).is_err(), "not one's own");
    assert!(join(&entry, mine, &asking("ue1"), case(), Some(instant(-1)), at(0)).is_err());
    let out = recuse(&entry, case()).unwrap();
    took(&mut entry, 0, out);
    assert!(join(&entry, mine, &asking("ue1"), case(), None, at(0)).is_err());
}

/// A coordinator raises what a case asks for; lowering it is the security officer's.
#[test]
fn only_a_security_officer_lowers_a_classification() {
    let (asks, ladders) = (asking("ue2"), shipped());
    assert!(classify(&asks, "de-sueg", "ue3", &ladders, false).is_ok());
    assert!(classify(&asks, "de-sueg", "ue1", &ladders, false).is_err());
    assert!(classify(&asks, "us", "top-secret", &ladders, false).is_err(), "another ladder is no higher");
    assert!(classify(&asks, "de-sueg", "ue1", &ladders, true).is_ok());
    assert_eq!(classify(&asks, "de-sueg", "ue2", &ladders, false).unwrap(), [], "said twice");
    assert!(classify(&asks, "de-sueg", "ue9", &ladders, true).is_err());
    assert!(declassify(&Classification::default()).is_err());
    assert!(covers(&asking("ue2"), &asking("ue1"), &ladders).is_ok());
    assert!(covers(&asking("ue1"), &asking("ue2"), &ladders).is_err(), "it would be read by too many");
    assert!(covers(&Classification::default(), &asking("ue1"), &ladders).is_err());
    assert!(covers(&asking("ue1"), &Classification::default(), &ladders).is_ok());
}

/// Domain rule 5.3: none, disclose, recuse, exclude; and what keeps out is not undone by the person.
#[test]
fn rule_5_3_an_interest_has_one_of_four_outcomes() {
    let (officer, of, mut entry) = (person(1), person(9), Entry::default());
    assert!(
        decide_interest(&entry, hands(&officer, &of), case(), Outcome::Exclude).is_err(),
        "none was declared"
    );
    let declared = declare_interest(&entry, case()).unwrap();
    took(&mut entry, 0, declared);
    assert!(entry.waits());
    assert_eq!(declare_interest(&entry, case()).unwrap(), [], "said twice");
    assert!(decide_interest(&entry, hands(&of, &of), case(), Outcome::None).is_err(), "not one's own");
    for (outcome, is_out) in [
        (Outcome::None, false),
        (Outcome::Disclose, false),
        (Outcome::Recuse, true),
        (Outcome::Exclude, true),
    ] {
        let mut entry = entry.clone();
        let decided = decide_interest(&entry, hands(&officer, &of), case(), outcome).unwrap();
        took(&mut entry, 0, decided);
        assert_eq!(outcome.is_out(), is_out);
        assert_eq!(declare_interest(&entry, case()).unwrap().is_empty(), is_out, "{}", outcome.name());
    }
}

/// Domain rule S42: one at a time, decided by somebody else.
#[test]
fn rule_s42_a_foreign_interest_is_decided_by_another_and_one_at_a_time() {
    let (officer, of, mut entry) = (person(1), person(9), Entry::default());
    assert!(decide_foreign(&entry, hands(&officer, &of), Assessment::Conditions).is_err());
    let text = crate::ledger::Item { item: "i".into(), commitment: "c".into() };
    took(&mut entry, 0, vec![RegisterEvent::ForeignInterestDeclared { text }]);
    assert!(may_declare_foreign(&entry).is_err());
    assert!(decide_foreign(&entry, hands(&of, &of), Assessment::NoConditions).is_err());
    let decided = decide_foreign(&entry, hands(&officer, &of), Assessment::Conditions).unwrap();
    took(&mut entry, 1, decided);
    assert!(may_declare_foreign(&entry).is_ok());
}

/// Domain rule 5.7: the outcome of a clearance is kept until five years after it ended; an erasure that is
/// asked for before contradicts that, and both rules are shown.
#[test]
fn rule_5_7_erasure_waits_for_what_must_be_kept() {
    let (officer, of) = (person(1), person(9));
    let mut entry = admitted(100, 100, 100, 100);
    assert!(erase(&entry, hands(&officer, &of), at(0)).is_err(), "nobody asked");
    let asked = ask_erasure(&entry).unwrap();
    took(&mut entry, 0, asked);
    let five_years = 24 * 1826;
    assert_eq!(conflict(&entry, at(0)), Some(at(100 + five_years)));
    let refused = erase(&entry, hands(&officer, &of), at(0)).unwrap_err().to_string();
    assert!(refused.contains("Art. 17") && refused.contains("kept until 2031-"), "{refused}");
    let withdrawn = withdraw(&entry, hands(&officer, &of), "de-sueg").unwrap();
    took(&mut entry, 50, withdrawn);
    assert_eq!(conflict(&entry, at(60)), Some(at(50 + five_years)), "from its end on");
    assert!(erase(&entry, hands(&of, &of), at(60 + five_years)).is_err(), "not one's own");
    let erased = erase(&entry, hands(&officer, &of), at(50 + five_years)).unwrap();
    took(&mut entry, 50 + five_years, erased);
    assert!(entry.erased && entry.functions.is_empty() && entry.since.is_none());
    assert!(brief(&entry, hands(&officer, &of), instant(60 + five_years), at(51 + five_years)).is_err());
    let mut never = Entry::default();
    took(&mut never, 0, vec![RegisterEvent::YearDeclared { year: 2026, interest: false }]);
    let asked = ask_erasure(&never).unwrap();
    took(&mut never, 0, asked);
    assert!(erase(&never, hands(&officer, &of), at(1)).is_ok(), "nothing orders to keep it");
}

/// GDPR Art. 18: while an entry is restricted nothing new is recorded, and what closes still closes.
#[test]
fn gdpr_18_a_restricted_entry_takes_nothing_new() {
    let (officer, of) = (person(1), person(9));
    let mut entry = admitted(100, 100, 100, 100);
    let restricted = restrict(&entry, true).unwrap();
    took(&mut entry, 0, restricted);
    let mine = hands(&officer, &of);
    assert!(brief(&entry, mine, instant(200), at(1)).is_err());
    assert!(propose(&entry, mine, clearance("ue3", 0, 200), &shipped(), at(1)).is_err());
    assert!(withdraw(&entry, mine, "de-sueg").is_ok() && leave(&entry, mine, case()).is_ok());
    assert!(is_let_in(&entry, "ue2", 1), "what is in force goes on");
}

/// Domain rule S38: several functions, each confidential or not.
#[test]
fn rule_s38_a_person_has_several_functions() {
    let (officer, of, mut entry) = (person(1), person(9), Entry::default());
    for (function, confidential) in [(Function::Operations, false), (Function::SecurityAdministration, true)]
    {
        let given = give(&entry, hands(&officer, &of), function, confidential).unwrap();
        took(&mut entry, 0, given);
    }
    assert_eq!(entry.functions.len(), 2);
    assert_eq!(give(&entry, hands(&officer, &of), Function::Operations, false).unwrap(), []);
    assert!(end_function(&entry, hands(&officer, &of), Function::Audit).is_err());
}

#[test]
fn old_entries_are_read() {
    crate::testing::old_entries_are_read::<Entry>();
    crate::testing::old_entries_are_read::<Classification>();
}

#[test]
fn what_people_write_names_its_limits() {
    assert!(words(" ").is_err() && words("a").is_ok());
    assert!(words(&"x".repeat(WORDS_MAX + 1)).is_err());
    let mut entry = Entry::default();
    let text = || crate::ledger::Item { item: "i".into(), commitment: "c".into() };
    took(&mut entry, 0, (0..20).map(|_| RegisterEvent::CorrectionAsked { text: text() }).collect());
    assert!(may_correct(&entry).is_err());
    let declared = |number| RegisterEvent::InterestDeclared { case: CaseId::numbered("HEL", 2026, number) };
    took(&mut entry, 0, (1000..1500).map(declared).collect());
    assert!(declare_interest(&entry, case()).is_err());
}

/// The year's declaration is owed by those in the register, once.
#[test]
fn rule_5_3_the_declaration_is_owed_every_year() {
    let mut entry = admitted(100, 100, 100, 100);
    assert!(!owes_declaration(&Entry::default(), 2026) && owes_declaration(&entry, 2026));
    let declared = declare_year(&entry, 2026, false).unwrap();
    took(&mut entry, 0, declared);
    assert!(!owes_declaration(&entry, 2026) && owes_declaration(&entry, 2027));
}
