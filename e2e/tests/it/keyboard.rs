//! Everything can be reached and done with the keyboard, and one sees where one is.

use crate::browser::Browser;
use crate::centre::Centre;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const SPACE: &str = " ";

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
fn a_report_is_sent_without_a_mouse() {
    let Some(centre) = Centre::open() else { return };
    let reporter = centre.browser();
    reporter.open("/report");
    reporter.keys(TAB);
    assert_eq!(focus(&reporter), "To the content", "the first stop skips the navigation");
    reporter.keys(ENTER);
    assert!(reporter.place().ends_with("#main"));
    reporter.keys(TAB);
    assert_eq!(focus(&reporter), "Product needed", "the navigation is skipped");
    reporter.keys("Lamp of the third kind");
    tab_to(&reporter, "What is wrong?");
    reporter.keys("It goes out when it is asked for its name.");
    tab_to(&reporter, "I want to stay anonymous");
    reporter.keys(SPACE);
    tab_to(&reporter, "Send the report");
    reporter.keys(ENTER);
    reporter.sees("Thank you. Your report is in.");
}

#[test]
fn a_coordinator_gets_from_the_login_to_a_decision_without_a_mouse() {
    let Some(centre) = Centre::open() else { return };
    let keller = centre.browser();
    keller.open("/demo");
    tab_to(&keller, "Sign in as keller");
    keller.keys(ENTER);
    keller.sees("Reports waiting for triage");
    tab_to(&keller, &keller.text_of("#waiting ~ table a"));
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

#[test]
fn a_vendor_agrees_and_answers_without_a_mouse() {
    let Some(centre) = Centre::open() else { return };
    let opengate = centre.signed_in("opengate");
    opengate.open("/vendor");
    tab_to(&opengate, "HEL-");
    opengate.keys(ENTER);
    opengate.sees("The report is sealed");
    tab_to(&opengate, "Accept the embargo and open the report");
    opengate.keys(ENTER);
    opengate.sees("zero-length identity");
    for step in ["find valid", "accept"] {
        tab_to(&opengate, step);
        opengate.keys(ENTER);
        opengate.sees(&format!("You: {step}."));
    }
    tab_to(&opengate, "Product");
    opengate.keys("Open Gate Radio");
    tab_to(&opengate, "State");
    opengate.keys("not");
    tab_to(&opengate, "Save the statement");
    opengate.keys(ENTER);
    opengate.sees("You stated which versions are affected.");
    let keller = centre.signed_in("keller");
    keller.open(&opengate.place());
    keller.sees("Open Gate Radio not affected");
}

#[test]
fn a_draft_is_saved_and_shared_without_a_mouse() {
    let Some(centre) = Centre::open() else { return };
    let keller = centre.signed_in("keller");
    let several = "return fetch('/api/v1/cases').then((answer) => answer.json())
        .then((all) => all.find((one) => one.vendors === 3).id)";
    let case = keller.session.script(several, &[]).as_str().unwrap().to_owned();
    keller.open(&format!("/case/{case}/advisory"));
    keller.sees("This first draft was filled in from the case.");
    tab_to(&keller, "Title");
    keller.keys("Northlight join requests");
    tab_to(&keller, "Save the draft");
    keller.keys(ENTER);
    keller.sees("Draft 1 by Mara Keller");
    tab_to(&keller, "Share with the participants");
    keller.keys(ENTER);
    keller.sees("The participants have this draft.");
    let nordwind = centre.signed_in("nordwind");
    nordwind.open(&format!("/case/{case}/advisory"));
    nordwind.sees("Draft 1, saved");
}

#[test]
fn a_search_is_made_without_a_mouse() {
    let Some(centre) = Centre::open() else { return };
    let anyone = centre.browser();
    anyone.open("/");
    tab_to(&anyone, "Words, a product, or an id");
    anyone.keys(&format!("paperboat{ENTER}"));
    anyone.sees("“paperboat”");
    tab_to(&anyone, "EXAMPLE-2026-0101");
    anyone.keys(ENTER);
    anyone.sees("Am I affected?");
    tab_to(&anyone, "Your version");
    anyone.keys(&format!("2.4.0{ENTER}"));
    anyone.sees("Version 2.4.0 of PyPI/paperboat is affected.");
}

const UP: &str = "\u{e013}";
const DOWN: &str = "\u{e015}";
const ESCAPE: &str = "\u{e00c}";

#[test]
fn hits_appear_while_one_types_and_the_arrows_walk_them() {
    let Some(centre) = Centre::open() else { return };
    let anyone = centre.browser();
    anyone.open("/");
    tab_to(&anyone, "Words, a product, or an id");
    anyone.keys("paperb");
    anyone.sees("“paperb”");
    assert_eq!(
        anyone.text_of("[data-told]"),
        anyone.text_of("[data-count]"),
        "a listener hears what was found"
    );
    anyone.keys(DOWN);
    let first = focus(&anyone);
    assert!(first.starts_with("EXAMPLE-"), "{first}");
    anyone.keys(UP);
    anyone.is_in("Words, a product, or an id");
    anyone.keys(&format!("{DOWN}{ESCAPE}"));
    anyone.is_in("Words, a product, or an id");
    // What cannot be read yet is told as quietly as what was found.
    anyone.keys(" vendr:x");
    anyone.sees("There is no field “vendr”");
    anyone.keys(&"\u{e003}".repeat(8));
    anyone.sees("EXAMPLE-");
    anyone.keys(&format!("{DOWN}{ENTER}"));
    anyone.sees("Am I affected?");
    assert_eq!(anyone.place(), format!("/v/{first}"));
}

#[test]
fn a_search_is_saved_without_a_mouse() {
    let Some(centre) = Centre::open() else { return };
    let keller = centre.signed_in("keller");
    keller.open("/?q=paperboat&page=1");
    tab_to(&keller, "Save it");
    keller.keys(ENTER);
    keller.sees("Your subscriptions");
    tab_to(&keller, "Name");
    keller.keys("Paper boats");
    tab_to(&keller, "Save");
    keller.keys(ENTER);
    keller.sees("A search: paperboat");
    tab_to(&keller, "End");
    keller.keys(ENTER);
    keller.sees("None yet.");
}

#[test]
fn a_bill_of_materials_is_asked_about_without_a_mouse() {
    let Some(centre) = Centre::open() else { return };
    let bill = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": {"name": "Harbour", "version": "1"}},
        "components": [{"name": "paperboat", "version": "2.4.0", "purl": "pkg:pypi/paperboat@2.4.0"}]}"#;
    let bill = centre.file("harbour.json", bill);
    let anyone = centre.browser();
    anyone.open("/");
    tab_to(&anyone, "Ask about a bill");
    anyone.keys(ENTER);
    anyone.sees("Which of my parts are affected?");
    tab_to(&anyone, "Bill of materials");
    anyone.attach("Bill of materials", &bill);
    tab_to(&anyone, "Ask about all parts");
    anyone.keys(ENTER);
    anyone.sees("Known vulnerabilities of Harbour");
    anyone.sees("EXAMPLE-2026-0101");
}
