//! `heliograph tool`: the rules of versions, names and scores for scripts, one question or a million
//! lines of them.

mod lines;

use anyhow::bail;
use formats::cvss;
use serde_json::json;
use std::cmp::Ordering;
use std::io;
use std::process::ExitCode;
use versions::cpe::{self, Cpe};
use versions::{BadVers, Ecosystem, Purl, Vers};

/// Says how versions, package URLs, CPE names and CVSS vectors are to be read.
///
/// Each command answers one question, or with `-` one line of standard input after the other: an
/// answer for each line, in order, as soon as it is there.
///
/// Exit codes: 0 where there is an answer, 1 where there is none (`?` or `error`, with the reason
/// behind a tab), 2 where the command could not be understood or run. With `-` it is 0 once every
/// line has its answer, whatever it is; what is wrong with a line is said with its number.
///
/// Examples:
///   heliograph tool compare pypi 1.0rc1 1.0
///   heliograph tool vers 'vers:npm/>=1.0.0|<2.0.0' 1.4.2
///   heliograph tool --json cvss - < vectors.txt
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// A line of JSON for each answer: `{"line","answer"}`, or `{"line","error"}`; `line` with `-` only.
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    tool: Tool,
}

#[derive(Debug, clap::Subcommand)]
enum Tool {
    /// Order of two versions: `<`, `=`, `>`, or `?` where one is no version there.
    ///
    /// ECOSYSTEM is a name of OSV's in any letter case, with or without a release (`Debian:12`), a
    /// type of package URLs (`gem`, `deb`, `rpm`, `apk`), or a scheme of the vers specification
    /// (`openssl`, `gentoo`, `alpm`, `datetime`, `generic`). With `-` for A, lines of A, tab, B.
    #[command(after_help = "Examples:
  heliograph tool compare pypi 1.0rc1 1.0          <
  heliograph tool compare Debian:12 1.0~rc1-1 1.0-1
  heliograph tool compare maven 1.0 nonsense       ?
  cut -f2,3 pairs.tsv | heliograph tool compare npm -

Exit codes: 0 for an order, 1 for `?`; with `-`, 0 once every line is answered.")]
    Compare {
        /// Whose versions they are.
        ecosystem: String,
        /// The first version, or `-`.
        #[arg(allow_hyphen_values = true)]
        a: String,
        /// The second version.
        #[arg(allow_hyphen_values = true)]
        b: Option<String>,
    },
    /// Score, severity and version of a CVSS vector, 2.0 to 4.0, with tabs between.
    ///
    /// The score is the one over all metrics that the vector defines: environmental if there are
    /// such, else temporal (threat), else base.
    #[command(after_help = "Examples:
  heliograph tool cvss CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H     9.8  Critical  3.1
  heliograph tool cvss AV:N/AC:L/Au:N/C:P/I:P/A:P                       7.5  High      2.0
  heliograph tool cvss - < vectors.txt

Exit codes: 0 for a score, 1 for `error`, tab, reason; with `-`, 0 once every line is answered.")]
    Cvss {
        /// The vector, or `-`.
        #[arg(allow_hyphen_values = true)]
        vector: String,
    },
    /// The canonical form of a package URL.
    #[command(after_help = "Examples:
  heliograph tool purl PKG:PyPI/Django_X@1.0       pkg:pypi/django-x@1.0
  heliograph tool purl - < purls.txt

Exit codes: 0 for a package URL, 1 for `error`, tab, reason; with `-`, 0 once every line is answered.")]
    Purl {
        /// The package URL, or `-`.
        #[arg(allow_hyphen_values = true)]
        purl: String,
    },
    /// How the products that a CPE pattern means stand to those of a name.
    ///
    /// `equal`, `superset`, `subset` or `disjoint`; `undefined` where NISTIR 7696 has no word for it,
    /// as when the name has wildcards. Both may be formatted strings (`cpe:2.3:…`), URIs (`cpe:/…`) or
    /// well-formed names (`wfn:[…]`). With `-` for PATTERN, lines of pattern, tab, name.
    #[command(after_help = "Examples:
  heliograph tool cpe 'cpe:2.3:a:vendor:product:8.*:*:*:*:*:*:*:*' cpe:/a:vendor:product:8.1     superset
  heliograph tool cpe - < pairs.tsv

Exit codes: 0 for a relation, 1 for `error`, tab, reason; with `-`, 0 once every line is answered.")]
    Cpe {
        /// The pattern, or `-`.
        #[arg(allow_hyphen_values = true)]
        pattern: String,
        /// The name.
        #[arg(allow_hyphen_values = true)]
        name: Option<String>,
    },
    /// Whether a version is in a range: `contained`, `not contained`, or `?`.
    ///
    /// A range of vers, or behind the scheme's name what its ecosystem writes (npm, pypi, gem, nuget, conan,
    /// nginx, openssl). `?` where the scheme does not take the version for one. With `-` for RANGE, lines of range,
    /// tab, version.
    #[command(after_help = "Examples:
  heliograph tool vers 'vers:npm/>=1.0.0|<2.0.0' 1.5.0      contained
  heliograph tool vers 'npm:^1.2.3' 1.5.0                   contained
  heliograph tool vers - < pairs.tsv

Exit codes: 0 where it is known, 1 for `?` or `error`, tab, reason; with `-`, 0 once every line is answered.")]
    Vers {
        /// The range, or `-`.
        #[arg(allow_hyphen_values = true)]
        range: String,
        /// The version.
        #[arg(allow_hyphen_values = true)]
        version: Option<String>,
    },
}

