//! Who is told as the time of a clock runs out: once, whatever happens.

use crate::access::Role;
use crate::deadlines::{self, ClockEvent};
use crate::jobs;
use crate::ledger::Actor;
use crate::testing::TestApp;
use storage::{Fault, params};

/// Every telling so far: duty, percent, how many people.
fn tellings(app: &TestApp) -> Vec<(String, i64, i64)> {
    let sql = "SELECT e.duty, e.percent, CAST(COUNT(n.account) AS BIGINT) FROM escalations e
               LEFT JOIN notices n ON n.seq = e.seq GROUP BY e.seq, e.duty, e.percent ORDER BY e.seq";
    app.read(|tx| {
        let rows = tx.query(sql, params![])?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    })
}

fn tell(app: &TestApp) {
    app.runtime.block_on(jobs::escalate(&app.app)).unwrap();
}

fn told(duty: &str, percent: i64, people: i64) -> (String, i64, i64) {
    (duty.to_owned(), percent, people)
}

const MANUFACTURER: [(&str, &str); 4] =
    [("for_manufacturer", "yes"), ("exploited", "yes"), ("aware", "2026-11-24T10:00"), ("aware_zone", "UTC")];

#[test]
fn each_step_tells_once_and_the_people_whom_the_settings_name() {
    let app = TestApp::new();
    let (one, _two) = (app.account(&[Role::Coordinator]), app.account(&[Role::Coordinator]));
    let officer = app.account(&[Role::SecurityOfficer]);
    app.report_with(&MANUFACTURER);
    tell(&app);
    assert_eq!(tellings(&app), []);
    app.clock_at("2026-11-24T22:00:00Z");
    tell(&app);
    tell(&app);
    // Nobody looks after a report that waits for triage, so every coordinator is told.
    assert_eq!(tellings(&app), [told("aev.ew", 50, 2)]);
    let desk = app.signed_in("coordinator-0");
    let page = desk.get("/desk").text().to_owned();
    assert!(page.contains("You were told") && page.contains("50 % of the time is used"), "{page}");
    app.clock_at("2026-11-25T05:12:00Z");
    tell(&app);
    app.clock_at("2026-11-25T10:00:00Z");
    tell(&app);
    assert_eq!(tellings(&app), [told("aev.ew", 50, 2), told("aev.ew", 80, 2), told("aev.ew", 100, 1)]);
    let list = app.signed_in("coordinator-0").get("/deadlines").text().to_owned();
    assert!(list.contains("told at 100 %"), "{list}");
    drop((one, officer));
}

/// Whoever is told late is told once, of the highest step.
#[test]
fn a_clock_that_is_learned_of_late_tells_once() {
    let app = TestApp::with(&[("told_at_80", "nobody")]);
    app.account(&[Role::Coordinator]);
    app.clock_at("2026-11-25T09:00:00Z");
    app.report_with(&MANUFACTURER);
    tell(&app);
    assert_eq!(tellings(&app), [told("aev.ew", 80, 0)]);
    app.clock_at("2026-12-24T09:00:00Z");
    tell(&app);
    tell(&app);
    let steps: Vec<(String, i64)> = tellings(&app).into_iter().map(|(duty, step, _)| (duty, step)).collect();
    let hundred = |duty: &str| (duty.to_owned(), 100);
    assert_eq!(steps.len(), 4, "{steps:?}");
    for duty in ["aev.ew", "aev.not", "acknowledge"] {
        assert!(steps.contains(&hundred(duty)), "{duty}: {steps:?}");
    }
}

#[test]
fn the_coordinator_of_the_case_is_told_and_whoever_takes_it_over() {
    let app = TestApp::new();
    app.account(&[Role::Coordinator]);
    let case = app.case();
    case.invited("Nordwind");
    let of = |account: &str| {
        let id = app.account_id(account);
        let now = app.now();
        app.read(move |tx| {
            deadlines::notices(
                tx,
                &id,
                &crate::deadlines::Whose::cases(),
                &crate::vetting::Eyes::of_the_centre(now),
            )
        })
        .len()
    };
    app.advance(24 * 23);
    tell(&app);
    assert_eq!((of("coordinator-0"), of("coordinator-1")), (0, 1), "who accepted the report looks after it");
    let (id, other) = (case.id.to_string(), app.account_id("coordinator-0"));
    app.submit(move |w| deadlines::record(w, &Actor::Account(other), &id, vec![ClockEvent::TakenOver {}]));
    assert_eq!(tellings(&app), [told("publish", 50, 1)], "a new coordinator is no new date");
}

