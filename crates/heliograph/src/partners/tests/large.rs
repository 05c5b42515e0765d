//! The yearly review of a programme as large as any: counted and decided, without the journal's part.

use crate::partners::rules::{self, Counted, Given, Life, Partner, PartnerEvent};
use crate::partners::store;
use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::time::{Duration, Instant};
use storage::{Scratch, params};
use vocabulary::AccountId;

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
