//! The contract of the storage room, run on SQLite always and on PostgreSQL where
//! `HELIOGRAPH_TEST_POSTGRES` names a server.

#![expect(clippy::unwrap_used, reason = "a test may")]

use storage::{Database, Engine, Error, Fault, Scratch, Tx, Value, params};

fn fresh() -> Scratch {
    Scratch::new().unwrap()
}

fn put(tx: &mut Tx<'_>, id: &str, name: &str) -> Result<u64, Error> {
    let sql = "INSERT INTO organisations (id, name, mandate) VALUES ($1, $2, $3)
               ON CONFLICT (id) DO UPDATE SET name = excluded.name";
    tx.execute(sql, params![id, name, "defensive"])
}

fn names(db: &Database) -> Vec<String> {
    let sql = "SELECT name FROM organisations ORDER BY id";
    db.read(|tx| tx.query(sql, params![])?.iter().map(|row| row.get(0)).collect::<Result<_, Error>>())
        .unwrap()
}

#[test]
fn placeholders_are_positions_whatever_their_order() {
    let db = fresh();
    db.write(|tx| put(tx, "a", "Nordwind")).unwrap();
    let sql = "SELECT id FROM organisations WHERE name = $2 AND id = $1";
    let row = db.read(|tx| tx.query_opt(sql, params!["a", "Nordwind"])).unwrap();
    assert_eq!(row.unwrap().get::<String>(0).unwrap(), "a");
}

#[test]
fn every_kind_of_value_comes_back() {
    let db = fresh();
    let sql = "INSERT INTO sessions (hash, account, report, expires) VALUES ($1, $2, $3, $4)";
    let row = params![[7u8; 32], None::<&str>, "日本語 \u{1F600}", i64::MIN];
    db.write(|tx| tx.execute(sql, row)).unwrap();
    let sql = "SELECT hash, account, report, expires FROM sessions";
    let row = db.read(|tx| tx.query_one(sql, params![])).unwrap();
    assert_eq!(row.values()[1], Value::Null);
    assert_eq!(row.get::<[u8; 32]>(0).unwrap(), [7; 32]);
    assert_eq!(row.get::<Option<String>>(2).unwrap().unwrap(), "日本語 \u{1F600}");
    assert_eq!(row.get::<i64>(3).unwrap(), i64::MIN);
    assert_eq!(row.get::<i64>(2), Err(Error::Decode { expected: "number", found: "text" }));
}

#[test]
fn common_sql_is_common() {
    let db = fresh();
    db.write(|tx| {
        for (id, name) in [("a", "x"), ("b", "y"), ("c", "y")] {
            put(tx, id, name)?;
        }
        Ok::<_, Error>(())
    })
    .unwrap();
    let one = |sql: &str| db.read(|tx| tx.query_one(sql, params![])).unwrap();
    assert_eq!(one("SELECT CAST(COUNT(*) AS BIGINT) FROM organisations").get::<i64>(0).unwrap(), 3);
    assert!(
        one("SELECT name IS NOT DISTINCT FROM 'x' FROM organisations WHERE id = 'a'").get::<bool>(0).unwrap()
    );
    let windows =
        one("SELECT row_number() OVER (ORDER BY name DESC, id DESC) FROM organisations WHERE id = 'c'");
    assert_eq!(windows.get::<i64>(0).unwrap(), 1);
    let recursive = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5)
                     SELECT CAST(SUM(i) AS BIGINT) FROM n";
    assert_eq!(one(recursive).get::<i64>(0).unwrap(), 15);
    let paged = "SELECT id FROM organisations WHERE (name, id) > ($1, $2) ORDER BY name, id LIMIT $3";
    let rows = db.read(|tx| tx.query(paged, params!["x", "a", 1])).unwrap();
    assert_eq!(rows[0].get::<String>(0).unwrap(), "b");
}

#[test]
fn a_failed_savepoint_undoes_itself_and_nothing_else() {
    let db = fresh();
    db.write(|tx| {
        put(tx, "a", "kept")?;
        let failed = tx.savepoint(|tx| {
            put(tx, "b", "lost")?;
            tx.execute("INSERT INTO organisations (id, name, mandate) VALUES ('a', '', '')", &[])
        });
        assert!(matches!(failed, Err(Error::Duplicate { .. })), "{failed:?}");
        put(tx, "c", "kept too")
    })
    .unwrap();
    assert_eq!(names(&db), ["kept", "kept too"]);
}

#[test]
fn a_failed_write_leaves_nothing() {
    let db = fresh();
    let failed: Result<(), Error> = db.write(|tx| {
        put(tx, "a", "lost")?;
        Err(Error::Busy)
    });
    assert_eq!(failed, Err(Error::Busy));
    assert!(names(&db).is_empty());
}

#[test]
fn a_reader_sees_one_state_while_a_writer_commits() {
    let db = fresh();
    db.read(|tx| {
        let count = "SELECT CAST(COUNT(*) AS BIGINT) FROM organisations";
        assert_eq!(tx.query_one(count, params![])?.get::<i64>(0)?, 0);
        db.write(|tx| put(tx, "a", "new"))?;
        assert_eq!(tx.query_one(count, params![])?.get::<i64>(0)?, 0);
        Ok::<_, Error>(())
    })
    .unwrap();
    assert_eq!(names(&db), ["new"]);
}

