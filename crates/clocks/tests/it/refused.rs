//! Profiles that are refused: each with the line, the place and the reason.

use clocks::ProfileError;

use crate::*;

/// A small, correct, active profile. Tests change one thing in it.
const GOOD: &str = r#"schema = "profile/1"
id = "trial"
title = "Trial"
jurisdiction = "EU"
mode = "active"
status = "in_force"
in_force_from = 2026-09-11
source = "nowhere"
verified = "own_policy"
verified_on = 2026-11-23
[reading]
direction = "exact"
note = "As written."
source = "nowhere"
verified = "own_policy"
[[recipient]]
id = "office"
name = "Office"
role = "authority"
mandate = "defensive"
source = "nowhere"
verified = "own_policy"
[[recipient]]
id = "maker"
name = "Maker"
role = "vendor"
mandate = "defensive"
source = "nowhere"
verified = "own_policy"
[[duty]]
id = "first"
article = "1"
title = "First"
actor = "manufacturer"
trigger = "any"
anchor = "aware"
due = "PT24H"
recipient = ["office"]
source = "nowhere"
verified = "own_policy"
[[duty]]
id = "tell"
article = "2"
title = "Tell"
actor = "manufacturer"
trigger = "any"
anchor = "aware"
due = "PT24H"
recipient = ["maker"]
met_by = "vendor_notified"
per = "vendor"
source = "nowhere"
verified = "own_policy"
"#;

fn refusal(text: &str) -> ProfileError {
    Profile::parse(text).unwrap_err()
}

/// The refusal of the good profile with one passage changed.
fn changed(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    refusal(&GOOD.replacen(from, to, 1)).to_string()
}

/// The refusal of the good profile with something appended.
fn with(text: &str) -> String {
    refusal(&format!("{GOOD}{text}")).to_string()
}

const SECOND: &str = r#"[[duty]]
id = "second"
article = "3"
title = "Second"
actor = "manufacturer"
trigger = "any"
anchor = "filed:third"
due = "P1M"
recipient = ["office"]
source = "nowhere"
verified = "own_policy"
"#;

#[test]
fn the_good_profile_is_good() {
    Profile::parse(GOOD).unwrap();
}

/// A misspelt key would be a rule that is not there.
#[test]
fn unknown_keys() {
    let error = changed("due = \"PT24H\"", "due_at = \"PT24H\"");
    assert!(
        error.starts_with("line 37, duty first, due_at: unknown field `due_at`, expected one of"),
        "{error}"
    );
    let error = changed("status = \"in_force\"", "status = \"in_force\"\ncolour = \"red\"");
    assert!(error.starts_with("line 7, colour: unknown field `colour`"), "{error}");
    let error = changed("title = \"First\"\n", "");
    assert!(error.starts_with("line 30, duty first: missing field `title`"), "{error}");
}

#[test]
fn text_that_is_not_toml() {
    let error = refusal("schema = \"profile/1\"\nid = = 3\n");
    assert_eq!((error.line, error.place.as_str()), (2, "TOML"));
}

/// Clocks that wait for each other would never start.
#[test]
fn circles_through_filings() {
    let third = SECOND.replace("second", "third").replace("filed:third", "filed:second");
    assert_eq!(
        with(&format!("{SECOND}{third}")),
        "line 60, duty second, anchor: the anchors go round in a circle: second waits for third waits for second"
    );
    assert_eq!(
        with(&SECOND.replace("filed:third", "filed:second")),
        "line 60, duty second, anchor: the anchors go round in a circle: second waits for second"
    );
    let third = SECOND.replace("second", "third").replace("filed:third", "filed:*");
    assert_eq!(
        with(&format!("{SECOND}{third}")),
        "line 60, duty second, anchor: the anchors go round in a circle: it waits for a duty that waits for every other one"
    );
    // A duty that leads into a circle is not the circle.
    let third = SECOND.replace("second", "third");
    assert!(
        with(&format!("{SECOND}{third}"))
            .contains("duty third, anchor: the anchors go round in a circle: third waits for third")
    );
}

