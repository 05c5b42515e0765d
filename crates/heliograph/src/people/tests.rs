//! The list of organisations, for people and programs.

use crate::access::{Permission, Role};
use crate::testing::TestApp;
use serde_json::json;

#[test]
fn an_organisation_is_added_and_listed_by_name() {
    let app = TestApp::new();
    let desk = app.account(&[Role::Coordinator]);
    assert!(desk.get("/organisations").text().contains("No organisation yet."));
    for (name, mandate) in
        [("Südwind", "unknown"), (" Nordwind & Sons ", "defensive"), ("Sting", "offensive")]
    {
        let added = desk.post_form("/organisations", &[("name", name), ("mandate", mandate)]);
        assert_eq!((added.status(), added.header("location")), (303, "/organisations"));
    }
    let page = desk.get("/organisations");
    assert!(
        page.text().contains("Nordwind &amp; Sons") && page.text().contains("offensive"),
        "{}",
        page.text()
    );
    let program = app.token(&desk, &[Permission::ManageOrganisations]);
    let mut listed = program.get("/api/v1/organisations").json();
    for organisation in listed.as_array_mut().unwrap() {
        assert_eq!(organisation["id"].as_str().unwrap().len(), 16);
        organisation["id"] = "…".into();
    }
    let organisation = |name: &str, mandate: &str| json!({ "id": "…", "name": name, "mandate": mandate });
    assert_eq!(
        listed,
        json!([
            organisation("Nordwind & Sons", "defensive"),
            organisation("Sting", "offensive"),
            organisation("Südwind", "unknown"),
        ])
    );
}

#[test]
fn a_wrong_organisation_is_refused_by_its_field() {
    let app = TestApp::new();
    let desk = app.account(&[Role::Coordinator]);
    let before = app.size();
    let long = "x".repeat(201);
    for (name, mandate, field) in [
        ("", "defensive", "name"),
        ("   ", "defensive", "name"),
        (&*long, "defensive", "name"),
        ("Nordwind", "", "mandate"),
        ("Nordwind", "Defensive", "mandate"),
        ("Nordwind", "friendly", "mandate"),
    ] {
        let form = desk.post_form("/organisations", &[("name", name), ("mandate", mandate)]);
        assert_eq!(form.status(), 422);
        assert!(form.text().contains(&format!("It is about: {field}")), "{}", form.text());
        let body = json!({ "name": name, "mandate": mandate });
        assert_eq!(desk.post_json("/api/v1/organisations", &body).wrong_field(), field);
    }
    for body in [json!({ "name": "x" }), json!({ "name": 1, "mandate": "defensive" }), json!([])] {
        assert_eq!(desk.post_json("/api/v1/organisations", &body).wrong_field(), "document");
    }
    assert_eq!(app.size(), before);
}
