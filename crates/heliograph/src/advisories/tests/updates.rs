//! A second revision of what is out.

use super::browser::Form;
use super::{CENTRE, Scene, store, valid};
use crate::cases;
use crate::testing::TestApp;

fn change(scene: &Scene<'_>, change: &str) -> u16 {
    let mut form = Form::of(scene.editor(&scene.ada).text());
    form.set("title", "Path traversal in Nordwind Gateway, and a fix");
    form.set("change", change);
    scene.save(&form).status()
}

#[test]
fn an_update_takes_two_persons_again_and_keeps_the_first_release() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    scene.saved("Path traversal in Nordwind Gateway");
    scene.published();
    let first = app.now();
    // A session lives for half a day.
    app.advance(10);
    assert_eq!(change(&scene, ""), 422, "the public is told what changed");
    assert_eq!(change(&scene, "A fix is there"), 303);
    let public = app.anonymous();
    let place = format!("/advisories/{}", scene.id);
    assert!(!public.get(&place).text().contains("and a fix"), "a draft is not out");
    assert_eq!(scene.press(&scene.ada, "publish").status(), 409);
    let size = app.size();
    scene.published();
    assert_eq!(
        app.kinds_since(size).into_iter().filter(|kind| kind != "sealed.read").collect::<Vec<_>>(),
        ["advisory.approved", "advisory.approved", "advisory.published"],
        "the flaw became public once"
    );
    let page = public.get(&place);
    assert!(page.text().contains("and a fix") && page.text().contains("A fix is there"));
    let csaf = public.get(&format!("{place}/csaf.json"));
    assert_eq!(valid::csaf(csaf.text()), Vec::<String>::new());
    let tracking = &csaf.json()["document"]["tracking"];
    assert_eq!(tracking["version"], "2");
    assert_eq!(tracking["initial_release_date"], first.to_string());
    assert_eq!(tracking["current_release_date"], app.now().to_string());
    let id = scene.id.clone();
    let case = app.read(move |tx| Ok(cases::find(tx, &id)?.state));
    assert_eq!(case.published, Some((1, first)), "what counts from publication counts from the first");
    let all = app.read(|tx| store::published_since(tx, -1));
    assert_eq!(all.len(), 1, "of each advisory, its newest revision");
    assert_eq!(all[0].1.revisions.len(), 2);
}

#[test]
fn what_is_out_can_be_kept_true_after_the_case_was_closed() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    scene.saved("Path traversal in Nordwind Gateway");
    scene.published();
    scene.done(&scene.ada, "close", &[]);
    assert_eq!(change(&scene, "A fix is there"), 303);
    scene.published();
    assert!(app.anonymous().get("/advisories").text().contains("and a fix"));
}

#[test]
fn erasing_a_case_leaves_what_is_public() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    scene.saved("Path traversal in Nordwind Gateway");
    scene.published();
    scene.done(&scene.ada, "close", &[]);
    scene.done(&scene.ada, "erase", &[]);
    assert_eq!(app.anonymous().get(&format!("/advisories/{}", scene.id)).status(), 200);
    let page = scene.editor(&scene.ada);
    assert!(page.text().contains("The texts of this case were erased."), "{}", page.text());
    // Erasure is complete when the last backup of the key has rotated out, and says that date.
    let page = scene.ada.get(&format!("/case/{}", scene.id));
    assert!(page.text().contains("The last backup of their key is gone by"), "{}", page.text());
}
