//! Every page that somebody can reach by following links: it fits the screen from 360 pixels up, can
//! be listened to and walked by keyboard, and can be read in both colour schemes.

use crate::browser::{Browser, wait};
use crate::centre::Centre;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const LOOK: &str = include_str!("look.js");

/// The smallest screen that is promised, a telephone, a tablet, a desk; the third is also a desk at
/// twice the size.
const WIDTHS: [u32; 4] = [360, 390, 768, 1440];

/// Pages of one kind that are looked at: one case is much like another, but not quite.
const OF_ONE_KIND: usize = 3;

/// Addresses on a page that lead to other pages of the centre: not to files, nor to what is handed out
/// as it is, bare of every frame.
const LINKS: &str = "
    const links = [...document.querySelectorAll('a[href]:not([download])')].map((it) => new URL(it.href));
    const files = /\\.(json|txt|toml|jwt|ics)$|^\\/log\\/|\\/exploit\\/|\\/evidence\\/|^\\/certificates\\/key$|\\/export$/;
    const exported = (it) => it.searchParams.has('as');
    return links.filter((it) => it.origin === location.origin && !files.test(it.pathname) && !exported(it))
        .map((it) => it.pathname + it.search)";

/// An address without what names one thing among others of its kind.
fn kind(place: &str) -> String {
    let (path, query) = place.split_once('?').unwrap_or((place, ""));
    let is_opaque = |part: &str| part.len() == 16 && part.chars().all(|c| c.is_ascii_alphanumeric());
    let is_number = |part: &str| part.contains('-') && part.chars().any(|c| c.is_ascii_digit());
    let is_id = |part: &&str| is_number(part) || is_opaque(part);
    let parts = path.split('/').map(|part| if is_id(&part) { "{id}" } else { part });
    let names = query.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, _)| name);
    [parts.collect::<Vec<_>>().join("/"), names.collect::<Vec<_>>().join("&")].join("?")
}

fn set_width(browser: &Browser, width: u32) {
    let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
    browser.session.chromium("Emulation.setDeviceMetricsOverride", &size);
    let is_set = || (browser.session.script("return innerWidth", &[]) == width).then_some(());
    wait(is_set).unwrap_or_else(|| panic!("the window does not get {width} px wide"));
}

fn set_scheme(browser: &Browser, scheme: &str) {
    let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    browser.session.chromium("Emulation.setEmulatedMedia", &features);
}

