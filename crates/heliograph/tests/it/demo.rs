//! `heliograph demo`: it starts, its pages answer, and what it leaves behind verifies.

use crate::program::Place;

const PASSWORD: &str = "demo password, not secret";

#[test]
fn the_invented_centre_answers_ends_and_verifies() {
    let place = Place::new();
    let mut command = place.command(&["demo", "--data", "data"]);
    // Only what is given to the demo itself is its database.
    command.env_remove("HELIOGRAPH_DATABASE");
    command.args(place.database().map(|url| format!("--database={url}")));
    let mut server = place.start("demo", &mut command);
    assert!(server.out().contains(PASSWORD));

    let anyone = server.browser();
    for path in [
        "/",
        "/?q=paperboat",
        "/v/EXAMPLE-2026-0101",
        "/advisories",
        "/report",
        "/my",
        "/login",
        "/log",
        "/healthz",
        "/readyz",
        "/.well-known/security.txt",
        "/api/v1/openapi.json",
        "/log/checkpoint",
        "/log/key",
        "/v1/vulns/EXAMPLE-2026-0101",
    ] {
        assert_eq!(anyone.get(path).status, 200, "{path}");
    }
    assert_eq!(anyone.get("/demo").status, 200);
    for (login, paths) in [
        ("keller", &["/desk", "/deadlines", "/organisations", "/account"][..]),
        ("nordwind", &["/vendor"]),
        ("admin", &["/accounts"]),
        ("auditor", &["/reads"]),
        ("silva", &["/vetting", "/vetting/cases", "/vetting/expiries", "/me"]),
        ("lindgren", &["/programme", "/requests"]),
        ("helix", &["/partner"]),
    ] {
        let browser = server.browser();
        // As the button on the demo's own page does it.
        let people = browser.get("/demo").body;
        let form = people.split_once(&format!("value=\"{login}\"")).unwrap().1;
        let code = form.split_once("name=\"code\" value=\"").unwrap().1.split('"').next().unwrap();
        assert!(browser.sign_in(login, PASSWORD, code), "{login}");
        for path in paths {
            assert_eq!(browser.get(path).status, 200, "{login} {path}");
        }
        assert_eq!(anyone.get(paths[0]).status, 303, "{} is not for anyone", paths[0]);
    }

    assert!(server.stop().success());
    assert_eq!(server.err(), "", "nothing to complain of");
    let run = place.run(&["verify", "--data", "data"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.ends_with("Everything is as it was written.\n"), "{run:?}");

    // A second one does not go into the first, nor into a real one.
    if place.database().is_none() {
        let run = place.run(&["demo", "--data", "data", "--listen", "127.0.0.1:0"]);
        assert_eq!((run.code, run.err.lines().count()), (2, 1), "{run:?}");
        assert!(run.err.contains("there is a centre in data already"), "{run:?}");
    }
}

#[test]
fn a_folder_that_nobody_named_is_thrown_away_and_nothing_real_is_touched() {
    let place = Place::new();
    place.write(
        "heliograph.toml",
        "database = \"postgres://nobody@127.0.0.1:1/real\"\nkeys = \"real-keys\"\n",
    );
    let mut command = place.command(&["demo"]);
    command.env_remove("HELIOGRAPH_DATABASE");
    let mut server = place.start("demo", &mut command);
    let out = server.out();
    let folder = out.split_once("centre in ").unwrap().1.split(' ').next().unwrap().to_owned();
    assert!(std::path::Path::new(&folder).join("heliograph.db").exists(), "{folder}");
    assert!(server.stop().success());
    assert!(!std::path::Path::new(&folder).exists(), "{folder}");
    assert!(!place.folder().join("real-keys").exists());
}
