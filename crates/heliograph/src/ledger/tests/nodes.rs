//! Several nodes on one database. (Two processes on one SQLite file are held to the same.)

use super::*;

#[test]
fn nodes_keep_one_order_and_sign_one_history() {
    let house = House::new();
    let nodes = [house.ledger.clone(), house.node(), house.node()];
    let mut seqs: Vec<i64> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..9)
            .map(|writer| {
                let node = nodes[writer % nodes.len()].clone();
                scope.spawn(move || {
                    let id = format!("w{}", writer / 2);
                    let mut seqs = Vec::new();
                    for n in 0..12 {
                        seqs.push(name_on(&node, &id, &format!("{writer}/{n}")).unwrap());
                        if n % 4 == 0 {
                            node.checkpoint_blocking().unwrap();
                        }
                    }
                    assert!(seqs.is_sorted());
                    seqs
                })
            })
            .collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    seqs.sort_unstable();
    assert_eq!(seqs, (0..108).collect::<Vec<_>>());
    let outcome = house.clean();
    assert!(outcome.checkpoints >= 3);
    assert_eq!(house.note("w0").names.len(), 24);
}

#[test]
fn what_one_node_erased_no_other_seals_into() {
    let house = House::new();
    let other = house.node();
    let item = house.write("a", "case/1", b"text");
    other.submit_blocking(|w| w.erase("case/1")).unwrap();
    assert_eq!(house.open(&item).unwrap(), crate::ledger::Unsealed::Erased);
    let refused = house.ledger.submit_blocking(|w| write(w, "a", "case/1", b"more"));
    assert!(matches!(refused, Err(Error::Erased)));
    house.clean();
}
