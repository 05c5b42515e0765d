//! The partner programme: from an application to a certificate, a review with an appeal, a request that
//! is declined.

use crate::centre::Centre;

#[test]
fn an_application_becomes_a_certificate_that_anyone_can_check() {
    let Some(centre) = Centre::open() else { return };
    let (lindgren, okoye) = (centre.signed_in("lindgren"), centre.signed_in("okoye"));
    lindgren.open("/programme");
    lindgren.follow("Tidewater Analytics");
    lindgren.sees("1 of 2 are in. They open once both are.");
    okoye.open("/assessments");
    okoye.follow("Tidewater Analytics");
    okoye.sees_nothing_of("what vendors say of six cases");
    okoye.choose("Work quality", "acceptable");
    okoye.fill("Why", "Two of the six cases have their vendors' words; the methods are in writing.");
    okoye.press("Give these marks");
    okoye.sees("Both marks are in.");
    okoye.sees("what vendors say of six cases");

    lindgren.reload();
    lindgren.choose("Admit it?", "yes, at the level that the criteria give");
    lindgren.fill("Reasons", "The lower of two findings counts: the third level.");
    lindgren.press("Decide");
    lindgren.sees("Admitted at L3.");
    lindgren.tick("analysis of vulnerabilities");
    lindgren.fill("Hours a year", "60");
    lindgren.fill("Terms", "As the centre's standard terms say.");
    lindgren.press("Offer this contract");
    lindgren.sees("A contract waits for its signature.");

    let tidewater = centre.signed_in("tidewater");
    tidewater.open("/partner");
    tidewater.sees("You were admitted");
    tidewater.press("Sign the contract");
    tidewater.sees("the centre issues your certificate");
    lindgren.reload();
    lindgren.press("Make it a partner");
    lindgren.sees("A partner from now on.");
    tidewater.reload();
    tidewater.follow("Your certificate");
    let place = tidewater.place();

    let anyone = centre.browser();
    anyone.open("/partners");
    anyone.sees("Tidewater Analytics");
    anyone.open(&place);
    anyone.sees("valid");
    anyone.sees("L3 of tsu-defensive");
    let modules = "return document.querySelector('svg.qr path').getAttribute('d').length";
    assert!(anyone.session.script(modules, &[]).as_u64().unwrap() > 1000, "there is no code to scan");
}

#[test]
fn a_review_that_finds_less_gives_time_and_can_be_appealed() {
    let Some(centre) = Centre::open() else { return };
    let lindgren = centre.signed_in("lindgren");
    lindgren.open("/programme?show=active");
    lindgren.press("Review all partners now");
    lindgren.follow("Helix Security Labs");
    lindgren.sees(": on probation.");
    let helix = centre.signed_in("helix");
    helix.open("/partner");
    helix.sees("Still owed this year");
    helix.sees("Mend what is not met");
    helix.unfold("Appeal");
    helix.fill("Why the decision is wrong", "Two of our cases were closed under another number.");
    helix.press("Appeal");
    helix.sees("Two of our cases were closed under another number.");
    let moreau = centre.signed_in("moreau");
    moreau.open("/programme");
    moreau.follow("Helix Security Labs");
    moreau.choose("Is it right?", "yes, upheld");
    moreau.choose("Level, if upheld", "L2");
    moreau.fill("Reasons of the decision", "Both cases are found, and count.");
    moreau.press("Decide the appeal");
    helix.reload();
    helix.sees("The appeal was upheld: L2.");
    helix.follow("Your certificate");
    helix.sees("valid");
}

/// Domain facts S27: whoever meets a better level at the year's review is promoted, with a new certificate.
#[test]
fn a_year_in_which_more_was_done_ends_in_promotion() {
    let Some(centre) = Centre::open() else { return };
    let (lindgren, brightwater) = (centre.signed_in("lindgren"), centre.signed_in("brightwater"));
    brightwater.open("/partner");
    brightwater.sees("L3 of tsu-defensive");
    brightwater.follow("Your certificate");
    let before = brightwater.place();
    lindgren.open("/programme?show=active");
    lindgren.press("Review all partners now");
    lindgren.follow("Brightwater Analysis");
    lindgren.sees("Reviewed: L2 is met; promoted.");
    brightwater.open("/partner");
    brightwater.sees("L2 of tsu-defensive");
    brightwater.follow("Your certificate");
    brightwater.sees("L2 of tsu-defensive");
    assert_ne!(brightwater.place(), before, "a level has a certificate of its own");
    let anyone = centre.browser();
    anyone.open(&before);
    anyone.sees("revoked");
}

