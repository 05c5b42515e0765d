//! Report management (RM): what one participant has done with the report. One machine per participant.
//!
//! Source: Vultron, "Report Management", 7 states and 11 transitions. Its message table lets "report
//! invalid" be sent from Received *and* Valid, while its machine knows only Received → Invalid. The
//! machine is taken: who doubts a validated report says so by deferring it.

use crate::worded::{instead, step};

worded! {
    /// Where a report stands with one participant.
    ReportState {
        /// The participant does not know of the report.
        Start = "not received",
        /// It has arrived and nobody has judged it.
        Received = "received",
        /// Judged not to be a vulnerability, or not to be understood; may still become valid.
        Invalid = "found invalid",
        /// Judged to be real. A duplicate passes through here too and is then deferred.
        Valid = "found valid",
        /// Real, and not worked on now.
        Deferred = "put off",
        /// Real, and worked on.
        Accepted = "accepted",
        /// Final.
        Closed = "closed",
    }
}

worded! {
    /// What a participant can do with a report.
    ReportMove {
        /// `r`: the report arrives.
        Receive = "receive",
        /// `v`: it is found valid.
        Validate = "find valid",
        /// `i`: it is found invalid.
        Invalidate = "find invalid",
        /// `a`: work on it begins, or is taken up again.
        Accept = "accept",
        /// `d`: it is put off.
        Defer = "put off",
        /// `c`: it is closed for good.
        Close = "close",
    }
}

use ReportMove::{Accept, Close, Defer, Invalidate, Receive, Validate};
use ReportState::{Accepted, Closed, Deferred, Invalid, Received, Start, Valid};

/// The whole machine: every transition that exists. What is not listed is refused.
pub const TRANSITIONS: &[(ReportState, ReportMove, ReportState)] = &[
    (Start, Receive, Received),
    (Received, Validate, Valid),
    (Received, Invalidate, Invalid),
    (Invalid, Validate, Valid),
    (Invalid, Close, Closed),
    (Valid, Accept, Accepted),
    (Valid, Defer, Deferred),
    (Accepted, Defer, Deferred),
    (Accepted, Close, Closed),
    (Deferred, Accept, Accepted),
    (Deferred, Close, Closed),
];

/// A move that the report's state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a report that is {} cannot take the step \"{}\"; {}",
    .from.label(), .by.label(), instead(TRANSITIONS, *.from, ReportMove::label)
)]
pub struct Refused {
    /// The state it is in.
    pub from: ReportState,
    /// The move that was tried.
    pub by: ReportMove,
}

impl ReportState {
    /// The state after this move.
    ///
    /// # Errors
    /// The table has no such transition.
    pub fn apply(self, by: ReportMove) -> Result<Self, Refused> {
        step(TRANSITIONS, self, by).ok_or(Refused { from: self, by })
    }

    /// Known to the participant and not closed: {R, I, V, D, A}.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Start | Closed)
    }

    /// Real and not closed: {V, D, A}.
    #[must_use]
    pub const fn is_valid_unclosed(self) -> bool {
        matches!(self, Valid | Deferred | Accepted)
    }

    /// Real, or not yet judged: {R, V, D, A}.
    #[must_use]
    pub const fn is_potentially_valid(self) -> bool {
        matches!(self, Received | Valid | Deferred | Accepted)
    }

    /// Somebody has to act: {R, V, A}.
    #[must_use]
    pub const fn is_active(self) -> bool {
        matches!(self, Received | Valid | Accepted)
    }

    /// Nobody has to act: {I, D, C}.
    #[must_use]
    pub const fn is_inactive(self) -> bool {
        matches!(self, Invalid | Deferred | Closed)
    }

    /// The letter of the protocol documents.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Start => 'S',
            Received => 'R',
            Invalid => 'I',
            Valid => 'V',
            Deferred => 'D',
            Accepted => 'A',
            Closed => 'C',
        }
    }
}

impl ReportMove {
    /// The letter of the protocol documents.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Receive => 'r',
            Validate => 'v',
            Invalidate => 'i',
            Accept => 'a',
            Defer => 'd',
            Close => 'c',
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// Vultron RM, grammar: S→rR; R→vV|iI; I→vV|cC; V→aA|dD; A→dD|cC; D→aA|cC; C→ε.
    const GRAMMAR: &[(char, &str)] =
        &[('S', "rR"), ('R', "vViI"), ('I', "vVcC"), ('V', "aAdD"), ('A', "dDcC"), ('D', "aAcC"), ('C', "")];

    #[test]
    fn vultron_rm_every_state_and_move_is_as_the_grammar_says() {
        let mut accepted = 0;
        for &state in ReportState::ALL {
            let rule = GRAMMAR.iter().find(|(letter, _)| *letter == state.letter()).unwrap().1;
            for &by in ReportMove::ALL {
                let expected = rule.find(by.letter()).and_then(|at| rule[at + 1..].chars().next());
                assert_eq!(state.apply(by).ok().map(ReportState::letter), expected, "{state:?} {by:?}");
                accepted += usize::from(expected.is_some());
            }
        }
        assert_eq!(accepted, 11);
        assert_eq!(TRANSITIONS.len(), 11);
    }

    #[test]
    fn a_refusal_says_what_happened_and_what_can_be_done() {
        let refused = Valid.apply(Close).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "a report that is found valid cannot take the step \"close\"; possible now: accept, put off"
        );
        assert!(Closed.apply(Accept).unwrap_err().to_string().contains("final"));
    }

    /// Vultron RM lists its fifteen shortest paths: they are all complete paths of up to seven moves.
    #[test]
    fn vultron_rm_fifteen_shortest_paths() {
        let listed = "ric rvac rvdc rivac rivdc rvadc rvdac rivadc rvadac rvdadc rivdac rivdadc rvdadac \
                      rivadac rvadadc";
        let listed: BTreeSet<&str> = listed.split_whitespace().collect();
        assert_eq!(listed.len(), 15);
        let mut by_length: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        let mut edge = vec![(Start, String::new())];
        for length in 1..=7 {
            let mut next = Vec::new();
            for (state, path) in edge {
                for &(_, by, to) in TRANSITIONS.iter().filter(|(from, ..)| *from == state) {
                    let path = format!("{path}{}", by.letter());
                    if to == Closed {
                        by_length.entry(length).or_default().insert(path);
                    } else {
                        next.push((to, path));
                    }
                }
            }
            edge = next;
        }
        let found: BTreeSet<&str> = by_length.values().flatten().map(String::as_str).collect();
        let counts: Vec<_> = by_length.iter().map(|(length, paths)| (*length, paths.len())).collect();
        assert_eq!(found, listed);
        assert_eq!(counts, [(3, 1), (4, 2), (5, 4), (6, 4), (7, 4)]);
    }

    #[test]
    fn vultron_rm_subsets() {
        let set = |test: fn(ReportState) -> bool| -> String {
            ReportState::ALL.iter().filter(|s| test(**s)).map(|s| s.letter()).collect()
        };
        assert_eq!(set(ReportState::is_open), "RIVDA");
        assert_eq!(set(ReportState::is_valid_unclosed), "VDA");
        assert_eq!(set(ReportState::is_potentially_valid), "RVDA");
        assert_eq!(set(ReportState::is_active), "RVA");
        assert_eq!(set(ReportState::is_inactive), "IDC");
    }

    #[test]
    fn serde_is_snake_case() {
        assert_eq!(serde_json::to_string(ReportState::ALL).unwrap(), {
            r#"["start","received","invalid","valid","deferred","accepted","closed"]"#
        });
    }
}
