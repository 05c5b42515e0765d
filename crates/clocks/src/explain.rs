//! The reasoning in words: rule, anchor, calendar, direction of error, result.

use crate::calendar::Calendar;
use crate::duration::{Due, Period};
use crate::evaluate::{Clock, Outcome, Start};
use crate::expression::{Expression, Part};
use crate::facts::of_duty;
use crate::resolve::Truth;
use crate::scope::words;
use crate::state::State;
use crate::terms::{Counting, Direction, Verified};

/// The whole explanation of one clock.
pub(crate) fn sentences(clock: &Clock<'_>, outcome: &Outcome<'_>) -> String {
    let mut parts = vec![result(clock, outcome)];
    parts.extend(outcome.conditional.clone());
    parts.push(rule(clock));
    parts.push(anchor(clock, outcome));
    if !matches!(clock.duty.due, Due::Promptly(_)) {
        parts.extend(calendar(clock, outcome));
        parts.push(direction(clock));
        parts.extend(other_readings(clock, outcome));
    }
    parts.extend(general_rule(clock));
    parts.extend(weight(clock));
    parts.extend(ignored_decisions(clock, outcome));
    if let (State::Extended, Some(notice)) = (outcome.state, &clock.duty.on_delay) {
        let with: Vec<_> = notice.with.iter().map(|item| words(item)).collect();
        parts.push(format!(
            "The delay obliges to inform {} {} with {}.",
            notice.inform,
            when(&notice.when),
            with.join(" and ")
        ));
    }
    parts.extend(clock.duty.note.as_ref().map(|note| format!("Note: {note}")));
    parts.extend(clock.duty.unread.as_ref().map(|unread| format!("Not read: {unread}")));
    parts.push(format!("Source: {} ({}).", clock.duty.source, clock.duty.verified.in_words()));
    if clock.duty.verified == Verified::FromMemory {
        parts.push(
            "The rule was written from memory and must be checked before anyone relies on it.".to_owned(),
        );
    }
    parts.join(" ")
}

/// What would hold if the undeclared scope turned out to be given.
pub(crate) fn conditional(clock: &Clock<'_>, outcome: &Outcome<'_>, condition: &str) -> String {
    let title = &clock.duty.title;
    let zone = &clock.facts.zone;
    match (&clock.duty.due, outcome.start, outcome.due) {
        _ if outcome.met.is_some() => format!("If {condition}: “{title}” was done."),
        (_, _, Some(due)) => format!("If {condition}: “{title}” is due at {}.", zone.show(due)),
        (Due::Promptly(prompt), Start::At(..), _) => {
            format!("If {condition}: “{title}” is due {}.", prompt.in_words())
        }
        (_, Start::TimeMissing, _) => {
            format!(
                "If {condition}: “{title}” is owed, with no date because the time of {} is not recorded.",
                counted_from(clock)
            )
        }
        (due, _, _) => format!("If {condition}: “{title}” becomes due {}.", after(clock, due)),
    }
}

fn rule(clock: &Clock<'_>) -> String {
    let duty = clock.duty;
    let text = duty.due_text.as_ref().map(|text| format!("; the text says “{text}”")).unwrap_or_default();
    let kind = if duty.article.starts_with(|c: char| c.is_ascii_digit()) { "article " } else { "" };
    let overlay = match clock.overlay {
        Some(overlay) if overlay.binding => format!(", as {} has it", overlay.id),
        Some(overlay) => format!(", as {} has it (guidance, not law)", overlay.id),
        None => String::new(),
    };
    format!(
        "Rule: {}, {kind}{}{overlay}: {}{text}.",
        clock.profile.title,
        duty.article,
        after(clock, &duty.due)
    )
}

fn after(clock: &Clock<'_>, due: &Due) -> String {
    match due {
        Due::Within(period) if period.is_negative() => {
            format!("{} ({}) before {}", period.in_words(), period.as_str(), counted_from(clock))
        }
        Due::Within(period) => {
            format!("within {} ({}) of {}", period.in_words(), period.as_str(), counted_from(clock))
        }
        Due::By(rule) => format!("by {}", rule.in_words()),
        Due::Promptly(prompt) => format!("{}, counted from {}", prompt.in_words(), counted_from(clock)),
    }
}

