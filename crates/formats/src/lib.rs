//! Wire formats of vulnerability records: CVE, OSV, CSAF, KEV, CVSS. Read leniently, write strictly. Pure.
