//! The interfaces of others, the files for mirrors, and the pages of names. What real clients make of
//! them is tried in `tests/it/clients.rs`.

use super::Centre;
use super::fixtures::{cve, import, kev, osv};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use sha2::{Digest, Sha256};
use std::io::Read;
use tower::ServiceExt;

fn some() -> Centre {
    Centre::with(&[
        osv("PYSEC-2024-1", "django", "3.2.4", "2024-05-05"),
        osv("PYSEC-2024-2", "flask", "1.0", "2024-06-06"),
        cve("CVE-2024-1"),
        kev(&["CVE-2024-1"], "2024-05-05"),
    ])
}

async fn bytes(centre: &Centre, path: &str, name: &str, value: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    let (router, _) = crate::router::routes(&centre.app);
    let request = Request::get(path).header(name, value).body(Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    (status, headers, to_bytes(response.into_body(), 64 << 20).await.unwrap().to_vec())
}

async fn json(centre: &Centre, path: &str) -> serde_json::Value {
    let (status, _, body) = centre.get(path).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    serde_json::from_str(&body).unwrap()
}

#[tokio::test]
async fn the_dump_of_osv_is_an_archive_that_can_be_had_in_parts() {
    let centre = some();
    let (status, headers, whole) = bytes(&centre, "/osv/PyPI/all.zip", "x-none", "").await;
    assert_eq!((status, headers[header::CONTENT_TYPE].as_bytes()), (StatusCode::OK, &b"application/zip"[..]));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&whole)).unwrap();
    let mut text = String::new();
    archive.by_name("PYSEC-2024-1.json").unwrap().read_to_string(&mut text).unwrap();
    assert_eq!((archive.len(), text), (2, osv("PYSEC-2024-1", "django", "3.2.4", "2024-05-05")));
    let (status, part_headers, part) = bytes(&centre, "/osv/PyPI/all.zip", "range", "bytes=4-9").await;
    assert_eq!((status, part.as_slice()), (StatusCode::PARTIAL_CONTENT, &whole[4..10]));
    assert_eq!(part_headers[header::CONTENT_RANGE], format!("bytes 4-9/{}", whole.len()).as_str());
    let (status, ..) = bytes(&centre, "/osv/PyPI/all.zip", "range", "bytes=999999-").await;
    assert_eq!(status, StatusCode::RANGE_NOT_SATISFIABLE);
    for (name, known) in [("if-none-match", header::ETAG), ("if-modified-since", header::LAST_MODIFIED)] {
        let (status, _, body) =
            bytes(&centre, "/osv/PyPI/all.zip", name, headers[known].to_str().unwrap()).await;
        assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0), "{name}");
    }
}

