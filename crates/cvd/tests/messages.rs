//! The 28 messages against the tables of the protocol documents, over all 1,400 receivers.
#![allow(clippy::unwrap_used, reason = "test support")]

use cvd::{
    cs::{CaseEvent, Pxa, VendorFix},
    em::{EmbargoMove, EmbargoState, TRANSITIONS},
    messages::{MessageKind, Receiver, Reception, receive},
    rm::{ReportMove, ReportState},
};
use std::collections::BTreeSet;

use MessageKind::{
    Ca, Cd, Ce, Cf, Ck, Cp, Cv, Cx, Ea, Ec, Ee, Ej, Ek, Ep, Er, Et, Ev, Ge, Gi, Gk, Ra, Rc, Rd, Re, Ri, Rk,
    Rs, Rv,
};

fn receivers() -> Vec<Receiver> {
    let mut all = Vec::new();
    let vendors: Vec<_> = [None].into_iter().chain(VendorFix::ALL.iter().copied().map(Some)).collect();
    for &report in ReportState::ALL {
        for &embargo in EmbargoState::ALL {
            for &vendor in &vendors {
                all.extend(Pxa::ALL.map(|pxa| Receiver { report, embargo, vendor, pxa }));
            }
        }
    }
    assert_eq!(all.len(), 1_400, "Vultron: 7 · 5 · 40 nominal states");
    all
}

#[test]
fn vultron_28_messages_in_four_families() {
    let codes: Vec<&str> = MessageKind::ALL.iter().map(|kind| kind.code()).collect();
    let listed = "RS RI RV RD RA RC RK RE EP ER EA EV EJ EC ET EK EE CV CF CD CP CX CA CK CE GI GK GE";
    assert_eq!(codes.join(" "), listed);
    assert_eq!(serde_json::to_string(&Rs).unwrap(), "\"RS\"");
}

/// Vultron, "Emit when": every transition of RM (but receive) and of EM has its message.
#[test]
fn vultron_what_a_move_emits() {
    let report: String = ReportMove::ALL
        .iter()
        .filter_map(|m| MessageKind::for_report_move(*m))
        .map(MessageKind::code)
        .collect();
    assert_eq!(report, "RVRIRARDRC");
    let embargo: Vec<String> = TRANSITIONS
        .iter()
        .filter_map(|&(from, by, _)| {
            let kind = MessageKind::for_embargo_move(from, by)?;
            Some(format!("{}{}:{}", from.letter(), by.letter(), kind.code()))
        })
        .collect();
    assert_eq!(embargo.join(" "), "Np:EP Pp:EP Pr:ER Pa:EA Ap:EV At:ET Rp:EV Ra:EC Rr:EJ Rt:ET");
    assert_eq!(MessageKind::for_embargo_move(EmbargoState::Exited, EmbargoMove::Propose), None);
    for &event in CaseEvent::ALL {
        assert_eq!(MessageKind::for_case_event(event).code(), format!("C{}", event.letter()));
    }
    let senders: Vec<_> = ReportState::ALL.iter().filter(|s| MessageKind::may_submit_report(**s)).collect();
    assert_eq!(senders, [&ReportState::Accepted]);
}

#[test]
fn only_rs_changes_the_receivers_report_and_every_move_is_legal() {
    for by in receivers() {
        for &kind in MessageKind::ALL {
            let reception = receive(kind, by);
            if let Some(step) = reception.report {
                assert_eq!((kind, by.report, step), (Rs, ReportState::Start, ReportMove::Receive));
            }
            if let Some(step) = reception.embargo {
                assert!(by.embargo.apply(step).is_ok(), "{kind:?} {by:?}");
            }
            let mut pxa = by.pxa;
            for event in &reception.case {
                match event {
                    CaseEvent::PublicAware => assert!(!std::mem::replace(&mut pxa.public, true)),
                    CaseEvent::ExploitPublic => assert!(!std::mem::replace(&mut pxa.exploit, true)),
                    CaseEvent::AttacksObserved => assert!(!std::mem::replace(&mut pxa.attacks, true)),
                    other => assert_eq!((kind, *other), (Rs, CaseEvent::VendorAware)),
                }
            }
        }
    }
}

