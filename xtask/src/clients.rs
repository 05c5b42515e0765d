//! Programs of others, from PyPI, in an environment of their own beside what is built.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;

/// What is installed, by version: a new one may ask differently, and that is for us to find out by hand.
const CLIENTS: [&str; 3] = ["nvdlib==0.9.0", "pyvulnerabilitylookup==4.5.0", "pip-audit==2.10.1"];

/// The Python of the environment, which is made where it is not there yet.
pub(crate) fn python() -> anyhow::Result<String> {
    let folder = folder();
    let (python, mark) = (folder.join("bin/python"), folder.join("installed.txt"));
    if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == CLIENTS.join("\n")) {
        return Ok(python.display().to_string());
    }
    command::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(CLIENTS);
    command::run(&mut install)?;
    std::fs::write(mark, CLIENTS.join("\n"))?;
    Ok(python.display().to_string())
}

fn folder() -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| Path::new("target").to_owned(), PathBuf::from);
    let folder = target.join("clients");
    std::path::absolute(&folder).unwrap_or(folder)
}
