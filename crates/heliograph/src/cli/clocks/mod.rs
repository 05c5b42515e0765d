//! `heliograph clocks`: what would be due, under which rules, and why. Pure: nothing is recorded.

mod input;
mod table;

use clap::ArgAction;
use clocks::{Assessment, Conflict, Facts, Profiles};
use jiff::Timestamp;
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Simulate statutory clocks: facts in, every deadline out. Nothing is recorded and nothing is sent.
///
/// Facts are JSON, and every key is optional:
///   {"actors": ["manufacturer"], "triggers": ["actively_exploited_vulnerability"],
///    "jurisdictions": ["EU"], "zone": "Europe/Berlin",
///    "anchors": {"aware": "2026-11-23T09:15:00Z"}, "filed": {"aev.ew": "2026-11-23T12:15:00Z"},
///    "holidays": ["2026-12-25"], "attributes": {"entity": "credit_institution"}}
/// What is not declared is not known; such duties are conditional and never overdue.
///
/// Examples:
///   heliograph clocks simulate --facts facts.json
///   heliograph clocks simulate --facts - --profile cra-art14 nis2-art23 --at 2026-11-24T00:00:00Z --json
///   heliograph clocks explain --facts facts.json cra-art14/aev.ew
///   heliograph clocks conflicts --facts facts.json
///   heliograph clocks profiles
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Every deadline under every profile, in one table
    #[command(
        after_help = "Example: heliograph clocks simulate --facts facts.json --profile cra-art14 --json"
    )]
    Simulate {
        #[command(flatten)]
        question: Question,
        /// Only these profiles: their ids, or files
        #[arg(long, value_name = "ID|FILE", num_args = 1.., action = ArgAction::Append)]
        profile: Vec<String>,
        /// Also the duties that do not exist under these facts
        #[arg(long)]
        all: bool,
        /// An array of {"profile", "duty", "state", "due", "explain"}
        #[arg(long)]
        json: bool,
    },
    /// Why: rule, anchor, calendar, direction of error, source
    #[command(after_help = "Example: heliograph clocks explain --facts facts.json cra-art14/aev.ew")]
    Explain {
        #[command(flatten)]
        question: Question,
        /// Only these duties, such as aev.ew or cra-art14/aev.ew; all that may exist without any
        #[arg(value_name = "DUTY")]
        duties: Vec<String>,
        /// Only these profiles: their ids, or files
        #[arg(long, value_name = "ID|FILE", action = ArgAction::Append)]
        profile: Vec<String>,
        /// An array of {"profile", "duty", "state", "due", "explain"}
        #[arg(long)]
        json: bool,
    },
    /// Where one profile forbids what another one orders, with both texts
    #[command(after_help = "Example: heliograph clocks conflicts --facts facts.json --json")]
    Conflicts {
        #[command(flatten)]
        question: Question,
        /// An array with both articles, both texts and the recipients
        #[arg(long)]
        json: bool,
    },
    /// The profiles at hand: those that come with the program, and those of the folder of profiles
    #[command(after_help = "Example: heliograph clocks profiles --data /var/lib/heliograph")]
    Profiles {
        /// Folder of the centre's data
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
struct Question {
    /// What is known, as JSON; `-` for standard input
    #[arg(long, value_name = "FILE")]
    facts: String,
    /// As of when; now without it
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    /// Folder of the centre's data; profiles of one's own lie in it
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// What a question asks about.
struct Asked {
    profiles: Profiles,
    facts: Facts,
    now: Timestamp,
}

/// A clock as the JSON of `simulate` has it.
#[derive(Serialize)]
struct Row<'a> {
    profile: &'a str,
    duty: &'a str,
    state: &'static str,
    due: Option<Timestamp>,
    explain: String,
}

pub(crate) fn run(config: Option<&Path>, args: &Args) -> anyhow::Result<ExitCode> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match &args.command {
        Command::Simulate { question, profile, all, json } => {
            let asked = question.read(config, profile)?;
            let (clocks, conflicts) = asked.answer();
            match json {
                true => write_json(&mut out, &clocks, &conflicts)?,
                false => table::write(&mut out, &asked, clocks, &conflicts, *all)?,
            }
        }
        Command::Explain { question, duties, profile, json } => {
            let asked = question.read(config, profile)?;
            let (mut clocks, conflicts) = asked.answer();
            choose(&mut clocks, duties)?;
            match json {
                true => write_json(&mut out, &clocks, &conflicts)?,
                false => table::explain(&mut out, &clocks, &conflicts)?,
            }
        }
        Command::Conflicts { question, json } => {
            let conflicts = question.read(config, &[])?.answer().1;
            match json {
                true => writeln!(out, "{}", serde_json::to_string(&conflicts)?)?,
                false if conflicts.is_empty() => {
                    writeln!(out, "Under these facts no profile forbids what another one orders.")?;
                }
                false => table::conflicts(&mut out, &conflicts)?,
            }
        }
        Command::Profiles { data } => {
            table::profiles(&mut out, &input::profiles(config, data.as_deref(), &[])?)?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

impl Question {
    fn read(&self, config: Option<&Path>, only: &[String]) -> anyhow::Result<Asked> {
        let profiles = input::profiles(config, self.data.as_deref(), only)?;
        Ok(Asked { profiles, facts: input::facts(&self.facts)?, now: input::instant(self.at.as_deref())? })
    }
}

impl Asked {
    fn answer(&self) -> (Vec<Assessment>, Vec<Conflict>) {
        (self.profiles.evaluate(&self.facts, self.now), self.profiles.conflicts(&self.facts, self.now))
    }
}

/// Keeps the duties that were asked for; without any, those that may exist.
fn choose(clocks: &mut Vec<Assessment>, duties: &[String]) -> anyhow::Result<()> {
    if duties.is_empty() {
        clocks.retain(|clock| clock.state != clocks::State::NotApplicable);
        return Ok(());
    }
    let is = |clock: &Assessment, name: &str| clock.duty.as_str() == name || long_name(clock) == name;
    if let Some(unknown) = duties.iter().find(|name| !clocks.iter().any(|clock| is(clock, name))) {
        anyhow::bail!("there is no duty `{unknown}` in these profiles; write aev.ew or cra-art14/aev.ew");
    }
    clocks.retain(|clock| duties.iter().any(|name| is(clock, name)));
    Ok(())
}

fn long_name(clock: &Assessment) -> String {
    format!("{}/{}", clock.profile, clock.duty)
}

fn write_json(out: &mut impl Write, clocks: &[Assessment], conflicts: &[Conflict]) -> anyhow::Result<()> {
    let rows: Vec<Row<'_>> = clocks
        .iter()
        .map(|clock| Row {
            profile: &clock.profile,
            duty: clock.duty.as_str(),
            state: clock.state.as_str(),
            due: clock.due,
            explain: explained(clock, conflicts),
        })
        .collect();
    serde_json::to_writer(&mut *out, &rows)?;
    writeln!(out)?;
    Ok(())
}

/// Which vendor it is about, why, and what stands against it.
fn explained(clock: &Assessment, conflicts: &[Conflict]) -> String {
    let vendor = clock.vendor.as_ref().map(|vendor| format!("Towards {vendor}. "));
    let mut text = format!("{}{}", vendor.unwrap_or_default(), clock.explain);
    for conflict in conflicts {
        if conflict.orders == clock.profile && conflict.duty == clock.duty {
            text += &format!(" Conflict with {}: {}", conflict.forbids, conflict.explain);
        }
    }
    text
}
