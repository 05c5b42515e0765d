//! What the public reads.

use super::{CENTRE, Scene, store, valid};
use crate::cases;
use crate::testing::TestApp;

#[test]
fn two_persons_publish_and_the_world_learns_of_it() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    scene.saved("Path traversal in <Nordwind> Gateway");
    let place = format!("/advisories/{}", scene.id);
    assert_eq!(app.anonymous().get(&place).status(), 404, "a draft is nobody's business");
    assert!(app.anonymous().get("/advisories").text().contains("None yet"));
    scene.published();
    let id = scene.id.clone();
    let case = app.read(move |tx| Ok(cases::find(tx, &id)?.state));
    assert_eq!((case.published, case.embargo_word(), case.public), (Some((1, app.now())), "exited", true));
    assert!(scene.reporter.get("/my").text().contains("was published."));
    let list = app.anonymous().get("/advisories");
    assert!(list.text().contains("Path traversal in &lt;Nordwind&gt; Gateway"), "{}", list.text());
    let page = app.anonymous().get(&place.to_lowercase());
    let at = |text: &str| page.text().find(text).unwrap_or_else(|| panic!("no {text} in {}", page.text()));
    assert!(at("What is affected") < at("What to do") && at("What to do") < at("<h2>Severity"));
    assert!(at("<h2>Severity") < at("<h2>Description") && at("<h2>Description") < at("Revisions"));
    for text in [
        "TLP:CLEAR",
        "from 4.0 to before 4.2.1",
        "Update to 4.2.1 or later.",
        "unpacked &lt;outside&gt; of its folder",
        "We thank the finder.",
        "Path Traversal",
        "First release",
        "/csaf.json\"",
        "/osv.json\"",
    ] {
        at(text);
    }
    assert!(!page.text().contains("/cve.json"), "there is no CVE id");
    assert!(!page.text().contains("<script>") && !page.text().contains("style=\""));
    assert_eq!(app.anonymous().get(&format!("{place}/cve.json")).status(), 404);
    let out = scene.editor(&scene.ada);
    assert!(out.text().contains("revision 1 is published"), "{}", out.text());
    assert_eq!(scene.press(&scene.ada, "publish").status(), 409);
}

#[test]
fn every_format_is_valid_and_is_told_when_it_changes() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    let mut form = scene.form("Path traversal in Nordwind Gateway");
    form.set("cves", "cve-1900-0042");
    form.set("exploited", "Attempts were seen in sensors.");
    assert_eq!(scene.save(&form).status(), 303);
    scene.published();
    let public = app.anonymous();
    type Check = fn(&str) -> Vec<String>;
    for (name, check) in [("csaf", valid::csaf as Check), ("cve", valid::cve), ("osv", valid::osv)] {
        let place = format!("/advisories/{}/{name}.json", scene.id);
        let file = public.get(&place.replace("HEL", "hel"));
        assert_eq!((file.status(), file.header("content-type")), (200, "application/json"));
        assert_eq!(check(file.text()), Vec::<String>::new(), "{name}");
        assert_eq!(file.header("last-modified"), "Tue, 24 Nov 2026 10:00:00 GMT");
        assert!(file.header("cache-control").starts_with("public"));
        for (header, value) in
            [("if-none-match", file.header("etag")), ("if-modified-since", file.header("last-modified"))]
        {
            let again = public.with(header, value).get(&place);
            assert_eq!((again.status(), again.bytes().len()), (304, 0), "{name}: {header}");
            assert_eq!(again.header("etag"), file.header("etag"));
        }
        let other = public.with("if-none-match", "\"other\"").get(&place);
        assert_eq!(other.bytes(), file.bytes());
    }
}

#[test]
fn programs_list_and_read_what_is_published() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    let public = app.anonymous();
    assert_eq!(public.get("/api/v1/advisories").json(), serde_json::json!([]));
    scene.saved("Path traversal in Nordwind Gateway");
    assert_eq!(public.get(&format!("/api/v1/advisories/{}", scene.id)).status(), 404);
    scene.published();
    let list = public.get("/api/v1/advisories").json();
    assert_eq!((list.as_array().unwrap().len(), &list[0]["revision"]), (1, &1.into()));
    let one = public.get(&format!("/api/v1/advisories/{}", scene.id.as_str().to_lowercase())).json();
    assert_eq!(one["id"], scene.id.as_str());
    assert_eq!(one["advisory"]["title"], "Path traversal in Nordwind Gateway");
    let names: Vec<&str> =
        one["formats"].as_array().unwrap().iter().map(|link| link["format"].as_str().unwrap()).collect();
    assert_eq!(names, ["csaf", "osv"]);
    let entry = one["entry"].as_i64().unwrap();
    let since = |seq: i64| app.read(move |tx| store::published_since(tx, seq));
    assert_eq!(since(-1).len(), 1);
    assert_eq!(since(entry - 1)[0].0, entry);
    assert_eq!(since(entry), []);
    for (id, status) in [("HEL-2026-999999", 404), ("nonsense", 404), ("%00", 404)] {
        for path in ["/advisories/", "/api/v1/advisories/"] {
            assert_eq!(public.get(&format!("{path}{id}")).status(), status, "{path}{id}");
        }
        assert_eq!(public.get(&format!("/advisories/{id}/csaf.json")).status(), status);
    }
}

#[test]
fn behind_the_last_page_there_is_a_way_back() {
    let app = TestApp::with(CENTRE);
    let scene = Scene::new(&app);
    scene.saved("Path traversal");
    scene.published();
    let second = app.anonymous().get("/advisories?page=2");
    assert!(second.text().contains("There is no such page of this list."), "{}", second.text());
    assert!(second.text().contains("href=\"/advisories?page=1\""));
}
