//! Certificates: issued, checked by anyone, replaced, revoked.

use crate::testing::{TestApp, between};
use serde_json::json;

#[test]
fn anyone_can_check_a_certificate_and_sees_when_it_holds_no_more() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let (serial, anyone) = (unit.serial(), app.anonymous());
    let state = || anyone.get(&format!("/api/v1/certificates/{serial}")).json()["state"].clone();
    let page = anyone.get(&format!("/certificates/{}", serial.to_uppercase()));
    for words in ["valid", "L2", "<svg", "tsu-defensive", unit.id.as_str()] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    assert!(unit.person.get("/partner").text().contains(&format!("/certificates/{serial}")));
    assert_eq!(
        (state(), anyone.get("/certificates/revoked.json").json()["revokedCredential"].clone()),
        (json!("valid"), json!([]))
    );
    assert_eq!(unit.manage("revoke", &[]).status(), 303);
    assert_eq!(unit.manage("revoke", &[]).status(), 409, "none holds");
    assert_eq!(state(), "revoked");
    let listed = anyone.get("/certificates/revoked.json").json();
    assert!(listed["revokedCredential"][0]["id"].as_str().unwrap().ends_with(&serial), "{listed}");
    for wrong in ["0000000000000000", "x", "..%2f", "7q2k9mzr4w8c1h5x"] {
        assert_eq!(anyone.get(&format!("/certificates/{wrong}")).status(), 404, "{wrong}");
    }
}

#[test]
fn a_certificate_ends_with_its_year_or_a_suspension_and_a_new_one_takes_its_place() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let first = unit.serial();
    let state =
        |serial: &str| app.anonymous().get(&format!("/api/v1/certificates/{serial}")).json()["state"].clone();
    assert_eq!(unit.manage("suspend", &[]).status(), 303);
    assert_eq!(state(&first), "revoked");
    assert_eq!(unit.manage("reinstate", &[]).status(), 303);
    let second = unit.serial();
    assert_eq!((state(&first), state(&second)), (json!("revoked"), json!("valid")));
    app.advance(24 * 366);
    assert_eq!(state(&second), "expired");
}

#[test]
fn the_signed_credential_is_the_same_for_everyone_and_names_no_person() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let place = format!("/certificates/{}/credential.jwt", unit.serial());
    let (one, other) = (app.anonymous().get(&place), unit.person.get(&place));
    assert_eq!((one.text(), one.header("content-type")), (other.text(), "application/vc+jwt"));
    let api = app.anonymous().get(&format!("/api/v1/certificates/{}", unit.serial())).json();
    assert_eq!(api["credential"], one.text());
    let key = app.anonymous().get("/certificates/key").json();
    assert_eq!((key["kty"].clone(), key["crv"].clone()), (json!("OKP"), json!("Ed25519")));
    assert_eq!(one.text().split('.').count(), 3);
    assert!(between(one.text(), "e", ".").len() > 20);
}