fn look(browser: &Browser, wanted: &str) -> Vec<String> {
    let wrong = browser.session.script(LOOK, &[json!(wanted)]);
    wrong.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

/// Everything that is wrong with the page that is open.
fn all_wrong(browser: &Browser) -> Vec<String> {
    browser.session.script("for (const it of document.querySelectorAll('details')) it.open = true", &[]);
    let mut wrong = BTreeSet::new();
    for width in WIDTHS {
        set_width(browser, width);
        wrong.extend(look(browser, "layout").into_iter().map(|it| format!("{width} px: {it}")));
    }
    wrong.extend(look(browser, "structure"));
    for scheme in ["dark", "light"] {
        set_scheme(browser, scheme);
        wrong.extend(look(browser, "colours").into_iter().map(|it| format!("{scheme}: {it}")));
    }
    wrong.extend(browser.complaints().into_iter().map(|it| format!("the browser says: {it}")));
    wrong.into_iter().collect()
}

/// Follows every link from where somebody starts, looks at each page, and says which kinds it saw.
fn walk(browser: &Browser, starts: &[&str]) -> BTreeSet<String> {
    let mut waiting: Vec<String> = starts.iter().rev().map(|start| (*start).to_owned()).collect();
    let (mut seen, mut kinds) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
    let mut wrong = Vec::new();
    while let Some(place) = waiting.pop() {
        let count = kinds.entry(kind(&place)).or_default();
        if *count == OF_ONE_KIND || !seen.insert(place.clone()) {
            continue;
        }
        *count += 1;
        browser.open(&place);
        if browser.session.script("return document.contentType", &[]) != "text/html" {
            continue;
        }
        wrong.extend(all_wrong(browser).into_iter().map(|it| format!("{place} at {it}")));
        let links = browser.session.script(LINKS, &[]);
        let links = links.as_array().unwrap().iter().filter_map(Value::as_str);
        waiting.extend(links.map(str::to_owned).filter(|link| !seen.contains(link)));
    }
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
    kinds.into_keys().collect()
}

/// Looks at all pages; those that are named must be among them.
fn look_at_all(browser: &Browser, starts: &[&str], among_them: &[&str]) {
    let kinds = walk(browser, starts);
    for page in among_them {
        assert!(kinds.contains(&format!("{page}?")), "no link leads to {page}, only to {kinds:?}");
    }
}

#[test]
fn for_everyone() {
    let Some(centre) = Centre::open() else { return };
    let anyone = centre.browser();
    let starts =
        ["/", "/v/nothing-1", "/?q=nothing+of+the+kind", "/?page=-1", "/invite/none", "/case/HEL-2026-1"];
    let pages = ["/", "/report", "/my", "/login", "/log", "/advisories", "/advisories/{id}", "/v/{id}"];
    look_at_all(&anyone, &starts, &pages);
}

#[test]
fn for_a_reporter() {
    let Some(centre) = Centre::open() else { return };
    let reporter = centre.browser();
    reporter.open("/report");
    reporter.press("Save the draft");
    reporter.fill("Product", "a-very-long-name-without-any-space-".repeat(8).as_str());
    reporter.fill("What is wrong?", &"unbroken".repeat(60));
    reporter.press("Send the report");
    reporter.sees("Thank you. Your report is in.");
    let mut wrong = all_wrong(&reporter);
    let number = reporter.text_of("#tracking");
    let keller = centre.signed_in("keller");
    keller.open(&format!("/desk/report/{number}"));
    wrong.extend(all_wrong(&keller));
    keller.press("Accept");
    keller.sees("No vendor is invited yet.");
    wrong.extend(all_wrong(&keller));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    look_at_all(&reporter, &["/my"], &["/my", "/my/case", "/reads/my"]);
}

#[test]
fn for_a_coordinator() {
    let Some(centre) = Centre::open() else { return };
    let pages = [
        "/desk",
        "/desk/report/{id}",
        "/case/{id}",
        "/case/{id}/advisory",
        "/case/{id}/reads",
        "/deadlines",
        "/deadlines/{id}",
        "/organisations",
        "/account",
    ];
    look_at_all(&centre.signed_in("keller"), &["/desk"], &pages);
}

#[test]
fn for_a_vendor() {
    let Some(centre) = Centre::open() else { return };
    // One has agreed to the embargo, one was only invited.
    look_at_all(
        &centre.signed_in("nordwind"),
        &["/vendor"],
        &["/vendor", "/case/{id}", "/case/{id}/advisory"],
    );
    look_at_all(&centre.signed_in("opengate"), &["/vendor"], &["/vendor", "/case/{id}"]);
}

#[test]
fn for_a_partner_and_the_programme() {
    let Some(centre) = Centre::open() else { return };
    let own = [
        "/partner",
        "/partner/requests/{id}",
        "/partners",
        "/account/accreditations",
        "/account/accreditations/{id}",
        "/accreditations",
    ];
    look_at_all(&centre.signed_in("helix"), &["/partner"], &own);
    let desk = [
        "/programme",
        "/programme/{id}",
        "/programme/calendar",
        "/requests",
        "/requests/{id}",
        "/desk/accreditations",
        "/desk/accreditations/{id}",
    ];
    look_at_all(&centre.signed_in("lindgren"), &["/programme"], &desk);
    look_at_all(
        &centre.signed_in("okoye"),
        &["/assessments"],
        &["/assessments", "/assessments/{id}", "/finds"],
    );
}

#[test]
fn for_those_who_run_and_audit_the_centre() {
    let Some(centre) = Centre::open() else { return };
    look_at_all(&centre.signed_in("admin"), &["/accounts"], &["/accounts", "/account"]);
    look_at_all(&centre.signed_in("auditor"), &["/reads"], &["/reads", "/account"]);
}
