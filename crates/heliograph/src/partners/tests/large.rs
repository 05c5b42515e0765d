//! The yearly review of a programme as large as any: counted and decided, without the journal's part.

use crate::access::Role;
use crate::ledger::{Actor, Loaded, Writer};
use crate::partners::rules::{self, Counted, Given, Life, Partner, PartnerEvent};
use crate::partners::store;
use crate::people::{self, Mandate};
use crate::refusal::Refusal;
use crate::testing::TestApp;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::time::{Duration, Instant};
use storage::{Scratch, params};
use vocabulary::{AccountId, OrganisationId, PartnerId};

const PARTNERS: i64 = 1_000;
const CREDITS: i64 = 100_000;

/// One find in five is in the same case as another; one in ten has no vendor who was told.
const FILL: &str = "INSERT INTO partner_finds
    (report, partner, claimed, novel, reach, contested, original, case_id, told, outcome, outcome_at, severity, joint)
    WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2)
    SELECT 'HEL-R-2026-' || i, 'HEL-P-2026-' || (i % $3), CAST($1 AS BIGINT), i % 2, 'generic', 0, NULL, 'HEL-2026-' || (i / 5),
        CASE WHEN i % 10 = 0 THEN NULL ELSE CAST($1 AS BIGINT) END, CASE WHEN i % 3 = 0 THEN 'fixed' ELSE NULL END,
        CAST($1 AS BIGINT),
        CASE WHEN i % 7 = 0 THEN 'critical' ELSE 'high' END, 0 FROM n";

#[test]
fn a_thousand_partners_with_a_hundred_thousand_credits_are_reviewed_within_two_seconds() {
    let db = Scratch::new().unwrap();
    let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
    let then = now - SignedDuration::from_hours(24 * 30);
    db.write(|tx| tx.execute(FILL, params![then, CREDITS, PARTNERS])).unwrap();
    let partner = Partner {
        life: Life::Active,
        programme: "tsu-defensive".into(),
        level: Some("L2".into()),
        ..Partner::default()
    };
    let (by, persons) = (AccountId::from_random([1; 10]), HashMap::new());
    let begun = Instant::now();
    let all = db.read(|tx| store::counted(tx, store::year_before(now), now, None)).unwrap();
    for number in 0..PARTNERS {
        let counted: &Counted = &all[&format!("HEL-P-2026-{number}")];
        let given = Given { by: &by, persons: &persons, now, counted };
        let reviewed: Result<PartnerEvent, Refusal> = rules::reviewed(&partner, &given);
        assert!(matches!(reviewed, Ok(PartnerEvent::Reviewed { .. })));
    }
    let took = begun.elapsed();
    println!("{PARTNERS} partners, {CREDITS} credits: {took:?}");
    let counted: i64 = all.values().flat_map(|counted| &counted.finds).map(|finds| finds.count).sum();
    assert_eq!(counted, CREDITS);
    assert!(took < Duration::from_secs(2), "{took:?}");
}

/// How many partners the journal's part is tried with.
const IN_THE_JOURNAL: usize = 1_000;

/// A partner at the second level, by its events alone.
fn admit(w: &mut Writer<'_, '_>, organisation: OrganisationId, number: i64) -> Result<(), Refusal> {
    let id = PartnerId::numbered("HEL", 2026, number);
    let place = format!("partner/{id}");
    let item = w.seal(&place, b"zinnober")?;
    let (level, programme) = ("L2".to_owned(), "tsu-defensive".to_owned());
    let by = |number: u8| Actor::Account(AccountId::from_random([number; 10]));
    let until = (w.now() + SignedDuration::from_hours(24 * 365)).as_second();
    let assessors = vec![AccountId::from_random([1; 10]), AccountId::from_random([2; 10])];
    let mut partner: Loaded<Partner> = w.load(place)?;
    let edition = String::new();
    for (number, event) in [
        (3, PartnerEvent::Invited { organisation, programme }),
        (
            3,
            PartnerEvent::Applied {
                edition,
                level: level.clone(),
                application: item.clone(),
                files: Vec::new(),
            },
        ),
        (3, PartnerEvent::AssessorsNamed { assessors }),
        (1, PartnerEvent::Assessed { marks: item.clone() }),
        (2, PartnerEvent::Assessed { marks: item.clone() }),
        (
            3,
            PartnerEvent::Decided {
                admitted: true,
                level: Some(level),
                found: Vec::new(),
                reasons: item.clone(),
            },
        ),
        (3, PartnerEvent::ContractOffered { services: Vec::new(), hours: 1, terms: item }),
        (3, PartnerEvent::ContractSigned {}),
        (3, PartnerEvent::Activated { until }),
    ] {
        w.append(&mut partner, &by(number), vec![event])?;
    }
    Ok(())
}

/// The same review with all that the journal does: events, leaves, certificates, views.
#[test]
fn a_review_of_all_partners_is_one_command_and_ends() {
    let app = TestApp::new();
    let manager = app.account(&[Role::ProgrammeManager]);
    app.submit(move |w| {
        for number in 0..IN_THE_JOURNAL {
            let name = format!("Unit {number}");
            let organisation = people::add(w, &Actor::System, &name, Mandate::Defensive)?;
            admit(w, organisation, number as i64 + 1)?;
        }
        Ok(())
    });
    let (partners, finds) = (IN_THE_JOURNAL as i64, CREDITS);
    let then = app.now() - SignedDuration::from_hours(24 * 30);
    let db = app.app.ledger.db().clone();
    db.write(|tx| tx.execute(FILL, params![then, finds, partners])).unwrap();
    let begun = Instant::now();
    assert_eq!(manager.post_form("/programme/review", &[]).status(), 303);
    let took = begun.elapsed();
    println!("{partners} partners, {finds} credits, through the journal: {took:?}");
    // What was put there by hand is no view of the journal.
    db.write(|tx| tx.execute("DELETE FROM partner_finds", params![])).unwrap();
    assert_eq!(
        app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM partners WHERE life = 'probation'"),
        partners
    );
    assert!(took < Duration::from_secs(30), "{took:?}");
}
