//! The catalogue as files: OSV's dumps under `/osv/`, NVD's feeds under `/feeds/json/cve/2.0/`. Any web
//! cache can hand them on: they carry tags and dates, and parts of them can be asked for.

use super::super::pages::look;
use super::is_known;
use crate::app::App;
use crate::refusal::Refusal;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use catalogue::{FEEDS, Wanted};
use http_body::Frame;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll};

/// `GET /osv/{file}`: the dump of all ecosystems.
pub(crate) async fn osv(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let wanted = match name.as_str() {
        "all.zip" => Wanted::OsvArchive(None),
        "modified_id.csv" => Wanted::OsvDates(None),
        "ecosystems.txt" => Wanted::OsvEcosystems,
        _ => return Err(Refusal::NotFound),
    };
    file(&app, wanted, kind(&name), &headers).await
}

/// `GET /osv/{ecosystem}/{file}`: the dump of one, and its records one by one.
pub(crate) async fn osv_of_ecosystem(
    State(app): State<App>,
    Path((ecosystem, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let lower = ecosystem.to_lowercase();
    let (catalogue, asked) = (app.catalogue.clone(), lower.clone());
    if !look(move || catalogue.has_packages_of(&asked)).await? {
        return Err(Refusal::NotFound);
    }
    let wanted = match name.as_str() {
        "all.zip" => Wanted::OsvArchive(Some(lower)),
        "modified_id.csv" => Wanted::OsvDates(Some(lower)),
        other => {
            let id = other.strip_suffix(".json").ok_or(Refusal::NotFound)?;
            let found = app.catalogue.document(id).map_err(Refusal::from)?.ok_or(Refusal::NotFound)?;
            return Ok(super::osv_record(&headers, found));
        }
    };
    file(&app, wanted, kind(&name), &headers).await
}

/// `GET /feeds/json/cve/2.0/{file}`: `nvdcve-2.0-{year|modified|recent}.json.gz`, and beside each its
/// `.meta` with what clients look at before they fetch it again.
pub(crate) async fn nvd(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let rest = name.strip_prefix("nvdcve-2.0-").ok_or(Refusal::NotFound)?;
    let (feed, ending) = rest.split_once('.').ok_or(Refusal::NotFound)?;
    let year = feed.parse::<i16>().ok().filter(|year| (1999..=2100).contains(year));
    let named = FEEDS.iter().find(|(known, _)| *known == feed);
    let wanted = match (year, named) {
        (Some(year), _) => Wanted::NvdFeed("year", Some(year)),
        (None, Some((known, _))) => Wanted::NvdFeed(known, None),
        (None, None) => return Err(Refusal::NotFound),
    };
    match ending {
        "json.gz" => file(&app, wanted, "application/gzip", &headers).await,
        "meta" => {
            let catalogue = app.catalogue.clone();
            let path = look(move || catalogue.file(&wanted)).await?;
            let text = tokio::task::spawn_blocking(move || meta(&path)).await;
            let failed = |error: String| Refusal::Internal(error);
            let text = text
                .map_err(|error| failed(error.to_string()))?
                .map_err(|error| failed(error.to_string()))?;
            Ok(super::answer(&headers, "text/plain; charset=utf-8", text.into_bytes(), None))
        }
        _ => Err(Refusal::NotFound),
    }
}

/// What NVD writes beside a feed. The hash is that of the unpacked file.
fn meta(path: &std::path::Path) -> io::Result<String> {
    let packed = std::fs::metadata(path)?;
    let mut hash = Sha256::new();
    let mut unpacked = flate2::read::GzDecoder::new(File::open(path)?);
    let (mut part, mut size) = ([0; 1 << 16], 0);
    loop {
        let length = unpacked.read(&mut part)?;
        if length == 0 {
            break;
        }
        hash.update(&part[..length]);
        size += length;
    }
    let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02X}")).collect();
    let modified = Timestamp::try_from(packed.modified()?).unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(format!(
        "lastModifiedDate:{}\r\nsize:{size}\r\nzipSize:{length}\r\ngzSize:{length}\r\nsha256:{hash}\r\n",
        modified.strftime("%Y-%m-%dT%H:%M:%S-00:00"),
        length = packed.len(),
    ))
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("zip") => "application/zip",
        Some("csv") => "text/csv; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    }
}

async fn file(
    app: &App,
    wanted: Wanted,
    kind: &'static str,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let catalogue = app.catalogue.clone();
    let opened = look(move || {
        let file = File::open(catalogue.file(&wanted)?)?;
        let about = file.metadata()?;
        Ok((file, about.len(), about.modified()?))
    });
    let (mut file, length, made) = opened.await?;
    let made = Timestamp::try_from(made).unwrap_or(Timestamp::UNIX_EPOCH);
    let tag = format!("\"{:x}-{length:x}\"", made.as_microsecond());
    if is_known(headers, &tag, Some(made)) {
        return Ok(super::dated(
            StatusCode::NOT_MODIFIED.into_response(),
            HeaderValue::from_static(kind),
            &tag,
            super::http_date(made),
        ));
    }
    let (status, from, to) = match range(headers, &tag, length) {
        Asked::All => (StatusCode::OK, 0, length),
        Asked::Part(from, to) => (StatusCode::PARTIAL_CONTENT, from, to),
        Asked::Nothing => {
            let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            header_text(&mut response, header::CONTENT_RANGE, format!("bytes */{length}"));
            return Ok(response);
        }
    };
    file.seek(SeekFrom::Start(from)).map_err(|error| Refusal::Internal(error.to_string()))?;
    let body = Body::new(Part { file, left: to - from });
    let mut response = super::dated(
        (status, body).into_response(),
        HeaderValue::from_static(kind),
        &tag,
        super::http_date(made),
    );
    header_text(&mut response, header::CONTENT_LENGTH, (to - from).to_string());
    header_text(&mut response, header::ACCEPT_RANGES, "bytes".to_owned());
    if status == StatusCode::PARTIAL_CONTENT {
        header_text(&mut response, header::CONTENT_RANGE, format!("bytes {from}-{}/{length}", to - 1));
    }
    Ok(response)
}

fn header_text(response: &mut Response, name: header::HeaderName, text: String) {
    if let Ok(value) = HeaderValue::try_from(text) {
        response.headers_mut().insert(name, value);
    }
}

/// Which bytes are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    All,
    /// From one on, below another.
    Part(u64, u64),
    Nothing,
}

