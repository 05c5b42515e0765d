//! Everything can be reached and done with the keyboard, and one sees where one is.

use crate::browser::Browser;
use crate::centre::Centre;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

/// What has the focus: its label or words, and whether one can see that it has.
const FOCUS: &str = "
    const it = document.activeElement;
    if (!it || it === document.body) return { words: '', visible: true };
    const style = getComputedStyle(it), box = it.getBoundingClientRect();
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const inside = box.width > 0 && box.right > 0 && box.left >= 0;
    const label = it.labels && it.labels[0] ? it.labels[0].innerText : it.ariaLabel || it.innerText;
    return { words: label.split('\\n')[0].trim(), visible: ring && inside };";

fn focus(browser: &Browser) -> String {
    let focus = browser.session.script(FOCUS, &[]);
    let words = focus["words"].as_str().unwrap().to_owned();
    assert_eq!(focus["visible"], true, "the focus on \"{words}\" cannot be seen on {}", browser.place());
    words
}

/// Tabs on until something has the focus.
fn tab_to(browser: &Browser, words: &str) {
    let mut passed = Vec::new();
    for _ in 0..80 {
        browser.keys(TAB);
        passed.push(focus(browser));
        if passed.last().is_some_and(|last| last.starts_with(words)) {
            return;
        }
    }
    panic!("Tab never comes to \"{words}\" on {}: {passed:?}", browser.place());
}

#[test]
fn a_coordinator_gets_from_the_login_to_a_decision_without_a_mouse() {
    let Some(centre) = Centre::open() else { return };
    let keller = centre.browser();
    keller.open("/login?next=/desk");
    tab_to(&keller, "Login");
    keller.keys("keller");
    tab_to(&keller, "Password");
    keller.keys(&format!("demo password, not secret{ENTER}"));
    keller.sees("Reports waiting for triage");
    tab_to(&keller, "HEL-R-");
    keller.keys(ENTER);
    keller.sees("Your next step");
    tab_to(&keller, "Decline");
    keller.keys(ENTER);
    tab_to(&keller, "Reason");
    keller.keys("It is not a flaw.");
    tab_to(&keller, "Decline");
    keller.keys(ENTER);
    keller.sees("Declined. The reason:");
}
