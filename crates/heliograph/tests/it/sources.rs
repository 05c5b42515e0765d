//! Sources that are imported by themselves: from an address, a repository of git, and a folder.

use crate::program::Place;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A web server that has one file, with its tag, and counts how often it sent it.
struct Web {
    address: SocketAddr,
    file: Arc<Mutex<String>>,
    sent: Arc<Mutex<u32>>,
}

fn web(text: &str) -> Web {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (file, sent) = (Arc::new(Mutex::new(text.to_owned())), Arc::new(Mutex::new(0)));
    let (served, counted) = (file.clone(), sent.clone());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let (mut known, mut first) = (String::new(), String::new());
            for line in BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok) {
                if let Some(tag) = line.to_ascii_lowercase().strip_prefix("if-none-match: ") {
                    known = tag.to_owned();
                }
                if first.is_empty() {
                    first = line.clone();
                }
                if line.is_empty() {
                    break;
                }
            }
            let text = served.lock().unwrap().clone();
            let tag = format!("\"{}\"", text.len());
            let answer = if first.contains("/moved") {
                "HTTP/1.1 302 Found\r\nLocation: /kev.json\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .to_owned()
            } else if known == tag {
                format!("HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nConnection: close\r\n\r\n")
            } else {
                *counted.lock().unwrap() += 1;
                let length = text.len();
                format!(
                    "HTTP/1.1 200 OK\r\nETag: {tag}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{text}"
                )
            };
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    Web { address, file, sent }
}