/// One range of bytes (RFC 9110, 14.2); several are answered with all, as a server may.
fn range(headers: &HeaderMap, tag: &str, length: u64) -> Asked {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let of_now = text(header::IF_RANGE).is_none_or(|known| known == tag);
    let Some(wanted) = text(header::RANGE).and_then(|range| range.strip_prefix("bytes=")).filter(|_| of_now)
    else {
        return Asked::All;
    };
    let Some((from, to)) = wanted.split_once('-').filter(|(_, to)| !to.contains(',')) else {
        return Asked::All;
    };
    let span = match (from.parse::<u64>(), to.parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => (from, to.saturating_add(1).min(length)),
        (Ok(from), Err(_)) if to.is_empty() => (from, length),
        (Err(_), Ok(last)) if from.is_empty() => (length.saturating_sub(last), length),
        _ => return Asked::All,
    };
    if span.0 < span.1 { Asked::Part(span.0, span.1) } else { Asked::Nothing }
}

/// A part of a file on its way to a client, read as it goes.
struct Part {
    file: File,
    left: u64,
}

/// Bytes read at a time: from the page cache, which takes microseconds.
const READ_BYTES: u64 = 64 << 10;

impl HttpBody for Part {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let mut bytes = vec![0; self.left.min(READ_BYTES) as usize];
        let read = self.file.read_exact(&mut bytes);
        self.left -= bytes.len() as u64;
        Poll::Ready(Some(read.map(|()| Frame::data(Bytes::from(bytes)))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_understood_and_odd_ones_give_all() {
        let ask = |range: &str, if_range: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, HeaderValue::try_from(range).unwrap());
            headers.extend(if_range.map(|tag| (header::IF_RANGE, HeaderValue::try_from(tag).unwrap())));
            super::range(&headers, "\"a\"", 100)
        };
        assert_eq!(ask("bytes=0-9", None), Asked::Part(0, 10));
        assert_eq!(ask("bytes=90-", None), Asked::Part(90, 100));
        assert_eq!(ask("bytes=-5", None), Asked::Part(95, 100));
        assert_eq!(ask("bytes=95-200", None), Asked::Part(95, 100));
        assert_eq!(ask("bytes=100-", None), Asked::Nothing);
        assert_eq!(ask("bytes=0-9", Some("\"a\"")), Asked::Part(0, 10));
        for odd in ["bytes=9-0", "bytes=0-1,5-6", "lines=1-2", "bytes=x-y", "bytes=-"] {
            assert_eq!(ask(odd, None), Asked::All, "{odd}");
        }
        assert_eq!(ask("bytes=0-9", Some("\"b\"")), Asked::All);
    }
}
