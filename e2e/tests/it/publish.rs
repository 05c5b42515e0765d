//! Step 5: two persons publish, and everyone is told.

use crate::case::opened_with;
use crate::centre::Centre;

const WORDS: &str = "runs whatever stands in a vessel's name";

#[test]
fn two_persons_publish_and_an_edit_voids_what_they_approved() {
    let Some(centre) = Centre::open() else { return };
    let keller = centre.signed_in("keller");
    let case = opened_with(&keller, WORDS, "Kestrel Systems");
    keller.fill("CVSS 3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H");
    keller.press("Grade");
    keller.sees("SSVC: ");
    let kestrel = centre.signed_in("kestrel");
    kestrel.open(&case);
    kestrel.press("Accept the embargo and open the report");
    kestrel.fill("Product", "Harbourmaster Berth Planner");
    kestrel.fill("From version", "2.0");
    kestrel.fill("Before version", "2.4.1");
    kestrel.press("Save the statement");

    keller.open(&case);
    keller.follow("Write the advisory");
    keller.sees("This first draft was filled in from the case.");
    keller.fill("Title", "Harbourmaster: formula injection by a vessel's name");
    keller.fill("Summary", "Exported berth lists run formulas that stand in a vessel's name.");
    keller.fill("Description", "A vessel's name that begins with an equals sign is exported as it is.");
    keller.press("Save the draft");
    keller.sees("Draft 1 by Mara Keller");
    keller.press("Approve this draft");
    keller.sees("You have approved it.");

    let okoye = centre.signed_in("okoye");
    let advisory = keller.place();
    okoye.open(&advisory);
    okoye.fill("Summary", "Exported berth lists run formulas from vessels' names.");
    okoye.press("Save the draft");
    okoye.sees("Nobody has approved draft 2 yet.");
    okoye.press("Approve this draft");
    okoye.sees("You have approved it.");
    keller.reload();
    keller.press("Share with the participants");
    keller.sees("The participants have this draft.");
    kestrel.open(&advisory);
    kestrel.sees("formulas from vessels' names");
    keller.press("Approve this draft");
    keller.sees("Publishing ends it for everyone.");
    keller.press("Publish");
    keller.sees("TLP:CLEAR");

    let id = case.rsplit('/').next().unwrap();
    let anyone = centre.browser();
    anyone.open("/advisories");
    anyone.sees("Harbourmaster: formula injection by a vessel's name");
    anyone.follow(id);
    anyone.sees("Harbourmaster Berth Planner");
    for format in ["csaf", "osv"] {
        let script =
            "return fetch(arguments[0]).then((answer) => answer.json()).then((it) => JSON.stringify(it))";
        let place = format!("/advisories/{id}/{format}.json");
        let document = anyone.session.script(script, &[place.clone().into()]);
        assert!(document.as_str().unwrap().contains("formulas from vessels' names"), "{place}");
    }
    anyone.open("/?q=harbourmaster+formula");
    anyone.follow(id);
    anyone.sees("Am I affected?");
    keller.open(&case);
    keller.sees("embargo over");
}
