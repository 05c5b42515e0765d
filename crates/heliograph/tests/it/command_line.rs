//! Help, settings, and what is said when something is wrong.

use crate::program::{Place, ended};
use std::net::TcpListener;

/// The commands that `--help` lists.
fn commands(help: &str) -> Vec<&str> {
    let listed = help.split_once("Commands:\n").unwrap().1.split_once("\n\n").unwrap().0;
    let names = listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect()
}

#[test]
fn help_shows_every_command_with_an_example() {
    let place = Place::new();
    let help = place.run(&["--help"]);
    let commands = commands(&help.out);
    assert_eq!(help.code, 0);
    assert!(commands.len() >= 8, "{}", help.out);
    let (_, examples) = help.out.split_once("Examples:\n").unwrap();
    for command in commands {
        let example = format!("heliograph {command}");
        assert!(examples.lines().any(|line| line.contains(&example)), "{command} has no example");
        let own = place.run(&[command, "--help"]);
        assert_eq!((own.code, own.err.as_str()), (0, ""));
        assert!(own.out.contains("Example") && own.out.contains(&example), "{}", own.out);
    }
}

#[test]
fn settings_say_where_they_come_from() {
    let place = Place::new();
    place.write("heliograph.toml", "zone = \"Europe/Berlin\"\nname = \"CERT Nord\"\nprefix = \"NORD\"\n");
    let mut command = place.command(&["config", "--listen", "127.0.0.1:7"]);
    command.env("HELIOGRAPH_PREFIX", "CERT").env("HELIOGRAPH_DATABASE", "postgres://u:hunter2@h/d");
    let run = ended(&mut command);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let line = |key: &str| {
        let line = run.out.lines().find(|line| line.starts_with(key)).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("zone"), "zone Europe/Berlin heliograph.toml");
    assert_eq!(line("prefix"), "prefix CERT HELIOGRAPH_PREFIX");
    assert_eq!(line("listen"), "listen 127.0.0.1:7 --listen");
    assert_eq!(line("origin"), "origin heliograph.invalid/log default");
    assert!(!run.out.contains("hunter2"), "a password of the database is not printed");
}

#[test]
fn every_command_reads_the_file_that_it_is_given() {
    let place = Place::new();
    let file = place.write("wrong.toml", "zone = \"Mars\"\n");
    for command in [
        &["serve"][..],
        &["demo"],
        &["import", "x.json"],
        &["query", "words"],
        &["verify"],
        &["backup", "--to", "a", "--keys-to", "b"],
        &["restore", "--from", "a", "--keys-from", "b", "--identity", "c"],
        &["user", "list"],
        &["rebuild"],
    ] {
        let run = place.run(&[&["--config", file.to_str().unwrap()], command].concat());
        assert_eq!(run.code, 2, "{command:?}: {run:?}");
        assert!(run.err.contains("setting zone \"Mars\" (from"), "{command:?}: {run:?}");
        assert_eq!((run.err.lines().count(), run.out.as_str()), (1, ""), "{command:?}");
    }
}

#[test]
fn a_port_in_use_costs_one_clear_line_and_nothing_else() {
    let place = Place::new();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    for command in ["serve", "demo"] {
        let run = place.run(&[command, "--data", "data", "--listen", &address]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
        assert_eq!(run.err.lines().count(), 1, "{run:?}");
        assert!(run.err.starts_with(&format!("heliograph: cannot listen on {address}: ")), "{run:?}");
        assert!(run.err.contains("choose another with --listen"), "{run:?}");
    }
    assert!(!place.data().exists(), "nothing was made");
}
