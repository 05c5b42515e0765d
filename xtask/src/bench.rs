//! `cargo xtask bench`: every package that has a `benches/` folder.

use std::path::Path;

use crate::command;

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let packages = packages(Path::new("crates"))?;
    if packages.is_empty() {
        println!("no package has a benches/ folder");
        return Ok(());
    }
    let mut bench = command::cargo();
    bench.args(["bench", "--bench", "*"]);
    bench.args(packages.iter().flat_map(|package| ["--package", package]));
    if !arguments.is_empty() {
        bench.arg("--").args(arguments);
    }
    command::run(&mut bench)
}

/// A package's folder bears its name.
fn packages(crates: &Path) -> anyhow::Result<Vec<String>> {
    let mut packages = Vec::new();
    for entry in std::fs::read_dir(crates)? {
        let entry = entry?;
        if entry.path().join("benches").is_dir() {
            packages.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    packages.sort();
    Ok(packages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_packages_with_benches() {
        let root = crate::guard::folder("bench", None).unwrap();
        std::fs::create_dir_all(root.join("merkle/benches")).unwrap();
        std::fs::create_dir_all(root.join("cvd/src")).unwrap();
        assert_eq!(packages(&root).unwrap(), ["merkle"]);
        std::fs::remove_dir_all(root).unwrap();
    }
}
