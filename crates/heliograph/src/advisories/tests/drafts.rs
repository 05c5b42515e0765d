//! Drafts: filled in from the case, edited, shared, approved.

use super::browser::Form;
use super::{CENTRE, Scene, coordinator};
use crate::access::{self, Permission, Role};
use crate::advisories::pages::form;
use crate::testing::TestApp;
use crate::web::Fields;
use formats::Advisory;
use std::collections::BTreeMap;

#[test]
fn the_first_draft_is_filled_in_from_the_case_and_not_saved() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    let before = app.size();
    let form = Form::of(scene.editor(&scene.ada).text());
    assert_eq!(app.kinds_since(before), ["sealed.read"], "the read stands before the page is seen");
    assert_eq!(form.get("base"), "0");
    assert_eq!(form.get("title"), "Vulnerability in Zinnober Kettle");
    assert_eq!(form.get("description"), "The zinnober valve can be opened from outside.");
    assert_eq!(form.get("impact"), "Hot zinnober.");
    assert_eq!(form.all("vendor"), ["Nordwind GmbH", "", ""]);
    assert_eq!(form.all("product"), ["Gateway Zinnober", "", ""]);
    assert_eq!((form.get("which"), form.get("from"), form.get("to")), ("before", "4.0", "4.2.1"));
    assert_eq!((form.get("remedy"), form.get("details")), ("vendor_fix", "Update to 4.2.1 or later."));
    assert_eq!(form.get("statement"), "We thank the finder, says zinnober.");
    assert_eq!(form.get("link_url"), format!("https://cvd.example.org/advisories/{}", scene.id));
    assert_eq!(app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM advisories"), 0);
}

/// ARCHITECTURE, never built 10; and nobody is thanked who did not agree.
#[test]
fn only_a_reporter_who_agreed_is_thanked() {
    let contact = ("contact_name", "Zinnober Finder");
    for (more, thanked) in [
        (vec![contact, ("credit", "yes")], ""),
        (vec![("contact_address", "z@zinnober.example"), ("credit", "yes")], ""),
    ] {
        let app = TestApp::new();
        let scene = Scene::with(&app, &more);
        assert_eq!(Form::of(scene.editor(&scene.ada).text()).get("thanks_name"), thanked, "anonymous");
    }
    for (credit, thanked) in [(None, ""), (Some(("credit", "yes")), "Zinnober Finder")] {
        let app = TestApp::new();
        let scene = Scene::new(&app);
        // A second reporter, who leaves a name.
        let mut form = crate::testing::report_form();
        form.retain(|(name, _)| *name != "anonymous");
        form.push(contact);
        form.extend(credit);
        let client = app.anonymous();
        client.get("/report");
        let report = TestApp::reported(client.clone(), &client.multipart("/report", &form, &[]));
        let place = format!("/desk/report/{}/accept", report.id);
        let joined = scene.ada.post_form(&place, &[("case", scene.id.as_str())]);
        assert_eq!(joined.status(), 303, "{}", joined.text());
        assert_eq!(Form::of(scene.editor(&scene.ada).text()).get("thanks_name"), thanked);
    }
}

#[test]
fn what_the_editor_shows_is_what_it_sends() {
    let advisory = super::invented::advisory();
    let page = form::draw("/x", 7, &advisory, Some("Words"), "Europe/Berlin").into_string();
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in Form::of(&page).pairs() {
        // Browsers send line breaks in their own way.
        values.entry(name.to_owned()).or_default().push(value.replace('\n', "\r\n"));
    }
    let sent = form::read(&Fields::from_pairs(values)).unwrap();
    assert_eq!((sent.base, sent.change.as_str()), (7, "Words"));
    let Advisory { id, publisher, tlp, revisions, initial_release, current_release, .. } = advisory.clone();
    let framed = Advisory { id, publisher, tlp, revisions, initial_release, current_release, ..sent.content };
    assert_eq!(framed, advisory);
}

#[test]
fn wrong_rows_are_named_and_nothing_is_kept() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    for (changes, field) in [
        (&[("to", "")][..], "to"),
        (&[("which", "all")], "which"),
        (&[("which", "from")], "to"),
        (&[("which", "exact"), ("from", "")], "from"),
        (&[("which", "?")], "which"),
        (&[("status", "maybe")], "status"),
        (&[("remedy", "")], "remedy"),
        (&[("vendor", ""), ("product", "")], "product"),
        (&[("link_kind", "?")], "link_kind"),
        (&[("base", "x")], "base"),
    ] {
        let mut form = scene.form("A");
        for (name, value) in changes {
            form.set_all(name, &[value]);
        }
        // The package would name the product.
        form.set_all("ecosystem", &[""]);
        form.set_all("package", &[""]);
        let answer = scene.save(&form);
        assert_eq!(answer.status(), 422, "{changes:?}");
        assert!(
            answer.text().contains(&format!("It is about: {}.", field.replace('_', " "))),
            "{changes:?} {}",
            answer.text()
        );
    }
    assert_eq!(app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM advisories"), 0);
}

