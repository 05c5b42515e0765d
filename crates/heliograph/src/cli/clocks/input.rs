//! What the clock commands read: facts, profiles, an instant.

use crate::app::Clock;
use crate::deadlines::{load_profiles, read_profile};
use crate::settings::Settings;
use anyhow::{Context, bail, ensure};
use clocks::{FACTS_BYTES_MAX, Facts, Profiles};
use jiff::Timestamp;
use std::fs::File;
use std::io::Read;
use std::path::Path;

pub(super) fn facts(path: &str) -> anyhow::Result<Facts> {
    let (name, reader): (&str, Box<dyn Read>) = match path {
        "-" => ("standard input", Box::new(std::io::stdin())),
        path => (path, Box::new(File::open(path).with_context(|| format!("cannot read {path}"))?)),
    };
    let mut bytes = Vec::new();
    let read = reader.take(FACTS_BYTES_MAX as u64 + 1).read_to_end(&mut bytes);
    read.with_context(|| format!("cannot read {name}"))?;
    ensure!(bytes.len() <= FACTS_BYTES_MAX, "{name}: more than {FACTS_BYTES_MAX} bytes, which is the limit");
    let text = String::from_utf8(bytes).with_context(|| format!("{name} is not UTF-8"))?;
    Facts::parse(&text).map_err(|error| anyhow::anyhow!("{name}: {error}"))
}

pub(super) fn instant(text: Option<&str>) -> anyhow::Result<Timestamp> {
    let Some(text) = text else { return Ok(Clock::default().now()) };
    text.parse().map_err(|_| {
        anyhow::anyhow!(
            "--at: `{text}` is not an instant; write date, time and zone, as in 2026-11-23T09:15:00Z"
        )
    })
}

/// All profiles at hand, or those that were named: by id, or by the path of a file.
pub(super) fn profiles(
    config: Option<&Path>,
    data: Option<&Path>,
    only: &[String],
) -> anyhow::Result<Profiles> {
    let flags: Vec<_> = data.map(|data| ("data", data.display().to_string())).into_iter().collect();
    let at_hand = load_profiles(&Settings::load(config, &flags)?)?;
    if only.is_empty() {
        return Ok(at_hand);
    }
    let mut chosen = Vec::new();
    for name in only {
        match at_hand.get(name) {
            Some(profile) => chosen.push(profile.clone()),
            None if name.ends_with(".toml") => chosen.push(read_profile(Path::new(name))?),
            None => {
                let known: Vec<_> = at_hand.all().iter().map(|profile| profile.id.as_str()).collect();
                bail!("there is no profile `{name}`; there are {}, and files", known.join(", "));
            }
        }
    }
    Ok(Profiles::of(chosen))
}
