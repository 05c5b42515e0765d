//! Who looks after the clocks of a subject, and who is offered to.

use crate::access::Role;
use crate::testing::TestApp;

/// STYLE, "who owes what to whom": whoever looks after the clocks already is told so, and offered nothing.
#[test]
fn the_care_of_clocks_is_offered_to_everybody_but_their_keeper() {
    let app = TestApp::new();
    let (case, other) = (app.case(), app.account(&[Role::Coordinator]));
    let place = format!("/deadlines/{}", case.id);
    let (yours, offer) = ("You look after these clocks.", "Look after these clocks");
    let sees = |client: &crate::testing::Client<'_>| {
        let page = client.get(&place);
        [yours, offer].map(|words| page.text().contains(words))
    };
    assert_eq!(
        (sees(&case.desk), sees(&other)),
        ([true, false], [false, true]),
        "who opened the case keeps it"
    );
    assert_eq!(other.post_form(&format!("{place}/take"), &[]).status(), 303);
    assert_eq!((sees(&case.desk), sees(&other)), ([false, true], [true, false]));
}
