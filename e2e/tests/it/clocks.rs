//! Step 2: the clocks say what is due, who owes it, and why.

use crate::centre::Centre;

#[test]
fn what_is_overdue_is_ours_and_said_so() {
    let Some(centre) = Centre::open() else { return };
    let keller = centre.signed_in("keller");
    keller.open("/desk");
    keller.follow("overdue");
    keller.sees("overdue");
    keller.sees("owed by us");
    keller.follow("All that are running");
    assert_eq!(keller.place(), "/deadlines");
}
