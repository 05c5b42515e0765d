//! What a number of units stands for.

use crate::*;

/// The figures that Sleight of Hand gives for the whole programme, 1,190 researchers and 1,955 finds a
/// year, are those of 18, 33 and 100 units by the bounds of figures 2 and 3. Its 141 critical ones are not:
/// the bounds give 123.
#[test]
fn eighteen_thirty_three_and_a_hundred_units() {
    let programme = programme("cnnvd-tsu-2023");
    let units = [18, 33, 100];
    let initial = programme.capacity(programme.stage("initial").unwrap(), &units);
    assert_eq!(initial.facts["team_size"], 1190.0);
    let annual = programme.capacity(programme.stage("annual").unwrap(), &units);
    assert_eq!(annual.credits["novel_vulnerabilities"], 1955);
    assert_eq!(annual.critical["novel_vulnerabilities"], 123);
}
