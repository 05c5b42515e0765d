//! The answers for people.

use super::{Asked, explained, long_name};
use clocks::{Assessment, Conflict, Mode, Profiles, State, Status, Verified};
use jiff::{SignedDuration, Timestamp};
use std::io::{self, Write};

/// One line for each clock, what is due first at the top.
pub(super) fn write(
    out: &mut impl Write,
    asked: &Asked,
    mut clocks: Vec<Assessment>,
    conflicts: &[Conflict],
    all: bool,
) -> io::Result<()> {
    let zone = &asked.facts.zone;
    let before = clocks.len();
    clocks.retain(|clock| all || clock.state != State::NotApplicable);
    let hidden = before - clocks.len();
    clocks.sort_by_key(|clock| (rank(clock.state), clock.due.is_none(), clock.due));
    writeln!(out, "As of {}. Nothing is recorded.\n", zone.show(asked.now))?;
    let lines: Vec<[String; 4]> = clocks
        .iter()
        .map(|clock| {
            let due = clock.due.map_or_else(|| "no date".to_owned(), |due| zone.show(due));
            let left = clock.due.filter(|_| clock.state.is_open()).map(|due| distance(asked.now, due));
            [due, left.unwrap_or_default(), clock.state.as_str().to_owned(), long_name(clock)]
        })
        .collect();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<_> = (0..4).map(width).collect();
    for (line, clock) in lines.iter().zip(&clocks) {
        for (cell, width) in line.iter().zip(&widths) {
            write!(out, "{cell:width$}  ")?;
        }
        writeln!(out, "{}", what(clock))?;
    }
    if hidden > 0 {
        writeln!(out, "\n{hidden} duties do not exist under these facts; --all lists them too.")?;
    }
    if !conflicts.is_empty() {
        writeln!(out)?;
        self::conflicts(out, conflicts)?;
    }
    Ok(())
}

/// What must be acted on stands first, what cannot be acted on last.
fn rank(state: State) -> u8 {
    match state {
        State::Overdue => 0,
        State::Running | State::Extended => 1,
        State::AnchorMissing => 2,
        State::NotStarted => 3,
        State::ScopeNotDeclared => 4,
        State::Met | State::MetLate | State::Waived | State::Superseded => 5,
        State::NotApplicable => 6,
    }
}

/// The duty in words, or the sentence that says under which condition it would exist.
fn what(clock: &Assessment) -> String {
    let mut text = match &clock.conditional {
        Some(conditional) => conditional.clone(),
        None => clock.title.clone(),
    };
    if let Some(vendor) = &clock.vendor {
        text += &format!(" ({vendor})");
    }
    let marks = [
        (clock.soft, "should"),
        (clock.reference, "reference"),
        (clock.verified == Verified::FromMemory, "not verified"),
    ];
    let marks: Vec<_> = marks.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark).collect();
    if !marks.is_empty() {
        text += &format!(" [{}]", marks.join(", "));
    }
    text
}

/// `in 23 h 5 min`, `2 d 1 h late`.
fn distance(now: Timestamp, due: Timestamp) -> String {
    let left = due.duration_since(now);
    let seconds = left.abs().as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    let length = match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    };
    if left < SignedDuration::ZERO { format!("{length} late") } else { format!("in {length}") }
}

/// The whole reasoning of each clock.
pub(super) fn explain(out: &mut impl Write, clocks: &[Assessment], conflicts: &[Conflict]) -> io::Result<()> {
    for clock in clocks {
        writeln!(out, "{}: {}", long_name(clock), what(clock))?;
        writeln!(out, "  {}\n", explained(clock, conflicts))?;
    }
    if clocks.is_empty() {
        writeln!(out, "Under these facts no duty of these profiles exists.")?;
    }
    Ok(())
}

pub(super) fn conflicts(out: &mut impl Write, conflicts: &[Conflict]) -> io::Result<()> {
    for conflict in conflicts {
        writeln!(
            out,
            "Conflict: {}/{} against {}/{}",
            conflict.forbids, conflict.prohibition, conflict.orders, conflict.duty
        )?;
        writeln!(out, "  {}", conflict.explain)?;
    }
    Ok(())
}

/// One line for each profile: how it counts, and what it is.
pub(super) fn profiles(out: &mut impl Write, profiles: &Profiles) -> io::Result<()> {
    for profile in profiles.all() {
        let mode = match profile.mode {
            Mode::Active => "active",
            Mode::Reference => "reference",
        };
        let status = match profile.status {
            Status::InForce => "in_force",
            Status::Proposed => "proposed",
            Status::Repealed => "repealed",
            Status::Unverified => "unverified",
            Status::Reference => "reference",
        };
        let (id, place, title) = (&profile.id, &profile.jurisdiction, &profile.title);
        writeln!(out, "{id:16} {place:4} {mode:10} {status:11} {title} ({})", profile.verified.in_words())?;
    }
    Ok(())
}
