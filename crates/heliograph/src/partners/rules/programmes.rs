//! The programmes that partners are admitted by, and what the engine says of somebody's facts.

use super::event::{Declared, Found};
use super::state::Partner;
use crate::refusal::Refusal;
use jiff::Timestamp;
use programme::{Credit, Demand, Evaluation, Facts, Mode, Programme, Stage, Test, Value};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A programme with the text that partners read.
pub(crate) struct Published {
    pub(crate) programme: Programme,
    pub(crate) text: &'static str,
    /// SHA-256 of the text, in hex: which edition an application was judged by.
    pub(crate) edition: String,
}

static ALL: LazyLock<Vec<Published>> = LazyLock::new(|| {
    let read = |(_, text): &(&str, &'static str)| {
        let hash = Sha256::digest(text.as_bytes());
        let edition = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        Some(Published { programme: Programme::parse(text).ok()?, text, edition })
    };
    programme::builtin().iter().filter_map(read).collect()
});

/// Every programme, those for reference too.
pub(crate) fn programmes() -> &'static [Published] {
    &ALL
}

/// A programme by its id.
pub(crate) fn programme(id: &str) -> Option<&'static Published> {
    ALL.iter().find(|published| published.programme.id == id)
}

/// A programme that may admit partners.
///
/// ARCHITECTURE, never built 3 and 5: one that is for reference decides about nobody.
pub(crate) fn admitting(id: &str) -> Result<&'static Published, Refusal> {
    let found = programme(id).ok_or_else(|| Refusal::invalid("programme", "There is no such programme."))?;
    if found.programme.mode == Mode::Active {
        return Ok(found);
    }
    let why = match found.programme.may_activate() {
        Ok(()) => String::new(),
        Err(forbidden) => forbidden.iter().map(|rule| format!(" {rule};")).collect(),
    };
    Err(Refusal::invalid(
        "programme",
        format!("This programme is for reference: to read and compare, never to admit by.{why}"),
    ))
}

/// The stage of admission, and that of the yearly review.
pub(crate) const INITIAL: &str = "initial";

/// Facts that the record tells; nobody is asked for them.
const OF_THE_RECORD: [&str; 4] =
    ["contacts", "conflict_declaration_age_days", "holdings_disclosed", "foreign_disclosure_duty_declared"];

/// How a fact is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ask {
    YesOrNo,
    Number,
    /// One of these words, the best first: two assessors judge it, the applicant does not.
    Judged(Vec<String>),
}

/// What an application is asked for at the stage of admission: facts by name, and counts by criterion.
pub(crate) fn asked(programme: &Programme) -> (BTreeMap<String, Ask>, Vec<(String, String)>) {
    let (mut facts, mut counts) = (BTreeMap::new(), Vec::new());
    let Some(stage) = programme.stage(INITIAL) else { return (facts, counts) };
    for criterion in &stage.criteria {
        for demand in criterion.demands.each() {
            for condition in demand.conditions.iter().filter(|c| !OF_THE_RECORD.contains(&c.fact.as_str())) {
                let ask = match &condition.test {
                    Test::Equals(Value::Flag(_)) => Ask::YesOrNo,
                    Test::Ranked(_) | Test::Equals(Value::Word(_)) => {
                        Ask::Judged(programme.ordinals.get(&condition.fact).cloned().unwrap_or_default())
                    }
                    _ => Ask::Number,
                };
                facts.insert(condition.fact.clone(), ask);
            }
        }
        if criterion.demands.each().any(|demand| demand.count.is_some()) {
            counts.push((criterion.id.clone(), criterion.category.clone()));
        }
    }
    (facts, counts)
}

/// What one assessor found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Marks {
    /// Facts by name, as far as the evidence shows them.
    #[schema(value_type = Object, example = json!({ "team_size": 12, "work_quality": "good" }))]
    pub(crate) facts: BTreeMap<String, Value>,
    /// By criterion: how many the evidence shows.
    #[schema(example = json!({ "coordinated_before": 6 }))]
    pub(crate) counts: BTreeMap<String, u32>,
    /// Why; at most 20,000 characters.
    #[schema(example = "Six cases were shown with their vendors' words.")]
    pub(crate) words: String,
}