/// An answer, or why there is none. `Unknown` is an answer that says so.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Known(String),
    Unknown,
    Refused(String),
}

/// How answers are written.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Text,
    Json,
}

impl Answer {
    /// The answer as one line, for the line of this number if there are several.
    fn shown(&self, shape: Shape, line: Option<u64>) -> String {
        let (word, text) = match self {
            Self::Known(text) => ("answer", text.as_str()),
            Self::Unknown => ("answer", "?"),
            Self::Refused(reason) => ("error", reason.as_str()),
        };
        match (shape, line) {
            (Shape::Json, Some(line)) => format!("{{\"line\":{line},\"{word}\":{}}}", json!(text)),
            (Shape::Json, None) => format!("{{\"{word}\":{}}}", json!(text)),
            (Shape::Text, _) if word == "answer" => text.to_owned(),
            // A reason may quote what it is about, but an answer is one line.
            (Shape::Text, line) => {
                let place = line.map(|line| format!("line {line}: ")).unwrap_or_default();
                format!("error\t{place}{}", text.replace(['\n', '\r', '\t'], " "))
            }
        }
    }
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let shape = if args.json { Shape::Json } else { Shape::Text };
    match &args.tool {
        Tool::Compare { ecosystem, a, b } => {
            let Some(ecosystem) = Ecosystem::parse(ecosystem) else {
                bail!("the ecosystem is empty or too long")
            };
            pair(shape, a, b.as_deref(), "two versions", |a, b| compare(&ecosystem, a, b))
        }
        Tool::Cvss { vector } => single(shape, vector, score),
        Tool::Purl { purl } => single(shape, purl, package_url),
        Tool::Cpe { pattern, name } => {
            pair(shape, pattern, name.as_deref(), "a pattern and a name", relation)
        }
        Tool::Vers { range, version } => {
            pair(shape, range, version.as_deref(), "a range and a version", contained)
        }
    }
}

/// Answers for one text, or for all lines.
fn single(shape: Shape, text: &str, answer: impl Fn(&str) -> Answer) -> anyhow::Result<ExitCode> {
    if text == "-" { each_line(shape, answer) } else { Ok(print(shape, &answer(text))) }
}

/// Answers for two texts, or for all lines with a tab between them.
fn pair(
    shape: Shape,
    first: &str,
    second: Option<&str>,
    wanted: &str,
    answer: impl Fn(&str, &str) -> Answer,
) -> anyhow::Result<ExitCode> {
    match second {
        Some(second) => Ok(print(shape, &answer(first, second))),
        None if first == "-" => each_line(shape, |line| match line.split_once('\t') {
            Some((first, second)) => answer(first, second),
            None => Answer::Refused(format!("a line is {wanted} with a tab between them")),
        }),
        None => bail!("give {wanted}, or - to read them from standard input"),
    }
}