#[test]
fn unknown_anchors() {
    let error = changed("anchor = \"aware\"", "anchor = \"awre\"");
    assert!(
        error.starts_with(
            "line 36, duty first, anchor: unknown anchor `awre`; known anchors are received, accepted,"
        ),
        "{error}"
    );
    assert_eq!(
        with(SECOND),
        "line 60, duty second, anchor: there is no duty third in this profile whose filing could be waited for"
    );
}

#[test]
fn impossible_dates() {
    let error = changed("2026-09-11", "2026-02-30");
    assert!(error.starts_with("line 7, "), "{error}");
    let error = changed("2026-09-11", "2026-09-11T10:00:00Z");
    assert!(error.starts_with("line 7, in_force_from: `2026-09-11T10:00:00Z` is not a date"), "{error}");
    assert_eq!(
        changed("in_force_from = 2026-09-11", "in_force_from = 2026-09-11\nin_force_to = 2026-09-10"),
        "line 8, in_force_to: the last day in force, 2026-09-10, is before the first, 2026-09-11"
    );
}

#[test]
fn impossible_periods() {
    for (due, reason) in [
        ("24h", "write ISO 8601 in whole numbers, as in PT24H, P14D or P1M, or `4 business days`"),
        ("--PT24H", "write ISO 8601 in whole numbers, as in PT24H, P14D or P1M, or `4 business days`"),
        ("PT1.5H", "write ISO 8601 in whole numbers, as in PT24H, P14D or P1M, or `4 business days`"),
        ("P", "write ISO 8601 in whole numbers, as in PT24H, P14D or P1M, or `4 business days`"),
        ("PT0H", "it is empty"),
        ("P100Y", "it is longer than a hundred years"),
        ("-1 business days", "between 1 and 1000 business days can be counted"),
        ("0 business days", "between 1 and 1000 business days can be counted"),
        ("1001 business days", "between 1 and 1000 business days can be counted"),
    ] {
        let error = changed("due = \"PT24H\"", &format!("due = \"{due}\""));
        assert_eq!(error, format!("line 37, duty first, due: `{due}` is not a period: {reason}"));
    }
}

/// Rule 1: a recipient with an offensive mandate is refused, even in a profile that is only read.
#[test]
fn offensive_recipients_in_any_mode() {
    let text = GOOD.replacen("mandate = \"defensive\"", "mandate = \"offensive\"", 1);
    for mode in ["active", "reference"] {
        let text = text.replacen("mode = \"active\"", &format!("mode = \"{mode}\""), 1);
        assert_eq!(
            refusal(&text).to_string(),
            "line 20, recipient office, mandate: a recipient with mandate offensive is refused in every profile, reference included"
        );
    }
}

/// Rule 1: a recipient of whom nobody knows what it does is refused in an active profile.
#[test]
fn unknown_recipients_in_an_active_profile() {
    assert_eq!(
        changed("mandate = \"defensive\"", "mandate = \"unknown\""),
        "line 20, recipient office, mandate: cannot be active. recipient office: it is not known what Office does with \
         vulnerabilities; but no recipient with mandate offensive or unknown may be named in an active profile. \
         It can be read with mode = \"reference\""
    );
}

const GAG: &str = r#"[[prohibition]]
id = "silence"
article = "9"
title = "nobody may be told"
what = "vulnerability_information"
to = "anyone"
source = "nowhere"
verified = "own_policy"
"#;

