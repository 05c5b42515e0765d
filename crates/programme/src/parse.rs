//! From TOML to a programme, with the line of every mistake.

use std::collections::{BTreeMap, BTreeSet};

use crate::evaluate::{ALL, NONE};
use crate::forbidden;
use crate::programme::{
    Condition, Count, Criterion, Demand, Demands, Filter, Guard, Mode, Programme, Stage, Test, Window,
};
use crate::reader::{NOT_A_NAME, ProgrammeError, Read, Reader, document, is_name};

impl Programme {
    /// Reads and checks a programme. One that is returned can be evaluated without further checks.
    pub fn parse(text: &str) -> Result<Programme, ProgrammeError> {
        document(text, |root| {
            let programme = programme(root)?;
            forbidden::check(&programme, root)?;
            Ok(programme)
        })
    }
}

fn programme(root: &Reader<'_>) -> Read<Programme> {
    let schema = root.text("schema")?;
    if schema != "programme/1" {
        return Err(root.error("schema", format!("`{schema}` is not a known schema, expected programme/1")));
    }
    let levels = levels(root)?;
    let ordinals = ordinals(root)?;
    let stages = stages(root, &levels, &ordinals)?;
    let programme = Programme {
        id: root.name("id")?,
        title: root.text("title")?,
        mode: mode(root)?,
        validity: root.span("validity")?,
        source: source(root)?,
        guards: guards(root)?,
        forbidden_in_active: root.words("forbidden_in_active")?,
        names: names(root, &stages)?,
        stages,
        levels,
        ordinals,
    };
    Ok(programme)
}

pub(crate) fn mode(root: &Reader<'_>) -> Read<Mode> {
    match root.text("mode")?.as_str() {
        "active" => Ok(Mode::Active),
        "reference" => Ok(Mode::Reference),
        other => Err(root.error("mode", format!("`{other}` is neither active nor reference"))),
    }
}

fn levels(root: &Reader<'_>) -> Read<Vec<String>> {
    let levels = root.words("levels")?;
    if levels.is_empty() {
        return Err(root.error("levels", "name at least one level, the best first"));
    }
    let taken =
        ["id", "category", "scope", "text", "text_note", "all_of", "count_of", "request_types", NONE, ALL];
    match levels.iter().find(|level| !is_name(level) || taken.contains(&level.as_str())) {
        Some(level) if is_name(level) => Err(root.error("levels", format!("`{level}` means something else"))),
        Some(_) => Err(root.error("levels", NOT_A_NAME)),
        None => Ok(levels),
    }
}

fn ordinals(root: &Reader<'_>) -> Read<BTreeMap<String, Vec<String>>> {
    let Some(table) = root.table_if("ordinal")? else { return Ok(BTreeMap::new()) };
    table.rest().into_iter().map(|name| Ok((name.to_owned(), table.words(name)?))).collect()
}

/// What facts are called. A name for a fact that nothing asks for is a misspelt one.
fn names(root: &Reader<'_>, stages: &[Stage]) -> Read<BTreeMap<String, String>> {
    let Some(table) = root.table_if("names")? else { return Ok(BTreeMap::new()) };
    let demands = stages.iter().flat_map(|stage| &stage.criteria).flat_map(|one| one.demands.each());
    let known: BTreeSet<&str> =
        demands.flat_map(|demand| &demand.conditions).map(|condition| condition.fact.as_str()).collect();
    let named = |fact: &str| match known.contains(fact) {
        true => Ok((fact.to_owned(), table.text(fact)?)),
        false => Err(table.error(fact, "no criterion asks for a fact of this name")),
    };
    table.rest().into_iter().map(named).collect()
}

pub(crate) fn source(root: &Reader<'_>) -> Read<BTreeMap<String, String>> {
    let table = root.table("source")?;
    let named = |name: &str| Ok((name.to_owned(), table.text(name)?));
    let source: BTreeMap<String, String> = table.rest().into_iter().map(named).collect::<Read<_>>()?;
    if source.is_empty() {
        return Err(root.error("source", "say where the criteria were read, or who set them"));
    }
    Ok(source)
}

fn guards(root: &Reader<'_>) -> Read<Vec<Guard>> {
    let known = |word: &String| Guard::ALL.iter().find(|(_, name)| name == word).map(|(guard, _)| *guard);
    let read = |word| known(&word).ok_or_else(|| root.error("guard", format!("there is no guard `{word}`")));
    root.words("guard")?.into_iter().map(read).collect()
}

fn stages(
    root: &Reader<'_>,
    levels: &[String],
    ordinals: &BTreeMap<String, Vec<String>>,
) -> Read<Vec<Stage>> {
    let mut stages = Vec::new();
    for reader in root.tables("stage")? {
        let window = match reader.text("window")?.as_str() {
            "application" => Window::Application,
            _ => Window::Last(reader.span("window")?),
        };
        let criteria = reader.tables("criterion")?;
        let criteria: Read<Vec<_>> =
            criteria.iter().map(|criterion| self::criterion(criterion, levels, ordinals)).collect();
        let stage =
            Stage { id: reader.name("id")?, figure: reader.text_if("figure")?, window, criteria: criteria? };
        if stage.criteria.is_empty() {
            return Err(reader.error("criterion", "a stage without a criterion admits everyone"));
        }
        unique(&reader, "criterion", stage.criteria.iter().map(|criterion| &criterion.id))?;
        reader.finish()?;
        stages.push(stage);
    }
    if stages.is_empty() {
        return Err(root.error("stage", "a programme has at least one [[stage]]"));
    }
    unique(root, "stage", stages.iter().map(|stage| &stage.id))?;
    Ok(stages)
}