#[tokio::test]
async fn dates_of_change_are_listed_the_latest_first() {
    let centre = some();
    let (_, _, body) = centre.get("/osv/PyPI/modified_id.csv").await;
    assert_eq!(body, "2024-06-06T00:00:00Z,PYSEC-2024-2\n2024-05-05T00:00:00Z,PYSEC-2024-1\n");
    let (_, _, body) = centre.get("/osv/modified_id.csv").await;
    assert!(body.starts_with("2024-06-06T00:00:00Z,PyPI/PYSEC-2024-2\n"), "{body}");
    assert_eq!(centre.get("/osv/ecosystems.txt").await.2, "PyPI\n");
    let (_, _, body) = centre.get("/osv/PyPI/PYSEC-2024-2.json").await;
    assert_eq!(body, osv("PYSEC-2024-2", "flask", "1.0", "2024-06-06"));
    for path in ["/osv/npm/all.zip", "/osv/other.zip", "/osv/PyPI/..%2f..%2fkeys", "/osv/PyPI/NONE-1.json"] {
        assert_eq!(centre.get(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_feed_of_nvd_is_what_its_meta_file_says() {
    let centre = some();
    let place = "/feeds/json/cve/2.0/nvdcve-2.0-2024";
    let (_, _, packed) = bytes(&centre, &format!("{place}.json.gz"), "x-none", "").await;
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut text).unwrap();
    let feed: serde_json::Value = serde_json::from_slice(&text).unwrap();
    assert_eq!((&feed["format"], &feed["totalResults"]), (&"NVD_CVE".into(), &1.into()));
    assert_eq!(feed["vulnerabilities"][0]["cve"]["cisaExploitAdd"], "2024-04-04");
    let hash: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02X}")).collect();
    let (_, _, meta) = centre.get(&format!("{place}.meta")).await;
    assert!(
        meta.contains(&format!("sha256:{hash}\r\n")) && meta.contains(&format!("size:{}\r\n", text.len())),
        "{meta}"
    );
    for odd in ["nvdcve-2.0-1.json.gz", "nvdcve-2.0-..meta", "x.meta", "nvdcve-2.0-2024.xml"] {
        assert_eq!(centre.get(&format!("/feeds/json/cve/2.0/{odd}")).await.0, StatusCode::NOT_FOUND, "{odd}");
    }
}

#[tokio::test]
async fn nvd_refuses_with_its_own_shape() {
    let centre = some();
    for (query, message) in [
        ("cves/2.0?hasOvals", "a parameter that is not read here"),
        ("cves/2.0?resultsPerPage=5000", "resultsPerPage: 5000, at most 2000"),
        ("cves/2.0?cpeName=nonsense", "cpeName: a CPE name with vendor or product is expected"),
        ("cves/2.0?pubStartDate=2024-01-01T00:00:00.000", "pubStartDate and pubEndDate go together"),
        (
            "cpematch/2.0?cveId=CVE-2024-1&matchStringSearch=cpe:2.3:a:acme",
            "cveId, matchStringSearch or matchCriteriaId is expected, at most one of them",
        ),
        ("cvehistory/2.0?changeStartDate=x&changeEndDate=y", "changeStartDate: a date such as"),
        (
            "cves/2.0/?lastModStartDate=2024-01-01T00:00:00.000&lastModEndDate=2024-12-31T00:00:00.000",
            "lastModStartDate to lastModEndDate: more than 120 days",
        ),
    ] {
        let (status, headers, body) = centre.get(&format!("/rest/json/{query}")).await;
        let said = headers["message"].to_str().unwrap();
        assert_eq!((status, body.as_str()), (StatusCode::NOT_FOUND, ""), "{query}");
        assert!(said.starts_with(message), "{query}: {said}");
    }
    let page = json(&centre, "/rest/json/cves/2.0?startIndex=4000000000").await;
    assert_eq!((&page["totalResults"], &page["resultsPerPage"]), (&1.into(), &0.into()));
}

#[tokio::test]
async fn where_nvd_has_a_record_it_speaks_for_the_id_once() {
    let centre = some();
    let item = r#"{"cve": {"id": "CVE-2024-1", "sourceIdentifier": "acme", "published": "2024-02-02T00:00:00.000",
        "lastModified": "2024-04-01T00:00:00.000", "vulnStatus": "Analyzed",
        "descriptions": [{"lang": "en", "value": "As NVD tells it."}], "metrics": {}, "references": [],
        "configurations": [{"nodes": [{"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": true,
            "criteria": "cpe:2.3:a:acme:router:*:*:*:*:*:*:*:*", "versionEndExcluding": "2.0",
            "matchCriteriaId": "00000000-0000-4000-8000-000000000000"}]}]}]}}"#;
    let path = centre.folder.file("nvd.json", item);
    assert_eq!(import(&centre.app.catalogue, &[path]).bad, []);
    let page = json(&centre, "/rest/json/cves/2.0").await;
    assert_eq!(page["totalResults"], 1, "{page}");
    let cve = &page["vulnerabilities"][0]["cve"];
    assert_eq!(cve["descriptions"][0]["value"], "As NVD tells it.");
    assert_eq!(cve["configurations"][0]["nodes"][0]["cpeMatch"][0]["versionEndExcluding"], "2.0");
    let by_name = json(&centre, "/rest/json/cves/2.0?cpeName=cpe:2.3:a:acme:router:1.5:*:*:*:*:*:*:*").await;
    assert_eq!(by_name["totalResults"], 1, "{by_name}");
}

