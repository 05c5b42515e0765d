//! Order, batches, and commands that fail in every way a command can.

use super::*;

#[test]
fn sixteen_writers_share_one_order() {
    let house = House::new();
    let mut seqs: Vec<i64> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..16)
            .map(|writer| {
                let house = &house;
                scope.spawn(move || {
                    let own = format!("own-{writer}");
                    (0..10)
                        .flat_map(|n| {
                            let own = house.name(&own, &n.to_string()).unwrap();
                            [own, house.name("shared", &format!("{writer}/{n}")).unwrap()]
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        let each: Vec<Vec<i64>> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        assert!(each.iter().all(|seqs| seqs.is_sorted()), "a writer's own entries keep their order");
        each.concat()
    });
    seqs.sort_unstable();
    assert_eq!(seqs, (0..320).collect::<Vec<_>>());
    assert_eq!(house.note("shared").names.len(), 160);
    assert_eq!(house.note("own-3").names, (0..10).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!(house.clean().entries, 320);
}

#[test]
fn of_those_who_decided_on_the_same_version_one_wins() {
    let house = House::new();
    let on_version = |expected: i64| {
        house.ledger.send(move |w| {
            let mut note = w.load::<Note>("note/a".into())?;
            if note.version != expected {
                return Err(Error::Stale);
            }
            w.append(&mut note, &Actor::System, vec![NoteEvent::Named { name: "x".into() }])
        })
    };
    let gate = house.gate();
    let waiting: Vec<_> = (0..16).map(|_| on_version(0)).collect();
    drop(gate);
    let answers: Vec<_> = waiting.into_iter().map(answer).collect();
    assert!(matches!(answers[0], Ok(0)));
    assert!(answers[1..].iter().all(|answer| matches!(answer, Err(Error::Stale))));
    assert_eq!(house.clean().entries, 1);
}

#[test]
fn a_stream_loaded_twice_cannot_be_written_twice() {
    let house = House::new();
    let twice = house.ledger.submit_blocking(|w| {
        let mut one = w.load::<Note>("note/a".into())?;
        let mut two = w.load::<Note>("note/a".into())?;
        w.append(&mut one, &Actor::System, vec![NoteEvent::Named { name: "one".into() }])?;
        w.append(&mut two, &Actor::System, vec![NoteEvent::Named { name: "two".into() }])
    });
    assert!(matches!(twice, Err(Error::Stale)));
    assert_eq!(house.clean().entries, 0);
    assert_eq!(house.name("a", "again").unwrap(), 0);
}

#[test]
fn a_command_that_fails_undoes_itself_and_nothing_else() {
    let house = House::new();
    let gate = house.gate();
    let one = house.ledger.send(|w| name_in(w, "a", "kept"));
    let two = house.ledger.send(|w| {
        name_in(w, "a", "lost")?;
        w.seal("case/1", b"lost")?;
        Err::<(), _>(Error::Stale)
    });
    let three = house.ledger.send(|w| {
        name_in(w, "b", "lost")?;
        if w.now() == noon() { panic!("a fault of the program") } else { Ok(()) }
    });
    let four = house.ledger.send(|w| name_in(w, "a", "kept too"));
    drop(gate);
    assert_eq!(answer(one).unwrap(), 0);
    assert!(matches!(answer(two), Err(Error::Stale)));
    assert!(matches!(answer(three), Err(Error::Panicked)));
    assert_eq!(answer(four).unwrap(), 1);
    assert_eq!(house.note("a").names, ["kept", "kept too"]);
    assert_eq!(house.viewed("b"), None);
    assert_eq!(house.clean().vault_keys, 0);
}

/// Half an entry must not be committed, even by a command that makes light of the failure.
#[test]
fn a_command_cannot_succeed_over_a_failed_append() {
    for at in ["INSERT INTO events", "INSERT INTO tree_nodes", "INSERT INTO organisations"] {
        for kept in [false, true] {
            let house = House::new();
            house.name("a", "before").unwrap();
            house.db().inject(storage::Fault { at: at.into(), kept });
            let careless = house.ledger.submit_blocking(|w| {
                let _ = name_in(w, "a", "careless");
                let _ = name_in(w, "b", "careless");
                Ok::<_, Error>(())
            });
            assert!(matches!(careless, Err(Error::Storage(_))), "{at}: {careless:?}");
            house.name("a", "after").unwrap();
            assert_eq!(house.note("a").names, ["before", "after"]);
            assert_eq!(house.viewed("b"), None);
            house.clean();
        }
    }
}

/// PostgreSQL gives up a transaction over one failed statement, and answers its commit with a quiet
/// rollback. Whoever was acknowledged must be there all the same.
#[test]
fn a_swallowed_error_cannot_make_acknowledged_entries_vanish() {
    let house = House::new();
    let gate = house.gate();
    let one = house.ledger.send(|w| name_in(w, "one", "x"));
    let two = house.ledger.send(|w| {
        let _ = w.tx().execute("INSERT INTO nowhere (x) VALUES (1)", &[]);
        Ok::<_, Error>(0)
    });
    let three = house.ledger.send(|w| name_in(w, "three", "x"));
    drop(gate);
    let _ = answer(two);
    for (id, answer) in [("one", answer(one)), ("three", answer(three))] {
        assert_eq!(answer.is_ok(), house.viewed(id).is_some(), "{id}: {answer:?}");
    }
    house.name("four", "x").unwrap();
    house.clean();
}

/// What one command decided on another's entry does not outlive that entry.
#[test]
fn a_refusal_falls_with_the_batch_that_it_was_decided_in() {
    let house = House::new();
    let gate = house.gate();
    let claim = |w: &mut Writer<'_, '_>| match w.load::<Note>("note/a".into())?.exists() {
        true => Err(Error::Stale),
        false => name_in(w, "a", "mine"),
    };
    let (one, two) = (house.ledger.send(claim), house.ledger.send(claim));
    // The gate's own batch commits first.
    house.db().inject(storage::Fault { at: "COMMIT".into(), kept: true });
    house.db().inject(storage::Fault { at: "COMMIT".into(), kept: false });
    drop(gate);
    for answer in [answer(one), answer(two)] {
        assert!(matches!(answer, Err(Error::Storage(storage::Error::CommitUnknown(_)))), "{answer:?}");
    }
    assert_eq!(house.clean().entries, 0);
}

#[test]
fn what_would_not_read_back_is_not_written() {
    #[derive(Serialize, Deserialize)]
    #[serde(tag = "kind", content = "body")]
    enum Odd {
        #[serde(rename = "odd")]
        Odd { value: serde_json::Value },
        #[serde(rename(serialize = "written.so", deserialize = "read.otherwise"))]
        Renamed {},
    }
    impl Event for Odd {}
    #[derive(Default)]
    struct Nothing;
    impl State for Nothing {
        type Event = Odd;
        fn evolve(&mut self, _: &Odd, _: &Recorded) {}
    }
    let house = House::new();
    let deep = (0..200).fold(serde_json::json!(1), |inner, _| serde_json::json!([inner]));
    let odd = |value| Odd::Odd { value };
    for event in [odd(serde_json::json!({"a": [1.5]})), odd(deep), Odd::Renamed {}] {
        let refused = house.ledger.submit_blocking(|w| {
            let mut stream = w.load::<Nothing>("odd/1".into())?;
            w.append(&mut stream, &Actor::System, vec![event])
        });
        assert!(matches!(refused, Err(Error::Event(_))), "{refused:?}");
    }
    assert_eq!(house.clean().entries, 0);
}

#[test]
fn views_dropped_and_rebuilt_are_equal() {
    let house = House::new();
    for n in 0..20 {
        house.name(&format!("note-{}", n % 7), &format!("name {n}")).unwrap();
    }
    house.write("note-1", "case/1", b"sealed");
    house.erase("case/1");
    let rows = || {
        let sql = "SELECT id, name, mandate FROM organisations ORDER BY id";
        house.db().read(|tx| tx.query(sql, &[])).unwrap()
    };
    let before = rows();
    house.tamper("UPDATE organisations SET name = 'wrong'", &[]);
    house.tamper("DELETE FROM organisations WHERE id = 'note-3'", &[]);
    assert_eq!(house.verify().findings.len(), 6 * 2 + 1);
    house.ledger.submit_blocking(|w| rebuild(w.tx(), VIEWS)).unwrap();
    assert_eq!(rows(), before);
    assert_eq!(house.clean().view_rows, 7);
}

/// The rows of a stream are made once for all events of a command, and before anybody looks.
#[test]
fn views_are_settled_once_for_a_command_and_before_a_table_is_read() {
    let house = House::new();
    house.db().listen();
    house
        .ledger
        .submit_blocking(|w| {
            for name in ["one", "two", "three"] {
                name_in(w, "all", name)?;
            }
            let sql = "SELECT name FROM organisations WHERE id = 'settled'";
            let seen: String = w.tx().query_one(sql, &[])?.get(0)?;
            assert_eq!(seen, "one two three");
            name_in(w, "all", "four")?;
            name_in(w, "all", "five")
        })
        .unwrap();
    let heard = house.db().heard();
    let settled =
        heard.iter().filter(|sql| sql.contains("mandate) VALUES") && !sql.contains("mandate = excluded"));
    assert_eq!(settled.count(), 2, "{heard:?}");
    assert_eq!(house.viewed("settled").as_deref(), Some("one two three four five"));
    house.ledger.submit_blocking(|w| rebuild(w.tx(), VIEWS)).unwrap();
    assert_eq!(house.viewed("settled").as_deref(), Some("one two three four five"));
    house.clean();
}

#[test]
fn a_command_whose_view_cannot_be_settled_leaves_nothing() {
    let house = House::new();
    house.name("all", "one").unwrap();
    assert!(matches!(house.name("all", "never"), Err(Error::Event(_))));
    let read_first = house.ledger.submit_blocking(|w| {
        name_in(w, "all", "never")?;
        w.tx();
        Ok::<_, Error>(())
    });
    assert!(matches!(read_first, Err(Error::Event(_))), "{read_first:?}");
    house.name("all", "two").unwrap();
    assert_eq!(house.viewed("settled").as_deref(), Some("one two"));
    assert_eq!(house.clean().entries, 2);
}

#[test]
fn a_request_that_is_given_up_is_done_all_the_same() {
    let house = House::new();
    drop(house.ledger.send(|w| name_in(w, "a", "x")));
    house.name("b", "y").unwrap();
    assert_eq!(house.viewed("a").as_deref(), Some("x"));
}
