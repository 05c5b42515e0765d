use crate::access::Role;
use crate::testing::TestApp;

#[test]
fn smoke() {
    let app = TestApp::new();
    let report = app.report();
    let desk = app.account(&[Role::Coordinator]);
    let page = desk.get(&format!("/desk/report/{}", report.id));
    assert_eq!(page.status(), 200, "{}", page.text());
    assert_eq!(app.anonymous().get("/api/v1/openapi.json").json()["openapi"], "3.1.0");
}
