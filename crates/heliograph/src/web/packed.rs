//! Answers packed with gzip, for whoever reads that (RFC 9110, 8.4.1 and 12.5.3).
//!
//! Only what everybody gets alike comes here: where a secret stands beside a stranger's text, the length of the
//! packed answer tells the secret letter by letter (BREACH, CVE-2013-3587).

use axum::body::{Bytes, HttpBody, to_bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};

/// Less than this comes in the first flight of a connection, packed or not: ten segments (RFC 6928).
const WORTH_BYTES: u64 = 14_600;
/// Quick rather than small: records shrink to a fifth at a hundred megabytes a second, and to a seventh at a third of
/// that.
const EFFORT: Compression = Compression::fast();

/// Whether the asker reads gzip.
pub(super) fn is_read(headers: &HeaderMap) -> bool {
    let all = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let (mut gzip, mut any) = (None, None);
    for one in all.flat_map(|text| text.split(',')) {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let weight =
            weight.trim().strip_prefix("q=").map_or(Some(1.0), |weight| weight.trim().parse::<f32>().ok());
        match name.trim() {
            name if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") => gzip = weight,
            "*" => any = weight,
            _ => {}
        }
    }
    gzip.or(any).is_some_and(|weight| weight > 0.0)
}

/// Whether an answer lies in memory as a whole, is long, and is not packed yet. Files are read as they are sent, and
/// parts of them can be asked for.
pub(super) fn is_worth_it(response: &Response) -> bool {
    response.body().size_hint().exact().is_some_and(|length| length >= WORTH_BYTES)
        && !response.headers().contains_key(header::CONTENT_ENCODING)
}

/// The answer, packed. Its tag names another row of bytes now: a weak one says that they mean the same.
pub(crate) async fn pack(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    // It lies in memory already, so that nothing can fail.
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let unpacked = whole.clone();
    let Ok(Ok(packed)) = tokio::task::spawn_blocking(move || gzip(&unpacked)).await else {
        return Response::from_parts(parts, whole.into());
    };
    let headers = &mut parts.headers;
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.remove(header::CONTENT_LENGTH);
    if let Some(weak) = headers.get(header::ETAG).and_then(weakened) {
        headers.insert(header::ETAG, weak);
    }
    Response::from_parts(parts, packed.into())
}

/// Marks the answer to somebody who has the packed one as its (RFC 9110, 15.4.5).
pub(super) fn of_packed(headers: &mut HeaderMap, known: &HeaderValue) {
    let Some(weak) = headers.get(header::ETAG).and_then(weakened) else { return };
    if known.to_str().is_ok_and(|known| known.split(',').any(|one| weak == one.trim())) {
        headers.insert(header::ETAG, weak);
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
}

/// A weak tag of the same text; none for one that is weak.
fn weakened(tag: &HeaderValue) -> Option<HeaderValue> {
    let tag = tag.to_str().ok().filter(|tag| !tag.starts_with("W/"))?;
    HeaderValue::try_from(format!("W/{tag}")).ok()
}

fn gzip(bytes: &Bytes) -> io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), EFFORT);
    packer.write_all(bytes)?;
    packer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9110, 12.5.3: a weight of 0 is a no, and `*` stands for what is not named.
    #[test]
    fn gzip_goes_to_those_who_read_it() {
        for (accepted, reads) in [
            ("gzip", true),
            ("gzip, deflate, br, zstd", true),
            ("br;q=1.0, GZIP;q=0.5", true),
            ("x-gzip", true),
            ("*", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000, *", false),
            ("*;q=0", false),
            ("br", false),
            ("identity", false),
            ("", false),
            ("gzip;q=much", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, accepted.parse().unwrap())]);
            assert_eq!(is_read(&headers), reads, "{accepted}");
        }
        assert!(!is_read(&HeaderMap::new()));
    }
}
