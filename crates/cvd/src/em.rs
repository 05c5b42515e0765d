//! Embargo management (EM): where the embargo of a case stands. One machine per case.
//!
//! Source: Vultron, "Embargo Management", 5 states and 10 transitions. The regular expression printed
//! there, `(p*r)*(pa(p*r)*(pa)?t)?`, contradicts the machine and the list of traces beside it: it
//! admits `r` and `parrt`, which the machine refuses, and misses `ppat`, which the machine and the
//! list know. The machine is taken; the expression that fits it is `(p+r)*(p+a(p+[ar])*p*t)?`.

use crate::worded::{instead, step};

worded! {
    /// Where the embargo of a case stands.
    EmbargoState {
        /// No embargo, and none on the table.
        None = "no embargo",
        /// Terms are on the table, nobody is bound.
        Proposed = "proposed",
        /// In force.
        Active = "in force",
        /// In force on its old terms, while new ones are on the table.
        Revise = "in force, revision proposed",
        /// Over. There is no way back.
        Exited = "over",
    }
}

worded! {
    /// What can be done with an embargo.
    EmbargoMove {
        /// `p`: put terms on the table.
        Propose = "propose",
        /// `a`: take the terms on the table.
        Accept = "accept",
        /// `r`: turn them down.
        Reject = "turn down",
        /// `t`: end the embargo.
        Terminate = "end",
    }
}

use EmbargoMove::{Accept, Propose, Reject, Terminate};
use EmbargoState::{Active, Exited, None, Proposed, Revise};

/// The whole machine: every transition that exists. What is not listed is refused.
pub const TRANSITIONS: &[(EmbargoState, EmbargoMove, EmbargoState)] = &[
    (None, Propose, Proposed),
    (Proposed, Propose, Proposed),
    (Proposed, Reject, None),
    (Proposed, Accept, Active),
    (Active, Propose, Revise),
    (Active, Terminate, Exited),
    (Revise, Propose, Revise),
    (Revise, Accept, Active),
    (Revise, Reject, Active),
    (Revise, Terminate, Exited),
];

/// A move that the embargo's state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "an embargo in the state \"{}\" cannot take the step \"{}\"; {}",
    .from.label(), .by.label(), instead(TRANSITIONS, *.from, EmbargoMove::label)
)]
pub struct Refused {
    /// The state it is in.
    pub from: EmbargoState,
    /// The move that was tried.
    pub by: EmbargoMove,
}

impl EmbargoState {
    /// The state after this move.
    ///
    /// # Errors
    /// The table has no such transition.
    pub fn apply(self, by: EmbargoMove) -> Result<Self, Refused> {
        step(TRANSITIONS, self, by).ok_or(Refused { from: self, by })
    }

    /// Terms are in force: {A, R}. In R the old ones stay until new ones are accepted.
    #[must_use]
    pub const fn in_force(self) -> bool {
        matches!(self, Active | Revise)
    }

    /// Terms are on the table: {P, R}.
    #[must_use]
    pub const fn negotiating(self) -> bool {
        matches!(self, Proposed | Revise)
    }

    /// A case may end here: {N, X}. An accepted embargo must end before its case does.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, None | Exited)
    }

    /// The letter of the protocol documents.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            None => 'N',
            Proposed => 'P',
            Active => 'A',
            Revise => 'R',
            Exited => 'X',
        }
    }
}

impl EmbargoMove {
    /// The letter of the protocol documents.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Propose => 'p',
            Accept => 'a',
            Reject => 'r',
            Terminate => 't',
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vultron EM, grammar: N→pP|ε; P→pP|rN|aA; A→pR|tX; R→pR|aA|rA|tX; X→ε.
    const GRAMMAR: &[(char, &str)] =
        &[('N', "pP"), ('P', "pPrNaA"), ('A', "pRtX"), ('R', "pRaArAtX"), ('X', "")];

    #[test]
    fn vultron_em_every_state_and_move_is_as_the_grammar_says() {
        let mut accepted = 0;
        for &state in EmbargoState::ALL {
            let rule = GRAMMAR.iter().find(|(letter, _)| *letter == state.letter()).unwrap().1;
            for &by in EmbargoMove::ALL {
                let expected = rule.find(by.letter()).and_then(|at| rule[at + 1..].chars().next());
                assert_eq!(state.apply(by).ok().map(EmbargoState::letter), expected, "{state:?} {by:?}");
                accepted += usize::from(expected.is_some());
            }
        }
        assert_eq!(accepted, 10);
        assert_eq!(TRANSITIONS.len(), 10);
    }

    /// Vultron EM lists "all the possible traces of length seven or fewer"; recomputed from the machine.
    #[test]
    fn vultron_em_complete_traces_up_to_seven_moves() {
        let listed = "pr pat ppr ppat papt prpr pppr ppppr pprpr prppr pappt ppapt pppat papat paprt prpat \
            pppppr papppt prpppr ppprpr ppappt pppapt prprpr papapt pprppr pappat paprpt prppat prpapt ppaprt \
            pprpat ppapat papprt ppppat pprprpr prprppr paprppt prpprpr pappprt papppat ppppapt prpaprt \
            papappt pappapt pppappt pprpppr pppprpr prppppr ppprppr ppapppt ppaprpt papprpt ppapprt ppappat \
            prpppat prpapat ppprpat ppppppr pprppat papapat paprpat ppapapt prprpat paprprt prppapt pppapat \
            pprpapt pppaprt pppppat prpappt papaprt pappppt";
        let listed: std::collections::BTreeSet<String> =
            listed.split_whitespace().map(str::to_owned).collect();
        let mut found = std::collections::BTreeSet::new();
        let mut edge = vec![(None, String::new())];
        for _ in 0..7 {
            let mut next = Vec::new();
            for (state, path) in edge {
                for &(_, by, to) in TRANSITIONS.iter().filter(|(from, ..)| *from == state) {
                    let path = format!("{path}{}", by.letter());
                    if to.is_final() {
                        found.insert(path.clone());
                    }
                    next.push((to, path));
                }
            }
            edge = next;
        }
        assert_eq!(found, listed);
    }

    #[test]
    fn vultron_em_subsets_and_final_states() {
        let set = |test: fn(EmbargoState) -> bool| -> String {
            EmbargoState::ALL.iter().filter(|s| test(**s)).map(|s| s.letter()).collect()
        };
        assert_eq!(set(EmbargoState::in_force), "AR");
        assert_eq!(set(EmbargoState::negotiating), "PR");
        assert_eq!(set(EmbargoState::is_final), "NX");
    }

    #[test]
    fn a_refusal_says_what_happened_and_what_can_be_done() {
        assert_eq!(
            Active.apply(Accept).unwrap_err().to_string(),
            "an embargo in the state \"in force\" cannot take the step \"accept\"; possible now: propose, end"
        );
    }
}