fn when(due: &Due) -> String {
    match due {
        Due::Within(period) => format!("within {}", period.in_words()),
        Due::By(rule) => format!("by {}", rule.in_words()),
        Due::Promptly(prompt) => prompt.in_words(),
    }
}

fn counted_from(clock: &Clock<'_>) -> String {
    clock.duty.anchor.meaning()
}

fn anchor(clock: &Clock<'_>, outcome: &Outcome<'_>) -> String {
    let name = &clock.duty.anchor;
    match outcome.start {
        Start::At(name, version) if version.evidence.is_empty() => {
            format!("Anchor: {name} at {}.", clock.facts.zone.show(version.at))
        }
        Start::At(name, version) => {
            format!("Anchor: {name} at {}, shown by {}.", clock.facts.zone.show(version.at), version.evidence)
        }
        Start::TimeMissing => {
            format!("Anchor: {name} has happened, but its time is not recorded; so there is no date.")
        }
        Start::NotYet => format!("Anchor: {name} is not recorded as having happened; so there is no date."),
    }
}

/// One sentence for each kind of period that the rule counts.
fn calendar(clock: &Clock<'_>, outcome: &Outcome<'_>) -> Vec<String> {
    let mut periods: Vec<&Period> = Vec::new();
    match &clock.duty.due {
        Due::Within(period) => periods.push(period),
        Due::By(rule) => rule.visit(&mut |part| {
            if let Part::Period(period) = part {
                periods.push(period);
            }
        }),
        Due::Promptly(_) => {}
    }
    let mut sentences: Vec<String> = Vec::new();
    for period in periods {
        let sentence = format!("Calendar: {}.", counted(clock, outcome, period));
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    sentences
}

fn counted(clock: &Clock<'_>, outcome: &Outcome<'_>, period: &Period) -> String {
    let zone = clock.facts.zone.name();
    if period.is_elapsed() {
        return "elapsed time; nights, weekends and holidays count".to_owned();
    }
    if period.has_business_days() {
        let holidays = match clock.facts.holidays.len() {
            0 => "no holidays were given, so only weekends are left out".to_owned(),
            1 => "weekends and the one given holiday are left out".to_owned(),
            count => format!("weekends and the {count} given holidays are left out"),
        };
        return format!(
            "business days in {zone}, to the same clock time; day zero is not counted; {holidays}"
        );
    }
    if !period.has_months() {
        return format!("calendar days in {zone}, to the same clock time; weekends and holidays count");
    }
    let calendar: Calendar<'_> = clock.calendar();
    let cut = match outcome.start {
        Start::At(_, version) if calendar.is_cut_short(version.at, period) => {
            "the month is too short for the date, so its last day counts"
        }
        _ => "in a month too short for the date its last day counts",
    };
    format!("calendar months in {zone}, to the same date and clock time; {cut}")
}

/// What another way of counting, or a relief that may apply, would give: beside the date, not
/// instead of it.
fn other_readings(clock: &Clock<'_>, outcome: &Outcome<'_>) -> Vec<String> {
    let zone = &clock.facts.zone;
    let mut sentences = Vec::new();
    if let (Some(counting), Some(second)) = (clock.profile.reading.second, outcome.second) {
        let name = counting.in_words();
        sentences.push(format!("Second reading, by {name}: {}.", zone.show(second)));
    }
    if let (Some(law), Some(_)) = (clock.law(Counting::Plain), outcome.due) {
        sentences.push(format!("The law itself says {}, and no later date counts here.", zone.show(law)));
    }
    if let (Some(relief), Some(due)) = (&clock.duty.relief, outcome.due)
        && !clock.facts.attributes.contains_key("entity")
        && let Some(later) = clock.with_relief(relief.to, due)
    {
        let not_for: Vec<_> = relief.not_for.iter().map(|kind| words(kind)).collect();
        sentences.push(format!(
            "It falls on a weekend or a holiday. If the entity is declared and is none of these: {}, it is due {}.",
            not_for.join(", "),
            zone.show(later)
        ));
    }
    sentences
}

/// Properties that the rule asks for and nobody declared.
fn general_rule(clock: &Clock<'_>) -> Option<String> {
    let Due::By(rule) = &clock.duty.due else { return None };
    let mut names: Vec<String> = Vec::new();
    rule.visit(&mut |part| {
        if let Part::Property(name) = part
            && !clock.facts.attributes.contains_key(name)
            && clock.property(name) == Truth::Unknown
            && !names.contains(&words(name))
        {
            names.push(words(name));
        }
    });
    if names.is_empty() {
        return None;
    }
    Some(format!("Not declared: {}; so the general rule counts.", names.join(", ")))
}

/// Whether a missed date is a breach.
fn weight(clock: &Clock<'_>) -> Option<String> {
    match (clock.overlay, clock.duty.soft) {
        (Some(overlay), true) => {
            Some(format!("This is guidance of {}: to miss it is no breach of the law.", overlay.jurisdiction))
        }
        (None, true) => Some("The rule says “should”: to miss it is no breach.".to_owned()),
        _ => None,
    }
}

fn direction(clock: &Clock<'_>) -> String {
    let reading = &clock.profile.reading;
    match reading.direction {
        Direction::Early => format!("Direction of error: early, which is safe. {}", reading.note),
        Direction::Exact => format!("Direction of error: none. {}", reading.note),
    }
}

fn result(clock: &Clock<'_>, outcome: &Outcome<'_>) -> String {
    let zone = &clock.facts.zone;
    let because = if outcome.reason.is_empty() { String::new() } else { format!(": {}", outcome.reason) };
    let due = outcome.due_now.map(|due| format!("due {}", zone.show(due)));
    let due = due.unwrap_or_else(|| "no fixed date, so it cannot be overdue".to_owned());
    let met = outcome.met.map(|met| zone.show(met.at)).unwrap_or_default();
    match outcome.state {
        State::NotApplicable => format!("Not applicable{because}."),
        State::ScopeNotDeclared => format!("Scope not declared{because}."),
        State::NotStarted => match &clock.duty.due {
            Due::By(rule) => format!("Not started: it waits for {}.", waits_for(rule)),
            Due::Within(_) | Due::Promptly(_) => {
                format!("Not started: it waits for {}.", counted_from(clock))
            }
        },
        State::AnchorMissing => format!("Start not recorded{because}."),
        State::Running => format!("Running: {due}."),
        State::Extended => format!("Extended: {due}{because}."),
        State::Overdue => format!("Overdue: {due}{because}."),
        State::Met => format!("Met at {met}: {due}{because}."),
        State::MetLate => format!("Met late at {met}: {due}{because}."),
        State::Waived => format!("Waived{because}."),
        State::Superseded => format!("Superseded{because}."),
    }
}

fn waits_for(rule: &Expression) -> String {
    let mut names: Vec<String> = Vec::new();
    for anchor in rule.anchors() {
        let name = anchor.meaning();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(" or ")
}

/// A decision that has no effect must not vanish without a word.
fn ignored_decisions(clock: &Clock<'_>, outcome: &Outcome<'_>) -> Option<String> {
    let (facts, profile, duty) = (clock.facts, &clock.profile.id, clock.duty);
    for extension in of_duty(&facts.extended, profile, &duty.id) {
        let ground = &extension.ground;
        match duty.delay.iter().find(|delay| &delay.ground == ground) {
            None => return Some(without_effect("An extension", ground, "the rule knows no such ground")),
            Some(delay) if delay.scope.is_some() => {
                let why = "it concerns single recipients, and the duty towards the others stands";
                return Some(without_effect("An extension", ground, why));
            }
            Some(_) => {}
        }
    }
    let own = clock.vendor.into_iter().flat_map(|(_, own)| of_duty(&own.waived, profile, &duty.id));
    for waiver in of_duty(&facts.waived, profile, &duty.id).chain(own) {
        if !duty.unless.contains(&waiver.ground) {
            return Some(without_effect("A waiver", &waiver.ground, "the rule knows no such ground"));
        }
        if outcome.state != State::Waived && clock.vendor.is_some() {
            return Some(without_effect("A waiver", &waiver.ground, "it has to be decided for each vendor"));
        }
    }
    let replaced = of_duty(&facts.superseded, profile, &duty.id).next();
    let tells_vendor = clock.profile.tells_vendor(duty);
    replaced.filter(|_| tells_vendor).map(|decision| {
        without_effect("A replacement", &decision.ground, "nothing can take the place of telling the vendor")
    })
}

fn without_effect(what: &str, ground: &str, why: &str) -> String {
    format!("{what} on the ground “{ground}” has no effect: {why}.")
}