/// Rule 3: what forbids telling the vendor, or counts undisclosed finds as merit, is for reading only.
#[test]
fn gags_and_merit_for_silence_in_an_active_profile() {
    let rule = "a profile that forbids telling the vendor, or counts undisclosed finds as merit, loads only as reference";
    for to in ["anyone", "vendor", "foreign"] {
        assert_eq!(
            with(&GAG.replace("anyone", to)),
            format!(
                "line 59, prohibition silence, to: cannot be active. prohibition silence: article 9 forbids telling the vendor; \
                 but {rule}. It can be read with mode = \"reference\""
            )
        );
    }
    let merit = "[[merit]]\nid = \"hoard\"\narticle = \"4\"\ncounts = \"undisclosed_finds\"\nsource = \"nowhere\"\nverified = \"own_policy\"\n";
    assert_eq!(
        with(merit),
        format!(
            "line 57, merit hoard, counts: cannot be active. merit hoard: article 4 counts undisclosed finds as merit; \
             but {rule}. It can be read with mode = \"reference\""
        )
    );
    let error = changed("recipient = [\"office\"]", "recipient = [\"office\"]\nwithhold_from = [\"vendor\"]");
    assert!(error.starts_with("line 39, duty first, withhold_from: cannot be active. duty first: article 1 forbids telling the vendor;"), "{error}");
}

/// The same profiles load for reference, and a validator lists what would have to go.
#[test]
fn gags_load_for_reference_only() {
    let text = format!("{GOOD}{GAG}").replacen("mode = \"active\"", "mode = \"reference\"", 1);
    let found = Profile::parse(&text).unwrap().may_activate().unwrap_err();
    assert_eq!((found.len(), found[0].place.as_str()), (1, "prohibition silence"));
    // Not gags: the vendor is excepted, or the matter is an exploit.
    for harmless in [
        GAG.replace("to = \"anyone\"", "to = \"anyone\"\nexceptions = [\"vendor\"]"),
        GAG.replace("vulnerability_information", "exploit_tool"),
        GAG.replace("anyone", "foreign_other_than_product_provider"),
    ] {
        Profile::parse(&format!("{GOOD}{harmless}")).unwrap();
    }
}

/// Rule 2: one act cannot tell the vendor and file with an authority, and only telling counts.
#[test]
fn mixing_the_vendor_with_an_authority() {
    assert_eq!(
        changed("recipient = [\"maker\"]", "recipient = [\"maker\", \"office\"]"),
        "line 49, duty tell, recipient: a duty is owed to the vendor or to others, never to both: one act would close both clocks"
    );
    for met_by in ["filing", "publication"] {
        assert_eq!(
            changed("met_by = \"vendor_notified\"", &format!("met_by = \"{met_by}\"")),
            "line 50, duty tell, met_by: a duty towards the vendor is met by vendor_notified and by nothing else"
        );
    }
    assert_eq!(
        changed("recipient = [\"office\"]", "recipient = [\"office\"]\nmet_by = \"vendor_notified\""),
        "line 39, duty first, met_by: telling the vendor satisfies only a duty towards the vendor"
    );
    // One clock for several vendors would be closed by telling one of them.
    assert_eq!(
        changed("per = \"vendor\"\n", ""),
        "line 41, duty tell, per: each vendor is to be told; write per = \"vendor\""
    );
}

/// Rule 2: telling the vendor waits for no filing, is not put off, and is waived only where there
/// is nobody to tell.
#[test]
fn making_the_vendor_wait_in_an_active_profile() {
    let rule =
        "but a filing with an authority never starts, stops or satisfies the clock for telling the vendor";
    let tell = |from: &str, to: &str| {
        let start = GOOD.find("id = \"tell\"").unwrap();
        refusal(&format!("{}{}", &GOOD[..start], GOOD[start..].replacen(from, to, 1))).to_string()
    };
    let error = tell("anchor = \"aware\"", "anchor = \"filed:first\"");
    assert!(
        error.starts_with("line 47, duty tell, anchor: cannot be active.") && error.contains(rule),
        "{error}"
    );
    let error = tell("met_by =", "unless = \"filed_with_office\"\nmet_by =");
    assert!(
        error.starts_with("line 50, duty tell, unless: cannot be active.") && error.contains(rule),
        "{error}"
    );
    let delay = "delay = [{ ground = \"office\", max = \"P1Y\", source = \"x\", verified = \"own_policy\" }]\nmet_by =";
    let error = tell("met_by =", delay);
    assert!(
        error.starts_with("line 50, duty tell, delay: cannot be active.") && error.contains(rule),
        "{error}"
    );
}