#[test]
fn writers_take_turns() {
    let db = fresh();
    db.write(|tx| tx.execute("INSERT INTO attempts (bucket, count, since) VALUES ('n', 0, 0)", &[])).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..10 {
                    db.write(|tx| {
                        let row = tx.query_one("SELECT count FROM attempts WHERE bucket = 'n'", &[])?;
                        let next = row.get::<i64>(0)? + 1;
                        tx.execute("UPDATE attempts SET count = $1 WHERE bucket = 'n'", params![next])
                    })
                    .unwrap();
                }
            });
        }
    });
    let row = db.read(|tx| tx.query_one("SELECT count FROM attempts", &[])).unwrap();
    assert_eq!(row.get::<i64>(0).unwrap(), 80);
}

/// Rule by example 8: every write fails twice, not kept and kept although it said no.
#[test]
fn faults_are_reported_whether_or_not_the_write_was_kept() {
    for (kept, left) in [(false, vec![]), (true, vec!["a".to_owned()])] {
        let db = fresh();
        db.inject(Fault { at: "COMMIT".into(), kept });
        let answer = db.write(|tx| put(tx, "1", "a"));
        assert!(matches!(answer, Err(Error::CommitUnknown(_))));
        assert_eq!(names(&db), left);
        db.write(|tx| put(tx, "2", "b")).unwrap();
        db.inject(Fault { at: "INSERT INTO organisations".into(), kept });
        assert!(matches!(db.write(|tx| put(tx, "3", "c")), Err(Error::CannotWrite(_))));
        assert!(!names(&db).contains(&"c".to_owned()));
    }
}

#[test]
fn a_shadow_hides_a_table_until_the_read_ends() {
    let db = fresh();
    db.write(|tx| put(tx, "a", "real")).unwrap();
    for _ in 0..2 {
        db.read(|tx| {
            assert_eq!(tx.query("SELECT id FROM organisations", &[])?.len(), 1);
            tx.shadow("organisations")?;
            assert_eq!(tx.query("SELECT id FROM organisations", &[])?.len(), 0);
            put(tx, "b", "copy")?;
            put(tx, "b", "copied")?;
            let beneath = format!("SELECT name FROM {}", tx.original("organisations"));
            assert_eq!(tx.query_one(&beneath, &[])?.get::<String>(0)?, "real");
            Ok::<_, Error>(())
        })
        .unwrap();
        assert_eq!(names(&db), ["real"]);
    }
}

#[test]
fn both_engines_have_the_same_tables_and_columns() {
    let db = fresh();
    let shape = |db: &Database| {
        db.read(|tx| {
            let tables = tx.tables()?;
            tables
                .into_iter()
                .map(|table| Ok((tx.columns(&table)?, table)))
                .collect::<Result<Vec<_>, Error>>()
        })
        .unwrap()
    };
    let sqlite = Scratch::sqlite().unwrap();
    assert_eq!(shape(&db), shape(&sqlite));
    assert!(shape(&db).len() > 15);
}

#[test]
fn errors_never_quote_a_value() {
    let db = fresh();
    db.write(|tx| put(tx, "secret-value", "x")).unwrap();
    let sql = "INSERT INTO organisations (id, name, mandate) VALUES ($1, 'x', 'y')";
    let error = db.write(|tx| tx.execute(sql, params!["secret-value"])).unwrap_err();
    assert!(matches!(error, Error::Duplicate { .. }));
    assert!(!error.to_string().contains("secret-value"), "{error}");
}

#[test]
fn a_backup_is_whole_and_made_while_others_write() {
    let db = fresh();
    if db.engine() == Engine::Postgres {
        assert!(db.backup(std::path::Path::new("unused")).is_err());
        return;
    }
    db.write(|tx| put(tx, "a", "kept")).unwrap();
    let to = db.dir().join("copy.db");
    db.backup(&to).unwrap();
    assert_eq!(names(&Database::sqlite(&to).unwrap()), ["kept"]);
}

#[test]
fn data_of_a_newer_version_is_refused() {
    let db = fresh();
    if db.engine() == Engine::Postgres {
        return;
    }
    db.write(|tx| tx.execute("INSERT INTO schema_steps (number, name, text_hash) VALUES (999, 'x', 0)", &[]))
        .unwrap();
    let again = Database::sqlite(&db.dir().join("heliograph.db"));
    assert!(matches!(again.err(), Some(Error::Schema(words)) if words.contains("newer version")));
}

/// PostgreSQL answers the commit of a failed transaction with a rollback and no error.
#[test]
fn a_swallowed_failure_is_never_committed_quietly() {
    let db = fresh();
    let answer = db.write(|tx| {
        put(tx, "a", "there")?;
        let _ = tx.execute("INSERT INTO nowhere (x) VALUES (1)", &[]);
        Ok::<_, Error>(())
    });
    assert_eq!(answer.is_ok(), names(&db) == ["there"], "{answer:?}");
}