/// Vultron RM, received: RK, plus CV by vendors, on RS; RE + GI on any other R* in Start.
#[test]
fn vultron_reports_received() {
    for by in receivers() {
        let answers = |kind| receive(kind, by).answers;
        if by.report == ReportState::Closed {
            assert!(answers(Rs).is_empty() && answers(Ra).is_empty() && answers(Cp).is_empty());
            assert_eq!(answers(Gi), [Gk]);
            continue;
        }
        assert_eq!(answers(Rs), if by.vendor.is_some() { vec![Rk, Cv] } else { vec![Rk] });
        let told = receive(Rs, by).case == [CaseEvent::VendorAware];
        assert_eq!(told, by.vendor == Some(VendorFix::Unaware));
        let start = by.report == ReportState::Start;
        assert_eq!(receive(Rs, by).report.is_some(), start);
        for kind in [Ri, Rv, Rd, Ra, Rc] {
            assert_eq!(answers(kind), if start { vec![Re, Gi] } else { vec![Rk] });
        }
        assert_eq!((answers(Re), answers(Rk)), (vec![Rk, Gi], vec![]));
        assert_eq!((answers(Ee), answers(Ek)), (vec![Ek, Gi], vec![]));
        assert_eq!((answers(Ce), answers(Ck)), (vec![Ck, Gi], vec![]));
        assert_eq!((answers(Gk), answers(Ge)), (vec![], vec![Gi]));
    }
}

/// Vultron EM, received, row by row: message, state, quiet or not, move, answer.
#[test]
fn vultron_embargo_messages_received() {
    let table = "EP N q p EK|EP P q - EK|EA P q a EK|EV A q p EK|EV R q - EK|EJ R q r EK|EC R q a EK|\
        ER P * r EK|ET A * t EK|ET R * t EK|ET X * - EK|EP N n - ER|EP P n r ER|EA P n r ER|EV A n t ET|\
        EV R n t ET|EJ R n t ET|EC R n t ET";
    let rows: Vec<Vec<&str>> = table.split('|').map(|row| row.split_whitespace().collect()).collect();
    assert_eq!(rows.len(), 18);
    let mut seen = BTreeSet::new();
    for by in receivers().into_iter().filter(|by| by.report != ReportState::Closed) {
        for kind in [Ep, Er, Ea, Ev, Ej, Ec, Et] {
            let row = rows.iter().find(|row| {
                row[0] == kind.code()
                    && row[1] == by.embargo.letter().to_string()
                    && (row[2] == "*" || (row[2] == "q") == by.pxa.is_quiet())
            });
            let reception = receive(kind, by);
            let step = reception.embargo.map_or("-".to_owned(), |step| step.letter().to_string());
            let answers: String = reception.answers.iter().map(|kind| kind.code()).collect();
            let (expected_step, expected_answer) = row.map_or(("-", "EE"), |row| (row[3], row[4]));
            assert_eq!(
                (step.as_str(), answers.as_str()),
                (expected_step, expected_answer),
                "{kind:?} {by:?}"
            );
            seen.extend(row.cloned());
        }
    }
    assert!(!seen.is_empty());
}

/// Vultron CS, received: P and X end an embargo, A only advises it, a proposal falls on each.
#[test]
fn vultron_case_messages_received() {
    for by in receivers().into_iter().filter(|by| by.report != ReportState::Closed) {
        for kind in [Cp, Cx, Ca] {
            let reception = receive(kind, by);
            assert_eq!(reception.answers, [Ck]);
            let news = !by.pxa.public && !reception.case.is_empty();
            let expected = match by.embargo {
                EmbargoState::Proposed if news => Some(EmbargoMove::Reject),
                EmbargoState::Active | EmbargoState::Revise if news && kind != Ca => {
                    Some(EmbargoMove::Terminate)
                }
                _ => None,
            };
            assert_eq!(reception.embargo, expected);
            assert_eq!(reception.should_end_embargo, kind == Ca && news && by.embargo.in_force());
            assert!(kind != Ca || !reception.case.contains(&CaseEvent::PublicAware));
            let forces_public = kind == Cx && !by.pxa.exploit && !by.pxa.public;
            assert_eq!(
                reception.case.len(),
                1 + usize::from(forces_public)
                    - usize::from(match kind {
                        Cp => by.pxa.public,
                        Cx => by.pxa.exploit,
                        _ => by.pxa.attacks,
                    })
            );
        }
        for kind in [Cv, Cf, Cd] {
            assert_eq!(receive(kind, by), Reception { answers: vec![Ck], ..Reception::default() });
        }
    }
}
