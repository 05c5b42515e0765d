//! `heliograph serve` in an empty folder, and the second time.

use crate::program::Place;

const PASSWORD: &str = "a lamp and a mirror";

#[test]
fn the_first_administrator_begins_with_a_link_that_works_once() {
    let place = Place::new();
    let mut server = place.serve("first");
    let link = server.first_link().expect("a link is printed on the first start");
    let browser = server.browser();
    assert_eq!(browser.get("/accounts").header("location"), Some("/login?next=/accounts"));

    let page = browser.get(&link);
    assert!(page.body.contains("Welcome"), "{}", page.body);
    let code = link.strip_prefix("/invite/").unwrap();
    let begin = [("code", code), ("name", "Ada Brandt"), ("password", PASSWORD)];
    assert_eq!(browser.post_form("/invite", &begin).header("location"), Some("/login"));
    let again = [("code", code), ("name", "Somebody Else"), ("password", "another long password")];
    assert!(browser.post_form("/invite", &again).status >= 400, "it works once");

    assert!(!browser.sign_in("admin", "another long password", ""));
    assert!(browser.sign_in("admin", PASSWORD, ""));
    assert_eq!(browser.get("/accounts").header("location"), Some("/account/second-factor"));
    let (_, recovery) = browser.second_factor();
    let accounts = browser.get("/accounts");
    assert_eq!(accounts.status, 200);
    assert!(accounts.body.contains("Ada Brandt"));
    assert!(server.stop().success());

    let mut server = place.serve("second");
    assert_eq!(server.first_link(), None, "nobody is invited a second time");
    assert!(!server.browser().sign_in("admin", PASSWORD, ""), "the second factor is asked for");
    assert!(server.browser().sign_in("admin", PASSWORD, &recovery[0]), "the account is still there");
    assert_eq!(server.browser().get("/demo").status, 404, "a real centre has no page of invented people");
    assert!(server.stop().success());
}

#[test]
fn a_link_that_was_never_used_is_replaced_from_the_command_line() {
    let place = Place::new();
    let server = place.serve("first");
    let lost = server.first_link().unwrap();
    // Beside the running server, as an operator does it.
    let run = place.run(&["user", "link", "admin", "--data", "data"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    let code = run.out.trim().rsplit('/').next().unwrap().to_owned();
    let begin = |code: &str| {
        let fields = [("code", code), ("name", "Ada Brandt"), ("password", PASSWORD)];
        server.browser().post_form("/invite", &fields).status
    };
    assert!(begin(lost.strip_prefix("/invite/").unwrap()) >= 400, "the lost one is void");
    assert_eq!(begin(&code), 303);
}