/// Names that marks or an application may use, and no other.
pub(crate) fn check_facts(
    programme: &Programme,
    facts: &BTreeMap<String, Value>,
    counts: &BTreeMap<String, u32>,
) -> Result<(), Refusal> {
    let (known, countable) = asked(programme);
    for (name, value) in facts {
        let wrong = |what: &str| Err(Refusal::invalid("facts", format!("{name}: {what}.")));
        match (known.get(name), value) {
            (None, _) => return Err(Refusal::invalid("facts", "The programme asks for no such fact.")),
            (Some(Ask::YesOrNo), Value::Flag(_)) => {}
            (Some(Ask::Number), Value::Number(number)) if (0.0..=1_000_000.0).contains(number) => {}
            (Some(Ask::Judged(words)), Value::Word(word)) if words.contains(word) => {}
            (Some(Ask::YesOrNo), _) => return wrong("yes or no is expected"),
            (Some(Ask::Number), _) => return wrong("a number up to 1,000,000 is expected"),
            (Some(Ask::Judged(words)), _) => return wrong(&format!("one of {}", words.join(", "))),
        }
    }
    let strange = counts.keys().find(|name| !countable.iter().any(|(id, _)| id == *name));
    match strange {
        Some(_) => Err(Refusal::invalid("counts", "The programme counts no such thing.")),
        None => Ok(()),
    }
}

/// A credit of the kind that a demand counts.
fn credit(demand: &Demand, count: u32) -> Option<Credit> {
    let of = &demand.count.as_ref()?.of;
    let says = of.says.iter().filter_map(|(name, wanted)| Some((name.clone(), wanted.first()?.clone())));
    Some(Credit { kind: of.kind.clone(), count: u64::from(count), says: says.collect() })
}

/// What the record itself tells of a partner.
pub(crate) fn of_the_record(partner: &Partner, now: Timestamp) -> BTreeMap<String, Value> {
    let mut facts = BTreeMap::new();
    let contacts = partner.contacts.as_ref().map_or(0, |contacts| contacts.count);
    facts.insert("contacts".to_owned(), Value::Number(f64::from(contacts)));
    let declared = |what| partner.declared.get(&what);
    if let Some((_, at)) = declared(Declared::Conflicts) {
        let days = now.duration_since(*at).as_hours() / 24;
        facts.insert("conflict_declaration_age_days".to_owned(), Value::Number(days as f64));
    }
    for (fact, what) in [
        ("holdings_disclosed", Declared::Holdings),
        ("foreign_disclosure_duty_declared", Declared::ForeignDisclosure),
    ] {
        facts.insert(fact.to_owned(), Value::Flag(declared(what).is_some()));
    }
    facts
}

/// What one assessor's marks, with the record, come to.
fn judged(
    programme: &Programme,
    stage: &Stage,
    marks: &Marks,
    record: &BTreeMap<String, Value>,
) -> Result<Evaluation, Refusal> {
    let mut facts = Facts { facts: marks.facts.clone(), credits: Some(Vec::new()) };
    facts.facts.extend(record.clone());
    for criterion in &stage.criteria {
        let count = marks.counts.get(&criterion.id).copied().unwrap_or(0);
        let first = criterion.demands.each().find(|demand| demand.count.is_some());
        let credit = first.and_then(|demand| credit(demand, count));
        facts.credits.get_or_insert_default().extend(credit);
    }
    programme.evaluate(stage, &facts).map_err(|error| Refusal::invalid("facts", error.to_string()))
}

/// What two assessors found together: a criterion is met if both found it so, and the level is the
/// lower of the two.
pub(crate) fn together(
    programme: &Programme,
    marks: &[Marks],
    record: &BTreeMap<String, Value>,
) -> Result<(Option<String>, Vec<Found>), Refusal> {
    let stage = programme
        .stage(INITIAL)
        .ok_or_else(|| Refusal::conflict("This programme has no stage of admission."))?;
    let (mut lowest, mut found): (Option<usize>, Vec<Found>) = (None, Vec::new());
    for (number, marks) in marks.iter().enumerate() {
        let evaluation = judged(programme, stage, marks, record)?;
        let place = programme.levels.iter().position(|level| *level == evaluation.level);
        let place = place.unwrap_or(programme.levels.len());
        lowest = Some(lowest.map_or(place, |before| before.max(place)));
        for (at, finding) in evaluation.criteria.into_iter().enumerate() {
            let result = finding.result.into();
            match found.get_mut(at) {
                Some(before) if number > 0 => before.result = worse(before.result, result),
                _ => found.push(Found { criterion: finding.id, level: finding.level, result }),
            }
        }
    }
    Ok((lowest.and_then(|place| programme.levels.get(place).cloned()), found))
}

fn worse(one: super::event::Verdict, other: super::event::Verdict) -> super::event::Verdict {
    use super::event::Verdict::{Met, NotMet, Unknown};
    match (one, other) {
        (NotMet, _) | (_, NotMet) => NotMet,
        (Unknown, _) | (_, Unknown) => Unknown,
        _ => Met,
    }
}
