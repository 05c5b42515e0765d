//! A repository of git that holds what an archive does, as its owner would hand it out: one packed commit.

use super::Document;
use catalogue::{Commit, git};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const BRANCH: &str = "refs/heads/main";
/// What is committed on top of it.
const NEXT: &str = "refs/heads/next";

/// Made once and kept, for packing takes longer than what is measured.
pub(crate) fn of(archive: &Path) -> anyhow::Result<Commit> {
    let name = archive.file_name().unwrap_or_default().to_string_lossy();
    let repository = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.git"));
    if id(&repository, BRANCH).is_err() {
        let _ = std::fs::remove_dir_all(&repository);
        run(git(&repository).args(["init", "--quiet", "--bare"]))?;
        fill(&repository, (BRANCH, None), &super::documents(archive, usize::MAX)?)?;
        run(git(&repository).args(["repack", "-a", "-d", "-f", "--quiet"]))?;
    }
    Ok(Commit { id: id(&repository, BRANCH)?, repository, since: None })
}

/// A commit that follows another and differs from it by these documents.
pub(crate) fn next(before: &Commit, changed: &[Document]) -> anyhow::Result<Commit> {
    fill(&before.repository, (NEXT, Some(&before.id)), changed)?;
    let (repository, since) = (before.repository.clone(), Some(before.id.clone()));
    Ok(Commit { id: id(&repository, NEXT)?, repository, since })
}

fn run(command: &mut Command) -> anyhow::Result<String> {
    done(command.stdout(Stdio::piped()).spawn()?)
}

fn id(repository: &Path, branch: &str) -> anyhow::Result<String> {
    run(git(repository).args(["rev-parse", "--verify", branch]))
}

fn fill(repository: &Path, (branch, from): (&str, Option<&str>), all: &[Document]) -> anyhow::Result<()> {
    let mut child =
        git(repository).args(["fast-import", "--quiet", "--force"]).stdin(Stdio::piped()).spawn()?;
    let into = child.stdin.take().ok_or_else(|| anyhow::anyhow!("git takes no input"))?;
    let mut into = BufWriter::new(into);
    writeln!(into, "commit {branch}\ncommitter x <x@example.org> 0 +0000\ndata 0")?;
    if let Some(from) = from {
        writeln!(into, "from {from}")?;
    }
    for document in all {
        let name = document.name.trim_start_matches("./");
        writeln!(into, "M 644 inline {name}\ndata {}\n{}", document.text.len(), document.text)?;
    }
    into.flush()?;
    drop(into);
    done(child)?;
    Ok(())
}

/// What a child said.
fn done(child: Child) -> anyhow::Result<String> {
    let done = child.wait_with_output()?;
    anyhow::ensure!(done.status.success(), "git: {}", String::from_utf8_lossy(&done.stderr));
    Ok(String::from_utf8(done.stdout)?.trim().to_owned())
}

/// Its documents, by `git cat-file --batch`.
pub(crate) fn documents(commit: &Commit) -> anyhow::Result<Vec<Document>> {
    let ids = commit.repository.join("ids");
    let mut list = git(&commit.repository);
    list.args(["ls-tree", "-r", "--object-only", &commit.id]).stdout(std::fs::File::create(&ids)?);
    done(list.spawn()?)?;
    let mut read = git(&commit.repository);
    read.args(["cat-file", "--batch", "--buffer"]).stdin(std::fs::File::open(&ids)?).stdout(Stdio::piped());
    let mut child = read.spawn()?;
    let out = child.stdout.take().ok_or_else(|| anyhow::anyhow!("git has no output"))?;
    let (mut out, mut all) = (BufReader::with_capacity(1 << 16, out), Vec::new());
    let mut head = String::new();
    while out.read_line(&mut head)? > 0 {
        let bytes: usize = head.trim().rsplit(' ').next().unwrap_or_default().parse()?;
        let mut text = vec![0; bytes + 1];
        out.read_exact(&mut text)?;
        text.pop();
        all.push(Document { name: std::mem::take(&mut head), text: String::from_utf8(text)? });
    }
    done(child)?;
    Ok(all)
}