/// A recipient that nobody described has no mandate that could be checked.
#[test]
fn recipients_that_are_not_described() {
    assert_eq!(
        changed("recipient = [\"office\"]", "recipient = [\"ministry\"]"),
        "line 38, duty first, recipient: there is no recipient ministry in this profile; describe it in a [[recipient]], with its mandate"
    );
    let error = changed("mandate = \"defensive\"", "mandate = \"defensive\"\nonward = [\"service\"]");
    assert!(error.starts_with("line 21, recipient office, onward: there is no recipient service"), "{error}");
    assert!(changed("recipient = [\"office\"]", "recipient = []").contains("name at least one recipient"));
}

/// Two duties of one name would share their filings.
#[test]
fn names_that_are_used_twice() {
    assert_eq!(
        changed("id = \"tell\"", "id = \"first\""),
        "line 42, duty first, id: there are two with the id first"
    );
    assert!(changed("id = \"maker\"", "id = \"office\"").contains("there are two with the id office"));
    assert!(changed("id = \"trial\"", "id = \"Trial One\"").starts_with("line 2, id: use small letters"));
    assert!(
        changed("id = \"first\"", "id = \"other/first\"").contains("duty other/first, id: use small letters")
    );
}

/// Rules that are not in force set no deadlines for anyone.
#[test]
fn active_rules_that_are_not_in_force() {
    for status in ["proposed", "repealed", "unverified"] {
        let error = changed("\"in_force\"", &format!("\"{status}\""));
        assert!(
            error.starts_with("line 6, status: cannot be active.")
                && error.contains("only rules that are in force"),
            "{error}"
        );
    }
}

/// A statement without a source cannot be checked by anyone.
#[test]
fn statements_without_a_source() {
    let error =
        changed("recipient = [\"office\"]\nsource = \"nowhere\"", "recipient = [\"office\"]\nsource = \" \"");
    assert_eq!(error, "line 39, duty first, source: must not be empty");
    let error = changed("recipient = [\"office\"]\nsource = \"nowhere\"", "recipient = [\"office\"]");
    assert!(error.contains("duty first: missing field `source`"), "{error}");
}

/// Every refusal names the rule that is broken, for tools that sort by it.
#[test]
fn every_refusal_names_its_rule() {
    let rule = |from: &str, to: &str| {
        assert!(GOOD.contains(from), "{from}");
        refusal(&GOOD.replacen(from, to, 1)).rule
    };
    assert_eq!(refusal("= 3").rule, "profile-format");
    assert_eq!(rule("title = \"First\"\n", ""), "profile-format");
    assert_eq!(rule("anchor = \"aware\"", "anchor = \"awre\""), "anchors-are-known");
    assert_eq!(rule("anchor = \"aware\"", "anchor = \"filed:third\""), "anchors-are-known");
    assert_eq!(rule("anchor = \"aware\"", "anchor = \"filed:first\""), "anchors-go-in-no-circle");
    assert_eq!(rule("2026-09-11", "2026-09-11T10:00:00Z"), "dates-are-possible");
    assert_eq!(rule("PT24H", "24h"), "periods-are-possible");
    assert_eq!(rule("PT24H", "aware + soon"), "periods-are-possible");
    assert_eq!(rule("recipient = [\"office\"]", "recipient = [\"x\"]"), "recipients-are-described");
    assert_eq!(rule("id = \"tell\"", "id = \"first\""), "names-tell-apart");
    assert_eq!(rule("source = \"nowhere\"", "source = \" \""), "statements-have-sources");
    for mandate in ["offensive", "unknown"] {
        let to = format!("mandate = \"{mandate}\"");
        assert_eq!(rule("mandate = \"defensive\"", &to), "nobody-tells-attackers");
    }
    let met_by = rule("met_by = \"vendor_notified\"", "met_by = \"filing\"");
    assert_eq!(met_by, "the-vendor-has-its-own-clock");
    assert_eq!(refusal(&format!("{GOOD}{GAG}")).rule, "no-gag-and-no-merit-for-silence");
    assert_eq!(rule("status = \"in_force\"", "status = \"reference\""), "only-rules-in-force-are-active");
}

