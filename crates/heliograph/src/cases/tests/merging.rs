//! Two cases about one flaw become one, and both numbers go on.

use super::{done, refused, words};
use crate::testing::TestApp;

#[test]
fn a_merged_case_goes_on_under_the_other_number_for_those_who_may_see_it() {
    let app = TestApp::new();
    let first = app.case();
    let second = app.case_with(&[("planned", "2026-12-05T12:00"), ("planned_zone", "UTC")]);
    let (_, nordwind) = first.vendor("Nordwind");
    let (_, kestrel) = second.vendor("Kestrel");
    done(
        &kestrel.post_form(
            &second.place("/message"),
            &[("to", "everyone"), ("message", "Said before: zinnober.")],
        ),
    );
    kestrel.get(&second.place(""));
    let statement = [("product", "Zinnober Gate"), ("status", "affected"), ("text", "We look at it.")];
    done(&kestrel.post_form(&second.place("/statement"), &statement));

    let merged =
        first.desk.post_form(&second.place("/merge"), &[("into", &first.id.as_str().to_lowercase())]);
    assert_eq!((merged.status(), merged.header("location")), (303, first.place("").as_str()));
    let desk = words(&first.desk, &first.place(""));
    for seen in ["Nordwind", "Kestrel", "Zinnober Gate", "embargo to 5 Dec 2026, 12:00 UTC", "Said before"] {
        assert!(desk.contains(seen), "{seen}: {desk}");
    }
    assert!(desk.contains(second.report.id.as_str()), "{desk}");

    // Both numbers lead to the case that goes on, for whoever takes part in it.
    for client in [&kestrel, &nordwind, &first.desk] {
        let old = client.get(&second.place(""));
        assert_eq!((old.status(), old.header("location")), (303, first.place("").as_str()));
        assert_eq!(client.get(&first.place("")).status(), 200);
        let api = client.get(&format!("/api/v1/cases/{}", second.id)).json();
        assert_eq!(api["id"], first.id.as_str());
    }
    let stranger = app.vendor(&app.organisation("Südwind"));
    for place in [second.place(""), format!("/api/v1/cases/{}", second.id)] {
        let nowhere = if place.contains("api") { "/api/v1/nowhere" } else { "/nowhere" };
        assert_eq!(stranger.get(&place), stranger.get(nowhere), "{place}");
    }
    assert!(words(&second.report.client, "/my/case").contains(first.id.as_str()));
    let list = kestrel.get("/vendor");
    assert!(list.text().contains(first.id.as_str()) && !list.text().contains(second.id.as_str()));

    // What was said in one case is for those who were in it.
    assert!(words(&kestrel, &first.place("")).contains("Said before"));
    assert!(!words(&nordwind, &first.place("")).contains("Said before"));
    assert!(words(&kestrel, &first.place("/reads")).contains("your organisation work on the case"));

    // The old one takes nothing more, and its clocks count where it went.
    let late = first.desk.post_form(&second.place("/message"), &[("to", "everyone"), ("message", "x")]);
    assert_eq!(refused(&late), (409, format!("This case became part of {}; go on there.", first.id)));
    let clocks = format!("/deadlines/{}", second.id);
    let page = first.desk.get(&clocks);
    let has = |text: &str| page.text().contains(text);
    assert!(has(&format!("became part of {}; go on there.", first.id)), "{page:?}");
    assert!(has(&format!("href=\"/deadlines/{}\"", first.id)) && !has("action=\"/deadlines/"), "{page:?}");
    let taken = first.desk.post_form(&format!("{clocks}/take"), &[]);
    assert_eq!(refused(&taken), (409, format!("This case became part of {}; go on there.", first.id)));
    let owed = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM deadlines WHERE subject = '{}'", second.id);
    assert_eq!(app.number(&owed), 0);
    let told = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM deadlines WHERE subject = '{}' AND regarding <> '' AND state = 'met'",
        first.id
    );
    assert!(app.number(&told) >= 2, "both vendors were told in time");
}

#[test]
fn a_merger_that_cannot_be_is_refused_and_changes_nothing() {
    let app = TestApp::new();
    let (first, second) = (app.case(), app.case());
    let before = app.size();
    let merge = |into: &str| refused(&first.desk.post_form(&first.place("/merge"), &[("into", into)]));
    assert_eq!(merge(first.id.as_str()), (422, "A case cannot become part of itself.".into()));
    assert_eq!(merge("HEL-2026-009999"), (422, "There is no case with this number.".into()));
    assert_eq!(merge("somewhere").0, 422);
    assert_eq!(app.size(), before);
    done(&first.desk.post_form(&first.place("/merge"), &[("into", second.id.as_str())]));
    assert_eq!(merge(second.id.as_str()).0, 409, "twice");
    let third = app.case();
    let into_a_part = third.desk.post_form(&third.place("/merge"), &[("into", first.id.as_str())]);
    assert!(refused(&into_a_part).1.contains("cannot take it in"), "{into_a_part:?}");
    third.publish();
    let published = third.desk.post_form(&third.place("/merge"), &[("into", second.id.as_str())]);
    assert!(refused(&published).1.contains("is out, under its own number"), "{published:?}");
}

/// Erasing the case that goes on erases what the other one brought along.
#[test]
fn a_merged_case_is_erased_with_the_one_that_goes_on() {
    let app = TestApp::new();
    let (first, second) = (app.case(), app.case());
    let (_, kestrel) = second.vendor("Kestrel");
    done(
        &kestrel.post_form(
            &second.place("/message"),
            &[("to", "everyone"), ("message", "Said before: zinnober.")],
        ),
    );
    done(&first.desk.post_form(&second.place("/merge"), &[("into", first.id.as_str())]));
    let alone = first.desk.post_form(&second.place("/erase"), &[]);
    assert!(refused(&alone).1.contains("is erased with it"), "{alone:?}");
    done(&first.desk.post_form(&first.place("/state"), &[("event", "public_aware")]));
    done(&first.desk.post_form(&first.place("/close"), &[]));
    assert!(words(&first.desk, &first.place("")).contains("Said before"));
    done(&first.desk.post_form(&first.place("/erase"), &[]));
    assert!(!words(&first.desk, &first.place("")).contains("Said before"));
}