/// A step that was told of stays told when other facts make the clock anew, and a new date begins anew.
#[test]
fn steps_belong_to_a_date() {
    let app = TestApp::new();
    app.account(&[Role::Coordinator]);
    let report = app.report_with(&MANUFACTURER);
    app.clock_at("2026-11-24T22:00:00Z");
    tell(&app);
    let restate = |at: &str| {
        let (subject, at) = (report.id.to_string(), vocabulary::Instant::parse(at).unwrap());
        let fact = ClockEvent::FactRecorded {
            debtor: deadlines::Debtor::Reporter,
            vendor: None,
            anchor: clocks::AnchorName::Aware,
            at,
            evidence: "test".into(),
        };
        app.submit(move |w| deadlines::record(w, &Actor::System, &subject, vec![fact]));
        tell(&app);
    };
    restate("2026-11-24T10:00:00Z");
    assert_eq!(tellings(&app), [told("aev.ew", 50, 1)]);
    restate("2026-11-24T09:00:00Z");
    assert_eq!(tellings(&app), [told("aev.ew", 50, 1), told("aev.ew", 50, 1)]);
}

/// Each write fails twice: not kept, and kept although the database said no. What is told afterwards
/// is told once.
#[test]
fn a_crash_at_any_write_tells_once() {
    for at in [
        "INSERT INTO events",
        "INSERT INTO tree_nodes",
        "INSERT INTO escalations",
        "INSERT INTO notices",
        "UPDATE deadlines SET told",
        "COMMIT",
    ] {
        for kept in [false, true] {
            let app = TestApp::new();
            app.account(&[Role::Coordinator]);
            app.report_with(&MANUFACTURER);
            app.clock_at("2026-11-24T22:00:00Z");
            app.app.ledger.db().inject(Fault { at: at.into(), kept });
            let first = app.runtime.block_on(jobs::escalate(&app.app));
            // Only a commit that was kept is found again, and answered as done.
            assert_eq!(first.is_ok(), at == "COMMIT" && kept, "{at} {kept}");
            // The program that takes over knows nothing but what lies in the database.
            let next = app.node();
            app.runtime.block_on(jobs::escalate(&next)).unwrap();
            tell(&app);
            assert_eq!(tellings(&app), [told("aev.ew", 50, 1)], "{at} {kept}");
            assert_eq!(
                app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM events WHERE kind = 'clock.escalated'"),
                1
            );
        }
    }
}

/// Three nodes look at once, again and again.
#[test]
fn three_nodes_tell_once() {
    let app = TestApp::new();
    app.account(&[Role::Coordinator]);
    for _ in 0..12 {
        app.report_with(&MANUFACTURER);
    }
    app.clock_at("2026-11-24T22:00:00Z");
    let nodes = [app.app.clone(), app.node(), app.node()];
    std::thread::scope(|scope| {
        for node in &nodes {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                for _ in 0..4 {
                    runtime.block_on(jobs::escalate(node)).unwrap();
                }
            });
        }
    });
    assert_eq!(tellings(&app), vec![told("aev.ew", 50, 1); 12]);
}

/// More clocks than one command takes.
#[test]
fn a_flood_is_told_of_piece_by_piece() {
    let app = TestApp::new();
    app.submit(|w| (0..70).try_for_each(|number| deadlines::sample(w, number)));
    app.advance(24 * 60);
    tell(&app);
    assert_eq!(tellings(&app).len(), 210);
}

/// The next step of a clock is found in an index, and so is what is due.
#[test]
fn nothing_here_is_found_by_scanning() {
    let app = TestApp::new();
    if app.app.ledger.db().engine() != storage::Engine::Sqlite {
        return; // PostgreSQL plans small tables as scans, and rightly so.
    }
    for (sql, index) in [
        ("SELECT 1 FROM deadlines WHERE next_step <= $1 LIMIT 1", "deadlines_next_step"),
        (
            "SELECT 1 FROM deadlines d WHERE d.open_due >= $1 AND d.open_due < 9 ORDER BY d.open_due, d.subject, d.duty, d.debtor, d.regarding",
            "deadlines_open",
        ),
    ] {
        let plan: Vec<String> = app.read(|tx| {
            let rows = tx.query(&format!("EXPLAIN QUERY PLAN {sql}"), params![1_i64])?;
            rows.iter().map(|row| Ok(row.get(3)?)).collect()
        });
        assert!(plan.len() == 1 && plan[0].contains(index), "{plan:?}");
    }
}

/// A step of the schema that changes the views marks them; who opens the centre makes them anew.
#[test]
fn views_that_a_migration_changed_are_made_anew_when_the_centre_opens() {
    let app = TestApp::new();
    app.report_with(&MANUFACTURER);
    let rows = || app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM deadlines WHERE next_step IS NOT NULL");
    assert_eq!(rows(), 3);
    app.submit(|w| {
        w.tx()
            .execute("UPDATE deadlines SET started = NULL, open_due = NULL, next_step = NULL", params![])?;
        w.tx().execute("INSERT INTO stale_views (step) VALUES (2)", params![])?;
        Ok(())
    });
    assert_eq!(rows(), 0);
    app.node();
    assert_eq!((rows(), app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM stale_views")), (3, 0));
}
