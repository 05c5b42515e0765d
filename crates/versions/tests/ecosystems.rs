//! One matcher for every ecosystem: small records as databases write them, asked through OSV's
//! names with and without a release.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use versions::{Affected, Ecosystem, Verdict, affected};

/// Y, N or ? for each version, where the flaw came with `introduced` and went with `fixed`.
fn answers(ecosystem: &str, introduced: &str, fixed: &str, versions: &[&str]) -> String {
    let json = format!(
        r#"{{"package":{{"ecosystem":"{ecosystem}","name":"x"}},"ranges":[{{"type":"ECOSYSTEM",
        "events":[{{"introduced":"{introduced}"}},{{"fixed":"{fixed}"}}]}}]}}"#
    );
    let by: Affected<String> = serde_json::from_str(&json).unwrap();
    let ecosystem = Ecosystem::parse(ecosystem).unwrap();
    let letter = |version: &&str| match affected(&ecosystem, version, &by) {
        Verdict::Yes(_) => 'Y',
        Verdict::No => 'N',
        Verdict::Unknown => '?',
    };
    versions.iter().map(letter).collect()
}

#[test]
fn each_ecosystem_is_asked_in_its_own_order() {
    for (ecosystem, introduced, fixed, versions, expected) in [
        ("Maven", "2.0-beta9", "2.15.0", ["2.0-beta8", "2.0-rc1", "2.15.0-rc1", "2.15", "latest"], "NYYN?"),
        ("NuGet", "1.0.0-Beta", "2.0", ["1.0.0-alpha", "1.0.0-BETA", "1.9.9.9", "2.0.0.0", "v2"], "NYYN?"),
        ("RubyGems", "1.0.b1", "1.2", ["1.0.a", "1.0", "1.2.rc1", "1.2.0", "x86"], "NYYN?"),
        ("Packagist", "1.0", "2.0", ["1.0-RC1", "v1.0", "2.0-beta1", "2.0.0.0", "dev-main"], "NYYN?"),
        ("Hex", "1.0.0", "1.2.0", ["1.0.0-rc.1", "1.0.0+b", "1.2.0-dev", "1.2.0", "1.1"], "NYYN?"),
        ("Pub", "1.0.0+1", "1.2.0", ["1.0.0", "1.0.0+2", "1.2.0-0", "1.2.0", "any"], "NYYN?"),
        ("Julia", "1.0", "1.2.0+3", ["1.0-rc1", "1.0", "1.2.0+2", "1.2.0+3", "nightly"], "NYYN?"),
        ("CRAN", "1.0-1", "1.2", ["1.0", "1.0.1", "1.1-9", "1.2", "devel"], "NYYN?"),
        ("Hackage", "1.0", "1.0.10", ["1", "1.0.0", "1.0.9", "1.0.10", "1.0-x"], "NYYN?"),
        (
            "Debian:12",
            "1.0",
            "1:1.2-3+deb12u2",
            ["1.0~rc1-1", "1.0-1", "1:1.2-3", "1:1.2-3+deb12u2", "sid"],
            "NYYN?",
        ),
        (
            "Ubuntu:22.04:LTS",
            "1.0",
            "1.2-3ubuntu0.2",
            ["1.0~1", "1.0-1", "1.2-3ubuntu0.1", "1.2-4", "jammy"],
            "NYYN?",
        ),
        (
            "Alpine:v3.18",
            "1.0-r0",
            "1.2.1-r3",
            ["1.0_rc1", "1.0-r0", "1.2.1-r2", "1.2.1-r10", "edge"],
            "NYYN?",
        ),
        (
            "Red Hat:enterprise_linux:9::baseos",
            "0:1.0-1",
            "1:1.2-3.el9",
            ["1.0~rc1-1", "9.9-1", "1:1.2-2.el9", "1:1.2-3.el9", "rhel"],
            "NYYN?",
        ),
        (
            "SUSE:Linux Enterprise Server 15 SP5",
            "1.0",
            "1.2-150500.3.2",
            ["1.0~b", "1.0", "1.2-150500.3.1", "1.2-150500.3.10", "sle"],
            "NYYN?",
        ),
        ("AlmaLinux:9", "1.0", "1.2-3.el9_2", ["1.0~b", "1.0", "1.2-3.el9", "1.2-3.el9_3", "alma"], "NYYN?"),
        ("ConanCenter", "1.0", "1.1.1t", ["1.0-pre", "1.0", "1.1.1s", "1.1.1t", "a/b"], "NYYN?"),
        ("opam", "4.08", "4.14.1", ["4.08~rc1", "4.08", "4.14.1~b", "4.14.1", "trunk"], "NYYN?"),
    ] {
        assert_eq!(answers(ecosystem, introduced, fixed, &versions), expected, "{ecosystem}");
    }
}

/// OSV.dev, `osv/ecosystems`: who packs what others made orders it as they do.
#[test]
fn what_is_packed_is_asked_in_the_order_of_what_it_was() {
    for (ecosystem, introduced, fixed, versions, expected) in [
        ("GHC", "9.4.1-alpha1", "9.4.2", ["9.2.8", "9.4.1-rc1", "9.4.1", "9.4.2", "head"], "NYYN?"),
        (
            "Echo:npm",
            "1.0.0",
            "1.2.0+echo.2",
            ["1.0.0-0", "1.0.0", "1.2.0+echo.1", "1.2.0+echo.2", "^1"],
            "NYYN?",
        ),
        (
            "Root:Debian:12",
            "1.0",
            "1.2-3.root.io.2",
            ["1.0~b", "1.0-1", "1.2-3.root.io.1", "1.2-4", "sid"],
            "NYYN?",
        ),
        (
            "TuxCare:Alpine:v3.16",
            "1.0-r0",
            "1.2-r3",
            ["1.0_rc1", "1.0-r0", "1.2-r2", "1.2-r10", "edge"],
            "NYYN?",
        ),
    ] {
        assert_eq!(answers(ecosystem, introduced, fixed, &versions), expected, "{ecosystem}");
    }
}
