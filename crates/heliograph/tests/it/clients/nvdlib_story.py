"""nvdlib, whose address is fixed: only the request is turned to this centre."""

import sys

import requests

BASE = sys.argv[1]
ask = requests.get


def get(url, **arguments):
    return ask(url.replace("https://services.nvd.nist.gov", BASE), **arguments)


requests.get = get
import nvdlib  # noqa: E402

# A key only lets the client wait for less long between two requests.
quick = {"key": "none", "delay": 0.6}

[one] = nvdlib.searchCVE(cveId="CVE-2024-0001", **quick)
assert one.id == "CVE-2024-0001" and one.score == ["V31", 9.8, "CRITICAL"], one.score
assert one.v31attackVector == "NETWORK" and one.v31exploitability == 3.9 and one.v31impactScore == 5.9
assert one.cwe[0].value == "CWE-122" and one.cpe[0].criteria == "cpe:2.3:a:acme:router:*:*:*:*:*:*:*:*"
assert one.cpe[0].versionEndExcluding == "2.0" and one.cisaExploitAdd == "2024-04-04"
assert one.published == "2024-02-02T00:00:00.000" and one.sourceIdentifier == "acme"


def ids(**arguments):
    return [cve.id for cve in nvdlib.searchCVE(**arguments, **quick)]


both = ["CVE-2024-0001", "CVE-2024-0002"]
assert ids() == both
assert ids(limit=1) == both[:1]
assert ids(keywordSearch="heap router") == both
assert ids(keywordSearch="overflow heap", keywordExactMatch=True) == []
assert ids(hasKev=True) == both[:1]
assert ids(cvssV3Severity="CRITICAL") == both and ids(cvssV3Severity="LOW") == []
assert ids(cvssV3Metrics="AV:N/AC:L") == both and ids(cvssV3Metrics="AV:P") == []
assert ids(cvssV2Metrics="AV:N") == [], "there is no score of version 2"
assert ids(hasCertNotes=True) == both[1:] and ids(hasCertAlerts=True) == [] and ids(hasOval=True) == []
assert ids(cweId="CWE-122") == both and ids(cweId="CWE-79") == []
assert ids(pubStartDate="2024-05-01 00:00", pubEndDate="2024-05-31 00:00") == both[1:]
assert ids(cpeName="cpe:2.3:a:acme:router:1.5.0:*:*:*:*:*:*:*") == both
assert ids(cpeName="cpe:2.3:a:acme:router:2.2.0:*:*:*:*:*:*:*", isVulnerable=True) == both[1:]
assert ids(virtualMatchString="cpe:2.3:a:acme:router") == both
router = {"virtualMatchString": "cpe:2.3:a:acme:router"}
assert ids(**router, versionStart="2.2", versionStartType="including") == both[1:]
assert ids(**router, versionEnd="1.0", versionEndType="excluding") == []
assert ids(noRejected=True, sourceIdentifier="acme") == both
assert [cve.id for cve in nvdlib.searchCVE_V2(limit=2, **quick)] == both

[name] = nvdlib.searchCPE(keywordSearch="acme", **quick)
assert name.cpeName == "cpe:2.3:a:acme:router:*:*:*:*:*:*:*:*", name
matches = nvdlib.searchCPEmatch(cveId="CVE-2024-0002", **quick)
assert [match.versionEndExcluding for match in matches] == ["2.5"], matches
[match] = nvdlib.searchCPEmatch(matchCriteriaId=matches[0].matchCriteriaId, **quick)
assert match.versionEndExcluding == "2.5", match
changes = list(nvdlib.searchCVEHistory(cveId="CVE-2024-0002", **quick))
assert [change.eventName for change in changes] == ["New CVE Received", "CVE Modified"], changes
details = [(detail.action, detail.type) for detail in changes[1].details]
assert ("Added", "Affected") in details and ("Removed", "Affected") in details, details
assert [source.name for source in nvdlib.searchSource(**quick)] == ["acme"]

try:
    nvdlib.searchCVE(cvssV3Metrics="AV:Q", **quick)
    raise SystemExit("what is no metric has to be refused")
except requests.HTTPError as refused:
    assert "cvssV3Metrics: base metrics of CVSS 3 are expected" in str(refused), refused

print("all of it works")
