//! The OSV interface: what `pip-audit` and other scanners ask, at the paths and in the shapes that
//! they expect, errors included.

use super::{Held, JSON, osv_record};
use crate::app::App;
use crate::web::BODY_MAX;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use catalogue::{Answer, Catalogue, Error, Match, Package};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use versions::Purl;

/// An error in OSV's shape: the code is that of gRPC.
pub(crate) struct OsvError {
    status: StatusCode,
    code: u8,
    message: String,
}

impl OsvError {
    fn invalid(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code: 3, message: message.into() }
    }

    fn not_found(message: impl Into<String>) -> Self {
        Self { status: StatusCode::NOT_FOUND, code: 5, message: message.into() }
    }

    fn internal(reason: &str) -> Self {
        tracing::error!(%reason, "a request failed");
        let message = "Something failed on our side; please try again.".to_owned();
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, code: 13, message }
    }
}

impl From<Error> for OsvError {
    fn from(error: Error) -> Self {
        Self::internal(&error.to_string())
    }
}

impl IntoResponse for OsvError {
    fn into_response(self) -> Response {
        let body = serde_json::json!({ "code": self.code, "message": self.message });
        (self.status, Json(body)).into_response()
    }
}

/// One record, in OSV's shape.
///
/// Any letter case of the id finds it. Records that came as CVE or CSAF are given in OSV's shape,
/// with what it has no field for in `database_specific`.
#[utoipa::path(get, path = "/v1/vulns/{id}", tag = "osv", params(("id" = String, Path, description = "An id")),
    responses((status = 200, description = "The record in OSV's shape"), (status = 304, description = "Not changed"),
        (status = 400, description = "An address that is not in UTF-8"), (status = 404, description = "No record has this id")))]
pub(crate) async fn vulnerability(
    State(app): State<App>,
    // Whole, because a map of its headers would be a copy, and so would be a part of its address.
    request: Request,
) -> Result<Response, OsvError> {
    let (_, id) = request.uri().path().rsplit_once('/').unwrap_or_default();
    let id = percent_decode_str(id).decode_utf8();
    let id = id.map_err(|_| OsvError::invalid("The address is not in UTF-8, so that it names no record."))?;
    // Microseconds, from memory: handing it to another thread would cost more than doing it.
    let Some(found) = app.catalogue.document(&id)? else {
        return Err(not_found(&app.catalogue, &id)?);
    };
    Ok(osv_record(request.headers(), found))
}

fn not_found(catalogue: &Catalogue, id: &str) -> Result<OsvError, OsvError> {
    let mut others = catalogue.known_as(id)?;
    others.truncate(10);
    Ok(OsvError::not_found(match others.as_slice() {
        [] => "No record has this id.".to_owned(),
        others => format!("No record has this id, but these name it as an alias: {}", others.join(", ")),
    }))
}

/// What is asked: a package by name and ecosystem, or by package URL, in a version or in all; a repository by its
/// address (ecosystem `GIT`, or none), in a tag or in all; or a commit.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct Query {
    package: Option<PackageName>,
    version: Option<String>,
    /// The full name of a commit, without a package. It is found where a record names it; which commits
    /// lie between two others is in their repository, and `heliograph query --repository` looks there.
    commit: Option<String>,
    /// From `next_page_token` of the answer before.
    page_token: Option<String>,
}

#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct PackageName {
    name: Option<String>,
    ecosystem: Option<String>,
    purl: Option<String>,
}

/// A query that can be answered.
struct Asked {
    /// None: a package URL of a type that OSV has no ecosystem for, so that no record is about it.
    package: Option<Package>,
    version: Option<String>,
    is_commit: bool,
    offset: usize,
}

