//! The queue of reports on the desk: pages and filters stand in the address, counts are true.

use crate::access::Role;
use crate::testing::{TestApp, between};

const WAITING: usize = 57;

/// The tracking numbers in the queue, as the page has them.
fn queue(page: &str) -> Vec<String> {
    let queue = between(page, "<h2 id=\"waiting\">", "<h2 id=\"cases\">");
    queue
        .split("href=\"/desk/report/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

#[test]
fn every_waiting_report_can_be_reached_and_is_counted() {
    let app = TestApp::new();
    for number in 0..WAITING {
        let more: &[(&str, &str)] = match number {
            5 | 50 => &[("exploited", "yes")],
            7 => &[("public", "yes")],
            _ => &[],
        };
        app.report_with(more);
        app.advance(1);
    }
    let desk = app.account(&[Role::Coordinator]);
    let page = |address: &str| desk.get(address).text().to_owned();
    let first = page("/desk");
    assert!(first.contains("<b>57</b><a href=\"/desk#waiting\">reports waiting</a>"), "{first}");
    for count in ["<b>57 waiting</b>", "2 exploited</a>", "1 public already</a>"] {
        assert!(first.contains(count), "{count} in {first}");
    }
    assert_eq!(queue(&first).len(), 50);
    assert_eq!(queue(&first)[..3], ["HEL-R-2026-000006", "HEL-R-2026-000051", "HEL-R-2026-000001"]);
    let next =
        between(&first, "<a class=\"btn\" rel=\"next\" href=\"", "\">More reports").replace("&amp;", "&");
    let second = page(next.split('#').next().unwrap());
    assert_eq!(queue(&second).len(), 7);
    assert_eq!(queue(&second)[6], "HEL-R-2026-000057");
    assert!(second.contains("Earlier reports") && !second.contains("More reports"));
    assert_eq!(queue(&page("/desk?reports=exploited")), ["HEL-R-2026-000006", "HEL-R-2026-000051"]);
    assert_eq!(queue(&page("/desk?reports=public")), ["HEL-R-2026-000008"]);
    assert!(page("/desk?waiting=9").contains("There is no such page of this list."));
    assert_eq!(queue(&page("/desk?waiting=1&reports=%00")).len(), 50);
}

/// Another page than the one that is asked for would answer another question.
#[test]
fn no_list_answers_with_another_page_than_it_is_asked_for() {
    let app = TestApp::new();
    let case = app.case();
    let (_, vendor) = case.vendor("Nordwind");
    let lists = [
        (&case.desk, "/desk?page="),
        (&case.desk, "/desk?waiting="),
        (&case.desk, "/deadlines?show=all&page="),
        (&case.desk, "/deadlines/drills?page="),
        (&case.desk, &case.place("?history=")),
        (&case.desk, &case.place("/reads?page=")),
        (&vendor, "/vendor?page="),
        (&app.anonymous(), "/advisories?page="),
        (&app.account(&[Role::Administrator]), "/imports?page="),
    ];
    for (who, list) in lists {
        for page in ["0", "-1", "x", "", "10001", "99999999999999999999"] {
            let answer = who.get(&format!("{list}{page}"));
            assert_eq!(answer.status(), 422, "{list}{page}");
            assert!(answer.text().contains("A number from 1 to 10000"), "{list}{page}: {}", answer.text());
            let field = list.rsplit(['?', '&']).next().unwrap().trim_end_matches('=');
            assert!(
                answer.text().contains(&format!("It is about: {field}, in the address.")),
                "{list}{page}"
            );
            let first = between(answer.text(), "in the address.</p><p><a href=\"", "\">To the first page");
            let first = first.replace("&amp;", "&");
            assert_eq!((who.get(&first).status(), first), (200, format!("{list}1")));
        }
        assert_eq!([1, 10_000].map(|page| who.get(&format!("{list}{page}")).status()), [200; 2], "{list}");
    }
}
