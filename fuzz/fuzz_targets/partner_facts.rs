//! What is known of a partner: it survives being written and read, and every programme that comes with
//! the program answers it.

#![no_main]

use programme::{Facts, Programme, Value, builtin};
use std::sync::LazyLock;

static PROGRAMMES: LazyLock<Vec<Programme>> =
    LazyLock::new(|| builtin().iter().map(|(_, text)| Programme::parse(text).unwrap()).collect());

/// What JSON carries to the last digit: fractions may lose it, whole numbers up to 2^53 do not.
fn is_exact(value: &Value) -> bool {
    !matches!(value, Value::Number(number) if number.fract() != 0.0 || number.abs() > 9_007_199_254_740_992.0)
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(facts) = Facts::parse(text) else { return };
    let written = serde_json::to_string(&facts).unwrap();
    let again = Facts::parse(&written).unwrap();
    let said = facts.credits.iter().flatten().flat_map(|credit| credit.says.values());
    if facts.facts.values().chain(said).all(is_exact) {
        assert_eq!(again, facts, "{written}");
    }
    for programme in PROGRAMMES.iter() {
        for stage in &programme.stages {
            let _ = programme.evaluate(stage, &facts);
        }
    }
});