impl Query {
    fn understood(self) -> Result<Asked, OsvError> {
        let text = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let token = text(self.page_token);
        let offset = match token.as_deref().map(str::parse) {
            None => 0,
            Some(Ok(offset)) => offset,
            Some(Err(_)) => return Err(OsvError::invalid("page_token: not one that this place gave")),
        };
        if let Some(commit) = text(self.commit) {
            if self.package.is_some() || text(self.version).is_some() {
                return Err(OsvError::invalid("commit: stands alone, without package and version"));
            }
            let wrong = || OsvError::invalid("commit: 40 or 64 hexadecimal digits expected");
            let commit = commit.trim();
            let is_whole = matches!(commit.len(), 40 | 64);
            let package = Package::of_commit(commit).filter(|_| is_whole).ok_or_else(wrong)?;
            return Ok(Asked {
                version: Some(commit.to_owned()),
                package: Some(package),
                is_commit: true,
                offset,
            });
        }
        let package = self
            .package
            .ok_or_else(|| OsvError::invalid("package: name and ecosystem, or purl, expected"))?;
        let version = text(self.version);
        if let Some(purl) = text(package.purl) {
            if text(package.name).is_some() || text(package.ecosystem).is_some() {
                return Err(OsvError::invalid("package: name and ecosystem, or purl, but not both"));
            }
            let purl: Purl =
                purl.parse().map_err(|error| OsvError::invalid(format!("package.purl: {error}")))?;
            let own = purl.version().map(str::to_owned);
            if own.is_some() && version.is_some() {
                return Err(OsvError::invalid("version: stands in package.purl already"));
            }
            let package = Package::of_purl(&purl);
            return Ok(Asked { package, version: own.or(version), is_commit: false, offset });
        }
        let name = text(package.name);
        // An address needs no word beside it: what has one is a repository.
        let is_address = name.as_ref().is_some_and(|name| name.contains("://"));
        let ecosystem = text(package.ecosystem).or_else(|| is_address.then(|| "GIT".to_owned()));
        let (Some(name), Some(ecosystem)) = (name, ecosystem) else {
            return Err(OsvError::invalid("package: name and ecosystem, or purl, expected"));
        };
        let package = Package::named(&ecosystem, &name)
            .ok_or_else(|| OsvError::invalid("package: a name or an ecosystem that nobody has"))?;
        Ok(Asked { package: Some(package), version, is_commit: false, offset })
    }
}

/// Records on a page; no package has nearly as many, and clients do not turn pages.
const PAGE_RECORDS: usize = 1_000;
/// Bytes on a page, unless one record is larger.
const PAGE_BYTES: usize = 32 << 20;

/// Records that affect a package in a version.
///
/// The answer is `{}` if there are none. Records that leave it open whether this version is
/// affected, for example because their version order is not known here, are named in `undecided`:
/// their absence from `vulns` is no clean bill.
///
/// Nothing below `/v1experimental/` is served: `determineversion` takes hashes of the files of every version, of which
/// there is no index here. It is refused in OSV's shape, with the code 12 (UNIMPLEMENTED).
#[utoipa::path(post, path = "/v1/query", tag = "osv", request_body = Query,
    responses((status = 200, description = "`vulns`, each in OSV's shape"), (status = 400, description = "Not a query")))]
pub(crate) async fn query(
    State(app): State<App>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, OsvError> {
    // No look at Content-Type: pip-audit sends none, and `curl -d` sends that of a form.
    let question = arrived(body)?;
    let answer = match app.catalogue.answered(&question)? {
        Some(answer) => answer,
        None => {
            let asked = parsed::<Query>(&question)?.understood()?;
            blocking(move || app.catalogue.answer(&question, || page(&app.catalogue, &asked))).await?
        }
    };
    Ok(([(header::CONTENT_TYPE, JSON)], Bytes::from_owner(Held(answer))).into_response())
}

fn page(catalogue: &Catalogue, asked: &Asked) -> Result<Vec<u8>, OsvError> {
    let (open, hits) = found(catalogue, asked)?;
    let (mut body, mut shown) = (Vec::new(), 0);
    let wanted = hits.get(asked.offset..).unwrap_or_default();
    // Read in small parts: the records of a page can be more than should lie in memory twice.
    'page: for part in wanted.chunks(50) {
        for document in catalogue.documents(part)? {
            if shown == PAGE_RECORDS || (shown > 0 && body.len() + document.len() > PAGE_BYTES) {
                break 'page;
            }
            body.extend_from_slice(if shown == 0 { b"{\"vulns\":[" } else { b"," });
            body.extend_from_slice(&document);
            shown += 1;
        }
    }
    if shown == 0 && open.is_empty() {
        return Ok(b"{}".to_vec());
    }
    body.extend_from_slice(if shown == 0 { b"{\"vulns\":[]" } else { b"]" });
    if shown < wanted.len() {
        body.extend_from_slice(format!(",\"next_page_token\":\"{}\"", asked.offset + shown).as_bytes());
    }
    if !open.is_empty() {
        let ids: Vec<&str> = open.iter().map(|found| found.record.id.as_str()).collect();
        body.extend_from_slice(b",\"undecided\":");
        // Writing texts into memory has no way to fail.
        body.extend_from_slice(&serde_json::to_vec(&ids).unwrap_or_default());
    }
    body.push(b'}');
    Ok(body)
}

