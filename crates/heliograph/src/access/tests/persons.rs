//! Four eyes are two persons, not two accounts; and what may not sit in one person.

use crate::access::{Credential, Role, credentials};
use crate::testing::TestApp;

fn found(app: &TestApp, login: &str) -> Credential {
    app.read(credentials).into_iter().find(|account| account.login == login).unwrap()
}

#[test]
fn an_account_belongs_to_exactly_one_person_and_the_administrator_says_which() {
    let app = TestApp::new();
    let admin = app.account(&[Role::Administrator]);
    let [first, second] = [(); 2].map(|()| app.login(&[Role::Coordinator], None));
    assert_ne!(found(&app, &first).person, found(&app, &second).person, "two accounts, two persons at first");
    let before = app.size();
    let (account, person) = (app.account_id(&second), found(&app, &first).person);
    let one = [("account", account.as_str()), ("belongs_to", person.as_str())];
    assert_eq!(admin.post_form("/accounts/person", &one).status(), 303);
    assert_eq!(app.kinds_since(before), ["account.person_set"]);
    assert_eq!(found(&app, &second).person, person);
    assert_eq!(admin.post_form("/accounts/person", &one).status(), 303, "saying it twice changes nothing");
    assert_eq!(app.size(), before + 1);
    let page = admin.get("/accounts");
    assert!(page.text().contains(&format!(">{second}</td>")), "{}", page.text());

    // And a person of its own again, once.
    let alone = [("account", account.as_str()), ("belongs_to", "")];
    for _ in 0..2 {
        assert_eq!(admin.post_form("/accounts/person", &alone).status(), 303);
    }
    assert_eq!(app.size(), before + 2);
    assert_ne!(found(&app, &second).person, person);
    for (account, person) in [("", ""), ("0000000000000000", ""), (account.as_str(), "0000000000000000")] {
        let wrong = admin.post_form("/accounts/person", &[("account", account), ("belongs_to", person)]);
        assert!([404, 422].contains(&wrong.status()), "{account} {person}: {}", wrong.text());
    }
    assert_eq!(app.size(), before + 2);
}

#[test]
fn administrator_and_auditor_never_sit_in_two_accounts_of_one_person() {
    let app = TestApp::new();
    let login = app.login(&[Role::Administrator], None);
    let admin = app.signed_in(&login);
    let other = app.login(&[Role::Administrator], None);
    let (auditor, person) = (app.login(&[Role::Auditor], None), found(&app, &other).person);
    let before = app.size();
    let new = [("login", "ferrer"), ("role", "auditor"), ("person", person.as_str())];
    let refused = admin.post_form("/accounts", &new);
    assert_eq!(refused.status(), 422);
    assert!(refused.text().contains("Administrator, security officer and auditor are three persons"));
    let account = app.account_id(&auditor);
    let one = [("account", account.as_str()), ("belongs_to", person.as_str())];
    assert_eq!(admin.post_form("/accounts/person", &one).status(), 409);
    // A disabled account counts: a new link would wake it.
    let disabled = app.account_id(&other);
    admin.post_form("/accounts/change", &[("account", disabled.as_str()), ("do", "disable")]);
    assert_eq!(admin.post_form("/accounts/person", &one).status(), 409);
    assert_eq!(app.kinds_since(before), ["account.disabled"]);
    let reporter = [("login", "ferrer"), ("role", "reporter"), ("person", person.as_str())];
    assert_eq!(admin.post_form("/accounts", &reporter).status(), 200);
    assert_eq!(found(&app, "ferrer").person, person);
}

#[test]
fn who_speaks_for_a_vendor_has_no_other_account_at_the_centre() {
    let app = TestApp::new();
    let admin = app.account(&[Role::Administrator]);
    let organisation = app.organisation("Nordwind");
    let vendor = app.login(&[Role::Vendor], Some(organisation));
    let person = found(&app, &vendor).person;
    let new = [("login", "keller"), ("role", "coordinator"), ("person", person.as_str())];
    assert_eq!(admin.post_form("/accounts", &new).status(), 422);
}

/// Nobody makes two persons out of one, and then approves for both.
#[test]
fn nobody_decides_of_their_own_accounts_whose_they_are() {
    let app = TestApp::new();
    let login = app.login(&[Role::Administrator], None);
    let (admin, own) = (app.signed_in(&login), found(&app, &login));
    let coordinator = [("login", "second"), ("role", "coordinator"), ("person", own.person.as_str())];
    assert_eq!(admin.post_form("/accounts", &coordinator).status(), 200);
    let second = app.account_id("second");
    let before = app.size();
    for (account, person) in [(&second, ""), (&own.account, "")] {
        let split =
            admin.post_form("/accounts/person", &[("account", account.as_str()), ("belongs_to", person)]);
        assert_eq!(split.status(), 403, "{}", split.text());
    }
    let other = app.account_id(&app.login(&[Role::Coordinator], None));
    let take = [("account", other.as_str()), ("belongs_to", own.person.as_str())];
    assert_eq!(admin.post_form("/accounts/person", &take).status(), 403);
    let split = app.account(&[Role::Administrator]);
    let done = split.post_form("/accounts/person", &[("account", second.as_str()), ("belongs_to", "")]);
    assert_eq!(done.status(), 303);
    assert_eq!(app.kinds_since(before).iter().filter(|kind| *kind == "account.person_set").count(), 1);
}

#[test]
fn two_approvals_come_from_two_persons_and_not_from_two_accounts() {
    let app = TestApp::new();
    let admin = app.account(&[Role::Administrator]);
    let case = app.case();
    let [ada, twin, ben] = [(); 3].map(|()| app.login(&[Role::Coordinator], None));
    let order = case.draft();
    let order: Vec<(&str, &str)> = order.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let press = |login: &str, what: &str| {
        let answer = app.signed_in(login).post_form(&case.place(&format!("/advisory/{what}")), &order);
        (answer.status(), answer.text().to_owned())
    };
    assert_eq!(press(&ada, "approve").0, 303);
    assert_eq!(press(&twin, "approve").0, 303);
    // It becomes known that the two are one, after both have approved.
    let (account, person) = (app.account_id(&twin), found(&app, &ada).person);
    let one = [("account", account.as_str()), ("belongs_to", person.as_str())];
    assert_eq!(admin.post_form("/accounts/person", &one).status(), 303);
    let (status, text) = press(&ben, "publish");
    assert!(status == 409 && text.contains("One approval is missing"), "{text}");
    assert_eq!(press(&ben, "approve").0, 303);
    assert_eq!(press(&ben, "publish").0, 303);
}
