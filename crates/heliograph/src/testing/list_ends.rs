//! Addresses of lists that lead behind their end, or to nothing that can be read: every list of pages at once.

use super::{TestApp, between};
use crate::access::Role;

/// Each list for people with who may see it. Where one has nothing at all, its first page says what would be here.
const LISTS: [(&str, &[Role]); 19] = [
    ("/advisories?", &[]),
    ("/imports?", &[Role::Administrator]),
    ("/partners?", &[]),
    ("/accreditations?", &[]),
    ("/desk?", &[Role::Coordinator]),
    ("/desk?show=exploited&", &[Role::Coordinator]),
    ("/deadlines?show=all&", &[Role::Coordinator]),
    ("/deadlines/drills?", &[Role::Coordinator]),
    ("/finds?", &[Role::Coordinator]),
    ("/assessments?", &[Role::Coordinator]),
    ("/reads?", &[Role::Auditor]),
    ("/programme?", &[Role::ProgrammeManager]),
    ("/programme/scoreboard?", &[Role::ProgrammeManager]),
    ("/requests?", &[Role::ProgrammeManager]),
    ("/desk/accreditations?", &[Role::ProgrammeManager]),
    ("/account/accreditations?", &[Role::Coordinator]),
    ("/vetting?", &[Role::SecurityOfficer]),
    ("/vetting/cases?", &[Role::SecurityOfficer]),
    ("/vetting/expiries?", &[Role::SecurityOfficer]),
];

/// STYLE, "an empty list says what would be here": a page behind the last row is no empty list.
#[test]
fn a_page_behind_the_end_of_a_list_says_so_and_leads_to_the_first() {
    let app = TestApp::new();
    for (list, roles) in LISTS {
        let client = if roles.is_empty() { app.anonymous() } else { app.account(roles) };
        let behind = client.get(&format!("{list}page=2"));
        assert_eq!(behind.status(), 200, "{list}");
        let said = "There is no such page of this list. <a href=\"";
        assert_eq!(behind.text().matches(said).count(), 1, "{list}: {}", behind.text());
        let first = between(behind.text(), said, "\">To the first").replace("&amp;", "&");
        let place =
            if first.starts_with('?') { format!("{}{first}", list.trim_end_matches('?')) } else { first };
        let first = client.get(place.split('#').next().unwrap());
        assert_eq!(first.status(), 200, "{place}");
        assert!(!first.text().contains(said), "{place}");
    }
}

/// WCAG 2.2, 3.3.3: where an error is found and what would mend it is known, that is offered. It is no way out if it leads
/// to the next refusal.
#[test]
fn a_link_without_what_was_refused_leads_to_no_other_refusal() {
    let app = TestApp::new();
    let refused = [
        ("/?severity=odd", None),
        ("/?order=odd&q=x", None),
        ("/v/CVE-2024-1?package=x&version=", None),
        ("/deadlines?show=odd", Some(Role::Coordinator)),
        ("/deadlines?day=odd&show=all", Some(Role::Coordinator)),
        ("/deadlines?month=odd", Some(Role::Coordinator)),
        ("/deadlines/export?as=xml", Some(Role::Coordinator)),
        ("/deadlines/export?as=json&show=odd", Some(Role::Coordinator)),
        ("/desk/accreditations?show=odd", Some(Role::ProgrammeManager)),
        ("/desk/accreditations/export?of=odd", Some(Role::ProgrammeManager)),
        ("/programme?show=odd", Some(Role::ProgrammeManager)),
        ("/requests?asks=odd", Some(Role::ProgrammeManager)),
        ("/requests?clearance=odd", Some(Role::ProgrammeManager)),
        ("/vetting?show=odd", Some(Role::SecurityOfficer)),
    ];
    for (address, role) in refused {
        // A field of the record's form that is too long.
        let address = if address.ends_with('=') {
            format!("{address}{}", "x".repeat(5_000))
        } else {
            address.to_owned()
        };
        let client = role.map_or_else(|| app.anonymous(), |role| app.account(&[role]));
        let answer = client.get(&address);
        assert_eq!(answer.status(), 422, "{address}");
        let link = between(answer.text(), "in the address.</p><p><a href=\"", "\">The same without it");
        let status = client.get(&link.replace("&amp;", "&")).status();
        assert!(matches!(status, 200 | 404), "{address} leads to {link}: {status}");
    }
}
