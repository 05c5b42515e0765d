//! `heliograph query`: asks the catalogue without a server.

use super::sbom::Format;
use crate::app::Clock;
use crate::settings::Settings;
use anyhow::Context;
use catalogue::{Answer, Catalogue, Entry, Flaw, Package, Search, Summary, products, status_word};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use versions::cpe::{Attribute, Cpe, Value};
use versions::{History, Purl};
use vocabulary::{PAGE_MAX, Page, Severity};

/// Asks the catalogue, by id, package or words, without a server.
///
/// Examples:
///   heliograph query --id CVE-2021-44228
///   heliograph query --purl pkg:pypi/django@3.2.1
///   heliograph query --ecosystem npm --package lodash --version 4.17.20
///   heliograph query --cpe 'cpe:2.3:a:apache:log4j:2.14.1:*:*:*:*:*:*:*'
///   heliograph query --sbom bom.json --vex maker.vex.json --format sarif
///   heliograph query --repository src/openssl --commit openssl-3.0.1
///   heliograph query path traversal zip
///   heliograph query 'cvss>=8 AND kev:true AND published<=30d AND NOT vendor:microsoft'
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// Words, fields and operators, as in the search box
    #[arg(value_name = "TEXT", required_unless_present_any = ["id", "purl", "ecosystem", "cpe", "sbom", "repository"])]
    text: Vec<String>,
    /// One record, by its id or an alias; a weakness (CWE-79) or an attack pattern (CAPEC-63)
    #[arg(long, conflicts_with_all = ["text", "purl", "ecosystem", "cpe"])]
    id: Option<String>,
    /// A package URL, with its version or without
    #[arg(long, conflicts_with_all = ["text", "ecosystem", "cpe"])]
    purl: Option<String>,
    /// A product's CPE name; several are installed together
    #[arg(long, value_name = "NAME", conflicts_with_all = ["text", "ecosystem"])]
    cpe: Vec<String>,
    /// A bill of materials, CycloneDX or SPDX in any of their notations: all of its parts
    #[arg(long, value_name = "FILE", conflicts_with_all = ["text", "id", "purl", "ecosystem", "cpe"])]
    sbom: Option<PathBuf>,
    /// What its maker says of known vulnerabilities: OpenVEX, CSAF, or CycloneDX without parts; may be given again
    #[arg(long, value_name = "FILE", requires = "sbom")]
    vex: Vec<PathBuf>,
    /// A whole clone of a product's repository, as new as can be: what covers a commit of it
    #[arg(long, value_name = "DIR", conflicts_with_all = ["text", "id", "purl", "ecosystem", "cpe", "sbom"])]
    repository: Option<PathBuf>,
    /// The commit, branch or tag that is asked about
    #[arg(long, value_name = "NAME", default_value = "HEAD", requires = "repository")]
    commit: String,
    /// How the report on a bill of materials is written
    #[arg(long, requires = "sbom", value_enum)]
    format: Option<Format>,
    /// The ecosystem of a package
    #[arg(long, requires = "package", conflicts_with = "text")]
    ecosystem: Option<String>,
    /// A package's name
    #[arg(long, requires = "ecosystem")]
    package: Option<String>,
    /// The version that is asked about
    #[arg(long = "version", id = "asked_version", value_name = "VERSION", requires = "package")]
    version: Option<String>,
    /// Which page of the hits of a text
    #[arg(long, default_value_t = 1)]
    page: u32,
    /// Folder of the centre's data
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// JSON: a record in OSV's shape, or lists
    #[arg(long)]
    json: bool,
}

/// Answers one question; fails if an id is not there.
pub(crate) fn run(config: Option<&Path>, args: Args) -> anyhow::Result<ExitCode> {
    match answer(config, &args) {
        // Whoever read the answer has had enough.
        Err(error) if super::is_closed(&error) => Ok(ExitCode::SUCCESS),
        answered => answered,
    }
}