/// The records that leave it open, and those that cover what is asked about.
fn found(catalogue: &Catalogue, asked: &Asked) -> Result<(Vec<Match>, Vec<Match>), OsvError> {
    let Some(package) = &asked.package else { return Ok(Default::default()) };
    // A misspelt ecosystem must not look like a clean bill.
    if !asked.is_commit && !catalogue.knows_ecosystem(&package.ecosystem)? {
        return Err(OsvError::invalid("package.ecosystem: OSV has none of this name"));
    }
    let all = catalogue.query(package, asked.version.as_deref())?;
    Ok(all.into_iter().partition(|found| found.answer == Answer::Unknown))
}

/// Several queries at once.
#[derive(Deserialize, utoipa::ToSchema)]
pub(crate) struct Batch {
    queries: Vec<Query>,
}

/// Queries in one request, as the interface has it.
const QUERIES_MAX: usize = 1_000;

#[derive(Serialize)]
struct Results {
    results: Vec<Hits>,
}

#[derive(Serialize)]
struct Hits {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    vulns: Vec<Hit>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    undecided: Vec<String>,
}

#[derive(Serialize)]
struct Hit {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<Timestamp>,
}

/// Records that affect packages: ids and dates of change, a result for each query in its order.
#[utoipa::path(post, path = "/v1/querybatch", tag = "osv", request_body = Batch,
    responses((status = 200, description = "`results`"), (status = 400, description = "Not a batch of queries")))]
pub(crate) async fn query_batch(
    State(app): State<App>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, OsvError> {
    let queries = parsed::<Batch>(&arrived(body)?)?.queries;
    if queries.len() > QUERIES_MAX {
        return Err(OsvError::invalid(format!("queries: {}, at most {QUERIES_MAX}", queries.len())));
    }
    let numbered = |(at, query): (usize, Query)| {
        query
            .understood()
            .map_err(|error| OsvError { message: format!("queries[{at}].{}", error.message), ..error })
    };
    let asked = queries.into_iter().enumerate().map(numbered).collect::<Result<Vec<_>, _>>()?;
    let all = move || asked.iter().map(|asked| hits(&app.catalogue, asked)).collect::<Result<_, _>>();
    let results = blocking(all).await?;
    Ok(Json(Results { results }).into_response())
}

fn hits(catalogue: &Catalogue, asked: &Asked) -> Result<Hits, OsvError> {
    let (open, hits) = found(catalogue, asked)?;
    let hit = |found: Match| Hit { id: found.record.id, modified: found.record.modified };
    Ok(Hits {
        vulns: hits.into_iter().skip(asked.offset).map(hit).collect(),
        undecided: open.into_iter().map(|found| found.record.id).collect(),
    })
}

fn arrived(body: Result<Bytes, BytesRejection>) -> Result<Bytes, OsvError> {
    body.map_err(|error| match error.status() {
        status @ StatusCode::PAYLOAD_TOO_LARGE => {
            OsvError { status, ..OsvError::invalid(format!("more than {BODY_MAX} bytes")) }
        }
        _ => OsvError::invalid("the query did not arrive whole"),
    })
}

fn parsed<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, OsvError> {
    serde_json::from_slice(body).map_err(|error| {
        let place = format!("line {} column {}", error.line(), error.column());
        OsvError::invalid(format!("not a query in JSON, at {place}"))
    })
}

/// Runs what may wait for the disk on a thread that may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, OsvError> + Send + 'static,
) -> Result<T, OsvError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| OsvError::internal("a look into the catalogue failed unexpectedly"))?
}
