//! Random commands, faults and reopenings against a model of what must be there.

use super::*;
use crate::ledger::Unsealed;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
enum Step {
    Name(u8, u8),
    Write(u8, u8, usize),
    Erase(u8),
    Checkpoint,
    Fail(u8),
    Panic(u8),
    /// A fault at one of these, kept or not, during the next step.
    Fault(u8, bool),
    Reopen,
    Rebuild,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..4_u8, any::<u8>()).prop_map(|(id, name)| Step::Name(id, name)),
        4 => (0..4_u8, 0..3_u8, 0..70_000_usize).prop_map(|(id, case, size)| Step::Write(id, case, size)),
        1 => (0..3_u8).prop_map(Step::Erase),
        2 => Just(Step::Checkpoint),
        1 => (0..4_u8).prop_map(Step::Fail),
        1 => (0..4_u8).prop_map(Step::Panic),
        3 => (0..4_u8, any::<bool>()).prop_map(|(at, kept)| Step::Fault(at, kept)),
        1 => Just(Step::Reopen),
        1 => Just(Step::Rebuild),
    ];
    prop::collection::vec(step, 1..40)
}

/// What must be there, because it was acknowledged, and nothing else.
#[derive(Default)]
struct Model {
    names: BTreeMap<u8, Vec<String>>,
    items: Vec<(u8, usize, Item)>,
    erased: BTreeSet<u8>,
}

fn run(house: &mut House, model: &mut Model, step: &Step) {
    match *step {
        Step::Name(id, name) => {
            if house.name(&id.to_string(), &name.to_string()).is_ok() {
                model.names.entry(id).or_default().push(name.to_string());
            }
        }
        Step::Write(id, case, size) => {
            let sealed = house.ledger.submit_blocking(move |w| {
                write(w, &id.to_string(), &format!("case/{case}"), &vec![case; size])
            });
            assert!(!model.erased.contains(&case) || sealed.is_err());
            model.items.extend(sealed.ok().map(|item| (case, size, item)));
        }
        Step::Erase(case) => {
            if house.ledger.submit_blocking(move |w| w.erase(&format!("case/{case}"))).is_ok() {
                model.erased.insert(case);
            }
        }
        Step::Checkpoint => drop(house.ledger.checkpoint_blocking()),
        Step::Fail(id) => {
            let failed = house.ledger.submit_blocking(move |w| {
                name_in(w, &id.to_string(), "lost")?;
                Err::<(), _>(Error::Stale)
            });
            assert!(failed.is_err());
        }
        Step::Panic(id) => {
            let failed = house.ledger.submit_blocking(move |w| {
                name_in(w, &id.to_string(), "lost")?;
                if w.now() == noon() { std::panic::resume_unwind(Box::new(())) } else { Ok::<_, Error>(()) }
            });
            assert!(failed.is_err());
        }
        Step::Fault(at, kept) => {
            let places =
                ["INSERT INTO events", "INSERT INTO tree_nodes", "INSERT INTO vault_items", "COMMIT"];
            house.db().inject(storage::Fault { at: places[usize::from(at)].into(), kept });
        }
        Step::Reopen => house.ledger = house.node(),
        // A fault may meet this as well; the view is then as it was.
        Step::Rebuild => drop(house.ledger.submit_blocking(|w| rebuild(w.tx(), VIEWS))),
    }
}

/// Making a database on a server takes longer than all that is then done with it.
fn cases() -> u32 {
    if std::env::var_os("HELIOGRAPH_TEST_POSTGRES").is_some() { 5 } else { 16 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_acknowledged_is_there_and_the_rest_is_not(steps in steps()) {
        let mut house = House::new();
        let mut model = Model::default();
        for step in &steps {
            run(&mut house, &mut model, step);
        }
        let outcome = house.clean();
        for id in 0..4 {
            let names = model.names.get(&id).cloned().unwrap_or_default();
            prop_assert_eq!(house.viewed(&id.to_string()), names.last().cloned());
            prop_assert_eq!(house.note(&id.to_string()).names, names);
        }
        prop_assert_eq!(outcome.items, model.items.len() as u64);
        for (case, size, item) in &model.items {
            let found = house.open(item).unwrap();
            let expected = match model.erased.contains(case) {
                true => Unsealed::Erased,
                false => Unsealed::Bytes(vec![*case; *size]),
            };
            prop_assert!(found == expected);
        }
        let entries = model.names.values().map(Vec::len).sum::<usize>() + model.items.len() + model.erased.len();
        prop_assert_eq!(outcome.entries, entries as u64);
    }
}