fn unique<'a>(reader: &Reader<'_>, key: &str, mut ids: impl Iterator<Item = &'a String>) -> Read<()> {
    let mut seen = BTreeSet::new();
    match ids.find(|id| !seen.insert(id.as_str())) {
        Some(id) => Err(reader.error(key, format!("there are two with the id {id}"))),
        None => Ok(()),
    }
}

fn criterion(
    reader: &Reader<'_>,
    levels: &[String],
    ordinals: &BTreeMap<String, Vec<String>>,
) -> Read<Criterion> {
    let id = reader.name("id")?;
    let category = reader.text_if("category")?.unwrap_or_else(|| id.clone());
    let request_types = reader.words("request_types")?;
    let shared = filter(reader)?;
    let demands = match reader.text_if("scope")?.as_deref() {
        Some("all") => Demands::All(demand(reader, shared, ordinals)?),
        Some(other) => return Err(reader.error("scope", format!("`{other}` is not a scope; expected all"))),
        None => Demands::ByLevel(by_level(reader, levels, shared.as_ref(), ordinals)?),
    };
    reader.finish()?;
    Ok(Criterion { id, category, demands, request_types })
}

fn by_level(
    reader: &Reader<'_>,
    levels: &[String],
    shared: Option<&Filter>,
    ordinals: &BTreeMap<String, Vec<String>>,
) -> Read<Vec<Option<Demand>>> {
    let read = |level: &String| {
        let Some(table) = reader.table_if(level)? else { return Ok(None) };
        let own = filter(&table)?;
        let demand = demand(&table, own.or_else(|| shared.cloned()), ordinals)?;
        table.finish()?;
        Ok(Some(demand))
    };
    let demands: Vec<Option<Demand>> = levels.iter().map(read).collect::<Read<_>>()?;
    if demands.iter().all(Option::is_none) {
        let expected = format!("say what a level asks ({}), or scope = \"all\"", levels.join(", "));
        return Err(reader.error("id", expected));
    }
    Ok(demands)
}

/// What a level asks: facts in `all_of`, or one fact by itself, or a number of credits.
fn demand(
    reader: &Reader<'_>,
    filter: Option<Filter>,
    ordinals: &BTreeMap<String, Vec<String>>,
) -> Read<Demand> {
    let mut conditions = Vec::new();
    for each in reader.tables("all_of")? {
        conditions.push(condition(&each, ordinals)?);
        each.finish()?;
    }
    if reader.has("fact") {
        conditions.push(condition(reader, ordinals)?);
    }
    let count = filter.map(|of| count(reader, of)).transpose()?;
    if conditions.is_empty() && count.is_none() {
        return Err(reader.error("all_of", "asks nothing; name facts, or credits with count_of and total"));
    }
    let text = reader.text_if("text")?.unwrap_or_default();
    Ok(Demand { text, note: reader.text_if("text_note")?, conditions, count })
}

fn condition(reader: &Reader<'_>, ordinals: &BTreeMap<String, Vec<String>>) -> Read<Condition> {
    let fact = reader.name("fact")?;
    let tests = ["eq", "gt", "ge", "lt", "le", "at_least"].into_iter().filter(|test| reader.has(test));
    let [one] = tests.collect::<Vec<_>>()[..] else {
        return Err(reader.error("fact", "ask one thing of it: eq, gt, ge, lt, le or at_least"));
    };
    let test = match one {
        "eq" => Test::Equals(reader.value("eq")?),
        "gt" => Test::MoreThan(reader.number("gt")?),
        "ge" => Test::AtLeast(reader.number("ge")?),
        "lt" => Test::LessThan(reader.number("lt")?),
        "le" => Test::AtMost(reader.number("le")?),
        _ => {
            let word = reader.text("at_least")?;
            match ordinals.get(&fact) {
                Some(words) if words.contains(&word) => Test::Ranked(word),
                Some(words) => {
                    let known = words.join(", ");
                    return Err(reader.error("at_least", format!("`{word}` is not among {known}")));
                }
                None => {
                    let reason = format!("the words of {fact} have no order; give it in ordinal.{fact}");
                    return Err(reader.error("at_least", reason));
                }
            }
        }
    };
    Ok(Condition { fact, test })
}

fn filter(reader: &Reader<'_>) -> Read<Option<Filter>> {
    let Some(table) = reader.table_if("count_of")? else { return Ok(None) };
    let kind = table.name("kind")?;
    let says: Read<BTreeMap<_, _>> =
        table.rest().into_iter().map(|name| Ok((name.to_owned(), table.values(name)?))).collect();
    Ok(Some(Filter { kind, says: says? }))
}

fn count(reader: &Reader<'_>, of: Filter) -> Read<Count> {
    let bound = |key: &str| -> Read<Option<u64>> {
        let Some(table) = reader.table_if(key)? else { return Ok(None) };
        let bound = table.whole("ge")?;
        table.finish()?;
        Ok(Some(bound))
    };
    let total = bound("total")?.ok_or_else(|| reader.error("total", "say how many: total = { ge = 5 }"))?;
    Ok(Count { of, total, critical: bound("of_which_critical")? })
}
