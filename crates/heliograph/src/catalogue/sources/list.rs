//! The list of sources: `sources.toml`.

use jiff::SignedDuration;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// A source that is imported by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// Small letters, digits and `-`; a file of this name keeps what was fetched.
    pub(crate) name: String,
    pub(crate) from: Place,
    /// From the beginning of one turn to that of the next.
    pub(crate) every: SignedDuration,
    /// It has all that there is: what is no longer in it was deleted at its source.
    pub(crate) is_complete: bool,
}

/// Where a source lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// A file, an archive or a folder of this machine.
    Path(PathBuf),
    /// A document or an archive behind an address.
    Address(String),
    /// A repository of git.
    Git(String),
}

impl Place {
    /// The place in words, without what may be a secret in an address.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::Address(url) => catalogue::without_secrets(url),
            Self::Git(url) => format!("git {}", catalogue::without_secrets(url)),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    source: Vec<Given>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    name: String,
    from: String,
    #[serde(default = "daily")]
    every: String,
    #[serde(default)]
    complete: bool,
}

fn daily() -> String {
    "24h".to_owned()
}

/// Sources of one list.
const SOURCES_MAX: usize = 200;
/// Letters of a name.
const NAME_CHARS: usize = 60;
/// A source is asked no more often: it is somebody else's machine.
const EVERY_MIN: SignedDuration = SignedDuration::from_mins(5);
const EVERY_MAX: SignedDuration = SignedDuration::from_hours(24 * 366);

/// Reads the list; there is none, where there is no file.
///
/// # Errors
/// If it cannot be read; with the source and what would do.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<Source>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => anyhow::bail!("cannot read {}: {error}", path.display()),
    };
    parse(&text).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))
}

fn parse(text: &str) -> anyhow::Result<Vec<Source>> {
    // Its own words would repeat the line, and there may be a secret in it.
    let document: Document = toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        anyhow::anyhow!("line {}: {}", before.matches('\n').count() + 1, error.message())
    })?;
    anyhow::ensure!(document.source.len() <= SOURCES_MAX, "at most {SOURCES_MAX} sources");
    let mut sources: Vec<Source> = Vec::new();
    for given in document.source {
        let name = given.name.clone();
        let source = source(given).map_err(|error| anyhow::anyhow!("source \"{name}\": {error}"))?;
        let is_twice = sources.iter().any(|known| known.name == source.name);
        anyhow::ensure!(!is_twice, "source \"{name}\" stands there twice");
        sources.push(source);
    }
    Ok(sources)
}

fn source(given: Given) -> anyhow::Result<Source> {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    let is_name = (1..=NAME_CHARS).contains(&given.name.len()) && given.name.chars().all(is_plain);
    anyhow::ensure!(is_name, "name: 1 to {NAME_CHARS} small letters, digits and -");
    let every: SignedDuration =
        given.every.parse().map_err(|_| anyhow::anyhow!("every: expected a time such as 6h or 30m"))?;
    anyhow::ensure!((EVERY_MIN..=EVERY_MAX).contains(&every), "every: 5m at least, a year at most");
    Ok(Source { name: given.name, from: place(&given.from)?, every, is_complete: given.complete })
}

fn place(from: &str) -> anyhow::Result<Place> {
    anyhow::ensure!(!from.is_empty() && !from.starts_with('-'), "from: a path, an address, or git+ and one");
    if let Some(url) = from.strip_prefix("git+") {
        let known = ["https://", "http://", "ssh://", "file://"];
        let is_known = known.iter().any(|scheme| url.starts_with(scheme));
        anyhow::ensure!(is_known, "from: git+https, git+http, git+ssh or git+file");
        return Ok(Place::Git(url.to_owned()));
    }
    Ok(match from.split_once("://") {
        Some(("https" | "http", _)) => Place::Address(from.to_owned()),
        Some(_) => anyhow::bail!("from: http and https are the addresses that are fetched"),
        None => Place::Path(from.into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_places_of_every_kind_and_how_often() {
        let sources = parse(
            r#"
            [[source]]
            name = "kev"
            from = "https://www.example.org/known_exploited_vulnerabilities.json"
            every = "1h 30m"
            [[source]]
            name = "rustsec"
            from = "git+https://user:secret@example.org/advisory-db"
            [[source]]
            name = "osv"
            from = "/srv/osv/all.zip"
            complete = true
            "#,
        )
        .unwrap();
        assert_eq!(sources[0].every, SignedDuration::from_mins(90));
        assert_eq!(sources[1].from.shown(), "git https://example.org/advisory-db", "no secret is shown");
        assert_eq!(sources[1].every, SignedDuration::from_hours(24));
        assert_eq!(
            (&sources[2].from, sources[2].is_complete),
            (&Place::Path("/srv/osv/all.zip".into()), true)
        );
    }

    #[test]
    fn a_list_that_cannot_be_read_is_refused_with_the_line_and_not_with_what_stands_there() {
        let text = "[[source]]\nname = \"x\"\nfrom = \"https://user:opensesame@example.org\" every\n";
        let told = format!("{:?}", parse(text).unwrap_err());
        assert!(told.starts_with("line 3: ") && !told.contains("opensesame"), "{told}");
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_its_source() {
        let one = |name: &str, from: &str, every: &str| {
            let text = format!("[[source]]\nname = {name:?}\nfrom = {from:?}\nevery = {every:?}\n");
            parse(&text).unwrap_err().to_string()
        };
        for (error, part) in [
            (one("../x", "a", "1h"), "source \"../x\": name: 1 to 60"),
            (one("x", "ftp://a", "1h"), "http and https"),
            (one("x", "git+ext::sh -c id", "1h"), "git+https"),
            (one("x", "--upload-pack=id", "1h"), "from: a path"),
            (one("x", "a", "soon"), "every: expected a time such as 6h"),
            (one("x", "a", "1m"), "every: 5m at least"),
        ] {
            assert!(error.contains(part), "{error}");
        }
        let twice = "[[source]]\nname = \"x\"\nfrom = \"a\"\n".repeat(2);
        assert!(parse(&twice).unwrap_err().to_string().contains("stands there twice"));
        assert!(parse("[[source]]\nname = \"x\"\nform = \"a\"\n").unwrap_err().to_string().contains("form"));
    }
}