#[tokio::test]
async fn known_exploited_ones_are_listed_as_cisa_does() {
    let centre = some();
    let list = json(&centre, "/feeds/known_exploited_vulnerabilities.json").await;
    assert_eq!((&list["count"], &list["vulnerabilities"][0]["cveID"]), (&1.into(), &"CVE-2024-1".into()));
    assert_eq!(list["vulnerabilities"][0]["knownRansomwareCampaignUse"], "Known");
}

#[tokio::test]
async fn euvds_shape_has_items_and_a_total() {
    let centre = some();
    let found = json(&centre, "/api/search?vendor=acme&fromScore=9&exploited=true&size=1").await;
    assert_eq!((&found["total"], &found["items"][0]["id"]), (&1.into(), &"CVE-2024-1".into()));
    assert_eq!(found["items"][0]["datePublished"], "Feb 2, 2024, 12:00:00 AM");
    assert_eq!(found["items"][0]["references"], "https://example.org/router\n");
    assert_eq!(json(&centre, "/api/search?toDate=2024-01-15&text=flaw").await["total"], 2);
    assert_eq!(json(&centre, "/api/criticalvulnerabilities").await.as_array().unwrap().len(), 1);
    assert_eq!(json(&centre, "/api/enisaid?id=cve-2024-1").await["baseScore"], 9.8);
    assert_eq!(centre.get("/api/search?fromDate=soon").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    // Clients send every parameter; one that is not read would give too much.
    let all = json(&centre, "/api/search?fromEpss=0&toEpss=100&product=&text=").await;
    assert_eq!(all["total"], json(&centre, "/api/search").await["total"]);
    assert_eq!(json(&centre, "/api/search?fromUpdatedDate=2024-06-01&text=flaw").await["total"], 1);
    assert_eq!(json(&centre, "/api/search?toUpdatedDate=2024-06-01&text=flaw").await["total"], 1);
    assert_eq!(centre.get("/api/enisaid?id=CVE-1999-1").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn likelihoods_weaknesses_and_patterns_are_asked_one_by_one() {
    let centre = Centre::with(&[cve("CVE-2024-0001")]);
    let scores = "#model_version:v1,score_date:2026-11-02T00:00:00+0000\ncve,epss,percentile\nCVE-2024-0001,0.25,0.9\n";
    let weaknesses = r#"<Weakness_Catalog Name="CWE" Version="1" Date="2026-01-01"><Weaknesses><Weakness ID="79" Name="Glare"
        Abstraction="Base" Status="Draft"><Description>Light.</Description></Weakness></Weaknesses></Weakness_Catalog>"#;
    let files = [centre.folder.file("epss.csv", scores), centre.folder.file("cwe.xml", weaknesses)];
    assert_eq!(import(&centre.app.catalogue, &files).bad, []);
    let found = json(&centre, "/api/epss/cve-2024-0001").await;
    assert_eq!(
        (&found["data"][0]["epss"], &found["data"][0]["date"]),
        (&"0.250000000".into(), &"2026-11-02".into())
    );
    assert_eq!(json(&centre, "/api/epss/CVE-2024-0009").await["data"], serde_json::json!([]));
    assert_eq!(json(&centre, "/api/enisaid?id=CVE-2024-0001").await["epss"], 25.0);
    // EUVD's `fromEpss` and `toEpss`: per cent, both ends included.
    for (asked, total) in [
        ("fromEpss=25", 1),
        ("fromEpss=25.1", 0),
        ("toEpss=25", 1),
        ("toEpss=24.9", 0),
        ("fromEpss=0&toEpss=100", 1),
    ] {
        assert_eq!(json(&centre, &format!("/api/search?{asked}")).await["total"], total, "{asked}");
    }
    let found = json(&centre, "/api/v1/records?q=epss%3E%3D0.2&order=likeliest").await;
    assert_eq!((&found["records"][0]["epss"], &found["total"]), (&0.25.into(), &1.into()));
    let (_, _, page) = centre.get("/?q=epss%3E%3D0.2&page=1").await;
    assert!(page.contains("EPSS 25.00 %"), "{page}");
    for path in ["/api/cwe/79", "/api/cwe/CWE-79"] {
        assert_eq!(json(&centre, path).await["name"], "Glare", "{path}");
    }
    let (status, _, body) = centre.get("/api/capec/63").await;
    assert_eq!((status, body.as_str()), (StatusCode::NOT_FOUND, r#"{"message":"No such entry."}"#));
    assert!(centre.get("/weaknesses/79").await.2.contains("CWE-79: Glare"));
}

#[tokio::test]
async fn what_this_centre_publishes_is_handed_on_to_consumers_of_gcve() {
    let centre = some();
    assert!(centre.app.catalogue.publish(&super::fixtures::advisory(7), 1, super::fixtures::now()).unwrap());
    // Its consumers walk a list, and pass over what has no `vulnId`.
    let published = json(&centre, "/api/gcve/publication?since=2026-11-01").await;
    let metadata = &published[0]["cveMetadata"];
    assert_eq!(
        (&metadata["vulnId"], &metadata["cveId"]),
        (&"HEL-2026-000007".into(), &"CVE-2026-0007".into())
    );
    assert_eq!(published.as_array().unwrap().len(), 1);
    // GCVE-BCP-05: the extension with the id and the verbs.
    let extension = &published[0]["containers"]["cna"]["x_gcve"][0];
    assert_eq!(
        (&extension["vulnId"], &extension["recordType"]),
        (&"HEL-2026-000007".into(), &"advisory".into())
    );
    let equal = serde_json::json!({ "destId": "CVE-2026-0007", "type": "equal" });
    assert!(extension["relationships"].as_array().unwrap().contains(&equal), "{extension}");
    assert_eq!(json(&centre, "/api/gcve/publication?since=2026-11-21").await, serde_json::json!([]));
}

#[tokio::test]
async fn the_history_of_a_record_says_what_differs() {
    let centre = some();
    let later = osv("PYSEC-2024-1", "django", "3.2.9", "2024-07-07").replace("A flaw", "A deep flaw");
    let path = centre.folder.file("later.json", later);
    import(&centre.app.catalogue, &[path]);
    let (status, _, body) = centre.get("/v/pysec-2024-1/history").await;
    assert_eq!(status, StatusCode::OK);
    for part in [
        "It was changed once",
        "<del>A flaw in django</del>",
        "<ins>A deep flaw in django</ins>",
        "<del>PyPI/django: affected every version before 3.2.4</del>",
        "<ins>PyPI/django: affected every version before 3.2.9</ins>",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
    assert!(centre.get("/v/CVE-2024-1/history").await.2.contains("Nothing has changed"));
    assert_eq!(centre.get("/v/CVE-1999-1/history").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn vendors_products_and_weaknesses_have_pages() {
    let centre = some();
    for (path, part) in [
        ("/vendors", "<a href=\"/vendors/acme\">Acme</a>"),
        ("/vendors?q=ac", "/vendors/acme"),
        ("/vendors?q=zz", "No vendor's name begins so"),
        ("/vendors/ACME", "<a href=\"/vendors/acme/router\">router</a>"),
        ("/vendors/acme/router", "/v/CVE-2024-1"),
        (
            "/affected?vendor=acme&product=router&version=1.5",
            "affected</span> 1 record says so. The severest",
        ),
        (
            "/affected?vendor=acme&product=router&version=old",
            "cannot be decided</span> No record says that this version",
        ),
        ("/affected?vendor=acme&product=router&version=2.5", "No record here covers this version"),
        ("/weaknesses", "No record names one yet"),
        ("/trends", "1 known to be exploited"),
    ] {
        let (status, _, body) = centre.get(path).await;
        assert!(status == StatusCode::OK && body.contains(part), "{path}: {body}");
    }
    for path in ["/vendors/nobody", "/vendors/acme/toaster", "/weaknesses/79", "/weaknesses/x"] {
        assert_eq!(centre.get(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(centre.get("/affected?version=1").await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_record_shows_its_versions_and_its_score_as_pictures_with_words() {
    let centre = some();
    let (_, _, body) = centre.get("/v/CVE-2024-1").await;
    assert!(body.contains("aria-label=\"Acme Router: affected from 1.0 before 2.0\""), "{body}");
    assert!(
        body.contains("aria-label=\"Score 9.8 of 10\"") && body.contains("over the network, easy to do"),
        "{body}"
    );
}

/// NVD's `kevStartDate` and `kevEndDate`: by the day on which it was listed, in UTC.
#[tokio::test]
async fn nvds_interface_is_asked_by_the_day_of_listing() {
    let centre = some();
    let total = async |from: &str, to: &str| {
        json(
            &centre,
            &format!("/rest/json/cves/2.0?kevStartDate={from}T00:00:00.000&kevEndDate={to}T00:00:00.000"),
        )
        .await["totalResults"]
            .clone()
    };
    assert_eq!(total("2024-04-04", "2024-04-04").await, 1);
    assert_eq!(total("2024-04-05", "2024-07-31").await, 0, "it was listed the day before");
    let (status, headers, _) = centre.get("/rest/json/cves/2.0?kevStartDate=2024-04-04T00:00:00.000").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(
        headers["message"].to_str().unwrap().contains("kevStartDate and kevEndDate go together"),
        "{headers:?}"
    );
}

/// NVD's `cveTag`, of what CVE's assigners say of the whole record.
#[tokio::test]
async fn nvds_interface_is_asked_by_tags_and_shows_them() {
    let tagged = cve("CVE-2024-2")
        .replace("\"cna\": {", "\"cna\": {\"tags\": [\"disputed\", \"x_known-exploited\"], ");
    let centre = Centre::with(&[cve("CVE-2024-1"), tagged]);
    let page = json(&centre, "/rest/json/cves/2.0?cveTag=disputed").await;
    assert_eq!(page["totalResults"], 1, "{page}");
    let cve = &page["vulnerabilities"][0]["cve"];
    assert_eq!(cve["id"], "CVE-2024-2");
    assert_eq!(cve["cveTags"][0]["tags"], serde_json::json!(["disputed"]), "names of others stay theirs");
    assert_eq!(
        json(&centre, "/rest/json/cves/2.0?cveTag=unsupported-when-assigned").await["totalResults"],
        0
    );
}

/// A record as NVD gives it: firmware that is vulnerable on its hardware.
const OF_NVD: &str = r#"{"id": "CVE-2024-9", "published": "2024-05-05T00:00:00.000", "lastModified": "2024-05-06T00:00:00.000",
    "vulnStatus": "Analyzed", "descriptions": [{"lang": "en", "value": "A flaw."}],
    "metrics": {"cvssMetricV2": [{"source": "nvd@nist.gov", "cvssData": {"vectorString": "AV:L/AC:H/Au:M/C:N/I:N/A:P", "baseScore": 0.8}}]},
    "configurations": [{"operator": "AND", "nodes": [
        {"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": true, "criteria": "cpe:2.3:o:nordwind:pumpe_firmware:*:*:*:*:*:*:*:*",
            "versionStartExcluding": "1.0", "versionEndIncluding": "2.1", "matchCriteriaId": "36FBCF0F-8CEE-4474-8A04-5075AF53FAF4"}]},
        {"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": false, "criteria": "cpe:2.3:h:nordwind:pumpe:-:*:*:*:*:*:*:*",
            "matchCriteriaId": "36FBCF0F-8CEE-4474-8A04-5075AF53FAF5"}]}]}],
    "weaknesses": [{"source": "nvd@nist.gov", "type": "Primary", "description": [{"lang": "en", "value": "NVD-CWE-noinfo"}]}],
    "references": [{"url": "https://www.us-cert.gov/ncas/alerts/TA15-1", "source": "nvd@nist.gov"}]}"#;

/// NVD, "Vulnerabilities" and "Products": what each parameter asks, and what is refused.
#[tokio::test]
async fn nvds_interface_is_asked_by_criteria_metrics_and_links() {
    let centre = Centre::with(&[OF_NVD.to_owned(), cve("CVE-2024-1")]);
    let firmware = |version: &str| format!("cpe:2.3:o:nordwind:pumpe_firmware:{version}:*:*:*:*:*:*:*");
    let hardware = "cpe:2.3:h:nordwind:pumpe:-:*:*:*:*:*:*:*";
    for (asked, total) in [
        (format!("cpeName={}", firmware("2.0")), 1),
        (format!("cpeName={}", firmware("1.0")), 0),
        (format!("cpeName={hardware}"), 1),
        (format!("cpeName={hardware}&isVulnerable"), 0),
        (format!("cpeName={}&isVulnerable", firmware("2.0")), 1),
        ("virtualMatchString=cpe:2.3:o:nordwind".to_owned(), 1),
        ("virtualMatchString=cpe:2.3:*:nordwind:*&versionStart=2.1&versionStartType=including".to_owned(), 1),
        ("virtualMatchString=cpe:2.3:o:nordwind:*&versionStart=2.1&versionStartType=excluding".to_owned(), 0),
        ("virtualMatchString=cpe:2.3:o:nordwind:*&versionEnd=1.0&versionEndType=including".to_owned(), 0),
        ("cvssV2Metrics=AV:L/A:P".to_owned(), 1),
        ("cvssV2Metrics=AV:N".to_owned(), 0),
        ("cvssV3Metrics=CVSS:3.1/AV:N/AC:L".to_owned(), 1),
        ("cvssV2Severity=LOW".to_owned(), 1),
        ("hasCertAlerts".to_owned(), 1),
        ("hasCertNotes".to_owned(), 0),
        ("hasOval".to_owned(), 0),
        ("cweId=NVD-CWE-noinfo".to_owned(), 1),
        ("cweId=NVD-CWE-Other".to_owned(), 0),
        ("cweId=CWE-79".to_owned(), 0),
    ] {
        let page = json(&centre, &format!("/rest/json/cves/2.0?{asked}")).await;
        assert_eq!(page["totalResults"], total, "{asked}");
    }
    for (asked, reason) in [
        ("isVulnerable", "isVulnerable goes with cpeName"),
        ("virtualMatchString=cpe:2.3:o:nordwind&versionStart=1", "versionStart and versionStartType"),
        ("versionEnd=1&versionEndType=including", "go with virtualMatchString"),
        ("cvssV2Metrics=AV:P", "base metrics of CVSS 2"),
        ("cvssV2Severity=CRITICAL", "cvssV2Severity: LOW"),
        ("cvssV2Severity=LOW&cvssV3Metrics=AV:N", "do not go together"),
        ("keywordExactMatch", "keywordExactMatch goes with keywordSearch"),
        ("cweId=NVD-CWE-79", "cweId: a number of CWE is expected"),
    ] {
        let (status, headers, _) = centre.get(&format!("/rest/json/cves/2.0?{asked}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{asked}");
        assert!(headers["message"].to_str().unwrap().contains(reason), "{asked}: {headers:?}");
    }
    let page = json(&centre, "/rest/json/cves/2.0?cweId=nvd-cwe-noinfo").await;
    let named = &page["vulnerabilities"][0]["cve"]["weaknesses"][0]["description"][0]["value"];
    assert_eq!(named, "NVD-CWE-noinfo");
    let id = "36FBCF0F-8CEE-4474-8A04-5075AF53FAF4";
    let page = json(&centre, &format!("/rest/json/cpematch/2.0?matchCriteriaId={id}")).await;
    let found = &page["matchStrings"][0]["matchString"];
    assert_eq!((&found["matchCriteriaId"], &found["versionStartExcluding"]), (&id.into(), &"1.0".into()));
    // "Match Criteria API": without parameters, everything.
    let page = json(&centre, "/rest/json/cpematch/2.0?startIndex=1&resultsPerPage=1").await;
    assert_eq!((&page["totalResults"], &page["resultsPerPage"]), (&2.into(), &1.into()), "{page}");
    assert_eq!(page["matchStrings"][0]["matchString"]["criteria"], hardware);
    let page =
        json(&centre, "/rest/json/cpes/2.0?matchCriteriaId=36fbcf0f-8cee-4474-8a04-5075af53faf5").await;
    assert_eq!(page["products"][0]["cpe"]["cpeName"], hardware, "{page}");
    let early = "lastModStartDate=1999-01-01T00:00:00.000&lastModEndDate=1999-02-01T00:00:00.000";
    for list in ["cpes", "source"] {
        assert_eq!(json(&centre, &format!("/rest/json/{list}/2.0?{early}")).await["totalResults"], 0);
    }
}

/// What its source deleted is told everywhere as what does not stand, with the reason.
#[tokio::test]
async fn every_interface_tells_of_what_a_source_deleted() {
    let centre = Centre::new();
    let db = centre.folder.0.join("db");
    centre.folder.file("db/CVE-2024-1.json", cve("CVE-2024-1"));
    centre.folder.file("db/CVE-2024-2.json", cve("CVE-2024-2"));
    import(&centre.app.catalogue, std::slice::from_ref(&db));
    std::fs::remove_file(db.join("CVE-2024-1.json")).unwrap();
    assert_eq!(import(&centre.app.catalogue, &[db]).counts.deleted, 1);
    let because = "deleted at its source: no longer in db";
    let nvd = json(&centre, "/rest/json/cves/2.0?cveId=CVE-2024-1").await;
    let nvd = &nvd["vulnerabilities"][0]["cve"];
    assert_eq!(nvd["vulnStatus"], "Rejected");
    let told = nvd["descriptions"][0]["value"].as_str().unwrap();
    assert!(told.starts_with(&format!("Rejected reason: {because}")), "{told}");
    assert_eq!(json(&centre, "/rest/json/cves/2.0?noRejected").await["totalResults"], 1);
    let euvd = json(&centre, "/api/enisaid?id=CVE-2024-1").await;
    assert_eq!(euvd["withdrawn"], true);
    assert!(euvd["withdrawnReason"].as_str().unwrap().starts_with(because), "{euvd}");
    let document = json(&centre, "/api/vulnerability/CVE-2024-1").await;
    assert_eq!(document["cveMetadata"]["state"], "REJECTED");
    let osv = json(&centre, "/v1/vulns/CVE-2024-1").await;
    assert!(osv["withdrawn"].is_string(), "{osv}");
    for place in [
        "/v/CVE-2024-1",
        "/?q=heap&page=1",
        "/search.csv?q=heap",
        "/search.json?q=heap",
        "/api/v1/records?q=heap",
        "/feeds/search.atom?q=heap&order=changed",
    ] {
        let (status, _, body) = centre.get(place).await;
        assert!(status == StatusCode::OK && body.contains(because), "{place}: {body}");
    }
}

/// GCVE-BCP-05: a record of another numbering authority comes in by its own id, with its verbs.
#[tokio::test]
async fn a_gcve_record_stands_beside_others_with_its_verbs() {
    let gcve =
        cve("CVE-2024-5").replace("\"cveId\": \"CVE-2024-5\"", "\"vulnId\": \"GCVE-1-2025-0018\"").replace(
            "\"cna\": {",
            r#""cna": {"x_gcve": [{"vulnId": "GCVE-1-2025-0018", "recordType": "advisory", "relationships": [
            {"destId": "CVE-2024-1", "type": "equal"}, {"destId": "CVE-2024-7", "type": "not equal"}]}], "#,
        );
    let centre = Centre::with(&[gcve, cve("CVE-2024-1")]);
    let (status, _, page) = centre.get("/v/CVE-2024-1").await;
    assert_eq!(status, StatusCode::OK);
    for part in ["GCVE-1-2025-0018", "is <b>equal</b> to", "is <b>not equal</b> to", "/v/CVE-2024-7"] {
        assert!(page.contains(part), "{part}: {page}");
    }
}