fn answer(config: Option<&Path>, args: &Args) -> anyhow::Result<ExitCode> {
    let flags: Vec<(&str, String)> =
        args.data.iter().map(|data| ("data", data.display().to_string())).collect();
    let path = Settings::load(config, &flags)?.data.join("catalogue.db");
    anyhow::ensure!(
        path.is_file(),
        "there is no catalogue in {}; `heliograph import` makes one",
        path.display()
    );
    let catalogue = super::opening::open(&path)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    let code = if let Some(file) = &args.sbom {
        let format = args.format.unwrap_or(if args.json { Format::Json } else { Format::Text });
        super::sbom::run(&catalogue, file, &args.vex, format, &mut out)?
    } else if let Some(repository) = &args.repository {
        show(&by_commit(&catalogue, repository, &args.commit)?, true, args.json, &mut out)?
    } else if let Some(id) = &args.id {
        by_id(&catalogue, id, args.json, &mut out)?
    } else if let Some((package, version)) = package(args)? {
        anyhow::ensure!(
            catalogue.knows_ecosystem(&package.ecosystem)?,
            "--ecosystem: OSV has none of the name {}, and no record here does",
            package.ecosystem
        );
        let found = catalogue.flaws(&package, version.as_deref())?;
        show(&found, version.is_some(), args.json, &mut out)?
    } else if !args.cpe.is_empty() {
        let names = args.cpe.iter().map(|name| name.parse::<Cpe>().context("--cpe"));
        let names = names.collect::<anyhow::Result<Vec<_>>>()?;
        let has_version = names.iter().any(|name| *name.get(Attribute::Version) != Value::Any);
        show(&catalogue.flaws_of_names(&names)?, has_version, args.json, &mut out)?
    } else {
        by_text(&catalogue, args, &mut out)?
    };
    out.flush()?;
    Ok(code)
}

fn package(args: &Args) -> anyhow::Result<Option<(Package, Option<String>)>> {
    if let Some(text) = &args.purl {
        let purl: Purl = text.parse().context("--purl")?;
        let package = Package::of_purl(&purl).context("--purl: OSV has no ecosystem for this type")?;
        return Ok(Some((package, purl.version().map(str::to_owned))));
    }
    let (Some(ecosystem), Some(name)) = (&args.ecosystem, &args.package) else { return Ok(None) };
    let package = Package::named(ecosystem, name).context("--package: a name that no package has")?;
    Ok(Some((package, args.version.clone())))
}

fn by_commit(catalogue: &Catalogue, repository: &Path, commit: &str) -> anyhow::Result<Vec<Flaw>> {
    let place = || format!("{}: {commit}", repository.display());
    let (id, list) = catalogue::history(repository, commit).with_context(place)?;
    let history = History::read(&list).with_context(place)?;
    let past = history.past(&id).with_context(place)?;
    Ok(catalogue.flaws_of_commit(&past)?)
}

