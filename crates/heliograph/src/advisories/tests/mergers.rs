//! A case with a draft becomes part of another one: nobody's writing is lost, and nobody sees more.

use super::{CENTRE, Scene};
use crate::access::Role;
use crate::testing::{Client, InCase, TestApp};

/// The case of the scene becomes part of this one.
fn merged<'a>(scene: &Scene<'a>, into: &InCase<'a>) {
    scene.done(&scene.ada, "merge", &[("into", into.id.as_str())]);
}

fn draft_of(who: &Client<'_>, case: &InCase<'_>) -> String {
    let page = who.get(&case.place("/advisory"));
    assert_eq!(page.status(), 200, "{}", page.text());
    page.text().to_owned()
}

#[test]
fn the_draft_of_a_merged_case_is_the_first_of_the_one_that_goes_on() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    let into = app.case();
    let (_, newcomer) = into.vendor("Südwind");
    scene.saved("Unpacking zinnober");
    scene.pressed(&scene.ada, "approve");
    scene.pressed(&scene.ben, "approve");
    merged(&scene, &into);

    let page = draft_of(&scene.ada, &into);
    for seen in [
        &format!("comes from {}, which became part of this case. Nothing is saved yet.", scene.id),
        "Unpacking zinnober",
        "name=\"base\" value=\"0\"",
    ] {
        assert!(page.contains(seen), "{seen}: {page}");
    }
    let api = format!("/api/v1/cases/{}/advisory", into.id);
    let draft = scene.ada.get(&api);
    assert_eq!((draft.header("etag"), draft.json()["revision"].as_u64()), ("\"none\"", Some(0)));
    // Approvals bound the text under the other number: they are void (an edit voids every approval).
    let form = super::Form::of(&page);
    assert_eq!(scene.ada.post_form(&into.place("/advisory"), &form.pairs()).status(), 303);
    let page = draft_of(&scene.ada, &into);
    assert!(page.contains("Nobody has approved draft 1 yet"), "{page}");
    assert!(!draft_of(&newcomer, &into).contains("Unpacking"), "nobody shared it with this vendor");
}

#[test]
fn a_draft_that_was_shared_stays_with_those_who_had_it() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    let into = app.case();
    let (_, newcomer) = into.vendor("Südwind");
    scene.saved("First zinnober");
    scene.pressed(&scene.ada, "share");
    scene.saved("Second zinnober");
    merged(&scene, &into);
    // The old number leads to where the case goes on, for whoever is in it.
    let old = scene.vendor.get(&scene.place());
    assert_eq!((old.status(), old.header("location")), (303, into.place("/advisory").as_str()));
    let stranger = app.vendor(&app.organisation("Westwind"));
    assert_eq!(stranger.get(&scene.place()), stranger.get("/nowhere"));
    for (who, sees) in [(&scene.vendor, true), (&newcomer, false)] {
        let before = app.size();
        let page = draft_of(who, &into);
        assert_eq!(page.contains("outside"), sees, "{page}");
        assert!(!page.contains("Second zinnober"), "{page}");
        assert_eq!(app.kinds_since(before).contains(&"sealed.read".to_owned()), sees);
        let api = who.get(&format!("/api/v1/cases/{}/advisory", scene.id));
        assert_eq!(api.status() == 200, sees, "{}", api.text());
    }
    let hers = scene.reporter.get("/my/case/advisory");
    assert!(hers.text().contains("outside"), "{}", hers.text());
    assert!(!into.report.client.get("/my/case/advisory").text().contains("outside"));
    // Once the case that goes on shares one of its own, that is the draft for all.
    let form = super::Form::of(&draft_of(&scene.ada, &into));
    assert_eq!(scene.ada.post_form(&into.place("/advisory"), &form.pairs()).status(), 303);
    let order = into.order();
    let order: Vec<(&str, &str)> = order.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(scene.ada.post_form(&into.place("/advisory/share"), &order).status(), 303);
    for who in [&scene.vendor, &newcomer] {
        assert!(draft_of(who, &into).contains("Draft 1, saved"), "{}", draft_of(who, &into));
    }
}

#[test]
fn of_two_drafts_the_other_one_can_still_be_read() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    let into = app.case();
    into.draft();
    scene.saved("The other zinnober");
    merged(&scene, &into);
    let page = draft_of(&scene.ada, &into);
    assert!(page.contains("Kettles boil over") && !page.contains("The other"), "{page}");
    assert!(page.contains(&format!("href=\"{}\"", scene.place())), "{page}");
    let before = app.size();
    let old = scene.editor(&scene.ada);
    assert_eq!(app.kinds_since(before), ["sealed.read"]);
    for seen in
        ["The other zinnober", &format!("This case became part of <a href=\"{}\"", into.place("/advisory"))]
    {
        assert!(old.text().contains(seen), "{seen}: {}", old.text());
    }
    assert!(!old.text().contains("<form id=\"editor\""), "{}", old.text());
    assert_eq!(scene.editor(&app.account(&[Role::Auditor])).status(), 404);
}

/// A case that became part of one that became part of another goes on in the last one, and is erased
/// with it.
#[test]
fn a_chain_of_mergers_ends_in_one_case() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    let (middle, last) = (app.case(), app.case());
    scene.saved("Unpacking zinnober");
    let message = [("to", "everyone"), ("message", "Said first of all: zinnober.")];
    scene.done(&scene.vendor, "message", &message);
    merged(&scene, &middle);
    let done = |place: &str, pairs: &[(&str, &str)]| {
        let answer = scene.ada.post_form(place, pairs);
        assert_eq!(answer.status(), 303, "{place}: {}", answer.text());
    };
    done(&middle.place("/merge"), &[("into", last.id.as_str())]);
    assert!(draft_of(&scene.ada, &last).contains("Unpacking zinnober"));
    assert!(scene.vendor.get(&last.place("")).text().contains("Said first of all"));
    assert_eq!(scene.vendor.get(&scene.place()).header("location"), last.place("/advisory"));
    done(&last.place("/state"), &[("event", "public_aware")]);
    done(&last.place("/close"), &[]);
    done(&last.place("/erase"), &[]);
    assert!(!scene.ada.get(&last.place("")).text().contains("Said first of all"));
    assert!(!scene.ada.get(&scene.place()).text().contains("Unpacking zinnober"));
}
