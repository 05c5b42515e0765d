//! Histories: in which order things happened, and how many of the twelve desired orders were met.
//!
//! Source: Vultron, "Measuring CVD". 70 complete histories; 12 desired orders, from which a case gets a
//! score of 0 to 12. The baseline is how often blind luck meets an order, when at each state every
//! possible event is equally likely; only what goes beyond it is skill.

use crate::cs::{CaseEvent, CaseState};
use CaseEvent::{AttacksObserved, ExploitPublic, FixDeployed, FixReady, PublicAware, VendorAware};

/// One desired order: `before` ought to happen before `after`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DesiredOrder {
    /// What ought to come first.
    pub before: CaseEvent,
    /// What ought to come later.
    pub after: CaseEvent,
    /// How often luck alone meets it, as numerator and denominator.
    pub baseline: (u32, u32),
}

const fn desired(before: CaseEvent, after: CaseEvent, baseline: (u32, u32)) -> DesiredOrder {
    DesiredOrder { before, after, baseline }
}

/// The twelve, in the order of the source.
pub const DESIRED_ORDERS: [DesiredOrder; 12] = [
    desired(VendorAware, PublicAware, (1, 3)),
    desired(VendorAware, ExploitPublic, (2, 3)),
    desired(VendorAware, AttacksObserved, (3, 4)),
    desired(FixReady, PublicAware, (1, 9)),
    desired(FixReady, ExploitPublic, (1, 3)),
    desired(FixReady, AttacksObserved, (3, 8)),
    desired(FixDeployed, PublicAware, (1, 27)),
    desired(FixDeployed, ExploitPublic, (1, 6)),
    desired(FixDeployed, AttacksObserved, (3, 16)),
    desired(PublicAware, ExploitPublic, (1, 2)),
    desired(PublicAware, AttacksObserved, (2, 3)),
    desired(ExploitPublic, AttacksObserved, (1, 2)),
];

worded! {
    /// How a desired order stands in a case that may still be running.
    OrderStatus {
        /// The first came first; whether the second follows no longer matters.
        Met = "met",
        /// The second came first.
        Missed = "missed",
        /// Neither has happened.
        Open = "open",
    }
}

impl DesiredOrder {
    /// How this order stands, given what has happened so far, oldest first.
    #[must_use]
    pub fn status(self, happened: &[CaseEvent]) -> OrderStatus {
        match happened.iter().find(|event| **event == self.before || **event == self.after) {
            Some(first) if *first == self.before => OrderStatus::Met,
            Some(_) => OrderStatus::Missed,
            None => OrderStatus::Open,
        }
    }
}

/// How many of the twelve are met, given what has happened so far, oldest first.
#[must_use]
pub fn score(happened: &[CaseEvent]) -> usize {
    DESIRED_ORDERS.iter().filter(|order| order.status(happened) == OrderStatus::Met).count()
}

/// Every complete history: six events from `vfdpxa` to `VFDPXA`, forced moves included. 70 of them.
#[must_use]
pub fn histories() -> Vec<Vec<CaseEvent>> {
    let mut unfinished = vec![(CaseState::START, Vec::new())];
    let mut complete = Vec::new();
    while let Some((state, past)) = unfinished.pop() {
        if past.len() == CaseEvent::ALL.len() {
            complete.push(past);
            continue;
        }
        for &event in CaseEvent::ALL {
            if let Ok(next) = state.apply(event) {
                let mut past: Vec<CaseEvent> = past.clone();
                past.push(event);
                unfinished.push((next, past));
            }
        }
    }
    complete
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn read(letters: &str) -> Vec<CaseEvent> {
        letters.chars().map(|c| *CaseEvent::ALL.iter().find(|e| e.letter() == c).unwrap()).collect()
    }

    /// The chance of a history when every possible event is equally likely at each state.
    fn chance(history: &[CaseEvent]) -> f64 {
        let mut state = CaseState::START;
        let mut chance = 1.0;
        for &event in history {
            let open = u32::try_from(CaseEvent::ALL.iter().filter(|e| state.apply(**e).is_ok()).count());
            chance /= f64::from(open.unwrap());
            state = state.apply(event).unwrap();
        }
        chance
    }

    #[test]
    fn vultron_70_histories_all_different_all_complete() {
        let all = histories();
        assert_eq!(all.len(), 70);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 70);
        let total: f64 = all.iter().map(|history| chance(history)).sum();
        assert!((total - 1.0).abs() < 1e-9);
    }

    /// Vultron, "Expected frequency": the twelve figures in the upper right of its table.
    #[test]
    fn vultron_baseline_frequencies_recomputed() {
        for order in DESIRED_ORDERS {
            let found: f64 = histories()
                .iter()
                .filter(|history| order.status(history) == OrderStatus::Met)
                .map(|history| chance(history))
                .sum();
            let expected = f64::from(order.baseline.0) / f64::from(order.baseline.1);
            assert!((found - expected).abs() < 1e-9, "{order:?}: {found}");
        }
    }

    /// Vultron, table of possible histories: rows 0 to 9 with their count of desired orders and f_h.
    #[test]
    fn vultron_scores_of_listed_histories() {
        let rows = [
            ("AXPVFD", 0, 0.0833),
            ("APVXFD", 2, 0.0417),
            ("AVXPFD", 2, 0.0278),
            ("XPVAFD", 3, 0.1250),
            ("VAXPFD", 3, 0.0208),
            ("PVAXFD", 4, 0.0417),
            ("AVPXFD", 3, 0.0139),
            ("APVFXD", 3, 0.0208),
            ("XPVFAD", 4, 0.0625),
            ("VAPXFD", 4, 0.0104),
            ("VFDPXA", 12, 0.0026),
        ];
        for (letters, count, frequency) in rows {
            let history = read(letters);
            assert_eq!(score(&history), count, "{letters}");
            assert!((chance(&history) - frequency).abs() < 1e-4, "{letters} {}", chance(&history));
        }
    }

    #[test]
    fn an_unfinished_case_has_open_orders() {
        let happened = read("VP");
        let statuses: Vec<_> = DESIRED_ORDERS.iter().map(|order| order.status(&happened)).collect();
        assert_eq!(statuses[0], OrderStatus::Met);
        assert_eq!(statuses[3], OrderStatus::Missed, "public before the fix");
        assert_eq!(statuses[4], OrderStatus::Open);
        assert_eq!(score(&happened), 5);
        assert_eq!(score(&[]), 0);
    }
}