fn print(shape: Shape, answer: &Answer) -> ExitCode {
    println!("{}", answer.shown(shape, None));
    if matches!(answer, Answer::Known(_)) { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn each_line(shape: Shape, answer: impl Fn(&str) -> Answer) -> anyhow::Result<ExitCode> {
    let answered = lines::answer(io::stdin().lock(), io::stdout().lock(), shape, |line| match line {
        Ok(line) => answer(line),
        Err(reason) => Answer::Refused(reason),
    });
    match answered {
        // Whoever read the answers has had enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(ExitCode::SUCCESS),
    }
}

fn compare(ecosystem: &Ecosystem, a: &str, b: &str) -> Answer {
    let sign = match versions::compare(ecosystem, a, b) {
        Some(Ordering::Less) => "<",
        Some(Ordering::Equal) => "=",
        Some(Ordering::Greater) => ">",
        None => return Answer::Unknown,
    };
    Answer::Known(sign.to_owned())
}

fn score(vector: &str) -> Answer {
    match cvss::score(vector.trim()) {
        Ok(score) => Answer::Known(format!(
            "{:.1}\t{}\t{}",
            score.score,
            score.severity.label(),
            score.version.label()
        )),
        Err(reason) => Answer::Refused(reason),
    }
}

fn package_url(text: &str) -> Answer {
    match text.parse::<Purl>() {
        Ok(purl) => Answer::Known(purl.to_string()),
        Err(error) => Answer::Refused(error.to_string()),
    }
}

fn relation(pattern: &str, name: &str) -> Answer {
    match (pattern.parse::<Cpe>(), name.parse::<Cpe>()) {
        (Ok(pattern), Ok(name)) => Answer::Known(cpe::compare(&pattern, &name).label().to_owned()),
        (Err(error), _) => Answer::Refused(format!("pattern: {error}")),
        (_, Err(error)) => Answer::Refused(format!("name: {error}")),
    }
}

fn contained(range: &str, version: &str) -> Answer {
    let native = range.split_once(':').filter(|(scheme, _)| !scheme.eq_ignore_ascii_case("vers"));
    let read = match native.map(|(scheme, text)| Vers::from_native(scheme, text)) {
        // The error about a range of vers says more.
        None | Some(Err(BadVers::Scheme)) => range.parse::<Vers>(),
        Some(read) => read,
    };
    match read {
        Ok(range) => match range.contains(version) {
            Some(true) => Answer::Known("contained".to_owned()),
            Some(false) => Answer::Known("not contained".to_owned()),
            None => Answer::Unknown,
        },
        Err(error) => Answer::Refused(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(text: &str) -> Answer {
        Answer::Known(text.to_owned())
    }

    #[test]
    fn each_tool_answers_in_its_words() {
        let maven = Ecosystem::parse("maven").unwrap();
        assert_eq!(compare(&maven, "1.0-rc1", "1.0"), known("<"));
        assert_eq!(compare(&maven, "1.0", "1"), known("="));
        assert_eq!(compare(&maven, "1.0", "nonsense"), Answer::Unknown);
        assert_eq!(score("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"), known("9.8\tCritical\t3.1"));
        assert_eq!(package_url("PKG:PyPI/Django_X@1.0"), known("pkg:pypi/django-x@1.0"));
        assert_eq!(relation("cpe:/a:v:p", "cpe:2.3:a:v:p:1:*:*:*:*:*:*:*"), known("superset"));
        assert_eq!(contained("vers:npm/>=1.0.0|<2.0.0", "1.5.0"), known("contained"));
        assert_eq!(contained("vers:npm/>=1.0.0|<2.0.0", "2.0.0"), known("not contained"));
        assert_eq!(contained("vers:npm/>=1.0.0|<2.0.0", "latest"), Answer::Unknown);
    }

    #[test]
    fn a_refusal_is_one_line_with_its_reason() {
        for refused in
            [score("x\ny"), package_url("npm/x"), relation("cpe:/a:v:p", "p"), contained("npm", "1")]
        {
            let text = refused.shown(Shape::Text, None);
            assert!(text.starts_with("error\t") && text.len() > 10, "{text}");
            assert_eq!(text.matches(['\n', '\t']).count(), 1, "{text}");
            let json: serde_json::Value = serde_json::from_str(&refused.shown(Shape::Json, Some(7))).unwrap();
            assert!(json["line"] == 7 && json["error"].is_string(), "{json}");
        }
    }
}
