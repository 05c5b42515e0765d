//! Step 3: a coordinator works through the queue.

use crate::browser::Browser;
use crate::centre::Centre;

/// Sends a report and stays on its page; its tracking number.
fn report(reporter: &Browser, product: &str) -> String {
    reporter.open("/report");
    reporter.fill("Product", product);
    reporter.fill("What is wrong?", "It counts backwards on the last day of a month.");
    reporter.press("Send the report");
    reporter.sees("Thank you. Your report is in.");
    let number = reporter.text_of("#tracking");
    reporter.follow("Follow your report");
    number
}

#[test]
fn the_queue_is_sorted_by_what_is_due() {
    let Some(centre) = Centre::open() else { return };
    let stranger = centre.browser();
    stranger.open("/desk");
    stranger.sees("Sign in");
    stranger.fill("Login", "keller");
    stranger.fill("Password", "demo password, but wrong");
    stranger.press("Sign in");
    assert!(stranger.place().starts_with("/login"), "a wrong password opens nothing");

    let keller = centre.signed_in("keller");
    keller.open("/desk");
    keller.sees("Reports waiting for triage");
    let rows =
        "return [...document.querySelectorAll('main table')].pop().querySelectorAll('tbody tr').length";
    assert!(keller.session.script(rows, &[]).as_u64().unwrap() >= 3);
    let dates = "
        const rows = [...[...document.querySelectorAll('main table')].pop().querySelectorAll('tbody tr')];
        return rows.map((row) => row.cells[0].querySelector('time')?.dateTime ?? '9999').join(' ')";
    let dates = keller.session.script(dates, &[]);
    let dates: Vec<&str> = dates.as_str().unwrap().split(' ').collect();
    assert!(dates.is_sorted(), "{dates:?}");
    assert!(
        keller.text_of("main table:last-of-type tbody tr").contains("overdue"),
        "the overdue comes first"
    );
    keller.follow("Vendor not told");
    assert!(keller.place().ends_with("?show=not-told"), "a filter stands in the address");
}

#[test]
fn a_report_is_accepted_declined_with_a_reason_or_marked_as_a_duplicate() {
    let Some(centre) = Centre::open() else { return };
    let (first, second, third) = (centre.browser(), centre.browser(), centre.browser());
    let taken = report(&first, "Tide clock, accepted");
    let declined = report(&second, "Tide clock, declined");
    let again = report(&third, "Tide clock, once more");
    let keller = centre.signed_in("keller");

    keller.open("/desk");
    keller.follow(&taken);
    keller.press("Accept");
    keller.sees("No vendor is invited yet.");
    let case = keller.place();
    assert!(case.starts_with("/case/"), "{case}");
    first.reload();
    first.sees("Accepted into case");
    first.follow("Embargo, messages, dates");
    first.sees("What happened");

    keller.open("/desk");
    keller.follow(&declined);
    keller.unfold("Decline");
    keller.fill("Reason", "The month is set by its owner; nothing is crossed.");
    keller.press("Decline");
    keller.sees("Declined. The reason:");
    second.reload();
    second.sees("The month is set by its owner; nothing is crossed.");

    keller.open("/desk");
    keller.sees_nothing_of(&declined);
    keller.follow(&again);
    keller.unfold("Duplicate");
    keller.fill("Of which report?", &taken.to_lowercase());
    keller.press("Mark as duplicate");
    keller.sees(&format!("Marked as a duplicate of {taken}"));
    third.reload();
    third.sees("duplicate");
    keller.open("/desk");
    keller.sees_nothing_of(&again);
}

#[test]
fn a_report_becomes_a_case_without_scripts() {
    let Some(centre) = Centre::open() else { return };
    let keller = centre.signed_in_without_scripts("keller");
    keller.open("/desk");
    keller.follow(&keller.text_of("#waiting ~ table a"));
    keller.fill("Message", "Which version is it?");
    keller.press("Send");
    keller.sees("Which version is it?");
    keller.press("Accept");
    keller.sees("No vendor is invited yet.");
    keller.tick("Baltic Devices");
    keller.press("Invite");
    keller.sees("1 silent");
    keller.fill("CVSS 3.1", "CVSS:3.1/AV:N");
    keller.press("Grade");
    keller.sees("Nothing was changed, and what you wrote is kept here.");
    keller.fill("Cvss31", "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H");
    keller.press("Send again");
    keller.sees("High 8.8");
}
