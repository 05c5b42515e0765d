//! The OSV interface.

use super::Centre;
use super::fixtures::{cve, kev, osv};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};

fn django() -> Centre {
    Centre::with(&[
        osv("PYSEC-2024-1", "Django", "3.2.4", "2024-05-05"),
        osv("PYSEC-2024-2", "django", "2.0", "2024-05-05")
            .replace("\"summary\"", "\"aliases\": [\"CVE-2024-77\"], \"summary\""),
        osv("GHSA-xxxx-1", "django", "9.0", "2024-05-05")
            .replace("\"summary\"", "\"withdrawn\": \"2024-06-06T00:00:00Z\", \"summary\""),
        cve("CVE-2024-1"),
    ])
}

fn ids(body: &str) -> Vec<String> {
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    body["vulns"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_id_is_found_in_any_letter_case_and_answered_as_its_source_spells_it() {
    let centre = django();
    let (status, headers, body) = centre.get("/v1/vulns/pysec-2024-1").await;
    assert_eq!(
        (status, headers[header::CONTENT_TYPE].as_bytes()),
        (StatusCode::OK, &b"application/json"[..])
    );
    assert_eq!(body, osv("PYSEC-2024-1", "Django", "3.2.4", "2024-05-05"), "byte for byte as it came");
}

#[tokio::test]
async fn what_the_asker_has_is_not_sent_again() {
    let centre = django();
    let (_, headers, _) = centre.get("/v1/vulns/CVE-2024-1").await;
    assert_eq!(headers[header::LAST_MODIFIED], "Sun, 03 Mar 2024 00:00:00 GMT");
    for (name, value, expected) in [
        (header::IF_NONE_MATCH, headers[header::ETAG].to_str().unwrap(), StatusCode::NOT_MODIFIED),
        (
            header::IF_NONE_MATCH,
            &format!("\"a\", W/{}", headers[header::ETAG].to_str().unwrap()),
            StatusCode::NOT_MODIFIED,
        ),
        (header::IF_NONE_MATCH, "\"other\"", StatusCode::OK),
        (header::IF_MODIFIED_SINCE, "Sun, 03 Mar 2024 00:00:00 GMT", StatusCode::NOT_MODIFIED),
        (header::IF_MODIFIED_SINCE, "Sat, 02 Mar 2024 23:59:59 GMT", StatusCode::OK),
        (header::IF_MODIFIED_SINCE, "yesterday", StatusCode::OK),
    ] {
        let request = Request::get("/v1/vulns/CVE-2024-1").header(name, value).body(Body::empty()).unwrap();
        let (status, headers, body) = centre.ask(request).await;
        assert_eq!((status, body.is_empty()), (expected, expected == StatusCode::NOT_MODIFIED), "{value}");
        assert!(headers.contains_key(header::ETAG));
    }
    let request = Request::head("/v1/vulns/CVE-2024-1").body(Body::empty()).unwrap();
    assert_eq!(centre.ask(request).await.2, "");
}

/// RFC 9110, 8.8.3 and 13.1.2: an answer that the state of the database decides says so, and is not made again for
/// those who have it; Fetch, "CORS protocol": what everybody may read, tools in browsers may.
#[tokio::test]
async fn lists_say_of_which_state_they_are() {
    let centre = django();
    let ask = async |path: &str, tag: &str| {
        let request = Request::get(path).header(header::IF_NONE_MATCH, tag).body(Body::empty()).unwrap();
        centre.ask(request).await
    };
    let places = [
        "/api/vulnerability/CVE-2024-1",
        "/api/vulnerability/last",
        "/api/search",
        "/api/kev",
        "/api/v1/records?q=flaw",
        "/rest/json/cves/2.0",
    ];
    let mut tags = Vec::new();
    for path in places {
        let (status, headers, _) = centre.get(path).await;
        assert_eq!(
            (status, headers[header::CACHE_CONTROL].as_bytes()),
            (StatusCode::OK, &b"public, no-cache"[..]),
            "{path}"
        );
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*", "{path}");
        let tag = headers[header::ETAG].to_str().unwrap().to_owned();
        let (status, headers, body) = ask(path, &format!("\"other\", {tag}")).await;
        assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
        assert!(
            tag.starts_with("W/")
                && headers[header::ETAG] == tag
                && headers.contains_key("access-control-allow-origin"),
            "{path}"
        );
        assert_eq!(ask(path, "W/\"other\"").await.0, StatusCode::OK, "{path}");
        tags.push((path, tag));
    }
    for (file, text) in [
        ("more.json", cve("CVE-2024-2")),
        ("epss.csv", "#model_version:v1,score_date:2026-11-02T00:00:00+0000\ncve,epss,percentile\nCVE-2024-0001,0.5,0.9\n".to_owned()),
    ] {
        assert_eq!(super::fixtures::import(&centre.app.catalogue, &[centre.folder.file(file, text)]).bad, []);
        for (path, tag) in &mut tags {
            let (status, headers, _) = ask(path, tag).await;
            assert_eq!(status, StatusCode::OK, "{path} after {file}");
            *tag = headers[header::ETAG].to_str().unwrap().to_owned();
        }
    }
    // What is not there has no state, and neither has what is one's own.
    let (status, headers, _) = ask("/api/vulnerability/CVE-1999-1", "*").await;
    assert_eq!((status, headers.contains_key(header::ETAG)), (StatusCode::NOT_FOUND, false));
    for (path, is_open) in [
        ("/v1/vulns/CVE-2024-1", true),
        ("/v1/vulns/CVE-1999-1", true),
        ("/search.json", true),
        ("/", false),
        ("/api/v1/me", false),
        ("/v/CVE-2024-1", false),
    ] {
        let (_, headers, _) = centre.get(path).await;
        assert_eq!(headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN), is_open, "{path}");
    }
}

/// google.rpc.Code: 12 is UNIMPLEMENTED.
#[tokio::test]
async fn another_method_is_refused_with_the_code_of_grpc() {
    let centre = django();
    let (status, _, body) = centre.get("/v1/query").await;
    assert!(status == StatusCode::METHOD_NOT_ALLOWED && body.starts_with("{\"code\":12,"), "{body}");
}

/// OSV's API, "Experimental endpoints": `determineversion` takes hashes of files.
#[tokio::test]
async fn what_is_experimental_is_refused_in_osvs_shape() {
    let centre = django();
    let asked = r#"{"name": "zlib", "file_hashes": [{"hash": "aGFzaA==", "file_path": "zlib.h"}]}"#;
    let (status, body) = centre.post("/v1experimental/determineversion", asked).await;
    assert!(status == StatusCode::NOT_FOUND && body.starts_with("{\"code\":12,"), "{status} {body}");
    let (status, _, body) = centre.get("/v1experimental/importfindings/ghsa").await;
    assert!(status == StatusCode::NOT_FOUND && body.starts_with("{\"code\":12,"), "{status} {body}");
}

#[tokio::test]
async fn an_unknown_id_is_refused_in_osvs_shape_and_leads_to_aliases() {
    let centre = django();
    let (status, _, body) = centre.get("/v1/vulns/CVE-1999-1").await;
    assert_eq!(
        (status, body.as_str()),
        (StatusCode::NOT_FOUND, r#"{"code":5,"message":"No record has this id."}"#)
    );
    let (_, _, body) = centre.get("/v1/vulns/cve-2024-77").await;
    assert!(body.contains("these name it as an alias: PYSEC-2024-2"), "{body}");
    for odd in ["%00", "%F0%9F%92%A9", "..%2f..%2fetc%2fpasswd", &"x".repeat(5_000)] {
        let (status, _, body) = centre.get(&format!("/v1/vulns/{odd}")).await;
        assert_eq!((status, body.starts_with("{\"code\":5")), (StatusCode::NOT_FOUND, true), "{body}");
    }
    // RFC 3986, 2.3: what need not be encoded is the same encoded.
    assert_eq!(centre.get("/v1/vulns/%70ysec%2D2024-2").await.0, StatusCode::OK);
    let (status, _, body) = centre.get("/v1/vulns/CVE-%FF").await;
    assert_eq!((status, body.starts_with("{\"code\":3")), (StatusCode::BAD_REQUEST, true), "{body}");
    assert_eq!(centre.get("/v1/other").await.2, r#"{"code":5,"message":"There is nothing here."}"#);
}

/// OSV schema, "Evaluation": of commits, without their repository, only those are known that a record names.
#[tokio::test]
async fn a_commit_is_asked_for_by_its_name() {
    let [bad, good, other, both] = ["a", "b", "c", "d"].map(|digit| digit.repeat(40));
    let ranges = format!(
        r#""ranges": [{{"type": "GIT", "repo": "https://example.org/x", "events": [{{"introduced": "{bad}"}},
            {{"fixed": "{good}"}}]}}, {{"type": "GIT", "repo": "https://example.org/y", "events":
            [{{"introduced": "0"}}, {{"fixed": "{both}"}}, {{"introduced": "{both}"}}]}}, {{"type": "ECOSYSTEM"#
    );
    let record =
        osv("OSV-2024-1", "x", "9", "2024-05-05").replace("\"ranges\": [{\"type\": \"ECOSYSTEM", &ranges);
    let centre = Centre::with(&[record, osv("OSV-2024-2", "cpe", "9", "2024-05-05")]);
    for (commit, hits) in
        [(&bad, vec!["OSV-2024-1"]), (&bad.to_uppercase(), vec!["OSV-2024-1"]), (&both, vec![])]
    {
        let (status, body) = centre.post("/v1/query", format!(r#"{{"commit": "{commit}"}}"#)).await;
        assert_eq!(
            (status, ids(&body)),
            (StatusCode::OK, hits.iter().map(|id| (*id).to_owned()).collect()),
            "{body}"
        );
    }
    for nothing in [&good, &other] {
        let (_, body) = centre.post("/v1/query", format!(r#"{{"commit": "{nothing}"}}"#)).await;
        assert_eq!(body, "{}");
    }
    let (_, body) = centre.post("/v1/query", format!(r#"{{"commit": "{both}"}}"#)).await;
    assert_eq!(body, r#"{"vulns":[],"undecided":["OSV-2024-1"]}"#);
    // A scanner asks for submodules and packages in one go.
    let (status, body) = centre
        .post(
            "/v1/querybatch",
            format!(r#"{{"queries": [{{"commit": "{bad}"}}, {{"package": {{"purl": "pkg:pypi/x@1"}}}}]}}"#),
        )
        .await;
    assert_eq!((status, body.matches("OSV-2024-1").count()), (StatusCode::OK, 2), "{body}");
    assert_eq!(centre.get("/osv/ecosystems.txt").await.2, "PyPI\n", "commits are no ecosystem");
}

/// OSV.dev, `POST /v1/query`: the ecosystem `GIT` is that of repositories.
#[tokio::test]
async fn a_tag_of_a_repository_is_asked_for_by_its_address() {
    let record = format!(
        r#"{{"schema_version": "1.6.0", "id": "CVE-2024-9", "modified": "2024-05-05T00:00:00Z", "affected": [{{"versions": ["v1.2.3"],
            "ranges": [{{"type": "GIT", "repo": "https://github.com/x/y.git", "events": [{{"introduced": "{}"}}]}}]}}]}}"#,
        "a".repeat(40)
    );
    let centre = Centre::with(&[record]);
    for package in [
        r#"{"ecosystem": "GIT", "name": "https://github.com/x/y"}"#,
        r#"{"name": "https://github.com/x/y"}"#,
        r#"{"ecosystem": "GIT", "name": "github.com/x/y/"}"#,
        r#"{"name": "https://GitHub.com/X/Y.git"}"#,
    ] {
        for (tag, hits) in [("v1.2.3", 1), ("1.2.3", 1), ("v1.2.4", 0), ("1.2.3a1", 0)] {
            let query = format!(r#"{{"version": "{tag}", "package": {package}}}"#);
            let (status, body) = centre.post("/v1/query", query).await;
            assert_eq!(
                (status, body.matches("\"CVE-2024-9\"").count()),
                (StatusCode::OK, hits),
                "{package}: {body}"
            );
        }
    }
    assert_eq!(centre.get("/osv/ecosystems.txt").await.2, "GIT\n");
}

#[tokio::test]
async fn a_query_needs_no_content_type() {
    let centre = django();
    let query = r#"{"package": {"name": "django", "ecosystem": "PyPI"}, "version": "3.2.1"}"#;
    let (status, body) = centre.post("/v1/query", query).await;
    assert_eq!((status, ids(&body)), (StatusCode::OK, vec!["PYSEC-2024-1".to_owned()]));
    let kind = "application/x-www-form-urlencoded";
    let request =
        Request::post("/v1/query").header(header::CONTENT_TYPE, kind).body(Body::from(query)).unwrap();
    assert_eq!(ids(&centre.ask(request).await.2), ["PYSEC-2024-1"]);
}

#[tokio::test]
async fn packages_are_found_by_any_spelling_and_by_package_url() {
    let centre = django();
    for query in [
        r#"{"package": {"name": "DJANGO", "ecosystem": "pypi"}, "version": "1.0"}"#,
        r#"{"package": {"purl": "pkg:pypi/django@1.0"}}"#,
        r#"{"package": {"purl": "pkg:pypi/Django"}, "version": "1.0"}"#,
        r#"{"package": {"name": "django", "ecosystem": "PyPI", "purl": null}, "version": "v1.0", "commit": ""}"#,
        r#"{"package": {"name": "django", "ecosystem": "PyPI"}}"#,
    ] {
        let (_, body) = centre.post("/v1/query", query).await;
        assert_eq!(ids(&body), ["PYSEC-2024-1", "PYSEC-2024-2"], "{query}");
    }
}

#[tokio::test]
async fn nothing_is_an_empty_object_and_a_doubt_is_named() {
    let centre = django();
    for version in ["3.2.4", "99"] {
        let query =
            format!(r#"{{"package": {{"name": "django", "ecosystem": "PyPI"}}, "version": "{version}"}}"#);
        assert_eq!(centre.post("/v1/query", query).await, (StatusCode::OK, "{}".to_owned()));
    }
    let query = r#"{"package": {"name": "django", "ecosystem": "PyPI"}, "version": "no version"}"#;
    let (_, body) = centre.post("/v1/query", query).await;
    assert_eq!(body, r#"{"vulns":[],"undecided":["PYSEC-2024-1","PYSEC-2024-2"]}"#);
}

#[tokio::test]
async fn wrong_queries_say_what_is_wrong_and_repeat_nothing() {
    let centre = django();
    let long = format!(r#"{{"package": {{"name": "{}", "ecosystem": "PyPI"}}}}"#, "x".repeat(2_000));
    for (query, reason) in [
        ("", "not a query in JSON, at line 1 column 0"),
        ("[1]", "not a query in JSON, at line 1 column 2"),
        ("{}", "package: name and ecosystem, or purl, expected"),
        (r#"{"commit": "abc", "package": {}}"#, "commit: stands alone, without package and version"),
        (r#"{"commit": "abc"}"#, "commit: 40 or 64 hexadecimal digits expected"),
        (r#"{"package": {"name": "x"}}"#, "package: name and ecosystem, or purl, expected"),
        (
            r#"{"package": {"name": "x", "ecosystem": "PyPy"}}"#,
            "package.ecosystem: OSV has none of this name",
        ),
        (r#"{"package": {"purl": "npm/x"}}"#, "package.purl: a package URL begins with pkg:"),
        (
            r#"{"package": {"purl": "pkg:pypi/x@1"}, "version": "1"}"#,
            "version: stands in package.purl already",
        ),
        (
            r#"{"package": {"purl": "pkg:pypi/x", "name": "x"}}"#,
            "package: name and ecosystem, or purl, but not both",
        ),
        (
            r#"{"package": {"name": "x", "ecosystem": "PyPI"}, "page_token": "x"}"#,
            "page_token: not one that this place gave",
        ),
        (&long, "package: a name or an ecosystem that nobody has"),
    ] {
        let (status, body) = centre.post("/v1/query", query.to_owned()).await;
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(
            (status, &body["code"], &body["message"]),
            (StatusCode::BAD_REQUEST, &3.into(), &reason.into())
        );
    }
    let (status, body) = centre.post("/v1/query", vec![b' '; 2 << 20]).await;
    assert_eq!(
        (status, body.as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, r#"{"code":3,"message":"more than 1048576 bytes"}"#)
    );
}

#[tokio::test]
async fn a_batch_has_a_result_for_each_query() {
    let centre = django();
    let (status, body) = centre
        .post("/v1/querybatch", r#"{"queries": [{"package": {"purl": "pkg:pypi/django@3"}}, {"package": {"purl": "pkg:pypi/none"}}]}"#)
        .await;
    let one = r#"{"results":[{"vulns":[{"id":"PYSEC-2024-1","modified":"2024-05-05T00:00:00Z"}]},{}]}"#;
    assert_eq!((status, body.as_str()), (StatusCode::OK, one));
    // OSV has no ecosystem for this type: nothing is known, and the others are answered.
    let (_, body) = centre
        .post("/v1/querybatch", r#"{"queries": [{"package": {"purl": "pkg:generic/x@1"}}, {"package": {"purl": "pkg:pypi/django@3"}}]}"#)
        .await;
    assert!(body.starts_with(r#"{"results":[{},{"vulns":"#), "{body}");
    let (_, body) =
        centre.post("/v1/querybatch", r#"{"queries": [{"package": {"purl": "pkg:pypi/x"}}, {}]}"#).await;
    assert!(body.contains("queries[1].package: name and ecosystem"), "{body}");
    let many = format!(r#"{{"queries": [{}]}}"#, ["{}"; 1_001].join(","));
    assert!(centre.post("/v1/querybatch", many).await.1.contains("queries: 1001, at most 1000"));
}

#[tokio::test]
async fn a_cve_record_is_given_in_osvs_shape() {
    let centre = Centre::with(&[cve("CVE-2024-1"), kev(&["CVE-2024-1", "CVE-2024-2"], "2024-05-05")]);
    let (_, _, body) = centre.get("/v1/vulns/cve-2024-1").await;
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&body["id"], &body["summary"]), (&"CVE-2024-1".into(), &"Overflow in Router".into()));
    assert_eq!(body["severity"][0]["score"], "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
    assert_eq!(body["affected"][0]["database_specific"]["product"], "Router");
    assert_eq!(body["references"][0]["type"], "ADVISORY");
    // Where there is nothing but a listing, the listing answers.
    let (status, _, body) = centre.get("/v1/vulns/CVE-2024-2").await;
    assert_eq!((status, body.contains("\"ransomware\":true")), (StatusCode::OK, true), "{body}");
}