#[test]
fn an_edit_voids_approvals_and_a_stale_form_is_refused() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    scene.saved("A zinnober");
    let old = Form::of(scene.editor(&scene.ben).text());
    let read = Form::to(scene.editor(&scene.ben).text(), &format!("{}/approve", scene.place()));
    scene.pressed(&scene.ada, "approve");
    scene.saved("B zinnober");
    let late = scene.ben.post_form(&format!("{}/approve", scene.place()), &read.pairs());
    assert_eq!(late.status(), 412);
    assert!(late.text().contains("edited meanwhile"), "{}", late.text());
    scene.pressed(&scene.ben, "approve");
    let early = scene.press(&scene.ada, "publish");
    assert!(early.text().contains("One approval is missing"), "{}", early.text());
    let mut old = old;
    old.set("title", "C zinnober");
    let stale = scene.ben.post_form(&scene.place(), &old.pairs());
    assert_eq!(stale.status(), 412);
    assert!(stale.text().contains("Somebody saved draft 2"), "{}", stale.text());
    let size = app.size();
    assert_eq!(scene.save(&Form::of(scene.editor(&scene.ada).text())).status(), 303);
    assert_eq!(app.kinds_since(size), ["sealed.read"], "saved again without a change");
}

#[test]
fn one_person_with_two_accounts_does_not_publish_and_a_program_does_not_approve() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    scene.saved("A zinnober");
    scene.pressed(&scene.ada, "approve");
    assert!(scene.press(&scene.ada, "approve").text().contains("You have approved this draft already"));
    let twin = coordinator(&app, "ada2", "Another Name");
    let person = app.read(access::persons)[app.account_id("ada").as_str()].clone();
    let (admin, account) = (app.account(&[Role::Administrator]), app.account_id("ada2"));
    let one = [("account", account.as_str()), ("belongs_to", person.as_str())];
    assert_eq!(admin.post_form("/accounts/person", &one).status(), 303);
    assert!(scene.press(&twin, "approve").text().contains("two accounts of one person"));
    let program = app.token(&scene.ben, &[Permission::PublishAdvisory]);
    let answer = scene.press(&program, "approve");
    assert_eq!(answer.status(), 403, "{}", answer.text());
    assert_eq!(scene.press(&scene.ada, "publish").status(), 409);
}

#[test]
fn participants_read_the_shared_draft_and_no_other() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    scene.saved("First zinnober");
    let page = scene.editor(&scene.vendor);
    assert!(page.text().contains("has not shared a draft yet"), "{}", page.text());
    assert!(!page.text().contains("First zinnober"));
    scene.pressed(&scene.ada, "share");
    scene.saved("Second zinnober");
    let before = app.size();
    let page = scene.editor(&scene.vendor);
    assert_eq!(app.kinds_since(before), ["sealed.read"]);
    assert!(page.text().contains("unpacked &lt;outside&gt; of its folder"), "{}", page.text());
    assert!(!page.text().contains("Second zinnober") && !page.text().contains("<form id=\"editor\""));
    for verb in ["", "/share", "/approve", "/publish"] {
        let answer = scene.vendor.post_form(&format!("{}{verb}", scene.place()), &[]);
        assert_eq!(answer.status(), 404, "{verb}");
    }
    let stranger = app.vendor(&app.organisation("Südwind"));
    for who in [&stranger, &app.account(&[Role::Auditor]), &scene.reporter] {
        assert_eq!(scene.editor(who).status(), 404);
    }
    assert_eq!(scene.editor(&app.anonymous()).status(), 303, "to sign in");
}

#[test]
fn the_reporter_reads_the_shared_draft_too() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    let reads = || scene.reporter.get("/my/case/advisory");
    scene.saved("First zinnober");
    assert!(reads().text().contains("has not shared a draft yet"), "{}", reads().text());
    scene.pressed(&scene.ada, "share");
    scene.saved("Second zinnober");
    let before = app.size();
    let page = reads();
    assert_eq!(app.kinds_since(before), ["sealed.read"]);
    assert!(page.text().contains("unpacked &lt;outside&gt; of its folder"), "{}", page.text());
    assert!(!page.text().contains("Second zinnober") && !page.text().contains("<form id=\"editor\""));
    assert!(page.text().contains("<a href=\"/my/case\">"), "{}", page.text());
    // Another report's reporter reads nothing of it.
    assert_eq!(app.report().client.get("/my/case/advisory").status(), 404);
    // Nor does she, once she left.
    assert_eq!(scene.reporter.post_form("/my/case/leave", &[]).status(), 303);
    assert_eq!(reads().status(), 404);
}

#[test]
fn a_closed_case_gets_no_first_advisory() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    scene.saved("A zinnober");
    scene.done(&scene.ada, "state", &[("event", "public_aware")]);
    scene.done(&scene.ada, "close", &[]);
    for verb in ["share", "approve", "publish"] {
        assert!(scene.press(&scene.ada, verb).text().contains("This case is closed"), "{verb}");
    }
    assert_eq!(scene.save(&scene.form("B zinnober")).status(), 409);
}
