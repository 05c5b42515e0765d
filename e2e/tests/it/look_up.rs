//! Step 6: anyone looks something up.

use crate::centre::Centre;

#[test]
fn a_search_leads_to_the_record_and_the_record_answers_am_i_affected() {
    let Some(centre) = Centre::open() else { return };
    let anyone = centre.browser();
    anyone.open("/");
    anyone.keys("/");
    anyone.is_in("Words, a product, or an id");
    anyone.keys("paperboat cache\u{e007}");
    anyone.sees("“paperboat cache”");
    anyone.sees("EXAMPLE-2026-0101");
    assert!(anyone.place().starts_with("/?q=paperboat"), "{}", anyone.place());
    anyone.follow("EXAMPLE-2026-0101");
    anyone.sees("Am I affected?");
    anyone.sees("CVE-1900-40101");
    anyone.sees("What to do");

    anyone.fill("Your version", "2.4.0");
    anyone.press("Check");
    anyone.sees("Version 2.4.0 of PyPI/paperboat is affected.");
    anyone.fill("Your version", "2.4.1");
    anyone.press("Check");
    anyone.sees("2.4.1");
    anyone.sees_nothing_of("Version 2.4.1 of PyPI/paperboat is affected.");

    // Whoever knows an alias, in any letter case, goes straight to the page.
    anyone.open("/");
    anyone.fill("Words, a product, or an id", "cve-1900-40101");
    anyone.press("Search");
    anyone.sees("Am I affected?");
    assert_eq!(anyone.place(), "/v/EXAMPLE-2026-0101");
    anyone.open("/?q=nothing+of+the+kind");
    anyone.sees("Nothing found.");
    anyone.follow("Report it");
    anyone.sees("Report a vulnerability");
}

#[test]
fn the_database_is_searched_and_asked_without_scripts() {
    let Some(centre) = Centre::open() else { return };
    let anyone = centre.browser_without_scripts();
    anyone.open("/");
    anyone.fill("Words, a product, or an id", "paperboat");
    anyone.press("Search");
    anyone.sees("“paperboat”");
    anyone.unfold("Narrow it down");
    anyone.choose("Source", "OSV");
    anyone.press("Apply");
    anyone.sees("1 record");
    anyone.follow("EXAMPLE-2026-0101");
    anyone.fill("Your version", "2.4.0");
    anyone.press("Check");
    anyone.sees("Version 2.4.0 of PyPI/paperboat is affected.");
    anyone.sees("every version before 2.4.1");
    anyone.follow("For programs");
    anyone.sees("curl");
}
