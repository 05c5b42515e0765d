//! What holds for all facts.

use crate::*;
use programme::{Credit, Value};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A value of each sort that the shipped programmes ask for.
fn value(fact: &str) -> BoxedStrategy<Option<Value>> {
    let word = |words: &'static [&'static str]| {
        prop::sample::select(words).prop_map(|word| Value::Word(word.to_owned())).boxed()
    };
    let value = match fact {
        "work_quality" => word(&["prolific", "good", "acceptable", "none"]),
        "main_business" => word(&["information_security", "toys"]),
        "team_size" | "contact_inaccessible_count" | "email_unanswered_too_long_count" => {
            (0u8..30).prop_map(|number| Value::Number(number.into())).boxed()
        }
        _ => any::<bool>().prop_map(Value::Flag).boxed(),
    };
    prop::option::weighted(0.9, value).boxed()
}

fn credit() -> impl Strategy<Value = Credit> {
    let attribute = |words: &'static [&'static str]| prop::option::of(prop::sample::select(words));
    let kind = prop::sample::select(&["vulnerability", "alert", "case"][..]);
    let flags = (prop::option::of(any::<bool>()), prop::option::of(any::<bool>()));
    let words = (attribute(&["critical", "high", "low"]), attribute(&["generic", "site_specific"]));
    (kind, flags, words, 0u64..12).prop_map(|(kind, (novel, told), (severity, reach), count)| {
        let flag = |name: &str, flag: Option<bool>| flag.map(|flag| (name.to_owned(), Value::Flag(flag)));
        let word =
            |name: &str, word: Option<&str>| word.map(|word| (name.to_owned(), Value::Word(word.to_owned())));
        let says = [
            flag("novel", novel),
            flag("vendor_notified", told),
            word("severity", severity),
            word("reach", reach),
        ];
        Credit { kind: kind.to_owned(), count, says: says.into_iter().flatten().collect() }
    })
}

fn facts(id: &'static str) -> impl Strategy<Value = Facts> {
    let programme = programme(id);
    let criteria = programme.stages.iter().flat_map(|stage| &stage.criteria);
    let conditions =
        criteria.flat_map(|criterion| criterion.demands.each()).flat_map(|demand| &demand.conditions);
    let names: BTreeSet<String> = conditions.map(|condition| condition.fact.clone()).collect();
    let values: Vec<_> = names.into_iter().map(|name| (Just(name.clone()), value(&name))).collect();
    (values, prop::option::weighted(0.9, prop::collection::vec(credit(), 0..12))).prop_map(
        |(values, credits)| {
            let known = values.into_iter().filter_map(|(name, value)| Some((name, value?)));
            Facts { facts: known.collect(), credits }
        },
    )
}

proptest! {
    /// Both tables of the source report are monotone: whoever meets a level meets all below it.
    #[test]
    fn a_better_level_meets_the_lower_ones(facts in facts("cnnvd-tsu-2023")) {
        let programme = programme("cnnvd-tsu-2023");
        for stage in &programme.stages {
            let found = programme.evaluate(stage, &facts).unwrap();
            for (better, lower) in [("L1", "L2"), ("L2", "L3")] {
                for met in found.criteria.iter().filter(|f| f.level == better && f.result == programme::Outcome::Met) {
                    let below = found.criteria.iter().find(|f| f.level == lower && f.id == met.id).unwrap();
                    prop_assert_eq!(below.result, programme::Outcome::Met, "{}", met.id);
                }
            }
        }
    }

    /// More of what counts never lowers a level.
    #[test]
    fn another_credit_never_lowers_a_level(facts in facts("cnnvd-tsu-2023"), more in credit()) {
        let programme = programme("cnnvd-tsu-2023");
        for stage in &programme.stages {
            let before = programme.evaluate(stage, &facts).unwrap().level;
            let mut richer = facts.clone();
            richer.credits.get_or_insert_default().push(more.clone());
            let after = programme.evaluate(stage, &richer).unwrap().level;
            let place = |level: &str| programme.levels.iter().position(|known| known == level).unwrap_or(usize::MAX);
            prop_assert!(place(&after) <= place(&before), "{} to {}", before, after);
        }
    }

    /// No text makes the reader panic, and what it takes can be evaluated.
    #[test]
    fn any_text_is_read_or_refused(text in "[ -~\\n]{0,400}", cut in 0usize..3000, id in prop::sample::select(&["cnnvd-tsu-2023", "tsu-defensive"][..])) {
        let base = crate::text(id);
        let mut mixed = base.get(..cut.min(base.len())).unwrap_or_default().to_owned();
        mixed.push_str(&text);
        for text in [text, mixed] {
            if let Ok(programme) = Programme::parse(&text) {
                for stage in &programme.stages {
                    let _ = programme.evaluate(stage, &Facts::default());
                }
            }
            let _ = Facts::parse(&text);
        }
    }
}
