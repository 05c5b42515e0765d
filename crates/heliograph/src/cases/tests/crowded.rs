//! A case with 121 vendors and more than a hundred messages, as CERT/CC has had them (VINCE, issue
//! 140): it stays readable, silence is told apart from "not affected", and what is new is marked.

use crate::access::Role;
use crate::cases::rules::{Affectedness, Audience, Party, ProductStatus, Statement, Terms};
use crate::cases::store;
use crate::ledger::Actor;
use crate::testing::{Client, InCase, TestApp, between};
use vocabulary::OrganisationId;

const VENDORS: usize = 121;
const SILENT: usize = 40;
const AFFECTED: usize = 30;
const NOT_AFFECTED: usize = 31;
const MESSAGES: usize = 120;

/// Bytes of the page as a coordinator first gets it, at most.
const PAGE_MAX: usize = 100_000;

fn statement(status: Affectedness) -> Statement {
    let row =
        ProductStatus { product: "Zinnober stack".into(), from: "1.0".into(), before: "1.9".into(), status };
    Statement { products: vec![row], text: "We have looked, says zinnober.".into() }
}

/// Forty vendors are silent, twenty have signed and said no more, thirty are affected, 31 are not.
fn crowd<'a>(app: &'a TestApp, case: &InCase<'a>) -> Vec<OrganisationId> {
    let vendors: Vec<OrganisationId> =
        (0..VENDORS).map(|number| app.organisation(&format!("Maker {number:03}"))).collect();
    let (id, all) = (case.id.clone(), vendors.clone());
    app.submit(move |w| {
        store::invite(w, &Actor::System, &id, &all, None)?;
        for (number, vendor) in all.iter().enumerate() {
            if number < SILENT {
                continue;
            }
            store::answer(w, &Actor::System, &id, &Party::Vendor(vendor.clone()), Terms::Accept)?;
            let status = match number {
                number if number < VENDORS - AFFECTED - NOT_AFFECTED => continue,
                number if number < VENDORS - NOT_AFFECTED => Affectedness::Affected,
                _ => Affectedness::NotAffected,
            };
            store::state_affected(w, &Actor::System, &id, vendor, &statement(status))?;
        }
        for number in 0..MESSAGES {
            let text = format!("Message {number:03} of zinnober.");
            store::speak(w, &Actor::System, &id, Party::Centre, Audience::Everyone, &text)?;
        }
        Ok(())
    });
    vendors
}

/// The names in the table of vendors.
fn named(page: &str) -> Vec<String> {
    let table = between(page, "<h2 id=\"vendors\">", "<h2 id=\"clocks\">Clocks");
    table.split("<td>Maker ").skip(1).map(|cell| cell[..3].to_owned()).collect()
}

/// One crowd serves all that is asked of it: it takes a while to gather.
#[test]
fn a_case_with_121_vendors_and_a_hundred_messages_stays_readable() {
    let app = TestApp::new();
    let case = app.case();
    crowd(&app, &case);
    app.advance(24 * 9);
    // Nobody's session lasts that long.
    let desk = app.account(&[Role::Coordinator]);
    let before = app.size();
    let page = |query: &str| desk.get(&case.place(query)).text().to_owned();
    summed_up_by_meaning(&page("")[..]);
    // The read log lists what was opened: a report, 61 statements, and the messages of one page.
    assert_eq!(app.kinds_since(before), ["sealed.read"]);
    let opened = app.number("SELECT items FROM reads ORDER BY seq DESC LIMIT 1");
    assert!((61..=61 + 50 + 10).contains(&opened), "{opened}");
    each_summary_leads_to_those_it_counts(&page);
    the_story_has_pages(&page);
}

fn summed_up_by_meaning(text: &str) {
    assert!(text.len() < PAGE_MAX, "{} bytes", text.len());
    assert!(text.contains("61 of 121 vendors answered"), "{text}");
    assert!(text.contains("<span class=\"chip late\">40 silent</span>"), "{text}");
    assert!(text.contains("embargo to 8 Jan 2027, 10:00 UTC, in 36 d"), "{text}");
    assert_eq!(named(text).len(), 12);
    let rest = between(text, "<p class=\"quiet\">109 more: ", "</p>");
    let counts: Vec<&str> =
        rest.split('>').skip(1).step_by(2).map(|part| part.split('<').next().unwrap()).collect();
    assert_eq!(counts, ["28 silent", "20 no answer yet", "30 affected", "31 not affected"]);
}

fn each_summary_leads_to_those_it_counts(page: &dyn Fn(&str) -> String) {
    let shown = |name: &str| named(&page(&format!("?vendors={name}")));
    assert_eq!(shown("silent"), (0..SILENT).map(|number| format!("{number:03}")).collect::<Vec<_>>());
    assert_eq!((shown("unanswered").len(), shown("affected").len()), (20, AFFECTED));
    assert_eq!(shown("not-affected").len(), NOT_AFFECTED);
    assert_eq!(shown("all").len(), VENDORS);
    assert!(shown("left").is_empty());
    let silent = page("?vendors=silent");
    assert!(!between(&silent, "<tbody>", "</tbody>").contains("not affected"));
    assert!(silent.contains("silent 9 d"), "{silent}");
}