/// Domain facts S27: below its level it had ninety days; then it stands at the best level that it fully
/// meets, and somebody who did not decide before decides its appeal.
#[test]
fn a_year_in_which_less_was_done_ends_in_demotion_with_an_appeal() {
    let Some(centre) = Centre::open() else { return };
    let (lindgren, fathom) = (centre.signed_in("lindgren"), centre.signed_in("fathom"));
    fathom.open("/partner");
    fathom.sees("probation");
    fathom.sees("L2 of tsu-defensive");
    lindgren.open("/programme?show=probation");
    lindgren.press("Review all partners now");
    lindgren.open("/programme?show=active");
    lindgren.follow("Fathom Works");
    lindgren.sees("Reviewed: L3 is met; demoted to the best level that is fully met.");
    fathom.reload();
    fathom.sees("L3 of tsu-defensive");
    fathom.unfold("Appeal");
    fathom.fill("Why the decision is wrong", "Seven more cases wait for their vendors.");
    fathom.press("Appeal");
    fathom.sees("Seven more cases wait for their vendors.");
    let place = lindgren.place();
    lindgren.reload();
    lindgren.choose("Is it right?", "yes, upheld");
    lindgren.choose("Level, if upheld", "L2");
    lindgren.fill("Reasons of the decision", "They do wait.");
    lindgren.press("Decide the appeal");
    lindgren.sees("Whoever assessed or decided before does not decide the appeal.");
    let moreau = centre.signed_in("moreau");
    moreau.open(&place);
    moreau.choose("Is it right?", "no, rejected");
    moreau.fill("Reasons of the decision", "What waits counts in the year in which it is mended.");
    moreau.press("Decide the appeal");
    fathom.reload();
    fathom.sees("The appeal was rejected.");
    fathom.sees("L3 of tsu-defensive");
    fathom.follow("Your certificate");
    fathom.sees("L3 of tsu-defensive");
}

#[test]
fn a_request_is_declined_and_nothing_follows_from_it() {
    let Some(centre) = Centre::open() else { return };
    let helix = centre.signed_in("helix");
    helix.open("/partner");
    let criteria =
        "return [...document.querySelectorAll('main h3, svg.bar ~ p')].map((it) => it.innerText).join('|')";
    let before = helix.session.script(criteria, &[]);
    helix.follow("event support");
    helix.sees("Help two water works");
    helix.unfold("Decline");
    helix.press("Decline");
    helix.sees("The partner declined. Nothing follows from it.");
    helix.open("/partner");
    assert_eq!(helix.session.script(criteria, &[]), before);
}

#[test]
fn an_accreditation_that_is_given_up_stops_new_work_at_once() {
    let Some(centre) = Centre::open() else { return };
    let (lindgren, helix) = (centre.signed_in("lindgren"), centre.signed_in("helix"));
    lindgren.open("/requests?asks=event_support");
    lindgren.sees("Its accreditation permits it: Trusted Introducer.");
    helix.open("/account/accreditations");
    let place = "return [...document.querySelectorAll('tbody tr')]
        .find((row) => row.innerText.includes('Trusted Introducer')).querySelector('a').getAttribute('href')";
    let place = helix.session.script(place, &[]).as_str().unwrap().to_owned();
    helix.open(&place);
    helix.sees("It permits: incident response.");
    helix.unfold("Give it up");
    helix.fill("Reasons", "Our team left the network.");
    helix.press("Withdraw it");
    helix.sees("It was withdrawn.");
    lindgren.reload();
    lindgren.sees("No partner fits now.");
    lindgren.sees("Trusted Introducer, which is: withdrawn");
    // What it was asked before cannot be taken on any more; declining is free, as always.
    helix.open("/partner");
    helix.follow("event support");
    helix.sees("nothing now");
    helix.press("Accept");
    helix.sees("No accreditation permits it incident response now.");
    let anyone = centre.browser();
    anyone.open("/accreditations");
    anyone.sees("withdrawn");
    anyone.sees("ends within 30 days");
}
