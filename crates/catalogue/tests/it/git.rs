//! Commits of a repository of git, read from its objects.

use super::archives::zip;
use super::fixtures::{Folder, now, osv};
use super::{catalogue as open, counts, named};
use catalogue::{Catalogue, Commit, Input, Report};
use std::path::PathBuf;
use std::process::Command;

/// A repository with a work tree in which records are written and deleted.
pub(super) struct Upstream(PathBuf);

impl Upstream {
    pub(super) fn new(folder: &Folder) -> Self {
        Self::with_ids(folder, "sha1")
    }

    fn with_ids(folder: &Folder, kind: &str) -> Self {
        folder.file("up/README.md", "# Advisories");
        let upstream = Self(folder.0.join("up"));
        upstream.git(&["init", "--quiet", &format!("--object-format={kind}")]);
        upstream
    }

    /// The file of an object that lies loose.
    fn object(&self, name: &str) -> PathBuf {
        let id = self.git(&["rev-parse", name]);
        self.0.join(format!(".git/objects/{}/{}", &id[..2], &id[2..]))
    }

    pub(super) fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.current_dir(&self.0).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.args(["-c", "user.name=x", "-c", "user.email=x@example.org"]).args(arguments);
        let done = command.output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }

    /// The tree of a list, as git-ls-tree(1) writes it.
    fn tree(&self, list: &str) -> String {
        let file = self.0.join(".git/list");
        std::fs::write(&file, list).unwrap();
        let mut command = Command::new("git");
        command.current_dir(&self.0).arg("mktree").stdin(std::fs::File::open(file).unwrap());
        String::from_utf8(command.output().unwrap().stdout).unwrap().trim().to_owned()
    }

    /// Its id.
    pub(super) fn commit(&self) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "-m", "x"]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn import(&self, catalogue: &Catalogue, id: &str, since: Option<&str>) -> Report {
        let (repository, since) = (self.0.join(".git"), since.map(str::to_owned));
        let input = Input::Git(Commit { repository, id: id.to_owned(), since });
        catalogue.import(&[input], "a test", &now, &mut |_| {}).unwrap()
    }
}

fn record(number: u32, fixed: &str) -> String {
    osv(&format!("PYSEC-2024-{number}"), "a", fixed, "2024-05-05")
}

#[test]
fn of_a_commit_that_follows_another_only_what_changed_is_read() {
    let folder = Folder::new();
    let (catalogue, upstream) = (open(&folder), Upstream::new(&folder));
    for number in 1..=4 {
        folder.file(&format!("up/vulns/a: {number}.json"), record(number, "1.0"));
    }
    folder.file(
        "up/all.zip",
        zip(&[("5.json", record(5, "1.0").as_bytes()), ("6.json", record(6, "1.0").as_bytes())]),
    );
    folder.file("up/.github/7.json", record(7, "1.0"));
    std::os::unix::fs::symlink("vulns/a: 1.json", folder.0.join("up/link.json")).unwrap();
    let first = upstream.commit();
    let report = upstream.import(&catalogue, &first, None);
    assert_eq!(report.bad, []);
    assert_eq!(counts(&report), [6, 0, 0, 0, 0]);
    assert_eq!(report.counts.passed_over, 2, "what begins with a dot, and README.md: {:?}", report.passed);
    let what = catalogue.import_of(report.import).unwrap().unwrap().what;
    assert!(what.ends_with(&format!(" at {first}")), "{what}");
    assert_eq!(upstream.import(&catalogue, &first, None).counts.unchanged, 6, "all of it, when asked for");

    folder.file("up/vulns/a: 1.json", record(1, "2.0"));
    std::fs::rename(folder.0.join("up/vulns/a: 2.json"), folder.0.join("up/2.json")).unwrap();
    std::fs::remove_file(folder.0.join("up/vulns/a: 3.json")).unwrap();
    folder.file("up/all.zip", zip(&[("5.json", record(5, "1.0").as_bytes())]));
    let second = upstream.commit();
    let report = upstream.import(&catalogue, &second, Some(&first));
    assert_eq!(report.bad, []);
    // The one that moved and the one in the archive are as they were; the fourth was not even looked at.
    assert_eq!((counts(&report), report.counts.deleted), ([0, 1, 2, 0, 0], 2), "{report:?}");
    let withdrawn = [1, 2, 3, 4, 5, 6].map(|number| {
        let entry = catalogue.record(&format!("PYSEC-2024-{number}")).unwrap().unwrap();
        entry.records[0].summary.is_withdrawn
    });
    assert_eq!(withdrawn, [false, false, true, false, false, true]);
}

