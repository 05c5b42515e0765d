//! Step 4: a vendor is invited, agrees, reads, answers; another one finds nothing.

use crate::browser::Browser;
use crate::centre::Centre;

const SECRET: &str = "runs whatever stands in a vessel's name";

/// Accepts the waiting report about a product and invites a vendor to its case; the case's place.
pub(crate) fn opened_with(keller: &Browser, words: &str, vendor: &str) -> String {
    keller.open("/desk");
    let find = "return [...document.querySelectorAll('main a')].map((it) => it.getAttribute('href'))
        .filter((it) => it.startsWith('/desk/report/')).join(' ')";
    let waiting = keller.session.script(find, &[]);
    let found = waiting.as_str().unwrap().split(' ').find(|place| {
        keller.open(place);
        keller.text().contains(words)
    });
    assert!(found.is_some(), "no waiting report says \"{words}\"");
    keller.press("Accept");
    keller.sees("No vendor is invited yet.");
    keller.tick(vendor);
    keller.press("Invite");
    keller.sees("silent");
    keller.place()
}

#[test]
fn an_invited_vendor_sees_the_terms_first_and_an_uninvited_one_sees_nothing() {
    let Some(centre) = Centre::open() else { return };
    let keller = centre.signed_in("keller");
    let case = opened_with(&keller, SECRET, "Kestrel Systems");

    let kestrel = centre.signed_in("kestrel");
    kestrel.follow("Cases");
    kestrel.sees("Your cases");
    kestrel.open(&case);
    kestrel.sees("The report is sealed");
    kestrel.sees_nothing_of(SECRET);
    kestrel.sees_nothing_of("Harbourmaster");
    let code_name = kestrel.text_of("h1");
    kestrel.press("Accept the embargo and open the report");
    kestrel.sees(SECRET);

    let opengate = centre.signed_in("opengate");
    opengate.open(&case);
    opengate.sees("There is nothing here.");
    opengate.sees_nothing_of(code_name.split_whitespace().next().unwrap());
    opengate.open("/case/HEL-2026-999999");
    opengate.sees("There is nothing here.");

    kestrel.press("find valid");
    kestrel.press("accept");
    kestrel.sees("Say which of your versions are affected.");
    kestrel.fill("Product", "Kestrel Berth Planner");
    kestrel.fill("From version", "2.0");
    kestrel.fill("Before version", "2.4.1");
    kestrel.fill("Your statement", "Update to 2.4.1.");
    kestrel.press("Save the statement");
    kestrel.sees("You stated which versions are affected.");
    keller.open(&case);
    keller.sees("Kestrel Berth Planner from 2.0 before 2.4.1");
    keller.follow("Read log");
    keller.sees("Priya Raman");
}

#[test]
fn a_case_is_graded_and_its_embargo_negotiated() {
    let Some(centre) = Centre::open() else { return };
    let keller = centre.signed_in("keller");
    let case = opened_with(&keller, SECRET, "Kestrel Systems");
    keller.fill("CVSS 3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H");
    keller.fill("CVSS 4.0", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N");
    keller.choose("Automatable", "Yes");
    keller.press("Grade");
    keller.sees("SSVC: ");
    keller.sees("8.8");
    keller.sees("CVSS:4.0/AV:N");

    let kestrel = centre.signed_in("kestrel");
    kestrel.open(&case);
    kestrel.press("Accept the embargo and open the report");
    kestrel.sees(SECRET);
    let end = day_after(&kestrel, 60);
    kestrel.unfold("Propose another end of the embargo");
    kestrel.fill_date("Its end", &end);
    kestrel.press("Propose");
    kestrel.sees("a new end is proposed");
    keller.open(&case);
    keller.unfold("Embargo");
    keller.sees("Proposed: to end");
    keller.press("Accept");
    keller.sees("The embargo now ends");
    keller.sees_nothing_of("a new end is proposed");
    kestrel.open(&case);
    let day = end.split_once('T').unwrap().0;
    let script = "return [...document.querySelectorAll('.seal')].map((it) => it.innerText).join(' ')";
    let chip = kestrel.session.script(script, &[]);
    let expected = day.rsplit('-').next().unwrap().trim_start_matches('0').to_owned();
    assert!(chip.as_str().unwrap().contains(&expected), "{chip} should say {day}");
}

/// So many days from now at noon, as a date field takes it.
fn day_after(browser: &Browser, days: u32) -> String {
    let script =
        "return new Date(Date.now() + arguments[0] * 86400000).toISOString().slice(0, 10) + 'T12:00'";
    browser.session.script(script, &[days.into()]).as_str().unwrap().to_owned()
}
