//! Step 2: the clocks say what is due, who owes it, and why.

use crate::centre::Centre;

#[test]
fn the_early_warning_is_due_within_the_hour_and_says_why() {
    let Some(centre) = Centre::open() else { return };
    let keller = centre.signed_in("keller");
    keller.open("/deadlines");
    let row = "
        const row = [...document.querySelectorAll('main tbody tr')].find((it) => it.innerText.includes('arly warning')
            && /\\bin \\d+ min/.test(it.cells[0].innerText));
        return row ? row.innerText : null";
    let row = keller.session.script(row, &[]);
    let row =
        row.as_str().unwrap_or_else(|| panic!("no early warning is due within the hour:\n{}", keller.text()));
    assert!(row.contains("cra-art14") && row.contains("owed by"), "{row}");
    let case = row.split_whitespace().find(|word| word.starts_with("HEL-")).unwrap().to_owned();

    let why = "
        const row = [...document.querySelectorAll('main tbody tr')].find((it) => it.innerText.includes('arly warning')
            && /\\bin \\d+ min/.test(it.cells[0].innerText));
        return row.querySelector('a[href^=\"/deadlines/\"]').getAttribute('href')";
    keller.open(keller.session.script(why, &[]).as_str().unwrap());
    keller.sees("Why these dates");
    let reasons = keller.text_of("main");
    for words in ["24", "aware", "article 14(2)(a)", "Owed by the manufacturer"] {
        assert!(reasons.contains(words), "\"{words}\" is not among the reasons:\n{reasons}");
    }
    keller.follow(&case);
    keller.sees("in ");
    let place = keller.place();
    assert!(place.ends_with(&case), "{place}");
}

#[test]
fn what_is_overdue_is_ours_and_said_so() {
    let Some(centre) = Centre::open() else { return };
    let keller = centre.signed_in("keller");
    keller.open("/desk");
    keller.follow("overdue");
    keller.sees("overdue");
    keller.sees("owed by us");
    keller.follow("Deadlines");
    assert_eq!(keller.place(), "/deadlines");
}