fn by_id(catalogue: &Catalogue, id: &str, json: bool, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    if let Some(entry) = catalogue.attack_entry(id)? {
        if json {
            serde_json::to_writer(&mut *out, &entry)?;
            writeln!(out)?;
        } else {
            writeln!(out, "{} {}\n\n{}", entry.id, entry.name, entry.text)?;
            for related in &entry.related {
                writeln!(out, "  {} {}", related.nature, related.id)?;
            }
        }
        return Ok(ExitCode::SUCCESS);
    }
    let Some(entry) = catalogue.record(id)? else {
        return about(catalogue, id, json, out);
    };
    if json {
        // A record that only names the id answers for it where none has it.
        let own = entry.records.first().map_or(id, |first| &first.summary.id);
        if let Some(found) = catalogue.document(own)? {
            out.write_all(&found.body)?;
        }
        writeln!(out)?;
    } else {
        describe(&entry, out)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What is about an id that no record has: told, and no answer.
fn about(catalogue: &Catalogue, id: &str, json: bool, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let (found, more) = catalogue.about(id)?;
    if found.is_empty() || json {
        anyhow::bail!("no record has this id, nor names it as an alias");
    }
    writeln!(out, "No record here has this id. These are about it:")?;
    for record in &found {
        writeln!(out, "{}\t{}\t{}\t{}", record.id, record.source.label(), facts(record), record.title)?;
    }
    if more {
        writeln!(out, "More than these speak of it.")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Other names that are told of a record.
const NAMES: usize = 100;

fn describe(entry: &Entry, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", entry.id)?;
    if let Some(likelihood) = &entry.likelihood {
        let day =
            likelihood.at.map(|at| format!(" on {}", at.strftime("%Y-%m-%d %H:%M UTC"))).unwrap_or_default();
        let (probability, percentile) = (likelihood.probability * 100.0, likelihood.percentile * 100.0);
        writeln!(
            out,
            "EPSS{day}: exploited within 30 days with {probability:.2} %; {percentile:.1} % score no higher"
        )?;
    }
    for sourced in &entry.records {
        let summary = &sourced.summary;
        writeln!(out, "\n{} ({})", summary.id, summary.source.label())?;
        writeln!(out, "  {}", summary.title)?;
        writeln!(out, "  {}", facts(summary))?;
        let others: Vec<&str> = sourced.record.other_names().collect();
        if !others.is_empty() {
            let more = others.len().saturating_sub(NAMES);
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            writeln!(out, "  also {}{rest}", others[..others.len().min(NAMES)].join(", "))?;
        }
        for product in products(&sourced.record).iter().take(30) {
            let lines: Vec<String> = product
                .lines
                .iter()
                .take(20)
                .map(|line| format!("{} {}", line.text, status_word(line.status)))
                .collect();
            writeln!(out, "  - {}: {}", product.label, lines.join("; "))?;
        }
    }
    Ok(())
}

fn facts(summary: &Summary) -> String {
    let severity = summary.severity_tenths.map(|tenths| {
        let score = tenths as f64 / 10.0;
        let several = summary.vulnerabilities.map_or(String::new(), |count| format!(" (highest of {count})"));
        format!("{} {score:.1}{several}", Severity::of(score).label())
    });
    let published = summary.published.map(|at| format!("published {}", at.strftime("%Y-%m-%d %H:%M UTC")));
    let exploited = summary.is_exploited.then(|| "exploited".to_owned());
    let because = summary.reason.as_ref().map_or(String::new(), |reason| format!(": {reason}"));
    let withdrawn = summary.is_withdrawn.then(|| format!("withdrawn{because}"));
    let facts: Vec<String> = [severity, exploited, withdrawn, published].into_iter().flatten().collect();
    facts.join(", ")
}

fn show(found: &[Flaw], has_version: bool, json: bool, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    if json {
        serde_json::to_writer(&mut *out, &serde_json::json!({ "matches": found }))?;
        writeln!(out)?;
        return Ok(ExitCode::SUCCESS);
    }
    for found in found {
        let word = match (has_version, found.answer) {
            (false, _) => "named",
            (_, Answer::Affected) => "affected",
            _ => "cannot be decided",
        };
        let record = &found.record;
        // Of a document about several vulnerabilities each has a line of its own.
        let says = found.vulnerability.as_ref().map(|_| format!("says {}", record.id));
        let facts = [facts(record)].into_iter().chain(says).filter(|fact| !fact.is_empty());
        let facts = facts.collect::<Vec<_>>().join(", ");
        writeln!(out, "{}\t{word}\t{facts}\t{}", found.id(), record.title)?;
    }
    if found.is_empty() {
        writeln!(out, "No record here covers it.")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn by_text(catalogue: &Catalogue, args: &Args, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let wrong = || anyhow::anyhow!("--page: a number from 1 to {PAGE_MAX}; {}", behind());
    let (now, page) = (Clock::default().now(), Page::new(args.page).ok_or_else(wrong)?);
    let read = |text: &str| Search::read(text, now).map_err(|wrong| anyhow::anyhow!("{wrong}"));
    super::opening::catch_up(catalogue)?;
    let mut search = read(&args.text.join(" "))?;
    let mut hits = catalogue.search(&search, page, now)?;
    if hits.total == 0
        && let Some(text) = catalogue.correction(&search)?
    {
        search = read(&text)?;
        hits = catalogue.search(&search, page, now)?;
        if !args.json && hits.total > 0 {
            writeln!(out, "Nothing has these words. This is what {text} finds:")?;
        }
    }
    if args.json {
        let body = serde_json::json!({ "query": search.text, "hits": hits.hits, "total": hits.total, "more": hits.more });
        serde_json::to_writer(&mut *out, &body)?;
        writeln!(out)?;
        return Ok(ExitCode::SUCCESS);
    }
    for hit in &hits.hits {
        writeln!(out, "{}\t{}\t{}", hit.id, facts(hit), hit.title)?;
    }
    match (hits.total, hits.hits.is_empty(), hits.more) {
        (0, ..) => writeln!(out, "Nothing found. All words have to be there: try fewer.")?,
        (total, true, _) => writeln!(out, "{total} in all; none of them is on page {}.", page.number())?,
        (total, _, true) => writeln!(out, "{}", onward(total, page))?,
        _ => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// How to see what follows a page of hits.
fn onward(total: usize, page: Page) -> String {
    match page.next() {
        Some(next) => format!("{total} in all; --page {} shows more.", next.number()),
        None => format!("{total} in all; {}.", behind()),
    }
}

fn behind() -> String {
    format!("what lies behind page {PAGE_MAX}, a narrower search finds")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_of_hits_offers_none_that_would_be_refused() {
        let told = |number: u32| onward(600_000, Page::new(number).unwrap());
        assert_eq!(told(1), "600000 in all; --page 2 shows more.");
        assert_eq!(told(PAGE_MAX), "600000 in all; what lies behind page 10000, a narrower search finds.");
    }
}