/// A document that is refused costs no other, however large it is.
#[test]
fn a_blob_that_is_refused_costs_no_other() {
    let folder = Folder::new();
    let (catalogue, upstream) = (open(&folder), Upstream::new(&folder));
    folder.file("up/1.json", record(1, "1.0"));
    folder.file("up/2.json", format!(r#"{{"id": "{}"}}"#, "x".repeat(formats::limits::DOCUMENT_BYTES)));
    folder.file("up/3.json", r#"{"schema_version": "1.6.0", "id": "PYSEC-2024-3", "modified": "never"}"#);
    folder.file("up/4.json", record(4, "1.0"));
    let report = upstream.import(&catalogue, &upstream.commit(), None);
    assert_eq!(counts(&report), [2, 0, 0, 0, 2]);
    let mut bad: Vec<String> = report.bad.iter().map(named).collect();
    bad.sort();
    assert_eq!(bad[0], "2.json: document: more than 16777216 bytes, which is the most that is read");
    assert!(bad[1].starts_with("3.json: /modified"), "{bad:?}");
}

/// What cannot be read is told, and takes nothing away.
#[test]
fn a_repository_that_is_gone_or_damaged_is_told_and_nothing_is_withdrawn() {
    let folder = Folder::new();
    let (catalogue, upstream) = (open(&folder), Upstream::new(&folder));
    for number in 1..=3 {
        folder.file(&format!("up/{number}.json"), record(number, "1.0"));
    }
    let first = upstream.commit();
    upstream.import(&catalogue, &first, None);
    std::fs::remove_file(folder.0.join("up/1.json")).unwrap();
    folder.file("up/2.json", record(2, "2.0"));
    folder.file("up/3.json", record(3, "2.0"));
    let second = upstream.commit();
    let lost = upstream.git(&["rev-parse", "HEAD:2.json"]);
    std::fs::remove_file(folder.0.join(format!("up/.git/objects/{}/{}", &lost[..2], &lost[2..]))).unwrap();
    for (id, since) in [
        (second.as_str(), Some(first.as_str())),
        (&second, Some("0123456789abcdef0123456789abcdef01234567")),
        ("0123456789abcdef0123456789abcdef01234567", None),
    ] {
        let report = upstream.import(&catalogue, id, since);
        assert_eq!((report.counts.failed, report.counts.deleted), (1, 0), "{report:?}");
        assert!(report.bad[0].reason.ends_with("missing"), "{:?}", report.bad);
    }
    assert!(!catalogue.record("PYSEC-2024-1").unwrap().unwrap().records[0].summary.is_withdrawn);
    std::fs::remove_dir_all(folder.0.join("up/.git")).unwrap();
    let report = upstream.import(&catalogue, &second, None);
    assert_eq!((report.counts.failed, report.counts.deleted), (1, 0), "{report:?}");
}

/// Git reads modes with zeros before them and with other permissions, and names of any bytes.
#[test]
fn what_git_reads_is_read_and_one_lost_file_costs_no_other() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = Folder::new();
    let (catalogue, upstream) = (open(&folder), Upstream::new(&folder));
    for (number, name) in (1..).zip([&b"\xe8.json"[..], b"\xe9.json"]) {
        let path = folder.0.join("up").join(std::ffi::OsStr::from_bytes(name));
        std::fs::write(path, record(number, "1.0")).unwrap();
    }
    for number in 3..=5 {
        folder.file(&format!("up/{number}.json"), record(number, "1.0"));
    }
    let first = upstream.commit();
    assert_eq!(counts(&upstream.import(&catalogue, &first, None)), [5, 0, 0, 0, 0]);
    std::fs::remove_file(folder.0.join("up").join(std::ffi::OsStr::from_bytes(b"\xe8.json"))).unwrap();
    folder.file("up/3.json", record(3, "2.0"));
    folder.file("up/4.json", record(4, "2.0"));
    let second = upstream.commit();
    let lost = upstream.git(&["rev-parse", "HEAD:3.json"]);
    let path = folder.0.join(format!("up/.git/objects/{}/{}", &lost[..2], &lost[2..]));
    let blob = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let report = upstream.import(&catalogue, &second, Some(&first));
    assert_eq!((counts(&report), report.counts.deleted), ([0, 1, 0, 0, 1], 0), "{report:?}");
    assert!(report.bad[0].file.ends_with("3.json"), "{:?}", report.bad);
    std::fs::write(&path, blob).unwrap();
    let report = upstream.import(&catalogue, &second, None);
    assert_eq!((report.counts.changed, report.counts.deleted), (1, 1), "{report:?}");
    let is_withdrawn = |id| catalogue.record(id).unwrap().unwrap().records[0].summary.is_withdrawn;
    assert!(is_withdrawn("PYSEC-2024-1") && !is_withdrawn("PYSEC-2024-2"));
}

/// As `git diff-tree -r --no-renames` tells it: what was a folder may be a file now, and the other way round.
#[test]
fn files_become_folders_and_folders_files() {
    let folder = Folder::new();
    let (catalogue, upstream) = (open(&folder), Upstream::new(&folder));
    let places = ["1.json", "2.json/a.json", "2.json/b.json", "4/deep/c.json", "5.json", "same/6.json"];
    for (number, place) in (1..).zip(places) {
        folder.file(&format!("up/{place}"), record(number, "1.0"));
    }
    let first = upstream.commit();
    assert_eq!(counts(&upstream.import(&catalogue, &first, None)), [6, 0, 0, 0, 0]);
    let gone = |place: &str| std::fs::remove_dir_all(folder.0.join("up").join(place)).unwrap();
    std::fs::remove_file(folder.0.join("up/1.json")).unwrap();
    gone("2.json");
    gone("4");
    folder.file("up/1.json/a.json", record(1, "1.0"));
    folder.file("up/2.json", record(2, "1.0"));
    upstream.git(&["add", "--all"]);
    upstream.git(&["update-index", "--chmod=+x", "5.json"]);
    upstream.git(&["commit", "--quiet", "-m", "x"]);
    let second = upstream.git(&["rev-parse", "HEAD"]);
    let report = upstream.import(&catalogue, &second, Some(&first));
    assert_eq!((counts(&report), report.counts.deleted), ([0, 0, 3, 0, 0], 2), "{report:?}");
    let is_withdrawn = |number: u32| {
        let found = catalogue.record(&format!("PYSEC-2024-{number}")).unwrap().unwrap();
        found.records[0].summary.is_withdrawn
    };
    assert_eq!([1, 2, 3, 4, 5, 6].map(is_withdrawn), [false, false, true, true, false, false]);
}

#[test]
fn a_repository_without_a_work_tree_is_read_where_it_stands() {
    let folder = Folder::new();
    let (catalogue, upstream) = (open(&folder), Upstream::new(&folder));
    folder.file("up/1.json", record(1, "1.0"));
    upstream.commit();
    let mirror = folder.0.join("mirror");
    upstream.git(&["clone", "--quiet", "--bare", ".", &mirror.display().to_string()]);
    assert!(catalogue::bare(&folder.0.join("up")).is_none(), "of a work tree the files count");
    let commit = catalogue::bare(&mirror).unwrap().unwrap();
    let report = catalogue.import(&[Input::Git(commit)], "a test", &now, &mut |_| {}).unwrap();
    assert_eq!(counts(&report), [1, 0, 0, 0, 0]);
    std::fs::write(mirror.join("HEAD"), "ref: refs/heads/nothing").unwrap();
    let error = catalogue::bare(&mirror).unwrap().unwrap_err().to_string();
    assert!(error.starts_with("git: "), "{error}");
}

/// Ten trees that each hold the one before ten times name ten thousand million files, and take up a kilobyte.
#[test]
fn a_repository_that_unfolds_into_no_end_of_files_is_refused() {
    let folder = Folder::new();
    let (catalogue, upstream) = (open(&folder), Upstream::new(&folder));
    folder.file("up/1.json", record(1, "1.0"));
    let first = upstream.commit();
    let mut tree = upstream.git(&["rev-parse", "HEAD^{tree}"]);
    for _ in 0..10 {
        let list: String = (0..10).map(|name| format!("040000 tree {tree}\t{name}\n")).collect();
        tree = upstream.tree(&list);
    }
    let bomb = upstream.git(&["commit-tree", "-m", "x", &tree]);
    for since in [None, Some(first.as_str())] {
        let report = upstream.import(&catalogue, &bomb, since);
        assert_eq!(counts(&report), [0, 0, 0, 0, 1]);
        assert!(
            report.bad[0].reason.ends_with("the list of what it holds is longer than 512 MiB"),
            "{report:?}"
        );
    }
}

/// git-init(1), `--object-format`.
#[test]
fn a_repository_whose_ids_are_of_sha_256_is_read() {
    let folder = Folder::new();
    let (catalogue, upstream) = (open(&folder), Upstream::with_ids(&folder, "sha256"));
    folder.file("up/1.json", record(1, "1.0"));
    folder.file("up/deep/2.json", record(2, "1.0"));
    let first = upstream.commit();
    assert_eq!(first.len(), 64);
    assert_eq!(counts(&upstream.import(&catalogue, &first, None)), [2, 0, 0, 0, 0]);
    folder.file("up/deep/2.json", record(2, "2.0"));
    let report = upstream.import(&catalogue, &upstream.commit(), Some(&first));
    assert_eq!(counts(&report), [0, 1, 0, 0, 0], "{report:?}");
}

/// What git cannot read of an object ends it, or not, by where the damage lies; here neither ends the reading.
#[test]
fn a_damaged_file_costs_no_other_and_is_named_with_its_reason() {
    let folder = Folder::new();
    let (catalogue, upstream) = (open(&folder), Upstream::new(&folder));
    for number in 1..=8 {
        folder.file(&format!("up/{number}.json"), record(number, "1.0"));
    }
    let commit = upstream.commit();
    for number in [2, 3, 5, 6, 8] {
        let path = upstream.object(&format!("HEAD:{number}.json"));
        let mut bytes = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let end = bytes.len() - 1;
        match number {
            // The sum at its end, all of it, nothing at all, and no file.
            2 | 3 => bytes[end] ^= 0xff,
            5 => bytes = b"no object".to_vec(),
            6 => bytes.clear(),
            _ => {
                std::fs::create_dir(&path).unwrap();
                continue;
            }
        }
        std::fs::write(&path, bytes).unwrap();
    }
    let report = upstream.import(&catalogue, &commit, None);
    assert_eq!(counts(&report), [3, 0, 0, 0, 5], "{report:?}");
    let mut bad: Vec<String> = report.bad.iter().map(named).collect();
    bad.sort();
    for (bad, (file, reason)) in bad.iter().zip([
        ("2.json: ", "git: inflate: data stream error (incorrect data check); unable to stream "),
        ("3.json: ", "git: inflate: data stream error (incorrect data check); unable to stream "),
        ("5.json: ", "git: unable to unpack "),
        ("6.json: ", " is empty"),
        ("8.json: ", "git: mmap failed: "),
    ]) {
        assert!(bad.starts_with(file) && bad.contains(reason), "{bad}");
    }
}

/// Git has a tree in memory whole before it says a word of it, and a deflated one may be a thousand times larger.
#[test]
fn a_tree_or_a_commit_that_says_it_is_huge_is_refused_before_it_is_read() {
    let folder = Folder::new();
    let (catalogue, upstream) = (open(&folder), Upstream::new(&folder));
    // The file of an object that says what it is, and ends there.
    let says = |id: &str, kind: &str, bytes: u64| {
        let path = folder.0.join(format!("up/.git/objects/{}/{}", &id[..2], &id[2..]));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, format!("{kind} {bytes}\0").as_bytes()).unwrap();
        std::fs::write(path, packed.finish().unwrap()).unwrap();
    };
    let (tree, huge) = ("aa".repeat(20), "bb".repeat(20));
    let root = "cc".repeat(20);
    says(&tree, "tree", (64 << 20) + 1);
    says(&root, "tree", 1 << 40);
    says(&huge, "commit", 1 << 40);
    let of_root = upstream.git(&["commit-tree", "-m", "x", &root]);
    let above = upstream.tree(&format!("040000 tree {tree}\tbelow\n"));
    let of_above = upstream.git(&["commit-tree", "-m", "x", &above]);
    // In git's own words, which are its own: the limit that it was given stands in them.
    let over = (65_600_u64 << 10).to_string();
    for (commit, reason) in [
        (&of_root, over.clone()),
        (&of_above, format!("the tree {tree}: 65 MiB, 64 MiB at most")),
        (&huge, over),
    ] {
        let report = upstream.import(&catalogue, commit, None);
        assert_eq!(counts(&report), [0, 0, 0, 0, 1]);
        let said = &report.bad[0].reason;
        assert!(said.starts_with("cannot be read: ") && said.contains(&reason), "{said}");
    }
}

/// Linux, `NAME_MAX`, and git-fsck(1), `hasDotdot` and `hasDotgit`: git itself writes a tree with any name.
#[test]
fn a_repository_with_a_name_that_no_file_can_have_is_refused_with_it() {
    let folder = Folder::new();
    let (catalogue, upstream) = (open(&folder), Upstream::new(&folder));
    folder.file("up/1.json", record(1, "1.0"));
    upstream.commit();
    let blob = upstream.git(&["rev-parse", "HEAD:1.json"]);
    let named = |name: &str| {
        let tree = upstream.tree(&format!("100644 blob {blob}\t{name}\n"));
        let report = upstream.import(&catalogue, &upstream.git(&["commit-tree", "-m", "x", &tree]), None);
        let reasons = report.bad.iter().chain(&report.passed).map(|bad| bad.reason.clone());
        (report.counts.failed, reasons.collect::<Vec<_>>().join(", "))
    };
    let long = format!("cannot be read: a name of 256 bytes, 255 at most: \"{}…\"", "n".repeat(40));
    assert_eq!(named(&format!("{}.json", "n".repeat(251))), (1, long));
    assert_eq!(named(".."), (1, "cannot be read: a name that no file can have: \"..\"".to_owned()));
    assert_eq!(named(".git"), (0, "begins with a dot, so it is no data".to_owned()));
}

/// git-fsck(1), `duplicateEntries` and `treeNotSorted`: no git writes such a tree, and each keeps it.
#[test]
fn a_repository_with_a_tree_that_no_git_writes_is_refused_with_the_name() {
    let folder = Folder::new();
    let (catalogue, upstream) = (open(&folder), Upstream::new(&folder));
    folder.file("up/1.json", record(1, "1.0"));
    upstream.commit();
    let blob = upstream.git(&["rev-parse", "HEAD:1.json"]);
    let id: Vec<u8> =
        (0..blob.len()).step_by(2).map(|at| u8::from_str_radix(&blob[at..at + 2], 16).unwrap()).collect();
    let of = |names: &[&str]| {
        let tree: Vec<u8> =
            names.iter().flat_map(|name| [format!("100644 {name}\0").as_bytes(), &id].concat()).collect();
        folder.file("tree", tree);
        let file = folder.0.join("tree").display().to_string();
        let tree = upstream.git(&["hash-object", "-t", "tree", "-w", "--literally", &file]);
        upstream.import(&catalogue, &upstream.git(&["commit-tree", "-m", "x", &tree]), None)
    };
    let bad = |names: &[&str]| {
        let report = of(names);
        assert_eq!(counts(&report), [0, 0, 0, 0, 1], "{report:?}");
        report.bad[0].reason.clone()
    };
    let twice = "cannot be read: a name that stands twice in a tree: \"a.json\"";
    assert_eq!(bad(&["a.json", "a.json"]), twice);
    let unsorted = "cannot be read: a tree that is not sorted: \"a.json\" stands too late in it";
    assert_eq!(bad(&["b.json", "a.json"]), unsorted);
    assert_eq!(of(&["a.json"]).counts.added, 1);
}
