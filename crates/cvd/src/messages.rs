//! The 28 message kinds: which one a move emits, and what receiving one does.
//!
//! One sentence carries the protocol: a participant whose state changes tells the others.
//! Source: Vultron, "Message Types" and "Transition Functions". Choices where it contradicts itself:
//!
//! - RI may be sent from Valid in one table; the machine has only Received → Invalid, and it is taken.
//! - CA is printed as turning `P` too; attacks force nothing (see [`crate::cs`]).
//! - CA is printed as ending an embargo; the rules say SHOULD. The end is advised and left to a person.
//! - RE and RK are printed for any state, a closed report as answering nothing. Closed answers nothing.

use crate::{
    cs::{CaseEvent, Pxa, VendorFix},
    em::{EmbargoMove, EmbargoState},
    rm::{ReportMove, ReportState},
};

macro_rules! message_kinds {
    ($($(#[$about:meta])* $variant:ident $code:literal $label:literal,)+) => {
        /// What a message says, under the two-letter codes of the protocol documents.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        pub enum MessageKind { $($(#[$about])* #[serde(rename = $code)] $variant,)+ }

        impl MessageKind {
            /// All 28, in the order in which the source lists them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The two letters.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The plain words that a page shows.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }
    };
}

message_kinds! {
    /// Carries a report to a new participant.
    Rs "RS" "report",
    /// The sender found it invalid.
    Ri "RI" "report found invalid",
    /// The sender found it valid.
    Rv "RV" "report found valid",
    /// The sender put it off.
    Rd "RD" "report put off",
    /// The sender works on it.
    Ra "RA" "report accepted",
    /// The sender closed it.
    Rc "RC" "report closed",
    /// Receipt of any of these.
    Rk "RK" "report message received",
    /// The message did not fit.
    Re "RE" "report message not expected",
    /// Terms for an embargo.
    Ep "EP" "embargo proposed",
    /// They are turned down.
    Er "ER" "embargo turned down",
    /// They are accepted.
    Ea "EA" "embargo accepted",
    /// New terms for an embargo in force.
    Ev "EV" "embargo revision proposed",
    /// They are turned down, the old ones stay.
    Ej "EJ" "embargo revision turned down",
    /// They are accepted.
    Ec "EC" "embargo revision accepted",
    /// The embargo is over, at once.
    Et "ET" "embargo ended",
    /// Receipt of any of these.
    Ek "EK" "embargo message received",
    /// The message did not fit.
    Ee "EE" "embargo message not expected",
    /// A vendor has been told.
    Cv "CV" "vendor told",
    /// A vendor has a fix.
    Cf "CF" "fix ready",
    /// A fix is deployed.
    Cd "CD" "fix deployed",
    /// The vulnerability is public.
    Cp "CP" "publicly known",
    /// An exploit is public.
    Cx "CX" "exploit public",
    /// Attacks have been seen.
    Ca "CA" "attacks observed",
    /// Receipt of any of these.
    Ck "CK" "case message received",
    /// The message did not fit.
    Ce "CE" "case message not expected",
    /// A question or any other words.
    Gi "GI" "inquiry",
    /// Receipt of one.
    Gk "GK" "inquiry received",
    /// Something went wrong.
    Ge "GE" "error",
}

use MessageKind::{
    Ca, Cd, Ce, Cf, Ck, Cp, Cv, Cx, Ea, Ec, Ee, Ej, Ek, Ep, Er, Et, Ev, Ge, Gi, Gk, Ra, Rc, Rd, Re, Ri, Rk,
    Rs, Rv,
};

impl MessageKind {
    /// What a participant sends after this move on its report. Receiving is answered, not announced.
    #[must_use]
    pub const fn for_report_move(by: ReportMove) -> Option<Self> {
        match by {
            ReportMove::Receive => None,
            ReportMove::Validate => Some(Rv),
            ReportMove::Invalidate => Some(Ri),
            ReportMove::Accept => Some(Ra),
            ReportMove::Defer => Some(Rd),
            ReportMove::Close => Some(Rc),
        }
    }

    /// What a participant sends after this move on the embargo, from this state; none if the machine
    /// has no such move.
    #[must_use]
    pub fn for_embargo_move(from: EmbargoState, by: EmbargoMove) -> Option<Self> {
        use EmbargoState::{Active, Proposed, Revise};
        from.apply(by).ok()?;
        Some(match (from, by) {
            (Active | Revise, EmbargoMove::Propose) => Ev,
            (_, EmbargoMove::Propose) => Ep,
            (Proposed, EmbargoMove::Accept) => Ea,
            (_, EmbargoMove::Accept) => Ec,
            (Proposed, EmbargoMove::Reject) => Er,
            (_, EmbargoMove::Reject) => Ej,
            (_, EmbargoMove::Terminate) => Et,
        })
    }

    /// What a participant sends when a letter of the case state turns.
    #[must_use]
    pub const fn for_case_event(event: CaseEvent) -> Self {
        match event {
            CaseEvent::VendorAware => Cv,
            CaseEvent::FixReady => Cf,
            CaseEvent::FixDeployed => Cd,
            CaseEvent::PublicAware => Cp,
            CaseEvent::ExploitPublic => Cx,
            CaseEvent::AttacksObserved => Ca,
        }
    }

    /// Only who works on a report may pass it on (RS needs RM Accepted).
    #[must_use]
    pub const fn may_submit_report(sender: ReportState) -> bool {
        matches!(sender, ReportState::Accepted)
    }
}

/// What matters about the one who receives a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receiver {
    /// Where the report stands with it.
    pub report: ReportState,
    /// Where the embargo stands, as it knows.
    pub embargo: EmbargoState,
    /// How far it has come, if it is a vendor.
    pub vendor: Option<VendorFix>,
    /// What the world knows, as it knows.
    pub pxa: Pxa,
}

/// What receiving a message does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reception {
    /// The move on the receiver's report. Only RS ever causes one.
    pub report: Option<ReportMove>,
    /// The move on the embargo.
    pub embargo: Option<EmbargoMove>,
    /// The letters that turn, in order.
    pub case: Vec<CaseEvent>,
    /// The messages to answer with.
    pub answers: Vec<MessageKind>,
    /// The embargo SHOULD end; a person decides.
    pub should_end_embargo: bool,
}

/// What the receiver does on this message.
#[must_use]
pub fn receive(kind: MessageKind, by: Receiver) -> Reception {
    let answer = |answers: &[MessageKind]| Reception { answers: answers.to_vec(), ..Reception::default() };
    match kind {
        Gi => answer(&[Gk]),
        Gk => answer(&[]),
        Ge => answer(&[Gi]),
        _ if by.report == ReportState::Closed => answer(&[]),
        Rs => receive_report(by),
        Ri | Rv | Rd | Ra | Rc if by.report == ReportState::Start => answer(&[Re, Gi]),
        Ri | Rv | Rd | Ra | Rc => answer(&[Rk]),
        Re => answer(&[Rk, Gi]),
        Ee => answer(&[Ek, Gi]),
        Ce => answer(&[Ck, Gi]),
        Rk | Ek | Ck => answer(&[]),
        Ep | Er | Ea | Ev | Ej | Ec | Et => receive_embargo(kind, by),
        Cv | Cf | Cd => answer(&[Ck]),
        Cp | Cx | Ca => receive_public(kind, by),
    }
}

fn receive_report(by: Receiver) -> Reception {
    let new = by.report == ReportState::Start;
    let told = by.vendor == Some(VendorFix::Unaware);
    Reception {
        report: new.then_some(ReportMove::Receive),
        case: if told { vec![CaseEvent::VendorAware] } else { Vec::new() },
        answers: if by.vendor.is_some() { vec![Rk, Cv] } else { vec![Rk] },
        ..Reception::default()
    }
}

/// Embargoes are negotiated in `pxa` only. Anything else that still negotiates is answered by turning
/// the proposal down (ER) or by ending the embargo (ET).
fn receive_embargo(kind: MessageKind, by: Receiver) -> Reception {
    use EmbargoMove::{Accept, Propose, Reject, Terminate};
    use EmbargoState::{Active, Exited, None, Proposed, Revise};
    let (embargo, reply) = match (kind, by.embargo) {
        (Er, Proposed) => (Some(Reject), Ek),
        (Et, Active | Revise) => (Some(Terminate), Ek),
        (Et, Exited) => (Option::None, Ek),
        (Ep, None) if !by.pxa.is_quiet() => (Option::None, Er),
        (Ep | Ea, Proposed) if !by.pxa.is_quiet() => (Some(Reject), Er),
        (Ev, Active | Revise) | (Ej | Ec, Revise) if !by.pxa.is_quiet() => (Some(Terminate), Et),
        (Ep, None) | (Ev, Active) => (Some(Propose), Ek),
        (Ep, Proposed) | (Ev, Revise) => (Option::None, Ek),
        (Ea, Proposed) | (Ec, Revise) => (Some(Accept), Ek),
        (Ej, Revise) => (Some(Reject), Ek),
        _ => (Option::None, Ee),
    };
    Reception { embargo, answers: vec![reply], ..Reception::default() }
}

fn receive_public(kind: MessageKind, by: Receiver) -> Reception {
    let case: Vec<CaseEvent> = match kind {
        Cp if !by.pxa.public => vec![CaseEvent::PublicAware],
        Cx if !by.pxa.exploit && !by.pxa.public => vec![CaseEvent::ExploitPublic, CaseEvent::PublicAware],
        Cx if !by.pxa.exploit => vec![CaseEvent::ExploitPublic],
        Ca if !by.pxa.attacks => vec![CaseEvent::AttacksObserved],
        _ => Vec::new(),
    };
    let news = !case.is_empty() && !by.pxa.public;
    let embargo = match by.embargo {
        EmbargoState::Proposed if news => Some(EmbargoMove::Reject),
        EmbargoState::Active | EmbargoState::Revise if news && kind != Ca => Some(EmbargoMove::Terminate),
        _ => None,
    };
    let should_end_embargo = kind == Ca && news && by.embargo.in_force();
    Reception { embargo, case, answers: vec![Ck], should_end_embargo, report: None }
}