fn git(folder: &std::path::Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null");
    command.args(["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "init.defaultBranch=main"]);
    let done = command.args(arguments).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn kev(ids: &[&str]) -> String {
    let entries: Vec<String> = ids
        .iter()
        .map(|id| format!(r#"{{"cveID": "{id}", "vulnerabilityName": "Acme Router overflow", "dateAdded": "2024-04-04"}}"#))
        .collect();
    format!(
        r#"{{"title": "Listed", "catalogVersion": "1", "dateReleased": "2024-05-05T00:00:00Z", "count": {}, "vulnerabilities": [{}]}}"#,
        ids.len(),
        entries.join(",")
    )
}

fn osv(id: &str) -> String {
    format!(
        r#"{{"schema_version": "1.6.0", "id": "{id}", "modified": "2024-05-05T00:00:00Z", "summary": "A flaw", "details": "x"}}"#
    )
}

fn list(web: &Web, repository: &std::path::Path) -> String {
    format!(
        "[[source]]\nname = \"kev\"\nfrom = \"http://{}/moved\"\nevery = \"6h\"\n\
         [[source]]\nname = \"pysec\"\nfrom = \"git+file://{}\"\n\
         [[source]]\nname = \"ours\"\nfrom = \"{}\"\n",
        web.address,
        repository.display(),
        repository.display()
    )
}

#[test]
fn sources_are_fetched_imported_and_told_of_one_by_one() {
    let place = Place::new();
    let web = web(&kev(&["CVE-2024-1", "CVE-2024-2"]));
    let repository = place.folder().join("upstream");
    place.write("upstream/vulns/PYSEC-2024-1.json", &osv("PYSEC-2024-1"));
    place.write("upstream/vulns/PYSEC-2024-2.json", &osv("PYSEC-2024-2"));
    git(&repository, &["init", "--quiet"]);
    git(&repository, &["add", "."]);
    git(&repository, &["commit", "--quiet", "-m", "two"]);
    place.write("data/sources.toml", &list(&web, &repository));
    // What another source of this name had fetched is in nobody's way.
    place.write("data/sources/pysec", "a file");
    place.write("data/sources/kev/file", "a folder");
    let run = |name: &str| {
        let run = place.run(&["sources", "--data", "data", "--run", name]);
        assert_eq!(run.code, 0, "{run:?}");
        run.out
    };
    assert!(run("kev").contains("2 added"));
    assert!(run("kev").contains("nothing new"), "it was not sent again");
    assert_eq!(*web.sent.lock().unwrap(), 1);
    *web.file.lock().unwrap() = kev(&["CVE-2024-2"]);
    assert!(run("kev").contains("1 withdrawn"), "what the list no longer lists");
    assert!(run("pysec").contains("2 added"));
    assert!(run("pysec").contains("nothing new"), "it is the same commit");
    place.write("upstream/vulns/PYSEC-2024-3.json", "{");
    git(&repository, &["add", "."]);
    git(&repository, &["commit", "--quiet", "-m", "a bad one"]);
    // A git that was killed stops none that comes later.
    place.write("data/sources/pysec/shallow.lock", "");
    place.write("data/sources/pysec/refs/heads/newest.lock", "");
    let told = || place.run(&["sources", "--data", "data", "--run", "pysec"]).out;
    assert!(told().contains("0 unchanged, 0 withdrawn, 1 failed"), "only what changed is read: {}", told());
    // What did not come in whole is read whole the next time.
    assert!(told().contains("2 unchanged, 0 withdrawn, 1 failed"), "{}", told());
    std::fs::remove_file(repository.join("vulns/PYSEC-2024-3.json")).unwrap();
    git(&repository, &["commit", "--quiet", "-a", "-m", "without it"]);
    assert!(run("pysec").contains("2 unchanged"), "the last one did not come in whole");
    std::fs::remove_file(repository.join("vulns/PYSEC-2024-2.json")).unwrap();
    git(&repository, &["commit", "--quiet", "-a", "-m", "one"]);
    let told = run("pysec");
    assert!(
        told.contains("0 added, 0 changed, 0 unchanged, 1 withdrawn"),
        "only what changed is read: {told}"
    );
    let asked = place.run(&["query", "--data", "data", "--id", "PYSEC-2024-2"]);
    assert!(asked.out.contains("withdrawn: deleted at its source"), "{asked:?}");
    // What fails says why, and the others are not held up.
    std::fs::rename(&repository, place.folder().join("elsewhere")).unwrap();
    let failed = place.run(&["sources", "--data", "data", "--run", "pysec"]);
    assert_eq!(failed.code, 1, "{failed:?}");
    assert!(failed.out.contains("failed: git: '"), "{failed:?}");
    assert!(failed.out.contains("does not appear to be a git repository; Could not read"), "{failed:?}");
    let all = place.run(&["sources", "--data", "data", "--json"]);
    assert_eq!((all.code, all.out.lines().count()), (1, 3), "{all:?}");
    assert_eq!(place.run(&["sources", "--data", "data", "--run", "nobody"]).code, 2);
}

/// git-init(1), `--object-format`: ids of 64 digits, and a source that began anew with the others.
#[test]
fn a_source_may_have_ids_of_sha_256() {
    let place = Place::new();
    let repository = place.folder().join("upstream");
    let begin = |ids: &str, number: u32| {
        let _ = std::fs::remove_dir_all(&repository);
        let id = format!("PYSEC-2024-{number}");
        place.write(&format!("upstream/{id}.json"), &osv(&id));
        git(&repository, &["init", "--quiet", "--object-format", ids]);
        git(&repository, &["add", "."]);
        git(&repository, &["commit", "--quiet", "-m", ids]);
    };
    let list = format!("[[source]]\nname = \"pysec\"\nfrom = \"git+file://{}\"\n", repository.display());
    place.write("data/sources.toml", &list);
    for (ids, number, told) in
        [("sha256", 1, "1 added"), ("sha1", 2, "1 added"), ("sha256", 2, "0 added"), ("sha256", 3, "1 added")]
    {
        begin(ids, number);
        let run = place.run(&["sources", "--data", "data", "--run", "pysec"]);
        assert!(run.code == 0 && run.out.contains(told), "{ids} {number}: {run:?}");
    }
    // A source that has no commit for a while says nothing of its ids: what was fetched stays.
    std::fs::remove_dir_all(repository.join(".git")).unwrap();
    git(&repository, &["init", "--quiet", "--object-format", "sha256"]);
    let run = place.run(&["sources", "--data", "data", "--run", "pysec"]);
    assert!(run.code == 1 && run.out.contains("couldn't find remote ref HEAD"), "{run:?}");
    git(&place.folder().join("data/sources/pysec"), &["rev-parse", "--verify", "refs/heads/newest"]);
}

#[test]
fn a_serving_centre_imports_its_sources_by_itself() {
    let place = Place::new();
    let web = web(&kev(&["CVE-2024-1"]));
    place.write("upstream/PYSEC-2024-1.json", &osv("PYSEC-2024-1"));
    place.write("data/sources.toml", &list(&web, &place.folder().join("upstream")));
    let mut server = place.serve("sources");
    let browser = server.browser();
    let began = Instant::now();
    for id in ["CVE-2024-1", "PYSEC-2024-1"] {
        while browser.get(&format!("/v1/vulns/{id}")).status != 200 {
            assert!(began.elapsed() < Duration::from_secs(60), "{id} did not come in");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    assert_eq!(browser.get("/imports").status, 303, "what was imported is for administrators");
    assert!(server.stop().success());
    assert!(
        server.err().contains("a source could not be imported"),
        "there is no repository: {}",
        server.err()
    );
}

/// What was committed stays, and what was not is not there; the next import goes on from there.
#[test]
fn an_import_that_is_killed_is_gone_on_with() {
    const RECORDS: usize = 3_000;
    let place = Place::new();
    for number in 0..RECORDS {
        place.write(&format!("db/{number}.json"), &osv(&format!("PYSEC-2024-{number}")));
    }
    for milliseconds in [60, 250, 600] {
        let mut import = place.command(&["import", "--data", "data", "--json", "db"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        // It may have ended by now: then there is nothing left to kill.
        let _ = import.kill();
        import.wait().unwrap();
        let hits = place.run(&["query", "--data", "data", "--id", "PYSEC-2024-0"]);
        assert!(hits.code == 0 || hits.err.contains("no record has this id"), "it opens: {hits:?}");
    }
    let run = place.run(&["import", "--data", "data", "--json", "db"]);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let count = |name: &str| report[name].as_u64().unwrap();
    assert_eq!((count("added") + count("unchanged"), count("failed")), (RECORDS as u64, 0), "{}", run.out);
    let again = place.run(&["import", "--data", "data", "--json", "db"]);
    let report: serde_json::Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!((report["unchanged"].as_u64(), report["added"].as_u64()), (Some(RECORDS as u64), Some(0)));
}

/// A server that answers every request with these bytes.
fn hostile(answer: &'static [u8]) -> SocketAddr {
    counting(answer).0
}

/// The same, which counts how often it is asked.
fn counting(answer: &'static [u8]) -> (SocketAddr, Arc<Mutex<u32>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, asked) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(0)));
    let counted = asked.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            *counted.lock().unwrap() += 1;
            let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            let _ = stream.write_all(answer);
        }
    });
    (address, asked)
}

/// Each question to a source that is away may take a minute, in which no other source has its turn.
#[test]
fn a_repository_that_is_away_is_asked_once_a_turn() {
    let place = Place::new();
    let answer = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let (address, asked) = counting(answer);
    place.write(
        "data/sources.toml",
        &format!("[[source]]\nname = \"away\"\nfrom = \"git+http://{address}/x\"\n"),
    );
    // There is a repository already, as of a source that was there before.
    git(&place.folder(), &["init", "--quiet", "--bare", "data/sources/away"]);
    let run = place.run(&["sources", "--data", "data", "--run", "away"]);
    assert!(run.code == 1 && run.out.contains("503"), "{run:?}");
    assert_eq!(*asked.lock().unwrap(), 1);
}

/// A server that lies, or leads round in circles, costs its own source a turn and nothing else; and what
/// opens the address is told to nobody.
#[test]
fn a_hostile_server_costs_its_own_source_a_turn_and_tells_no_secret() {
    let answers: [(&[u8], &str); 6] = [
        (b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", "the server answers 500"),
        (b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "redirect"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nConnection: close\r\n\r\n{\"id\": ", ""),
        (b"\x00\x01\x02 no server of the web\r\n\r\n", ""),
        (b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{{{{{{{{{", "0 added"),
    ];
    let place = Place::new();
    place.write("upstream/PYSEC-2024-1.json", &osv("PYSEC-2024-1"));
    let ours = place.folder().join("upstream");
    let mut list = format!("[[source]]\nname = \"ours\"\nfrom = \"{}\"\n", ours.display());
    for (number, (answer, _)) in answers.iter().enumerate() {
        let address = hostile(answer);
        list += &format!(
            "[[source]]\nname = \"bad{number}\"\nfrom = \"http://user:opensesame@{address}/x.json\"\n"
        );
    }
    place.write("data/sources.toml", &list);
    for (number, (_, told)) in answers.iter().enumerate() {
        let run = place.run(&["sources", "--data", "data", "--run", &format!("bad{number}")]);
        assert_ne!(run.code, 0, "{run:?}");
        assert!(run.out.contains(told), "{run:?}");
        assert!(!format!("{run:?}").contains("opensesame"), "{run:?}");
    }
    let run = place.run(&["sources", "--data", "data", "--run", "ours"]);
    assert_eq!(run.code, 0, "{run:?}");
    let all = place.run(&["sources", "--data", "data"]);
    assert!(!format!("{all:?}").contains("opensesame") && !format!("{all:?}").contains("root:"), "{all:?}");
}
