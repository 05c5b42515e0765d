"""pyvulnerabilitylookup, as its users call it."""

import sys
from datetime import date

from requests import HTTPError

from pyvulnerabilitylookup import CISA_KEV_ORIGIN, PyVulnerabilityLookup

lookup = PyVulnerabilityLookup(sys.argv[1])
assert lookup.is_up and lookup.redis_up()

one = lookup.get_vulnerability("cve-2024-0001")
assert one["cveMetadata"]["cveId"] == "CVE-2024-0001", one
assert "message" in lookup.get_vulnerability("CVE-1999-9999")

names = [record.get("id") or record["cveMetadata"]["cveId"] for record in lookup.get_last(2)]
assert names == ["CVE-2024-0002", "PYSEC-2024-1"], names
assert len(lookup.get_last(10, source="cvelistv5")) == 2
assert [record["id"] for record in lookup.get_recent(date(2024, 5, 1), source="osv")] == ["PYSEC-2024-1"]

assert lookup.get_vendors() == ["acme"]
assert lookup.get_vendor_products("acme") == ["router"]
found = lookup.get_vendor_product_vulnerabilities("acme", "router")
assert [name for name, record in found["cvelistv5"]] == ["cve-2024-0002", "cve-2024-0001"], found
assert len(list(lookup.get_vendor_product_vulnerabilities_iter("acme", "router", with_source=True))) == 2
found = lookup.get_vulnerabilities_by_cpe("cpe:2.3:a:acme:router:2.2.0:*:*:*:*:*:*:*")
assert [name for name, record in found["cvelistv5"]] == ["cve-2024-0002"], "the version counts"

kevs = list(lookup.get_kevs_iter(vuln_id="CVE-2024-0001"))
assert [kev["vulnerability"]["vulnId"] for kev in kevs] == ["CVE-2024-0001"], kevs
assert lookup.get_kev(kevs[0]["uuid"]) == kevs[0]
assert len(list(lookup.get_kevs_iter(origin=CISA_KEV_ORIGIN, exploited=True))) == 1
assert lookup.get_kevs(exploited=False)["data"] == []
assert lookup.get_kev_by_origin(CISA_KEV_ORIGIN, "CVE-2024-0001") == kevs[0]
assert "message" in lookup.get_kev("405284c2-e461-4670-8979-7fd2c9755a60")
for empty in [lookup.get_organizations(), lookup.get_products(), lookup.get_emb3ds(), lookup.get_gcves(), lookup.get_capecs()]:
    assert empty["data"] == [], empty
assert lookup.most_sighted_vulnerabilities() == [] and lookup.most_commented_vulnerabilities() == []
for closed in [lookup.get_pg_info(), lookup.check_process(), lookup.check_smtp()]:
    assert closed == {"Error": "Authentication required."}, closed
try:
    raise SystemExit(f"nobody is signed in: {lookup.get_user_information()}")
except HTTPError as refused:
    assert refused.response.status_code == 401, refused
assert lookup.get_gcve_registry_integrity() is False and lookup.get_emb3d("TID-101") is None
for missing in [lookup.get_sighting("x"), lookup.get_comment("x"), lookup.get_bundle("x")]:
    assert "message" in missing, missing
assert lookup.get_config_info()["registration"] is False
assert lookup.get_sightings()["data"] == [] and lookup.get_comments()["data"] == []
assert lookup.get_info()["db_sizes"] == {"cvelistv5": 2, "osv": 1, "kev": 1}, lookup.get_info()

print("all of it works")
