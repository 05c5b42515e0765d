//! Step 1: somebody reports, stays anonymous, and can prove it.

use crate::centre::Centre;
use std::fs;
use std::path::Path;

const PRODUCT: &str = "Lanternfish relay";
const DESCRIPTION: &str =
    "A frame with a length of zero makes the relay forward the frame before it once more.";

#[test]
fn a_report_survives_a_reload_and_is_acknowledged_with_proof() {
    let Some(centre) = Centre::open() else { return };
    let reporter = centre.browser();
    reporter.open("/");
    reporter.follow("Report a vulnerability");
    reporter.fill("Product", PRODUCT);
    reporter.fill("What is wrong?", DESCRIPTION);
    reporter.sees("Draft saved.");
    reporter.reload();
    assert_eq!(reporter.value("Product"), PRODUCT);
    assert_eq!(reporter.value("What is wrong?"), DESCRIPTION);

    reporter.fill_date("You plan to publish", "2031-05-01T09:30");
    reporter.fill("You plan to publish, zone", "Europe/Berlin");
    reporter.attach("Files", &centre.file("frames.txt", "00 00 00 00"));
    reporter.tick("I want to stay anonymous");
    reporter.press("Send the report");
    reporter.sees("Thank you. Your report is in.");
    let (number, claim) = (reporter.text_of("#tracking"), reporter.text_of("#claim"));
    assert!(number.contains("-R-"), "{number}");

    reporter.follow("Follow your report");
    reporter.sees("frames.txt");
    receipt(&centre, &reporter, &number);
    reporter.press("Leave");
    reporter.open("/report");
    assert_eq!(reporter.value("Product"), "", "the draft went when the report was sent");
    reporter.open("/my");
    reporter.sees_nothing_of(PRODUCT);

    // Later, elsewhere, with nothing but the code.
    let later = centre.browser();
    later.open("/");
    later.follow("Follow a report");
    let wrong = format!("{}{}", if claim.starts_with('0') { '1' } else { '0' }, &claim[1..]);
    later.fill("Claim code", &wrong);
    later.press("Open");
    later.sees("No report has this code.");
    later.fill("Claim code", &claim.to_lowercase());
    later.press("Open");
    later.sees(PRODUCT);
    assert_eq!(later.place(), "/my", "the code is not in the address");
    both_ways(&centre, &later, &number);
}

/// The receipt is a file that proves, offline, what was received.
fn receipt(centre: &Centre, reporter: &crate::browser::Browser, number: &str) {
    let mut file = None;
    for _ in 0..10 {
        // It is signed within a second; until then the centre says so.
        reporter.follow("Download the receipt");
        file = reporter.downloaded(".tlog-proof");
        if file.is_some() {
            break;
        }
    }
    let file = file.expect("a receipt was downloaded");
    assert_eq!(file.file_name().unwrap().to_str().unwrap(), format!("{number}.tlog-proof"));
    reporter.open("/log");
    let told = reporter.text_of("main");
    let key = told.split_once("--key '").unwrap().1.split('\'').next().unwrap().to_owned();
    let verify = |file: &Path| centre.run(&["verify", "--receipt", file.to_str().unwrap(), "--key", &key]);
    let (code, said) = verify(&file);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains(&format!("in report/{number}")), "{said}");
    let forged = fs::read_to_string(&file).unwrap().replacen('A', "B", 1);
    let (code, said) = verify(&centre.file("forged.tlog-proof", &forged));
    assert_eq!(code, 1, "{said}");
    reporter.open("/my");
}

/// A question from the desk, and the reporter's answer.
fn both_ways(centre: &Centre, reporter: &crate::browser::Browser, number: &str) {
    let keller = centre.signed_in("keller");
    keller.open("/desk");
    keller.follow(number);
    keller.sees("anonymous");
    keller.sees("the reporter plans to publish");
    keller.sees("09:30");
    keller.fill("Message", "Does it happen over a cable, too?");
    keller.press("Send");
    keller.sees("The centre wrote:");
    reporter.reload();
    reporter.sees("Does it happen over a cable, too?");
    reporter.fill("Your message", "Yes: over a cable, too.");
    reporter.press("Send");
    reporter.sees("The reporter wrote:");
    keller.reload();
    keller.sees("Yes: over a cable, too.");
    reporter.follow("Read log with times");
    reporter.sees("triage");
}

#[test]
fn what_is_wrong_is_named_and_nothing_is_lost() {
    let Some(centre) = Centre::open() else { return };
    let reporter = centre.browser();
    reporter.open("/report");
    reporter.fill("Product", PRODUCT);
    reporter.fill("What is wrong?", DESCRIPTION);
    reporter.fill_date("You plan to publish", "2031-05-01T09:30");
    reporter.fill("You plan to publish, zone", "Mars/Olympus");
    reporter.press("Send the report");
    reporter.sees("Nothing was sent yet");
    assert_eq!(reporter.value("What is wrong?"), DESCRIPTION);
    reporter.fill("You plan to publish, zone", "UTC");
    reporter.press("Send the report");
    reporter.sees("Thank you. Your report is in.");
}

#[test]
fn everything_works_without_scripts() {
    let Some(centre) = Centre::open() else { return };
    let reporter = centre.browser_without_scripts();
    reporter.open("/report");
    reporter.fill("Product", PRODUCT);
    reporter.press("Save the draft");
    reporter.reload();
    assert_eq!(reporter.value("Product"), PRODUCT);
    assert_eq!(reporter.text_of("[data-draft-note]"), "", "no script has run");
    reporter.fill("What is wrong?", DESCRIPTION);
    reporter.attach("Files", &centre.file("frames.txt", "00 00 00 00"));
    reporter.press("Send the report");
    reporter.sees("Thank you. Your report is in.");
    let claim = reporter.text_of("#claim");
    reporter.follow("Follow your report");
    reporter.sees("frames.txt");
    reporter.press("Leave");
    reporter.open("/my");
    reporter.fill("Claim code", &claim);
    reporter.press("Open");
    reporter.sees(DESCRIPTION);
}
