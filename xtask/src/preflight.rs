//! What the tests need beyond Rust, found or fetched.

use std::process::Command;

use anyhow::ensure;

use crate::{command, postgres};

/// One thing that must be on the machine.
#[derive(Debug)]
pub(crate) struct Need {
    pub(crate) what: &'static str,
    is_there: fn() -> bool,
    source: Source,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// Packages of Debian and its kin; only root may install them.
    Apt(&'static [&'static str]),
    /// A program from crates.io; anyone may install it.
    Cargo(&'static str),
    /// A component of the Rust toolchain; we do not touch that.
    Rustup(&'static str),
}

pub(crate) const FORMATTER: Need = Need {
    what: "rustfmt",
    is_there: || command::output("cargo", &["fmt", "--version"]).is_some(),
    source: Source::Rustup("rustfmt"),
};
pub(crate) const LINTER: Need = Need {
    what: "clippy",
    is_there: || command::output("cargo", &["clippy", "--version"]).is_some(),
    source: Source::Rustup("clippy"),
};
pub(crate) const RUNNER: Need = Need {
    what: "cargo-nextest",
    is_there: || command::output("cargo", &["nextest", "--version"]).is_some(),
    source: Source::Cargo("cargo-nextest"),
};
pub(crate) const DATABASE: Need = Need {
    what: "a PostgreSQL server, version 15 or later",
    is_there: || postgres::programs().is_some(),
    source: Source::Apt(&["postgresql"]),
};
pub(crate) const BROWSER: Need = Need {
    what: "Chromium with ChromeDriver",
    is_there: || command::find("chromium").is_some() && command::find("chromedriver").is_some(),
    source: Source::Apt(&["chromium", "chromium-driver"]),
};

pub(crate) const CLIENTS: Need = Need {
    what: "Python with venv",
    is_there: || command::output("python3", &["-c", "import venv, ensurepip"]).is_some(),
    source: Source::Apt(&["python3-venv"]),
};

/// Finds out what is missing; installs it where we may, and otherwise says how to.
pub(crate) fn run(needs: &[&Need]) -> anyhow::Result<()> {
    let missing = missing(needs);
    if missing.is_empty() {
        println!("everything that is needed is here");
        return Ok(());
    }
    let packages = packages(&missing);
    if !packages.is_empty() {
        // Said before minutes go into building a runner.
        ensure!(command::is_root() && command::find("apt-get").is_some(), instructions(&missing));
        apt_get(&["update"])?;
        let mut install = vec!["install", "--yes", "--no-install-recommends"];
        install.extend(packages);
        apt_get(&install)?;
    }
    if missing.iter().any(|need| need.source == RUNNER.source) {
        command::run(command::cargo().args(["install", "--locked", "cargo-nextest"]))?;
    }
    let missing = self::missing(&missing);
    ensure!(missing.is_empty(), instructions(&missing));
    Ok(())
}

fn missing<'a>(needs: &[&'a Need]) -> Vec<&'a Need> {
    needs.iter().copied().filter(|need| !(need.is_there)()).collect()
}

fn packages(needs: &[&Need]) -> Vec<&'static str> {
    let lists = needs.iter().map(|need| match need.source {
        Source::Apt(packages) => packages,
        Source::Cargo(_) | Source::Rustup(_) => &[],
    });
    lists.flatten().copied().collect()
}

fn instructions(missing: &[&Need]) -> String {
    let mut text = "missing on this machine; install it and run this again:".to_owned();
    for need in missing {
        let how = match need.source {
            Source::Apt(packages) => format!("apt-get install {} (as root)", packages.join(" ")),
            Source::Cargo(name) => format!("cargo install --locked {name}"),
            Source::Rustup(name) => format!("rustup component add {name}"),
        };
        text.push_str(&format!("\n  {}: {how}", need.what));
    }
    text
}

fn apt_get(arguments: &[&str]) -> anyhow::Result<()> {
    command::run(
        Command::new("apt-get").arg("--quiet").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_the_way_to_get_it() {
        assert_eq!(
            instructions(&[&DATABASE, &BROWSER, &RUNNER, &LINTER]),
            "missing on this machine; install it and run this again:\
             \n  a PostgreSQL server, version 15 or later: apt-get install postgresql (as root)\
             \n  Chromium with ChromeDriver: apt-get install chromium chromium-driver (as root)\
             \n  cargo-nextest: cargo install --locked cargo-nextest\
             \n  clippy: rustup component add clippy"
        );
    }

    #[test]
    fn only_what_is_not_there_is_missing() {
        let here = Need { is_there: || true, ..DATABASE };
        let absent = Need { is_there: || false, ..BROWSER };
        let missing = missing(&[&here, &absent]);
        assert_eq!(packages(&missing), ["chromium", "chromium-driver"]);
    }
}
