//! A folder of profiles that changes under a centre which is there already.

use crate::main_job::{PASSWORD, person, program};
use crate::program::{Place, Server};
use crate::wire::Browser;
use serde_json::json;
use std::fs;

/// When the acknowledgement of the only report is due, as the list of the centre has it.
fn due(server: &Server, desk: &Browser) -> jiff::Timestamp {
    let program = program(server, desk, &["follow-deadlines"]);
    let all = program.get("/api/v1/deadlines").json();
    let found = all.as_array().unwrap().iter().find(|clock| clock["duty"] == "acknowledge");
    let found = found.unwrap_or_else(|| panic!("no such clock in {all}"));
    found["due"].as_str().unwrap().parse().unwrap()
}

/// The policy of the centre with other days for the acknowledgement.
fn policy(days: &str) -> String {
    let (_, text) = clocks::builtin().iter().find(|(id, _)| *id == "centre").unwrap();
    assert!(text.contains("\"P7D\""));
    text.replacen("\"P7D\"", &format!("\"{days}\""), 1)
}

/// Clocks in lists are those of the rules in use: when these change, the lists are made anew at the next
/// start, the journal stays as it is, and what verifies reckons by the same rules.
#[test]
fn a_changed_folder_of_profiles_counts_from_the_next_start_on() {
    let place = Place::new();
    let mut server = place.serve("shipped");
    let desk = person(&place, &server, "ada", "Ada", &["--role", "coordinator"]);
    let (_, mut codes) = desk.second_factor();
    let text = json!({ "product": "Lamp", "description": "The wick is too long." });
    let sent = server.browser().post_json("/api/v1/reports", &json!({ "report": text })).unwrap();
    assert_eq!(sent.status, 201, "{}", sent.body);
    let seven = due(&server, &desk);
    server.stop();

    for (name, days, earlier) in [("three", "P3D", 4), ("two", "P2D", 5)] {
        place.write("data/profiles/centre.toml", &policy(days));
        let mut server = place.serve(name);
        let desk = again(&server, &mut codes);
        assert_eq!(seven.duration_since(due(&server, &desk)).as_hours(), 24 * earlier, "{name}");
        server.stop();
        let verified = place.run(&["verify", "--data", "data"]);
        assert_eq!(verified.code, 0, "{verified:?}");
    }
    // A folder that cannot be read as a whole starts nothing and changes nothing.
    let bad = place.write("data/profiles/other.toml", "schema = \"profile/1\"\nid = 7\n");
    let refused = place.run(&["serve", "--data", "data", "--listen", "127.0.0.1:0"]);
    assert!(refused.code != 0 && refused.err.contains("other.toml"), "{refused:?}");
    fs::remove_file(bad).unwrap();
    fs::remove_dir_all(place.data().join("profiles")).unwrap();
    let server = place.serve("shipped again");
    assert_eq!(due(&server, &again(&server, &mut codes)), seven);
}

/// Signs in once more, with a recovery code.
fn again(server: &Server, codes: &mut Vec<String>) -> Browser {
    let browser = server.browser();
    assert!(browser.sign_in("ada", PASSWORD, &codes.pop().unwrap()));
    browser
}