/// TOML itself has the 30 February refused; the place is the line.
#[test]
fn a_date_that_no_calendar_has() {
    for date in ["2026-02-30", "2026-13-01", "2027-02-29"] {
        let error = refusal(&GOOD.replacen("2026-09-11", date, 1));
        assert_eq!((error.line, error.rule), (7, "dates-are-possible"), "{error}");
    }
}

/// Only from a deadline can anything be counted backwards.
#[test]
fn counting_backwards_from_an_event() {
    assert_eq!(
        changed("due = \"PT24H\"", "due = \"-PT24H\""),
        "line 37, duty first, due: `-PT24H` counts backwards; only from the deadline of another duty, as in \
         clock:publish, is that possible"
    );
}

/// Deadlines that lean on each other: one step is allowed, a circle is not, nor a row of them.
#[test]
fn clocks_that_count_from_clocks() {
    let leaning =
        |id: &str, on: &str| SECOND.replace("second", id).replace("filed:third", &format!("clock:{on}"));
    Profile::parse(&format!("{GOOD}{}", leaning("second", "first"))).unwrap();
    assert!(with(&leaning("second", "second")).contains("in a circle: second waits for second"));
    assert!(
        with(&leaning("second", "fourth")).contains("there is no duty fourth in this profile whose deadline")
    );
    let row = format!("{}{}", leaning("second", "first"), leaning("third", "second"));
    assert!(
        with(&row).contains("or lean on each other: second counts from a deadline itself"),
        "{}",
        with(&row)
    );
    let circle = format!("{}{}", leaning("second", "third"), leaning("third", "second"));
    assert!(with(&circle).contains("anchors go round in a circle"), "{}", with(&circle));
}

/// A circle can also lead through a rule over several events.
#[test]
fn circles_through_rules() {
    let rule = |id: &str, on: &str| {
        let due = format!("due = \"if filed:{on} > aware then aware + P1D else undated\"");
        SECOND
            .replace("second", id)
            .replace("anchor = \"filed:third\"", "anchor = \"aware\"")
            .replace("due = \"P1M\"", &due)
    };
    let circle = format!("{}{}", rule("second", "third"), rule("third", "second"));
    assert!(with(&circle).contains("second waits for third waits for second"), "{}", with(&circle));
}

/// An overlay is laid upon something, somewhere, with a source.
#[test]
fn overlays_upon_nothing() {
    let overlay = "[[overlay]]\nid = \"more\"\njurisdiction = \"IE\"\nbinding = false\nduty = \"first\"\nanchor = \"aware\"\n\
                   due = \"PT12H\"\nsource = \"nowhere\"\nverified = \"own_policy\"\n";
    Profile::parse(&format!("{GOOD}{overlay}")).unwrap();
    assert_eq!(
        with(&overlay.replace("\"first\"", "\"fourth\"")),
        "line 58, overlay more, duty: there is no duty fourth in this profile"
    );
    assert!(
        with(&overlay.replace("IE", "Ireland")).contains("overlay more, jurisdiction: expected two capital")
    );
    assert!(with(&overlay.replace("\"aware\"", "\"awre\"")).contains("unknown anchor `awre`"));
    assert!(with(&overlay.replace("nowhere", "")).contains("overlay more, source: must not be empty"));
}

/// More than a law is no law.
#[test]
fn profiles_that_are_too_long() {
    let long = format!("{GOOD}# {}", "x".repeat(clocks::PROFILE_BYTES_MAX));
    let error = refusal(&long);
    assert_eq!(error.rule, "profile-limits");
    assert!(error.reason.ends_with("bytes, 262144 at most"), "{error}");
    let many: String = (0..201)
        .map(|n| SECOND.replace("second", &format!("d{n}")).replace("filed:third", "aware"))
        .collect();
    let error = refusal(&format!("{GOOD}{many}"));
    assert!(error.to_string().contains("there are 203, 200 at most"), "{error}");
}
