//! One invented advisory that uses every field.

use formats::advisory::*;
use formats::record::Status;

pub(in crate::advisories) fn advisory() -> Advisory {
    Advisory {
        id: "HEL-2026-000123".into(),
        cves: vec!["CVE-1900-0042".into()],
        aliases: vec!["NW-SA-26-07".into()],
        title: "Path traversal in the update service of Nordwind Gateway".into(),
        summary: "The update service of Nordwind Gateway unpacks archives without checking file names.".into(),
        description: "An archive with \"..\" in its file names is unpacked outside of the update folder. The update \
                      service runs with administrative rights and accepts archives from the local network.\n\n\
                      Gateways that take updates from the vendor's server alone are not affected."
            .into(),
        impact: Some("An attacker in the local network can replace any file of the gateway.".into()),
        products: vec![gateway(), library()],
        severities: vec![
            vector("CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
            vector("CVSS:4.0/AV:A/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:P"),
        ],
        ssvc: Some("SSVCv2/E:P/A:Y/T:T/P:M/B:A/M:H/D:A/2026-10-01T08:00:00Z/".into()),
        weaknesses: vec![
            weakness("CWE-22", "Improper Limitation of a Pathname to a Restricted Directory ('Path Traversal')"),
            weakness("CWE-250", "Execution with Unnecessary Privileges"),
        ],
        references: vec![
            link(
                LinkKind::Canonical,
                "https://cvd.example.org/.well-known/csaf/white/2026/hel-2026-000123.json",
                Some("This advisory as CSAF"),
            ),
            link(LinkKind::Canonical, "https://cvd.example.org/advisories/HEL-2026-000123", None),
            link(LinkKind::Advisory, "https://psirt.nordwind.example/NW-SA-26-07", Some("Nordwind's own advisory")),
            link(LinkKind::Fix, "https://git.kestrel.example/unpack/commit/4711", None),
        ],
        acknowledgements: vec![
            thanks(Some("Ada Beispiel"), Some("Kestrel Systems"), CreditKind::Finder),
            thanks(None, Some("Nordwind GmbH"), CreditKind::RemediationDeveloper),
        ],
        exploited: Some(Exploitation {
            evidence: "Attempts were seen in sensors of two operators.".into(),
            first_seen: Some("2026-09-28T11:30:00Z".parse().unwrap()),
        }),
        tlp: Tlp::Clear,
        revisions: vec![
            revision(1, "2026-10-01T08:00:00Z", "First release"),
            revision(2, "2026-10-05T09:15:00Z", "Fixed version of the library added"),
        ],
        initial_release: "2026-10-01T08:00:00Z".parse().unwrap(),
        current_release: "2026-10-05T09:15:00Z".parse().unwrap(),
        publisher: Publisher {
            name: "Example Coordination Centre".into(),
            namespace: "https://cvd.example.org".into(),
            contact: Some("cvd@example.org".into()),
            cve_organisation: Some(CveOrganisation {
                id: "7d1f3a52-9a0e-4c39-8a53-0c1de0a6ab10".into(),
                short_name: "example-cc".into(),
            }),
        },
        language: "en".into(),
    }
}

fn gateway() -> Product {
    Product {
        vendor: "Nordwind GmbH".into(),
        product: "Nordwind Gateway".into(),
        package: None,
        versions: vec![
            versions(
                Which::Before { introduced: Some("4.0".into()), fixed: "4.2.1".into() },
                Status::Affected,
                None,
            ),
            versions(Which::Exact("4.2.1".into()), Status::Fixed, None),
            versions(
                Which::UpTo { introduced: None, last_affected: "3.9".into() },
                Status::UnderInvestigation,
                None,
            ),
        ],
        remediations: vec![
            Remediation {
                category: RemediationCategory::VendorFix,
                details: "Update to 4.2.1.".into(),
                url: Some("https://psirt.nordwind.example/4.2.1".into()),
            },
            Remediation {
                category: RemediationCategory::Mitigation,
                details: "Switch off \"updates from the local network\".".into(),
                url: None,
            },
        ],
        statement: Some("We thank the finder and recommend to update at once.".into()),
    }
}

fn library() -> Product {
    Product {
        vendor: "Kestrel Systems".into(),
        product: "unpack".into(),
        package: Some(Package {
            ecosystem: "PyPI".into(),
            name: "kestrel-unpack".into(),
            purl: Some("pkg:pypi/kestrel-unpack".into()),
        }),
        versions: vec![
            versions(Which::Before { introduced: None, fixed: "1.10".into() }, Status::Affected, None),
            versions(Which::Exact("2.0rc1".into()), Status::Affected, Some("python")),
        ],
        remediations: vec![Remediation {
            category: RemediationCategory::NoneAvailable,
            details: "A fix of release 2.0 is being prepared.".into(),
            url: None,
        }],
        statement: None,
    }
}

fn versions(which: Which, status: Status, version_type: Option<&str>) -> Versions {
    Versions { which, status, version_type: version_type.map(str::to_owned) }
}

fn vector(vector: &str) -> Vector {
    Vector { vector: vector.into() }
}

fn weakness(id: &str, name: &str) -> Weakness {
    Weakness { id: id.into(), name: name.into() }
}

fn link(kind: LinkKind, url: &str, summary: Option<&str>) -> Link {
    Link { kind, url: url.into(), summary: summary.map(str::to_owned) }
}

fn thanks(name: Option<&str>, organisation: Option<&str>, kind: CreditKind) -> Acknowledgement {
    Acknowledgement { name: name.map(str::to_owned), organisation: organisation.map(str::to_owned), kind }
}

fn revision(number: u32, date: &str, summary: &str) -> Revision {
    Revision { number, date: date.parse().unwrap(), summary: summary.into() }
}
