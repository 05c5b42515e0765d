//! `heliograph programme`: partner programmes, read and evaluated without a server.

use anyhow::{Context, bail};
use programme::{Evaluation, Facts, FactsError, Mode, Outcome, Programme, builtin};
use serde_json::json;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

/// Bytes of a programme, and of facts, that are read at most.
const PROGRAMME_MAX: u64 = 1024 * 1024;
const FACTS_MAX: u64 = 64 * 1024 * 1024;

/// Read partner programmes, and evaluate facts against them.
///
/// Examples:
///   heliograph programme list
///   heliograph programme show tsu-defensive
///   heliograph programme evaluate --programme tsu-defensive --stage annual --facts unit.json
///   heliograph programme evaluate --programme mine.toml --stage initial --facts - --json
///   heliograph programme compare --stage annual --facts unit.json cnnvd-tsu-2023 tsu-defensive
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the programmes that come with the program
    List,
    /// Print a programme, as partners read it
    Show {
        /// A programme that comes with the program
        #[arg(value_name = "ID")]
        programme: String,
    },
    /// Say which level the facts reach, criterion by criterion
    Evaluate(Evaluate),
    /// Say which level the same facts reach under several programmes, those for reference among them
    Compare(Compare),
}

#[derive(Debug, clap::Args)]
struct Compare {
    /// Programmes that come with the program, or files; all that come with it where none is named
    #[arg(value_name = "ID|FILE")]
    programmes: Vec<String>,
    /// The occasion, such as `initial` or `annual`
    #[arg(long)]
    stage: String,
    /// What is known of the unit, as for `evaluate`; `-` for standard input
    #[arg(long, value_name = "FILE")]
    facts: String,
    /// One line of JSON for each programme: {"programme", "mode", "level", "criteria"}, or {"programme", "refused"}
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Evaluate {
    /// A programme that comes with the program, or a file
    #[arg(long, value_name = "ID|FILE")]
    programme: String,
    /// The occasion, such as `initial` or `annual`
    #[arg(long)]
    stage: String,
    /// What is known of the unit, as JSON: {"facts": {…}, "credits": […]}; `-` for standard input
    #[arg(long, value_name = "FILE")]
    facts: String,
    /// JSON: {"level", "criteria": [{"id", "level", "result", "why"}]}
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::List => list()?,
        Command::Show { programme } => print!("{}", shipped(programme)?),
        Command::Evaluate(args) => evaluate(args)?,
        Command::Compare(args) => compare(args)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list() -> anyhow::Result<()> {
    for (id, text) in builtin() {
        let programme = Programme::parse(text)?;
        println!("{id:16} {:10} {}", mode(&programme), programme.title);
    }
    Ok(())
}

fn mode(programme: &Programme) -> &'static str {
    match programme.mode {
        Mode::Active => "active",
        Mode::Reference => "reference",
    }
}

fn shipped(id: &str) -> anyhow::Result<&'static str> {
    let found = builtin().iter().find(|(known, _)| *known == id).map(|(_, text)| *text);
    found.with_context(|| {
        let known: Vec<&str> = builtin().iter().map(|(id, _)| *id).collect();
        format!("there is no programme `{id}`; there are {}, and files", known.join(", "))
    })
}

fn parsed(named: &str) -> anyhow::Result<Programme> {
    let text = match Path::new(named) {
        file if file.is_file() => read(named, PROGRAMME_MAX)?,
        _ => shipped(named)?.to_owned(),
    };
    Programme::parse(&text).with_context(|| named.to_owned())
}

fn evaluated(programme: &Programme, stage: &str, facts: &Facts) -> anyhow::Result<Evaluation> {
    let Some(stage) = programme.stage(stage) else {
        let known: Vec<&str> = programme.stages.iter().map(|stage| stage.id.as_str()).collect();
        bail!("{} has no stage `{stage}`; it has {}", programme.id, known.join(", "));
    };
    Ok(programme.evaluate(stage, facts)?)
}

/// What cannot be evaluated under one of them is said of that one; the others are compared.
fn compare(args: &Compare) -> anyhow::Result<()> {
    let all = || builtin().iter().map(|(id, _)| (*id).to_owned()).collect();
    let named: Vec<String> = if args.programmes.is_empty() { all() } else { args.programmes.clone() };
    let facts = Facts::parse(&read(&args.facts, FACTS_MAX)?).with_context(|| args.facts.clone())?;
    for one in &named {
        let programme = parsed(one)?;
        let (id, mode) = (&programme.id, mode(&programme));
        match (evaluated(&programme, &args.stage, &facts), args.json) {
            (Ok(found), true) => {
                let line = json!({ "programme": id, "mode": mode, "level": found.level, "criteria": found.criteria });
                println!("{line}");
            }
            (Ok(found), false) => {
                let many = |result| found.criteria.iter().filter(|one| one.result == result).count();
                let (met, not, unknown) = (many(Outcome::Met), many(Outcome::NotMet), many(Outcome::Unknown));
                println!("{id:16} {mode:10} {:6} {met} met, {not} not met, {unknown} not known", found.level);
            }
            (Err(refused), true) => {
                println!("{}", json!({ "programme": id, "refused": refused.to_string() }))
            }
            (Err(refused), false) => println!("{id:16} {mode:10} {:6} {refused}", "–"),
        }
    }
    Ok(())
}

fn evaluate(args: &Evaluate) -> anyhow::Result<()> {
    let programme = parsed(&args.programme)?;
    let facts = Facts::parse(&read(&args.facts, FACTS_MAX)?).with_context(|| args.facts.clone())?;
    let found = evaluated(&programme, &args.stage, &facts);
    let found = found.map_err(|error| match error.is::<FactsError>() {
        true => error.context(args.facts.clone()),
        false => error,
    })?;
    if args.json {
        println!("{}", serde_json::to_string(&found)?);
    } else {
        print(&programme, &found);
    }
    Ok(())
}

fn print(programme: &Programme, found: &Evaluation) {
    println!("{} ({})", programme.title, mode(programme));
    println!("level {}\n", found.level);
    let wide = |text: fn(&programme::Finding) -> &str| {
        found.criteria.iter().map(|f| text(f).len()).max().unwrap_or(0)
    };
    let (id, level) = (wide(|found| &found.id), wide(|found| &found.level));
    for criterion in &found.criteria {
        let result = match criterion.result {
            Outcome::Met => "met",
            Outcome::NotMet => "not met",
            Outcome::Unknown => "unknown",
        };
        println!("{:id$}  {:level$}  {result:7}  {}", criterion.id, criterion.level, criterion.why);
    }
}

/// Reads a file, or standard input for `-`, up to a limit.
fn read(name: &str, max: u64) -> anyhow::Result<String> {
    let mut text = String::new();
    let source: Box<dyn Read> = match name {
        "-" => Box::new(std::io::stdin().lock()),
        file => Box::new(std::fs::File::open(file).with_context(|| format!("{file} cannot be read"))?),
    };
    source.take(max + 1).read_to_string(&mut text).with_context(|| format!("{name} is not UTF-8 text"))?;
    anyhow::ensure!(text.len() as u64 <= max, "{name} is larger than {} MiB", max / (1024 * 1024));
    Ok(text)
}