fn the_story_has_pages(page: &dyn Fn(&str) -> String) {
    let [first, second] = [1, 2].map(|number| page(&format!("?history={number}")));
    assert!(first.contains("Message 119 of zinnober.") && !first.contains("Message 069 of zinnober."));
    assert!(second.contains("Message 069 of zinnober.") && !second.contains("Message 119 of zinnober."));
    let total: usize = between(&first, "You are here for the first time. ", " entries").parse().unwrap();
    assert!(total > 500, "{total}");
    let last = page(&format!("?history={}", total.div_ceil(50)));
    assert!(last.contains("The case was opened") && !last.contains("Earlier entries"), "{last}");
    assert!(page("?history=999").contains("no entries this far back"));
}

/// The page of the case's dates sums them up as well.
#[test]
fn the_dates_of_a_case_with_121_vendors_stay_readable() {
    let app = TestApp::new();
    let case = app.case();
    crowd(&app, &case);
    let page = case.desk.get(&format!("/deadlines/{}", case.id));
    assert!(page.text().len() < 2 * PAGE_MAX, "{} bytes", page.text().len());
    assert!(page.text().contains("Tell the vendor: 121 vendors</b>, 121 met"), "{}", page.text());
    assert_eq!(page.text().matches("<li id=\"centre-centre-vendor.notify-").count(), VENDORS);
}

/// Statements that write while so many vendors are invited at once: to the journal, its tree, the views.
fn writes(count: usize) -> usize {
    let app = TestApp::new();
    let case = app.case();
    let vendors: Vec<OrganisationId> =
        (0..count).map(|number| app.organisation(&format!("Maker {number:03}"))).collect();
    let (id, db) = (case.id.clone(), app.app.ledger.db().clone());
    db.listen();
    app.submit(move |w| store::invite(w, &Actor::System, &id, &vendors, None));
    db.heard().len()
}

/// The rows of a case and of its clocks are made once for a command, not once for each event in it.
#[test]
fn to_invite_four_times_as_many_costs_four_times_as_much() {
    let (few, many) = (writes(30), writes(120));
    assert!(many <= 4 * few, "30 vendors: {few} writes, 120: {many}");
}

#[test]
fn what_is_new_since_the_last_visit_is_marked_for_everyone_apart() {
    let app = TestApp::new();
    let case = app.case();
    let (_, nordwind) = case.vendor("Nordwind");
    let (_, kestrel) = case.vendor("Kestrel");
    let place = case.place("");
    let story = |who: &Client<'_>| {
        let page = who.get(&place);
        assert_eq!(page.status(), 200);
        let marks = page.text().matches("<span class=\"chip calm\">new</span>").count();
        let line = between(page.text(), "<h2 id=\"happened\">What happened</h2><p class=\"quiet\">", "</p>");
        (line.split(['<', ',', '.']).next().unwrap().to_owned(), line.contains("1 new"), marks)
    };
    let says = |who: &Client<'_>| {
        let sent = who.post_form(&case.place("/message"), &[("to", "everyone"), ("message", "A zinnober.")]);
        assert_eq!(sent.status(), 303);
    };
    assert_eq!(story(&kestrel), ("You are here for the first time".into(), false, 0));
    says(&nordwind);
    // Still the same visit: what a person sees now is not "since the last one".
    app.advance_by(jiff::SignedDuration::from_mins(10));
    assert_eq!(story(&kestrel).2, 0);
    app.advance(2);
    says(&nordwind);
    assert_eq!(story(&kestrel), (String::new(), true, 1));
    // A reload takes no mark away, one's own doing is never new, and nobody takes another's marks.
    assert_eq!(story(&kestrel).2, 1);
    app.advance(2);
    assert_eq!(story(&kestrel), ("Nothing new since your last visit".into(), false, 0));
    says(&kestrel);
    assert_eq!(story(&kestrel).2, 0);
    assert!(story(&case.desk).0.starts_with("You are here for the first time"));
}

/// What the centre does for a vendor is not a word of the vendor's.
#[test]
fn a_vendor_that_was_told_and_says_nothing_is_silent() {
    let app = TestApp::new();
    let case = app.case_with(&[("public", "yes")]);
    let (organisation, _) = case.invited("Nordwind");
    app.advance(48);
    let (desk, vendor) = (app.account(&[Role::Coordinator]), app.vendor(&organisation));
    let silent = |what: &str| assert!(desk.get(&case.place("")).text().contains(what), "{what}");
    silent("silent 2 d");
    let moved = vendor.post_form(&case.place("/report-state"), &[("step", "validate")]);
    assert_eq!(moved.status(), 303, "{}", moved.text());
    silent("no answer yet");
}
